// What is no certificate, key, PFX file or revocation list is refused at once, in Node's words, whatever it is and however large.
import { element, integer, nothing, sequence } from '../der.js'
import { assert, event, outcome, test } from '../harness.js'

const LARGE = 10_000_000

/** What is given again and again is smaller. */
const SMALLER = 100_000

/** What OpenSSL says: its reason, then Node's code, OpenSSL's number and library. */
const WORDS = {
  'no start line': ['ERR_OSSL_PEM_NO_START_LINE', '0480006C', 'PEM routines'],
  'bad end line': ['ERR_OSSL_PEM_BAD_END_LINE', '04800066', 'PEM routines'],
  'bad base64 decode': ['ERR_OSSL_PEM_BAD_BASE64_DECODE', '04800064', 'PEM routines'],
  'wrong tag': ['ERR_OSSL_ASN1_WRONG_TAG', '068000A8', 'asn1 encoding routines'],
  'too long': ['ERR_OSSL_ASN1_TOO_LONG', '0680009B', 'asn1 encoding routines'],
  'field missing': ['ERR_OSSL_ASN1_FIELD_MISSING', '06800079', 'asn1 encoding routines'],
  unsupported: ['ERR_OSSL_UNSUPPORTED', '1E08010C', 'DECODER routines'],
}

function thrownBy(act) {
  try {
    act()
  } catch (error) {
    return error
  }
  return assert.fail('nothing was thrown')
}

/** Of an option of createSecureContext: an Error with OpenSSL's reason. */
function refuses(t, options, reason) {
  const error = thrownBy(() => t.tls.createSecureContext(options))
  const [code, number, library] = WORDS[reason]
  assert.strictEqual(Object.getPrototypeOf(error), Error.prototype)
  assert.equal(error.message, `error:${number}:${library}::${reason}`)
  assert.deepEqual([error.code, error.reason, error.library], [code, reason, library])
}

/** SEQUENCEs inside each other, each as long as what is left. */
function nested(t, size) {
  const bytes = t.Buffer.alloc(size)
  for (let at = 0; at + 6 <= size; at += 6) {
    bytes.set([0x30, 0x84], at)
    bytes.writeUInt32BE(size - at - 6, at + 2)
  }
  return bytes
}

/** SEQUENCEs inside each other that say nothing of their length. */
const endless = (t, size) => t.Buffer.alloc(size, t.Buffer.of(0x30, 0x80))

const wrap = (t, label, der) => {
  const lines =
    t.Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}

const derOf = (t, pem) => t.Buffer.from(pem.replace(/-----.*?-----|\s/g, ''), 'base64')

/** What is no PEM and no DER, of any kind. */
const junk = (t) => ({
  text: 'garbage',
  bytes: t.random(5, 1000),
  zeros: t.Buffer.alloc(1000),
  'much text': 'a'.repeat(SMALLER),
  'elements inside each other': nested(t, LARGE),
  'elements without end': endless(t, LARGE),
})

/** PEM that does not end as it begins, of any kind. */
const brokenPem = (t, label, der) => ({
  'no end': wrap(t, label, der).split('-----END')[0],
  'another end': wrap(t, label, der).replace(`END ${label}`, 'END OTHER'),
  'half a text': wrap(t, label, der).slice(0, 100),
  'many beginnings': `-----BEGIN ${label}-----\n`.repeat(SMALLER / 10),
})

/** PEM of DER that is broken, by what OpenSSL says of a certificate. */
const brokenDer = (t, label, der) => ({
  'too long': [wrap(t, label, der.subarray(0, der.length / 2)), wrap(t, label, der.subarray(0, -1))],
  'wrong tag': [wrap(t, label, nothing()), wrap(t, label, nested(t, SMALLER))],
  'field missing': [wrap(t, label, sequence())],
})

test('bad input: cert', async (t) => {
  const { certificate, key } = await t.certificate('ecdsa-p256')
  const der = derOf(t, certificate)
  const refused = (cert, reason) => refuses(t, { cert }, reason)
  for (const cert of [...Object.values(junk(t)), key, der.subarray(0, -1)]) refused(cert, 'no start line')
  for (const cert of Object.values(brokenPem(t, 'CERTIFICATE', der))) refused(cert, 'bad end line')
  refused('-----BEGIN OTHER-----\n', 'bad end line')
  refused('-----BEGIN CERTIFICATE-----\n'.repeat(LARGE / 28), 'bad end line')
  refused(wrap(t, 'CERTIFICATE', nested(t, LARGE)), 'wrong tag')
  refused('-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n', 'bad base64 decode')
  for (const [reason, texts] of Object.entries(brokenDer(t, 'CERTIFICATE', der))) {
    for (const text of texts) {
      refused(text, reason)
      refused(certificate + text, reason)
    }
  }
})

test('bad input: key', async (t) => {
  const { certificate, key } = await t.certificate('ecdsa-p256')
  const der = derOf(t, key)
  const all = ['PRIVATE KEY', 'EC PRIVATE KEY', 'RSA PRIVATE KEY', 'ENCRYPTED PRIVATE KEY'].flatMap((label) => [
    ...Object.values(brokenPem(t, label, der)),
    ...Object.values(brokenDer(t, label, der)).flat(),
    `-----BEGIN ${label}-----\n!!!!\n-----END ${label}-----\n`,
  ])
  for (const given of [...Object.values(junk(t)), ...all, certificate, der.subarray(0, -1)]) {
    refuses(t, { key: given, passphrase: 'secret' }, 'unsupported')
  }
  refuses(t, { key: wrap(t, 'PRIVATE KEY', nested(t, LARGE)) }, 'unsupported')
})

test('bad input: pfx', async (t) => {
  const { pfx } = await t.forms('ecdsa-p256')
  const file = t.Buffer.from(pfx.modern, 'base64')
  const { certificate } = await t.certificate('ecdsa-p256')
  /** @type {[any, string | RegExp][]} */
  const cases = [
    ['garbage', 'not enough data'],
    [t.Buffer.alloc(0), 'not enough data'],
    [file.subarray(0, file.length / 2), 'not enough data'],
    [file.subarray(0, -1), 'not enough data'],
    [endless(t, LARGE), 'not enough data'],
    [t.Buffer.alloc(1000), 'wrong tag'],
    [certificate, 'wrong tag'],
    [derOf(t, certificate), 'wrong tag'],
    ['a'.repeat(LARGE), 'wrong tag'],
    [nested(t, LARGE), 'wrong tag'],
    [nothing(), 'wrong tag'],
    [sequence(), 'field missing'],
    [sequence(integer(3)), 'field missing'],
    // OpenSSL 3.0 has another word than 3.5.
    [element(0x30, new Uint8Array(0)).fill(0xff, 1), /^(header )?too long$/],
  ]
  for (const [given, message] of cases) {
    const error = thrownBy(() => t.tls.createSecureContext({ pfx: given, passphrase: 'secret' }))
    assert.strictEqual(Object.getPrototypeOf(error), Error.prototype)
    assert.isUndefined(error.code)
    if (message instanceof RegExp) assert.match(error.message, message)
    else assert.equal(error.message, message)
  }
})

test('bad input: crl', async (t) => {
  const { certificate } = await t.certificate('ecdsa-p256')
  const der = derOf(t, certificate)
  const broken = [...Object.values(brokenPem(t, 'X509 CRL', der)), ...Object.values(brokenDer(t, 'X509 CRL', der)).flat()]
  for (const crl of [...Object.values(junk(t)), ...broken, certificate, wrap(t, 'X509 CRL', der), der]) {
    const error = thrownBy(() => t.tls.createSecureContext({ crl }))
    assert.strictEqual(Object.getPrototypeOf(error), Error.prototype)
    assert.equal(error.code, 'ERR_CRYPTO_OPERATION_FAILED')
    assert.equal(error.message, 'Failed to parse CRL')
  }
})

test('bad input: ca takes anything, and trusts what is a certificate before what is none', async (t) => {
  const { certificate, ca } = await t.certificate('ecdsa-p256')
  const der = derOf(t, certificate)
  const broken = [...Object.values(brokenPem(t, 'CERTIFICATE', der)), ...Object.values(brokenDer(t, 'CERTIFICATE', der)).flat()]
  for (const bad of [...Object.values(junk(t)), ...broken, der.subarray(0, -1)]) t.tls.createSecureContext({ ca: bad })
  for (const bad of broken) {
    const { client } = await t.pair({}, { ca: ca + bad })
    assert.isTrue(client.authorized)
  }
})

test('bad input: 5,000 certificates', { timeout: 60_000 }, async (t) => {
  const { certificate, ca, key } = await t.certificate('ecdsa-p256')
  const { issuer: stranger } = await t.certificate('other-ca')
  const { client } = await t.pair({}, { ca: stranger.repeat(5000) + ca })
  assert.isTrue(client.authorized)
  t.tls.createSecureContext({ cert: certificate.repeat(5000), key })
})

test('bad input: a peer that sends 5,000 certificates', { timeout: 60_000 }, async (t) => {
  const { certificate, ca, key } = await t.certificate('ecdsa-p256')
  const peer = await t.peer({ presented: { key, chain: certificate.repeat(5000) } })
  const { error, events } = await outcome(t.connect(t.to(peer, { ca, servername: 'localhost' })))
  assert.equal(error.code, 'ERR_SSL_EXCESSIVE_MESSAGE_SIZE')
  assert.notInclude(events, 'secureConnect')
  // What is left of such a peer is nothing to the next connection.
  const good = await t.peer()
  await event(t.connect(t.to(good)), 'secureConnect')
})
