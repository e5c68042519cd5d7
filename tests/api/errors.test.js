// What goes wrong, and how it is told.
import { assert, event, outcome, readAll, test } from '../harness.js'

const BEFORE_SECURE = 'Client network socket disconnected before secure TLS connection was established'
const TCP = ['node-20', 'node-26', 'deno', 'bun', 'workerd']

for (const [behaviour, options] of /** @type {[string, object][]} */ ([
  ['close', {}],
  ['close-after', { bytes: 1 }],
])) {
  test(`errors: the peer ends before the handshake is done, ${behaviour}`, async (t) => {
    const peer = await t.peer({ kind: 'raw', behaviour, options })
    const socket = t.connect({ port: peer.port, host: peer.host })
    const { error, events, hadError } = await outcome(socket)
    assert.equal(error.message, BEFORE_SECURE)
    assert.equal(error.code, 'ECONNRESET')
    assert.equal(error.host, peer.host)
    assert.equal(error.port, peer.port)
    assert.property(error, 'path')
    assert.property(error, 'localAddress')
    assert.isTrue(error.path == null && error.localAddress === undefined)
    assert.deepEqual(events.slice(-2), ['error', 'close'])
    assert.notInclude(events, 'secureConnect')
    assert.isTrue(hadError)
  })
}

test('errors: the same over a given socket has no address', async (t) => {
  const peer = await t.peer({ kind: 'raw', behaviour: 'close-after', options: { bytes: 1 } })
  const stream = await t.transport(peer)
  const { error } = await outcome(t.connect({ socket: stream, servername: 'localhost' }))
  assert.equal(error.message, BEFORE_SECURE)
  assert.equal(error.code, 'ECONNRESET')
  assert.deepEqual([error.host, error.port, error.path, error.localAddress], [undefined, undefined, undefined, undefined])
})

test('errors: the peer resets the connection before the handshake is done', async (t) => {
  const peer = await t.peer({ kind: 'raw', behaviour: 'reset' })
  const { error, hadError } = await outcome(t.connect({ port: peer.port, host: peer.host }))
  assert.instanceOf(error, Error)
  assert.equal(error.code, 'ECONNRESET')
  assert.isTrue(hadError)
})

test('errors: the peer resets the connection', { only: TCP, why: 'a WebSocket does not tell why it closed' }, async (t) => {
  const peer = await t.peer({ behaviour: 'reset' })
  const { error, hadError } = await outcome(t.connect(t.to(peer)))
  assert.equal(error.code, 'ECONNRESET')
  assert.isTrue(hadError)
})

for (const [behaviour, options] of /** @type {[string, object][]} */ ([
  ['junk', { length: 1000 }],
  ['junk', { length: 1024 * 1024, seed: 2 }],
  ['plain-http', { body: 'x'.repeat(100) }],
])) {
  test(`errors: a peer that does not speak TLS, ${behaviour} ${JSON.stringify(options).slice(0, 40)}`, async (t) => {
    const peer = await t.peer({ kind: 'raw', behaviour, options })
    const { error, events, hadError } = await outcome(t.connect({ port: peer.port, host: peer.host }))
    assert.equal(error.code, 'ERR_SSL_WRONG_VERSION_NUMBER')
    assert.equal(error.library, 'SSL routines')
    assert.equal(error.reason, 'wrong version number')
    assert.notInclude(events, 'secureConnect')
    assert.isTrue(hadError)
  })
}

for (const maxVersion of /** @type {const} */ (['TLSv1.2', 'TLSv1.3'])) {
  test(`errors: truncation ends the stream as a proper end does, ${maxVersion}`, async (t) => {
    const peer = await t.peer({ behaviour: 'truncate', options: { length: 50_000, seed: 5 }, maxVersion })
    const { data, error, events } = await outcome(t.connect(t.to(peer)))
    assert.isNull(error)
    assert.include(events, 'end')
    const all = t.Buffer.concat(data)
    assert.equal(all.length, 50_000)
    assert.equal(t.firstDifference(5, 0, all), -1)
  })

  test(`errors: closeNotifyReceived tells an end from a truncation, ${maxVersion}`, { ours: true }, async (t) => {
    for (const behaviour of ['send', 'truncate']) {
      const peer = await t.peer({ behaviour, options: { length: 1000 }, maxVersion })
      const socket = t.connect(t.to(peer))
      assert.isFalse(socket.closeNotifyReceived)
      await event(socket, 'secureConnect')
      assert.equal((await readAll(socket)).length, 1000)
      assert.equal(socket.closeNotifyReceived, behaviour === 'send')
    }
  })

  test(`errors: requireCloseNotify makes truncation an error, ${maxVersion}`, { ours: true }, async (t) => {
    const ended = await t.peer({ behaviour: 'send', options: { length: 1000 }, maxVersion })
    const good = await outcome(t.connect(t.to(ended, { requireCloseNotify: true })))
    assert.isNull(good.error)
    assert.include(good.events, 'end')
    const truncating = await t.peer({ behaviour: 'truncate', options: { length: 1000 }, maxVersion })
    const { data, error, events, hadError } = await outcome(t.connect(t.to(truncating, { requireCloseNotify: true })))
    assert.equal(t.Buffer.concat(data).length, 1000)
    assert.equal(error.code, 'ERR_TLS_TRUNCATED')
    assert.notInclude(events, 'end')
    assert.isTrue(hadError)
  })
}

for (const requireCloseNotify of [false, true]) {
  test(`errors: requireCloseNotify of a server, ${requireCloseNotify}`, { ours: true }, async (t) => {
    const good = await t.pair({ requireCloseNotify }, {}, { allowHalfOpen: false })
    const ended = outcome(good.socket)
    good.client.end('all of it')
    assert.isNull((await ended).error)
    const { client, socket } = await t.pair({ requireCloseNotify }, {}, { allowHalfOpen: false })
    const told = outcome(socket)
    // As good as gone: it says no word.
    client.write('a part of it', () => client.destroy())
    const { data, error } = await told
    assert.equal(String(t.Buffer.concat(data)), 'a part of it')
    assert.equal(error?.code, requireCloseNotify ? 'ERR_TLS_TRUNCATED' : undefined)
  })
}

test('errors: what a listener throws reaches the top as it is', {
  except: ['workerd'],
  why: 'it has no handler for uncaught errors',
}, async (t) => {
  const peer = await t.peer()
  const socket = t.connect(t.to(peer))
  await event(socket, 'secureConnect')
  const mine = new Error('thrown by a listener')
  const uncaught = t.nextUncaught()
  socket.once('data', () => {
    throw mine
  })
  socket.write('x')
  assert.strictEqual(await uncaught, mine)
})

test('errors: an error that nobody listens for reaches the top', {
  except: ['workerd'],
  why: 'it has no handler for uncaught errors',
}, async (t) => {
  const peer = await t.peer()
  const uncaught = t.nextUncaught()
  t.tls.connect(t.to(peer, { ca: undefined }))
  assert.equal((await uncaught).code, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
})

test('errors: records of an established connection that were tampered with', async (t) => {
  const peer = await t.peer({ behaviour: 'silent' })
  const stream = await t.transport(peer)
  const double = new t.Duplex({
    read: () => {},
    write: (chunk, encoding, done) => stream.write(chunk, encoding, done),
    final: (done) => stream.end(done),
  })
  stream.on('data', (chunk) => double.push(chunk))
  const socket = t.connect({ socket: double, ca: peer.ca, servername: 'localhost' })
  await event(socket, 'secureConnect')
  socket.resume()
  const failed = event(socket, 'error')
  // An application_data record whose contents no key ever sealed.
  double.push(t.Buffer.concat([t.Buffer.from([23, 3, 3, 0, 64]), t.Buffer.alloc(64, 7)]))
  const [error] = await failed
  // Node leaves it to the listener to destroy the socket; 'close' may or may not follow by itself.
  assert.equal(error.code, 'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC')
})

test('errors: an alert of the peer', async (t) => {
  const peer = await t.peer({ kind: 'raw', behaviour: 'silent' })
  const stream = await t.transport(peer)
  const double = new t.Duplex({ read: () => {}, write: (_chunk, _encoding, done) => done() })
  t.track(stream)
  const told = outcome(t.connect({ socket: double, servername: 'localhost' }))
  // A fatal alert, handshake_failure is 40, internal_error 80.
  double.push(t.Buffer.from([21, 3, 3, 0, 2, 2, 80]))
  const { error } = await told
  assert.match(error.code, /^ERR_SSL_.*ALERT_INTERNAL_ERROR$/)
})
