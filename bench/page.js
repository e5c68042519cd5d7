// Measures inside a browser's page, and posts each result to the host that served it.
import { Buffer } from 'buffer'
import { Duplex } from 'readable-stream'
import { tls } from 'tests:implementation'
import { firstClientHello, measureAll } from './alone.js'

const { runtime, task } = JSON.parse(decodeURIComponent(location.hash.slice(1)))
const post = (value) => fetch(`/results/${runtime}`, { method: 'POST', body: JSON.stringify(value) })

/** How often the page says that it lives: a page that crashed tells nothing. */
const HEARTBEAT = 2000

setInterval(() => post({ alive: true }), HEARTBEAT)

async function run() {
  const evaluated = performance.now()
  await tls.init()
  const initialised = performance.now()
  if (!task.start) return measureAll({ tls, platform: { Duplex, Buffer }, host: location.origin, task, now: () => performance.now() }, post)
  await firstClientHello(tls, { Duplex })
  const sent = performance.now()
  return post({
    start: {
      'init (fetch, compile), ms': initialised - evaluated,
      'from init to the first ClientHello, ms': sent - initialised,
      'from the page to the first ClientHello, ms': sent,
    },
  })
}

run().then(
  () => post({ done: true }),
  (error) => post({ fatal: error.stack ?? String(error) }),
)
