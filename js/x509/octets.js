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
export const latin1 = (octets) => Array.from(octets, (octet) => String.fromCharCode(octet)).join('')

/** Octets in hexadecimal, in capital letters. @param {Uint8Array} octets */
export const hex = (octets) => Array.from(octets, (octet) => octet.toString(16).padStart(2, '0').toUpperCase()).join('')

/** The number that octets are, which is not negative. @param {Uint8Array} octets */
export const number = (octets) => BigInt(`0x0${hex(octets)}`)

/** A number in as many octets as are asked for. @param {bigint} value @param {number} size */
export const octetsOf = (value, size) =>
  Uint8Array.from({ length: size }, (_, place) => Number((value >> BigInt(8 * (size - 1 - place))) & 0xffn))

/** Octets without the zeros that a number begins with. @param {Uint8Array} octets */
export function withoutZeros(octets) {
  const start = octets.findIndex((octet) => octet !== 0)
  return octets.subarray(start < 0 ? octets.length : start)
}

/**
 * Octets one after another.
 * @param {Uint8Array[]} parts any number of them: more than a call may have arguments
 */
export function concatenate(parts) {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let place = 0
  for (const part of parts) {
    bytes.set(part, place)
    place += part.length
  }
  return bytes
}

/**
 * Whether octets are the same.
 * @param {Uint8Array} one
 * @param {Uint8Array} other
 */
export function isSame(one, other) {
  return Buffer.compare(one, other) === 0
}
