// subtls: a client for TLS 1.3 out of WebCrypto, with one suite (AES-128-GCM) and one group (P-256).
import { once } from 'node:events'
import net from 'node:net'
import { SocketReadQueue, startTls, TrustedCert } from 'subtls'

/** The lists of what is trusted, read once. @type {Map<string, Promise<any>>} */
const databases = new Map()

function databaseOf(ca) {
  if (!databases.has(ca)) databases.set(ca, TrustedCert.databaseFromPEM(ca))
  return databases.get(ca)
}

/** @type {import('../work/dial.js').Dial} */
export async function dial({ port, identity, onData, onEnd }) {
  const socket = net.connect({ port, host: '127.0.0.1' })
  await once(socket, 'connect')
  const queue = new SocketReadQueue(socket)
  const tls = await startTls('localhost', await databaseOf(identity.ca), queue.read.bind(queue), (bytes) => socket.write(bytes), {
    // Else it wants a CA, too, to have a key for digital signatures.
    requireDigitalSigKeyUsage: false,
  })
  const readAll = async () => {
    for (;;) {
      const bytes = await tls.read()
      if (!bytes) return onEnd()
      onData(bytes)
    }
  }
  readAll().catch(onEnd)
  return {
    // It knows nothing else.
    agreed: { protocol: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256', group: 'P-256' },
    write: (bytes) => tls.write(bytes),
    close: () => socket.end(),
  }
}
