// tls.createSecureContext, the options that make a context, and the module's defaults.
import { assert, event, outcome, test } from '../harness.js'

/** @type {[object, string, ErrorConstructor, string][]} options, and the error */
const CONTEXT_ERRORS = [
  [{ minVersion: 'x' }, 'ERR_TLS_INVALID_PROTOCOL_VERSION', TypeError, '"x" is not a valid minimum TLS protocol version'],
  [{ maxVersion: 'x' }, 'ERR_TLS_INVALID_PROTOCOL_VERSION', TypeError, '"x" is not a valid maximum TLS protocol version'],
  [{ secureProtocol: 'x' }, 'ERR_TLS_INVALID_PROTOCOL_METHOD', TypeError, 'Unknown method: x'],
  [
    { secureProtocol: 'TLS_method', minVersion: 'TLSv1.2' },
    'ERR_TLS_PROTOCOL_VERSION_CONFLICT',
    TypeError,
    'TLS protocol version "TLSv1.2" conflicts with secureProtocol "TLS_method"',
  ],
  [
    { ca: 1 },
    'ERR_INVALID_ARG_TYPE',
    TypeError,
    'The "options.ca" property must be of type string or an instance of Buffer, TypedArray, or DataView. Received type number (1)',
  ],
  [
    { cert: 1 },
    'ERR_INVALID_ARG_TYPE',
    TypeError,
    'The "options.cert" property must be of type string or an instance of Buffer, TypedArray, or DataView. Received type number (1)',
  ],
  [
    { key: 1 },
    'ERR_INVALID_ARG_TYPE',
    TypeError,
    'The "options.key" property must be of type string or an instance of Buffer, TypedArray, or DataView. Received type number (1)',
  ],
  [
    { ca: [{}] },
    'ERR_INVALID_ARG_TYPE',
    TypeError,
    'The "options.ca" property must be of type string or an instance of Buffer, TypedArray, or DataView. Received an instance of Object',
  ],
  [{ ciphers: 1 }, 'ERR_INVALID_ARG_TYPE', TypeError, 'The "options.ciphers" property must be of type string. Received type number (1)'],
]

for (const [options, code, type, message] of CONTEXT_ERRORS) {
  test(`createSecureContext: ${JSON.stringify(options)} throws`, (t) => {
    const errors = [() => t.tls.createSecureContext(options), () => t.connect({ port: 1, host: '127.0.0.1', ...options })].map(thrownBy)
    for (const error of errors) {
      assert.equal(error?.code, code)
      assert.instanceOf(error, type)
      assert.equal(error.message, message)
    }
  })
}

function thrownBy(run) {
  try {
    run()
    return null
  } catch (error) {
    return error
  }
}

test('createSecureContext: null and undefined are unset, falsy ca, cert and key too', (t) => {
  for (const value of [null, undefined]) {
    // Not `ecdhCurve`: Node takes null there for a wrong type.
    const names = ['ca', 'cert', 'key', 'ciphers', 'minVersion', 'maxVersion', 'sigalgs', 'crl', 'pfx', 'passphrase', 'secureProtocol']
    for (const name of names) t.tls.createSecureContext({ [name]: value })
  }
  for (const value of ['', false, 0]) for (const name of ['ca', 'cert', 'key']) t.tls.createSecureContext({ [name]: value })
})

test('createSecureContext: without options', (t) => {
  const context = t.tls.createSecureContext()
  assert.instanceOf(context, t.tls.SecureContext)
  assert.property(context, 'context')
})

test('secure context: one for several connections', async (t) => {
  const peer = await t.peer()
  const secureContext = t.tls.createSecureContext({ ca: peer.ca })
  const sockets = [1, 2, 3].map(() => t.connect({ port: peer.port, host: peer.host, secureContext }))
  await Promise.all(sockets.map((socket) => event(socket, 'secureConnect')))
  assert.isTrue(sockets.every((socket) => socket.authorized))
})

test('secure context: it wins over the options of the connection', async (t) => {
  const peer = await t.peer()
  const secureContext = t.tls.createSecureContext({})
  const { error } = await outcome(t.connect(t.to(peer, { secureContext })))
  assert.equal(error.code, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
})

test("secure context: connect uses the module's current createSecureContext", async (t) => {
  const peer = await t.peer()
  const own = t.tls.createSecureContext
  t.after(() => {
    t.tls.createSecureContext = own
  })
  const asked = []
  t.tls.createSecureContext = (options) => {
    asked.push(options)
    return own({ ...options, ca: peer.ca })
  }
  await event(t.connect({ port: peer.port, host: peer.host, maxVersion: 'TLSv1.2' }), 'secureConnect')
  assert.equal(asked.length, 1)
  assert.equal(asked[0].maxVersion, 'TLSv1.2')
})

for (const version of /** @type {const} */ (['TLSv1.2', 'TLSv1.3'])) {
  test(`versions: maxVersion and minVersion ${version}`, async (t) => {
    const peer = await t.peer()
    const socket = t.connect(t.to(peer, { minVersion: version, maxVersion: version }))
    await event(socket, 'secureConnect')
    assert.equal(socket.getProtocol(), version)
  })

  test(`versions: a server of ${version} alone`, async (t) => {
    const peer = await t.peer({ minVersion: version, maxVersion: version })
    const socket = t.connect(t.to(peer))
    await event(socket, 'secureConnect')
    assert.equal(socket.getProtocol(), version)
  })
}

test('versions: none in common, the server is older', async (t) => {
  const peer = await t.peer({ maxVersion: 'TLSv1.2' })
  const { error, hadError } = await outcome(t.connect(t.to(peer, { minVersion: 'TLSv1.3' })))
  assert.equal(error.code, 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION')
  assert.isTrue(hadError)
})

test('versions: none in common, the server is newer', async (t) => {
  const peer = await t.peer({ minVersion: 'TLSv1.3' })
  const { error } = await outcome(t.connect(t.to(peer, { maxVersion: 'TLSv1.2' })))
  assert.equal(error.code, 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION')
})

test('versions: the defaults of the module are read at each call', async (t) => {
  const peer = await t.peer()
  const { DEFAULT_MAX_VERSION, DEFAULT_MIN_VERSION } = t.tls
  assert.deepEqual([DEFAULT_MIN_VERSION, DEFAULT_MAX_VERSION], ['TLSv1.2', 'TLSv1.3'])
  t.after(() => Object.assign(t.tls, { DEFAULT_MAX_VERSION, DEFAULT_MIN_VERSION }))
  t.tls.DEFAULT_MAX_VERSION = 'TLSv1.2'
  const socket = t.connect(t.to(peer))
  await event(socket, 'secureConnect')
  assert.equal(socket.getProtocol(), 'TLSv1.2')
  t.tls.DEFAULT_MAX_VERSION = 'TLSv1.3'
  t.tls.DEFAULT_MIN_VERSION = 'TLSv1.3'
  const other = t.connect(t.to(peer))
  await event(other, 'secureConnect')
  assert.equal(other.getProtocol(), 'TLSv1.3')
})

test('module: no certificate compression', { ours: true }, (t) => {
  assert.deepEqual(/** @type {any} */ (t.tls).getCertificateCompressionAlgorithms(), [])
})

test('module: constants', (t) => {
  const { CLIENT_RENEG_LIMIT, CLIENT_RENEG_WINDOW, DEFAULT_ECDH_CURVE } = t.tls
  assert.deepEqual([CLIENT_RENEG_LIMIT, CLIENT_RENEG_WINDOW, DEFAULT_ECDH_CURVE], [3, 600, 'auto'])
  assert.isString(t.tls.DEFAULT_CIPHERS)
  assert.include(t.tls.DEFAULT_CIPHERS, 'TLS_AES_256_GCM_SHA384')
})
