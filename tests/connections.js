// Connections between a client and a server of the module under test, without a network: what the tests of servers are made of.
import { event } from './harness.js'

/** @typedef {import('./harness.js').Trial} Trial */

/**
 * Give a server a connection and begin a handshake with it; nothing is waited for. The client trusts the CA of the run.
 * @param {Trial} t
 * @param {any} server
 * @param {Record<string, any>} [options] of `tls.connect`
 * @param {import('./duplex-pair.js').PairOptions} [pairOptions]
 * @return {Promise<any>} the client
 */
export async function begin(t, server, options, pairOptions) {
  const { ca } = await t.certificate('ecdsa-p256')
  const [near, far] = t.duplexPair(pairOptions)
  server.emit('connection', far)
  return t.connect({ socket: near, ca, servername: 'localhost', ...options })
}

/**
 * The next connection of a server; rejects with what it refuses a client for.
 * @param {any} server
 * @return {Promise<any>} its TLSSocket
 */
export function accepted(server) {
  return new Promise((resolve, reject) => {
    const succeed = (socket) => {
      server.off('tlsClientError', fail)
      resolve(socket)
    }
    const fail = (error) => {
      server.off('secureConnection', succeed)
      reject(error)
    }
    server.once('secureConnection', succeed)
    server.once('tlsClientError', fail)
  })
}

/**
 * Connect a client to a server, and wait until both are secure.
 * @param {Trial} t
 * @param {any} server
 * @param {Record<string, any>} [options] of `tls.connect`
 * @return {Promise<{ client: any, socket: any }>} `socket` is the server's end
 */
export async function join(t, server, options) {
  const socket = accepted(server)
  const client = await begin(t, server, options)
  const [ready] = await Promise.all([socket, event(client, 'secureConnect')])
  return { client, socket: ready }
}

/**
 * Connect a client to a server that refuses it, or that it refuses.
 * @param {Trial} t
 * @param {any} server
 * @param {Record<string, any>} [options] of `tls.connect`
 * @return {Promise<{ client: any, error: any }>} the client, and the `'tlsClientError'`
 */
export async function refused(t, server, options) {
  const told = new Promise((resolve) => server.once('tlsClientError', resolve))
  const client = await begin(t, server, options)
  client.on('error', () => {})
  return { client, error: await told }
}

/**
 * Connect a client to a server, and wait for all sessions that the connection gives.
 * @param {Trial} t
 * @param {any} server
 * @param {Record<string, any>} [options] of `tls.connect`
 * @return {Promise<{ client: any, socket: any, sessions: any[] }>} `socket` is the server's end
 */
export async function sessionsOf(t, server, options) {
  const secured = accepted(server)
  const client = await begin(t, server, options)
  const sessions = []
  client.on('session', (session) => sessions.push(session))
  client.resume()
  const socket = await secured
  const wanted = socket.getProtocol() === 'TLSv1.3' ? 2 : 1
  while (sessions.length < wanted) await event(client, 'session')
  return { client, socket, sessions }
}

/**
 * The last session that a connection gives; the connection is gone.
 * @param {Trial} t
 * @param {any} server
 * @param {Record<string, any>} [options] of `tls.connect`
 * @return {Promise<any>}
 */
export async function sessionOf(t, server, options) {
  const { client, sessions } = await sessionsOf(t, server, options)
  client.destroy()
  return sessions.at(-1)
}
