// The old names and the old ways of calling (documents of v0.8 and v0.10): js/legacy.js.
import { begin, join } from '../connections.js'
import { assert, event, outcome, test } from '../harness.js'

const VERSIONS = /** @type {const} */ (['TLSv1.2', 'TLSv1.3'])

/** Node has no more of it. */
const OURS = { ours: true }

const identity = async (t) => {
  const { key, chain, ca } = await t.certificate('ecdsa-p256')
  return { key, cert: chain, ca }
}

test('legacy: names', OURS, (t) => {
  assert.strictEqual(t.tls.CleartextStream, t.tls.TLSSocket)
  assert.equal(Object.getPrototypeOf(t.tls.EncryptedStream), t.tls.CryptoStream)
  assert.equal(t.tls.SLAB_BUFFER_SIZE, 10 * 1024 * 1024)
})

test('legacy: parseCertString', OURS, (t) => {
  const parsed = t.tls.parseCertString('C=UK\nOU=First\nOU=Second\nCN=localhost')
  assert.deepEqual({ ...parsed }, { C: 'UK', OU: ['First', 'Second'], CN: 'localhost' })
})

test('legacy: convertALPNProtocols', (t) => {
  const out = /** @type {any} */ ({})
  t.tls.convertALPNProtocols(['h2', 'http/1.1'], out)
  assert.equal(out.ALPNProtocols.toString(), '\x02h2\x08http/1.1')
})

test('legacy: convertNPNProtocols', OURS, (t) => {
  const out = /** @type {any} */ ({})
  t.tls.convertNPNProtocols(['spdy/3'], out)
  assert.equal(out.NPNProtocols.toString(), '\x06spdy/3')
})

for (const maxVersion of VERSIONS) {
  test(`legacy: NPNProtocols are ALPN's, ${maxVersion}`, OURS, async (t) => {
    const { client, socket } = await t.pair({ NPNProtocols: ['a', 'b'], maxVersion }, { NPNProtocols: ['b', 'c'] })
    assert.deepEqual([client.npnProtocol, socket.npnProtocol, client.alpnProtocol], ['b', 'b', 'b'])
  })

  test(`legacy: an SNICallback of one parameter returns its context, ${maxVersion}`, OURS, async (t) => {
    const { key, cert } = await identity(t)
    const context = t.tls.createSecureContext({ key, cert })
    const asked = []
    const SNICallback = (servername) => {
      asked.push(servername)
      return context
    }
    const { client } = await t.pair({ key: undefined, cert: undefined, SNICallback, maxVersion })
    assert.deepEqual(asked, ['localhost'])
    assert.isTrue(client.authorized)
  })

  test(`legacy: what crypto.createCredentials was, and its context, ${maxVersion}`, OURS, async (t) => {
    const credentials = t.tls.createSecureContext(await identity(t))
    const { client } = await t.pair({ key: undefined, cert: undefined, maxVersion, SNICallback: (_name) => credentials.context })
    assert.isTrue(client.authorized)
  })
}

test('legacy: a newSession listener of two parameters is not waited for', OURS, async (t) => {
  const { constants } = { constants: { SSL_OP_NO_TICKET: 2 ** 14 } }
  const server = await t.server({ maxVersion: 'TLSv1.2', secureOptions: constants.SSL_OP_NO_TICKET })
  const kept = new Map()
  server.on('newSession', (id, data) => void kept.set(id.toString('hex'), data))
  server.on('resumeSession', (id, callback) => callback(null, kept.get(id.toString('hex')) ?? null))
  const { client } = await join(t, server)
  assert.equal(kept.size, 1)
  const { client: again } = await join(t, server, { session: client.getSession() })
  assert.isTrue(again.isSessionReused())
})

test("legacy: clientError, where nobody listens to 'tlsClientError'", OURS, async (t) => {
  const server = await t.server({ maxVersion: 'TLSv1.2' })
  const told = event(server, 'clientError')
  const client = await begin(t, server, { minVersion: 'TLSv1.3' })
  const end = outcome(client)
  const [error, socket] = await told
  assert.equal(error.code, 'ERR_SSL_UNSUPPORTED_PROTOCOL')
  assert.instanceOf(socket, t.tls.TLSSocket)
  assert.isNotNull((await end).error)
})

test("legacy: clientError is silent where somebody listens to 'tlsClientError'", OURS, async (t) => {
  const server = await t.server({ maxVersion: 'TLSv1.2' })
  let told = 0
  server.on('clientError', () => told++)
  const better = new Promise((resolve) => server.on('tlsClientError', resolve))
  const end = outcome(await begin(t, server, { minVersion: 'TLSv1.3' }))
  await better
  await end
  assert.equal(told, 0)
})

test('legacy: server.connections', { ours: true, only: ['node-20', 'node-26', 'deno', 'bun'], why: 'they listen' }, async (t) => {
  const server = await t.server()
  server.listen(0, '127.0.0.1')
  await event(server, 'listening')
  assert.equal(server.connections, 0)
  const { ca } = await identity(t)
  const accepted = event(server, 'secureConnection')
  t.connect({ port: server.address().port, host: '127.0.0.1', ca })
  await accepted
  assert.equal(server.connections, 1)
})

test('legacy: listen without TCP', { ours: true, only: ['chromium', 'firefox'], why: 'the others have it' }, async (t) => {
  const server = await t.server()
  server.listen(0)
  const [error] = await event(server, 'error')
  assert.equal(error.code, 'ERR_TLS_NO_LISTENER')
})
