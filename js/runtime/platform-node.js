// What Node, and the runtimes with its modules (Deno, Bun, workerd with nodejs_compat), bring. Imported as `#platform`.
import { AsyncResource } from 'node:async_hooks'
import { Buffer } from 'node:buffer'
import * as crypto from 'node:crypto'
import { EventEmitter } from 'node:events'
import net from 'node:net'
import process from 'node:process'
import { Duplex, PassThrough } from 'node:stream'

export { Buffer, Duplex, EventEmitter }

/** @typedef {Duplex & { connecting: boolean, timeout?: number }} SocketBase what TLSSocket builds on; it has the rest itself */
export const Socket = /** @type {new (options?: object) => SocketBase} */ (/** @type {unknown} */ (net.Socket))

/** A KeyObject. @type {typeof import('node:crypto').createPublicKey | undefined} */
export const createPublicKey = crypto.createPublicKey

/** What tls.Server builds on. */
export const { Server } = net

/** What tells this program's sessions from others' unless the option says it: made of the command line, as Node makes it. */
export const defaultSessionIdContext = () =>
  crypto
    .createHash('sha1')
    .update((process.argv ?? []).join(' '))
    .digest('hex')
    .slice(0, 32)

/**
 * A function that calls another in the present asynchronous context, as AsyncLocalStorage.snapshot() gives one; that takes Node a microsecond
 * or more.
 * @return {(call: (...values: any[]) => any, ...values: any[]) => any}
 */
export function captureContext() {
  const resource = new AsyncResource('TLSWRAP')
  return (call, ...values) => resource.runInAsyncScope(call, undefined, ...values)
}

export const nextTick = process.nextTick

/** Call when promises that are settled now have been followed. */
export const nextTurn = (callback) => queueMicrotask(() => nextTick(callback))

/** Whether `nextTurn` costs next to nothing. */
export const turnsAreCheap = true

/** Where a trace goes. */
export const printTrace = (text) => void process.stderr.write(text)

export const emitWarning = (message, type, code) => process.emitWarning(message, type, code)

/** The flags that the runtime was started with. */
export const runtimeFlags = () => process.execArgv ?? []

/**
 * A variable of the environment, if it may be read: where that takes a permission (Deno), nobody is asked for it.
 * @param {string} name
 * @return {string | undefined}
 */
export function environmentVariable(name) {
  const { permissions } = /** @type {any} */ (globalThis).Deno ?? {}
  if (permissions && permissions.querySync({ name: 'env', variable: name }).state !== 'granted') return undefined
  return process.env?.[name]
}

const isBun = Boolean(process.versions?.bun)
const isNode = !isBun && !('Deno' in globalThis) && !('WebSocketPair' in globalThis)

/**
 * The runtime's own certificate class: workerd's lacks what is newer, and Deno's knows no wildcards.
 * @type {typeof import('node:crypto').X509Certificate | undefined}
 */
export const X509Certificate = isNode || isBun ? crypto.X509Certificate : undefined

/** Whether the runtime says itself that the file of NODE_EXTRA_CA_CERTS is no good, by the time its own TLS has read it. */
export const warnsOfExtraCertificates = isNode

/** Whether the runtime has root certificates for us; workerd has the name, and nothing behind it. */
export const hasRootCertificates = !('WebSocketPair' in globalThis)

/** The runtime's own TLS, for the certificates that it knows: loaded when it is asked for. @return {any} */
export const nativeTls = () => process.getBuiltinModule?.('node:tls')

/**
 * What `_handle` is of a TLSSocket over a transport, if it is anything. http2-wrapper, which got brings along, makes a socket over a PassThrough,
 * for nothing but to take from its handle the class by which the runtime makes a socket of a stream.
 * @param {unknown} transport
 */
export const handleOver = (transport) => (transport instanceof PassThrough ? streamHandle : null)

const streamHandle = {
  get _parentWrap() {
    const { _handle: handle } = new (nativeTls().TLSSocket)(new PassThrough())
    // A program may have put our class in the place of the runtime's.
    return handle === streamHandle ? undefined : handle?._parentWrap
  },
}

const files = () => process.getBuiltinModule('node:fs')

/**
 * @param {string} path
 * @return {string}
 */
export const readTextFile = (path) => files().readFileSync(path, 'latin1')

/** @type {((url: URL) => Uint8Array) | null} */
export const readFile = (url) => files().readFileSync(url)

/**
 * Append to a file, which nobody else may read if it is new.
 * @param {string} path
 * @param {Uint8Array} bytes
 */
export const appendToFile = (path, bytes) => files().appendFileSync(path, bytes, { mode: 0o600 })

/** TCP: a net.Socket that connects. */
export const connectTcp = (options) => net.connect(options)
