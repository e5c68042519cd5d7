// Servers and clients of the runtime's own modules, inside the process of a test: they get sockets of the module under test, or
// are the other end of them.
import { event } from './harness.js'

const LOOPBACK = '127.0.0.1'

/**
 * Import what only consoles have. The name is not for bundlers to read.
 * @param {string} name of a module
 * @return {Promise<any>}
 */
export const load = (name) => import(name)

/** What a server needs to be `localhost`. */
export async function identity(t) {
  const { key, chain } = await t.certificate('ecdsa-p256')
  return { key, cert: chain }
}

/** What a client needs to trust that server. */
export async function trust(t) {
  const { ca } = await t.certificate('ecdsa-p256')
  return { ca, servername: 'localhost' }
}

/**
 * Have a server listen on a free port of the loopback interface. When the test is over it and its connections end.
 * @param {import('./harness.js').Trial} t
 * @param {any} server of `net`, `tls`, or what extends them
 * @return {Promise<{ port: number, connections: any[] }>} the connections so far, as 'connection' gave them
 */
export async function listen(t, server) {
  const connections = []
  server.on('connection', (socket) => {
    connections.push(socket)
    // What ends a connection is seen by the other end.
    socket.on('error', () => {})
  })
  t.after(() => {
    server.close()
    for (const socket of connections) socket.destroy()
  })
  server.listen(0, LOOPBACK)
  await event(server, 'listening')
  return { port: server.address().port, connections }
}

/**
 * A server of the module under test that listens: what it has secured goes to a listener.
 * @param {import('./harness.js').Trial} t
 * @param {any} options of `t.server`
 * @param {(socket: any) => void} listener
 */
export async function listenSecurely(t, options, listener) {
  const server = await t.server({ noDelay: true, ...options })
  server.on('secureConnection', (socket) => {
    socket.on('error', () => {})
    listener(socket)
  })
  return { server, ...(await listen(t, server)) }
}
