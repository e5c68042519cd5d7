// What a peer does with a connection, by name. A behaviour gets the stream (TLS, or bare TCP for peers of kind `raw`), its
// options, and the facts of the connection: `facts.tcp` is the TCP socket below.
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import net from 'node:net'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { fill } from '../random.js'

const CHUNK = 64 * 1024

/** Write `length` bytes of the stream `seed`, never ahead of the reader. */
async function sendRandom(stream, { length, seed = 1 }) {
  for (let offset = 0; offset < length; offset += CHUNK) {
    const chunk = Buffer.alloc(Math.min(CHUNK, length - offset))
    fill(seed, offset, chunk)
    if (!stream.write(chunk)) await once(stream, 'drain')
  }
}

/** Wait until all that was written has left this process. */
const flushed = (stream) => new Promise((resolve) => stream.write('', resolve))

/** End soon: within 'secureConnection' Node 20 would send no close_notify as a TLS 1.3 server. */
async function end(stream, text = '') {
  await nextTurn()
  stream.end(text)
}

/** Answer in HTTP/1.1, and close, after the head of a request. */
async function answerHttp(stream, { body = 'hello from the peer\n' }) {
  let head = ''
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    head += chunk.toString('latin1')
    if (head.includes('\r\n\r\n')) break
  }
  const length = Buffer.byteLength(body)
  stream.end(`HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n${body}`)
  stream.resume()
}

/**
 * @typedef {object} Behaviour
 * @property {boolean} [allowHalfOpen] the behaviour ends its side itself
 * @property {(stream: import('node:stream').Duplex, options: any, facts: any) => unknown} run
 */

/**
 * What a description asks for, out of what its kind of peer can do.
 * @template Entry
 * @param {Record<string, Entry>} table
 * @param {{ behaviour?: string, kind?: string }} description
 * @return {Entry}
 */
export function behaviourOf(table, { behaviour = 'echo', kind = 'node' }) {
  if (Object.hasOwn(table, behaviour)) return table[behaviour]
  throw new Error(`a peer of kind '${kind}' cannot '${behaviour}'; it can ${Object.keys(table).join(', ')}`)
}

/** @type {Record<string, Behaviour>} Behaviours over TLS */
export const secure = {
  /** Send everything back; end when the client ends. */
  echo: { allowHalfOpen: true, run: (stream) => stream.pipe(stream) },
  /** Carry the bytes on to another peer's {port}, and back. */
  forward: {
    allowHalfOpen: true,
    run(stream, { port }) {
      const onward = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true })
      stream.pipe(onward).pipe(stream)
      stream.on('close', () => onward.destroy())
    },
  },
  /** Read a request's head, answer 200 with {body}, end. */
  http: { run: answerHttp },
  /** Send {length} bytes of stream {seed}, then end. */
  send: {
    async run(stream, options) {
      stream.resume()
      await sendRandom(stream, options)
      await end(stream)
    },
  },
  /** Read everything, waiting {delay} ms before each chunk; when the client ends, answer JSON { bytes, sha256 } and end. */
  sink: {
    allowHalfOpen: true,
    async run(stream, { delay = 0 }) {
      const hash = createHash('sha256')
      let bytes = 0
      for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
        hash.update(chunk)
        bytes += chunk.length
        if (delay) await sleep(delay)
      }
      stream.end(JSON.stringify({ bytes, sha256: hash.digest('hex') }))
    },
  },
  /** Say nothing; read and drop, or with {read: false} never read. */
  silent: { run: (stream, { read = true }) => read && stream.resume() },
  /** End as soon as the handshake is done; with {text} say that before. */
  'end-after-secure': {
    run(stream, { text = '' }) {
      stream.resume()
      return end(stream, text)
    },
  },
  /** After the client has ended its side, still send {length} bytes of stream {seed}, then end. */
  'half-close': {
    allowHalfOpen: true,
    async run(stream, options) {
      stream.resume()
      await once(stream, 'end')
      await sendRandom(stream, options)
      stream.end()
    },
  },
  /** Send {length} bytes of stream {seed}, then close the TCP connection without close_notify. */
  truncate: {
    async run(stream, options, facts) {
      stream.resume()
      await sendRandom(stream, options)
      await flushed(stream)
      facts.tcp.destroy()
    },
  },
  /** Reset the TCP connection once the handshake is done. */
  reset: { run: (_, __, facts) => facts.reset() },
}

/** @type {Record<string, Behaviour>} Behaviours over bare TCP */
export const raw = {
  /** End at once, before anything was received. */
  close: { run: (stream) => stream.resume().end() },
  /** Close after having received {bytes} bytes. */
  'close-after': {
    run(stream, { bytes }, facts) {
      stream.on('data', () => facts.tcp.bytesRead >= bytes && stream.end())
    },
  },
  /** Reset the connection after having received something. */
  reset: { run: (stream, _, facts) => stream.once('data', () => facts.reset()) },
  /** Send {length} bytes of stream {seed}, which are not TLS, and go on reading. */
  junk: {
    run(stream, options) {
      stream.resume()
      return sendRandom(stream, options)
    },
  },
  /** Answer HTTP without TLS. */
  'plain-http': { run: (stream, { body = '' }) => stream.once('data', () => stream.end(`HTTP/1.1 400 Bad Request\r\n\r\n${body}`)) },
  /** Say nothing; read and drop. */
  silent: { run: (stream) => stream.resume() },
  /** Send everything back. */
  echo: { allowHalfOpen: true, run: (stream) => stream.pipe(stream) },
}
