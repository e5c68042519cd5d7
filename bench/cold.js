// The program of a cold start: from its first line to the first ClientHello. Arguments: what to import as tls. Prints milliseconds.
import { Duplex } from 'node:stream'
import process from 'node:process'

const start = performance.now()
const { default: tls } = await import(process.argv[2])
const imported = performance.now()

/** A transport that takes what it is given. */
const transport = new Duplex({
  read() {},
  write(chunk, _encoding, callback) {
    // A handshake record with a ClientHello.
    if (chunk[0] !== 22 || chunk[5] !== 1) throw new Error('the first bytes are no ClientHello')
    const sent = performance.now()
    console.log(JSON.stringify({ imported: imported - start, sent: sent - start }))
    callback()
    process.exit()
  },
})
tls.connect({ socket: transport, servername: 'localhost' })
