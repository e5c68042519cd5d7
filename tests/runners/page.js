// Runs the tests inside a browser's page, and posts each result to the host that served it.
import { Buffer } from 'buffer'
import { Duplex } from 'readable-stream'
import { tls, transport } from 'tests:implementation'
import { runAll, uncaught } from '../harness.js'

const { runtime, ...job } = JSON.parse(decodeURIComponent(location.hash.slice(1)))
const post = (value) => fetch(`/results/${runtime}`, { method: 'POST', body: JSON.stringify(value) })

addEventListener('error', (event) => uncaught(event.error ?? event.message))
addEventListener('unhandledrejection', (event) => uncaught(event.reason))

/** How often the page says that it lives: a page that crashed tells nothing. */
const HEARTBEAT = 2000

/** Browsers have no TCP: what a test connects to goes through the host's tunnel. */
const connector = ({ port }) => new WebSocket(`${location.origin.replace('http', 'ws')}/tunnel/127.0.0.1:${port}`)

async function run() {
  if (transport) {
    await tls.init()
    tls.DEFAULT_CONNECTOR = connector
  }
  const platform = { Duplex, Buffer, net: null, WebSocket }
  return runAll({ ...job, runtime, host: location.origin, tls, transport, platform }, post)
}

setInterval(() => post({ alive: true }), HEARTBEAT)
run().then(
  (done) => post({ done }),
  (error) => post({ fatal: error.stack ?? String(error) }),
)
