// `isomorphic-tls/pg-cloudflare`: takes the place of the package `pg-cloudflare`, whose class node-postgres has its sockets of in
// Workers. There TLS is Cloudflare's, which knows no private CA; here it is ours, with the options that node-postgres is given as `ssl`.
import { Buffer, Duplex, Socket } from '#platform'
import tls from 'isomorphic-tls'
import { makeError } from './errors.js'
import { parseIP } from './ip.js'

/** A socket that begins as TCP; after `startTls` the same object carries what TLS protects. */
export class CloudflareSocket extends Duplex {
  /** What carries the bytes: TCP, then TLS over it. @type {any} */
  #carrier
  /** @type {string | undefined} */
  #host
  #ended = false
  #listeners = {
    data: (chunk) => {
      if (!this.push(chunk)) this.#carrier.pause()
    },
    end: () => {
      this.#ended = true
      this.push(null)
    },
    error: (error) => this.destroy(error),
    close: () => {
      // Otherwise what has been read is still to be told.
      if (!this.#ended) this.destroy()
    },
  }

  /** @param {unknown} [ssl] whether TLS will be asked for; told for those who look, nothing depends on it */
  constructor(ssl) {
    super({ allowHalfOpen: false })
    this.ssl = ssl
    /**
     * The TLSSocket, for what it tells of the peer; null before `startTls`.
     * @type {import('./tls-socket.js').TLSSocket | null}
     */
    this.tlsSocket = null
    this.#carry(new Socket({ allowHalfOpen: true }))
  }

  /**
   * Connect over TCP: 'connect' follows.
   * @param {number} port
   * @param {string} host
   * @param {() => void} [listener] of 'connect'
   * @return {this}
   */
  connect(port, host, listener) {
    if (listener) this.once('connect', listener)
    this.#host = host
    this.#carrier.once('connect', () => this.emit('connect'))
    this.#carrier.connect(port, host)
    return this
  }

  /**
   * Speak TLS from here on. What is written waits for the handshake; a peer that is refused is an 'error'.
   * @param {Omit<import('./types/options.js').ConnectionOptions, 'socket'> & { socket?: unknown }} [options] of `tls.connect`; the name
   *   that the peer must have is `servername`, or `host`, or the host that was connected to
   */
  startTls(options = {}) {
    if (this.tlsSocket) throw makeError('ERR_INVALID_STATE', ['startTls() has been called'])
    // What came in the clear must not be taken for what TLS protects.
    if (this.readableLength > 0) return this.destroy(makeError('ERR_TLS_TRANSPORT_FAILED', ['bytes came in the clear before TLS']))
    const { host = this.#host } = options
    const servername = options.servername ?? (host && !parseIP(host) ? host : undefined)
    const carrier = this.#carrier
    this.#leave()
    try {
      this.tlsSocket = tls.connect(/** @type {any} */ ({ ...options, host, ...(servername && { servername }), socket: carrier }))
    } finally {
      // An option that is wrong is thrown at the caller, and nothing has changed.
      this.#carry(this.tlsSocket ?? carrier)
    }
    return this
  }

  /** The peer's certificate, as of TLSSocket: node-postgres asks for it where it binds the password to the channel. */
  getPeerCertificate() {
    if (!this.tlsSocket) throw makeError('ERR_TLS_INVALID_STATE')
    return this.tlsSocket.getPeerCertificate()
  }

  /** @param {boolean} [noDelay] */
  setNoDelay(noDelay) {
    this.#carrier.setNoDelay(noDelay)
    return this
  }

  /**
   * @param {boolean} [enable]
   * @param {number} [initialDelay]
   */
  setKeepAlive(enable, initialDelay) {
    this.#carrier.setKeepAlive(enable, initialDelay)
    return this
  }

  ref() {
    this.#carrier.ref()
    return this
  }

  unref() {
    this.#carrier.unref()
    return this
  }

  _read() {
    this.#carrier.resume()
  }

  _write(chunk, _encoding, callback) {
    this.#carrier.write(chunk, callback)
  }

  _writev(chunks, callback) {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), '', callback)
  }

  _final(callback) {
    // What goes wrong is an 'error' of the carrier.
    this.#carrier.end(() => callback())
  }

  _destroy(error, callback) {
    this.#carrier.destroy()
    callback(error)
  }

  /** Take what a stream brings from here on. */
  #carry(stream) {
    this.#carrier = stream
    for (const [event, listener] of Object.entries(this.#listeners)) stream.on(event, listener)
  }

  /** Leave the carrier to what comes above it. */
  #leave() {
    for (const [event, listener] of Object.entries(this.#listeners)) this.#carrier.removeListener(event, listener)
  }
}
