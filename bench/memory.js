// Inside an agent: many connections that are held, and what the process holds for them.
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { Connections } from './work/connections.js'

/** How many handshakes are under way at once. */
const ABREAST = 50

const { Bun, gc } = /** @type {any} */ (globalThis)

/** Held. */
const clients = []

/** A message there and back: both ends have done what they do at their first one. */
function greet(client, message) {
  return new Promise((resolve, reject) => {
    client.once('data', resolve)
    client.once('close', () => reject(new Error('the connection closed')))
    client.write(message)
  })
}

/** What an agent can be asked for, by step. */
export const memory = {
  /** Open connections to a server in another process, and hold them. @return {Promise<{ milliseconds: number }>} */
  async open({ tls, platform, cell, port, count }) {
    const connections = await Connections.open(tls, platform, cell, port)
    const message = platform.Buffer.alloc(64, 1)
    const start = performance.now()
    let begun = 0
    const open = async () => {
      while (begun < count) {
        begun++
        const { client } = await connections.connect()
        connections.check(client)
        clients.push(client)
        await greet(client, message)
      }
    }
    await Promise.all(Array.from({ length: Math.min(ABREAST, count) }, open))
    return { milliseconds: performance.now() - start }
  },

  /** Close all connections. */
  async close() {
    for (const client of clients.splice(0)) client.destroy()
    return {}
  },

  /** Collect garbage, and tell what is left. @return {Promise<{ resident: number, heap: number, buffers: number }>} bytes */
  async settle() {
    for (let turn = 0; turn < 5; turn++) {
      if (Bun) Bun.gc(true)
      else gc()
      await sleep(100)
    }
    const { rss, heapUsed, external = 0 } = process.memoryUsage()
    return { resident: rss, heap: heapUsed, buffers: external }
  },
}
