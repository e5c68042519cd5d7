// What earlier versions of Node had (docs of v0.8 and v0.10): thin layers over what took its place.
import { Buffer, Duplex, EventEmitter, nextTick } from '#platform'
import { deprecate, warnOfOld } from './deprecate.js'
import { makeError } from './errors.js'
import { tls } from './namespace.js'
import { convertProtocols } from './options.js'
import { CONTEXT_OPTIONS } from './server.js'
import { isContext, toSecureContext } from './server-handshake.js'
import { TLSSocket } from './tls-socket.js'
import { knownVerdict } from './verdict.js'

/** The size of a buffer that there is none of any more: setting it has no effect. */
export const SLAB_BUFFER_SIZE = 10 * 1024 * 1024

const kOther = Symbol('other')
const kTaken = Symbol('taken')
const kCarrier = Symbol('carrier')
const kLeft = Symbol('left')

/** One end of a pair: what is written to one is read from the other. `createSecurePair` makes them. */
export class CryptoStream extends Duplex {
  /** The other end. @type {CryptoStream} */
  [kOther];
  /** The callback of a write that the other end's reader has not asked for yet. @type {null | (() => void)} */
  [kTaken] = null;
  /** What brings this end its bytes. @type {any} */
  [kCarrier] = null
  #bytesRead = 0

  /** @param {symbol} permission what nobody else has */
  constructor(permission) {
    if (permission !== kOther) throw makeError('ERR_ILLEGAL_CONSTRUCTOR')
    super()
    this.on('pipe', (source) => {
      this[kCarrier] = source
    })
  }

  /** What there is to be read here, in bytes, also what has been read: of TLS, the plaintext and what TLS adds to it. */
  get bytesWritten() {
    return this.#bytesRead
  }

  /** The address of what is piped into the pair, `{}` where it has none. */
  address() {
    return carrierOf(this)?.address?.() ?? {}
  }

  _read() {
    const taken = this[kOther][kTaken]
    this[kOther][kTaken] = null
    taken?.()
  }

  _write(chunk, _encoding, callback) {
    const other = this[kOther]
    if (other.destroyed || chunk.length === 0) return void nextTick(callback)
    other.#bytesRead += chunk.length
    this[kTaken] = callback
    other.push(chunk)
  }

  _final(callback) {
    this[kOther].push(null)
    callback()
  }

  _destroy(error, callback) {
    callback(error)
    this[kOther][kLeft]()
  }

  /** The other end is gone: what it has sent is still to be read, and what is sent to it goes nowhere. */
  [kLeft]() {
    const taken = this[kTaken]
    this[kTaken] = null
    taken?.()
    if (this.destroyed) return
    this.push(null)
    this.read(0)
    if (this.readableEnded) this.destroy()
    else this.once('end', () => this.destroy())
  }
}

/** The end of a pair that ciphertext goes in and out of. */
export class EncryptedStream extends CryptoStream {}

/** What brings a pair its ciphertext, as far as it was piped. */
const carrierOf = (stream) => stream[kCarrier] ?? stream[kOther][kCarrier]

for (const name of ['remoteAddress', 'remoteFamily', 'remotePort', 'localAddress', 'localFamily', 'localPort']) {
  Object.defineProperty(CryptoStream.prototype, name, {
    configurable: true,
    /** @this {CryptoStream} */
    get() {
      return carrierOf(this)?.[name]
    },
  })
}

for (const name of ['setNoDelay', 'setKeepAlive', 'ref', 'unref']) {
  Object.defineProperty(CryptoStream.prototype, name, {
    configurable: true,
    writable: true,
    /** @this {CryptoStream} */
    value(...parameters) {
      carrierOf(this)?.[name]?.(...parameters)
      return this
    },
  })
}

/** Two ends: of the ciphertext, and of TLS. */
function makeEnds() {
  const encrypted = new EncryptedStream(kOther)
  const carried = new CryptoStream(kOther)
  encrypted[kOther] = carried
  carried[kOther] = encrypted
  return { encrypted, carried }
}

/** A TLS connection whose ciphertext is for its owner to carry (Node docs: class tls.SecurePair). */
export class SecurePair extends EventEmitter {
  /**
   * @param {any} [context] a SecureContext, or what has one as its `context`
   * @param {boolean} [isServer]
   * @param {boolean} [requestCert] whether a server asks the client for a certificate
   * @param {boolean} [rejectUnauthorized] whether a peer without a good certificate is refused. Whose it is, is for the caller to
   * check, unless the options have a `servername`
   * @param {any} [options] as for `new tls.TLSSocket`
   */
  constructor(context, isServer = false, requestCert = false, rejectUnauthorized = false, options = {}) {
    super()
    const { encrypted, carried } = makeEnds()
    this.credentials = contextOf(context)
    this.server = options.server
    /** @type {import('./types/platform.js').EncryptedEnd<EncryptedStream>} */
    this.encrypted = /** @type {any} */ (encrypted)
    this.cleartext = new TLSSocket(carried, {
      secureContext: this.credentials,
      isServer: Boolean(isServer),
      requestCert: Boolean(requestCert),
      rejectUnauthorized: Boolean(rejectUnauthorized),
      // Nobody has said who the peer is to be.
      ...(!options.servername && !options.host && { checkServerIdentity: () => undefined }),
      ...options,
    })
    // Of old, the pair told of a handshake that failed; nobody need listen.
    const tellError = (error) => {
      if (this.listenerCount('error') > 0) this.emit('error', error)
    }
    this.cleartext.on('error', tellError)
    this.cleartext.once('secure', () => {
      this.cleartext.removeListener('error', tellError)
      this.emit('secure')
    })
  }

  /** `cleartext`, as the documents also call it. */
  get clear() {
    return this.cleartext
  }

  /** As `tlsSocket.ssl` was: see `OldHandle`. */
  get ssl() {
    return oldHandle(this.cleartext)
  }

  /** The protocol agreed on. */
  get npnProtocol() {
    return this.cleartext.alpnProtocol
  }

  /** What SNI names. */
  get servername() {
    return this.cleartext.servername
  }

  /** Both ends, at once. */
  destroy() {
    this.cleartext.destroy()
    this.encrypted.destroy()
  }
}

/** The context of a pair. */
function contextOf(given) {
  if (!given) return tls.createSecureContext()
  if (!isContext(given)) throw makeError('ERR_TLS_INVALID_CONTEXT', ['context'])
  return toSecureContext(given)
}

/** What is left of OpenSSL's handle, `socket.ssl`: whether the peer's chain is good. */
class OldHandle {
  #socket

  /** @param {TLSSocket} socket */
  constructor(socket) {
    this.#socket = socket
  }

  /** @return {Error | null} why the chain is not trusted */
  verifyError() {
    return knownVerdict(this.#socket.authorizationError)
  }
}

/** Null for a socket that is gone. */
const oldHandle = (socket) => (socket.destroyed ? null : new OldHandle(socket))

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
    for (const line of text.split('\n')) {
      const separator = line.indexOf('=')
      if (separator < 1) continue
      const [type, value] = [line.slice(0, separator), line.slice(separator + 1)]
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
  if (options.NPNProtocols == null) return options
  const { NPNProtocols, ...rest } = options
  warnOfOld('TLS_NPN', 'NPN is gone from TLS: NPNProtocols is taken as ALPNProtocols.')
  return rest.ALPNProtocols || rest.ALPNCallback ? rest : { ...rest, ALPNProtocols: NPNProtocols }
}

/** `server.connections`. */
const connectionsProperty = {
  configurable: true,
  /** @this {any} */
  get() {
    warnOfOld('DEP0020', 'Server.connections property is deprecated. Use Server.getConnections method instead.')
    return this._connections ?? 0
  },
  /** A net.Server may count in it. */
  set(_count) {},
}

/** Emit 'clientError', where 'tlsClientError', which took its place, has no listener: one that does may emit it itself. */
export function emitClientError(server, error, socket) {
  if (server.listenerCount('clientError') === 0) return
  warnOfOld('TLS_CLIENT_ERROR', "The event 'clientError' of tls.Server is deprecated. Use 'tlsClientError' instead.")
  server.emit('clientError', error, socket)
}

/**
 * Tell '_tlsError' of what a socket that was constructed fails with, as Node does: so nobody need listen for 'error'. `connect`
 * takes this listener away.
 * @this {any} the socket
 */
export function tellTlsError(error) {
  this.emit('_tlsError', error)
}

/**
 * What a server shows and asks of clients; its context stays (`setSecureContext` replaces it).
 * @type {(this: any, options: any) => void}
 */
const setOptions = deprecate(
  function setOptions(options) {
    this.requestCert = options.requestCert === true
    this.rejectUnauthorized = options.rejectUnauthorized !== false
    convertALPNProtocols(options.ALPNProtocols, this)
    for (const name of [...CONTEXT_OPTIONS, 'sessionTimeout', 'ticketKeys']) if (options[name]) this[name] = options[name]
    this.honorCipherOrder = options.honorCipherOrder === undefined ? true : Boolean(options.honorCipherOrder)
  },
  'DEP0122',
  'Server.prototype.setOptions() is deprecated',
)

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
    createCredentials,
    createSecurePair,
    parseCertString,
  })
  Object.defineProperty(namespace.Server.prototype, 'connections', connectionsProperty)
  Object.defineProperty(namespace.Server.prototype, 'setOptions', { configurable: true, writable: true, value: setOptions })
  addAccessor('npnProtocol', (socket) => socket.alpnProtocol)
  // Of old, the second argument of 'clientError' was a pair.
  addAccessor('cleartext', (socket) => socket)
  addAccessor('ssl', oldHandle)
  // The handshake starts by itself.
  Object.defineProperty(TLSSocket.prototype, '_start', { configurable: true, writable: true, value() {} })
}

/** A property that sockets had: old programs set some of them themselves. */
function addAccessor(name, get) {
  Object.defineProperty(TLSSocket.prototype, name, {
    configurable: true,
    get() {
      return get(this)
    },
    set(value) {
      Object.defineProperty(this, name, { configurable: true, enumerable: true, writable: true, value })
    },
  })
}
