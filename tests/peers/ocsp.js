// What responders of OCSP say, made by the `openssl` command. It can not answer for another time, nor wrongly: for that its answers are
// changed, and signed again.
import { execFile } from 'node:child_process'
import { createPrivateKey, sign } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { bitString, context, generalizedTime, octetString, sequence } from '../der.js'

const execute = promisify(execFile)

const HOUR = 60 * 60 * 1000

/**
 * @typedef {object} Form
 * @property {'V' | 'R' | null} [status] what the responder's index says: valid, revoked, nothing; default: valid
 * @property {'sha256'} [hash] of the certificate's id; default: SHA-1
 * @property {'sha1'} [digest] of the signature; default: SHA-256
 * @property {string} [signer] who signs, if not the issuer: a certificate of the run, or `other-ca`
 * @property {boolean} [byKey] the responder is named by its key
 * @property {string[]} [about] the certificates that are asked about; `this` is the one at hand
 * @property {boolean} [withoutNext] there is no nextUpdate
 * @property {[number, number?]} [hours] thisUpdate and nextUpdate, in hours from now
 * @property {(response: Buffer) => Buffer} [change] the last word
 */

/** @type {Record<string, Form>} */
export const OCSP_FORMS = {
  good: {},
  'good-sha256': { hash: 'sha256' },
  'good-by-key': { byKey: true },
  'good-without-next': { withoutNext: true },
  'good-again': { hours: [-1, 1] },
  // Within what clocks may be apart, in hours.
  'good-just-expired': { hours: [-2, -0.05] },
  'good-just-begun': { hours: [0.05, 1] },
  several: { about: ['sni-a', 'this', 'sni-b'] },
  delegated: { signer: 'ocsp-delegate' },
  'delegated-by-key': { signer: 'ocsp-delegate', byKey: true },
  revoked: { status: 'R' },
  'revoked-expired': { status: 'R', hours: [-3, -2] },
  'revoked-among-several': { status: 'R', about: ['sni-a', 'this'] },
  unknown: { status: null },
  expired: { hours: [-3, -1] },
  'not-yet-valid': { hours: [1, 3] },
  backwards: { hours: [0.05, -0.05] },
  'old-without-next': { withoutNext: true, hours: [-25] },
  'other-certificate': { about: ['sni-a'] },
  weak: { digest: 'sha1' },
  'wrong-signer': { signer: 'other-ca' },
  'delegate-without-usage': { signer: 'sni-a' },
  'delegate-expired': { signer: 'ocsp-delegate-expired' },
  'delegate-of-other-ca': { signer: 'ocsp-delegate-other' },
  // "tryLater" (RFC 6960, 4.2.1), which nobody signs.
  'try-later': { change: () => Buffer.from('30030a0103', 'hex') },
  truncated: { change: (response) => response.subarray(0, -1) },
  'with-more': { change: (response) => Buffer.concat([response, Buffer.of(0)]) },
  empty: { change: () => Buffer.from('3000', 'hex') },
  // The first time is that of producing it, which says nothing; but it is signed.
  tampered: { change: (response) => Buffer.from(response.toString('latin1').replace(/20\d{12}Z/, '20991231235959Z'), 'latin1') },
}

/** What `openssl ocsp` needs of a signer. */
const signerOf = (signer) => (signer.endsWith('ca') || signer === 'intermediate' ? `authority-${signer}` : signer)

/**
 * Make a response.
 * @param {import('./certificates.js').Certificates} certificates
 * @param {{ folder: string, name: string, issuer: string, form: string }} asked
 * @return {Promise<Buffer>} DER
 */
export async function makeOcspResponse(certificates, { folder, name, issuer, form }) {
  if (!Object.hasOwn(OCSP_FORMS, form)) throw new Error(`no OCSP response is '${form}'; there are ${Object.keys(OCSP_FORMS).join(', ')}`)
  const { status = 'V', hash, digest, signer = issuer, byKey, about = ['this'], withoutNext, hours, change } = OCSP_FORMS[form]
  const names = about.map((other) => (other === 'this' ? name : other))
  for (const other of [...names, signer]) if (!signerOf(other).startsWith('authority-')) await certificates.get(other)
  const file = (extension) => `${name}-${form}.${extension}`
  const openssl = (...args) => execute('openssl', ['ocsp', ...args], { cwd: folder })

  const lines = await Promise.all(names.map((other) => indexLine(folder, other, other === name ? status : 'V')))
  await writeFile(path.join(folder, file('index')), lines.join(''))
  const asked = names.flatMap((other) => [...(hash ? [`-${hash}`] : []), '-cert', `${other}.pem`])
  await openssl('-issuer', `authority-${issuer}.pem`, ...asked, '-no_nonce', '-reqout', file('request'))
  const signing = [
    '-rsigner',
    `${signerOf(signer)}.pem`,
    '-rkey',
    `${signerOf(signer)}.key`,
    ...(byKey ? ['-resp_key_id'] : []),
    ...(digest ? ['-rmd', digest] : []),
  ]
  const period = withoutNext ? [] : ['-nmin', '60']
  const files = ['-index', file('index'), '-reqin', file('request'), '-respout', file('response')]
  await openssl('-CA', `authority-${issuer}.pem`, ...files, ...signing, ...period)
  let response = await readFile(path.join(folder, file('response')))
  if (hours) response = atAnotherTime(response, hours, createPrivateKey(await readFile(path.join(folder, `${signerOf(signer)}.key`))))
  return change ? change(response) : response
}

/** The line of a certificate in a responder's index, of that which it had when it was signed. */
async function indexLine(folder, name, status) {
  if (!status) return ''
  const index = await readFile(path.join(folder, `${name}.index`), 'utf8')
  const [, expires, , serial, file, subject] = index.trim().split('\t')
  const revoked = status === 'R' ? '250101000000Z,keyCompromise' : ''
  return `${[status, expires, revoked, serial, file, subject].join('\t')}\n`
}

/** A response with other times, signed anew. */
function atAnotherTime(response, hours, key) {
  const [status, bytes] = parts(response)
  const [kind, octets] = parts(contents(bytes))
  const [signed, algorithm, , ...certificates] = parts(contents(octets))
  const fields = /** @type {any[]} */ (parts(signed))
  const list = fields.findIndex((field) => field[0] === 0x30)
  const singles = parts(fields[list]).map((single) => sequence(...withTimes(parts(single), hours)))
  const data = sequence(...fields.with(list, sequence(...singles)))
  const basic = sequence(data, algorithm, bitString(sign('sha256', data, key)), ...certificates)
  return Buffer.from(sequence(status, context(0, sequence(kind, octetString(basic)))))
}

/** The fields of a `SingleResponse`, with other times. @param {Buffer[]} fields @param {[number, number?]} hours */
function withTimes([id, status, , next, ...rest], [begin, end]) {
  return [
    id,
    status,
    time(begin),
    ...(end === undefined ? [] : [context(0, time(end))]),
    ...(next?.[0] === 0xa0 ? rest : [next, ...rest]),
  ].filter(Boolean)
}

const time = (hours) => generalizedTime(new Date(Date.now() + hours * HOUR))

/** The length of an element's tag and length, and that of its contents. */
function header(element) {
  const first = element[1]
  if (first < 0x80) return { start: 2, length: first }
  const count = first & 0x7f
  return { start: 2 + count, length: element.readUIntBE(2, count) }
}

/** What is in an element of DER. */
function contents(element) {
  const { start, length } = header(element)
  return element.subarray(start, start + length)
}

/** The elements in an element of DER. */
function parts(element) {
  const found = /** @type {Buffer[]} */ ([])
  for (let rest = contents(element); rest.length > 0; ) {
    const { start, length } = header(rest)
    found.push(rest.subarray(0, start + length))
    rest = rest.subarray(start + length)
  }
  return found
}
