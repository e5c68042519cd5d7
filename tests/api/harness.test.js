// What tests stand on: the Duplex pair of the harness is itself a good Duplex.
import { assert, event, readAll, test } from '../harness.js'

for (const pieceSize of [1, 1000, undefined]) {
  test(`harness: a Duplex pair carries bytes both ways, pieceSize ${pieceSize}`, async (t) => {
    const [near, far] = t.duplexPair({ pieceSize })
    near.end(t.random(1, 5_000))
    far.end(t.random(2, 5_000))
    for (const [end, seed] of [
      [near, 2],
      [far, 1],
    ]) {
      const data = await readAll(end)
      assert.equal(data.length, 5_000)
      assert.equal(t.firstDifference(seed, 0, data), -1)
    }
  })
}

test('harness: in a Duplex pair a writer waits for its reader', async (t) => {
  const [near, far] = t.duplexPair({ highWaterMark: 1000 })
  let delivered = 0
  for (let index = 0; index < 10; index++) near.write(t.Buffer.alloc(1000), () => delivered++)
  await t.sleep(50)
  assert.isBelow(delivered, 3)
  assert.isAtMost(far.readableLength, 2000)
  far.resume()
  await event(near, 'drain')
  assert.equal(delivered, 10)
})

test('harness: an end of a Duplex pair that is destroyed ends the other', async (t) => {
  const [near, far] = t.duplexPair()
  near.write('last words')
  await t.sleep(20)
  near.destroy()
  assert.equal(String(t.Buffer.from(await readAll(far))), 'last words')
})

test('harness: client and server of the module, connected without a network', async (t) => {
  const { client, socket } = await t.pair()
  assert.isTrue(client.authorized)
  client.end('from the client')
  socket.end('from the server')
  assert.equal(String(t.Buffer.from(await readAll(socket))), 'from the client')
  assert.equal(String(t.Buffer.from(await readAll(client))), 'from the server')
})
