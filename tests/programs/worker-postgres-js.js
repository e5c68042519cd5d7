// A Worker that asks a PostgreSQL server behind a private CA, by Postgres.js: it answers with rows, or with what went wrong.
import postgres from 'postgres'

export default {
  /** @param {Request} request */
  async fetch(request) {
    const sql = postgres({ ...(await request.json()), max: 2 })
    try {
      const rows = await sql`select version, client_dn, repeat('x', 1024 * 1024) as made from pg_stat_ssl where pid = pg_backend_pid()`
      const numbers = await Promise.all(Array.from({ length: 100 }, (_, number) => sql`select ${number}::int as number`))
      return Response.json({ rows, numbers: numbers.map(([row]) => row.number) })
    } catch ({ code, message }) {
      return Response.json({ code, message })
    } finally {
      await sql.end({ timeout: 0 })
    }
  },
}
