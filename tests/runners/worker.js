// Runs the tests inside a Worker: POST /run with a job answers a stream of results, a line of JSON each.
import { Buffer } from 'node:buffer'
import net from 'node:net'
import { Duplex } from 'node:stream'
import { connectHandler } from 'cloudflare:node'
import { tls, transport } from 'tests:implementation'
import { runAll, uncaught } from '../harness.js'
import { routes } from './routes.js'

addEventListener('error', (event) => uncaught(event.error))
addEventListener('unhandledrejection', (event) => uncaught(event.reason))

const platform = { Duplex, Buffer, net, WebSocket }

async function run(job, bindings, writer) {
  const encoder = new TextEncoder()
  const print = (value) => writer.write(encoder.encode(`${JSON.stringify(value)}\n`))
  try {
    await print({ done: await runAll({ ...job, tls, transport, platform, bindings }, print) })
  } finally {
    await writer.close()
  }
}

export default {
  // What comes by TCP, or by a binding, is for the server that listens on the port.
  ...connectHandler(),
  async fetch(request, bindings, context) {
    const { pathname } = new URL(request.url)
    if (pathname !== '/run') return routes.get(pathname)(request, { tls, net })
    const { readable, writable } = new TransformStream()
    context.waitUntil(run(await request.json(), bindings, writable.getWriter()))
    return new Response(readable)
  },
}
