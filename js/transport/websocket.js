// A WebSocket whose binary messages are bytes, as a Duplex. A WebSocket can not be paused, and has no half-close: what nobody
// reads is capped, and the end of the writable side is TLS's close_notify alone. (A WebSocketStream has no such limits: see
// web-streams.js.)
import { Buffer, Duplex } from '#platform'
import { makeError } from '../errors.js'

/** Bytes that may wait for a reader, unless the option says otherwise. */
const MAX_BUFFERED_BYTES = 16 * 1024 * 1024

/** Above so many bytes in the WebSocket's own queue, writes wait. */
const HIGH_WATER = 1024 * 1024

/** How often the WebSocket's queue is looked at while writes wait, in milliseconds: it has no event for it. */
const DRAIN_INTERVAL = 4

const [CONNECTING, OPEN, CLOSING] = [0, 1, 2]

/**
 * A Duplex over a WebSocket.
 * @param {any} webSocket in any state
 * @param {object} [options]
 * @param {number} [options.maxBufferedBytes] how many bytes may wait for a reader (16 MiB); more is an error with code
 * ERR_TLS_TRANSPORT_OVERFLOW
 * @param {boolean} [options.allowHalfOpen] whether the writable side outlives the readable one; false unless given
 * @return {import('node:stream').Duplex}
 */
export const fromWebSocket = (webSocket, options) => new WebSocketDuplex(webSocket, options)

class WebSocketDuplex extends Duplex {
  #webSocket
  #limit
  /** @type {null | (() => void)} */ #whenOpen = null
  #ended = false

  constructor(webSocket, { maxBufferedBytes = MAX_BUFFERED_BYTES, allowHalfOpen = false } = {}) {
    if (typeof maxBufferedBytes !== 'number') {
      throw makeError('ERR_INVALID_ARG_TYPE', ['options.maxBufferedBytes', 'of type number', maxBufferedBytes])
    }
    super({ allowHalfOpen, emitClose: true, autoDestroy: true })
    this.#webSocket = webSocket
    /** As of net.Socket: 'connect' follows. */
    this.connecting = webSocket.readyState === CONNECTING
    this.#limit = maxBufferedBytes
    webSocket.binaryType = 'arraybuffer'
    webSocket.addEventListener('open', () => this.#opened())
    webSocket.addEventListener('message', ({ data }) => this.#received(data))
    webSocket.addEventListener('close', () => this.#closed())
    // The event says nothing of the reason.
    webSocket.addEventListener('error', () => this.destroy(makeError('ERR_TLS_TRANSPORT_FAILED', ['WebSocket error'])))
    if (webSocket.readyState > CLOSING) this.#closed()
  }

  _read() {}

  _write(chunk, _encoding, callback) {
    if (this.#webSocket.readyState === CONNECTING) {
      this.#whenOpen = () => this._write(chunk, _encoding, callback)
      return
    }
    if (this.#webSocket.readyState !== OPEN) return callback(makeError('EPIPE'))
    this.#webSocket.send(chunk)
    this.#drained(callback)
  }

  _writev(chunks, callback) {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), '', callback)
  }

  _destroy(error, callback) {
    try {
      this.#webSocket.close()
    } catch {
      // A WebSocket that is still connecting in some runtimes: it is dropped.
    }
    callback(error)
  }

  #opened() {
    if (this.destroyed) return
    this.connecting = false
    this.emit('connect')
    const write = this.#whenOpen
    this.#whenOpen = null
    write?.()
  }

  #received(data) {
    if (this.destroyed || this.#ended) return
    const bytes = Buffer.from(data)
    if (this.readableLength + bytes.length > this.#limit) {
      this.destroy(makeError('ERR_TLS_TRANSPORT_OVERFLOW', [this.#limit]))
      return
    }
    if (bytes.length > 0) this.push(bytes)
  }

  #closed() {
    if (this.#ended || this.destroyed) return
    if (this.connecting) return this.destroy(makeError('ERR_TLS_TRANSPORT_FAILED', ['WebSocket closed before it opened']))
    this.#ended = true
    this.push(null)
    // There is nobody to write to, either.
    this.end()
  }

  #drained(callback) {
    // What a closed WebSocket has queued stays queued for ever.
    if (this.#webSocket.readyState !== OPEN) return callback(makeError('EPIPE'))
    if (this.destroyed || this.#webSocket.bufferedAmount < HIGH_WATER) return callback()
    setTimeout(() => this.#drained(callback), DRAIN_INTERVAL)
  }
}
