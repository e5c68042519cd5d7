// The arguments and options of connections, read as Node reads them.
import { Buffer } from '#platform'
import { checkedBytes, checkInteger, checkType } from './check.js'
import { makeError, sessionIdContextError } from './errors.js'
import { checkPeerOptions } from './peer-policy.js'
import { SessionCache } from './session-cache.js'

/**
 * Check the options of a connection that no other place checks.
 * @param {any} options
 */
export function checkConnectionOptions(options) {
  const { enableTrace, isServer, onread, pskCallback, SNICallback, ALPNCallback, ALPNProtocols, sessionCache, sessionSealingKey } = options
  checkGiven('options.enableTrace', enableTrace, 'boolean')
  checkGiven(isServer ? 'options.pskCallback' : 'pskCallback', pskCallback, 'function')
  if (isServer) {
    checkGiven('options.SNICallback', SNICallback, 'function')
    checkGiven('options.ALPNCallback', ALPNCallback, 'function')
    refuseClientOptions(options)
  }
  if (ALPNCallback && ALPNProtocols) throw makeError('ERR_TLS_ALPN_CALLBACK_WITH_PROTOCOLS')
  if (sessionSealingKey != null && !(sessionSealingKey instanceof Uint8Array && sessionSealingKey.length === SEALING_KEY_LENGTH)) {
    throw makeError('ERR_INVALID_ARG_VALUE', [
      'options.sessionSealingKey',
      `must be a Uint8Array of ${SEALING_KEY_LENGTH} bytes`,
      sessionSealingKey,
    ])
  }
  if (sessionCache != null && !(sessionCache instanceof SessionCache)) {
    throw makeError('ERR_INVALID_ARG_TYPE', ['options.sessionCache', 'an instance of SessionCache', sessionCache])
  }
  checkPeerOptions(options, Boolean(isServer))
  if (onread == null) return
  checkGiven('options.onread', onread, 'object')
  checkGiven('options.onread.callback', onread.callback ?? false, 'function')
  if (typeof onread.buffer !== 'function' && !(onread.buffer instanceof Uint8Array)) {
    throw makeError('ERR_INVALID_ARG_TYPE', ['options.onread.buffer', 'an instance of Buffer or Uint8Array', onread.buffer])
  }
}

/** The options of the stream, without those that are not given: 0 is a high-water mark, undefined is none. */
export function streamOptions(options) {
  const given = {}
  for (const name of ['highWaterMark', 'readableHighWaterMark', 'writableHighWaterMark']) {
    if (options[name] != null) given[name] = options[name]
  }
  return given
}

/**
 * The arguments of `connect` as Node's net reads them.
 * @param {any[]} parameters
 * @return {[any, ((...values: any[]) => void) | undefined]}
 */
export function normalizeConnect(parameters) {
  const rest = [...parameters]
  const listener = typeof rest.at(-1) === 'function' ? rest.pop() : undefined
  const [first, second, third] = rest
  if (first !== null && typeof first === 'object') return [{ ...first, ...(typeof second === 'object' && second) }, listener]
  const more = [second, third].find((value) => value !== null && typeof value === 'object') ?? {}
  if (typeof first === 'string' && Number.isNaN(Number(first))) return [{ path: first, ...more }, listener]
  if (first == null && Object.keys(more).length === 0) throw makeError('ERR_MISSING_ARGS')
  return [{ port: first, ...(typeof second === 'string' && { host: second }), ...more }, listener]
}

/**
 * Check where to connect as Node's net does, for connectors that do not.
 * @param {any} options
 */
export function checkDestination({ port, path }) {
  if (path !== undefined) return
  if (port === undefined) throw makeError('ERR_MISSING_ARGS')
  const isNumber = typeof port === 'number' || (typeof port === 'string' && port.trim() !== '')
  if (isNumber && Number.isInteger(Number(port)) && Number(port) >= 0 && Number(port) < 65536) return
  if (typeof port !== 'number' && typeof port !== 'string') {
    throw makeError('ERR_INVALID_ARG_TYPE', ['options.port', 'one of type number or string', port])
  }
  throw makeError('ERR_SOCKET_BAD_PORT', ['options.port', port])
}

/** A ProtocolNameList (RFC 7301, 3.1) without its length, of Node's ALPNProtocols. */
export function convertProtocols(protocols) {
  if (!protocols) return new Uint8Array(0)
  if (!Array.isArray(protocols)) return checkedBytes('ALPNProtocols', protocols, 'an instance of Array, Buffer, TypedArray, or DataView')
  const names = protocols.map(protocolName)
  return Buffer.concat(names.flatMap((name) => [Buffer.of(name.length), name]))
}

/** The bytes of a protocol's name: 1 to 255. */
function protocolName(name, index) {
  const bytes =
    typeof name === 'string' ? Buffer.from(name) : checkedBytes('string', name, 'of type string or an instance of Buffer or ArrayBuffer')
  if (bytes.length === 0) throw makeError('ERR_INVALID_ARG_VALUE', [`protocols[${index}]`, 'must be a non-empty string', name])
  if (bytes.length <= 255) return bytes
  throw makeError('ERR_OUT_OF_RANGE', [
    `The byte length of the protocol at index ${index} exceeds the maximum length.`,
    '<= 255',
    bytes.length,
  ])
}

/** The longest time that timers can be set to, in milliseconds. */
export const LONGEST_TIMEOUT = 2 ** 31 - 1

/** The length of a server's ticket keys: a name, a key for the MAC, a key for the cipher, 16 bytes each. */
export const TICKET_KEYS_LENGTH = 48

/** The length of the key that a client's sessions are sealed with, in bytes. */
const SEALING_KEY_LENGTH = 32

/** The longest session time-out that Node takes, in seconds. */
const LONGEST_SESSION = 2 ** 31 - 1

/** OpenSSL's limit, in bytes. */
const LONGEST_SESSION_ID_CONTEXT = 32

/**
 * Check what a server's context takes of sessions, as Node does.
 * @param {any} options
 */
export function checkSessionOptions({ sessionTimeout, sessionIdContext, ticketKeys }) {
  checkGiven('options.sessionIdContext', sessionIdContext, 'string')
  if (sessionIdContext?.length > LONGEST_SESSION_ID_CONTEXT) throw sessionIdContextError()
  if (sessionTimeout) checkInteger('options.sessionTimeout', sessionTimeout)
  if (sessionTimeout && !(sessionTimeout >= 0 && sessionTimeout <= LONGEST_SESSION)) {
    throw makeError('ERR_OUT_OF_RANGE', ['options.sessionTimeout', `>= 0 && <= ${LONGEST_SESSION}`, sessionTimeout])
  }
  if (!ticketKeys) return
  const { length } = checkedBytes('options.ticketKeys', ticketKeys)
  if (length !== TICKET_KEYS_LENGTH) {
    throw makeError('ERR_INVALID_ARG_VALUE', ['options.ticketKeys', `must be exactly ${TICKET_KEYS_LENGTH} bytes`, length])
  }
}

/**
 * Check what a server takes beyond its context, as Node does.
 * @param {any} options
 */
export function checkServerOptions(options) {
  const { ALPNProtocols, ALPNCallback } = options
  for (const name of ['SNICallback', 'ALPNCallback', 'pskCallback']) checkGiven(`options.${name}`, options[name], 'function')
  checkPeerOptions(options, true)
  refuseClientOptions(options)
  checkGiven('options.handshakeTimeout', options.handshakeTimeout, 'number')
  checkGiven('options.pskIdentityHint', options.pskIdentityHint, 'string')
  if (ALPNCallback && ALPNProtocols) throw makeError('ERR_TLS_ALPN_CALLBACK_WITH_PROTOCOLS')
}

/** Refuse what a server can not have: it would be as good as not said. */
function refuseClientOptions(options) {
  const name = ['sessionCache', 'sessionSealingKey'].find((name) => options[name] != null)
  if (name) throw makeError('ERR_TLS_OPTION_NOT_SUPPORTED', [name, 'it is for the sessions of clients; a server has ticketKeys'])
}

/** What is falsy means unset. */
function checkGiven(name, value, type) {
  if (value) checkType(name, value, type)
}
