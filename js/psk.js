// External pre-shared keys (Node docs: "Pre-shared keys"): of TLS 1.3 only, since rustls has none in TLS 1.2.
import { Buffer } from '#platform'
import { checkedBytes, checkType } from './check.js'
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
  checkType('ret', answer, 'object')
  const { psk, identity } = answer
  const key = pskBytes(psk)
  checkType('identity', identity, 'string')
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
  const bytes = checkedBytes('psk', psk)
  if (bytes.length > LONGEST_KEY) throw makeError('ERR_INVALID_ARG_VALUE', ['psk', `Pre-shared key exceeds ${LONGEST_KEY} bytes`, psk])
  return bytes
}
