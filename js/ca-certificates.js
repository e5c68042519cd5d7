// What is trusted where no `ca` is given, and the lists that tell of it (Node docs: tls.rootCertificates, tls.getCACertificates,
// tls.setDefaultCACertificates).
import { readExtraCertificates, useOpensslCa, useSystemCa } from '#environment'
import { Buffer, nativeTls } from '#platform'
import { checkType } from './check.js'
import { makeError, settingError } from './errors.js'
import { certificatesOf, toPem } from './pem.js'
import { warnOnce } from './warn-once.js'

/** Where the runtime has no list: what `isomorphic-tls/roots` has brought. @type {readonly string[] | null} */
let provided = null

/** What `setDefaultCACertificates` was given, as DER. @type {Uint8Array[] | null} */
let chosen = null

/** The lists that have been asked for, PEM: each is made once. @type {Record<string, readonly string[] | undefined>} */
const lists = {}

/** Those of NODE_EXTRA_CA_CERTS, as DER. @type {Buffer[] | undefined} */
let extra

/** What contexts get. @type {import('./engine-context.js').Trust | undefined} */
let trusted

/** How each list is made, by its name in Node. */
const makeList = {
  default: () => (chosen ? chosen.map(toPem) : [...(useOpensslCa ? [] : readRootCertificates()), ...systemIfTold(), ...list('extra')]),
  bundled: bundledCertificates,
  system: () => nativeTls()?.getCACertificates?.('system') ?? [],
  extra: () => extraCertificates().map(toPem),
}

/**
 * Mozilla's root certificates: the runtime's list, or that of `isomorphic-tls/roots` (Node docs: tls.rootCertificates).
 * @return {readonly string[]} PEM, always the same array
 */
export const readRootCertificates = () => list('bundled')

/**
 * Give the runtime a list of root certificates. It counts if the list has not been read yet.
 * @param {readonly string[]} pem
 */
export function provideRootCertificates(pem) {
  provided ??= pem
}

/**
 * The certificates that are trusted (Node docs: tls.getCACertificates).
 * @param {'default' | 'system' | 'bundled' | 'extra'} [type]
 * @return {readonly string[]} PEM, the same array until `setDefaultCACertificates` changes it
 */
function getCACertificates(type = 'default') {
  checkType('type', type, 'string')
  if (!Object.hasOwn(makeList, type)) throw makeError('ERR_INVALID_ARG_VALUE', ['type', 'is invalid', type])
  return list(type)
}

/**
 * Set what contexts that are made later trust where they are given no `ca` (Node docs: tls.setDefaultCACertificates).
 * @param {(string | ArrayBufferView)[]} certs PEM
 */
function setDefaultCACertificates(certs) {
  if (!Array.isArray(certs)) throw makeError('ERR_INVALID_ARG_TYPE', ['certs', 'an instance of Array', certs])
  for (const [index, item] of certs.entries()) {
    if (typeof item === 'string' || ArrayBuffer.isView(item)) continue
    throw makeError('ERR_INVALID_ARG_TYPE', [`certs[${index}]`, 'of type string or an instance of ArrayBufferView', item])
  }
  const found = new Map(certs.flatMap(certificatesIn).map((der) => [der.toString('base64'), der]))
  if (certs.length > 0 && found.size === 0) {
    throw makeError('ERR_CRYPTO_OPERATION_FAILED', ['No valid certificates found in the provided array'])
  }
  chosen = [...found.values()]
  lists.default = undefined
  trusted = undefined
}

// Named as in Node.
export { getCACertificates, setDefaultCACertificates }

/**
 * What a context trusts that is given no `ca`.
 * @return {import('./engine-context.js').Trust}
 */
export function defaultTrust() {
  trusted ??= chosen ? { mozilla: false, ca: chosen, isShared: true } : toldTrust()
  return trusted
}

/** What the process was told to trust, besides Mozilla's roots or instead of them. */
function toldTrust() {
  // What can not be read in a list of the system is no reason to connect to nobody.
  const system = systemIfTold().flatMap((pem) => certificatesOf(pem).certificates)
  return { mozilla: !useOpensslCa, ca: [...system, ...extraCertificates()], isShared: true }
}

/** @return {Buffer[]} DER */
function extraCertificates() {
  extra ??= readExtraCertificates()
  return extra
}

/** The certificates of the system, as PEM, if the process was told to trust them. */
function systemIfTold() {
  if (!useOpensslCa && !useSystemCa) return []
  const certificates = list('system')
  if (certificates.length === 0) {
    const flag = useOpensslCa ? '--use-openssl-ca' : '--use-system-ca'
    warnOnce(`${flag} adds no certificates: this runtime tells of none of the system`)
  }
  return certificates
}

function list(type) {
  lists[type] ??= Object.freeze(makeList[type]())
  return lists[type]
}

function bundledCertificates() {
  const certificates = provided ?? nativeTls()?.rootCertificates ?? []
  if (certificates.length === 0) throw makeError('ERR_TLS_NO_ROOT_CERTIFICATES')
  return [...new Set(certificates)]
}

/** @return {Buffer[]} DER */
function certificatesIn(pem) {
  const text = typeof pem === 'string' ? pem : Buffer.from(pem.buffer, pem.byteOffset, pem.byteLength).toString('latin1')
  const { certificates, problem } = certificatesOf(text)
  if (problem) throw settingError(problem)
  return certificates
}
