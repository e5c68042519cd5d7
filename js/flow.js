// How bytes flow between a TLSSocket, the engine and the transport.
import { Buffer, captureContext, nextTick, Socket } from '#platform'
import { deliver, endReading, isForLater, takeMore } from './delivery.js'
import { failureError, makeError } from './errors.js'
import { answerHello, answerIdentity, cacheSession, finishHandshake, startHandshake, tellKeyLine } from './handshake.js'
import { LONGEST_TIMEOUT } from './options.js'
import { hasPolicy } from './peer-policy.js'
import { kState, LARGEST_FRAGMENT } from './socket-state.js'
import * as Status from './status.js'
import { printMessages } from './trace.js'
import { toDuplex } from './transport/index.js'

/** How much plaintext is sealed before the transport is asked whether it has room. */
const SEAL_AT_ONCE = 256 * 1024

/** Up to how much ciphertext is put together for one write. */
const SMALL = 16 * 1024

/** How long a failed connection waits for its last alert to leave, in milliseconds. */
const LAST_WORDS = 1000

/** Reasons of failure that mean that a client does not speak TLS. */
const FOREIGN = ['wrong version number', 'http request', 'https proxy request']

/** How much of what comes first is kept, in bytes: it tells what a peer speaks that does not speak TLS. */
const FIRST_WORD = 8

/** Something moved: the time-out starts anew. */
export function moved(socket) {
  const state = socket[kState]
  clearTimeout(state.timer)
  if (!socket.timeout || socket.destroyed) return
  state.timer = setTimeout(() => state.inTimeoutContext(() => socket.emit('timeout')), Math.min(socket.timeout, LONGEST_TIMEOUT))
  state.timer.unref?.()
}

/** The transport that `connect()` asked for is there. */
export function connected(socket, made) {
  // What TLS allows is for the socket to say, not for its transport.
  const transport = guarded(socket, () => toDuplex(made, { allowHalfOpen: true }))
  if (!transport) return
  if (socket.destroyed) return transport.destroy()
  for (const event of ['lookup', 'connectionAttempt', 'connectionAttemptFailed', 'connectionAttemptTimeout']) {
    transport.on?.(event, (...values) => socket.emit(event, ...values))
  }
  attach(socket, transport)
}

/** Take a Duplex as the transport; the handshake starts when it is connected. */
export function attach(socket, transport) {
  const state = socket[kState]
  state.transport = transport
  const inContext = (listener) => (value) => state.inContext(listener, value)
  state.listeners = {
    error: inContext((error) => transportFailed(socket, error)),
    close: inContext(() => transportClosed(socket)),
  }
  transport.on('error', state.listeners.error)
  transport.on('close', state.listeners.close)
  socket.connecting = Boolean(transport.connecting) || socket.connecting
  if (transport.connecting || transport.pending) {
    transport.once('connect', () => {
      if (!socket.destroyed) state.inContext(announceConnect, socket)
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
  // The one first that hears of the others.
  if (listeners.removeListener) transport.removeListener('removeListener', listeners.removeListener)
  for (const event in listeners) transport.removeListener(event, listeners[event])
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

/** Start the handshake: the transport is ours from here on. */
function start(socket) {
  const state = socket[kState]
  state.engine = startHandshake(socket)
  if (!state.engine) return
  if (socket.listenerCount('keylog') > 0) state.engine.keepKeyLines()
  state.started = true
  const { transport } = state
  takeOver(transport)
  // It is for TLS to say when our side ends: the peer's end may come while bytes of ours are still to be sealed.
  if (transport instanceof Socket) transport.allowHalfOpen = true
  Object.assign(state.listeners, {
    data: (chunk) => state.inContext(received, socket, chunk),
    end: () => state.inContext(transportEnded, socket),
    // Whoever else pauses it does not know that it is ours.
    pause: () => nextTick(() => socket.destroyed || takeMore(state)),
  })
  keepListeners(socket)
  settle(socket, Status.CIPHERTEXT)
  transport.resume()
}

/**
 * Listen to the transport, and go on when our listeners are removed: users clear a socket that they have upgraded, since in Node
 * it has nothing to say any more.
 */
function keepListeners(socket) {
  const { listeners, transport } = socket[kState]
  const listen = () => {
    if (socket.destroyed) return
    for (const event in listeners) {
      if (!transport.listeners(event).includes(listeners[event])) transport.on(event, listeners[event])
    }
  }
  listeners.removeListener = (event, listener) => {
    if (listeners[event] === listener) nextTick(listen)
  }
  listen()
}

/**
 * What the transport brings is ciphertext from here on, and nobody else's: an encoding that was set for the plaintext before
 * STARTTLS, and listeners that parsed it, are not for TLS.
 */
function takeOver(transport) {
  if (!(transport instanceof Socket)) return
  transport.removeAllListeners('data')
  const { readableEncoding } = transport
  if (!readableEncoding) return
  const held = transport.read()
  const readable = /** @type {any} */ (transport)._readableState
  readable.decoder = null
  readable.encoding = null
  if (held) transport.unshift(Buffer.from(held, readableEncoding))
}

/** Ciphertext came. */
function received(socket, chunk) {
  if (socket.destroyed) return
  // Text, or objects.
  if (typeof chunk?.subarray !== 'function') return socket.destroy(makeError('ERR_STREAM_WRAP'))
  moved(socket)
  const state = socket[kState]
  state.first ??= Uint8Array.from(chunk.subarray(0, FIRST_WORD))
  const status = guarded(socket, () => state.engine.receive(chunk))
  if (status !== undefined) settle(socket, status)
}

/**
 * Do what a status word names. What users are called with comes last, and may destroy the socket or throw: nothing is lost.
 * @param {any} socket
 * @param {number} status
 */
export function settle(socket, status) {
  const state = socket[kState]
  if (status & Status.FAILED) guarded(socket, () => fail(state))
  // A server's last flight waits until its new session has been kept; and what goes to a peer that is not judged yet, until it is, also
  // if something bad came right behind.
  if (status & Status.PEER_IDENTITY || (state.isServer && status & Status.SESSION) || isToBeJudged(state, status)) state.withheld = true
  // Who does not speak TLS is told nothing.
  if (state.failure && !state.lastWords) state.withheld = true
  // What users write at once goes out along with it.
  state.corked++
  try {
    tell(socket, status)
  } finally {
    state.corked--
    if (!socket.destroyed) sendCiphertext(socket)
  }
}

/** Whether the handshake is done without certificates, and it is still to be decided who the peer is. */
const isToBeJudged = ({ isServer, options, presented }, status) =>
  Boolean(status & Status.HANDSHAKE_DONE) && presented.length === 0 && (!isServer || hasPolicy(options))

/** Queue what a status word names, and deliver. */
function tell(socket, status) {
  const state = socket[kState]
  const done = guarded(socket, () => {
    if (state.trace) printMessages(state)
    if (status & Status.KEY_LINES) {
      for (const line of state.engine.takeKeyLines()) state.undelivered.push(() => tellKeyLine(socket, line))
    }
    if (status & Status.CLIENT_HELLO) state.undelivered.push(() => decide(socket, () => answerHello(socket)))
    if (status & Status.PEER_IDENTITY) state.undelivered.push(() => decide(socket, () => answerIdentity(socket)))
    if (status & Status.HANDSHAKE_DONE) {
      state.facts = state.engine.facts()
      state.undelivered.push(() => finishHandshake(socket))
    }
    if (status & Status.SESSION && !state.isServer) state.undelivered.push(() => tellSessions(socket))
    for (const record of state.engine.takePlaintext()) state.undelivered.push(record)
    if (status & Status.PEER_CLOSED) state.peerClosed = true
    return true
  })
  if (done) deliver(socket)
}

/** Tell a client's new sessions, each for itself, as listeners may throw. */
function tellSessions(socket) {
  const { engine, options, undelivered } = socket[kState]
  const sessions = engine.takeSessions(Boolean(options.sessionCache) || socket.listenerCount('session') > 0)
  for (const session of sessions.reverse()) undelivered.unshift(() => tellSession(socket, session))
}

function tellSession(socket, session) {
  cacheSession(socket, session)
  socket.emit('session', Buffer.from(session))
}

/** The connection has failed: once all is delivered, that is told. */
function fail(state) {
  state.failure = failureError(state.engine.failure(), state.first)
  state.lastWords = !(state.isServer && FOREIGN.includes(state.failure.reason))
}

/**
 * Have a question answered before more of the transport's bytes are taken.
 * @param {any} socket
 * @param {() => void} answer calls `decided` at last
 */
export function decide(socket, answer) {
  const state = socket[kState]
  state.deciding = true
  try {
    answer()
  } finally {
    if (state.deciding && !socket.destroyed) state.transport.pause()
  }
}

/**
 * Go on with what a decision led to.
 * @param {any} socket
 * @param {() => number} step gives a status
 */
export function decided(socket, step) {
  const state = socket[kState]
  if (socket.destroyed) return
  state.deciding = false
  state.withheld = false
  takeMore(state)
  // Who decided may have done so anywhere.
  state.inContext(() => {
    const status = guarded(socket, step)
    if (status !== undefined) settle(socket, status)
  })
}

/**
 * Fail after telling the peer why.
 * @param {any} socket
 * @param {Error | null} error
 */
export function leave(socket, error) {
  sendNow(socket)
  socket[kState].lastWords = true
  socket.destroy(error ?? undefined)
}

/**
 * Refuse the peer: the engine says it, and the connection fails.
 * @param {any} socket
 * @param {Error | null} error
 * @param {() => number} step has the engine say it
 */
export function refuse(socket, error, step) {
  guarded(socket, step)
  if (!socket.destroyed) leave(socket, error)
}

/**
 * The handshake is done: what waited for it goes out.
 * @param {any} socket
 */
export function startTraffic(socket) {
  const state = socket[kState]
  if (socket.destroyed) return
  const { write, final } = state
  state.write = null
  state.final = null
  if (write) guarded(socket, write)
  if (final) guarded(socket, final)
}

/** A chunk of a write as bytes: sockets leave strings as they are. */
export const toBuffer = ({ chunk, encoding }) => (typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk)

/** Seal and send chunks, and call back when the transport has taken them; before the handshake's end, wait for it. */
export function writeAll(socket, chunks, callback) {
  const state = socket[kState]
  const buffers = chunks.map(toBuffer)
  const whole = buffers.length === 1 ? buffers[0] : Buffer.concat(buffers)
  // Before there is a connection, Node leaves it to that to call back.
  const inContext = socket.connecting ? state.inContext : captureContext()
  state.writeCallback = (error) => inContext(callback, error)
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

/**
 * Hand the engine's ciphertext to the transport, unless it is to wait.
 * @param {any} socket
 * @param {(error?: Error | null) => void} [callback] when the transport has taken it
 */
function sendCiphertext(socket, callback) {
  const state = socket[kState]
  if (callback) state.sending.push(callback)
  if (state.corked === 0 && !state.withheld) sendNow(socket)
}

/**
 * Send what was kept back until something was decided.
 * @param {any} socket
 */
export function release(socket) {
  socket[kState].withheld = false
  sendCiphertext(socket)
}

/** Hand the engine's ciphertext to the transport: in one write if it is small, for each may be a packet. */
function sendNow(socket) {
  const state = socket[kState]
  const { engine, sending: callbacks, transport } = state
  const chunks = engine?.takeCiphertext() ?? []
  if (chunks.length === 0 && callbacks.length === 0) return
  state.sending = []
  const done = (error) => {
    for (const callback of callbacks) callback(error)
  }
  if (transport.destroyed || transport.writable === false) return done()
  if (chunks.length === 0) return nextTick(done)
  try {
    if (chunks.length === 1) transport.write(chunks[0], done)
    else if (chunks.reduce((sum, chunk) => sum + chunk.length, 0) <= SMALL) transport.write(Buffer.concat(chunks), done)
    else writeTogether(transport, chunks, done)
  } catch (error) {
    // A Duplex of a user's may throw.
    socket.destroy(/** @type {any} */ (error))
  }
}

function writeTogether(transport, chunks, done) {
  transport.cork?.()
  for (const chunk of chunks.slice(0, -1)) transport.write(chunk)
  transport.write(chunks.at(-1), done)
  transport.uncork?.()
}

/**
 * Send close_notify and end the transport's writable side, after what waits for the handshake.
 * @param {any} socket
 * @param {() => void} callback
 */
export function endFlow(socket, callback) {
  const state = socket[kState]
  const inContext = captureContext()
  const close = () => {
    if (socket.destroyed || state.transport.destroyed) return callback()
    state.engine.close()
    state.closeSent = true
    sendNow(socket)
    // A transport that ended on its own cannot be ended again.
    if (state.transport.writable === false) return callback()
    state.transport.end(() => inContext(callback))
  }
  if (state.secure) guarded(socket, close)
  else state.final = close
}

/**
 * Let go of engine and transport.
 * @param {any} socket
 * @param {Error | null} error why; what is being written fails with it
 */
export function stopFlow(socket, error) {
  const state = socket[kState]
  const { engine, transport, writeCallback } = state
  clearTimeout(state.timer)
  // Who the certificates name is authorised once the key is shown.
  if (!state.secure) socket.authorized = false
  // What was written before still goes out; what waited for a verdict does not.
  if (engine && (state.secure || (state.lastWords && !state.withheld))) guarded(socket, () => sendNow(socket))
  engine?.free()
  state.engine = null
  if (transport) {
    detach(socket, transport)
    if (state.lastWords) closeAfterLastWords(transport, state.isServer && !state.secure)
    else transport.destroy()
  }
  state.writeCallback = null
  writeCallback?.(error ?? makeError('ERR_STREAM_DESTROYED', ['write']))
}

/** The transport says that no more comes. */
function transportEnded(socket) {
  const state = socket[kState]
  // Bun's sockets say so when they are destroyed, too: that is for 'close' to tell.
  if (socket.destroyed || state.transport.destroyed) return
  if (state.announcing) return state.afterAnnouncing.push(() => transportEnded(socket))
  if (isForLater(socket, () => transportEnded(socket))) return
  state.transportEnded = true
  if (state.peerClosed) return
  if (!state.secure) return socket.destroy(disconnected(socket))
  if (state.options.requireCloseNotify ?? state.transport.mayLoseTheEnd) return socket.destroy(makeError('ERR_TLS_TRUNCATED'))
  // Node ends the stream here as if all were well; `closeNotifyReceived` tells.
  endReading(socket)
}

/** The transport is gone. What it brought before is still to be read. */
function transportClosed(socket) {
  const state = socket[kState]
  if (socket.destroyed) return
  // Who ended before may still be told something.
  if (state.afterAnnouncing.length > 0) return state.afterAnnouncing.push(() => transportClosed(socket))
  if (isForLater(socket, () => transportClosed(socket))) return
  // A given socket that was destroyed before it was connected is nobody's failure.
  const wasOurs = socket.connecting && !state.options.socket
  if (!state.secure) return socket.destroy(state.started || wasOurs ? disconnected(socket) : undefined)
  if (!(state.transportEnded || state.peerClosed) || socket.readableEnded) socket.destroy()
}

function transportFailed(socket, error) {
  if (!isForLater(socket, () => transportFailed(socket, error))) socket.destroy(transportError(socket, error))
}

/** The error of a transport. One that can not say more than that it failed means a peer that went away. */
function transportError(socket, error) {
  const { closeSent, peerClosed, transportEnded } = socket[kState]
  // All is said in both directions: that the peer did not wait for our close_notify harms nobody.
  if (closeSent && (peerClosed || transportEnded)) return undefined
  if (socket[kState].secure || error?.code !== 'ERR_TLS_TRANSPORT_FAILED') return error
  return Object.assign(disconnected(socket) ?? makeError('ECONNRESET'), { cause: error })
}

/** Node's error for a peer that went away before the handshake was done: a server's end has none, its server tells it. */
function disconnected(socket) {
  const { isServer, options } = socket[kState]
  if (isServer) return undefined
  const { path, host, port, localAddress } = options
  return makeError('ECONNRESET', [], { path, host, port, localAddress })
}

/**
 * Let a last alert leave, and no longer. `abruptly`: what the peer goes on sending stays unread, so that the system answers it with a
 * reset.
 */
function closeAfterLastWords(transport, abruptly) {
  const timer = setTimeout(() => transport.destroy(), LAST_WORDS)
  timer.unref?.()
  transport.once('close', () => clearTimeout(timer))
  if (transport.writable === false) return transport.destroy()
  if (!abruptly) return transport.end(() => transport.destroy())
  transport.pause()
  transport.write(Buffer.alloc(0), () => transport.destroy())
}
