// A small writer of DER (X.690): every function gives the bytes of one element, so that anything can be written, also what no
// library would. It runs everywhere: nothing but Uint8Array.

/** @typedef {Uint8Array} Element tag, length and value */

/**
 * Any element.
 * @param {number} tag the identifier octet
 * @param {...Uint8Array} parts what the value is made of
 * @return {Element}
 */
export function element(tag, ...parts) {
  const size = parts.reduce((sum, part) => sum + part.length, 0)
  return concatenate(Uint8Array.of(tag, ...lengthOctets(size)), ...parts)
}

/** @param {...Uint8Array} parts */
export function concatenate(...parts) {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    bytes.set(part, offset)
    offset += part.length
  }
  return bytes
}

function lengthOctets(length) {
  if (length < 0x80) return [length]
  const octets = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256)
  return [0x80 | octets.length, ...octets]
}

/** @param {...Element} elements */
export const sequence = (...elements) => element(0x30, ...elements)

/** A SET, its elements as they are given. @param {...Element} elements */
export const set = (...elements) => element(0x31, ...elements)

/** `[number]`, constructed: an explicit tag, or an implicit one of a SEQUENCE. @param {number} number @param {...Uint8Array} parts */
export const context = (number, ...parts) => element(0xa0 | number, ...parts)

/** `[number]`, primitive: an implicit tag of bytes or text. @param {number} number @param {Uint8Array | string} value */
export const contextPrimitive = (number, value) => element(0x80 | number, bytesOf(value))

/** @param {boolean} value */
export const boolean = (value) => element(0x01, Uint8Array.of(value ? 0xff : 0))

export const nothing = () => element(0x05)

/**
 * An INTEGER: a number, or the bytes of its value as they are.
 * @param {number | bigint | Uint8Array} value
 */
export function integer(value) {
  if (value instanceof Uint8Array) return element(0x02, value)
  const octets = []
  let rest = BigInt(value)
  for (;;) {
    const octet = Number(BigInt.asUintN(8, rest))
    octets.unshift(octet)
    rest >>= 8n
    // The first bit of the first byte is the sign.
    if ((rest === 0n && octet < 0x80) || (rest === -1n && octet >= 0x80)) return element(0x02, Uint8Array.from(octets))
  }
}

/** @param {string} dotted */
export function oid(dotted) {
  const [first, second, ...others] = dotted.split('.').map(BigInt)
  const octets = [first * 40n + second, ...others].flatMap((arc) => {
    const groups = [Number(arc & 0x7fn)]
    for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) groups.unshift(0x80 | Number(rest & 0x7fn))
    return groups
  })
  return element(0x06, Uint8Array.from(octets))
}

/** @param {Uint8Array} bytes @param {number} [unused] bits at the end of the last byte */
export const bitString = (bytes, unused = 0) => element(0x03, Uint8Array.of(unused), bytes)

/**
 * A BIT STRING of flags, without zeros at its end, as DER wants named bits.
 * @param {number[]} bits the numbers of those that are set
 */
export function namedBits(bits) {
  if (bits.length === 0) return bitString(new Uint8Array(0))
  const highest = Math.max(...bits)
  const bytes = new Uint8Array(Math.floor(highest / 8) + 1)
  for (const bit of bits) bytes[bit >> 3] |= 0x80 >> (bit & 7)
  return bitString(bytes, 7 - (highest & 7))
}

/** @param {Uint8Array} bytes */
export const octetString = (bytes) => element(0x04, bytes)

/** @param {Uint8Array | string} value */
const bytesOf = (value) => (typeof value === 'string' ? new TextEncoder().encode(value) : value)

const fixedWidth = (text, width) =>
  Uint8Array.from(
    [...text].flatMap((letter) => Array.from({ length: width }, (_, place) => (letter.codePointAt(0) / 256 ** (width - 1 - place)) & 0xff)),
  )

/** @param {Uint8Array | string} value */
export const utf8String = (value) => element(0x0c, bytesOf(value))

/** @param {Uint8Array | string} value */
export const printableString = (value) => element(0x13, bytesOf(value))

/** Latin-1, as everybody writes it. @param {string} value */
export const teletexString = (value) => element(0x14, fixedWidth(value, 1))

/** @param {Uint8Array | string} value */
export const ia5String = (value) => element(0x16, bytesOf(value))

/** @param {string} value */
export const universalString = (value) => element(0x1c, fixedWidth(value, 4))

/** @param {string} value */
export const bmpString = (value) => element(0x1e, fixedWidth(value, 2))

/** `YYMMDDHHMMSSZ`, or any text. @param {Date | string} time */
export const utcTime = (time) => element(0x17, bytesOf(typeof time === 'string' ? time : timeText(time).slice(2)))

/** `YYYYMMDDHHMMSSZ`, or any text. @param {Date | string} time */
export const generalizedTime = (time) => element(0x18, bytesOf(typeof time === 'string' ? time : timeText(time)))

/** A `Time` as RFC 5280 (4.1.2.5) has it: UTCTime until 2049. @param {Date} date */
export const time = (date) => (date.getUTCFullYear() >= 1950 && date.getUTCFullYear() < 2050 ? utcTime(date) : generalizedTime(date))

const timeText = (date) => `${date.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`
