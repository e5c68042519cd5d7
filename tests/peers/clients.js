// The clients that tests have connect to a port on which the module under test listens: Node's own, and those of other stacks.
import { constants } from 'node:crypto'
import tls from 'node:tls'
import { runGnutls } from './gnutls.js'
import { groupName } from './names.js'
import { runNss } from './nss.js'
import { runOpenssl } from './openssl.js'
import { WITHOUT_SECURITY } from './peers.js'
import { linesOf, LOOPBACK } from './tool.js'

/**
 * @typedef {object} ClientDescription what a test asks for
 * @property {'node' | 'openssl' | 'gnutls' | 'nss'} [kind] default: node
 * @property {number} port
 * @property {string} [servername] sent, and checked against the certificate
 * @property {'TLSv1.2' | 'TLSv1.3'} [minVersion]
 * @property {'TLSv1.2' | 'TLSv1.3'} [maxVersion]
 * @property {string} [ciphers] of TLS 1.2, in OpenSSL's words
 * @property {string} [ciphersuites] of TLS 1.3, in OpenSSL's words
 * @property {string} [groups] key exchange groups, in OpenSSL's words
 * @property {string[]} [ALPNProtocols]
 * @property {string} [certificate] what the client authenticates with; one of `Certificates.names`
 * @property {{ key: string, chain: string }} [presented] PEM: what Node's client authenticates with instead, however weak or wrong
 * @property {'ticket' | 'id'} [resume] connect twice, the second time with the session of the first
 * @property {boolean} [extended] false: GnuTLS has no extended master secret
 * @property {string} [input] what the client sends: lines of an x and 63 hexadecimal digits. The server closes the connection
 *
 * @typedef {object} ClientReport what a client saw of its (last) connection
 * @property {string | null} protocol
 * @property {string | null} cipher OpenSSL's name
 * @property {string | null} group null where the client does not tell
 * @property {string | null} alpn
 * @property {boolean} resumed
 * @property {boolean} authorized the server's certificate was found good
 * @property {number | string | null} alert the number of the alert received (RFC 8446, 6), or an error that is none
 * @property {string} received the lines that came back
 * @property {string} output for people
 *
 * @typedef {(description: ClientDescription, identity: import('./certificates.js').Identity | null,
 *   certificates: import('./certificates.js').Certificates) => Promise<ClientReport>} Run
 */

/**
 * Run a client to its end. It trusts the test CA.
 * @param {ClientDescription} description
 * @param {import('./certificates.js').Certificates} certificates
 * @return {Promise<ClientReport>}
 */
export async function runPeerClient(description, certificates) {
  const { kind = 'node', certificate } = description
  const run = { node: runNode, openssl: runOpenssl, gnutls: runGnutls, nss: runNss }[kind]
  if (!run) throw new Error(`no client is of kind '${kind}'`)
  return run(description, certificate ? await certificates.get(certificate) : null, certificates)
}

/** @type {Run} */
async function runNode(description, identity, certificates) {
  const { port, servername, minVersion, maxVersion, ciphers, ciphersuites, groups, ALPNProtocols, resume, presented } = description
  const options = {
    port,
    host: LOOPBACK,
    servername,
    ca: await certificates.ca(),
    key: presented?.key ?? identity?.key,
    cert: presented?.chain ?? identity?.chain,
    minVersion,
    maxVersion,
    ciphers: [ciphersuites, ciphers, presented && WITHOUT_SECURITY].filter(Boolean).join(':') || undefined,
    ecdhCurve: groups,
    ALPNProtocols,
    secureOptions: resume === 'id' ? constants.SSL_OP_NO_TICKET : undefined,
  }
  const first = resume ? await connect(options, description) : null
  return (await connect({ ...options, session: first?.session }, description)).report
}

async function connect(options, { input = '' }) {
  const socket = tls.connect(options)
  const report = {
    protocol: null,
    cipher: null,
    group: null,
    alpn: null,
    resumed: false,
    authorized: false,
    alert: null,
    received: '',
    output: '',
  }
  let session
  socket.on('session', (bytes) => {
    session = bytes
  })
  socket.on('secureConnect', () => {
    report.protocol = socket.getProtocol()
    report.cipher = socket.getCipher().name
    const { name } = /** @type {{ name?: string }} */ (socket.getEphemeralKeyInfo())
    report.group = groupName('openssl', name)
    report.alpn = socket.alpnProtocol || null
    report.resumed = socket.isSessionReused()
    report.authorized = socket.authorized
    socket.write(input)
  })
  socket.on('error', (/** @type {any} */ error) => {
    report.output += `${error.stack}\n`
    const [, alert] = /SSL alert number (\d+)/.exec(error.message) ?? []
    report.alert = alert ? Number(alert) : /** @type {any} */ (error.code ?? error.message)
  })
  let received = ''
  socket.setEncoding('latin1').on('data', (chunk) => {
    received += chunk
  })
  await new Promise((resolve) => socket.on('close', resolve))
  report.received = linesOf(received)
  return { report, session }
}
