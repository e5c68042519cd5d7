// Elements of BER (X.690), read as OpenSSL reads certificates: what is longer than it need be is read, what is no BER is refused.
// Nesting costs no stack.
import { concatenate, hex, withoutZeros } from './octets.js'
import * as Tag from './tag.js'

/** The bytes are not what was expected. */
export class Malformed extends Error {
  name = 'Malformed'
}

export const UNIVERSAL = 0
export const CONTEXT = 2

/** Universal types that are never made of parts. */
const PRIMITIVE = [Tag.BOOLEAN, Tag.INTEGER, Tag.NULL, Tag.OBJECT_IDENTIFIER, Tag.ENUMERATED]

/** How deep the parts of a string may be nested. */
const STRING_NESTING = 5

/**
 * One tag, length and value.
 * @typedef {object} Element
 * @property {number} tagClass UNIVERSAL, CONTEXT, or another
 * @property {number} tag its number
 * @property {boolean} constructed whether the value is elements
 * @property {Uint8Array} bytes tag, length and value
 * @property {Uint8Array} value without the end-of-contents of an indefinite length
 */

/**
 * Read one element; more may follow.
 * @param {Uint8Array} bytes
 * @return {Element}
 */
export function first(bytes) {
  const { headerLength, length, ...header } = readHeader(bytes)
  if (length !== undefined) {
    const end = headerLength + length
    if (end > bytes.length) throw new Malformed()
    return { ...header, bytes: bytes.subarray(0, end), value: bytes.subarray(headerLength, end) }
  }
  const end = endOfContents(bytes, headerLength)
  return { ...header, bytes: bytes.subarray(0, end), value: bytes.subarray(headerLength, end - 2) }
}

/** Tag and length; the length is undefined where it is indefinite. */
function readHeader(bytes) {
  if (bytes.length < 2) throw new Malformed()
  let place = 1
  let tag = bytes[0] & 0x1f
  if (tag === 0x1f) {
    tag = 0
    do {
      if (place >= bytes.length || tag > 0xffffff) throw new Malformed()
      tag = tag * 128 + (bytes[place] & 0x7f)
    } while (bytes[place++] & 0x80)
  }
  const constructed = (bytes[0] & 0x20) !== 0
  if (place >= bytes.length) throw new Malformed()
  const firstOctet = bytes[place++]
  const header = { tagClass: bytes[0] >> 6, tag, constructed }
  if (firstOctet === 0x80) {
    if (!constructed) throw new Malformed()
    return { ...header, headerLength: place, length: undefined }
  }
  if (firstOctet < 0x80) return { ...header, headerLength: place, length: firstOctet }
  const octets = bytes.subarray(place, place + (firstOctet & 0x7f))
  const length = octets.reduce((sum, octet) => sum * 256 + octet, 0)
  return { ...header, headerLength: place + (firstOctet & 0x7f), length }
}

/** Where an element of indefinite length ends, that is, after as many ends as there were beginnings. */
function endOfContents(bytes, start) {
  let place = start
  for (let open = 1; open > 0; ) {
    if (isEnd(bytes, place)) {
      open -= 1
      place += 2
      continue
    }
    const { headerLength, length } = readHeader(bytes.subarray(place))
    if (length === undefined) open += 1
    place += headerLength + (length ?? 0)
  }
  return place
}

const isEnd = (bytes, place) => bytes[place] === 0 && bytes[place + 1] === 0

/**
 * The elements that bytes are made of.
 * @param {Uint8Array} bytes
 * @return {Element[]}
 */
export function readAll(bytes) {
  const elements = []
  for (let place = 0; place < bytes.length; ) {
    if (isEnd(bytes, place)) throw new Malformed()
    const element = first(bytes.subarray(place))
    elements.push(element)
    place += element.bytes.length
  }
  return elements
}

/**
 * Whether an element has a tag.
 * @param {Element | undefined} element
 * @param {number} tag
 * @param {number} [tagClass]
 */
export const has = (element, tag, tagClass = UNIVERSAL) => element?.tag === tag && element.tagClass === tagClass

/**
 * The elements inside of one that must be there and have the tag.
 * @param {Element | undefined} element
 * @param {number} tag
 * @param {number} [tagClass]
 */
export function children(element, tag, tagClass = UNIVERSAL) {
  if (!element || !has(element, tag, tagClass) || !element.constructed) throw new Malformed()
  return readAll(element.value)
}

/**
 * The elements of a SEQUENCE OF, or of another tag in its place; OpenSSL takes it also where it is said to be none of elements.
 * @param {Element | undefined} element
 * @param {number} [tag]
 * @param {number} [tagClass]
 */
export function list(element, tag = Tag.SEQUENCE, tagClass = UNIVERSAL) {
  if (!element || !has(element, tag, tagClass)) throw new Malformed()
  return readAll(element.value)
}

/** The elements of a SEQUENCE. @param {Element | undefined} element */
export const sequence = (element) => children(element, Tag.SEQUENCE)

/**
 * The one element inside of `[tag]`.
 * @param {Element | undefined} element
 * @param {number} tag
 */
export function explicit(element, tag) {
  const inside = children(element, tag, CONTEXT)
  if (inside.length !== 1) throw new Malformed()
  return inside[0]
}

/**
 * The contents of an element that must be there and have the tag, and of its parts if it is a string in parts; checked where the type
 * has rules.
 * @param {Element | undefined} element
 * @param {number} type the universal type
 * @param {number} [implicit] the number of the tag that stands in its place
 * @return {Uint8Array}
 */
export function contents(element, type, implicit) {
  const isRight = implicit === undefined ? has(element, type) : has(element, implicit, CONTEXT)
  if (!element || !isRight) throw new Malformed()
  return checkedContents(element, type)
}

function checkedContents(element, type) {
  if (type === Tag.SEQUENCE || type === Tag.SET) {
    if (!element.constructed) throw new Malformed()
    return element.value
  }
  if (element.constructed && PRIMITIVE.includes(type)) throw new Malformed()
  const value = element.constructed ? collect(element, 0) : element.value
  const rule = RULES[type]
  if (rule && !rule(value)) throw new Malformed()
  return value
}

/** What the parts of a string make together. */
function collect(element, depth) {
  const parts = readAll(element.value).map((part) => {
    if (!part.constructed) return part.value
    if (depth >= STRING_NESTING) throw new Malformed()
    return collect(part, depth + 1)
  })
  return concatenate(parts)
}

/** The contents of an element of any universal type, or of another class. @param {Element} element */
export const anyContents = (element) => (element.tagClass === UNIVERSAL ? checkedContents(element, element.tag) : element.value)

/** What contents of a type must be like. @type {Record<number, (value: Uint8Array) => boolean>} */
const RULES = {
  [Tag.BOOLEAN]: (value) => value.length === 1,
  [Tag.NULL]: (value) => value.length === 0,
  [Tag.INTEGER]: isInteger,
  [Tag.ENUMERATED]: isInteger,
  [Tag.BIT_STRING]: (value) => value.length > 0 && value[0] < 8,
  [Tag.OBJECT_IDENTIFIER]: isObjectIdentifier,
  [Tag.BMP_STRING]: (value) => value.length % 2 === 0,
  [Tag.UNIVERSAL_STRING]: (value) => value.length % 4 === 0,
  [Tag.UTC_TIME]: (value) => value.length >= 13,
  [Tag.GENERALIZED_TIME]: (value) => value.length >= 15,
}

/** No octet too many (X.690, 8.3.2). */
function isInteger(value) {
  if (value.length < 2) return value.length === 1
  const sign = value[1] & 0x80
  return !(value[0] === 0 && sign === 0) && !(value[0] === 0xff && sign !== 0)
}

/** No part that begins with zeros or does not end (X.690, 8.19.2). */
function isObjectIdentifier(value) {
  if (value.length === 0 || value[value.length - 1] & 0x80) return false
  return value.every((octet, index) => octet !== 0x80 || (index > 0 && (value[index - 1] & 0x80) !== 0))
}

/**
 * The bits of a BIT STRING, with zeros for those that are unused.
 * @param {Element | undefined} element
 * @param {number} [implicit]
 */
export function bits(element, implicit) {
  const [unused, ...octets] = contents(element, Tag.BIT_STRING, implicit)
  if (octets.length > 0) octets[octets.length - 1] &= 0xff << unused
  return Uint8Array.from(octets)
}

/** The contents of an OBJECT IDENTIFIER that OpenSSL writes as numbers, at the most. */
const MAX_IDENTIFIER = 586

/**
 * An OBJECT IDENTIFIER as dotted numbers; in hexadecimal after a `#` if it is too long for that.
 * @param {Element | undefined} element
 * @param {number} [implicit]
 */
export const objectIdentifier = (element, implicit) => dotted(contents(element, Tag.OBJECT_IDENTIFIER, implicit))

function dotted(value) {
  if (value.length > MAX_IDENTIFIER) return `#${hex(value)}`
  const arcs = []
  let arc = 0n
  for (const octet of value) {
    arc = (arc << 7n) | BigInt(octet & 0x7f)
    if (octet & 0x80) continue
    arcs.push(arc)
    arc = 0n
  }
  const [both, ...rest] = arcs
  const root = both < 40n ? 0n : both < 80n ? 1n : 2n
  return [root, both - 40n * root, ...rest].join('.')
}

/**
 * An element, in the shortest form.
 * @param {number} identifier
 * @param {...Uint8Array} parts
 */
export function write(identifier, ...parts) {
  const value = concatenate(parts)
  const octets = []
  for (let rest = value.length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256)
  const length = value.length < 0x80 ? [value.length] : [0x80 | octets.length, ...octets]
  return concatenate([Uint8Array.of(identifier, ...length), value])
}

/** A SEQUENCE of elements. @param {...Uint8Array} parts */
export const writeSequence = (...parts) => write(0x30, ...parts)

/** A BIT STRING of whole octets. @param {Uint8Array} octets */
export const writeBits = (octets) => write(0x03, Uint8Array.of(0), octets)

/** An OBJECT IDENTIFIER of small numbers. @param {string} id dotted */
export function writeObjectIdentifier(id) {
  const [root, second, ...rest] = id.split('.').map(Number)
  const groups = (arc) => (arc < 128 ? [arc] : [...groups(Math.floor(arc / 128)).map((octet) => octet | 0x80), arc % 128])
  return write(Tag.OBJECT_IDENTIFIER, Uint8Array.from([root * 40 + second, ...rest].flatMap(groups)))
}

/** An INTEGER that is not negative, of its octets. @param {Uint8Array} octets */
export function writeUnsigned(octets) {
  const digits = withoutZeros(octets)
  return write(0x02, Uint8Array.from(digits.length === 0 || digits[0] & 0x80 ? [0] : []), digits)
}

/**
 * An element in the shortest form; what is inside of a SEQUENCE, a SET, or another class stays as it is.
 * @param {Element} element
 */
export function rewrite(element) {
  const { tagClass, tag, bytes } = element
  const octets = anyContents(element)
  if (tagClass !== UNIVERSAL || tag === Tag.SEQUENCE || tag === Tag.SET || tag > 30) return bytes
  if (tag !== Tag.BIT_STRING) return write(tag, octets)
  return write(tag, Uint8Array.of(unusedBits(element)), bits(element))
}

/** How many bits at the end of a BIT STRING do not count; none of none. @param {Element} element */
function unusedBits(element) {
  const value = contents(element, Tag.BIT_STRING)
  return value.length > 1 ? value[0] : 0
}
