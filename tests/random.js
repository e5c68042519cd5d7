// Pseudo-random bytes that both ends of a test make on their own. Word i of a stream depends on the seed and on i alone, so any
// part of it can be made or checked without the rest, and a gigabyte is checked without being held.

function word(seed, index) {
  let mixed = Math.imul(seed, 0x27d4eb2f) + Math.imul(index, 0x9e3779b9)
  mixed ^= mixed >>> 16
  mixed = Math.imul(mixed, 0x85ebca6b)
  mixed ^= mixed >>> 13
  mixed = Math.imul(mixed, 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}

/** The byte at a place of the stream. */
const byteAt = (seed, offset) => (word(seed, Math.floor(offset / 4)) >>> ((offset % 4) * 8)) & 0xff

/**
 * Fill an array with a part of the stream.
 * @param {number} seed a 32-bit integer
 * @param {number} offset where in the stream the part starts
 * @param {Uint8Array} bytes
 */
export function fill(seed, offset, bytes) {
  let at = 0
  while (at < bytes.length && (offset + at) % 4 !== 0) bytes[at] = byteAt(seed, offset + at++)
  for (let index = (offset + at) / 4; at + 4 <= bytes.length; at += 4, index++) {
    const value = word(seed, index)
    bytes[at] = value
    bytes[at + 1] = value >>> 8
    bytes[at + 2] = value >>> 16
    bytes[at + 3] = value >>> 24
  }
  while (at < bytes.length) bytes[at] = byteAt(seed, offset + at++)
}

/**
 * Where an array first differs from a part of the stream.
 * @param {number} seed
 * @param {number} offset where in the stream the part starts
 * @param {Uint8Array} bytes
 * @return {number} an index into `bytes`, or -1
 */
export function firstDifference(seed, offset, bytes) {
  const expected = new Uint8Array(bytes.length)
  fill(seed, offset, expected)
  for (let at = 0; at < bytes.length; at++) if (bytes[at] !== expected[at]) return at
  return -1
}

/**
 * The first bytes of a stream.
 * @param {number} seed
 * @param {number} length
 * @return {Uint8Array}
 */
export function random(seed, length) {
  const bytes = new Uint8Array(length)
  fill(seed, 0, bytes)
  return bytes
}

/**
 * A generator of small numbers, for tests that choose at random and must choose the same again.
 * @param {number} seed
 * @return {(limit: number) => number} gives an integer from 0 up to, not including, `limit`
 */
export function chooser(seed) {
  let index = 0
  return (limit) => (word(seed, index++) >>> 0) % limit
}
