// What carries the ciphertext: any Duplex, whatever way it delivers and wherever it stops; Web Streams; WebSockets.
import { accepted } from '../connections.js'
import { assert, event, outcome, readAll, test } from '../harness.js'

const VERSIONS = /** @type {const} */ (['TLSv1.2', 'TLSv1.3'])

/**
 * A Duplex in front of a transport.
 * @param {any} t
 * @param {any} stream the transport
 * @param {(chunk: any, push: (chunk: any) => void) => void} deliver what happens to bytes from the peer
 * @param {(chunk: any, write: (chunk: any) => void) => void} [send] what happens to bytes to the peer
 */
function inFront(t, stream, deliver, send = (chunk, write) => write(chunk)) {
  const double = t.track(
    new t.Duplex({
      // A TLS socket over a Duplex takes this from it.
      allowHalfOpen: false,
      read: () => {},
      write(chunk, _encoding, done) {
        send(chunk, (part) => stream.write(part))
        done()
      },
      final(done) {
        stream.end()
        done()
      },
      destroy(error, done) {
        stream.destroy()
        done(error)
      },
    }),
  )
  const push = (chunk) => {
    if (!double.destroyed && !double.readableEnded) double.push(chunk)
  }
  stream.on('data', (chunk) => deliver(chunk, push))
  stream.on('end', () => deliver(null, push))
  stream.on('error', (error) => double.destroy(error))
  return double
}

/** Cut a chunk into parts, with sizes that a function chooses. */
function cut(chunk, size, use) {
  for (let at = 0; at < chunk.length; ) {
    const end = Math.min(chunk.length, at + size())
    use(chunk.subarray(at, end))
    at = end
  }
}

/** Ways in which a transport may deliver; each makes a function that gets chunks, null for the end. */
const DELIVERIES = {
  'one byte at a time': () => (chunk, push) => (chunk ? cut(chunk, () => 1, push) : push(null)),
  'one byte a turn of the event loop': () => {
    let queue = Promise.resolve()
    const later = (use) => {
      queue = queue.then(() => new Promise((resolve) => setTimeout(resolve, 0))).then(use)
    }
    return (chunk, push) =>
      chunk
        ? cut(
            chunk,
            () => 1,
            (part) => later(() => push(part)),
          )
        : later(() => push(null))
  },
  'random chunks': (t) => {
    const choose = t.chooser(99)
    return (chunk, push) => (chunk ? cut(chunk, () => 1 + choose(700), push) : push(null))
  },
  'one lump': (t) => {
    const waiting = []
    let timer
    return (chunk, push) => {
      waiting.push(chunk)
      clearTimeout(timer)
      timer = setTimeout(() => {
        const ended = waiting.at(-1) === null
        const parts = ended ? waiting.slice(0, -1) : waiting
        const lump = t.Buffer.concat(parts)
        waiting.length = 0
        if (lump.length) push(lump)
        if (ended) push(null)
      }, 20)
    }
  },
}

for (const version of VERSIONS) {
  for (const [name, make] of Object.entries(DELIVERIES)) {
    test(`transport: a Duplex that delivers ${name}, ${version}`, async (t) => {
      // A turn of the event loop takes a browser four milliseconds.
      const length = name.includes('turn') ? 100 : 40_000
      const peer = await t.peer({ maxVersion: version })
      const double = inFront(t, await t.transport(peer), make(t))
      const socket = t.connect({ socket: double, ca: peer.ca, servername: 'localhost' })
      await event(socket, 'secureConnect')
      assert.isTrue(socket.authorized)
      socket.end(t.random(1, length))
      const data = await readAll(socket)
      assert.equal(data.length, length)
      assert.equal(t.firstDifference(1, 0, data), -1)
    })
  }

  test(`transport: a Duplex that sends one byte at a time, ${version}`, async (t) => {
    const peer = await t.peer({ maxVersion: version })
    const deliver = (chunk, push) => push(chunk)
    const double = inFront(t, await t.transport(peer), deliver, (chunk, write) => cut(chunk, () => 1, write))
    const socket = t.connect({ socket: double, ca: peer.ca, servername: 'localhost' })
    socket.end(t.random(2, 2_000))
    assert.equal(t.firstDifference(2, 0, await readAll(socket)), -1)
  })
}

/** Let `limit` bytes from the peer through, then end. */
function stopReceiving(limit) {
  let left = limit
  return (chunk, push) => {
    if (left < 0) return
    if (chunk && chunk.length < left) {
      left -= chunk.length
      push(chunk)
      return
    }
    if (chunk && left > 0) push(chunk.subarray(0, left))
    left = -1
    push(null)
  }
}

/** A transport that stops after so many bytes of the peer's, or of the client's. */
const STOPS = {
  'from the peer': (t, stream, limit) => inFront(t, stream, stopReceiving(limit)),
  'to the peer': (t, stream, limit) => {
    let left = limit
    const double = inFront(
      t,
      stream,
      (chunk, push) => push(chunk),
      (chunk, write) => {
        const part = chunk.subarray(0, Math.max(0, left))
        left -= chunk.length
        if (part.length) write(part)
        if (left > 0) return
        stream.destroy()
        double.push(null)
      },
    )
    return double
  },
}

/** How many bytes a whole handshake takes, each way. */
async function handshakeLength(t, peer) {
  const lengths = { 'from the peer': 0, 'to the peer': 0 }
  const count = (way) => (chunk, pass) => {
    lengths[way] += chunk?.length ?? 0
    pass(chunk)
  }
  const double = inFront(t, await t.transport(peer), count('from the peer'), count('to the peer'))
  const socket = t.connect({ socket: double, ca: peer.ca, servername: 'localhost' })
  await event(socket, 'secureConnect')
  // What the client sends last may still be on its way through the double.
  await t.sleep(20)
  socket.destroy()
  return lengths
}

/** All positions, or the first and last ones with some in between. */
function positions(length, all) {
  const list = Array.from({ length: length + 1 }, (_, index) => index)
  return all ? list : list.filter((index) => index < 8 || index > length - 8 || index % 41 === 0)
}

/** Do something with each item, some at a time. */
async function each(items, use, atOnce = 8) {
  const queue = [...items]
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await use(item)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

for (const version of VERSIONS) {
  for (const [way, stop] of Object.entries(STOPS)) {
    test(`transport: one that stops at a position of the handshake, ${way}, ${version}`, { timeout: 600_000 }, async (t) => {
      const peer = await t.peer({ maxVersion: version, behaviour: 'silent' })
      const length = (await handshakeLength(t, peer))[way]
      let refused = 0
      const stopAt = async (position) => {
        const stream = await t.transport(peer)
        const socket = t.connect({ socket: stop(t, stream, position), ca: peer.ca, servername: 'localhost' })
        // A handshake that was done before the stop goes on to a peaceful end.
        socket.on('secureConnect', () => socket.end())
        let timer
        const late = new Promise((_, reject) => {
          timer = setTimeout(() => reject(new Error(`hangs when stopped after ${position} of ${length} bytes`)), 15_000)
        })
        const { events, error } = await Promise.race([outcome(socket), late])
        clearTimeout(timer)
        if (!events.includes('secureConnect')) {
          refused++
          assert.isString(error?.code, `after ${position} bytes: ${events}`)
          assert.isNotEmpty(error.message)
        }
      }
      await each(positions(length, t.full), stopAt)
      assert.isAbove(refused, 5)
    })
  }
}

test('transport: an error of the Duplex during the handshake', async (t) => {
  const double = new t.Duplex({ read: () => {}, write: (_chunk, _encoding, done) => done() })
  const told = outcome(t.connect({ socket: double, servername: 'localhost' }))
  await t.sleep(10)
  double.destroy(new Error('the cable broke'))
  const { error, events, hadError } = await told
  assert.equal(error.message, 'the cable broke')
  assert.deepEqual(events.slice(-2), ['error', 'close'])
  assert.isFalse(hadError)
})

test('transport: a given socket that fails to connect', {
  only: ['node-20', 'node-26', 'deno', 'bun'],
  why: 'they have TCP',
}, async (t) => {
  const peer = await t.peer()
  await peer.stop()
  const raw = t.track(t.net.connect(peer.port, peer.host))
  raw.on('error', () => {})
  const { error, hadError } = await outcome(t.connect({ socket: raw, servername: 'localhost' }))
  assert.equal(error.code, 'ECONNREFUSED')
  assert.isFalse(hadError)
})

test('transport: a given socket that is reset', { only: ['node-20', 'node-26', 'deno', 'bun'], why: 'they have TCP' }, async (t) => {
  const peer = await t.peer({ kind: 'raw', behaviour: 'reset' })
  const raw = t.track(t.net.connect(peer.port, peer.host))
  raw.on('error', () => {})
  const { error, hadError } = await outcome(t.connect({ socket: raw, servername: 'localhost' }))
  assert.equal(error.code, 'ECONNRESET')
  assert.isTrue(hadError)
})

test('transport: an error of the Duplex after the handshake', async (t) => {
  const peer = await t.peer()
  const double = inFront(t, await t.transport(peer), (chunk, push) => push(chunk))
  const socket = t.connect({ socket: double, ca: peer.ca, servername: 'localhost' })
  await event(socket, 'secureConnect')
  const told = outcome(socket)
  double.destroy(new Error('the cable broke'))
  assert.equal((await told).error.message, 'the cable broke')
})

/** Duplexes that bring something else than bytes, and what they bring. */
const NO_BYTES = {
  text: (t) => [t.track(new t.Duplex({ read() {}, write: (_chunk, _encoding, done) => done() })).setEncoding('utf8'), 'no bytes'],
  objects: (t) => [t.track(new t.Duplex({ objectMode: true, read() {}, write: (_chunk, _encoding, done) => done() })), { no: 'bytes' }],
}

for (const [what, make] of Object.entries(NO_BYTES)) {
  test(`transport: a Duplex that brings no bytes, ${what}`, async (t) => {
    const [double, chunk] = make(t)
    const socket = t.connect({ socket: double, servername: 'localhost' })
    setTimeout(() => double.push(chunk), 10)
    const [error] = await event(socket, 'error')
    assert.equal(error.code, 'ERR_STREAM_WRAP')
    assert.equal(error.message, 'Stream has StringDecoder set or is in objectMode')
  })
}

test('transport: a given socket that is destroyed takes the TLS socket along', async (t) => {
  const peer = await t.peer()
  const stream = await t.transport(peer)
  const socket = t.connect({ socket: stream, ca: peer.ca, servername: 'localhost' })
  await event(socket, 'secureConnect')
  const told = outcome(socket)
  stream.destroy()
  const { error, events } = await told
  assert.isNull(error)
  assert.deepEqual(events, ['close'])
  assert.isTrue(socket.destroyed)
})

test('transport: a TLS socket that is destroyed takes the Duplex along', async (t) => {
  const peer = await t.peer()
  const double = inFront(t, await t.transport(peer), (chunk, push) => push(chunk))
  const socket = t.connect({ socket: double, ca: peer.ca, servername: 'localhost' })
  await event(socket, 'secureConnect')
  socket.destroy()
  await event(double, 'close')
})

test('transport: a Duplex that takes its time to write', async (t) => {
  const peer = await t.peer({ behaviour: 'sink' })
  const stream = await t.transport(peer)
  let most = 0
  const double = new t.Duplex({
    writableHighWaterMark: 1024,
    read: () => {},
    write(chunk, encoding, done) {
      most = Math.max(most, double.writableLength)
      setTimeout(() => stream.write(chunk, encoding, done), 1)
    },
    final: (done) => stream.end(done),
  })
  stream.on('data', (chunk) => double.push(chunk))
  stream.on('end', () => double.push(null))
  const socket = t.connect({ socket: double, ca: peer.ca, servername: 'localhost' })
  await event(socket, 'secureConnect')
  const length = 2 * 1024 * 1024
  for (let offset = 0; offset < length; offset += 65536) {
    const chunk = t.Buffer.alloc(65536)
    t.fill(3, offset, chunk)
    if (!socket.write(chunk)) await event(socket, 'drain')
  }
  socket.end()
  const answer = JSON.parse(String(t.Buffer.from(await readAll(socket))))
  assert.deepEqual(answer, { bytes: length, sha256: await t.randomHash(3, length) })
  // Nobody piles up megabytes in front of a transport that cannot take them.
  assert.isBelow(most, 512 * 1024)
})

test('transport: TLS in TLS', async (t) => {
  const inner = await t.peer()
  // The outer connection is to a peer that carries the bytes on to the inner one.
  const outer = await t.peer({ behaviour: 'forward', options: { port: inner.port } })
  const tunnel = t.connect(t.to(outer))
  await event(tunnel, 'secureConnect')
  const socket = t.connect({ socket: tunnel, ca: inner.ca, servername: 'localhost' })
  await event(socket, 'secureConnect')
  socket.end(t.random(4, 100_000))
  const data = await readAll(socket)
  assert.equal(data.length, 100_000)
  assert.equal(t.firstDifference(4, 0, data), -1)
})

/** Our transports, over each kind of thing. */
const TRANSPORTS = {
  fromWebSocket: (t, peer) => t.webSocket(peer).then((socket) => t.transports.fromWebSocket(socket)),
  fromWebStreams: (t, peer) => t.webStreams(peer).then((pair) => t.transports.fromWebStreams(pair)),
  'toDuplex of a WebSocket': (t, peer) => t.webSocket(peer).then((socket) => t.transports.toDuplex(socket)),
  'toDuplex of Web Streams': (t, peer) => t.webStreams(peer).then((pair) => t.transports.toDuplex(pair)),
}

for (const [name, make] of Object.entries(TRANSPORTS)) {
  test(`transport: ${name}`, { ours: true }, async (t) => {
    const peer = await t.peer()
    const socket = t.connect({ socket: await make(t, peer), ca: peer.ca, servername: 'localhost' })
    await event(socket, 'secureConnect')
    const length = 2 * 1024 * 1024
    socket.end(t.random(6, length))
    const data = await readAll(socket)
    assert.equal(data.length, length)
    assert.equal(t.firstDifference(6, 0, data), -1)
    await peer.until(({ open }) => open === 0)
  })

  test(`transport: ${name}, the peer ends first`, { ours: true }, async (t) => {
    const peer = await t.peer({ behaviour: 'send', options: { length: 100_000, seed: 2 } })
    const socket = t.connect({ socket: await make(t, peer), ca: peer.ca, servername: 'localhost' })
    // Whether it ends by itself depends on the transport's allowHalfOpen.
    socket.on('end', () => socket.end())
    const told = await outcome(socket)
    assert.isNull(told.error)
    assert.equal(t.firstDifference(2, 0, t.Buffer.concat(told.data)), -1)
    assert.include(told.events, 'end')
  })

  test(`transport: ${name}, destroyed`, { ours: true }, async (t) => {
    const peer = await t.peer({ behaviour: 'silent' })
    const socket = t.connect({ socket: await make(t, peer), ca: peer.ca, servername: 'localhost' })
    await event(socket, 'secureConnect')
    socket.destroy()
    await peer.until(({ open }) => open === 0)
  })

  test(`transport: ${name}, cut off in the handshake`, { ours: true }, async (t) => {
    const peer = await t.peer({ kind: 'raw', behaviour: 'close-after', options: { bytes: 1 } })
    const { error } = await outcome(t.connect({ socket: await make(t, peer), servername: 'localhost' }))
    assert.equal(error.code, 'ECONNRESET')
    if (name.includes('WebSocket')) assert.match(error.cause?.message, /the WebSocket closed with code 1\d{3}/)
  })
}

/** One end of a WebSocket, connected without a network: what it sends stays queued while it is `stalled`. */
class WebSocketEnd extends EventTarget {
  readyState = 1
  bufferedAmount = 0
  binaryType = 'arraybuffer'
  stalled = false
  /** @type {WebSocketEnd} */
  other = this

  send(bytes) {
    if (this.stalled) this.bufferedAmount += bytes.byteLength
    else this.other.tell('message', { data: Uint8Array.from(bytes).buffer })
  }

  close(code = 1005, reason = '') {
    for (const end of [this.other, this]) end.tell('close', { code, reason })
  }

  /** What comes in has a turn of its own. */
  tell(type, fields) {
    setTimeout(() => {
      if (this.readyState !== 1) return
      if (type === 'close') this.readyState = 3
      this.dispatchEvent(Object.assign(new Event(type), fields))
    }, 0)
  }
}

function webSocketPair() {
  const [near, far] = [new WebSocketEnd(), new WebSocketEnd()]
  near.other = far
  far.other = near
  return [near, far]
}

test('transport: a WebSocket that closes while a write waits, and nobody has read what came', { ours: true }, async (t) => {
  const [near, far] = webSocketPair()
  const transport = t.track(t.transports.fromWebSocket(near))
  near.stalled = true
  transport.write(t.Buffer.alloc(2 ** 21))
  far.send(t.random(3, 10_000))
  await t.sleep(10)
  far.close(1011, 'out of order')
  await t.sleep(50)
  const { data, error, events } = await outcome(transport)
  assert.equal(t.firstDifference(3, 0, t.Buffer.concat(data)), -1)
  assert.deepEqual(events, ['end', 'error', 'close'])
  assert.equal(error.code, 'EPIPE')
  assert.match(error.cause.message, /code 1011: out of order$/)
})

for (const version of VERSIONS) {
  test(`transport: all that came before a WebSocket closed is read, though a write waits, ${version}`, { ours: true }, async (t) => {
    const length = 400_000
    const server = await t.server({ maxVersion: version })
    const { ca } = await t.certificate('ecdsa-p256')
    const [near, far] = webSocketPair()
    const secured = accepted(server)
    server.emit('connection', t.transports.fromWebSocket(far))
    const socket = t.connect({ socket: near, ca, servername: 'localhost', allowHalfOpen: true })
    const [peer] = await Promise.all([secured, event(socket, 'secureConnect')])
    near.stalled = true
    socket.write(t.Buffer.alloc(2 ** 21))
    peer.on('error', () => {})
    peer.end(t.random(4, length), () => far.close(1001))
    const { data, error } = await outcome(socket)
    const received = t.Buffer.concat(data)
    assert.equal(received.length, length)
    assert.equal(t.firstDifference(4, 0, received), -1)
    assert.equal(error.code, 'EPIPE')
    assert.match(error.cause.message, /code 1001$/)
  })
}

test('transport: toDuplex gives a Duplex back as it is', { ours: true }, (t) => {
  const duplex = new t.Duplex({ read: () => {} })
  assert.strictEqual(t.transports.toDuplex(duplex), duplex)
})

test('transport: toDuplex refuses what carries no bytes', { ours: true }, (t) => {
  for (const thing of [null, undefined, 1, 'x', {}, { readable: 1 }, []]) {
    let error
    try {
      t.transports.toDuplex(thing)
    } catch (thrown) {
      error = thrown
    }
    assert.equal(error?.code, 'ERR_INVALID_ARG_TYPE', JSON.stringify(thing))
  }
})

test('transport: a WebSocket that is still connecting', { ours: true }, async (t) => {
  const peer = await t.peer()
  const webSocket = new t.WebSocket(t.webSocketUrl(peer))
  const socket = t.connect({ socket: t.transports.fromWebSocket(webSocket), ca: peer.ca, servername: 'localhost' })
  await event(socket, 'secureConnect')
})

test('transport: a WebSocket that cannot connect', { ours: true }, async (t) => {
  const peer = await t.peer()
  await peer.stop()
  const webSocket = new t.WebSocket(t.webSocketUrl(peer))
  const { error, hadError } = await outcome(t.connect({ socket: t.transports.fromWebSocket(webSocket), servername: 'localhost' }))
  assert.equal(error.code, 'ECONNRESET')
  assert.equal(error.cause.code, 'ERR_TLS_TRANSPORT_FAILED')
  // Deno has no code of it.
  assert.match(error.cause.message, t.runtime === 'deno' ? /the WebSocket closed/ : /the WebSocket closed with code 1\d{3}/)
  assert.isTrue(hadError)
})

test('transport: a WebSocket that brings more than its reader may leave waiting', { ours: true, timeout: 60_000 }, async (t) => {
  const peer = await t.peer({ behaviour: 'send', options: { length: 64 * 1024 * 1024 } })
  const transport = t.transports.fromWebSocket(await t.webSocket(peer), { maxBufferedBytes: 300_000 })
  const socket = t.connect({ socket: transport, ca: peer.ca, servername: 'localhost' })
  await event(socket, 'secureConnect')
  socket.pause()
  const [error] = await event(socket, 'error')
  assert.equal(error.code, 'ERR_TLS_TRANSPORT_OVERFLOW')
})

test('transport: what a WritableStream gets is in memory of its own', { ours: true }, async (t) => {
  const written = []
  const writable = new WritableStream({
    write(chunk) {
      written.push(chunk.buffer.byteLength === chunk.byteLength)
    },
  })
  const transport = t.transports.fromWebStreams({ readable: new ReadableStream(), writable })
  const whole = t.Buffer.from('of the pool, where there is one')
  transport.write(whole)
  transport.write(whole.subarray(1, 3))
  await new Promise((resolve) => transport.end(resolve))
  assert.deepEqual(written, [true, true])
})

test('transport: Web Streams that open after the Duplex was destroyed are let go of', { ours: true }, async (t) => {
  const ended = []
  const readable = new ReadableStream({ cancel: () => void ended.push('cancelled') })
  const writable = new WritableStream({ abort: () => void ended.push('aborted') })
  let open = (_info) => {}
  const opened = new Promise((resolve) => {
    open = resolve
  })
  const socket = t.connect({ socket: { readable, writable, opened }, servername: 'localhost' })
  socket.destroy()
  await event(socket, 'close')
  open({})
  await t.sleep(10)
  assert.sameMembers(ended, ['cancelled', 'aborted'])
})

test('transport: Web Streams that bring text', { ours: true }, async (t) => {
  const readable = new ReadableStream({ start: (controller) => controller.enqueue('no bytes') })
  const { error } = await outcome(t.connect({ socket: { readable, writable: new WritableStream() }, servername: 'localhost' }))
  assert.equal(error.code, 'ERR_INVALID_ARG_TYPE')
})

test('transport: Web Streams are not read ahead of a paused reader', { ours: true }, async (t) => {
  const peer = await t.peer({ behaviour: 'send', options: { length: 8 * 1024 * 1024 } })
  const { readable, writable } = await t.webStreams(peer)
  let read = 0
  const counted = readable.pipeThrough(
    new TransformStream({
      transform(chunk, controller) {
        read += chunk.length
        controller.enqueue(chunk)
      },
    }),
  )
  const transport = t.transports.fromWebStreams({ readable: counted, writable })
  const socket = t.connect({ socket: transport, ca: peer.ca, servername: 'localhost' })
  await event(socket, 'secureConnect')
  socket.pause()
  for (let last = -1; last !== read; ) {
    last = read
    await t.sleep(200)
  }
  assert.isBelow(read, 4 * 1024 * 1024)
  socket.resume()
  let received = 0
  socket.on('data', (chunk) => {
    received += chunk.length
  })
  await event(socket, 'end')
  assert.equal(received, 8 * 1024 * 1024)
})

test("transport: the runtime's own sockets of Web Streams", { ours: true, only: ['deno', 'workerd'], why: 'they have such' }, async (t) => {
  const peer = await t.peer()
  const address = { hostname: peer.host, port: peer.port }
  const connection = t.runtime === 'deno' ? await globalThis.Deno.connect(address) : (await import('cloudflare:sockets')).connect(address)
  const socket = t.connect({ socket: t.transports.fromWebStreams(connection), ca: peer.ca, servername: 'localhost' })
  await event(socket, 'secureConnect')
  socket.end(t.random(6, 100_000))
  assert.equal(t.firstDifference(6, 0, await readAll(socket)), -1)
})

/**
 * No more than this of WebSocketStream: Chromium (156) drops what waits unread when the other end closes, and its page crashes when
 * the connection ends while a write waits.
 */
const WEB_SOCKET_STREAM = { ours: true, only: ['chromium'], why: 'only it has WebSocketStream', timeout: 60_000 }

test('transport: a WebSocketStream', WEB_SOCKET_STREAM, async (t) => {
  const peer = await t.peer()
  const socket = t.connect({ socket: t.transports.fromWebStreams(t.webSocketStream(peer)), ca: peer.ca, servername: 'localhost' })
  await event(socket, 'secureConnect')
  const length = 2 * 1024 * 1024
  socket.write(t.random(6, length))
  let offset = 0
  await new Promise((resolve, reject) => {
    socket.on('data', (chunk) => {
      if (t.firstDifference(6, offset, chunk) >= 0) reject(new Error(`wrong after ${offset} bytes`))
      offset += chunk.length
      if (offset === length) resolve(undefined)
    })
  })
  socket.destroy()
  await peer.until(({ open }) => open === 0)
})

test('transport: a WebSocketStream is paused with its reader', WEB_SOCKET_STREAM, async (t) => {
  // Much more than the browser and the tunnel take in by themselves.
  const length = 512 * 1024 * 1024
  const peer = await t.peer({ behaviour: 'send', options: { length, seed: 3 } })
  const socket = t.connect(t.to(peer, { connector: () => t.webSocketStream(peer) }))
  await event(socket, 'secureConnect')
  await event(socket, 'data')
  socket.pause()
  const seen = await peer.settled('rawBytesSent')
  assert.isBelow(seen.rawBytesSent, length / 4)
})
