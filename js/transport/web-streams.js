// A pair of Web Streams (Deno.Conn, a Workers socket, a WebTransport stream, a WebSocketStream) as a Duplex.
import { Buffer, Duplex } from '#platform'
import { checkedBytes } from '../check.js'
import { makeError } from '../errors.js'

/**
 * How much is read ahead of a WebSocketStream, in bytes. Chromium drops what nobody has read yet when the other end closes, so
 * that little may be left to the browser: as much waits here as over a WebSocket, and only then backpressure begins.
 */
const WEBSOCKET_STREAM_HIGH_WATER = 16 * 1024 * 1024

/**
 * A Duplex over Web Streams of bytes. Backpressure is theirs: nothing is read before it is asked for, nothing written before
 * the last write was taken.
 * @param {import('../types/options.js').WebStreams | import('../types/options.js').WebSocketStreamLike} pair `opened`, where there is one
 * (Workers, WebSocketStream), is waited for, and may bring the streams; `close` is called when the Duplex is destroyed, `closeWrite` (Deno)
 * when its writable side ends
 * @param {{allowHalfOpen?: boolean}} [options] whether the writable side outlives the readable one; false unless given
 * @return {import('node:stream').Duplex}
 */
export const fromWebStreams = (pair, options) => new WebStreamsDuplex(pair, options)

class WebStreamsDuplex extends Duplex {
  #pair
  #opened
  /** @type {any} */ #reader
  /** @type {any} */ #writer
  #reading = false

  constructor(pair, { allowHalfOpen = false } = {}) {
    const bringsStreams = !pair.readable
    super({
      allowHalfOpen,
      emitClose: true,
      autoDestroy: true,
      ...(bringsStreams && { readableHighWaterMark: WEBSOCKET_STREAM_HIGH_WATER }),
    })
    this.#pair = pair
    /** As of net.Socket: 'connect' follows. */
    this.connecting = pair.opened !== undefined
    /** An end without close_notify is not to be trusted: see WEBSOCKET_STREAM_HIGH_WATER. */
    this.mayLoseTheEnd = bringsStreams
    this.#opened = this.#open()
    this.#opened.catch((error) => this.destroy(toError(error)))
  }

  async #open() {
    const opened = await this.#pair.opened
    // A WebSocketStream brings its streams when it has opened.
    const { readable, writable } = this.#pair.readable ? this.#pair : opened
    this.#reader = readable.getReader()
    this.#writer = writable.getWriter()
    this.#writer.closed?.catch?.(() => {})
    this.#reader.closed?.catch?.(() => {})
    const wasConnecting = this.connecting
    this.connecting = false
    // It was destroyed before there were streams to let go of.
    if (this.destroyed) this.#letGo(this.errored)
    else if (wasConnecting) this.emit('connect')
  }

  _read() {
    if (!this.#reading) this.#pull()
  }

  /** Read until there is enough: without a turn of the stream's own between two chunks. */
  async #pull() {
    this.#reading = true
    try {
      await this.#opened
      for (let wanted = true; wanted; ) {
        const { done, value } = await this.#reader.read()
        if (this.destroyed) return
        if (done || value.byteLength !== 0) wanted = this.push(done ? null : asBuffer(value))
      }
      this.#reading = false
    } catch (error) {
      this.destroy(toError(error))
    }
  }

  _write(chunk, _encoding, callback) {
    this.#opened
      .then(() => this.#writer.write(withOwnMemory(chunk)))
      .then(
        () => callback(),
        (error) => callback(toError(error)),
      )
  }

  _writev(chunks, callback) {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), '', callback)
  }

  _final(callback) {
    // To close the writable side of a WebSocketStream would close both: close_notify alone is the half-close there.
    if (this.mayLoseTheEnd) return callback()
    this.#opened
      // To close its stream would close the whole of a Deno.Conn.
      .then(() => (this.#pair.closeWrite ? this.#pair.closeWrite() : this.#writer.close()))
      .then(
        () => callback(),
        (error) => callback(toError(error)),
      )
  }

  _destroy(error, callback) {
    this.#letGo(error)
    quietly(() => this.#pair.close?.())
    callback(error)
  }

  #letGo(error) {
    quietly(() => this.#reader?.cancel(error ?? undefined))
    quietly(() => this.#writer?.abort(error ?? undefined))
  }
}

/** What is closed already says so by rejecting, and nobody needs to hear it. */
function quietly(step) {
  Promise.resolve()
    .then(step)
    .catch(() => {})
}

function asBuffer(value) {
  if (value instanceof ArrayBuffer) return Buffer.from(value)
  return checkedBytes('chunk', value, 'an instance of ArrayBuffer or ArrayBufferView')
}

/** Web Streams fail with anything; a WebSocketStream with exceptions that have a number for a code. */
function toError(reason) {
  const code = reason?.code ?? ''
  if (reason instanceof Error && typeof code === 'string') return reason
  return makeError('ERR_TLS_TRANSPORT_FAILED', [reason?.message ?? reason ?? 'it was cancelled'], { cause: reason })
}

/** A chunk in memory of its own: streams may hand that on, detached, and Node's pool must not go with it. @param {Buffer} chunk */
function withOwnMemory(chunk) {
  if (chunk.buffer.byteLength === chunk.length) return chunk
  const copy = Buffer.allocUnsafeSlow(chunk.length)
  copy.set(chunk)
  return copy
}
