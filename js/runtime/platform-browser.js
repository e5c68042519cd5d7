// What browsers lack, from packages. Imported as `#platform`.
import { Buffer } from 'buffer/'
import process from 'process/'
import * as streams from 'readable-stream'
import { makeError } from '../errors.js'

export { Buffer }
export const Duplex = /** @type {typeof import('node:stream').Duplex} */ (
  /** @type {any} */ (streams).Duplex ?? /** @type {any} */ (streams).default.Duplex
)

/** readable-stream's own: what its oldest class builds on. @type {typeof import('node:events').EventEmitter} */
export const EventEmitter = Object.getPrototypeOf(/** @type {any} */ (streams).Stream ?? /** @type {any} */ (streams).default.Stream)

/** There is no command line. */
export const defaultSessionIdContext = () => undefined

/** There is no such class. @type {typeof import('node:crypto').X509Certificate | undefined} */
export const X509Certificate = undefined

/** There is none. @type {typeof import('node:crypto').createPublicKey | undefined} */
export const createPublicKey = undefined

/** Where a trace goes. */
export const printTrace = (text) => console.error(text.trimEnd())

/** There is no TCP. */
export const connectTcp = null

/** There are no asynchronous contexts. @type {() => (call: (...values: any[]) => any, ...values: any[]) => any} */
export const captureContext =
  () =>
  (call, ...values) =>
    call(...values)

/** There is no process that was told anything. @return {string[]} */
export const runtimeFlags = () => []

/** @type {(name: string) => string | undefined} */
export const environmentVariable = () => undefined

export const warnsOfExtraCertificates = false

export const hasRootCertificates = false

/** There is no TLS for programs. @return {any} */
export const nativeTls = () => undefined

/** Nor handles of sockets. @type {(transport: unknown) => null} */
export const handleOver = () => null

/** There are no files, and no process that was told of one. @type {(path: string) => string} */
export const readTextFile = () => ''

/** @type {typeof import('./platform-node.js').readFile} */
export const readFile = null

/** @type {(path: string, bytes: Uint8Array) => void} */
export const appendToFile = () => {}

// readable-stream puts things off by timers of this package, which browsers make wait for milliseconds; as in Node, nothing of the
// outside comes in between.
process.nextTick = (callback, ...values) => queueMicrotask(() => callback(...values))

/** After what the stream has put off itself. */
export const { nextTick } = process

/** Call in the next turn. */
export const nextTurn = nextTick

/** Timers wait for milliseconds. */
export const turnsAreCheap = false

export const emitWarning = (message, type, code) => console.warn(`[${code}] ${type}: ${message}`)

/** The part of net.Socket that TLSSocket builds on. */
export class Socket extends Duplex {
  constructor(options) {
    super({ ...options, emitClose: false, autoDestroy: true, decodeStrings: false })
    this.connecting = false
  }
}

/** The part of net.Server that needs no TCP: connections are handed to it. */
export class Server extends EventEmitter {
  /**
   * @param {any} [options]
   * @param {(socket: any) => void} [listener]
   */
  constructor(options, listener) {
    super()
    this.allowHalfOpen = Boolean(options?.allowHalfOpen)
    this.pauseOnConnect = Boolean(options?.pauseOnConnect)
    this.highWaterMark = options?.highWaterMark
    this.listening = false
    /** @type {number | undefined} */
    this.maxConnections = undefined
    if (listener) this.on('connection', listener)
  }

  /** There is nothing to listen on: 'error' says so. */
  listen() {
    nextTick(() => this.emit('error', makeError('ERR_TLS_NO_LISTENER')))
    return this
  }

  /**
   * There is nothing to close.
   * @param {(error: Error) => void} [callback]
   */
  close(callback) {
    if (callback) this.once('close', () => callback(makeError('ERR_SERVER_NOT_RUNNING')))
    nextTick(() => this.emit('close'))
    return this
  }

  address() {
    return null
  }

  /** @param {(error: Error | null, count: number) => void} callback */
  getConnections(callback) {
    nextTick(callback, null, 0)
    return this
  }

  ref() {
    return this
  }
  unref() {
    return this
  }
}

if (Symbol.asyncDispose) {
  Server.prototype[Symbol.asyncDispose] = async () => {}
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
