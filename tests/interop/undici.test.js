// undici over sockets of the module under test, through its hook `connect`, and against a server of the module.
import { assert, event, readAll, test } from '../harness.js'
import { identity, listen, listenSecurely, load, trust } from '../servers.js'

const NODES = { only: ['node-20', 'node-26'], why: 'undici stands on modules of Node' }

const MEBIBYTE = 1024 * 1024

/** undici's hook: a socket of the module under test, once it has shaken hands. */
const connector =
  (t, { port, ...options }) =>
  (given, callback) => {
    const ALPNProtocols = options.allowH2 ? ['h2', 'http/1.1'] : ['http/1.1']
    const socket = t.tls.connect({ port, host: '127.0.0.1', servername: given.servername || given.hostname, ALPNProtocols, ...options })
    socket.once('secureConnect', () => callback(null, socket))
    socket.once('error', (error) => callback(error, null))
  }

/** A dispatcher over the module under test. */
async function poolOver(t, port, /** @type {any} */ { connect = {}, ...options } = {}) {
  const { Pool } = await load('undici')
  const { ca } = await trust(t)
  return new Pool('https://localhost', { connect: connector(t, { port, ca, allowH2: options.allowH2, ...connect }), ...options })
}

async function poolOfUndici(t, port, { connect = {}, ...options } = {}) {
  const { Pool } = await load('undici')
  return new Pool(`https://localhost:${port}`, { connect: { host: '127.0.0.1', ...(await trust(t)), ...connect }, ...options })
}

async function serverOfNode(t, handler) {
  const https = await load('node:https')
  const server = https.createServer(await identity(t), handler)
  return { server, ...(await listen(t, server)) }
}

async function serverOver(t, handler) {
  const http = await load('node:http')
  const server = http.createServer(handler)
  return { ...(await listenSecurely(t, {}, (socket) => server.emit('connection', socket))), server }
}

async function serverOfNode2(t, handler) {
  const http2 = await load('node:http2')
  const server = http2.createSecureServer(await identity(t), handler)
  return { server, ...(await listen(t, server)) }
}

async function serverOver2(t, handler) {
  const http2 = await load('node:http2')
  const server = http2.createServer(handler)
  return { ...(await listenSecurely(t, { ALPNProtocols: ['h2'] }, (socket) => server.emit('connection', socket))), server }
}

/**
 * Who talks to whom: at least one end is of the module under test.
 * @type {Record<string, [any, any]>}
 */
const PAIRS = {
  'client, Node’s server': [poolOver, serverOfNode],
  'undici’s own client, server': [poolOfUndici, serverOver],
  'client and server': [poolOver, serverOver],
}

/**
 * The same in HTTP/2.
 * @type {Record<string, [any, any]>}
 */
const PAIRS2 = {
  'client, Node’s server': [poolOver, serverOfNode2],
  'undici’s own client, server': [poolOfUndici, serverOver2],
  'client and server': [poolOver, serverOver2],
}

async function arrange(t, [makePool, makeServer], handler, options) {
  const made = await makeServer(t, handler)
  const pool = await makePool(t, made.port, options)
  t.after(() => pool.destroy())
  return { ...made, pool }
}

/** Answer with what was asked. */
const mirror = (request, response) => {
  response.setHeader('x-url', request.url)
  request.pipe(response)
}

for (const [who, pair] of Object.entries(PAIRS)) {
  const undiciTest = (what, body) => test(`undici: ${who}: ${what}`, NODES, body)

  undiciTest('requests share a connection', async (t) => {
    const { pool, connections } = await arrange(t, pair, mirror, { connections: 1 })
    for (let index = 0; index < 20; index++) {
      const { statusCode, headers, body } = await pool.request({ path: `/${index}`, method: 'POST', body: `body ${index}` })
      assert.equal(statusCode, 200)
      assert.equal(headers['x-url'], `/${index}`)
      assert.equal(await body.text(), `body ${index}`)
    }
    assert.lengthOf(connections, 1)
  })

  undiciTest('many requests at once, pipelined', async (t) => {
    const { pool, connections } = await arrange(t, pair, (request, response) => response.end(request.url), {
      connections: 2,
      pipelining: 10,
    })
    const paths = Array.from({ length: 100 }, (_, index) => `/${index}`)
    const answers = await Promise.all(paths.map(async (path) => (await pool.request({ path, method: 'GET' })).body.text()))
    assert.deepEqual(answers, paths)
    assert.isAtMost(connections.length, 2)
  })

  undiciTest('large bodies both ways', async (t) => {
    const { pool } = await arrange(t, pair, mirror)
    const { body } = await pool.request({ path: '/', method: 'POST', body: t.random(31, 4 * MEBIBYTE) })
    const answer = await readAll(body)
    assert.lengthOf(answer, 4 * MEBIBYTE)
    assert.equal(t.firstDifference(31, 0, answer), -1)
  })

  undiciTest('a stream as body', async (t) => {
    const { createHash } = await load('node:crypto')
    const { pool } = await arrange(t, pair, async (request, response) => {
      const hash = createHash('sha256')
      for await (const chunk of request) hash.update(chunk)
      response.end(hash.digest('hex'))
    })
    async function* pieces() {
      for (let index = 0; index < 20; index++) yield t.random(32, 200_000).subarray(index * 10_000, (index + 1) * 10_000)
    }
    const { Readable } = await load('node:stream')
    const { body } = await pool.request({ path: '/', method: 'POST', body: Readable.from(pieces()) })
    assert.equal(await body.text(), await t.randomHash(32, 200_000))
  })

  undiciTest('fetch', async (t) => {
    const { fetch } = await load('undici')
    const { pool, port } = await arrange(t, pair, mirror)
    const url = `https://localhost:${port}/fetched`
    const response = await fetch(url, { dispatcher: pool, method: 'POST', body: 'of fetch' })
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('x-url'), '/fetched')
    assert.equal(await response.text(), 'of fetch')
  })

  undiciTest('a server that goes away', async (t) => {
    const { pool } = await arrange(t, pair, ({ socket, url }, response) => (url === '/' ? socket.destroy() : response.end('back')))
    const error = await pool.request({ path: '/', method: 'GET' }).catch((reason) => reason)
    assert.include(['UND_ERR_SOCKET', 'ECONNRESET'], error.code)
    const { body } = await pool.request({ path: '/again', method: 'GET' })
    assert.equal(await body.text(), 'back')
  })

  undiciTest('a request that is given up', async (t) => {
    const { pool } = await arrange(t, pair, ({ url }, response) => url === '/' || response.end('answered'))
    const controller = new AbortController()
    const asked = pool.request({ path: '/', method: 'GET', signal: controller.signal }).catch((reason) => reason)
    const { body } = await pool.request({ path: '/other', method: 'GET' })
    assert.equal(await body.text(), 'answered')
    controller.abort()
    assert.equal((await asked).name, 'AbortError')
  })

  undiciTest('an upgrade', async (t) => {
    const { pool, server } = await arrange(t, pair, mirror)
    server.on('upgrade', (_, socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n')
      socket.pipe(socket)
    })
    const { socket } = await pool.upgrade({ path: '/', method: 'GET', protocol: 'echo' })
    socket.end(t.random(33, 200_000))
    const answer = await readAll(socket)
    assert.lengthOf(answer, 200_000)
    assert.equal(t.firstDifference(33, 0, answer), -1)
  })

  undiciTest('close waits for what is under way', async (t) => {
    const { pool, connections } = await arrange(t, pair, mirror)
    const asked = pool.request({ path: '/', method: 'POST', body: 'last' })
    const closed = pool.close()
    assert.equal(await (await asked).body.text(), 'last')
    await closed
    for (const socket of connections) if (!socket.closed) await event(socket, 'close')
  })
}

for (const [who, pair] of Object.entries(PAIRS2)) {
  test(`undici: ${who}: HTTP/2`, NODES, async (t) => {
    const { pool, connections } = await arrange(t, pair, mirror, { allowH2: true, connections: 1, connect: { ALPNProtocols: ['h2'] } })
    const paths = Array.from({ length: 20 }, (_, index) => `/${index}`)
    const answers = await Promise.all(
      paths.map(async (path) => {
        const { headers, body } = await pool.request({ path, method: 'POST', body: `body of ${path}` })
        return [headers['x-url'], await body.text()]
      }),
    )
    assert.deepEqual(
      answers,
      paths.map((path) => [path, `body of ${path}`]),
    )
    const { body } = await pool.request({ path: '/', method: 'POST', body: t.random(34, MEBIBYTE) })
    const answer = await readAll(body)
    assert.lengthOf(answer, MEBIBYTE)
    assert.equal(t.firstDifference(34, 0, answer), -1)
    assert.lengthOf(connections, 1)
  })
}

/**
 * Connections that must not come about.
 * @type {Record<string, [any, string]>}
 */
const REFUSALS = {
  'a CA that is not the server’s': [{ ca: undefined }, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  'a name that is not the server’s': [{ servername: 'other.test' }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
}

for (const [what, [connect, code]] of Object.entries(REFUSALS)) {
  test(`undici: client: ${what}`, NODES, async (t) => {
    const { pool } = await arrange(t, PAIRS['client, Node’s server'], mirror, { connect })
    const error = await pool.request({ path: '/', method: 'GET' }).catch((reason) => reason)
    assert.equal(error.code, code)
  })
}
