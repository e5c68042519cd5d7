// The part of Node's KeyObject that a certificate's public key needs, for runtimes without one.
import { Buffer } from '#platform'
import { checkType } from '../check.js'
import { makeError, settingError } from '../errors.js'
import { wrapPem } from '../pem.js'
import { first } from './ber.js'
import { exportJwk } from './jwk.js'
import { isSame } from './octets.js'
import { keyOctets, readPublicKey, readPublicKeyInfo } from './public-key.js'

/** A public key. */
export class PublicKey {
  /** @type {import('./public-key.js').PublicKey} */
  #key

  /**
   * @param {Uint8Array} der a SubjectPublicKeyInfo
   */
  constructor(der) {
    const key = readPublicKey(readPublicKeyInfo(first(der)))
    if (!key) throw settingError('cert:key')
    this.#key = key
  }

  get type() {
    return 'public'
  }

  /** `rsa`, `rsa-pss`, `dsa`, `ec`, `ed25519`, `ed448`, `x25519`, `x448`, ... */
  get asymmetricKeyType() {
    return this.#key.type
  }

  /** Its size, curve, exponent or limits. */
  get asymmetricKeyDetails() {
    return { ...this.#key.details }
  }

  /**
   * The key as a SubjectPublicKeyInfo, one of RSA also as PKCS#1 has it; or as a JWK.
   * @param {{ type?: 'spki' | 'pkcs1', format: 'der' | 'pem' | 'jwk' }} options
   * @return {Buffer | string | Record<string, string>}
   */
  export(options) {
    checkType('options', options, 'object')
    const { type, format } = options
    if (format === 'jwk') return exportJwk(this.#key)
    if (!['der', 'pem'].includes(format)) throw makeError('ERR_INVALID_ARG_VALUE', ['options.format', 'is invalid', format])
    const { der, label } = encodingOf(this.#key, type)
    return format === 'der' ? der : wrapPem(der.toString('base64'), label)
  }

  /**
   * Whether another is the same key.
   * @param {any} other
   */
  equals(other) {
    if (!isKey(other)) throw makeError('ERR_INVALID_ARG_TYPE', ['otherKeyObject', 'an instance of KeyObject', other])
    return other.type === 'public' && isSame(derOf(this), derOf(other))
  }

  get [Symbol.toStringTag]() {
    return 'KeyObject'
  }
}

/** A key as DER, and what PEM calls that. */
function encodingOf({ type: kind, der }, type) {
  if (type === 'spki') return { der: Buffer.from(der), label: 'PUBLIC KEY' }
  if (type !== 'pkcs1') throw makeError('ERR_INVALID_ARG_VALUE', ['options.type', 'is invalid', type])
  if (kind !== 'rsa') throw makeError('ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS', ['pkcs1', 'can only be used for RSA keys'])
  return { der: Buffer.from(keyOctets(der)), label: 'RSA PUBLIC KEY' }
}

/**
 * A public key as a SubjectPublicKeyInfo.
 * @param {any} key
 * @return {Uint8Array}
 */
export const derOf = (key) => key.export({ type: 'spki', format: 'der' })

/**
 * Whether a value is a key: one of ours, or the runtime's.
 * @param {any} value
 */
export const isKey = (value) => typeof value?.export === 'function' && ['public', 'private', 'secret'].includes(value.type)
