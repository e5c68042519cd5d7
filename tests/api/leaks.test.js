// What a process keeps of connections that are over, or that nobody holds any more: nothing.
import { duplexPair } from '../duplex-pair.js'
import { assert, event, test } from '../harness.js'

const NODES = { only: ['node-20', 'node-26'], why: 'elsewhere a test cannot have the collector run' }

const MEBIBYTE = 1024 * 1024

/**
 * How much more there may be after any number of connections than before, in bytes: caches, code that is compiled, the collector's
 * own. Engine memory comes in pages and in no certain order, but does not grow once there is enough of it.
 */
const TOLERANCE = { heap: 1.5 * MEBIBYTE, external: 1.5 * MEBIBYTE, engine: 0.25 * MEBIBYTE }

/** How many connections of each version, in one process: a little that each leaves behind is more than that in the sum. */
const CONNECTIONS = { quick: 1000, full: 50_000 }

const WARM_UP = 500

const DROPPED = 100

/** How often what is dropped would have to be kept to be seen. */
const ROUNDS = 4

const HOUR = 60 * 60 * 1000

/** A function that has the collector run, and what is called when objects are collected after it. */
async function collector(t) {
  const [v8, vm] = await Promise.all(['node:v8', 'node:vm'].map((name) => import(name)))
  v8.setFlagsFromString('--expose-gc')
  const collect = vm.runInNewContext('gc')
  return async () => {
    for (let round = 0; round < 5; round++) {
      collect()
      await t.sleep(5)
    }
  }
}

/** The memory in use, in bytes: JavaScript's, what lies beside its heap, and the engine's. */
function memory(t) {
  const { heapUsed, external } = process.memoryUsage()
  const engine = t.isReference ? 0 : t.tls[Symbol.for('isomorphic-tls.memory')]()
  return { heap: heapUsed, external, engine }
}

function assertNoGrowth(before, after) {
  for (const [kind, bytes] of Object.entries(after)) {
    assert.isBelow(bytes - before[kind], TOLERANCE[kind], `${kind}: ${before[kind]} bytes before, ${bytes} after`)
  }
}

/** A function that makes contexts for both ends, and for a client that trusts somebody else. */
async function contextMaker(t, maxVersion) {
  const { key, chain, ca } = await t.certificate('ecdsa-p256')
  const { issuer } = await t.certificate('other-ca')
  return () => ({
    server: t.tls.createSecureContext({ key, cert: chain, maxVersion }),
    client: t.tls.createSecureContext({ ca, maxVersion }),
    distrustful: t.tls.createSecureContext({ ca: issuer, maxVersion }),
  })
}

/** A server whose connections send back what comes, and say nothing of how they end. */
async function echoServer(t, maxVersion) {
  const { key, chain } = await t.certificate('ecdsa-p256')
  const server = t.tls.createServer({ key, cert: chain, maxVersion })
  server.on('secureConnection', (socket) => {
    socket.on('error', () => {})
    socket.on('data', (chunk) => (String(chunk) === 'destroy' ? socket.destroy() : socket.write(chunk)))
  })
  return server
}

const closed = (stream) => new Promise((resolve) => stream.once('close', resolve))

/** Ways a connection may go, given the client's end and the Duplex below it. */
const LIVES = {
  async echoed(client) {
    client.write('x'.repeat(5000))
    await event(client, 'data')
    client.end()
  },
  async destroyedByTheClient(client) {
    await event(client, 'secureConnect')
    client.destroy()
  },
  async destroyedByTheServer(client) {
    client.resume().write('destroy')
  },
  async brokenOffAtTheStart(_, raw) {
    raw.destroy()
  },
  async brokenOffLater(client, raw) {
    client.write('x')
    await event(client, 'data')
    raw.destroy()
  },
  async refused() {},
}

/** One connection from its beginning to its end on both sides. Nothing of it may be held by the test. */
async function live(t, server, { client: trusting, distrustful }, how) {
  const raw = duplexPair(t, { allowHalfOpen: false })
  server.emit('connection', raw[1])
  const secureContext = how === 'refused' ? distrustful : trusting
  const client = t.tls.connect({ socket: raw[0], servername: 'localhost', secureContext })
  client.on('error', () => {})
  const ends = Promise.all([client, ...raw].map(closed))
  await LIVES[how](client, raw[0])
  await ends
}

for (const maxVersion of /** @type {const} */ (['TLSv1.2', 'TLSv1.3'])) {
  test(`leaks: connections that are over, ${maxVersion}`, { ...NODES, timeout: HOUR }, async (t) => {
    const count = t.full ? CONNECTIONS.full : CONNECTIONS.quick
    const collect = await collector(t)
    const server = await echoServer(t, maxVersion)
    const made = (await contextMaker(t, maxVersion))()
    const lives = Object.keys(LIVES)
    const run = async (times) => {
      for (let index = 0; index < times; index++) await live(t, server, made, lives[index % lives.length])
      await collect()
      return memory(t)
    }
    const before = await run(WARM_UP)
    assertNoGrowth(before, await run(count))
  })
}

test('leaks: contexts that nobody holds', { ...NODES, timeout: 60_000 }, async (t) => {
  const collect = await collector(t)
  const make = await contextMaker(t, undefined)
  const run = async () => {
    for (let index = 0; index < 300; index++) make()
    await collect()
    return memory(t)
  }
  await run()
  const before = await run()
  for (let round = 0; round < ROUNDS; round++) assertNoGrowth(before, await run())
})

/** Moments at which a connection is let go: each gives the ends that then are in nobody's hands. */
const MOMENTS = {
  /** The server never answers. */
  async 'while the client waits'(t, made) {
    const raw = duplexPair(t, { allowHalfOpen: false })
    return [t.tls.connect({ socket: raw[0], servername: 'localhost', secureContext: made.client }), ...raw]
  },
  /** The client never says a word. */
  async 'while the server waits'(t, made) {
    const raw = duplexPair(t, { allowHalfOpen: false })
    return [new t.tls.TLSSocket(raw[1], { isServer: true, secureContext: made.server }), ...raw]
  },
  /** Both have spoken, and the client's answer never arrives. */
  async 'in the middle of the handshake'(t, made) {
    const raw = duplexPair(t, { allowHalfOpen: false })
    const socket = new t.tls.TLSSocket(raw[1], { isServer: true, secureContext: made.server })
    const client = t.tls.connect({ socket: raw[0], servername: 'localhost', secureContext: made.client })
    const answered = event(raw[1], 'cut')
    raw[1].write = () => raw[1].emit('cut')
    await answered
    return [client, socket, ...raw]
  },
  async 'after the handshake'(t, made) {
    const raw = duplexPair(t, { allowHalfOpen: false })
    const socket = new t.tls.TLSSocket(raw[1], { isServer: true, secureContext: made.server })
    const client = t.tls.connect({ socket: raw[0], servername: 'localhost', secureContext: made.client })
    await Promise.all([event(client, 'secureConnect'), event(socket, 'secure')])
    return [client, socket, ...raw]
  },
  async 'with data that nobody has read'(t, made) {
    const raw = duplexPair(t, { allowHalfOpen: false })
    const socket = new t.tls.TLSSocket(raw[1], { isServer: true, secureContext: made.server })
    const client = t.tls.connect({ socket: raw[0], servername: 'localhost', secureContext: made.client })
    client.write('x'.repeat(20_000))
    await event(socket, 'readable')
    return [client, socket, ...raw]
  },
}

for (const [moment, make] of Object.entries(MOMENTS)) {
  test(`leaks: sockets that are dropped ${moment} are collected`, { ...NODES, timeout: 60_000 }, async (t) => {
    const collect = await collector(t)
    const made = (await contextMaker(t, undefined))()
    const drop = async () => {
      const references = []
      for (let index = 0; index < DROPPED; index++) references.push(...(await make(t, made)).map((end) => new WeakRef(end)))
      // What the last of them left on a stack may still be held.
      const left = () => references.filter((reference) => reference.deref()).length
      while (left() > 4) await collect()
      await collect()
      return memory(t)
    }
    await drop()
    const before = await drop()
    for (let round = 0; round < ROUNDS; round++) assertNoGrowth(before, await drop())
  })
}
