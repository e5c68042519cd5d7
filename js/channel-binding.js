// Channel bindings (RFC 5056): what binds an authentication above TLS, such as SCRAM-SHA-256-PLUS, to the connection below it.
import { Buffer } from '#platform'
import { makeError } from './errors.js'
import { kState } from './socket-state.js'
import { TLS12 } from './versions.js'

/** RFC 9266, 4. */
const EXPORTER_LABEL = 'EXPORTER-Channel-Binding'
const EXPORTER_LENGTH = 32

/** The types by their names at IANA; each gives bytes, or throws why there are none. @type {Record<string, (socket: any) => Uint8Array>} */
const TYPES = {
  /** RFC 9266: keying material. */
  'tls-exporter': (socket) => {
    checkExtended(socket, 'tls-exporter')
    const { engine } = socket[kState]
    return engine.exportKeyingMaterial(EXPORTER_LENGTH, Buffer.from(EXPORTER_LABEL), new Uint8Array(0))
  },
  /** RFC 5929, 3: the first Finished of the handshake, which is the server's where a session is resumed. */
  'tls-unique': (socket) => {
    const { engine, facts, isServer } = socket[kState]
    if (facts.protocol !== TLS12) throw none('tls-unique', "TLS 1.3 has 'tls-exporter' in its place (RFC 9266)")
    checkExtended(socket, 'tls-unique')
    const [own, peer] = engine.finished()
    return isServer === facts.resumed ? own : peer
  },
  /** RFC 5929, 4: a hash of the server's certificate. */
  'tls-server-end-point': (socket) => {
    const { engine, facts, hasPsk } = socket[kState]
    // Who shares a key shows no certificate.
    const hash = hasPsk && facts.resumed ? undefined : engine.serverEndPoint()
    if (!hash) throw none('tls-server-end-point', 'there is no certificate of the server, or no hash is defined for its signature')
    return hash
  },
}

const none = (type, why) => makeError('ERR_TLS_NO_CHANNEL_BINDING', [type, why])

/** Without it, a man in the middle may have two connections with the same bindings (RFC 7627; RFC 9266, 3). */
function checkExtended(socket, type) {
  const { facts } = socket[kState]
  if (facts.protocol === TLS12 && !facts.extended) throw none(type, 'the peer has no extended master secret (RFC 7627)')
}

/**
 * The channel binding of a connection.
 * @param {any} socket
 * @param {string} type
 */
export function channelBinding(socket, type) {
  if (typeof type !== 'string' || !Object.hasOwn(TYPES, type)) {
    const known = Object.keys(TYPES).map((name) => `'${name}'`)
    throw makeError('ERR_INVALID_ARG_VALUE', ['type', `must be one of: ${known.join(', ')}`, type])
  }
  const { engine, secure } = socket[kState]
  if (!secure || !engine) throw makeError('ERR_TLS_INVALID_STATE')
  return Buffer.from(TYPES[type](socket))
}
