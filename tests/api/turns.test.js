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
