// TLSSocket: the plaintext side of a connection, with the face of net.Socket; ciphertext goes over any Duplex (js/flow.js).
import { connectTcp, nextTick, Socket } from '#platform'
import { certificateChainObject, certificateObject } from './certificate.js'
import { cipherNames, groupNames, protocolName } from './cipher-names.js'
import { makeError } from './errors.js'
import { attach, connected, endFlow, kState, LARGEST_FRAGMENT, moved, readOn, State, stopFlow, toBuffer, writeAll } from './flow.js'
import { tls } from './namespace.js'
import { checkDestination, convertProtocols, normalizeConnect, refuseUnbuilt, streamOptions } from './options.js'
import { toDuplex } from './transport/index.js'

/** The plaintext side of a TLS connection (Node docs: class tls.TLSSocket). */
export class TLSSocket extends Socket {
  /**
   * @param {any} [socket] the transport of the ciphertext: a Duplex, a net.Socket in any state, a pair of Web Streams, a
   * WebSocket. Without it, `connect()` makes one.
   * @param {any} [options] as for `new tls.TLSSocket`; further `requireCloseNotify` (truncation is an error)
   */
  constructor(socket, options = {}) {
    if (options.isServer) throw makeError('ERR_TLS_OPTION_NOT_SUPPORTED', ['isServer', 'there is no server side yet'])
    refuseUnbuilt(options)
    const transport = socket ? toDuplex(socket, { allowHalfOpen: Boolean(options.allowHalfOpen) }) : null
    super({ allowHalfOpen: Boolean(transport ? transport.allowHalfOpen : options.allowHalfOpen), ...streamOptions(options) })
    this[kState] = new State({ ...options, secureContext: options.secureContext ?? tls.createSecureContext(options) })
    this[kState].protocols = convertProtocols(options.ALPNProtocols)
    this.encrypted = true
    this.secureConnecting = true
    this.authorized = false
    this.authorizationError = null
    this.alpnProtocol = null
    this.servername = null
    if (options.servername) this.setServername(options.servername)
    if (transport) attach(this, transport)
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
    if (listener) this.once('connect', listener)
    const state = this[kState]
    // `net` would set its own time-out and abort its own socket: both are the TLS socket's.
    const { timeout, signal, onread, socket, ...rest } = { ...options, allowHalfOpen: true }
    state.options = { ...state.options, ...options }
    const connector = options.connector ?? tls.DEFAULT_CONNECTOR ?? connectTcp
    if (connector !== connectTcp) checkDestination(options)
    this.connecting = true
    if (!connector) {
      this.destroy(makeError('ERR_TLS_NO_CONNECTOR'))
      return this
    }
    let made
    try {
      made = connector(rest)
    } catch (error) {
      // A bad option is thrown at the caller, as by net.connect.
      if (connector === connectTcp) throw error
      return this.destroy(error)
    }
    if (typeof made?.then === 'function') {
      made.then(
        (transport) => connected(this, transport),
        (error) => this.destroy(error),
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

  /** Plaintext received, in bytes. */
  get bytesRead() {
    return this[kState]?.bytesRead ?? 0
  }
  /** Bun's net.Socket sets its own count to 0 when constructed. */
  set bytesRead(_count) {}

  /** Plaintext written, in bytes, what waits included. */
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

  get remoteAddress() {
    return this[kState]?.transport?.remoteAddress
  }
  get remoteFamily() {
    return this[kState]?.transport?.remoteFamily
  }
  get remotePort() {
    return this[kState]?.transport?.remotePort
  }
  get localAddress() {
    return this[kState]?.transport?.localAddress
  }
  get localFamily() {
    return this[kState]?.transport?.localFamily
  }
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
    if (typeof name !== 'string') throw makeError('ERR_INVALID_ARG_TYPE', ['name', 'of type string', name])
    if (name === '') throw makeError('ERR_INVALID_ARG_VALUE', ['name', 'must not be empty', name])
    this[kState].servername = name
  }

  /** Node's name of the agreed version; null before the handshake and after destruction. */
  getProtocol() {
    return this.destroyed ? null : protocolName(this[kState].facts.protocol)
  }

  /** The agreed suite: OpenSSL's `name`, IANA's `standardName`, `version`; undefined before the handshake, null after destruction. */
  getCipher() {
    const { cipher } = this[kState].facts
    if (this.destroyed) return null
    return cipher ? cipherNames(cipher) : undefined
  }

  /** The key exchange: `{ type, name, size }`; `{}` before the handshake, null after destruction. */
  getEphemeralKeyInfo() {
    return this.destroyed ? null : groupNames(this[kState].facts.group)
  }

  /**
   * The certificate of the peer; `{}` if it has none, null after destruction.
   * @param {boolean} [detailed] with the chain, as `issuerCertificate`
   */
  getPeerCertificate(detailed) {
    const { presented, chain } = this[kState]
    if (this.destroyed) return null
    if (presented.length === 0) return {}
    return detailed ? certificateChainObject(chain.length > 0 ? chain : presented) : certificateObject(presented[0])
  }

  /** Sessions are not kept yet: never. */
  isSessionReused() {
    return false
  }

  /** Sessions are not kept yet: undefined. */
  getSession() {
    return undefined
  }

  /** Sessions are not kept yet: undefined. */
  getTLSTicket() {
    return undefined
  }

  /**
   * Limit the plaintext of a record.
   * @param {number} [size] from 512 to 16384
   * @return {boolean} whether the size is one
   */
  setMaxSendFragment(size = LARGEST_FRAGMENT) {
    if (!(size >= 512 && size <= LARGEST_FRAGMENT)) return false
    this[kState].maxFragment = size
    return true
  }

  /** There is no renegotiation to disable. */
  disableRenegotiation() {}

  /**
   * TLS 1.3 has no renegotiation, and rustls none in TLS 1.2: always refused.
   * @param {object} _options
   * @param {(error: Error) => void} [callback]
   * @return {boolean}
   */
  renegotiate(_options, callback) {
    if (callback) nextTick(() => callback(makeError('ERR_TLS_RENEGOTIATION_DISABLED')))
    return false
  }

  setNoDelay(...parameters) {
    return delegate(this, 'setNoDelay', parameters)
  }
  setKeepAlive(...parameters) {
    return delegate(this, 'setKeepAlive', parameters)
  }
  ref() {
    return delegate(this, 'ref', [])
  }
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
    if (typeof milliseconds !== 'number') throw makeError('ERR_INVALID_ARG_TYPE', ['msecs', 'of type number', milliseconds])
    if (!(milliseconds >= 0 && Number.isFinite(milliseconds))) {
      throw makeError('ERR_OUT_OF_RANGE', ['msecs', 'a non-negative finite number', milliseconds])
    }
    if (listener !== undefined && typeof listener !== 'function') {
      throw makeError('ERR_INVALID_ARG_TYPE', ['callback', 'of type function', listener])
    }
    this.timeout = milliseconds
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
    this[kState].removeAbortListener?.()
    stopFlow(this, error)
    callback(error)
    // Sockets tell with 'close' whether it was for an error, after the 'error' itself. Duplex would tell neither.
    nextTick(() => this.emit('close', Boolean(error)))
  }
}

function delegate(socket, method, parameters) {
  socket[kState].transport?.[method]?.(...parameters)
  return socket
}

/** Abort with a signal: one listener, none if it is aborted already (Node docs: net.Socket, `signal`). */
function abortWith(socket, signal) {
  if (typeof signal !== 'object' || !('aborted' in signal)) {
    throw makeError('ERR_INVALID_ARG_TYPE', ['options.signal', 'an instance of AbortSignal', signal])
  }
  const abort = () => socket.destroy(makeError('ABORT_ERR', [], { cause: signal.reason }))
  if (signal.aborted) return nextTick(abort)
  signal.addEventListener('abort', abort, { once: true })
  socket[kState].removeAbortListener = () => signal.removeEventListener('abort', abort)
}
