// Drivers of databases, which have their TLS of Node's module of that name.
import { load } from './servers.js'

/** What drivers call there. */
const CALLED = ['connect', 'createSecureContext']

/** What drivers have connected in a test. @type {WeakMap<object, any[]>} */
const connected = new WeakMap()

/**
 * Have drivers call the module under test until a test is over.
 * @param {import('./harness.js').Trial} t
 * @return {Promise<any[]>} the sockets that they have connected so far
 */
export async function lendTls(t) {
  const known = connected.get(t)
  if (known) return known
  const sockets = []
  connected.set(t, sockets)
  // Drivers call what `require('tls')` has.
  const { default: tls } = await load('node:tls')
  const own = { ...tls }
  t.after(() => {
    for (const name of CALLED) tls[name] = own[name]
  })
  const { connect, createSecureContext } = t.tls
  Object.assign(tls, {
    createSecureContext,
    connect(...parameters) {
      const socket = connect(...parameters)
      sockets.push(socket)
      return socket
    },
  })
  return sockets
}

/** What a client of a driver shows of itself. */
export async function clientIdentity(t) {
  const { key, chain } = await t.certificate('client')
  return { key, cert: chain }
}
