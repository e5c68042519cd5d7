// tls.createServer and tls.Server: how connections come in, what is told of them, and what is required of clients.
import { assert, event, outcome, readAll, test } from '../harness.js'
import { accepted, begin, join, refused } from '../connections.js'

const VERSIONS = /** @type {const} */ (['TLSv1.2', 'TLSv1.3'])

const LISTENING = { only: ['node-20', 'node-26', 'deno', 'bun'], why: 'they can listen' }

const NODE = { only: ['node-20', 'node-26'], why: 'a switch of the whole process' }

/** A server that listens on TCP, and what reaches it. */
async function listening(t, options, listener) {
  const { ca } = await t.certificate('ecdsa-p256')
  const server = await t.server(options)
  if (listener) server.on('secureConnection', listener)
  server.listen(0, '127.0.0.1')
  await event(server, 'listening')
  return { server, to: { port: server.address().port, host: '127.0.0.1', ca } }
}

function thrownBy(run) {
  try {
    run()
    return null
  } catch (error) {
    return error
  }
}

test('server: createServer makes a Server, with new and without', (t) => {
  for (const server of [t.tls.createServer(), t.tls.createServer({}), new t.tls.Server(), new t.tls.Server({})]) {
    assert.instanceOf(server, t.tls.Server)
  }
  assert.instanceOf(/** @type {any} */ (t.tls.Server)({}), t.tls.Server)
})

test('server: it is a net.Server', LISTENING, async (t) => {
  const { Server } = await import('node:net')
  assert.instanceOf(t.tls.createServer(), Server)
})

test('server: it listens in a Worker, whose connect handler has the connections', {
  ours: true,
  only: ['workerd'],
  why: 'the system does not know of it',
}, async (t) => {
  const server = await t.server()
  const { ca } = await t.certificate('ecdsa-p256')
  server.listen(8443)
  await event(server, 'listening')
  assert.equal(server.address().port, 8443)
  server.on('secureConnection', (socket) => void socket.pipe(socket))
  const client = t.connect({ socket: t.bindings?.SELF.connect('localhost:8443'), ca, servername: 'localhost' })
  await event(client, 'secureConnect')
  client.end('over and out')
  assert.equal(String(t.Buffer.from(await readAll(client))), 'over and out')
})

test('server: the listener may be the only argument', (t) => {
  const listener = () => {}
  assert.deepEqual(t.tls.createServer(listener).listeners('secureConnection'), [listener])
  assert.deepEqual(t.tls.createServer({}, listener).listeners('secureConnection'), [listener])
})

const BAD_OPTIONS = /** @type {[any, string, string][]} */ ([
  ['text', 'ERR_INVALID_ARG_TYPE', `The "options" argument must be of type object. Received type string ('text')`],
  [1, 'ERR_INVALID_ARG_TYPE', 'The "options" argument must be of type object. Received type number (1)'],
  ...[
    ['handshakeTimeout', 'number'],
    ['sessionTimeout', 'number'],
    ['SNICallback', 'function'],
    ['pskCallback', 'function'],
  ].map(([name, type]) => [
    { [name]: 'x' },
    'ERR_INVALID_ARG_TYPE',
    `The "options.${name}" property must be of type ${type}. Received type string ('x')`,
  ]),
  ...['pskIdentityHint', 'sessionIdContext', 'ciphers'].map((name) => [
    { [name]: 1 },
    'ERR_INVALID_ARG_TYPE',
    `The "options.${name}" property must be of type string. Received type number (1)`,
  ]),
  [
    { sessionTimeout: -1 },
    'ERR_OUT_OF_RANGE',
    'The value of "options.sessionTimeout" is out of range. It must be >= 0 && <= 2147483647. Received -1',
  ],
  [
    { ticketKeys: 'x' },
    'ERR_INVALID_ARG_TYPE',
    `The "options.ticketKeys" property must be an instance of Buffer, TypedArray, or DataView. Received type string ('x')`,
  ],
  [{ ticketKeys: new Uint8Array(47) }, 'ERR_INVALID_ARG_VALUE', "The property 'options.ticketKeys' must be exactly 48 bytes. Received 47"],
  [
    { ALPNProtocols: ['x'], ALPNCallback: () => 'x' },
    'ERR_TLS_ALPN_CALLBACK_WITH_PROTOCOLS',
    'The ALPNCallback and ALPNProtocols TLS options are mutually exclusive',
  ],
])

for (const [options, code, message] of BAD_OPTIONS) {
  test(`server: createServer refuses what is wrong: ${message.slice(0, 90)}`, (t) => {
    const error = thrownBy(() => t.tls.createServer(options))
    assert.equal(error?.code, code)
    assert.equal(error.message, message)
    assert.instanceOf(error, code === 'ERR_OUT_OF_RANGE' ? RangeError : TypeError)
  })
}

test('server: an accepted socket, and what it tells', async (t) => {
  const { server, client, socket } = await t.pair()
  assert.instanceOf(socket, t.tls.TLSSocket)
  assert.strictEqual(socket.server, server)
  assert.isTrue(socket.encrypted)
  assert.isFalse(socket.authorized)
  assert.isNull(socket.authorizationError)
  assert.equal(socket.servername, 'localhost')
  assert.isFalse(socket.alpnProtocol)
  assert.equal(socket.getProtocol(), 'TLSv1.3')
  assert.isFalse(socket.isSessionReused())
  assert.deepEqual({ ...socket.getCipher() }, { ...client.getCipher() })
  assert.deepEqual(socket.getPeerCertificate(), {})
  // What a key exchange was is the client's to tell.
  assert.isNull(socket.getEphemeralKeyInfo())
})

for (const version of VERSIONS) {
  test(`behaviour 35: emit('connection') with a Duplex starts TLS, ${version}`, async (t) => {
    const { client, socket } = await t.pair({ minVersion: version, maxVersion: version })
    assert.deepEqual([client.getProtocol(), socket.getProtocol()], [version, version])
    client.end(t.random(1, 100_000))
    const received = await readAll(socket)
    assert.equal(received.length, 100_000)
    assert.equal(t.firstDifference(1, 0, received), -1)
    const { client: other, socket: writer } = await t.pair({ maxVersion: version })
    writer.end(t.random(2, 100_000))
    assert.equal(t.firstDifference(2, 0, await readAll(other)), -1)
  })
}

test('server: a handshake in pieces of one byte', { timeout: 60_000 }, async (t) => {
  const { client, socket } = await t.pair({}, {}, { pieceSize: 1 })
  socket.write('a')
  client.write('b')
  assert.equal(String((await event(client, 'data'))[0]), 'a')
  assert.equal(String((await event(socket, 'data'))[0]), 'b')
})

test('server: many connections at once', async (t) => {
  const server = await t.server()
  const sockets = new Set()
  server.on('secureConnection', (socket) => {
    sockets.add(socket)
    socket.pipe(socket)
  })
  const echoed = async (number) => {
    const client = await begin(t, server)
    client.end(`client ${number}`)
    assert.equal(String(t.Buffer.from(await readAll(client))), `client ${number}`)
  }
  await Promise.all(Array.from({ length: 20 }, (_, number) => echoed(number)))
  assert.equal(sockets.size, 20)
})

test('server: new TLSSocket with isServer is the server of a Duplex', async (t) => {
  const { ca, key, chain } = await t.certificate('ecdsa-p256')
  const [near, far] = t.duplexPair()
  const socket = t.track(new t.tls.TLSSocket(far, { isServer: true, secureContext: t.tls.createSecureContext({ key, cert: chain }) }))
  const client = t.connect({ socket: near, ca, servername: 'localhost' })
  const secure = event(socket, 'secure')
  await event(client, 'secureConnect')
  await secure
  socket.write('from the server')
  client.write('from the client')
  assert.equal(String((await event(client, 'data'))[0]), 'from the server')
  assert.equal(String((await event(socket, 'data'))[0]), 'from the client')
})

test('server: new TLSSocket makes its context of its options', async (t) => {
  const { ca, key, chain } = await t.certificate('rsa-2048')
  const [near, far] = t.duplexPair()
  t.track(new t.tls.TLSSocket(far, { isServer: true, key, cert: chain, maxVersion: 'TLSv1.2', ALPNProtocols: ['x'] }))
  const client = t.connect({ socket: near, ca, servername: 'localhost', ALPNProtocols: ['x'] })
  await event(client, 'secureConnect')
  assert.equal(client.getProtocol(), 'TLSv1.2')
  assert.equal(client.alpnProtocol, 'x')
})

for (const [options, code, message] of [
  [{ secureContext: {} }, 'ERR_TLS_INVALID_CONTEXT', 'context must be a SecureContext'],
  [{ SNICallback: 'x' }, 'ERR_INVALID_ARG_TYPE', `The "options.SNICallback" property must be of type function. Received type string ('x')`],
  [
    { ALPNCallback: 'x' },
    'ERR_INVALID_ARG_TYPE',
    `The "options.ALPNCallback" property must be of type function. Received type string ('x')`,
  ],
]) {
  test(`server: new TLSSocket refuses ${JSON.stringify(options)}`, (t) => {
    const error = thrownBy(() => new t.tls.TLSSocket(t.duplexPair()[0], { isServer: true, .../** @type {any} */ (options) }))
    assert.equal(error?.code, code)
    assert.equal(error.message, message)
    assert.instanceOf(error, TypeError)
  })
}

test("behaviour 35: 'connection' gives a socket with its server", LISTENING, async (t) => {
  const { server, to } = await listening(t)
  const connection = event(server, 'connection')
  const secured = accepted(server)
  await event(t.connect(to), 'secureConnect')
  const [raw] = await connection
  assert.strictEqual(raw.server, server)
  assert.strictEqual((await secured).server, server)
})

test('server: listen, address, getConnections and close', LISTENING, async (t) => {
  const { server, to } = await listening(t)
  assert.isTrue(server.listening)
  assert.equal(server.address().address, '127.0.0.1')
  const secured = accepted(server)
  const client = t.connect(to)
  await event(client, 'secureConnect')
  await secured
  const count = await new Promise((resolve, reject) => server.getConnections((error, number) => (error ? reject(error) : resolve(number))))
  assert.equal(count, 1)
  let closed = false
  const closing = new Promise((resolve) => {
    server.close((error) => {
      closed = true
      resolve(error)
    })
  })
  assert.isFalse(server.listening)
  // It goes on with the connections that it has.
  const other = await secured
  client.write('after close')
  assert.equal(String((await event(other, 'data'))[0]), 'after close')
  assert.isFalse(closed)
  // Destroyed, the client may reset the connection.
  other.on('error', () => {})
  client.destroy()
  assert.isUndefined(await closing)
})

test('server: maxConnections', LISTENING, async (t) => {
  const { server, to } = await listening(t)
  server.maxConnections = 1
  await event(t.connect(to), 'secureConnect')
  const { error } = await outcome(t.connect(to))
  assert.equal(error.code, 'ECONNRESET')
})

test('server: close without listen is an error', async (t) => {
  const server = t.tls.createServer()
  assert.isFalse(server.listening)
  assert.isNull(server.address())
  const error = await new Promise((resolve) => server.close(resolve))
  assert.equal(error.code, 'ERR_SERVER_NOT_RUNNING')
})

test('server: addresses of an accepted socket', LISTENING, async (t) => {
  const { server, to } = await listening(t)
  const secured = accepted(server)
  const client = t.connect(to)
  await event(client, 'secureConnect')
  const socket = await secured
  assert.equal(socket.remotePort, client.localPort)
  assert.equal(socket.localPort, client.remotePort)
  assert.equal(socket.remoteAddress, '127.0.0.1')
  assert.equal(socket.remoteFamily, 'IPv4')
  assert.deepEqual(socket.address(), { address: '127.0.0.1', family: 'IPv4', port: server.address().port })
})

test('behaviour 35: pauseOnConnect reaches the TLS socket', async (t) => {
  const { client, socket } = await t.pair({ pauseOnConnect: true })
  assert.isTrue(socket.isPaused())
  const data = []
  socket.on('data', (chunk) => data.push(chunk))
  client.write('x')
  await t.sleep(50)
  assert.isEmpty(data)
  socket.resume()
  await event(socket, 'data')
  assert.equal(String(data[0]), 'x')
  const { socket: flowing } = await t.pair()
  assert.isFalse(flowing.isPaused())
})

test('behaviour 35: pauseOnConnect over TCP', LISTENING, async (t) => {
  const { server, to } = await listening(t, { pauseOnConnect: true })
  const secured = accepted(server)
  const client = t.connect(to)
  await event(client, 'secureConnect')
  const socket = await secured
  assert.isTrue(socket.isPaused())
  client.write('x')
  const data = event(socket, 'data')
  socket.resume()
  assert.equal(String((await data)[0]), 'x')
})

for (const allowHalfOpen of [true, false]) {
  test(`behaviour 35: allowHalfOpen ${allowHalfOpen} reaches the TLS socket`, LISTENING, async (t) => {
    const { server, to } = await listening(t, { allowHalfOpen })
    const secured = accepted(server)
    const client = t.connect({ ...to, allowHalfOpen: true })
    await event(client, 'secureConnect')
    const socket = await secured
    assert.equal(socket.allowHalfOpen, allowHalfOpen)
    client.end()
    socket.resume()
    await event(socket, 'end')
    assert.equal(socket.writable, allowHalfOpen)
    socket.end()
    await outcome(client)
  })
}

for (const name of ['connection', 'secureConnection']) {
  test(`behaviour 35: an async '${name}' listener's rejection becomes the socket's 'error'`, NODE, async (t) => {
    const { EventEmitter } = await import('node:events')
    EventEmitter.captureRejections = true
    t.after(() => {
      EventEmitter.captureRejections = false
    })
    const { server, to } = await listening(t)
    EventEmitter.captureRejections = false
    const mine = new Error('rejected by a listener')
    const failed = new Promise((resolve) => {
      server.on(name, async (socket) => {
        socket.once('error', resolve)
        throw mine
      })
    })
    const told = outcome(t.connect(to))
    assert.strictEqual(await failed, mine)
    await told
  })
}

for (const [version, code] of /** @type {const} */ ([
  ['TLSv1.2', 'ERR_SSL_NO_SHARED_CIPHER'],
  ['TLSv1.3', 'ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM'],
])) {
  test(`behaviour 35: a server without a certificate is constructible, ${version}`, async (t) => {
    const server = await t.server({ key: null, cert: null, maxVersion: version })
    const { error } = await refused(t, server)
    assert.equal(error.code, code)
    const { key, chain } = await t.certificate('ecdsa-p256')
    server.setSecureContext({ key, cert: chain })
    await join(t, server)
  })
}

for (const [what, serverOptions, clientOptions, code] of /** @type {[string, object, object, string][]} */ ([
  ['versions, the client is newer', { maxVersion: 'TLSv1.2' }, { minVersion: 'TLSv1.3' }, 'ERR_SSL_UNSUPPORTED_PROTOCOL'],
  ['versions, the client is older', { minVersion: 'TLSv1.3' }, { maxVersion: 'TLSv1.2' }, 'ERR_SSL_UNSUPPORTED_PROTOCOL'],
  [
    'cipher suites of TLS 1.2',
    { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' },
    { ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' },
    'ERR_SSL_NO_SHARED_CIPHER',
  ],
  [
    'cipher suites of TLS 1.3',
    { minVersion: 'TLSv1.3', ciphers: 'TLS_AES_128_GCM_SHA256' },
    { ciphers: 'TLS_AES_256_GCM_SHA384' },
    'ERR_SSL_NO_SHARED_CIPHER',
  ],
])) {
  test(`server: tlsClientError, nothing in common: ${what}`, async (t) => {
    const server = await t.server(serverOptions)
    const socket = new Promise((resolve) => server.once('tlsClientError', (_, refusedSocket) => resolve(refusedSocket)))
    const { client, error } = await refused(t, server, clientOptions)
    assert.equal(error.code, code)
    assert.instanceOf(error, Error)
    assert.instanceOf(await socket, t.tls.TLSSocket)
    assert.strictEqual((await socket).server, server)
    await closed(client)
    assert.isFalse(client.authorized)
  })
}

test('server: tlsClientError, a client that does not speak TLS', async (t) => {
  const server = await t.server()
  const [near, far] = t.duplexPair()
  const failed = new Promise((resolve) => server.once('tlsClientError', (...args) => resolve(args)))
  server.emit('connection', far)
  near.resume()
  near.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  const [error, socket] = await failed
  assert.equal(error.code, 'ERR_SSL_HTTP_REQUEST')
  assert.equal(error.reason, 'http request')
  assert.equal(error.library, 'SSL routines')
  await closed(socket)
})

test('server: a refused client does not disturb the others', async (t) => {
  const server = await t.server({ minVersion: 'TLSv1.3' })
  const { client, socket } = await join(t, server)
  await refused(t, server, { maxVersion: 'TLSv1.2' })
  client.write('still here')
  assert.equal(String((await event(socket, 'data'))[0]), 'still here')
  await join(t, server)
})

test('server: handshakeTimeout', async (t) => {
  const server = await t.server({ handshakeTimeout: 50 })
  const [near, far] = t.duplexPair()
  const failed = new Promise((resolve) => server.once('tlsClientError', (...args) => resolve(args)))
  server.emit('connection', far)
  const [error, socket] = await failed
  assert.equal(error.code, 'ERR_TLS_HANDSHAKE_TIMEOUT')
  assert.equal(error.message, 'TLS handshake timeout')
  assert.instanceOf(socket, t.tls.TLSSocket)
  // It is the listener's to end.
  socket.destroy()
  near.resume()
  await event(near, 'end')
})

test('server: handshakeTimeout ends with the handshake', async (t) => {
  const server = await t.server({ handshakeTimeout: 300 })
  server.on('tlsClientError', (error) => assert.fail(error.message))
  const { client, socket } = await join(t, server)
  await t.sleep(600)
  client.write('still here')
  assert.equal(String((await event(socket, 'data'))[0]), 'still here')
})

/** Wait until a socket is closed, whatever else it says. */
const closed = (socket) => socket.closed || new Promise((resolve) => socket.once('close', resolve))

const identity = async (t, name) => {
  const { key, chain } = await t.certificate(name)
  return { key, cert: chain }
}

for (const maxVersion of VERSIONS) {
  test(`server: requestCert, a client whom the server trusts, ${maxVersion}`, async (t) => {
    for (const name of ['client', 'client-rsa', 'client-intermediate']) {
      const { ca, certificate } = await t.certificate(name)
      const { client, socket } = await t.pair({ requestCert: true, ca, maxVersion }, await identity(t, name))
      assert.isTrue(socket.authorized)
      assert.isNull(socket.authorizationError)
      const { raw, subject } = socket.getPeerCertificate()
      assert.match(subject.CN, /client$/)
      assert.equal(raw.toString('base64'), certificate.replace(/-----.*?-----|\n/g, ''))
      assert.equal(client.getCertificate().subject.CN, subject.CN)
      client.write('x')
      await event(socket, 'data')
    }
  })

  test(`server: requestCert, a client without a certificate is refused, ${maxVersion}`, async (t) => {
    const { ca } = await t.certificate('client')
    const server = await t.server({ requestCert: true, ca, maxVersion })
    server.on('secureConnection', () => assert.fail('accepted'))
    const failed = new Promise((resolve) => server.once('tlsClientError', resolve))
    const client = await begin(t, server)
    const [error] = await event(client, 'error')
    const expected =
      maxVersion === 'TLSv1.3' ? /^ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED$/ : /^ERR_SSL_SSL(V3|\/TLS)_ALERT_HANDSHAKE_FAILURE$/
    assert.match(error.code, expected)
    assert.equal((await failed).code, 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE')
  })

  for (const [name, leafOnly] of /** @type {[string, boolean][]} */ ([
    ['client-other', false],
    ['client-intermediate', true],
  ])) {
    test(`server: requestCert, a client whom the server does not trust is refused, ${name}, ${maxVersion}`, async (t) => {
      const { ca, key, chain, certificate } = await t.certificate(name)
      const server = await t.server({ requestCert: true, ca, maxVersion })
      server.on('secureConnection', () => assert.fail('accepted'))
      const data = []
      const failed = new Promise((resolve) => server.once('tlsClientError', resolve))
      const client = await begin(t, server, { key, cert: leafOnly ? certificate : chain })
      client.on('data', (chunk) => data.push(chunk))
      client.on('error', () => {})
      const error = await failed
      assert.equal(error.code, 'ECONNRESET')
      assert.equal(error.message, 'socket hang up')
      assert.isEmpty(data)
    })
  }

  test(`server: requestCert without rejectUnauthorized tells who was not authorized, ${maxVersion}`, async (t) => {
    const { ca } = await t.certificate('client')
    const options = { requestCert: true, rejectUnauthorized: false, ca, maxVersion }
    const { socket: nobody } = await t.pair(options)
    assert.deepEqual([nobody.authorized, nobody.authorizationError], [false, 'UNABLE_TO_GET_ISSUER_CERT'])
    assert.deepEqual(nobody.getPeerCertificate(), {})
    const { socket: stranger } = await t.pair(options, await identity(t, 'client-other'))
    assert.deepEqual([stranger.authorized, stranger.authorizationError], [false, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'])
    assert.equal(stranger.getPeerCertificate().subject.CN, 'isomorphic-tls other client')
    const { socket: friend } = await t.pair(options, await identity(t, 'client'))
    assert.deepEqual([friend.authorized, friend.authorizationError], [true, null])
  })
}

test('server: without requestCert no certificate is asked for', async (t) => {
  const { socket } = await t.pair({}, await identity(t, 'client'))
  assert.isFalse(socket.authorized)
  assert.deepEqual(socket.getPeerCertificate(), {})
  assert.isUndefined(socket.getPeerX509Certificate?.())
})

test('server: requestCert and a certificate that serves no clients', async (t) => {
  const { ca } = await t.certificate('ecdsa-p256')
  const options = { requestCert: true, rejectUnauthorized: false, ca }
  const { socket } = await t.pair(options, await identity(t, 'ecdsa-p256'))
  assert.deepEqual([socket.authorized, socket.authorizationError], [false, 'INVALID_PURPOSE'])
})

for (const maxVersion of VERSIONS) {
  test(`server: crl, a client that is revoked, ${maxVersion}`, async (t) => {
    const { ca } = await t.certificate('client-revoked')
    const crl = await t.revocation('client-revoked')
    for (const form of [crl, t.Buffer.from(crl), [crl]]) {
      const options = { requestCert: true, rejectUnauthorized: false, ca, crl: form, maxVersion }
      const { socket: revoked } = await t.pair(options, await identity(t, 'client-revoked'))
      assert.deepEqual([revoked.authorized, revoked.authorizationError], [false, 'CERT_REVOKED'])
      const { socket: other } = await t.pair(options, await identity(t, 'client'))
      assert.deepEqual([other.authorized, other.authorizationError], [true, null])
    }
  })

  test(`server: crl of a client, a server that is revoked, ${maxVersion}`, async (t) => {
    const { ca } = await t.certificate('revoked')
    const crl = await t.revocation('revoked')
    const server = await t.server({ ...(await identity(t, 'revoked')), maxVersion })
    const [error] = await event(await begin(t, server, { ca, crl }), 'error')
    assert.equal(error.code, 'CERT_REVOKED')
    assert.equal(error.message.split(';')[0], 'certificate revoked')
    assert.isTrue((await t.pair({ maxVersion }, { ca, crl })).client.authorized)
    // Without the list nobody knows.
    assert.isTrue((await join(t, server)).client.authorized)
  })

  test(`server: crl of another issuer, ${maxVersion}`, async (t) => {
    const { ca, issuer, key, chain } = await t.certificate('intermediate')
    const crl = await t.revocation('revoked')
    const { client } = await t.pair({ key, cert: chain, maxVersion }, { ca: [ca, issuer], crl, rejectUnauthorized: false })
    assert.deepEqual([client.authorized, client.authorizationError], [false, 'UNABLE_TO_GET_CRL'])
  })
}

test('server: crl in DER, and in a text with more', { ours: true }, async (t) => {
  const { ca } = await t.certificate('revoked')
  const text = await t.revocation('revoked')
  const der = t.Buffer.from(text.replace(/-----[^-]+-----|\s/g, ''), 'base64')
  const server = await t.server(await identity(t, 'revoked'))
  for (const crl of [der, new Uint8Array(der), [der, text], `${ca}in words\n${text}${text}`]) {
    const [error] = await event(await begin(t, server, { ca, crl }), 'error')
    assert.equal(error.code, 'CERT_REVOKED')
  }
  const broken = `${text}-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n`
  assert.throws(() => t.tls.createSecureContext({ crl: broken }), 'Failed to parse CRL')
})

for (const maxVersion of VERSIONS) {
  test(`server: crl counts for a session from before, ${maxVersion}`, { ours: true }, async (t) => {
    const { ca } = await t.certificate('revoked')
    const crl = await t.revocation('revoked')
    const server = await t.server({ ...(await identity(t, 'revoked')), maxVersion })
    const first = await begin(t, server, { ca })
    const [session] = await event(first, 'session')
    const again = await begin(t, server, { ca, session })
    await event(again, 'secureConnect')
    assert.isTrue(again.isSessionReused())
    const [error] = await event(await begin(t, server, { ca, crl, session }), 'error')
    assert.equal(error.code, 'CERT_REVOKED')
  })
}

test('server: crl outlives a trap of the engine', { ours: true }, async (t) => {
  const { ca } = await t.certificate('revoked')
  const secureContext = t.tls.createSecureContext({ ca, crl: await t.revocation('revoked') })
  assert.throws(() => t.tls[Symbol.for('isomorphic-tls.trap')](), /was replaced/)
  const server = await t.server(await identity(t, 'revoked'))
  const [error] = await event(await begin(t, server, { secureContext }), 'error')
  assert.equal(error.code, 'CERT_REVOKED')
})

test('server: setSecureContext counts for later connections', async (t) => {
  const server = await t.server()
  const { client, socket } = await join(t, server)
  assert.equal(client.getPeerCertificate().asn1Curve, 'prime256v1')
  const other = await t.certificate('rsa-2048')
  server.setSecureContext({ key: other.key, cert: other.chain })
  client.write('still here')
  assert.equal(String((await event(socket, 'data'))[0]), 'still here')
  const later = await join(t, server)
  assert.equal(later.client.getPeerCertificate().bits, 2048)
  server.setSecureContext({ key: other.key, cert: other.chain, maxVersion: 'TLSv1.2' })
  assert.equal((await join(t, server)).client.getProtocol(), 'TLSv1.2')
})

test('server: setSecureContext wants an object', (t) => {
  for (const value of [undefined, null, 1, 'x']) {
    const error = thrownBy(() => t.tls.createServer().setSecureContext(/** @type {any} */ (value)))
    assert.equal(error?.code, 'ERR_INVALID_ARG_TYPE')
    assert.match(error.message, /^The "options" argument must be of type object\. Received /)
  }
})

test("server: the client's rejection is no event of the server", async (t) => {
  const { issuer } = await t.certificate('other-ca')
  const server = await t.server()
  server.on('error', (error) => assert.fail(error.message))
  // Ours tells the server why before the handshake is done, in TLS 1.3 too.
  const told = new Promise((resolve) => server.once('tlsClientError', ({ code }) => resolve(code)))
  const client = await begin(t, server, { ca: issuer })
  const [error] = await event(client, 'error')
  assert.equal(error.code, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
  if (!t.isReference) assert.equal(await told, 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA')
  await closed(client)
  await join(t, server)
})

test('server: renegotiate is refused', async (t) => {
  const { client, socket } = await t.pair({ minVersion: 'TLSv1.3' })
  for (const side of [client, socket]) {
    const error = await new Promise((resolve) => assert.isFalse(side.renegotiate({}, resolve)))
    assert.equal(error.code, 'ERR_SSL_WRONG_SSL_VERSION')
    assert.isFalse(side.renegotiate({}))
    assert.isUndefined(side.disableRenegotiation())
  }
  const wrong = [thrownBy(() => client.renegotiate()), thrownBy(() => client.renegotiate({}, 'x'))]
  assert.deepEqual(
    wrong.map(({ message }) => message),
    [
      'The "options" argument must be of type object. Received undefined',
      `The "callback" argument must be of type function. Received type string ('x')`,
    ],
  )
  client.write('still here')
  assert.equal(String((await event(socket, 'data'))[0]), 'still here')
})

test('server: renegotiate after the end', async (t) => {
  const { client } = await t.pair()
  client.destroy()
  assert.isUndefined(client.renegotiate({}, () => assert.fail('called back')))
})

test('server: setServername is the client alone', async (t) => {
  const { socket } = await t.pair()
  const error = thrownBy(() => socket.setServername('x'))
  assert.equal(error?.code, 'ERR_TLS_SNI_FROM_SERVER')
  assert.equal(error.message, 'Cannot issue SNI from a TLS server-side socket')
})

test('server: setMaxSendFragment of an accepted socket', async (t) => {
  const { client, socket } = await t.pair()
  assert.deepEqual(
    [511, 16385, 512].map((size) => socket.setMaxSendFragment(size)),
    [false, false, true],
  )
  socket.write(t.random(3, 4096))
  const chunks = []
  await new Promise((resolve) => {
    client.on('data', (chunk) => {
      chunks.push(chunk)
      if (chunks.reduce((sum, { length }) => sum + length, 0) === 4096) resolve(undefined)
    })
  })
  assert.isTrue(chunks.every(({ length }) => length <= 512))
  assert.equal(t.firstDifference(3, 0, t.Buffer.concat(chunks)), -1)
})

for (const maxVersion of VERSIONS) {
  test(`server: getSharedSigalgs is the server's, ${maxVersion}`, async (t) => {
    const { client, socket } = await t.pair({ maxVersion })
    assert.deepEqual(client.getSharedSigalgs(), [])
    const shared = socket.getSharedSigalgs()
    for (const name of ['ECDSA+SHA256', 'ECDSA+SHA384', 'RSA-PSS+SHA256', 'RSA+SHA256']) assert.include(shared, name)
  })
}
