// Certificates as the objects of Node's getPeerCertificate (Node docs: "Certificate object").
import { Buffer } from '#platform'
import { digest } from './engine.js'
import { extendedKeyUsage, informationAccess, isCa, shownNames } from './x509/extensions.js'
import { printGeneralName } from './x509/general-names.js'
import { isIssuedBy } from './x509/issuer.js'
import { nameObject } from './x509/names.js'
import { isWritable, longName, numbers } from './x509/object-identifiers.js'
import { hex, number } from './x509/octets.js'
import { recallCertificate } from './x509/recent.js'

/** @typedef {import('./x509/certificate.js').Certificate} Certificate */

/**
 * The certificate object of a DER.
 * @param {Uint8Array} der
 * @return {any} null if it can not be read
 */
export function certificateObject(der) {
  const certificate = recallCertificate(der)
  return certificate && objectOf(certificate)
}

/**
 * The objects of a chain, each with its issuer as `issuerCertificate`; a self-signed one is its own.
 * @param {Uint8Array[]} chain DER, leaf first
 * @return {any} the leaf's; null if there is none
 */
export function certificateChainObject(chain) {
  let issuer = null
  for (const der of [...chain].reverse()) {
    const certificate = recallCertificate(der)
    if (!certificate) return null
    const object = objectOf(certificate)
    if (issuer) object.issuerCertificate = issuer
    else if (isIssuedBy(certificate, certificate)) object.issuerCertificate = object
    issuer = object
  }
  return issuer
}

/** What `identityObject` gave. @type {WeakMap<Certificate, any>} */
const identities = new WeakMap()

/**
 * Of a certificate object what says whose the certificate is. It is not to be changed: others get the same.
 * @param {Uint8Array | undefined} der
 * @return {any} null if it can not be read
 */
export function identityObject(der) {
  const certificate = der && recallCertificate(der)
  if (!certificate) return null
  const known = identities.get(certificate)
  if (known) return known
  const identity = { subject: nameObject(certificate.subject), subjectaltname: namesText(certificate) }
  identities.set(certificate, identity)
  return identity
}

/**
 * The object of a certificate.
 * @param {Certificate} certificate
 * @return {any}
 */
export function objectOf(certificate) {
  const information = accessText(certificate)
  return {
    subject: nameObject(certificate.subject),
    issuer: nameObject(certificate.issuer),
    subjectaltname: namesText(certificate),
    infoAccess: information === undefined ? undefined : accessObject(information),
    ca: isCa(certificate),
    ...publicKey(certificate),
    valid_from: certificate.validFrom.text,
    valid_to: certificate.validTo.text,
    fingerprint: fingerprint(certificate, 160),
    fingerprint256: fingerprint(certificate, 256),
    fingerprint512: fingerprint(certificate, 512),
    ext_key_usage: purposes(certificate),
    serialNumber: serialNumber(certificate),
    raw: Buffer.from(certificate.der),
    asn1Curve: certificate.publicKey?.shown?.curve?.name,
    nistCurve: certificate.publicKey?.shown?.curve?.nistName,
  }
}

/** The alternative names, with commas between them; undefined if there are none. @param {Certificate} certificate */
export const namesText = (certificate) => shownNames(certificate)?.map(printGeneralName).join(', ')

/** What a method of access is written into, with its NUL. */
const METHOD_SIZE = 80

/** Ways to information, a line for each; undefined if there are none. @param {Certificate} certificate */
export const accessText = (certificate) =>
  informationAccess(certificate)
    ?.map(({ method, location }) => `${longName(method) ?? numbers(method, METHOD_SIZE)} - ${printGeneralName(location)}`)
    .join('\n')

/** Locations by method and kind, as in `OCSP - URI`. Without a prototype: the kinds are the peer's choice (CVE-2022-21824). */
function accessObject(text) {
  const object = Object.create(null)
  for (const [, key, location] of text.matchAll(/([^\n:]*):([^\n]*)(?:\n|$)/g)) {
    object[key] ??= []
    object[key].push(location.startsWith('"') ? JSON.parse(location) : location)
  }
  return object
}

/** What a purpose is written into, with its NUL. */
const PURPOSE_SIZE = 256

/** What the key may be used for, dotted; undefined if nothing is said. @param {Certificate} certificate */
export const purposes = (certificate) =>
  extendedKeyUsage(certificate)
    ?.filter(isWritable)
    .map((id) => numbers(id, PURPOSE_SIZE))

/** What Node tells of a public key: of RSA and elliptic curves only. */
function publicKey({ publicKey: key }) {
  const { modulus, exponent, key: shown, bits } = key?.shown ?? {}
  return {
    modulus: modulus && digits(modulus),
    exponent: exponent && `0x${digits(exponent)}`,
    pubkey: shown && Buffer.from(shown),
    bits,
  }
}

/** A number in hexadecimal, without zeros before it. */
const digits = (octets) => hex(octets).replace(/^0+(?=.)/, '') || '0'

/**
 * The hash of a certificate, its octets with colons between them.
 * @param {Certificate} certificate
 * @param {160 | 256 | 512} bits
 */
export const fingerprint = ({ der }, bits) => hex(digest(bits, der)).replace(/..(?!$)/g, '$&:')

/** The number in hexadecimal: whole octets without zeros before them, but `0`. @param {Certificate} certificate */
export function serialNumber({ serialNumber: octets }) {
  const value = BigInt.asIntN(8 * octets.length, number(octets))
  if (value === 0n) return '0'
  const text = (value < 0n ? -value : value).toString(16).toUpperCase()
  return (value < 0n ? '-' : '') + (text.length % 2 === 0 ? text : `0${text}`)
}
