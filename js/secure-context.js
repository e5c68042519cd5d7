// tls.createSecureContext: options, checked as Node checks them, made into a context of the engine.
import { Buffer } from '#platform'
import { EngineContext } from './engine.js'
import { makeError } from './errors.js'
import { tls } from './namespace.js'

/** Protocol versions in order; the engine has those from `TLSv1.2` on. */
const VERSIONS = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']

/** Options that are not built yet or can not be, and why. */
const REFUSED = {
  pfx: 'give key and cert in PEM',
  crl: 'revocation lists are not checked',
  sigalgs: 'signature algorithms are rustls’s',
  dhparam: 'rustls has no finite-field Diffie-Hellman',
  clientCertEngine: 'there are no OpenSSL engines here',
  privateKeyEngine: 'there are no OpenSSL engines here',
  privateKeyIdentifier: 'there are no OpenSSL engines here',
  secureOptions: 'the bits of OpenSSL have no meaning here',
  ticketKeys: 'there is no server',
  sessionIdContext: 'there is no server',
  sessionTimeout: 'there is no server',
}

/** What `tls.createSecureContext` returns. */
export class SecureContext {
  /** @param {object} [options] as for `tls.createSecureContext` */
  constructor(options = {}) {
    const recipe = makeRecipe(options)
    /** The engine's context: of use to this library only. */
    this.context = makeContext(recipe)
    /** Whether any protocol version is left between minVersion and maxVersion. */
    this.hasProtocol = recipe.tls12 || recipe.tls13
  }
}

function makeContext(recipe) {
  try {
    return new EngineContext(recipe)
  } catch (problem) {
    throw typeof problem === 'string' ? identityError(problem) : problem
  }
}

/**
 * Make a context (Node docs: tls.createSecureContext). `ca`, `cert`, `key`, `minVersion`, `maxVersion`, `secureProtocol`,
 * `allowPartialTrustChain` count; others are refused by name.
 * @param {any} [options]
 * @return {SecureContext}
 */
export function createSecureContext(options) {
  return new SecureContext(options ?? {})
}

/** @return {import('./engine.js').ContextRecipe} */
function makeRecipe(options) {
  for (const [name, why] of Object.entries(REFUSED)) {
    const value = options[name]
    // Nothing, an empty list and no bits ask for nothing.
    if (value != null && value !== 0 && value.length !== 0) throw makeError('ERR_TLS_OPTION_NOT_SUPPORTED', [name, why])
  }
  if (options.ciphers != null && options.ciphers !== DEFAULT_CIPHERS) {
    if (typeof options.ciphers !== 'string') throw makeError('ERR_INVALID_ARG_TYPE', ['options.ciphers', 'of type string', options.ciphers])
    throw makeError('ERR_TLS_OPTION_NOT_SUPPORTED', ['ciphers', 'the suites are rustls’s; leave it out'])
  }
  if (options.ecdhCurve != null && options.ecdhCurve !== 'auto') {
    if (typeof options.ecdhCurve !== 'string')
      throw makeError('ERR_INVALID_ARG_TYPE', ['options.ecdhCurve', 'of type string', options.ecdhCurve])
    throw makeError('ERR_TLS_OPTION_NOT_SUPPORTED', ['ecdhCurve', 'the groups are rustls’s; leave it out'])
  }
  const [lowest, highest] = versionRange(options)
  const has = (version) => lowest <= VERSIONS.indexOf(version) && VERSIONS.indexOf(version) <= highest
  return {
    tls12: has('TLSv1.2'),
    tls13: has('TLSv1.3'),
    allowPartialTrustChain: Boolean(options.allowPartialTrustChain),
    ca: options.ca ? list(options.ca, 'ca') : null,
    identities: identities(options),
  }
}

/** OpenSSL's default cipher list in Node; ours has the usable part of it, and prefers ChaCha20-Poly1305. */
export const DEFAULT_CIPHERS = [
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
].join(':')

/** The lowest and the highest version, as places in VERSIONS. */
function versionRange({ minVersion, maxVersion, secureProtocol }) {
  if (secureProtocol) {
    if (minVersion != null) throw makeError('ERR_TLS_PROTOCOL_VERSION_CONFLICT', [minVersion, secureProtocol])
    if (maxVersion != null) throw makeError('ERR_TLS_PROTOCOL_VERSION_CONFLICT', [maxVersion, secureProtocol])
    const method = /^(SSLv23|TLS|TLSv1|TLSv1_1|TLSv1_2)(_client|_server)?_method$/.exec(secureProtocol)
    if (!method) throw makeError('ERR_TLS_INVALID_PROTOCOL_METHOD', [secureProtocol])
    const only = VERSIONS.indexOf(method[1].replace('_', '.'))
    return only < 0 ? [0, VERSIONS.length - 1] : [only, only]
  }
  return [version(minVersion, 'minimum', tls.DEFAULT_MIN_VERSION), version(maxVersion, 'maximum', tls.DEFAULT_MAX_VERSION)]
}

function version(name, which, fallback) {
  const place = VERSIONS.indexOf(name ?? fallback)
  if (place < 0) throw makeError('ERR_TLS_INVALID_PROTOCOL_VERSION', [name ?? fallback, which])
  return place
}

/** Pairs of `cert` and `key`, in order; a falsy one means none. */
function identities({ cert, key, passphrase }) {
  if (passphrase != null && typeof passphrase !== 'string') {
    throw makeError('ERR_INVALID_ARG_TYPE', ['options.passphrase', 'of type string', passphrase])
  }
  const certs = cert ? list(cert, 'cert') : []
  const keys = key ? list(key, 'key') : []
  if (certs.length === 0) return []
  // A certificate without its key says who one is but cannot show it: Node sends none then.
  return certs.slice(0, keys.length).map((bytes, index) => ({ cert: bytes, key: keys[index] }))
}

/** A value or an array of values as bytes. */
function list(value, name) {
  return [value]
    .flat()
    .filter(Boolean)
    .map((item) => toBytes(item, name))
}

function toBytes(value, name) {
  const item = name === 'key' && value?.pem ? value.pem : value
  if (typeof item === 'string') return Buffer.from(item)
  if (ArrayBuffer.isView(item)) return new Uint8Array(item.buffer, item.byteOffset, item.byteLength)
  throw makeError('ERR_INVALID_ARG_TYPE', [`options.${name}`, 'of type string or an instance of Buffer, TypedArray, or DataView', item])
}

/** The error of what `EngineContext` says is wrong with a certificate or key. */
function identityError(problem) {
  const [, what] = problem.split(':')
  if (what === 'no_start_line') return makeError('ERR_OSSL_PEM_NO_START_LINE')
  if (what === 'mismatch') return makeError('ERR_OSSL_X509_KEY_VALUES_MISMATCH')
  if (what === 'encrypted') return makeError('ERR_TLS_OPTION_NOT_SUPPORTED', ['key', 'it is encrypted; decrypt it first'])
  return makeError(problem === 'key:bad' ? 'ERR_OSSL_UNSUPPORTED' : 'ERR_OSSL_PEM_BAD_BASE64_DECODE')
}
