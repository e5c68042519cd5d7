// Certificates as the objects of Node's getPeerCertificate (Node docs: "Certificate object").
import { Buffer } from '#platform'
import { readCertificate } from './engine.js'
import { formatIP } from './ip.js'

/**
 * The certificate object of a DER.
 * @param {Uint8Array} der
 * @return {any} null if it can not be read
 */
export function certificateObject(der) {
  const fields = readCertificate(der)
  if (!fields) return null
  return {
    subject: nameObject(fields.subject),
    issuer: nameObject(fields.issuer),
    subjectaltname: fields.alternativeNames?.map(alternativeName).join(', '),
    infoAccess: fields.authorityInformation && informationAccess(fields.authorityInformation),
    ca: fields.ca,
    ...publicKey(fields),
    valid_from: formatTime(fields.validFrom),
    valid_to: formatTime(fields.validTo),
    fingerprint: colonHex(fields.fingerprint),
    fingerprint256: colonHex(fields.fingerprint256),
    fingerprint512: colonHex(fields.fingerprint512),
    ext_key_usage: fields.extendedKeyUsage,
    serialNumber: serialNumber(fields.serialNumber),
    raw: Buffer.from(der),
    ...curveNames(fields),
  }
}

/**
 * The objects of a chain, each with its issuer as `issuerCertificate`; a self-signed one is its own.
 * @param {Uint8Array[]} chain DER, leaf first
 * @return {any} the leaf's; null if there is none
 */
export function certificateChainObject(chain) {
  let issuer = null
  for (const der of chain.toReversed?.() ?? [...chain].reverse()) {
    const object = certificateObject(der)
    if (!object) return null
    const selfIssued = JSON.stringify(object.subject) === JSON.stringify(object.issuer)
    if (issuer) object.issuerCertificate = issuer
    else if (selfIssued) object.issuerCertificate = object
    issuer = object
  }
  return issuer
}

/** Attributes by type; a type that occurs more than once has an array. */
function nameObject(attributes) {
  const object = Object.create(null)
  for (const [type, value] of attributes) object[type] = type in object ? [object[type], value].flat() : value
  return object
}

/** The access methods that OpenSSL has names for. */
const ACCESS_METHODS = { '1.3.6.1.5.5.7.48.1': 'OCSP', '1.3.6.1.5.5.7.48.2': 'CA Issuers' }

/** Locations by method and kind of name, as in `OCSP - URI`. */
function informationAccess(descriptions) {
  const object = Object.create(null)
  for (const [method, location] of descriptions) {
    const name = alternativeName(location)
    const separator = name.indexOf(':')
    const key = `${ACCESS_METHODS[method] ?? method} - ${name.slice(0, separator)}`
    object[key] = [...(object[key] ?? []), name.slice(separator + 1)]
  }
  return object
}

/** Curves by identifier: OpenSSL's name, NIST's, and the size in bits. */
const CURVES = {
  '1.2.840.10045.3.1.1': ['prime192v1', 'P-192', 192],
  '1.3.132.0.33': ['secp224r1', 'P-224', 224],
  '1.2.840.10045.3.1.7': ['prime256v1', 'P-256', 256],
  '1.3.132.0.34': ['secp384r1', 'P-384', 384],
  '1.3.132.0.35': ['secp521r1', 'P-521', 521],
  '1.3.132.0.10': ['secp256k1', undefined, 256],
  '1.3.36.3.3.2.8.1.1.7': ['brainpoolP256r1', undefined, 256],
  '1.3.36.3.3.2.8.1.1.11': ['brainpoolP384r1', undefined, 384],
  '1.3.36.3.3.2.8.1.1.13': ['brainpoolP512r1', undefined, 512],
}

const RSA = '1.2.840.113549.1.1.1'
const ELLIPTIC_CURVE = '1.2.840.10045.2.1'

/** What Node tells of a public key: of RSA and elliptic curves only. */
function publicKey({ keyAlgorithm, curve, publicKey: spki, publicKeyBits, modulus, exponent }) {
  const unknown = { modulus: undefined, exponent: undefined, pubkey: undefined, bits: undefined }
  if (keyAlgorithm === RSA && modulus) {
    const number = hex(modulus).replace(/^0+/, '')
    return {
      modulus: number.padStart(number.length + (number.length % 2), '0'),
      exponent: `0x${hex(exponent).toLowerCase().replace(/^0+/, '')}`,
      pubkey: Buffer.from(spki),
      bits: 4 * number.length - (Math.clz32(Number.parseInt(number[0], 16)) - 28),
    }
  }
  return keyAlgorithm === ELLIPTIC_CURVE ? { ...unknown, pubkey: Buffer.from(publicKeyBits), bits: CURVES[curve]?.[2] } : unknown
}

function curveNames({ keyAlgorithm, curve }) {
  const [asn1Curve, nistCurve] = (keyAlgorithm === ELLIPTIC_CURVE && CURVES[curve]) || []
  return { asn1Curve, nistCurve }
}

const hex = (bytes) => Buffer.from(bytes).toString('hex').toUpperCase()

const colonHex = (bytes) => hex(bytes).replace(/..(?!$)/g, '$&:')

/** The number in hexadecimal, whole bytes without leading zeros. */
function serialNumber(bytes) {
  return hex(bytes).replace(/^(00)+(?=..)/, '')
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Seconds since 1970 as OpenSSL prints a time. */
function formatTime(seconds) {
  const [date, time] = new Date(seconds * 1000).toISOString().split('T')
  const [year, month, day] = date.split('-').map(Number)
  return `${MONTHS[month - 1]} ${String(day).padStart(2)} ${time.slice(0, 8)} ${year} GMT`
}

function alternativeName([kind, value]) {
  if (kind === 'IP Address') return `IP Address:${formatIP(value)}`
  if (kind === 'othername') return 'othername:<unsupported>'
  if (kind === 'Registered ID') return `Registered ID:${value}`
  if (kind === 'DirName') return `DirName:${directoryName(value)}`
  return `${kind}:${quoteIfUnsafe(value)}`
}

/** A name as OpenSSL prints it on one line (RFC 2253 with its escapes, attributes in their order). */
function directoryName(attributes) {
  const escapeValue = (value) => value.replace(/[,+"\\<>;]/g, '\\$&')
  return quoteIfUnsafe(Buffer.from(attributes.map(([type, value]) => `${type}=${escapeValue(value)}`).join(', ')))
}

/**
 * A name of Latin-1 letters, as JSON where it holds what could be mistaken for the list's own separators or escapes
 * (CVE-2021-44532, CVE-2021-44533).
 */
function quoteIfUnsafe(bytes) {
  const text = Buffer.from(bytes).toString('latin1')
  if (/^[\u0020\u0021\u0023-\u002b\u002d-\u005b\u005d-\u007e]*$/.test(text)) return text
  const escaped = JSON.stringify(text).replace(/[,\u007f-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return escaped
}
