// Options of a context that shape the handshake: cipher suites, signature algorithms, groups, versions, and the bits of OpenSSL;
// and the lists that the module has of them and of roots.
import { begin, join, refused } from '../connections.js'
import { assert, event, test } from '../harness.js'
import { bringRoots } from '../roots.js'

const A = 'ECDHE-ECDSA-AES128-GCM-SHA256'
const B = 'ECDHE-ECDSA-AES256-GCM-SHA384'
const C = 'ECDHE-ECDSA-CHACHA20-POLY1305'

const HANDSHAKE_FAILURE = /^ERR_SSL_SSL(V3|\/TLS)_ALERT_HANDSHAKE_FAILURE$/

function thrownBy(run) {
  try {
    run()
    return null
  } catch (error) {
    return error
  }
}

for (const [ciphers, chosen] of [
  [A, A],
  [`${A}:${B}`, A],
  [`${B},${A}`, B],
  [`${A} ${B}`, A],
  [`${A}:${B}:-${A}`, B],
  [`${A}:${B}:+${A}`, B],
  [`!${B}:${B}:${A}`, A],
  [`${B}:${A}:!${B}`, A],
  [`-${A}:${A}`, A],
  [`nope:AES128-SHA:DHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-SHA:${A}`, A],
  ['CHACHA20', C],
  ['ECDHE+CHACHA20', C],
  ['EECDH+CHACHA20:EECDH+AESGCM', C],
  ['ECDHE+AESGCM', B],
  ['ECDHE+AES128:ECDHE+AES256', A],
  ['aECDSA+AESGCM+AES128', A],
  ['kECDHE+AESGCM+AES256', B],
  ['ECDSA+AESGCM:!AES256', A],
  ['AESGCM:!AES128', B],
  [`${A}:${B}:@STRENGTH`, B],
  [`${A}:@SECLEVEL=1`, A],
  [`@SECLEVEL=2:${A}`, A],
  [`${A}@SECLEVEL=0`, A],
  [`TLS_AES_128_GCM_SHA256:${A}:${B}`, A],
  [`DEFAULT:!AESGCM:!AES`, C],
  ['HIGH:!AESGCM:!AES:!CAMELLIA:!ARIA', C],
]) {
  test(`ciphers: ${ciphers}`, async (t) => {
    const { client, socket } = await t.pair({ maxVersion: 'TLSv1.2', ciphers })
    assert.deepEqual([client.getCipher().name, socket.getCipher().name], [chosen, chosen])
  })
}

test("ciphers: a client's list", async (t) => {
  const { client } = await t.pair({ maxVersion: 'TLSv1.2', honorCipherOrder: false }, { ciphers: `${B}:${A}` })
  assert.equal(client.getCipher().name, B)
  const server = await t.server({ maxVersion: 'TLSv1.2', ciphers: A })
  await refused(t, server, { ciphers: B })
})

for (const ciphers of [
  'nope',
  'TLS_NOPE',
  '!ALL',
  'ALL:!ALL',
  '-ALL',
  ' ',
  '@STRENGTH',
  A.toLowerCase(),
  'tls_aes_128_gcm_sha256',
  'RC4',
]) {
  test(`ciphers: ${JSON.stringify(ciphers)} leaves none`, (t) => {
    for (const create of [() => t.tls.createSecureContext({ ciphers }), () => t.tls.createServer({ ciphers })]) {
      const error = thrownBy(create)
      assert.equal(error?.code, 'ERR_SSL_NO_CIPHER_MATCH')
      assert.equal(error.reason, 'no cipher match')
      assert.equal(error.library, 'SSL routines')
    }
  })
}

for (const suite of ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256']) {
  test(`ciphers: ${suite} alone is TLS 1.3 alone`, async (t) => {
    const { client } = await t.pair({ ciphers: suite })
    assert.deepEqual([client.getProtocol(), client.getCipher().name], ['TLSv1.3', suite])
    const { client: other } = await t.pair({}, { ciphers: suite })
    assert.equal(other.getCipher().name, suite)
    await refused(t, await t.server({ ciphers: suite }), { maxVersion: 'TLSv1.2' })
    await refused(t, await t.server({ maxVersion: 'TLSv1.2' }), { ciphers: suite })
  })
}

test('ciphers: names of TLS 1.2 say nothing of TLS 1.3', async (t) => {
  const { client } = await t.pair({ ciphers: A }, { ciphers: A })
  assert.equal(client.getProtocol(), 'TLSv1.3')
  assert.match(client.getCipher().name, /^TLS_/)
})

for (const [version, one, other] of [
  ['TLSv1.2', A, B],
  ['TLSv1.3', 'TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384'],
]) {
  test(`ciphers: honorCipherOrder, ${version}`, async (t) => {
    const options = { maxVersion: version, ciphers: `${one}:${other}` }
    const chosen = async (more) => (await t.pair({ ...options, ...more }, { ciphers: `${other}:${one}` })).client.getCipher().name
    assert.equal(await chosen({}), one)
    assert.equal(await chosen({ honorCipherOrder: true }), one)
    assert.equal(await chosen({ honorCipherOrder: undefined }), one)
    assert.equal(await chosen({ honorCipherOrder: false }), other)
  })
}

test('ciphers: DEFAULT_CIPHERS is read at each call, by servers too', async (t) => {
  const { DEFAULT_CIPHERS } = t.tls
  t.after(() => {
    t.tls.DEFAULT_CIPHERS = DEFAULT_CIPHERS
  })
  t.tls.DEFAULT_CIPHERS = 'TLS_AES_128_GCM_SHA256'
  const server = await t.server()
  t.tls.DEFAULT_CIPHERS = DEFAULT_CIPHERS
  assert.equal((await join(t, server)).client.getCipher().name, 'TLS_AES_128_GCM_SHA256')
  // Ours prefers what is fast without hardware for AES.
  const preferred = t.isReference ? 'TLS_AES_256_GCM_SHA384' : 'TLS_CHACHA20_POLY1305_SHA256'
  assert.equal((await t.pair()).client.getCipher().name, preferred)
})

test('ciphers: getCiphers', (t) => {
  const ciphers = t.tls.getCiphers()
  assert.isArray(ciphers)
  for (const name of [A, B, C, A.replace('ECDSA', 'RSA'), 'TLS_AES_128_GCM_SHA256', 'TLS_CHACHA20_POLY1305_SHA256']) {
    assert.include(ciphers, name.toLowerCase())
  }
  assert.equal(new Set(ciphers).size, ciphers.length)
  for (const name of ciphers) assert.equal(name, name.toLowerCase())
  // It is the caller's.
  ciphers.length = 0
  assert.isNotEmpty(t.tls.getCiphers())
})

for (const [sigalgs, shared] of /** @type {[string, string[]][]} */ ([
  ['ecdsa_secp256r1_sha256', ['ECDSA+SHA256']],
  ['ECDSA+SHA256:RSA-PSS+SHA256', ['ECDSA+SHA256', 'RSA-PSS+SHA256']],
  ['rsa_pss_rsae_sha256:ecdsa_secp256r1_sha256', ['RSA-PSS+SHA256', 'ECDSA+SHA256']],
  ['RSA+SHA384:ecdsa_secp256r1_sha256:RSA+SHA256', ['RSA+SHA384', 'ECDSA+SHA256', 'RSA+SHA256']],
])) {
  test(`sigalgs: ${sigalgs}`, async (t) => {
    // In the server's order.
    assert.sameMembers((await t.pair({}, { sigalgs })).socket.getSharedSigalgs(), shared)
    assert.deepEqual((await t.pair({ sigalgs })).socket.getSharedSigalgs(), shared)
  })
}

test("sigalgs: the server's order counts", async (t) => {
  const { socket } = await t.pair({ sigalgs: 'RSA-PSS+SHA256:ECDSA+SHA256' }, { sigalgs: 'ECDSA+SHA256:RSA-PSS+SHA256' })
  assert.deepEqual(socket.getSharedSigalgs(), ['RSA-PSS+SHA256', 'ECDSA+SHA256'])
})

for (const maxVersion of /** @type {const} */ (['TLSv1.2', 'TLSv1.3'])) {
  test(`sigalgs: none in common, ${maxVersion}`, async (t) => {
    const server = await t.server({ maxVersion, sigalgs: 'ECDSA+SHA256' })
    const failed = new Promise((resolve) => server.once('tlsClientError', resolve))
    const client = await begin(t, server, { sigalgs: 'RSA+SHA256' })
    const [error] = await event(client, 'error')
    assert.match(error.code, HANDSHAKE_FAILURE)
    assert.equal((await failed).code, 'ERR_SSL_NO_SHARED_SIGNATURE_ALGORITHMS')
  })

  test(`sigalgs: none that the certificate can make, ${maxVersion}`, async (t) => {
    const { error } = await refused(t, await t.server({ maxVersion }), { sigalgs: 'rsa_pss_rsae_sha256' })
    const expected = maxVersion === 'TLSv1.2' ? 'ERR_SSL_NO_SHARED_CIPHER' : 'ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM'
    assert.equal(error.code, expected)
  })

  test(`ecdhCurve: none in common, ${maxVersion}`, async (t) => {
    const server = await t.server({ maxVersion, ecdhCurve: 'P-256' })
    const failed = new Promise((resolve) => server.once('tlsClientError', resolve))
    const client = await begin(t, server, { ecdhCurve: 'X25519' })
    const [error] = await event(client, 'error')
    assert.match(error.code, HANDSHAKE_FAILURE)
    const expected = maxVersion === 'TLSv1.2' ? 'ERR_SSL_NO_SHARED_CIPHER' : 'ERR_SSL_NO_SUITABLE_KEY_SHARE'
    assert.equal((await failed).code, expected)
  })

  for (const [ecdhCurve, name, size] of [
    ['P-256', 'prime256v1', 256],
    ['prime256v1', 'prime256v1', 256],
    ['P-384', 'secp384r1', 384],
    ['secp384r1', 'secp384r1', 384],
    ['P-521', 'secp521r1', 521],
    ['X25519', 'X25519', 253],
  ]) {
    test(`ecdhCurve: ${ecdhCurve}, ${maxVersion}`, async (t) => {
      // An elliptic curve certificate would need its own curve among the client's, too.
      const { key, chain: cert } = await t.certificate('rsa-2048')
      for (const [ours, theirs] of [
        [{ ecdhCurve }, {}],
        [{}, { ecdhCurve }],
      ]) {
        const { client } = await t.pair({ key, cert, maxVersion, ...ours }, theirs)
        assert.deepEqual({ ...client.getEphemeralKeyInfo() }, { type: 'ECDH', name, size })
      }
    })
  }

  test(`ecdhCurve: the client's first guess is not the server's, ${maxVersion}`, async (t) => {
    const { client } = await t.pair({ maxVersion, ecdhCurve: 'P-384' }, { ecdhCurve: 'X25519:P-256:P-384' })
    assert.equal(client.getEphemeralKeyInfo().name, 'secp384r1')
  })

  test(`ecdhCurve: DEFAULT_ECDH_CURVE is read at each call, ${maxVersion}`, async (t) => {
    const { DEFAULT_ECDH_CURVE } = t.tls
    t.after(() => {
      t.tls.DEFAULT_ECDH_CURVE = DEFAULT_ECDH_CURVE
    })
    t.tls.DEFAULT_ECDH_CURVE = 'P-384'
    const server = await t.server({ maxVersion })
    t.tls.DEFAULT_ECDH_CURVE = DEFAULT_ECDH_CURVE
    assert.equal((await join(t, server)).client.getEphemeralKeyInfo().name, 'secp384r1')
  })
}

for (const [options, protocol] of [
  [{ secureProtocol: 'TLSv1_2_method' }, 'TLSv1.2'],
  [{ secureProtocol: 'TLSv1_2_server_method' }, 'TLSv1.2'],
  [{ secureProtocol: 'SSLv23_method' }, 'TLSv1.2'],
  [{ secureProtocol: 'TLS_method' }, 'TLSv1.3'],
  [{ secureProtocol: 'TLS_server_method' }, 'TLSv1.3'],
  // OpenSSL's SSL_OP_NO_TLSv1_3 and SSL_OP_NO_TLSv1_2.
  [{ secureOptions: 0x20000000 }, 'TLSv1.2'],
  [{ secureOptions: 0x08000000 }, 'TLSv1.3'],
]) {
  test(`versions: ${JSON.stringify(options)}`, async (t) => {
    assert.equal((await t.pair(/** @type {any} */ (options))).client.getProtocol(), protocol)
  })
}

test('versions: secureOptions that leave one', async (t) => {
  assert.equal((await t.pair({}, { secureOptions: 0x20000000 })).client.getProtocol(), 'TLSv1.2')
  await refused(t, await t.server({ secureOptions: 0x08000000 }), { maxVersion: 'TLSv1.2' })
  await refused(t, await t.server({ secureOptions: 0x20000000 }), { minVersion: 'TLSv1.3' })
})

for (const [secureProtocol, message] of [
  ['SSLv2_method', 'SSLv2 methods disabled'],
  ['SSLv3_method', 'SSLv3 methods disabled'],
  ['SSLv3_client_method', 'SSLv3 methods disabled'],
  ['TLSv1_3_method', 'Unknown method: TLSv1_3_method'],
  ['tls_method', 'Unknown method: tls_method'],
  ['', 'Unknown method: '],
]) {
  test(`versions: secureProtocol ${JSON.stringify(secureProtocol)} throws`, (t) => {
    const error = thrownBy(() => t.tls.createSecureContext(/** @type {any} */ ({ secureProtocol })))
    assert.equal(error?.code, 'ERR_TLS_INVALID_PROTOCOL_METHOD')
    assert.instanceOf(error, TypeError)
    assert.equal(error.message, message)
  })
}

test('versions: those that nobody speaks any more are legal', (t) => {
  for (const secureProtocol of ['TLSv1_method', 'TLSv1_1_method', 'TLSv1_client_method']) {
    t.tls.createSecureContext(/** @type {any} */ ({ secureProtocol }))
  }
  t.tls.createSecureContext({ minVersion: 'TLSv1' })
  t.tls.createSecureContext({ maxVersion: 'TLSv1.1' })
})

test('versions: a least version above the greatest', async (t) => {
  const server = await t.server({ minVersion: 'TLSv1.3', maxVersion: 'TLSv1.2' })
  assert.equal((await refused(t, server)).error.code, 'ERR_SSL_NO_PROTOCOLS_AVAILABLE')
})

const TYPE = 'ERR_INVALID_ARG_TYPE'
const RANGE = 'ERR_OUT_OF_RANGE'

for (const [options, code, message] of /** @type {[any, string | undefined, string | RegExp][]} */ ([
  [{ sigalgs: '' }, 'ERR_INVALID_ARG_VALUE', "The property 'options.sigalgs' is invalid. Received ''"],
  [{ sigalgs: 1 }, TYPE, 'The "options.sigalgs" property must be of type string. Received type number (1)'],
  [{ sigalgs: 'nope' }, undefined, /./],
  [{ sigalgs: 'RSA+SHA256:nope' }, undefined, /./],
  [{ sigalgs: ':' }, undefined, /./],
  [{ ecdhCurve: 'nope' }, 'ERR_CRYPTO_OPERATION_FAILED', 'Failed to set ECDH curve'],
  [{ ecdhCurve: 'P-256:nope' }, 'ERR_CRYPTO_OPERATION_FAILED', 'Failed to set ECDH curve'],
  [{ ecdhCurve: 1 }, TYPE, 'The "options.ecdhCurve" property must be of type string. Received type number (1)'],
  [{ ecdhCurve: null }, TYPE, 'The "options.ecdhCurve" property must be of type string. Received null'],
  [{ ecdhCurve: false }, TYPE, 'The "options.ecdhCurve" property must be of type string. Received type boolean (false)'],
  [{ secureOptions: 'x' }, TYPE, `The "secureOptions" argument must be of type number. Received type string ('x')`],
  [{ secureOptions: 1.5 }, RANGE, 'The value of "secureOptions" is out of range. It must be an integer. Received 1.5'],
  [{ sessionTimeout: 1.5 }, RANGE, 'The value of "options.sessionTimeout" is out of range. It must be an integer. Received 1.5'],
  [
    { sessionTimeout: 2 ** 31 },
    RANGE,
    'The value of "options.sessionTimeout" is out of range. It must be >= 0 && <= 2147483647. Received 2147483648',
  ],
  [{ sessionIdContext: 'x'.repeat(33) }, undefined, /session id context too long/],
  [
    { crl: 1 },
    TYPE,
    'The "options.crl" property must be of type string or an instance of Buffer, TypedArray, or DataView. Received type number (1)',
  ],
  [
    { crl: false },
    TYPE,
    'The "options.crl" property must be of type string or an instance of Buffer, TypedArray, or DataView. Received type boolean (false)',
  ],
  [{ ciphers: ':' }, 'ERR_INVALID_ARG_VALUE', /^The property 'options\.ciphers' is invalid\. Received /],
])) {
  test(`context: createSecureContext(${JSON.stringify(options).slice(0, 60)}) throws`, (t) => {
    const error = thrownBy(() => t.tls.createSecureContext(options))
    assert.instanceOf(error, Error)
    assert.equal(error.code, code)
    if (message instanceof RegExp) assert.match(error.message, message)
    else assert.equal(error.message, message)
  })
}

test('context: what is legal', (t) => {
  const legal = [
    { sessionTimeout: 0 },
    { sessionIdContext: 'x'.repeat(32) },
    { sessionIdContext: '' },
    { ticketKeys: t.random(1, 48) },
    { ecdhCurve: 'auto' },
    { ecdhCurve: undefined },
    { ecdhCurve: 'P-256:X25519:P-384' },
    { sigalgs: 'ed25519:RSA-PSS+SHA512' },
    { secureOptions: 0 },
    { honorCipherOrder: 'anything' },
    { allowPartialTrustChain: true },
    { crl: null },
    { crl: [] },
  ]
  for (const options of legal) t.tls.createSecureContext(/** @type {any} */ (options))
})

test('behaviour 40: rootCertificates is one frozen array without duplicates', async (t) => {
  await bringRoots(t)
  const { rootCertificates } = t.tls
  assert.isArray(rootCertificates)
  assert.isAbove(rootCertificates.length, 50)
  assert.isTrue(Object.isFrozen(rootCertificates))
  assert.strictEqual(t.tls.rootCertificates, rootCertificates)
  assert.equal(new Set(rootCertificates).size, rootCertificates.length)
  for (const pem of rootCertificates) {
    assert.match(pem, /^-----BEGIN CERTIFICATE-----\n(?:[\w+/=]{1,76}\n)+-----END CERTIFICATE-----$/)
  }
  assert.throws(() => /** @type {any} */ (rootCertificates).push('x'), TypeError)
  assert.throws(() => {
    /** @type {any} */
    t.tls.rootCertificates = []
  }, TypeError)
})

test('behaviour 40: rootCertificates may be given as ca', async (t) => {
  await bringRoots(t)
  const { ca } = await t.certificate('ecdsa-p256')
  const { client } = await t.pair({}, { ca: [...t.tls.rootCertificates, ca] })
  assert.isTrue(client.authorized)
  const { client: other } = await t.pair({}, { ca: /** @type {any} */ (t.tls.rootCertificates), rejectUnauthorized: false })
  assert.isFalse(other.authorized)
})

/** Node 20 does not have them. */
const withoutCaFunctions = (t) => t.isReference && t.runtime === 'node-20'

test('roots: getCACertificates', async (t) => {
  if (withoutCaFunctions(t)) return
  await bringRoots(t)
  const { getCACertificates, rootCertificates } = /** @type {any} */ (t.tls)
  assert.strictEqual(getCACertificates('bundled'), rootCertificates)
  for (const type of ['default', 'bundled', 'system', 'extra']) {
    const certificates = getCACertificates(type)
    assert.isArray(certificates)
    assert.isTrue(Object.isFrozen(certificates), type)
    for (const pem of certificates) assert.match(pem, /^-----BEGIN CERTIFICATE-----\n/)
  }
  assert.deepEqual(getCACertificates(), getCACertificates('default'))
  // What another test has set and set back has other line breaks.
  const letters = (pem) => pem.replace(/\s/g, '')
  assert.includeMembers(getCACertificates().map(letters), rootCertificates.map(letters))
  const wrong = thrownBy(() => getCACertificates('x'))
  assert.equal(wrong?.code, 'ERR_INVALID_ARG_VALUE')
  assert.equal(wrong.message, "The argument 'type' is invalid. Received 'x'")
  for (const type of [1, null]) assert.equal(thrownBy(() => getCACertificates(type))?.code, 'ERR_INVALID_ARG_TYPE')
})

test('roots: setDefaultCACertificates', async (t) => {
  if (withoutCaFunctions(t)) return
  await bringRoots(t)
  const { getCACertificates, rootCertificates, setDefaultCACertificates } = /** @type {any} */ (t.tls)
  const before = getCACertificates('default')
  t.after(() => setDefaultCACertificates(before))
  const { ca } = await t.certificate('ecdsa-p256')
  const server = await t.server()
  const authorized = async () => (await join(t, server, { ca: undefined, rejectUnauthorized: false })).client.authorized
  assert.isFalse(await authorized())
  // Text, bytes, and several in one; one certificate all the same.
  assert.isUndefined(setDefaultCACertificates([ca, t.Buffer.from(ca), ca + ca]))
  assert.lengthOf(getCACertificates('default'), 1)
  assert.equal(getCACertificates('default')[0].trim(), ca.trim())
  assert.strictEqual(getCACertificates('bundled'), rootCertificates)
  assert.isTrue(await authorized())
  setDefaultCACertificates([])
  assert.isEmpty(getCACertificates('default'))
  assert.isFalse(await authorized())
  setDefaultCACertificates([...before, ca])
  assert.include(
    getCACertificates('default').map((pem) => pem.trim()),
    ca.trim(),
  )
  assert.isTrue(await authorized())
})

test('roots: what setDefaultCACertificates refuses', (t) => {
  if (withoutCaFunctions(t)) return
  const { setDefaultCACertificates } = /** @type {any} */ (t.tls)
  for (const [value, code, message] of [
    [undefined, TYPE, 'The "certs" argument must be an instance of Array. Received undefined'],
    ['x', TYPE, `The "certs" argument must be an instance of Array. Received type string ('x')`],
    [[1], TYPE, 'The "certs[0]" argument must be of type string or an instance of ArrayBufferView. Received type number (1)'],
    [['x'], 'ERR_CRYPTO_OPERATION_FAILED', 'No valid certificates found in the provided array'],
  ]) {
    const error = thrownBy(() => setDefaultCACertificates(value))
    assert.equal(error?.code, code)
    assert.equal(error.message, message)
  }
})

for (const [name, value] of Object.entries({
  CLIENT_RENEG_LIMIT: 3,
  CLIENT_RENEG_WINDOW: 600,
  DEFAULT_ECDH_CURVE: 'auto',
  DEFAULT_MIN_VERSION: 'TLSv1.2',
  DEFAULT_MAX_VERSION: 'TLSv1.3',
})) {
  test(`module: ${name} may be replaced`, (t) => {
    const described = Object.getOwnPropertyDescriptor(t.tls, name)
    assert.deepEqual(described, { value, writable: true, enumerable: true, configurable: true })
  })
}
