// What the module under test says of chains.

/** @typedef {import('./plan.js').Chain} Chain */

/** OpenSSL's security level where nothing is said of it. */
const USUAL_LEVEL = 2

/** What can not be read is refused before it is judged. */
export const UNREADABLE = 'ERR_TLS_PEER_CERTIFICATE'

const pem = (base64) => `-----BEGIN CERTIFICATE-----\n${base64.match(/.{1,64}/g).join('\n')}\n-----END CERTIFICATE-----\n`

/**
 * Have a chain judged by the engine.
 * @param {any} tls the module under test
 * @param {typeof import('node:buffer').Buffer} Buffer
 * @param {Chain} chain
 * @return {string | null} a code; null: trusted
 */
export function judge(tls, Buffer, { presented, trusted, purpose, partial, level }) {
  const options = { ca: trusted.map(pem), allowPartialTrustChain: partial }
  // The usual level is not named: it is what there is without a word.
  if (level !== USUAL_LEVEL) Object.assign(options, { ciphers: `DEFAULT@SECLEVEL=${level}` })
  const { context } = tls.createSecureContext(options)
  const judged = context.judge(
    presented.map((der) => Buffer.from(der, 'base64')),
    purpose === 'client',
  )
  return judged ? (judged.code ?? null) : UNREADABLE
}
