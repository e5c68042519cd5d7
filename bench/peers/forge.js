// node-forge: a client for TLS 1.0 and 1.1 with RSA key transport and AES-CBC; it verifies the chain, and leaves the name to its user.
import net from 'node:net'
import forge from 'node-forge'

const VERSIONS = { 1: 'TLSv1', 2: 'TLSv1.1' }

/** The lists of what is trusted, read once. @type {Map<string, any>} */
const stores = new Map()

function storeOf(ca) {
  if (!stores.has(ca)) stores.set(ca, forge.pki.createCaStore([ca]))
  return stores.get(ca)
}

/** @type {import('../work/dial.js').Dial} */
export const dial = ({ port, identity, onData, onEnd }) =>
  new Promise((resolve, reject) => {
    const socket = net.connect({ port, host: '127.0.0.1' })
    const connection = forge.tls.createConnection({
      server: false,
      caStore: storeOf(identity.ca),
      cipherSuites: [forge.tls.CipherSuites.TLS_RSA_WITH_AES_128_CBC_SHA],
      virtualHost: 'localhost',
      verify: (_connection, verified, depth, certificates) =>
        depth === 0 && certificates[0].subject.getField('CN').value !== 'localhost' ? false : verified,
      connected() {
        resolve({
          agreed: { protocol: VERSIONS[connection.version.minor], cipher: 'AES128-SHA', group: 'RSA' },
          write: (bytes) => connection.prepare(Buffer.from(bytes).toString('binary')),
          close: () => socket.end(),
        })
      },
      tlsDataReady: (self) => void socket.write(Buffer.from(self.tlsData.getBytes(), 'binary')),
      dataReady: (self) => onData(Buffer.from(self.data.getBytes(), 'binary')),
      closed: () => onEnd(),
      error(_connection, error) {
        const failure = new Error(error.message)
        reject(failure)
        onEnd(failure)
      },
    })
    socket.on('connect', () => connection.handshake())
    socket.on('data', (chunk) => connection.process(chunk.toString('binary')))
    socket.on('error', reject)
    socket.on('close', () => onEnd())
  })
