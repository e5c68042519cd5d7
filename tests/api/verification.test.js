// Who is let in: the verdict on the peer's certificate, in Node's words, and what follows from it.
import { assert, event, outcome, readAll, test } from '../harness.js'

const WORDS = {
  CERT_HAS_EXPIRED: 'certificate has expired',
  CERT_NOT_YET_VALID: 'certificate is not yet valid',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed certificate',
  SELF_SIGNED_CERT_IN_CHAIN: 'self-signed certificate in certificate chain',
  UNABLE_TO_GET_ISSUER_CERT: 'unable to get issuer certificate',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unable to get local issuer certificate',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unable to verify the first certificate',
  INVALID_PURPOSE: 'unsuitable certificate purpose',
}

/** What is trusted, by name: see `Identity` in peers/certificates.js. */
const TRUST = {
  'the CA': (peer) => peer.ca,
  'no CA of its own': () => undefined,
  'its issuer': (peer) => peer.issuer,
  'its leaf': (peer) => peer.certificate,
}

/** @type {[string, string, string | null, object?][]} certificate, what is trusted, verdict, more of the peer; servername is localhost */
const CASES = [
  ['ecdsa-p256', 'the CA', null],
  ['ecdsa-p384', 'the CA', null],
  ['rsa-2048', 'the CA', null],
  ['ed25519', 'the CA', null],
  ['cn-only', 'the CA', null],
  ['v1', 'the CA', null],
  ['intermediate', 'the CA', null],
  ['other-ca', 'its issuer', null],
  ['self-signed', 'its leaf', null],
  ['ecdsa-p256', 'the CA', null, { withRoot: true }],
  ['ecdsa-p256', 'no CA of its own', 'SELF_SIGNED_CERT_IN_CHAIN', { withRoot: true }],
  ['ecdsa-p256', 'no CA of its own', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ['ecdsa-p256', 'its leaf', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ['self-signed', 'no CA of its own', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ['other-ca', 'the CA', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ['missing-intermediate', 'the CA', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ['missing-intermediate', 'its issuer', 'UNABLE_TO_GET_ISSUER_CERT'],
  ['intermediate', 'its issuer', 'UNABLE_TO_GET_ISSUER_CERT'],
  ['intermediate', 'no CA of its own', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
  ['expired', 'the CA', 'CERT_HAS_EXPIRED'],
  ['not-yet-valid', 'the CA', 'CERT_NOT_YET_VALID'],
  ['client', 'the CA', 'INVALID_PURPOSE'],
]

for (const [certificate, trust, verdict, more] of CASES) {
  const title = `${certificate}${more ? ' with its root' : ''}, trusting ${trust}: ${verdict ?? 'authorized'}`

  test(`verification: ${title}`, async (t) => {
    const peer = await t.peer({ certificate, ...more })
    const socket = t.connect(t.to(peer, { ca: TRUST[trust](peer), servername: 'localhost' }))
    if (!verdict) {
      await event(socket, 'secureConnect')
      assert.isTrue(socket.authorized)
      assert.isNull(socket.authorizationError)
      return
    }
    const { error, events, hadError } = await outcome(socket)
    assert.equal(error.code, verdict)
    assert.instanceOf(error, Error)
    // Newer versions of Node add advice to some of them.
    assert.isTrue(error.message.startsWith(WORDS[verdict]), error.message)
    assert.deepEqual(events.slice(-2), ['error', 'close'])
    assert.notInclude(events, 'secureConnect')
    assert.isTrue(hadError)
    assert.isFalse(socket.authorized)
  })

  test(`verification: rejectUnauthorized false, ${title}`, async (t) => {
    const peer = await t.peer({ certificate, ...more, behaviour: 'end-after-secure', options: { text: 'hello' } })
    const socket = t.connect(t.to(peer, { ca: TRUST[trust](peer), servername: 'localhost', rejectUnauthorized: false }))
    await event(socket, 'secureConnect')
    assert.equal(socket.authorized, verdict === null)
    assert.strictEqual(socket.authorizationError, verdict)
    assert.equal(String(t.Buffer.from(await readAll(socket))), 'hello')
  })
}

test('verification: the example of the documentation, a self-signed certificate given as ca', async (t) => {
  const peer = await t.peer({ certificate: 'self-signed', behaviour: 'end-after-secure', options: { text: 'welcome!\n' } })
  const options = { ca: [t.Buffer.from(peer.certificate)], checkServerIdentity: () => undefined }
  const socket = t.connect(peer.port, peer.host, options, () => assert.isTrue(socket.authorized))
  socket.setEncoding('utf8')
  const { data, events } = await outcome(socket)
  assert.equal(data.join(''), 'welcome!\n')
  assert.include(events, 'secureConnect')
})

/** @type {[string, { servername?: string }, string][]} certificate, options, the error's reason; the host is 127.0.0.1 */
const MISMATCHES = [
  ['wrong-name', {}, "IP: 127.0.0.1 is not in the cert's list: "],
  ['wrong-name', { servername: 'localhost' }, "Host: localhost. is not in the cert's altnames: DNS:other.test"],
  ['cn-only', {}, "IP: 127.0.0.1 is not in the cert's list: "],
  ['cn-only', { servername: 'other.test' }, "Host: other.test. is not cert's CN: localhost"],
  [
    'ecdsa-p256',
    { servername: 'a.b.wild.test' },
    "Host: a.b.wild.test. is not in the cert's altnames: DNS:localhost, DNS:*.wild.test, IP Address:127.0.0.1",
  ],
]

for (const [certificate, options, reason] of MISMATCHES) {
  const name = options.servername ?? '127.0.0.1'

  test(`verification: ${certificate} is not ${name}`, async (t) => {
    const peer = await t.peer({ certificate })
    const { error, hadError } = await outcome(t.connect(t.to(peer, options)))
    assert.equal(error.code, 'ERR_TLS_CERT_ALTNAME_INVALID')
    assert.equal(error.reason, reason)
    assert.equal(error.message, `Hostname/IP does not match certificate's altnames: ${reason}`)
    assert.equal(error.host, name)
    assert.equal(error.cert.subject.CN, certificate === 'wrong-name' ? 'other.test' : 'localhost')
    assert.isTrue(hadError)
  })

  test(`verification: rejectUnauthorized false, ${certificate} is not ${name}`, async (t) => {
    const peer = await t.peer({ certificate })
    const socket = t.connect(t.to(peer, { ...options, rejectUnauthorized: false }))
    await event(socket, 'secureConnect')
    assert.isFalse(socket.authorized)
    assert.equal(socket.authorizationError, 'ERR_TLS_CERT_ALTNAME_INVALID')
  })
}

test('verification: names that match', async (t) => {
  const peer = await t.peer()
  for (const servername of ['localhost', 'a.wild.test', 'LOCALHOST', 'B.Wild.Test', undefined, '']) {
    const socket = t.connect(t.to(peer, { servername }))
    await event(socket, 'secureConnect')
    assert.isTrue(socket.authorized, String(servername))
  }
})

test('verification: the verdict on the chain comes before that on the name', async (t) => {
  const peer = await t.peer({ certificate: 'expired' })
  const { error } = await outcome(t.connect(t.to(peer, { servername: 'other.test' })))
  assert.equal(error.code, 'CERT_HAS_EXPIRED')
})

test('verification: only false switches rejectUnauthorized off', async (t) => {
  const peer = await t.peer()
  for (const rejectUnauthorized of [undefined, true, null, 0, '']) {
    const { error } = await outcome(t.connect(t.to(peer, { ca: undefined, rejectUnauthorized })))
    assert.equal(error?.code, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', String(rejectUnauthorized))
  }
})

test('verification: a rejected peer gets nothing of what was written, and gives nothing', async (t) => {
  for (const maxVersion of /** @type {const} */ (['TLSv1.2', 'TLSv1.3'])) {
    const peer = await t.peer({ behaviour: 'silent', maxVersion })
    const socket = t.connect(t.to(peer, { ca: undefined }))
    let answered = false
    socket.write('secret', () => {
      answered = true
    })
    const { data, events } = await outcome(socket)
    assert.deepEqual(data, [])
    assert.notInclude(events, 'secureConnect')
    assert.isTrue(answered)
    const seen = await peer.until(({ open }) => open === 0)
    assert.equal(seen.bytesReceived, 0)
  }
})

/** Forms in which `ca` may be given. */
const CA_FORMS = {
  'a string': (_, { ca }) => ca,
  'a Buffer': (t, { ca }) => t.Buffer.from(ca),
  'a Uint8Array': (_, { ca }) => new TextEncoder().encode(ca),
  'an array': (t, { ca }, other) => [other, t.Buffer.from(ca)],
  'concatenated PEM': (_, { ca }, other) => other + ca,
  'PEM with words around it': (_, { ca }) => `Subject: a test\n\n${ca}\nthe end\n`,
  'PEM with CRLF': (_, { ca }) => ca.replaceAll('\n', '\r\n'),
  'an array of nested concatenations': (_, { ca }, other) => [other + other, other + ca],
}

for (const [form, make] of Object.entries(CA_FORMS)) {
  test(`verification: ca as ${form}`, async (t) => {
    const peer = await t.peer()
    const { issuer: other } = await t.certificate('other-ca')
    const socket = t.connect(t.to(peer, { ca: make(t, peer, other) }))
    await event(socket, 'secureConnect')
    assert.isTrue(socket.authorized)
  })
}

test('verification: ca as DER', { ours: true }, async (t) => {
  const peer = await t.peer()
  const der = t.Buffer.from(peer.ca.replace(/-----.*-----|\s/g, ''), 'base64')
  for (const ca of [der, [der]]) await event(t.connect(t.to(peer, { ca })), 'secureConnect')
})

test('verification: intermediates may come from ca', async (t) => {
  const peer = await t.peer({ certificate: 'missing-intermediate' })
  await event(t.connect(t.to(peer, { ca: [peer.ca, peer.issuer] })), 'secureConnect')
})

test('verification: ca replaces the default roots, an empty one too', async (t) => {
  const peer = await t.peer()
  for (const ca of [[], '', null]) {
    const { error } = await outcome(t.connect(t.to(peer, { ca })))
    assert.equal(error.code, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
  }
})

test('verification: ca that is no certificate trusts nobody', async (t) => {
  const peer = await t.peer()
  const { error } = await outcome(t.connect(t.to(peer, { ca: 'not a certificate' })))
  assert.instanceOf(error, Error)
})

test('verification: checkServerIdentity is asked with the name and the certificate', async (t) => {
  const peer = await t.peer()
  for (const [options, name] of [
    [{ servername: 'x.wild.test' }, 'x.wild.test'],
    [{}, peer.host],
  ]) {
    const asked = []
    const checkServerIdentity = (...args) => void asked.push(args)
    const socket = t.connect(t.to(peer, { ...options, checkServerIdentity }))
    await event(socket, 'secureConnect')
    assert.equal(asked.length, 1)
    assert.equal(asked[0][0], name)
    assert.equal(asked[0][1].subject.CN, 'localhost')
    assert.equal(asked[0][1].subjectaltname, 'DNS:localhost, DNS:*.wild.test, IP Address:127.0.0.1')
  }
})

test('verification: checkServerIdentity may accept another name', async (t) => {
  const peer = await t.peer({ certificate: 'wrong-name' })
  const socket = t.connect(t.to(peer, { checkServerIdentity: () => undefined }))
  await event(socket, 'secureConnect')
  assert.isTrue(socket.authorized)
})

test('verification: what checkServerIdentity returns is the error', async (t) => {
  const peer = await t.peer()
  const mine = new Error('not this one')
  const { error, events } = await outcome(t.connect(t.to(peer, { checkServerIdentity: () => mine })))
  assert.strictEqual(error, mine)
  assert.notInclude(events, 'secureConnect')
})

test('verification: checkServerIdentity is not asked about a chain that failed', async (t) => {
  const peer = await t.peer({ certificate: 'expired' })
  const checkServerIdentity = () => assert.fail('it was asked')
  const { error } = await outcome(t.connect(t.to(peer, { checkServerIdentity })))
  assert.equal(error.code, 'CERT_HAS_EXPIRED')
})

test("verification: a connection uses the module's current checkServerIdentity", async (t) => {
  const peer = await t.peer()
  const own = t.tls.checkServerIdentity
  t.after(() => {
    t.tls.checkServerIdentity = own
  })
  t.tls.checkServerIdentity = () => new Error('replaced')
  const { error } = await outcome(t.connect(t.to(peer)))
  assert.equal(error.message, 'replaced')
})

test('verification: the certificate of the peer', async (t) => {
  const peer = await t.peer()
  const socket = t.connect(t.to(peer))
  await event(socket, 'secureConnect')
  const certificate = socket.getPeerCertificate()
  assert.equal(certificate.subject.CN, 'localhost')
  assert.equal(certificate.issuer.CN, 'isomorphic-tls test CA')
  assert.equal(certificate.raw.toString('base64'), peer.certificate.replace(/-----.*-----|\s/g, ''))
})

/** What OpenSSL's "TRUSTED CERTIFICATE" says after the certificate (openssl x509 -addtrust, -addreject), in hexadecimal. */
const SETTINGS = {
  nothing: ['3000', null],
  'trust for servers': ['300c300a06082b06010505070301', null],
  'trust for all': ['300830060604551d2500', null],
  'trust for clients': ['300c300a06082b06010505070302', 'INVALID_PURPOSE'],
  'no trust for servers': ['300ca00a06082b06010505070301', 'INVALID_PURPOSE'],
  'no trust for clients': ['300ca00a06082b06010505070302', null],
}

for (const [said, [settings, verdict]] of Object.entries(SETTINGS)) {
  test(`verification: a certificate with settings of trust: ${said}`, async (t) => {
    const peer = await t.peer({ certificate: 'ecdsa-p256' })
    const { Buffer } = t
    const der = Buffer.from(String(peer.ca).replace(/-----[^-]+-----|\s/g, ''), 'base64')
    const base64 = Buffer.concat([der, Buffer.from(settings, 'hex')]).toString('base64')
    const lines = base64.match(/.{1,64}/g)
    const ca = ['-----BEGIN TRUSTED CERTIFICATE-----', ...lines, '-----END TRUSTED CERTIFICATE-----', ''].join('\n')
    const socket = t.connect(t.to(peer, { ca, servername: 'localhost', rejectUnauthorized: false }))
    await event(socket, 'secureConnect')
    assert.equal(socket.authorizationError, verdict)
  })
}
