// Who may have issued a certificate (X509_check_issued): by names, key identifiers, kinds of keys and what they may be used for. Whether
// the signature is good is another question.
import { authorityKey, isUnusable, maySign, subjectKey } from './extensions.js'
import * as Kind from './kind.js'
import { canonicalName } from './names.js'
import { isSame } from './octets.js'

/** @typedef {import('./certificate.js').Certificate} Certificate */

/** The keys that make signatures, by the arc of the signature's algorithm, and by its last number. @type {Record<string, Record<string, string>>} */
const SIGNERS = {
  '1.2.840.113549.1.1': {
    2: 'rsa',
    3: 'rsa',
    4: 'rsa',
    5: 'rsa',
    10: 'rsa-pss',
    11: 'rsa',
    12: 'rsa',
    13: 'rsa',
    14: 'rsa',
    15: 'rsa',
    16: 'rsa',
  },
  '1.2.840.10045.4': { 1: 'ec' },
  '1.2.840.10045.4.3': { 1: 'ec', 2: 'ec', 3: 'ec', 4: 'ec' },
  '1.2.840.10040.4': { 3: 'dsa' },
  '1.3.14.3.2': { 3: 'rsa', 15: 'rsa', 29: 'rsa', 13: 'dsa', 27: 'dsa' },
  '1.3.36.3.3.1': { 2: 'rsa' },
  '1.3.101': { 112: 'ed25519', 113: 'ed448' },
  '2.16.840.1.101.3.4.3': {
    ...{ 1: 'dsa', 2: 'dsa', 3: 'dsa', 4: 'dsa', 5: 'dsa', 6: 'dsa', 7: 'dsa', 8: 'dsa' },
    ...{ 9: 'ec', 10: 'ec', 11: 'ec', 12: 'ec', 13: 'rsa', 14: 'rsa', 15: 'rsa', 16: 'rsa' },
    ...{ 17: 'ml-dsa-44', 18: 'ml-dsa-65', 19: 'ml-dsa-87' },
  },
}

/**
 * Whether a key is of the kind that makes signatures of an algorithm.
 * @param {string} algorithm dotted
 * @param {string | undefined} type the kind of key, as Node names it
 */
export function fits(algorithm, type) {
  const point = algorithm.lastIndexOf('.')
  const signer = SIGNERS[algorithm.slice(0, point)]?.[algorithm.slice(point + 1)]
  return signer !== undefined && (signer === type || (signer === 'rsa-pss' && type === 'rsa'))
}

/**
 * Whether one certificate may have been issued with another.
 * @param {Certificate} issued
 * @param {Certificate} issuer
 */
export function isIssuedBy(issued, issuer) {
  return (
    canonicalName(issued.issuer) === canonicalName(issuer.subject) &&
    ![issued, issuer].some(isUnusable) &&
    isNamedAuthority(authorityKey(issued), issuer) &&
    fits(issued.signedAlgorithm.id, issuer.publicKey?.type) &&
    maySign(issuer, issued)
  )
}

/** Whether nothing that is said of the issuer speaks against one. */
function isNamedAuthority(authority, issuer) {
  if (!authority) return true
  const own = subjectKey(issuer)
  if (authority.key && own && !isSame(authority.key, own)) return false
  if (authority.serialNumber && !isSame(authority.serialNumber, issuer.serialNumber)) return false
  const directory = authority.names.find(({ kind }) => kind === Kind.DIRECTORY)?.directory
  return !directory || canonicalName(directory) === canonicalName(issuer.issuer)
}
