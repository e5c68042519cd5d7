// A Worker that asks a PostgreSQL server behind a private CA, by node-postgres: it answers with rows, or with what went wrong.
import pg from 'pg'

export default {
  /** @param {Request} request */
  async fetch(request) {
    const { config, text, values } = await request.json()
    const client = new pg.Client(config)
    client.on('error', () => {})
    try {
      await client.connect()
      const { rows } = await client.query(text, values)
      return Response.json({ rows, protocol: client.connection.stream.tlsSocket?.getProtocol() })
    } catch ({ code, message }) {
      return Response.json({ code, message })
    } finally {
      await client.end().catch(() => {})
    }
  },
}
