// What goes on while a handshake or a decision is under way: nothing is held without bound, lost, or kept waiting.
import { accepted, begin, join, refused } from '../connections.js'
import { assert, event, outcome, test } from '../harness.js'

const LISTENING = { only: ['node-20', 'node-26'], why: 'they can listen, with sockets that tell what they have read' }

const NO_TOP = { except: ['workerd'], why: 'an error that reaches the top ends it' }

const NOT_OF_NODE_20 = { except: ['workerd', 'node-20'], why: `${NO_TOP.why}; the asynchronous contexts of Node 20's own tls break` }

const MEGABYTE = 2 ** 20

test('under way: what a client sends while its session is being kept waits in the network', LISTENING, async (t) => {
  const server = await t.server({ minVersion: 'TLSv1.3' })
  const { ca } = await t.certificate('ecdsa-p256')
  const answers = []
  server.on('newSession', (_id, _data, callback) => void answers.push(callback))
  server.listen(0, '127.0.0.1')
  await event(server, 'listening')
  const raw = event(server, 'connection')
  const client = t.connect({ port: server.address().port, host: '127.0.0.1', ca, servername: 'localhost' })
  const [transport] = await raw
  await event(client, 'secureConnect')
  client.on('error', () => {})
  client.write(t.Buffer.alloc(64 * MEGABYTE))
  // Until it stands still, or has read too much.
  for (let last = -1; transport.bytesRead !== last && transport.bytesRead < 16 * MEGABYTE; ) {
    last = transport.bytesRead
    await t.sleep(500)
  }
  assert.isBelow(transport.bytesRead, 16 * MEGABYTE)
})

test('under way: what a client has sent is not lost when it leaves while its session is being kept', LISTENING, async (t) => {
  const server = await t.server({ minVersion: 'TLSv1.3' })
  const { ca } = await t.certificate('ecdsa-p256')
  const gone = new Promise((resolve) => {
    server.on('newSession', (_id, _data, callback) => void gone.then(() => t.sleep(100)).then(callback))
    server.once('connection', (raw) => raw.once('end', resolve))
    // A transport that is paused until the session is kept does not tell its end before.
    t.sleep(500).then(resolve)
  })
  server.listen(0, '127.0.0.1')
  await event(server, 'listening')
  const secured = accepted(server)
  const client = t.connect({ port: server.address().port, host: '127.0.0.1', ca, servername: 'localhost' })
  client.on('error', () => {})
  await event(client, 'secureConnect')
  client.write('request', () => client.destroy())
  const [data] = await event(await secured, 'data')
  assert.equal(String(data), 'request')
})

test('under way: keying material that is too long is refused, and harms no other connection', { ours: true }, async (t) => {
  const { client, socket } = await t.pair()
  const other = await t.pair()
  assert.throws(() => client.exportKeyingMaterial(2 ** 31, 'label'))
  assert.throws(() => socket.exportKeyingMaterial(2 ** 32 - 1, 'label'))
  other.socket.write('x')
  assert.equal(String((await event(other.client, 'data'))[0]), 'x')
})

test('under way: tickets outlive a trap', { ours: true }, async (t) => {
  const server = await t.server({ minVersion: 'TLSv1.3' })
  const { client } = await join(t, server)
  client.resume()
  const [session] = await event(client, 'session')
  assert.throws(() => t.tls[Symbol.for('isomorphic-tls.trap')]())
  client.on('error', () => {})
  const { client: next } = await join(t, server, { session })
  assert.isTrue(next.isSessionReused())
})

test("under way: a listener for 'OCSPResponse' that throws does not keep the handshake waiting for ever", NO_TOP, async (t) => {
  const server = await t.server()
  const uncaught = t.nextUncaught()
  const client = await begin(t, server, { requestOCSP: true })
  client.on('OCSPResponse', () => {
    throw new Error('of the listener')
  })
  // Node 20 waits.
  const ends = t.isReference && t.runtime === 'node-20' ? ['waiting'] : ['secure', 'closed']
  const over = Promise.race([event(client, 'secureConnect').then(() => 'secure'), outcome(client).then(() => 'closed')])
  assert.equal((await uncaught).message, 'of the listener')
  assert.oneOf(await Promise.race([over, t.sleep(3000).then(() => 'waiting')]), ends)
})

for (const version of ['TLSv1.2', 'TLSv1.3']) {
  test(`under way: a client's last flight is one write, ${version}`, async (t) => {
    const server = await t.server({ maxVersion: version })
    const { ca } = await t.certificate('ecdsa-p256')
    const [near, far] = t.duplexPair()
    server.emit('connection', far)
    const sizes = []
    const write = near._write
    near._write = function (chunk, ...rest) {
      sizes.push(chunk.length)
      return write.call(this, chunk, ...rest)
    }
    const client = t.connect({ socket: near, ca, servername: 'localhost' })
    await Promise.all([event(client, 'secureConnect'), accepted(server)])
    // The ClientHello, and all the rest: what comes in small writes waits for an acknowledgement each (RFC 896).
    assert.lengthOf(sizes, 2)
  })
}

/** Count how often a Duplex is written to. */
function countWrites(duplex) {
  const counted = { writes: 0 }
  for (const method of ['_write', '_writev']) {
    const inherited = duplex[method]
    if (!inherited) continue
    duplex[method] = function (...parameters) {
      counted.writes += 1
      return inherited.apply(this, parameters)
    }
  }
  return counted
}

test('under way: tickets and what a listener writes at once are one write', async (t) => {
  const server = await t.server({ minVersion: 'TLSv1.3' })
  const { ca } = await t.certificate('ecdsa-p256')
  const [near, far] = t.duplexPair()
  const counted = countWrites(far)
  server.on('secureConnection', (socket) => void socket.write('x'))
  server.emit('connection', far)
  const client = t.connect({ socket: near, ca, servername: 'localhost' })
  await event(client, 'data')
  assert.equal(counted.writes, 2)
})

for (const how of ['early', 'at once', 'awaited']) {
  test(`under way: tickets and the answer to what came with the end of the handshake are one write, ${how}`, async (t) => {
    const server = await t.server({ minVersion: 'TLSv1.3' })
    const { ca } = await t.certificate('ecdsa-p256')
    const [near, far] = t.duplexPair()
    const counted = countWrites(far)
    server.on('secureConnection', (socket) => void socket.on('data', (data) => socket.write(data)))
    server.emit('connection', far)
    const client = t.connect({ socket: near, ca, servername: 'localhost' })
    const ask = () => client.write('x')
    if (how === 'early') ask()
    else if (how === 'at once') client.once('secureConnect', ask)
    else event(client, 'secureConnect').then(ask)
    await event(client, 'data')
    assert.equal(counted.writes, 2)
  })
}

for (const version of /** @type {const} */ (['TLSv1.2', 'TLSv1.3'])) {
  test(`under way: a server may destroy a client whose session was to be kept, ${version}`, async (t) => {
    for (const delay of [undefined, 20]) {
      const server = await t.server({ minVersion: version, maxVersion: version })
      server.on('newSession', (_id, _data, callback) => (delay ? void setTimeout(callback, delay) : callback()))
      const closed = new Promise((resolve) => {
        server.on('secureConnection', (socket) => void socket.on('close', resolve).destroy())
      })
      const client = await begin(t, server)
      client.on('error', () => {})
      await closed
    }
  })

  const throwing = async (t) => {
    const server = await t.server({ minVersion: version, maxVersion: version })
    server.on('newSession', (_id, _data, callback) => void setTimeout(callback, 20))
    const mine = Object.assign(new Error('of the listener'), { code: 'ENOENT' })
    server.on('secureConnection', (socket) => {
      socket.on('error', () => assert.fail('it is not the error of the socket'))
      throw mine
    })
    const uncaught = t.nextUncaught()
    await begin(t, server)
    assert.strictEqual(await uncaught, mine)
  }
  const name = `under way: what a listener throws goes to the process while a session is being kept, ${version}`
  test(name, version === 'TLSv1.3' ? NOT_OF_NODE_20 : NO_TOP, throwing)
  if (version === 'TLSv1.3') test(`${name}, on Node 20`, { ours: true, only: ['node-20'], why: 'its own tls ends the process' }, throwing)
}

test('under way: a client of TLS 1.3 is told at once, and what is for it waits until its sessions are kept', async (t) => {
  const events = []
  const server = await t.server({ minVersion: 'TLSv1.3' })
  server.on('newSession', (_id, _data, callback) => {
    events.push('newSession')
    t.sleep(50).then(() => {
      events.push('kept')
      callback()
    })
  })
  server.on('secureConnection', (socket) => {
    events.push('secureConnection')
    assert.isTrue(socket.readable && socket.writable)
    socket.on('end', () => events.push('end'))
    socket.write('welcome')
  })
  const client = await begin(t, server)
  await event(client, 'secureConnect')
  client.end()
  assert.equal(String((await event(client, 'data'))[0]), 'welcome')
  const told = events.filter((name) => name !== 'end')
  assert.deepEqual(told.slice(0, 4), ['secureConnection', 'newSession', 'newSession', 'kept'])
  assert.isAbove(events.indexOf('end'), events.indexOf('secureConnection'))
})

test('under way: a client that sends and leaves is heard after it was let in', { ours: true }, async (t) => {
  const { ca } = await t.certificate('ecdsa-p256')
  const { key, chain } = await t.certificate('client')
  for (const version of /** @type {const} */ (['TLSv1.2', 'TLSv1.3'])) {
    const verifyPeer = () => t.sleep(100)
    const server = await t.server({ requestCert: true, ca, verifyPeer, minVersion: version, maxVersion: version })
    const secured = accepted(server)
    const client = await begin(t, server, { key, cert: chain })
    client.resume().once('secureConnect', () => client.end('fire and forget'))
    const socket = await secured
    let read = ''
    socket.on('data', (data) => (read += data))
    await event(socket, 'end')
    assert.equal(read, 'fire and forget')
  }
})

test('under way: an answer after a trap fails the connection alone', { ours: true }, async (t) => {
  const SNICallback = (_name, answer) =>
    void t.sleep(20).then(() => {
      assert.throws(() => t.tls[Symbol.for('isomorphic-tls.trap')](), /was replaced/)
      answer(null)
    })
  // In TLS 1.3 the protocol is chosen first.
  const server = await t.server({ ALPNProtocols: ['here'], SNICallback, maxVersion: 'TLSv1.2' })
  const { error } = await refused(t, server, { ALPNProtocols: ['there'] })
  assert.equal(error.code, 'ERR_TLS_ENGINE_FAILED')
})

test('under way: over ends that call each other, what a listener throws is not the error of the other side', NO_TOP, async (t) => {
  const ends = [0, 1].map(
    (own) =>
      new t.Duplex({
        read() {},
        write(chunk, _encoding, callback) {
          ends[1 - own].push(t.Buffer.from(chunk))
          callback()
        },
      }),
  )
  const server = await t.server()
  const { ca } = await t.certificate('ecdsa-p256')
  const mine = new Error('of the listener')
  server.on('secureConnection', () => {
    throw mine
  })
  const uncaught = t.nextUncaught()
  server.emit('connection', ends[1])
  const client = t.connect({ socket: ends[0], ca, servername: 'localhost' })
  client.on('error', () => assert.fail('it is not the error of the client'))
  assert.strictEqual(await uncaught, mine)
})

test('under way: what came before a bad record is read, also by who writes meanwhile', { ours: true }, async (t) => {
  const { client, socket, raw } = await t.pair({ maxVersion: 'TLSv1.2' })
  const [near, far] = raw
  const held = []
  far._writev = undefined
  far._write = (chunk, _encoding, callback) => {
    held.push(t.Buffer.from(chunk))
    callback()
  }
  for (const text of ['one', 'two']) await new Promise((resolve) => socket.write(text, resolve))
  const read = []
  client.on('data', (data) => {
    read.push(String(data))
    client.write('an answer')
  })
  near.push(t.Buffer.concat([...held, t.Buffer.from([0x17, 3, 3, 0, 1, 0])]))
  await outcome(client)
  assert.deepEqual(read, ['one', 'two'])
})
