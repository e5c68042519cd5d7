// Certificates (RFC 5280), read as OpenSSL reads them: any version, any extension, any name. What is no certificate to it is none
// here.
import { readAlgorithm } from './algorithm.js'
import {
  bits,
  contents,
  CONTEXT,
  explicit,
  first,
  has,
  list,
  Malformed,
  objectIdentifier,
  rewrite,
  sequence,
  writeSequence,
} from './ber.js'
import * as Tag from './tag.js'
import { readName } from './names.js'
import { concatenate } from './octets.js'
import { readPublicKey, readPublicKeyInfo } from './public-key.js'
import { readTime } from './time.js'

/**
 * @typedef {object} Extension
 * @property {string} id dotted
 * @property {boolean} critical
 * @property {Uint8Array} value
 *
 * @typedef {object} Algorithm
 * @property {string} id dotted
 * @property {Uint8Array} contents of the AlgorithmIdentifier
 *
 * @typedef {object} Certificate
 * @property {Uint8Array} der the whole, written as OpenSSL writes it
 * @property {Uint8Array} signed the TBSCertificate
 * @property {Uint8Array} serialNumber
 * @property {Algorithm} signedAlgorithm what the signature is said to be where it is signed
 * @property {import('./names.js').Name} issuer
 * @property {import('./time.js').Time} validFrom
 * @property {import('./time.js').Time} validTo
 * @property {import('./names.js').Name} subject
 * @property {import('./public-key.js').PublicKey | null} publicKey
 * @property {Extension[]} extensions
 * @property {Algorithm} algorithm
 * @property {Uint8Array} signature
 */

/**
 * Read a certificate; more may follow it.
 * @param {Uint8Array} bytes
 * @return {Certificate}
 * @throws {Malformed}
 */
export function readCertificate(bytes) {
  const [signed, algorithm, signature, ...more] = sequence(first(bytes))
  if (!signature || more.length > 0) throw new Malformed()
  const outer = readOuterAlgorithm(algorithm)
  const octets = bits(signature)
  return {
    der: writeSequence(signed.bytes, writeSequence(outer.contents), rewrite(signature)),
    ...readSigned(signed),
    algorithm: outer,
    signature: octets,
  }
}

/**
 * Read a certificate, or give null.
 * @param {Uint8Array} bytes
 */
export function tryReadCertificate(bytes) {
  try {
    return readCertificate(bytes)
  } catch {
    // Whatever it is: peers choose the bytes, and where the reader has a fault, that must not let them end the process.
    return null
  }
}

function readOuterAlgorithm(element) {
  const [id] = readAlgorithm(element)
  const parts = sequence(element).map(rewrite)
  return { id, contents: concatenate(parts) }
}

function readSigned(signed) {
  const fields = sequence(signed)
  // Any version is taken for any.
  if (has(fields[0], 0, CONTEXT)) contents(explicit(fields.shift(), 0), Tag.INTEGER)
  const [serialNumber, algorithm, issuer, validity, subject, publicKey, ...optional] = fields
  const [validFrom, validTo, ...moreTimes] = sequence(validity)
  if (moreTimes.length > 0) throw new Malformed()
  const read = {
    signed: signed.bytes,
    serialNumber: contents(serialNumber, Tag.INTEGER),
    signedAlgorithm: readOuterAlgorithm(algorithm),
    issuer: readName(issuer),
    validFrom: readTime(validFrom),
    validTo: readTime(validTo),
    subject: readName(subject),
    publicKey: readPublicKey(readPublicKeyInfo(publicKey)),
  }
  // The unique identifiers of version 2.
  for (const tag of [1, 2]) if (has(optional[0], tag, CONTEXT)) bits(optional.shift(), tag)
  const extensions = has(optional[0], 3, CONTEXT) ? list(explicit(optional.shift(), 3)).map(readExtension) : []
  if (optional.length > 0) throw new Malformed()
  return { ...read, extensions }
}

function readExtension(element) {
  const [id, ...rest] = sequence(element)
  const critical = has(rest[0], Tag.BOOLEAN) && contents(rest.shift(), Tag.BOOLEAN)[0] !== 0
  const [value, ...more] = rest
  if (more.length > 0) throw new Malformed()
  return { id: objectIdentifier(id), critical, value: contents(value, Tag.OCTET_STRING) }
}
