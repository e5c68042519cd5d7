// What browsers lack, from packages. Imported as `#platform`.
import { Buffer } from 'buffer/'
import * as streams from 'readable-stream'

export { Buffer }
export const Duplex = /** @type {typeof import('node:stream').Duplex} */ (
  /** @type {any} */ (streams).Duplex ?? /** @type {any} */ (streams).default.Duplex
)

/** There is no TCP. */
export const connectTcp = null

/** After what the stream has put off itself: readable-stream's own queue runs by such timers too. */
export const nextTick = (callback, ...values) => setTimeout(callback, 0, ...values)

export const emitWarning = (message, type, code) => console.warn(`[${code}] ${type}: ${message}`)

/** The part of net.Socket that TLSSocket builds on. */
export class Socket extends Duplex {
  constructor(options) {
    super({ ...options, emitClose: false, autoDestroy: true, decodeStrings: false })
    this.connecting = false
  }
}

if (Symbol.asyncDispose && !Socket.prototype[Symbol.asyncDispose]) {
  Socket.prototype[Symbol.asyncDispose] = function () {
    return new Promise((resolve) => {
      if (this.closed) return resolve(undefined)
      this.once('close', resolve)
      this.destroy()
    })
  }
}
