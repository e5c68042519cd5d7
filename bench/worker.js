// Measures inside a Worker: POST /run with a job answers a stream of results, a line of JSON each.
import { Buffer } from 'node:buffer'
import { Duplex } from 'node:stream'
import { tls } from 'tests:implementation'
import { firstClientHello, measureAll } from './alone.js'

/** The module is compiled when the Worker is loaded: what a first request waits for is the rest. */
async function start(print) {
  const asked = performance.now()
  await firstClientHello(tls, { Duplex })
  await print({ start: { 'from the first request to the first ClientHello, ms': performance.now() - asked } })
}

async function run({ host, task }, writer) {
  const encoder = new TextEncoder()
  const print = (value) => writer.write(encoder.encode(`${JSON.stringify(value)}\n`))
  try {
    if (task.start) await start(print)
    else await measureAll({ tls, platform: { Duplex, Buffer }, host, task, now: () => performance.now() }, print)
    await print({ done: true })
  } catch (error) {
    await print({ fatal: error.stack ?? String(error) })
  } finally {
    await writer.close()
  }
}

export default {
  async fetch(request, _bindings, context) {
    const { readable, writable } = new TransformStream()
    context.waitUntil(run(await request.json(), writable.getWriter()))
    return new Response(readable)
  },
}
