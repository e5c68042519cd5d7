// Public keys (RFC 5280, 4.1.2.7), as far as OpenSSL would read them: what Node tells of one, and whether one is another.
import { readAlgorithm } from './algorithm.js'
import {
  bits,
  contents,
  first,
  has,
  Malformed,
  objectIdentifier,
  sequence,
  writeBits,
  writeObjectIdentifier,
  writeSequence,
  writeUnsigned,
} from './ber.js'
import * as Tag from './tag.js'
import { describedCurve, isPoint, namedCurve } from './curves.js'
import { number, withoutZeros } from './octets.js'
import { readPssParameters, writePssParameters } from './pss.js'

/**
 * @typedef {object} PublicKeyInfo
 * @property {string} id the algorithm, dotted
 * @property {import('./ber.js').Element | undefined} parameters
 * @property {Uint8Array} bits
 *
 * @typedef {object} PublicKey
 * @property {string} type as Node names it: `rsa`, `rsa-pss`, `ec`, `ed25519`, ...
 * @property {Uint8Array} der a SubjectPublicKeyInfo
 * @property {Record<string, any>} details Node's `asymmetricKeyDetails`
 * @property {Shown} [shown]
 *
 * @typedef {object} Shown what a certificate object tells of it
 * @property {Uint8Array} [modulus] of RSA
 * @property {Uint8Array} [exponent] of RSA
 * @property {Uint8Array} [key] of RSA a SubjectPublicKeyInfo, of elliptic curves the point
 * @property {number} bits
 * @property {import('./curves.js').Curve} [curve]
 */

/** The contents of `subjectPublicKeyInfo`. @param {import('./ber.js').Element | undefined} element @return {PublicKeyInfo} */
export function readPublicKeyInfo(element) {
  const [algorithm, key, ...more] = sequence(element)
  if (more.length > 0) throw new Malformed()
  const [id, parameters] = readAlgorithm(algorithm)
  return { id, parameters, bits: bits(key) }
}

/** The key itself, as its kind has it. @param {Uint8Array} der a SubjectPublicKeyInfo */
export const keyOctets = (der) => readPublicKeyInfo(first(der)).bits

/** Keys that are octets of one length, without parameters. @type {Record<string, [string, number]>} */
const PLAIN = {
  '1.3.101.110': ['x25519', 32],
  '1.3.101.111': ['x448', 56],
  '1.3.101.112': ['ed25519', 32],
  '1.3.101.113': ['ed448', 57],
  '2.16.840.1.101.3.4.3.17': ['ml-dsa-44', 1312],
  '2.16.840.1.101.3.4.3.18': ['ml-dsa-65', 1952],
  '2.16.840.1.101.3.4.3.19': ['ml-dsa-87', 2592],
}

/** Kinds of keys by the algorithm. @type {Record<string, (info: PublicKeyInfo) => PublicKey>} */
const READERS = {
  '1.2.840.113549.1.1.1': readRsa,
  '2.5.8.1.1': readRsa,
  '1.2.840.113549.1.1.10': readRsaPss,
  '1.2.840.10045.2.1': readEllipticCurve,
  '1.2.840.10040.4.1': readDsa,
}

/**
 * Read a key; null if it is no good, or of a kind that is not known here.
 * @param {PublicKeyInfo} info
 * @return {PublicKey | null}
 */
export function readPublicKey(info) {
  try {
    return READERS[info.id]?.(info) ?? readPlain(info)
  } catch (error) {
    if (error instanceof Malformed) return null
    throw error
  }
}

function readPlain({ id, parameters, bits: octets }) {
  const [type, length] = PLAIN[id] ?? []
  if (!type || parameters || octets.length !== length) throw new Malformed()
  return { type, der: writePublicKeyInfo(id, [], octets), details: {} }
}

const RSA = '1.2.840.113549.1.1.1'
const NOTHING = Uint8Array.of(Tag.NULL, 0)

function readRsa(info) {
  const { numbers, details, shown } = readRsaNumbers(info)
  const der = writePublicKeyInfo(RSA, [NOTHING], numbers)
  return { type: 'rsa', der, details, shown: { ...shown, key: der } }
}

function readRsaPss(info) {
  const { numbers, details, shown } = readRsaNumbers(info)
  const limits = info.parameters && readPssParameters(info.parameters)
  const parameters = (withNothing) => (limits ? [writePssParameters(limits, withNothing)] : [])
  return {
    type: 'rsa-pss',
    der: writePublicKeyInfo(info.id, parameters(true), numbers),
    details: { ...details, ...limits },
    // An odd form, but it is Node's.
    shown: { ...shown, key: writePublicKeyInfo(RSA, parameters(false), numbers) },
  }
}

/** Modulus and exponent. OpenSSL takes both for positive, however they begin, and looks no further. */
function readRsaNumbers({ bits: octets }) {
  const [modulus, exponent, ...more] = sequence(first(octets)).map(unsigned)
  if (!exponent || more.length > 0) throw new Malformed()
  return {
    numbers: writeSequence(writeUnsigned(modulus), writeUnsigned(exponent)),
    details: { modulusLength: bitLength(modulus), publicExponent: number(exponent) },
    shown: { modulus, exponent, bits: bitLength(modulus) },
  }
}

/** The octets of an INTEGER, taken for a positive one. */
function unsigned(element) {
  if (!has(element, Tag.INTEGER) || element.constructed) throw new Malformed()
  return element.value
}

/** How many bits a positive number has. @param {Uint8Array} octets */
function bitLength(octets) {
  const digits = withoutZeros(octets)
  return digits.length === 0 ? 0 : 8 * digits.length - (Math.clz32(digits[0]) - 24)
}

function readEllipticCurve({ id, parameters, bits: octets }) {
  if (!parameters) throw new Malformed()
  const isNamed = has(parameters, Tag.OBJECT_IDENTIFIER)
  const curve = isNamed ? namedCurve(objectIdentifier(parameters)) : readDescribedCurve(parameters)
  if (!curve || ![0, 2, 3, 4, 6, 7].includes(octets[0]) || (curve.equation && !isPoint(octets, curve.equation))) throw new Malformed()
  return {
    type: 'ec',
    der: writePublicKeyInfo(id, [parameters.bytes], octets),
    details: curve.name ? { namedCurve: curve.name } : {},
    // Of a curve without a name nothing is told, nor is the point at infinity.
    shown: curve.name ? { key: octets[0] === 0 ? undefined : octets, bits: curve.bits, curve } : undefined,
  }
}

const PRIME_FIELD = '1.2.840.10045.1.1'

/** A curve that is described (SEC 1, C.2), over a prime field. */
function readDescribedCurve(parameters) {
  const [version, field, coefficients, base, order, cofactor] = sequence(parameters)
  contents(version, Tag.INTEGER)
  const [kind, prime] = sequence(field)
  if (objectIdentifier(kind) !== PRIME_FIELD) throw new Malformed()
  const [a, b] = sequence(coefficients).map((element) => number(element.value))
  if (b === undefined) throw new Malformed()
  const modulus = number(contents(prime, Tag.INTEGER))
  const curve = describedCurve([modulus, a, b], contents(base, Tag.OCTET_STRING), number(contents(order, Tag.INTEGER)))
  if (!curve) throw new Malformed()
  const isOne = !cofactor || number(contents(cofactor, Tag.INTEGER)) === 1n
  return isOne ? curve : { ...curve, name: undefined }
}

function readDsa({ id, parameters, bits: octets }) {
  contents(first(octets), Tag.INTEGER)
  const [modulus, divisor, generator] = parameters ? sequence(parameters).map(unsigned) : []
  if (!parameters || !generator) throw new Malformed()
  const details = { modulusLength: bitLength(modulus), divisorLength: bitLength(divisor) }
  return { type: 'dsa', der: writePublicKeyInfo(id, [parameters.bytes], octets), details }
}

/** A SubjectPublicKeyInfo. */
const writePublicKeyInfo = (id, parameters, octets) =>
  writeSequence(writeSequence(writeObjectIdentifier(id), ...parameters), writeBits(octets))
