// Two workers of a cluster serve one port, by turns; the primary process connects four times with the session of the first
// connection, and prints as JSON what was reused and which workers answered. Arguments: what to import as tls, a key, a chain and
// a CA in PEM.
import cluster from 'node:cluster'
import { once } from 'node:events'
import process from 'node:process'

const [, , implementation, key, cert, ca] = process.argv
const { default: tls } = await import(implementation)

async function serve() {
  const server = tls.createServer({ key, cert }, (socket) => socket.end(String(cluster.worker?.id)))
  server.listen(0, '127.0.0.1')
}

async function connect() {
  cluster.schedulingPolicy = cluster.SCHED_RR
  const workers = [cluster.fork(), cluster.fork()]
  const [[address]] = await Promise.all(workers.map((worker) => once(worker, 'listening')))
  let session
  const connections = []
  for (let turn = 0; turn < 4; turn++) {
    const client = tls.connect({ port: address.port, host: '127.0.0.1', ca, session })
    client.once('session', (fresh) => {
      session ??= fresh
    })
    let worker = ''
    let reused
    client.once('secureConnect', () => {
      reused = client.isSessionReused()
    })
    for await (const chunk of client) worker += chunk
    connections.push({ worker, reused })
  }
  console.log(JSON.stringify(connections))
  for (const worker of workers) worker.kill()
}

await (cluster.isPrimary ? connect() : serve())
