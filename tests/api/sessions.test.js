// Sessions and tickets: what a client gets, what it gives back, what a server keeps, and who may resume with whom.
import { accepted, begin, join, sessionsOf } from '../connections.js'
import { evaluate, run } from '../children.js'
import { assert, event, test } from '../harness.js'

const VERSIONS = /** @type {const} */ (['TLSv1.2', 'TLSv1.3'])

const LISTENING = { only: ['node-20', 'node-26', 'deno', 'bun'], why: 'they can listen' }

const PROCESSES = { only: ['node-20', 'node-26'], why: 'child processes' }

/** OpenSSL's, as node:constants names it, which browsers do not have. */
const SSL_OP_NO_TICKET = 0x4000

/** A server that gives no tickets: its sessions are its own to keep. */
const WITHOUT_TICKETS = { maxVersion: 'TLSv1.2', secureOptions: SSL_OP_NO_TICKET }

/** Node 20 takes a session for any host: that was mended by CVE-2026-48934. */
const beforeHostsCount = (t) => t.isReference && t.runtime === 'node-20'

/** Connect, and wait for the last session that the connection gives. */
async function sessionOf(t, server, options) {
  const { client, socket, sessions } = await sessionsOf(t, server, options)
  return { client, socket, session: sessions[sessions.length - 1] }
}

/** Whether both ends say that a connection resumed; they must agree. */
async function resumes(t, server, options) {
  const { client, socket } = await join(t, server, options)
  assert.equal(client.isSessionReused(), socket.isSessionReused())
  return client.isSessionReused()
}

test('behaviour 17: TLS 1.3 gives two sessions after the handshake', async (t) => {
  const server = await t.server({ minVersion: 'TLSv1.3' })
  const client = await begin(t, server)
  const events = []
  const sessions = []
  client.on('session', (session) => {
    events.push('session')
    sessions.push(session)
  })
  client.on('secureConnect', () => events.push('secureConnect'))
  client.resume()
  while (sessions.length < 2) await event(client, 'session')
  assert.deepEqual(events, ['secureConnect', 'session', 'session'])
  assert.isTrue(sessions.every((session) => t.Buffer.isBuffer(session) && session.length > 0))
  assert.isFalse(sessions[0].equals(sessions[1]))
  for (const session of sessions) assert.isTrue(await resumes(t, server, { session }))
})

test('behaviour 17: TLS 1.3, getSession right after the handshake is not the session of a ticket', async (t) => {
  const server = await t.server({ minVersion: 'TLSv1.3' })
  const client = await begin(t, server)
  const sessions = []
  client.on('session', (session) => sessions.push(session))
  client.resume()
  await event(client, 'secureConnect')
  const early = client.getSession()
  assert.isTrue(t.Buffer.isBuffer(early))
  assert.isAbove(early.length, 0)
  assert.isUndefined(client.getTLSTicket())
  while (sessions.length < 2) await event(client, 'session')
  for (const session of sessions) assert.isFalse(session.equals(early))
  assert.isTrue(client.getSession().equals(sessions[1]))
  assert.isAbove(client.getTLSTicket().length, 0)
  assert.isFalse(await resumes(t, server, { session: early }))
})

test('behaviour 17: TLS 1.2 gives one session, after the callback, and getSession is the same', async (t) => {
  const server = await t.server({ maxVersion: 'TLSv1.2' })
  const events = []
  const seen = []
  const client = await begin(t, server)
  client.on('session', (session) => {
    events.push('session')
    seen.push(session)
  })
  client.on('secureConnect', () => {
    events.push('secureConnect')
    seen.push(client.getSession())
  })
  await event(client, 'session')
  seen.push(client.getSession())
  assert.deepEqual(events, ['secureConnect', 'session'])
  assert.isTrue(seen.every((session) => session.equals(seen[0])))
  assert.isTrue(await resumes(t, server, { session: seen[0] }))
  assert.lengthOf(events, 2)
})

for (const maxVersion of VERSIONS) {
  test(`sessions: a resumed connection, ${maxVersion}`, async (t) => {
    const server = await t.server({ maxVersion })
    const first = await sessionOf(t, server)
    assert.isFalse(first.client.isSessionReused())
    assert.isFalse(first.socket.isSessionReused())
    const given = []
    const secured = accepted(server)
    const client = await begin(t, server, { session: first.session })
    client.on('session', (session) => given.push(session))
    const socket = await secured
    if (client.secureConnecting) await event(client, 'secureConnect')
    assert.isTrue(client.isSessionReused())
    assert.isTrue(socket.isSessionReused())
    assert.isTrue(client.authorized)
    assert.equal(client.getProtocol(), maxVersion)
    // A server shows no certificate again.
    assert.deepEqual(client.getPeerCertificate(), {})
    socket.write('x')
    client.write('y')
    const [[received], [sent]] = await Promise.all([event(client, 'data'), event(socket, 'data')])
    assert.deepEqual([String(received), String(sent)], ['x', 'y'])
    // It has a session; it does not make a new one.
    assert.isAbove(client.getSession().length, 0)
    assert.isEmpty(given)
  })

  test(`sessions: one session resumes again and again, ${maxVersion}`, async (t) => {
    const server = await t.server({ maxVersion })
    const { session } = await sessionOf(t, server)
    for (let time = 0; time < 3; time++) assert.isTrue(await resumes(t, server, { session }))
  })

  test(`sessions: what is none gives a full handshake, ${maxVersion}`, async (t) => {
    const server = await t.server({ maxVersion })
    const { session } = await sessionOf(t, server)
    const garbage = [t.Buffer.from('garbage'), t.Buffer.alloc(0), t.random(1, 800), session.subarray(0, 100), session.subarray(50)]
    for (const bytes of garbage) assert.isFalse(await resumes(t, server, { session: bytes }))
    assert.isTrue(await resumes(t, server, { session }))
  })

  test(`sessions: null, undefined and false are no session, ${maxVersion}`, async (t) => {
    const server = await t.server({ maxVersion })
    for (const session of [null, undefined, false]) assert.isFalse(await resumes(t, server, { session }))
  })

  test(`sessions: a server of its own keys does not know it, ${maxVersion}`, async (t) => {
    const { session } = await sessionOf(t, await t.server({ maxVersion }))
    assert.isFalse(await resumes(t, await t.server({ maxVersion }), { session }))
  })

  test(`sessions: an unauthorized connection's session authorizes nobody, ${maxVersion}`, async (t) => {
    const { issuer } = await t.certificate('other-ca')
    const server = await t.server({ maxVersion })
    const { client: first, session } = await sessionOf(t, server, { ca: issuer, rejectUnauthorized: false })
    assert.isFalse(first.authorized)
    const told = new Promise((resolve) => server.once('tlsClientError', resolve))
    const client = await begin(t, server, { session, ca: issuer })
    client.on('secureConnect', () => assert.fail('authorized'))
    const [error] = await event(client, 'error')
    assert.equal(error.code, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
    // Ours tells the server why before the handshake is done.
    if (!t.isReference) await told
    const { client: careless } = await join(t, server, { session, ca: issuer, rejectUnauthorized: false })
    assert.deepEqual([careless.authorized, careless.authorizationError], [false, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'])
  })

  test(`sessions: over a given socket without a host, as in FTPS, ${maxVersion}`, { ours: true }, async (t) => {
    const server = await t.server({ maxVersion })
    const { session } = await sessionOf(t, server, { servername: 'a.wild.test' })
    const { client } = await join(t, server, { session, servername: undefined })
    // rustls's server, as RFC 6066 has it, resumes under the same name only.
    assert.isFalse(client.isSessionReused())
    const { session: nameless } = await sessionOf(t, server, { servername: undefined, host: 'localhost' })
    const { client: data } = await join(t, server, { session: nameless, servername: undefined })
    assert.isTrue(data.isSessionReused())
    assert.isTrue(data.authorized)
  })

  test(`sessions: a session does not resume for another host, ${maxVersion}`, async (t) => {
    const server = await t.server({ maxVersion })
    const { session } = await sessionOf(t, server, { servername: 'a.wild.test' })
    assert.isTrue(await resumes(t, server, { session, servername: 'a.wild.test' }))
    if (beforeHostsCount(t)) return
    assert.isFalse(await resumes(t, server, { session, servername: 'b.wild.test' }))
    assert.isFalse(await resumes(t, server, { session, servername: undefined, host: 'localhost' }))
    // The name is checked then.
    const client = await begin(t, server, { session, servername: 'other.test' })
    const [error] = await event(client, 'error')
    assert.equal(error.code, 'ERR_TLS_CERT_ALTNAME_INVALID')
  })

  test(`sessions: over a given socket, for the same host as before, ${maxVersion}`, LISTENING, async (t) => {
    const { ca } = await t.certificate('ecdsa-p256')
    const server = await t.server({ maxVersion })
    server.listen(0, '127.0.0.1')
    await event(server, 'listening')
    const { port } = server.address()
    const control = t.connect({ port, host: '127.0.0.1', ca })
    const given = event(control, 'session')
    control.resume()
    const [session] = await given
    const data = t.track(t.net.connect(port, '127.0.0.1'))
    const client = t.connect({ socket: data, host: '127.0.0.1', ca, session })
    await event(client, 'secureConnect')
    assert.isTrue(client.isSessionReused())
  })

  test(`sessions: setSession before the handshake, ${maxVersion}`, LISTENING, async (t) => {
    const { ca } = await t.certificate('ecdsa-p256')
    const server = await t.server({ maxVersion })
    server.listen(0, '127.0.0.1')
    await event(server, 'listening')
    const to = { port: server.address().port, host: '127.0.0.1', ca }
    const first = t.connect(to)
    const given = event(first, 'session')
    first.resume()
    const [session] = await given
    const client = t.connect(to)
    client.setSession(session)
    await event(client, 'secureConnect')
    assert.isTrue(client.isSessionReused())
  })

  test(`sessions: a client certificate is remembered, ${maxVersion}`, async (t) => {
    const { key, chain, ca } = await t.certificate('client')
    const server = await t.server({ maxVersion, requestCert: true, ca, sessionIdContext: 'context' })
    const { session } = await sessionOf(t, server, { key, cert: chain })
    const { client, socket } = await join(t, server, { key, cert: chain, session })
    assert.deepEqual([client.isSessionReused(), socket.isSessionReused()], [true, true])
    assert.deepEqual([socket.authorized, socket.authorizationError], [true, null])
    assert.equal(socket.getPeerCertificate().subject.CN, 'isomorphic-tls test client')
  })

  test(`sessions: sessionIdContext keeps applications apart, ${maxVersion}`, async (t) => {
    const ticketKeys = t.random(5, 48)
    const [one, same, other] = await Promise.all(
      ['one', 'one', 'other'].map((sessionIdContext) => t.server({ maxVersion, ticketKeys, sessionIdContext })),
    )
    const { session } = await sessionOf(t, one)
    assert.isTrue(await resumes(t, same, { session }))
    assert.isFalse(await resumes(t, other, { session }))
  })

  test(`sessions: sessionTimeout, ${maxVersion}`, async (t) => {
    const ticketKeys = t.random(6, 48)
    const server = await t.server({ maxVersion, sessionTimeout: 1, ticketKeys })
    const { session } = await sessionOf(t, server)
    await t.sleep(2100)
    assert.isFalse(await resumes(t, server, { session }))
  })

  test(`behaviour 18: rotated keys count for later connections, unknown keys give a full handshake, ${maxVersion}`, async (t) => {
    const server = await t.server({ maxVersion })
    const old = server.getTicketKeys()
    const { client, session, socket } = await sessionOf(t, server)
    assert.isTrue(await resumes(t, server, { session }))
    server.setTicketKeys(t.random(7, 48))
    assert.isFalse(await resumes(t, server, { session }))
    // Connections that there are go on.
    client.write('still here')
    assert.equal(String((await event(socket, 'data'))[0]), 'still here')
    const later = await sessionOf(t, server)
    assert.isTrue(await resumes(t, server, { session: later.session }))
    server.setTicketKeys(old)
    assert.isTrue(await resumes(t, server, { session }))
    assert.isFalse(await resumes(t, server, { session: later.session }))
  })

  test(`behaviour 18: servers that share keys resume each other's sessions, ${maxVersion}`, async (t) => {
    const ticketKeys = t.random(8, 48)
    const [one, two, three] = await Promise.all([
      t.server({ maxVersion, ticketKeys }),
      t.server({ maxVersion, ticketKeys }),
      t.server({ maxVersion }),
    ])
    const { session } = await sessionOf(t, one)
    assert.isTrue(await resumes(t, two, { session }))
    assert.isFalse(await resumes(t, three, { session }))
    three.setTicketKeys(one.getTicketKeys())
    assert.isTrue(await resumes(t, three, { session }))
  })

  test(`behaviour 18: getTLSTicket survives resumption, ${maxVersion}`, async (t) => {
    const server = await t.server({ maxVersion })
    const { client: first, socket, session } = await sessionOf(t, server)
    const ticket = first.getTLSTicket()
    assert.isTrue(t.Buffer.isBuffer(ticket))
    assert.isAbove(ticket.length, 0)
    const { client } = await join(t, server, { session })
    assert.isTrue(client.isSessionReused())
    assert.isTrue(client.getTLSTicket().equals(ticket))
    // A ticket is the client's.
    assert.isUndefined(socket.getTLSTicket())
  })

  test(`behaviour 19: tickets arrive before the end, ${maxVersion}`, async (t) => {
    const server = await t.server({ maxVersion })
    server.on('secureConnection', (socket) => socket.end('x'))
    const client = await begin(t, server)
    const events = []
    const sessions = []
    client.on('session', (session) => sessions.push(session))
    for (const name of ['session', 'data', 'end']) client.on(name, () => events.push(name))
    await event(client, 'end')
    const expected = maxVersion === 'TLSv1.3' ? ['data', 'session', 'session'] : ['data', 'session']
    assert.deepEqual(events.slice(0, -1).sort(), expected)
    assert.equal(events.at(-1), 'end')
    server.removeAllListeners('secureConnection')
    for (const session of sessions) assert.isTrue(await resumes(t, server, { session }))
  })

  test(`sessions: saved by one process, resumed in another, ${maxVersion}`, PROCESSES, async (t) => {
    const { ca } = await t.certificate('ecdsa-p256')
    const server = await t.server({ maxVersion })
    server.on('secureConnection', (socket) => socket.on('error', () => {}).resume())
    server.listen(0, '127.0.0.1')
    await event(server, 'listening')
    const { port } = server.address()
    const given = { port, ca, session: null }
    const connect = (tls, { session, ...to }) =>
      new Promise((resolve, reject) => {
        const bytes = session ? Buffer.from(session, 'base64') : undefined
        const client = tls.connect({ ...to, host: '127.0.0.1', session: bytes })
        client.on('error', reject).resume()
        const finish = (result) => {
          resolve(result)
          client.destroy()
        }
        if (session) client.on('secureConnect', () => finish(client.isSessionReused()))
        else client.once('session', (fresh) => finish(fresh.toString('base64')))
      })
    const { result: session } = await evaluate(t, connect, { given })
    const { result: reused } = await evaluate(t, connect, { given: { ...given, session } })
    assert.isTrue(reused)
  })
}

test('sessions: a session that is no Buffer', async (t) => {
  for (const session of [1, {}]) {
    const connect = () => t.connect({ socket: t.duplexPair()[0], session: /** @type {any} */ (session) })
    assert.throws(connect, TypeError, 'Session must be a buffer')
  }
})

test('sessions: those of TLS 1.3 and of TLS 1.2 are no use to each other', async (t) => {
  const server = await t.server()
  const { session } = await sessionOf(t, server)
  assert.isFalse(await resumes(t, server, { session, maxVersion: 'TLSv1.2' }))
  const { session: older } = await sessionOf(t, server, { maxVersion: 'TLSv1.2' })
  assert.isFalse(await resumes(t, server, { session: older, minVersion: 'TLSv1.3' }))
})

test('behaviour 18: ticket keys are 48 bytes, a copy at each call', async (t) => {
  const server = await t.server()
  const keys = server.getTicketKeys()
  assert.isTrue(t.Buffer.isBuffer(keys))
  assert.lengthOf(keys, 48)
  keys.fill(0)
  assert.isFalse(server.getTicketKeys().equals(keys))
  assert.isFalse((await t.server()).getTicketKeys().equals(server.getTicketKeys()))
  const own = t.random(9, 48)
  for (const value of [own, new Uint8Array(own), new DataView(new Uint8Array(own).buffer)]) {
    server.setTicketKeys(t.Buffer.alloc(48))
    server.setTicketKeys(value)
    assert.isTrue(server.getTicketKeys().equals(own))
  }
  assert.isTrue((await t.server({ ticketKeys: own })).getTicketKeys().equals(own))
})

test('behaviour 18: what are no ticket keys', (t) => {
  const server = t.tls.createServer()
  for (const value of ['x', null, undefined, 1, {}]) {
    assert.throws(
      () => server.setTicketKeys(/** @type {any} */ (value)),
      TypeError,
      /^The "buffer" argument must be an instance of Buffer, TypedArray, or DataView\. Received /,
    )
  }
  assert.throws(() => server.setTicketKeys(t.random(1, 47)), /Session ticket keys must be a 48-byte buffer/)
})

test('behaviour 19: the workers of a cluster share their ticket keys', { ...PROCESSES, timeout: 60_000 }, async (t) => {
  const { fileURLToPath } = await import('node:url')
  const { key, chain, ca } = await t.certificate('ecdsa-p256')
  const program = fileURLToPath(new URL('../programs/cluster.js', import.meta.url))
  const { output, errors } = await run(t, [program, String(t.implementation), key, chain, ca])
  assert.isNotEmpty(output, errors)
  const connections = JSON.parse(output)
  assert.deepEqual(
    connections.map(({ reused }) => reused),
    [false, true, true, true],
  )
  assert.equal(new Set(connections.map(({ worker }) => worker)).size, 2)
})

/** A server that keeps its sessions in a store of the test's, and answers after a while. */
async function keeping(t, options) {
  const store = new Map()
  const events = []
  const server = await t.server({ ...WITHOUT_TICKETS, ...options })
  server.on('newSession', (id, data, callback) => {
    assert.isTrue(t.Buffer.isBuffer(id) && t.Buffer.isBuffer(data))
    assert.lengthOf(id, 32)
    events.push('newSession')
    store.set(id.toString('hex'), data)
    setTimeout(() => {
      events.push('kept')
      callback()
    }, 20)
  })
  server.on('resumeSession', (id, callback) => {
    assert.isTrue(t.Buffer.isBuffer(id))
    events.push('resumeSession')
    const data = store.get(id.toString('hex')) ?? null
    setTimeout(() => {
      events.push('found')
      callback(null, data)
    }, 20)
  })
  server.on('secureConnection', () => events.push('secureConnection'))
  return { server, store, events }
}

test('behaviour 20: newSession and resumeSession answer when they like', async (t) => {
  const { server, store, events } = await keeping(t)
  const { client, session } = await sessionOf(t, server)
  assert.isUndefined(client.getTLSTicket())
  assert.deepEqual(events.slice(-3), ['newSession', 'kept', 'secureConnection'])
  assert.equal(store.size, 1)
  events.length = 0
  assert.isTrue(await resumes(t, server, { session }))
  assert.deepEqual(events, ['resumeSession', 'found', 'secureConnection'])
  assert.equal(store.size, 1)
})

test('behaviour 20: a session that the store has lost', async (t) => {
  const { server, store, events } = await keeping(t)
  const { session } = await sessionOf(t, server)
  store.clear()
  events.length = 0
  assert.isFalse(await resumes(t, server, { session }))
  assert.deepEqual(events, ['resumeSession', 'found', 'newSession', 'kept', 'secureConnection'])
  assert.equal(store.size, 1)
})

test('behaviour 20: stored data that is garbage', async (t) => {
  const { server, store } = await keeping(t)
  const { session } = await sessionOf(t, server)
  for (const id of store.keys()) store.set(id, t.random(1, 100))
  assert.isFalse(await resumes(t, server, { session }))
})

test('behaviour 20: stores of two servers', async (t) => {
  const one = await keeping(t, { sessionIdContext: 'shared' })
  const two = await keeping(t, { sessionIdContext: 'shared' })
  const { session } = await sessionOf(t, one.server)
  for (const [id, data] of one.store) two.store.set(id, data)
  assert.isTrue(await resumes(t, two.server, { session }))
})

test('behaviour 20: an error of resumeSession ends the connection', async (t) => {
  const server = await t.server(WITHOUT_TICKETS)
  const mine = new Error('the store is gone')
  server.on('resumeSession', (_id, callback) => setTimeout(() => callback(mine), 20))
  const failed = new Promise((resolve) => server.once('tlsClientError', (...args) => resolve(args)))
  const client = await begin(t, server, { session: (await sessionOf(t, await t.server(WITHOUT_TICKETS))).session })
  const [error] = await event(client, 'error')
  assert.equal(error.code, 'ECONNRESET')
  const [told, socket] = await failed
  assert.strictEqual(told, mine)
  assert.isTrue(socket.destroyed)
})

test('behaviour 20: a callback that is called twice', async (t) => {
  const server = await t.server(WITHOUT_TICKETS)
  server.on('resumeSession', (_id, callback) => {
    callback()
    callback()
  })
  const failed = new Promise((resolve) => server.once('tlsClientError', resolve))
  const client = await begin(t, server, { session: (await sessionOf(t, await t.server(WITHOUT_TICKETS))).session })
  client.on('error', () => {})
  const error = await failed
  assert.equal(error.code, 'ERR_MULTIPLE_CALLBACK')
  assert.equal(error.message, 'Callback called multiple times')
})

for (const name of ['newSession', 'resumeSession']) {
  test(`behaviour 20: a late callback of ${name} after destroy is harmless`, async (t) => {
    const server = await t.server(WITHOUT_TICKETS)
    const { session } = await sessionOf(t, server)
    server.on('secureConnection', () => assert.fail('secure without the callback'))
    const asked = new Promise((resolve) => server.once(name, (...args) => resolve(args[args.length - 1])))
    const [near, far] = t.duplexPair()
    const { ca } = await t.certificate('ecdsa-p256')
    server.emit('connection', far)
    const client = t.connect({ socket: near, ca, servername: 'localhost', ...(name === 'resumeSession' && { session }) })
    client.on('error', () => {})
    const callback = await asked
    client.destroy()
    far.destroy()
    await t.sleep(50)
    callback(null, null)
    await t.sleep(50)
  })
}
