// Options and setters that shape a connection, and those that are refused by name.
import { assert, event, outcome, test } from '../harness.js'

for (const [name, value] of /** @type {[string, any][]} */ ([
  ['privateKeyEngine', 'x'],
  ['privateKeyIdentifier', 'x'],
  ['certificateCompression', ['zlib']],
])) {
  test(`options: createSecureContext refuses ${name} by name`, { ours: true }, (t) => {
    assert.throws(() => t.tls.createSecureContext({ [name]: value }), new RegExp(`The option "${name}" is not supported`))
    t.tls.createSecureContext({ [name]: null })
  })
}

test('options: suites and groups that only OpenSSL has are refused by name', { ours: true }, (t) => {
  const error = thrown(() => t.tls.createSecureContext({ ciphers: 'AES128-SHA', maxVersion: 'TLSv1.2' }))
  assert.equal(error.code, 'ERR_SSL_NO_CIPHER_MATCH')
  assert.include(error.cause.message, 'AES128-SHA')
  assert.throws(() => t.tls.createSecureContext({ ecdhCurve: 'X448' }), /"ecdhCurve" is not supported.*X448/)
})

function thrown(work) {
  try {
    work()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

test('options: a servername that is no DNS name is an error', { ours: true }, async (t) => {
  const peer = await t.peer()
  const { error, hadError } = await outcome(t.connect(t.to(peer, { servername: 'not a name' })))
  assert.equal(error.code, 'ERR_INVALID_ARG_VALUE')
  assert.isTrue(hadError)
})

test('options: setServername after the handshake has begun', { ours: true }, async (t) => {
  const peer = await t.peer()
  const socket = t.connect(t.to(peer))
  await event(socket, 'secureConnect')
  assert.equal(thrown(() => socket.setServername('other.test')).code, 'ERR_INVALID_STATE')
})

test('options: setMaxSendFragment tells whether a size is one', async (t) => {
  const peer = await t.peer()
  const socket = t.connect(t.to(peer))
  await event(socket, 'secureConnect')
  for (const size of [511, 16385, 0, -1]) assert.isFalse(socket.setMaxSendFragment(size), String(size))
  for (const size of [512, 1000, 16384]) assert.isTrue(socket.setMaxSendFragment(size), String(size))
})

/** A Duplex that passes everything on, and notes the lengths of the records of application data that it is given to send. */
function recordingDuplex(t, stream, lengths) {
  let held = t.Buffer.alloc(0)
  const duplex = new t.Duplex({
    read: () => void stream.resume(),
    write(chunk, _encoding, callback) {
      held = t.Buffer.concat([held, chunk])
      while (held.length >= 5 && held.length >= 5 + held.readUInt16BE(3)) {
        if (held[0] === 23) lengths.push(held.readUInt16BE(3))
        held = held.subarray(5 + held.readUInt16BE(3))
      }
      stream.write(chunk, callback)
    },
    final: (callback) => void stream.end(callback),
  })
  stream.on('data', (chunk) => duplex.push(chunk) || stream.pause())
  stream.on('end', () => duplex.push(null))
  return duplex
}

test('options: setMaxSendFragment limits the records that are sent', async (t) => {
  const peer = await t.peer()
  const lengths = []
  const socket = t.connect({ socket: recordingDuplex(t, await t.transport(peer), lengths), ca: peer.ca, servername: 'localhost' })
  await event(socket, 'secureConnect')
  socket.setMaxSendFragment(1024)
  lengths.length = 0
  const sent = t.random(7, 20_000)
  socket.write(sent)
  let received = t.Buffer.alloc(0)
  await new Promise((resolve) => {
    socket.on('data', (chunk) => {
      received = t.Buffer.concat([received, chunk])
      if (received.length === sent.length) resolve(undefined)
    })
  })
  assert.equal(t.firstDifference(7, 0, received), -1)
  // The type of the content and the tag come on top (RFC 8446, 5.2).
  assert.isAtLeast(lengths.length, 20)
  for (const length of lengths) assert.isAtMost(length, 1024 + 1 + 16)
})

test('options: a constructed TLSSocket tells its handshake by secure alone', async (t) => {
  const peer = await t.peer()
  const socket = t.track(
    new t.tls.TLSSocket(await t.transport(peer), { secureContext: t.tls.createSecureContext({ ca: peer.ca }), host: 'localhost' }),
  )
  let secureConnects = 0
  socket.on('secureConnect', () => secureConnects++)
  const secure = event(socket, 'secure')
  socket.write('constructed')
  await secure
  const [chunk] = await event(socket, 'data')
  assert.equal(String(chunk), 'constructed')
  assert.equal(secureConnects, 0)
})

test('options: a constructed TLSSocket verifies its server', { ours: true }, async (t) => {
  const peer = await t.peer()
  const stranger = new t.tls.TLSSocket(await t.transport(peer), { host: 'localhost' })
  const { error } = await outcome(t.track(stranger))
  assert.equal(error.code, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
})
