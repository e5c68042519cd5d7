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
  /** What an 'error' told. @type {{ cause?: unknown } | undefined} */
  #problem
  /** How it ended, once it has: a cause for errors that tell no more than that. @type {Error | null} */
  howItEnded = null

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
    webSocket.addEventListener('close', (event) => this.#closed(event))
    webSocket.addEventListener('error', (event) => this.#failed(event))
    if (webSocket.readyState > CLOSING) this.#closed()
  }

  _read() {}

  _write(chunk, _encoding, callback) {
    if (this.#webSocket.readyState === CONNECTING) {
      this.#whenOpen = () => this._write(chunk, _encoding, callback)
      return
    }
    if (this.#webSocket.readyState !== OPEN) return this.#failWrite(callback)
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

  /** @param {{ code?: number, reason?: string }} [event] */
  #closed({ code, reason } = {}) {
    if (this.#ended || this.destroyed) return
    this.#ended = true
    const how = `the WebSocket closed${code ? ` with code ${code}` : ''}${reason ? `: ${reason}` : ''}`
    const failure = makeError('ERR_TLS_TRANSPORT_FAILED', [how], this.#problem)
    if (this.connecting || this.#problem) return this.destroy(failure)
    this.howItEnded = failure
    this.push(null)
    // There is nobody to write to, either.
    this.end()
  }

  /**
   * In most runtimes a 'close' comes with it, which has a code.
   * @param {any} [event] what it tells, if anything, is for people
   */
  #failed({ error, message } = {}) {
    this.#problem = error ? { cause: error } : {}
    const failure = makeError('ERR_TLS_TRANSPORT_FAILED', [message || 'WebSocket error'], this.#problem)
    setTimeout(() => this.destroy(failure), 0)
  }

  #drained(callback) {
    if (this.destroyed) return callback()
    // What a closed WebSocket has queued stays queued for ever.
    if (this.#webSocket.readyState !== OPEN) return this.#failWrite(callback)
    if (this.#webSocket.bufferedAmount < HIGH_WATER) return callback()
    setTimeout(() => this.#drained(callback), DRAIN_INTERVAL)
  }

  /** There is nobody to write to any more: told when what came is read, and had its turns on the way to who reads it. */
  #failWrite(callback) {
    const fail = () => callback(makeError('EPIPE', [], this.howItEnded ? { cause: this.howItEnded } : {}))
    if (this.readableEnded) fail()
    else this.once('end', () => setTimeout(fail, DRAIN_INTERVAL))
  }
}
