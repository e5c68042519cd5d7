// TLSSocket: what it tells of the connection, and how it behaves as a stream.
import { assert, event, outcome, readAll, test } from '../harness.js'
import { load } from '../servers.js'

const TCP = ['node-20', 'node-26', 'deno', 'bun', 'workerd']

/** What the runner gives browsers for TCP; see the tests of its limit, and of WebSocketStream, in transport.test.js. */
const PAUSABLE = { except: ['chromium', 'firefox'], why: 'a WebSocket cannot be paused' }

const MEBIBYTE = 1024 * 1024

async function secured(t, description, options) {
  const peer = await t.peer(description)
  const socket = t.connect(t.to(peer, options))
  await event(socket, 'secureConnect')
  return { peer, socket }
}

for (const version of /** @type {const} */ (['TLSv1.2', 'TLSv1.3'])) {
  test(`socket: what it tells after the handshake, ${version}`, async (t) => {
    const { peer, socket } = await secured(t, { maxVersion: version, minVersion: version })
    assert.equal(socket.getProtocol(), version)
    const { name, standardName } = socket.getCipher()
    const { cipher } = await peer.secured()
    assert.equal(standardName, cipher)
    assert.equal(name, version === 'TLSv1.3' ? cipher : name)
    assert.isTrue(socket.encrypted)
    assert.isTrue(socket.authorized)
    assert.isNull(socket.authorizationError)
    assert.isFalse(socket.alpnProtocol)
  })

  test(`socket: data both ways, ${version}`, async (t) => {
    const { peer, socket } = await secured(t, { maxVersion: version, minVersion: version })
    const data = t.random(7, 300_000)
    socket.end(data)
    assert.equal(t.firstDifference(7, 0, await readAll(socket)), -1)
    const seen = await peer.seen()
    assert.equal(seen.bytesReceived, 300_000)
    assert.equal(seen.sha256, await t.randomHash(7, 300_000))
  })
}

test('socket: getCipher of TLS 1.2 has both names', async (t) => {
  const { socket } = await secured(t, { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' })
  const expected = { name: 'ECDHE-ECDSA-AES128-GCM-SHA256', standardName: 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', version: 'TLSv1.2' }
  assert.deepEqual({ ...socket.getCipher() }, expected)
})

for (const [groups, expected] of /** @type {const} */ ([
  ['X25519', { type: 'ECDH', name: 'X25519', size: 253 }],
  ['P-256', { type: 'ECDH', name: 'prime256v1', size: 256 }],
  ['P-384', { type: 'ECDH', name: 'secp384r1', size: 384 }],
])) {
  test(`socket: getEphemeralKeyInfo, ${groups}`, async (t) => {
    const { socket } = await secured(t, { groups })
    assert.deepEqual({ ...socket.getEphemeralKeyInfo() }, expected)
  })
}

test('socket: what it tells before the handshake', async (t) => {
  const peer = await t.peer()
  const socket = t.connect(t.to(peer))
  assert.isTrue(socket.encrypted)
  assert.isFalse(socket.authorized)
  assert.isNull(socket.authorizationError)
  assert.isNull(socket.alpnProtocol)
  await event(socket, 'secureConnect')
})

test('socket: what it tells after its end', async (t) => {
  const { socket } = await secured(t, { behaviour: 'end-after-secure' })
  await outcome(socket)
  assert.isTrue(socket.destroyed)
  assert.isTrue(socket.authorized)
  assert.isNull(socket.getProtocol())
  assert.isNull(socket.getPeerCertificate())
})

test('socket: ALPN', async (t) => {
  const { peer, socket } = await secured(t, { ALPNProtocols: ['b', 'a'] }, { ALPNProtocols: ['a', 'b', 'c'] })
  assert.equal(socket.alpnProtocol, 'b')
  assert.equal((await peer.secured()).alpn, 'b')
})

test('socket: ALPN as bytes', async (t) => {
  const { socket } = await secured(t, { ALPNProtocols: ['h2', 'x'] }, { ALPNProtocols: t.Buffer.from('\x01x\x02h2') })
  assert.equal(socket.alpnProtocol, 'h2')
})

test('socket: ALPN that the server does not speak', async (t) => {
  const { peer, socket } = await secured(t, {}, { ALPNProtocols: ['a'] })
  assert.isFalse(socket.alpnProtocol)
  assert.isFalse((await peer.secured()).alpn)
})

test('socket: ALPN without overlap', async (t) => {
  const peer = await t.peer({ ALPNProtocols: ['a'] })
  const { error } = await outcome(t.connect(t.to(peer, { ALPNProtocols: ['b'] })))
  assert.match(error.code, /^ERR_SSL_.*ALERT_NO_APPLICATION_PROTOCOL$/)
})

test('socket: servername is sent', async (t) => {
  const { peer, socket } = await secured(t, {}, { servername: 'x.wild.test' })
  assert.equal((await peer.secured()).servername, 'x.wild.test')
  assert.equal(socket.servername, 'x.wild.test')
})

test('socket: without servername none is sent', async (t) => {
  const { peer } = await secured(t, {}, { host: 'localhost' })
  assert.isFalse((await peer.secured()).servername)
})

test('socket: bytesRead and bytesWritten count plaintext', async (t) => {
  const { socket } = await secured(t)
  assert.deepEqual([socket.bytesRead, socket.bytesWritten], [0, 0])
  socket.write('12345')
  await event(socket, 'data')
  assert.deepEqual([socket.bytesRead, socket.bytesWritten], [5, 5])
  socket.end(t.Buffer.alloc(100_000))
  await outcome(socket)
  assert.deepEqual([socket.bytesRead, socket.bytesWritten], [100_005, 100_005])
})

test('socket: bytesWritten counts what waits for the connection', async (t) => {
  const peer = await t.peer()
  const socket = t.connect(t.to(peer))
  socket.write('€')
  socket.write(t.Buffer.alloc(10))
  assert.equal(socket.bytesWritten, 13)
  await event(socket, 'secureConnect')
})

test('socket: addresses', { only: TCP.filter((name) => name !== 'workerd'), why: 'elsewhere the transport has none' }, async (t) => {
  const { peer, socket } = await secured(t)
  assert.deepEqual([socket.remoteAddress, socket.remotePort, socket.remoteFamily], [peer.host, peer.port, 'IPv4'])
  assert.equal(socket.localAddress, '127.0.0.1')
  assert.isAbove(socket.localPort, 0)
  assert.deepEqual({ ...socket.address() }, { address: '127.0.0.1', family: 'IPv4', port: socket.localPort })
})

/** @type {[string, unknown[]][]} */
const SETTERS = [
  ['setNoDelay', [true]],
  ['setKeepAlive', [true, 1000]],
  ['setTimeout', [0]],
  ['ref', []],
  ['unref', []],
  ['ref', []],
  ['pause', []],
  ['resume', []],
]

test('socket: setters return the socket, whatever the transport can', async (t) => {
  const peer = await t.peer()
  const socket = t.connect(t.to(peer))
  for (const moment of ['before', 'after']) {
    for (const [name, args] of SETTERS) assert.strictEqual(socket[name](...args), socket, `${name} ${moment} the connection`)
    if (moment === 'before') await event(socket, 'secureConnect')
  }
})

test('socket: write takes strings, encodings, Buffers and Uint8Arrays', async (t) => {
  const { socket } = await secured(t)
  socket.write('é')
  socket.write('c3a9', 'hex')
  socket.write('w6k=', 'base64')
  socket.write('\xc3\xa9', 'latin1')
  socket.write(t.Buffer.from('é'))
  socket.write(new TextEncoder().encode('é'))
  socket.end()
  socket.setEncoding('utf8')
  const { data } = await outcome(socket)
  assert.equal(data.join(''), 'éééééé')
})

test('socket: write of something else throws', async (t) => {
  const { socket } = await secured(t)
  for (const chunk of [null, undefined, 5, {}, []]) {
    let error
    try {
      socket.write(chunk)
    } catch (thrown) {
      error = thrown
    }
    assert.equal(error?.code, chunk === null ? 'ERR_STREAM_NULL_VALUES' : 'ERR_INVALID_ARG_TYPE', String(chunk))
  }
})

test('socket: empty writes', async (t) => {
  const { socket } = await secured(t)
  await new Promise((resolve) => socket.write('', resolve))
  await new Promise((resolve) => socket.write(t.Buffer.alloc(0), resolve))
  socket.end('x')
  assert.equal(String(t.Buffer.from(await readAll(socket))), 'x')
})

test('socket: a written Buffer may be changed once its callback was called', async (t) => {
  const { socket } = await secured(t)
  const chunk = t.Buffer.from('first')
  await new Promise((resolve) => socket.write(chunk, resolve))
  chunk.fill('x')
  socket.end()
  assert.equal(String(t.Buffer.from(await readAll(socket))), 'first')
})

test('socket: write callbacks come in order', async (t) => {
  const peer = await t.peer()
  const socket = t.connect(t.to(peer))
  const order = []
  for (let index = 0; index < 5; index++) socket.write('x', () => order.push(index))
  await new Promise((resolve) => socket.end('y', () => resolve(order.push('end'))))
  assert.deepEqual(order, [0, 1, 2, 3, 4, 'end'])
})

test('socket: cork and uncork', async (t) => {
  const { socket } = await secured(t)
  socket.cork()
  for (let index = 0; index < 10; index++) socket.write(String(index))
  socket.uncork()
  socket.end()
  assert.equal(String(t.Buffer.from(await readAll(socket))), '0123456789')
})

test('socket: setEncoding joins what chunks cut apart', async (t) => {
  const { socket } = await secured(t)
  socket.setEncoding('utf8')
  const told = outcome(socket)
  for (const byte of t.Buffer.from('a€😀z')) {
    await new Promise((resolve) => socket.write(t.Buffer.from([byte]), resolve))
  }
  socket.end()
  const { data } = await told
  assert.isTrue(data.every((chunk) => typeof chunk === 'string'))
  assert.equal(data.join(''), 'a€😀z')
})

test('socket: data comes as Buffers', async (t) => {
  const { socket } = await secured(t)
  socket.write('x')
  const [chunk] = await event(socket, 'data')
  assert.isTrue(t.Buffer.isBuffer(chunk))
})

test('socket: pipe, from and to', async (t) => {
  const { socket } = await secured(t)
  const parts = [t.random(5, 100_000), t.random(6, 50_000)]
  const source = new t.Duplex({ read: () => {}, write: (_chunk, _encoding, done) => done() })
  for (const part of parts) source.push(part)
  source.push(null)
  const received = []
  const target = new t.Duplex({
    read: () => {},
    write(chunk, _encoding, done) {
      received.push(chunk)
      setTimeout(done, 0)
    },
  })
  source.pipe(socket).pipe(target)
  await new Promise((resolve) => target.on('finish', resolve))
  assert.isTrue(t.Buffer.concat(received).equals(t.Buffer.concat(parts)))
})

test('socket: async iteration', async (t) => {
  const { socket } = await secured(t, { behaviour: 'send', options: { length: 200_000, seed: 9 } })
  let offset = 0
  for await (const chunk of socket) {
    assert.equal(t.firstDifference(9, offset, chunk), -1)
    offset += chunk.length
  }
  assert.equal(offset, 200_000)
})

test('socket: leaving an iteration destroys', async (t) => {
  const { socket } = await secured(t, { behaviour: 'send', options: { length: 500_000 } })
  for await (const chunk of socket) {
    assert.isAbove(chunk.length, 0)
    break
  }
  assert.isTrue(socket.destroyed)
})

test('socket: asynchronous disposal', async (t) => {
  const { socket } = await secured(t)
  assert.isFunction(socket[Symbol.asyncDispose])
  await socket[Symbol.asyncDispose]()
  assert.isTrue(socket.destroyed)
})

test('socket: setTimeout on an idle connection', async (t) => {
  const { socket } = await secured(t, { behaviour: 'silent' })
  await new Promise((resolve) => assert.strictEqual(socket.setTimeout(50, resolve), socket))
  assert.equal(socket.timeout, 50)
  assert.isFalse(socket.destroyed)
  socket.setTimeout(0)
  assert.equal(socket.timeout, 0)
})

test('socket: setTimeout(0) takes the timeout and its callback away', async (t) => {
  const { socket } = await secured(t)
  const fail = () => assert.fail('the timeout fired')
  socket.setTimeout(30, fail)
  socket.setTimeout(0, fail)
  assert.equal(socket.listenerCount('timeout'), 0)
  await t.sleep(100)
})

test('socket: half-close, the server sends on after the end of the client', async (t) => {
  const { peer, socket } = await secured(t, { behaviour: 'half-close', options: { length: 500_000, seed: 4 } })
  socket.end('that is all')
  const data = await readAll(socket)
  assert.equal(data.length, 500_000)
  assert.equal(t.firstDifference(4, 0, data), -1)
  const seen = await peer.seen()
  assert.isTrue(seen.ended)
  assert.equal(seen.bytesReceived, 11)
})

test('socket: when the server ends, the client ends too', async (t) => {
  const { socket } = await secured(t, { behaviour: 'end-after-secure', options: { text: 'bye' } })
  assert.isFalse(socket.allowHalfOpen)
  const { events, data, hadError } = await outcome(socket)
  assert.equal(data.join(''), 'bye')
  assert.deepEqual(events, ['end', 'finish', 'close'])
  assert.isFalse(hadError)
})

test('socket: allowHalfOpen, the client sends on after the end of the server', {
  only: TCP,
  why: 'a tunnel has no half-close',
}, async (t) => {
  const description = { behaviour: 'end-after-secure', options: { text: 'bye' }, allowHalfOpen: true }
  const { peer, socket } = await secured(t, description, { allowHalfOpen: true })
  assert.isTrue(socket.allowHalfOpen)
  socket.resume()
  await event(socket, 'end')
  assert.isFalse(socket.destroyed)
  await new Promise((resolve) => socket.write('still here', resolve))
  await peer.until(({ bytesReceived }) => bytesReceived === 10)
  socket.end()
  await event(socket, 'close')
})

test('socket: readyState while it closes', async (t) => {
  const { socket } = await secured(t, { behaviour: 'half-close', options: { length: 10 } })
  assert.equal(socket.readyState, 'open')
  socket.end()
  assert.equal(socket.readyState, 'readOnly')
  await outcome(socket)
  assert.equal(socket.readyState, 'closed')
})

test('socket: end with data and a callback', async (t) => {
  const { socket } = await secured(t)
  const finished = new Promise((resolve) => socket.end('data', 'utf8', resolve))
  assert.isTrue(socket.writableEnded)
  assert.equal(String(t.Buffer.from(await readAll(socket))), 'data')
  await finished
})

test('socket: end before the handshake', async (t) => {
  const peer = await t.peer()
  for (const text of ['', 'x']) {
    const socket = t.connect(t.to(peer))
    socket.end(text)
    const { data, error } = await outcome(socket)
    assert.isNull(error)
    assert.equal(data.join(''), text)
  }
})

test('socket: write after end', async (t) => {
  const { socket } = await secured(t)
  socket.end()
  const told = outcome(socket)
  let failure
  socket.write('x', (error) => {
    failure = error
  })
  const { error } = await told
  assert.equal(error.code, 'ERR_STREAM_WRITE_AFTER_END')
  assert.strictEqual(failure, error)
})

test('socket: destroy', async (t) => {
  const { peer, socket } = await secured(t, { behaviour: 'silent' })
  const told = outcome(socket)
  assert.strictEqual(socket.destroy(), socket)
  assert.isTrue(socket.destroyed)
  socket.destroy(new Error('too late'))
  const { events, hadError } = await told
  assert.deepEqual(events, ['close'])
  assert.isFalse(hadError)
  await peer.until(({ open }) => open === 0)
})

test('socket: destroy with an error', async (t) => {
  const { socket } = await secured(t)
  const mine = new Error('mine')
  const told = outcome(socket)
  socket.destroy(mine)
  const { events, error, hadError } = await told
  assert.strictEqual(error, mine)
  assert.deepEqual(events, ['error', 'close'])
  assert.isTrue(hadError)
})

test('socket: destroy at once', async (t) => {
  const peer = await t.peer()
  const socket = t.connect(t.to(peer))
  const told = outcome(socket)
  let failure
  socket.write('x', (error) => {
    failure = error
  })
  socket.destroy()
  const { events, hadError } = await told
  assert.deepEqual(events, ['close'])
  assert.isFalse(hadError)
  assert.instanceOf(failure, Error)
})

test('socket: destroy during the handshake', async (t) => {
  const peer = await t.peer()
  const socket = t.connect(t.to(peer))
  await event(socket, 'connect')
  const told = outcome(socket)
  socket.destroy()
  const { events, hadError } = await told
  assert.deepEqual(events, ['close'])
  assert.isFalse(hadError)
})

test('socket: destroy in a data listener', async (t) => {
  const socket = t.connect(t.to(await t.peer({ behaviour: 'send', options: { length: MEBIBYTE } })))
  let chunks = 0
  socket.on('data', () => {
    chunks++
    socket.destroy()
  })
  await event(socket, 'close')
  assert.equal(chunks, 1)
})

test('socket: write to a destroyed socket', async (t) => {
  const { socket } = await secured(t)
  socket.destroy()
  const error = await new Promise((resolve) => socket.write('x', resolve))
  assert.equal(error.code, 'ERR_STREAM_DESTROYED')
})

test('socket: destroySoon delivers what was written', async (t) => {
  // Not TLS 1.3: its tickets come after the handshake, and what is left unread when a TCP socket closes makes the system reset it.
  const { peer, socket } = await secured(t, { behaviour: 'silent', maxVersion: 'TLSv1.2' })
  socket.end(t.random(2, 2 * MEBIBYTE))
  socket.destroySoon()
  await event(socket, 'close')
  const seen = await peer.until(({ bytesReceived }) => bytesReceived === 2 * MEBIBYTE)
  assert.equal(seen.sha256, await t.randomHash(2, 2 * MEBIBYTE))
})

test('socket: destroySoon with nothing to write', async (t) => {
  const { socket } = await secured(t)
  socket.destroySoon()
  await event(socket, 'close')
  assert.isTrue(socket.destroyed)
})

test('socket: listeners added after close are harmless', async (t) => {
  const { socket } = await secured(t)
  socket.destroy()
  await event(socket, 'close')
  for (const name of ['data', 'end', 'error', 'secureConnect', 'close']) socket.on(name, () => assert.fail(`'${name}' after 'close'`))
  socket.resume()
  await t.sleep(20)
})

test('socket: no data while paused', async (t) => {
  const { socket } = await secured(t)
  let received = 0
  socket.on('data', (chunk) => {
    received += chunk.length
  })
  socket.pause()
  assert.isTrue(socket.isPaused())
  await new Promise((resolve) => socket.write('x'.repeat(1000), resolve))
  await t.sleep(50)
  assert.equal(received, 0)
  socket.resume()
  socket.end()
  await event(socket, 'end')
  assert.equal(received, 1000)
})

test('socket: paused mode, read()', async (t) => {
  const { socket } = await secured(t)
  socket.write('hello world')
  await event(socket, 'readable')
  assert.equal(String(socket.read(5)), 'hello')
  assert.equal(String(socket.read()), ' world')
  assert.isNull(socket.read())
})

test('backpressure: a reader that is paused stops the sender', { ...PAUSABLE, timeout: 60_000 }, async (t) => {
  const length = 128 * MEBIBYTE
  const { peer, socket } = await secured(t, { behaviour: 'send', options: { length, seed: 3 } })
  await event(socket, 'data')
  socket.pause()
  const seen = await peer.settled('rawBytesSent')
  // What the kernel and the windows hold, which is some megabytes, not what the peer would like to send.
  assert.isBelow(seen.rawBytesSent, length / 2)
  socket.destroy()
})

test('backpressure: a reader that reads now and then gets everything', { ...PAUSABLE, timeout: 60_000 }, async (t) => {
  const length = 8 * MEBIBYTE
  const { socket } = await secured(t, { behaviour: 'send', options: { length, seed: 3 } })
  let offset = 0
  let wrong = -1
  socket.on('data', (chunk) => {
    if (wrong < 0) wrong = t.firstDifference(3, offset, chunk)
    offset += chunk.length
    if (Math.floor(offset / MEBIBYTE) === Math.floor((offset - chunk.length) / MEBIBYTE)) return
    socket.pause()
    setTimeout(() => socket.resume(), 20)
  })
  await event(socket, 'end')
  assert.equal(offset, length)
  assert.equal(wrong, -1)
})

test("backpressure: write() returns false, and 'drain' follows", async (t) => {
  const { peer, socket } = await secured(t, { behaviour: 'sink' })
  const chunk = t.random(1, 65536)
  let chunks = 0
  let refused = 0
  while (refused < 5) {
    chunks++
    if (socket.write(chunk)) continue
    refused++
    assert.isTrue(socket.writableNeedDrain)
    await event(socket, 'drain')
    assert.equal(socket.writableLength, 0)
  }
  socket.end()
  const { bytes } = JSON.parse(String(t.Buffer.from(await readAll(socket))))
  assert.equal(bytes, chunks * chunk.length)
  assert.equal((await peer.seen()).bytesReceived, bytes)
})

test('backpressure: a peer that does not read stops the writer', async (t) => {
  const { socket } = await secured(t, { behaviour: 'silent', options: { read: false } })
  const chunk = t.Buffer.alloc(MEBIBYTE)
  let written = 0
  const write = () => {
    do written += chunk.length
    while (socket.write(chunk) && written < 200 * MEBIBYTE)
  }
  socket.on('drain', write)
  write()
  // Until the kernel's buffers are full and no 'drain' comes any more.
  for (let last = 0; last !== written; ) {
    last = written
    await t.sleep(300)
  }
  assert.isBelow(written, 200 * MEBIBYTE)
  assert.isTrue(socket.writableNeedDrain)
  socket.destroy()
})

test('backpressure: a slow reader at the other end gets everything', async (t) => {
  const length = 4 * MEBIBYTE
  const { socket } = await secured(t, { behaviour: 'sink', options: { delay: 2 } })
  socket.end(t.random(8, length))
  const answer = JSON.parse(String(t.Buffer.from(await readAll(socket))))
  assert.deepEqual(answer, { bytes: length, sha256: await t.randomHash(8, length) })
})

/** Send a random stream through an echoing peer, as fast as it takes it, and check what comes back. */
async function echoStream(t, socket, length, seed) {
  const step = 256 * 1024
  let wrong = -1
  let received = 0
  socket.on('data', (chunk) => {
    if (wrong < 0 && t.firstDifference(seed, received, chunk) >= 0) wrong = received
    received += chunk.length
  })
  const ended = event(socket, 'end')
  for (let offset = 0; offset < length; offset += step) {
    const chunk = t.Buffer.alloc(Math.min(step, length - offset))
    t.fill(seed, offset, chunk)
    if (!socket.write(chunk)) await Promise.race([event(socket, 'drain'), ended])
  }
  socket.end()
  await ended
  return { received, wrong }
}

test('bulk: 64 MiB echoed, checked by hash', { timeout: 180_000 }, async (t) => {
  const length = 64 * MEBIBYTE
  const { peer, socket } = await secured(t)
  assert.deepEqual(await echoStream(t, socket, length, 11), { received: length, wrong: -1 })
  assert.equal((await peer.seen()).sha256, await t.randomHash(11, length))
})

test('bulk: 1 GiB echoed, checked by hash, with flat memory', { full: true, timeout: 1_800_000 }, async (t) => {
  const length = 1024 * MEBIBYTE
  const { socket: first } = await secured(t)
  // What a runtime takes once for any traffic is not growth.
  await echoStream(t, first, 64 * MEBIBYTE, 12)
  const before = await t.memory()
  const { peer, socket } = await secured(t)
  assert.deepEqual(await echoStream(t, socket, length, 13), { received: length, wrong: -1 })
  assert.equal((await peer.seen()).sha256, await t.randomHash(13, length))
  if (before !== null) assert.isBelow((await t.memory()) - before, 256 * MEBIBYTE)
})

// http2-wrapper, which got brings along, takes a class from the handle of such a socket when it is loaded.
test('socket: over a PassThrough it leads to what makes a socket of a stream', {
  only: ['node-20', 'node-26', 'deno', 'bun'],
  why: 'elsewhere there is no such class',
}, async (t) => {
  const { PassThrough } = await load('node:stream')
  const { _handle: handle } = /** @type {any} */ (new t.tls.TLSSocket(new PassThrough()))
  const stream = new PassThrough()
  const made = new handle._parentWrap.constructor(stream)
  made.on('error', () => {})
  t.track(made)
  assert.instanceOf(made, t.net.Socket)
})
