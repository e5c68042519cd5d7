// SecurePair and its streams (documents of v0.8 and v0.10): js/legacy.js. Node has them up to v23.
import { accepted } from '../connections.js'
import { assert, event, outcome, readAll, test } from '../harness.js'

const VERSIONS = /** @type {const} */ (['TLSv1.2', 'TLSv1.3'])

/** Node has no more of it, or never had. */
const OURS = { ours: true }

const LISTENING = { only: ['node-20', 'node-26', 'deno', 'bun'], why: 'they can listen' }

/** A test of what Node 20 has and Node 26 has not: there it tests nothing. */
const testPairs = (name, options, body = options) =>
  test(name, typeof options === 'function' ? {} : options, (t) => {
    if (t.isReference && !t.tls.createSecurePair) return undefined
    return body(t)
  })

async function identity(t, name = 'ecdsa-p256') {
  const { key, chain, ca } = await t.certificate(name)
  return { key, cert: chain, ca }
}

/** A pair, tracked. */
function makePair(t, options, ...more) {
  const pair = t.tls.createSecurePair(t.tls.createSecureContext(options), ...more)
  t.track(pair.cleartext)
  t.track(pair.encrypted)
  const [isServer, , , given] = more
  if (isServer) return pair
  // Node's client does not ask its options for a name, and waits for its first write, or for this.
  if (given?.servername) pair.cleartext.setServername(given.servername)
  pair.cleartext._start()
  return pair
}

/** Have a Duplex carry the ciphertext. */
function carry(pair, duplex) {
  pair.encrypted.pipe(duplex).pipe(pair.encrypted)
  return pair
}

/** A pair on each side, over a connection; nothing is waited for. */
async function bothPairs(t, { server = {}, client = {}, serverArguments = [], clientArguments = [], pieceSize = undefined } = {}) {
  const [near, far] = t.duplexPair({ pieceSize })
  const { key, cert, ca } = await identity(t)
  return {
    server: carry(makePair(t, { key, cert, ...server }, true, .../** @type {any} */ (serverArguments)), far),
    client: carry(makePair(t, { ca, ...client }, false, .../** @type {any} */ (clientArguments)), near),
    far,
  }
}

const secured = ({ server, client }) => Promise.all([event(server, 'secure'), event(client, 'secure')])

/** A pair for a server, whose ciphertext goes over an end of a connection; and the other end. */
async function serverPair(t, ...more) {
  const [near, far] = t.duplexPair()
  return { pair: carry(makePair(t, await identity(t), true, ...more), far), near }
}

for (const maxVersion of VERSIONS) {
  testPairs(`legacy: a SecurePair serves a socket, ${maxVersion}`, async (t) => {
    const { pair, near } = await serverPair(t)
    const { ca } = await identity(t)
    const client = t.connect({ socket: near, ca, servername: 'localhost', maxVersion })
    await Promise.all([event(pair, 'secure'), event(client, 'secureConnect')])
    assert.instanceOf(pair.cleartext, t.tls.TLSSocket)
    assert.equal(pair.cleartext.getProtocol(), maxVersion)
    assert.deepEqual(pair.cleartext.getCipher(), client.getCipher())
    assert.equal(pair.cleartext.servername, 'localhost')
    assert.deepEqual(pair.cleartext.getPeerCertificate(), {})
    pair.cleartext.pipe(pair.cleartext)
    client.end('hello')
    assert.equal(String(t.Buffer.from(await readAll(client))), 'hello')
  })

  testPairs(`legacy: a SecurePair is a server's client, ${maxVersion}`, async (t) => {
    const server = await t.server({ maxVersion })
    const { ca } = await identity(t)
    const [near, far] = t.duplexPair()
    const socket = accepted(server)
    server.emit('connection', far)
    const pair = carry(makePair(t, { ca }), near)
    await Promise.all([event(pair, 'secure'), socket])
    assert.equal(pair.cleartext.getPeerCertificate().subject.CN, 'localhost')
    assert.isNull(pair.cleartext.ssl.verifyError())
    ;(await socket).end('hello')
    assert.equal(String(t.Buffer.from(await readAll(pair.cleartext))), 'hello')
  })

  testPairs(`legacy: a SecurePair on both sides, each record in pieces, ${maxVersion}`, async (t) => {
    const pairs = await bothPairs(t, { client: { maxVersion }, pieceSize: 7 })
    await secured(pairs)
    const { server, client } = pairs
    client.cleartext.write('from the client')
    server.cleartext.write('from the server')
    const [[sent], [received]] = await Promise.all([event(server.cleartext, 'data'), event(client.cleartext, 'data')])
    assert.deepEqual([String(sent), String(received)], ['from the client', 'from the server'])
    // One direction ends; the other goes on.
    client.cleartext.end()
    await event(server.cleartext, 'end')
    server.cleartext.end('still here')
    assert.equal(String(t.Buffer.from(await readAll(client.cleartext))), 'still here')
  })

  testPairs(`legacy: a SecurePair on both sides, bulk data both ways, ${maxVersion}`, async (t) => {
    const { server, client } = await bothPairs(t, { client: { maxVersion } })
    const data = t.random(1, 2 ** 20)
    server.cleartext.pipe(server.cleartext)
    client.cleartext.end(data)
    const echoed = t.Buffer.from(await readAll(client.cleartext))
    assert.equal(echoed.length, data.length)
    assert.isTrue(echoed.equals(data))
  })

  testPairs(`legacy: a SecurePair and a client's certificate, ${maxVersion}`, async (t) => {
    const { key, certificate } = await t.certificate('client')
    const { ca } = await identity(t)
    const pairs = await bothPairs(t, {
      server: { ca, maxVersion },
      client: { key, cert: certificate },
      serverArguments: [true, true],
    })
    await secured(pairs)
    const { cleartext } = pairs.server
    assert.equal(cleartext.getPeerCertificate().subject.CN, 'isomorphic-tls test client')
    assert.isNull(cleartext.ssl.verifyError())
  })

  testPairs(`legacy: a SecurePair whose client has no certificate, ${maxVersion}`, async (t) => {
    const { server } = await bothPairs(t, { server: { maxVersion }, serverArguments: [true, true] })
    server.on('secure', () => assert.fail('secure'))
    const [error] = await event(server.cleartext, 'error')
    assert.equal(error.code, 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE')
  })

  testPairs(`legacy: a SecurePair that asks for a certificate and does not insist, ${maxVersion}`, async (t) => {
    const pairs = await bothPairs(t, { server: { maxVersion }, serverArguments: [true, false] })
    await secured(pairs)
    assert.isFalse(pairs.server.cleartext.authorized)
    assert.deepEqual(pairs.server.cleartext.getPeerCertificate(), {})
  })
}

for (const [kind, maxVersion] of /** @type {const} */ ([
  ['openssl', 'TLSv1.3'],
  ['openssl', 'TLSv1.2'],
  ['gnutls', 'TLSv1.3'],
  ['node', 'TLSv1.3'],
])) {
  testPairs(`legacy: a SecurePair and ${kind}'s server, ${maxVersion}`, async (t) => {
    const peer = await t.peer({ kind, maxVersion })
    const pair = carry(makePair(t, { ca: peer.ca }), await t.transport(peer))
    await event(pair, 'secure')
    assert.equal(pair.cleartext.getProtocol(), maxVersion)
    assert.isNull(pair.cleartext.ssl.verifyError())
    pair.cleartext.write('abc\n')
    assert.equal(String((await event(pair.cleartext, 'data'))[0]), kind === 'openssl' ? 'cba\n' : 'abc\n')
  })
}

for (const kind of /** @type {const} */ (['openssl', 'gnutls', 'node'])) {
  testPairs(`legacy: a SecurePair and ${kind}'s client`, LISTENING, async (t) => {
    const input = `x${t.random(3, 32).toString('hex').slice(0, 63)}\n`
    const options = await identity(t)
    const listener = t.net.createServer((socket) => {
      const { cleartext } = carry(makePair(t, options, true), t.track(socket))
      cleartext.once('data', (chunk) => cleartext.end(chunk))
    })
    t.after(() => listener.close())
    listener.listen(0, '127.0.0.1')
    await event(listener, 'listening')
    const { alert, authorized, received, output } = await t.client({ kind, port: listener.address().port, servername: 'localhost', input })
    assert.deepEqual({ alert, authorized, received }, { alert: null, authorized: true, received: input }, output)
  })
}

testPairs('legacy: a SecurePair takes over a connection that was plain', async (t) => {
  const [near, far] = t.duplexPair()
  far.write('220 ready\n')
  assert.equal(String((await event(near, 'data'))[0]), '220 ready\n')
  near.write('STARTTLS\n')
  assert.equal(String((await event(far, 'data'))[0]), 'STARTTLS\n')
  const { key, cert, ca } = await identity(t)
  const server = carry(makePair(t, { key, cert }, true), far)
  const client = carry(makePair(t, { ca }), near)
  // Old programs set these themselves.
  client.cleartext.socket = near
  client.on('secure', () => {
    client.cleartext.npnProtocol = client.npnProtocol
    client.cleartext.authorized = !client.cleartext.ssl.verifyError()
    client.cleartext.write('EHLO')
  })
  assert.equal(String((await event(server.cleartext, 'data'))[0]), 'EHLO')
  assert.isTrue(client.cleartext.authorized)
})

testPairs('legacy: a SecurePair takes options as its fifth argument', async (t) => {
  const { key, cert } = await identity(t)
  const context = t.tls.createSecureContext({ key, cert })
  const asked = []
  const SNICallback = (name, callback) => {
    asked.push(name)
    callback(null, context)
  }
  const pairs = await bothPairs(t, {
    server: { key: undefined, cert: undefined },
    serverArguments: [false, false, { SNICallback, ALPNProtocols: ['b'] }],
    clientArguments: [false, false, { servername: 'localhost', ALPNProtocols: ['a', 'b'] }],
  })
  await secured(pairs)
  assert.deepEqual(asked, ['localhost'])
  assert.deepEqual([pairs.server.cleartext.alpnProtocol, pairs.client.cleartext.alpnProtocol], ['b', 'b'])
  assert.equal(pairs.server.cleartext.servername, 'localhost')
})

testPairs("legacy: a SecurePair's server option", async (t) => {
  const server = await t.server()
  assert.strictEqual(makePair(t, {}, true, false, false, { server }).server, server)
  assert.isUndefined(makePair(t, {}, true).server)
})

testPairs('legacy: a SecurePair has the context that it was given', (t) => {
  const context = t.tls.createSecureContext()
  const pair = t.tls.createSecurePair(context)
  assert.strictEqual(pair.credentials, context)
  assert.instanceOf(t.tls.createSecurePair().credentials, t.tls.SecureContext)
  pair.destroy()
})

for (const wrong of [{}, 1, 'x', { context: {} }]) {
  testPairs(`legacy: a SecurePair of ${JSON.stringify(wrong)}, which is no context`, (t) => {
    let error
    try {
      t.tls.createSecurePair(/** @type {any} */ (wrong))
    } catch (thrown) {
      error = thrown
    }
    assert.instanceOf(error, TypeError)
    assert.equal(error.code, 'ERR_TLS_INVALID_CONTEXT')
    assert.equal(error.message, 'context must be a SecureContext')
  })
}

for (const [what, sent, code] of /** @type {const} */ ([
  ['junk', 'this is no ClientHello, nor anything like it', 'ERR_SSL_WRONG_VERSION_NUMBER'],
  ['HTTP', 'GET / HTTP/1.0\r\n\r\n', 'ERR_SSL_HTTP_REQUEST'],
])) {
  testPairs(`legacy: a SecurePair that fails, ${what}`, async (t) => {
    const { pair, near } = await serverPair(t)
    pair.on('secure', () => assert.fail('secure'))
    near.write(sent)
    const { error, hadError } = await outcome(pair.cleartext)
    assert.equal(error.code, code)
    assert.isTrue(hadError)
  })

  testPairs(`legacy: a SecurePair that fails and nobody listens to, ${what}`, async (t) => {
    const { pair, near } = await serverPair(t)
    near.write(sent)
    // An error that reached the top would fail the test.
    await new Promise((resolve) => pair.cleartext.once('close', resolve))
    assert.isTrue(pair.cleartext.destroyed)
  })
}

testPairs('legacy: a SecurePair that is destroyed closes both ends', async (t) => {
  const { pair } = await serverPair(t)
  const closed = Promise.all([event(pair.cleartext, 'close'), event(pair.encrypted, 'close')])
  pair.destroy()
  assert.deepEqual([pair.cleartext.destroyed, pair.encrypted.destroyed], [true, true])
  await closed
  pair.destroy()
})

test('legacy: what a SecurePair wrote last is carried when it is gone', OURS, async (t) => {
  const { server, client, far } = await bothPairs(t)
  await secured({ server, client })
  server.encrypted.unpipe()
  server.cleartext.write('last words')
  server.cleartext.destroySoon()
  await event(server.cleartext, 'close')
  server.encrypted.pipe(far)
  assert.equal(String(t.Buffer.from(await readAll(client.cleartext))), 'last words')
})

test('legacy: a SecurePair and its streams have classes', OURS, async (t) => {
  const { pair } = await serverPair(t)
  assert.instanceOf(pair, t.tls.SecurePair)
  assert.instanceOf(new t.tls.SecurePair(), t.tls.SecurePair)
  assert.instanceOf(pair.cleartext, t.tls.CleartextStream)
  assert.instanceOf(pair.encrypted, t.tls.CryptoStream)
  assert.instanceOf(pair.encrypted, t.tls.EncryptedStream)
  assert.strictEqual(pair.clear, pair.cleartext)
  for (const Class of [t.tls.CryptoStream, t.tls.EncryptedStream]) {
    assert.throws(() => Reflect.construct(Class, []), TypeError, 'Illegal constructor')
  }
})

test('legacy: a SecurePair counts what TLS has sent', OURS, async (t) => {
  const pairs = await bothPairs(t)
  await secured(pairs)
  const { encrypted, cleartext } = pairs.client
  const before = encrypted.bytesWritten
  assert.isAbove(before, 0)
  cleartext.write('hello')
  await event(pairs.server.cleartext, 'data')
  // A record has more bytes than what it carries.
  assert.isAbove(encrypted.bytesWritten, before + 'hello'.length)
  assert.equal(cleartext.bytesWritten, 'hello'.length)
})

for (const [what, trusted] of /** @type {const} */ ([
  ['trusts', true],
  ['does not trust', false],
])) {
  test(`legacy: a SecurePair whose client ${what} the server tells it, whatever its name`, OURS, async (t) => {
    const { key, cert, ca } = await identity(t)
    const clientContext = trusted ? { ca } : { ca: (await t.certificate('self-signed')).certificate }
    const pairs = await bothPairs(t, { server: { key, cert }, client: clientContext })
    await secured(pairs)
    const { authorized, authorizationError, ssl } = pairs.client.cleartext
    assert.equal(authorized, trusted)
    assert.equal(authorizationError, trusted ? null : 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
    assert.equal(ssl.verifyError()?.code, trusted ? undefined : 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
    assert.deepEqual(pairs.client.ssl.verifyError()?.message, ssl.verifyError()?.message)
  })
}

test('legacy: a SecurePair that is to refuse a bad server does so before anything is sent', OURS, async (t) => {
  const { certificate } = await t.certificate('self-signed')
  const pairs = await bothPairs(t, { client: { ca: certificate }, clientArguments: [true, true] })
  pairs.client.cleartext.write('secret')
  pairs.server.cleartext.on('data', () => assert.fail('sent'))
  const failed = event(pairs.server.cleartext, 'error')
  const [error] = await event(pairs.client, 'error')
  assert.equal(error.code, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
  assert.equal((await failed)[0].code, 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA')
})

test('legacy: a SecurePair checks a name that it is told', OURS, async (t) => {
  const pairs = await bothPairs(t, { clientArguments: [true, true, { servername: 'elsewhere.example' }] })
  const [error] = await event(pairs.client, 'error')
  assert.equal(error.code, 'ERR_TLS_CERT_ALTNAME_INVALID')
})

test('legacy: a SecurePair tells of a failed handshake itself, and of later failures by its stream', OURS, async (t) => {
  const { pair, near } = await serverPair(t)
  near.write('this is no ClientHello, nor anything like it')
  const [error] = await event(pair, 'error')
  assert.equal(error.code, 'ERR_SSL_WRONG_VERSION_NUMBER')
  const pairs = await bothPairs(t)
  await secured(pairs)
  pairs.server.on('error', () => assert.fail('told by the pair'))
  const failure = event(pairs.server.cleartext, 'error')
  // A record that nobody can open.
  pairs.server.encrypted.write(t.Buffer.from([23, 3, 3, 0, 32, ...t.random(1, 32)]))
  assert.equal((await failure)[0].code, 'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC')
})

test('legacy: a SecurePair whose carrier is gone closes', OURS, async (t) => {
  const pairs = await bothPairs(t)
  await secured(pairs)
  const closed = Promise.all([event(pairs.server.cleartext, 'close'), event(pairs.client.cleartext.resume(), 'close')])
  pairs.server.cleartext.resume()
  for (const { encrypted } of [pairs.server, pairs.client]) encrypted.destroy()
  await closed
})

test('legacy: a SecurePair that is done closes both ends', OURS, async (t) => {
  const pairs = await bothPairs(t)
  await secured(pairs)
  const streams = [pairs.server.cleartext, pairs.server.encrypted, pairs.client.cleartext, pairs.client.encrypted]
  const closed = Promise.all(streams.map((stream) => event(stream, 'close')))
  for (const { cleartext } of [pairs.server, pairs.client]) cleartext.resume().end()
  await closed
})

test('legacy: a SecurePair of what crypto.createCredentials was', OURS, async (t) => {
  const { key, cert, ca } = await identity(t)
  const credentials = t.tls.createSecureContext({ key, cert })
  for (const given of [credentials, { context: credentials.context }, credentials.context]) {
    const [near, far] = t.duplexPair()
    const server = carry(t.tls.createSecurePair(given, true), far)
    const client = carry(makePair(t, { ca }), near)
    await secured({ server, client })
    server.destroy()
  }
})

test('legacy: a SecurePair and NPN', OURS, async (t) => {
  const pairs = await bothPairs(t, {
    serverArguments: [false, false, { NPNProtocols: ['a', 'b'] }],
    clientArguments: [false, false, { NPNProtocols: ['b', 'c'], servername: 'localhost' }],
  })
  await secured(pairs)
  assert.deepEqual([pairs.server.npnProtocol, pairs.client.npnProtocol], ['b', 'b'])
  assert.equal(pairs.server.servername, 'localhost')
})

test('legacy: a SecurePair has the addresses of what is piped into it', { ...OURS, ...LISTENING }, async (t) => {
  const peer = await t.peer()
  const socket = await t.transport(peer)
  const pair = makePair(t, { ca: peer.ca })
  assert.deepEqual([pair.cleartext.remoteAddress, pair.cleartext.address()], [undefined, {}])
  carry(pair, socket)
  await event(pair, 'secure')
  for (const stream of [pair.cleartext, pair.encrypted]) {
    assert.deepEqual([stream.remoteAddress, stream.remotePort], ['127.0.0.1', peer.port])
    assert.deepEqual(stream.address(), socket.address())
    assert.equal(stream.localPort, socket.localPort)
  }
  assert.strictEqual(pair.cleartext.setNoDelay(true), pair.cleartext)
})

test('legacy: a SecurePair over TLS, as a socket of a server over a pair', OURS, async (t) => {
  const pairs = await bothPairs(t)
  const server = await t.server()
  const inside = accepted(server)
  server.emit('connection', pairs.server.cleartext)
  const { ca } = await identity(t)
  const client = t.connect({ socket: pairs.client.cleartext, ca, servername: 'localhost' })
  const [socket] = await Promise.all([inside, event(client, 'secureConnect')])
  socket.end('twice sealed')
  assert.equal(String(t.Buffer.from(await readAll(client))), 'twice sealed')
  assert.isTrue(client.authorized)
})
