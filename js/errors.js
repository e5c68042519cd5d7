// Every error that the module makes: code -> class and message, as Node has them; ours where Node has none.

/** @typedef {Error & {code: string}} CodedError */

/**
 * @type {Record<string, [new (message: string) => Error, (...details: any[]) => string]>}
 */
const TABLE = {
  // Node's
  // Some of Node's messages are not made of these parts.
  ERR_INVALID_ARG_TYPE: [
    TypeError,
    (name, expected, value) => (expected ? `${subject(name)} must be ${expected}. Received ${describe(value)}` : name),
  ],
  ERR_INVALID_ARG_VALUE: [
    TypeError,
    (name, reason, value) => (reason ? `${subject(name, true)} ${reason}. Received ${describeValue(value)}` : name),
  ],
  // A name with blanks is a sentence of its own.
  ERR_OUT_OF_RANGE: [
    RangeError,
    (name, range, value) =>
      `${name.includes(' ') ? name : `The value of "${name}" is out of range.`} It must be ${range}. Received ${value}`,
  ],
  ERR_MISSING_ARGS: [TypeError, () => 'The "options" or "port" or "path" argument must be specified'],
  ERR_TLS_CERT_ALTNAME_INVALID: [Error, (reason) => `Hostname/IP does not match certificate's altnames: ${reason}`],
  ERR_SOCKET_BAD_PORT: [RangeError, (name, port) => `${name} should be >= 0 and < 65536. Received ${describe(port)}.`],
  ERR_TLS_CERT_ALTNAME_FORMAT: [SyntaxError, () => 'Invalid subject alternative name string'],
  ERR_TLS_INVALID_PROTOCOL_VERSION: [
    TypeError,
    (version, which) => `${JSON.stringify(version)} is not a valid ${which} TLS protocol version`,
  ],
  ERR_TLS_INVALID_PROTOCOL_METHOD: [TypeError, (problem) => problem],
  ERR_TLS_PROTOCOL_VERSION_CONFLICT: [
    TypeError,
    (version, method) => `TLS protocol version ${JSON.stringify(version)} conflicts with secureProtocol ${JSON.stringify(method)}`,
  ],
  ERR_TLS_ALPN_CALLBACK_INVALID_RESULT: [
    TypeError,
    (value, protocols) =>
      `ALPN callback returned a value (${value}) that did not match any of the client's offered protocols (${protocols.join(', ')})`,
  ],
  ERR_TLS_ALPN_CALLBACK_WITH_PROTOCOLS: [TypeError, () => 'The ALPNCallback and ALPNProtocols TLS options are mutually exclusive'],
  ERR_TLS_HANDSHAKE_TIMEOUT: [Error, () => 'TLS handshake timeout'],
  ERR_TLS_INVALID_CONTEXT: [TypeError, (name) => `${name} must be a SecureContext`],
  ERR_TLS_INVALID_STATE: [Error, () => 'TLS socket connection must be securely established'],
  ERR_TLS_SNI_FROM_SERVER: [Error, () => 'Cannot issue SNI from a TLS server-side socket'],
  ERR_CRYPTO_CUSTOM_ENGINE_NOT_SUPPORTED: [Error, () => 'Custom engines not supported by this OpenSSL'],
  ERR_CRYPTO_OPERATION_FAILED: [Error, (message) => message],
  ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS: [Error, (option, reason) => `The selected key encoding ${option} ${reason}.`],
  ERR_CRYPTO_JWK_UNSUPPORTED_CURVE: [Error, (name) => `Unsupported JWK EC curve: ${name}.`],
  ERR_CRYPTO_JWK_UNSUPPORTED_KEY_TYPE: [Error, () => 'Unsupported JWK Key Type.'],
  ERR_INVALID_STATE: [Error, (what) => `Invalid state: ${what}`],
  ERR_TLS_REQUIRED_SERVER_NAME: [Error, () => '"servername" is required parameter for Server.addContext'],
  ERR_ILLEGAL_CONSTRUCTOR: [TypeError, () => 'Illegal constructor'],
  ERR_MULTIPLE_CALLBACK: [Error, () => 'Callback called multiple times'],
  ERR_SERVER_NOT_RUNNING: [Error, () => 'Server is not running.'],
  ERR_INTERNAL_ASSERTION: [Error, (message) => message],
  ERR_MEMORY_ALLOCATION_FAILED: [Error, () => 'Failed to allocate memory'],
  ERR_STREAM_DESTROYED: [Error, (method) => `Cannot call ${method} after a stream was destroyed`],
  ERR_STREAM_WRAP: [Error, () => 'Stream has StringDecoder set or is in objectMode'],
  ABORT_ERR: [Error, () => 'The operation was aborted'],
  ECONNRESET: [Error, (message = 'Client network socket disconnected before secure TLS connection was established') => message],
  EPIPE: [Error, () => 'This socket has been ended by the other party'],
  // Ours
  ERR_TLS_NOT_INITIALIZED: [Error, () => 'isomorphic-tls is not initialised in this runtime yet: await tls.init() first'],
  ERR_TLS_NO_ENTROPY: [Error, () => 'The runtime gives no random bytes here: Workers give none while modules load'],
  ERR_TLS_ENGINE_FAILED: [Error, () => 'The TLS engine failed and was replaced; this connection is lost'],
  ERR_TLS_ENGINE_NOT_FOUND: [
    Error,
    (where, why, advice = 'give tls.init() the URL that isomorphic-tls/tls.wasm has') => `No TLS engine at ${where}: ${why}; ${advice}`,
  ],
  ERR_TLS_INVALID_ENGINE: [Error, (why) => `This is not the TLS engine, isomorphic-tls/tls.wasm of the same version: ${why}`],
  ERR_TLS_NO_CONNECTOR: [
    Error,
    () => 'This runtime has no TCP: give tls.connect() a socket, or the option connector (see tls.DEFAULT_CONNECTOR)',
  ],
  ERR_TLS_NO_ROOT_CERTIFICATES: [
    Error,
    () =>
      "This runtime has no list of root certificates: import 'isomorphic-tls/roots' for it. (Mozilla's are trusted without it, " +
      'where no ca is given.)',
  ],
  ERR_TLS_NO_LISTENER: [
    Error,
    () => "This runtime has no TCP to listen on: hand connections to the server, server.emit('connection', duplex)",
  ],
  ERR_TLS_OPTION_NOT_SUPPORTED: [Error, (name, why) => `The option "${name}" is not supported: ${why}`],
  ERR_TLS_TRUNCATED: [Error, () => 'The connection ended without close_notify: what came may not be all'],
  ERR_TLS_TRANSPORT_OVERFLOW: [
    Error,
    (limit) => `The WebSocket brought more than ${limit} bytes that nobody has read yet (maxBufferedBytes)`,
  ],
  ERR_TLS_TRANSPORT_FAILED: [Error, (reason) => `The transport failed: ${reason}`],
  ERR_FEATURE_UNAVAILABLE_ON_PLATFORM: [TypeError, (what, why) => `${what} can not be done here: ${why}`],
  ERR_TLS_NO_CERTIFICATE: [Error, () => 'The context has no certificate with its key'],
  ERR_TLS_PIN_MISMATCH: [Error, () => 'None of the certificates that the peer is trusted by has a pinned key'],
  ERR_TLS_PEER_REFUSED: [Error, (reason) => `verifyPeer refused the peer: ${describe(reason)}`],
  ERR_TLS_NO_CHANNEL_BINDING: [Error, (type, why) => `This connection has no channel binding "${type}": ${why}`],
  ERR_TLS_PEER_CERTIFICATE: [Error, () => 'The certificate of the peer can not be read'],
}

/**
 * Make an error of the table.
 * @param {string} code
 * @param {unknown[]} [details] for its message
 * @param {object} [fields] more properties of the error
 * @return {CodedError}
 */
export function makeError(code, details = [], fields = {}) {
  const [Class, message] = TABLE[code]
  const error = new Class(message(...details))
  if (code === 'ABORT_ERR') error.name = 'AbortError'
  return Object.assign(error, { code }, fields)
}

/** What OpenSSL says of a `sessionIdContext`: without a code, as Node has it. */
export const sessionIdContextError = () => new Error('error:0A000111:SSL routines::ssl session id context too long')

/** What an SNICallback answers with that is no context: without a code, as Node has it. */
export const sniContextError = () => new TypeError('Invalid SNI context')

/** What a listener of 'OCSPRequest' answers with that is no bytes, in Node's words. */
export const ocspResponseError = () => makeError('ERR_INVALID_ARG_TYPE', ['OCSP response must be a buffer'])

/** `The "x" argument`, or `The "options.x" property`. */
function subject(name, isValue = false) {
  const kind = name.includes('.') ? 'property' : 'argument'
  return isValue ? `The ${kind} '${name}'` : `The "${name}" ${kind}`
}

/** A value as Node's messages describe what they received. */
function describe(value) {
  if (value == null) return String(value)
  if (typeof value === 'function') return `function ${value.name}`
  if (typeof value === 'object') return value.constructor?.name ? `an instance of ${value.constructor.name}` : '[Object: null prototype] {}'
  const text = typeof value === 'string' ? `'${value.length > 28 ? `${value.slice(0, 25)}...` : value}'` : String(value)
  return `type ${typeof value} (${text})`
}

/** The longest text of a value that is wrong, in letters: as Node. */
const LONGEST_VALUE = 128

/** A value that is wrong, as Node's messages show it; of arrays and plain objects no more than one level. */
function describeValue(value) {
  const text = describeWhole(value)
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}...` : text
}

function describeWhole(value) {
  if (Array.isArray(value)) return bracketed('[]', value.map(describePart))
  if (!isPlain(value)) return describePart(value)
  const parts = Object.entries(value).map(([name, part]) => `${name}: ${describePart(part)}`)
  return bracketed('{}', parts)
}

const isPlain = (value) => typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

/** @param {string} brackets @param {string[]} parts */
const bracketed = ([open, close], parts) => (parts.length === 0 ? open + close : `${open} ${parts.join(', ')} ${close}`)

function describePart(value) {
  if (typeof value === 'string') return `'${value}'`
  return typeof value === 'object' && value !== null ? `[${value.constructor?.name || 'Object'}]` : String(value)
}

/**
 * The error of a reason of OpenSSL's SSL library.
 * @param {string} reason
 * @param {string} [detail] what rustls says, for people
 * @return {CodedError}
 */
export function sslError(reason, detail) {
  const code = `ERR_SSL_${reason.toUpperCase().replaceAll(' ', '_')}`
  const message = `error:SSL routines::${reason}${detail ? ` (${detail})` : ''}`
  return Object.assign(new Error(message), { code, library: 'SSL routines', reason })
}

/** What a runtime that has renegotiation says of TLS 1.3, which has none; rustls has none in TLS 1.2 either. */
export const renegotiationError = () => sslError('wrong ssl version')

/** What OpenSSL's other libraries say of certificates, keys and settings, by the engine's `what:why`: code, number, library, reason. */
const SETTINGS = {
  'ciphers:no_match': ['ERR_SSL_NO_CIPHER_MATCH', '0A0000B9', 'SSL routines', 'no cipher match'],
  'ciphers:unusable': ['ERR_SSL_NO_CIPHER_MATCH', '0A0000B9', 'SSL routines', 'no cipher match'],
  'ciphers:invalid_command': ['ERR_SSL_INVALID_COMMAND', '0A000118', 'SSL routines', 'invalid command'],
  'cert:no_start_line': ['ERR_OSSL_PEM_NO_START_LINE', '0480006C', 'PEM routines', 'no start line'],
  'cert:bad_end_line': ['ERR_OSSL_PEM_BAD_END_LINE', '04800066', 'PEM routines', 'bad end line'],
  'cert:bad_base64': ['ERR_OSSL_PEM_BAD_BASE64_DECODE', '04800064', 'PEM routines', 'bad base64 decode'],
  'cert:asn1': ['ERR_OSSL_PEM_ASN1_LIB', '0488000D', 'PEM routines', 'ASN1 lib'],
  'cert:header_too_long': ['ERR_OSSL_ASN1_HEADER_TOO_LONG', '0680007B', 'asn1 encoding routines', 'header too long'],
  'cert:too_long': ['ERR_OSSL_ASN1_TOO_LONG', '0680009B', 'asn1 encoding routines', 'too long'],
  'cert:wrong_tag': ['ERR_OSSL_ASN1_WRONG_TAG', '068000A8', 'asn1 encoding routines', 'wrong tag'],
  'cert:field_missing': ['ERR_OSSL_ASN1_FIELD_MISSING', '06800079', 'asn1 encoding routines', 'field missing'],
  'cert:key': ['ERR_OSSL_EVP_DECODE_ERROR', '03000072', 'digital envelope routines', 'decode error'],
  'key:bad_decrypt': ['ERR_OSSL_BAD_DECRYPT', '1C800064', 'Provider routines', 'bad decrypt'],
  'key:needs_passphrase': ['ERR_OSSL_BAD_DECRYPT', '1C800064', 'Provider routines', 'bad decrypt'],
  'key:mismatch': ['ERR_OSSL_X509_KEY_VALUES_MISMATCH', '05800074', 'x509 certificate routines', 'key values mismatch'],
}

/** What they say of all other keys. */
const BAD_KEY = ['ERR_OSSL_UNSUPPORTED', '1E08010C', 'DECODER routines', 'unsupported']

/** What a setting asks for that this engine does not do. */
const TOO_MUCH_WORK = 'deriving the key from the passphrase takes more work than is allowed'

/**
 * The error of a setting of a context.
 * @param {string} problem the engine's `what:why` or `what:why:detail`
 * @return {Error}
 */
export function settingError(problem) {
  const [what, why, detail] = problem.split(':')
  if (what === 'groups' && why === 'invalid') return makeError('ERR_CRYPTO_OPERATION_FAILED', ['Failed to set ECDH curve'])
  if (what === 'sigalgs' && why === 'invalid') return new Error('error:00000000:lib(0)::reason(0)')
  if (problem === 'ciphers:empty') return makeError('ERR_INVALID_ARG_VALUE', ['options.ciphers', 'is invalid', ''])
  if (what === 'pfx') return pfxError(why, detail)
  if (what === 'crl') return makeError('ERR_CRYPTO_OPERATION_FAILED', ['Failed to parse CRL'])
  if (why === 'unusable' && what !== 'ciphers' && what !== 'key') {
    const option = what === 'groups' ? 'ecdhCurve' : what
    return makeError('ERR_TLS_OPTION_NOT_SUPPORTED', [option, `the engine has none of ${detail}`])
  }
  if (why === 'too_much_work') return makeError('ERR_TLS_OPTION_NOT_SUPPORTED', [what, TOO_MUCH_WORK])
  const [code, number, library, reason] = SETTINGS[`${what}:${why}`] ?? BAD_KEY
  const error = Object.assign(new Error(`error:${number}:${library}::${reason}`), { library, reason, code })
  return detail ? Object.assign(error, { cause: new Error(`not supported: ${detail}`) }) : error
}

/** Node's words for PFX files that can not be opened; it gives them no code. */
function pfxError(why, detail) {
  if (why === 'unsupported') return makeError('ERR_TLS_OPTION_NOT_SUPPORTED', ['pfx', detail])
  if (why === 'too_much_work') return makeError('ERR_TLS_OPTION_NOT_SUPPORTED', ['pfx', TOO_MUCH_WORK])
  const messages = {
    not_enough_data: 'not enough data',
    header_too_long: 'header too long',
    too_long: 'too long',
    wrong_tag: 'wrong tag',
    field_missing: 'field missing',
    mac_verify_failure: 'mac verify failure',
    bad_decrypt: 'mac verify failure',
    no_key: 'Unable to load private key from PFX data',
    no_certificate: 'Unable to load PFX certificate',
  }
  return new Error(messages[why] ?? 'Unable to parse PFX data')
}

/** OpenSSL's reason where a peer speaks HTTP. */
function spokenInstead(first) {
  const word = String.fromCharCode(...(first ?? []))
  if (/^(GET|POST|HEAD|PUT) /.test(word)) return 'http request'
  return word.startsWith('CONNECT') ? 'https proxy request' : undefined
}

/**
 * The error of a failed connection.
 * @param {string} failure the engine's `reason:detail`
 * @param {Uint8Array} [first] what the peer said first
 * @return {CodedError}
 */
export function failureError(failure, first) {
  const separator = failure.indexOf(':')
  const [reason, detail] = [failure.slice(0, separator), failure.slice(separator + 1)]
  if (reason === 'server_name') return makeError('ERR_INVALID_ARG_VALUE', ['options.servername', 'is no DNS name', detail])
  const spoken = reason === 'wrong version number' ? spokenInstead(first) : undefined
  return sslError(spoken ?? reason, detail)
}
