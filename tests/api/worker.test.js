// Requests in one isolate of workerd: nothing that belongs to one request may be kept for another.
import { assert, event, test } from '../harness.js'
import { routes } from '../runners/routes.js'

const WORKERD = { ours: true, only: ['workerd'], why: 'requests share an isolate there' }

/** A request that connects to a peer, says `ready`, and goes on echoing lines until it is aborted or the peer ends. */
routes.set('/talk', async (request, { tls }) => {
  const { port, ca, lines } = await request.json()
  const socket = tls.connect({ port, host: '127.0.0.1', ca })
  await event(socket, 'secureConnect')
  const { readable, writable } = new TransformStream()
  const writer = writable.getWriter()
  const talk = async () => {
    for (let line = 0; line < lines; line++) {
      socket.write(`line ${line}\n`)
      const [chunk] = await event(socket, 'data')
      await writer.write(chunk)
    }
    await writer.close()
    socket.destroy()
  }
  talk().catch((error) => writer.abort(error))
  return new Response(readable)
})

const ask = (t, peer, lines, signal) =>
  t.bindings.SELF.fetch('http://worker/talk', { method: 'POST', body: JSON.stringify({ port: peer.port, ca: peer.ca, lines }), signal })

test('worker: requests one after another', WORKERD, async (t) => {
  const peer = await t.peer()
  for (let count = 0; count < 3; count++) {
    const response = await ask(t, peer, 2)
    assert.equal(await response.text(), 'line 0\nline 1\n')
  }
})

test('worker: two requests at once, one aborted', WORKERD, async (t) => {
  const [first, second] = [await t.peer(), await t.peer()]
  const controller = new AbortController()
  const aborted = await ask(t, first, Number.MAX_SAFE_INTEGER, controller.signal)
  const reader = aborted.body.getReader()
  await reader.read()
  const other = ask(t, second, 200)
  controller.abort()
  await reader.cancel().catch(() => {})
  const text = await (await other).text()
  assert.equal(text.trim().split('\n').length, 200)
  // A request that comes after the aborted one works as well.
  assert.equal(await (await ask(t, second, 1)).text(), 'line 0\n')
})
