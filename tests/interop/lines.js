// What is sent in the interop tests: lines of an x and 63 hexadecimal digits, which every stack's programs carry.

/** selfserv takes 10 KiB at most; 600 lines are three records. */
const COUNTS = { nss: 120, gnutls: 600, openssl: 600, node: 600 }

/**
 * Lines for an exchange with a stack.
 * @param {import('../harness.js').Trial} t
 * @param {string} stack
 * @return {string[]} without their ends
 */
export function linesFor(t, stack) {
  const digits = t.random(11, COUNTS[stack] * 32).toString('hex')
  return Array.from({ length: COUNTS[stack] }, (_, index) => `x${digits.slice(index * 64, index * 64 + 63)}`)
}

/** What ALPN is tried with: NSS's server knows no other protocol. */
export const PROTOCOL = 'http/1.1'

export const OTHER_PROTOCOL = 'h2'

/** Alerts (RFC 8446, 6). */
export const ALERTS = {
  handshakeFailure: 40,
  badCertificate: 42,
  decodeError: 50,
  certificateRequired: 116,
  noApplicationProtocol: 120,
}
