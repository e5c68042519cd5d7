// The servers of the demo: Node's own TLS on the loopback interface, with certificates made on the spot.
import { once } from 'node:events'
import https from 'node:https'
import { Certificates } from '../../tests/peers/certificates.js'

/** Which certificate each server has. */
const IDENTITIES = { good: 'intermediate', wrongName: 'wrong-name', wrongCa: 'other-ca' }

/**
 * @typedef {object} Servers
 * @property {string} ca PEM: the private CA that signed for `good` and `wrongName`
 * @property {Record<keyof typeof IDENTITIES, number>} ports
 * @property {() => Promise<void>} close
 */

/** @return {Promise<Servers>} */
export async function startServers() {
  const certificates = await Certificates.create()
  /** @type {https.Server[]} */
  const servers = []
  const close = async () => {
    for (const server of servers) {
      server.close()
      server.closeAllConnections()
    }
    await certificates.close()
  }
  try {
    const ports = /** @type {any} */ ({})
    for (const [role, name] of Object.entries(IDENTITIES)) {
      const { key, chain } = await certificates.get(name)
      const server = https.createServer({ key, cert: chain }, answer)
      servers.push(server)
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      ports[role] = /** @type {import('node:net').AddressInfo} */ (server.address()).port
    }
    return { ca: await certificates.ca(), ports, close }
  } catch (error) {
    await close()
    throw error
  }
}

/**
 * Tell the client what this side has agreed on.
 * @param {any} request of the HTTP server
 * @param {import('node:http').ServerResponse} response
 */
function answer({ method, url, socket }, response) {
  const { name } = socket.getCipher()
  response.setHeader('content-type', 'text/plain; charset=utf-8')
  response.end(`Hello from node:tls. Your ${method} ${url} came over ${socket.getProtocol()} with ${name}.\n`)
}
