// How Node's tls tells of what goes wrong. What other tests show of this:
//    9  errors.test.js: the peer ends before the handshake is done, host and port, and without them over a given socket
//   11  verification.test.js: each verdict of a client with its words, 'close' after it
//   12  verification.test.js: rejectUnauthorized undefined, nothing of what was written arrives
//   13  verification.test.js: rejectUnauthorized false, each name that does not match
//   14  errors.test.js: junk for a client
//   16  errors.test.js and robustness.test.js: a data listener that throws
import { assert, event, outcome, readAll, test } from '../harness.js'

const CONSOLES = ['node-20', 'node-26', 'deno', 'bun']
const VERSIONS = /** @type {const} */ (['TLSv1.2', 'TLSv1.3'])
const BEFORE_SECURE = 'Client network socket disconnected before secure TLS connection was established'
/** As TCP sockets are: a TLS socket over a Duplex ends by itself if the Duplex does. */
const LIKE_TCP = { allowHalfOpen: false }
const NO_TOP = { except: ['workerd'], why: 'it has no handler for uncaught errors' }

/** A bare server of the test's own, which ends each connection at once. */
async function endingServer(t, ...where) {
  const server = t.net.createServer((socket) =>
    socket
      .on('error', () => {})
      .resume()
      .end(),
  )
  server.listen(...where)
  await event(server, 'listening')
  t.after(() => new Promise((resolve) => server.close(resolve)))
  return server
}

test('behaviour 9: the error has the path of the options', { only: CONSOLES, why: 'Unix sockets' }, async (t) => {
  const { mkdtemp, rm } = await import('node:fs/promises')
  const { tmpdir } = await import('node:os')
  const folder = await mkdtemp(`${tmpdir()}/isomorphic-tls-`)
  t.after(() => rm(folder, { recursive: true }))
  const path = `${folder}/socket`
  await endingServer(t, path)
  const { error, events, hadError } = await outcome(t.connect({ path }))
  assert.deepEqual([error.code, error.message, error.path], ['ECONNRESET', BEFORE_SECURE, path])
  assert.deepEqual([error.host, error.port, error.localAddress], [undefined, undefined, undefined])
  assert.deepEqual(events.slice(-2), ['error', 'close'])
  assert.isTrue(hadError)
})

test('behaviour 9: the error has the localAddress of the options', { only: CONSOLES, why: 'addresses of TCP' }, async (t) => {
  const { port } = (await endingServer(t, 0, '127.0.0.1')).address()
  const options = { port, host: '127.0.0.1', localAddress: '127.0.0.1' }
  const { error } = await outcome(t.connect(options))
  assert.equal(error.message, BEFORE_SECURE)
  assert.deepEqual([error.code, error.host, error.port, error.localAddress], ['ECONNRESET', '127.0.0.1', port, '127.0.0.1'])
})

test('behaviour 9: over a Duplex, at each moment before the server has answered', async (t) => {
  for (const afterBytes of [false, true]) {
    const [near, far] = t.duplexPair()
    const socket = t.connect({ socket: near })
    const told = outcome(socket)
    socket.write('waiting')
    if (afterBytes) far.once('data', () => far.end())
    else far.resume().end()
    const { error, events, hadError } = await told
    assert.deepEqual([error.code, error.message], ['ECONNRESET', BEFORE_SECURE])
    for (const name of ['host', 'port', 'path', 'localAddress']) {
      assert.isTrue(Object.hasOwn(error, name), name)
      assert.isUndefined(error[name])
    }
    assert.deepEqual(events.slice(-2), ['error', 'close'])
    assert.notInclude(events, 'secureConnect')
    assert.isTrue(hadError)
  }
})

test('behaviour 9: after the handshake, the end of the peer is no error', async (t) => {
  for (const maxVersion of VERSIONS) {
    const { client, raw } = await t.pair({ maxVersion })
    client.resume()
    raw[1].end()
    await event(client, 'end')
  }
})

/** Ways in which a client may leave a server before the handshake is done. */
const LEAVING = {
  'ends at once': (_t, near) => void near.end(),
  'is destroyed at once': (_t, near) => void near.destroy(),
  'ends after half a ClientHello': async (t, near) => {
    const [inner, outer] = t.duplexPair()
    t.connect({ socket: inner, servername: 'localhost' }).on('error', () => {})
    const [hello] = await event(outer, 'data')
    near.end(hello.subarray(0, hello.length / 2))
  },
  'ends after its ClientHello': async (t, near) => {
    const [inner, outer] = t.duplexPair()
    t.connect({ socket: inner, servername: 'localhost' }).on('error', () => {})
    const [hello] = await event(outer, 'data')
    near.resume().end(hello)
  },
}

for (const [what, leave] of Object.entries(LEAVING)) {
  test(`behaviour 10: a client that ${what}`, async (t) => {
    const server = await t.server()
    server.on('secureConnection', () => assert.fail('a secureConnection'))
    const [near, far] = t.duplexPair(LIKE_TCP)
    const failed = event(server, 'tlsClientError')
    server.emit('connection', far)
    await leave(t, near)
    const [error, socket, ...more] = await failed
    assert.deepEqual([error.message, error.code], ['socket hang up', 'ECONNRESET'])
    assert.instanceOf(error, Error)
    assert.instanceOf(socket, t.tls.TLSSocket)
    assert.deepEqual(more, [])
    assert.strictEqual(socket.server, server)
    while (!far.destroyed) await t.sleep(5)
    assert.isTrue(socket.destroyed)
  })
}

test('behaviour 10: tlsClientError comes once, and nobody need listen', async (t) => {
  const server = await t.server()
  let count = 0
  server.on('tlsClientError', () => count++)
  for (const listening of [true, false]) {
    if (!listening) server.removeAllListeners('tlsClientError')
    const [near, far] = t.duplexPair(LIKE_TCP)
    server.emit('connection', far)
    near.destroy()
    while (!far.destroyed) await t.sleep(5)
    await t.sleep(20)
    assert.equal(count, 1)
  }
})

test('behaviour 11: allowPartialTrustChain lets an intermediate be trusted', async (t) => {
  for (const certificate of ['intermediate', 'missing-intermediate']) {
    const peer = await t.peer({ certificate })
    const refused = await outcome(t.connect(t.to(peer, { ca: peer.issuer })))
    assert.equal(refused.error.code, 'UNABLE_TO_GET_ISSUER_CERT')
    const socket = t.connect(t.to(peer, { ca: peer.issuer, allowPartialTrustChain: true }))
    await event(socket, 'secureConnect')
    assert.isTrue(socket.authorized)
  }
})

/** [the client's certificate or null, what the server's verdict is, what the server trusts besides the CA] */
const CLIENTS = /** @type {const} */ ([
  ['client', null],
  ['other-ca', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ['self-signed', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ['expired', 'CERT_HAS_EXPIRED'],
  ['not-yet-valid', 'CERT_NOT_YET_VALID'],
  ['ecdsa-p256', 'INVALID_PURPOSE'],
  [null, 'UNABLE_TO_GET_ISSUER_CERT'],
])

for (const [name, verdict] of CLIENTS) {
  test(`behaviour 11: the verdict of a server on ${name ?? 'no certificate'}: ${verdict ?? 'authorized'}`, async (t) => {
    for (const maxVersion of VERSIONS) {
      const { ca } = await t.certificate('client')
      const identity = name && (await t.certificate(name))
      const own = identity ? { key: identity.key, cert: identity.chain } : {}
      const { socket } = await t.pair({ ca, requestCert: true, rejectUnauthorized: false, maxVersion }, own)
      assert.equal(socket.authorized, verdict === null)
      // A socket that was never refused has never been given a reason.
      assert.equal(socket.authorizationError ?? null, verdict)
    }
  })
}

test('behaviour 12: a rejected server that talks at once is not heard', async (t) => {
  for (const maxVersion of VERSIONS) {
    const server = await t.server({ maxVersion })
    const [near, far] = t.duplexPair()
    server.on('secureConnection', (socket) => socket.on('error', () => {}).write('from the server'))
    server.emit('connection', far)
    const socket = t.connect({ socket: near, servername: 'localhost', rejectUnauthorized: undefined }, () => assert.fail('the callback'))
    const results = []
    for (const text of ['one', 'two']) socket.write(text, (error) => results.push(error))
    const { error, events, data, hadError } = await outcome(socket)
    assert.equal(error.code, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
    assert.deepEqual(events, ['error', 'close'])
    assert.deepEqual(data, [])
    assert.isTrue(hadError)
    assert.lengthOf(results, 2)
  }
})

/** Connect to a server that wants a certificate, with one of the run or none. */
async function presenting(t, name, serverOptions) {
  const { ca } = await t.certificate('client')
  const server = await t.server({ ca, requestCert: true, ...serverOptions })
  const identity = name && (await t.certificate(name))
  const [near, far] = t.duplexPair(LIKE_TCP)
  const failed = event(server, 'tlsClientError')
  server.on('secureConnection', () => assert.fail('a secureConnection'))
  server.emit('connection', far)
  const socket = t.connect({ socket: near, rejectUnauthorized: false, ...(identity && { key: identity.key, cert: identity.chain }) })
  const told = outcome(socket)
  return { failed, told }
}

for (const rejectUnauthorized of [undefined, true]) {
  for (const maxVersion of VERSIONS) {
    test(`behaviour 12: rejectUnauthorized ${rejectUnauthorized} of a server, no certificate, ${maxVersion}`, async (t) => {
      const { failed, told } = await presenting(t, null, { rejectUnauthorized, maxVersion })
      const [error] = await failed
      assert.equal(error.code, 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE')
      assert.deepEqual((await told).data, [])
    })

    test(`behaviour 12: rejectUnauthorized ${rejectUnauthorized} of a server, a stranger, ${maxVersion}`, async (t) => {
      const { failed, told } = await presenting(t, 'other-ca', { rejectUnauthorized, maxVersion })
      const [error, socket] = await failed
      assert.deepEqual([error.message, error.code], ['socket hang up', 'ECONNRESET'])
      assert.isFalse(socket.authorized)
      assert.equal(socket.authorizationError, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
      assert.deepEqual((await told).data, [])
    })
  }
}

test('behaviour 13: over a given socket, a name that does not match', async (t) => {
  const { client } = await t.pair({}, { servername: 'other.test', rejectUnauthorized: false })
  assert.isFalse(client.authorized)
  assert.strictEqual(client.authorizationError, 'ERR_TLS_CERT_ALTNAME_INVALID')
})

/** @type {[string, (t: any) => any][]} */
const JUNK = [
  ['a line of text', () => 'hello server\n'],
  ['a request of HTTP', () => 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  ['random bytes', (t) => t.random(3, 5_000)],
  ['1 MiB of random bytes', (t) => t.random(4, 1024 * 1024)],
  ['1 MiB of one byte', (t) => t.Buffer.alloc(1024 * 1024, 0x2a)],
]

for (const [what, make] of JUNK) {
  test(`behaviour 14: a server is sent ${what}`, async (t) => {
    const server = await t.server()
    server.on('secureConnection', () => assert.fail('a secureConnection'))
    const [near, far] = t.duplexPair()
    const failed = event(server, 'tlsClientError')
    const closed = new Promise((resolve) => far.on('close', resolve))
    server.emit('connection', far)
    near.on('error', () => {})
    near.write(make(t))
    const ended = readAll(near)
    const [error, socket] = await failed
    assert.match(error.code, /^ERR_SSL_/)
    assert.equal(error.library, 'SSL routines')
    assert.isString(error.reason)
    await closed
    assert.isTrue(socket.destroyed)
    // The alert, if any: nothing else.
    assert.isBelow((await ended).length, 20)
  })
}

test('behaviour 14: a raw peer that sends 1 MiB of junk sees an error', { only: CONSOLES, why: 'TCP servers' }, async (t) => {
  const server = await t.server()
  server.listen(0, '127.0.0.1')
  await event(server, 'listening')
  const failed = event(server, 'tlsClientError')
  const raw = t.track(t.net.connect(server.address().port, '127.0.0.1'))
  raw.write(t.Buffer.alloc(1024 * 1024, 0x2a))
  const told = outcome(raw)
  const [error] = await failed
  assert.match(error.code, /^ERR_SSL_/)
  const { error: seen, hadError } = await told
  assert.include(['ECONNRESET', 'EPIPE'], seen.code)
  assert.isTrue(hadError)
})

test('behaviour 15: a client that says nothing', async (t) => {
  const server = await t.server({ handshakeTimeout: 50 })
  const [near, far] = t.duplexPair()
  const failed = event(server, 'tlsClientError')
  server.emit('connection', far)
  const [error, socket] = await failed
  assert.deepEqual([error.code, error.message], ['ERR_TLS_HANDSHAKE_TIMEOUT', 'TLS handshake timeout'])
  assert.instanceOf(socket, t.tls.TLSSocket)
  // Whether it is closed is for the listener to say.
  assert.isFalse(socket.destroyed)
  socket.destroy()
  assert.isEmpty(await readAll(near))
  while (!far.destroyed) await t.sleep(5)
})

test('behaviour 15: a client that stops in the handshake', async (t) => {
  const server = await t.server({ handshakeTimeout: 50 })
  const [near, far] = t.duplexPair()
  const [inner, outer] = t.duplexPair()
  const failed = event(server, 'tlsClientError')
  server.emit('connection', far)
  t.connect({ socket: inner, servername: 'localhost' }).on('error', () => {})
  const [hello] = await event(outer, 'data')
  near.resume().write(hello)
  assert.equal((await failed)[0].code, 'ERR_TLS_HANDSHAKE_TIMEOUT')
})

test('behaviour 15: the listener may destroy the socket itself', async (t) => {
  const server = await t.server({ handshakeTimeout: 50 })
  const [near, far] = t.duplexPair()
  let calls = 0
  server.on('tlsClientError', (error, socket) => {
    calls++
    assert.equal(error.code, 'ERR_TLS_HANDSHAKE_TIMEOUT')
    socket.destroy()
    assert.isTrue(socket.destroyed)
  })
  server.emit('connection', far)
  assert.isEmpty(await readAll(near))
  while (!far.destroyed) await t.sleep(5)
  await t.sleep(20)
  assert.equal(calls, 1)
})

test('behaviour 15: after a handshake that is done in time there is no time-out', async (t) => {
  const { client, socket } = await t.pair({ handshakeTimeout: 15_000 })
  assert.isNotOk(socket.timeout)
  assert.equal(socket.listenerCount('timeout'), 0)
  client.write('still there')
  assert.equal(String((await event(socket, 'data'))[0]), 'still there')
})

/** Events of a client, and how each is brought about. */
const CLIENT_EVENTS = {
  secureConnect: () => {},
  end: ({ client, socket }) => {
    client.resume()
    socket.end()
  },
  close: ({ client }) => client.destroy(),
  finish: ({ client }) => client.end(),
  drain: ({ t, client, socket }) => {
    socket.resume()
    client.write(t.Buffer.alloc(200_000))
  },
  readable: ({ socket }) => socket.write('x'),
  data: ({ socket }) => socket.write('x'),
  error: ({ client }) => client.destroy(new Error('the first')),
  timeout: ({ client }) => client.setTimeout(20),
}

for (const [name, cause] of Object.entries(CLIENT_EVENTS)) {
  test(`behaviour 16: a listener for '${name}' throws`, NO_TOP, async (t) => {
    const mine = new Error('thrown by a listener')
    const { stack } = mine
    const throwing = () => {
      throw mine
    }
    const uncaught = t.nextUncaught()
    if (name === 'secureConnect') {
      const server = await t.server()
      const [near, far] = t.duplexPair()
      server.emit('connection', far)
      t.connect({ socket: near, rejectUnauthorized: false }, throwing)
    } else {
      const { client, socket } = await t.pair()
      client.once(name, throwing)
      cause({ t, client, socket })
    }
    assert.strictEqual(await uncaught, mine)
    assert.equal(mine.stack, stack)
  })
}

/** Callbacks of a client. */
const CALLBACKS = {
  write: (client, callback) => client.write('x', callback),
  end: (client, callback) => client.end(callback),
}

for (const [name, call] of Object.entries(CALLBACKS)) {
  test(`behaviour 16: the callback of ${name}() throws`, NO_TOP, async (t) => {
    const mine = new Error('thrown by a callback')
    const { client, socket } = await t.pair()
    socket.resume()
    const uncaught = t.nextUncaught()
    call(client, () => {
      throw mine
    })
    assert.strictEqual(await uncaught, mine)
  })
}

test('behaviour 16: a listener for secureConnection throws', NO_TOP, async (t) => {
  const mine = new Error('thrown by a listener')
  const server = await t.server()
  server.on('secureConnection', () => {
    throw mine
  })
  const [near, far] = t.duplexPair()
  const uncaught = t.nextUncaught()
  server.emit('connection', far)
  t.connect({ socket: near, rejectUnauthorized: false })
  assert.strictEqual(await uncaught, mine)
})

test('behaviour 16: a listener for tlsClientError throws', NO_TOP, async (t) => {
  const mine = new Error('thrown by a listener')
  const server = await t.server()
  server.on('tlsClientError', () => {
    throw mine
  })
  const [near, far] = t.duplexPair()
  const uncaught = t.nextUncaught()
  server.emit('connection', far)
  near.write('this is not TLS at all')
  assert.strictEqual(await uncaught, mine)
})

test('behaviour 16: connections beside one whose listener throws go on', NO_TOP, async (t) => {
  const [first, second] = [await t.pair(), await t.pair()]
  const mine = new Error('thrown by a listener')
  const uncaught = t.nextUncaught()
  first.client.once('data', () => {
    throw mine
  })
  first.socket.write('x')
  second.socket.end(t.random(5, 50_000))
  assert.strictEqual(await uncaught, mine)
  const data = await readAll(second.client)
  assert.equal(data.length, 50_000)
  assert.equal(t.firstDifference(5, 0, data), -1)
})
