// Names of what a handshake agrees on, by the numbers of the wire (IANA: TLS Parameters).

/** OpenSSL’s name, the IANA name, and the lowest version with the suite. */
const SUITES = {
  4865: ['TLS_AES_128_GCM_SHA256', 'TLS_AES_128_GCM_SHA256', 'TLSv1.3'],
  4866: ['TLS_AES_256_GCM_SHA384', 'TLS_AES_256_GCM_SHA384', 'TLSv1.3'],
  4867: ['TLS_CHACHA20_POLY1305_SHA256', 'TLS_CHACHA20_POLY1305_SHA256', 'TLSv1.3'],
  49195: ['ECDHE-ECDSA-AES128-GCM-SHA256', 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'TLSv1.2'],
  49196: ['ECDHE-ECDSA-AES256-GCM-SHA384', 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', 'TLSv1.2'],
  49199: ['ECDHE-RSA-AES128-GCM-SHA256', 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'TLSv1.2'],
  49200: ['ECDHE-RSA-AES256-GCM-SHA384', 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'TLSv1.2'],
  52392: ['ECDHE-RSA-CHACHA20-POLY1305', 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256', 'TLSv1.2'],
  52393: ['ECDHE-ECDSA-CHACHA20-POLY1305', 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256', 'TLSv1.2'],
}

/** Node's getEphemeralKeyInfo by group. */
const GROUPS = {
  23: { type: 'ECDH', name: 'prime256v1', size: 256 },
  24: { type: 'ECDH', name: 'secp384r1', size: 384 },
  25: { type: 'ECDH', name: 'secp521r1', size: 521 },
  29: { type: 'ECDH', name: 'X25519', size: 253 },
  // No key of one size: as in Node.
  4588: { type: 'TLSGroup', name: 'X25519MLKEM768', size: undefined },
}

const PROTOCOLS = { 771: 'TLSv1.2', 772: 'TLSv1.3' }

/**
 * @param {number} number
 * @return {{name: string, standardName: string, version: string}}
 */
export function cipherNames(number) {
  const [name, standardName, version] = SUITES[number]
  return { name, standardName, version }
}

/**
 * Node's tls.getCiphers(): the suites that work here, in lower case and in the order of the alphabet.
 * @return {string[]} a new array
 */
export const allCipherNames = () =>
  Object.values(SUITES)
    .map(([name]) => name.toLowerCase())
    .sort()

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
