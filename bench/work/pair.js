// Two Duplexes that are the two ends of one cable, as cheap as can be: what is measured is TLS, not the cable. A chunk is handed over
// as it is, in a microtask (no reader is called within its writer's call), and a writer waits for its reader.

/**
 * @param {{ Duplex: typeof import('node:stream').Duplex }} platform
 * @return {[any, any]}
 */
export function cheapPair({ Duplex }) {
  End ??= endOf(Duplex)
  const ends = [new End(), new End()]
  ends[0].other = ends[1]
  ends[1].other = ends[0]
  return /** @type {[any, any]} */ (ends)
}

/**
 * One class for all, as a process has one platform: objects of a class of their own would make the engines of JavaScript begin anew with
 * each connection. @type {any}
 */
let End

/** The class of the ends, on what streams there are. */
const endOf = (Duplex) =>
  class extends Duplex {
    /** The other end. @type {any} */
    other
    #ended = false
    /** The callback of a chunk that filled the reader's buffer. */
    #waiting = null

    _read() {
      const callback = this.#waiting
      this.#waiting = null
      callback?.()
    }

    _write(chunk, _encoding, callback) {
      queueMicrotask(() => this.other.accept(chunk, callback))
    }

    _final(callback) {
      queueMicrotask(() => this.other.accept(null, callback))
    }

    _destroy(error, callback) {
      this._read()
      queueMicrotask(() => this.other.accept(null, () => {}))
      callback(error)
    }

    /** Take a chunk from the other end, or null for its end; calls back when there is room for more. */
    accept(chunk, callback) {
      if (this.destroyed || this.#ended) return callback()
      this.#ended = chunk === null
      if (this.push(chunk) || this.#ended) callback()
      else this.#waiting = callback
    }
  }
