// General names (RFC 5280, 4.2.1.6), read as OpenSSL reads them and written as Node writes them: escaped as JSON where one could be
// mistaken for several, or for something else (CVE-2021-44531, CVE-2021-44532, CVE-2021-44533).
import { formatIP } from '../ip.js'
import { anyContents, contents, CONTEXT, explicit, has, Malformed, objectIdentifier, sequence } from './ber.js'
import * as Tag from './tag.js'
import * as Kind from './kind.js'
import { nameLine, readName } from './names.js'
import { numbers } from './object-identifiers.js'
import { decodeLoosely, latin1 } from './octets.js'

/**
 * One name.
 * @typedef {object} GeneralName
 * @property {number} kind
 * @property {Uint8Array} [octets] of what is letters or octets
 * @property {string} [id] dotted: a registered id, or the type of another name
 * @property {number | null} [valueTag] of another name, null if it is of no universal type
 * @property {import('./names.js').Name} [directory]
 */

/**
 * Read one name.
 * @param {import('./ber.js').Element | undefined} element
 * @return {GeneralName}
 */
export function readGeneralName(element) {
  if (!element || element.tagClass !== CONTEXT) throw new Malformed()
  const kind = element.tag
  switch (kind) {
    case Kind.OTHER:
      return { kind, ...readOtherName(element) }
    case Kind.EMAIL:
    case Kind.DNS:
    case Kind.URI:
      return { kind, octets: contents(element, Tag.IA5_STRING, kind) }
    case Kind.X400:
      contents(element, Tag.SEQUENCE, kind)
      return { kind }
    case Kind.DIRECTORY:
      return { kind, directory: readName(explicit(element, kind)) }
    case Kind.EDI_PARTY:
      readEdiParty(element)
      return { kind }
    case Kind.IP:
      return { kind, octets: contents(element, Tag.OCTET_STRING, kind) }
    case Kind.REGISTERED_ID:
      return { kind, id: objectIdentifier(element, kind) }
    default:
      throw new Malformed()
  }
}

/** The elements of a SEQUENCE that has another tag. */
const partsOf = (element) => sequence({ ...element, tagClass: 0, tag: Tag.SEQUENCE })

function readOtherName(element) {
  const [type, value, ...more] = partsOf(element)
  if (more.length > 0) throw new Malformed()
  const inner = explicit(value, 0)
  return { id: objectIdentifier(type), octets: anyContents(inner), valueTag: inner.tagClass === 0 ? inner.tag : null }
}

/** DirectoryString */
const DIRECTORY_STRINGS = [Tag.UTF8_STRING, Tag.PRINTABLE_STRING, Tag.TELETEX_STRING, Tag.UNIVERSAL_STRING, Tag.BMP_STRING]

function readEdiParty(element) {
  const parts = partsOf(element)
  if (has(parts[0], 0, CONTEXT)) readDirectoryString(explicit(parts.shift(), 0))
  if (parts.length !== 1) throw new Malformed()
  readDirectoryString(explicit(parts[0], 1))
}

function readDirectoryString(element) {
  if (element.tagClass !== 0 || !DIRECTORY_STRINGS.includes(element.tag)) throw new Malformed()
  anyContents(element)
}

/** Other names that have letters: what they are called, and the type of their strings. @type {Record<string, [string, number]>} */
const OTHER_NAMES = {
  '1.3.6.1.5.5.7.8.9': ['SmtpUTF8Mailbox', Tag.UTF8_STRING],
  '1.3.6.1.5.5.7.8.5': ['XmppAddr', Tag.UTF8_STRING],
  '1.3.6.1.5.5.7.8.7': ['SRVName', Tag.IA5_STRING],
  '1.3.6.1.5.5.7.8.8': ['NAIRealm', Tag.UTF8_STRING],
  '1.3.6.1.4.1.311.20.2.3': ['UPN', Tag.UTF8_STRING],
}

/** Whether a name is a mailbox that is not ASCII. @param {GeneralName} name */
export const isUtf8Mailbox = ({ kind, id, valueTag }) => kind === Kind.OTHER && id === '1.3.6.1.5.5.7.8.9' && valueTag === Tag.UTF8_STRING

/** What a registered id is written into, with its NUL. */
const REGISTERED_ID_SIZE = 256

const LETTERED = { [Kind.EMAIL]: 'email', [Kind.DNS]: 'DNS', [Kind.URI]: 'URI' }

/**
 * A name as text: its kind, a colon, and what it is.
 * @param {GeneralName} name
 * @return {string}
 */
export function printGeneralName({ kind, octets = new Uint8Array(0), id = '', valueTag, directory = [] }) {
  switch (kind) {
    case Kind.EMAIL:
    case Kind.DNS:
    case Kind.URI:
      return `${LETTERED[kind]}:${printLatin1(octets)}`
    case Kind.DIRECTORY:
      return `DirName:${printUtf8(nameLine(directory))}`
    case Kind.IP:
      return `IP Address:${formatIP(octets)}`
    case Kind.REGISTERED_ID:
      return `Registered ID:${numbers(id, REGISTERED_ID_SIZE)}`
    case Kind.OTHER: {
      const [prefix, type] = OTHER_NAMES[id] ?? []
      if (!prefix || valueTag !== type) return 'othername:<unsupported>'
      return `othername:${type === Tag.UTF8_STRING ? printUtf8(octets, `${prefix}:`) : printLatin1(octets, `${prefix}:`)}`
    }
    default:
      return kind === Kind.X400 ? 'X400Name:<unsupported>' : 'EdiPartyName:<unsupported>'
  }
}

const printLatin1 = (octets, prefix = '') => quoteUnlessSafe(latin1(octets), prefix, isPrintable)

const printUtf8 = (octets, prefix = '') => quoteUnlessSafe(decodeLoosely(octets), prefix, isNoControl)

const isPrintable = (letter) => letter >= ' ' && letter <= '~'
const isNoControl = (letter) => letter >= ' ' && letter !== '\x7f'

/** A text as it is, or as JSON if it has what a list could be taken apart by, or a letter that is not to be there. */
function quoteUnlessSafe(text, prefix, isAllowed) {
  const letters = Array.from(text)
  if (letters.every(isAllowed) && !/["\\,']/.test(text)) return prefix + text
  const escaped = letters.map((letter) => {
    if (letter === '"' || letter === '\\') return `\\${letter}`
    return letter !== ',' && isAllowed(letter) ? letter : `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
  return `"${prefix}${escaped.join('')}"`
}
