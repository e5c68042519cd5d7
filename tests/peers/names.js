// Cipher suites and key exchange groups, in OpenSSL's words (which a `Description` uses) and in those of other stacks.

/**
 * @typedef {object} Suite
 * @property {string} name OpenSSL's
 * @property {string} code of the wire, in hex
 * @property {'TLSv1.2' | 'TLSv1.3'} version
 * @property {'ECDSA' | 'RSA'} [authentication] of a suite of TLS 1.2
 * @property {string} cipher GnuTLS's
 */

/** @type {Suite[]} */
export const SUITES = [
  { version: 'TLSv1.3', code: '1301', name: 'TLS_AES_128_GCM_SHA256', cipher: 'AES-128-GCM' },
  { version: 'TLSv1.3', code: '1302', name: 'TLS_AES_256_GCM_SHA384', cipher: 'AES-256-GCM' },
  { version: 'TLSv1.3', code: '1303', name: 'TLS_CHACHA20_POLY1305_SHA256', cipher: 'CHACHA20-POLY1305' },
  { version: 'TLSv1.2', code: 'c02b', name: 'ECDHE-ECDSA-AES128-GCM-SHA256', authentication: 'ECDSA', cipher: 'AES-128-GCM' },
  { version: 'TLSv1.2', code: 'c02c', name: 'ECDHE-ECDSA-AES256-GCM-SHA384', authentication: 'ECDSA', cipher: 'AES-256-GCM' },
  { version: 'TLSv1.2', code: 'cca9', name: 'ECDHE-ECDSA-CHACHA20-POLY1305', authentication: 'ECDSA', cipher: 'CHACHA20-POLY1305' },
  { version: 'TLSv1.2', code: 'c02f', name: 'ECDHE-RSA-AES128-GCM-SHA256', authentication: 'RSA', cipher: 'AES-128-GCM' },
  { version: 'TLSv1.2', code: 'c030', name: 'ECDHE-RSA-AES256-GCM-SHA384', authentication: 'RSA', cipher: 'AES-256-GCM' },
  { version: 'TLSv1.2', code: 'cca8', name: 'ECDHE-RSA-CHACHA20-POLY1305', authentication: 'RSA', cipher: 'CHACHA20-POLY1305' },
]

/** A group's names: as tests say it, in Node's `getEphemeralKeyInfo` and OpenSSL's output, in GnuTLS, in NSS; and its size as NSS tells it. */
export const GROUPS = [
  { name: 'X25519', openssl: 'X25519', gnutls: 'X25519', nss: 'x25519', bits: '255' },
  { name: 'P-256', openssl: 'prime256v1', gnutls: 'SECP256R1', nss: 'P256', bits: '256' },
  { name: 'P-384', openssl: 'secp384r1', gnutls: 'SECP384R1', nss: 'P384', bits: '384' },
  { name: 'P-521', openssl: 'secp521r1', gnutls: 'SECP521R1', nss: 'P521', bits: '521' },
]

/**
 * What a suite is called that a stack describes by its parts, or null where the parts name none of ours.
 * @param {Partial<Suite>} parts
 * @return {string | null}
 */
export function suiteName(parts) {
  const found = SUITES.filter((suite) => Object.entries(parts).every(([part, value]) => suite[part] === undefined || suite[part] === value))
  return found.length === 1 ? found[0].name : null
}

/**
 * What a group is called.
 * @param {'openssl' | 'gnutls' | 'nss' | 'bits'} field whose word it is
 * @param {string | null | undefined} word
 * @return {string | null}
 */
export const groupName = (field, word) => GROUPS.find((group) => group[field] === word)?.name ?? null

/**
 * The suites and groups that a description allows, null for what it leaves open.
 * @param {{ ciphers?: string, ciphersuites?: string, groups?: string }} description
 */
export function allowed({ ciphers, ciphersuites, groups }) {
  const names = [ciphersuites, ciphers].filter(Boolean).join(':').split(':').filter(Boolean)
  return {
    suites: names.length ? names.map((name) => find(SUITES, name)) : null,
    groups: groups ? groups.split(':').map((name) => find(GROUPS, name)) : null,
  }
}

function find(table, name) {
  const found = table.find((entry) => entry.name === name)
  if (!found) throw new Error(`'${name}' has no name in other stacks here; known are ${table.map((entry) => entry.name).join(', ')}`)
  return found
}
