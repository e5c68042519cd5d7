// Keys and certificates: the forms in which they are given, how they are paired and chosen, what a server sends, and how a peer's
// are shown.
import { join } from '../connections.js'
import { assert, test } from '../harness.js'

const VERSIONS = /** @type {const} */ (['TLSv1.2', 'TLSv1.3'])

const identity = async (t, name) => {
  const { key, chain } = await t.certificate(name)
  return { key, cert: chain }
}

/** The common names of a chain, as issuerCertificate links it; 'itself' where it ends with one that is its own issuer. */
function names(certificate) {
  const found = []
  for (let at = certificate; at; at = at.issuerCertificate) {
    found.push(at.subject.CN)
    if (at.issuerCertificate === at) return [...found, 'itself']
    assert.isBelow(found.length, 10)
  }
  return found
}

/** What a client sees of a server of these options. */
async function peerCertificate(t, options, clientOptions) {
  const { client } = await t.pair({ key: undefined, cert: undefined, ...options }, clientOptions)
  return client.getPeerCertificate(true)
}

const FINGERPRINTS = [
  ['fingerprint', 'SHA-1'],
  ['fingerprint256', 'SHA-256'],
  ['fingerprint512', 'SHA-512'],
]

test('behaviour 36: an RSA certificate, and all that may be in one', async (t) => {
  const { certificate, issuer } = await t.certificate('curious')
  const shown = await peerCertificate(t, await identity(t, 'curious'))
  assert.deepEqual({ ...shown.subject }, { C: 'PL', O: 'Example', OU: ['First', 'Second'], CN: 'żółć' })
  assert.deepEqual({ ...shown.issuer }, { CN: 'isomorphic-tls test CA' })
  assert.equal(
    shown.subjectaltname,
    'DNS:localhost, DNS:"good.test\\u002c DNS:evil.test", email:someone@localhost, URI:"http://localhost/a\\u002cb", ' +
      'IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, Registered ID:1.2.3.4, DirName:"CN=One\\\\\\u002c two"',
  )
  assert.deepEqual(
    { ...shown.infoAccess },
    { 'OCSP - URI': ['http://one.test/', 'http://two.test/'], 'CA Issuers - URI': ['http://ca.test/ca.crt'] },
  )
  assert.isFalse(shown.ca)
  assert.equal(shown.bits, 2048)
  assert.equal(shown.exponent, '0x10001')
  assert.match(shown.modulus, /^[0-9A-F]{512}$/)
  assert.isTrue(t.Buffer.isBuffer(shown.pubkey))
  // A SubjectPublicKeyInfo, which has the modulus in it.
  assert.include(shown.pubkey.toString('hex').toUpperCase(), shown.modulus)
  assert.deepEqual(shown.ext_key_usage, ['1.3.6.1.5.5.7.3.1'])
  assert.match(shown.serialNumber, /^[0-9A-F]+$/)
  for (const time of [shown.valid_from, shown.valid_to]) assert.match(time, /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4} GMT$/)
  assert.isBelow(Date.parse(shown.valid_from), Date.now())
  assert.isAbove(Date.parse(shown.valid_to), Date.now())
  assert.equal(shown.raw.toString('base64'), certificate.replace(/-----.*?-----|\s/g, ''))
  assert.equal(shown.issuerCertificate.raw.toString('base64'), issuer.replace(/-----.*?-----|\s/g, ''))
  assert.isUndefined(shown.asn1Curve)
  assert.isUndefined(shown.nistCurve)
})

test('behaviour 36: three fingerprints', async (t) => {
  const shown = await peerCertificate(t, await identity(t, 'ecdsa-p256'))
  for (const [name, algorithm] of FINGERPRINTS) {
    const digest = new Uint8Array(await crypto.subtle.digest(algorithm, shown.raw))
    const expected = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(':')
    assert.equal(shown[name], expected)
  }
})

for (const [name, bits, asn1Curve, nistCurve] of /** @type {[string, number, string, string][]} */ ([
  ['ecdsa-p256', 256, 'prime256v1', 'P-256'],
  ['ecdsa-p384', 384, 'secp384r1', 'P-384'],
])) {
  test(`behaviour 36: an elliptic curve certificate, ${name}`, async (t) => {
    const shown = await peerCertificate(t, await identity(t, name))
    assert.deepEqual([shown.bits, shown.asn1Curve, shown.nistCurve], [bits, asn1Curve, nistCurve])
    assert.deepEqual([shown.modulus, shown.exponent, shown.infoAccess], [undefined, undefined, undefined])
    // The point itself, uncompressed.
    assert.lengthOf(shown.pubkey, (2 * bits) / 8 + 1)
    assert.equal(shown.pubkey[0], 4)
  })
}

test('behaviour 36: an Ed25519 certificate', async (t) => {
  const shown = await peerCertificate(t, await identity(t, 'ed25519'))
  for (const name of ['bits', 'pubkey', 'asn1Curve', 'nistCurve', 'modulus', 'exponent']) assert.isUndefined(shown[name], name)
  assert.isString(shown.fingerprint256)
})

test('behaviour 36: a certificate of version 1', async (t) => {
  const shown = await peerCertificate(t, await identity(t, 'v1'))
  assert.equal(shown.subject.CN, 'localhost')
  assert.isFalse(shown.ca)
  for (const name of ['subjectaltname', 'infoAccess', 'ext_key_usage']) assert.isUndefined(shown[name], name)
})

test('behaviour 36: a root is its own issuer', async (t) => {
  const { ca } = await t.certificate('self-signed')
  const shown = await peerCertificate(t, await identity(t, 'self-signed'), { ca })
  assert.strictEqual(shown.issuerCertificate, shown)
  assert.isTrue(shown.ca)
  const issued = await peerCertificate(t, await identity(t, 'ecdsa-p256'))
  assert.strictEqual(issued.issuerCertificate.issuerCertificate, issued.issuerCertificate)
  assert.isTrue(issued.issuerCertificate.ca)
})

test('behaviour 36: without detail there is no issuerCertificate', async (t) => {
  const { client, socket } = await t.pair()
  assert.notProperty(client.getPeerCertificate(), 'issuerCertificate')
  assert.notProperty(client.getPeerCertificate(false), 'issuerCertificate')
  assert.deepEqual(socket.getPeerCertificate(true), {})
})

test('behaviour 36: the own certificate', async (t) => {
  const { key, chain } = await t.certificate('client')
  const { ca } = await t.certificate('ecdsa-p256')
  const { client, socket } = await t.pair({ requestCert: true, ca }, { key, cert: chain })
  assert.equal(socket.getCertificate().subject.CN, 'localhost')
  assert.equal(socket.getCertificate().fingerprint256, client.getPeerCertificate().fingerprint256)
  assert.equal(client.getCertificate().subject.CN, 'isomorphic-tls test client')
  assert.equal(client.getCertificate().fingerprint256, socket.getPeerCertificate().fingerprint256)
  const { client: anonymous } = await t.pair()
  assert.deepEqual(anonymous.getCertificate(), {})
})

test('behaviour 36: X509Certificate objects', { only: ['node-20', 'node-26', 'bun'], why: 'elsewhere the class is ours' }, async (t) => {
  const { X509Certificate } = await import('node:crypto')
  const { client, socket } = await t.pair()
  const { fingerprint256 } = client.getPeerCertificate()
  const [peers, own] = [client.getPeerX509Certificate(), socket.getX509Certificate()]
  for (const certificate of [peers, own]) assert.instanceOf(certificate, X509Certificate)
  assert.deepEqual([peers.fingerprint256, own.fingerprint256], [fingerprint256, fingerprint256])
  assert.isUndefined(client.getX509Certificate())
  assert.isUndefined(socket.getPeerX509Certificate())
})

for (const maxVersion of VERSIONS) {
  test(`behaviour 37: the server completes the chain that it sends from ca, ${maxVersion}`, async (t) => {
    const { key, certificate, chain, issuer, ca } = await t.certificate('intermediate')
    const { issuer: stranger } = await t.certificate('other-ca')
    /** What a client sees that knows no root, and why it trusts nobody. */
    const sent = async (options) => {
      const distrust = { ca: stranger, rejectUnauthorized: false }
      const { client } = await t.pair({ key, maxVersion, ...options }, distrust)
      return [names(client.getPeerCertificate(true)), client.authorizationError]
    }
    const [leaf, between, root] = ['localhost', 'isomorphic-tls test intermediate CA', 'isomorphic-tls test CA']
    assert.deepEqual(await sent({ cert: certificate }), [[leaf], 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'])
    assert.deepEqual(await sent({ cert: chain }), [[leaf, between], 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'])
    assert.deepEqual(await sent({ cert: certificate, ca: issuer }), [[leaf, between], 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'])
    const whole = [[leaf, between, root, 'itself'], 'SELF_SIGNED_CERT_IN_CHAIN']
    for (const own of [[issuer, ca], [ca, issuer], issuer + ca]) assert.deepEqual(await sent({ cert: certificate, ca: own }), whole)
    // A chain that is given is the chain.
    assert.deepEqual(await sent({ cert: chain, ca }), [[leaf, between], 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'])
    const { client } = await t.pair({ key, cert: certificate, ca: issuer, maxVersion })
    assert.isTrue(client.authorized)
  })

  test(`behaviour 37: getPeerCertificate(true) appends the root that is known here, ${maxVersion}`, async (t) => {
    const { key, chain } = await t.certificate('intermediate')
    const { client } = await t.pair({ key, cert: chain, maxVersion })
    const expected = ['localhost', 'isomorphic-tls test intermediate CA', 'isomorphic-tls test CA', 'itself']
    assert.deepEqual(names(client.getPeerCertificate(true)), expected)
  })
}

test('behaviour 37: what is no certificate in ca is ignored, and concatenated PEM works', async (t) => {
  const { ca, key } = await t.certificate('ecdsa-p256')
  const { issuer: other } = await t.certificate('other-ca')
  const certificateRequest = '-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n'
  for (const own of ['garbage', '', certificateRequest, key]) {
    const { client } = await t.pair({}, { ca: own, rejectUnauthorized: false })
    assert.isFalse(client.authorized)
  }
  for (const own of [other + ca, `text before\n${other}\ntext between\n${ca}text after`, ['garbage', ca], t.Buffer.from(other + ca)]) {
    const { client } = await t.pair({}, { ca: own })
    assert.isTrue(client.authorized)
  }
})

/** The kind of key of the certificate that a server shows. */
const kind = ({ modulus, asn1Curve }) => (modulus ? 'rsa' : asn1Curve ? 'ecdsa' : 'ed25519')

for (const order of ['rsa first', 'ecdsa first', 'crossed', 'ecdsa in pfx', 'rsa in pfx', 'both in pfx', 'pairs in objects']) {
  test(`behaviour 38: two identities, ${order}`, async (t) => {
    const [rsa, ecdsa] = [await t.certificate('rsa-2048'), await t.certificate('ecdsa-p256')]
    const pfx = async (name) => t.Buffer.from((await t.forms(name)).pfx.modern, 'base64')
    const { passphrase } = await t.forms('rsa-2048')
    const forms = {
      'rsa first': () => ({ key: [rsa.key, ecdsa.key], cert: [rsa.chain, ecdsa.chain] }),
      'ecdsa first': () => ({ key: [ecdsa.key, rsa.key], cert: [ecdsa.chain, rsa.chain] }),
      crossed: () => ({ key: [ecdsa.key, rsa.key], cert: [rsa.chain, ecdsa.chain] }),
      'ecdsa in pfx': async () => ({ key: rsa.key, cert: rsa.chain, pfx: await pfx('ecdsa-p256'), passphrase }),
      'rsa in pfx': async () => ({ key: ecdsa.key, cert: ecdsa.chain, pfx: [{ buf: await pfx('rsa-2048'), passphrase }] }),
      'both in pfx': async () => ({ pfx: [await pfx('ecdsa-p256'), { buf: await pfx('rsa-2048') }], passphrase }),
      'pairs in objects': () => ({ key: [{ pem: rsa.key }, { pem: t.Buffer.from(ecdsa.key) }], cert: [ecdsa.chain, rsa.chain] }),
    }
    const server = await t.server({ key: undefined, cert: undefined, ...(await forms[order]()) })
    const chosen = async (options) => kind((await join(t, server, options)).client.getPeerCertificate())
    assert.equal(await chosen({ maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' }), 'rsa')
    assert.equal(await chosen({ maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' }), 'ecdsa')
    // With TLS 1.3 suites say nothing about certificates; signature algorithms do.
    assert.equal(await chosen({ minVersion: 'TLSv1.3', sigalgs: 'rsa_pss_rsae_sha256:rsa_pss_rsae_sha384' }), 'rsa')
    assert.equal(await chosen({ minVersion: 'TLSv1.3', sigalgs: 'ecdsa_secp256r1_sha256' }), 'ecdsa')
  })
}

test('behaviour 38: identities of a client', async (t) => {
  const [rsa, ecdsa] = [await t.certificate('client-rsa'), await t.certificate('client')]
  const own = { key: [rsa.key, ecdsa.key], cert: [ecdsa.chain, rsa.chain] }
  for (const [sigalgs, expected] of [
    ['rsa_pss_rsae_sha256:RSA+SHA256', 'rsa'],
    ['ecdsa_secp256r1_sha256', 'ecdsa'],
  ]) {
    // What the server says of signatures holds for its own too.
    const server = await identity(t, expected === 'rsa' ? 'rsa-2048' : 'ecdsa-p256')
    const asking = { requestCert: true, rejectUnauthorized: false, ca: rsa.ca, sigalgs, minVersion: 'TLSv1.3' }
    const { socket } = await t.pair({ ...server, ...asking }, own)
    assert.equal(kind(socket.getPeerCertificate()), expected)
  }
})

test('behaviour 38: keys and certificates that do not pair', async (t) => {
  const [one, other] = [await t.certificate('ecdsa-p256'), await t.certificate('sni-a')]
  let error
  try {
    t.tls.createSecureContext({ key: other.key, cert: one.chain })
  } catch (thrown) {
    error = thrown
  }
  assert.equal(error?.code, 'ERR_OSSL_X509_KEY_VALUES_MISMATCH')
  assert.equal(error.reason, 'key values mismatch')
  assert.equal(error.library, 'x509 certificate routines')
})

test('behaviour 38: a key without a certificate, and a certificate without a key', async (t) => {
  const { key, chain } = await t.certificate('ecdsa-p256')
  t.tls.createSecureContext({ key })
  t.tls.createSecureContext({ cert: chain })
})

/** Whether the key of a certificate has a form older than PKCS#8. */
const KEYS = { 'ecdsa-p256': true, 'ecdsa-p384': true, 'rsa-2048': true, ed25519: false }

const MODERN_FORMS = ['pkcs8', 'pkcs8-aes-256', 'pkcs8-aes-128-sha1', 'pkcs8-3des', 'pkcs8-scrypt']

const TRADITIONAL_FORMS = ['traditional', 'dek-aes-256', 'dek-aes-128', 'dek-3des']

for (const [name, hasTraditional] of Object.entries(KEYS)) {
  for (const form of [...MODERN_FORMS, ...(hasTraditional ? TRADITIONAL_FORMS : [])]) {
    test(`identities: a key in the form ${form}, ${name}`, async (t) => {
      const { key: forms, passphrase } = await t.forms(name)
      const { chain: cert } = await t.certificate(name)
      const key = forms[form]
      const works = (options) => t.pair({ key: undefined, cert, ...options })
      await works({ key, passphrase })
      await works({ key: t.Buffer.from(key), passphrase })
      await works({ key: [{ pem: key, passphrase }] })
      await works({ key: [{ pem: key }], passphrase })
      await works({ key: [{ pem: t.Buffer.from(key), passphrase }], passphrase: 'of another' })
      if (!key.includes('ENCRYPTED')) return
      for (const options of [{ key, passphrase: 'wrong' }, { key: [{ pem: key, passphrase: 'wrong' }], passphrase }, { key }]) {
        let error
        try {
          t.tls.createSecureContext({ cert, ...options })
        } catch (thrown) {
          error = thrown
        }
        // A wrong key finds what looks like padding now and then, and then no private key after it.
        assert.match(error?.code, /^ERR_OSSL_(BAD_DECRYPT|UNSUPPORTED)$/)
        assert.equal(error.reason, error.code === 'ERR_OSSL_BAD_DECRYPT' ? 'bad decrypt' : 'unsupported')
      }
    })
  }

  for (const form of ['modern', '3des', 'without-passphrase', 'unencrypted']) {
    test(`identities: a PFX file in the form ${form}, ${name}`, async (t) => {
      const { pfx: forms, passphrase } = await t.forms(name)
      const buf = t.Buffer.from(forms[form], 'base64')
      const isProtected = form === 'modern' || form === '3des'
      const given = isProtected ? { passphrase } : {}
      const works = async (options) => {
        const { client } = await t.pair({ key: undefined, cert: undefined, ...options })
        assert.equal(client.getPeerCertificate().subject.CN, 'localhost')
      }
      await works({ pfx: buf, ...given })
      await works({ pfx: [buf], ...given })
      await works({ pfx: [{ buf, ...given }] })
      await works({ pfx: [{ buf }], ...given })
      await works({ pfx: new Uint8Array(buf), ...given })
      // There is nothing that a passphrase could be wrong for.
      if (form === 'unencrypted') return
      const wrong = [{ passphrase: 'wrong' }, ...(isProtected ? [{}, { passphrase: '' }] : [])]
      for (const options of wrong) assert.throws(() => t.tls.createSecureContext({ pfx: buf, ...options }), Error, 'mac verify failure')
    })
  }
}

test('identities: a PFX file has the chain too', async (t) => {
  const { pfx, passphrase } = await t.forms('intermediate')
  const { client } = await t.pair({ key: undefined, cert: undefined, pfx: t.Buffer.from(pfx.modern, 'base64'), passphrase })
  assert.isTrue(client.authorized)
})

test('identities: a PFX file of a client', async (t) => {
  const { pfx, passphrase } = await t.forms('client')
  const { ca } = await t.certificate('client')
  const own = { pfx: t.Buffer.from(pfx.modern, 'base64'), passphrase }
  const { socket } = await t.pair({ requestCert: true, ca }, own)
  assert.isTrue(socket.authorized)
})

for (const [options, code, message] of /** @type {[any, string | undefined, string | RegExp][]} */ ([
  [{ key: 'garbage' }, 'ERR_OSSL_UNSUPPORTED', /unsupported$/],
  [{ cert: 'garbage' }, 'ERR_OSSL_PEM_NO_START_LINE', /no start line$/],
  [{ pfx: 'garbage' }, undefined, 'not enough data'],
  [{ pfx: 1 }, 'ERR_CRYPTO_OPERATION_FAILED', 'Unable to load PFX certificate'],
  [{ crl: 'garbage' }, 'ERR_CRYPTO_OPERATION_FAILED', 'Failed to parse CRL'],
  [{ crl: '' }, 'ERR_CRYPTO_OPERATION_FAILED', 'Failed to parse CRL'],
  [{ crl: [new Uint8Array([0x30, 0])] }, 'ERR_CRYPTO_OPERATION_FAILED', 'Failed to parse CRL'],
  [{ crl: '-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----' }, 'ERR_CRYPTO_OPERATION_FAILED', 'Failed to parse CRL'],
])) {
  test(`identities: createSecureContext(${JSON.stringify(options)}) throws`, (t) => {
    let error
    try {
      t.tls.createSecureContext(options)
    } catch (thrown) {
      error = thrown
    }
    assert.instanceOf(error, Error)
    assert.equal(error.code, code)
    if (message instanceof RegExp) assert.match(error.message, message)
    else assert.equal(error.message, message)
  })
}

test('identities: a passphrase is a string', async (t) => {
  const { key, chain } = await t.certificate('ecdsa-p256')
  const create = () => t.tls.createSecureContext({ key, cert: chain, passphrase: /** @type {any} */ (1) })
  assert.throws(create, TypeError, 'The "options.passphrase" property must be of type string. Received type number (1)')
})

test('identities: key objects belong in arrays', async (t) => {
  const { key, chain } = await t.certificate('ecdsa-p256')
  const create = () => t.tls.createSecureContext({ key: /** @type {any} */ ({ pem: key }), cert: chain })
  assert.throws(create, TypeError, /^The "options\.key" property must be of type string or .* Received an instance of Object$/)
})
