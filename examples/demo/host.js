// The HTTP server of the demo, on the loopback interface only: serves a folder's files, and carries bytes between WebSockets and TCP
// for the page that it serves, and for no other.
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import http from 'node:http'
import net from 'node:net'
import path from 'node:path'
import { pipeline } from 'node:stream'
import { createWebSocketStream, WebSocketServer } from 'ws'
import { Observer } from './observer.js'

const LOOPBACK = '127.0.0.1'

/** How long the tunnel tries to connect, in milliseconds. */
const CONNECT_TIMEOUT = 10_000

/** How often a page is told what the tunnel sees, at the most, in milliseconds. */
const TELL_INTERVAL = 50

/** The first close code that is free for applications (RFC 6455, 7.4.2). */
const NOT_CONNECTED = 4000

/** A close frame has no room for more (RFC 6455, 5.5). */
const LONGEST_REASON = 123

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
}

const HEADERS = {
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

const contentSecurityPolicy = (host) =>
  [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self' ws://${host}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

/**
 * @typedef {object} Host
 * @property {string} url with a slash at the end
 * @property {() => Promise<void>} close
 */

/**
 * @param {object} options
 * @param {string} options.folder whose files are served
 * @param {(target: { host: string, port: number }) => boolean} options.allows where the tunnel may lead
 * @param {Record<string, (request: http.IncomingMessage) => any>} [options.routes] what is answered in JSON, by path
 * @param {number} [options.port] 0 for any that is free
 * @return {Promise<Host>}
 */
export async function startHost({ folder, allows, routes = {}, port = 0 }) {
  /** @type {Map<string, Watch>} */
  const watches = new Map()
  const server = http.createServer((request, response) => {
    // A page of elsewhere whose name was made to lead here (DNS rebinding) still names itself in Host, or in Origin.
    if (!isOwn(request)) return response.writeHead(403).end('This server is for its own page only.\n')
    const { pathname, searchParams } = urlOf(request)
    if (pathname === '/watch') return watch(watches, searchParams.get('id') ?? '', response)
    const reply = Object.hasOwn(routes, pathname) ? sendJson(response, routes[pathname](request)) : sendFile(response, folder, pathname)
    reply.catch((error) => response.writeHead(500).end(error.message))
  })
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })
  server.on('upgrade', (request, stream, head) => {
    // Who goes away while being refused resets the connection.
    stream.on('error', () => stream.destroy())
    const { pathname, searchParams } = urlOf(request)
    const target = { host: searchParams.get('host') ?? '', port: Number(searchParams.get('port')) }
    // Browsers always say of a WebSocket which page opens it.
    const isAllowed = isOwn(request) && request.headers.origin && pathname === '/tunnel' && allows(target)
    if (!isAllowed) return stream.end('HTTP/1.1 403 Forbidden\r\n\r\n')
    sockets.handleUpgrade(request, stream, head, (socket) => tunnel(socket, target, watches.get(searchParams.get('watch') ?? '')))
  })
  server.listen(port, LOOPBACK)
  await once(server, 'listening')
  return {
    url: `http://${LOOPBACK}:${/** @type {net.AddressInfo} */ (server.address()).port}/`,
    async close() {
      for (const socket of sockets.clients) socket.terminate()
      server.close()
      server.closeAllConnections()
    },
  }
}

const urlOf = (request) => new URL(request.url, 'http://host')

/** Whether a request is for this server by its own name and, if it says from where, from its own page. */
function isOwn(request) {
  const { host, origin } = request.headers
  const own = [LOOPBACK, 'localhost'].map((name) => `${name}:${request.socket.localPort}`)
  return own.includes(host) && (origin === undefined || origin === `http://${host}`)
}

async function sendJson(response, value) {
  response.writeHead(200, { ...HEADERS, 'content-type': 'application/json' }).end(JSON.stringify((await value) ?? {}))
}

async function sendFile(response, folder, pathname) {
  const name = pathname === '/' ? 'index.html' : pathname.slice(1)
  const bytes = /^[\w.-]+$/.test(name) && !name.startsWith('.') ? await readFile(path.join(folder, name)).catch(() => null) : null
  if (!bytes) return response.writeHead(404, HEADERS).end('not found\n')
  const type = TYPES[path.extname(name)] ?? 'application/octet-stream'
  response.writeHead(200, { ...HEADERS, 'content-type': type, 'content-security-policy': contentSecurityPolicy(response.req.headers.host) })
  response.end(bytes)
}

/** Carry bytes both ways between a WebSocket and a TCP connection, as they are. */
function tunnel(socket, target, watch) {
  const tcp = net.connect({ ...target, noDelay: true, timeout: CONNECT_TIMEOUT })
  const refuse = (error) => {
    const { code = 'ERR_TLS_TRANSPORT_FAILED', message, errors } = error
    const words = `${code}: ${message || errors?.[0]?.message}`
    socket.close(NOT_CONNECTED, Buffer.from(words).subarray(0, LONGEST_REASON).toString())
    tcp.destroy()
  }
  const giveUp = () => refuse(Object.assign(new Error(`no connection after ${CONNECT_TIMEOUT / 1000} s`), { code: 'ETIMEDOUT' }))
  socket.on('error', () => tcp.destroy())
  socket.on('close', () => tcp.destroySoon())
  tcp.once('error', refuse)
  tcp.once('timeout', giveUp)
  tcp.once('connect', () => {
    tcp.off('error', refuse)
    tcp.off('timeout', giveUp)
    socket.send('connected')
    const stream = createWebSocketStream(socket)
    if (watch) {
      stream.on('data', (chunk) => watch.see('up', chunk))
      tcp.on('data', (chunk) => watch.see('down', chunk))
    }
    // An end or an error of either side is the end of both.
    pipeline(tcp, stream, tcp, () => {})
  })
}

/** What one connection's tunnel sees, told to the page as it comes. */
class Watch {
  #tell
  /** @type {any} */ #timer = undefined
  up = new Observer()
  down = new Observer()

  constructor(tell) {
    this.#tell = tell
  }

  see(direction, chunk) {
    this[direction].see(chunk)
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#tell({ up: this.up, down: this.down })
    }, TELL_INTERVAL)
  }

  close() {
    clearTimeout(this.#timer)
  }
}

/** Answer with a stream of events: what the tunnel sees of the connection that will be opened under an id. */
function watch(watches, id, response) {
  response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' })
  response.flushHeaders()
  const watch = new Watch((value) => response.write(`data: ${JSON.stringify(value)}\n\n`))
  watches.set(id, watch)
  response.on('close', () => {
    watch.close()
    watches.delete(id)
  })
}
