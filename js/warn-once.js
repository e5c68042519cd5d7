// Warnings are given once each.
import { emitWarning } from '#platform'

const warned = new Set()

/**
 * Warn, unless that was done before.
 * @param {string} message
 * @param {string} [type]
 * @param {string} [code]
 */
export function warnOnce(message, type = 'Warning', code = undefined) {
  if (warned.has(message)) return
  warned.add(message)
  emitWarning(message, type, code)
}
