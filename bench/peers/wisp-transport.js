// A stream of a Wisp connection as a Duplex, for ours.
import { Buffer } from 'buffer/'
import { Duplex } from 'readable-stream'
import { client as wisp } from '@mercuryworkshop/wisp-js/client'

/**
 * @param {string} url of a Wisp server
 * @return {Promise<any>} the connection, open
 */
export function connectWisp(url) {
  return new Promise((resolve, reject) => {
    const connection = new wisp.ClientConnection(url)
    connection.onopen = () => resolve(connection)
    connection.onerror = () => reject(new Error('the Wisp server did not answer'))
  })
}

/**
 * @param {any} connection
 * @param {string} host
 * @param {number} port
 */
export function openStream(connection, host, port) {
  const stream = connection.create_stream(host, port)
  stream.open = true
  const duplex = new Duplex({
    // The protocol has no way to stop a server that sends.
    read() {},
    write(chunk, _encoding, callback) {
      stream.send(chunk)
      callback()
    },
    final(callback) {
      callback()
    },
    destroy(error, callback) {
      stream.close()
      callback(error)
    },
  })
  stream.onmessage = (bytes) => duplex.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  stream.onclose = () => duplex.push(null)
  return duplex
}
