// How a TLSSocket takes a transport, what becomes of the bytes that it brings, and what the engine asks on the way.
import { Buffer, nextTick, Socket } from '#platform'
import { cacheSession } from './client-session.js'
import { deliver, takeMore } from './delivery.js'
import { failureError, makeError } from './errors.js'
import { guarded } from './guard.js'
import { answerHello, finishHandshake, startHandshake, tellKeyLine } from './handshake.js'
import { transportClosed, transportEnded, transportFailed } from './leaving.js'
import { answerIdentity } from './peer-identity.js'
import { hasPolicy } from './peer-policy.js'
import { sendCiphertext } from './sending.js'
import { kState } from './socket-state.js'
import * as Status from './status.js'
import { moved } from './timeout.js'
import { printMessages } from './trace.js'
import { toDuplex } from './transport/index.js'

/** Reasons of failure that mean that a client does not speak TLS. */
const FOREIGN = ['wrong version number', 'http request', 'https proxy request']

/** How much of what comes first is kept, in bytes: it tells what a peer speaks that does not speak TLS. */
const FIRST_WORD = 8

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
  if (socket.destroyed) return
  socket.emit('connect')
  // Of a given socket that is its own to tell; a listener that destroys does not keep it from the others.
  if (!socket[kState].options.socket) socket.emit('ready')
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
    data: (chunk) => {
      try {
        state.inContext(received, socket, chunk)
      } catch (error) {
        // What users throw is not for whoever wrote to the transport at the other end.
        nextTick(() => {
          throw error
        })
      }
    },
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
  if (socket.destroyed) return
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
