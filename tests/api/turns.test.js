// When listeners run: each record has a turn of its own.
import { assert, event, test } from '../harness.js'

const CONSOLES = { only: ['node-20', 'node-26', 'deno', 'bun'], why: 'they have servers of TCP' }

test('turns: whoever awaits one record’s data is there for the next', CONSOLES, async (t) => {
  const server = await t.server()
  server.listen(0, '127.0.0.1')
  await event(server, 'listening')
  const { ca } = await t.certificate('ecdsa-p256')
  const accepted = event(server, 'secureConnection')
  const client = t.connect({ port: server.address().port, host: '127.0.0.1', ca, servername: 'localhost' })
  const [[socket]] = await Promise.all([accepted, event(client, 'secureConnect')])
  socket.setMaxSendFragment(512)
  socket.write(t.random(61, 5120))
  let received = 0
  while (received < 5120) {
    const [chunk] = await event(client, 'data')
    assert.equal(t.firstDifference(61, received, chunk), -1)
    received += chunk.length
  }
})

test('turns: where many records wait for theirs, the transport waits too', { ...CONSOLES, ours: true }, async (t) => {
  // No tickets are under way after the handshake.
  const server = await t.server({ maxVersion: 'TLSv1.2' })
  const [near, far] = t.duplexPair()
  const accepted = event(server, 'secureConnection')
  server.emit('connection', far)
  const { ca } = await t.certificate('ecdsa-p256')
  const client = t.connect({ socket: near, ca, servername: 'localhost' })
  const [[socket]] = await Promise.all([accepted, event(client, 'secureConnect')])
  const length = 128 * 512
  socket.setMaxSendFragment(512)
  // All of them arrive in one piece.
  const sealed = []
  far.write = (chunk, ...rest) => {
    sealed.push(chunk)
    rest.at(-1)?.()
    return true
  }
  socket.write(t.random(62, length))
  const paused = []
  let received = 0
  const all = new Promise((resolve) => {
    client.on('data', (chunk) => {
      paused.push(near.isPaused())
      assert.equal(t.firstDifference(62, received, chunk), -1)
      received += chunk.length
      if (received === length) resolve(undefined)
    })
  })
  near.push(t.Buffer.concat(sealed))
  await all
  assert.include(paused, true)
  assert.isFalse(near.isPaused())
})
