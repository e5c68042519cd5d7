// Warnings of what is old, as Node gives them: once each.
import { warnOnce } from './warn-once.js'

/**
 * Warn of what is old, unless that was done before.
 * @param {string} code Node's DEP number, or ours where Node has none
 * @param {string} message
 */
export const warnOfOld = (code, message) => warnOnce(message, 'DeprecationWarning', code)

/**
 * A function that warns when it is first called.
 * @template {(...parameters: any[]) => any} T
 * @param {T} call
 * @param {string} code
 * @param {string} message
 * @return {T}
 */
export function deprecate(call, code, message) {
  /** @this {any} */
  function deprecated(...parameters) {
    warnOfOld(code, message)
    return call.apply(this, parameters)
  }
  return /** @type {any} */ (deprecated)
}
