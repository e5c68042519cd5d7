// What a TLSSocket hands to its reader and tells its users: in order, and one turn a record.
import { nextTurn, turnsAreCheap } from '#platform'
import { survive } from './guard.js'
import { kState } from './socket-state.js'

/** How many records may wait for their turns before the transport is to wait too. */
const CROWD = 64

/**
 * Hand plaintext to the reader, then the failure or the end. What a listener throws leaves the rest for the next turn; the end of the
 * handshake has a turn of its own, and each record where turns are cheap, as each read of Node's has: who awaits one is there for what
 * comes next.
 */
export function deliver(socket) {
  const state = socket[kState]
  if (state.deliveryWaits || state.undecided) return
  let delivered = false
  try {
    delivered = deliverUntilTurn(socket)
  } finally {
    if (!delivered) {
      state.deliveryWaits = true
      if (state.undelivered.length > CROWD) state.transport.pause()
      nextTurn(() => {
        state.deliveryWaits = false
        deliver(socket)
      })
    }
  }
  if (!delivered || state.undecided || socket.destroyed) return
  if (state.failure) socket.destroy(state.failure)
  else if (state.peerClosed) endReading(socket)
  for (const step of state.afterDelivery.splice(0)) step()
  if (!socket.destroyed) takeMore(state)
}

/** @return {boolean} whether nothing is left */
function deliverUntilTurn(socket) {
  const state = socket[kState]
  while (state.undelivered.length > 0 && !state.undecided && !socket.destroyed) {
    const next = state.undelivered.shift()
    const { secure } = state
    if (typeof next === 'function') survive(socket, next)
    else hand(socket, next)
    if (typeof next === 'function' ? state.secure !== secure : turnsAreCheap && isMoreToTell(state)) return false
  }
  return true
}

function hand(socket, record) {
  const state = socket[kState]
  state.bytesRead += record.length
  if (!give(socket, record)) hold(state)
}

const isMoreToTell = ({ undelivered, failure, peerClosed, readingEnded, afterDelivery }) =>
  undelivered.length > 0 || failure || (peerClosed && !readingEnded) || afterDelivery.length > 0

/**
 * What becomes of the transport is for after what it brought.
 * @param {any} socket
 * @param {() => void} step
 * @param {boolean} [more] whether more may come of it than waits to be delivered
 * @return {boolean} whether something is still to be delivered: the step is called then
 */
export function isForLater(socket, step, more = false) {
  const { afterDelivery, undelivered } = socket[kState]
  const isLater = more || undelivered.length > 0
  if (isLater) afterDelivery.push(step)
  return isLater
}

/** Give a record to the reader. @return {boolean} whether it wants more */
function give(socket, record) {
  const { onread, socket: given } = socket[kState].options
  // As in Node, where it is the socket of the transport that reads into the buffer.
  if (!onread || given) return socket.push(record)
  let wantsMore = true
  for (let offset = 0; offset < record.length; ) {
    const buffer = typeof onread.buffer === 'function' ? onread.buffer() : onread.buffer
    const piece = record.subarray(offset, offset + buffer.length)
    buffer.set(piece)
    offset += piece.length
    if (onread.callback.call(socket, piece.length, buffer) === false) wantsMore = false
  }
  return wantsMore
}

function hold(state) {
  state.holding = true
  state.transport.pause()
}

/** The stream ends, also where nobody reads it. */
export function endReading(socket) {
  const state = socket[kState]
  if (state.readingEnded) return
  state.readingEnded = true
  socket.push(null)
  socket.read(0)
}

/**
 * The reader wants more.
 * @param {any} socket
 */
export function readOn(socket) {
  const state = socket[kState]
  state.holding = false
  takeMore(state)
}

/**
 * Have the transport bring more, unless something is to wait.
 * @param {import('./socket-state.js').State} state
 */
export function takeMore({ started, deciding, holding, undelivered, transport }) {
  if (started && !deciding && !holding && undelivered.length <= CROWD) transport?.resume()
}
