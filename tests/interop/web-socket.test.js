// ws over sockets of the module under test: its client through `createConnection`, its server on an HTTP server that gets them.
import { assert, event, test } from '../harness.js'
import { identity, listen, listenSecurely, load, trust } from '../servers.js'

const CONSOLES = { only: ['node-20', 'node-26', 'deno', 'bun'], why: 'ws stands on modules of Node' }

const MEBIBYTE = 1024 * 1024

/** A client whose connection is of the module under test. */
async function clientOver(t, { WebSocket }, port, options) {
  let used = 0
  const createConnection = ({ servername }) => {
    used++
    return t.tls.connect({ port, host: '127.0.0.1', servername, ca: options.ca })
  }
  const client = new WebSocket(`wss://localhost:${port}/path`, ['chat'], { ...options, createConnection })
  assert.equal(used, 1)
  return client
}

const clientOfNode = async (_, { WebSocket }, port, options) => new WebSocket(`wss://127.0.0.1:${port}/path`, ['chat'], options)

async function serverOfNode(t) {
  const https = await load('node:https')
  const server = https.createServer(await identity(t))
  return { server, ...(await listen(t, server)) }
}

async function serverOver(t) {
  const http = await load('node:http')
  const server = http.createServer()
  return { ...(await listenSecurely(t, {}, (socket) => server.emit('connection', socket))), server }
}

/**
 * Who talks to whom: at least one end is of the module under test.
 * @type {Record<string, [any, any]>}
 */
const PAIRS = {
  'client, Node’s server': [clientOver, serverOfNode],
  'Node’s client, server': [clientOfNode, serverOver],
  'client and server': [clientOver, serverOver],
}

/** Both ends of an open WebSocket: the client's, and the server's. */
async function open(t, [makeClient, makeServer], { server: serverOptions = {}, client: clientOptions = {} } = {}) {
  const ws = await load('ws')
  const { server, port } = await makeServer(t)
  const webSockets = new ws.WebSocketServer({ server, ...serverOptions })
  const accepted = event(webSockets, 'connection')
  const client = await makeClient(t, ws, port, { ...(await trust(t)), ...clientOptions })
  t.after(() => {
    client.on('error', () => {})
    client.terminate()
  })
  const [[socket, request]] = await Promise.all([accepted, event(client, 'open')])
  return { ws, client, socket, request }
}

/** Send everything back, as it came. */
const echo = (socket) => socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }))

for (const [who, pair] of Object.entries(PAIRS)) {
  const wsTest = (what, body) => test(`ws: ${who}: ${what}`, CONSOLES, body)

  wsTest('texts and bytes come back', async (t) => {
    const { client, socket, request } = await open(t, pair)
    assert.equal(request.url, '/path')
    assert.isTrue(request.socket.encrypted)
    assert.equal(client.protocol, 'chat')
    echo(socket)
    for (const sent of ['hello', '', 'ä€😀'.repeat(1000)]) {
      client.send(sent)
      const [data, isBinary] = await event(client, 'message')
      assert.equal(String(data), sent)
      assert.isFalse(isBinary)
    }
    for (const length of [0, 1, 125, 126, 65_535, 65_536, 300_000]) {
      client.send(t.random(41, length))
      const [data, isBinary] = await event(client, 'message')
      assert.isTrue(isBinary)
      assert.lengthOf(data, length)
      assert.equal(t.firstDifference(41, 0, data), -1)
    }
  })

  wsTest('a large message', async (t) => {
    const { client, socket } = await open(t, pair)
    echo(socket)
    client.send(t.random(42, 8 * MEBIBYTE))
    const [data] = await event(client, 'message')
    assert.lengthOf(data, 8 * MEBIBYTE)
    assert.equal(t.firstDifference(42, 0, data), -1)
  })

  wsTest('many messages at once keep their order', async (t) => {
    const { client, socket } = await open(t, pair)
    echo(socket)
    const count = 500
    const all = new Promise((resolve) => {
      const received = []
      client.on('message', (data) => {
        received.push(Number(String(data)))
        if (received.length === count) resolve(received)
      })
    })
    for (let index = 0; index < count; index++) client.send(String(index))
    assert.deepEqual(
      await all,
      Array.from({ length: count }, (_, index) => index),
    )
  })

  wsTest('the server speaks first', async (t) => {
    const ws = await load('ws')
    const { server, port } = await pair[1](t)
    const webSockets = new ws.WebSocketServer({ server })
    webSockets.on('connection', (socket) => {
      socket.send('first')
      socket.close(1000, 'done')
    })
    const client = await pair[0](t, ws, port, await trust(t))
    const [[data], [code, reason]] = await Promise.all([event(client, 'message'), event(client, 'close')])
    assert.equal(String(data), 'first')
    assert.equal(code, 1000)
    assert.equal(String(reason), 'done')
  })

  wsTest('compressed messages', async (t) => {
    const perMessageDeflate = { threshold: 0 }
    const { client, socket } = await open(t, pair, { server: { perMessageDeflate }, client: { perMessageDeflate } })
    assert.include(client.extensions, 'permessage-deflate')
    echo(socket)
    client.send('compress '.repeat(100_000))
    const [data] = await event(client, 'message')
    assert.equal(String(data), 'compress '.repeat(100_000))
  })

  wsTest('as a stream', async (t) => {
    const { ws, client, socket } = await open(t, pair)
    echo(socket)
    const stream = ws.createWebSocketStream(client)
    t.track(stream)
    const length = 4 * MEBIBYTE
    const sent = t.random(43, length)
    for (let offset = 0; offset < length; offset += 100_000) stream.write(sent.subarray(offset, offset + 100_000))
    let received = 0
    for await (const chunk of stream) {
      assert.equal(t.firstDifference(43, received, chunk), -1)
      received += chunk.length
      if (received === length) break
    }
    assert.equal(received, length)
  })

  wsTest('ping and pong', async (t) => {
    const { client, socket } = await open(t, pair)
    for (const end of [client, socket]) {
      end.ping('are you there')
      const [data] = await event(end, 'pong')
      assert.equal(String(data), 'are you there')
    }
  })

  for (const end of /** @type {const} */ (['client', 'socket'])) {
    const name = end === 'client' ? 'the client' : 'the server'

    wsTest(`${name} closes, with a code`, async (t) => {
      const both = await open(t, pair)
      const closes = Promise.all([event(both.client, 'close'), event(both.socket, 'close')])
      both[end].close(4321, 'enough')
      for (const [code, reason] of await closes) {
        assert.equal(code, 4321)
        assert.equal(String(reason), 'enough')
      }
    })

    wsTest(`${name} terminates`, async (t) => {
      const both = await open(t, pair)
      const closes = Promise.all([event(both.client, 'close'), event(both.socket, 'close')])
      both[end].terminate()
      for (const [code] of await closes) assert.equal(code, 1006)
    })
  }

  wsTest('a message that is too large closes the connection', async (t) => {
    const { client, socket } = await open(t, pair, { server: { maxPayload: 1000 } })
    const failed = event(socket, 'error')
    const closed = new Promise((resolve) => client.on('close', resolve))
    client.on('error', () => {})
    client.send(t.Buffer.alloc(100_000))
    assert.equal((await failed)[0].code, 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH')
    assert.include([1006, 1009], await closed)
  })
}

test('ws: client: a CA that is not the server’s', CONSOLES, async (t) => {
  const ws = await load('ws')
  const { port } = await serverOfNode(t)
  const client = await clientOver(t, ws, port, {})
  const [error] = await event(client, 'error')
  assert.equal(error.code, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
})
