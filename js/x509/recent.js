// Certificates that were read lately: peers show the same ones again and again.
import { isSame } from './octets.js'
import { tryReadCertificate } from './certificate.js'

/** @typedef {import('./certificate.js').Certificate} Certificate */

/** How many are kept. */
const KEPT = 64

/** How many octets at the end of a certificate tell it from most others: they are of its signature. */
const TELLING = 6

/** The least recently used first. @type {Map<number, { bytes: Uint8Array, certificate: Certificate }>} */
const recent = new Map()

/**
 * Read a certificate that may have been read before. What it gives is not to be changed.
 * @param {Uint8Array} bytes one certificate
 * @return {Certificate | null} null if it can not be read
 */
export function recallCertificate(bytes) {
  try {
    return recall(bytes)
  } catch {
    // As tryReadCertificate: nothing that a peer chooses may end the process.
    return null
  }
}

function recall(bytes) {
  const place = bytes.subarray(-TELLING).reduce((number, octet) => number * 256 + octet, 0)
  const known = recent.get(place)
  recent.delete(place)
  const isKnown = known && isSame(known.bytes, bytes)
  const certificate = isKnown ? known.certificate : tryReadCertificate(bytes)
  if (!certificate) return null
  recent.set(place, isKnown ? known : { bytes: Uint8Array.from(bytes), certificate })
  if (recent.size > KEPT) recent.delete(recent.keys().next().value ?? 0)
  return certificate
}
