// AsyncLocalStorage: which context listeners and callbacks run in. Events of a socket run in the one in which it was made, callbacks in
// the one in which they were handed over. Where Node's implementation shows through, and ours does not follow, the test says so.
import { accepted } from '../connections.js'
import { assert, event, outcome, test } from '../harness.js'
import { load } from '../servers.js'

const RUNTIMES = ['node-20', 'node-26', 'deno', 'bun', 'workerd']

const CONTEXTS = { only: RUNTIMES, why: 'they have AsyncLocalStorage' }

const LISTENING = { only: ['node-20', 'node-26', 'deno', 'bun'], why: 'they have AsyncLocalStorage, and can listen' }

const VERSIONS = /** @type {const} */ (['TLSv1.2', 'TLSv1.3'])

const SSL_OP_NO_TICKET = 2 ** 14

const EVENTS = ['lookup', 'connect', 'ready', 'secure', 'secureConnect', 'session', 'keylog', 'OCSPResponse', 'data', 'end', 'close']

/** Where things run: `run` enters a context by its name, `note` remembers the one that something happens in. */
async function contexts() {
  const { AsyncLocalStorage } = await load('node:async_hooks')
  const storage = new AsyncLocalStorage()
  /** @type {Record<string, string[]>} */
  const seen = {}
  const note = (what) => {
    seen[what] ??= []
    const place = storage.getStore() ?? 'none'
    if (!seen[what].includes(place)) seen[what].push(place)
  }
  const run = (place, call) => storage.run(place, call)
  /** Call something later, in a context of its own. */
  const elsewhere = (call) => run('elsewhere', () => setTimeout(call, 0))
  const watch = (emitter, names) =>
    run('on', () => {
      for (const name of names) emitter.on(name, () => note(name))
    })
  return { run, note, seen, elsewhere, watch, promise: (place, start) => run(place, () => new Promise(start)) }
}

/** What makes the socket of an option, each in a context that is not that of `tls.connect`. */
const TRANSPORTS = /** @type {Record<string, (t: any, peer: any, run: any) => any>} */ ({
  'its own TCP': () => undefined,
  'a given socket': (t, peer, run) => run('raw', () => t.transport(peer)),
  'a given socket that connects': (t, peer, run) => run('raw', () => t.track(t.net.connect(peer.port, peer.host))),
})

for (const [what, make] of Object.entries(TRANSPORTS)) {
  for (const maxVersion of VERSIONS) {
    test(`async context: a client's events over ${what}, ${maxVersion}`, CONTEXTS, async (t) => {
      const { run, note, seen, watch } = await contexts()
      const peer = await t.peer({ maxVersion })
      const given = await make(t, peer, run)
      const to = t.to(peer, { requestOCSP: true, checkServerIdentity: () => note('checkServerIdentity') })
      const options = given ? { ...to, socket: given } : to
      const client = run('tls.connect', () => t.connect(options, () => note('listener')))
      watch(client, EVENTS)
      const told = Promise.all([event(client, 'session'), event(client, 'data')])
      await event(client, 'secureConnect')
      run('write', () => client.write('x'))
      await told
      run('end', () => client.end())
      await event(client, 'close')
      const names = ['listener', 'checkServerIdentity', 'secureConnect', 'session', 'keylog', 'OCSPResponse', 'data', 'end', 'close']
      for (const name of names) assert.isDefined(seen[name], name)
      // In Node these come from the given socket.
      const leaks = t.isReference && given ? { connect: ['raw'], close: ['raw'] } : {}
      for (const [name, places] of Object.entries(seen)) assert.deepEqual(places, leaks[name] ?? ['tls.connect'], name)
    })
  }
}

test("async context: a client's events over a Duplex", CONTEXTS, async (t) => {
  const { run, note, seen, watch } = await contexts()
  const server = await t.server()
  const [near, far] = run('raw', () => t.duplexPair())
  const ready = accepted(server)
  run('server', () => server.emit('connection', far))
  const { ca } = await t.certificate('ecdsa-p256')
  const client = run('tls.connect', () => t.connect({ socket: near, ca, servername: 'localhost' }, () => note('listener')))
  watch(client, EVENTS)
  const [socket] = await Promise.all([ready, event(client, 'session')])
  run('server', () => socket.end('x'))
  await event(client, 'end')
  for (const name of ['listener', 'secureConnect', 'session', 'keylog', 'data', 'end']) assert.isDefined(seen[name], name)
  for (const [name, places] of Object.entries(seen)) assert.deepEqual(places, ['tls.connect'], name)
})

test('async context: the error of a server that is not trusted', CONTEXTS, async (t) => {
  const { run, seen, watch } = await contexts()
  const peer = await t.peer()
  const client = run('tls.connect', () => t.connect({ port: peer.port, host: peer.host }))
  watch(client, ['error', 'close'])
  await new Promise((resolve) => client.once('close', resolve))
  assert.deepEqual(seen, { error: ['tls.connect'], close: ['tls.connect'] })
})

test('async context: destroy with an error', CONTEXTS, async (t) => {
  const { run, seen, watch } = await contexts()
  const peer = await t.peer()
  const client = run('tls.connect', () => t.connect(t.to(peer)))
  watch(client, ['error', 'close'])
  await event(client, 'secureConnect')
  run('destroy', () => client.destroy(new Error('mine')))
  await new Promise((resolve) => client.once('close', resolve))
  assert.deepEqual(seen, { error: ['destroy'], close: ['tls.connect'] })
})

test('async context: callbacks run where they were handed over', CONTEXTS, async (t) => {
  const { run, note, seen, promise } = await contexts()
  const peer = await t.peer()
  const client = run('tls.connect', () => t.connect(t.to(peer)))
  await event(client, 'secureConnect')
  const echoed = event(client, 'data')
  const callback = (what, resolve) => () => {
    note(what)
    resolve()
  }
  await promise('in write', (resolve) => client.write('x', callback('write', resolve)))
  // From here on nothing moves.
  await echoed
  await promise('in renegotiate', (resolve) => client.renegotiate({}, callback('renegotiate', resolve)))
  await promise('in setTimeout', (resolve) => client.setTimeout(1, callback('setTimeout', resolve)))
  client.setTimeout(0)
  await promise('in end', (resolve) => client.end(callback('end', resolve)))
  for (const what of ['write', 'renegotiate', 'setTimeout', 'end']) assert.deepEqual(seen[what], [`in ${what}`], what)
})

test('async context: the timeout of a socket on which something moves', CONTEXTS, async (t) => {
  const { run, note, seen, promise } = await contexts()
  const peer = await t.peer()
  const client = run('tls.connect', () => t.connect(t.to(peer)))
  await event(client, 'secureConnect')
  const timeout = promise('in setTimeout', (resolve) =>
    client.setTimeout(100, () => {
      note('setTimeout')
      resolve(undefined)
    }),
  )
  run('write', () => client.write('x'))
  await event(client, 'data')
  await timeout
  assert.deepEqual(seen, { setTimeout: ['in setTimeout'] })
})

test('async context: the callback of a write that waits for the handshake', CONTEXTS, async (t) => {
  const { run, note, seen, promise } = await contexts()
  const peer = await t.peer()
  const given = await run('raw', () => t.transport(peer))
  const client = run('tls.connect', () => t.connect(t.to(peer, { socket: given })))
  await promise('in write', (resolve) =>
    client.write('x', () => {
      note('write')
      resolve(undefined)
    }),
  )
  assert.deepEqual(seen, { write: ['in write'] })
})

test('async context: two connections keep theirs apart', CONTEXTS, async (t) => {
  const { run, seen, note } = await contexts()
  const peer = await t.peer()
  const clients = ['one', 'other'].map((place) =>
    run(place, () => {
      const client = t.connect(t.to(peer))
      for (const name of ['secureConnect', 'data', 'session']) client.on(name, () => note(`${place} ${name}`))
      client.write('x')
      return client
    }),
  )
  await Promise.all(clients.flatMap((client) => [event(client, 'data'), event(client, 'session')]))
  for (const place of ['one', 'other']) {
    for (const name of ['secureConnect', 'data', 'session']) assert.deepEqual(seen[`${place} ${name}`], [place], name)
  }
})

/** A server whose callbacks note where they run, and answer elsewhere. */
async function notingServer(t, { note, elsewhere, run }, options) {
  const sessions = new Map()
  const { key, chain } = await t.certificate('ecdsa-p256')
  const server = run('createServer', () =>
    t.tls.createServer({
      key,
      cert: chain,
      SNICallback(_name, callback) {
        note('SNICallback')
        elsewhere(() => callback(null, null))
      },
      ALPNCallback({ protocols }) {
        note('ALPNCallback')
        return protocols[0]
      },
      ...options,
    }),
  )
  run('on', () => {
    server.on('newSession', (id, data, callback) => {
      note('newSession')
      sessions.set(id.toString('hex'), data)
      elsewhere(callback)
    })
    server.on('resumeSession', (id, callback) => {
      note('resumeSession')
      elsewhere(() => callback(null, sessions.get(id.toString('hex')) ?? null))
    })
    server.on('connection', () => note('connection'))
    server.on('keylog', () => note('server keylog'))
    server.on('secureConnection', (socket) => {
      t.track(socket)
      note('secureConnection')
      for (const name of ['data', 'end']) socket.on(name, () => note(`socket ${name}`))
    })
    server.on('tlsClientError', () => note('tlsClientError'))
  })
  return server
}

/** Where each is told: in Node, 'secureConnection' of TLS 1.2 comes from where the session was kept. */
const serverPlaces = (t, place, maxVersion) => ({
  SNICallback: [place],
  ALPNCallback: [place],
  newSession: [place],
  connection: [place],
  'server keylog': [place],
  secureConnection: [t.isReference && maxVersion === 'TLSv1.2' ? 'elsewhere' : place],
  'socket data': [place],
  'socket end': [place],
})

/** Have a client say something, and end when that has arrived. */
async function exchange(server, client) {
  const [socket] = await Promise.all([accepted(server), event(client, 'secureConnect')])
  client.write('x')
  await event(socket, 'data')
  client.end()
  await event(socket, 'end')
}

for (const maxVersion of VERSIONS) {
  test(`async context: a server's callbacks and events over a Duplex, ${maxVersion}`, CONTEXTS, async (t) => {
    const tools = await contexts()
    const server = await notingServer(t, tools, { maxVersion, secureOptions: SSL_OP_NO_TICKET })
    const [near, far] = tools.run('raw', () => t.duplexPair())
    tools.run('emit', () => server.emit('connection', far))
    const { ca } = await t.certificate('ecdsa-p256')
    const options = { socket: near, ca, servername: 'localhost', ALPNProtocols: ['a'], minVersion: maxVersion }
    const client = tools.run('tls.connect', () => t.connect(options))
    await exchange(server, client)
    const { resumeSession: _, ...seen } = tools.seen
    assert.deepEqual(seen, serverPlaces(t, 'emit', maxVersion))
  })

  test(`async context: a server's callbacks and events over its own TCP, ${maxVersion}`, LISTENING, async (t) => {
    const tools = await contexts()
    const server = await notingServer(t, tools, { maxVersion, secureOptions: SSL_OP_NO_TICKET })
    t.after(() => server.close())
    await tools.promise('listen', (resolve) => server.listen(0, '127.0.0.1', resolve))
    const { ca } = await t.certificate('ecdsa-p256')
    const options = {
      port: server.address().port,
      host: '127.0.0.1',
      ca,
      servername: 'localhost',
      ALPNProtocols: ['a'],
      minVersion: maxVersion,
    }
    const client = tools.run('tls.connect', () => t.connect(options))
    await exchange(server, client)
    const { resumeSession: _, ...seen } = tools.seen
    assert.deepEqual(seen, serverPlaces(t, 'listen', maxVersion))
  })
}

test('async context: resumeSession, and what is asked after it was answered elsewhere', CONTEXTS, async (t) => {
  const tools = await contexts()
  const server = await notingServer(t, tools, { maxVersion: 'TLSv1.2', secureOptions: SSL_OP_NO_TICKET })
  const { ca } = await t.certificate('ecdsa-p256')
  const join = async (session) => {
    const [near, far] = t.duplexPair()
    tools.run('emit', () => server.emit('connection', far))
    const client = t.connect({ socket: near, ca, servername: 'localhost', ALPNProtocols: ['a'], session })
    await Promise.all([accepted(server), event(client, 'secureConnect')])
    return client
  }
  const first = await join(undefined)
  const again = await join(first.getSession())
  assert.isTrue(again.isSessionReused())
  assert.deepEqual(tools.seen.resumeSession, ['emit'])
  assert.deepEqual(tools.seen.SNICallback, ['emit'])
  assert.deepEqual(tools.seen.ALPNCallback, ['emit'])
})

test('async context: OCSPRequest is told from where the SNICallback was answered', CONTEXTS, async (t) => {
  const tools = await contexts()
  const server = await notingServer(t, tools, {})
  server.on('OCSPRequest', (_certificate, _issuer, callback) => {
    tools.note('OCSPRequest')
    callback(null, null)
  })
  const [near, far] = t.duplexPair()
  tools.run('emit', () => server.emit('connection', far))
  const { ca } = await t.certificate('ecdsa-p256')
  const client = t.connect({ socket: near, ca, servername: 'localhost', requestOCSP: true })
  await Promise.all([accepted(server), event(client, 'secureConnect')])
  assert.deepEqual([tools.seen.SNICallback, tools.seen.OCSPRequest], [['emit'], ['elsewhere']])
})

for (const maxVersion of VERSIONS) {
  test(`async context: a client that shares no protocol of ALPN, ${maxVersion}`, CONTEXTS, async (t) => {
    const tools = await contexts()
    const server = await notingServer(t, tools, { maxVersion, ALPNCallback: undefined, ALPNProtocols: ['b'] })
    const parted = new Promise((resolve) => server.once('tlsClientError', (_error, socket) => socket.once('close', resolve)))
    const [near, far] = tools.run('raw', () => t.duplexPair())
    tools.run('emit', () => server.emit('connection', far))
    const { ca } = await t.certificate('ecdsa-p256')
    const client = tools.run('tls.connect', () => t.connect({ socket: near, ca, servername: 'localhost', ALPNProtocols: ['a'] }))
    tools.watch(client, ['error', 'close'])
    await Promise.all([parted, new Promise((resolve) => client.once('close', resolve))])
    const { tlsClientError, error, close } = tools.seen
    assert.deepEqual({ tlsClientError, error, close }, { tlsClientError: ['emit'], error: ['tls.connect'], close: ['tls.connect'] })
  })
}

test('async context: pskCallback on both sides', CONTEXTS, async (t) => {
  const { run, note, seen } = await contexts()
  const psk = t.random(1, 16)
  const only = { minVersion: 'TLSv1.3', ciphers: 'TLS_AES_128_GCM_SHA256' }
  const server = run('createServer', () =>
    t.tls.createServer({
      .../** @type {any} */ (only),
      pskCallback() {
        note('server')
        return psk
      },
    }),
  )
  const ready = accepted(server)
  const [near, far] = run('raw', () => t.duplexPair())
  run('emit', () => server.emit('connection', far))
  const pskCallback = () => {
    note('client')
    return { psk, identity: 'x' }
  }
  const client = run('tls.connect', () => t.connect({ ...only, socket: near, pskCallback, checkServerIdentity: () => undefined }))
  const [socket] = await Promise.all([ready, event(client, 'secureConnect')])
  t.track(socket)
  assert.deepEqual(seen, { client: ['tls.connect'], server: ['emit'] })
})

test('async context: tlsClientError of junk, and of a handshake that takes too long', LISTENING, async (t) => {
  const tools = await contexts()
  const server = await notingServer(t, tools, { handshakeTimeout: 50 })
  t.after(() => server.close())
  await tools.promise('listen', (resolve) => server.listen(0, '127.0.0.1', resolve))
  for (const words of ['this is no ClientHello, nor anything like it', '']) {
    const told = new Promise((resolve) => server.once('tlsClientError', resolve))
    const raw = tools.run('raw', () => t.track(t.net.connect(server.address().port, '127.0.0.1')))
    raw.on('error', () => {})
    raw.write(words)
    await told
    raw.destroy()
  }
  assert.deepEqual(tools.seen.tlsClientError, ['listen'])
})

test('async context: a connector that answers elsewhere', { ...CONTEXTS, ours: true }, async (t) => {
  const { run, note, seen, watch, elsewhere } = await contexts()
  const peer = await t.peer()
  const connector = async () => {
    note('connector')
    await new Promise((resolve) => elsewhere(resolve))
    return run('raw', () => t.transport(peer))
  }
  const client = run('tls.connect', () => t.connect(t.to(peer, { connector })))
  watch(client, ['connect', 'secureConnect', 'data', 'end', 'close'])
  await event(client, 'secureConnect')
  client.write('x')
  await event(client, 'data')
  client.end()
  await event(client, 'close')
  const names = ['connector', 'connect', 'secureConnect', 'data', 'end', 'close']
  assert.deepEqual(seen, Object.fromEntries(names.map((name) => [name, ['tls.connect']])))
})

test('async context: over a WebSocket', { ...CONTEXTS, ours: true }, async (t) => {
  const { run, seen, watch } = await contexts()
  const peer = await t.peer()
  const socket = await run('raw', () => t.webSocket(peer))
  const client = run('tls.connect', () => t.connect({ socket, ca: peer.ca, servername: 'localhost' }))
  watch(client, ['secureConnect', 'session', 'data', 'end', 'close'])
  await event(client, 'session')
  client.write('x')
  await event(client, 'data')
  client.end()
  await event(client, 'close')
  for (const name of ['secureConnect', 'session', 'data', 'close']) assert.deepEqual(seen[name], ['tls.connect'], name)
})

test('async context: a SecurePair', { ...CONTEXTS, ours: true }, async (t) => {
  const { run, seen, watch } = await contexts()
  const server = await t.server()
  const [near, far] = run('raw', () => t.duplexPair())
  server.emit('connection', far)
  const { ca } = await t.certificate('ecdsa-p256')
  const pair = run('pair', () => t.tls.createSecurePair(t.tls.createSecureContext({ ca })))
  t.track(pair.cleartext)
  run('raw', () => pair.encrypted.pipe(near).pipe(pair.encrypted))
  watch(pair, ['secure'])
  watch(pair.cleartext, ['data', 'end'])
  server.once('secureConnection', (socket) => socket.end('x'))
  await event(pair.cleartext, 'end')
  assert.deepEqual(seen, { secure: ['pair'], data: ['pair'], end: ['pair'] })
})

test('async context: verifyPeer is asked where the socket was made, and what follows its answer is told there', {
  ...CONTEXTS,
  ours: true,
}, async (t) => {
  const server = await t.server()
  const { ca } = await t.certificate('ecdsa-p256')
  for (const answered of ['yes', 'no']) {
    const { run, note, seen, watch, elsewhere } = await contexts()
    const [near, far] = t.duplexPair()
    server.emit('connection', far)
    const verifyPeer = () => {
      note('verifyPeer')
      return new Promise((resolve) => elsewhere(() => resolve(answered === 'yes' ? undefined : new Error('no'))))
    }
    const client = run('tls.connect', () => t.connect({ socket: near, ca, servername: 'localhost', verifyPeer }))
    watch(client, ['secureConnect', 'error', 'close'])
    client.once('secureConnect', () => client.destroy())
    await outcome(client)
    const names = answered === 'yes' ? ['verifyPeer', 'secureConnect', 'close'] : ['verifyPeer', 'error', 'close']
    assert.deepEqual(seen, Object.fromEntries(names.map((name) => [name, ['tls.connect']])))
  }
})
