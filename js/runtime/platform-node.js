// What Node, and the runtimes with its modules (Deno, Bun, workerd with nodejs_compat), bring. Imported as `#platform`.
import { AsyncLocalStorage } from 'node:async_hooks'
import { Buffer } from 'node:buffer'
import * as crypto from 'node:crypto'
import { EventEmitter } from 'node:events'
import net from 'node:net'
import process from 'node:process'
import { Duplex } from 'node:stream'

export { Buffer, Duplex, EventEmitter }

/** @typedef {Duplex & { connecting: boolean, timeout?: number }} SocketBase what TLSSocket builds on; it has the rest itself */
export const Socket = /** @type {new (options?: object) => SocketBase} */ (/** @type {unknown} */ (net.Socket))

/** The runtime's own certificate class; some have none. @type {typeof import('node:crypto').X509Certificate | undefined} */
export const X509Certificate = crypto.X509Certificate

/** What tls.Server builds on. */
export const { Server } = net

/** What tells this program's sessions from others' unless the option says it: made of the command line, as Node makes it. */
export const defaultSessionIdContext = () =>
  crypto
    .createHash('sha1')
    .update((process.argv ?? []).join(' '))
    .digest('hex')
    .slice(0, 32)

/** A function that calls another in the present asynchronous context. @type {() => (call: (...values: any[]) => any, ...values: any[]) => any} */
export const captureContext = () => AsyncLocalStorage.snapshot()

export const nextTick = process.nextTick
/** Where a trace goes. */
export const printTrace = (text) => void process.stderr.write(text)

export const emitWarning = (message, type, code) => process.emitWarning(message, type, code)

/** TCP: a net.Socket that connects. */
export const connectTcp = (options) => net.connect(options)
