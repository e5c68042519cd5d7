// The test harness: small enough to run on every runtime. A test file calls `test(name, body)`; a runner of tests/runners fills
// in a `Context` and calls `runAll`.
import { assert } from 'chai'
import { duplexPair } from './duplex-pair.js'
import { chooser, fill, firstDifference, random } from './random.js'

export { assert }

const TIMEOUT = 20_000

const CLEAN_UP_TIMEOUT = 10_000

/** A stream that tells nothing for this long is taken to stand still. */
const STILL = 300

/**
 * @typedef {object} Platform what a runner knows of its runtime
 * @property {typeof import('node:stream').Duplex} Duplex
 * @property {typeof import('node:buffer').Buffer} Buffer
 * @property {typeof import('node:net') | null} net null where there is no TCP
 * @property {typeof WebSocket} WebSocket
 *
 * @typedef {object} Context
 * @property {typeof import('node:tls')} tls the module under test
 * @property {any} transport its transports, null for a module that has none of ours
 * @property {string} [implementation] what a console imported `tls` from
 * @property {string} runtime node-20, node-26, deno, bun, workerd, chromium, firefox
 * @property {string} host the URL of the test host
 * @property {boolean} full
 * @property {string} [filter] only tests whose name contains it
 * @property {Platform} platform
 * @property {Record<string, any>} [bindings] of a Worker
 *
 * @typedef {object} Options
 * @property {number} [timeout] milliseconds
 * @property {string[]} [only] the runtimes that the test makes sense on; it does not exist on others
 * @property {string[]} [except] the runtimes that the test makes no sense on
 * @property {string} [why] for `only` and `except`
 * @property {boolean} [ours] describes what Node's tls does not have
 * @property {boolean | string[]} [full] too long for a quick run, everywhere or on these runtimes
 */

/** @type {{ name: string, options: Options, body: (t: Trial) => unknown }[]} */
const registry = []

/**
 * Register a test.
 * @param {string} name begins with its topic, as in 'connect: an options object'
 * @param {Options | ((t: Trial) => unknown)} options
 * @param {(t: Trial) => unknown} [body]
 */
export function test(name, options, body) {
  if (typeof options === 'function') return test(name, {}, options)
  if ((options.only || options.except) && !options.why) throw new TypeError(`the test '${name}' is restricted without a 'why'`)
  if (registry.some((other) => other.name === name)) throw new TypeError(`two tests are named '${name}'`)
  registry.push({ name, options, body: /** @type {(t: Trial) => unknown} */ (body) })
}

/** The names of all tests that are registered, also of those that do not exist on this runtime. */
export const registered = () => registry.map(({ name }) => name)

function exists({ name, options }, { runtime, transport, full, filter = '' }) {
  if (options.only && !options.only.includes(runtime)) return false
  if (options.except?.includes(runtime)) return false
  if (options.ours && !transport) return false
  if (!full && (Array.isArray(options.full) ? options.full.includes(runtime) : options.full)) return false
  return name.toLowerCase().includes(filter.toLowerCase())
}

/** The running test, for errors that nothing catches. */
let current = null

/**
 * For runners: an error that reached the top of the runtime fails the running test, unless that waits for one.
 * @param {unknown} error
 */
export function uncaught(error) {
  if (current) current.uncaughtError(error)
  else throw error
}

/**
 * Run all tests that exist in a context, one after another.
 * @param {Context} context
 * @param {(result: { name: string, ok: boolean, milliseconds: number, error?: string }) => unknown} report
 * @return {Promise<{ passed: number, failed: number }>}
 */
export async function runAll(context, report) {
  const counts = { passed: 0, failed: 0 }
  for (const entry of registry.filter((candidate) => exists(candidate, context))) {
    const start = Date.now()
    const error = await runOne(entry, context)
    counts[error ? 'failed' : 'passed']++
    await report({ name: entry.name, ok: !error, milliseconds: Date.now() - start, ...(error && { error: describe(error) }) })
  }
  return counts
}

function describe(error) {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? ` [${error.code}]` : ''
  const stack = error.stack?.includes(error.message) ? error.stack : `${error.name}: ${error.message}\n${error.stack ?? ''}`
  const cause = error.cause ? `\ncaused by ${describe(error.cause)}` : ''
  return stack + code + cause
}

async function runOne({ options, body }, context) {
  const trial = new Trial(context)
  current = trial
  const { timeout = TIMEOUT } = options
  const problems = []
  const attempt = (work, limit, what) =>
    withLimit(work, limit, what).catch((error) => problems.push(error ?? new Error('rejected with nothing')))
  await attempt(Promise.race([(async () => body(trial))(), trial.failed]), timeout, 'not done')
  await attempt(trial.cleanUp(), CLEAN_UP_TIMEOUT, 'its cleaning up was not done')
  current = null
  return problems[0] ?? null
}

/** A promise's value, or an error when it takes too long. */
async function withLimit(promise, milliseconds, what) {
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} after ${milliseconds} ms`)), milliseconds)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

/** What a test is given. */
export class Trial {
  /** @type {Promise<never>} rejects on an error that nothing caught */
  failed
  #context
  #cleanUps = []
  #reject = (_error) => {}
  #uncaught = null

  /** @param {Context} context */
  constructor(context) {
    this.#context = context
    this.failed = new Promise((_, reject) => {
      this.#reject = reject
    })
    this.failed.catch(() => {})
  }

  /** The module under test. */
  get tls() {
    return this.#context.tls
  }

  /** The module's transports (`isomorphic-tls/transport`). */
  get transports() {
    return this.#context.transport
  }

  get runtime() {
    return this.#context.runtime
  }

  /** How a child process of a console imports the module under test. */
  get implementation() {
    return this.#context.implementation
  }

  /** Whether the module under test is Node's own, on whichever runtime. */
  get isReference() {
    return this.#context.transport === null
  }

  get full() {
    return this.#context.full
  }

  get bindings() {
    return this.#context.bindings
  }

  get hasTcp() {
    return this.#context.platform.net !== null
  }

  get net() {
    return this.#context.platform.net
  }

  get Duplex() {
    return this.#context.platform.Duplex
  }

  get Buffer() {
    return this.#context.platform.Buffer
  }

  get WebSocket() {
    return this.#context.platform.WebSocket
  }

  /** Bytes that the peers can make too: see random.js. */
  random = (seed, length) => this.Buffer.from(random(seed, length).buffer)

  fill = fill
  firstDifference = firstDifference
  chooser = chooser

  /** The SHA-256 of the first bytes of a random stream, in hex, computed by the host. */
  randomHash = (seed, length) => this.#ask('GET', `/random/${seed}/${length}/sha256`)

  /** The bytes of memory of this runtime's processes, or null where the system does not tell. */
  memory = () => this.#ask('GET', `/memory/${this.runtime}`)

  /** PEM texts of a certificate of the run: { key, certificate, chain, ca, issuer }. */
  certificate = (name) => this.#ask('GET', `/certificate/${name}`)

  /** The forms of a certificate's key, and PFX files: { passphrase, key, pfx }; see tests/peers/certificates.js. */
  forms = (name) => this.#ask('GET', `/certificate/${name}/forms`)

  /** The CRL of the CA by which a certificate is revoked, in PEM. */
  async revocation(name) {
    return (await this.#ask('GET', `/certificate/${name}/revocation`)).crl
  }

  /** What a responder of OCSP says of a certificate, DER: see tests/peers/ocsp.js for the forms. */
  async ocsp(name, form) {
    return this.Buffer.from((await this.#ask('GET', `/certificate/${name}/ocsp/${form}`)).response, 'base64')
  }

  /**
   * Certificate chains of all kinds, with what OpenSSL says of them: 'sample', 'quick' or 'full'; see chains/judged.js.
   * @param {string} selection
   * @return {Promise<import('./chains/judged.js').JudgedChain[]>}
   */
  chains = (selection) => this.#ask('GET', `/chains/${selection}`)

  sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))

  /** Do something when the test is over, however it ends. The last added runs first. */
  after(cleanUp) {
    this.#cleanUps.push(cleanUp)
  }

  /** Destroy a stream when the test is over; what it then says is of no interest. */
  track(stream) {
    this.after(() => {
      stream.on('error', () => {})
      stream.destroy()
    })
    return stream
  }

  /** `tls.connect`, tracked. */
  connect(...args) {
    return this.track(/** @type {any} */ (this.tls.connect)(...args))
  }

  /**
   * The two ends of a connection without a network, tracked: see duplex-pair.js.
   * @param {import('./duplex-pair.js').PairOptions} [options]
   */
  duplexPair(options) {
    const ends = duplexPair(this.#context.platform, options)
    for (const end of ends) this.track(end)
    return ends
  }

  /**
   * A server of the module under test, with a certificate of the run unless the options have another or null; its sockets are
   * tracked. `server.emit('connection', duplex)` gives it a connection.
   * @param {Record<string, any>} [options]
   */
  async server(options = {}) {
    const { key, chain } = await this.certificate('ecdsa-p256')
    const server = this.tls.createServer({ key, cert: chain, ...options })
    for (const name of ['connection', 'secureConnection']) server.on(name, (socket) => void this.track(socket))
    this.after(() => server.listening && new Promise((resolve) => server.close(resolve)))
    return server
  }

  /**
   * A client and a server of the module under test, connected without a network, after the handshake. The client trusts the
   * server's default certificate.
   * @param {Record<string, any>} [serverOptions]
   * @param {Record<string, any>} [clientOptions]
   * @param {import('./duplex-pair.js').PairOptions} [pairOptions]
   * @return {Promise<{ server: any, client: any, socket: any, raw: [any, any] }>} `socket` is the server's end; `raw` are the
   *   Duplexes below, the client's first
   */
  async pair(serverOptions, clientOptions, pairOptions) {
    const server = await this.server(serverOptions)
    const { ca } = await this.certificate('ecdsa-p256')
    const raw = this.duplexPair(pairOptions)
    const accepted = new Promise((resolve, reject) => {
      server.once('secureConnection', resolve)
      server.once('tlsClientError', reject)
    })
    server.emit('connection', raw[1])
    const client = this.connect({ socket: raw[0], ca, servername: 'localhost', ...clientOptions })
    const [socket] = await Promise.all([accepted, event(client, 'secureConnect')])
    return { server, client, socket, raw }
  }

  /**
   * Start a peer.
   * @param {import('./peers/peers.js').Description} [description]
   */
  async peer(description = {}) {
    const { id, ...facts } = await this.#ask('POST', '/peer', description)
    const stop = () => this.#ask('DELETE', `/peer/${id}`)
    this.after(stop)
    const seen = () => this.#ask('GET', `/peer/${id}`)
    /** Ask until what the peer has seen satisfies a condition; the test's timeout ends a vain wait. */
    const until = async (condition) => {
      for (;;) {
        const report = await seen()
        if (condition(report)) return report
        await this.sleep(20)
      }
    }
    /** Ask until a number that the peer tells no longer changes. */
    const settled = async (field) => {
      for (let last = Number.NaN; ; ) {
        const report = await seen()
        if (report[field] === last) return report
        last = report[field]
        await this.sleep(STILL)
      }
    }
    /** The client may be done with the handshake before the peer is. */
    const secured = () => until(({ protocol }) => protocol)
    return { ...facts, host: '127.0.0.1', stop, seen, until, settled, secured }
  }

  /**
   * Have a client of another stack connect to a port of this process, and run to its end: what it saw.
   * @param {import('./peers/clients.js').ClientDescription} description
   * @return {Promise<import('./peers/clients.js').ClientReport>}
   */
  client = (description) => this.#ask('POST', '/client', description)

  /** What to give `tls.connect` to reach and trust a peer. */
  to = (peer, options = {}) => ({ port: peer.port, host: peer.host, ca: peer.ca, ...options })

  webSocketUrl = (peer) => `${this.#context.host.replace('http', 'ws')}/tunnel/${peer.host}:${peer.port}`

  /** A WebSocketStream to a peer's port, on a runtime that has it. */
  webSocketStream(peer) {
    const stream = new globalThis.WebSocketStream(this.webSocketUrl(peer))
    this.after(() => stream.close())
    return stream
  }

  /** An open WebSocket to a peer's port. */
  async webSocket(peer) {
    const socket = new this.WebSocket(this.webSocketUrl(peer))
    socket.binaryType = 'arraybuffer'
    this.after(() => socket.close())
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve)
      socket.addEventListener('error', () => reject(new Error('the WebSocket did not open')))
    })
    return socket
  }

  /** A connected Duplex to a peer's port. */
  async transport(peer) {
    if (!this.net) return this.track(this.transports.fromWebSocket(await this.webSocket(peer)))
    const socket = this.track(this.net.connect(peer.port, peer.host))
    await event(socket, 'connect')
    return socket
  }

  /** A connected pair of Web Streams to a peer's port. */
  async webStreams(peer) {
    const stream = await this.transport(peer)
    // What goes wrong is told by the streams.
    stream.on('error', () => {})
    let open = true
    const readable = new ReadableStream({
      start(controller) {
        const finish = (act) => () => {
          if (open) act()
          open = false
        }
        stream.on('data', (chunk) => {
          if (open) controller.enqueue(new Uint8Array(chunk))
          if (open && controller.desiredSize <= 0) stream.pause()
        })
        stream.on(
          'end',
          finish(() => controller.close()),
        )
        stream.on(
          'close',
          finish(() => controller.error(stream.errored ?? new Error('closed'))),
        )
        stream.pause()
      },
      pull: () => void stream.resume(),
      cancel() {
        open = false
        stream.destroy()
      },
    })
    const writable = new WritableStream({
      // A tunnel closes both ways at once: what is written after the peer's end goes nowhere.
      write: (chunk) => new Promise((resolve, reject) => stream.write(chunk, (error) => (error && open ? reject(error) : resolve()))),
      close: () => new Promise((resolve) => stream.end(resolve)),
      abort: () => void stream.destroy(),
    })
    return { readable, writable }
  }

  /** Wait for an error that reaches the top of the runtime: such an error is then what the test wants. */
  async nextUncaught() {
    return new Promise((resolve) => {
      this.#uncaught = resolve
    })
  }

  /** @param {unknown} error */
  uncaughtError(error) {
    if (this.#uncaught) this.#uncaught(error)
    else this.#reject(new Error('uncaught', { cause: error }))
    this.#uncaught = null
  }

  async cleanUp() {
    for (const cleanUp of this.#cleanUps.reverse()) await cleanUp()
  }

  async #ask(method, path, body) {
    const response = await fetch(this.#context.host + path, { method, ...(body && { body: JSON.stringify(body) }) })
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`)
    return response.json()
  }
}

/**
 * The arguments of an emitter's next event; rejects when 'error' comes first.
 * @param {import('node:events').EventEmitter} emitter
 * @param {string} name
 * @return {Promise<any[]>}
 */
export function event(emitter, name) {
  return new Promise((resolve, reject) => {
    const fail = (error) => {
      emitter.removeListener(name, succeed)
      reject(error)
    }
    const succeed = (...args) => {
      emitter.removeListener('error', fail)
      resolve(args)
    }
    emitter.once(name, succeed)
    if (name !== 'error') emitter.once('error', fail)
  })
}

/**
 * Everything a stream says from now until 'close', errors included. It reads the stream.
 * @param {any} socket
 * @return {Promise<{ events: string[], data: any[], error: any, hadError: boolean | undefined }>}
 */
export function outcome(socket) {
  return new Promise((resolve) => {
    const told = {
      events: /** @type {string[]} */ ([]),
      data: /** @type {any[]} */ ([]),
      error: /** @type {any} */ (null),
      hadError: undefined,
    }
    for (const name of ['lookup', 'connect', 'ready', 'secureConnect', 'end', 'finish', 'timeout']) {
      socket.on(name, () => told.events.push(name))
    }
    socket.on('data', (chunk) => told.data.push(chunk))
    socket.on('error', (error) => {
      told.events.push('error')
      told.error = error
    })
    socket.on('close', (hadError) => {
      told.events.push('close')
      resolve({ ...told, hadError })
    })
  })
}

/**
 * All bytes of a stream up to its end.
 * @param {any} stream
 * @return {Promise<any>} a Buffer
 */
export async function readAll(stream) {
  const chunks = []
  for await (const chunk of stream) chunks.push(chunk)
  const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0))
  let offset = 0
  for (const chunk of chunks) {
    all.set(chunk, offset)
    offset += chunk.length
  }
  return all
}
