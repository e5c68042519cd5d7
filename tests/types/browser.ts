// Programs for browsers, and Workers of all kinds: with the web's types alone, and none of Node's.
import tls from 'isomorphic-tls'
import { connectWebSocket, fromWebSocket } from 'isomorphic-tls/transport'
import engine from 'isomorphic-tls/tls.wasm'

await tls.init(engine)
await tls.init(new URL('https://example.com/engine.wasm'))

const engineModule: WebAssembly.Module = engine
tls.DEFAULT_CONNECTOR = ({ host, port }) => connectWebSocket(`wss://tunnel.example/${host}:${port}`, { stream: true })

const socket: tls.TLSSocket = tls.connect({ host: 'imap.example', port: 993, servername: 'imap.example' }, () => {
  socket.write(new Uint8Array(1))
  socket.end('text')
})
socket.on('session', (session) => session.toString('base64'))
socket.on('error', (error) => console.log(error.code, engineModule))
for await (const chunk of socket) console.log(chunk.length)

const material: Uint8Array = socket.exportKeyingMaterial(32, 'EXPORTER-example')
const certificate: Uint8Array = socket.getPeerCertificate().raw
console.log(material, certificate)

tls.connect({ socket: new WebSocket('wss://tunnel.example'), servername: 'example.com' })
const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
tls.connect({ socket: { readable, writable }, servername: 'example.com' })

const server: tls.Server = tls.createServer({ key: 'key', cert: 'cert' }, (client) => client.pipe(client))
server.on('secureConnection', (client) => client.end(client.getProtocol()))
server.emit('connection', fromWebSocket(new WebSocket('wss://tunnel.example')))

const subject: string | undefined = socket.getPeerX509Certificate()?.subject
console.log(subject, socket.getX509Certificate()?.checkHost('example.com', { wildcards: false }))
// @ts-expect-error: an option that there is not
tls.connect({ host: 'example.com', prot: 443 })
