// What the extensions of a certificate say (RFC 5280, 4.2), as OpenSSL reads them: one that is there twice or can not be read says
// nothing, and some make the certificate nobody's issuer then.
import { bits, contents, CONTEXT, explicit, first, has, list, Malformed, objectIdentifier, sequence, UNIVERSAL } from './ber.js'
import * as Tag from './tag.js'
import * as Id from './extension-id.js'
import { readGeneralName } from './general-names.js'
import { readAttribute } from './names.js'

/** @typedef {import('./certificate.js').Certificate} Certificate */

/** keyCertSign in the first octet of keyUsage; digitalSignature. */
const CERTIFICATE_SIGNING = 0x04
const DIGITAL_SIGNATURE = 0x80

/** Take a field of a SEQUENCE if it is there. */
const take = (fields, tag, tagClass = CONTEXT) => (has(fields[0], tag, tagClass) ? fields.shift() : undefined)

const end = (fields) => {
  if (fields.length > 0) throw new Malformed()
}

const generalNames = (element) => list(element).map(readGeneralName)

/** Names under `[tag]` in the place of a SEQUENCE's. */
const taggedNames = (element, tag) => list(element, tag, CONTEXT).map(readGeneralName)

/** How each is read, of those that count. @type {Record<string, (element: import('./ber.js').Element) => any>} */
const READERS = {
  [Id.SUBJECT_KEY]: (element) => contents(element, Tag.OCTET_STRING),
  [Id.KEY_USAGE]: (element) => bits(element),
  [Id.NETSCAPE_TYPE]: (element) => bits(element),
  [Id.ALTERNATIVE_NAME]: generalNames,
  [Id.EXTENDED_KEY_USAGE]: (element) => list(element).map((id) => objectIdentifier(id)),
  [Id.BASIC_CONSTRAINTS]: readBasicConstraints,
  [Id.AUTHORITY_KEY]: readAuthorityKey,
  [Id.NAME_CONSTRAINTS]: readNameConstraints,
  [Id.DISTRIBUTION_POINTS]: (element) => list(element).map(readDistributionPoint),
  [Id.INFORMATION_ACCESS]: (element) => list(element).map(readAccessDescription),
  [Id.ADDRESS_BLOCKS]: (element) => list(element).map(readAddressFamily),
  [Id.SYSTEM_NUMBERS]: readSystemNumbers,
  [Id.PROXY]: readProxy,
}

/** Those that must be good for a certificate to be an issuer's or anybody's. */
const CRITICAL = [
  Id.BASIC_CONSTRAINTS,
  Id.PROXY,
  Id.KEY_USAGE,
  Id.EXTENDED_KEY_USAGE,
  Id.NETSCAPE_TYPE,
  Id.SUBJECT_KEY,
  Id.AUTHORITY_KEY,
  Id.ALTERNATIVE_NAME,
  Id.NAME_CONSTRAINTS,
  Id.DISTRIBUTION_POINTS,
  Id.ADDRESS_BLOCKS,
  Id.SYSTEM_NUMBERS,
]

/**
 * What an extension says; null if it can not be read.
 * @param {Uint8Array} value
 * @param {string} id
 */
function read(value, id) {
  try {
    return READERS[id](first(value))
  } catch (error) {
    if (error instanceof Malformed) return null
    throw error
  }
}

const valuesOf = ({ extensions }, id) => extensions.filter((extension) => extension.id === id).map(({ value }) => value)

/** The first of its kind; null if there is none, or it can not be read. */
function firstOf(certificate, id) {
  const [value] = valuesOf(certificate, id)
  return value ? read(value, id) : null
}

/** The only one of its kind; null if there is not one alone, or it can not be read. */
function onlyOne(certificate, id) {
  const values = valuesOf(certificate, id)
  return values.length === 1 ? read(values[0], id) : null
}

/**
 * The names to show; null if there are none.
 * @param {Certificate} certificate
 * @return {import('./general-names.js').GeneralName[] | null}
 */
export const shownNames = (certificate) => firstOf(certificate, Id.ALTERNATIVE_NAME)

/**
 * The names to compare with; null if there are none.
 * @param {Certificate} certificate
 * @return {import('./general-names.js').GeneralName[] | null}
 */
export const comparedNames = (certificate) => onlyOne(certificate, Id.ALTERNATIVE_NAME)

/**
 * Where there is more to know: methods, dotted, and locations; null if nowhere.
 * @param {Certificate} certificate
 * @return {{ method: string, location: import('./general-names.js').GeneralName }[] | null}
 */
export const informationAccess = (certificate) => firstOf(certificate, Id.INFORMATION_ACCESS)

/**
 * What the key may be used for, dotted; null if nothing is said.
 * @param {Certificate} certificate
 * @return {string[] | null}
 */
export const extendedKeyUsage = (certificate) => onlyOne(certificate, Id.EXTENDED_KEY_USAGE)

/**
 * The identifier of the certificate's own key; null if there is none.
 * @param {Certificate} certificate
 * @return {Uint8Array | null}
 */
export const subjectKey = (certificate) => onlyOne(certificate, Id.SUBJECT_KEY)

/**
 * What is said of the issuer's key and certificate; null if nothing.
 * @param {Certificate} certificate
 * @return {{ key?: Uint8Array, names: import('./general-names.js').GeneralName[], serialNumber?: Uint8Array } | null}
 */
export const authorityKey = (certificate) => onlyOne(certificate, Id.AUTHORITY_KEY)

/**
 * Whether the extensions are such that OpenSSL would have nothing to do with the certificate.
 * @param {Certificate} certificate
 */
export function isUnusable(certificate) {
  const isBad = (id) => valuesOf(certificate, id).length > 0 && onlyOne(certificate, id) === null
  const usage = onlyOne(certificate, Id.KEY_USAGE)
  const isUseless = usage !== null && !usage[0] && !usage[1]
  return CRITICAL.some(isBad) || isUseless || isWrongProxy(certificate)
}

/** A proxy (RFC 3820) is no CA, and has no other names. */
function isWrongProxy(certificate) {
  if (valuesOf(certificate, Id.PROXY).length === 0) return false
  const names = [Id.ALTERNATIVE_NAME, Id.ISSUER_ALTERNATIVE_NAME]
  return onlyOne(certificate, Id.BASIC_CONSTRAINTS)?.ca === true || names.some((id) => valuesOf(certificate, id).length > 0)
}

/** Whether keyUsage, if it is there, allows one of some uses. */
function mayUse(certificate, uses) {
  const usage = onlyOne(certificate, Id.KEY_USAGE)
  return usage === null || (usage[0] & uses) !== 0
}

/**
 * Whether it is the certificate of a CA (X509_check_ca).
 * @param {Certificate} certificate
 */
export function isCa(certificate) {
  const constraints = onlyOne(certificate, Id.BASIC_CONSTRAINTS)
  return constraints?.ca === true && mayUse(certificate, CERTIFICATE_SIGNING) && !isUnusable(certificate)
}

/**
 * Whether keyUsage allows its key to sign another certificate.
 * @param {Certificate} issuer
 * @param {Certificate} issued
 */
export const maySign = (issuer, issued) => mayUse(issuer, valuesOf(issued, Id.PROXY).length > 0 ? DIGITAL_SIGNATURE : CERTIFICATE_SIGNING)

function readBasicConstraints(element) {
  const fields = sequence(element)
  const ca = take(fields, Tag.BOOLEAN, UNIVERSAL)
  const pathLength = take(fields, Tag.INTEGER, UNIVERSAL)
  end(fields)
  if (pathLength && contents(pathLength, Tag.INTEGER)[0] & 0x80) throw new Malformed()
  return { ca: ca ? contents(ca, Tag.BOOLEAN)[0] !== 0 : false }
}

function readAuthorityKey(element) {
  const fields = sequence(element)
  const [key, names, serialNumber] = [take(fields, 0), take(fields, 1), take(fields, 2)]
  end(fields)
  return {
    key: key && contents(key, Tag.OCTET_STRING, 0),
    names: names ? taggedNames(names, 1) : [],
    serialNumber: serialNumber && contents(serialNumber, Tag.INTEGER, 2),
  }
}

function readNameConstraints(element) {
  const fields = sequence(element)
  const trees = [take(fields, 0), take(fields, 1)]
  end(fields)
  return trees.map((tree, tag) => (tree ? list(tree, tag, CONTEXT).map(readSubtree) : []))
}

function readSubtree(element) {
  const [base, ...limits] = sequence(element)
  for (const tag of [0, 1]) {
    const limit = take(limits, tag)
    if (limit) contents(limit, Tag.INTEGER, tag)
  }
  end(limits)
  return readGeneralName(base)
}

function readDistributionPoint(element) {
  const fields = sequence(element)
  const [point, reasons, issuers] = [take(fields, 0), take(fields, 1), take(fields, 2)]
  end(fields)
  const names = issuers ? taggedNames(issuers, 2) : []
  // It is of no use without either.
  if (!point && names.length === 0) throw new Malformed()
  if (point) readPointName(explicit(point, 0))
  if (reasons) bits(reasons, 1)
  return names
}

/** Names, or a part of one: attributes that come after the issuer's. */
function readPointName(element) {
  if (has(element, 0, CONTEXT)) return taggedNames(element, 0)
  return list(element, 1, CONTEXT).map((attribute) => readAttribute(attribute, 0))
}

function readAccessDescription(element) {
  const [method, location, ...more] = sequence(element)
  end(more)
  return { method: objectIdentifier(method), location: readGeneralName(location) }
}

function readAddressFamily(element) {
  const [family, choice, ...more] = sequence(element)
  end(more)
  contents(family, Tag.OCTET_STRING)
  if (has(choice, Tag.NULL)) return contents(choice, Tag.NULL)
  return list(choice).map((range) => (has(range, Tag.BIT_STRING) ? bits(range) : pair(range, bits)))
}

function readSystemNumbers(element) {
  const fields = sequence(element)
  const choices = [0, 1].flatMap((tag) => {
    const choice = take(fields, tag)
    return choice ? [explicit(choice, tag)] : []
  })
  end(fields)
  const integer = (number) => contents(number, Tag.INTEGER)
  return choices.map((choice) => {
    if (has(choice, Tag.NULL)) return contents(choice, Tag.NULL)
    return list(choice).map((range) => (has(range, Tag.INTEGER) ? integer(range) : pair(range, integer)))
  })
}

/** Two of a kind. */
function pair(element, readOne) {
  const parts = sequence(element)
  if (parts.length !== 2) throw new Malformed()
  return parts.map((part) => readOne(part))
}

function readProxy(element) {
  const fields = sequence(element)
  const pathLength = take(fields, Tag.INTEGER, UNIVERSAL)
  if (pathLength) contents(pathLength, Tag.INTEGER)
  const [policy, ...more] = fields
  end(more)
  const [language, statement, ...rest] = sequence(policy)
  end(rest)
  objectIdentifier(language)
  if (statement) contents(statement, Tag.OCTET_STRING)
  return true
}
