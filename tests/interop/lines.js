// What is sent in the interop tests: lines of 64 hexadecimal digits, which every stack's programs carry.

/** selfserv takes 10 KiB at most; 600 lines are three records. */
const COUNTS = { nss: 120, gnutls: 600, openssl: 600, node: 600 }

/**
 * Lines for an exchange with a stack.
 * @param {import('../harness.js').Trial} t
 * @param {string} stack
 * @return {string[]} without their ends
 */
export const linesFor = (t, stack) =>
  t
    .random(11, COUNTS[stack] * 32)
    .toString('hex')
    .match(/.{64}/g)

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
