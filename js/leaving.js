// How a connection ends: by us, by the peer, or by its transport.
import { Buffer } from '#platform'
import { endReading, isForLater } from './delivery.js'
import { makeError } from './errors.js'
import { guarded } from './guard.js'
import { sendNow } from './sending.js'
import { kState } from './socket-state.js'

/** How long a failed connection waits for its last alert to leave, in milliseconds. */
const LAST_WORDS = 1000

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
 * Let go of engine and transport.
 * @param {any} socket
 */
export function stopFlow(socket) {
  const state = socket[kState]
  const { engine, transport } = state
  clearTimeout(state.timer)
  // Who the certificates name is authorised once the key is shown.
  if (!state.secure) socket.authorized = false
  // What was written before still goes out; what waited for a decision does not, nor the end of a handshake with a peer that is not wanted.
  if (engine && (state.secure || state.lastWords) && !state.withheld && !state.isNew) guarded(socket, () => sendNow(socket))
  engine?.free()
  state.engine = null
  if (transport) {
    detach(socket, transport)
    if (state.lastWords) closeAfterLastWords(transport, state.isServer && !state.secure)
    else transport.destroy()
  }
}

function detach(socket, transport) {
  const { listeners } = socket[kState]
  // The one first that hears of the others.
  if (listeners.removeListener) transport.removeListener('removeListener', listeners.removeListener)
  for (const event in listeners) transport.removeListener(event, listeners[event])
  // A transport that fails after we left fails unheard.
  transport.on('error', () => {})
}

/** Whether what a client sent last waits for its being let in, or for its session to be kept: it may have said all that it had to say. */
const isUndecided = ({ deciding, isServer, presented, undecided }) => isServer && (undecided || (deciding && presented.length > 0))

/** The transport says that no more comes. */
export function transportEnded(socket) {
  const state = socket[kState]
  // Bun's sockets say so when they are destroyed, too: that is for 'close' to tell.
  if (socket.destroyed || state.transport.destroyed) return
  if (isForLater(socket, () => transportEnded(socket), isUndecided(state))) return
  state.transportEnded = true
  if (state.peerClosed) return
  if (!state.secure) return endUnready(socket)
  if (state.options.requireCloseNotify ?? state.transport.mayLoseTheEnd) return socket.destroy(makeError('ERR_TLS_TRUNCATED'))
  // Node ends the stream here as if all were well; `closeNotifyReceived` tells.
  endReading(socket)
}

/** The transport ended within the handshake. As in Node, that is an end, too, for a client's user; a server's has not met the socket yet. */
function endUnready(socket) {
  const error = disconnected(socket)
  if (!error) return socket.destroy()
  socket.prependOnceListener('end', () => socket.destroy(error))
  endReading(socket)
}

/** The transport is gone. What it brought before is still to be read. */
export function transportClosed(socket) {
  const state = socket[kState]
  if (socket.destroyed) return
  // Who ended before may still be told something.
  if (isForLater(socket, () => transportClosed(socket), state.afterDelivery.length > 0)) return
  // A given socket that was destroyed before it was connected is nobody's failure.
  const wasOurs = socket.connecting && !state.options.socket
  if (!state.secure) return socket.destroy(state.started || wasOurs ? disconnected(socket) : undefined)
  if (!(state.transportEnded || state.peerClosed) || socket.readableEnded) socket.destroy()
}

export function transportFailed(socket, error) {
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
