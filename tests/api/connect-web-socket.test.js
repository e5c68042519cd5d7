// isomorphic-tls/transport: connectWebSocket, which opens a tunnel by its URL.
import { assert, event, outcome, test } from '../harness.js'

const WITH_WEB_SOCKET = ['node-26', 'deno', 'bun', 'workerd', 'chromium', 'firefox']
const options = { ours: true, only: WITH_WEB_SOCKET, why: 'Node 20 has no WebSocket of its own' }

for (const stream of [false, true]) {
  test(`connectWebSocket: through a tunnel${stream ? ', a WebSocketStream where there is one' : ''}`, options, (t) => echoes(t, stream))
}

async function echoes(t, stream) {
  const peer = await t.peer()
  const connector = () => t.transports.connectWebSocket(t.webSocketUrl(peer), { stream })
  const socket = t.connect({ host: 'localhost', port: 1, ca: peer.ca, connector })
  await event(socket, 'secureConnect')
  const length = 300_000
  socket.write(t.random(9, length))
  let offset = 0
  await new Promise((resolve, reject) => {
    socket.on('data', (chunk) => {
      if (t.firstDifference(9, offset, chunk) >= 0) reject(new Error(`wrong after ${offset} bytes`))
      offset += chunk.length
      if (offset === length) resolve(undefined)
    })
  })
}

test('connectWebSocket: a tunnel that is not there', options, async (t) => {
  const peer = await t.peer()
  const url = t.webSocketUrl(peer)
  await peer.stop()
  const { error, events, hadError } = await outcome(
    t.connect({ host: 'localhost', port: 1, connector: () => t.transports.connectWebSocket(url) }),
  )
  assert.include(['ECONNRESET', 'ERR_TLS_TRANSPORT_FAILED'], error.code)
  assert.deepEqual(events, ['error', 'close'])
  assert.isTrue(hadError)
})
