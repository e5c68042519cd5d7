// Certificates as objects, compared with Node's own reading of them: real roots, certificates of every odd form, and what chance makes
// of these.
import {
  ALTERNATIVE_NAME,
  Attribute,
  certificate,
  extension,
  LAME_KEY,
  name,
  pem as writePem,
  samples,
  selfSigned,
} from '../certificate-samples.js'
import { bitString, context, contextPrimitive, element, oid, sequence, set, utcTime, utf8String } from '../der.js'
import { assert, event, test } from '../harness.js'

const NODE_26 = { ours: true, only: ['node-26'], why: 'its own reading is the model' }

/** Our reading, and our X509Certificate, which Node needs no more than its own. */
const ours = (t) => t.tls[Symbol.for('isomorphic-tls.x509')]

/** Node's modules for this: crypto, util, and strict assertions as `assert`. @return {Promise<any>} */
const nodes = async () => ({
  ...(await import('node:crypto')),
  ...(await import('node:util')),
  assert: (await import('node:assert')).strict,
})

/** What a call gives, or the name, code and message of its error. */
function attempt(call) {
  try {
    return { value: call() }
  } catch (error) {
    return { name: error.name, code: error.code, message: error.message }
  }
}

/** Real roots: Node's, Mozilla's as they come with us, those of 2015 (certifi), and Debian's where it is Debian. As DER. */
async function realRoots(t) {
  const { X509Certificate } = await nodes()
  const { existsSync, readFileSync } = await import('node:fs')
  const { default: mozilla } = await import('isomorphic-tls/roots')
  const former = new URL('../../node_modules/certifi/cacert.pem', import.meta.url)
  const files = [former, '/etc/ssl/certs/ca-certificates.crt'].filter((file) => existsSync(file))
  const pems = files.flatMap((file) => readFileSync(file, 'latin1').match(/-----BEGIN[\s\S]*?-----END CERTIFICATE-----/g) ?? [])
  const ders = [...t.tls.rootCertificates, ...mozilla, ...pems].map((pem) => new X509Certificate(pem).raw)
  return [...new Map(ders.map((der) => [der.toString('hex'), der])).values()]
}

/** Node's object of a certificate, null if it reads none. */
const theirObject = (X509Certificate, der) => attempt(() => new X509Certificate(der).toLegacyObject()).value ?? null

test('certificate objects: real roots are as Node shows them', NODE_26, async (t) => {
  const { X509Certificate, assert: strict } = await nodes()
  const { certificateObject } = ours(t)
  const roots = await realRoots(t)
  assert.isAtLeast(roots.length, 200)
  for (const der of roots) strict.deepEqual(certificateObject(der), theirObject(X509Certificate, der))
})

test('certificate objects: odd ones are as Node shows them', NODE_26, async (t) => {
  const crypto = await nodes()
  const { certificateObject } = ours(t)
  let read = 0
  for (const { name, der } of samples(crypto)) {
    const theirs = theirObject(crypto.X509Certificate, der)
    if (theirs) read += 1
    crypto.assert.deepEqual({ name, object: certificateObject(der) }, { name, object: theirs })
  }
  assert.isAbove(read, 300)
})

test('certificate objects: those of generated chains are as Node shows them', { ...NODE_26, timeout: 600_000 }, async (t) => {
  const { X509Certificate, assert: strict } = await nodes()
  const { certificateObject } = ours(t)
  const chains = await t.chains(t.full ? 'full' : 'quick')
  // Node 26 itself crashes at a curve that NIST has no name for.
  const shown = chains.filter(({ properties }) => !properties.some((property) => property.endsWith('key: secp256k1')))
  const all = new Set(shown.flatMap(({ presented, trusted }) => [...presented, ...trusted]))
  assert.isAbove(all.size, 1000)
  let read = 0
  for (const base64 of all) {
    const der = t.Buffer.from(base64, 'base64')
    const [mine, theirs] = [certificateObject(der), theirObject(X509Certificate, der)]
    if (theirs) read += 1
    // Among the chains are some that chance has changed.
    strict.deepEqual([comparable(mine, theirs), base64], [comparable(theirs, mine), base64])
  }
  assert.isAbove(read, all.size / 2)
})

test('certificate objects: every curve that OpenSSL names', {
  ours: true,
  only: ['node-20'],
  why: 'Node 26 itself crashes at a curve that NIST has no name for',
}, async (t) => {
  const { generateKeyPairSync, getCurves, X509Certificate, assert: strict } = await nodes()
  const { certificateObject } = ours(t)
  const curves = getCurves().filter((curve) => !/^(SM2|Oakley)/.test(curve))
  assert.isAbove(curves.length, 50)
  for (const namedCurve of curves) {
    const key = generateKeyPairSync('ec', { namedCurve }).publicKey.export({ type: 'spki', format: 'der' })
    const der = certificate({ key })
    // Node 20 leaves out what there is nothing of.
    const shown = Object.entries(certificateObject(der)).filter(([, value]) => value !== undefined)
    strict.deepEqual(Object.fromEntries(shown), theirObject(X509Certificate, der))
  }
})

/** Curves of which we know no more than the names, so that any point will do: see js/x509/curves.js. */
const CHECKED_CURVES = /^(prime192v1|secp(224|384|521)r1|prime256v1|secp256k1|brainpoolP(256|384|512)r1)$/

/** An object without what is known to differ: names that OpenSSL has for what is no attribute, and points of curves that nobody uses. */
function comparable(object, other) {
  if (!object || !other) return object
  const isUnchecked = [object, other].some(({ asn1Curve }) => asn1Curve && !CHECKED_CURVES.test(asn1Curve))
  const { bits, pubkey, asn1Curve, nistCurve, ...rest } = object
  const same = Object.fromEntries(['subject', 'issuer', 'infoAccess'].map((field) => [field, withoutUnknown(object[field], other[field])]))
  const subjectaltname = withoutTypes(object.subjectaltname)
  return { ...rest, ...same, subjectaltname, ...(!isUnchecked && { bits, pubkey, asn1Curve, nistCurve }) }
}

/** Without names that one has in numbers and the other in words. */
function withoutUnknown(one, other) {
  if (!one || !other) return one
  const isNumber = (key) => /^\d+(\.\d+)+( - .*)?$/.test(key)
  const [ownKeys, otherKeys] = [one, other].map((names) => Object.keys(names))
  const differs = (key, index) => key !== otherKeys[index] && (isNumber(key) || isNumber(otherKeys[index] ?? ''))
  return ownKeys.map((key, index) => [differs(key, index) ? '?' : key, withoutTypes(one[key])])
}

/** Names in a text without the types of their attributes. */
const withoutTypes = (text) => JSON.stringify(text)?.replace(/[\w.-]+=/g, '?=')

test('certificate objects: what chance makes of certificates is as Node shows it, or refused by both', NODE_26, async (t) => {
  const crypto = await nodes()
  const { certificateObject } = ours(t)
  // Of parameters of RSASSA-PSS and descriptions of curves that are no good, OpenSSL takes some.
  const odd = samples(crypto).filter((sample) => !/sect|RSA-PSS|EC, described/.test(sample.name))
  const pool = [...odd.map(({ der }) => der), ...(await realRoots(t)).slice(0, 50)]
  const choose = t.chooser(26)
  let read = 0
  for (let count = t.full ? 200_000 : 5000; count > 0; count--) {
    const der = t.Buffer.from(pool[choose(pool.length)])
    for (let changes = 1 + choose(3); changes > 0; changes--) {
      const place = choose(der.length)
      der[place] = choose(2) ? der[place] ^ (1 << choose(8)) : choose(256)
    }
    const mine = certificateObject(der)
    // Node 26 itself crashes at a curve that NIST has no name for.
    if (mine?.asn1Curve && !mine.nistCurve) continue
    const theirs = theirObject(crypto.X509Certificate, der)
    if (theirs) read += 1
    if (crypto.isDeepStrictEqual(mine, theirs)) continue
    crypto.assert.deepEqual([comparable(mine, theirs), der.toString('hex')], [comparable(theirs, mine), der.toString('hex')])
  }
  assert.isAbove(read, 1000)
})

test('certificate objects: over a connection they are what Node reads of the certificates', {
  only: ['node-26'],
  why: 'its own reading is the model',
}, async (t) => {
  const { X509Certificate, assert: strict } = await nodes()
  for (const name of ['curious', 'intermediate', 'rsa-2048', 'ecdsa-p384', 'ed25519', 'self-signed', 'v1']) {
    const { key, chain, ca } = await t.certificate(name)
    const { client, socket } = await t.pair({ key, cert: chain }, { ca, rejectUnauthorized: false })
    const certificates = [client.getPeerCertificate(true)]
    for (let at = certificates[0]; at.issuerCertificate && at.issuerCertificate !== at; at = at.issuerCertificate) {
      certificates.push(at.issuerCertificate)
    }
    assert.isAtLeast(certificates.length, name === 'self-signed' ? 1 : 2)
    for (const { issuerCertificate, ...shown } of certificates) strict.deepEqual(shown, new X509Certificate(shown.raw).toLegacyObject())
    strict.deepEqual(socket.getCertificate(), new X509Certificate(socket.getCertificate().raw).toLegacyObject())
  }
})

/** The properties of Node's class, of those that are no objects of their own. */
const PROPERTIES = [
  'ca',
  'fingerprint',
  'fingerprint256',
  'fingerprint512',
  'infoAccess',
  'issuer',
  'issuerCertificate',
  'keyUsage',
  'raw',
  'serialNumber',
  'signatureAlgorithm',
  'signatureAlgorithmOid',
  'subject',
  'subjectAltName',
  'validFrom',
  'validTo',
]

/** A moment as a number. */
const moment = (date) => date.getTime()

test('certificate objects: our X509Certificate has what that of Node has', NODE_26, async (t) => {
  const crypto = await nodes()
  const { X509Certificate } = ours(t)
  const members = (Class) => Object.getOwnPropertyNames(Class.prototype).sort()
  assert.deepEqual(members(X509Certificate), members(crypto.X509Certificate))
  const roots = (await realRoots(t)).map((der) => ({ name: 'a root', der }))
  const signer = roots[0].der
  for (const { name, der } of [...samples(crypto), ...roots]) {
    const [mine, theirs] = [attempt(() => new X509Certificate(der)), attempt(() => new crypto.X509Certificate(der))]
    const same = (what, read) => crypto.assert.deepEqual({ name, what, is: read(mine.value) }, { name, what, is: read(theirs.value) })
    if (!mine.value || !theirs.value) {
      crypto.assert.deepEqual({ name, ...mine }, { name, ...theirs })
      continue
    }
    for (const property of PROPERTIES) same(property, (value) => attempt(() => value[property]))
    // Of a time that is none Node makes any.
    const isTime = !theirs.value.validFrom.startsWith('Bad')
    for (const property of isTime ? ['validFromDate', 'validToDate'] : []) same(property, (value) => moment(value[property]))
    for (const write of isTime ? [String, JSON.stringify, crypto.inspect] : [String]) same(write.name, write)
    same('legacy object', (value) => value.toLegacyObject())
    same('its own issuer', (value) => value.checkIssued(value))
    crypto.assert.equal(mine.value.checkIssued(new X509Certificate(signer)), theirs.value.checkIssued(new crypto.X509Certificate(signer)))
    same('key', (value) => {
      const { value: key, ...failure } = attempt(() => value.publicKey)
      return key ? [key.asymmetricKeyType, key.asymmetricKeyDetails, attempt(() => key.export({ type: 'spki', format: 'der' }))] : failure
    })
  }
})

test('certificate objects: our X509Certificate reads PEM and refuses as that of Node', NODE_26, async (t) => {
  const { X509Certificate: Theirs, assert: strict } = await nodes()
  const { X509Certificate } = ours(t)
  const { certificate: pem, key } = await t.certificate('curious')
  const { raw } = new Theirs(pem)
  const labelled = (label) => pem.replaceAll(' CERTIFICATE-----', ` ${label}-----`)
  const inputs = [
    pem,
    `text before\n${pem}`,
    pem + key,
    key + pem,
    labelled('X509 CERTIFICATE'),
    labelled('TRUSTED CERTIFICATE'),
    labelled('CERTIFICATE REQUEST'),
    pem.replaceAll('\n', '\r\n'),
    t.Buffer.from(pem),
    new DataView(raw.buffer, raw.byteOffset, raw.byteLength),
    t.Buffer.concat([raw, t.Buffer.from('more')]),
    raw.subarray(0, -1),
    'garbage',
    '',
    t.Buffer.alloc(0),
    new Uint8Array([0x30]),
    '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
    '-----BEGIN CERTIFICATE-----\nM*A=\n-----END CERTIFICATE-----\n',
    '-----BEGIN CERTIFICATE-----\nMAA=\n',
    '-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n',
    5,
    null,
    undefined,
    {},
    new ArrayBuffer(3),
  ]
  for (const input of inputs) {
    const read = (Class) => attempt(() => new Class(input).fingerprint256)
    strict.deepEqual(read(X509Certificate), read(Theirs))
  }
})

const LABELS = ['a', 'b', 'test', 'xn--a', 'XN--b', 'A', '*', '*b', 'a*', 'a*b', '**', '', '-a', 'a-', 'é', 'a b', '1', '\0', '_']
const ADDRESSES = [
  '1.2.3.4',
  '01.2.3.4',
  '1.2.3',
  '1.2.3.4 ',
  '::',
  '::1',
  ':',
  ':::',
  '1::2::3',
  '0:0:0:0:0:0:0:1',
  '::1.2.3.4',
  '::01.2.3.4',
  '12345::',
  '',
]
const MAILBOXES = ['a@b.test', 'A@b.test', 'a@B.Test', '@b.test', 'a@', 'ż@b.test', 'a@b@c', 'a', '']
const RULES = [undefined, {}, { subject: 'always' }, { subject: 'never' }, { wildcards: false }, { partialWildcards: false }]
const MORE_RULES = [
  { multiLabelWildcards: true },
  { singleLabelSubdomains: true },
  { subject: 'x' },
  { subject: 5 },
  { wildcards: 1 },
  null,
  5,
  [],
]

/** A certificate for names that chance has chosen. */
function randomNames(choose) {
  const pick = (list) => list[choose(list.length)]
  const host = () => Array.from({ length: 1 + choose(4) }, () => pick(LABELS)).join('.')
  const latin1 = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0))
  const smtp = (text) => context(0, oid('1.3.6.1.5.5.7.8.9'), context(0, utf8String(text)))
  const general = () =>
    [
      () => contextPrimitive(2, latin1(host())),
      () => contextPrimitive(1, latin1(pick(MAILBOXES).replace('ż', 'é'))),
      () => contextPrimitive(7, pick([Uint8Array.of(1, 2, 3, 4), new Uint8Array(16).fill(1, 15), new Uint8Array(5)])),
      () => contextPrimitive(6, latin1(`http://${host()}`)),
      () => smtp(pick([...MAILBOXES, Uint8Array.of(0xff)])),
    ][choose(5)]()
  const extensions = [[], [extension(ALTERNATIVE_NAME, sequence(...Array.from({ length: choose(4) }, general)))]][choose(2)]
  const subject = name([Attribute.COMMON_NAME, host()], [Attribute.EMAIL, pick(MAILBOXES)], [Attribute.COMMON_NAME, host()])
  return { der: certificate({ subject, extensions }), host }
}

test('certificate objects: our checkHost, checkEmail and checkIP find what those of Node find', NODE_26, async (t) => {
  const crypto = await nodes()
  const { X509Certificate } = ours(t)
  const choose = t.chooser(7)
  const pick = (list) => list[choose(list.length)]
  let found = 0
  for (let count = t.full ? 30_000 : 1500; count > 0; count--) {
    const { der, host } = randomNames(choose)
    const [mine, theirs] = [new X509Certificate(der), new crypto.X509Certificate(der)]
    const compare = (method, value) => {
      const rules = choose(8) ? pick(RULES) : pick(MORE_RULES)
      const [is, should] = [mine, theirs].map((one) => attempt(() => one[method](value, rules)))
      if (should.value) found += 1
      crypto.assert.deepEqual(
        { der: der.toString(), method, value, rules, ...is },
        { der: der.toString(), method, value, rules, ...should },
      )
    }
    for (let times = 5; times > 0; times--) compare('checkHost', pick([host(), host().replaceAll('*', 'c'), `.${host()}`]))
    for (let times = 3; times > 0; times--) compare('checkEmail', pick(MAILBOXES))
    compare('checkIP', pick(ADDRESSES))
  }
  assert.isAbove(found, 500)
})

test('certificate objects: keys for runtimes that have no KeyObject', NODE_26, async (t) => {
  const crypto = await nodes()
  const { PublicKey } = ours(t)
  const { publicKey: stranger, privateKey } = crypto.generateKeyPairSync('ed25519')
  let compared = 0
  for (const { name, der } of samples(crypto).filter((sample) => sample.name.startsWith('key:'))) {
    const theirs = attempt(() => new crypto.X509Certificate(der).publicKey).value
    // A point at infinity can be read, and not be written.
    if (!theirs || name.includes('infinity')) continue
    compared += 1
    const spki = theirs.export({ type: 'spki', format: 'der' })
    const mine = new PublicKey(spki)
    const facts = (key) => [
      key.type,
      key.asymmetricKeyType,
      key.asymmetricKeyDetails,
      String(key),
      key.export({ type: 'spki', format: 'pem' }),
    ]
    crypto.assert.deepEqual([name, facts(mine)], [name, facts(theirs)])
    assert.isTrue(mine.equals(theirs) && mine.equals(new PublicKey(spki)), name)
    assert.isFalse(mine.equals(stranger) || mine.equals(privateKey), name)
  }
  assert.isAbove(compared, 30)
  const key = new PublicKey(stranger.export({ type: 'spki', format: 'der' }))
  for (const options of [undefined, null, {}, { type: 'spki' }, { type: 'x', format: 'der' }, { format: 'der' }]) {
    crypto.assert.deepEqual(
      attempt(() => key.export(options)),
      attempt(() => stranger.export(options)),
    )
  }
  crypto.assert.deepEqual(
    attempt(() => key.equals({})),
    attempt(() => stranger.equals({})),
  )
})

/** What a key may be exported as, and may not. */
const FORMS = [
  { type: 'pkcs1', format: 'der' },
  { type: 'pkcs1', format: 'pem' },
  { format: 'jwk' },
  { type: 'x', format: 'jwk' },
  { type: 'pkcs8', format: 'der' },
  { type: 'pkcs1', format: 'x' },
]

test('certificate objects: keys are exported in the forms in which those of Node are', NODE_26, async (t) => {
  const crypto = await nodes()
  const { PublicKey } = ours(t)
  const odd = samples(crypto).filter(({ name }) => name.startsWith('key:') && !name.includes('infinity'))
  const read = odd.map(({ name, der }) => ({ name, key: attempt(() => new crypto.X509Certificate(der).publicKey).value }))
  const curves = ['secp256k1', 'brainpoolP256r1'].map((namedCurve) => ['ec', { namedCurve }])
  const kinds = [['rsa', { modulusLength: 1024 }], ['ml-dsa-44'], ['ml-dsa-65'], ['ml-dsa-87'], ...curves]
  const made = kinds.map(([type, options]) => ({ name: type, key: crypto.generateKeyPairSync(type, options).publicKey }))
  let exported = 0
  for (const { name, key: theirs } of [...read, ...made]) {
    if (!theirs) continue
    const mine = new PublicKey(theirs.export({ type: 'spki', format: 'der' }))
    for (const form of FORMS) {
      const [is, should] = [mine, theirs].map((key) => attempt(() => key.export(form)))
      if (should.value) exported += 1
      crypto.assert.deepEqual({ name, form, ...is }, { name, form, ...should })
    }
  }
  assert.isAbove(exported, 50)
})

test('certificate objects: a signature in very many parts', NODE_26, async (t) => {
  const crypto = await nodes()
  const { certificateObject } = ours(t)
  const parts = new Uint8Array(2 * 130_000).map((_, index) => (index % 2 === 0 ? 3 : 0))
  const der = certificate({ signature: element(0x23, parts, bitString(Uint8Array.of(1))) })
  const { raw, ...rest } = certificateObject(der)
  const { raw: theirs, ...others } = theirObject(crypto.X509Certificate, der)
  crypto.assert.deepEqual(rest, others)
  assert.isTrue(raw.equals(theirs))
})

test('certificate objects: long names take no more than their length to compare', NODE_26, async () => {
  const names = new URL('../../js/x509/names.js', import.meta.url)
  const { canonicalName, readName } = await import(names.href)
  const [attribute] = readName({ tagClass: 0, tag: 16, value: name([Attribute.COMMON_NAME, 'x']).subarray(2) })
  const long = Array.from({ length: 300_000 }, (_, set) => ({ ...attribute, set }))
  const start = Date.now()
  canonicalName(long)
  // In half a second; looking through all sets for each would take a minute.
  assert.isBelow(Date.now() - start, 10_000)
})

test('certificate objects: our X509Certificate verifies signatures', { ours: true }, async (t) => {
  const { X509Certificate, PublicKey } = ours(t)
  const read = (pem) => new X509Certificate(pem)
  for (const kind of ['ecdsa-p256', 'intermediate', 'rsa-2048', 'ecdsa-p384', 'ed25519']) {
    const { certificate, issuer } = await t.certificate(kind)
    const { issuer: stranger } = await t.certificate('other-ca')
    const [leaf, signer, other] = [certificate, issuer, stranger].map(read)
    const own = new PublicKey(signer.publicKey.export({ type: 'spki', format: 'der' }))
    assert.isTrue(leaf.verify(signer.publicKey) && leaf.verify(own), kind)
    assert.isFalse(leaf.verify(other.publicKey) || leaf.verify(leaf.publicKey), kind)
    assert.deepEqual([leaf.checkIssued(signer), leaf.checkIssued(leaf), signer.checkIssued(leaf)], [true, false, false])
    const changed = t.Buffer.from(leaf.raw)
    changed[changed.length - 1] ^= 1
    assert.isFalse(read(changed).verify(signer.publicKey), kind)
  }
  const leaf = read((await t.certificate('ecdsa-p256')).certificate)
  for (const value of [null, undefined, {}, 'key', leaf]) assert.equal(attempt(() => leaf.verify(value)).code, 'ERR_INVALID_ARG_TYPE')
  // What can not be told is not called wrong.
  const { publicKey } = read((await t.certificate('rsa-2048')).certificate)
  const key = publicKey.export({ type: 'spki', format: 'der' })
  const old = read(t.Buffer.from(certificate({ key, inner: sequence(oid('1.2.840.113549.1.1.2')) })))
  assert.equal(attempt(() => old.verify(publicKey)).code, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM')
})

test('certificate objects: a private key belongs to a certificate', { ours: true }, async (t) => {
  const { X509Certificate } = ours(t)
  const { certificate, key } = await t.certificate('ecdsa-p256')
  const leaf = new X509Certificate(certificate)
  const isBrowser = ['chromium', 'firefox'].includes(t.runtime)
  if (isBrowser) return assert.equal(attempt(() => leaf.checkPrivateKey({})).code, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM')
  const { createPrivateKey } = await import('node:crypto')
  const { key: stranger } = await t.certificate('ecdsa-p384')
  assert.isTrue(leaf.checkPrivateKey(createPrivateKey(key)))
  assert.isFalse(leaf.checkPrivateKey(createPrivateKey(stranger)))
  assert.equal(attempt(() => leaf.checkPrivateKey({})).code, 'ERR_INVALID_ARG_TYPE')
  assert.equal(attempt(() => leaf.checkPrivateKey(leaf.publicKey)).code, 'ERR_INVALID_ARG_VALUE')
})

test('certificate objects: an X509Certificate on every runtime', async (t) => {
  const { key, certificate: pem, chain, issuer } = await t.certificate('intermediate')
  const { client, socket } = await t.pair({ key, cert: chain })
  // In this order: in Node 20, the second takes from the chain what the first shows.
  const shown = client.getPeerCertificate()
  const [peers, own] = [client.getPeerX509Certificate(), socket.getX509Certificate()]
  assert.deepEqual([peers.fingerprint256, peers.validTo], [shown.fingerprint256, shown.valid_to])
  assert.equal(peers.toLegacyObject().fingerprint256, shown.fingerprint256)
  assert.equal(own.fingerprint256, shown.fingerprint256)
  assert.isTrue(peers.raw.equals(shown.raw))
  assert.deepEqual([peers.subject, peers.issuer], ['CN=localhost', 'CN=isomorphic-tls test intermediate CA'])
  assert.deepEqual([peers.subjectAltName, peers.infoAccess, peers.ca], [shown.subjectaltname, undefined, false])
  assert.equal(peers.toString(), pem)
  assert.equal(JSON.stringify({ peers }), JSON.stringify({ peers: pem }))
  assert.deepEqual(
    ['localhost', 'LOCALHOST', 'x.wild.test', 'x.y.wild.test', 'other.test'].map((host) => peers.checkHost(host)),
    ['localhost', 'localhost', '*.wild.test', undefined, undefined],
  )
  assert.isUndefined(peers.checkHost('x.wild.test', { wildcards: false }))
  assert.deepEqual(
    [peers.checkIP('127.0.0.1'), peers.checkIP('127.0.0.2'), peers.checkEmail('a@b.test')],
    ['127.0.0.1', undefined, undefined],
  )
  const { issuerCertificate } = peers
  assert.equal(issuerCertificate.toString(), issuer)
  assert.deepEqual([issuerCertificate.ca, issuerCertificate.issuerCertificate], [true, undefined])
  assert.isTrue(peers.checkIssued(issuerCertificate))
  assert.deepEqual([peers.verify(issuerCertificate.publicKey), peers.verify(peers.publicKey)], [true, false])
  const { publicKey } = peers
  assert.deepEqual([publicKey.type, publicKey.asymmetricKeyType], ['public', 'ec'])
  assert.equal(publicKey.asymmetricKeyDetails.namedCurve, 'prime256v1')
  assert.isTrue(publicKey.export({ type: 'spki', format: 'der' }).includes(shown.pubkey))
  assert.match(publicKey.export({ type: 'spki', format: 'pem' }), /^-----BEGIN PUBLIC KEY-----\n/)
  assert.isTrue(publicKey.equals(own.publicKey))
})

const subject = name([Attribute.ORGANISATION, 'x'])

test('certificate objects: what a peer shows that is no certificate ends the handshake', { ours: true }, async (t) => {
  // Times that OpenSSL 3.5 does not take.
  const validity = sequence(utcTime('2501010000Z'), utcTime('3501010000Z'))
  const identity = await selfSigned({ subject, issuer: subject, validity })
  const server = await t.server({ ...identity })
  const [near, far] = t.duplexPair()
  const client = t.connect({ socket: near, rejectUnauthorized: false, servername: 'localhost' })
  const [failed, refused] = [event(client, 'error'), event(server, 'tlsClientError')]
  server.emit('connection', far)
  assert.equal((await failed)[0].code, 'ERR_TLS_PEER_CERTIFICATE')
  await refused
})

test('certificate objects: what the reader itself can not do makes a certificate that can not be read', { ours: true }, (t) => {
  const { certificateObject } = ours(t)
  const faulty = new Proxy(certificate(), {
    get() {
      throw new Error('a fault')
    },
  })
  assert.isNull(certificateObject(faulty))
})

test('certificate objects: a key on a curve that lacks a coefficient harms nobody', { ours: true }, async (t) => {
  const { cert, key } = await selfSigned({ subject, issuer: subject })
  const identity = { key, cert: cert + writePem('CERTIFICATE', certificate({ key: LAME_KEY })) }
  const { client, socket } = await t.pair(
    { ...identity, requestCert: true, rejectUnauthorized: false },
    { ...identity, rejectUnauthorized: false },
  )
  for (const end of [client, socket]) assert.deepEqual({ ...end.getPeerCertificate().subject }, { O: 'x' })
})

test('certificate objects: an X509Certificate of what the runtime’s own class may not read', async (t) => {
  // An empty set.
  const odd = sequence(set(), set(sequence(oid(Attribute.ORGANISATION), utf8String('x'))))
  const { cert, key } = await selfSigned({ subject: odd, issuer: odd })
  const { client, socket } = await t.pair({ key, cert }, { ca: cert, rejectUnauthorized: false })
  // First of all: in Node 20, what shows an X509Certificate takes it from the chain.
  const { raw } = client.getPeerCertificate()
  for (const shown of [client.getPeerX509Certificate(), socket.getX509Certificate()]) {
    assert.equal(shown.subject, 'O=x')
    assert.isTrue(shown.raw.equals(raw))
  }
})
