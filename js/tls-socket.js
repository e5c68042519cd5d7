// TLSSocket: the plaintext side of a connection, with the face of net.Socket; ciphertext goes over any Duplex (js/flow.js).
import { Buffer, captureContext, connectTcp, handleOver, nextTick, nextTurn, Socket, X509Certificate } from '#platform'
import { certificateChainObject, certificateObject } from './certificate.js'
import { channelBinding } from './channel-binding.js'
import { checkedBytes, checkInteger, checkType } from './check.js'
import { cipherNames, groupNames, protocolName } from './cipher-names.js'
import { isLoaded } from './engine.js'
import { makeError, renegotiationError, sslError } from './errors.js'
import { readOn } from './delivery.js'
import { attach, connected } from './flow.js'
import { parseIP } from './ip.js'
import { stopFlow } from './leaving.js'
import { endFlow, failWrite, toBuffer, writeAll } from './sending.js'
import { moved } from './timeout.js'
import { tellTlsError, withoutNpn } from './legacy.js'
import { tls } from './namespace.js'
import { checkConnectionOptions, checkDestination, convertProtocols, normalizeConnect, streamOptions } from './options.js'
import { contextOptions } from './peer-policy.js'
import { SecureContext } from './secure-context.js'
import { kState, LARGEST_FRAGMENT, State } from './socket-state.js'
import { toDuplex } from './transport/index.js'
import { linkCertificates } from './x509-certificate.js'

/** Codes of errors that tell no more than that the transport has ended: it may know how. */
const SAYS_NO_MORE = ['ECONNRESET', 'EPIPE', 'ERR_TLS_TRUNCATED']

/** The plaintext side of a TLS connection (Node docs: class tls.TLSSocket). */
export class TLSSocket extends Socket {
  /**
   * @param {import('./types/options.js').Transport} [socket] the transport of the ciphertext: a Duplex, a net.Socket in any state, a pair of Web Streams, a
   * WebSocket. Without it, `connect()` makes one.
   * @param {import('./types/options.js').TLSSocketOptions} [given] options as for `new tls.TLSSocket`, and those of `tls.connect` or of a server; further `requireCloseNotify`
   * (truncation is an error)
   */
  constructor(socket, given = {}) {
    const options = withoutNpn(given)
    checkConnectionOptions(options)
    if (options.secureContext && !(options.secureContext instanceof SecureContext)) throw makeError('ERR_TLS_INVALID_CONTEXT', ['context'])
    const transport = socket ? toDuplex(socket, { allowHalfOpen: Boolean(options.allowHalfOpen) }) : null
    super({ allowHalfOpen: Boolean(transport ? transport.allowHalfOpen : options.allowHalfOpen), ...streamOptions(options) })
    this[kState] = new State({ ...options, secureContext: options.secureContext ?? tls.createSecureContext(contextOptions(options)) })
    this[kState].protocols = convertProtocols(options.ALPNProtocols)
    /** @type {true} */
    this.encrypted = true
    this.secureConnecting = true
    this.authorized = false
    /** The code of what is wrong with the peer; a string, though Node's declarations say Error. @type {any} */
    this.authorizationError = null
    /** The agreed protocol; false if there is none, null before the handshake. @type {string | false | null} */
    this.alpnProtocol = null
    /** What SNI names. @type {string | false | null} */
    this.servername = null
    this.on('newListener', (event) => {
      if (event === 'keylog') this[kState].engine?.keepKeyLines()
    })
    this.on('error', tellTlsError)
    if (options.servername) this.setServername(options.servername)
    if (options.session) this.setSession(options.session)
    if (options.server) this.server = options.server
    if (transport) attach(this, transport)
    const handle = handleOver(transport)
    if (handle) Object.assign(this, { _handle: handle })
    if (options.pauseOnConnect) this.pause()
    if (options.signal) abortWith(this, options.signal)
  }

  /**
   * Connect to a server and start the handshake (Node docs: socket.connect). Where the runtime has no TCP, the option
   * `connector` or `tls.DEFAULT_CONNECTOR` makes the transport.
   * @param {...any} parameters (options[, listener]), (path[, listener]) or (port[, host][, listener])
   * @return {this}
   */
  connect(...parameters) {
    const [options, listener] = normalizeConnect(parameters)
    const given = options.connector ?? tls.DEFAULT_CONNECTOR
    if (given != null) checkType(options.connector == null ? 'tls.DEFAULT_CONNECTOR' : 'options.connector', given, 'function')
    if (listener) this.once('connect', listener)
    const state = this[kState]
    // `net` would set its own time-out and abort its own socket: both are the TLS socket's.
    const { timeout, signal, onread, socket, ...rest } = { ...options, allowHalfOpen: true }
    const { host, port, path, localAddress } = options
    state.options = { ...state.options, host, port, path, localAddress }
    // A name that is looked up, for TLS in TLS.
    if (path === undefined && !parseIP(host || '')) Object.assign(this, { _host: host || 'localhost' })
    const connector = given ?? connectTcp
    if (connector !== connectTcp) checkDestination(options)
    this.connecting = true
    if (!connector) {
      this.destroy(makeError(isLoaded() ? 'ERR_TLS_NO_CONNECTOR' : 'ERR_TLS_NOT_INITIALIZED'))
      return this
    }
    let made
    try {
      made = connector(rest)
    } catch (error) {
      // A bad option is thrown at the caller, as by net.connect.
      if (connector === connectTcp) throw error
      return this.destroy(connectorError(error))
    }
    if (typeof made?.then === 'function') {
      made.then(
        (transport) => connected(this, transport),
        (error) => this.destroy(connectorError(error)),
      )
    } else {
      connected(this, made)
    }
    return this
  }

  /** Whether bytes flow: no transport, or one that is not connected yet, means no. */
  get pending() {
    const transport = this[kState]?.transport
    return !transport || this.connecting || Boolean(transport.pending)
  }

  /** As of net.Socket. */
  get readyState() {
    if (this.connecting) return 'opening'
    if (this.readable && this.writable) return 'open'
    if (this.readable) return 'readOnly'
    return this.writable ? 'writeOnly' : 'closed'
  }

  /** Plaintext received, in bytes. @return {number} */
  get bytesRead() {
    return this[kState]?.bytesRead ?? 0
  }
  /** Bun's net.Socket sets its own count to 0 when constructed. */
  set bytesRead(_count) {}

  /** Plaintext written, in bytes, what waits included. @return {number} */
  get bytesWritten() {
    const waiting = /** @type {any} */ (this).writableBuffer ?? []
    return waiting.reduce((sum, entry) => sum + toBuffer(entry).length, this[kState]?.bytesWritten ?? 0)
  }

  /** Plaintext that has not been handed to the transport, in bytes; undefined once closed. */
  get bufferSize() {
    return this[kState]?.transport && !this.destroyed ? this.writableLength : undefined
  }

  /** Whether the peer ended with close_notify: what came is all there was. */
  get closeNotifyReceived() {
    return Boolean(this[kState]?.peerClosed)
  }

  /** @return {string | undefined} */
  get remoteAddress() {
    return this[kState]?.transport?.remoteAddress
  }
  /** @return {string | undefined} */
  get remoteFamily() {
    return this[kState]?.transport?.remoteFamily
  }
  /** @return {number | undefined} */
  get remotePort() {
    return this[kState]?.transport?.remotePort
  }
  /** @return {string | undefined} */
  get localAddress() {
    return this[kState]?.transport?.localAddress
  }
  /** @return {string | undefined} */
  get localFamily() {
    return this[kState]?.transport?.localFamily
  }
  /** @return {number | undefined} */
  get localPort() {
    return this[kState]?.transport?.localPort
  }

  /** The address of the transport, `{}` where it has none. */
  address() {
    return this[kState].transport?.address?.() ?? {}
  }

  /**
   * Name the server in SNI; before the handshake only.
   * @param {string} name
   */
  setServername(name) {
    checkType('name', name, 'string')
    if (name === '') throw makeError('ERR_INVALID_ARG_VALUE', ['name', 'must not be empty', name])
    if (this[kState].isServer) throw makeError('ERR_TLS_SNI_FROM_SERVER')
    if (this[kState].started) throw makeError('ERR_INVALID_STATE', ['the handshake has begun'])
    this[kState].servername = name
  }

  /**
   * Offer a session to the server; before the handshake only.
   * @param {string | ArrayBufferView} session of `getSession` or the event 'session'
   */
  setSession(session) {
    if (typeof session !== 'string' && !ArrayBuffer.isView(session)) throw makeError('ERR_INVALID_ARG_TYPE', ['Session must be a buffer'])
    this[kState].session = typeof session === 'string' ? Buffer.from(session, 'latin1') : checkedBytes('session', session)
  }

  /**
   * Present other certificates than those of the context; on a server, and before the handshake is done.
   * @param {import('./types/options.js').GivenContext | import('./types/options.js').SecureContextOptions} context a SecureContext, or the options of one
   */
  setKeyCert(context) {
    const made = context instanceof SecureContext ? context : tls.createSecureContext(context)
    if (!made.context.certificate()) throw makeError('ERR_TLS_NO_CERTIFICATE')
    // A client presents what its context has.
    if (this[kState].isServer) this[kState].identityContext = made
  }

  /** Print the handshake messages on the console. */
  enableTrace() {
    const state = this[kState]
    state.trace = true
    state.engine?.trace()
  }

  /** Node's name of the agreed version; null before the handshake and after destruction. @return {string | null} */
  getProtocol() {
    return this.destroyed ? null : protocolName(this[kState].facts.protocol)
  }

  /** The agreed suite: OpenSSL's `name`, IANA's `standardName`, `version`; undefined before the handshake, null after destruction.
   * @return {import('./types/options.js').CipherNameAndProtocol} */
  getCipher() {
    const { cipher } = this[kState].facts
    if (this.destroyed) return null
    return cipher ? cipherNames(cipher) : undefined
  }

  /** The key exchange: `{ type, name, size }`; `{}` before the handshake, null on a server and after destruction.
   * @return {import('./types/options.js').EphemeralKeyInfo | object | null} */
  getEphemeralKeyInfo() {
    const { facts, isServer } = this[kState]
    return this.destroyed || isServer ? null : groupNames(facts.group)
  }

  /** The signature algorithms that both sides have, in OpenSSL's words; null after destruction. A client is told of none.
   * @return {string[]} */
  getSharedSigalgs() {
    const { secureContext, signatureSchemes } = this[kState]
    return this.destroyed ? null : secureContext.context.sharedSignatureSchemes(signatureSchemes)
  }

  /**
   * The certificate of the peer; `{}` if it has none, null after destruction.
   * @overload
   * @param {true} detailed with the chain, as `issuerCertificate`
   * @return {import('./types/options.js').DetailedPeerCertificate}
   */
  /**
   * @overload
   * @param {false} [detailed]
   * @return {import('./types/options.js').PeerCertificate}
   */
  /**
   * @overload
   * @param {boolean} [detailed]
   * @return {import('./types/options.js').PeerCertificate | import('./types/options.js').DetailedPeerCertificate}
   */
  /**
   * @param {boolean} [detailed] with the chain, as `issuerCertificate`
   * @return {any}
   */
  getPeerCertificate(detailed) {
    const { presented, chain, facts, isServer } = this[kState]
    if (this.destroyed) return null
    // A server shows no certificate again, and Node has none then.
    if (presented.length === 0 || (facts.resumed && !isServer)) return {}
    return detailed ? certificateChainObject(chain.length > 0 ? chain : presented) : certificateObject(presented[0])
  }

  /** Our own certificate as an object; `{}` if we have none, null after destruction.
   * @return {import('./types/options.js').PeerCertificate | object | null} */
  getCertificate() {
    if (this.destroyed) return null
    const der = ownCertificate(this)
    return der ? certificateObject(der) : {}
  }

  /** The certificate of the peer as an X509Certificate, the runtime's own if it has that class and that reads it; undefined if the peer has none.
   * @return {import('./types/platform.js').X509Certificate | undefined} */
  getPeerX509Certificate() {
    const { presented, facts, isServer } = this[kState]
    return this.destroyed || (facts.resumed && !isServer) ? undefined : x509(presented)
  }

  /** Our own certificate as an X509Certificate, the runtime's own if it has that class and that reads it; undefined if we have none.
   * @return {import('./types/platform.js').X509Certificate | undefined} */
  getX509Certificate() {
    const der = this.destroyed ? null : ownCertificate(this)
    return der ? x509([der]) : undefined
  }

  /** Whether the handshake resumed a session; null after destruction. @return {boolean} */
  isSessionReused() {
    return this.destroyed ? null : this[kState].facts.resumed
  }

  /**
   * The session as it is now, as bytes that another process may resume it with; secret. undefined before the handshake and on a
   * server, null after destruction. In TLS 1.3 it can be resumed once 'session' has been told.
   * @return {Buffer | undefined}
   */
  getSession() {
    return this.destroyed ? null : optionalBuffer(this[kState].engine?.session())
  }

  /** The ticket of the session; undefined if there is none, null after destruction. @return {Buffer | undefined} */
  getTLSTicket() {
    return this.destroyed ? null : optionalBuffer(this[kState].engine?.ticket())
  }

  /** The Finished message that we sent: the verify_data; undefined before, null after destruction. @return {Buffer | undefined} */
  getFinished() {
    return this.destroyed ? null : finished(this, 0)
  }

  /** The Finished message of the peer: the verify_data; undefined before, null after destruction. @return {Buffer | undefined} */
  getPeerFinished() {
    return this.destroyed ? null : finished(this, 1)
  }

  /**
   * Keying material for a protocol above TLS (RFC 5705).
   * @param {number} length in bytes
   * @param {string} label
   * @param {ArrayBufferView} [context]
   * @return {Buffer}
   */
  exportKeyingMaterial(length, label, context) {
    checkInteger('length', length)
    if (!(length >= 1 && length < 2 ** 32)) throw makeError('ERR_OUT_OF_RANGE', ['length', '>= 1 && <= 4294967295', length])
    checkType('label', label, 'string')
    const bytes = context === undefined ? undefined : checkedBytes('context', context)
    const { engine, secure } = this[kState]
    if (!secure || !engine) throw makeError('ERR_TLS_INVALID_STATE')
    const material = engine.exportKeyingMaterial(length, Buffer.from(label), bytes)
    if (!material) throw sslError('internal error')
    return Buffer.from(material)
  }

  /**
   * Ours: what binds an authentication above TLS to this connection, such as SCRAM's with a suffix -PLUS. Both ends have the same.
   * Throws ERR_TLS_NO_CHANNEL_BINDING where the connection has none of the type.
   * @param {'tls-exporter' | 'tls-server-end-point' | 'tls-unique'} type
   * @return {Buffer}
   */
  getChannelBinding(type) {
    return channelBinding(this, type)
  }

  /**
   * Limit the plaintext of a record.
   * @param {number} [size] from 512 to 16384
   * @return {boolean} whether the size is one
   */
  setMaxSendFragment(size = LARGEST_FRAGMENT) {
    checkInteger('size', size)
    if (!(size >= 512 && size <= LARGEST_FRAGMENT)) return false
    this[kState].maxFragment = size
    return true
  }

  /** There is no renegotiation to disable. */
  disableRenegotiation() {}

  /**
   * TLS 1.3 has no renegotiation, and rustls none in TLS 1.2: always refused.
   * @param {object} options
   * @param {(error: Error | null) => void} [callback]
   * @return {boolean | undefined} undefined after destruction
   */
  renegotiate(options, callback) {
    checkType('options', options, 'object')
    if (callback !== undefined) checkType('callback', callback, 'function')
    if (this.destroyed) return undefined
    if (callback) nextTick(() => callback(renegotiationError()))
    return false
  }

  /** @return {this} */
  setNoDelay(...parameters) {
    return delegate(this, 'setNoDelay', parameters)
  }
  /** @return {this} */
  setKeepAlive(...parameters) {
    return delegate(this, 'setKeepAlive', parameters)
  }
  /** @return {this} */
  ref() {
    return delegate(this, 'ref', [])
  }
  /** @return {this} */
  unref() {
    return delegate(this, 'unref', [])
  }

  /**
   * Emit 'timeout' when nothing has moved for a time.
   * @param {number} milliseconds 0 for never
   * @param {() => void} [listener]
   * @return {this}
   */
  setTimeout(milliseconds, listener) {
    checkType('msecs', milliseconds, 'number')
    if (!(milliseconds >= 0 && Number.isFinite(milliseconds))) {
      throw makeError('ERR_OUT_OF_RANGE', ['msecs', 'a non-negative finite number', milliseconds])
    }
    if (listener !== undefined) checkType('callback', listener, 'function')
    this.timeout = milliseconds
    this[kState].inTimeoutContext = captureContext()
    if (listener) milliseconds ? this.once('timeout', listener) : this.removeListener('timeout', listener)
    moved(this)
    return this
  }

  /** End, and be destroyed when all is written. */
  destroySoon() {
    if (this.writable) this.end()
    if (this.writableFinished) this.destroy()
    else this.once('finish', this.destroy)
  }

  /** Destroy, with a TCP reset where the transport can. */
  resetAndDestroy() {
    const { transport } = this[kState]
    if (!this.destroyed && transport?.resetAndDestroy) transport.resetAndDestroy()
    return this.destroy()
  }

  /** Read on: with `onread`, nothing else asks for more. */
  resume() {
    if (this[kState]?.options.onread) readOn(this)
    return super.resume()
  }

  _read() {
    readOn(this)
  }

  _write(chunk, encoding, callback) {
    writeAll(this, [{ chunk, encoding }], callback)
  }

  _writev(chunks, callback) {
    writeAll(this, chunks, callback)
  }

  _final(callback) {
    endFlow(this, callback)
  }

  _destroy(error, callback) {
    this.connecting = false
    const state = this[kState]
    state.removeAbortListener?.()
    const { howItEnded } = state.transport ?? {}
    if (howItEnded && SAYS_NO_MORE.includes(error?.code)) error.cause ??= howItEnded
    stopFlow(this)
    callback(error)
    failWrite(state, error)
    // Sockets tell with 'close' whether it was for an error. Duplex would not tell. Who awaits what comes before is there for it.
    const hadError = Boolean(error) && !isOfGiven(state, error)
    nextTick(() => nextTurn(() => state.inContext(() => this.emit('close', hadError))))
  }
}

/** Whether a given transport has failed by itself: to Node that is an error of another socket, unless it was reading and writing that failed. */
const isOfGiven = ({ options, transport }, error) =>
  Boolean(options.socket) && error === transport?.errored && !['read', 'write'].includes(error.syscall)

const optionalBuffer = (bytes) => (bytes ? Buffer.from(bytes) : undefined)

function finished(socket, which) {
  const bytes = socket[kState].engine?.finished()[which]
  return bytes?.length ? Buffer.from(bytes) : undefined
}

function ownCertificate(socket) {
  const { identityContext, secureContext } = socket[kState]
  return (identityContext ?? secureContext).context.certificate()
}

const x509 = (chain) => linkCertificates(chain, X509Certificate)

function delegate(socket, method, parameters) {
  socket[kState].transport?.[method]?.(...parameters)
  return socket
}

/** What a connector throws or rejects with, as an error. */
function connectorError(reason) {
  if (reason instanceof Error) return reason
  return makeError('ERR_TLS_TRANSPORT_FAILED', [typeof reason === 'string' ? reason : 'its connector gave no Error'], { cause: reason })
}

/** Abort with a signal: one listener, none if it is aborted already (Node docs: net.Socket, `signal`). */
function abortWith(socket, signal) {
  if (typeof signal !== 'object' || !('aborted' in signal)) {
    throw makeError('ERR_INVALID_ARG_TYPE', ['signal', 'an instance of AbortSignal', signal])
  }
  const abort = () => socket.destroy(makeError('ABORT_ERR', [], { cause: signal.reason }))
  if (signal.aborted) return nextTick(abort)
  signal.addEventListener('abort', abort, { once: true })
  socket[kState].removeAbortListener = () => signal.removeEventListener('abort', abort)
}
