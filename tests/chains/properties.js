// What may be unusual about one certificate of a chain, by topic: each property is a small change of its sheet, and any of them go
// together.
import {
  bitString,
  bmpString,
  boolean,
  concatenate,
  context,
  element,
  generalizedTime,
  ia5String,
  integer,
  nothing,
  octetString,
  oid,
  printableString,
  sequence,
  teletexString,
  universalString,
  utcTime,
  utf8String,
} from '../der.js'
import {
  authorityKeyIdentifier,
  basicConstraints,
  extKeyUsage,
  generalName,
  ID,
  inDays,
  keyUsage,
  nameConstraints,
  netscapeType,
  signaturesOf,
  subjectAltName,
  subjectKeyIdentifier,
} from './certificate.js'
import { key, KINDS } from './keys.js'
import { drop, put } from './plan.js'

/** @typedef {import('./certificate.js').Sheet} Sheet */
/** @typedef {import('./plan.js').Plan} Plan */
/** @typedef {'leaf' | 'intermediate' | 'root'} Position */

/**
 * @typedef {object} Property
 * @property {string} name `topic: what`
 * @property {Position[]} at where it can be
 * @property {boolean} [forClients] whether it means something else for a client's certificate
 * @property {(sheet: Sheet, plan: Plan) => void} apply
 */

/** @type {Position[]} */
const ANYWHERE = ['leaf', 'intermediate', 'root']
/** @type {Position[]} */
const AUTHORITIES = ['intermediate', 'root']
/** @type {Position[]} */
const LEAF = ['leaf']

/**
 * The properties of one topic.
 * @param {string} topic
 * @param {Position[]} at
 * @param {Record<string, Property['apply']>} table
 * @param {{ forClients?: boolean }} [more]
 * @return {Property[]}
 */
const topic = (topic, at, table, more) => Object.entries(table).map(([what, apply]) => ({ name: `${topic}: ${what}`, at, apply, ...more }))

/** A table of properties, each of which puts one extension. */
const putting = (table) => Object.fromEntries(Object.entries(table).map(([what, extension]) => [what, (sheet) => put(sheet, extension)]))

const asCritical = (extension) => ({ ...extension, critical: true })
const asHarmless = (extension) => ({ ...extension, critical: false })

const keys = topic(
  'key',
  ANYWHERE,
  Object.fromEntries(
    KINDS.filter((kind) => kind !== 'p256').map((kind) => [
      kind,
      (sheet, plan) => {
        sheet.key = key(kind, plan.sheets.indexOf(sheet) % 2)
      },
    ]),
  ),
)

const brokenKeys = topic('key', ANYWHERE, {
  'no point of its curve': (sheet) => {
    const spki = Uint8Array.from(sheet.key.spki)
    spki[spki.length - 1] ^= 1
    sheet.key = { ...sheet.key, spki }
  },
  'of an unknown algorithm': (sheet) => {
    sheet.key = { ...sheet.key, spki: sequence(sequence(oid('1.2.3.4')), bitString(Uint8Array.of(1, 2, 3))) }
  },
  'no key': (sheet) => {
    sheet.key = { ...sheet.key, spki: sequence(sequence(oid('1.2.840.113549.1.1.1'), nothing()), bitString(Uint8Array.of(5, 0))) }
  },
})

/** Each way to sign, with a key that can: the issuer's key becomes one of the kind. */
const SIGNING_KINDS = ['rsa-2048', 'rsa-pss', 'p256', 'dsa']
const signatures = SIGNING_KINDS.flatMap((kind) =>
  topic(
    'signature',
    ANYWHERE,
    Object.fromEntries(
      signaturesOf(key(kind, 0)).map((signature) => [
        `${signature} by ${kind}`,
        (sheet, plan) => {
          const issuer = plan.sheets[plan.sheets.indexOf(sheet) + 1] ?? sheet
          issuer.key = key(kind, 1)
          sheet.signature = signature
        },
      ]),
    ),
  ),
)

const signatureFaults = topic('signature', ANYWHERE, {
  wrong: (sheet) => {
    sheet.badSignature = true
  },
  'of another key': (sheet) => {
    sheet.signer = key('p256', 9)
  },
  'of a key of another kind': (sheet) => {
    sheet.signer = key('rsa-2048', 1)
  },
  'another algorithm inside': (sheet) => {
    sheet.innerSignature = 'ecdsa-sha384'
  },
  'an algorithm of another kind inside': (sheet) => {
    sheet.innerSignature = 'rsa-sha256'
  },
  'an algorithm of another kind outside': (sheet) => {
    sheet.signature = 'rsa-sha256'
    sheet.innerSignature = 'ecdsa-sha256'
  },
  'an algorithm of another kind': (sheet) => {
    sheet.signature = 'rsa-sha256'
  },
  'weaker inside': (sheet) => {
    sheet.innerSignature = 'ecdsa-sha1'
  },
})

const versions = topic('version', ANYWHERE, {
  1: (sheet) => {
    sheet.version = 0
    sheet.extensions = []
  },
  '1 with extensions': (sheet) => {
    sheet.version = 0
  },
  '2 without extensions': (sheet) => {
    sheet.version = 1
    sheet.extensions = []
  },
  '2 with extensions': (sheet) => {
    sheet.version = 1
  },
  '3 without extensions': (sheet) => {
    sheet.extensions = []
  },
  4: (sheet) => {
    sheet.version = 3
  },
})

const ofConstraints = (value) => ({ id: ID.basicConstraints, critical: true, value })

const constraints = topic('basicConstraints', ANYWHERE, {
  absent: (sheet) => drop(sheet, 'basicConstraints'),
  'absent, and keyUsage too': (sheet) => drop(sheet, 'basicConstraints', 'keyUsage'),
  ...putting({
    'CA:TRUE': basicConstraints(true),
    'not critical CA:TRUE': asHarmless(basicConstraints(true)),
    'CA:FALSE': basicConstraints(undefined),
    'CA:FALSE, written out': basicConstraints(false),
    'pathlen 0': basicConstraints(true, 0),
    'pathlen 1': basicConstraints(true, 1),
    'pathlen 2': basicConstraints(true, 2),
    'pathlen 0 of CA:FALSE': basicConstraints(undefined, 0),
    'pathlen negative': basicConstraints(true, -1),
    'pathlen of 2^31': basicConstraints(true, 2 ** 31),
    'pathlen of 2^64': basicConstraints(true, Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0)),
    'pathlen of 2^63': basicConstraints(true, Uint8Array.of(0, 128, 0, 0, 0, 0, 0, 0, 0)),
    'no SEQUENCE': ofConstraints(boolean(true)),
    'not DER': ofConstraints(Uint8Array.of(0x30, 0x05, 0x01)),
    'bytes after it': ofConstraints(concatenate(basicConstraints(true).value, nothing())),
    'an element too many': ofConstraints(sequence(boolean(true), integer(1), integer(1))),
    'TRUE as 1': ofConstraints(sequence(element(0x01, Uint8Array.of(1)))),
  }),
})

const usages = topic(
  'keyUsage',
  ANYWHERE,
  {
    absent: (sheet) => drop(sheet, 'keyUsage'),
    ...putting({
      keyCertSign: keyUsage('keyCertSign'),
      'not critical keyCertSign': asHarmless(keyUsage('keyCertSign')),
      cRLSign: keyUsage('cRLSign'),
      digitalSignature: keyUsage('digitalSignature'),
      keyEncipherment: keyUsage('keyEncipherment'),
      keyAgreement: keyUsage('keyAgreement'),
      nonRepudiation: keyUsage('nonRepudiation'),
      dataEncipherment: keyUsage('dataEncipherment'),
      decipherOnly: keyUsage('decipherOnly'),
      empty: keyUsage(),
      'keyCertSign and digitalSignature': keyUsage('digitalSignature', 'keyCertSign'),
      'no BIT STRING': { id: ID.keyUsage, critical: true, value: octetString(Uint8Array.of(4)) },
      'more unused bits than an octet has': { id: ID.keyUsage, critical: true, value: Uint8Array.of(3, 2, 0x21, 4) },
      'keyCertSign among unused bits': { id: ID.keyUsage, critical: true, value: Uint8Array.of(3, 2, 3, 0x84) },
      'unused bits alone': { id: ID.keyUsage, critical: true, value: Uint8Array.of(3, 2, 3, 4) },
      'unused bits alone, in the second octet': { id: ID.keyUsage, critical: true, value: Uint8Array.of(3, 3, 7, 0, 1) },
      'a second octet': { id: ID.keyUsage, critical: true, value: Uint8Array.of(3, 3, 7, 4, 0x80) },
      'zero bits': { id: ID.keyUsage, critical: true, value: bitString(Uint8Array.of(0), 0) },
      'not DER': { id: ID.keyUsage, critical: true, value: Uint8Array.of(3, 9, 1) },
    }),
  },
  { forClients: true },
)

const purposes = topic(
  'extKeyUsage',
  ANYWHERE,
  {
    absent: (sheet) => drop(sheet, 'extKeyUsage'),
    ...putting({
      server: extKeyUsage('server'),
      client: extKeyUsage('client'),
      both: extKeyUsage('server', 'client'),
      'critical server': asCritical(extKeyUsage('server')),
      any: extKeyUsage('any'),
      'any and codeSigning': extKeyUsage('codeSigning', 'any'),
      codeSigning: extKeyUsage('codeSigning'),
      ocspSigning: extKeyUsage('ocspSigning'),
      timeStamping: asCritical(extKeyUsage('timeStamping')),
      "Microsoft's SGC": extKeyUsage('microsoftSgc'),
      "Netscape's SGC": extKeyUsage('netscapeSgc'),
      unknown: extKeyUsage('unknown'),
      empty: extKeyUsage(),
      'no SEQUENCE': { id: ID.extKeyUsage, value: oid('1.3.6.1.5.5.7.3.1') },
      'an INTEGER': { id: ID.extKeyUsage, value: sequence(integer(1)) },
    }),
  },
  { forClients: true },
)

const netscapeTypes = topic(
  'nsCertType',
  ANYWHERE,
  {
    ...putting({
      server: netscapeType('server'),
      client: netscapeType('client'),
      sslCA: netscapeType('sslCA'),
      objsign: netscapeType('objsign'),
      empty: netscapeType(),
      'critical objsign': asCritical(netscapeType('objsign')),
      'not DER': { id: ID.nsCertType, value: Uint8Array.of(3, 9, 1) },
    }),
    'sslCA alone': (sheet) => {
      drop(sheet, 'basicConstraints', 'keyUsage')
      put(sheet, netscapeType('sslCA'))
    },
    'emailCA alone': (sheet) => {
      drop(sheet, 'basicConstraints', 'keyUsage')
      put(sheet, netscapeType('emailCA'))
    },
  },
  { forClients: true },
)

const period = (notBefore, notAfter) => (sheet) => Object.assign(sheet, { notBefore, notAfter })
const now = new Date()
const text = (days) => new Date(now.getTime() + days * 86_400_000).toISOString().replace(/[-:T]/g, '').slice(0, 14)

const times = topic('validity', ANYWHERE, {
  over: period(inDays(-10), inDays(-1)),
  'not yet': period(inDays(1), inDays(10)),
  'the end before the start, and now between': period(inDays(1), inDays(-1)),
  'the end before the start': period(inDays(-1), inDays(-2)),
  'GeneralizedTime before 2050': period(generalizedTime(`${text(-2)}Z`), generalizedTime(`${text(2)}Z`)),
  'GeneralizedTime, over': period(generalizedTime(`${text(-2)}Z`), generalizedTime(`${text(-1)}Z`)),
  'until 9999': period(inDays(-1), generalizedTime('99991231235959Z')),
  'until 2050': period(inDays(-1), generalizedTime('20500101000000Z')),
  'UTCTime of 1950': period(utcTime('500101000000Z'), inDays(1)),
  'until the UTCTime 49': period(inDays(-1), utcTime('491231235959Z')),
  'since 1900': period(generalizedTime('19000101000000Z'), inDays(1)),
  'since the year 0': period(generalizedTime('00000101000000Z'), inDays(1)),
  'until 1900': period(generalizedTime('18000101000000Z'), generalizedTime('19000101000000Z')),
  'without seconds': period(utcTime(`${text(-1).slice(2, 12)}Z`), inDays(1)),
  'with a time zone': period(utcTime(`${text(-1).slice(2)}+0100`), inDays(1)),
  'a time zone at the end': period(inDays(-1), utcTime(`${text(1).slice(2)}+0100`)),
  'with fractions': period(inDays(-1), generalizedTime(`${text(1)}.5Z`)),
  'without Z': period(inDays(-1), generalizedTime(text(1))),
  'month 13': period(inDays(-1), generalizedTime('20991301000000Z')),
  '30 February': period(inDays(-1), generalizedTime('20990230000000Z')),
  '29 February of no leap year': period(inDays(-1), generalizedTime('20990229000000Z')),
  '24 hours': period(inDays(-1), generalizedTime('20990101240000Z')),
  '60 seconds': period(inDays(-1), generalizedTime('20990101000060Z')),
  letters: period(inDays(-1), utcTime('soon')),
  'no time': period(inDays(-1), ia5String(`${text(1)}Z`)),
  'an empty time': period(utcTime(''), inDays(1)),
  'a bad start': period(utcTime('9913010000Z'), inDays(1)),
})

/** Extensions that are of no use here, some of which OpenSSL knows: well-formed values. */
const OTHERS = {
  unknown: octetString(Uint8Array.of(1, 2, 3)),
  issuerAltName: sequence(generalName(['dns', 'issuer.test'])),
  freshestCrl: sequence(sequence(context(0, context(0, generalName(['uri', 'http://crl.test/']))))),
  crlDistributionPoints: sequence(sequence(context(0, context(0, generalName(['uri', 'http://crl.test/']))))),
  authorityInfoAccess: sequence(sequence(oid('1.3.6.1.5.5.7.48.1'), generalName(['uri', 'http://ocsp.test/']))),
  subjectInfoAccess: sequence(sequence(oid('1.3.6.1.5.5.7.48.5'), generalName(['uri', 'http://repository.test/']))),
  certificatePolicies: sequence(sequence(oid('2.23.140.1.2.1'))),
  policyMappings: sequence(sequence(oid('1.2.3.4'), oid('1.2.3.5'))),
  policyConstraints: sequence(element(0x80, Uint8Array.of(0))),
  inhibitAnyPolicy: integer(0),
  tlsFeature: sequence(integer(5)),
  ocspNoCheck: nothing(),
  nsComment: ia5String('a comment'),
  precertificatePoison: nothing(),
  ipAddressBlocks: sequence(sequence(octetString(Uint8Array.of(0, 1)), sequence(bitString(Uint8Array.of(10))))),
  autonomousSystems: sequence(context(0, sequence(integer(64496)))),
}

const critical = topic(
  'critical extension',
  ANYWHERE,
  putting(Object.fromEntries(Object.entries(OTHERS).map(([what, value]) => [what, { id: ID[what], critical: true, value }]))),
)

const plain = topic(
  'extension',
  ANYWHERE,
  putting(Object.fromEntries(Object.entries(OTHERS).map(([what, value]) => [what, { id: ID[what], value }]))),
)

/** What those are where they are not what they should be. */
const broken = topic(
  'malformed extension',
  ANYWHERE,
  putting(
    Object.fromEntries(
      [...Object.keys(OTHERS), 'subjectAltName', 'nameConstraints', 'subjectKeyIdentifier', 'authorityKeyIdentifier'].map((what) => [
        what,
        { id: ID[what], value: Uint8Array.of(0x30, 0x03, 0x02) },
      ]),
    ),
  ),
)

const markedCritical = topic('marked critical', ANYWHERE, {
  subjectKeyIdentifier: (sheet) => put(sheet, asCritical(subjectKeyIdentifier())),
  authorityKeyIdentifier: (sheet) => put(sheet, asCritical(authorityKeyIdentifier())),
  subjectAltName: (sheet) => put(sheet, asCritical(subjectAltName(['dns', 'localhost']))),
})

const twice = topic('twice', ANYWHERE, {
  unknown: (sheet) => sheet.extensions.push({ id: ID.unknown, value: OTHERS.unknown }, { id: ID.unknown, value: OTHERS.unknown }),
  basicConstraints: (sheet) => sheet.extensions.push(basicConstraints(true)),
  'basicConstraints, the first CA:TRUE': (sheet) => sheet.extensions.unshift(basicConstraints(true)),
  keyUsage: (sheet) => sheet.extensions.push(keyUsage('keyCertSign')),
  extKeyUsage: (sheet) => sheet.extensions.push(extKeyUsage('server'), extKeyUsage('client')),
  subjectAltName: (sheet) => sheet.extensions.push(subjectAltName(['dns', 'other.test']), subjectAltName(['dns', 'localhost'])),
  subjectKeyIdentifier: (sheet) => sheet.extensions.push(subjectKeyIdentifier()),
  authorityKeyIdentifier: (sheet) => sheet.extensions.push(authorityKeyIdentifier()),
  nameConstraints: (sheet) =>
    sheet.extensions.push(nameConstraints({ permitted: [['dns', 'localhost']] }), nameConstraints({ permitted: [['dns', 'other.test']] })),
  nsCertType: (sheet) => sheet.extensions.push(netscapeType('server', 'client'), netscapeType('objsign')),
})

const WRONG = Uint8Array.of(1, 2, 3, 4)

/** The name of the issuer of a sheet of a plan. */
const issuerOf = (sheet, { sheets }) => sheet.issuer ?? (sheets[sheets.indexOf(sheet) + 1] ?? sheet).subject

const identifiers = topic('key identifiers', ANYWHERE, {
  none: (sheet) => drop(sheet, 'subjectKeyIdentifier', 'authorityKeyIdentifier'),
  'no subjectKeyIdentifier': (sheet) => drop(sheet, 'subjectKeyIdentifier'),
  'no authorityKeyIdentifier': (sheet) => drop(sheet, 'authorityKeyIdentifier'),
  'another subjectKeyIdentifier': (sheet) => put(sheet, subjectKeyIdentifier(WRONG)),
  'an empty subjectKeyIdentifier': (sheet) => put(sheet, subjectKeyIdentifier(new Uint8Array(0))),
  'another authorityKeyIdentifier': (sheet) =>
    put(
      sheet,
      authorityKeyIdentifier(() => ({ identifier: WRONG })),
    ),
  'an empty authorityKeyIdentifier': (sheet) =>
    put(
      sheet,
      authorityKeyIdentifier(() => ({})),
    ),
  'an authorityKeyIdentifier of no bytes': (sheet) =>
    put(
      sheet,
      authorityKeyIdentifier(() => ({ identifier: new Uint8Array(0) })),
    ),
  'issuer and serial number': (sheet, plan) =>
    put(
      sheet,
      authorityKeyIdentifier((by) => ({ issuer: issuerOf(by, plan), serial: by.serial })),
    ),
  'all three': (sheet, plan) =>
    put(
      sheet,
      authorityKeyIdentifier((by) => ({ identifier: by.key.identifier, issuer: issuerOf(by, plan), serial: by.serial })),
    ),
  "its issuer's name, in the place of its issuer's issuer": (sheet) =>
    put(
      sheet,
      authorityKeyIdentifier((by) => ({ issuer: by.subject, serial: by.serial })),
    ),
  'another serial number': (sheet) =>
    put(
      sheet,
      authorityKeyIdentifier(() => ({ serial: 7 })),
    ),
  'another issuer': (sheet) =>
    put(
      sheet,
      authorityKeyIdentifier(() => ({ issuer: [['CN', 'Nobody']] })),
    ),
  'its identifier and another serial number': (sheet) =>
    put(
      sheet,
      authorityKeyIdentifier((by) => ({ identifier: by.key.identifier, serial: 7 })),
    ),
  'its identifier and another issuer': (sheet) =>
    put(
      sheet,
      authorityKeyIdentifier((by) => ({ identifier: by.key.identifier, issuer: [['CN', 'Nobody']] })),
    ),
})

const serials = topic('serial number', ANYWHERE, {
  negative: (sheet) => {
    sheet.serial = -5
  },
  zero: (sheet) => {
    sheet.serial = 0
  },
  'of 40 bytes': (sheet) => {
    sheet.serial = Uint8Array.from({ length: 40 }, (_, index) => index + 1)
  },
  'of no bytes': (sheet) => {
    sheet.serial = new Uint8Array(0)
  },
  'with zeros before it': (sheet) => {
    sheet.serial = Uint8Array.of(0, 0, 0, 5)
  },
})

/** The sheet above says its name in another way than the one below it says its issuer's. */
const issuerAs = (change) => (sheet, plan) => {
  const below = plan.sheets[plan.sheets.indexOf(sheet) - 1]
  below.issuer = sheet.subject
  sheet.subject = change(sheet.subject)
  // A root is its own issuer, in the same words.
  if (sheet === plan.root) sheet.issuer = sheet.subject
}

const written = (write) => (subject) => subject.map(([type, value]) => [type, value, write])
const worded = (change) => (subject) => subject.map(([type, value]) => [type, change(value)])

const names = topic('name', AUTHORITIES, {
  'in upper case': issuerAs(worded((value) => value.toUpperCase())),
  'with blanks around': issuerAs(worded((value) => `  ${value} `)),
  'with blanks inside': issuerAs(worded((value) => value.replace('ain', 'a in').replace('oot', 'o ot'))),
  'with other white space': issuerAs(worded((value) => value.replace(' ', '\t'))),
  'with two blanks': issuerAs(worded((value) => value.replace(' ', '  '))),
  'as PrintableString': issuerAs(written(printableString)),
  'as TeletexString': issuerAs(written(teletexString)),
  'as BMPString': issuerAs(written(bmpString)),
  'as UniversalString': issuerAs(written(universalString)),
  'as IA5String': issuerAs(written(ia5String)),
  'as OCTET STRING': issuerAs(written((value) => octetString(new TextEncoder().encode(value)))),
  'as no UTF-8': issuerAs(written(() => utf8String(Uint8Array.of(0xff, 0xfe)))),
  'in another order': issuerAs((subject) => [...subject].reverse()),
  'with an attribute more': issuerAs((subject) => [...subject, ['OU', 'More']]),
  'with umlauts': issuerAs((subject) => [...subject, ['OU', 'ÄÖ']]),
  another: issuerAs(worded((value) => `Not ${value}`)),
  'with a NUL': issuerAs(worded((value) => `${value}\0x`)),
  empty: (sheet) => {
    sheet.subject = []
  },
  'with umlauts, both': (sheet) => {
    sheet.subject = [['CN', 'ÄÖ'], ...sheet.subject]
  },
  "the leaf's": (sheet, plan) => {
    sheet.subject = plan.leaf.subject
  },
  "the root's": (sheet, plan) => {
    sheet.subject = plan.root.subject
  },
})

const subjects = topic('subject', LEAF, {
  empty: (sheet) => {
    sheet.subject = []
  },
  "its issuer's": (sheet, plan) => {
    sheet.subject = plan.intermediate.subject
  },
  "the root's": (sheet, plan) => {
    sheet.subject = plan.root.subject
  },
  'with an e-mail address': (sheet) => {
    sheet.subject = [...sheet.subject, ['emailAddress', 'one@good.test', ia5String]]
  },
})

/** What a leaf may be called in the tests of name constraints. */
const LEAF_NAMES = {
  dns: subjectAltName(['dns', 'www.good.test']),
  'dns of a deeper name': subjectAltName(['dns', 'a.b.good.test']),
  'dns of the domain itself': subjectAltName(['dns', 'good.test']),
  'dns in upper case': subjectAltName(['dns', 'WWW.GOOD.TEST']),
  'dns of another': subjectAltName(['dns', 'www.bad.test']),
  'dns that ends alike': subjectAltName(['dns', 'notgood.test']),
  'dns with a wildcard': subjectAltName(['dns', '*.good.test']),
  'dns with a dot at its end': subjectAltName(['dns', 'www.good.test.']),
  'dns of both': subjectAltName(['dns', 'www.good.test'], ['dns', 'www.bad.test']),
  'dns of no ASCII': subjectAltName(['dns', Uint8Array.of(0xff, 0x2e, 0x67)]),
  'empty dns': subjectAltName(['dns', '']),
  IPv4: subjectAltName(['ip', [10, 1, 2, 3]]),
  'IPv4 of another net': subjectAltName(['ip', [11, 1, 2, 3]]),
  IPv6: subjectAltName(['ip', [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]]),
  'IP of five bytes': subjectAltName(['ip', [10, 1, 2, 3, 4]]),
  email: subjectAltName(['email', 'one@good.test']),
  'email of a host': subjectAltName(['email', 'one@www.good.test']),
  'email of another': subjectAltName(['email', 'one@bad.test']),
  'email in other case': subjectAltName(['email', 'ONE@GOOD.test']),
  'email without @': subjectAltName(['email', 'good.test']),
  uri: subjectAltName(['uri', 'https://www.good.test/path']),
  'uri with a port': subjectAltName(['uri', 'https://www.good.test:1/path']),
  'uri of another': subjectAltName(['uri', 'https://www.bad.test/']),
  'uri without a host': subjectAltName(['uri', 'mailto:one@good.test']),
  'uri with no number for a port': subjectAltName(['uri', 'https://www.good.test:zz/path']),
  'uri with no scheme': subjectAltName(['uri', '://www.good.test/path']),
  'uri with a user': subjectAltName(['uri', 'https://www.good.test@www.bad.test/']),
  directory: subjectAltName([
    'directory',
    [
      ['O', 'Good'],
      ['CN', 'x'],
    ],
  ]),
  'directory of another': subjectAltName([
    'directory',
    [
      ['O', 'Bad'],
      ['CN', 'x'],
    ],
  ]),
  registeredId: subjectAltName(['registeredId', '1.2.3.4']),
  other: subjectAltName(['other', 'x']),
}

const leafNames = topic('names', LEAF, {
  ...putting(LEAF_NAMES),
  'none but a common name': (sheet) => {
    drop(sheet, 'subjectAltName')
    sheet.subject = [['CN', 'www.good.test']]
  },
  'none but a common name of another': (sheet) => {
    drop(sheet, 'subjectAltName')
    sheet.subject = [['CN', 'www.bad.test']]
  },
  'none but a common name that is none': (sheet) => {
    drop(sheet, 'subjectAltName')
    sheet.subject = [['CN', 'Not a host. Really']]
  },
  'none but a common name without dots': (sheet) => {
    drop(sheet, 'subjectAltName')
  },
  'none but two common names': (sheet) => {
    drop(sheet, 'subjectAltName')
    sheet.subject = [
      ['CN', 'www.good.test'],
      ['CN', 'www.bad.test'],
    ]
  },
  'none but a common name in BMPString': (sheet) => {
    drop(sheet, 'subjectAltName')
    sheet.subject = [['CN', 'www.bad.test', bmpString]]
  },
  'an e-mail address in the subject': (sheet) => {
    sheet.subject = [
      ['CN', 'localhost'],
      ['emailAddress', 'one@bad.test', ia5String],
    ]
  },
  'a common name beside an address': (sheet) => {
    put(sheet, subjectAltName(['ip', [10, 1, 2, 3]]))
    sheet.subject = [['CN', 'www.bad.test']]
  },
  'of an organisation': (sheet) => {
    sheet.subject = [
      ['O', 'Good'],
      ['CN', 'x'],
    ]
    put(sheet, subjectAltName(['dns', 'www.good.test']))
  },
  'of another organisation': (sheet) => {
    sheet.subject = [
      ['O', 'Bad'],
      ['CN', 'x'],
    ]
    put(sheet, subjectAltName(['dns', 'www.good.test']))
  },
})

/** What an authority may be limited to. */
const LIMITS = {
  'permitted dns': nameConstraints({ permitted: [['dns', 'good.test']] }),
  'permitted dns with a dot before it': nameConstraints({ permitted: [['dns', '.good.test']] }),
  'permitted dns in upper case': nameConstraints({ permitted: [['dns', 'GOOD.TEST']] }),
  'permitted empty dns': nameConstraints({ permitted: [['dns', '']] }),
  'excluded dns': nameConstraints({ excluded: [['dns', 'bad.test']] }),
  'excluded empty dns': nameConstraints({ excluded: [['dns', '']] }),
  'excluded dns below the permitted one': nameConstraints({ permitted: [['dns', 'good.test']], excluded: [['dns', 'b.good.test']] }),
  'two permitted dns': nameConstraints({
    permitted: [
      ['dns', 'other.test'],
      ['dns', 'good.test'],
    ],
  }),
  'permitted IPv4': nameConstraints({ permitted: [['ip', [10, 0, 0, 0, 255, 0, 0, 0]]] }),
  'excluded IPv4': nameConstraints({ excluded: [['ip', [10, 0, 0, 0, 255, 0, 0, 0]]] }),
  'permitted IPv6': nameConstraints({
    permitted: [['ip', [0x20, 1, 0xd, 0xb8, ...Array(12).fill(0), 255, 255, 255, 255, ...Array(12).fill(0)]]],
  }),
  'permitted IP with a mask of holes': nameConstraints({ permitted: [['ip', [10, 0, 0, 3, 255, 0, 0, 255]]] }),
  'permitted IP of five bytes': nameConstraints({ permitted: [['ip', [10, 0, 0, 0, 255]]] }),
  'permitted IP with bits beyond the mask': nameConstraints({ permitted: [['ip', [10, 1, 2, 3, 255, 0, 0, 0]]] }),
  'permitted email of a host': nameConstraints({ permitted: [['email', 'good.test']] }),
  'permitted email of a domain': nameConstraints({ permitted: [['email', '.good.test']] }),
  'permitted email of one': nameConstraints({ permitted: [['email', 'one@good.test']] }),
  'excluded email': nameConstraints({ excluded: [['email', 'bad.test']] }),
  'permitted uri of a host': nameConstraints({ permitted: [['uri', 'www.good.test']] }),
  'permitted uri of a domain': nameConstraints({ permitted: [['uri', '.good.test']] }),
  'excluded uri': nameConstraints({ excluded: [['uri', '.bad.test']] }),
  'permitted directory': nameConstraints({ permitted: [['directory', [['O', 'Good']]]] }),
  'excluded directory': nameConstraints({ excluded: [['directory', [['O', 'Bad']]]] }),
  'permitted empty directory': nameConstraints({ permitted: [['directory', []]] }),
  'permitted registeredId': nameConstraints({ permitted: [['registeredId', '1.2.3.4']] }),
  'permitted other name': nameConstraints({ permitted: [['other', 'x']] }),
  'a minimum of 1': nameConstraints({ permitted: [['dns', 'good.test']], minimum: 1 }),
  'a minimum of 0': nameConstraints({ permitted: [['dns', 'good.test']], minimum: 0 }),
  'a maximum': nameConstraints({ permitted: [['dns', 'good.test']], maximum: 5 }),
  'not critical': asHarmless(nameConstraints({ permitted: [['dns', 'good.test']] })),
  'of nothing': nameConstraints({}),
  'of empty lists': nameConstraints({ permitted: [], excluded: [] }),
  'no SEQUENCE': { id: ID.nameConstraints, critical: true, value: integer(1) },
}

const limits = topic('name constraints', ['intermediate', 'root'], putting(LIMITS))
const limitsOfLeaves = topic('name constraints', LEAF, putting({ 'of its own': LIMITS['permitted dns'] }))

const proxies = topic('proxy certificate', LEAF, {
  'that OpenSSL does not want': (sheet, plan) => {
    drop(sheet, 'subjectAltName', 'basicConstraints')
    sheet.subject = [...plan.intermediate.subject, ['CN', 'proxy']]
    put(sheet, { id: ID.proxyCertInfo, critical: true, value: sequence(sequence(oid('1.3.6.1.5.5.7.21.1'))) })
  },
  'with alternative names': (sheet) =>
    put(sheet, { id: ID.proxyCertInfo, critical: true, value: sequence(sequence(oid('1.3.6.1.5.5.7.21.1'))) }),
  malformed: (sheet) => put(sheet, { id: ID.proxyCertInfo, critical: true, value: nothing() }),
})

/** Properties that are no pairs of two certificates' names: for those see `constrained`. */
export const properties = [
  ...keys,
  ...brokenKeys,
  ...signatures,
  ...signatureFaults,
  ...versions,
  ...constraints,
  ...usages,
  ...purposes,
  ...netscapeTypes,
  ...times,
  ...critical,
  ...plain,
  ...broken,
  ...markedCritical,
  ...twice,
  ...identifiers,
  ...serials,
  ...names,
  ...subjects,
  ...limitsOfLeaves,
  ...proxies,
]

/** What a leaf is called, and what an authority is limited to: each with each is a case. */
export const constrained = { names: leafNames, limits }
