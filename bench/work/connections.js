// Connections between a client and a server of one implementation, set up as a cell of the table says, and the check that they are
// what the cell says.
import { cheapPair } from './pair.js'

/**
 * @typedef {object} Platform what an agent knows of its runtime
 * @property {typeof import('node:stream').Duplex} Duplex
 * @property {typeof import('node:buffer').Buffer} Buffer
 * @property {(name: string) => Promise<{ key: string, chain: string, ca: string }>} identity a certificate of the run, in PEM
 *
 * @typedef {object} Setting how the two sides are set up
 * @property {string} [certificate] one of `Certificates.names`; default: ecdsa-p256
 * @property {'TLSv1.2' | 'TLSv1.3'} [version] default: TLSv1.3
 * @property {string} [cipher] the one suite that both have, in OpenSSL's words
 * @property {string} [group] the groups that both have, in OpenSSL's words; the first is to be agreed on
 * @property {'memory' | 'tcp' | 'processes'} [carrier] what is below TLS: a pair of Duplexes, or TCP on the loopback interface, within
 *   one process or between two. Default: memory
 * @property {boolean} [legacy] whether the server takes whatever there is: for clients that know nothing of this decade
 */

const LOOPBACK = '127.0.0.1'

/** The names that the standard and OpenSSL have for suites of TLS 1.2 that the table uses. */
const OPENSSL_NAMES = {
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: 'ECDHE-ECDSA-AES128-GCM-SHA256',
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: 'ECDHE-ECDSA-CHACHA20-POLY1305',
}

/** For servers that take whatever there is. */
const LEGACY = { minVersion: 'TLSv1', maxVersion: 'TLSv1.3', ciphers: 'DEFAULT:AES128-SHA:@SECLEVEL=0', honorCipherOrder: false }

/** Names of groups that differ between implementations. */
const GROUP_NAMES = { x25519: 'X25519', prime256v1: 'P-256', secp256r1: 'P-256', secp384r1: 'P-384' }

/** The next event of a socket, or its failure. */
function event(socket, name) {
  return new Promise((resolve, reject) => {
    socket.once(name, resolve)
    socket.once('error', reject)
    socket.once('close', () => reject(new Error(`closed before '${name}'`)))
  })
}

/**
 * Both sides' options.
 * @param {Setting} setting
 * @param {{ key: string, chain: string, ca: string }} identity
 */
export function optionsOf({ version = 'TLSv1.3', cipher, group, legacy }, { key, chain, ca }) {
  const common = {
    minVersion: version,
    maxVersion: version,
    ...(cipher && { ciphers: cipher }),
    ...(group && { ecdhCurve: group }),
  }
  return { server: { ...common, ...(legacy && LEGACY), key, cert: chain }, client: { ...common, ca } }
}

/**
 * A server's side of TCP: for connections within one process, and between two.
 * @param {any} tls
 * @param {any} options
 * @return {Promise<any>} the server, listening
 */
export async function listen(tls, options) {
  const server = tls.createServer(options)
  server.on('tlsClientError', () => {})
  await new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, LOOPBACK, 511, resolve)
  })
  return server
}

/** One implementation, set up to connect. */
export class Connections {
  #tls
  #platform
  #setting
  #server
  #client
  /** Calls back with each connection's server end. */
  #accept = (_socket) => {}
  #fail = (_error) => {}
  #port

  /**
   * @param {any} tls a module with the face of node:tls
   * @param {Platform} platform
   * @param {Setting} setting
   * @param {number} [port] of a server in another process
   * @return {Promise<Connections>}
   */
  static async open(tls, platform, setting, port) {
    const self = new Connections()
    const { server, client } = optionsOf(setting, await platform.identity(setting.certificate ?? 'ecdsa-p256'))
    self.#tls = tls
    self.#platform = platform
    self.#setting = setting
    // The certificates are read once, as programs do that connect often.
    self.#client = { servername: 'localhost', secureContext: tls.createSecureContext(client), minVersion: client.minVersion }
    if (setting.carrier === 'processes') {
      self.#port = port
      return self
    }
    if (setting.carrier === 'tcp') {
      self.#server = await listen(tls, server)
      self.#port = self.#server.address().port
    } else {
      self.#server = tls.createServer(server)
    }
    self.#server.on('secureConnection', (socket) => self.#accept(socket))
    self.#server.on('tlsClientError', (error) => self.#fail(error))
    return self
  }

  /**
   * Shake hands.
   * @param {any} [options] of `tls.connect`, beside the setting's
   * @param {(client: any) => void} [onBegin] gets the client before anything has happened
   * @return {Promise<{ client: any, server: any }>} when both ends have verified what there is to verify; `server` is null when it is
   *   in another process
   */
  async connect(options, onBegin) {
    const accepted = this.#server
      ? new Promise((resolve, reject) => {
          this.#accept = resolve
          this.#fail = reject
        })
      : null
    const client = this.#begin(options)
    onBegin?.(client)
    const [server] = await Promise.all([accepted, event(client, 'secureConnect')])
    client.on('error', () => {})
    server?.on('error', () => {})
    return { client, server }
  }

  #begin(options) {
    if (this.#port) return this.#tls.connect({ ...this.#client, port: this.#port, host: LOOPBACK, ...options })
    const [near, far] = cheapPair(this.#platform)
    this.#server.emit('connection', far)
    return this.#tls.connect({ ...this.#client, socket: near, ...options })
  }

  /**
   * Throw unless a connection is what the setting says.
   * @param {any} client
   * @return {{ protocol: string, cipher: string, group: string }} what was agreed; a group that is not told is the only one offered
   */
  check(client) {
    const { version = 'TLSv1.3', cipher, group } = this.#setting
    const protocol = client.getProtocol()
    const { name, standardName } = client.getCipher() ?? {}
    const agreed = OPENSSL_NAMES[name] ?? name ?? standardName
    const key = client.getEphemeralKeyInfo?.() ?? {}
    const told = GROUP_NAMES[key.name] ?? key.name
    if (protocol !== version) throw new Error(`agreed on ${protocol}, not on ${version}`)
    if (cipher && agreed !== cipher) throw new Error(`agreed on ${agreed}, not on ${cipher}`)
    const [wanted] = group?.split(':') ?? []
    if (wanted && told && told !== (GROUP_NAMES[wanted] ?? wanted)) throw new Error(`agreed on ${told}, not on ${wanted}`)
    if (!client.authorized) throw new Error(`the certificate was not verified: ${client.authorizationError}`)
    return { protocol, cipher: agreed, group: told ?? wanted ?? '' }
  }

  close() {
    if (this.#server?.listening) this.#server.close()
  }
}
