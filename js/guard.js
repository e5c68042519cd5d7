// Steps that may fail: whose error it is.
import { failureError } from './errors.js'

/** Run a step; what the engine throws ends the connection, not the process. Listeners are never called inside. */
export function guarded(socket, step) {
  try {
    return step()
  } catch (error) {
    const known = typeof error === 'string' ? failureError(error) : error
    if (!known?.code) throw error
    socket.destroy(known)
    return undefined
  }
}

/** Run a step that calls users, whose errors are theirs; only the engine's own end ends the connection. */
export function survive(socket, step) {
  try {
    step()
  } catch (error) {
    if (error?.code !== 'ERR_TLS_ENGINE_FAILED') throw error
    socket.destroy(error)
  }
}
