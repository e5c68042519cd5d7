// What Node, and the runtimes with its modules (Deno, Bun, workerd with nodejs_compat), bring. Imported as `#platform`.
import { Buffer } from 'node:buffer'
import net from 'node:net'
import process from 'node:process'
import { Duplex } from 'node:stream'

export { Buffer, Duplex }

/** @typedef {Duplex & { connecting: boolean, timeout?: number }} SocketBase what TLSSocket builds on; it has the rest itself */
export const Socket = /** @type {new (options?: object) => SocketBase} */ (/** @type {unknown} */ (net.Socket))

export const nextTick = process.nextTick
export const emitWarning = (message, type, code) => process.emitWarning(message, type, code)

/** TCP: a net.Socket that connects. */
export const connectTcp = (options) => net.connect(options)
