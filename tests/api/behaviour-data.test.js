// How data flows through Node's TLS sockets. What other tests show of this:
//   31  tls-socket.test.js: no data while paused, a peer that does not read stops the writer
//   33  options.test.js: sizes that are none, the records that are sent
//   34  transport.test.js: Duplexes that deliver in every way, TLS in TLS, for a client
import { assert, event, outcome, readAll, test } from '../harness.js'

const CONSOLES = ['node-20', 'node-26', 'deno', 'bun']
const VERSIONS = /** @type {const} */ (['TLSv1.2', 'TLSv1.3'])
const MEBIBYTE = 1024 * 1024

/** Wait until a number no longer changes. */
async function settled(t, read) {
  for (let last = Number.NaN; last !== read(); ) {
    last = read()
    await t.sleep(200)
  }
}

test('behaviour 30: bufferSize counts what waits for the connection', async (t) => {
  const peer = await t.peer({ behaviour: 'silent' })
  const socket = t.connect(t.to(peer))
  assert.equal(socket.bufferSize, 0)
  let sum = 0
  for (let length = 1; length < 10; length++) {
    socket.write(t.Buffer.alloc(length))
    sum += length
    assert.equal(socket.bufferSize, sum)
  }
  await new Promise((resolve) => socket.end(resolve))
  assert.equal(socket.bufferSize, 0)
  socket.destroy()
  await event(socket, 'close')
  assert.isUndefined(socket.bufferSize)
})

test('behaviour: the memory of a chunk is its own, for who hands it on', { ours: true }, async (t) => {
  const { client, socket } = await t.pair()
  client.write('x')
  const [chunk] = await event(socket, 'data')
  assert.equal(String(chunk), 'x')
  assert.equal(chunk.buffer.byteLength, 1)
})

test('behaviour 30: bufferSize after the handshake, at finish and at close', async (t) => {
  const { client, socket } = await t.pair({}, {}, { allowHalfOpen: false })
  for (const [own, other] of [
    [client, socket],
    [socket, client],
  ]) {
    other.resume()
    assert.equal(own.bufferSize, 0)
    own.write('a'.repeat(1000))
    own.write(t.Buffer.alloc(234))
    assert.equal(own.bufferSize, 1234)
    await new Promise((resolve) => own.write('x', resolve))
    assert.equal(own.bufferSize, 0)
  }
  const sizes = []
  for (const side of [client, socket]) {
    side.on('finish', () => sizes.push(side.bufferSize))
    side.on('close', () => sizes.push(side.bufferSize))
  }
  const closed = Promise.all([event(client, 'close'), event(socket, 'close')])
  client.end('the last')
  await closed
  assert.deepEqual([...sizes].sort(), [0, 0, undefined, undefined])
})

test('behaviour 30: bufferSize counts plaintext, however much waits', async (t) => {
  const { client } = await t.pair({}, {}, { highWaterMark: 1000 })
  const chunk = t.Buffer.alloc(100_000)
  for (let index = 0; index < 20; index++) client.write(chunk)
  const waiting = client.bufferSize
  assert.equal(waiting, client.writableLength)
  assert.isAbove(waiting, 0)
  assert.isAtMost(waiting, 20 * chunk.length)
  assert.equal(client.bytesWritten, 20 * chunk.length)
})

for (const maxVersion of VERSIONS) {
  for (const [reader, writer] of [
    ['client', 'socket'],
    ['socket', 'client'],
  ]) {
    const title = `${reader === 'client' ? 'client' : 'server'} is paused, ${maxVersion}`

    test(`behaviour 31: write() returns false and no data comes while the ${title}`, async (t) => {
      const pair = await t.pair({ maxVersion })
      const [from, to] = [pair[writer], pair[reader]]
      let offset = 0
      let wrong = -1
      to.on('data', (chunk) => {
        if (wrong < 0 && t.firstDifference(31, offset, chunk) >= 0) wrong = offset
        offset += chunk.length
      })
      to.pause()
      let written = 0
      let refused = 0
      const write = () => {
        for (let room = true; room && written < 32 * MEBIBYTE; ) {
          const chunk = t.Buffer.alloc(16_384)
          t.fill(31, written, chunk)
          written += chunk.length
          room = from.write(chunk)
          if (!room) refused++
        }
      }
      from.on('drain', write)
      write()
      await settled(t, () => written)
      assert.isAbove(refused, 0)
      assert.isTrue(from.writableNeedDrain)
      // No more than the buffers on the way.
      assert.isBelow(written, 4 * MEBIBYTE)
      assert.equal(offset, 0)
      const drained = event(from, 'drain')
      to.resume()
      await drained
      from.removeListener('drain', write)
      from.end()
      await event(to, 'end')
      assert.equal(offset, written)
      assert.equal(wrong, -1)
    })
  }
}

test('behaviour 31: paused in a data listener, nothing more comes until it is resumed', async (t) => {
  const { client, socket } = await t.pair()
  let chunks = 0
  client.on('data', () => {
    chunks++
    client.pause()
  })
  socket.end(t.Buffer.alloc(200_000))
  for (let expected = 1; expected < 5; expected++) {
    while (chunks < expected) await t.sleep(5)
    await t.sleep(30)
    assert.equal(chunks, expected)
    client.resume()
  }
})

/** A client with `onread`, of a peer that sends a random stream. */
async function reading(t, onread, { length = 200_000, seed = 32 } = {}) {
  const peer = await t.peer({ behaviour: 'send', options: { length, seed } })
  const socket = t.connect(t.to(peer, { onread }))
  socket.on('data', () => assert.fail("'data'"))
  return socket
}

test("behaviour 32: onread fills the same buffer and there is no 'data'", async (t) => {
  const buffer = t.Buffer.alloc(4096)
  let offset = 0
  let wrong = -1
  /** @this {any} */
  function callback(count, filled) {
    assert.strictEqual(filled, buffer)
    assert.isAtLeast(count, 1)
    assert.isAtMost(count, buffer.length)
    assert.strictEqual(this, socket)
    if (wrong < 0 && t.firstDifference(32, offset, filled.subarray(0, count)) >= 0) wrong = offset
    offset += count
    return true
  }
  const socket = await reading(t, { buffer, callback })
  await event(socket, 'end')
  assert.equal(offset, 200_000)
  assert.equal(wrong, -1)
  assert.equal(socket.bytesRead, 200_000)
})

test('behaviour 32: onread with a function asks it for each buffer', async (t) => {
  const buffers = [t.Buffer.alloc(1000), new Uint8Array(333)]
  let asked = 0
  let offset = 0
  let wrong = -1
  const buffer = () => buffers[asked++ % 2]
  const callback = (count, filled) => {
    assert.strictEqual(filled, buffers[(asked - 1) % 2])
    if (wrong < 0 && t.firstDifference(32, offset, filled.subarray(0, count)) >= 0) wrong = offset
    offset += count
    return true
  }
  const socket = await reading(t, { buffer, callback })
  await event(socket, 'end')
  assert.equal(offset, 200_000)
  assert.equal(wrong, -1)
  assert.isAbove(asked, 200)
})

test('behaviour 32: onread that returns false pauses', async (t) => {
  const length = 4 * MEBIBYTE
  const buffer = t.Buffer.alloc(4096)
  let offset = 0
  let wrong = -1
  const callback = (count, filled) => {
    if (wrong < 0 && t.firstDifference(32, offset, filled.subarray(0, count)) >= 0) wrong = offset
    offset += count
    return false
  }
  const socket = await reading(t, { buffer, callback }, { length })
  const ended = event(socket, 'end')
  await event(socket, 'secureConnect')
  for (let rounds = 0; rounds < 3; rounds++) {
    const before = offset
    while (offset === before) await t.sleep(5)
    // What was decrypted already may still come.
    await settled(t, () => offset)
    assert.isBelow(offset, length / 2)
    socket.resume()
  }
  const timer = setInterval(() => socket.resume(), 1)
  t.after(() => clearInterval(timer))
  await ended
  assert.equal(offset, length)
  assert.equal(wrong, -1)
})

test('behaviour 32: onread writes into a small part of a pool and not beside it', async (t) => {
  const pool = new Uint8Array(3000).fill(0xaa)
  const buffer = t.Buffer.from(pool.buffer, 1000, 100)
  let offset = 0
  let wrong = -1
  const callback = (count, filled) => {
    assert.strictEqual(filled, buffer)
    assert.isAtMost(count, 100)
    if (wrong < 0 && t.firstDifference(32, offset, pool.subarray(1000, 1000 + count)) >= 0) wrong = offset
    offset += count
    return true
  }
  const socket = await reading(t, { buffer, callback })
  await event(socket, 'end')
  assert.equal(offset, 200_000)
  assert.equal(wrong, -1)
  for (const beside of [pool.subarray(0, 1000), pool.subarray(1100)]) assert.isTrue(beside.every((byte) => byte === 0xaa))
})

test('behaviour 32: over a given socket, onread is not used', async (t) => {
  const { client, socket } = await t.pair({}, { onread: { buffer: t.Buffer.alloc(100), callback: () => assert.fail('onread') } })
  socket.end('as data')
  assert.equal(String(t.Buffer.from(await readAll(client))), 'as data')
})

for (const maxVersion of VERSIONS) {
  test(`behaviour 33: received chunks are never more than one record, ${maxVersion}`, async (t) => {
    const { client, socket } = await t.pair({ maxVersion })
    for (const [from, to] of [
      [client, socket],
      [socket, client],
    ]) {
      for (const size of [511, 16_385, 0, -1]) assert.isFalse(from.setMaxSendFragment(size), String(size))
      for (const size of [16_384, 512]) {
        assert.isTrue(from.setMaxSendFragment(size))
        const lengths = []
        let received = 0
        const done = new Promise((resolve) => {
          to.on('data', (chunk) => {
            lengths.push(chunk.length)
            received += chunk.length
            if (received === 100_000) resolve(undefined)
          })
        })
        from.write(t.Buffer.alloc(100_000))
        await done
        to.removeAllListeners('data')
        assert.isAtLeast(lengths.length, 100_000 / size)
        for (const length of lengths) assert.isAtMost(length, size)
      }
    }
  })
}

test('behaviour 33: received chunks are never more than one record, however the records arrive', async (t) => {
  const peer = await t.peer({ behaviour: 'send', options: { length: MEBIBYTE } })
  const socket = t.connect(t.to(peer))
  const { data } = await outcome(socket)
  assert.equal(t.Buffer.concat(data).length, MEBIBYTE)
  for (const { length } of data) assert.isAtMost(length, 16_384)
})

/** Both sides send so many bytes and end; both get what the other sent, without an error. */
async function exchange(t, client, socket, length) {
  const told = [outcome(client), outcome(socket)]
  client.end(t.random(1, length))
  socket.end(t.random(2, length))
  for (const [index, seed] of [2, 1].entries()) {
    const { data, error } = await told[index]
    assert.isNull(error)
    const all = t.Buffer.concat(data)
    assert.equal(all.length, length)
    assert.equal(t.firstDifference(seed, 0, all), -1)
  }
}

for (const maxVersion of VERSIONS) {
  for (const pieceSize of [1, 7, 1000]) {
    test(`behaviour 34: client and server over Duplexes that deliver ${pieceSize} bytes at a time, ${maxVersion}`, async (t) => {
      const { client, socket } = await t.pair({ maxVersion }, {}, { pieceSize })
      await exchange(t, client, socket, pieceSize * 2_000)
    })
  }

  test(`behaviour 34: TLS in TLS in TLS, ${maxVersion}`, async (t) => {
    let { client, socket, server } = await t.pair({ maxVersion })
    for (let depth = 0; depth < 2; depth++) {
      const accepted = event(server, 'secureConnection')
      server.emit('connection', socket)
      client = t.connect({ socket: client, rejectUnauthorized: false })
      await event(client, 'secureConnect')
      ;[socket] = await accepted
    }
    await exchange(t, client, socket, 200_000)
  })
}

/** Let a client say hello over a pair, and give the server's end once it holds the hello, unread. */
async function withHello(t, before) {
  const [near, far] = t.duplexPair()
  if (before) near.write(before)
  const { ca } = await t.certificate('ecdsa-p256')
  const client = t.connect({ socket: near, ca, servername: 'localhost' })
  // Until the hello is there whole; nobody reads yet.
  far.read(0)
  while (far.readableLength < 150) await t.sleep(5)
  return { client, far }
}

/** A server's TLS socket works: what it writes arrives, and what comes in, it reads. */
async function worksFor(t, server, client) {
  const [[socket]] = await Promise.all([event(server, 'secureConnection'), event(client, 'secureConnect')])
  socket.pipe(socket)
  client.end(t.random(34, 50_000))
  const data = await readAll(client)
  assert.equal(data.length, 50_000)
  assert.equal(t.firstDifference(34, 0, data), -1)
}

test('behaviour 34: bytes that a raw Duplex holds already are consumed', async (t) => {
  const server = await t.server()
  const { client, far } = await withHello(t)
  server.emit('connection', far)
  await worksFor(t, server, client)
})

test('behaviour 34: bytes that were put back on a raw Duplex are consumed', async (t) => {
  const server = await t.server()
  const { client, far } = await withHello(t, 'STARTTLS\n')
  const all = far.read()
  assert.equal(String(all.subarray(0, 9)), 'STARTTLS\n')
  far.unshift(all.subarray(9))
  server.emit('connection', far)
  await worksFor(t, server, client)
})

test('behaviour 34: bytes that a raw net.Socket holds already are consumed', { only: CONSOLES, why: 'TCP servers' }, async (t) => {
  const server = await t.server()
  const bare = t.net.createServer({ pauseOnConnect: true }, async (tcp) => {
    tcp.read(0)
    while (tcp.readableLength < 150) await t.sleep(5)
    server.emit('connection', tcp)
  })
  bare.listen(0, '127.0.0.1')
  await event(bare, 'listening')
  t.after(() => new Promise((resolve) => bare.close(resolve)))
  const { ca } = await t.certificate('ecdsa-p256')
  await worksFor(t, server, t.connect({ port: bare.address().port, host: '127.0.0.1', ca }))
})

/** Read the plain line that comes before TLS; gives the line. */
async function readLine(t, stream) {
  for (let held = t.Buffer.alloc(0); ; ) {
    const chunk = stream.read()
    if (!chunk) {
      await event(stream, 'readable')
      continue
    }
    held = t.Buffer.concat([held, chunk])
    const end = held.indexOf('\n') + 1
    if (end === 0) continue
    if (end < held.length) stream.unshift(held.subarray(end))
    return String(held.subarray(0, end))
  }
}

for (const length of [10, 300_000]) {
  test(`behaviour 34: raw writes of ${length} bytes that wait go before the handshake, over a Duplex`, async (t) => {
    const server = await t.server()
    const [near, far] = t.duplexPair({ highWaterMark: 1000 })
    near.write(`${'x'.repeat(length - 1)}\n`)
    assert.isAbove(near.writableLength, 0)
    const { ca } = await t.certificate('ecdsa-p256')
    const client = t.connect({ socket: near, ca, servername: 'localhost' })
    assert.equal((await readLine(t, far)).length, length)
    server.emit('connection', far)
    await worksFor(t, server, client)
  })

  test(`behaviour 34: raw writes of ${length} bytes that wait go before the handshake, over TCP`, {
    only: CONSOLES,
    why: 'TCP servers',
  }, async (t) => {
    const server = await t.server()
    const bare = t.net.createServer(async (tcp) => {
      assert.equal((await readLine(t, tcp)).length, length)
      server.emit('connection', tcp)
    })
    bare.listen(0, '127.0.0.1')
    await event(bare, 'listening')
    t.after(() => new Promise((resolve) => bare.close(resolve)))
    const raw = t.track(t.net.connect(bare.address().port, '127.0.0.1'))
    raw.write(`${'x'.repeat(length - 1)}\n`)
    const { ca } = await t.certificate('ecdsa-p256')
    await worksFor(t, server, t.connect({ socket: raw, ca, servername: 'localhost' }))
  })
}

test('behaviour 34: raw writes of a server that wait go before its handshake', async (t) => {
  const server = await t.server()
  const [near, far] = t.duplexPair({ highWaterMark: 1000 })
  far.write(`220 ready ${'x'.repeat(5000)}\n`)
  server.emit('connection', far)
  assert.match(await readLine(t, near), /^220 ready x+\n$/)
  const { ca } = await t.certificate('ecdsa-p256')
  await worksFor(t, server, t.connect({ socket: near, ca, servername: 'localhost' }))
})
