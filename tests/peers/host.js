// The host of a test run: an HTTP server on the loopback interface through which the runtimes under test start peers, ask what
// those have seen, tunnel to them by WebSocket, load their pages, and hand in their results. `node tests/peers/host.js` runs it
// by itself, for a look from elsewhere.
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import http from 'node:http'
import net from 'node:net'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { WebSocketServer } from 'ws'
import { fill } from '../random.js'
import { Certificates } from './certificates.js'
import { runPeerClient } from './clients.js'
import { startPeer } from './peers.js'

const LOOPBACK = '127.0.0.1'

/** More than this in a WebSocket's send buffer pauses the TCP side. */
const WEBSOCKET_HIGH_WATER = 1024 * 1024

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm', '.map': 'application/json' }

/** No `unsafe-eval`: that the module works under it is part of what is tested. */
const CONTENT_SECURITY_POLICY = "script-src 'self' 'wasm-unsafe-eval'"

/**
 * @typedef {object} Host
 * @property {string} url with no slash at the end
 * @property {(runtime: string, listener: (result: any) => void) => void} onResult who gets the results that a runtime posts
 * @property {(runtime: string, pid: number) => void} watch whose memory `/memory/:runtime` tells
 * @property {(name: string, folder: string) => void} serve serve a folder's files below `/files/:name/`
 * @property {() => Promise<void>} close
 */

/** @return {Promise<Host>} */
export async function startHost() {
  const certificates = await Certificates.create()
  /** @type {Map<string, Awaited<ReturnType<typeof startPeer>>>} */
  const peers = new Map()
  const listeners = new Map()
  const processes = new Map()
  const folders = new Map()
  let lastId = 0

  /** @type {[string, RegExp, (parts: string[], request: http.IncomingMessage, response: http.ServerResponse) => any][]} */
  const routes = [
    ['POST', /^\/peer$/, (_, request) => json(request).then(start)],
    ['GET', /^\/peer\/(\d+)$/, ([id]) => peers.get(id)?.seen()],
    ['DELETE', /^\/peer\/(\d+)$/, ([id]) => stop(id)],
    ['POST', /^\/client$/, (_, request) => json(request).then((description) => runPeerClient(description, certificates))],
    ['GET', /^\/certificate\/([\w-]+)$/, ([name]) => certificates.get(name)],
    ['GET', /^\/certificate\/([\w-]+)\/forms$/, ([name]) => certificates.forms(name)],
    ['GET', /^\/certificate\/([\w-]+)\/revocation$/, ([name]) => certificates.revocation(name)],
    ['GET', /^\/certificate\/([\w-]+)\/ocsp\/([\w-]+)$/, ([name, form]) => certificates.ocsp(name, form)],
    ['GET', /^\/chains\/(\w+)$/, async ([selection]) => (await import('../chains/judged.js')).judgedChains(/** @type {any} */ (selection))],
    ['GET', /^\/random\/(\d+)\/(\d+)\/sha256$/, ([seed, length]) => sha256(Number(seed), Number(length))],
    ['GET', /^\/memory\/([\w-]+)$/, ([runtime]) => residentMemory(processes.get(runtime))],
    ['POST', /^\/results\/([\w-]+)$/, ([runtime], request) => json(request).then((result) => listeners.get(runtime)?.(result) ?? {})],
    ['GET', /^\/files\/([\w-]+)\/([\w.-]+)$/, ([name, file], _, response) => sendFile(response, folders.get(name), file)],
  ]

  async function start(description) {
    const peer = await startPeer(description, certificates)
    const id = String(++lastId)
    peers.set(id, peer)
    return { id, ...peer }
  }

  async function stop(id) {
    const peer = peers.get(id)
    peers.delete(id)
    await peer?.stop()
    return {}
  }

  async function answer(request, response) {
    const { pathname } = new URL(request.url, 'http://host')
    for (const [method, pattern, handle] of routes) {
      const match = request.method === method && pattern.exec(pathname)
      if (!match) continue
      const value = await handle(match.slice(1), request, response)
      if (value === undefined) break
      if (value !== response) response.setHeader('content-type', 'application/json').end(JSON.stringify(value))
      return
    }
    response.writeHead(404).end('not found')
  }

  const server = http.createServer((request, response) => {
    answer(request, response).catch((error) => response.writeHead(500).end(error.message))
  })
  // A test that does not yield for long must not find its connection closed.
  server.keepAliveTimeout = 0
  const isPeer = (port) => [...peers.values()].some((peer) => peer.port === port)
  serveTunnel(server, isPeer)
  server.listen(0, LOOPBACK)
  await once(server, 'listening')
  return {
    url: `http://${LOOPBACK}:${/** @type {net.AddressInfo} */ (server.address()).port}`,
    onResult: (runtime, listener) => listeners.set(runtime, listener),
    watch: (runtime, pid) => processes.set(runtime, pid),
    serve: (name, folder) => folders.set(name, folder),
    async close() {
      server.close()
      server.closeAllConnections()
      await Promise.all([...peers.keys()].map(stop))
      await certificates.close()
    },
  }
}

async function json(request) {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk
  return JSON.parse(text)
}

function sha256(seed, length) {
  const hash = createHash('sha256')
  const chunk = Buffer.alloc(1024 * 1024)
  for (let offset = 0; offset < length; offset += chunk.length) {
    const part = chunk.subarray(0, Math.min(chunk.length, length - offset))
    fill(seed, offset, part)
    hash.update(part)
  }
  return hash.digest('hex')
}

async function sendFile(response, folder, name) {
  const file = folder && path.join(folder, name)
  if (!file || !(await stat(file).catch(() => null))?.isFile()) return undefined
  response.setHeader('content-type', TYPES[path.extname(name)] ?? 'application/octet-stream')
  response.setHeader('content-security-policy', CONTENT_SECURITY_POLICY)
  response.setHeader('cache-control', 'no-store')
  createReadStream(file).pipe(response)
  return response
}

/** The bytes of memory that a process and its children hold, or null where the system does not tell as Linux does. */
async function residentMemory(pid) {
  if (!pid) return null
  const processes = new Map()
  for (const name of await readdir('/proc').catch(() => [])) {
    const status = /^\d+$/.test(name) ? await readFile(`/proc/${name}/status`, 'utf8').catch(() => '') : ''
    const [parent, kilobytes] = [/^PPid:\s*(\d+)/m, /^VmRSS:\s*(\d+)/m].map((pattern) => Number(pattern.exec(status)?.[1] ?? 0))
    processes.set(Number(name), { parent, kilobytes })
  }
  if (!processes.has(pid)) return null
  const within = (id) => id === pid || (processes.has(id) && within(processes.get(id).parent))
  return [...processes].filter(([id]) => within(id)).reduce((sum, [, { kilobytes }]) => sum + kilobytes * 1000, 0)
}

/**
 * The tunnel: `/tunnel/127.0.0.1:PORT`, a WebSocket whose binary frames are the bytes of a TCP connection to a peer. Only to peers
 * of this run: any page of the machine's browser could open a WebSocket here.
 */
function serveTunnel(server, isPeer) {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })
  server.on('upgrade', (request, stream, head) => {
    const port = Number(/^\/tunnel\/127\.0\.0\.1:(\d+)$/.exec(request.url)?.[1])
    // A browser that goes away while this is under way resets the connection.
    stream.on('error', () => stream.destroy())
    if (!isPeer(port)) return stream.end('HTTP/1.1 403 Forbidden\r\n\r\n')
    const tcp = net.connect({ port, host: LOOPBACK, allowHalfOpen: true })
    const refuse = () => stream.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
    tcp.once('error', refuse)
    tcp.once('connect', () => {
      tcp.off('error', refuse)
      if (stream.destroyed) return tcp.destroy()
      sockets.handleUpgrade(request, stream, head, (socket) => join(socket, tcp))
    })
  })
}

/** Carry bytes both ways between a WebSocket and a TCP socket, each paused while the other cannot keep up. */
function join(socket, tcp) {
  tcp.on('data', (chunk) => {
    socket.send(chunk, () => socket.bufferedAmount < WEBSOCKET_HIGH_WATER && tcp.resume())
    if (socket.bufferedAmount >= WEBSOCKET_HIGH_WATER) tcp.pause()
  })
  // A WebSocket has no half-close: when the peer has sent its last byte, the connection is over.
  tcp.on('end', () => socket.close(1000))
  tcp.on('error', () => socket.terminate())
  tcp.on('close', () => socket.close(1000))
  socket.on('message', (data) => {
    if (tcp.write(data)) return
    socket.pause()
    tcp.once('drain', () => socket.resume())
  })
  socket.on('error', () => tcp.destroy())
  socket.on('close', (code) => {
    tcp.removeAllListeners('data')
    // 1005: closed without a code, as `close()` does.
    if (code === 1000 || code === 1005) tcp.resume().end()
    else tcp.destroy()
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url } = await startHost()
  console.log(url)
}
