// Public keys as JWKs (RFC 7517): of RSA and elliptic curves (RFC 7518, 6), of octets alone (RFC 8037), and of ML-DSA
// (draft-ietf-cose-dilithium), as Node exports them.
import { Buffer } from '#platform'
import { makeError } from '../errors.js'
import { coordinates } from './curves.js'
import { withoutZeros } from './octets.js'
import { keyOctets } from './public-key.js'

/** @typedef {import('./public-key.js').PublicKey} PublicKey */

/** Curves that JWKs have, by OpenSSL's names. @type {Record<string, string>} */
const CURVES = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521', secp256k1: 'secp256k1' }

/** Keys that are octets alone, by Node's names. @type {Record<string, string>} */
const PLAIN = { ed25519: 'Ed25519', ed448: 'Ed448', x25519: 'X25519', x448: 'X448' }

/**
 * A key as a JWK.
 * @param {PublicKey} key
 * @return {Record<string, string>}
 * @throws ERR_CRYPTO_JWK_UNSUPPORTED_KEY_TYPE, ERR_CRYPTO_JWK_UNSUPPORTED_CURVE
 */
export function exportJwk(key) {
  const { type, der, shown } = key
  if (type === 'ec') return exportPoint(key)
  if (type in PLAIN) return { kty: 'OKP', crv: PLAIN[type], x: base64url(keyOctets(der)) }
  if (type.startsWith('ml-dsa-')) return { kty: 'AKP', alg: type.toUpperCase(), pub: base64url(keyOctets(der)) }
  if (type !== 'rsa' || !shown?.modulus || !shown.exponent) throw makeError('ERR_CRYPTO_JWK_UNSUPPORTED_KEY_TYPE')
  const [n, e] = [shown.modulus, shown.exponent].map((octets) => base64url(withoutZeros(octets)))
  return { kty: 'RSA', n, e }
}

/** @param {PublicKey} key */
function exportPoint({ shown }) {
  // A curve without a name, or the point at infinity.
  if (!shown?.curve || !shown.key) throw makeError('ERR_CRYPTO_OPERATION_FAILED', ['Failed to export JWK'])
  const { name = '', equation } = shown.curve
  if (!(name in CURVES) || !equation) throw makeError('ERR_CRYPTO_JWK_UNSUPPORTED_CURVE', [name])
  const [x, y] = coordinates(shown.key, equation).map(base64url)
  return { kty: 'EC', x, y, crv: CURVES[name] }
}

/** RFC 4648, 5, without padding. @param {Uint8Array} octets */
const base64url = (octets) => Buffer.from(octets).toString('base64').replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
