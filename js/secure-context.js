// tls.createSecureContext: options, checked as Node checks them, made into a context of the engine.
import { Buffer } from '#platform'
import { checkInteger, checkType, stringOrBytes } from './check.js'
import { defaultTrust } from './ca-certificates.js'
import { DEFAULT_CIPHERS } from './cipher-names.js'
import { EngineContext } from './engine-context.js'
import { makeError, settingError } from './errors.js'
import { tls } from './namespace.js'
import { checkSessionOptions } from './options.js'
import { refusePeerOptions } from './peer-policy.js'
import { warnOnce } from './warn-once.js'

/** Protocol versions in order; the engine has those from `TLSv1.2` on. */
const VERSIONS = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']

/** Options that can not be, and why. */
const REFUSED = {
  privateKeyEngine: 'there are no OpenSSL engines here',
  privateKeyIdentifier: 'there are no OpenSSL engines here',
  certificateCompression: 'certificates are not compressed here',
}

/** The bits of `secureOptions` (SSL_OP_*) that mean something here. */
const SECURE_OPTIONS = { NO_TICKET: 2 ** 14, CIPHER_SERVER_PREFERENCE: 2 ** 22, NO_TLSv1_2: 2 ** 27, NO_TLSv1_3: 2 ** 29 }

/** Those that ask for what the engine never does. */
const UNHONOURED_BITS = {
  [2 ** 10]: 'SSL_OP_ALLOW_NO_DHE_KEX',
  [2 ** 18]: 'SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION',
}

/** What `tls.createSecureContext` returns. */
export class SecureContext {
  /** @param {import('./types/options.js').SecureContextOptions} [options] as for `tls.createSecureContext` */
  constructor(options = {}) {
    const recipe = makeRecipe(options)
    /** The engine's context: of use to this library only. @type {any} */
    this.context = makeContext(recipe)
    /** Whether any protocol version is left between minVersion and maxVersion. */
    this.hasProtocol = recipe.tls12 || recipe.tls13
    /** Whether TLS 1.3 is among them. */
    this.tls13 = recipe.tls13
  }
}

function makeContext(recipe) {
  try {
    return new EngineContext(recipe)
  } catch (problem) {
    throw typeof problem === 'string' ? settingError(problem) : problem
  }
}

/**
 * Make a context (Node docs: tls.createSecureContext). What the engine can not honour is refused or warned about by name.
 * @param {import('./types/options.js').SecureContextOptions} [options]
 * @return {SecureContext}
 */
export function createSecureContext(options) {
  if (options) checkType('options', options, 'object')
  return new SecureContext(options ?? {})
}

/** @return {import('./engine-context.js').ContextRecipe} */
function makeRecipe(options) {
  refuse(options)
  refusePeerOptions(options)
  checkSessionOptions(options)
  const bits = secureOptions(options)
  const [lowest, highest] = versionRange(options)
  const has = (version) => lowest <= VERSIONS.indexOf(version) && VERSIONS.indexOf(version) <= highest
  const trust = options.ca ? { mozilla: false, ca: list(options.ca, 'ca'), isShared: false } : defaultTrust()
  return {
    tls12: has('TLSv1.2') && !(bits & SECURE_OPTIONS.NO_TLSv1_2),
    tls13: has('TLSv1.3') && !(bits & SECURE_OPTIONS.NO_TLSv1_3),
    ciphers: text(options, 'ciphers', tls.DEFAULT_CIPHERS, DEFAULT_CIPHERS),
    groups: text(options, 'ecdhCurve', tls.DEFAULT_ECDH_CURVE, 'auto'),
    signatureSchemes: signatureSchemes(options),
    preferClientOrder: !(options.honorCipherOrder || bits & SECURE_OPTIONS.CIPHER_SERVER_PREFERENCE),
    withoutTickets: Boolean(bits & SECURE_OPTIONS.NO_TICKET),
    allowPartialTrustChain: Boolean(options.allowPartialTrustChain),
    trust,
    crl: options.crl == null ? [] : list(options.crl, 'crl'),
    certificates: options.cert ? list(options.cert, 'cert') : [],
    keys: withPassphrases(options, 'key', 'pem'),
    pfx: pfxFiles(options),
    ticketKeys: options.ticketKeys ? toBytes(options.ticketKeys, 'ticketKeys') : undefined,
    sessionTimeout: options.sessionTimeout || undefined,
    sessionIdContext: options.sessionIdContext ? Buffer.from(options.sessionIdContext) : undefined,
  }
}

function refuse(options) {
  for (const [name, why] of Object.entries(REFUSED)) {
    const value = options[name]
    if (value != null) throw makeError('ERR_TLS_OPTION_NOT_SUPPORTED', [name, why])
  }
  const { clientCertEngine, dhparam } = options
  if (clientCertEngine != null) {
    if (typeof clientCertEngine !== 'string') {
      throw makeError('ERR_INVALID_ARG_TYPE', ['options.clientCertEngine', 'of type string or one of null or undefined', clientCertEngine])
    }
    throw makeError('ERR_CRYPTO_CUSTOM_ENGINE_NOT_SUPPORTED')
  }
  if (dhparam != null) {
    if (dhparam !== 'auto') toBytes(dhparam, 'dhparam')
    warnOfOption('The option dhparam has no effect: there is no finite-field Diffie-Hellman (DHE) here, ECDHE is used')
  }
}

/** @return {number} the bits */
function secureOptions({ secureOptions: bits }) {
  if (!bits) return 0
  checkInteger('secureOptions', bits)
  for (const [bit, name] of Object.entries(UNHONOURED_BITS)) {
    if (bits & Number(bit)) warnOfOption(`The bit ${name} of secureOptions has no effect: the engine never does that`)
  }
  return bits
}

/** @param {string} message of an option */
const warnOfOption = (message) => warnOnce(message, 'Warning', 'TLS_OPTION_WITHOUT_EFFECT')

/** An option in OpenSSL's language; undefined where it says what the engine does by itself. */
function text(options, name, fallback, builtIn) {
  // Node takes null for a wrong curve, and for the default of the others.
  const value = options[name] === null && name === 'ecdhCurve' ? null : (options[name] ?? fallback)
  checkType(`options.${name}`, value, 'string')
  return value === '' || value === builtIn ? undefined : value
}

function signatureSchemes({ sigalgs }) {
  if (sigalgs == null) return undefined
  checkType('options.sigalgs', sigalgs, 'string')
  if (sigalgs === '') throw makeError('ERR_INVALID_ARG_VALUE', ['options.sigalgs', 'is invalid', sigalgs])
  return sigalgs
}

/** The lowest and the highest version, as places in VERSIONS. */
function versionRange({ minVersion, maxVersion, secureProtocol }) {
  if (secureProtocol != null) {
    if (minVersion != null) throw makeError('ERR_TLS_PROTOCOL_VERSION_CONFLICT', [minVersion, secureProtocol])
    if (maxVersion != null) throw makeError('ERR_TLS_PROTOCOL_VERSION_CONFLICT', [maxVersion, secureProtocol])
    const method = /^(SSLv23|TLS|TLSv1|TLSv1_1|TLSv1_2)(_client|_server)?_method$/.exec(secureProtocol)
    if (!method) throw makeError('ERR_TLS_INVALID_PROTOCOL_METHOD', [methodProblem(secureProtocol)])
    const only = VERSIONS.indexOf(method[1].replace('_', '.'))
    // The name of old means the versions of its time.
    const highest = VERSIONS.indexOf(method[1] === 'SSLv23' ? 'TLSv1.2' : 'TLSv1.3')
    return only < 0 ? [0, highest] : [only, only]
  }
  return [version(minVersion, 'minimum', tls.DEFAULT_MIN_VERSION), version(maxVersion, 'maximum', tls.DEFAULT_MAX_VERSION)]
}

function methodProblem(method) {
  const old = /^(SSLv[23])(_client|_server)?_method$/.exec(method)
  return old ? `${old[1]} methods disabled` : `Unknown method: ${method}`
}

function version(name, which, fallback) {
  const place = VERSIONS.indexOf(name ?? fallback)
  if (place < 0) throw makeError('ERR_TLS_INVALID_PROTOCOL_VERSION', [name ?? fallback, which])
  return place
}

/** Keys or PFX files, each with its own passphrase or the common one. */
function withPassphrases(options, name, field) {
  if (!options[name]) return []
  const common = passphraseBytes(options.passphrase)
  const isList = Array.isArray(options[name])
  return [options[name]].flat().map((item) => {
    const isObject = isList && !ArrayBuffer.isView(item) && item?.[field] !== undefined
    const passphrase = isObject ? (passphraseBytes(item.passphrase) ?? common) : common
    return { bytes: toBytes(isObject ? item[field] : item, name), passphrase }
  })
}

/** What can not be one fails as a file that is none. */
function pfxFiles(options) {
  try {
    return withPassphrases(options, 'pfx', 'buf')
  } catch (error) {
    if (/** @type {any} */ (error).message.includes('options.pfx'))
      throw makeError('ERR_CRYPTO_OPERATION_FAILED', ['Unable to load PFX certificate'])
    throw error
  }
}

function passphraseBytes(passphrase) {
  if (passphrase == null) return undefined
  checkType('options.passphrase', passphrase, 'string')
  return Buffer.from(passphrase)
}

/** A value or an array of values as bytes. */
function list(value, name) {
  return [value].flat().map((item) => toBytes(item, name))
}

const toBytes = (item, name) => stringOrBytes(`options.${name}`, item)
