// A Worker whose driver gets its TLS by wrangler's alias: it answers with what came of a connection, and whether there is one module.
import aliased from 'node:tls'
import tls from 'isomorphic-tls'
import { echo, tls as required } from './worker-driver.cjs'

export default {
  /** @param {Request} request */
  async fetch(request) {
    const { text, ...options } = await request.json()
    const same = [aliased === tls, required.connect === tls.connect, required.TLSSocket === tls.TLSSocket]
    return Response.json({ same, ...(await echo(options, text).catch(({ code, message }) => ({ code, message }))) })
  },
}
