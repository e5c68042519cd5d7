// Measures downloads over HTTPS inside a page, through a Wisp server: ours, epoxy-tls and libcurl.js by turns.
import { tls } from 'tests:implementation'
import { random } from '../../tests/random.js'
import { compare } from '../compare.js'
import { SEED, Taker } from '../work/bulk.js'
import { connectWisp, openStream } from './wisp-transport.js'

const { runtime, task } = JSON.parse(decodeURIComponent(location.hash.slice(1)))
const post = (value) => fetch(`/results/${runtime}`, { method: 'POST', body: JSON.stringify(value) })

const HEARTBEAT = 2000

/** A download that takes longer has hung. */
const PATIENCE = 30_000

const files = `${location.origin}/files/wisp/`
const wispUrl = `ws://127.0.0.1:${task.wispPort}/`

let requests = 0

/**
 * @typedef {(port: number, path: string, onData: (bytes: Uint8Array) => void) => Promise<void>} Get one request over a connection of its
 *   own; resolves when its answer is over
 */

/**
 * One request of HTTP/1.1 over a stream.
 * @param {any} socket
 * @param {string} event when it can be written to
 * @param {string} path
 * @param {(bytes: Uint8Array) => void} onData
 * @return {Promise<void>}
 */
function request(socket, event, path, onData) {
  return new Promise((resolve, reject) => {
    let head = ''
    let left = Number.POSITIVE_INFINITY
    const body = (bytes) => {
      left -= bytes.length
      if (bytes.length) onData(bytes)
      if (left === 0) socket.destroy()
    }
    socket.once(event, () => socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`))
    socket.on('data', (chunk) => {
      if (left < Number.POSITIVE_INFINITY) return body(chunk)
      head += chunk.toString('latin1')
      const end = head.indexOf('\r\n\r\n')
      if (end < 0) return
      left = Number(/content-length: (\d+)/i.exec(head)?.[1])
      body(chunk.subarray(chunk.length - (head.length - end - 4)))
    })
    socket.on('error', reject)
    socket.on('close', () => resolve())
  })
}

/** @return {Promise<Get>} */
async function ours() {
  await tls.init()
  const secureContext = tls.createSecureContext({ ca: task.ca })
  const connection = await connectWisp(wispUrl)
  return (port, path, onData) => {
    const socket = openStream(connection, 'localhost', port)
    return request(tls.connect({ socket, servername: 'localhost', secureContext }), 'secureConnect', path, onData)
  }
}

/** No TLS at all, over the same transport: what nobody can be faster than. @return {Promise<Get>} */
async function plain() {
  const connection = await connectWisp(wispUrl)
  return (_port, path, onData) => {
    const socket = openStream(connection, 'localhost', task.plainPort)
    queueMicrotask(() => socket.emit('ready'))
    return request(socket, 'ready', path, onData)
  }
}

/** Read a Response of fetch. */
async function readAll(response, onData) {
  if (response.status !== 200) throw new Error(`the status is ${response.status}`)
  if (!response.body) return
  const reader = response.body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    onData(value)
  }
}

/** @return {Promise<Get>} */
async function epoxyTls() {
  const { default: epoxy } = await import(`${files}epoxy.js`)
  await epoxy(`${files}epoxy.wasm`)
  const client = await new epoxy.EpoxyClient(wispUrl, navigator.userAgent, 0)
  return async (port, path, onData) =>
    readAll(await client.fetch(`https://localhost:${port}${path}`, { headers: { connection: 'close' } }), onData)
}

/** @return {Promise<Get>} */
async function libcurl() {
  const { libcurl: curl } = await import(`${files}libcurl.js`)
  await curl.load_wasm(`${files}libcurl.wasm`)
  curl.set_websocket(wispUrl)
  return async (port, path, onData) => {
    const options = { headers: { connection: 'close' }, _libcurl_http_version: 1.1 }
    await readAll(await curl.fetch(`https://localhost:${port}${path}`, options), onData)
  }
}

const PLAIN = 'no TLS'

const IMPLEMENTATIONS = { 'isomorphic-tls': ours, '@mercuryworkshop/epoxy-tls': epoxyTls, 'libcurl.js': libcurl, [PLAIN]: plain }

/** Its failure, if it takes too long. */
function limited(promise) {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error(`not done after ${PATIENCE / 1000} s`)), PATIENCE))
  return Promise.race([promise, late])
}

/** A contender that is loaded when it is first measured. */
function contender(name, load) {
  let loaded
  const measure = async ({ kind }, amount, thorough) => {
    loaded ??= load()
    const get = await loaded
    const count = kind === 'dials' ? amount : 1
    const bytes = kind === 'dials' ? 1 : amount
    const start = performance.now()
    for (let done = 0; done < count; done++) {
      const taker = new Taker(random(SEED, task.writeSize), bytes, thorough)
      // The server of TLS is asked whether it has seen as many.
      if (name !== PLAIN) requests++
      await get(task.port, `/${bytes}`, (chunk) => taker.take(chunk))
      taker.end()
      await taker.done
    }
    return { milliseconds: performance.now() - start, amount, agreed: name === PLAIN ? {} : task.agreed }
  }
  return { name, measure: (...job) => limited(measure(...job)) }
}

async function run() {
  const contenders = Object.entries(IMPLEMENTATIONS).map(([name, load]) => contender(name, load))
  for (const cell of task.cells) await post({ result: await compare(cell, contenders, task) })
  return requests
}

setInterval(() => post({ alive: true }), HEARTBEAT)
run().then(
  (count) => post({ requests: count }).then(() => post({ done: true })),
  (error) => post({ fatal: error.stack ?? String(error) }),
)
