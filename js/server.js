// tls.createServer and tls.Server (Node docs: class tls.Server): a net.Server that does TLS with each connection.
import { Buffer, defaultSessionIdContext, Server as NetServer } from '#platform'
import { checkedBytes, checkType } from './check.js'
import { makeError } from './errors.js'
import { emitClientError, withoutNpn } from './legacy.js'
import { tls } from './namespace.js'
import { checkServerOptions, checkSessionOptions, convertProtocols, LONGEST_TIMEOUT, TICKET_KEYS_LENGTH } from './options.js'
import { contextOptions } from './peer-policy.js'
import { isContext, toSecureContext } from './server-handshake.js'
import { TLSSocket } from './tls-socket.js'

/** How long a handshake may take unless the option says it, in milliseconds. */
const HANDSHAKE_TIMEOUT = 120 * 1000

/** What a server keeps of its options for the connections to come. */
const kConnectionOptions = Symbol('connectionOptions')

const kHandshakeTimeout = Symbol('handshakeTimeout')

/** The options of a context that a server shows as properties of its own. */
export const CONTEXT_OPTIONS = [
  'pfx',
  'key',
  'passphrase',
  'cert',
  'clientCertEngine',
  'ca',
  'minVersion',
  'maxVersion',
  'secureProtocol',
  'crl',
  'sigalgs',
  'ciphers',
  'ecdhCurve',
  'dhparam',
  'honorCipherOrder',
  'secureOptions',
  'sessionIdContext',
  'privateKeyIdentifier',
  'privateKeyEngine',
]

/** Those of them that stay when `setSecureContext` does not give them. */
const LASTING_OPTIONS = ['sessionTimeout', 'ticketKeys']

class TLSServer extends NetServer {
  /** Patterns of names, and the contexts for them, in the order they were added. @type {[RegExp, import('./secure-context.js').SecureContext][]} */
  _contexts

  /** The context of clients that ask for no name, or for one that has no context. @type {any} */
  _sharedCreds

  /**
   * @param {import('./types/options.js').ServerOptions | ((socket: TLSSocket) => void)} [options] as for `tls.createServer`
   * @param {(socket: TLSSocket) => void} [listener] of 'secureConnection'
   */
  constructor(options, listener) {
    const [read, readListener] = readParameters(options, listener)
    super(read, onConnection)
    setUp(this, read, readListener)
  }

  /**
   * Replace the context: connections to come are under the new one (Node docs: server.setSecureContext).
   * @param {import('./types/options.js').SecureContextOptions} options as for `tls.createSecureContext`
   */
  setSecureContext(options) {
    checkObject(options)
    checkSessionOptions(options)
    const shown = Object.fromEntries(
      CONTEXT_OPTIONS.map((name) => [name, (name === 'sigalgs' ? options[name] : options[name] || null) ?? undefined]),
    )
    shown.honorCipherOrder = options.honorCipherOrder === undefined ? true : Boolean(options.honorCipherOrder)
    shown.sessionIdContext ??= defaultSessionIdContext()
    const lasting = LASTING_OPTIONS.filter((name) => options[name] ?? this[name]).map((name) => [name, options[name] ?? this[name]])
    const given = { ...options, ...shown, ...Object.fromEntries(lasting) }
    // Nothing changes unless all of it is good.
    const context = tls.createSecureContext(given)
    Object.assign(this, shown, Object.fromEntries(lasting))
    this._sharedCreds = context
  }

  /**
   * Add a context for a name that clients ask for; of several that fit, the last one added counts (Node docs: server.addContext).
   * @param {string} hostname where `*` stands for any letters within a label
   * @param {import('./types/options.js').GivenContext | import('./types/options.js').SecureContextOptions} context a SecureContext, or the options of one
   */
  addContext(hostname, context) {
    if (!hostname) throw makeError('ERR_TLS_REQUIRED_SERVER_NAME')
    checkType('hostname', hostname, 'string')
    const added = isContext(context) ? toSecureContext(context) : tls.createSecureContext(context)
    this._contexts.push([namePattern(hostname), added])
  }

  /**
   * The keys that session tickets are sealed with.
   * @return {Buffer} 48 bytes
   */
  getTicketKeys() {
    return Buffer.from(this._sharedCreds.context.getTicketKeys())
  }

  /**
   * Seal session tickets of connections to come with other keys (Node docs: server.setTicketKeys).
   * @param {ArrayBufferView} keys 48 bytes
   */
  setTicketKeys(keys) {
    const bytes = checkedBytes('buffer', keys)
    if (bytes.length !== TICKET_KEYS_LENGTH) {
      throw makeError('ERR_INTERNAL_ASSERTION', [`Session ticket keys must be a ${TICKET_KEYS_LENGTH}-byte buffer`])
    }
    this._sharedCreds.context.setTicketKeys(bytes)
  }

  /** What Node's cluster shares among the workers that listen together. */
  _getServerData() {
    return { ticketKeys: this.getTicketKeys().toString('hex') }
  }

  /** @param {{ ticketKeys: string }} data */
  _setServerData(data) {
    this.setTicketKeys(Buffer.from(data.ticketKeys, 'hex'))
  }

  /**
   * What an asynchronous listener rejects with, where rejections are captured (Node docs: events, captureRejections).
   * @param {Error} error
   * @param {string | symbol} event
   * @param {...any} parameters
   */
  [Symbol.for('nodejs.rejection')](error, event, ...parameters) {
    if (event === 'secureConnection') return parameters[0].destroy(error)
    const inherited = NetServer.prototype[Symbol.for('nodejs.rejection')]
    if (inherited) return inherited.call(this, error, event, ...parameters)
    this.emit('error', error)
  }
}

/** The class, which in Node is a function: it may be called without `new`, and on an object that inherits from it. */
export const Server =
  /** @type {typeof TLSServer & ((options?: import('./types/options.js').ServerOptions | ((socket: TLSSocket) => void), listener?: (socket: TLSSocket) => void) => TLSServer)} */ (
    new Proxy(TLSServer, {
      apply(_, self, parameters) {
        if (!(self instanceof TLSServer)) return new Server(...parameters)
        const [options, listener] = readParameters(...parameters)
        Reflect.apply(/** @type {any} */ (NetServer), self, [options, onConnection])
        setUp(self, options, listener)
      },
    })
  )
Object.defineProperty(TLSServer, 'name', { value: 'Server' })
TLSServer.prototype.constructor = Server

/**
 * Make a TLS server (Node docs: tls.createServer).
 * @param {import('./types/options.js').ServerOptions | ((socket: TLSSocket) => void)} [options]
 * @param {(socket: TLSSocket) => void} [listener] of 'secureConnection'
 */
export function createServer(options, listener) {
  return new Server(options, listener)
}

/** @return {[any, ((socket: TLSSocket) => void) | undefined]} */
function readParameters(options, listener) {
  if (typeof options === 'function') return [{}, options]
  if (options == null) return [{}, listener]
  checkObject(options)
  const read = withoutNpn(options)
  checkServerOptions(read)
  return [read, listener]
}

function checkObject(options) {
  checkType('options', options, 'object')
}

function setUp(server, options, listener) {
  const { pskCallback, pskIdentityHint, enableTrace, highWaterMark, pinnedKeys, verifyPeer, requireCloseNotify } = options
  const SNICallback = options.SNICallback ?? chooseContext.bind(server)
  server._contexts = []
  server.requestCert = options.requestCert === true
  server.rejectUnauthorized = options.rejectUnauthorized !== false
  server.ALPNCallback = options.ALPNCallback
  const { ALPNProtocols } = options
  if (Array.isArray(ALPNProtocols) || ArrayBuffer.isView(ALPNProtocols)) {
    server.ALPNProtocols = Buffer.from(convertProtocols(ALPNProtocols))
  }
  server[kHandshakeTimeout] = options.handshakeTimeout ?? HANDSHAKE_TIMEOUT
  server[kConnectionOptions] = {
    SNICallback,
    pskCallback,
    pskIdentityHint,
    enableTrace,
    highWaterMark,
    pinnedKeys,
    verifyPeer,
    requireCloseNotify,
  }
  server.setSecureContext(contextOptions(options))
  if (listener) server.on('secureConnection', listener)
}

/** Letters of a name in either case, of which `*` is any number but no dot. */
const namePattern = (hostname) =>
  new RegExp(
    `^${hostname
      .split('*')
      .map((text) => text.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
      .join('[^.]*')}$`,
    'i',
  )

/**
 * The SNICallback of a server that is given none: the last context added whose name fits.
 * @this {any} the server
 */
function chooseContext(servername, callback) {
  const found = [...this._contexts].reverse().find(([pattern]) => pattern.test(servername))
  callback(null, found?.[1])
}

/**
 * A connection came, or was handed in: the handshake starts.
 * @this {any} the server
 */
function onConnection(transport) {
  const { requestCert, rejectUnauthorized, ALPNProtocols, ALPNCallback, pauseOnConnect, allowHalfOpen } = this
  const socket = new TLSSocket(transport, {
    ...this[kConnectionOptions],
    isServer: true,
    server: this,
    secureContext: this._sharedCreds,
    requestCert,
    rejectUnauthorized,
    ALPNProtocols,
    ALPNCallback,
    pauseOnConnect,
    allowHalfOpen,
  })
  // Whether the connection may be half-open is for TLS to say: bytes of ours are still to be sealed when the peer has ended.
  if (transport.server === this) transport.allowHalfOpen = true
  if (this.listenerCount('keylog') > 0) socket.on('keylog', (line) => this.emit('keylog', line, socket))
  new Handshake(this, socket)
}

/** A handshake that a server waits for: it ends with 'secureConnection', or with one 'tlsClientError'. */
class Handshake {
  /**
   * @param {any} server
   * @param {any} socket
   */
  constructor(server, socket) {
    this.server = server
    this.socket = socket
    this.isOver = false
    const limit = server[kHandshakeTimeout]
    if (limit > 0) {
      this.timer = setTimeout(() => this.timedOut(), Math.min(limit, LONGEST_TIMEOUT))
      this.timer.unref?.()
    }
    socket.once('secure', () => this.succeeded())
    // It stays: what becomes of a connection later is no reason for the process to end, as in Node.
    socket.on('error', (error) => this.failed(error))
    socket.once('close', () => this.isOver || this.failed(makeError('ECONNRESET', ['socket hang up'])))
  }

  succeeded() {
    // Whoever destroyed it did not let it through.
    if (this.socket.destroyed) return
    if (this.end()) this.server.emit('secureConnection', this.socket)
  }

  failed(error) {
    if (!this.end()) return
    const { server, socket } = this
    const isHeard = server.emit('tlsClientError', error, socket)
    if (!isHeard) emitClientError(server, error, socket)
  }

  /**
   * The one failure that does not come from the socket. Node leaves it to the listeners whether it goes on living; so do we, until
   * they have been heard.
   */
  timedOut() {
    setTimeout(() => this.socket.destroy(), 0)
    this.failed(makeError('ERR_TLS_HANDSHAKE_TIMEOUT'))
  }

  /** @return {boolean} whether it was still going on */
  end() {
    if (this.isOver) return false
    this.isOver = true
    clearTimeout(this.timer)
    return true
  }
}
