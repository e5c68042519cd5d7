// TLSSocket: the plaintext side of a connection, with the face of net.Socket; ciphertext goes over any Duplex.
import { Buffer, Socket, connectTcp, nextTick } from '#platform'
import { certificateChainObject, certificateObject } from './certificate.js'
import { cipherNames, groupNames, protocolName } from './cipher-names.js'
import { EngineClient, Status } from './engine.js'
import { failureError, makeError, sslError, verdictError } from './errors.js'
import { parseIP } from './ip.js'
import { tls } from './namespace.js'
import { toDuplex } from './transport/index.js'

/** How much plaintext is sealed before the transport is asked whether it has room. */
const SEAL_AT_ONCE = 256 * 1024

/** How long a failed connection waits for its last alert to leave, in milliseconds. */
const LAST_WORDS = 1000

/** Sizes of plaintext in a record (RFC 8446, 5.1; Node's setMaxSendFragment). */
const [SMALLEST_FRAGMENT, LARGEST_FRAGMENT] = [512, 16384]

const kState = Symbol('state')

/** What belongs to one socket. */
class State {
  /** @type {EngineClient | null} */
  engine = null
  /** The Duplex of the ciphertext. @type {any} */
  transport = null
  /** Whether the transport is ours to make half-open and to destroy from the beginning. */
  started = false
  secure = false
  /** The transport has said that no more comes. */
  transportEnded = false
  peerClosed = false
  /** An alert of ours is on its way to a peer we leave. */
  lastWords = false
  /** What waits for the handshake: sealed and sent at its end. @type {null | (() => void)} */
  write = null
  /** @type {null | (() => void)} */
  final = null
  /** The callback of the write that is under way. @type {null | ((error?: Error | null) => void)} */
  writeCallback = null
  facts = { protocol: 0, cipher: 0, group: 0, alpn: undefined }
  /** The way to what is trusted, as DER. @type {Uint8Array[]} */
  chain = []
  bytesRead = 0
  bytesWritten = 0
  maxFragment = LARGEST_FRAGMENT
  timer = undefined
  /** @type {any} */
  options = {}
  /** @type {null | (() => void)} */
  removeAbortListener = null

  constructor(options) {
    this.options = options
  }
}

/** The plaintext side of a TLS connection (Node docs: class tls.TLSSocket). */
export class TLSSocket extends Socket {
  /**
   * @param {any} [socket] the transport of the ciphertext: a Duplex, a net.Socket in any state, a pair of Web Streams, a
   * WebSocket. Without it, `connect()` makes one.
   * @param {any} [options] as for `new tls.TLSSocket`; further `requireCloseNotify` (truncation is an error)
   */
  constructor(socket, options = {}) {
    if (options.isServer) throw makeError('ERR_TLS_OPTION_NOT_SUPPORTED', ['isServer', 'there is no server side yet'])
    for (const [name, why] of Object.entries(REFUSED)) {
      if (options[name] != null && options[name] !== false) throw makeError('ERR_TLS_OPTION_NOT_SUPPORTED', [name, why])
    }
    const transport = socket ? toDuplex(socket) : null
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
      this.connecting = false
      throw error
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
    const waiting = this.writableBuffer ?? []
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
    const { engine, chain } = this[kState]
    if (this.destroyed) return null
    const presented = engine?.peerCertificates() ?? []
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
    if (!(size >= SMALLEST_FRAGMENT && size <= LARGEST_FRAGMENT)) return false
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

  /** @private */
  _read() {
    const { transport, started } = this[kState]
    if (started) transport.resume()
  }

  /** @private */
  _write(chunk, encoding, callback) {
    writeAll(this, [{ chunk, encoding }], callback)
  }

  /** @private */
  _writev(chunks, callback) {
    writeAll(this, chunks, callback)
  }

  /** @private */
  _final(callback) {
    const state = this[kState]
    const close = () => {
      if (this.destroyed || state.transport.destroyed) return callback()
      state.engine.close()
      sendCiphertext(this)
      // A transport that ended on its own cannot be ended again.
      if (state.transport.writable === false) return callback()
      state.transport.end(() => callback())
    }
    if (state.secure) guarded(this, close)
    else state.final = close
  }

  /** @private */
  _destroy(error, callback) {
    const state = this[kState]
    clearTimeout(state.timer)
    this.connecting = false
    state.removeAbortListener?.()
    state.engine?.free()
    state.engine = null
    const { transport, writeCallback } = state
    if (transport) {
      detach(this, transport)
      if (state.lastWords) closeAfterLastWords(transport)
      else transport.destroy()
    }
    state.writeCallback = null
    writeCallback?.(error ?? makeError('ERR_STREAM_DESTROYED', ['write']))
    callback(error)
    // Sockets tell with 'close' whether it was for an error, after the 'error' itself. Duplex would tell neither.
    nextTick(() => this.emit('close', Boolean(error)))
  }
}

/** Options of a connection that are not built yet. */
const REFUSED = {
  session: 'sessions are not resumed yet',
  requestOCSP: 'OCSP responses are not asked for yet',
  pskCallback: 'external pre-shared keys are not built yet',
  enableTrace: 'there is no trace yet',
  onread: 'give a listener for data',
  ALPNCallback: 'there is no server side yet',
  SNICallback: 'there is no server side yet',
}

/** The options of the stream, without those that are not given: 0 is a high-water mark, undefined is none. */
function streamOptions({ highWaterMark, readableHighWaterMark, writableHighWaterMark }) {
  const given = Object.entries({ highWaterMark, readableHighWaterMark, writableHighWaterMark }).filter(([, value]) => value != null)
  return Object.fromEntries(given)
}

/**
 * The arguments of `connect` as Node's net reads them.
 * @param {any[]} parameters
 * @return {[any, ((...values: any[]) => void) | undefined]}
 */
export function normalizeConnect(parameters) {
  const rest = [...parameters]
  const listener = typeof rest.at(-1) === 'function' ? rest.pop() : undefined
  const [first, second, third] = rest
  if (first !== null && typeof first === 'object') return [{ ...first, ...(typeof second === 'object' && second) }, listener]
  const more = [second, third].find((value) => value !== null && typeof value === 'object') ?? {}
  if (typeof first === 'string' && Number.isNaN(Number(first))) return [{ ...more, path: first }, listener]
  if (first == null && Object.keys(more).length === 0) throw makeError('ERR_MISSING_ARGS')
  return [{ ...more, port: first, ...(typeof second === 'string' && { host: second }) }, listener]
}

/** A ProtocolNameList (RFC 7301, 3.1) without its length, of Node's ALPNProtocols. */
function convertProtocols(protocols) {
  if (protocols == null) return new Uint8Array(0)
  if (ArrayBuffer.isView(protocols)) return new Uint8Array(protocols.buffer, protocols.byteOffset, protocols.byteLength)
  if (!Array.isArray(protocols)) throw makeError('ERR_INVALID_ARG_TYPE', ['ALPNProtocols', 'an instance of Array, Buffer, TypedArray, or DataView', protocols])
  const names = protocols.map((name) => (typeof name === 'string' ? Buffer.from(name) : name))
  for (const [index, { length }] of names.entries()) {
    if (length > 255) throw makeError('ERR_OUT_OF_RANGE', [`The byte length of the protocol at index ${index} exceeds the maximum length.`, '<= 255', length])
  }
  return Buffer.concat(names.flatMap((name) => [Buffer.of(name.length), name]))
}

function delegate(socket, method, parameters) {
  socket[kState].transport?.[method]?.(...parameters)
  return socket
}

/** Abort with a signal: one listener, none if it is aborted already (Node docs: net.Socket, `signal`). */
function abortWith(socket, signal) {
  const abort = () => socket.destroy(makeError('ABORT_ERR', [], { cause: signal.reason }))
  if (signal.aborted) return nextTick(abort)
  signal.addEventListener('abort', abort, { once: true })
  socket[kState].removeAbortListener = () => signal.removeEventListener('abort', abort)
}

/** Something moved: the time-out starts anew. */
function moved(socket) {
  const state = socket[kState]
  clearTimeout(state.timer)
  if (!socket.timeout || socket.destroyed) return
  state.timer = setTimeout(() => socket.emit('timeout'), socket.timeout)
  state.timer.unref?.()
}

/** The transport that `connect()` asked for is there. */
function connected(socket, made) {
  const transport = toDuplex(made)
  if (socket.destroyed) return transport.destroy()
  for (const event of ['lookup', 'connectionAttempt', 'connectionAttemptFailed', 'connectionAttemptTimeout']) {
    transport.on?.(event, (...values) => socket.emit(event, ...values))
  }
  attach(socket, transport)
}

/** Take a Duplex as the transport; the handshake starts when it is connected. */
function attach(socket, transport) {
  const state = socket[kState]
  state.transport = transport
  state.listeners = {
    error: (error) => socket.destroy(error),
    close: () => transportClosed(socket),
    timeout: () => socket.emit('timeout'),
  }
  for (const [event, listener] of Object.entries(state.listeners)) transport.on(event, listener)
  socket.connecting = Boolean(transport.connecting) || socket.connecting
  if (transport.connecting || transport.pending) {
    transport.once('connect', () => {
      if (socket.destroyed) return
      announceConnect(socket)
    })
  } else {
    // The caller adds its listeners first.
    nextTick(() => {
      if (socket.destroyed) return
      if (socket.connecting) announceConnect(socket)
      else guarded(socket, () => start(socket))
    })
  }
}

function announceConnect(socket) {
  socket.connecting = false
  moved(socket)
  guarded(socket, () => start(socket))
  if (!socket.destroyed) socket.emit('connect')
  if (!socket.destroyed) socket.emit('ready')
}

function detach(socket, transport) {
  const { listeners } = socket[kState]
  for (const [event, listener] of Object.entries(listeners)) transport.removeListener(event, listener)
  // A transport that fails after we left fails unheard.
  transport.on('error', () => {})
}

/** Run a step; what the engine throws ends the connection, not the process. Listeners are never called inside. */
function guarded(socket, step) {
  try {
    return step()
  } catch (error) {
    const known = typeof error === 'string' ? failureError(error) : error
    if (!known?.code) throw error
    socket.destroy(known)
    return undefined
  }
}

/** Start the handshake. */
function start(socket) {
  const state = socket[kState]
  const { secureContext } = state.options
  if (!secureContext.hasProtocol) throw sslError('no protocols available')
  const servername = state.servername && !parseIP(state.servername) ? state.servername : undefined
  socket.servername = servername ?? socket.servername
  state.engine = new EngineClient(secureContext.context, servername, state.protocols)
  state.started = true
  const { transport } = state
  Object.assign(state.listeners, {
    data: (chunk) => received(socket, chunk),
    end: () => transportEnded(socket),
  })
  transport.on('end', state.listeners.end)
  transport.on('data', state.listeners.data)
  sendCiphertext(socket)
  transport.resume()
}

/** Ciphertext came. */
function received(socket, chunk) {
  if (socket.destroyed) return
  moved(socket)
  const status = guarded(socket, () => socket[kState].engine.receive(chunk))
  if (status !== undefined) settle(socket, status)
}

/** Do what a status word names. Listeners run last, and may destroy the socket or throw: nothing is lost. */
function settle(socket, status) {
  const state = socket[kState]
  if (status & Status.PEER_IDENTITY) {
    sendCiphertext(socket)
    status = guarded(socket, () => judgePeer(socket))
    if (status === undefined || socket.destroyed) return
  }
  sendCiphertext(socket)
  const plaintext = state.engine.takePlaintext()
  const failure = status & Status.FAILED ? failureError(state.engine.failure()) : null
  if (failure) state.lastWords = true
  if (status & Status.PEER_CLOSED) state.peerClosed = true
  try {
    if (status & Status.HANDSHAKE_DONE) finishHandshake(socket)
  } finally {
    deliver(socket, plaintext)
    if (failure) socket.destroy(failure)
    else if (status & Status.PEER_CLOSED && !socket.destroyed) socket.push(null)
  }
}

function deliver(socket, plaintext) {
  const state = socket[kState]
  for (const record of plaintext) {
    if (socket.destroyed) return
    state.bytesRead += record.length
    if (!socket.push(record)) state.transport.pause()
  }
}

/** Whether the peer is who it should be: before the handshake goes on, so that nothing of ours reaches anybody else. */
function judgePeer(socket) {
  const state = socket[kState]
  const { engine, options } = state
  const judgement = engine.judge()
  if (!judgement) {
    engine.decline('')
    leave(socket, makeError('ERR_TLS_PEER_CERTIFICATE'))
    return undefined
  }
  state.chain = judgement.chain
  const error = judgement.code ? verdictError(judgement.code) : checkIdentity(socket)
  if (error && options.rejectUnauthorized !== false) {
    engine.decline(error.code ?? '')
    leave(socket, error)
    return undefined
  }
  socket.authorized = !error
  if (error) socket.authorizationError = error.code ?? error.message
  return engine.accept()
}

/** @return {any} the error of `checkServerIdentity`, returned or thrown */
function checkIdentity(socket) {
  const { options, servername } = socket[kState]
  const hostname = servername || options.host || options.socket?._host || 'localhost'
  const check = options.checkServerIdentity ?? tls.checkServerIdentity
  try {
    return check(hostname, socket.getPeerCertificate(true))
  } catch (error) {
    return error
  }
}

/** Fail after telling the peer why. */
function leave(socket, error) {
  sendCiphertext(socket)
  socket[kState].lastWords = true
  socket.destroy(error)
}

function finishHandshake(socket) {
  const state = socket[kState]
  state.secure = true
  state.facts = state.engine.facts()
  socket.alpnProtocol = state.facts.alpn ? Buffer.from(state.facts.alpn).toString('latin1') : false
  socket.secureConnecting = false
  try {
    socket.emit('secure')
    if (!socket.destroyed) socket.emit('secureConnect')
  } finally {
    if (!socket.destroyed) {
      const { write, final } = state
      state.write = null
      state.final = null
      if (write) guarded(socket, write)
      if (final) guarded(socket, final)
    }
  }
}

/** A chunk of a write as bytes: sockets leave strings as they are. */
const toBuffer = ({ chunk, encoding }) => (typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk)

/** Seal and send chunks, and call back when the transport has taken them; before the handshake's end, wait for it. */
function writeAll(socket, chunks, callback) {
  const state = socket[kState]
  const buffers = chunks.map(toBuffer)
  const whole = buffers.length === 1 ? buffers[0] : Buffer.concat(buffers)
  state.writeCallback = callback
  state.bytesWritten += whole.length
  const write = () => sealFrom(socket, whole, 0)
  if (state.secure) guarded(socket, write)
  else state.write = write
}

/** Seal from an offset as much as goes at once, and go on when the transport has taken it. */
function sealFrom(socket, bytes, offset) {
  const state = socket[kState]
  const { engine, transport, maxFragment } = state
  moved(socket)
  const end = Math.min(offset + SEAL_AT_ONCE, bytes.length)
  if (transport.destroyed || transport.writable === false) return socket.destroy(makeError('EPIPE', [], { errno: -32, syscall: 'write' }))
  let status = 0
  // The engine makes full records of what comes at once: smaller ones are made by bringing less.
  const step = maxFragment === LARGEST_FRAGMENT ? SEAL_AT_ONCE : maxFragment
  for (let from = offset; from < end && !(status & Status.FAILED); from += step) {
    status |= engine.send(bytes.subarray(from, Math.min(from + step, end)))
  }
  if (status & Status.FAILED) return leave(socket, failureError(engine.failure()))
  sendCiphertext(socket, (error) => {
    if (socket.destroyed) return
    if (error) return socket.destroy(error)
    moved(socket)
    if (end < bytes.length) return guarded(socket, () => sealFrom(socket, bytes, end))
    const callback = state.writeCallback
    state.writeCallback = null
    callback?.()
  })
}

/** Hand the engine's ciphertext to the transport, in one write where it can take several chunks at once. */
function sendCiphertext(socket, callback) {
  const { engine, transport } = socket[kState]
  const chunks = engine?.takeCiphertext() ?? []
  if (transport.destroyed || transport.writable === false) return callback?.()
  if (chunks.length === 0) return callback && nextTick(callback)
  transport.cork?.()
  chunks.forEach((chunk, index) => transport.write(chunk, index === chunks.length - 1 ? callback : undefined))
  transport.uncork?.()
}

/** The transport says that no more comes. */
function transportEnded(socket) {
  const state = socket[kState]
  state.transportEnded = true
  if (socket.destroyed || state.peerClosed) return
  if (!state.secure) return socket.destroy(disconnected(socket))
  if (state.options.requireCloseNotify) return socket.destroy(makeError('ERR_TLS_TRUNCATED'))
  // Node ends the stream here as if all were well; `closeNotifyReceived` tells.
  socket.push(null)
}

/** The transport is gone. What it brought before is still to be read. */
function transportClosed(socket) {
  const state = socket[kState]
  if (socket.destroyed) return
  if (!state.secure) return socket.destroy(state.started || socket.connecting ? disconnected(socket) : undefined)
  if (!(state.transportEnded || state.peerClosed) || socket.readableEnded) socket.destroy()
}

/** Node's error for a peer that went away before the handshake was done. */
function disconnected(socket) {
  const { path, host, port, localAddress } = socket[kState].options
  return makeError('ECONNRESET', [], { path, host, port, localAddress })
}

/** Let a last alert leave, and no longer. */
function closeAfterLastWords(transport) {
  const timer = setTimeout(() => transport.destroy(), LAST_WORDS)
  timer.unref?.()
  transport.once('close', () => clearTimeout(timer))
  if (transport.writable === false) transport.destroy()
  else transport.end(() => transport.destroy())
}
