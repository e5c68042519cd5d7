// What earlier versions of Node had (docs of v0.8 and v0.10): thin layers over what took its place.
import { Buffer, Duplex, EventEmitter } from '#platform'
import { deprecate, warnOnce } from './deprecate.js'
import { tls } from './namespace.js'
import { convertProtocols } from './options.js'
import { toSecureContext } from './server-handshake.js'
import { TLSSocket } from './tls-socket.js'

/** The size of a buffer that there is none of any more: setting it has no effect. */
export const SLAB_BUFFER_SIZE = 10 * 1024 * 1024

/** One end of a pair: what is written to one is read from the other. */
export class CryptoStream extends Duplex {
  /** @type {CryptoStream | null} */
  #other = null
  /** The callback of a write that the other end's reader has not asked for yet. @type {null | (() => void)} */
  #taken = null
  #bytesRead = 0

  /** Two ends. */
  static pair() {
    const [one, other] = [new EncryptedStream(), new CryptoStream()]
    one.#other = other
    other.#other = one
    return [one, other]
  }

  /** What TLS has made to be sent, in bytes: the plaintext and what TLS adds to it. */
  get bytesWritten() {
    return this.#bytesRead
  }

  _read() {
    const taken = this.#other.#taken
    this.#other.#taken = null
    taken?.()
  }

  _write(chunk, _encoding, callback) {
    const other = this.#other
    if (other.destroyed) return callback()
    other.#bytesRead += chunk.length
    this.#taken = callback
    other.push(chunk)
  }

  _final(callback) {
    this.#other.push(null)
    callback()
  }

  _destroy(error, callback) {
    callback(error)
    this.#other.destroy()
  }
}

/** The end of a pair that ciphertext goes in and out of. */
export class EncryptedStream extends CryptoStream {}

/** A TLS connection whose ciphertext is for its owner to carry (Node docs: class tls.SecurePair). */
export class SecurePair extends EventEmitter {
  /**
   * @param {any} [context] a SecureContext
   * @param {boolean} [isServer]
   * @param {boolean} [requestCert] whether a server asks the client for a certificate
   * @param {boolean} [rejectUnauthorized] whether a server refuses a client that has no good one
   * @param {any} [options] as for `new tls.TLSSocket`
   */
  constructor(context, isServer = false, requestCert = false, rejectUnauthorized = false, options = {}) {
    super()
    const [encrypted, carried] = CryptoStream.pair()
    this.credentials = toSecureContext(context) ?? tls.createSecureContext()
    this.server = options.server
    this.encrypted = encrypted
    this.cleartext = new TLSSocket(carried, {
      ...withoutNpn(options),
      secureContext: this.credentials,
      isServer: Boolean(isServer),
      requestCert: Boolean(requestCert),
      rejectUnauthorized: Boolean(rejectUnauthorized),
    })
    this.cleartext.once('secure', () => this.emit('secure'))
    // Of old, the pair told of what went wrong. Where neither of them has a listener, the process hears of it.
    this.cleartext.on('error', (error) => {
      if (this.listenerCount('error') > 0 || this.cleartext.listenerCount('error') === 1) this.emit('error', error)
    })
    this.cleartext.once('close', () => this.encrypted.destroy())
  }

  destroy() {
    this.cleartext.destroy()
    this.encrypted.destroy()
  }
}

/**
 * Make a SecurePair (Node docs: tls.createSecurePair).
 * @type {(context?: any, isServer?: boolean, requestCert?: boolean, rejectUnauthorized?: boolean, options?: any) => SecurePair}
 */
export const createSecurePair = deprecate(
  function createSecurePair(context, isServer, requestCert, rejectUnauthorized, options) {
    return new SecurePair(context, isServer, requestCert, rejectUnauthorized, options)
  },
  'DEP0064',
  'tls.createSecurePair() is deprecated. Please use tls.TLSSocket instead.',
)

/**
 * What `crypto.createCredentials` was: `createSecureContext`, whose `context` may be given wherever a context may.
 * @param {any} [options]
 */
export const createCredentials = deprecate(
  function createCredentials(options) {
    return tls.createSecureContext(options)
  },
  'DEP0010',
  'crypto.createCredentials is deprecated. Use tls.createSecureContext instead.',
)

/**
 * Read a name of a certificate, `C=UK\nCN=localhost`; a type that occurs more than once has an array.
 * @param {string} text
 * @return {Record<string, string | string[]>}
 */
export const parseCertString = deprecate(
  function parseCertString(text) {
    const attributes = Object.create(null)
    for (const [, type, value] of text.matchAll(/^([^=\n]+)=(.*)$/gm)) {
      attributes[type] = type in attributes ? [attributes[type], value].flat() : value
    }
    return attributes
  },
  'DEP0076',
  'tls.parseCertString() is deprecated. Please use querystring.parse() instead.',
)

/**
 * Set `out.ALPNProtocols` to protocols as they are sent; to nothing where they are neither an array nor bytes.
 * @param {any} protocols
 * @param {any} out
 */
export function convertALPNProtocols(protocols, out) {
  if (Array.isArray(protocols) || ArrayBuffer.isView(protocols)) out.ALPNProtocols = Buffer.from(convertProtocols(protocols))
}

/**
 * Set `out.NPNProtocols` to protocols as they were sent.
 * @param {any} protocols
 * @param {any} out
 */
export const convertNPNProtocols = deprecate(
  function convertNPNProtocols(protocols, out) {
    if (Array.isArray(protocols) || ArrayBuffer.isView(protocols)) out.NPNProtocols = Buffer.from(convertProtocols(protocols))
  },
  'DEP0107',
  'tls.convertNPNProtocols() is deprecated.',
)

/**
 * Options with `NPNProtocols` in the place of ALPN's, which took over from NPN.
 * @param {any} options
 */
export function withoutNpn(options) {
  const { NPNProtocols, ...rest } = options
  if (NPNProtocols == null) return options
  warnOnce('TLS_NPN', 'NPN is gone from TLS: NPNProtocols is taken as ALPNProtocols.')
  return rest.ALPNProtocols || rest.ALPNCallback ? rest : { ...rest, ALPNProtocols: NPNProtocols }
}

/** `server.connections`. */
export const connectionsProperty = {
  configurable: true,
  /** @this {any} */
  get() {
    warnOnce('DEP0020', 'Server.connections property is deprecated. Use Server.getConnections method instead.')
    return this._connections ?? 0
  },
  /** A net.Server may count in it. */
  set(_count) {},
}

/** Emit 'clientError', where 'tlsClientError', which took its place, has no listener: one that does may emit it itself. */
export function emitClientError(server, error, socket) {
  if (server.listenerCount('clientError') === 0) return
  warnOnce('TLS_CLIENT_ERROR', "The event 'clientError' of tls.Server is deprecated. Use 'tlsClientError' instead.")
  server.emit('clientError', error, socket)
}

/**
 * Put the old names where they were.
 * @param {any} namespace `tls`
 */
export function addLegacyNames(namespace) {
  Object.assign(namespace, {
    SLAB_BUFFER_SIZE,
    CleartextStream: TLSSocket,
    CryptoStream,
    EncryptedStream,
    SecurePair,
    convertALPNProtocols,
    convertNPNProtocols,
    createSecurePair,
    parseCertString,
  })
  Object.defineProperty(TLSSocket.prototype, 'npnProtocol', {
    configurable: true,
    get() {
      return this.alpnProtocol
    },
  })
}
