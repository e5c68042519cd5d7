// What Node, and the runtimes with its modules (Deno, Bun, workerd with nodejs_compat), bring. Imported as `#platform`.
import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { EventEmitter } from 'node:events'
import net from 'node:net'
import process from 'node:process'
import { Duplex } from 'node:stream'

export { Buffer, Duplex, EventEmitter }

/** @typedef {Duplex & { connecting: boolean, timeout?: number }} SocketBase what TLSSocket builds on; it has the rest itself */
export const Socket = /** @type {new (options?: object) => SocketBase} */ (/** @type {unknown} */ (net.Socket))

/** What tls.Server builds on. */
export const { Server } = net

/** What tells this program's sessions from others' unless the option says it: made of the command line, as Node makes it. */
export const defaultSessionIdContext = () =>
  createHash('sha1')
    .update((process.argv ?? []).join(' '))
    .digest('hex')
    .slice(0, 32)

export const nextTick = process.nextTick
export const emitWarning = (message, type, code) => process.emitWarning(message, type, code)

/** TCP: a net.Socket that connects. */
export const connectTcp = (options) => net.connect(options)
