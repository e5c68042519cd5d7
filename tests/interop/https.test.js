// Node's own https and http over sockets of the module under test: the client through agents and `createConnection`, the server
// through `emit('connection')` and `emit('secureConnection')`.
import { assert, event, readAll, test } from '../harness.js'
import { identity, listen, listenSecurely, load, trust } from '../servers.js'

const NODES = { only: ['node-20', 'node-26'], why: 'https is a module of Node' }

const MEBIBYTE = 1024 * 1024

/** An agent whose connections are of the module under test. */
async function agentOver(t, options = {}) {
  const { Agent } = await load('node:https')
  class AgentOver extends Agent {
    /** @param {any} given */
    createConnection(...[given]) {
      return t.tls.connect(given)
    }
  }
  return new /** @type {any} */ (AgentOver)({ keepAlive: true, ...(await trust(t)), ...options })
}

async function agentOfNode(t, options = {}) {
  const { Agent } = await load('node:https')
  return new Agent({ keepAlive: true, ...(await trust(t)), ...options })
}

/** Node's own server. */
async function serverOfNode(t, handler) {
  const https = await load('node:https')
  const server = https.createServer(await identity(t), handler)
  return { server, ...(await listen(t, server)) }
}

/** Node's `http.createServer`, given sockets of the module under test. */
async function serverByConnection(t, handler) {
  const http = await load('node:http')
  const server = http.createServer(handler)
  return { ...(await listenSecurely(t, {}, (socket) => server.emit('connection', socket))), server }
}

/** Node's `https.createServer`, given sockets that are secured already. */
async function serverBySecureConnection(t, handler) {
  const https = await load('node:https')
  const server = https.createServer(handler)
  return { ...(await listenSecurely(t, {}, (socket) => server.emit('secureConnection', socket))), server }
}

/**
 * Who talks to whom: at least one end is of the module under test.
 * @type {Record<string, [any, any]>}
 */
const PAIRS = {
  'client, Node’s server': [agentOver, serverOfNode],
  "Node’s client, server by 'connection'": [agentOfNode, serverByConnection],
  "Node’s client, server by 'secureConnection'": [agentOfNode, serverBySecureConnection],
  'client and server': [agentOver, serverByConnection],
}

/** Both ends, and how to ask. */
async function arrange(t, [makeAgent, makeServer], handler, agentOptions) {
  const https = await load('node:https')
  const made = await makeServer(t, handler)
  const agent = await makeAgent(t, agentOptions)
  t.after(() => agent.destroy())
  const request = (options = {}) => https.request({ host: '127.0.0.1', port: made.port, agent, ...options })
  /** The answer to a request without a body, or with a short one. */
  const ask = async (options, body) => {
    const outgoing = request(options)
    outgoing.end(body)
    const [response] = await event(outgoing, 'response')
    return { response, outgoing, body: await readAll(response) }
  }
  return { ...made, agent, request, ask }
}

/** Answer with what was asked. */
const mirror = (request, response) => {
  response.setHeader('x-url', request.url)
  request.pipe(response)
}

for (const [who, pair] of /** @type {[string, any][]} */ (Object.entries(PAIRS))) {
  const httpsTest = (what, body) => test(`https: ${who}: ${what}`, NODES, body)

  httpsTest('requests one after another share a connection', async (t) => {
    const { ask, connections } = await arrange(t, pair, mirror, { maxSockets: 1 })
    for (let index = 0; index < 20; index++) {
      const { response, outgoing, body } = await ask({ path: `/${index}`, method: 'POST' }, `body ${index}`)
      assert.equal(response.statusCode, 200)
      assert.equal(response.headers['x-url'], `/${index}`)
      assert.equal(t.Buffer.from(body).toString(), `body ${index}`)
      assert.equal(outgoing.reusedSocket, index > 0)
    }
    assert.lengthOf(connections, 1)
  })

  httpsTest('many requests at once', async (t) => {
    const { ask, connections } = await arrange(t, pair, mirror, { maxSockets: 4 })
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => ask({ path: `/${index}`, method: 'POST' }, 'x'.repeat(index))),
    )
    for (const [index, { response, body }] of answers.entries()) {
      assert.equal(response.headers['x-url'], `/${index}`)
      assert.lengthOf(body, index)
    }
    assert.isAtMost(connections.length, 4)
  })

  httpsTest('large bodies both ways', async (t) => {
    const { request } = await arrange(t, pair, mirror)
    const outgoing = request({ method: 'POST' })
    outgoing.end(t.random(3, 4 * MEBIBYTE))
    const [response] = await event(outgoing, 'response')
    const body = await readAll(response)
    assert.lengthOf(body, 4 * MEBIBYTE)
    assert.equal(t.firstDifference(3, 0, body), -1)
  })

  httpsTest('a body of known length in one piece', async (t) => {
    const { ask } = await arrange(t, pair, (_, response) => response.end(t.random(4, MEBIBYTE)))
    const { response, body } = await ask()
    assert.equal(response.headers['content-length'], String(MEBIBYTE))
    assert.equal(t.firstDifference(4, 0, body), -1)
  })

  httpsTest('a reader that pauses', async (t) => {
    const { request } = await arrange(t, pair, (_, response) => response.end(t.random(5, 8 * MEBIBYTE)))
    const outgoing = request()
    outgoing.end()
    const [response] = await event(outgoing, 'response')
    let received = 0
    response.on('data', (chunk) => {
      assert.equal(t.firstDifference(5, received, chunk), -1)
      received += chunk.length
      response.pause()
      setImmediate(() => response.resume())
    })
    await event(response, 'end')
    assert.equal(received, 8 * MEBIBYTE)
  })

  httpsTest('continue, informational answers, chunks and trailers', async (t) => {
    const { request } = await arrange(t, pair, (incoming, response) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload' })
      response.writeHead(200, { trailer: 'x-count' })
      incoming.on('data', (chunk) => response.write(chunk))
      incoming.on('end', () => {
        response.addTrailers({ 'x-count': '3' })
        response.end()
      })
    })
    const outgoing = request({ method: 'PUT', headers: { expect: '100-continue' } })
    const hints = event(outgoing, 'information')
    outgoing.flushHeaders()
    await event(outgoing, 'continue')
    for (const text of ['one', 'two', 'three']) outgoing.write(text)
    outgoing.end()
    const [response] = await event(outgoing, 'response')
    assert.equal(t.Buffer.from(await readAll(response)).toString(), 'onetwothree')
    assert.equal(response.trailers['x-count'], '3')
    assert.equal((await hints)[0].statusCode, 100)
  })

  httpsTest('what both sides tell of the connection', async (t) => {
    let seen
    const { ask } = await arrange(t, pair, ({ socket }, response) => {
      const { encrypted, remoteAddress, remotePort, alpnProtocol } = socket
      seen = { encrypted, remoteAddress, remotePort, alpnProtocol, protocol: socket.getProtocol() }
      response.end()
    })
    const outgoing = await ask()
    const { socket } = outgoing.outgoing
    assert.isTrue(socket.encrypted)
    assert.isTrue(socket.authorized)
    assert.equal(socket.getPeerCertificate().subject.CN, 'localhost')
    assert.equal(seen.encrypted, true)
    assert.equal(seen.remoteAddress, '127.0.0.1')
    assert.equal(seen.remotePort, socket.localPort)
    assert.equal(seen.protocol, 'TLSv1.3')
  })

  httpsTest('an answer that ends with the connection', async (t) => {
    const { ask } = await arrange(t, pair, (_, response) => {
      response.useChunkedEncodingByDefault = false
      response.writeHead(200, { connection: 'close' })
      response.write(t.random(6, 300_000))
      response.end()
    })
    const { response, body } = await ask()
    assert.isUndefined(response.headers['content-length'])
    assert.lengthOf(body, 300_000)
    assert.equal(t.firstDifference(6, 0, body), -1)
  })

  httpsTest('a server that goes away before it answers', async (t) => {
    const { request } = await arrange(t, pair, ({ socket }) => socket.destroy())
    const outgoing = request()
    outgoing.end()
    const [error] = await event(outgoing, 'error')
    assert.equal(error.code, 'ECONNRESET')
    assert.equal(error.message, 'socket hang up')
  })

  httpsTest('a server that goes away in the middle of an answer', async (t) => {
    const { request } = await arrange(t, pair, ({ socket }, response) => {
      response.writeHead(200, { 'content-length': 1000 })
      response.write('x', () => socket.destroy())
    })
    const outgoing = request()
    outgoing.end()
    const [response] = await event(outgoing, 'response')
    let body = ''
    response.on('data', (chunk) => {
      body += chunk
    })
    const [error] = await event(response, 'error')
    assert.equal(error.code, 'ECONNRESET')
    assert.equal(error.message, 'aborted')
    assert.equal(body, 'x')
  })

  httpsTest('a client that goes away in the middle of an answer', async (t) => {
    let closed = (_value) => {}
    const gone = new Promise((resolve) => {
      closed = resolve
    })
    const { request } = await arrange(t, pair, (_, response) => {
      response.on('close', () => closed(response.writableFinished))
      response.write(t.random(7, 100_000))
    })
    const outgoing = request()
    outgoing.end()
    const [response] = await event(outgoing, 'response')
    await event(response, 'data')
    response.destroy()
    assert.isFalse(await gone)
  })

  httpsTest('a server that closes an idle connection', async (t) => {
    let idle
    const handler = ({ socket }, response) => {
      idle = socket
      response.end()
    }
    const { ask, agent, connections } = await arrange(t, pair, handler)
    const freed = event(agent, 'free')
    const { outgoing } = await ask()
    await freed
    assert.lengthOf(Object.keys(agent.freeSockets), 1)
    idle.end()
    if (!outgoing.socket.closed) await event(outgoing.socket, 'close')
    assert.isEmpty(Object.keys(agent.freeSockets))
    const second = await ask()
    assert.equal(second.response.statusCode, 200)
    assert.lengthOf(connections, 2)
  })

  httpsTest('a time-out of the server', async (t) => {
    const { request, server } = await arrange(t, pair, () => {})
    const timedOut = new Promise((resolve) => {
      server.setTimeout(20, (socket) => {
        socket.destroy()
        resolve(socket)
      })
    })
    const outgoing = request()
    outgoing.end()
    const [error] = await event(outgoing, 'error')
    assert.equal(error.code, 'ECONNRESET')
    assert.isTrue((await timedOut).encrypted)
  })

  httpsTest('a time-out of the client', async (t) => {
    const { request } = await arrange(t, pair, () => {})
    const outgoing = request({ timeout: 20 })
    outgoing.end()
    await event(outgoing, 'timeout')
    outgoing.destroy()
    const [error] = await event(outgoing, 'error')
    assert.equal(error.code, 'ECONNRESET')
  })

  httpsTest('a signal ends a request', async (t) => {
    const { request } = await arrange(t, pair, () => {})
    const controller = new AbortController()
    const outgoing = request({ signal: controller.signal })
    outgoing.end()
    await event(outgoing, 'socket')
    controller.abort()
    const [error] = await event(outgoing, 'error')
    assert.equal(error.name, 'AbortError')
  })

  httpsTest('an upgrade hands the connection over, with what came along', async (t) => {
    const { request, server } = await arrange(t, pair, mirror)
    server.on('upgrade', (_, socket, head) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nfirst ')
      socket.write(head)
      socket.pipe(socket)
    })
    const outgoing = request({ headers: { connection: 'Upgrade', upgrade: 'echo' } })
    outgoing.end()
    const [response, socket, head] = await event(outgoing, 'upgrade')
    assert.equal(response.statusCode, 101)
    if (head.length > 0) socket.unshift(head)
    socket.end('second')
    assert.equal(t.Buffer.from(await readAll(socket)).toString(), 'first second')
  })

  httpsTest('a tunnel by CONNECT', async (t) => {
    const { request, server } = await arrange(t, pair, mirror)
    server.on('connect', (_, socket, head) => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      socket.write(head)
      socket.pipe(socket)
    })
    const outgoing = request({ method: 'CONNECT', path: 'elsewhere:443' })
    outgoing.end()
    const [, socket, head] = await event(outgoing, 'connect')
    assert.lengthOf(head, 0)
    socket.end(t.random(8, 200_000))
    const body = await readAll(socket)
    assert.lengthOf(body, 200_000)
    assert.equal(t.firstDifference(8, 0, body), -1)
  })
}

const SERVERS = { "'connection'": serverByConnection, "'secureConnection'": serverBySecureConnection }

for (const [how, makeServer] of /** @type {[string, any][]} */ (Object.entries(SERVERS))) {
  test(`https: server by ${how}: requests that come together are answered in order`, NODES, async (t) => {
    const { port } = await makeServer(t, (request, response) => response.end(`<${request.url}>`))
    const socket = t.connect({ port, host: '127.0.0.1', ...(await trust(t)) })
    const paths = Array.from({ length: 10 }, (_, index) => `/${index}`)
    const requests = paths.map(
      (path, index) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${index === 9 ? 'Connection: close\r\n' : ''}\r\n`,
    )
    socket.write(requests.join(''))
    const answers = t.Buffer.from(await readAll(socket)).toString()
    assert.deepEqual(
      answers.match(/<.*>/g),
      paths.map((path) => `<${path}>`),
    )
  })

  test(`https: server by ${how}: what is no HTTP is refused`, NODES, async (t) => {
    const { port, server } = await makeServer(t, mirror)
    const refused = new Promise((resolve) => {
      server.on('clientError', (error, socket) => {
        resolve(error)
        socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
      })
    })
    const socket = t.connect({ port, host: '127.0.0.1', ...(await trust(t)) })
    socket.write('no HTTP\r\n\r\n')
    assert.match(t.Buffer.from(await readAll(socket)).toString(), /^HTTP\/1.1 400 /)
    assert.equal((await refused).code, 'HPE_INVALID_METHOD')
  })
}

/**
 * Requests that fail before anything is sent.
 * @type {Record<string, [any, string]>}
 */
const REFUSALS = {
  'a CA that is not the server’s': [{ issuer: 'other-ca' }, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  'no CA': [{ ca: undefined }, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  'a name that is not the server’s': [{ servername: 'other.test' }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
}

for (const [what, [{ issuer, ...options }, code]] of /** @type {[string, any][]} */ (Object.entries(REFUSALS))) {
  test(`https: client: ${what}`, NODES, async (t) => {
    let requests = 0
    const more = issuer ? { ...options, ca: (await t.certificate(issuer)).issuer } : options
    const { request, agent } = await arrange(t, [agentOver, serverOfNode], () => requests++, more)
    const outgoing = request({ method: 'POST' })
    outgoing.end('a secret')
    const [error] = await event(outgoing, 'error')
    assert.equal(error.code, code)
    if (!outgoing.closed) await event(outgoing, 'close')
    assert.equal(requests, 0)
    assert.isEmpty(Object.keys(agent.freeSockets))
  })
}

test('https: client: what is wrong with the certificate may be ignored', NODES, async (t) => {
  const options = { ca: undefined, servername: 'other.test', rejectUnauthorized: false }
  const { ask } = await arrange(t, [agentOver, serverOfNode], mirror, options)
  const { response, outgoing } = await ask()
  assert.equal(response.statusCode, 200)
  assert.isFalse(outgoing.socket.authorized)
})

test('https: client: a port where nobody listens', NODES, async (t) => {
  const { request, server } = await arrange(t, [agentOver, serverOfNode], mirror)
  server.close()
  await event(server, 'close')
  const outgoing = request()
  outgoing.end()
  const [error] = await event(outgoing, 'error')
  assert.equal(error.code, 'ECONNREFUSED')
  assert.equal(error.syscall, 'connect')
})

test('https: client: createConnection, and no agent', NODES, async (t) => {
  const https = await load('node:https')
  const { port } = await serverOfNode(t, mirror)
  const reaching = { port, host: '127.0.0.1', path: '/alone', ...(await trust(t)) }
  const createConnection = ({ host, ca, servername }) => t.connect({ port, host, ca, servername })
  const outgoing = https.request({ ...reaching, createConnection })
  outgoing.end()
  const [response] = await event(outgoing, 'response')
  assert.equal(response.headers['x-url'], '/alone')
  assert.instanceOf(outgoing.socket, t.tls.TLSSocket)
  response.resume()
  await event(response, 'end')
})

test('https: client: createConnection that calls back', NODES, async (t) => {
  const https = await load('node:https')
  const { port } = await serverOfNode(t, mirror)
  const options = { port, host: '127.0.0.1', ...(await trust(t)) }
  const createConnection = (_, callback) => {
    const socket = t.connect(options, () => callback(null, socket))
    socket.once('error', callback)
  }
  const outgoing = https.request({ ...options, createConnection, path: '/later' })
  outgoing.end()
  const [response] = await event(outgoing, 'response')
  assert.equal(response.headers['x-url'], '/later')
  response.resume()
})

test('https: client: a certificate of its own', NODES, async (t) => {
  const https = await load('node:https')
  const { ca } = await trust(t)
  const { key, certificate } = await t.certificate('client')
  const server = https.createServer({ ...(await identity(t)), ca, requestCert: true }, ({ socket }, response) =>
    response.end(`${socket.authorized} ${socket.getPeerCertificate().subject.CN}`),
  )
  const { port } = await listen(t, server)
  const agent = await agentOver(t, { key, cert: certificate })
  t.after(() => agent.destroy())
  const outgoing = https.request({ host: '127.0.0.1', port, agent })
  outgoing.end()
  const [response] = await event(outgoing, 'response')
  assert.equal(t.Buffer.from(await readAll(response)).toString(), 'true isomorphic-tls test client')
})

test('https: server: a client that does not trust it', NODES, async (t) => {
  const https = await load('node:https')
  let requests = 0
  const { port, server } = await listenSecurely(t, {}, () => requests++)
  const failed = event(server, 'tlsClientError')
  const outgoing = https.request({ host: '127.0.0.1', port, agent: false })
  outgoing.end()
  const [error] = await event(outgoing, 'error')
  assert.equal(error.code, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
  // In TLS 1.3 the server may be done by then.
  if (requests === 0) assert.match((await failed)[0].code, /^(ERR_SSL_.*ALERT_UNKNOWN_CA|ECONNRESET)$/)
})
