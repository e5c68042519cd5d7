// The key exchange X25519MLKEM768, with Node's own tls, whose OpenSSL has it from 3.5 on, and between two ends of the module under test.
import { assert, event, readAll, test } from '../harness.js'
import { identity, listen, listenSecurely, load, trust } from '../servers.js'

const GROUP = 'X25519MLKEM768'

const NODE_26 = { only: ['node-26'], why: 'the OpenSSL of Node 20 has no ML-KEM' }

/** Each end sends, and reads to the end what the other one sent. */
async function exchange(t, one, other) {
  one.end(t.random(1, 40_000))
  other.end(t.random(2, 40_000))
  for (const [seed, end] of [
    [2, one],
    [1, other],
  ]) {
    const data = await readAll(end)
    assert.equal(data.length, 40_000)
    assert.equal(t.firstDifference(seed, 0, data), -1)
  }
}

for (const ecdhCurve of ['auto', GROUP]) {
  test(`interop: ${GROUP} with Node’s server, ${ecdhCurve}`, NODE_26, async (t) => {
    const node = await load('node:tls')
    const server = node.createServer({ ...(await identity(t)), ecdhCurve })
    const accepted = event(server, 'secureConnection')
    const { port } = await listen(t, server)
    const client = t.connect({ port, host: '127.0.0.1', ...(await trust(t)) })
    await event(client, 'secureConnect')
    assert.equal(client.getEphemeralKeyInfo().name, GROUP)
    const [socket] = await accepted
    await exchange(t, client, socket)
  })

  test(`interop: ${GROUP} with Node’s client, ${ecdhCurve}`, NODE_26, async (t) => {
    const node = await load('node:tls')
    const accepted = Promise.withResolvers()
    const { port } = await listenSecurely(t, {}, accepted.resolve)
    const client = t.track(node.connect({ port, host: '127.0.0.1', ecdhCurve, ...(await trust(t)) }))
    await event(client, 'secureConnect')
    assert.equal(client.getEphemeralKeyInfo().name, GROUP)
    await exchange(t, client, await accepted.promise)
  })
}

test(`interop: ${GROUP} is a preference, and tells of itself as in Node 26`, { ours: true }, async (t) => {
  const { client, socket } = await t.pair()
  assert.deepEqual(client.getEphemeralKeyInfo(), { type: 'TLSGroup', name: GROUP, size: undefined })
  await exchange(t, client, socket)
})

test(`interop: ${GROUP} is nothing for TLS 1.2`, { ours: true }, async (t) => {
  const { client, socket } = await t.pair({ maxVersion: 'TLSv1.2' })
  assert.equal(client.getEphemeralKeyInfo().name, 'X25519')
  await exchange(t, client, socket)
})

for (const [ecdhCurve, hellos] of /** @type {const} */ ([
  [GROUP, 1],
  // Its share was among those of the first ClientHello.
  ['X25519', 1],
  ['P-256', 2],
])) {
  test(`interop: ${hellos} ClientHello where the server has ${ecdhCurve}`, { ours: true }, async (t) => {
    const server = await t.server({ ecdhCurve })
    const [near, far] = t.duplexPair()
    const sent = []
    const write = near._write
    near._write = function (chunk, encoding, callback) {
      sent.push(t.Buffer.from(chunk))
      write.call(this, chunk, encoding, callback)
    }
    server.emit('connection', far)
    const client = t.connect({ socket: near, ...(await trust(t)) })
    await event(client, 'secureConnect')
    assert.equal(count(t.Buffer.concat(sent)), hellos)
  })
}

/** How many records have a ClientHello in the clear: type 22, and the message's type 1 (RFC 8446, 5.1 and 4). */
function count(bytes) {
  let hellos = 0
  for (let place = 0; place + 5 < bytes.length; place += 5 + bytes.readUInt16BE(place + 3)) {
    if (bytes[place] === 22 && bytes[place + 5] === 1) hellos += 1
  }
  return hellos
}
