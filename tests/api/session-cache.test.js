// The option sessionCache: connections that resume the sessions of earlier ones by themselves.
import { join, sessionsOf } from '../connections.js'
import { assert, event, test } from '../harness.js'

const OURS = { ours: true }

/** Connect, and wait for the sessions that come of it. @return {Promise<boolean>} whether it resumed one itself */
async function resumes(t, server, options) {
  const { client, socket } = await sessionsOf(t, server, options)
  const isReused = client.isSessionReused()
  assert.equal(isReused, socket.isSessionReused())
  client.destroy()
  return isReused
}

for (const maxVersion of /** @type {const} */ (['TLSv1.2', 'TLSv1.3'])) {
  test(`session cache: a later connection resumes, ${maxVersion}`, OURS, async (t) => {
    const server = await t.server({ maxVersion })
    const sessionCache = new t.tls.SessionCache()
    assert.isFalse(await resumes(t, server, { sessionCache }))
    const { client, socket } = await join(t, server, { sessionCache })
    assert.isTrue(client.isSessionReused() && socket.isSessionReused() && client.authorized)
    assert.isFalse((await join(t, server, {})).client.isSessionReused())
    assert.isFalse((await join(t, server, { sessionCache: new t.tls.SessionCache() })).client.isSessionReused())
  })

  test(`session cache: not for another host, port, protocol or certificate, ${maxVersion}`, OURS, async (t) => {
    const server = await t.server({ maxVersion, requestCert: true, rejectUnauthorized: false, ALPNProtocols: ['a', 'b'] })
    const sessionCache = new t.tls.SessionCache()
    const { key, chain: cert } = await t.certificate('ecdsa-p256')
    const usual = { sessionCache, ALPNProtocols: ['a'] }
    assert.isFalse(await resumes(t, server, usual))
    const others = [
      { host: 'elsewhere', servername: 'elsewhere', checkServerIdentity: () => undefined },
      { port: 1 },
      { ALPNProtocols: ['b'] },
      { key, cert },
    ]
    for (const other of others)
      assert.isFalse((await join(t, server, { ...usual, ...other })).client.isSessionReused(), Object.keys(other)[0])
    assert.isTrue((await join(t, server, usual)).client.isSessionReused())
  })

  test(`session cache: not by who does not trust the server, ${maxVersion}`, OURS, async (t) => {
    const server = await t.server({ maxVersion })
    const sessionCache = new t.tls.SessionCache()
    assert.isFalse(await resumes(t, server, { sessionCache }))
    const [near, far] = t.duplexPair()
    server.emit('connection', far)
    server.once('tlsClientError', () => {})
    const client = t.connect({ socket: near, servername: 'localhost', sessionCache })
    const [error] = await event(client, 'error')
    assert.equal(error.code, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
  })
}

test('session cache: a session of TLS 1.3 is used once, one of TLS 1.2 again', OURS, (t) => {
  const cache = new t.tls.SessionCache()
  const [first, second, third] = [1, 2, 3].map((octet) => Uint8Array.of(octet))
  for (const session of [first, second, third]) cache.keep('new', session, 0x0304)
  assert.deepEqual([cache.take('new'), cache.take('new'), cache.take('new')], [third, second, undefined])
  for (const session of [first, second]) cache.keep('old', session, 0x0303)
  assert.deepEqual([cache.take('old'), cache.take('old'), cache.take('other')], [second, second, undefined])
})

test('session cache: it has a size, and can be emptied', OURS, async (t) => {
  const server = await t.server({ minVersion: 'TLSv1.3' })
  const sessionCache = new t.tls.SessionCache({ servers: 2 })
  for (const port of [1, 2, 3]) assert.isFalse(await resumes(t, server, { sessionCache, port }))
  assert.equal(sessionCache.size, 2)
  assert.isTrue((await join(t, server, { sessionCache, port: 3 })).client.isSessionReused())
  assert.isFalse(await resumes(t, server, { sessionCache, port: 1 }))
  sessionCache.clear()
  assert.equal(sessionCache.size, 0)
  assert.isFalse(await resumes(t, server, { sessionCache, port: 3 }))
})

test('session cache: what is none', OURS, (t) => {
  for (const sessionCache of [true, new Map(), 'x', 5]) {
    assert.throws(() => t.connect({ port: 1, sessionCache: /** @type {any} */ (sessionCache) }), /sessionCache.*SessionCache/)
  }
  for (const servers of [0, -1, 1.5, Number.NaN]) assert.throws(() => new t.tls.SessionCache({ servers }), RangeError)
  assert.throws(() => new t.tls.SessionCache({ servers: /** @type {any} */ ('2') }), TypeError)
})

test('session cache: a server has none, and no sealing key for sessions', OURS, (t) => {
  const [stream] = t.duplexPair()
  for (const options of [{ sessionCache: new t.tls.SessionCache() }, { sessionCache: 7 }, { sessionSealingKey: new Uint8Array(32) }]) {
    const [name] = Object.keys(options)
    const given = /** @type {any} */ (options)
    for (const make of [() => t.tls.createServer(given), () => new t.tls.TLSSocket(stream, { isServer: true, ...given })]) {
      assert.throws(make, new RegExp(`The option "${name}" is not supported`))
    }
  }
  t.tls.createServer(/** @type {any} */ ({ sessionCache: null }))
})
