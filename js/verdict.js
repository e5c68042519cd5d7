// The errors of chains that are not trusted: the engine knows what OpenSSL says of each.
import { verdictWords } from './engine.js'

/**
 * The error of a verdict.
 * @param {string} verdict OpenSSL's code
 * @return {import('./errors.js').CodedError} with Node's as `code`; where that says little, OpenSSL's is its `reason`
 */
export function verdictError(verdict) {
  const [code, message] = verdictWords(verdict) ?? [verdict, verdict]
  return Object.assign(new Error(message), { code }, code !== verdict && { reason: verdict })
}

/**
 * The error of what may be a verdict that Node has a code for, or null if it is none.
 * @param {unknown} code
 */
export const knownVerdict = (code) => (typeof code === 'string' && verdictWords(code)?.[0] === code ? verdictError(code) : null)
