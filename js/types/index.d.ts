// The declarations of the package: what `import` gives. The classes and functions are declared where they are (js/*.js); here is
// what the code puts together at run time: the namespace.
import type {
  createSecurePair as CreateSecurePair,
  CryptoStream as CryptoStreamClass,
  EncryptedStream as EncryptedStreamClass,
  SecurePair as SecurePairClass,
} from '../legacy.js'
import type { checkServerIdentity as CheckServerIdentity } from '../check-server-identity.js'
import type { connect as Connect } from '../connect.js'
import type { createSecureContext as CreateSecureContext, SecureContext as SecureContextClass } from '../secure-context.js'
import type { createServer as CreateServer, Server as ServerValue } from '../server.js'
import type { SessionCache as SessionCacheClass } from '../session-cache.js'
import type { TLSSocket as TLSSocketClass } from '../tls-socket.js'
import type * as options from './options.js'
import type { Buffer } from './platform.js'

type ServerClass = InstanceType<typeof ServerValue>

/** The namespace: one mutable object, the default export and what `require` gives. */
export interface Tls {
  /** Of no meaning: there is no renegotiation. */
  CLIENT_RENEG_LIMIT: number
  /** Of no meaning: there is no renegotiation. */
  CLIENT_RENEG_WINDOW: number
  /** Of no meaning. @deprecated */
  SLAB_BUFFER_SIZE: number
  DEFAULT_CIPHERS: string
  DEFAULT_ECDH_CURVE: string
  DEFAULT_MIN_VERSION: options.SecureVersion
  DEFAULT_MAX_VERSION: options.SecureVersion
  /** How `connect()` makes a transport where no option says it; null for the runtime's own TCP. */
  DEFAULT_CONNECTOR: options.Connector | null
  SecureContext: typeof SecureContextClass
  Server: typeof ServerValue
  /** Ours: sessions that connections resume by themselves. */
  SessionCache: typeof SessionCacheClass
  TLSSocket: typeof TLSSocketClass
  /** @deprecated */
  CleartextStream: typeof TLSSocketClass
  /** @deprecated */
  CryptoStream: typeof CryptoStreamClass
  /** @deprecated */
  EncryptedStream: typeof EncryptedStreamClass
  /** @deprecated */
  SecurePair: typeof SecurePairClass
  checkServerIdentity: typeof CheckServerIdentity
  connect: typeof Connect
  createSecureContext: typeof CreateSecureContext
  /** What `crypto.createCredentials` was. @deprecated */
  createCredentials: typeof CreateSecureContext
  /** @deprecated */
  createSecurePair: typeof CreateSecurePair
  createServer: typeof CreateServer
  /** Mozilla's root certificates, PEM: the runtime's list, or that of `isomorphic-tls/roots`. */
  readonly rootCertificates: readonly string[]
  /** Certificates that are trusted, PEM. */
  getCACertificates(type?: 'default' | 'system' | 'bundled' | 'extra'): string[]
  /** Set what later contexts trust that are given no `ca`. */
  setDefaultCACertificates(certificates: readonly (string | ArrayBufferView)[]): void
  convertALPNProtocols(protocols: readonly (string | Uint8Array)[] | ArrayBufferView, out: { ALPNProtocols?: Buffer }): void
  /** @deprecated */
  convertNPNProtocols(protocols: readonly (string | Uint8Array)[] | ArrayBufferView, out: { NPNProtocols?: Buffer }): void
  /** @deprecated */
  parseCertString(text: string): Record<string, string | string[]>
  /** The suites that work here, in OpenSSL's names in lower case. */
  getCiphers(): string[]
  /** None: certificates are not compressed here. */
  getCertificateCompressionAlgorithms(): never[]
  /**
   * Make the library ready: in browsers, where it fetches the engine, and for `isomorphic-tls/slim`, which is given one.
   * Elsewhere it does nothing.
   */
  init(engine?: object | string): Promise<void>
}

declare const tls: Tls

declare namespace tls {
  type CipherNameAndProtocol = options.CipherNameAndProtocol
  type Certificate = options.Certificate
  type ConnectionOptions = options.ConnectionOptions
  type Connector = options.Connector
  type DetailedPeerCertificate = options.DetailedPeerCertificate
  type EphemeralKeyInfo = options.EphemeralKeyInfo
  type Namespace = Tls
  type PeerAnswer = options.PeerAnswer
  type PeerCertificate = options.PeerCertificate
  type PeerDescription = options.PeerDescription
  type SecureContext = SecureContextClass
  type SecureContextOptions = options.SecureContextOptions
  type SecurePair = SecurePairClass
  type SecureVersion = options.SecureVersion
  type Server = ServerClass
  type SessionCache = SessionCacheClass
  type TLSSocket = TLSSocketClass
  type TLSSocketOptions = options.TLSSocketOptions
  type TlsOptions = options.ServerOptions
  type Transport = options.Transport
}

export default tls

export { DEFAULT_CIPHERS } from '../cipher-names.js'
export { SecureContext, createSecureContext } from '../secure-context.js'
export { CryptoStream, createSecurePair, SecurePair } from '../legacy.js'
export { checkServerIdentity } from '../check-server-identity.js'
export { connect } from '../connect.js'
export { createServer } from '../server.js'
export { SessionCache } from '../session-cache.js'
export { TLSSocket } from '../tls-socket.js'
export const Server: Tls['Server']
export type Server = ServerClass
export const CLIENT_RENEG_LIMIT: Tls['CLIENT_RENEG_LIMIT']
export const CLIENT_RENEG_WINDOW: Tls['CLIENT_RENEG_WINDOW']
export const DEFAULT_ECDH_CURVE: Tls['DEFAULT_ECDH_CURVE']
export const DEFAULT_MAX_VERSION: Tls['DEFAULT_MAX_VERSION']
export const DEFAULT_MIN_VERSION: Tls['DEFAULT_MIN_VERSION']
export const convertALPNProtocols: Tls['convertALPNProtocols']
export const getCACertificates: Tls['getCACertificates']
export const getCertificateCompressionAlgorithms: Tls['getCertificateCompressionAlgorithms']
export const getCiphers: Tls['getCiphers']
export const init: Tls['init']
export const rootCertificates: Tls['rootCertificates']
export const setDefaultCACertificates: Tls['setDefaultCACertificates']
export type {
  Certificate,
  CipherNameAndProtocol,
  ConnectionOptions,
  Connector,
  DetailedPeerCertificate,
  EphemeralKeyInfo,
  PeerAnswer,
  PeerCertificate,
  PeerDescription,
  SecureContextOptions,
  SecureVersion,
  ServerOptions as TlsOptions,
  TLSSocketOptions,
  Transport,
} from './options.js'
