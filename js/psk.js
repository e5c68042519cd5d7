// External pre-shared keys (Node docs: "Pre-shared keys"): of TLS 1.3 only, since rustls has none in TLS 1.2.
import { Buffer } from '#platform'
import { makeError, sslError } from './errors.js'
import { kState } from './socket-state.js'

/** OpenSSL's limits, in bytes. */
const LONGEST_KEY = 512
const LONGEST_IDENTITY = 128

/**
 * What `pskCallback` of a client answers. TLS 1.3 has no hint.
 * @param {any} socket
 * @return {{ identity: Buffer, key: Uint8Array } | undefined}
 */
export function clientPsk(socket) {
  const { pskCallback } = socket[kState].options
  const answer = pskCallback?.(null)
  if (answer == null) return undefined
  if (typeof answer !== 'object') throw makeError('ERR_INVALID_ARG_TYPE', ['ret', 'of type object', answer])
  const { psk, identity } = answer
  const key = pskBytes(psk)
  if (typeof identity !== 'string') throw makeError('ERR_INVALID_ARG_TYPE', ['identity', 'of type string', identity])
  const name = Buffer.from(identity)
  if (name.length === 0) throw sslError('internal error')
  if (name.length > LONGEST_IDENTITY) {
    throw makeError('ERR_INVALID_ARG_VALUE', ['identity', `PSK identity exceeds ${LONGEST_IDENTITY} bytes`, identity])
  }
  return { identity: name, key }
}

/**
 * A pre-shared key as bytes.
 * @param {any} psk
 * @return {Uint8Array}
 */
export function pskBytes(psk) {
  if (!ArrayBuffer.isView(psk)) {
    throw makeError('ERR_INVALID_ARG_TYPE', ['psk', 'an instance of Buffer, TypedArray, or DataView', psk])
  }
  if (psk.byteLength > LONGEST_KEY) throw makeError('ERR_INVALID_ARG_VALUE', ['psk', `Pre-shared key exceeds ${LONGEST_KEY} bytes`, psk])
  return new Uint8Array(psk.buffer, psk.byteOffset, psk.byteLength)
}
