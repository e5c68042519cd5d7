// The events of sockets and servers, and what their listeners get (Node docs: class tls.TLSSocket, class tls.Server).
import type { TLSSocket } from '../tls-socket.js'
import type { Buffer, ServerBase, SocketBase } from './platform.js'

/** Events of a TLSSocket. Those that are not here have listeners of anything. */
export interface TLSSocketEvents {
  /** A line of a key log, in the format of NSS. */
  keylog: [line: Buffer]
  /** What the server stapled; null if nothing. */
  OCSPResponse: [response: Buffer | null]
  /** The handshake is done; on both sides. */
  secure: []
  /** The handshake is done, on a socket of `tls.connect`. */
  secureConnect: []
  /** A session that can be resumed, on a client. */
  session: [session: Buffer]
  close: [hadError: boolean]
  connect: []
  drain: []
  end: []
  error: [error: Error & { code?: string }]
  finish: []
  ready: []
  timeout: []
}

/** Events of a server. */
export interface ServerEvents {
  /** A line of a key log of one of its sockets. */
  keylog: [line: Buffer, socket: TLSSocket]
  /** A session that a client may resume by its id: keep it, then call back. */
  newSession: [sessionId: Buffer, sessionData: Buffer, callback: () => void]
  /** A client wants an OCSP response: call back with its DER, or with null. */
  OCSPRequest: [certificate: Buffer, issuer: Buffer | null, callback: (error: Error | null, response?: Uint8Array | null) => void]
  /** A client names a session: call back with what `newSession` told, or with null. */
  resumeSession: [sessionId: Buffer, callback: (error: Error | null, sessionData?: Uint8Array | null) => void]
  /** The handshake is done. */
  secureConnection: [socket: TLSSocket]
  /** A connection ended before its handshake was done. */
  tlsClientError: [error: Error & { code?: string }, socket: TLSSocket]
  /** As `tlsClientError`, of old. */
  clientError: [error: Error & { code?: string }, socket: TLSSocket]
  /** A transport came, or is handed in: `server.emit('connection', duplex)`. */
  connection: [socket: any]
  close: []
  error: [error: Error & { code?: string }]
  listening: []
}

export interface TLSSocketBase extends SocketBase {
  addListener<E extends keyof TLSSocketEvents>(event: E, listener: (...values: TLSSocketEvents[E]) => void): this
  addListener(event: string | symbol, listener: (...values: any[]) => void): this
  on<E extends keyof TLSSocketEvents>(event: E, listener: (...values: TLSSocketEvents[E]) => void): this
  on(event: string | symbol, listener: (...values: any[]) => void): this
  once<E extends keyof TLSSocketEvents>(event: E, listener: (...values: TLSSocketEvents[E]) => void): this
  once(event: string | symbol, listener: (...values: any[]) => void): this
  prependListener<E extends keyof TLSSocketEvents>(event: E, listener: (...values: TLSSocketEvents[E]) => void): this
  prependListener(event: string | symbol, listener: (...values: any[]) => void): this
  prependOnceListener<E extends keyof TLSSocketEvents>(event: E, listener: (...values: TLSSocketEvents[E]) => void): this
  prependOnceListener(event: string | symbol, listener: (...values: any[]) => void): this
  off<E extends keyof TLSSocketEvents>(event: E, listener: (...values: TLSSocketEvents[E]) => void): this
  off(event: string | symbol, listener: (...values: any[]) => void): this
  removeListener<E extends keyof TLSSocketEvents>(event: E, listener: (...values: TLSSocketEvents[E]) => void): this
  removeListener(event: string | symbol, listener: (...values: any[]) => void): this
  emit<E extends keyof TLSSocketEvents>(event: E, ...values: TLSSocketEvents[E]): boolean
  emit(event: string | symbol, ...values: any[]): boolean
}

export interface TLSServerBase extends ServerBase {
  /** How many connections there are, where the server listens. */
  readonly connections: number
  addListener<E extends keyof ServerEvents>(event: E, listener: (...values: ServerEvents[E]) => void): this
  addListener(event: string | symbol, listener: (...values: any[]) => void): this
  on<E extends keyof ServerEvents>(event: E, listener: (...values: ServerEvents[E]) => void): this
  on(event: string | symbol, listener: (...values: any[]) => void): this
  once<E extends keyof ServerEvents>(event: E, listener: (...values: ServerEvents[E]) => void): this
  once(event: string | symbol, listener: (...values: any[]) => void): this
  prependListener<E extends keyof ServerEvents>(event: E, listener: (...values: ServerEvents[E]) => void): this
  prependListener(event: string | symbol, listener: (...values: any[]) => void): this
  prependOnceListener<E extends keyof ServerEvents>(event: E, listener: (...values: ServerEvents[E]) => void): this
  prependOnceListener(event: string | symbol, listener: (...values: any[]) => void): this
  off<E extends keyof ServerEvents>(event: E, listener: (...values: ServerEvents[E]) => void): this
  off(event: string | symbol, listener: (...values: any[]) => void): this
  removeListener<E extends keyof ServerEvents>(event: E, listener: (...values: ServerEvents[E]) => void): this
  removeListener(event: string | symbol, listener: (...values: any[]) => void): this
  emit<E extends keyof ServerEvents>(event: E, ...values: ServerEvents[E]): boolean
  emit(event: string | symbol, ...values: any[]): boolean
}
