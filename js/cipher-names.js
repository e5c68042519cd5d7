// Names of what a handshake agrees on, by the numbers of the wire (IANA: TLS Parameters).
import { TLS12, TLS13 } from './versions.js'

/** The suites that work here, the preferred ones first: the number, the IANA name, and OpenSSL’s where it is another: in TLS 1.2. */
const SUITES = /** @type {[number, string, string?][]} */ ([
  [4867, 'TLS_CHACHA20_POLY1305_SHA256'],
  [4866, 'TLS_AES_256_GCM_SHA384'],
  [4865, 'TLS_AES_128_GCM_SHA256'],
  [52393, 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256', 'ECDHE-ECDSA-CHACHA20-POLY1305'],
  [52392, 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256', 'ECDHE-RSA-CHACHA20-POLY1305'],
  [49196, 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
  [49200, 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'ECDHE-RSA-AES256-GCM-SHA384'],
  [49195, 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'ECDHE-ECDSA-AES128-GCM-SHA256'],
  [49199, 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'],
]).map(([number, standardName, name]) => ({
  number,
  cipher: { name: name ?? standardName, standardName, version: name ? 'TLSv1.2' : 'TLSv1.3' },
}))

/** What contexts offer by default, in OpenSSL's language. */
export const DEFAULT_CIPHERS = SUITES.map(({ cipher }) => cipher.name).join(':')

/** Node's getEphemeralKeyInfo by group. */
const GROUPS = {
  23: { type: 'ECDH', name: 'prime256v1', size: 256 },
  24: { type: 'ECDH', name: 'secp384r1', size: 384 },
  25: { type: 'ECDH', name: 'secp521r1', size: 521 },
  29: { type: 'ECDH', name: 'X25519', size: 253 },
  // No key of one size: as in Node.
  4588: { type: 'TLSGroup', name: 'X25519MLKEM768', size: undefined },
}

const PROTOCOLS = { [TLS12]: 'TLSv1.2', [TLS13]: 'TLSv1.3' }

/**
 * @param {number} number of one of them
 * @return {{name: string, standardName: string, version: string}} a new object
 */
export const cipherNames = (number) => ({ ...SUITES.find((suite) => suite.number === number).cipher })

/**
 * Node's tls.getCiphers(): the suites that work here, in lower case and in the order of the alphabet.
 * @return {string[]} a new array
 */
export const allCipherNames = () => SUITES.map(({ cipher }) => cipher.name.toLowerCase()).sort()

/**
 * @param {number} number 0 where there was no key exchange
 * @return {{type?: string, name?: string, size?: number}}
 */
export const groupNames = (number) => ({ ...GROUPS[number] })

/**
 * @param {number} number
 * @return {string | null}
 */
export const protocolName = (number) => PROTOCOLS[number] ?? null
