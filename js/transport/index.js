// Transports: each turns one thing that carries bytes into a Duplex. Exported as `isomorphic-tls/transport`.
import { makeError } from '../errors.js'
import { fromWebSocket } from './websocket.js'
import { fromWebStreams } from './web-streams.js'

export { fromWebSocket, fromWebStreams }

/**
 * Open a WebSocket to a tunnel, as a Duplex.
 * @param {string | { href: string }} url a string, or a URL
 * @param {object} [options]
 * @param {string | string[]} [options.protocols] subprotocols, `binary` for websockify
 * @param {boolean} [options.stream] whether to use a WebSocketStream, which can be paused, where the runtime has one. Not by
 * default: a page of Chromium 156 crashes when the connection ends while a write waits, and what nobody has read is lost then
 * @param {number} [options.maxBufferedBytes] of a WebSocket: see `fromWebSocket`
 * @param {boolean} [options.allowHalfOpen] whether the writable side outlives the readable one; false unless given
 * @return {import('../types/platform.js').Duplex}
 */
export function connectWebSocket(url, { protocols = [], stream = false, ...options } = {}) {
  const where = typeof url === 'string' ? url : url.href
  const { WebSocketStream } = /** @type {any} */ (globalThis)
  if (stream && WebSocketStream) return fromWebStreams(new WebSocketStream(where, { protocols: [protocols].flat() }), options)
  return fromWebSocket(new WebSocket(where, protocols), options)
}

/**
 * @overload
 * @param {import('../types/options.js').Transport} thing
 * @param {{allowHalfOpen?: boolean}} [options]
 * @return {import('../types/platform.js').Duplex}
 */
/**
 * The Duplex of a thing that carries bytes.
 * @param {any} thing a Duplex (returned as it is), `{ readable, writable }` of Web Streams, a WebSocket or WebSocketStream
 * @param {{allowHalfOpen?: boolean}} [options] of the Duplex that is made
 * @return {any}
 */
export function toDuplex(thing, options) {
  if (typeof thing?.pipe === 'function' && typeof thing.write === 'function') return thing
  if (isWebStream(thing?.readable)) return fromWebStreams(thing, options)
  if (typeof thing?.send === 'function' && 'bufferedAmount' in thing) return fromWebSocket(thing, options)
  // A WebSocketStream: its streams come when it has opened.
  if (typeof thing?.opened?.then === 'function' && typeof thing.close === 'function') return fromWebStreams(thing, options)
  throw makeError('ERR_INVALID_ARG_TYPE', ['socket', 'an instance of Duplex, a pair of Web Streams, or a WebSocket', thing])
}

const isWebStream = (readable) => typeof readable?.getReader === 'function'
