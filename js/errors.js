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
  ERR_STREAM_DESTROYED: [Error, (method) => `Cannot call ${method} after a stream was destroyed`],
  ABORT_ERR: [Error, () => 'The operation was aborted'],
  ECONNRESET: [Error, (message = 'Client network socket disconnected before secure TLS connection was established') => message],
  EPIPE: [Error, () => 'This socket has been ended by the other party'],
  // Ours
  ERR_TLS_NOT_INITIALIZED: [Error, () => 'isomorphic-tls is not initialised in this runtime yet: await tls.init() first'],
  ERR_TLS_NO_ENTROPY: [Error, () => 'The runtime gives no random bytes here: Workers give none while modules load'],
  ERR_TLS_ENGINE_FAILED: [Error, () => 'The TLS engine failed and was replaced; this connection is lost'],
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

/** What OpenSSL says of a chain, by Node's code (Node docs: "X509 certificate error codes"). */
const VERDICTS = {
  UNABLE_TO_GET_ISSUER_CERT: 'unable to get issuer certificate',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unable to get local issuer certificate',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unable to verify the first certificate',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed certificate',
  SELF_SIGNED_CERT_IN_CHAIN: 'self-signed certificate in certificate chain',
  UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY: 'unable to decode issuer public key',
  CERT_SIGNATURE_FAILURE: 'certificate signature failure',
  CERT_NOT_YET_VALID: 'certificate is not yet valid',
  CERT_HAS_EXPIRED: 'certificate has expired',
  ERROR_IN_CERT_NOT_BEFORE_FIELD: "format error in certificate's notBefore field",
  ERROR_IN_CERT_NOT_AFTER_FIELD: "format error in certificate's notAfter field",
  INVALID_CA: 'invalid CA certificate',
  PATH_LENGTH_EXCEEDED: 'path length constraint exceeded',
  INVALID_PURPOSE: 'unsuitable certificate purpose',
  UNABLE_TO_GET_CRL: 'unable to get certificate CRL',
  CRL_SIGNATURE_FAILURE: 'CRL signature failure',
  CRL_NOT_YET_VALID: 'CRL is not yet valid',
  CRL_HAS_EXPIRED: 'CRL has expired',
  ERROR_IN_CRL_LAST_UPDATE_FIELD: "format error in CRL's lastUpdate field",
  ERROR_IN_CRL_NEXT_UPDATE_FIELD: "format error in CRL's nextUpdate field",
  CERT_REVOKED: 'certificate revoked',
  UNSPECIFIED: 'unspecified certificate verification error',
  // Of `ocspPolicy`, which Node has not.
  OCSP_VERIFY_NEEDED: 'OCSP verification needed',
  OCSP_VERIFY_FAILED: 'OCSP verification failed',
  OCSP_CERT_UNKNOWN: 'OCSP unknown cert',
}

/** What OpenSSL says besides, by its code: Node's is UNSPECIFIED. */
const UNSPECIFIED_VERDICTS = {
  UNHANDLED_CRITICAL_EXTENSION: 'unhandled critical extension',
  PERMITTED_VIOLATION: 'permitted subtree violation',
  EXCLUDED_VIOLATION: 'excluded subtree violation',
  SUBTREE_MINMAX: 'name constraints minimum and maximum not supported',
  UNSUPPORTED_CONSTRAINT_TYPE: 'unsupported name constraint type',
  UNSUPPORTED_CONSTRAINT_SYNTAX: 'unsupported or invalid name constraint syntax',
  UNSUPPORTED_NAME_SYNTAX: 'unsupported or invalid name syntax',
  EE_KEY_TOO_SMALL: 'EE certificate key too weak',
  CA_KEY_TOO_SMALL: 'CA certificate key too weak',
  CA_MD_TOO_WEAK: 'CA signature digest algorithm too weak',
  KEYUSAGE_NO_CERTSIGN: 'key usage does not include certificate signing',
  PROXY_CERTIFICATES_NOT_ALLOWED: 'proxy certificates not allowed, please set the appropriate flag',
  EC_KEY_EXPLICIT_PARAMS: 'certificate public key has explicit ECC parameters',
  KEYUSAGE_NO_CRL_SIGN: 'key usage does not include CRL signing',
  DIFFERENT_CRL_SCOPE: 'different CRL scope',
  UNHANDLED_CRITICAL_CRL_EXTENSION: 'unhandled critical CRL extension',
}

/**
 * The error of a verdict.
 * @param {string} verdict OpenSSL's code
 * @return {CodedError} with Node's as `code`; where that says little, OpenSSL's is its `reason`
 */
export function verdictError(verdict) {
  const message = UNSPECIFIED_VERDICTS[verdict]
  if (message) return Object.assign(new Error(message), { code: 'UNSPECIFIED', reason: verdict })
  return Object.assign(new Error(VERDICTS[verdict] ?? verdict), { code: verdict })
}

/**
 * The error of what may be a verdict, or null if it is none.
 * @param {unknown} code
 */
export const knownVerdict = (code) => (typeof code === 'string' && Object.hasOwn(VERDICTS, code) ? verdictError(code) : null)

/** OpenSSL's reasons for alerts received, by the alert's number (RFC 8446, 6). */
const ALERTS = {
  10: 'sslv3 alert unexpected message',
  20: 'sslv3 alert bad record mac',
  21: 'tlsv1 alert decryption failed',
  22: 'tlsv1 alert record overflow',
  30: 'sslv3 alert decompression failure',
  40: 'sslv3 alert handshake failure',
  41: 'sslv3 alert no certificate',
  42: 'sslv3 alert bad certificate',
  43: 'sslv3 alert unsupported certificate',
  44: 'sslv3 alert certificate revoked',
  45: 'sslv3 alert certificate expired',
  46: 'sslv3 alert certificate unknown',
  47: 'sslv3 alert illegal parameter',
  48: 'tlsv1 alert unknown ca',
  49: 'tlsv1 alert access denied',
  50: 'tlsv1 alert decode error',
  51: 'tlsv1 alert decrypt error',
  60: 'tlsv1 alert export restriction',
  70: 'tlsv1 alert protocol version',
  71: 'tlsv1 alert insufficient security',
  80: 'tlsv1 alert internal error',
  86: 'tlsv1 alert inappropriate fallback',
  90: 'tlsv1 alert user cancelled',
  100: 'tlsv1 alert no renegotiation',
  109: 'tlsv13 alert missing extension',
  110: 'tlsv1 unsupported extension',
  111: 'tlsv1 certificate unobtainable',
  112: 'tlsv1 unrecognized name',
  113: 'tlsv1 bad certificate status response',
  114: 'tlsv1 bad certificate hash value',
  115: 'tlsv1 alert unknown psk identity',
  116: 'tlsv13 alert certificate required',
  120: 'tlsv1 alert no application protocol',
}

/** OpenSSL's reasons for what the engine's failures are, by their kind. */
const FAILURES = {
  decrypt_error: 'decryption failed or bad record mac',
  oversized_record: 'packet length too long',
  unexpected_message: 'unexpected message',
  no_application_protocol: 'no application protocol',
  invalid_certificate: 'bad signature',
  peer_misbehaved: 'illegal parameter',
  too_much_input: 'excessive message size',
  refused: 'decode error',
  no_suitable_certificate: 'no suitable signature algorithm',
  no_shared_cipher: 'no shared cipher',
  no_shared_signature_schemes: 'no shared signature algorithms',
}

/** Rustls's words for a peer that has no protocol version in common with us. */
const VERSION_REASONS = [
  'ServerTlsVersionIsDisabledByOurConfig',
  'ServerDoesNotSupportTls12Or13',
  'Tls12NotOffered',
  'UnsupportedProtocolVersion',
]

/** Rustls's words for what OpenSSL has words of its own for. */
const REASONS = {
  NoCertificatesPresented: 'peer did not return a certificate',
  NoCipherSuitesInCommon: 'no shared cipher',
  NoKxGroupsInCommon: 'no suitable key share',
  NoSignatureSchemesInCommon: 'no suitable signature algorithm',
  IncorrectBinder: 'binder does not verify',
  HandshakePayloadTooLarge: 'excessive message size',
  CertificatePayloadTooLarge: 'excessive message size',
}

function failureReason(kind, detail) {
  if (REASONS[detail]) return REASONS[detail]
  if (kind === 'alert_received') return ALERTS[detail] ?? 'tlsv1 alert internal error'
  if (kind === 'invalid_message')
    return ['InvalidContentType', 'UnknownProtocolVersion'].includes(detail) ? 'wrong version number' : 'decode error'
  if (kind === 'peer_incompatible')
    return VERSION_REASONS.some((reason) => detail.startsWith(reason)) ? 'unsupported protocol' : 'handshake failure'
  return FAILURES[kind] ?? 'internal error'
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

/** What OpenSSL's other libraries say of certificates, keys and settings, by the engine's `what:why`: code, message, reason, library. */
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
  'key:no_start_line': ['ERR_OSSL_UNSUPPORTED', '1E08010C', 'DECODER routines', 'unsupported'],
  'key:bad_end_line': ['ERR_OSSL_UNSUPPORTED', '1E08010C', 'DECODER routines', 'unsupported'],
  'key:bad_base64': ['ERR_OSSL_UNSUPPORTED', '1E08010C', 'DECODER routines', 'unsupported'],
  'key:bad': ['ERR_OSSL_UNSUPPORTED', '1E08010C', 'DECODER routines', 'unsupported'],
  'key:unusable': ['ERR_OSSL_UNSUPPORTED', '1E08010C', 'DECODER routines', 'unsupported'],
  'key:unsupported': ['ERR_OSSL_UNSUPPORTED', '1E08010C', 'DECODER routines', 'unsupported'],
  'key:bad_decrypt': ['ERR_OSSL_BAD_DECRYPT', '1C800064', 'Provider routines', 'bad decrypt'],
  'key:needs_passphrase': ['ERR_OSSL_BAD_DECRYPT', '1C800064', 'Provider routines', 'bad decrypt'],
  'key:mismatch': ['ERR_OSSL_X509_KEY_VALUES_MISMATCH', '05800074', 'x509 certificate routines', 'key values mismatch'],
}

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
  const [code, number, library, reason] = SETTINGS[`${what}:${why}`] ?? SETTINGS['key:bad']
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
 * @param {string} failure the engine's `kind:detail`
 * @param {Uint8Array} [first] what the peer said first
 * @return {CodedError}
 */
export function failureError(failure, first) {
  const separator = failure.indexOf(':')
  const [kind, detail] = [failure.slice(0, separator), failure.slice(separator + 1)]
  if (kind === 'server_name') return makeError('ERR_INVALID_ARG_VALUE', ['options.servername', 'is no DNS name', detail])
  const reason = failureReason(kind, detail)
  if (reason === 'wrong version number') return sslError(spokenInstead(first) ?? reason, detail)
  const error = sslError(reason, kind === 'alert_received' ? `SSL alert number ${detail}` : detail)
  return error
}
