// The names that OpenSSL has for OBJECT IDENTIFIERs: those of attributes, algorithms, other names and ways to information. It knows more,
// which say something elsewhere.
import { objectNames } from '../engine.js'

/** The short name, and the long one if it is another, by the dotted numbers. @type {Map<string, string[]> | undefined} */
let known

/** @param {string} id dotted */
function names(id) {
  known ??= readNames(objectNames())
  return known.get(id) ?? []
}

/** Read arcs, each with the lines of its numbers. @param {string} text */
function readNames(text) {
  const read = new Map()
  let arc = ''
  for (const line of text.split('\n')) {
    const [number, ...found] = line.split('|')
    if (found.length > 0) read.set(`${arc}.${number}`, found)
    else arc = number
  }
  return read
}

/**
 * The short name, or undefined.
 * @param {string} id dotted
 * @return {string | undefined}
 */
export const shortName = (id) => names(id)[0]

/**
 * The long name, or undefined.
 * @param {string} id dotted
 * @return {string | undefined}
 */
export const longName = (id) => names(id).at(-1)

/** Whether OpenSSL writes the numbers: see `objectIdentifier`. @param {string} id */
export const isWritable = (id) => !id.startsWith('#')

/**
 * The numbers as OpenSSL writes them into a place of limited size; nothing if there are too many.
 * @param {string} id
 * @param {number} size of what fits, with a NUL at its end
 */
export const numbers = (id, size) => (isWritable(id) ? id.slice(0, size - 1) : '')
