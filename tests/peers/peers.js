// The peers that tests talk to: Node's own TLS server, bare TCP, and the servers of other stacks.
import { constants, createHash } from 'node:crypto'
import { once } from 'node:events'
import net from 'node:net'
import path from 'node:path'
import tls from 'node:tls'
import { temporaryFolder } from '../temporary.js'
import { behaviourOf, raw, secure } from './behaviours.js'
import { startGnutls } from './gnutls.js'
import { startMariadb } from './mariadb.js'
import { startNss } from './nss.js'
import { startOpenssl } from './openssl.js'
import { startPostgres } from './postgres.js'
import { startRedis } from './redis.js'
import { LOOPBACK } from './tool.js'

/**
 * @typedef {object} Description what a test asks for
 * @property {'node' | 'openssl' | 'gnutls' | 'nss' | 'postgres' | 'mariadb' | 'redis' | 'raw'} [kind] default: node
 * @property {string} [behaviour] default: echo; see behaviours.js, and MODES of the other stacks
 * @property {Record<string, any>} [options] of the behaviour
 * @property {string} [certificate] one of `Certificates.names`; default: ecdsa-p256
 * @property {{ key: string, chain: string }} [presented] PEM: what Node's presents instead, however weak or wrong
 * @property {'TLSv1.2' | 'TLSv1.3'} [minVersion]
 * @property {'TLSv1.2' | 'TLSv1.3'} [maxVersion]
 * @property {string} [ciphers] of TLS 1.2, in OpenSSL's words
 * @property {string} [ciphersuites] of TLS 1.3, in OpenSSL's words
 * @property {string} [groups] key exchange groups, in OpenSSL's words
 * @property {string[]} [ALPNProtocols]
 * @property {boolean} [requestCert]
 * @property {boolean} [requireCert] a client without a good certificate is refused
 * @property {boolean} [tickets] false: no session tickets; sessions of TLS 1.2 are resumed by their ids
 * @property {boolean} [withRoot] the server sends the root too
 * @property {boolean} [allowHalfOpen] default: what the behaviour needs
 * @property {string} [psk] a pre-shared key in hex, with which openssl's needs no certificate
 * @property {string} [pskIdentity] what the client must call it; default: Client_identity
 * @property {boolean} [extended] false: GnuTLS has no extended master secret
 * @property {string} [ocsp] the OCSP response to staple: one of `OCSP_FORMS`, see ocsp.js
 * @property {boolean} [path] listen on a Unix socket in a temporary folder as well as on TCP
 *
 * @typedef {object} Peer
 * @property {number} port
 * @property {string} [path]
 * @property {() => object} seen what the peer has seen so far
 * @property {() => Promise<void>} stop
 *
 * @typedef {(description: Description, identity: import('./certificates.js').Identity,
 *   certificates: import('./certificates.js').Certificates) => Promise<Peer>} Start
 */

/** Words of a cipher list with which OpenSSL presents any certificate. */
export const WITHOUT_SECURITY = 'DEFAULT@SECLEVEL=0'

/** @type {Record<string, Start>} */
const STARTS = {
  node: startNode,
  openssl: startOpenssl,
  gnutls: startGnutls,
  nss: startNss,
  postgres: startPostgres,
  mariadb: startMariadb,
  redis: startRedis,
}

/**
 * Start a peer on a free port of the loopback interface.
 * @param {Description} description
 * @param {import('./certificates.js').Certificates} certificates
 * @return {Promise<Peer & { ca?: string, issuer?: string, certificate?: string }>}
 */
export async function startPeer(description, certificates) {
  const { kind = 'node', certificate = 'ecdsa-p256' } = description
  if (kind === 'raw') return startRaw(description)
  const start = STARTS[kind]
  if (!start) throw new Error(`no peer is of kind '${kind}'`)
  const identity = await certificates.get(certificate)
  const peer = await start(description, identity, certificates)
  return { ca: identity.ca, issuer: identity.issuer, certificate: identity.certificate, ...peer }
}

/** @param {any} error */
const nameOf = (error) => error.code ?? error.message

/** What is known of one connection; the newest is what `seen` reports. */
class Facts {
  tcp
  tls = null
  protocol = null
  cipher = null
  resumed = false
  clientCertificate = null
  bytesReceived = 0
  ended = false
  paused = false
  #hash = createHash('sha256')

  /** @param {net.Socket} tcp */
  constructor(tcp) {
    this.tcp = tcp
  }

  /** Watch the plaintext without making it flow. */
  watch(stream) {
    const push = stream.push
    stream.push = (chunk, encoding) => {
      if (chunk === null) this.ended = true
      else {
        this.bytesReceived += chunk.length
        this.#hash.update(chunk)
      }
      return push.call(stream, chunk, encoding)
    }
  }

  /** Close with RST, also where TLS owns the socket's handle and the socket therefore would not. */
  reset() {
    this.tcp.resetAndDestroy()
  }

  report() {
    const { tcp, tls: secured } = this
    return {
      rawBytesReceived: tcp.bytesRead,
      rawBytesSent: tcp.bytesWritten,
      bytesReceived: this.bytesReceived,
      sha256: this.#hash.copy().digest('hex'),
      ended: this.ended,
      paused: (secured ?? tcp).isPaused(),
      closed: tcp.destroyed,
      ...(secured && {
        protocol: this.protocol,
        cipher: this.cipher,
        resumed: this.resumed,
        alpn: secured.alpnProtocol,
        servername: secured.servername,
        clientCertificate: this.clientCertificate,
        authorized: secured.authorized,
      }),
    }
  }
}

/** What a server has seen: shared by the kinds `node` and `raw`. */
class Log {
  connections = 0
  tlsClientErrors = []
  errors = []
  latest = null
  #byPort = new Map()
  #sockets = new Set()

  /** @param {net.Socket} tcp */
  add(tcp) {
    this.connections++
    this.latest = new Facts(tcp)
    const port = tcp.remotePort
    this.#byPort.set(port, this.latest)
    this.#sockets.add(tcp)
    tcp.on('error', (error) => this.errors.push(nameOf(error)))
    tcp.on('close', () => {
      this.#sockets.delete(tcp)
      this.#byPort.delete(port)
    })
    return this.latest
  }

  /** The facts of the connection that a TLS socket is of. */
  of = (secured) => this.#byPort.get(secured.remotePort)

  seen = () => ({
    connections: this.connections,
    open: [...this.#sockets].filter(({ destroyed }) => !destroyed).length,
    tlsClientErrors: this.tlsClientErrors,
    errors: this.errors,
    ...this.latest?.report(),
  })

  destroy() {
    for (const socket of this.#sockets) socket.destroy()
  }
}

async function runBehaviour(behaviour, stream, options, facts, log) {
  // A stream that fails has said so by 'error', which is logged; what the behaviour was doing then fails as well.
  try {
    await behaviour.run(stream, options, facts)
  } catch (error) {
    if (!stream.destroyed && !facts.tcp.destroyed) log.errors.push(error.stack)
  }
}

async function listen(server) {
  server.listen(0, LOOPBACK)
  await once(server, 'listening')
  return server.address().port
}

/** Make a server listen on a Unix socket too: its connections go the same way. */
async function listenOnPath(server) {
  const { folder, remove } = await temporaryFolder('peer')
  const name = path.join(folder, 'socket')
  const second = net.createServer({ pauseOnConnect: true }, (socket) => server.emit('connection', socket))
  second.listen(name)
  await once(second, 'listening')
  return {
    path: name,
    async close() {
      second.close()
      await remove()
    },
  }
}

async function startNode(description, identity, certificates) {
  const behaviour = behaviourOf(secure, description)
  const {
    minVersion,
    maxVersion,
    groups,
    ALPNProtocols,
    requestCert,
    requireCert,
    tickets,
    withRoot,
    presented,
    options = {},
  } = description
  const log = new Log()
  const server = tls.createServer({
    key: presented?.key ?? identity.key,
    cert: presented?.chain ?? (withRoot ? identity.chain + identity.ca : identity.chain),
    // Node completes the chain that it sends from `ca`, up to the root.
    ca: requestCert || requireCert ? await certificates.ca() : undefined,
    minVersion,
    maxVersion,
    ciphers: [description.ciphersuites, description.ciphers, presented && WITHOUT_SECURITY].filter(Boolean).join(':') || undefined,
    ecdhCurve: groups,
    ALPNProtocols,
    requestCert: requestCert || requireCert,
    rejectUnauthorized: requireCert === true,
    secureOptions: tickets === false ? constants.SSL_OP_NO_TICKET : undefined,
    allowHalfOpen: description.allowHalfOpen ?? behaviour.allowHalfOpen ?? false,
  })
  if (tickets === false) storeSessions(server)
  if (description.ocsp) {
    const { response } = await certificates.ocsp(description.certificate ?? 'ecdsa-p256', description.ocsp)
    server.on('OCSPRequest', (_certificate, _issuer, callback) => callback(null, Buffer.from(response, 'base64')))
  }
  server.on('connection', (tcp) => log.add(tcp))
  server.on('tlsClientError', (error) => log.tlsClientErrors.push(nameOf(error)))
  server.on('secureConnection', (stream) => {
    const facts = log.of(stream) ?? log.latest
    stream.on('error', (error) => log.errors.push(nameOf(error)))
    facts.tls = stream
    facts.protocol = stream.getProtocol()
    facts.cipher = stream.getCipher().standardName
    facts.resumed = stream.isSessionReused()
    facts.clientCertificate = stream.getPeerCertificate()?.subject?.CN ?? null
    facts.watch(stream)
    runBehaviour(behaviour, stream, options, facts, log)
  })
  const port = await listen(server)
  const local = description.path ? await listenOnPath(server) : null
  return {
    port,
    path: local?.path,
    seen: log.seen,
    async stop() {
      server.close()
      log.destroy()
      await local?.close()
    },
  }
}

/** Node keeps no sessions of TLS 1.2 by itself. */
function storeSessions(server) {
  const sessions = new Map()
  server.on('newSession', (id, session, done) => {
    sessions.set(id.toString('hex'), session)
    done()
  })
  server.on('resumeSession', (id, done) => done(null, sessions.get(id.toString('hex')) ?? null))
}

async function startRaw(description) {
  const behaviour = behaviourOf(raw, description)
  const log = new Log()
  const server = net.createServer({ allowHalfOpen: description.allowHalfOpen ?? behaviour.allowHalfOpen ?? false }, (tcp) => {
    const facts = log.add(tcp)
    facts.watch(tcp)
    runBehaviour(behaviour, tcp, description.options ?? {}, facts, log)
  })
  return {
    port: await listen(server),
    seen: log.seen,
    async stop() {
      server.close()
      log.destroy()
    },
  }
}
