// The time-out of a socket, which is about nothing moving.
import { LONGEST_TIMEOUT } from './options.js'
import { kState } from './socket-state.js'

/** Something moved: the time-out starts anew. */
export function moved(socket) {
  const state = socket[kState]
  clearTimeout(state.timer)
  if (!socket.timeout || socket.destroyed) return
  state.timer = setTimeout(() => state.inTimeoutContext(() => socket.emit('timeout')), Math.min(socket.timeout, LONGEST_TIMEOUT))
  state.timer.unref?.()
}
