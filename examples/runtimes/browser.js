// Browsers: a page has no TCP, so that each connection goes through a tunnel. The list of requests is fetched from where the page
// came from, and the outcomes are posted there.
import tls from 'isomorphic-tls'
import { openTunnel } from '../tunnel.js'
import { attemptAll } from './attempt.js'

async function run() {
  const requests = await (await fetch('/requests')).json()
  await tls.init()
  tls.DEFAULT_CONNECTOR = openTunnel
  return attemptAll(tls, requests)
}

const report = (value) => fetch('/outcomes', { method: 'POST', body: JSON.stringify(value) })

run().then(report, (error) => report({ problem: String(error) }))
