// Node's crypto.X509Certificate (Node docs: "Class: X509Certificate"), for runtimes that have none, or not all of it.
import { Buffer, createPublicKey } from '#platform'
import { accessText, fingerprint, namesText, objectOf, purposes, serialNumber } from './certificate.js'
import { checkType, stringOrBytes } from './check.js'
import { verifySignature } from './engine.js'
import { makeError, settingError } from './errors.js'
import { certificatesOf, toPem } from './pem.js'
import { tryReadCertificate } from './x509/certificate.js'
import { isCa } from './x509/extensions.js'
import { matchesAddress, matchesEmail, matchHost } from './x509/host.js'
import { fits, isIssuedBy } from './x509/issuer.js'
import { derOf, isKey, PublicKey } from './x509/key-object.js'
import { nameLines } from './x509/names.js'
import { longName, numbers } from './x509/object-identifiers.js'
import { isSame } from './x509/octets.js'

/** @typedef {import('./x509/certificate.js').Certificate} Certificate */

/** What a signature's algorithm is written into, with its NUL. */
const ALGORITHM_SIZE = 128

const INSPECT = Symbol.for('nodejs.util.inspect.custom')

/** A certificate. */
export class X509Certificate {
  /** @type {Certificate} */
  #certificate
  /** What has been asked for. @type {Map<string, unknown>} */
  #known = new Map()

  /**
   * @param {string | ArrayBufferView} buffer PEM or DER
   * @throws what Node throws: an error of OpenSSL's with its code
   */
  constructor(buffer) {
    this.#certificate = read(stringOrBytes('buffer', buffer))
  }

  #once(name, make) {
    if (!this.#known.has(name)) this.#known.set(name, make(this.#certificate))
    return /** @type {any} */ (this.#known.get(name))
  }

  /** Whether it is the certificate of a CA. @return {boolean} */
  get ca() {
    return this.#once('ca', isCa)
  }

  /** SHA-1. @return {string} */
  get fingerprint() {
    return this.#once('fingerprint', (certificate) => fingerprint(certificate, 160))
  }

  /** SHA-256. @return {string} */
  get fingerprint256() {
    return this.#once('fingerprint256', (certificate) => fingerprint(certificate, 256))
  }

  /** SHA-512. @return {string} */
  get fingerprint512() {
    return this.#once('fingerprint512', (certificate) => fingerprint(certificate, 512))
  }

  /** Where there is more to know. @return {string | undefined} */
  get infoAccess() {
    return this.#once('infoAccess', accessText)
  }

  /** A line for each part of the name. @return {string | undefined} undefined if it is empty */
  get issuer() {
    return this.#once('issuer', ({ issuer }) => nameLines(issuer))
  }

  /** The one that came after it from the peer, if it came from one. @return {X509Certificate | undefined} */
  get issuerCertificate() {
    return undefined
  }

  /** The purposes of extKeyUsage, dotted. @return {string[] | undefined} */
  get keyUsage() {
    return this.#once('keyUsage', purposes)
  }

  /** A KeyObject; where the runtime has none, or it has none for such a key, what a small one has. @return {any} */
  get publicKey() {
    return this.#once('publicKey', ({ publicKey }) => {
      if (!publicKey) throw settingError('cert:key')
      try {
        if (createPublicKey) return createPublicKey({ key: Buffer.from(publicKey.der), format: 'der', type: 'spki' })
      } catch {
        // Deno is stricter than Node.
      }
      return new PublicKey(publicKey.der)
    })
  }

  /** The DER. @return {Buffer} */
  get raw() {
    return this.#once('raw', ({ der }) => Buffer.from(der))
  }

  /** In hexadecimal. @return {string} */
  get serialNumber() {
    return this.#once('serialNumber', serialNumber)
  }

  /** OpenSSL's name of what it is signed with. @return {string | undefined} */
  get signatureAlgorithm() {
    return longName(this.#certificate.algorithm.id)
  }

  /** What it is signed with, dotted. @return {string | undefined} */
  get signatureAlgorithmOid() {
    const { id } = this.#certificate.algorithm
    return numbers(id, ALGORITHM_SIZE) === id ? id : undefined
  }

  /** A line for each part of the name. @return {string | undefined} undefined if it is empty */
  get subject() {
    return this.#once('subject', ({ subject }) => nameLines(subject))
  }

  /** The other names. @return {string | undefined} */
  get subjectAltName() {
    return this.#once('subjectAltName', namesText)
  }

  /** As OpenSSL writes it. @return {string} */
  get validFrom() {
    return this.#certificate.validFrom.text
  }

  /** As OpenSSL writes it. @return {string} */
  get validTo() {
    return this.#certificate.validTo.text
  }

  /** @return {Date} */
  get validFromDate() {
    return this.#once('validFromDate', ({ validFrom }) => validFrom.date)
  }

  /** @return {Date} */
  get validToDate() {
    return this.#once('validToDate', ({ validTo }) => validTo.date)
  }

  /**
   * Whether it is for a host.
   * @param {string} name
   * @param {Partial<import('./x509/host.js').Rules>} [options]
   * @return {string | undefined} the name of the certificate that matches
   */
  checkHost(name, options) {
    checkType('name', name, 'string')
    return matchHost(this.#certificate, name, readRules(options))
  }

  /**
   * Whether it is for a mailbox.
   * @param {string} email
   * @param {Partial<import('./x509/host.js').Rules>} [options]
   * @return {string | undefined} the same, if it is
   */
  checkEmail(email, options) {
    checkType('email', email, 'string')
    return matchesEmail(this.#certificate, email, readRules(options)) ? email : undefined
  }

  /**
   * Whether it is for an IP address.
   * @param {string} ip
   * @param {Partial<import('./x509/host.js').Rules>} [options]
   * @return {string | undefined} the same, if it is
   */
  checkIP(ip, options) {
    checkType('ip', ip, 'string')
    return matchesAddress(this.#certificate, ip, readRules(options)) ? ip : undefined
  }

  /**
   * Whether another may have issued it, by what both say. The signature is `verify`'s matter.
   * @param {X509Certificate} otherCert
   * @return {boolean}
   */
  checkIssued(otherCert) {
    const { raw } = otherCert ?? {}
    const other = raw instanceof Uint8Array ? tryReadCertificate(raw) : null
    if (!other) throw makeError('ERR_INVALID_ARG_TYPE', ['otherCert', 'an instance of X509Certificate', otherCert])
    return isIssuedBy(this.#certificate, other)
  }

  /**
   * Whether a private key is that of the public one. It takes the runtime's KeyObject.
   * @param {any} pkey
   * @return {boolean}
   */
  checkPrivateKey(pkey) {
    if (!createPublicKey) throw makeError('ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', ['checkPrivateKey()', 'this runtime has no KeyObject'])
    if (!isKey(pkey)) throw makeError('ERR_INVALID_ARG_TYPE', ['pkey', 'an instance of KeyObject', pkey])
    if (pkey.type !== 'private') throw makeError('ERR_INVALID_ARG_VALUE', ['pkey', 'is invalid', pkey])
    const own = this.#certificate.publicKey
    return own !== null && isSame(own.der, derOf(createPublicKey(pkey)))
  }

  /**
   * Whether it was signed with the private key of a public one.
   * @param {any} pkey a KeyObject, or a `publicKey` of this class
   * @return {boolean}
   */
  verify(pkey) {
    if (!isKey(pkey)) throw makeError('ERR_INVALID_ARG_TYPE', ['pkey', 'an instance of KeyObject', pkey])
    if (pkey.type !== 'public') throw makeError('ERR_INVALID_ARG_VALUE', ['pkey', 'is invalid', pkey])
    const { signed, signedAlgorithm, algorithm, signature } = this.#certificate
    // Two that differ make no certificate, and keys sign in their own ways.
    if (!isSame(signedAlgorithm.contents, algorithm.contents) || !fits(algorithm.id, pkey.asymmetricKeyType)) return false
    const isGood = verifySignature(signed, algorithm.contents, signature, derOf(pkey))
    if (isGood === undefined)
      throw makeError('ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', [
        `verify() of ${this.signatureAlgorithm}`,
        'the engine has no such signatures',
      ])
    return isGood
  }

  /** As `getPeerCertificate()` gives it. @return {any} */
  toLegacyObject() {
    return objectOf(this.#certificate)
  }

  /** PEM. @return {string} */
  toJSON() {
    return this.toString()
  }

  /** PEM. @return {string} */
  toString() {
    return this.#once('pem', ({ der }) => toPem(der))
  }

  /**
   * @param {number} depth
   * @param {any} options
   * @param {(value: unknown, options: any) => string} inspect
   */
  [INSPECT](depth, options, inspect) {
    if (depth < 0) return this
    const shown = Object.fromEntries(INSPECTED.map((name) => [name, this[name]]))
    return `X509Certificate ${inspect(shown, { ...options, depth: options.depth == null ? null : options.depth - 1 })}`
  }
}

/** What is shown of a certificate where one is looked at. */
const INSPECTED = /** @type {const} */ ([
  'subject',
  'subjectAltName',
  'issuer',
  'infoAccess',
  'validFrom',
  'validTo',
  'validFromDate',
  'validToDate',
  'fingerprint',
  'fingerprint256',
  'fingerprint512',
  'keyUsage',
  'serialNumber',
  'signatureAlgorithm',
  'signatureAlgorithmOid',
])

/** @return {Certificate} */
function read(bytes) {
  const { certificates, problem } = certificatesOf(bytes.toString('latin1'))
  const certificate = tryReadCertificate(certificates[0] ?? bytes)
  if (certificate) return certificate
  // What is no PEM might have been DER; what is wrong of it is not told.
  throw settingError(problem === 'cert:asn1' ? 'cert:wrong_tag' : (problem ?? 'cert:no_start_line'))
}

/** @return {import('./x509/host.js').Rules} */
function readRules(options = {}) {
  if (options === null || typeof options !== 'object' || Array.isArray(options)) {
    throw makeError('ERR_INVALID_ARG_TYPE', ['options', 'of type object', options])
  }
  const { subject = 'default', ...given } = { ...options }
  checkType('options.subject', subject, 'string')
  const switches = { wildcards: true, partialWildcards: true, multiLabelWildcards: false, singleLabelSubdomains: false }
  for (const name of Object.keys(switches)) {
    const value = given[name] ?? switches[name]
    checkType(`options.${name}`, value, 'boolean')
    switches[name] = value
  }
  if (!['default', 'always', 'never'].includes(subject))
    throw makeError('ERR_INVALID_ARG_VALUE', ['options.subject', 'is invalid', subject])
  return { subject, ...switches }
}

/**
 * A chain as a peer sent it, each with the one after it as `issuerCertificate`.
 * @param {Uint8Array[]} chain DER, leaf first
 * @param {new (der: Uint8Array) => any} [Class] the runtime's own, if it has one
 * @return {any} undefined if there is none
 */
export function linkCertificates(chain, Class = X509Certificate) {
  try {
    return link(chain, Class)
  } catch {
    // Bun's refuses certificates that Node's reads; a chain is of one class.
    return link(chain, X509Certificate)
  }
}

function link(chain, Class) {
  let issuer
  for (const der of [...chain].reverse()) {
    const certificate = new Class(der)
    if (issuer) Object.defineProperty(certificate, 'issuerCertificate', { value: issuer, configurable: true })
    issuer = certificate
  }
  return issuer
}
