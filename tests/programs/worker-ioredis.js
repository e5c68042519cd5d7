// A Worker that asks a Redis server behind a private CA, by ioredis: it answers with what it was told, or with what went wrong.
import { Redis } from 'ioredis'

export default {
  /** @param {Request} request */
  async fetch(request) {
    const { options, text } = await request.json()
    const client = new Redis({ ...options, lazyConnect: true, retryStrategy: () => null })
    const failed = new Promise((resolve) => client.on('error', (/** @type {any} */ { code, message }) => resolve({ code, message })))
    try {
      const answer = client.echo(text).then((echo) => ({ echo, protocol: /** @type {any} */ (client.stream).getProtocol() }))
      answer.catch(() => {})
      return Response.json(await Promise.race([answer, failed]))
    } finally {
      client.disconnect()
    }
  },
}
