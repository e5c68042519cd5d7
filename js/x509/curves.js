// Elliptic curves by their OBJECT IDENTIFIERs, under OpenSSL's names.
import { number, octetsOf } from './octets.js'

/** By arc and number: OpenSSL's name, the bits of the order, NIST's name if it has one. @type {Record<string, Record<number, string>>} */
const NAMES = {
  '1.2.840.10045.3.0': {
    1: 'c2pnb163v1 163',
    2: 'c2pnb163v2 162',
    3: 'c2pnb163v3 162',
    4: 'c2pnb176v1 161',
    5: 'c2tnb191v1 191',
    6: 'c2tnb191v2 190',
    7: 'c2tnb191v3 189',
    10: 'c2pnb208w1 193',
    11: 'c2tnb239v1 238',
    12: 'c2tnb239v2 237',
    13: 'c2tnb239v3 236',
    16: 'c2pnb272w1 257',
    17: 'c2pnb304w1 289',
    18: 'c2tnb359v1 353',
    19: 'c2pnb368w1 353',
    20: 'c2tnb431r1 418',
  },
  '1.2.840.10045.3.1': {
    1: 'prime192v1 192 P-192',
    2: 'prime192v2 192',
    3: 'prime192v3 192',
    4: 'prime239v1 239',
    5: 'prime239v2 239',
    6: 'prime239v3 239',
    7: 'prime256v1 256 P-256',
  },
  '1.3.132.0': {
    1: 'sect163k1 163 K-163',
    2: 'sect163r1 162',
    3: 'sect239k1 238',
    4: 'sect113r1 113',
    5: 'sect113r2 113',
    6: 'secp112r1 112',
    7: 'secp112r2 110',
    8: 'secp160r1 161',
    9: 'secp160k1 161',
    10: 'secp256k1 256',
    15: 'sect163r2 163 B-163',
    16: 'sect283k1 281 K-283',
    17: 'sect283r1 282 B-283',
    22: 'sect131r1 131',
    23: 'sect131r2 131',
    24: 'sect193r1 193',
    25: 'sect193r2 193',
    26: 'sect233k1 232 K-233',
    27: 'sect233r1 233 B-233',
    28: 'secp128r1 128',
    29: 'secp128r2 126',
    30: 'secp160r2 161',
    31: 'secp192k1 192',
    32: 'secp224k1 225',
    33: 'secp224r1 224 P-224',
    34: 'secp384r1 384 P-384',
    35: 'secp521r1 521 P-521',
    36: 'sect409k1 407 K-409',
    37: 'sect409r1 409 B-409',
    38: 'sect571k1 570 K-571',
    39: 'sect571r1 570 B-571',
  },
  '1.3.36.3.3.2.8.1.1': {
    1: 'brainpoolP160r1 160',
    2: 'brainpoolP160t1 160',
    3: 'brainpoolP192r1 192',
    4: 'brainpoolP192t1 192',
    5: 'brainpoolP224r1 224',
    6: 'brainpoolP224t1 224',
    7: 'brainpoolP256r1 256',
    8: 'brainpoolP256t1 256',
    9: 'brainpoolP320r1 320',
    10: 'brainpoolP320t1 320',
    11: 'brainpoolP384r1 384',
    12: 'brainpoolP384t1 384',
    13: 'brainpoolP512r1 512',
    14: 'brainpoolP512t1 512',
  },
  '2.23.43.1.4': {
    1: 'wap-wsg-idm-ecid-wtls1 112',
    3: 'wap-wsg-idm-ecid-wtls3 163',
    4: 'wap-wsg-idm-ecid-wtls4 113',
    5: 'wap-wsg-idm-ecid-wtls5 163',
    6: 'wap-wsg-idm-ecid-wtls6 112',
    7: 'wap-wsg-idm-ecid-wtls7 161',
    8: 'wap-wsg-idm-ecid-wtls8 113',
    9: 'wap-wsg-idm-ecid-wtls9 161',
    10: 'wap-wsg-idm-ecid-wtls10 232',
    11: 'wap-wsg-idm-ecid-wtls11 233',
    12: 'wap-wsg-idm-ecid-wtls12 224',
  },
}

/**
 * y² = x³ + ax + b modulo p, for the curves that are in use: p, a, b; the end of the generator's x, and its order.
 * @type {Record<string, [bigint, bigint, bigint, bigint, bigint]>}
 */
const IN_USE = {
  '1.2.840.10045.3.1.1': [
    0xfffffffffffffffffffffffffffffffeffffffffffffffffn,
    -3n,
    0x64210519e59c80e70fa7e9ab72243049feb8deecc146b9b1n,
    0x7cbf20eb43a18800f4ff0afd82ff1012n,
    0xffffffffffffffffffffffff99def836146bc9b1b4d22831n,
  ],
  '1.3.132.0.33': [
    0xffffffffffffffffffffffffffffffff000000000000000000000001n,
    -3n,
    0xb4050a850c04b3abf54132565044b0b7d7bfd8ba270b39432355ffb4n,
    0x4a03c1d356c21122343280d6115c1d21n,
    0xffffffffffffffffffffffffffff16a2e0b8f03e13dd29455c5c2a3dn,
  ],
  '1.2.840.10045.3.1.7': [
    0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
    -3n,
    0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
    0x77037d812deb33a0f4a13945d898c296n,
    0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  ],
  '1.3.132.0.34': [
    0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffffn,
    -3n,
    0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
    0x5502f25dbf55296c3a545e3872760ab7n,
    0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  ],
  '1.3.132.0.35': [
    0x1ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffn,
    -3n,
    0x51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
    0x3348b3c1856a429bf97e7e31c2e5bd66n,
    0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
  ],
  '1.3.132.0.10': [
    0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2fn,
    0n,
    0x7n,
    0x29bfcdb2dce28d959f2815b16f81798n,
    0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
  ],
  '1.3.36.3.3.2.8.1.1.7': [
    0xa9fb57dba1eea9bc3e660a909d838d726e3bf623d52620282013481d1f6e5377n,
    0x7d5a0975fc2c3057eef67530417affe7fb8055c126dc5c6ce94a4b44f330b5d9n,
    0x26dc5c6ce94a4b44f330b5d9bbd77cbf958416295cf7e1ce6bccdc18ff8c07b6n,
    0xb9de27e1e3bd23c23a4453bd9ace3262n,
    0xa9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7n,
  ],
  '1.3.36.3.3.2.8.1.1.11': [
    0x8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b412b1da197fb71123acd3a729901d1a71874700133107ec53n,
    0x7bc382c63d8c150c3c72080ace05afa0c2bea28e4fb22787139165efba91f90f8aa5814a503ad4eb04a8c7dd22ce2826n,
    0x4a8c7dd22ce28268b39b55416f0447c2fb77de107dcd2a62e880ea53eeb62d57cb4390295dbc9943ab78696fa504c11n,
    0xe826e03436d646aaef87b2e247d4af1en,
    0x8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b31f166e6cac0425a7cf3ab6af6b7fc3103b883202e9046565n,
  ],
  '1.3.36.3.3.2.8.1.1.13': [
    0xaadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca703308717d4d9b009bc66842aecda12ae6a380e62881ff2f2d82c68528aa6056583a48f3n,
    0x7830a3318b603b89e2327145ac234cc594cbdd8d3df91610a83441caea9863bc2ded5d5aa8253aa10a2ef1c98b9ac8b57f1117a72bf2c7b9e7c1ac4d77fc94can,
    0x3df91610a83441caea9863bc2ded5d5aa8253aa10a2ef1c98b9ac8b57f1117a72bf2c7b9e7c1ac4d77fc94cadc083e67984050b75ebae5dd2809bd638016f723n,
    0x7c6d5047406a5e688b352209bcb9f822n,
    0xaadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca70330870553e5c414ca92619418661197fac10471db1d381085ddaddb58796829ca90069n,
  ],
}

/** How many octets of the generator's x are compared: nobody finds another point that ends in the same ones. */
const TELLING = 16

/** A field that OpenSSL would not work in, in bits. */
const TOO_LARGE = 661

/**
 * @typedef {object} Curve
 * @property {string} [name] OpenSSL's
 * @property {string} [nistName]
 * @property {number} bits of the order
 * @property {Equation} [equation] unknown of curves that are hardly in use
 *
 * @typedef {[modulus: bigint, a: bigint, b: bigint]} Equation
 */

/**
 * A curve that has a name, or undefined.
 * @param {string} id dotted
 * @return {Curve | undefined}
 */
export function namedCurve(id) {
  const end = id.lastIndexOf('.')
  const [name, size, nistName] = NAMES[id.slice(0, end)]?.[id.slice(end + 1)]?.split(' ') ?? []
  return name === undefined ? undefined : { name, nistName, bits: Number(size), equation: equationOf(id) }
}

/** @return {Equation | undefined} */
function equationOf(id) {
  const [modulus, a, b] = IN_USE[id] ?? []
  return modulus === undefined ? undefined : [modulus, a, b]
}

/**
 * A curve that is described: under its name if it is one of those that are in use.
 * @param {Equation} equation
 * @param {Uint8Array} generator
 * @param {bigint} order
 * @return {Curve | undefined} undefined if nobody works on such a curve
 */
export function describedCurve(equation, generator, order) {
  const [modulus, a, b] = equation
  if (modulus < 5n || modulus % 2n === 0n || modulus.toString(2).length > TOO_LARGE || !isPoint(generator, equation)) return undefined
  const x = number(generator.subarray(1, 1 + sizeOf(modulus)).subarray(-TELLING))
  const known = Object.keys(IN_USE).find((id) => {
    const [p, otherA, otherB, otherX, otherOrder] = IN_USE[id]
    return p === modulus && remainder(otherA - a, p) === 0n && otherB === b && otherX === x && otherOrder === order
  })
  return known ? namedCurve(known) : { bits: order.toString(2).length, equation }
}

/** How many octets the numbers of a field have. */
const sizeOf = (modulus) => Math.ceil(modulus.toString(16).length / 2)

/**
 * Whether bytes are a point of a curve (SEC 1, 2.3.4), compressed, whole, both, or the one at infinity.
 * @param {Uint8Array} point
 * @param {Equation} equation
 */
export function isPoint(point, [p, a, b]) {
  const form = point[0]
  if (form === 0) return point.length === 1
  const size = sizeOf(p)
  const x = number(point.subarray(1, 1 + size))
  if (x >= p) return false
  const square = remainder(x * x * x + a * x + b, p)
  if (form === 2 || form === 3) return point.length === 1 + size && isSquare(square, p, form === 3)
  const y = number(point.subarray(1 + size))
  if (![4, 6, 7].includes(form) || point.length !== 1 + 2 * size || y >= p) return false
  return remainder(y * y, p) === square && (form === 4 || Number(y & 1n) === form - 6)
}

/**
 * The coordinates of a point that is one of the curve's, and not the one at infinity.
 * @param {Uint8Array} point
 * @param {Equation} equation of a modulus that is 3 modulo 4, as those of the curves in JWKs are
 * @return {[x: Uint8Array, y: Uint8Array]}
 */
export function coordinates(point, [p, a, b]) {
  const size = sizeOf(p)
  const octets = point.subarray(1, 1 + size)
  if (point.length > 1 + size) return [octets, point.subarray(1 + size)]
  const x = number(octets)
  const y = power(remainder(x * x * x + a * x + b, p), (p + 1n) / 4n, p)
  return [octets, octetsOf(Number(y & 1n) === point[0] - 2 ? y : p - y, size)]
}

/** @param {bigint} value @param {bigint} modulus */
const remainder = (value, modulus) => ((value % modulus) + modulus) % modulus

/** Whether a number has a square root (Euler); of zero there is none that is odd. */
function isSquare(value, p, odd) {
  return value === 0n ? !odd : power(value, (p - 1n) / 2n, p) === 1n
}

function power(base, exponent, modulus) {
  let result = 1n
  for (const bit of exponent.toString(2)) {
    result = (result * result) % modulus
    if (bit === '1') result = (result * base) % modulus
  }
  return result
}
