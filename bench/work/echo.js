// Messages there and back, one at a time.
import { Connections } from './connections.js'

/**
 * Measure round trips of `cell.size` bytes over one connection.
 * @param {import('./index.js').Job} job
 * @return {Promise<import('./index.js').Measured>} of round trips
 */
export async function echo({ tls, platform, cell, amount, now, port }) {
  const connections = await Connections.open(tls, platform, cell, port)
  try {
    const { client, server } = await connections.connect()
    const agreed = connections.check(client)
    server?.on('data', (chunk) => server.write(chunk))
    const message = platform.Buffer.alloc(cell.size, 1)
    await roundTrips(client, message, 10)
    const start = now()
    await roundTrips(client, message, amount)
    const milliseconds = now() - start
    client.destroy()
    server?.destroy()
    return { milliseconds, amount, agreed }
  } finally {
    connections.close()
  }
}

/** Write a message, and again when all of it has come back. */
function roundTrips(client, message, count) {
  return new Promise((resolve, reject) => {
    let left = message.length
    let done = 0
    const closed = () => reject(new Error('the connection closed'))
    const take = (chunk) => {
      left -= chunk.length
      if (left > 0) return
      left = message.length
      done++
      if (done < count) return client.write(message)
      client.off('data', take)
      client.off('close', closed)
      resolve(undefined)
    }
    client.on('data', take)
    client.once('close', closed)
    client.write(message)
  })
}
