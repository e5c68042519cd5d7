// tls.connect (Node docs: tls.connect)
import { verificationIsOff } from '#environment'
import { checkType } from './check.js'
import { warnOfOld } from './deprecate.js'
import { makeError } from './errors.js'
import { parseIP } from './ip.js'
import { tellTlsError } from './legacy.js'
import { tls } from './namespace.js'
import { normalizeConnect } from './options.js'
import { contextOptions } from './peer-policy.js'
import { TLSSocket } from './tls-socket.js'

/**
 * @overload
 * @param {import('./types/options.js').ConnectionOptions} options
 * @param {(this: TLSSocket) => void} [listener]
 * @return {TLSSocket}
 */
/**
 * @overload
 * @param {number | string} port a port; or the path of a Unix socket
 * @param {import('./types/options.js').ConnectionOptions} [options]
 * @param {(this: TLSSocket) => void} [listener]
 * @return {TLSSocket}
 */
/**
 * @overload
 * @param {number | string} port
 * @param {string} [host]
 * @param {import('./types/options.js').ConnectionOptions} [options]
 * @param {(this: TLSSocket) => void} [listener]
 * @return {TLSSocket}
 */
/**
 * @overload
 * @param {number | string} port
 * @param {(this: TLSSocket) => void} listener
 * @return {TLSSocket}
 */
/**
 * Connect to a TLS server.
 * @param {...any} parameters (options[, listener]), (path[, options][, listener]) or (port[, host][, options][, listener]).
 * Beyond Node's options: `connector` makes the transport where there is no TCP; `requireCloseNotify` makes truncation an
 * error; `sessionCache` keeps sessions, which later connections to the same server resume; `sessionSealingKey` (32 bytes) seals the
 * sessions that are told, so that only who has the key can use them; `ocspPolicy` asks for proofs that the certificate is not revoked; `pinnedKeys` are keys of which the peer must have one; `verifyPeer` has the last word
 * on the peer; `socket` may be a pair of Web Streams or a WebSocket.
 * @return {TLSSocket}
 */
export function connect(...parameters) {
  const [given, listener] = normalizeConnect(parameters)
  const defaults = { rejectUnauthorized: !verificationIsOff(), checkServerIdentity: tls.checkServerIdentity, minDHSize: 1024 }
  const options = { ...defaults, ...given }
  options.rejectUnauthorized = options.rejectUnauthorized !== false
  checkType('options.checkServerIdentity', options.checkServerIdentity, 'function')
  checkType('options.minDHSize', options.minDHSize, 'number')
  if (!(options.minDHSize >= 1)) throw makeError('ERR_OUT_OF_RANGE', ['options.minDHSize', '>= 1', options.minDHSize])
  options.secureContext ??= tls.createSecureContext(contextOptions(options))

  const socket = new TLSSocket(options.socket, options)
  // What goes wrong is for the caller to hear.
  socket.removeListener('error', tellTlsError)
  // A TLSSocket that is constructed has 'secure' alone (Node docs: Event: 'secureConnect').
  socket.once('secure', () => socket.destroyed || socket.emit('secureConnect'))
  if (listener) socket.once('secureConnect', listener)
  if (options.timeout) socket.setTimeout(options.timeout)
  if (options.servername && parseIP(options.servername)) {
    warnOfOld(
      'DEP0123',
      'Setting the TLS ServerName to an IP address is not permitted by RFC 6066. This will be ignored in a future version.',
    )
  }
  if (!options.socket) socket.connect(options)
  return socket
}
