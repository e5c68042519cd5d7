// What users do to a socket that no protocol foresees: nothing is lost, nothing hangs, nothing else fails.
import { assert, event, outcome, test } from '../harness.js'

const CONSOLES = ['node-20', 'node-26', 'deno', 'bun']

test('robustness: a socket that nobody reads closes when the peer ends', async (t) => {
  const peer = await t.peer({ behaviour: 'end-after-secure' })
  const socket = t.connect(t.to(peer))
  await event(socket, 'close')
  assert.isTrue(socket.destroyed)
})

const NO_WORKERD = { except: ['workerd'], why: 'it has no handler for uncaught errors' }

test('robustness: what comes after a data listener that throws is delivered', NO_WORKERD, async (t) => {
  const peer = await t.peer()
  const socket = t.connect(t.to(peer))
  await event(socket, 'secureConnect')
  const uncaught = t.nextUncaught()
  const ended = new Promise((resolve) => socket.on('end', resolve))
  let text = ''
  socket.on('data', (chunk) => {
    const isFirst = text === ''
    text += chunk
    if (isFirst) throw new Error('of the listener')
  })
  for (const part of ['one', 'two', 'three']) socket.write(part)
  assert.equal((await uncaught).message, 'of the listener')
  socket.end()
  await ended
  assert.equal(text, 'onetwothree')
})

test('robustness: checkServerIdentity may destroy the socket', async (t) => {
  const peer = await t.peer()
  const checkServerIdentity = () => {
    socket.destroy(new Error('mine'))
  }
  const socket = t.connect(t.to(peer, { checkServerIdentity }))
  const { error, events, hadError } = await outcome(socket)
  assert.equal(error.message, 'mine')
  // Node has shaken hands by then, and says so.
  if (!t.isReference) assert.notInclude(events, 'secureConnect')
  assert.isTrue(hadError)
})

test('robustness: checkServerIdentity that throws nothing refuses', { ours: true }, async (t) => {
  const peer = await t.peer()
  const checkServerIdentity = () => {
    throw undefined
  }
  const { error, events } = await outcome(t.connect(t.to(peer, { checkServerIdentity })))
  assert.instanceOf(error, Error)
  assert.notInclude(events, 'secureConnect')
})

test('robustness: a time-out longer than timers can be does not fire', async (t) => {
  const peer = await t.peer()
  const socket = t.connect(t.to(peer))
  socket.on('timeout', () => assert.fail('a time-out'))
  socket.setTimeout(2 ** 33)
  await event(socket, 'secureConnect')
  await t.sleep(50)
})

test('robustness: a signal that is none', (t) => {
  assert.throws(() => t.tls.connect({ port: 1, signal: /** @type {any} */ (5) }), TypeError, /signal/)
})

test('robustness: a list of certificates whose end is broken', async (t) => {
  const peer = await t.peer()
  const ca = `\u{feff}${peer.ca}\n-----BEGIN CERTIFICATE-----\nMAA=`
  const socket = t.connect(t.to(peer, { ca: ca.slice(1) }))
  await event(socket, 'secureConnect')
  assert.isTrue(socket.authorized)
})

test('robustness: STARTTLS on a socket that was read as text', { only: CONSOLES, why: 'they have TCP sockets to upgrade' }, async (t) => {
  const peer = await t.peer()
  const raw = /** @type {any} */ (await t.transport(peer))
  let plain = ''
  raw.setEncoding('utf8')
  raw.on('data', (text) => {
    plain += text
  })
  const socket = t.connect({ socket: raw, ca: peer.ca, servername: 'localhost' })
  await event(socket, 'secureConnect')
  socket.write('hello')
  const [chunk] = await event(socket, 'data')
  assert.equal(String(chunk), 'hello')
  assert.equal(plain, '')
})

test('robustness: a given socket is cleared of its listeners and paused', async (t) => {
  const peer = await t.peer()
  const raw = await t.transport(peer)
  const socket = t.connect({ socket: raw, ca: peer.ca, servername: 'localhost' })
  await event(socket, 'secureConnect')
  for (const text of ['once', 'again']) {
    raw.removeAllListeners()
    raw.pause()
    socket.write(text)
    const [chunk] = await event(socket, 'data')
    assert.equal(String(chunk), text)
  }
})

test('robustness: the peer of a WebSocket closes while writes wait', { ours: true }, async (t) => {
  const listeners = {}
  const webSocket = {
    readyState: 1,
    bufferedAmount: 0,
    addEventListener: (name, listener) => {
      listeners[name] = listener
    },
    send: (bytes) => {
      webSocket.bufferedAmount += bytes.length
    },
    close: () => {},
  }
  const duplex = t.transports.fromWebSocket(webSocket)
  duplex.on('error', () => {})
  duplex.resume()
  const written = new Promise((resolve) => duplex.write(t.Buffer.alloc(4 * 1024 * 1024), resolve))
  webSocket.readyState = 3
  listeners.close()
  assert.equal((await written).code, 'EPIPE')
  assert.isTrue(duplex.destroyed)
})
