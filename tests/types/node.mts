// Programs for Node, as ES modules: what they get is typed.
import type { Duplex } from 'node:stream'
import net from 'node:net'
import type nodeTls from 'node:tls'
import tls, { connect, createServer, Server, SessionCache, TLSSocket } from 'isomorphic-tls'
import { connectWebSocket, fromWebStreams, toDuplex } from 'isomorphic-tls/transport'
import { CloudflareSocket } from 'isomorphic-tls/pg-cloudflare'
import slim from 'isomorphic-tls/slim'
import workerd from 'isomorphic-tls/workerd'
import engine from 'isomorphic-tls/tls.wasm'

await slim.init(engine)

const socket: tls.TLSSocket = tls.connect({ host: 'localhost', port: 8000, ca: [Buffer.from('')], requireCloseNotify: true }, () => {
  const name: string = socket.getCipher().name
  const protocol: string | null = socket.getProtocol()
  const finished: Buffer | undefined = socket.getFinished()
  const subject: string | string[] | undefined = socket.getPeerCertificate(true).issuerCertificate.subject.CN
  console.log(name, protocol, finished, subject, socket.closeNotifyReceived)
})
socket.on('session', (session) => session.toString('base64')).on('keylog', (line) => line.equals(line))
socket.setEncoding('utf8').pipe(process.stdout)
socket.once('OCSPResponse', (response) => response?.length)

// What is asked of a peer beyond Node, and what binds to a connection.
const strict: tls.ConnectionOptions = {
  host: 'localhost',
  port: 8000,
  ocspPolicy: 'require',
  pinnedKeys: [`sha256/${'A'.repeat(43)}=`],
  verifyPeer: async ({ host, authorized, chain, presented, ocspResponse, isServer, resumed }) => {
    const bytes: Buffer[] = [...chain, ...presented]
    if (!authorized || isServer || resumed || host === null || (ocspResponse?.length ?? 0) > bytes.length) throw new Error('no')
  },
}
const binding: Buffer = tls.connect(strict).getChannelBinding('tls-exporter')
const verifyPeer = (peer: tls.PeerDescription): tls.PeerAnswer => !peer.resumed || new Error('no')
tls.createServer({ requestCert: true, pinnedKeys: [`sha256/${'A'.repeat(43)}=`], verifyPeer })
console.log(binding)

// A driver that wants Node's classes is content.
const asNode: nodeTls.TLSSocket = socket
const asSocket: net.Socket = connect(8000, 'localhost', { servername: 'localhost' })
const asDuplex: Duplex = connect(8000, { servername: 'localhost' })
console.log(asNode, asSocket, asDuplex, socket instanceof TLSSocket)

const server: tls.Server = createServer({
  key: 'key',
  cert: 'cert',
  SNICallback: (_name, callback) => callback(null, tls.createSecureContext()),
})
server.on('secureConnection', (client) => client.end(client.servername || 'none'))
server.on('tlsClientError', (error, client) => console.log(error.code, client.authorized))
server.on('newSession', (id, data, done) => {
  id.equals(data)
  done()
})
server.on('resumeSession', (_id, callback) => callback(null, null))
server.listen(8000).emit('connection', connectWebSocket('wss://tunnel.example'))

// A server is a class, and may be called without `new`.
class EchoServer extends Server {
  echo() {
    return this.on('secureConnection', (client) => client.pipe(client))
  }
}
const echo: EchoServer = new EchoServer({ pskCallback: () => Buffer.alloc(16) }).echo()
const called: Server = Server((client) => client.end())
const constructed: tls.Server = new tls.Server((client) => client.getProtocol())
console.log(echo.getTicketKeys().length, called.address(), constructed.listening)

const { readable, writable } = new TransformStream()
const upgraded = new tls.TLSSocket(fromWebStreams({ readable, writable }), { isServer: true, server })
tls.connect({ socket: { readable, writable }, servername: 'example.com' })
tls.connect({ socket: toDuplex(new net.Socket()), session: upgraded.getSession(), checkServerIdentity: () => undefined })
tls.DEFAULT_CONNECTOR = async ({ host, port }) => net.connect(Number(port), host)
tls.DEFAULT_MAX_VERSION = 'TLSv1.2'

const pair: tls.SecurePair = tls.createSecurePair(tls.createSecureContext())
pair.cleartext.write('x')
pair.encrypted.pipe(process.stdout)
const problem: Error | undefined = tls.checkServerIdentity('example.com', socket.getPeerCertificate())
console.log(problem, tls.getCiphers().length)

const cache: SessionCache = new SessionCache({ servers: 10 })
connect({ port: 8000, sessionCache: cache })

// What takes the place of modules in Workers.
const forPostgres: Duplex = new CloudflareSocket(true).connect(5432, 'localhost').startTls({ ca: 'ca' })
const forWorkers: typeof tls = workerd
console.log(forPostgres, forWorkers)
