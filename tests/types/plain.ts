// Programs for runtimes that TypeScript knows nothing of: with no types but those of the language.
import tls from 'isomorphic-tls'
import { CloudflareSocket } from 'isomorphic-tls/pg-cloudflare'
import roots from 'isomorphic-tls/roots'
import { connectWebSocket, fromWebStreams } from 'isomorphic-tls/transport'
import engine from 'isomorphic-tls/tls.wasm'

await tls.init(engine)

// The shapes of what such a runtime has.
declare const streams: { readable: { getReader(): object }; writable: { getWriter(): object } }
declare const url: { href: string }

const socket: tls.TLSSocket = tls.connect({ socket: fromWebStreams(streams), servername: 'example.com', ca: [...roots] })
tls.connect({ socket: connectWebSocket(url), servername: 'example.com' })
socket.on('error', (error) => error.code)
const forPostgres: CloudflareSocket = new CloudflareSocket(true).startTls({ ca: 'ca' })
// @ts-expect-error: a URL
connectWebSocket(5)
// @ts-expect-error: an option that there is not
forPostgres.startTls({ ac: 'ca' })
