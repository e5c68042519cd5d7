// How plaintext leaves: sealed, and handed to the transport, unless that is to wait.
import { Buffer, captureContext, nextTick, nextTurn } from '#platform'
import { makeError } from './errors.js'
import { settle } from './flow.js'
import { guarded } from './guard.js'
import { transportFailed } from './leaving.js'
import { kState, LARGEST_FRAGMENT } from './socket-state.js'
import * as Status from './status.js'
import { moved } from './timeout.js'

/** How much plaintext is sealed before the transport is asked whether it has room. */
const SEAL_AT_ONCE = 256 * 1024

/** Up to how much ciphertext is put together for one write. */
const SMALL = 16 * 1024

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

/**
 * Let the end of the handshake wait until those who await 'secure' have been told, and have had what came along with it, which has a turn of
 * its own: what they write goes along with it, since what is small and comes after waits for an acknowledgement (RFC 896); and if they destroy
 * the socket instead, the peer is not told that there was anything.
 * @param {any} socket
 */
export function waitForTurn(socket) {
  const state = socket[kState]
  state.isNew = true
  const go = () => {
    state.isNew = false
    if (!socket.destroyed) sendCiphertext(socket)
  }
  nextTurn(() => nextTurn(go))
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

/**
 * The socket is destroyed: the write that is under way fails, after the 'error' has been told.
 * @param {import('./socket-state.js').State} state
 * @param {Error | null} error why
 */
export function failWrite(state, error) {
  const { writeCallback } = state
  state.writeCallback = null
  if (writeCallback) nextTick(() => writeCallback(error ?? makeError('ERR_STREAM_DESTROYED', ['write'])))
}

/** Seal from an offset as much as goes at once, and go on when the transport has taken it. */
function sealFrom(socket, bytes, offset) {
  const state = socket[kState]
  const { engine, transport, maxFragment } = state
  moved(socket)
  // Who is written to is wanted.
  state.isNew = false
  const end = Math.min(offset + SEAL_AT_ONCE, bytes.length)
  if (transport.destroyed || transport.writable === false) return socket.destroy(makeError('EPIPE', [], { errno: -32, syscall: 'write' }))
  let status = 0
  // The engine makes full records of what comes at once: smaller ones are made by bringing less.
  const step = maxFragment === LARGEST_FRAGMENT ? SEAL_AT_ONCE : maxFragment
  for (let from = offset; from < end && !(status & Status.FAILED); from += step) {
    status |= engine.send(bytes.subarray(from, Math.min(from + step, end)))
  }
  // What came before is still to be delivered.
  if (status & Status.FAILED) return settle(socket, status)
  sendCiphertext(socket, (error) => {
    if (socket.destroyed) return
    if (error) return transportFailed(socket, error)
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
export function sendCiphertext(socket, callback) {
  const state = socket[kState]
  if (callback) state.sending.push(callback)
  if (state.corked === 0 && !state.withheld && !state.isNew) sendNow(socket)
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
export function sendNow(socket) {
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
