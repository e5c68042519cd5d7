// The small print of the face: what Node takes, and what it says.
import { join } from '../connections.js'
import { assert, event, outcome, test } from '../harness.js'

test('faces: a server of TLS 1.2 decides in the order of TLS 1.2, whatever the client offers', async (t) => {
  const order = []
  const server = await t.server({
    maxVersion: 'TLSv1.2',
    SNICallback(_name, callback) {
      order.push('SNI')
      callback(null, null)
    },
    ALPNCallback() {
      order.push('ALPN')
      return 'x'
    },
  })
  await join(t, server, { ALPNProtocols: ['x'] })
  assert.deepEqual(order, ['SNI', 'ALPN'])
})

test('faces: a server of TLS 1.2 asks for no pre-shared key of TLS 1.3', async (t) => {
  let asked = 0
  const psk = t.random(1, 16)
  const server = await t.server({
    maxVersion: 'TLSv1.2',
    pskCallback() {
      asked += 1
      return psk
    },
  })
  await join(t, server, { pskCallback: () => ({ psk, identity: 'id' }) })
  assert.equal(asked, 0)
})

test('faces: a client shows no certificate after resumption, in either form', async (t) => {
  const server = await t.server({ minVersion: 'TLSv1.3' })
  const { client } = await join(t, server)
  client.resume()
  const [session] = await event(client, 'session')
  const { client: next } = await join(t, server, { session })
  assert.isTrue(next.isSessionReused())
  assert.isUndefined(next.getPeerX509Certificate())
})

test('faces: after its end a socket shows no X509Certificate', async (t) => {
  const { client, socket } = await t.pair()
  const closed = [event(client, 'close'), event(socket, 'close')]
  client.destroy()
  socket.destroy()
  await Promise.all(closed)
  assert.isUndefined(client.getPeerX509Certificate())
  assert.isUndefined(socket.getX509Certificate())
})

test('faces: a context of session ids that is too long is refused', (t) => {
  assert.throws(() => t.tls.createSecureContext({ sessionIdContext: 'x'.repeat(33) }), /session id context too long/)
})

for (const name of ['SNICallback', 'ALPNCallback', 'pskCallback', 'ticketKeys', 'sessionTimeout', 'handshakeTimeout']) {
  test(`faces: the option ${name} of a server that is false is unset`, (t) => {
    assert.doesNotThrow(() => t.tls.createServer({ [name]: false }))
  })
}

for (const name of ['pskCallback', 'ALPNProtocols', 'secureOptions']) {
  test(`faces: the option ${name} of a connection that is false is unset`, (t) => {
    const [near] = t.duplexPair()
    assert.doesNotThrow(() => t.connect({ socket: near, [name]: false }).on('error', () => {}))
  })
}

test('faces: sigalgs that are empty', (t) => {
  assert.throws(() => t.tls.createSecureContext({ sigalgs: '' }), "The property 'options.sigalgs' is invalid. Received ''")
  assert.throws(() => t.tls.createServer({ sigalgs: '' }), "The property 'options.sigalgs' is invalid. Received ''")
})

test('faces: an empty identity of a pre-shared key is refused', async (t) => {
  const psk = t.random(1, 16)
  const server = await t.server({ pskCallback: () => psk })
  const [near, far] = t.duplexPair()
  server.emit('connection', far)
  // The error may come at once.
  const client = t.connect({ socket: near, pskCallback: () => ({ psk, identity: '' }), checkServerIdentity: () => undefined })
  client.on('error', () => {})
  const secured = new Promise((resolve) => client.once('secureConnect', () => resolve('secure')))
  assert.equal(await Promise.race([secured, outcome(client).then(() => 'refused')]), 'refused')
})
