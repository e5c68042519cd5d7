// Options, and what calls take and give: Node's (Node docs: tls), and ours besides.
import type { SessionCache } from '../session-cache.js'
import type { TLSSocket } from '../tls-socket.js'
import type { Buffer, ConnectOptions, Duplex, ServerBase, ServerOptions as TransportServerOptions } from './platform.js'

/** Text, or bytes: PEM or DER. */
type Text = string | ArrayBufferView

type Protocol = 'TLSv1.3' | 'TLSv1.2' | 'TLSv1.1' | 'TLSv1'

export type SecureVersion = Protocol

/** A context of `tls.createSecureContext`, wherever one is taken. */
export interface GivenContext {
  context: any
}

/** A private key with its own passphrase. */
export interface KeyObject {
  pem: Text
  passphrase?: string | undefined
}

/** A PFX file with its own passphrase. */
export interface PxfObject {
  buf: Text
  passphrase?: string | undefined
}

/** Options of `tls.createSecureContext`. Null means unset, as undefined does. */
export interface SecureContextOptions {
  /** Certificates that are trusted instead of the default ones. */
  ca?: Text | readonly Text[] | null | undefined
  /** Certificate chains, each leaf first. */
  cert?: Text | readonly Text[] | null | undefined
  /** Private keys, in any order. */
  key?: Text | readonly (Text | KeyObject)[] | null | undefined
  /** Keys and certificates of PKCS#12. */
  pfx?: Text | readonly (Text | PxfObject)[] | null | undefined
  /** For `key` and `pfx`. */
  passphrase?: string | null | undefined
  /** Whether an intermediate certificate in `ca` is enough. */
  allowPartialTrustChain?: boolean | null | undefined
  /** Signature algorithms, in OpenSSL's language. */
  sigalgs?: string | null | undefined
  /** Cipher suites, in OpenSSL's language. */
  ciphers?: string | null | undefined
  /** Groups of the key exchange, in OpenSSL's language; `auto` for the engine's own. */
  ecdhCurve?: string | null | undefined
  /** Whether a server's order of suites counts. */
  honorCipherOrder?: boolean | null | undefined
  minVersion?: SecureVersion | null | undefined
  maxVersion?: SecureVersion | null | undefined
  /** Versions by the name of OpenSSL's method. */
  secureProtocol?: string | null | undefined
  /** Bits of OpenSSL, `SSL_OP_*`. */
  secureOptions?: number | null | undefined
  /** What a server's sessions are told apart by. */
  sessionIdContext?: string | null | undefined
  /** How long a server's sessions may be resumed, in seconds. */
  sessionTimeout?: number | null | undefined
  /** 48 bytes that a server's tickets are sealed with. */
  ticketKeys?: ArrayBufferView | null | undefined
  /** Revocation lists, PEM or DER: where there is one, every certificate of the peer's chain needs a list of its issuer. */
  crl?: Text | readonly Text[] | null | undefined
  /** Without effect: there is no finite-field Diffie-Hellman. */
  dhparam?: Text | null | undefined
  /** Refused: there are no OpenSSL engines. */
  clientCertEngine?: string | null | undefined
  /** Refused: there are no OpenSSL engines. */
  privateKeyEngine?: string | null | undefined
  /** Refused: there are no OpenSSL engines. */
  privateKeyIdentifier?: string | null | undefined
}

/** What sockets of both sides take. */
export interface CommonConnectionOptions extends SecureContextOptions {
  /** Instead of the options of one. */
  secureContext?: GivenContext | undefined
  /** Print the handshake messages. */
  enableTrace?: boolean | undefined
  /** Whether a server asks for a certificate. */
  requestCert?: boolean | undefined
  /** Only `false` lets anybody in. */
  rejectUnauthorized?: boolean | undefined
  /** Protocols of the application, in the order of preference; or as they are sent. */
  ALPNProtocols?: readonly (string | Uint8Array)[] | ArrayBufferView | null | undefined
  /** NPN is gone from TLS: taken as `ALPNProtocols`. @deprecated */
  NPNProtocols?: readonly (string | Uint8Array)[] | ArrayBufferView | undefined
  /** Chooses the context for a name that a client asks for. */
  SNICallback?: ((servername: string, callback: (error: Error | null, context?: GivenContext) => void) => void) | null | undefined
  /** Chooses the protocol of the application; undefined refuses the client. */
  ALPNCallback?: ((offer: { servername: string; protocols: string[] }) => string | undefined) | null | undefined
  /** Destroys the socket when it is aborted. */
  signal?: { readonly aborted: boolean; addEventListener(type: string, listener: (event: any) => void, options?: any): void } | undefined
  /**
   * Ours: keys of which the peer must have one, itself or a certificate that it is trusted by; `sha256/` and the base64 of the SHA-256 of a
   * SubjectPublicKeyInfo. Enforced in any case: of a peer that is not trusted, `rejectUnauthorized` being false, its own key must be one.
   */
  pinnedKeys?: readonly string[] | null | undefined
  /**
   * Ours: is asked about a peer that would be let in, before anything is sent to it. What it throws, rejects with, or gives as an Error
   * refuses the peer, and so does all that it gives but nothing and `true`. It can not let in whom the ordinary verdict refuses.
   */
  verifyPeer?: ((peer: PeerDescription) => PeerAnswer | PromiseLike<PeerAnswer>) | null | undefined
  /** Ours: an end without close_notify is an error, ERR_TLS_TRUNCATED. */
  requireCloseNotify?: boolean | undefined
  allowHalfOpen?: boolean | undefined
  highWaterMark?: number | undefined
  readableHighWaterMark?: number | undefined
  writableHighWaterMark?: number | undefined
}

/** Ours: nothing, or `true`, lets a peer in; all else refuses it. */
// biome-ignore lint/suspicious/noConfusingVoidType: what a function without an answer returns
export type PeerAnswer = void | null | boolean | Error

/** Ours: what `verifyPeer` is told of a peer. */
export interface PeerDescription {
  /** Who the server is to be; null for a client. */
  host: string | null
  /** The ordinary verdict: of a peer that is not authorised, `rejectUnauthorized` is false, or a client was not asked for a certificate. */
  authorized: boolean
  authorizationError: string | null
  /** The certificates of the way to what is trusted, leaf first, DER; of one that is not trusted, as far as there is one. */
  chain: Buffer[]
  /** What the peer presented, now or when the session was made, leaf first, DER. */
  presented: Buffer[]
  /** What a server stapled, DER; it has been verified if `ocspPolicy` says so. */
  ocspResponse: Buffer | null
  /** Whether this is the server's end. */
  isServer: boolean
  /** Whether a session was resumed, or an external pre-shared key taken: certificates are those of then. */
  resumed: boolean
}

/** Web Streams of bytes: a Deno.Conn, a Workers socket, a WebTransport stream. */
export interface WebStreams {
  readable: { getReader(): any }
  writable: { getWriter(): any }
  opened?: PromiseLike<unknown>
  close?(): unknown
  closeWrite?(): PromiseLike<void>
}

/** A WebSocket, in any state. */
export interface WebSocketLike {
  send(data: any): void
  close(): void
  readonly bufferedAmount: number
  binaryType: string
  addEventListener(type: any, listener: any): void
}

/** A WebSocketStream: its streams come when it has opened. */
export interface WebSocketStreamLike {
  opened: PromiseLike<unknown>
  close(): unknown
}

/** What can carry ciphertext. */
export type Transport = Duplex | WebStreams | WebSocketLike | WebSocketStreamLike

/** Makes the transport to a destination. */
export type Connector = (options: Destination) => Transport | PromiseLike<Transport>

/** Where to connect. */
export interface Destination {
  host?: string | undefined
  port?: number | undefined
  /** Of a Unix socket. */
  path?: string | undefined
  [option: string]: any
}

/** What a client's `pskCallback` gives. */
export interface PSKCallbackNegotation {
  psk: ArrayBufferView
  identity: string
}

/** What a client takes, whose socket may be given. */
export interface ClientOptions extends CommonConnectionOptions {
  /** Who the server is to be, and what SNI names. */
  servername?: string | undefined
  /** A session to resume: of 'session' or `getSession`. */
  session?: ArrayBufferView | undefined
  /** Ours: keeps the sessions, which later connections to the same server resume that have the same cache. */
  sessionCache?: SessionCache | null | undefined
  /** Ours: 32 bytes that the sessions are sealed with which are told, and must be opened with when they are given. */
  sessionSealingKey?: Uint8Array | null | undefined
  /** Ask for a stapled OCSP response. */
  requestOCSP?: boolean | undefined
  /**
   * Ours: what is made of a stapled OCSP response. `verify`: one that is there must be good, and it must be there if the certificate says
   * so (must-staple); `require`: it must be there; `ignore`, the default: nothing. But for that, a response is asked for.
   */
  ocspPolicy?: 'ignore' | 'verify' | 'require' | null | undefined
  /** Why a server is not who it should be; undefined if it is. */
  checkServerIdentity?: ((hostname: string, certificate: PeerCertificate) => Error | null | undefined) | undefined
  /** A key shared beforehand; null for none. The hint is null in TLS 1.3. */
  pskCallback?: ((hint: string | null) => PSKCallbackNegotation | null) | null | undefined
}

/** Options of `tls.connect`: what the transport takes besides is handed on to it. */
export interface ConnectionOptions extends ClientOptions, Omit<ConnectOptions, keyof ClientOptions | 'port' | 'timeout' | 'onread'> {
  port?: number | string | undefined
  path?: string | undefined
  /** The transport, in any state, in the place of a destination. */
  socket?: Transport | undefined
  /** Ours: makes the transport, in the place of the runtime's TCP and of `tls.DEFAULT_CONNECTOR`. */
  connector?: Connector | undefined
  /** 'timeout' after so many idle milliseconds. */
  timeout?: number | undefined
  /** Of no meaning: there is no finite-field Diffie-Hellman. */
  minDHSize?: number | undefined
  /** What comes goes into one buffer, in the place of 'data'. */
  onread?: { buffer: Uint8Array | (() => Uint8Array); callback(length: number, buffer: Uint8Array): boolean } | undefined
}

/** Options of `new tls.TLSSocket`. */
export interface TLSSocketOptions extends Omit<ClientOptions, 'pskCallback'> {
  isServer?: boolean | undefined
  server?: ServerBase | undefined
  pskCallback?: ClientOptions['pskCallback'] | ServerOptions['pskCallback']
  pskIdentityHint?: string | undefined
  pauseOnConnect?: boolean | undefined
}

/** Options of `tls.createServer`. */
export interface ServerOptions
  extends Omit<CommonConnectionOptions, 'secureContext' | 'signal'>,
    Omit<TransportServerOptions, keyof CommonConnectionOptions> {
  /** How long a handshake may take, in milliseconds. */
  handshakeTimeout?: number | undefined
  /** The key of an identity; null for none. */
  pskCallback?: ((socket: TLSSocket, identity: string) => ArrayBufferView | null | undefined) | null | undefined
  /** Without effect: TLS 1.3 has no hint. */
  pskIdentityHint?: string | null | undefined
  pauseOnConnect?: boolean | undefined
}

/** A name in a certificate. */
export interface Certificate {
  C?: string | string[]
  ST?: string | string[]
  L?: string | string[]
  O?: string | string[]
  OU?: string | string[]
  CN?: string | string[]
  [attribute: string]: string | string[] | undefined
}

/** A certificate (Node docs: "Certificate object"). */
export interface PeerCertificate {
  ca: boolean
  raw: Buffer
  subject: Certificate
  issuer: Certificate
  valid_from: string
  valid_to: string
  serialNumber: string
  fingerprint: string
  fingerprint256: string
  fingerprint512: string
  ext_key_usage?: string[]
  subjectaltname?: string
  infoAccess?: { [method: string]: string[] | undefined }
  bits?: number
  exponent?: string
  modulus?: string
  pubkey?: Buffer
  asn1Curve?: string
  nistCurve?: string
}

/** A certificate and its way to what is trusted. */
export interface DetailedPeerCertificate extends PeerCertificate {
  issuerCertificate: DetailedPeerCertificate
}

export interface CipherNameAndProtocol {
  /** OpenSSL's name. */
  name: string
  /** IANA's name. */
  standardName: string
  version: string
}

export interface EphemeralKeyInfo {
  type: string
  name?: string | undefined
  size: number
}
