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
  const object = {
    subject: nameObject(fields.subject),
    issuer: nameObject(fields.issuer),
    ...(fields.alternativeNames && { subjectaltname: fields.alternativeNames.map(alternativeName).join(', ') }),
    ca: fields.ca,
    valid_from: formatTime(fields.validFrom),
    valid_to: formatTime(fields.validTo),
    fingerprint: colonHex(fields.fingerprint),
    fingerprint256: colonHex(fields.fingerprint256),
    fingerprint512: colonHex(fields.fingerprint512),
    ...(fields.extendedKeyUsage && { ext_key_usage: fields.extendedKeyUsage }),
    serialNumber: serialNumber(fields.serialNumber),
    raw: Buffer.from(der),
  }
  return object
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
  if (kind === 'DirName') return `DirName:${JSON.stringify(value.map((pair) => pair.join('=')).join('\n'))}`
  return `${kind}:${quoteIfUnsafe(value)}`
}

/**
 * A name of Latin-1 letters, as JSON where it holds what could be mistaken for the list's own separators or escapes
 * (CVE-2021-44532, CVE-2021-44533).
 */
function quoteIfUnsafe(bytes) {
  const text = Buffer.from(bytes).toString('latin1')
  if (/^[\u0020\u0021\u0023-\u002b\u002d-\u005b\u005d-\u007e]*$/.test(text)) return text
  const escaped = JSON.stringify(text).replace(/[\u007f-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return escaped
}
