// Runs inside Node, Deno or Bun: measures what it is told to, with one implementation. A request is a line of JSON on standard input,
// its answer one on standard output. Arguments: what to import as tls, the URL of the host.
import { Buffer } from 'node:buffer'
import { randomBytes } from 'node:crypto'
import net from 'node:net'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { Duplex } from 'node:stream'
import { identitiesOf } from './identities.js'
import { memory } from './memory.js'
import { behaviours } from './work/bulk.js'
import { listen, optionsOf } from './work/connections.js'
import { diallerOf } from './work/dial.js'
import { work } from './work/index.js'

const [, , implementation, host] = process.argv

/** What a measurement leaves that nothing waits for must not end the others. */
process.on('uncaughtException', (error) => console.error('uncaught', error))
process.on('unhandledRejection', (error) => console.error('unhandled', error))

const platform = { Duplex, Buffer, identity: identitiesOf(host) }
/** Another implementation tells how it dials; the rest have the face of node:tls. */
const { default: tls, dial = diallerOf(tls) } = await import(implementation)
let server
let served = 0
let resumed = 0

/** What milliseconds a cell may be measured in: those that pass, or those that the processors work for this process. */
const clocks = {
  wall: () => performance.now(),
  processor() {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  },
}

/** What an agent can be asked for. */
const requests = {
  /** Measure a cell; `port` is that of the server, when it is in another process. */
  measure: ({ cell, amount, thorough, port }) => {
    return work[cell.kind].run({ tls, dial, platform, cell, amount, thorough, port, now: clocks[cell.clock ?? 'wall'] })
  },
  /** Be the server of a cell: until there is another. */
  async serve({ cell }) {
    server?.close()
    served = resumed = 0
    const identity = cell.identity ?? (await platform.identity(cell.certificate ?? 'ecdsa-p256'))
    server = await listen(tls, optionsOf(cell, identity).server)
    // Tickets that nobody can open any more: every handshake is a full one.
    if (cell.withoutResumption) server.on('connection', () => server.setTicketKeys(randomBytes(48)))
    server.on('secureConnection', (socket) => {
      served++
      if (socket.isSessionReused()) resumed++
      socket.on('error', () => {})
      behaviours[cell.behaviour](socket, platform).catch(() => socket.destroy())
    })
    return server.address().port
  },
  /** Be a server without TLS: what the transport by itself is worth. */
  async servePlain({ behaviour }) {
    const plain = net.createServer((socket) => {
      socket.on('error', () => {})
      behaviours[behaviour](socket, platform).catch(() => socket.destroy())
    })
    await new Promise((resolve) => plain.listen(0, '127.0.0.1', () => resolve(undefined)))
    return /** @type {net.AddressInfo} */ (plain.address()).port
  },
  /** How many connections were served since the last `serve`, and how many of these with an earlier session. */
  served: () => ({ served, resumed }),
  /** Hold many connections: see memory.js. */
  memory: (request) => memory[request.step]({ tls, platform, ...request }),
  versions: () => ({ ...process.versions }),
}

createInterface({ input: process.stdin })
  .on('line', async (line) => {
    const { id, name, ...request } = JSON.parse(line)
    let answer
    try {
      answer = { id, value: await requests[name](request) }
    } catch (error) {
      answer = { id, error: error?.message || String(error?.code ?? error) }
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`)
  })
  .on('close', () => process.exit())
