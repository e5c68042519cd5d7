// In which order a connection tells what becomes of it, and that whoever awaits one thing is there for the next.
import { assert, event, test } from '../harness.js'

const CONSOLES = { only: ['node-20', 'node-26', 'deno', 'bun'], why: 'TCP servers' }
const NODES = { only: ['node-20', 'node-26'], why: 'sockets that can be reset' }
const VERSIONS = /** @type {const} */ (['TLSv1.2', 'TLSv1.3'])

/** More than all the buffers between two ends take, in bytes. */
const MUCH = 16 * 1024 * 1024

/** What is told, in order: names of events, and what is noted beside them. */
function record(socket, names) {
  const told = []
  for (const name of names) socket.on(name, () => told.push(name))
  return told
}

/** The options of a client to a server of this runtime that listens. */
async function toListening(t, server) {
  server.listen(0, '127.0.0.1')
  await event(server, 'listening')
  const { ca } = await t.certificate('ecdsa-p256')
  return { port: server.address().port, host: '127.0.0.1', ca, servername: 'localhost' }
}

/** Write more than the other end reads, and note the callbacks. */
function writeMuch(t, socket, told) {
  socket.write(t.Buffer.alloc(MUCH), () => told.push('first'))
  socket.write('x', () => told.push('second'))
  socket.end(() => told.push('last'))
}

const closeOf = (socket) => new Promise((resolve) => socket.on('close', resolve))

for (const maxVersion of VERSIONS) {
  test(`order: what is being written fails after 'error' and before 'close', ${maxVersion}`, CONSOLES, async (t) => {
    const server = await t.server({ maxVersion })
    server.on('secureConnection', (socket) => socket.on('error', () => {}).pause())
    const client = t.connect(await toListening(t, server))
    await event(client, 'secureConnect')
    const told = record(client, ['error', 'close'])
    const closed = closeOf(client)
    writeMuch(t, client, told)
    await t.sleep(50)
    client.destroy(new Error('enough'))
    assert.isTrue(await closed)
    assert.deepEqual(told, ['error', 'first', 'second', 'last', 'close'])
  })

  // Over a Duplex, Node answers sometimes before, sometimes after.
  test(`order: the same over a Duplex, ${maxVersion}`, { ours: true }, async (t) => {
    const { client, socket } = await t.pair({ maxVersion })
    socket.pause()
    const told = record(client, ['error', 'close'])
    const closed = closeOf(client)
    writeMuch(t, client, told)
    client.destroy(new Error('enough'))
    assert.isTrue(await closed)
    assert.deepEqual(told, ['error', 'first', 'second', 'last', 'close'])
  })

  test(`order: the same where the connection is reset, ${maxVersion}`, NODES, async (t) => {
    const server = await t.server({ maxVersion })
    const { port, ...options } = await toListening(t, server)
    const tunnel = t.net.createServer((near) => {
      const far = t.track(t.net.connect(port, options.host))
      for (const end of [near, far]) end.on('error', () => {})
      near.pipe(far).pipe(near)
      tunnel.reset = () => near.resetAndDestroy()
    })
    tunnel.listen(0, options.host)
    await event(tunnel, 'listening')
    t.after(() => new Promise((resolve) => tunnel.close(resolve)))
    server.on('secureConnection', (socket) => socket.on('error', () => {}).pause())
    const client = t.connect({ ...options, port: tunnel.address().port })
    await event(client, 'secureConnect')
    client.resume()
    const told = record(client, ['error', 'close'])
    const closed = closeOf(client)
    writeMuch(t, client, told)
    await t.sleep(50)
    tunnel.reset()
    assert.isTrue(await closed)
    assert.deepEqual(told, ['error', 'first', 'second', 'last', 'close'])
  })

  test(`order: whoever awaits 'error' is there for 'close', ${maxVersion}`, async (t) => {
    const server = await t.server({ maxVersion })
    const [near, far] = t.duplexPair()
    server.emit('connection', far)
    const client = t.connect({ socket: near, servername: 'localhost' })
    const [error] = await event(client, 'error')
    assert.equal(error.code, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
    const [hadError] = await event(client, 'close')
    assert.isTrue(hadError)
  })

  for (const last of ['end', 'finish']) {
    test(`order: whoever awaits data and '${last}' is there for 'close', ${maxVersion}`, CONSOLES, async (t) => {
      const server = await t.server({ maxVersion })
      server.on('secureConnection', (socket) => socket.resume().end('bye'))
      const client = t.connect(await toListening(t, server))
      assert.equal(String(await event(client, 'data')), 'bye')
      await event(client, last)
      assert.deepEqual(await event(client, 'close'), [false])
    })
  }

  test(`order: whoever awaits 'secureConnect' is there for the 'end', ${maxVersion}`, CONSOLES, async (t) => {
    const server = await t.server({ maxVersion })
    server.on('secureConnection', (socket) => socket.resume().end())
    const client = t.connect(await toListening(t, server)).resume()
    await event(client, 'secureConnect')
    await event(client, 'end')
    assert.deepEqual(await event(client, 'close'), [false])
  })

  test(`order: whoever awaits 'secureConnection' is there for the 'end', ${maxVersion}`, CONSOLES, async (t) => {
    const server = await t.server({ maxVersion })
    const accepted = event(server, 'secureConnection')
    const client = t.connect(await toListening(t, server))
    client.resume().once('secureConnect', () => client.end())
    const [socket] = await accepted
    socket.resume()
    await event(socket, 'end')
    assert.deepEqual(await event(socket, 'close'), [false])
  })

  test(`order: whoever awaits 'tlsClientError' is there for 'close', ${maxVersion}`, CONSOLES, async (t) => {
    const server = await t.server({ maxVersion, requestCert: true })
    const failed = event(server, 'tlsClientError')
    const client = t.connect(await toListening(t, server))
    client.on('error', () => {})
    const [error, socket] = await failed
    assert.equal(error.code, 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE')
    await event(socket, 'close')
  })

  test(`order: a server that closes within the handshake: 'end' before 'error', ${maxVersion}`, CONSOLES, async (t) => {
    const server = t.net.createServer((tcp) => {
      tcp.on('error', () => {})
      tcp.once('data', () => tcp.end())
    })
    server.listen(0, '127.0.0.1')
    await event(server, 'listening')
    t.after(() => new Promise((resolve) => server.close(resolve)))
    for (const early of [false, true]) {
      const client = t.connect({ port: server.address().port, host: '127.0.0.1', maxVersion })
      const told = record(client, ['secureConnect', 'end', 'error', 'close'])
      const codes = []
      client.on('error', ({ code }) => codes.push(code))
      if (early) client.write('early', () => told.push('written'))
      assert.isTrue(await closeOf(client))
      assert.deepEqual(told, ['end', 'error', ...(early ? ['written'] : []), 'close'])
      assert.deepEqual(codes, ['ECONNRESET'])
    }
  })

  for (const how of ['at once', 'awaited']) {
    test(`order: a server that is destroyed in its 'secureConnection', ${how}, ${maxVersion}`, CONSOLES, async (t) => {
      const server = await t.server({ maxVersion })
      const options = await toListening(t, server)
      const destroy = (socket) => {
        socket.on('error', () => {})
        socket.destroy()
      }
      if (how === 'at once') server.on('secureConnection', destroy)
      else event(server, 'secureConnection').then(([socket]) => destroy(socket))
      const client = t.connect(options)
      const told = record(client, ['secureConnect', 'data', 'end', 'error'])
      await closeOf(client)
      assert.deepEqual(told, maxVersion === 'TLSv1.2' ? ['end', 'error'] : ['secureConnect', 'end'])
    })
  }
}

for (const how of ['at once', 'awaited']) {
  test(`order: a server hears nothing of a client that is destroyed in its 'secureConnect', ${how}`, CONSOLES, async (t) => {
    const server = await t.server()
    const options = await toListening(t, server)
    const failed = new Promise((resolve, reject) => {
      server.on('tlsClientError', resolve)
      server.on('secureConnection', () => reject(new Error('the server was told who that was')))
    })
    const client = t.connect(options)
    const closed = closeOf(client)
    if (how === 'at once') client.once('secureConnect', () => client.destroy())
    else event(client, 'secureConnect').then(() => client.destroy())
    assert.equal((await failed).code, 'ECONNRESET')
    assert.isFalse(await closed)
  })
}
