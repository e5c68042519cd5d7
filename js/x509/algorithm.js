// Algorithm identifiers (RFC 5280, 4.1.1.2).
import { Malformed, objectIdentifier, rewrite, sequence } from './ber.js'

/**
 * The algorithm, dotted, and its parameters if it has any.
 * @param {import('./ber.js').Element | undefined} element
 * @return {[string, import('./ber.js').Element | undefined]}
 */
export function readAlgorithm(element) {
  const [id, parameters, ...more] = sequence(element)
  // What can not be written can not be read.
  if (parameters) rewrite(parameters)
  if (more.length > 0) throw new Malformed()
  return [objectIdentifier(id), parameters]
}
