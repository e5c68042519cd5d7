// Certificates that no CA would issue: one for every form that a field may have.
import {
  bitString,
  bmpString,
  boolean,
  concatenate,
  context,
  contextPrimitive,
  element,
  generalizedTime,
  ia5String,
  integer,
  nothing,
  octetString,
  oid,
  printableString,
  sequence,
  set,
  teletexString,
  universalString,
  utcTime,
  utf8String,
} from './der.js'

/** @typedef {import('./der.js').Element} Element */

const bytes = (...octets) => Uint8Array.from(octets)
const latin1 = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0))
const repeat = (octet, count) => new Uint8Array(count).fill(octet)
const range = (count) => Array.from({ length: count }, (_, index) => index)

/** A name of `[type, value]`: a text is a UTF8String. @param {...[string, string | Element]} attributes */
export const name = (...attributes) => sequence(...attributes.map((attribute) => set(pair(attribute))))
const pair = ([type, value]) => sequence(oid(type), typeof value === 'string' ? utf8String(value) : value)

export const Attribute = { COMMON_NAME: '2.5.4.3', COUNTRY: '2.5.4.6', ORGANISATION: '2.5.4.10', EMAIL: '1.2.840.113549.1.9.1' }

/** An extension. @param {string} id @param {Element} value @param {boolean} [critical] */
export const extension = (id, value, critical) =>
  sequence(oid(id), ...(critical === undefined ? [] : [boolean(critical)]), octetString(value))

/**
 * What a certificate is made of: parts that are not given are plain.
 * @typedef {object} Parts
 * @property {Element[]} [version]
 * @property {Element} [serial]
 * @property {Element} [issuer]
 * @property {Element} [subject]
 * @property {Element} [validity]
 * @property {Element} [key]
 * @property {Element[]} [identifiers] the unique identifiers
 * @property {Element[]} [extensions]
 * @property {Element} [inner] the signature's algorithm where it is signed
 * @property {Element} [outer]
 * @property {Element} [signature]
 */

/** The part of a certificate that is signed. @param {Parts} parts */
function toBeSigned({
  version = [context(0, integer(2))],
  serial = integer(5),
  issuer = name([Attribute.COMMON_NAME, 'issuer']),
  subject = name([Attribute.COMMON_NAME, 'subject']),
  validity = sequence(utcTime('250101000000Z'), utcTime('350101000000Z')),
  key = ED25519_KEY,
  identifiers = [],
  extensions,
  inner = ECDSA_SHA256,
}) {
  const optional = [...identifiers, ...(extensions ? [context(3, sequence(...extensions))] : [])]
  return sequence(...version, serial, inner, issuer, validity, subject, key, ...optional)
}

/**
 * A certificate that nobody signed.
 * @param {Parts} [parts]
 */
export function certificate(parts = {}) {
  const { inner = ECDSA_SHA256, outer = inner, signature = bitString(bytes(0xaa, 0xbb)) } = parts
  return sequence(toBeSigned(parts), outer, signature)
}

/**
 * A certificate that is signed with its own key, as a server may show it.
 * @param {Parts} parts
 * @return {Promise<{ cert: string, key: string }>} PEM
 */
export async function selfSigned(parts) {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const { publicKey, privateKey } = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const signed = toBeSigned({ ...parts, key: new Uint8Array(await crypto.subtle.exportKey('spki', publicKey)) })
  const raw = new Uint8Array(await crypto.subtle.sign(algorithm, privateKey, /** @type {any} */ (signed)))
  // Two numbers that are not negative.
  const numbers = [raw.subarray(0, 32), raw.subarray(32)].map((octets) => integer(BigInt(`0x${hex(octets)}`)))
  const der = sequence(signed, ECDSA_SHA256, bitString(sequence(...numbers)))
  return { cert: pem('CERTIFICATE', der), key: pem('PRIVATE KEY', new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey))) }
}

const hex = (octets) => Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('')

/** PEM. @param {string} label @param {Uint8Array} der */
export const pem = (label, der) =>
  [`-----BEGIN ${label}-----`, ...(btoa(String.fromCharCode(...der)).match(/.{1,64}/g) ?? []), `-----END ${label}-----`, ''].join('\n')

const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'))
const ED25519_KEY = sequence(sequence(oid('1.3.101.112')), bitString(repeat(7, 32)))

/** Named certificates that differ from a plain one in the parts that are given. */
const vary = (topic, values, parts) =>
  Object.entries(values).map(([what, value]) => ({ name: `${topic}: ${what}`, der: certificate(parts(value)) }))

const STRINGS = {
  'UTF-8': utf8String('żółć'),
  printable: printableString('a'),
  teletex: teletexString('é'),
  ia5: element(0x16, latin1('é')),
  bmp: bmpString('żó'),
  'bmp, surrogates': element(0x1e, bytes(0xd8, 0x3d, 0xde, 0x00)),
  'bmp, odd': element(0x1e, latin1('abc')),
  universal: universalString('a😀'),
  'universal, too large': element(0x1c, bytes(0, 0x11, 0, 0)),
  'universal, surrogate': element(0x1c, bytes(0, 0, 0xd8, 0)),
  'universal, odd': element(0x1c, latin1('abc')),
  numeric: element(0x12, latin1('12')),
  visible: element(0x1a, latin1('v')),
  general: element(0x1b, latin1('g')),
  videotex: element(0x15, latin1('v')),
  'a time': utcTime('250101000000Z'),
  empty: utf8String(''),
  NUL: utf8String('a\0b'),
  'UTF-8, malformed': element(0x0c, bytes(0xff)),
  'UTF-8, overlong': element(0x0c, bytes(0xc0, 0x80)),
  'UTF-8, surrogate': element(0x0c, bytes(0xed, 0xa0, 0x80)),
  'UTF-8, too large': element(0x0c, bytes(0xf4, 0x90, 0x80, 0x80)),
  'UTF-8, byte order mark': utf8String('\ufeffa'),
  octets: octetString(latin1('x')),
  integer: integer(5),
  boolean: boolean(true),
  nothing: nothing(),
  identifier: oid('1.2.3'),
  'descriptor, tag 7': element(0x07, latin1('x')),
  'tag 13': element(0x0d, latin1('x')),
  real: element(0x09, latin1('x')),
  'another class': contextPrimitive(1, 'x'),
  'in parts': element(0x2c, element(0x0c, latin1('ab')), element(0x2c, element(0x0c, latin1('cd')))),
  'a structure': sequence(utf8String('ab')),
}

const ESCAPES = [' a ', '#a', '#', ' ', 'a,b', 'a+b"c', 'a\\b', '<a>;', 'a=b', "a'b", 'a\nb', '\x7f', 'é', 'a#', '  a', '']

const arcs = (count) => range(count).map((index) => 1000 + index)

/** OBJECT IDENTIFIERs by what is odd of them. */
const IDENTIFIERS = {
  unknown: oid('1.2.3.4'),
  'of another root': oid('2.999.1'),
  'of a large arc': oid('2.5.123456789012345678901234567890'),
  long: oid(`1.2.${arcs(60).join('.')}`),
  'too long': oid(`1.2.${arcs(300).join('.')}`),
  empty: element(0x06),
  'with zeros before': element(0x06, bytes(0x2a, 0x80, 0x01)),
  'without an end': element(0x06, bytes(0x2a, 0x80)),
  'of one arc': element(0x06, bytes(0x78)),
}

const named = (values) => Object.fromEntries(values.map((value) => [JSON.stringify(value), value]))

function names() {
  const subject = (value) => ({ subject: value, issuer: value })
  return [
    ...vary('string', STRINGS, (value) => subject(name([Attribute.COMMON_NAME, value]))),
    ...vary('escape', named(ESCAPES), (value) => subject(name([Attribute.COMMON_NAME, value], [Attribute.ORGANISATION, value]))),
    ...vary('type', IDENTIFIERS, (id) => subject(sequence(set(sequence(id, utf8String('x')))))),
    ...vary(
      'name',
      {
        empty: sequence(),
        'of an empty set': sequence(set(), set(pair([Attribute.COMMON_NAME, 'x']))),
        'of several in a set': sequence(
          set(pair([Attribute.COMMON_NAME, 'a']), pair([Attribute.ORGANISATION, 'b'])),
          set(pair(['1.2.3', 'c'])),
        ),
        'with repeats': name([Attribute.ORGANISATION, 'a'], [Attribute.ORGANISATION, 'b'], [Attribute.ORGANISATION, 'c']),
        'of every attribute': name(...range(130).map((index) => /** @type {[string, string]} */ ([`2.5.4.${index}`, 'x']))),
        'of a pilot': name(...range(60).map((index) => /** @type {[string, string]} */ ([`0.9.2342.19200300.100.1.${index + 1}`, 'x']))),
        'of PKCS 9': name(...range(60).map((index) => /** @type {[string, string]} */ ([`1.2.840.113549.1.9.${index}`, 'x']))),
        'of a place': name(...range(5).map((index) => /** @type {[string, string]} */ ([`1.3.6.1.4.1.311.60.2.1.${index}`, 'PL']))),
        'of other countries': name(['1.2.643.3.131.1.1', '1'], ['1.2.643.100.1', '2'], ['1.2.643.100.3', '3'], ['1.2.643.100.5', '4']),
        'no SEQUENCE': set(),
        'of three parts': sequence(set(sequence(oid('2.5.4.3'), utf8String('x'), utf8String('y')))),
      },
      subject,
    ),
  ]
}

const other = (id, ...values) => context(0, oid(id), context(0, ...values))
const UPN = '1.3.6.1.4.1.311.20.2.3'
const directory = (...attributes) => context(4, name(...attributes))

/** General names by what is odd of them. */
const GENERAL_NAMES = {
  DNS: contextPrimitive(2, 'a.test'),
  'DNS, a comma': contextPrimitive(2, 'a.test, DNS:b.test'),
  'DNS, NUL': contextPrimitive(2, 'a\0b'),
  'DNS, not ASCII': contextPrimitive(2, latin1('é')),
  'DNS, a quote': contextPrimitive(2, "a'b"),
  'DNS, empty': contextPrimitive(2, ''),
  'DNS, in parts': context(2, ia5String('ab'), ia5String('cd')),
  email: contextPrimitive(1, 'a@b.test'),
  URI: contextPrimitive(6, 'http://a.test/'),
  'URI, quotes': contextPrimitive(6, 'http://a.test/"x\\,'),
  'URI, a line': contextPrimitive(6, 'x\n__proto__:y'),
  IPv4: contextPrimitive(7, bytes(1, 2, 3, 4)),
  IPv6: contextPrimitive(7, concatenate(repeat(0, 15), bytes(1))),
  'IP of 5': contextPrimitive(7, bytes(1, 2, 3, 4, 5)),
  'IP of none': contextPrimitive(7, ''),
  'registered id': contextPrimitive(8, oid('1.2.3.4').subarray(2)),
  'registered id, known': contextPrimitive(8, oid('2.5.4.3').subarray(2)),
  'registered id, malformed': contextPrimitive(8, bytes(0x80)),
  'registered id, long': element(0x88, oid(`1.2.${arcs(100).join('.')}`).subarray(3)),
  UPN: other(UPN, utf8String('użytkownik@a.test')),
  'UPN, IA5': other(UPN, ia5String('u@a.test')),
  'UPN, to escape': other(UPN, utf8String('a,ż"')),
  'UPN, a control character': other(UPN, utf8String('a\x7f\nż')),
  'UPN, malformed UTF-8': other(UPN, element(0x0c, bytes(0xff, 0x41, 0xe0, 0xa0))),
  'UPN, in parts': other(UPN, element(0x2c, utf8String('ab'), utf8String('cd'))),
  SmtpUTF8Mailbox: other('1.3.6.1.5.5.7.8.9', utf8String('ż@a.test')),
  'SmtpUTF8Mailbox, malformed UTF-8': other('1.3.6.1.5.5.7.8.9', element(0x0c, bytes(0xff))),
  XmppAddr: other('1.3.6.1.5.5.7.8.5', utf8String('x')),
  SRVName: other('1.3.6.1.5.5.7.8.7', ia5String('_x.a.test')),
  'SRVName, UTF-8': other('1.3.6.1.5.5.7.8.7', utf8String('_x.a.test')),
  NAIRealm: other('1.3.6.1.5.5.7.8.8', utf8String('r')),
  'other name, unknown': other('1.2.3.4', utf8String('x')),
  'other name, a structure': other('1.2.3.4', sequence(integer(1))),
  'other name, malformed': other('1.2.3.4', element(0x02)),
  'other name of two': other('1.2.3.4', utf8String('x'), utf8String('y')),
  'other name of none': context(0, oid('1.2.3')),
  'X.400': context(3, utf8String('x')),
  'X.400, primitive': contextPrimitive(3, 'x'),
  'EDI party': context(5, context(1, utf8String('p'))),
  'EDI party, assigned': context(5, context(0, utf8String('n')), context(1, printableString('p'))),
  'EDI party, malformed': context(5, utf8String('p')),
  directory: directory([Attribute.COUNTRY, printableString('PL')], [Attribute.COMMON_NAME, 'ż,x']),
  'directory, unknown type': directory(['1.2.3.4', 'ab'], [Attribute.COMMON_NAME, ' #"\n\x7f']),
  'directory, empty': context(4, sequence()),
  'directory, several in a set': context(4, sequence(set(pair([Attribute.COMMON_NAME, 'a']), pair([Attribute.ORGANISATION, 'b'])))),
  'directory, BMP': directory([Attribute.COMMON_NAME, bmpString('żó')]),
  'directory, no letters': directory([Attribute.COMMON_NAME, element(0x07, latin1('ab'))]),
  'directory, bits': directory([Attribute.COMMON_NAME, bitString(bytes(0xff), 3)]),
  'directory, a structure': directory([Attribute.COMMON_NAME, sequence(integer(1))]),
  'unknown choice': contextPrimitive(9, 'x'),
  'no choice': utf8String('x'),
}

export const ALTERNATIVE_NAME = '2.5.29.17'
export const INFORMATION_ACCESS = '1.3.6.1.5.5.7.1.1'
const EXTENDED_KEY_USAGE = '2.5.29.37'
const BASIC_CONSTRAINTS = '2.5.29.19'
const KEY_USAGE = '2.5.29.15'

/** A way to information. @param {string} method @param {Element} location */
export const access = (method, location) => sequence(oid(method), location)
export const OCSP = '1.3.6.1.5.5.7.48.1'

function extensionSamples() {
  const alternative = (...values) => extension(ALTERNATIVE_NAME, sequence(...values))
  const information = (...values) => extension(INFORMATION_ACCESS, sequence(...values))
  const usage = (...values) => extension(EXTENDED_KEY_USAGE, sequence(...values))
  const { DNS, URI, email } = GENERAL_NAMES
  const isCa = extension(BASIC_CONSTRAINTS, sequence(boolean(true)))
  /** Extensions that must be good for a CA to be one. */
  const beside = (id, value) => [isCa, extension(id, value)]
  const every = {
    none: [],
    'names: none': [alternative()],
    'names: two': [alternative(DNS, email)],
    'names: twice': [alternative(DNS), alternative(email)],
    'names: and more': [extension(ALTERNATIVE_NAME, concatenate(sequence(DNS), bytes(1, 2)))],
    'information: none': [information()],
    'information: several': [information(access(OCSP, URI), access(OCSP, DNS), access('1.3.6.1.5.5.7.48.2', URI), access(OCSP, URI))],
    'usage: several': [usage(oid('1.3.6.1.5.5.7.3.1'), oid('2.999.1'), oid('2.5.4.3'))],
    'usage: none': [usage()],
    'usage: twice': [usage(), usage()],
    'usage: malformed': [usage(utf8String('x'))],
    'usage: long': [usage(IDENTIFIERS.long, IDENTIFIERS['too long'], oid(`1.2.${arcs(100).join('.')}`))],
    CA: [isCa],
    'CA, critical': [extension(BASIC_CONSTRAINTS, sequence(boolean(true)), true)],
    'CA, not critical': [extension(BASIC_CONSTRAINTS, sequence(boolean(true)), false)],
    'CA that may sign': beside(KEY_USAGE, bitString(bytes(4), 2)),
    'CA that may not sign': beside(KEY_USAGE, bitString(bytes(0x80), 7)),
    'CA that may nothing': beside(KEY_USAGE, bitString(bytes())),
    'CA that may decipher only': beside(KEY_USAGE, bitString(bytes(0, 0x80), 7)),
    'CA of unused bits': beside(KEY_USAGE, bitString(bytes(0xff), 6)),
    'CA, twice': [isCa, isCa],
    'CA of a length': [extension(BASIC_CONSTRAINTS, sequence(boolean(true), integer(1)))],
    'CA of a negative length': [extension(BASIC_CONSTRAINTS, sequence(boolean(true), integer(-1)))],
    'no CA': [extension(BASIC_CONSTRAINTS, sequence())],
    'no CA, said so': [extension(BASIC_CONSTRAINTS, sequence(boolean(false)))],
    'CA, another TRUE': [extension(BASIC_CONSTRAINTS, sequence(element(0x01, bytes(1))))],
    'usage to sign alone': [extension(KEY_USAGE, bitString(bytes(4), 2))],
    proxy: [extension('1.3.6.1.5.5.7.1.14', sequence(sequence(oid('1.3.6.1.5.5.7.21.1'))))],
    'proxy, CA': beside('1.3.6.1.5.5.7.1.14', sequence(sequence(oid('1.3.6.1.5.5.7.21.1')))),
    'critical and unknown': [extension('1.2.3.4', octetString(bytes()), true)],
    'the same, unknown, twice': [extension('1.2.3.4', bytes()), extension('1.2.3.4', bytes())],
  }
  const subtree = sequence(DNS)
  const good = {
    '2.5.29.14': octetString(bytes(1)),
    '2.5.29.35': sequence(
      contextPrimitive(0, bytes(1)),
      context(1, directory([Attribute.COMMON_NAME, 'x'])),
      contextPrimitive(2, bytes(5)),
    ),
    '2.5.29.30': sequence(context(0, subtree), context(1, sequence(email, contextPrimitive(0, bytes(0)), contextPrimitive(1, bytes(3))))),
    '2.5.29.31': sequence(
      sequence(context(0, context(0, URI))),
      sequence(context(0, context(1, pair([Attribute.COMMON_NAME, 'x']))), element(0x81, bytes(1, 2)), context(2, DNS)),
    ),
    '2.16.840.1.113730.1.1': bitString(bytes(7)),
    '1.3.6.1.5.5.7.1.7': sequence(
      sequence(octetString(bytes(0, 1)), nothing()),
      sequence(octetString(bytes(0, 1)), sequence(bitString(bytes(10)), sequence(bitString(bytes(10)), bitString(bytes(11))))),
    ),
    '1.3.6.1.5.5.7.1.8': sequence(context(0, sequence(integer(1), sequence(integer(2), integer(3)))), context(1, nothing())),
    '2.5.29.18': sequence(DNS),
    '2.5.29.32': sequence(sequence(oid('2.5.29.32.0'))),
    [INFORMATION_ACCESS]: sequence(access(OCSP, URI)),
    [EXTENDED_KEY_USAGE]: sequence(oid('1.2.3')),
    [ALTERNATIVE_NAME]: sequence(DNS),
  }
  const critical = Object.entries(good).flatMap(([id, value]) => [
    { name: `CA: with a good ${id}`, der: certificate({ extensions: beside(id, value) }) },
    { name: `CA: with a bad ${id}`, der: certificate({ extensions: beside(id, utf8String('x')) }) },
    { name: `CA: with an empty ${id}`, der: certificate({ extensions: beside(id, sequence()) }) },
    { name: `CA: with two of ${id}`, der: certificate({ extensions: [...beside(id, value), extension(id, value)] }) },
    { name: `CA: with more than ${id}`, der: certificate({ extensions: beside(id, sequence(...[value, value])) }) },
  ])
  return [
    ...vary('extensions', every, (extensions) => ({ extensions })),
    ...vary('alternative name', GENERAL_NAMES, (value) => ({ extensions: [alternative(value)] })),
    ...vary('location', GENERAL_NAMES, (value) => ({ extensions: [information(access(OCSP, value), access(OCSP, URI))] })),
    ...vary('method', { ...named(range(14).map((number) => `1.3.6.1.5.5.7.48.${number}`)), subject: Attribute.COMMON_NAME }, (method) => ({
      extensions: [information(access(method, URI))],
    })),
    ...critical,
  ]
}

const TIMES = [
  utcTime('250101000000Z'),
  utcTime('500101000000Z'),
  utcTime('491231235959Z'),
  utcTime('2501010000Z'),
  utcTime('250101000000+0100'),
  utcTime('2501010000+0100'),
  utcTime('250101000000-1200'),
  utcTime('250101000000-1300'),
  utcTime('250101000000+0060'),
  utcTime('250101000000+0000'),
  utcTime('250229000000Z'),
  utcTime('240229000000Z'),
  utcTime('000229000000Z'),
  utcTime('250100000000Z'),
  utcTime('251301000000Z'),
  utcTime('250001000000Z'),
  utcTime('250101240000Z'),
  utcTime('zz0101000000Z'),
  utcTime(''),
  generalizedTime('20250101000000Z'),
  generalizedTime('99991231235959Z'),
  generalizedTime('99991231235959-0100'),
  generalizedTime('00000101000000Z'),
  generalizedTime('00010101000000+0100'),
  generalizedTime('00990101000000Z'),
  generalizedTime('19000101000000Z'),
  generalizedTime('19000101000000+0001'),
  generalizedTime('19491231235959Z'),
  generalizedTime('19691231235959Z'),
  generalizedTime('21000229000000Z'),
  generalizedTime('20250101000000.123Z'),
  generalizedTime('20250101000000.Z'),
  generalizedTime('20250101000000.123+0130'),
  generalizedTime('202501010000+0130'),
  generalizedTime('202501010000.5Z'),
  generalizedTime('202501010000Z'),
  generalizedTime('20250101000000'),
  generalizedTime('20250101000060Z'),
  element(0x16, latin1('250101000000Z')),
  element(0x37, utcTime('2501010'), utcTime('00000Z')),
]

const SERIALS = {
  zero: integer(0),
  one: integer(1),
  sixteen: integer(16),
  negative: integer(-1),
  'negative, two octets': integer(-129),
  'negative, without rest': integer(bytes(0xff, 0, 0)),
  'twenty octets': integer(repeat(0x7f, 20)),
  'twenty-one octets': integer(concatenate(bytes(0), repeat(0xff, 20))),
  'a hundred octets': integer(repeat(0x11, 100)),
  'of no octets': integer(bytes()),
  'with zeros before': integer(bytes(0, 1)),
  'with ones before': integer(bytes(0xff, 0x80)),
}

function frames() {
  const der = certificate()
  const parts = certificate({ extensions: [] })
  const [signed] = [der.subarray(4)]
  return [
    ...vary('time', Object.fromEntries(TIMES.map((time) => [latin1Of(time), time])), (time) => ({ validity: sequence(time, time) })),
    ...vary('serial number', SERIALS, (serial) => ({ serial })),
    ...vary(
      'version',
      { none: [], ...Object.fromEntries([0, 1, 2, 3, -1, 1000].map((number) => [number, [context(0, integer(number))]])) },
      (version) => ({
        version,
      }),
    ),
    ...vary(
      'identifiers',
      {
        both: [element(0x81, bytes(0, 1)), element(0x82, bytes(0, 1))],
        second: [element(0x82, bytes(0, 1))],
        reversed: [element(0x82, bytes(0, 1)), element(0x81, bytes(0, 1))],
        malformed: [element(0x81, bytes(9, 1))],
        unknown: [element(0x84, bytes(0, 1))],
      },
      (identifiers) => ({ identifiers }),
    ),
    ...vary(
      'algorithm',
      {
        unknown: { inner: sequence(oid('1.2.3')) },
        'no signature': { inner: sequence(oid(Attribute.COMMON_NAME)) },
        'another outside': { outer: sequence(oid('1.2.840.10045.4.3.3')) },
        'with nothing': { inner: sequence(oid('1.2.840.113549.1.1.11'), nothing()) },
        'with parameters': { inner: sequence(oid('1.2.840.113549.1.1.10'), sequence(context(2, integer(32)))) },
        'with too much': { inner: sequence(oid('1.2.840.113549.1.1.11'), nothing(), nothing()) },
        'with malformed nothing': { inner: sequence(oid('1.2.840.113549.1.1.11'), element(0x05, bytes(1))) },
        'with another class': { inner: sequence(oid('1.2.840.113549.1.1.11'), contextPrimitive(1, 'x')) },
        ...Object.fromEntries(range(34).map((number) => [`NIST ${number}`, { inner: sequence(oid(`2.16.840.1.101.3.4.3.${number}`)) }])),
        ...Object.fromEntries(range(18).map((number) => [`PKCS 1 ${number}`, { inner: sequence(oid(`1.2.840.113549.1.1.${number}`)) }])),
        ...Object.fromEntries(
          ['1.3.101.112', '1.3.101.113', '1.2.840.10045.4.1', '1.2.840.10040.4.3'].map((id) => [id, { inner: sequence(oid(id)) }]),
        ),
      },
      (value) => value,
    ),
    ...vary(
      'signature',
      {
        'unused bits': bitString(bytes(0xff), 4),
        'no bits': bitString(bytes()),
        'no octets': element(0x03),
        'unused bits of none': element(0x03, bytes(3)),
        'too many unused bits': element(0x03, bytes(8, 1)),
        'in parts': element(0x23, octetString(bytes(0, 1)), octetString(bytes(2))),
      },
      (signature) => ({ signature }),
    ),
    { name: 'frame: more after it', der: concatenate(der, bytes(1, 2, 3)) },
    { name: 'frame: of indefinite length', der: concatenate(bytes(0x30, 0x80), contentsOf(der), bytes(0, 0)) },
    { name: 'frame: without an end', der: concatenate(bytes(0x30, 0x80), contentsOf(der)) },
    { name: 'frame: a length in four octets', der: concatenate(bytes(0x30, 0x84, 0, 0), lengthOf(contentsOf(der)), contentsOf(der)) },
    { name: 'frame: too short', der: der.subarray(0, -1) },
    { name: 'frame: with empty extensions', der: parts },
    { name: 'frame: a part too many', der: sequence(contentsOf(der), nothing()) },
    { name: 'frame: a part missing', der: sequence(signed) },
    { name: 'frame: a time missing', der: certificate({ validity: sequence(utcTime('250101000000Z')) }) },
    {
      name: 'frame: an indefinite name',
      der: certificate({ subject: concatenate(bytes(0x30, 0x80), set(pair([Attribute.COMMON_NAME, 'x'])), bytes(0, 0)) }),
    },
    { name: 'frame: an end too many', der: certificate({ subject: sequence(set(pair([Attribute.COMMON_NAME, 'x'])), bytes(0, 0)) }) },
  ]
}

const latin1Of = (der) => String.fromCharCode(...der.subarray(2))
const contentsOf = (der) => der.subarray(der[1] < 0x80 ? 2 : 2 + (der[1] & 0x7f))
const lengthOf = ({ length }) => bytes(length >> 8, length & 0xff)

const RSA = oid('1.2.840.113549.1.1.1')
const RSA_PSS = oid('1.2.840.113549.1.1.10')
const MODULUS = integer(concatenate(bytes(0x7f), repeat(0xab, 127)))
const SHA256 = sequence(oid('2.16.840.1.101.3.4.2.1'), nothing())
const SHA512 = sequence(oid('2.16.840.1.101.3.4.2.3'), nothing())
const mask = (hash) => sequence(oid('1.2.840.113549.1.1.8'), hash)

const rsaKey = (modulus, exponent, algorithm = sequence(RSA, nothing()), more = bytes()) =>
  sequence(algorithm, bitString(concatenate(sequence(modulus, exponent), more)))
const pssKey = (...parameters) => rsaKey(MODULUS, integer(3), sequence(RSA_PSS, ...parameters))

const ELLIPTIC_CURVE = oid('1.2.840.10045.2.1')

/** P-256, described. */
const P256 = {
  p: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
  b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  x: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
  y: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
  n: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
}

const octets32 = (number) =>
  Uint8Array.from(number.toString(16).padStart(64, '0').match(/../g) ?? [], (digits) => Number.parseInt(digits, 16))
const POINT = concatenate(bytes(4), octets32(P256.x), octets32(P256.y))

/** What a curve must have for b so that the point of P-256 is on it. */
const fitting = (a) => (((P256.y ** 2n - P256.x ** 3n - a * P256.x) % P256.p) + P256.p) % P256.p

const described = (p, a, b, base, order) => describedBy(p, [a, b], base, order)

const describedBy = (p, coefficients, base, order) =>
  sequence(
    ELLIPTIC_CURVE,
    sequence(
      integer(1),
      sequence(oid('1.2.840.10045.1.1'), integer(p)),
      sequence(...coefficients.map(octetString)),
      octetString(base),
      integer(order),
      integer(1),
    ),
  )

/** A key on a curve that lacks a coefficient. */
export const LAME_KEY = sequence(describedBy(P256.p, [octets32(5n)], POINT, P256.n), bitString(POINT))

/** A key on a curve that is described as it should be. */
const DESCRIBED_KEY = sequence(described(P256.p, octets32(P256.p - 3n), octets32(P256.b), POINT, P256.n), bitString(POINT))

/**
 * Keys.
 * @param {typeof import('node:crypto')} crypto
 */
function keys(crypto) {
  const made = (type, options) =>
    new Uint8Array(/** @type {any} */ (crypto).generateKeyPairSync(type, options).publicKey.export({ type: 'spki', format: 'der' }))
  const curve = (namedCurve) => made('ec', { namedCurve })
  const p256 = sequence(ELLIPTIC_CURVE, oid('1.2.840.10045.3.1.7'))
  const parity = P256.y % 2n === 0n ? 2 : 3
  const whole = described(P256.p, octets32(P256.p - 3n), octets32(P256.b), POINT, P256.n)
  return {
    ...Object.fromEntries(['P-256', 'P-384', 'P-521', 'P-224', 'prime192v1', 'sect233r1', 'sect571k1'].map((id) => [id, curve(id)])),
    ...Object.fromEntries(['ed25519', 'ed448', 'x25519', 'x448'].map((type) => [type, made(type)])),
    DSA: made('dsa', { modulusLength: 1024, divisorLength: 160 }),
    'RSA-PSS of Node': made('rsa-pss', { modulusLength: 1024, hashAlgorithm: 'sha256', mgf1HashAlgorithm: 'sha256', saltLength: 32 }),
    'RSA, an odd size': rsaKey(integer(concatenate(bytes(0x1f), repeat(0xab, 127))), integer(65537)),
    'RSA, negative': rsaKey(integer(concatenate(bytes(0xff), repeat(0xab, 127))), integer(3)),
    'RSA, zeros before': rsaKey(integer(concatenate(bytes(0, 0), repeat(0xab, 127))), integer(3)),
    'RSA, zero': rsaKey(integer(0), integer(3)),
    'RSA, nothing': rsaKey(integer(bytes()), integer(3)),
    'RSA, even': rsaKey(MODULUS, integer(4)),
    'RSA, exponent zero': rsaKey(MODULUS, integer(0)),
    'RSA, a large exponent': rsaKey(MODULUS, integer(concatenate(bytes(0x7f), repeat(0xab, 8)))),
    'RSA, more after it': rsaKey(MODULUS, integer(3), undefined, bytes(1, 2)),
    'RSA, without parameters': rsaKey(MODULUS, integer(3), sequence(RSA)),
    'RSA, other parameters': rsaKey(MODULUS, integer(3), sequence(RSA, oid('1.2.3'))),
    'RSA of X.500': rsaKey(MODULUS, integer(3), sequence(oid('2.5.8.1.1'))),
    'RSA for OAEP': rsaKey(MODULUS, integer(3), sequence(oid('1.2.840.113549.1.1.7'))),
    'RSA, too large': rsaKey(integer(concatenate(bytes(0x7f), repeat(0xab, 2100))), integer(3)),
    'RSA, three numbers': sequence(sequence(RSA, nothing()), bitString(sequence(MODULUS, integer(3), integer(3)))),
    'RSA, one number': sequence(sequence(RSA, nothing()), bitString(sequence(MODULUS))),
    'RSA-PSS': pssKey(),
    'RSA-PSS, nothing': pssKey(nothing()),
    'RSA-PSS, empty': pssKey(sequence()),
    'RSA-PSS, whole': pssKey(sequence(context(0, SHA256), context(1, mask(SHA256)), context(2, integer(32)), context(3, integer(1)))),
    'RSA-PSS, mixed': pssKey(sequence(context(0, SHA256), context(1, mask(SHA512)))),
    'RSA-PSS, an unknown hash': pssKey(sequence(context(0, sequence(oid('1.2.3'), nothing())))),
    'RSA-PSS, malformed': pssKey(sequence(integer(1))),
    'EC, compressed': sequence(p256, bitString(concatenate(bytes(parity), octets32(P256.x)))),
    'EC, compressed, the other': sequence(p256, bitString(concatenate(bytes(5 - parity), octets32(P256.x)))),
    'EC, compressed, none': sequence(p256, bitString(concatenate(bytes(2), octets32(P256.x + 1n)))),
    'EC, hybrid': sequence(p256, bitString(concatenate(bytes(parity + 4), POINT.subarray(1)))),
    'EC, hybrid, wrong': sequence(p256, bitString(concatenate(bytes(9 - parity), POINT.subarray(1)))),
    'EC, off the curve': sequence(p256, bitString(concatenate(POINT.subarray(0, -1), bytes(0)))),
    'EC, at infinity': sequence(p256, bitString(bytes(0))),
    'EC, no point': sequence(p256, bitString(bytes())),
    'EC, more after it': sequence(p256, bitString(concatenate(POINT, bytes(0)))),
    'EC, another form': sequence(p256, bitString(concatenate(bytes(5), POINT.subarray(1)))),
    'EC, without a curve': sequence(sequence(ELLIPTIC_CURVE), bitString(POINT)),
    'EC, no curve': sequence(sequence(ELLIPTIC_CURVE, nothing()), bitString(POINT)),
    'EC, an unknown curve': sequence(sequence(ELLIPTIC_CURVE, oid('1.2.3')), bitString(POINT)),
    'EC, described': sequence(whole, bitString(POINT)),
    'EC, described, compressed': sequence(whole, bitString(concatenate(bytes(parity), octets32(P256.x)))),
    'EC, described, nameless': sequence(described(P256.p, octets32(5n), octets32(fitting(5n)), POINT, P256.n), bitString(POINT)),
    'EC, described, of a small order': sequence(
      described(P256.p, octets32(5n), octets32(fitting(5n)), POINT, 0xffff_ffffn),
      bitString(POINT),
    ),
    'EC, described, off the curve': sequence(described(P256.p, octets32(5n), octets32(6n), POINT, P256.n), bitString(POINT)),
    'EC, described, with one coefficient': LAME_KEY,
    'EC, described, over nothing': sequence(described(4n, octets32(5n), octets32(6n), POINT, P256.n), bitString(POINT)),
    'Ed25519, short': sequence(sequence(oid('1.3.101.112')), bitString(repeat(1, 31))),
    'Ed25519, with parameters': sequence(sequence(oid('1.3.101.112'), nothing()), bitString(repeat(1, 32))),
    'an unknown algorithm': sequence(sequence(oid('1.2.3.4')), bitString(repeat(1, 32))),
    'no algorithm of keys': sequence(sequence(oid(Attribute.COMMON_NAME)), bitString(repeat(1, 32))),
    'unused bits': sequence(sequence(oid('1.2.3.4')), bitString(repeat(1, 32), 3)),
  }
}

/**
 * The samples, each with the name of what is odd of it.
 * @param {typeof import('node:crypto')} crypto of a Node, for keys
 * @return {{ name: string, der: Uint8Array }[]}
 */
/** Those that can be had without making a key. */
export const plainSamples = () => [
  ...names(),
  ...extensionSamples(),
  ...frames(),
  ...vary('key', { lame: LAME_KEY, described: DESCRIBED_KEY }, (key) => ({ key })),
]

export const samples = (crypto) => [...names(), ...extensionSamples(), ...frames(), ...vary('key', keys(crypto), (key) => ({ key }))]
