// A Worker that asks a MariaDB server behind a private CA, by mysql2: it answers with rows, or with what went wrong.
import mysql from 'mysql2/promise'

export default {
  /** @param {Request} request */
  async fetch(request) {
    const { options, text } = await request.json()
    let connection
    try {
      // A Worker may not make code at run time.
      connection = await mysql.createConnection({ ...options, disableEval: true })
      const [rows] = await connection.query(text)
      return Response.json({ rows })
    } catch ({ code, message }) {
      return Response.json({ code, message })
    } finally {
      await connection?.end()
    }
  },
}
