// Whether a certificate is for a host, an address or a mailbox, as OpenSSL judges it (X509_check_host, X509_check_ip_asc,
// X509_check_email). `tls.checkServerIdentity` is another matter, with other rules.
import { makeError } from '../errors.js'
import { parseIP } from '../ip.js'
import { comparedNames } from './extensions.js'
import { isUtf8Mailbox } from './general-names.js'
import * as Kind from './kind.js'
import { textOf } from './names.js'
import { decode, encode, isSame, latin1 } from './octets.js'

/** @typedef {import('./certificate.js').Certificate} Certificate */

/**
 * @typedef {object} Rules
 * @property {'default' | 'always' | 'never'} subject whether the subject's name counts: by default if there is no other of the kind
 * @property {boolean} wildcards
 * @property {boolean} partialWildcards whether a wildcard may be a part of a label
 * @property {boolean} multiLabelWildcards whether one may stand for several labels
 * @property {boolean} singleLabelSubdomains whether `.a.test` stands for names of one more label only
 */

const COMMON_NAME = '2.5.4.3'
const EMAIL_ADDRESS = '1.2.840.113549.1.9.1'

const code = (letter) => letter.charCodeAt(0)
const [DOT, STAR, HYPHEN, AT] = ['.', '*', '-', '@'].map(code)

/**
 * The name of the certificate that is a host's; undefined if none is.
 * @param {Certificate} certificate
 * @param {string} host
 * @param {Rules} rules
 * @return {string | undefined}
 */
export function matchHost(certificate, host, rules) {
  const wanted = wantedName(host)
  const isSubdomain = wanted.length > 1 && wanted[0] === DOT
  const same = (pattern) => sameOrBelow(pattern, wanted, isSubdomain, rules)
  const matches = (pattern) => (rules.wildcards ? matchesPattern(pattern, wanted, same, rules) : same(pattern))
  const found = find(certificate, { kind: Kind.DNS, matches, attribute: COMMON_NAME }, rules)
  if (!found) return undefined
  const end = found.indexOf(0)
  return latin1(end < 0 ? found : found.subarray(0, end))
}

/**
 * Whether the certificate is for a mailbox.
 * @param {Certificate} certificate
 * @param {string} mailbox
 * @param {Rules} rules
 */
export function matchesEmail(certificate, mailbox, rules) {
  const wanted = wantedName(mailbox)
  return (
    find(certificate, { kind: Kind.EMAIL, matches: (name) => sameMailbox(name, wanted), attribute: EMAIL_ADDRESS }, rules) !== undefined
  )
}

/**
 * Whether the certificate is for an address.
 * @param {Certificate} certificate
 * @param {string} text
 * @param {Rules} rules
 */
export function matchesAddress(certificate, text, rules) {
  const wanted = readAddress(text.split('\0', 1)[0])
  if (!wanted) throw makeError('ERR_INVALID_ARG_VALUE', ['Invalid name'])
  return find(certificate, { kind: Kind.IP, matches: (octets) => isSame(octets, Uint8Array.from(wanted)) }, rules) !== undefined
}

/** A name without the NUL that may be its end. */
function wantedName(text) {
  const octets = encode(text)
  if (octets.subarray(0, Math.max(1, octets.length - 1)).includes(0)) throw makeError('ERR_INVALID_ARG_VALUE', ['Invalid name'])
  return octets.length > 1 && octets[octets.length - 1] === 0 ? octets.subarray(0, -1) : octets
}

/**
 * The first name that matches.
 * @param {Certificate} certificate
 * @param {{ kind: number, matches: (name: Uint8Array) => boolean, attribute?: string }} wanted
 * @param {Rules} rules
 * @return {Uint8Array | undefined}
 */
function find(certificate, { kind, matches, attribute }, rules) {
  const names = (comparedNames(certificate) ?? []).filter((name) => name.kind === kind || (kind === Kind.EMAIL && isUtf8Mailbox(name)))
  const octets = names.map((name) => name.octets ?? new Uint8Array(0))
  // After a mailbox in UTF-8, OpenSSL takes the others for Latin-1.
  const firstMailbox = names.findIndex((name) => name.kind !== kind)
  const comparable = octets.map((name, index) =>
    firstMailbox >= 0 && index > firstMailbox && names[index].kind === kind ? encode(latin1(name)) : name,
  )
  const found = comparable.find((name, index) => {
    if (name.length > 0 && isUtf8Mailbox(names[index]) && decode(name) === null) throw unreadable()
    return name.length > 0 && matches(name)
  })
  if (found || !attribute || rules.subject === 'never' || (names.length > 0 && rules.subject !== 'always')) return found
  return subjectNames(certificate, attribute).find((name) => name.length > 0 && matches(name))
}

/** A name that is no text where one is looked for. */
const unreadable = () => makeError('ERR_CRYPTO_OPERATION_FAILED', ['Operation failed'])

/** The values of an attribute of the subject, one after another as they are looked at. */
function subjectNames({ subject }, attribute) {
  const values = subject.filter(({ type }) => type === attribute)
  return {
    find(isWanted) {
      for (const value of values) {
        if (value.octets.length === 0) continue
        const text = textOf(value)
        if (text === null) throw unreadable()
        const name = encode(text)
        if (isWanted(name)) return name
      }
      return undefined
    },
  }
}

const lower = (octet) => (octet >= 0x41 && octet <= 0x5a ? octet + 0x20 : octet)

/** Whether octets are the same but for the case of ASCII letters; NUL is never the same. */
const sameLetters = (one, other) =>
  one.length === other.length && one.every((octet, index) => octet !== 0 && lower(octet) === lower(other[index]))

/** Whether a name is the wanted one, or below it where that begins with a dot. */
function sameOrBelow(name, wanted, isSubdomain, { singleLabelSubdomains }) {
  return sameLetters(isSubdomain ? withoutPrefix(name, wanted.length, singleLabelSubdomains) : name, wanted)
}

/** The end of a name, of a length, if what is before it may be left out. */
function withoutPrefix(name, length, singleLabel) {
  let start = 0
  while (name.length - start > length && name[start] !== 0 && !(singleLabel && name[start] === DOT)) start += 1
  return name.length - start === length ? name.subarray(start) : name
}

/** RFC 5280, 7.5: only the domain is compared without regard to case. */
function sameMailbox(name, wanted) {
  if (name.length !== wanted.length) return false
  const at = Math.max(name.lastIndexOf(AT), wanted.lastIndexOf(AT))
  // An @ at the beginning ends nothing.
  const end = at > 0 ? at : name.length
  if (at >= 0 && !sameLetters(name.subarray(at), wanted.subarray(at))) return false
  return isSame(name.subarray(0, end), wanted.subarray(0, end))
}

function matchesPattern(pattern, wanted, same, rules) {
  const star = wanted.length > 1 && wanted[0] === DOT ? -1 : starOf(pattern, rules)
  if (star < 0) return same(pattern)
  return matchesWildcard(pattern.subarray(0, star), pattern.subarray(star + 1), wanted, rules)
}

const isDigit = (octet) => octet >= 0x30 && octet <= 0x39
const isLetter = (octet) => lower(octet) >= 0x61 && lower(octet) <= 0x7a
const isAlphanumeric = (octet) => isDigit(octet) || isLetter(octet)
const isInternationalised = (octets) => /^xn--/i.test(latin1(octets.subarray(0, 4)))

/** Where the one wildcard is: at either end of the first label, which is no internationalised one, of three at least; -1 if nowhere. */
function starOf(pattern, { partialWildcards }) {
  const labels = split(pattern)
  const [first] = labels
  const star = pattern.indexOf(STAR)
  const isEnd = star === first.length - 1
  if (star < 0 || star !== pattern.lastIndexOf(STAR) || star >= first.length || labels.length < 3) return -1
  if ((star !== 0 && !isEnd) || (!partialWildcards && first.length > 1)) return -1
  // Of a label in front of the wildcard only what is in front is looked at.
  if (isInternationalised(first)) return -1
  return labels.every((label, index) => isLabel(label, index === 0)) ? star : -1
}

function split(octets) {
  const labels = []
  let start = 0
  for (let place = 0; place <= octets.length; place++) {
    if (place < octets.length && octets[place] !== DOT) continue
    labels.push(octets.subarray(start, place))
    start = place + 1
  }
  return labels
}

/** Letters, digits and hyphens inside; a wildcard in the first. */
function isLabel(label, isFirst) {
  const isAllowed = (octet) => isAlphanumeric(octet) || octet === HYPHEN || (isFirst && octet === STAR)
  return label.length > 0 && label[0] !== HYPHEN && label[label.length - 1] !== HYPHEN && label.every(isAllowed)
}

function matchesWildcard(prefix, suffix, wanted, { multiLabelWildcards }) {
  const end = wanted.length - suffix.length
  if (wanted.length < prefix.length + suffix.length) return false
  if (!sameLetters(prefix, wanted.subarray(0, prefix.length)) || !sameLetters(wanted.subarray(end), suffix)) return false
  const middle = wanted.subarray(prefix.length, end)
  const isWholeLabel = prefix.length === 0 && suffix[0] === DOT
  if (isWholeLabel && middle.length === 0) return false
  if (!isWholeLabel && isInternationalised(wanted)) return false
  if (middle.length === 1 && middle[0] === STAR) return true
  const isAllowed = (octet) => isAlphanumeric(octet) || octet === HYPHEN || (isWholeLabel && multiLabelWildcards && octet === DOT)
  return middle.every(isAllowed)
}

/** The octets of an address as OpenSSL reads it, or null: it knows no zones, and takes one colon for two. */
function readAddress(text) {
  return text.includes('%') ? null : parseIP(text === ':' ? '::' : text)
}
