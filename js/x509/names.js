// Distinguished names (RFC 5280, 4.1.2.4), read and written as OpenSSL does it.
import { anyContents, list, Malformed, objectIdentifier, rewrite, sequence, UNIVERSAL } from './ber.js'
import * as Tag from './tag.js'
import { numbers, shortName } from './object-identifiers.js'
import { concatenate, decode, decodeLoosely, encode, hex, latin1 } from './octets.js'

/**
 * One attribute.
 * @typedef {object} Attribute
 * @property {string} type dotted
 * @property {import('./ber.js').Element} value
 * @property {Uint8Array} octets the contents of the value; of a SEQUENCE the whole of it, as OpenSSL keeps it
 * @property {number} set which of the sets it is in
 *
 * @typedef {Attribute[]} Name
 */

/** What the value of an attribute may be: OpenSSL's B_ASN1_PRINTABLE, with all that it takes for unknown. */
const VALUES = [3, 7, 8, 9, 11, 12, 13, 14, 15, 16, 18, 19, 20, 22, 28, 29, 30]

/** Octets a letter, of those that have letters; 0 is UTF-8. @type {Record<number, number>} */
const WIDTHS = {
  [Tag.UTF8_STRING]: 0,
  [Tag.NUMERIC_STRING]: 1,
  [Tag.PRINTABLE_STRING]: 1,
  [Tag.TELETEX_STRING]: 1,
  [Tag.IA5_STRING]: 1,
  [Tag.UNIVERSAL_STRING]: 4,
  [Tag.BMP_STRING]: 2,
}

/** What names are compared by: all that have letters, but for those of numbers alone. */
const isCompared = ({ value }) => value.tag in WIDTHS && value.tag !== Tag.NUMERIC_STRING

/**
 * Read a `Name`.
 * @param {import('./ber.js').Element | undefined} element
 * @return {Name}
 */
export function readName(element) {
  const name = list(element).flatMap((set, index) => list(set, Tag.SET).map((attribute) => readAttribute(attribute, index)))
  // What can not be compared is no name.
  for (const attribute of name) if (isCompared(attribute)) letters(attribute)
  return name
}

/**
 * @param {import('./ber.js').Element} attribute
 * @param {number} set which of the sets it is in
 * @return {Attribute}
 */
export function readAttribute(attribute, set) {
  const [type, value, ...more] = sequence(attribute)
  if (!value || more.length > 0) throw new Malformed()
  if (value.tagClass !== UNIVERSAL || !VALUES.includes(value.tag)) throw new Malformed()
  const octets = anyContents(value)
  return { type: objectIdentifier(type), value, octets: value.tag === Tag.SEQUENCE ? value.bytes : octets, set }
}

/** The letters of a value of which the type tells what letters are. */
function letters({ value, octets }) {
  const width = WIDTHS[value.tag]
  if (width === 0) return readUtf8(octets)
  const points = []
  for (let place = 0; place < octets.length; place += width) {
    const point = octets.subarray(place, place + width).reduce((sum, octet) => sum * 256 + octet, 0)
    if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) throw new Malformed()
    points.push(point)
  }
  return points.map((point) => String.fromCodePoint(point)).join('')
}

function readUtf8(octets) {
  const text = decode(octets)
  if (text === null) throw new Malformed()
  return text
}

/** What a type is called where names are shown. */
const typeName = (type) => shortName(type) ?? numbers(type, 80)

/**
 * The attributes by type; a type that occurs more than once has an array. Without a prototype: the names are the peer's choice
 * (CVE-2022-21824).
 * @param {Name} name
 */
export function nameObject(name) {
  const object = Object.create(null)
  for (const attribute of name) {
    // Of a value without letters Node knows neither value nor type.
    const [type, value] = attribute.value.tag in WIDTHS ? [typeName(attribute.type), letters(attribute)] : ['', '']
    if (!(type in object)) object[type] = value
    else if (Array.isArray(object[type])) object[type].push(value)
    else object[type] = [object[type], value]
  }
  return object
}

/**
 * How a name is written (OpenSSL's XN_FLAG_*, ASN1_STRFLGS_*).
 * @typedef {object} Manner
 * @property {string} between what is between sets
 * @property {string} within what is between the attributes of a set
 * @property {boolean} backwards
 * @property {boolean} escapesControls
 * @property {boolean} dumpsUnknown values that have no letters, or whose type has no name, as DER
 */

/** Node's `subject` and `issuer`. @type {Manner} */
const LINES = { between: '\n', within: ' + ', backwards: false, escapesControls: true, dumpsUnknown: false }

/** RFC 2253, for what is then escaped as JSON. @type {Manner} */
const RFC_2253 = { between: ',', within: '+', backwards: true, escapesControls: false, dumpsUnknown: true }

/** A name, a line for each set; undefined if it is empty. @param {Name} name */
export const nameLines = (name) => (name.length === 0 ? undefined : decodeLoosely(writeName(name, LINES)))

/** A name on one line (RFC 2253), as UTF-8. @param {Name} name */
export const nameLine = (name) => writeName(name, RFC_2253)

function writeName(name, manner) {
  const ordered = manner.backwards ? [...name].reverse() : name
  const parts = ordered.flatMap((attribute, index) => {
    const before = ordered[index - 1]
    const separator = !before ? '' : before.set === attribute.set ? manner.within : manner.between
    return [encode(`${separator}${typeName(attribute.type)}=`), writeValue(attribute, manner)]
  })
  return concatenate(parts)
}

function writeValue({ type, value, octets }, { escapesControls, dumpsUnknown }) {
  const width = WIDTHS[value.tag]
  if (dumpsUnknown && (width === undefined || shortName(type) === undefined)) return encode(`#${hex(rewrite(value))}`)
  const text = width ? encode(letters({ value, octets })) : width === 0 ? octets : encode(latin1(octets))
  return withEscapes(text, escapesControls)
}

const code = (letter) => letter.charCodeAt(0)
const [BACKSLASH, BLANK, HASH, DELETE] = ['\\', ' ', '#', '\x7f'].map(code)
const SPECIAL = Array.from(',+"<>;', code)

/** RFC 2253's escapes; those of control characters are OpenSSL's. */
function withEscapes(octets, escapesControls) {
  const last = octets.length - 1
  const escaped = Array.from(octets).flatMap((octet, index) => {
    const isAtEdge = index === last ? octet === BLANK : index === 0 && (octet === BLANK || octet === HASH)
    if (isAtEdge || octet === BACKSLASH || SPECIAL.includes(octet)) return [BACKSLASH, octet]
    const isControl = octet < BLANK || octet === DELETE
    return isControl && escapesControls ? [...encode(`\\${hex(Uint8Array.of(octet))}`)] : [octet]
  })
  return Uint8Array.from(escaped)
}

/**
 * A name in the form in which names are compared: letters in lower case, without blanks around and with single ones inside, whatever
 * the type of the string.
 * @param {Name} name
 */
export function canonicalName(name) {
  // Sets that are empty do not count.
  const places = new Map()
  for (const { set } of name) if (!places.has(set)) places.set(set, places.size)
  return JSON.stringify(name.map((attribute) => [places.get(attribute.set), attribute.type, ...canonicalValue(attribute)]))
}

function canonicalValue(attribute) {
  if (!isCompared(attribute)) return [attribute.value.tag, hex(attribute.octets)]
  const words = letters(attribute).split(/[\t-\r ]+/)
  const text = words.filter((word) => word !== '').join(' ')
  return [text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())]
}

/** The letters of a value; null if it has none. @param {Attribute} attribute */
export const textOf = (attribute) => (attribute.value.tag in WIDTHS ? letters(attribute) : null)
