// A pool of key pairs for certificates. A pair is made when it is first asked for, and then used again and again: making one takes
// longer than a certificate does.
import { createHash, generateKeyPairSync } from 'node:crypto'

const elliptic =
  (namedCurve, /** @type {'named' | 'explicit'} */ paramEncoding = 'named') =>
  () =>
    generateKeyPairSync('ec', { namedCurve, paramEncoding })
const rsa = (modulusLength, options) => () => generateKeyPairSync('rsa', { modulusLength, ...options })
const rsaPss = (options) => () => generateKeyPairSync('rsa-pss', { modulusLength: 2048, ...options })

/** How each kind of key is made. */
const MAKERS = {
  'rsa-1024': rsa(1024),
  'rsa-2048': rsa(2048),
  'rsa-3072': rsa(3072),
  'rsa-exponent-3': rsa(2048, { publicExponent: 3 }),
  'rsa-pss': rsaPss(),
  'rsa-pss-sha256': rsaPss({ hashAlgorithm: 'sha256', mgf1HashAlgorithm: 'sha256', saltLength: 32 }),
  p224: elliptic('P-224'),
  p256: elliptic('P-256'),
  p384: elliptic('P-384'),
  p521: elliptic('P-521'),
  secp256k1: elliptic('secp256k1'),
  'p256-explicit': elliptic('P-256', 'explicit'),
  ed25519: () => generateKeyPairSync('ed25519'),
  ed448: () => generateKeyPairSync('ed448'),
  dsa: () => generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 }),
}

/** The family of algorithms by which each kind signs. */
const FAMILIES = { rsa: 'rsa', 'rsa-pss': 'rsa-pss', ec: 'ecdsa', ed25519: 'ed25519', ed448: 'ed448', dsa: 'dsa' }

/** The kinds of keys that there are. */
export const KINDS = Object.keys(MAKERS)

/**
 * @typedef {object} Key
 * @property {string} kind
 * @property {string} family how it signs
 * @property {import('node:crypto').KeyObject} privateKey
 * @property {Uint8Array} spki the SubjectPublicKeyInfo, DER
 * @property {Uint8Array} identifier SHA-1 of its bits (RFC 5280, 4.2.1.2)
 */

/** @type {Map<string, Key>} */
const pool = new Map()

/**
 * A key pair of the pool.
 * @param {string} kind one of `KINDS`
 * @param {number} index which of this kind
 * @return {Key}
 */
export function key(kind, index) {
  const name = `${kind}:${index}`
  const known = pool.get(name) ?? make(kind)
  pool.set(name, known)
  return known
}

/** @return {Key} */
function make(kind) {
  if (!Object.hasOwn(MAKERS, kind)) throw new Error(`no key is of the kind '${kind}'; there are ${KINDS.join(', ')}`)
  const { privateKey, publicKey } = MAKERS[kind]()
  return {
    kind,
    family: FAMILIES[privateKey.asymmetricKeyType],
    privateKey,
    spki: publicKey.export({ type: 'spki', format: 'der' }),
    identifier: identifierOf(publicKey.export({ type: 'spki', format: 'der' })),
  }
}

/** The bits of a SubjectPublicKeyInfo are its last element. */
function identifierOf(spki) {
  const algorithmAt = headerLength(spki, 0)
  const bitsAt = algorithmAt + headerLength(spki, algorithmAt) + valueLength(spki, algorithmAt)
  return createHash('sha1')
    .update(spki.subarray(bitsAt + headerLength(spki, bitsAt) + 1))
    .digest()
}

const headerLength = (der, at) => (der[at + 1] < 0x80 ? 2 : 2 + (der[at + 1] & 0x7f))

function valueLength(der, at) {
  if (der[at + 1] < 0x80) return der[at + 1]
  return der.subarray(at + 2, at + headerLength(der, at)).reduce((length, octet) => length * 256 + octet, 0)
}
