// The part of Node's KeyObject that a certificate's public key needs, for runtimes without one.
import { Buffer } from '#platform'
import { makeError, settingError } from '../errors.js'
import { wrapPem } from '../pem.js'
import { first } from './ber.js'
import { isSame } from './issuer.js'
import { readPublicKey, readPublicKeyInfo } from './public-key.js'

/** A public key. */
export class PublicKey {
  #key

  /**
   * @param {Uint8Array} der a SubjectPublicKeyInfo
   */
  constructor(der) {
    this.#key = readPublicKey(readPublicKeyInfo(first(der)))
    if (!this.#key) throw settingError('cert:key')
  }

  get type() {
    return 'public'
  }

  /** `rsa`, `rsa-pss`, `dsa`, `ec`, `ed25519`, `ed448`, `x25519`, `x448`, ... */
  get asymmetricKeyType() {
    return this.#key?.type
  }

  /** Its size, curve, exponent or limits. */
  get asymmetricKeyDetails() {
    return { ...this.#key?.details }
  }

  /**
   * The key as a SubjectPublicKeyInfo: no other form is known here.
   * @param {{ type: 'spki', format: 'der' | 'pem' }} options
   * @return {Buffer | string}
   */
  export(options) {
    if (options === null || typeof options !== 'object') throw makeError('ERR_INVALID_ARG_TYPE', ['options', 'of type object', options])
    const { type, format } = options
    if (!['der', 'pem'].includes(format)) throw makeError('ERR_INVALID_ARG_VALUE', ['options.format', 'is invalid', format])
    if (type !== 'spki') throw makeError('ERR_INVALID_ARG_VALUE', ['options.type', 'is invalid', type])
    const der = Buffer.from(this.#key?.der ?? [])
    return format === 'der' ? der : wrapPem(der.toString('base64'), 'PUBLIC KEY')
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
