// The peers that tests talk to: Node's own TLS server, `openssl s_server`, and bare TCP.
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import net from 'node:net'
import path from 'node:path'
import tls from 'node:tls'
import { startChild } from '../runners/child.js'
import { random } from '../random.js'
import { temporaryFolder } from '../temporary.js'
import * as behaviours from './behaviours.js'

const LOOPBACK = '127.0.0.1'

/**
 * @typedef {object} Description what a test asks for
 * @property {'node' | 'openssl' | 'raw'} [kind] default: node
 * @property {string} [behaviour] default: echo; see behaviours.js
 * @property {Record<string, any>} [options] of the behaviour
 * @property {string} [certificate] one of `Certificates.names`; default: ecdsa-p256
 * @property {'TLSv1.2' | 'TLSv1.3'} [minVersion]
 * @property {'TLSv1.2' | 'TLSv1.3'} [maxVersion]
 * @property {string} [ciphers] of TLS 1.2, in OpenSSL's words
 * @property {string} [ciphersuites] of TLS 1.3, in OpenSSL's words
 * @property {string} [groups] key exchange groups, in OpenSSL's words
 * @property {string[]} [ALPNProtocols]
 * @property {boolean} [requestCert]
 * @property {boolean} [withRoot] the server sends the root too
 * @property {boolean} [allowHalfOpen] default: what the behaviour needs
 * @property {string} [psk] a pre-shared key in hex, with which openssl's needs no certificate
 * @property {string} [pskIdentity] what the client must call it; default: Client_identity
 * @property {boolean} [path] listen on a Unix socket in a temporary folder as well as on TCP
 *
 * @typedef {object} Peer
 * @property {number} port
 * @property {string} [path]
 * @property {() => object} seen what the peer has seen so far
 * @property {() => Promise<void>} stop
 */

/**
 * Start a peer on a free port of the loopback interface.
 * @param {Description} description
 * @param {import('./certificates.js').Certificates} certificates
 * @return {Promise<Peer & { ca?: string, issuer?: string, certificate?: string }>}
 */
export async function startPeer(description, certificates) {
  const { kind = 'node', certificate = 'ecdsa-p256' } = description
  if (kind === 'raw') return startRaw(description)
  const start = { node: startNode, openssl: startOpenssl }[kind]
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

function behaviourOf(table, { behaviour = 'echo', kind = 'node' }) {
  if (Object.hasOwn(table, behaviour)) return table[behaviour]
  throw new Error(`a peer of kind '${kind}' cannot '${behaviour}'; it can ${Object.keys(table).join(', ')}`)
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
  const behaviour = behaviourOf(behaviours.secure, description)
  const { minVersion, maxVersion, groups, ALPNProtocols, requestCert, withRoot, options = {} } = description
  const log = new Log()
  const server = tls.createServer({
    key: identity.key,
    cert: withRoot ? identity.chain + identity.ca : identity.chain,
    // Node completes the chain that it sends from `ca`, up to the root.
    ca: requestCert ? await certificates.ca() : undefined,
    minVersion,
    maxVersion,
    ciphers: [description.ciphersuites, description.ciphers].filter(Boolean).join(':') || undefined,
    ecdhCurve: groups,
    ALPNProtocols,
    requestCert,
    rejectUnauthorized: false,
    allowHalfOpen: description.allowHalfOpen ?? behaviour.allowHalfOpen ?? false,
  })
  server.on('connection', (tcp) => log.add(tcp))
  server.on('tlsClientError', (error) => log.tlsClientErrors.push(nameOf(error)))
  server.on('secureConnection', (stream) => {
    const facts = log.of(stream) ?? log.latest
    stream.on('error', (error) => log.errors.push(nameOf(error)))
    facts.tls = stream
    facts.protocol = stream.getProtocol()
    facts.cipher = stream.getCipher().standardName
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

async function startRaw(description) {
  const behaviour = behaviourOf(behaviours.raw, description)
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

/** What `openssl s_server` can do by itself. */
const OPENSSL_MODES = {
  /** Sends each line back reversed. */
  echo: () => ['-rev'],
  /** Answers a request with a page about the connection; with {length, seed}, GET /data answers with those bytes. */
  http: ({ length }) => (length === undefined ? ['-www'] : ['-WWW']),
}

async function startOpenssl(description, identity, certificates) {
  const mode = behaviourOf(OPENSSL_MODES, description)
  const { minVersion, maxVersion, ciphers, ciphersuites, groups, ALPNProtocols, requestCert, options = {} } = description
  const { folder, remove } = await temporaryFolder('openssl')
  if (options.length !== undefined) await writeFile(path.join(folder, 'data'), random(options.seed ?? 1, options.length))
  await writeFile(path.join(folder, 'ca.pem'), await certificates.ca())
  const given = (value, ...args) => (value === undefined ? [] : args)
  const { psk, pskIdentity = 'Client_identity' } = description
  const certificate = psk ? ['-nocert'] : ['-cert', identity.certificateFile, '-key', identity.keyFile]
  const files = [...certificate, '-CAfile', 'ca.pem']
  const settings = [
    ...given(psk, '-psk', psk, '-psk_identity', pskIdentity),
    ...(identity.betweenFile ? ['-cert_chain', identity.betweenFile] : []),
    ...given(minVersion, '-min_protocol', minVersion),
    ...given(maxVersion, '-max_protocol', maxVersion),
    ...given(ciphers, '-cipher', ciphers),
    ...given(ciphersuites, '-ciphersuites', ciphersuites),
    ...given(groups, '-groups', groups),
    ...given(ALPNProtocols, '-alpn', ALPNProtocols?.join(',')),
    ...given(requestCert, '-verify', '5'),
  ]
  const program = startChild('openssl', ['s_server', '-accept', `${LOOPBACK}:0`, ...files, ...settings, ...mode(options)], { cwd: folder })
  let text = ''
  const port = await new Promise((resolve, reject) => {
    const read = (chunk) => {
      text += chunk
      // With port 0 it prints the port once it listens.
      const address = /^ACCEPT .*:(\d+)$/m.exec(text)
      if (address) resolve(Number(address[1]))
    }
    program.child.stdout?.on('data', read)
    program.child.stderr?.on('data', read)
    program.exited.then((how) => reject(new Error(`openssl s_server stopped (${how}): ${text}`)))
  })
  const last = (pattern) => [...text.matchAll(pattern)].at(-1)?.[1] ?? null
  return {
    port,
    seen: () => ({
      connections: text.match(/^CONNECTION ESTABLISHED/gm)?.length ?? 0,
      protocol: last(/^Protocol version: (.*)$/gm),
      cipher: last(/^Ciphersuite: (.*)$/gm),
      output: text,
    }),
    async stop() {
      await program.stop()
      await remove()
    },
  }
}
