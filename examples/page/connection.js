// One connection of the page: the demo's client, watched.
import { request } from '../client.js'
import { openTunnel } from '../tunnel.js'

/**
 * What happens on the way, in order.
 * @typedef {'tunnel' | 'hello' | 'judged' | 'handshake' | 'answer'} Step
 *
 * @typedef {object} Listeners
 * @property {(step: Step, milliseconds: number) => void} onStep
 * @property {(certificate: any) => void} onCertificate the server's, with its chain, once it is verified
 * @property {(seen: { up: any, down: any }) => void} onSeen what the tunnel tells of what it sees
 */

/**
 * Make a request to a server.
 * @param {any} tls initialised
 * @param {{ host: string, port: number, servername?: string, path: string, ca?: string, signal?: AbortSignal }} options
 * @param {Listeners} listeners
 */
export async function connect(tls, options, { onStep, onCertificate, onSeen }) {
  const watch = crypto.randomUUID()
  const seen = await openWatch(watch, onSeen)
  const start = performance.now()
  const step = (name) => onStep(name, performance.now() - start)

  /** A tunnel whose first bytes, the ClientHello, are noticed. */
  const connector = async (target) => {
    const socket = await openTunnel({ ...target, watch })
    step('tunnel')
    const { send } = socket
    socket.send = (bytes) => {
      send.call(socket, bytes)
      socket.send = send
      step('hello')
    }
    return socket
  }

  /** Called once the chain has been found to lead to a root that is trusted. */
  const checkServerIdentity = (host, certificate) => {
    const error = tls.checkServerIdentity(host, certificate)
    step('judged')
    if (!error) onCertificate(certificate)
    return error
  }

  const onSocket = (socket) => socket.once('secureConnect', () => step('handshake'))

  try {
    const answer = await request(tls, { ...options, connector, checkServerIdentity, onSocket })
    onStep('answer', answer.timeToFirstByte)
    return answer
  } finally {
    // What the tunnel saw last is still on its way.
    setTimeout(() => seen.close(), 500)
  }
}

/** @return {Promise<EventSource>} open, so that nothing is missed */
function openWatch(id, onSeen) {
  const source = new EventSource(`/watch?id=${id}`)
  source.addEventListener('message', ({ data }) => onSeen(JSON.parse(data)))
  return new Promise((resolve, reject) => {
    source.addEventListener('open', () => resolve(source))
    source.addEventListener('error', () => {
      source.close()
      reject(Object.assign(new Error('the tunnel can not be reached'), { code: 'ERR_TLS_TRANSPORT_FAILED' }))
    })
  })
}
