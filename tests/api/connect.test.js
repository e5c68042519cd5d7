// tls.connect: its call forms, how it reaches the peer, and what the socket says on the way.
import { assert, event, outcome, test } from '../harness.js'

const TCP = ['node-20', 'node-26', 'deno', 'bun', 'workerd']
const CONSOLES = ['node-20', 'node-26', 'deno', 'bun']
const BROWSERS = ['chromium', 'firefox']

/** Say something to an echoing peer and check what comes back: the connection works. */
async function echoes(socket) {
  socket.write('hello')
  const [chunk] = await event(socket, 'data')
  assert.equal(String(chunk), 'hello')
}

/** The arguments of a callback's call. */
const called = () => {
  let resolve
  const promise = new Promise((done) => {
    resolve = done
  })
  return { promise, callback: (...args) => resolve(args) }
}

test('connect: an options object', async (t) => {
  const peer = await t.peer()
  const socket = t.connect({ port: peer.port, host: peer.host, ca: peer.ca })
  assert.instanceOf(socket, t.tls.TLSSocket)
  assert.instanceOf(socket, t.Duplex)
  await event(socket, 'secureConnect')
  await echoes(socket)
})

test('connect: an options object and a callback', async (t) => {
  const peer = await t.peer()
  const { promise, callback } = called()
  const socket = t.connect({ port: peer.port, host: peer.host, ca: peer.ca }, callback)
  assert.deepEqual(await promise, [])
  await echoes(socket)
})

test('connect: port, host, options and a callback', async (t) => {
  const peer = await t.peer()
  const { promise, callback } = called()
  const socket = t.connect(peer.port, peer.host, { ca: peer.ca }, callback)
  await promise
  await echoes(socket)
})

test('connect: port and options', async (t) => {
  const peer = await t.peer()
  const { promise, callback } = called()
  const socket = t.connect(peer.port, { host: peer.host, ca: peer.ca }, callback)
  await promise
  await echoes(socket)
})

test('connect: port, host and options without a callback', async (t) => {
  const peer = await t.peer()
  const socket = t.connect(peer.port, peer.host, { ca: peer.ca })
  await event(socket, 'secureConnect')
  await echoes(socket)
})

test('connect: options win over port and host before them', async (t) => {
  const peer = await t.peer()
  const socket = t.connect(1, 'nowhere.test', { port: peer.port, host: peer.host, ca: peer.ca })
  await event(socket, 'secureConnect')
  await echoes(socket)
})

test('connect: port and host alone verify against the default roots', async (t) => {
  const peer = await t.peer()
  const socket = t.connect(peer.port, peer.host, () => assert.fail('the callback was called'))
  const { error, events } = await outcome(socket)
  assert.equal(error.code, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
  assert.notInclude(events, 'secureConnect')
})

test('connect: port and callback alone connect to localhost', async (t) => {
  const peer = await t.peer()
  const socket = t.connect(peer.port, () => assert.fail('the callback was called'))
  const { error } = await outcome(socket)
  assert.equal(error.code, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
})

test('connect: the port may be a string of digits', async (t) => {
  const peer = await t.peer()
  const socket = t.connect({ port: String(peer.port), host: peer.host, ca: peer.ca })
  await event(socket, 'secureConnect')
  const other = t.connect(String(peer.port), peer.host, { ca: peer.ca })
  await event(other, 'secureConnect')
})

test('connect: without a host it is localhost, for the connection and for the identity', async (t) => {
  const peer = await t.peer({ certificate: 'cn-only' })
  const socket = t.connect({ port: peer.port, ca: peer.ca })
  await event(socket, 'secureConnect')
  assert.isTrue(socket.authorized)
})

test('connect: the callback listens to secureConnect once, with the socket as this', async (t) => {
  const peer = await t.peer()
  let calls = 0
  const socket = t.connect(
    t.to(peer),
    /** @this {any} */ function () {
      calls++
      assert.strictEqual(this, socket)
    },
  )
  await event(socket, 'secureConnect')
  socket.emit('secureConnect')
  assert.equal(calls, 1)
})

test('connect: the callback runs before listeners that are added later', async (t) => {
  const peer = await t.peer()
  const order = []
  const socket = t.connect(t.to(peer), () => order.push('callback'))
  socket.on('secureConnect', () => order.push('listener'))
  await event(socket, 'secureConnect')
  assert.deepEqual(order, ['callback', 'listener'])
})

test('connect: the options are not changed', async (t) => {
  const peer = await t.peer()
  const options = Object.freeze({ port: peer.port, host: peer.host, ca: peer.ca })
  const socket = t.connect(options)
  await event(socket, 'secureConnect')
})

test('connect: neither port nor path nor socket throws', (t) => {
  assert.throws(() => t.connect({}), TypeError, /"options" or "port" or "path"/)
  assert.throws(() => t.connect(), TypeError)
})

test('connect: a port that is none throws', (t) => {
  for (const port of [65536, -1, 1.5, 'x1', Number.NaN]) {
    const error = caught(() => t.connect({ port, host: '127.0.0.1' }))
    assert.equal(error?.code, 'ERR_SOCKET_BAD_PORT', `port ${port}`)
    if (t.runtime !== 'workerd') assert.instanceOf(error, RangeError)
  }
})

function caught(run) {
  try {
    run()
    return null
  } catch (error) {
    return error
  }
}

test('connect: the events up to secureConnect, and to a peaceful end', async (t) => {
  const peer = await t.peer({ behaviour: 'end-after-secure' })
  const { events, hadError } = await outcome(t.connect(t.to(peer)))
  assert.deepEqual(events, ['connect', 'ready', 'secureConnect', 'end', 'finish', 'close'])
  assert.isFalse(hadError)
})

test('connect: _host is the name that is looked up', async (t) => {
  const peer = await t.peer()
  for (const [host, name] of [
    ['localhost', 'localhost'],
    [undefined, 'localhost'],
    ['127.0.0.1', undefined],
  ]) {
    const socket = t.connect(t.to(peer, { host }))
    // Without a name Node has null; the runtime's own Socket may have nothing.
    assert.equal(socket._host ?? undefined, name)
    await event(socket, 'secureConnect')
    assert.equal(socket._host ?? undefined, name)
  }
})

test('connect: TLS in TLS is with the host of the tunnel, unless it is said', {
  only: ['node-20', 'node-26', 'deno', 'bun'],
  why: 'a lookup of its own finds it',
}, async (t) => {
  const inner = await t.peer({ certificate: 'sni-a' })
  const outer = await t.peer({ behaviour: 'forward', options: { port: inner.port } })
  const hosts = []
  const checkServerIdentity = (host) => {
    hosts.push(host)
    return undefined
  }
  const lookup = (_host, { all }, callback) => {
    if (all) callback(null, [{ address: outer.host, family: 4 }])
    else callback(null, outer.host, 4)
  }
  const tunnel = t.connect(t.to(outer, { host: 'tunnel.test', lookup, checkServerIdentity }))
  await event(tunnel, 'secureConnect')
  await event(t.connect({ socket: tunnel, ca: inner.ca, checkServerIdentity }), 'secureConnect')
  assert.deepEqual(hosts, ['tunnel.test', 'tunnel.test'])
})

test('connect: a name is looked up first', {
  only: ['node-20', 'node-26', 'deno', 'bun'],
  why: 'elsewhere the platform tells nothing of it',
}, async (t) => {
  const peer = await t.peer()
  const socket = t.connect({ port: peer.port, host: 'localhost', ca: peer.ca })
  await event(socket, 'lookup')
  await event(socket, 'secureConnect')
})

test('connect: connecting, pending and readyState', async (t) => {
  const peer = await t.peer()
  const socket = t.connect(t.to(peer))
  const state = () => [socket.connecting, socket.pending, socket.readyState]
  assert.deepEqual(state(), [true, true, 'opening'])
  await event(socket, 'connect')
  assert.deepEqual(state(), [false, false, 'open'])
  await event(socket, 'secureConnect')
  assert.deepEqual(state(), [false, false, 'open'])
  socket.destroy()
  assert.equal(socket.readyState, 'closed')
  assert.isFalse(socket.connecting)
})

test('connect: what is written before the handshake arrives after it', async (t) => {
  const peer = await t.peer({ behaviour: 'sink' })
  const socket = t.connect(t.to(peer))
  socket.write('one ')
  socket.write(t.Buffer.from('two '))
  socket.end('three')
  const { data } = await outcome(socket)
  assert.equal(JSON.parse(data.join('')).bytes, 13)
})

test('connect: many at once', async (t) => {
  const peer = await t.peer()
  const sockets = Array.from({ length: 20 }, () => t.connect(t.to(peer)))
  await Promise.all(sockets.map((socket) => event(socket, 'secureConnect')))
  await Promise.all(sockets.map(echoes))
  assert.equal((await peer.seen()).connections, 20)
})

test('connect: timeout is there at once, and fires where nothing comes', async (t) => {
  const peer = await t.peer({ kind: 'raw', behaviour: 'silent' })
  const socket = t.connect({ port: peer.port, host: peer.host, timeout: 100 })
  assert.equal(socket.timeout, 100)
  await event(socket, 'timeout')
  assert.isFalse(socket.destroyed)
})

test('connect: a signal that is aborted already', async (t) => {
  const peer = await t.peer()
  const socket = t.connect(t.to(peer, { signal: AbortSignal.abort() }))
  const { error, events } = await outcome(socket)
  assert.deepEqual([error.name, error.code], ['AbortError', 'ABORT_ERR'])
  assert.notInclude(events, 'secureConnect')
})

test('connect: a signal that is aborted during the handshake', async (t) => {
  const peer = await t.peer({ kind: 'raw', behaviour: 'silent' })
  const controller = new AbortController()
  const socket = t.connect({ port: peer.port, host: peer.host, signal: controller.signal })
  await event(socket, 'connect')
  const told = outcome(socket)
  controller.abort()
  const { error } = await told
  assert.equal(error.name, 'AbortError')
})

test('connect: a signal that is aborted after the handshake', async (t) => {
  const peer = await t.peer()
  const controller = new AbortController()
  const socket = t.connect(t.to(peer, { signal: controller.signal }))
  await event(socket, 'secureConnect')
  const told = outcome(socket)
  controller.abort(new Error('enough'))
  const { error } = await told
  assert.equal(error.name, 'AbortError')
  assert.equal(error.cause.message, 'enough')
})

test('connect: TLSSocket is a net.Socket', { only: TCP, why: 'elsewhere there is no net' }, async (t) => {
  const peer = await t.peer()
  const socket = t.connect(t.to(peer))
  assert.instanceOf(socket, t.net.Socket)
  await event(socket, 'secureConnect')
})

test('connect: path', { only: CONSOLES, why: 'Unix sockets' }, async (t) => {
  const peer = await t.peer({ path: true })
  const socket = t.connect({ path: peer.path, ca: peer.ca })
  await event(socket, 'secureConnect')
  await echoes(socket)
})

test('connect: a path wins over port and host', { only: CONSOLES, why: 'Unix sockets' }, async (t) => {
  const peer = await t.peer({ path: true })
  const socket = t.connect({ path: peer.path, port: 1, host: 'localhost', ca: peer.ca })
  await event(socket, 'secureConnect')
  await echoes(socket)
})

test('connect: a string that is no number is a path', { only: CONSOLES, why: 'Unix sockets' }, async (t) => {
  const peer = await t.peer({ path: true })
  const socket = t.connect(peer.path, { ca: peer.ca })
  await event(socket, 'secureConnect')
  await echoes(socket)
})

test('connect: a custom lookup is asked for the host', { only: CONSOLES, why: 'name resolution of net' }, async (t) => {
  const peer = await t.peer()
  let asked
  const lookup = (host, options, callback) => {
    asked = [host, options]
    if (options.all) callback(null, [{ address: peer.host, family: 4 }])
    else callback(null, peer.host, 4)
  }
  const socket = t.connect({ port: peer.port, host: 'x.wild.test', ca: peer.ca, lookup })
  await event(socket, 'secureConnect')
  assert.equal(asked[0], 'x.wild.test')
})

test('connect: where nobody listens', { only: CONSOLES, why: 'the error is that of the TCP layer' }, async (t) => {
  const peer = await t.peer()
  await peer.stop()
  const { error, events, hadError } = await outcome(t.connect(t.to(peer)))
  assert.deepEqual([error.code, error.syscall, error.address, error.port], ['ECONNREFUSED', 'connect', peer.host, peer.port])
  assert.deepEqual(events, ['error', 'close'])
  assert.isTrue(hadError)
})

test('connect: where nobody listens, through a tunnel', { ours: true, only: BROWSERS, why: 'TCP has its own errors' }, async (t) => {
  const peer = await t.peer()
  await peer.stop()
  const { error, events, hadError } = await outcome(t.connect(t.to(peer)))
  assert.instanceOf(error, Error)
  assert.deepEqual(events, ['error', 'close'])
  assert.isTrue(hadError)
})

test('connect: over a given socket that is connected', async (t) => {
  const peer = await t.peer()
  const stream = await t.transport(peer)
  const { promise, callback } = called()
  const socket = t.connect({ socket: stream, ca: peer.ca, servername: 'localhost' }, callback)
  assert.isTrue(socket.readable && socket.writable)
  await promise
  await echoes(socket)
})

test('connect: over a given socket, port and host are not used', async (t) => {
  const peer = await t.peer()
  const stream = await t.transport(peer)
  const socket = t.connect({ socket: stream, port: 1, host: 'localhost', ca: peer.ca })
  await event(socket, 'secureConnect')
  assert.isTrue(socket.authorized)
})

test('connect: over a given socket that is connecting', { only: TCP, why: 'net.connect' }, async (t) => {
  const peer = await t.peer()
  const stream = t.track(t.net.connect(peer.port, peer.host))
  const socket = t.connect({ socket: stream, ca: peer.ca, servername: 'localhost' })
  assert.isTrue(socket.connecting)
  await event(socket, 'secureConnect')
  await echoes(socket)
})

test('connect: over a given socket that connects later', { only: CONSOLES, why: 'net.Socket without a connection' }, async (t) => {
  const peer = await t.peer()
  const stream = t.track(new t.net.Socket())
  const socket = t.connect({ socket: stream, ca: peer.ca, servername: 'localhost' })
  stream.connect(peer.port, peer.host)
  await event(socket, 'secureConnect')
  await echoes(socket)
})

test('connect: over a given socket, the end of TLS ends the socket', async (t) => {
  const peer = await t.peer({ behaviour: 'end-after-secure' })
  const stream = await t.transport(peer)
  const closed = new Promise((resolve) => stream.on('close', resolve))
  const socket = t.connect({ socket: stream, ca: peer.ca, servername: 'localhost' })
  // Whether it ends by itself depends on the given socket's allowHalfOpen.
  socket.on('end', () => socket.end())
  await outcome(socket)
  await closed
})

test('connect: over a given socket that fails to connect', { only: CONSOLES, why: 'the error is that of the TCP layer' }, async (t) => {
  const peer = await t.peer()
  await peer.stop()
  const stream = t.track(t.net.connect(peer.port, peer.host))
  const { error } = await outcome(t.connect({ socket: stream, ca: peer.ca, servername: 'localhost' }))
  assert.equal(error.code, 'ECONNREFUSED')
})

test('connect: DEFAULT_CONNECTOR is null until it is set', { ours: true, only: TCP, why: 'the runner sets it in browsers' }, (t) => {
  assert.isNull(t.tls.DEFAULT_CONNECTOR)
})

test('connect: without TCP and without a connector', { ours: true, only: BROWSERS, why: 'elsewhere there is TCP' }, async (t) => {
  const own = t.tls.DEFAULT_CONNECTOR
  t.after(() => {
    t.tls.DEFAULT_CONNECTOR = own
  })
  t.tls.DEFAULT_CONNECTOR = null
  const { error, events, hadError } = await outcome(t.connect({ port: 443, host: 'localhost' }))
  assert.equal(error.code, 'ERR_TLS_NO_CONNECTOR')
  assert.deepEqual(events, ['error', 'close'])
  assert.isTrue(hadError)
})

/** Each shape that a connector may give, for a peer. */
const CONNECTIONS = {
  'a Duplex': (t, peer) => t.transport(peer),
  'a pair of Web Streams': (t, peer) => t.webStreams(peer),
  'an open WebSocket': (t, peer) => t.webSocket(peer),
}

for (const [what, make] of Object.entries(CONNECTIONS)) {
  test(`connect: a connector that gives ${what}`, { ours: true }, async (t) => {
    const peer = await t.peer()
    const connection = await make(t, peer)
    let asked
    const connector = (options) => {
      asked = options
      return connection
    }
    const socket = t.connect({ port: 4433, host: 'x.wild.test', ca: peer.ca, connector })
    await event(socket, 'secureConnect')
    assert.deepEqual([asked.port, asked.host], [4433, 'x.wild.test'])
    assert.isTrue(socket.authorized)
    await echoes(socket)
  })

  test(`connect: a connector that gives a promise of ${what}`, { ours: true }, async (t) => {
    const peer = await t.peer()
    const socket = t.connect({ port: 4433, host: 'localhost', ca: peer.ca, connector: () => make(t, peer) })
    assert.isTrue(socket.connecting)
    const events = []
    for (const name of ['connect', 'ready', 'secureConnect']) socket.on(name, () => events.push(name))
    await event(socket, 'secureConnect')
    assert.deepEqual(events, ['connect', 'ready', 'secureConnect'])
    await echoes(socket)
  })
}

test('connect: a connector that gives a WebSocket which is still connecting', { ours: true }, async (t) => {
  const peer = await t.peer()
  const connector = () => new t.WebSocket(t.webSocketUrl(peer))
  const socket = t.connect({ port: 4433, host: 'localhost', ca: peer.ca, connector })
  await event(socket, 'secureConnect')
  await echoes(socket)
})

test('connect: DEFAULT_CONNECTOR is used where no option says otherwise', { ours: true }, async (t) => {
  const peer = await t.peer()
  const own = t.tls.DEFAULT_CONNECTOR
  t.after(() => {
    t.tls.DEFAULT_CONNECTOR = own
  })
  t.tls.DEFAULT_CONNECTOR = () => t.transport(peer)
  const socket = t.connect({ port: 1, host: 'localhost', ca: peer.ca })
  await event(socket, 'secureConnect')
  await echoes(socket)
})

test('connect: a connector that rejects', { ours: true }, async (t) => {
  const connector = () => Promise.reject(new Error('no way'))
  const { error, events, hadError } = await outcome(t.connect({ port: 1, host: 'localhost', connector }))
  assert.equal(error.message, 'no way')
  assert.deepEqual(events, ['error', 'close'])
  assert.isTrue(hadError)
})

test('connect: a connector that throws, or gives what is no transport', { ours: true }, async (t) => {
  const throwing = () => {
    throw new TypeError('no way')
  }
  for (const connector of [throwing, () => null, () => 'a string', () => Promise.resolve({})]) {
    let error
    try {
      ;({ error } = await outcome(t.connect({ port: 1, host: 'localhost', connector })))
    } catch (thrown) {
      error = thrown
    }
    assert.instanceOf(error, TypeError)
    if (connector !== throwing) assert.equal(error.code, 'ERR_INVALID_ARG_TYPE')
  }
})

for (const [what, value] of /** @type {[string, any][]} */ ([
  ['a word', 'no way'],
  ['nothing', undefined],
  ['a number', 5],
])) {
  test(`connect: a connector that rejects with ${what}, or throws it`, { ours: true }, async (t) => {
    const throwing = () => {
      throw value
    }
    for (const connector of [() => Promise.reject(value), throwing]) {
      const { error, events, hadError } = await outcome(t.connect({ port: 1, host: 'localhost', connector }))
      assert.equal(error?.code, 'ERR_TLS_TRANSPORT_FAILED')
      assert.strictEqual(error.cause, value)
      if (what === 'a word') assert.include(error.message, value)
      assert.deepEqual(events, ['error', 'close'])
      assert.isTrue(hadError)
    }
  })
}

test('connect: a connector that is no function', { ours: true }, (t) => {
  const tls = /** @type {any} */ (t.tls)
  const own = tls.DEFAULT_CONNECTOR
  t.after(() => {
    tls.DEFAULT_CONNECTOR = own
  })
  for (const value of /** @type {any[]} */ ([5, 'x', {}, true])) {
    const isRefused = (options, name) => {
      const message = new RegExp(`"${name}" property must be of type function`)
      assert.throws(() => t.connect({ port: 1, host: 'localhost', ...options }), TypeError, message)
    }
    tls.DEFAULT_CONNECTOR = own
    isRefused({ connector: value }, 'options.connector')
    tls.DEFAULT_CONNECTOR = value
    isRefused({}, 'tls.DEFAULT_CONNECTOR')
  }
})

test('connect: destroyed while the connector is at work', { ours: true }, async (t) => {
  const peer = await t.peer()
  let give
  const connector = () =>
    new Promise((resolve) => {
      give = resolve
    })
  const socket = t.connect({ port: 1, host: 'localhost', connector })
  const told = outcome(socket)
  await t.sleep(0)
  socket.destroy()
  const { events, hadError } = await told
  assert.deepEqual(events, ['close'])
  assert.isFalse(hadError)
  const late = await t.transport(peer)
  const closed = new Promise((resolve) => late.on('close', resolve))
  give(late)
  await closed
})
