// The client of the demo: one HTTP request over a TLS socket. It is the same on every runtime, and uses nothing but the module
// `tls` that it is given: Node's own would do.
import { readAnswer } from './answer.js'

/** Of a longer answer, the rest is not read. */
const LONGEST_ANSWER = 1024 * 1024

/**
 * @typedef {object} OwnOptions
 * @property {string} host
 * @property {number} port
 * @property {string} [servername]
 * @property {string} [path] of the page that is asked for
 * @property {number} [timeout] milliseconds of silence after which the server is left
 * @property {(socket: any) => void} [onSocket] for who wants to watch the socket
 */

/**
 * Ask a server for a page over HTTP/1.1.
 * @param {any} tls
 * @param {OwnOptions & Record<string, any>} options ours, and those of `tls.connect`
 * @return {Promise<{ protocol: string, cipher: string, group: string, chain: string[], status: string, body: string,
 * timeToFirstByte: number }>} `chain`: the common names of the verified chain, leaf first; the time is in milliseconds
 */
export async function request(tls, { path = '/', timeout = 10_000, onSocket, ...options }) {
  const start = performance.now()
  const socket = tls.connect(options)
  onSocket?.(socket)
  const chunks = []
  socket.setTimeout(timeout, () => socket.destroy(Object.assign(new Error(`no word for ${timeout / 1000} s`), { code: 'ETIMEDOUT' })))
  await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject))
  const facts = {
    protocol: socket.getProtocol(),
    cipher: socket.getCipher().name,
    group: socket.getEphemeralKeyInfo().name,
    chain: commonNames(socket.getPeerCertificate(true)),
  }
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${hostHeader(options)}\r\nUser-Agent: isomorphic-tls\r\nConnection: close\r\n\r\n`)
  let timeToFirstByte = 0
  let length = 0
  try {
    for await (const chunk of socket) {
      timeToFirstByte ||= performance.now() - start
      chunks.push(chunk)
      length += chunk.length
      if (length > LONGEST_ANSWER) break
    }
  } catch (error) {
    // A server that is not one of HTTP may have greeted us, and waits.
    if (error.code !== 'ETIMEDOUT' || length === 0) throw error
  }
  return { ...facts, ...(await readAnswer(chunks)), timeToFirstByte }
}

function commonNames(certificate) {
  const names = []
  for (let each = certificate; each; each = each.issuerCertificate === each ? null : each.issuerCertificate) {
    names.push(String(each.subject.CN ?? each.subject.OU ?? each.subject.O ?? '(no name)'))
  }
  return names
}

/** @param {Pick<OwnOptions, 'host' | 'port' | 'servername'>} target */
function hostHeader({ host, port, servername }) {
  const name = servername ?? host
  return (name.includes(':') ? `[${name}]` : name) + (port === 443 ? '' : `:${port}`)
}
