// Node's own http2 over sockets of the module under test: the client through `createConnection`, the server through
// `emit('connection')` of `http2.createServer` and `emit('secureConnection')` of `http2.createSecureServer`.
import { assert, event, readAll, test } from '../harness.js'
import { identity, listen, listenSecurely, load, trust } from '../servers.js'

const NODES = { only: ['node-20', 'node-26'], why: 'http2 is a module of Node' }

const MEBIBYTE = 1024 * 1024

/** ALPN as a client and a server of HTTP/2 have it. */
const ALPNProtocols = ['h2']

/** A session whose connection is of the module under test. */
async function connectOver(t, http2, { port, ...options }) {
  const reaching = { port, host: '127.0.0.1', ALPNProtocols, ...(await trust(t)) }
  return http2.connect('https://localhost', { createConnection: () => t.tls.connect(reaching), ...options })
}

/** The same on a connection that has shaken hands already. */
async function connectOverSecured(t, http2, { port, ...options }) {
  const socket = t.connect({ port, host: '127.0.0.1', ALPNProtocols, ...(await trust(t)) })
  await event(socket, 'secureConnect')
  return http2.connect('https://localhost', { createConnection: () => socket, ...options })
}

async function connectOfNode(t, http2, { port, ...options }) {
  return http2.connect(`https://127.0.0.1:${port}`, { ...(await trust(t)), ...options })
}

/** Node's own server. */
async function serverOfNode(t, http2, options) {
  const server = http2.createSecureServer({ ...(await identity(t)), ...options })
  return { server, ...(await listen(t, server)) }
}

/** Node's server for sockets that bring plaintext, given sockets of the module under test. */
async function serverByConnection(t, http2, options) {
  const server = http2.createServer(options)
  return { ...(await listenSecurely(t, { ALPNProtocols }, (socket) => server.emit('connection', socket))), server }
}

/** Node's secure server, given sockets that are secured already. */
async function serverBySecureConnection(t, http2, options) {
  const server = http2.createSecureServer(options)
  return { ...(await listenSecurely(t, { ALPNProtocols }, (socket) => server.emit('secureConnection', socket))), server }
}

/**
 * Who talks to whom: at least one end is of the module under test.
 * @type {Record<string, [any, any]>}
 */
const PAIRS = {
  'client, Node’s server': [connectOver, serverOfNode],
  'secured client, Node’s server': [connectOverSecured, serverOfNode],
  "Node’s client, server by 'connection'": [connectOfNode, serverByConnection],
  "Node’s client, server by 'secureConnection'": [connectOfNode, serverBySecureConnection],
  'client and server': [connectOver, serverBySecureConnection],
}

/** Both ends: the client's session, and the server with a listener for its streams. */
async function arrange(t, [connect, makeServer], onStream, { server: serverOptions = {}, client: clientOptions = {} } = {}) {
  const http2 = await load('node:http2')
  const made = await makeServer(t, http2, serverOptions)
  made.server.on('stream', (stream, headers) => {
    stream.on('error', () => {})
    onStream(stream, headers)
  })
  const serverSession = new Promise((resolve) => made.server.once('session', resolve))
  const session = await connect(t, http2, { port: made.port, ...clientOptions })
  t.after(() => session.destroy())
  return { http2, session, serverSession, ...made }
}

/** Answer with what was asked. */
const mirror = (stream, headers) => {
  stream.respond({ ':status': 200, 'x-path': headers[':path'] })
  stream.pipe(stream)
}

/**
 * The answer to a request. It is read from the start: over a socket that is not Node's own, Node 26 gives an answer that came in
 * one piece all at once, headers and end.
 */
async function ask(session, path, body) {
  const stream = session.request({ ':path': path, ':method': 'POST' })
  stream.end(body)
  const [[headers], answer] = await Promise.all([event(stream, 'response'), readAll(stream)])
  return { headers, body: answer }
}

for (const [who, pair] of /** @type {[string, any][]} */ (Object.entries(PAIRS))) {
  const http2Test = (what, body) => test(`http2: ${who}: ${what}`, NODES, body)

  http2Test('streams one after another', async (t) => {
    const { session, connections } = await arrange(t, pair, mirror)
    for (let index = 0; index < 10; index++) {
      const { headers, body } = await ask(session, `/${index}`, `body ${index}`)
      assert.equal(headers[':status'], 200)
      assert.equal(headers['x-path'], `/${index}`)
      assert.equal(t.Buffer.from(body).toString(), `body ${index}`)
    }
    assert.lengthOf(connections, 1)
  })

  http2Test('many streams at once', async (t) => {
    const { session, connections } = await arrange(t, pair, mirror)
    const answers = await Promise.all(Array.from({ length: 90 }, (_, index) => ask(session, `/${index}`, 'x'.repeat(index * 100))))
    for (const [index, { headers, body }] of answers.entries()) {
      assert.equal(headers['x-path'], `/${index}`)
      assert.lengthOf(body, index * 100)
    }
    assert.lengthOf(connections, 1)
  })

  http2Test('large bodies both ways, on several streams', async (t) => {
    const { session } = await arrange(t, pair, mirror)
    const seeds = [11, 12, 13, 14]
    const answers = await Promise.all(seeds.map((seed) => ask(session, '/', t.random(seed, 2 * MEBIBYTE))))
    for (const [index, { body }] of answers.entries()) {
      assert.lengthOf(body, 2 * MEBIBYTE)
      assert.equal(t.firstDifference(seeds[index], 0, body), -1)
    }
  })

  http2Test('a reader that pauses', async (t) => {
    const { session } = await arrange(t, pair, (stream) => {
      stream.respond({ ':status': 200 })
      stream.end(t.random(15, 4 * MEBIBYTE))
    })
    const stream = session.request({ ':path': '/' })
    let received = 0
    stream.on('data', (chunk) => {
      assert.equal(t.firstDifference(15, received, chunk), -1)
      received += chunk.length
      stream.pause()
      setImmediate(() => stream.resume())
    })
    await event(stream, 'end')
    assert.equal(received, 4 * MEBIBYTE)
  })

  http2Test('larger windows and frames', async (t) => {
    const settings = { initialWindowSize: 4 * MEBIBYTE, maxFrameSize: MEBIBYTE }
    const { session } = await arrange(t, pair, mirror, { server: { settings }, client: { settings } })
    const { body } = await ask(session, '/', t.random(16, 3 * MEBIBYTE))
    assert.lengthOf(body, 3 * MEBIBYTE)
    assert.equal(t.firstDifference(16, 0, body), -1)
  })

  http2Test('the compatible interface, with trailers', async (t) => {
    const { session, server } = await arrange(t, pair, () => {})
    server.on('request', (request, response) => {
      response.setHeader('x-version', request.httpVersion)
      response.write(request.url)
      response.addTrailers({ 'x-last': 'yes' })
      response.end()
    })
    const stream = session.request({ ':path': '/compatible' })
    const [[headers], [trailers], body] = await Promise.all([event(stream, 'response'), event(stream, 'trailers'), readAll(stream)])
    assert.equal(headers['x-version'], '2.0')
    assert.equal(t.Buffer.from(body).toString(), '/compatible')
    assert.equal(trailers['x-last'], 'yes')
  })

  http2Test('push is off where the client says so', async (t) => {
    const onStream = (stream) => {
      stream.respond({ ':status': 200 })
      stream.end(String(stream.pushAllowed))
    }
    const { session } = await arrange(t, pair, onStream, { client: { settings: { enablePush: false } } })
    const { body } = await ask(session, '/')
    assert.equal(t.Buffer.from(body).toString(), 'false')
  })

  http2Test('push', async (t) => {
    const { session } = await arrange(t, pair, (stream) => {
      stream.pushStream({ ':path': '/pushed' }, (error, pushed) => {
        assert.isNull(error)
        pushed.respond({ ':status': 200 })
        stream.respond({ ':status': 200 })
        // The client has seen what is coming, and reads it.
        stream.resume().on('end', () => {
          pushed.end('pushed')
          stream.end('asked for')
        })
      })
    })
    const stream = session.request({ ':path': '/', ':method': 'POST' })
    const body = readAll(stream)
    const [pushed, headers] = await event(session, 'stream')
    const pushedBody = readAll(pushed)
    stream.end()
    assert.equal(headers[':path'], '/pushed')
    assert.equal(t.Buffer.from(await pushedBody).toString(), 'pushed')
    assert.equal(t.Buffer.from(await body).toString(), 'asked for')
  })

  http2Test('ping, from both ends', async (t) => {
    const { session, serverSession } = await arrange(t, pair, mirror)
    const ping = (from) =>
      new Promise((resolve, reject) => {
        const asked = t.random(17, 8)
        from.ping(asked, (error, _duration, payload) => (error ? reject(error) : resolve([asked, payload])))
      })
    await event(session, 'connect')
    for (const from of [session, await serverSession]) {
      const [asked, payload] = await ping(from)
      assert.deepEqual([...payload], [...asked])
    }
  })

  http2Test('settings are told and acknowledged', async (t) => {
    const { session } = await arrange(t, pair, mirror, { server: { settings: { maxConcurrentStreams: 7 } } })
    const [settings] = await event(session, 'remoteSettings')
    assert.equal(settings.maxConcurrentStreams, 7)
    await new Promise((resolve) => session.settings({ initialWindowSize: 100_000 }, resolve))
    assert.equal(session.localSettings.initialWindowSize, 100_000)
  })

  http2Test('goaway', async (t) => {
    const { session, serverSession } = await arrange(t, pair, mirror)
    const told = event(session, 'goaway')
    await event(session, 'connect')
    ;(await serverSession).goaway(0, 0, t.Buffer.from('farewell'))
    const [code, , data] = await told
    assert.equal(code, 0)
    assert.equal(String(data), 'farewell')
    assert.isTrue(session.closed)
  })

  http2Test('close waits for its streams', async (t) => {
    const { session, serverSession } = await arrange(t, pair, mirror)
    const stream = session.request({ ':path': '/', ':method': 'POST' })
    await event(stream, 'response')
    const closed = event(session, 'close')
    const serverClosed = event(await serverSession, 'close')
    session.close()
    assert.isFalse(session.destroyed)
    stream.end('late')
    assert.equal(t.Buffer.from(await readAll(stream)).toString(), 'late')
    await Promise.all([closed, serverClosed])
    assert.isTrue(session.destroyed)
  })

  http2Test('the server closes', async (t) => {
    const { session, serverSession, connections } = await arrange(t, pair, mirror)
    await ask(session, '/', 'x')
    const closed = event(session, 'close')
    ;(await serverSession).close()
    await closed
    for (const socket of connections) if (!socket.closed) await event(socket, 'close')
  })

  http2Test('a session that is destroyed', async (t) => {
    let gone = (_value) => {}
    const ended = new Promise((resolve) => {
      gone = resolve
    })
    const { session, serverSession } = await arrange(t, pair, (stream) => {
      stream.respond({ ':status': 200 })
      stream.write('x')
      stream.on('close', gone)
    })
    const stream = session.request({ ':path': '/' })
    stream.on('error', () => {})
    await event(stream, 'data')
    const serverClosed = event(await serverSession, 'close')
    const closed = event(session, 'close')
    session.destroy()
    await Promise.all([closed, serverClosed, ended])
    assert.isTrue(stream.destroyed)
  })

  http2Test('the connection is destroyed below', async (t) => {
    const { session, connections } = await arrange(t, pair, (stream) => {
      stream.respond({ ':status': 200 })
      stream.write('x')
    })
    const stream = session.request({ ':path': '/' })
    await event(stream, 'data')
    // Node makes an error of it or not, as the stream was left.
    stream.on('error', () => {})
    session.on('error', () => {})
    const closed = new Promise((resolve) => session.on('close', resolve))
    const streamClosed = new Promise((resolve) => stream.on('close', resolve))
    connections[0].destroy()
    await Promise.all([closed, streamClosed])
  })

  http2Test('a stream that is given up leaves the others', async (t) => {
    let reset = (_code) => {}
    const code = new Promise((resolve) => {
      reset = resolve
    })
    const { session, http2 } = await arrange(t, pair, (stream, headers) => {
      if (headers[':path'] === '/kept') return mirror(stream, headers)
      stream.on('close', () => reset(stream.rstCode))
      stream.respond({ ':status': 200 })
      stream.write('x')
    })
    const stream = session.request({ ':path': '/given-up' })
    await event(stream, 'data')
    stream.close(http2.constants.NGHTTP2_CANCEL)
    assert.equal(await code, http2.constants.NGHTTP2_CANCEL)
    const { body } = await ask(session, '/kept', 'kept')
    assert.equal(t.Buffer.from(body).toString(), 'kept')
  })

  http2Test('a time-out of the session', async (t) => {
    const { session } = await arrange(t, pair, (stream) => stream.respond({ ':status': 200 }))
    session.request({ ':path': '/' }).on('error', () => {})
    const timedOut = event(session, 'timeout')
    session.setTimeout(20)
    await timedOut
  })
}

/** What a session tells of its connection. */
const tell = ({ encrypted, alpnProtocol, socket }) => ({ encrypted, alpnProtocol, port: socket.remotePort })

for (const [who, pair] of /** @type {[string, any][]} */ (Object.entries(PAIRS))) {
  test(`http2: ${who}: what sessions tell of the connection`, NODES, async (t) => {
    const { session, serverSession, port } = await arrange(t, pair, mirror)
    await ask(session, '/', '')
    const ends = { client: session, server: await serverSession }
    const isOurs = { client: !t.isReference && pair[0] !== connectOfNode, server: !t.isReference && pair[1] !== serverOfNode }
    for (const [end, ended] of /** @type {[string, any][]} */ (Object.entries(ends))) {
      // Node sees no more than a stream in a socket that is not of its own making; behind that stream is the socket.
      if (isOurs[end]) assert.deepEqual(tell(ended), { encrypted: false, alpnProtocol: 'h2c', port: undefined })
      else assert.include(tell(ended), { encrypted: true, alpnProtocol: 'h2' })
      const socket = isOurs[end] ? ended.socket.stream : ended.socket
      assert.isTrue(socket.encrypted)
      assert.equal(socket.alpnProtocol, 'h2')
      if (end === 'client') assert.equal(socket.remotePort, port)
    }
  })
}

test('http2: client: a server without HTTP/2', NODES, async (t) => {
  const http2 = await load('node:http2')
  const https = await load('node:https')
  const { port } = await listen(t, https.createServer({ ...(await identity(t)), ALPNProtocols: ['http/1.1'] }))
  const session = await connectOver(t, http2, { port })
  t.after(() => session.destroy())
  const [error] = await event(session, 'error')
  assert.match(error.code, /^ERR_SSL_.*ALERT_NO_APPLICATION_PROTOCOL$/)
})

test('http2: client: a CA that is not the server’s', NODES, async (t) => {
  const http2 = await load('node:http2')
  const { port } = await serverOfNode(t, http2, {})
  const createConnection = () => t.tls.connect({ port, host: '127.0.0.1', servername: 'localhost', ALPNProtocols })
  const session = http2.connect('https://localhost', { createConnection })
  t.after(() => session.destroy())
  const stream = session.request({ ':path': '/' })
  const failed = event(stream, 'error')
  const [error] = await event(session, 'error')
  assert.equal(error.code, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
  await failed
})

test('http2: client: nobody listens', NODES, async (t) => {
  const http2 = await load('node:http2')
  const { port, server } = await serverOfNode(t, http2, {})
  server.close()
  await event(server, 'close')
  const session = await connectOver(t, http2, { port })
  t.after(() => session.destroy())
  const [error] = await event(session, 'error')
  assert.equal(error.code, 'ECONNREFUSED')
})

/** Both protocols on one port, told apart by ALPN. */
async function serverOfBoth(t) {
  const http2 = await load('node:http2')
  const server = http2.createSecureServer({ allowHTTP1: true }, (request, response) => response.end(request.httpVersion))
  const give = (socket) => {
    // Node 20 asks the socket's server, not its own, what makes the requests of HTTP/1.1.
    socket.server = server
    server.emit('secureConnection', socket)
  }
  return { http2, server, ...(await listenSecurely(t, { ALPNProtocols: ['h2', 'http/1.1'] }, give)) }
}

test('http2: server: HTTP/1.1 on the same port', NODES, async (t) => {
  const https = await load('node:https')
  const { http2, port } = await serverOfBoth(t)
  const { body } = await ask(t.track(await connectOfNode(t, http2, { port })), '/')
  assert.equal(t.Buffer.from(body).toString(), '2.0')
  const outgoing = https.request({ port, host: '127.0.0.1', agent: false, ALPNProtocols: ['http/1.1'], ...(await trust(t)) })
  outgoing.end()
  const [response] = await event(outgoing, 'response')
  assert.equal(t.Buffer.from(await readAll(response)).toString(), '1.1')
})

test('http2: server: two servers, chosen by ALPN', NODES, async (t) => {
  const [http, https, http2] = [await load('node:http'), await load('node:https'), await load('node:http2')]
  const one = http.createServer((_, response) => response.end('of http'))
  const two = http2.createServer((_, response) => response.end('of http2'))
  const { port } = await listenSecurely(t, { ALPNProtocols: ['h2', 'http/1.1'] }, (socket) => {
    const server = socket.alpnProtocol === 'h2' ? two : one
    server.emit('connection', socket)
  })
  const { body } = await ask(t.track(await connectOfNode(t, http2, { port })), '/')
  assert.equal(t.Buffer.from(body).toString(), 'of http2')
  const outgoing = https.request({ port, host: '127.0.0.1', agent: false, ...(await trust(t)) })
  outgoing.end()
  const [response] = await event(outgoing, 'response')
  assert.equal(t.Buffer.from(await readAll(response)).toString(), 'of http')
})

test('http2: server: a client without ALPN', NODES, async (t) => {
  const http2 = await load('node:http2')
  const server = http2.createSecureServer()
  const unknown = event(server, 'unknownProtocol')
  const { port } = await listenSecurely(t, { ALPNProtocols }, (socket) => server.emit('secureConnection', socket))
  t.connect({ port, host: '127.0.0.1', ...(await trust(t)) })
  const [socket] = await unknown
  assert.isFalse(socket.alpnProtocol)
})
