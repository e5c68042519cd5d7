// Two Duplexes that are the two ends of one cable: a connection without a network, on every runtime. It is as slow to answer as a
// network is (every delivery has a turn of the event loop of its own), and a writer waits for its reader.

/** The next turn of the event loop. In browsers it is a message's, since timers wait for milliseconds. */
const later = globalThis.setImmediate ?? laterByMessage()

function laterByMessage() {
  const { port1, port2 } = new MessageChannel()
  const waiting = []
  port1.onmessage = () => waiting.shift()()
  return (run) => {
    waiting.push(run)
    port2.postMessage(null)
  }
}

/**
 * @typedef {object} PairOptions those of the Duplexes, and:
 * @property {number | (() => number)} [pieceSize] the most bytes of one delivery, or what chooses it; default: a write arrives as it is
 * @property {boolean} [allowHalfOpen]
 * @property {number} [highWaterMark]
 */

/**
 * Make a pair: what is written to one end is read from the other. An end that is destroyed ends the other one's reading, and
 * what is sent to it after that is lost, as with TCP.
 * @param {{ Duplex: typeof import('node:stream').Duplex, Buffer: typeof import('node:buffer').Buffer }} platform
 * @param {PairOptions} [options]
 * @return {[any, any]}
 */
export function duplexPair({ Duplex, Buffer }, { pieceSize = Number.POSITIVE_INFINITY, ...options } = {}) {
  const nextSize = typeof pieceSize === 'function' ? pieceSize : () => pieceSize

  class End extends Duplex {
    /** @type {End} */
    other
    #ended = false
    /** The callback of a delivery that filled the buffer. */
    #waiting = () => {}

    _read() {
      this.#goOn()
    }

    _write(chunk, _encoding, callback) {
      const send = (offset) => {
        if (offset >= chunk.length) return callback()
        const end = Math.min(chunk.length, offset + nextSize())
        // Its writer may use the memory again: a network copies too.
        const piece = Buffer.from(chunk.subarray(offset, end))
        later(() => this.other.accept(piece, () => send(end)))
      }
      send(0)
    }

    _final(callback) {
      later(() => this.other.accept(null, callback))
    }

    _destroy(error, callback) {
      this.#goOn()
      later(() => this.other.accept(null, () => {}))
      callback(error)
    }

    /** Take bytes from the other end, or null for its end; calls back when there is room for more. */
    accept(chunk, callback) {
      if (this.destroyed || this.#ended) return callback()
      this.#ended = chunk === null
      let room = true
      try {
        room = this.push(chunk) || this.#ended
      } finally {
        // A listener that throws does not stop what comes after.
        if (room) callback()
        else this.#waiting = callback
      }
    }

    #goOn() {
      const callback = this.#waiting
      this.#waiting = () => {}
      callback()
    }
  }

  const ends = /** @type {[End, End]} */ ([new End(options), new End(options)])
  ends[0].other = ends[1]
  ends[1].other = ends[0]
  return ends
}
