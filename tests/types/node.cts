// Programs for Node, in CommonJS: `require` gives the namespace itself.
import tls = require('isomorphic-tls')
import transport = require('isomorphic-tls/transport')
import net = require('node:net')

const options: tls.ConnectionOptions = { port: 8000, connector: () => new net.Socket() }
const socket: tls.TLSSocket = tls.connect(options, function () {
  this.end(this.getProtocol() ?? 'none')
})
const server: tls.Server = tls.createServer((client) => client.pipe(client))
const context: tls.SecureContext = tls.createSecureContext({ minVersion: 'TLSv1.2' })
server.addContext('example.com', context)
const cache: tls.SessionCache = new tls.SessionCache({ servers: 10 })
tls.connect({ port: 8000, sessionCache: cache })
console.log(socket instanceof tls.TLSSocket, transport.toDuplex(socket))

export = tls.connect
