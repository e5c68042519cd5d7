// Transfers of a length, one after another over one connection: what a byte costs in a short one and in a long one.
import { random } from '../../tests/random.js'
import { receive, send } from './bulk.js'
import { Connections } from './connections.js'

const SEED = 9

/** The most of one write. */
const WRITE_SIZE = 64 * 1024

/**
 * Measure transfers of `cell.length` bytes from the server to the client, each begun when the one before has come.
 * @param {import('./index.js').Job} job
 * @return {Promise<import('./index.js').Measured>} of transfers
 */
export async function transfers({ tls, platform, cell, amount, thorough, now }) {
  const connections = await Connections.open(tls, platform, cell)
  try {
    const { client, server } = await connections.connect()
    const agreed = connections.check(client)
    const pattern = platform.Buffer.from(random(SEED, Math.min(cell.length, WRITE_SIZE)))
    const start = now()
    for (let done = 0; done < amount; done++) {
      const received = receive(client, pattern, cell.length, thorough)
      send(server, pattern, cell.length)
      await received
    }
    const milliseconds = now() - start
    client.destroy()
    server.destroy()
    return { milliseconds, amount, agreed }
  } finally {
    connections.close()
  }
}
