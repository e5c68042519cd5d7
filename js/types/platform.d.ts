// What the declarations stand on: Node's own types where a program has them (@types/node), and otherwise the part of them that
// works everywhere. One place decides: a program for browsers needs no types of Node's, and one for Node gets Node's classes, so
// that a TLSSocket is a net.Socket for every driver that wants one.
//
// A type of a module that is not there is an error, silenced here, and then every name is a key of it: `Either` tells by that.

import type { TLSServerBase, TLSSocketBase } from './events.js'

/** Whether a type is missing: then any name is a key of it. */
type IsMissing<T> = string extends keyof T ? true : false

/** A type of Node's, or ours where there is none. */
type Either<Node, Ours> = IsMissing<Node> extends true ? Ours : Node

// @ts-ignore: without @types/node there is no such module
type NodeBuffer = import('node:buffer').NonSharedBuffer
// @ts-ignore: without @types/node there is no such module
type NodeEventEmitter = import('node:events').EventEmitter
// @ts-ignore: without @types/node there is no such module
type NodeDuplex = import('node:stream').Duplex
// @ts-ignore: without @types/node there is no such module
type NodeSocket = import('node:net').Socket
// @ts-ignore: without @types/node there is no such module
type NodeSocketClass = typeof import('node:net').Socket
// @ts-ignore: without @types/node there is no such module
type NodeServerClass = typeof import('node:net').Server
// @ts-ignore: without @types/node there is no such module
type NodeServer = import('node:net').Server
// @ts-ignore: without @types/node there is no such module
type NodeConnectOptions = import('node:net').TcpNetConnectOpts
// @ts-ignore: without @types/node there is no such module
type NodeServerOptions = import('node:net').ServerOpts
// @ts-ignore: there may be no such module, and of late there is no such type
type NodeSecurePair = import('node:tls').SecurePair
// @ts-ignore: without @types/node there is no such module
type NodeX509Certificate = import('node:crypto').X509Certificate

/** Bytes of the package `buffer`, which browsers get: the part of Node's Buffer that is used most. */
export interface BytesBuffer extends Uint8Array {
  toString(encoding?: string, start?: number, end?: number): string
  equals(other: Uint8Array): boolean
  compare(other: Uint8Array): number
  copy(target: Uint8Array, targetStart?: number, sourceStart?: number, sourceEnd?: number): number
  write(text: string, offset?: number, length?: number, encoding?: string): number
  readUInt8(offset?: number): number
  readUInt16BE(offset?: number): number
  readUInt32BE(offset?: number): number
  readInt32BE(offset?: number): number
}

/** Node's EventEmitter. */
export interface Emitter {
  addListener(event: string | symbol, listener: (...values: any[]) => void): this
  on(event: string | symbol, listener: (...values: any[]) => void): this
  once(event: string | symbol, listener: (...values: any[]) => void): this
  prependListener(event: string | symbol, listener: (...values: any[]) => void): this
  prependOnceListener(event: string | symbol, listener: (...values: any[]) => void): this
  off(event: string | symbol, listener: (...values: any[]) => void): this
  removeListener(event: string | symbol, listener: (...values: any[]) => void): this
  removeAllListeners(event?: string | symbol): this
  emit(event: string | symbol, ...values: any[]): boolean
  listenerCount(event: string | symbol): number
  listeners(event: string | symbol): ((...values: any[]) => void)[]
}

/** Node's stream.Duplex. */
export interface DuplexStream extends Emitter {
  allowHalfOpen: boolean
  readonly closed: boolean
  destroyed: boolean
  readonly errored: Error | null
  readonly readable: boolean
  readonly readableEnded: boolean
  readonly readableFlowing: boolean | null
  readonly readableHighWaterMark: number
  readonly readableLength: number
  readonly writable: boolean
  readonly writableEnded: boolean
  readonly writableFinished: boolean
  readonly writableHighWaterMark: number
  readonly writableLength: number
  readonly writableNeedDrain: boolean
  read(size?: number): any
  setEncoding(encoding: string): this
  pause(): this
  resume(): this
  isPaused(): boolean
  unshift(chunk: any, encoding?: string): void
  pipe<T>(destination: T, options?: { end?: boolean }): T
  unpipe(destination?: any): this
  write(chunk: any, callback?: (error: Error | null | undefined) => void): boolean
  write(chunk: any, encoding: string, callback?: (error: Error | null | undefined) => void): boolean
  end(callback?: () => void): this
  end(chunk: any, callback?: () => void): this
  end(chunk: any, encoding: string, callback?: () => void): this
  cork(): void
  uncork(): void
  destroy(error?: Error): this
  [Symbol.asyncIterator](): AsyncIterator<any>
}

/** The part of Node's net.Socket that there is without TCP. */
export interface PlainSocket extends DuplexStream {
  connecting: boolean
}

/** The part of Node's net.Server that there is without TCP. */
export interface PlainServer extends Emitter {
  listening: boolean
  maxConnections?: number
  listen(...parameters: any[]): this
  close(callback?: (error?: Error) => void): this
  address(): string | { address: string; family: string; port: number } | null
  getConnections(callback: (error: Error | null, count: number) => void): this
  ref(): this
  unref(): this
}

/** Where to connect, as far as every connector understands it. */
export interface PlainConnectOptions {
  host?: string | undefined
  localAddress?: string | undefined
  localPort?: number | undefined
  family?: number | undefined
  keepAlive?: boolean | undefined
  noDelay?: boolean | undefined
}

/** Options of a net.Server that count without TCP. */
export interface PlainServerOptions {
  allowHalfOpen?: boolean | undefined
  pauseOnConnect?: boolean | undefined
  highWaterMark?: number | undefined
}

export type Buffer = Either<NodeBuffer, BytesBuffer>
export type SocketBase = Either<NodeSocket, PlainSocket>
export type ServerBase = Either<NodeServer, PlainServer>
export type ConnectOptions = Either<NodeConnectOptions, PlainConnectOptions>
export type ServerOptions = Either<NodeServerOptions, PlainServerOptions>
export type X509Certificate = Either<NodeX509Certificate, import('../x509-certificate.js').X509Certificate>

/** The plain end of a SecurePair: a TLSSocket in the words of Node's older declarations, which is more than it is, here and there. */
export type EncryptedEnd<Ours> = IsMissing<NodeSecurePair> extends true ? Ours : Ours & NodeSecurePair['encrypted']

/** Node's stream.Duplex. */
export type Duplex = Either<NodeDuplex, DuplexStream>
export const Duplex: new (options?: object) => Duplex

export const EventEmitter: new (options?: object) => Either<NodeEventEmitter, Emitter>

/** What a class has besides its instances. */
type Statics<Class> = IsMissing<Class> extends true ? object : Omit<Class, 'prototype'>

/** What TLSSocket builds on. */
export const Socket: (new (options?: object) => TLSSocketBase) & Statics<NodeSocketClass>

/** What tls.Server builds on. */
export const Server: (new (options?: object, listener?: (socket: any) => void) => TLSServerBase) & Statics<NodeServerClass>
