// The parameters of RSASSA-PSS (RFC 8017, A.2.3): what a key may be used with.
import { readAlgorithm } from './algorithm.js'
import { contents, CONTEXT, explicit, has, Malformed, sequence, write, writeObjectIdentifier, writeSequence, writeUnsigned } from './ber.js'
import * as Tag from './tag.js'

/** The hashes that OpenSSL knows here. @type {Record<string, string>} */
const HASHES = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
  '2.16.840.1.101.3.4.2.4': 'sha224',
  '2.16.840.1.101.3.4.2.5': 'sha512-224',
  '2.16.840.1.101.3.4.2.6': 'sha512-256',
}

const MGF1 = '1.2.840.113549.1.1.8'

const OLD_HASH = 'sha1'
const OLD_SALT = 20

/**
 * What a key is limited to, as Node tells it; what is left out is as of old.
 * @typedef {object} Limits
 * @property {string} hashAlgorithm
 * @property {string} mgf1HashAlgorithm
 * @property {number} saltLength
 */

/**
 * Read the parameters.
 * @param {import('./ber.js').Element} element
 * @return {Limits}
 */
export function readPssParameters(element) {
  const fields = sequence(element)
  const field = (tag) => (has(fields[0], tag, CONTEXT) ? explicit(fields.shift(), tag) : undefined)
  const [hash, mask, salt, trailer] = [field(0), field(1), field(2), field(3)]
  if (fields.length > 0 || (trailer && smallNumber(trailer) !== 1)) throw new Malformed()
  return {
    hashAlgorithm: hash ? hashName(hash) : OLD_HASH,
    mgf1HashAlgorithm: mask ? maskHash(mask) : OLD_HASH,
    saltLength: salt ? smallNumber(salt) : OLD_SALT,
  }
}

/** @param {import('./ber.js').Element | undefined} element */
function hashName(element) {
  const name = HASHES[readAlgorithm(element)[0]]
  if (!name) throw new Malformed()
  return name
}

function maskHash(element) {
  const [id, hash] = readAlgorithm(element)
  if (id !== MGF1) throw new Malformed()
  return hashName(hash)
}

/** A number that is not negative. */
function smallNumber(element) {
  const octets = contents(element, Tag.INTEGER)
  if (octets[0] & 0x80 || octets.length > 4) throw new Malformed()
  return octets.reduce((sum, octet) => sum * 256 + octet, 0)
}

const NOTHING = Uint8Array.of(Tag.NULL, 0)

/**
 * The parameters, in the shortest form.
 * @param {Limits} limits
 * @param {boolean} withNothing whether hashes have parameters, which are NULL
 */
export function writePssParameters({ hashAlgorithm, mgf1HashAlgorithm, saltLength }, withNothing) {
  const hash = (name) => {
    const id = Object.keys(HASHES).find((known) => HASHES[known] === name) ?? ''
    return writeSequence(writeObjectIdentifier(id), ...(withNothing ? [NOTHING] : []))
  }
  const fields = []
  if (hashAlgorithm !== OLD_HASH) fields.push(write(0xa0, hash(hashAlgorithm)))
  if (mgf1HashAlgorithm !== OLD_HASH) fields.push(write(0xa1, writeSequence(writeObjectIdentifier(MGF1), hash(mgf1HashAlgorithm))))
  if (saltLength !== OLD_SALT) fields.push(write(0xa2, writeNumber(saltLength)))
  return writeSequence(...fields)
}

const writeNumber = (value) => writeUnsigned(Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value))
