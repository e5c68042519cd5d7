// Octets as what they stand for: letters, numbers, hexadecimal; and what is done with them whatever they are.
import { Buffer } from '#platform'

const STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const LOOSE = new TextDecoder('utf-8', { ignoreBOM: true })
const ENCODER = new TextEncoder()

/** UTF-8 of a text. @param {string} text */
export const encode = (text) => ENCODER.encode(text)

/** The text that octets are in UTF-8; null if they are no UTF-8. @param {Uint8Array} octets */
export function decode(octets) {
  try {
    return STRICT.decode(octets)
  } catch {
    return null
  }
}

/** Octets that should be UTF-8, as text. @param {Uint8Array} octets */
export const decodeLoosely = (octets) => LOOSE.decode(octets)

/** Octets as the letters of their numbers. @param {Uint8Array} octets */
export const latin1 = (octets) => Buffer.from(octets).toString('latin1')

/** Octets in hexadecimal, in capital letters. @param {Uint8Array} octets */
export const hex = (octets) => Buffer.from(octets).toString('hex').toUpperCase()

/** The number that octets are, which is not negative. @param {Uint8Array} octets */
export const number = (octets) => BigInt(`0x0${hex(octets)}`)

/** A number in as many octets as are asked for. @param {bigint} value @param {number} size */
export const octetsOf = (value, size) => Buffer.from(value.toString(16).padStart(2 * size, '0'), 'hex')

/** Octets without the zeros that a number begins with. @param {Uint8Array} octets */
export function withoutZeros(octets) {
  const start = octets.findIndex((octet) => octet !== 0)
  return octets.subarray(start < 0 ? octets.length : start)
}

/**
 * Octets one after another.
 * @param {Uint8Array[]} parts
 * @return {Uint8Array}
 */
export const concatenate = (parts) => Buffer.concat(parts)

/**
 * Whether octets are the same.
 * @param {Uint8Array} one
 * @param {Uint8Array} other
 */
export function isSame(one, other) {
  return Buffer.compare(one, other) === 0
}
