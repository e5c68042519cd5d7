// The socket that node-postgres gets in Workers: TCP first, then TLS in the same object. node-postgres itself: interop/postgres.test.js.
import { CloudflareSocket } from 'isomorphic-tls/pg-cloudflare'
import { assert, event, outcome, readAll, test } from '../harness.js'

const WITH_TCP = { ours: true, except: ['chromium', 'firefox'], why: 'they have no TCP' }

const MEBIBYTE = 2 ** 20

/** A socket that has connected to a peer, before it speaks TLS. */
async function connected(t, peer) {
  const socket = t.track(new CloudflareSocket(true))
  assert.strictEqual(socket.setNoDelay(true), socket)
  assert.strictEqual(socket.connect(peer.port, peer.host), socket)
  await event(socket, 'connect')
  assert.strictEqual(socket.setKeepAlive(true, 1000), socket)
  assert.strictEqual(socket.unref().ref(), socket)
  return socket
}

test('pg-cloudflare: the same object carries plaintext, then TLS', WITH_TCP, async (t) => {
  const plain = await connected(t, await t.peer({ kind: 'raw', behaviour: 'echo' }))
  assert.isTrue(plain.ssl)
  assert.isNull(plain.tlsSocket)
  plain.write('in the clear')
  assert.equal(String((await event(plain, 'data'))[0]), 'in the clear')
  assert.throws(() => plain.startTls({ key: 'no key' }), /DECODER|unsupported|no start line/)
  assert.isNull(plain.tlsSocket)
  plain.write('still so')
  assert.equal(String((await event(plain, 'data'))[0]), 'still so')

  const peer = await t.peer()
  const socket = await connected(t, peer)
  assert.throws(() => socket.getPeerCertificate(), /securely established/)
  socket.startTls({ ca: peer.ca })
  // It waits for the handshake.
  socket.write('under TLS')
  assert.equal(String((await event(socket, 'data'))[0]), 'under TLS')
  assert.isTrue(socket.tlsSocket.authorized)
  assert.deepEqual(socket.getPeerCertificate().raw, socket.tlsSocket.getPeerCertificate().raw)
  assert.throws(() => socket.startTls({ ca: peer.ca }), /has been called/)
  socket.end()
  const { events, hadError } = await outcome(socket)
  assert.includeMembers(events, ['end', 'finish', 'close'])
  assert.isNotTrue(hadError)
})

test('pg-cloudflare: who is not trusted, or is somebody else, is refused', WITH_TCP, async (t) => {
  const [peer, nameless] = [await t.peer(), await t.peer({ certificate: 'wrong-name' })]
  const refused = async (where, options) => {
    const socket = await connected(t, where)
    socket.startTls(options)
    socket.write('a password')
    const { error, data } = await outcome(socket)
    assert.deepEqual(data, [])
    assert.isTrue(socket.destroyed)
    return error.code
  }
  assert.equal(await refused(peer, {}), 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
  // The name is that of the host that was connected to, unless the options have another.
  assert.equal(await refused(nameless, { ca: nameless.ca }), 'ERR_TLS_CERT_ALTNAME_INVALID')
  assert.equal(await refused(peer, { ca: peer.ca, host: 'other.example' }), 'ERR_TLS_CERT_ALTNAME_INVALID')
  assert.equal(await refused(peer, { ca: peer.ca, servername: 'other.example' }), 'ERR_TLS_CERT_ALTNAME_INVALID')
  assert.equal((await peer.seen()).bytesReceived ?? 0, 0)
})

test('pg-cloudflare: what comes in the clear before TLS is not taken for what TLS protects', {
  ...WITH_TCP,
  except: [...WITH_TCP.except, 'bun'],
  why: 'they have no TCP; Bun tells what a destroyed stream had read, after the error',
}, async (t) => {
  const peer = await t.peer({ kind: 'raw', behaviour: 'echo' })
  const socket = await connected(t, peer)
  socket.write('S')
  await event(socket, 'readable')

  socket.startTls({ ca: '' })
  const { error, data } = await outcome(socket)
  assert.equal(error.code, 'ERR_TLS_TRANSPORT_FAILED')
  assert.deepEqual(data, [])
})

test('pg-cloudflare: errors and ends of the transport are told', WITH_TCP, async (t) => {
  const free = await t.peer()
  await free.stop()
  const nobody = t.track(new CloudflareSocket(true))
  nobody.connect(free.port, free.host)
  const { error, events } = await outcome(nobody)
  assert.instanceOf(error, Error)
  assert.deepEqual(events, ['error', 'close'])

  const peer = await t.peer({ behaviour: 'reset' })
  const socket = await connected(t, peer)
  socket.startTls({ ca: peer.ca })
  assert.include((await outcome(socket)).events, 'close')
  assert.isTrue(socket.destroyed)
})

test('pg-cloudflare: destroyed, it takes the connection with it', WITH_TCP, async (t) => {
  const peer = await t.peer()
  const socket = await connected(t, peer)
  socket.startTls({ ca: peer.ca })
  await peer.secured()
  socket.destroy()
  await event(socket, 'close')
  assert.isTrue(socket.tlsSocket.destroyed)
})

test('pg-cloudflare: backpressure both ways', { ...WITH_TCP, timeout: 60_000 }, async (t) => {
  const sender = await t.peer({ behaviour: 'send', options: { length: 128 * MEBIBYTE, seed: 3 } })
  const paused = await connected(t, sender)
  paused.startTls({ ca: sender.ca })
  await event(paused, 'data')
  paused.pause()
  assert.isBelow((await sender.settled('rawBytesSent')).rawBytesSent, 64 * MEBIBYTE)
  assert.isBelow(paused.readableLength, MEBIBYTE)
  paused.destroy()

  const sink = await t.peer({ behaviour: 'sink', options: { delay: 2 } })
  const socket = await connected(t, sink)
  socket.startTls({ ca: sink.ca })
  const bytes = t.random(8, 4 * MEBIBYTE)
  let waited = 0
  for (let offset = 0; offset < bytes.length; offset += 65536) {
    if (socket.write(bytes.subarray(offset, offset + 65536))) continue
    waited++
    await event(socket, 'drain')
  }
  socket.end()
  const answer = JSON.parse(String(t.Buffer.from(await readAll(socket))))
  assert.deepEqual(answer, { bytes: bytes.length, sha256: await t.randomHash(8, bytes.length) })
  assert.isAbove(waited, 0)
})
