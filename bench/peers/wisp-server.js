// A Wisp server on the loopback interface; prints its port as JSON.
import http from 'node:http'
import { logging, server as wisp } from '@mercuryworkshop/wisp-js/server'

logging.set_level(logging.ERROR)
Object.assign(wisp.options, { allow_loopback_ips: true, allow_private_ips: true, dns_result_order: 'ipv4first' })

const server = http.createServer((_request, response) => response.writeHead(404).end())
server.on('upgrade', (request, socket, head) => wisp.routeRequest(request, /** @type {any} */ (socket), head))
server.listen(0, '127.0.0.1', () =>
  console.log(JSON.stringify({ port: /** @type {import('node:net').AddressInfo} */ (server.address()).port })),
)
