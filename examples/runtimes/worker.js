// Cloudflare Workers. The body is a list of requests in JSON; the outcomes are answered as JSON.
import tls from 'isomorphic-tls'
import { attemptAll } from './attempt.js'

export default {
  async fetch(request) {
    return Response.json(await attemptAll(tls, await request.json()))
  },
}
