// Handshakes, one after another: full ones, and those that resume a session.
import { Connections } from './connections.js'

/** A session that has not come in so many milliseconds will not. */
const PATIENCE = 5000

/**
 * Measure full handshakes: from the start of a connection until both ends are secure and destroyed.
 * @param {import('./index.js').Job} job
 * @return {Promise<import('./index.js').Measured>} of handshakes
 */
export async function handshakes({ tls, platform, cell, amount, now, port }) {
  const connections = await Connections.open(tls, platform, cell, port)
  try {
    const agreed = await once(connections)
    const start = now()
    for (let done = 0; done < amount; done++) await once(connections)
    return { milliseconds: now() - start, amount, agreed }
  } finally {
    connections.close()
  }
}

async function once(connections, session) {
  const { client, server } = await connections.connect(session && { session })
  const agreed = connections.check(client)
  if (Boolean(session) !== client.isSessionReused()) throw new Error(session ? 'the session was not resumed' : 'a session was resumed')
  client.destroy()
  server?.destroy()
  return agreed
}

/**
 * Measure handshakes that resume the session of an earlier connection.
 * @param {import('./index.js').Job} job
 * @return {Promise<import('./index.js').Measured>} of handshakes
 */
export async function resumption({ tls, platform, cell, amount, now }) {
  const connections = await Connections.open(tls, platform, cell)
  try {
    const session = await sessionOf(connections)
    const agreed = await once(connections, session)
    const start = now()
    for (let done = 0; done < amount; done++) await once(connections, session)
    return { milliseconds: now() - start, amount, agreed }
  } finally {
    connections.close()
  }
}

/** The session of a first connection: in TLS 1.3 it comes after the handshake, in TLS 1.2 within it. */
async function sessionOf(connections) {
  let tell = (_session) => {}
  const come = new Promise((resolve) => {
    tell = resolve
  })
  const { client, server } = await connections.connect(undefined, (begun) => begun.once('session', tell))
  client.resume()
  server.write('x')
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error('no session came')), PATIENCE))
  const session = await Promise.race([come, late])
  client.destroy()
  server.destroy()
  return session
}
