// Certificates written field by field and signed with any key: whatever a sheet says is written, sensible or not.
import { constants, sign } from 'node:crypto'
import {
  bitString,
  boolean,
  concatenate,
  context,
  contextPrimitive,
  integer,
  namedBits,
  nothing,
  octetString,
  oid,
  sequence,
  set,
  time,
  utf8String,
} from '../der.js'

/** @typedef {import('./keys.js').Key} Key */
/** @typedef {[type: string, value: string, write?: (value: string) => Uint8Array][]} Name attributes in order: type, value, string type */

/**
 * @typedef {object} Extension
 * @property {string} id dotted
 * @property {boolean} [critical]
 * @property {Uint8Array | ((sheet: Sheet, by: Sheet) => Uint8Array)} value what it says; a function is asked when it is written
 */

/**
 * What is written into one certificate. Properties (see properties.js) change sheets before they are written.
 * @typedef {object} Sheet
 * @property {Name} subject
 * @property {Key} key
 * @property {Name} [issuer] the name of the signer's sheet unless given
 * @property {Key} [signer] whose key signs: that of the signer's sheet unless given
 * @property {string} [signature] one of `SIGNATURES`; what goes with the signer's key unless given
 * @property {string} [innerSignature] what it says of its signature inside, where that is another
 * @property {number} version as it is written: 0 is 1, and is left out
 * @property {number | bigint | Uint8Array} serial
 * @property {Uint8Array} notBefore a Time
 * @property {Uint8Array} notAfter a Time
 * @property {Extension[]} extensions
 * @property {boolean} [badSignature] a bit of the signature is wrong
 */

const DAY = 24 * 60 * 60 * 1000

/** A Time some days from now. @param {number} days */
export const inDays = (days) => time(new Date(Date.now() + days * DAY))

const ATTRIBUTES = {
  CN: '2.5.4.3',
  C: '2.5.4.6',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  DC: '0.9.2342.19200300.100.1.25',
  emailAddress: '1.2.840.113549.1.9.1',
}

/** A `Name`, an attribute a set. @param {Name} attributes */
export const nameOf = (attributes) =>
  sequence(...attributes.map(([type, value, write = utf8String]) => set(sequence(oid(ATTRIBUTES[type]), write(value)))))

/** The OIDs of hashes. */
const HASHES = {
  md5: '1.2.840.113549.2.5',
  sha1: '1.3.14.3.2.26',
  sha224: '2.16.840.1.101.3.4.2.4',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
}

const pkcs1 = (hash, id) => ({ families: ['rsa'], algorithm: sequence(oid(id), nothing()), hash })
const ecdsa = (hash, id) => ({ families: ['ecdsa'], algorithm: sequence(oid(id)), hash })
const dsa = (hash, id) => ({ families: ['dsa'], algorithm: sequence(oid(id)), hash })
const RSA_PSS = '1.2.840.113549.1.1.10'
const MGF1 = '1.2.840.113549.1.1.8'

/** RSASSA-PSS-params (RFC 4055, 3.1). */
function pss(hash, saltLength, maskHash = hash) {
  const algorithm = (name) => sequence(oid(HASHES[name]), nothing())
  const parameters = sequence(
    ...(hash === 'sha1' ? [] : [context(0, algorithm(hash))]),
    ...(maskHash === 'sha1' ? [] : [context(1, sequence(oid(MGF1), algorithm(maskHash)))]),
    ...(saltLength === 20 ? [] : [context(2, integer(saltLength))]),
  )
  const options = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }
  // node:crypto takes one hash for both: with two of them only the structure is right.
  return { families: ['rsa', 'rsa-pss'], algorithm: sequence(oid(RSA_PSS), parameters), hash, options }
}

/** @typedef {{ families: string[], algorithm: Uint8Array, hash: string | null, options?: any }} Way which keys, what is said, what is done */

/** Ways to sign, by name. @type {Record<string, Way>} */
export const SIGNATURES = {
  'rsa-md5': pkcs1('md5', '1.2.840.113549.1.1.4'),
  'rsa-sha1': pkcs1('sha1', '1.2.840.113549.1.1.5'),
  'rsa-sha224': pkcs1('sha224', '1.2.840.113549.1.1.14'),
  'rsa-sha256': pkcs1('sha256', '1.2.840.113549.1.1.11'),
  'rsa-sha384': pkcs1('sha384', '1.2.840.113549.1.1.12'),
  'rsa-sha512': pkcs1('sha512', '1.2.840.113549.1.1.13'),
  'rsa-sha3-256': pkcs1('sha3-256', '2.16.840.1.101.3.4.3.14'),
  'rsa-sha256-no-parameters': { ...pkcs1('sha256', '1.2.840.113549.1.1.11'), algorithm: sequence(oid('1.2.840.113549.1.1.11')) },
  'pss-sha1-20': pss('sha1', 20),
  'pss-sha256-32': pss('sha256', 32),
  'pss-sha256-0': pss('sha256', 0),
  'pss-sha256-20': pss('sha256', 20),
  'pss-sha256-64': pss('sha256', 64),
  'pss-sha384-48': pss('sha384', 48),
  'pss-sha512-64': pss('sha512', 64),
  'pss-no-parameters': { ...pss('sha1', 20), algorithm: sequence(oid(RSA_PSS)) },
  'ecdsa-sha1': ecdsa('sha1', '1.2.840.10045.4.1'),
  'ecdsa-sha224': ecdsa('sha224', '1.2.840.10045.4.3.1'),
  'ecdsa-sha256': ecdsa('sha256', '1.2.840.10045.4.3.2'),
  'ecdsa-sha384': ecdsa('sha384', '1.2.840.10045.4.3.3'),
  'ecdsa-sha512': ecdsa('sha512', '1.2.840.10045.4.3.4'),
  'ecdsa-sha3-256': ecdsa('sha3-256', '2.16.840.1.101.3.4.3.10'),
  'ecdsa-sha256-null': { families: ['ecdsa'], algorithm: sequence(oid('1.2.840.10045.4.3.2'), nothing()), hash: 'sha256' },
  'dsa-sha1': dsa('sha1', '1.2.840.10040.4.3'),
  'dsa-sha256': dsa('sha256', '2.16.840.1.101.3.4.3.2'),
  ed25519: { families: ['ed25519'], algorithm: sequence(oid('1.3.101.112')), hash: null },
  ed448: { families: ['ed448'], algorithm: sequence(oid('1.3.101.113')), hash: null },
}

const USUAL = {
  rsa: 'rsa-sha256',
  'rsa-pss': 'pss-sha256-32',
  ecdsa: 'ecdsa-sha256',
  ed25519: 'ed25519',
  ed448: 'ed448',
  dsa: 'dsa-sha256',
}

/** What a key signs with unless told otherwise. @param {Key} key */
const usualSignature = (key) => USUAL[key.family]

/** The ways in which a key can sign. @param {Key} key */
export const signaturesOf = (key) => Object.keys(SIGNATURES).filter((name) => SIGNATURES[name].families.includes(key.family))

/**
 * Write and sign a certificate.
 * @param {Sheet} sheet
 * @param {Sheet} by the sheet of its signer, which is the same for one that signs itself
 * @return {Uint8Array} DER
 */
export function write(sheet, by) {
  const signer = sheet.signer ?? by.key
  const way = SIGNATURES[sheet.signature ?? usualSignature(signer)]
  const inner = sheet.innerSignature ? SIGNATURES[sheet.innerSignature] : way
  const { version, extensions } = sheet
  const signed = sequence(
    ...(version === 0 ? [] : [context(0, integer(version))]),
    integer(sheet.serial),
    inner.algorithm,
    nameOf(sheet.issuer ?? by.subject),
    sequence(sheet.notBefore, sheet.notAfter),
    nameOf(sheet.subject),
    sheet.key.spki,
    ...(extensions.length > 0 ? [context(3, sequence(...extensions.map((extension) => writeExtension(extension, sheet, by))))] : []),
  )
  const signature = makeSignature(signed, way, signer)
  if (sheet.badSignature) signature[signature.length - 1] ^= 1
  return sequence(signed, way.algorithm, bitString(signature))
}

/** @param {Extension} extension @param {Sheet} sheet @param {Sheet} by */
function writeExtension({ id, critical, value }, sheet, by) {
  const bytes = typeof value === 'function' ? value(sheet, by) : value
  return sequence(oid(id), ...(critical ? [boolean(true)] : []), octetString(bytes))
}

/**
 * @param {Uint8Array} signed
 * @param {Way} way
 * @param {Key} signer
 * @return {Uint8Array}
 */
function makeSignature(signed, { families, hash, options }, signer) {
  const usual = () => makeSignature(signed, SIGNATURES[usualSignature(signer)], signer)
  // A way of another family of keys can only be claimed, and so can a hash that the key does not allow.
  if (!families.includes(signer.family)) return usual()
  try {
    return Uint8Array.from(sign(hash, signed, { key: signer.privateKey, ...options }))
  } catch (error) {
    if (error.code !== 'ERR_OSSL_DIGEST_NOT_ALLOWED') throw error
    return usual()
  }
}

/** The extensions of X.509 by name, and how their values are written. */
export const ID = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  issuerAltName: '2.5.29.18',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  authorityKeyIdentifier: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extKeyUsage: '2.5.29.37',
  freshestCrl: '2.5.29.46',
  inhibitAnyPolicy: '2.5.29.54',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
  ipAddressBlocks: '1.3.6.1.5.5.7.1.7',
  autonomousSystems: '1.3.6.1.5.5.7.1.8',
  subjectInfoAccess: '1.3.6.1.5.5.7.1.11',
  proxyCertInfo: '1.3.6.1.5.5.7.1.14',
  tlsFeature: '1.3.6.1.5.5.7.1.24',
  ocspNoCheck: '1.3.6.1.5.5.7.48.1.5',
  nsCertType: '2.16.840.1.113730.1.1',
  nsComment: '2.16.840.1.113730.1.13',
  precertificatePoison: '1.3.6.1.4.1.11129.2.4.3',
  unknown: '1.2.3.4.5.6.7',
}

/** The bits of keyUsage (RFC 5280, 4.2.1.3). */
const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
]

/** The bits of nsCertType. */
const NETSCAPE_TYPES = ['client', 'server', 'email', 'objsign', 'reserved', 'sslCA', 'emailCA', 'objCA']

const PURPOSES = {
  server: '1.3.6.1.5.5.7.3.1',
  client: '1.3.6.1.5.5.7.3.2',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  ocspSigning: '1.3.6.1.5.5.7.3.9',
  any: '2.5.29.37.0',
  microsoftSgc: '1.3.6.1.4.1.311.10.3.3',
  netscapeSgc: '2.16.840.1.113730.4.1',
  unknown: '1.2.3.4.5.6.8',
}

/** @param {boolean | undefined} ca undefined: not said @param {number | Uint8Array} [pathLength] */
export const basicConstraints = (ca, pathLength) => ({
  id: ID.basicConstraints,
  critical: true,
  value: sequence(...(ca === undefined ? [] : [boolean(ca)]), ...(pathLength === undefined ? [] : [integer(pathLength)])),
})

/** @param {...string} usages */
export const keyUsage = (...usages) => ({
  id: ID.keyUsage,
  critical: true,
  value: namedBits(usages.map((usage) => KEY_USAGES.indexOf(usage))),
})

/** @param {...string} purposes */
export const extKeyUsage = (...purposes) => ({
  id: ID.extKeyUsage,
  value: sequence(...purposes.map((purpose) => oid(PURPOSES[purpose]))),
})

/** @param {...string} types */
export const netscapeType = (...types) => ({
  id: ID.nsCertType,
  value: namedBits(types.map((type) => NETSCAPE_TYPES.indexOf(type))),
})

/** That of its key, or another. @param {Uint8Array} [identifier] @return {Extension} */
export const subjectKeyIdentifier = (identifier) => ({
  id: ID.subjectKeyIdentifier,
  value: (sheet) => octetString(identifier ?? sheet.key.identifier),
})

/**
 * What it says of its issuer.
 * @param {(by: Sheet) => { identifier?: Uint8Array, issuer?: Name, serial?: any }} [parts] the identifier of its key unless given
 * @return {Extension}
 */
export const authorityKeyIdentifier = (parts = (by) => ({ identifier: by.key.identifier })) => ({
  id: ID.authorityKeyIdentifier,
  value(_, by) {
    const { identifier, issuer, serial } = parts(by)
    return sequence(
      ...(identifier ? [contextPrimitive(0, identifier)] : []),
      ...(issuer ? [context(1, context(4, nameOf(issuer)))] : []),
      ...(serial !== undefined ? [contextPrimitive(2, integer(serial).subarray(2))] : []),
    )
  },
})

/** GeneralNames by kind. */
const GENERAL_NAMES = {
  email: (value) => contextPrimitive(1, value),
  dns: (value) => contextPrimitive(2, value),
  directory: (value) => context(4, nameOf(value)),
  uri: (value) => contextPrimitive(6, value),
  ip: (value) => contextPrimitive(7, Uint8Array.from(value)),
  registeredId: (value) => contextPrimitive(8, oid(value).subarray(2)),
  other: (value) => context(0, oid('1.2.3.4'), context(0, utf8String(value))),
  raw: (value) => value,
}

/** @typedef {[kind: string, value: any]} GeneralName */

/** @param {GeneralName} name */
export const generalName = ([kind, value]) => GENERAL_NAMES[kind](value)

/** @param {...GeneralName} names */
export const subjectAltName = (...names) => ({ id: ID.subjectAltName, value: sequence(...names.map(generalName)) })

/**
 * @param {{ permitted?: GeneralName[], excluded?: GeneralName[], minimum?: number, maximum?: number }} trees
 */
export function nameConstraints({ permitted, excluded, minimum, maximum }) {
  const subtree = (base) =>
    sequence(
      generalName(base),
      ...(minimum === undefined ? [] : [contextPrimitive(0, Uint8Array.of(minimum))]),
      ...(maximum === undefined ? [] : [contextPrimitive(1, Uint8Array.of(maximum))]),
    )
  const trees = (number, bases) => (bases ? [context(number, concatenate(...bases.map(subtree)))] : [])
  return { id: ID.nameConstraints, critical: true, value: sequence(...trees(0, permitted), ...trees(1, excluded)) }
}
