// What belongs to one TLSSocket.
import { captureContext } from '#platform'
import { Queue } from './queue.js'

/** The most plaintext in a record (RFC 8446, 5.1). */
export const LARGEST_FRAGMENT = 16384

/** Where a socket keeps its state. */
export const kState = Symbol('state')

/** What belongs to one socket. */
export class State {
  /** @type {import('./engine-connection.js').EngineConnection | null} */
  engine = null
  /** Whether this is the server's end. */
  isServer = false
  /** Calls in the asynchronous context that the socket was made in: its events are told there. */
  inContext = captureContext()
  /** The Duplex of the ciphertext. @type {any} */
  transport = null
  /** Our listeners on the transport, by event. @type {Record<string, (...values: any[]) => void>} */
  listeners = {}
  /** What ALPN offers, as a ProtocolNameList without its length. */
  protocols = new Uint8Array(0)
  /** The name for SNI, and for the identity. @type {string | undefined} */
  servername = undefined
  /** The session to offer. @type {Uint8Array | undefined} */
  session = undefined
  /** What the peer said first. @type {Uint8Array | undefined} */
  first = undefined
  /** Whether an external pre-shared key is offered, or taken. */
  hasPsk = false
  /** Whether the handshake has begun. */
  started = false
  secure = false
  /** Ciphertext is collected while it is not 0. */
  corked = 0
  /** Ciphertext is kept back until something is decided. */
  withheld = false
  /** The end of the handshake waits for the end of the turn in which it is told. */
  isNew = false
  /** Called when the transport has taken what there is. @type {((error?: Error | null) => void)[]} */
  sending = []
  /** The engine waits for the answer to a question. */
  deciding = false
  /** The reader has enough for now: the transport is paused. */
  holding = false
  /** The reader has been told that no more comes. */
  readingEnded = false
  /** The transport has said that no more comes. */
  transportEnded = false
  peerClosed = false
  /** We have sent close_notify: everything else was handed over before. */
  closeSent = false
  /** An alert of ours is on its way to a peer we leave. */
  lastWords = false
  /** What waits for the handshake: sealed and sent at its end. @type {null | (() => void)} */
  write = null
  /** @type {null | (() => void)} */
  final = null
  /** The callback of the write that is under way. @type {null | ((error?: Error | null) => void)} */
  writeCallback = null
  facts = { protocol: 0, cipher: 0, group: 0, alpn: undefined, resumed: false, extended: false }
  /** The signature schemes that a client has offered. @type {Uint16Array} */
  signatureSchemes = new Uint16Array(0)
  /** Whose certificates a server presents, where it is not its context. @type {any} */
  identityContext = null
  /** Whose trust a server's client is judged by, where it is not its context. @type {any} */
  trustContext = null
  /** The context of the options. @type {any} */
  secureContext = null
  /** The handshake messages are printed. */
  trace = false
  /** What the peer presented, and the way from it to what is trusted, as DER, leaf first. @type {Uint8Array[]} */
  presented = []
  /** @type {Uint8Array[]} */
  chain = []
  /** What is still to be delivered, plaintext and events: a listener may throw in between. @type {Queue<Buffer | (() => void)>} */
  undelivered = new Queue()
  /** The rest of it waits for its turn. */
  deliveryWaits = false
  /** What is to be delivered waits until it is decided who the peer is, or until its session has been kept. */
  undecided = false
  /** Steps for when all is delivered. @type {(() => void)[]} */
  afterDelivery = []
  /** Why the connection fails once all is delivered. @type {import('./errors.js').CodedError & { reason?: string } | null} */
  failure = null
  bytesRead = 0
  bytesWritten = 0
  maxFragment = LARGEST_FRAGMENT
  timer = undefined
  /** Calls in the asynchronous context that `setTimeout` was called in. */
  inTimeoutContext = this.inContext
  /** @type {any} */
  options = {}
  /** @type {null | (() => void)} */
  removeAbortListener = null

  constructor(options) {
    this.options = options
    this.isServer = Boolean(options.isServer)
    this.secureContext = options.secureContext
    this.trace = Boolean(options.enableTrace)
  }
}
