// Operations with public and private keys. What the primitives do not export is not measured, nor what of ring's asks for entropy, which
// is not to be had here; who does not do what is asked has failed.
import { createECDH, createHash, createPublicKey, diffieHellman, generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto'

const MESSAGE_LENGTH = 32

/** Who else is there in WebAssembly, by the beginning of its exports' names. */
const OTHERS = { 'ring in WebAssembly': 'ring_', 'dalek in WebAssembly': 'dalek_', 'RustCrypto in WebAssembly': 'rustcrypto_' }

const CURVES = {
  p256: { title: 'P-256', node: 'prime256v1', length: 32, hash: 'sha256' },
  p384: { title: 'P-384', node: 'secp384r1', length: 48, hash: 'sha384' },
  p521: { title: 'P-521', node: 'secp521r1', length: 66, hash: 'sha512' },
}

/** A cell. */
const cellOf = (name, operations) => ({ cell: { kind: 'operation', name }, operations })

/** An operation that must say that it has done well. */
const successful = (what, run) => () => {
  if (!run()) throw new Error(`${what} fails`)
}

/** An operation of each of the others that has all the exports. */
function ofOthers({ exports }, names, make) {
  const able = Object.entries(OTHERS).filter(([, prefix]) => names.every((name) => prefix + name in exports))
  return Object.fromEntries(able.map(([who, prefix]) => [who, make(...names.map((name) => exports[prefix + name]))]))
}

/** Raw parts of a key, by their names in a JWK. */
const raw = (key, part, length) => {
  const bytes = Buffer.from(key.export({ format: 'jwk' })[part], 'base64url')
  return Buffer.concat([Buffer.alloc(length - bytes.length), bytes])
}

function* x25519Cells(primitives) {
  const { exports, bytes, put } = primitives
  if (!exports.x25519_agree) return
  const [{ privateKey }, { publicKey }] = [generateKeyPairSync('x25519'), generateKeyPairSync('x25519')]
  const [secret, point, to] = [raw(privateKey, 'd', 32), raw(publicKey, 'x', 32), new Uint8Array(32)].map(put)
  const expected = diffieHellman({ privateKey, publicKey })
  const agreed = () => expected.equals(bytes(to, expected.length))
  const agreement = (agree) => {
    agree(secret, point, to)
    return agreed() ? () => agree(secret, point, to) : successful('agreement', agreed)
  }
  yield cellOf('X25519, agreement', {
    ours: agreement(exports.x25519_agree),
    ...ofOthers(primitives, ['x25519_agree', 'x25519_public_key'], agreement),
    "Node's own": () => diffieHellman({ privateKey, publicKey }),
  })
  const keyAndAgreement = (publicOf, agree) => () => {
    publicOf(secret, to)
    agree(secret, point, to)
  }
  yield cellOf('X25519, key pair and agreement', {
    ours: keyAndAgreement(exports.x25519_public_key, exports.x25519_agree),
    ...ofOthers(primitives, ['x25519_public_key', 'x25519_agree'], keyAndAgreement),
    "Node's own": () => diffieHellman({ privateKey: generateKeyPairSync('x25519').privateKey, publicKey }),
  })
}

function* curveCells(primitives, prefix, { title, node, length, hash }) {
  const { exports, put } = primitives
  const [agree, publicOf, signs, verifies] = ['agree', 'public_key', 'sign', 'verify'].map((name) => exports[`${prefix}_${name}`])
  if (!agree) return
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: node })
  const point = Buffer.concat([Buffer.from([4]), raw(publicKey, 'x', length), raw(publicKey, 'y', length)])
  const message = randomBytes(MESSAGE_LENGTH)
  const digest = createHash(hash).update(message).digest()
  const signature = sign(hash, message, { key: privateKey, dsaEncoding: 'ieee-p1363' })
  const parts = [raw(privateKey, 'd', length), point, message, digest, signature, new Uint8Array(256)]
  const [secret, pointPlace, messagePlace, digestPlace, signaturePlace, to] = parts.map(put)
  const ecdh = createECDH(node)
  const keyAndAgreement = (make, use) => successful('agreement', () => make(secret, to) && use(secret, pointPlace, to))
  yield cellOf(`${title}, key pair and agreement`, {
    ours: keyAndAgreement(publicOf, agree),
    ...ofOthers(primitives, [`${prefix}_public_key`, `${prefix}_agree`], keyAndAgreement),
    "Node's own": () => {
      ecdh.generateKeys()
      ecdh.computeSecret(point)
    },
  })
  const signed = (make) => successful('signing', () => make(secret, digestPlace, to))
  yield cellOf(`ECDSA ${title}, sign`, {
    ours: signed(signs),
    ...ofOthers(primitives, [`${prefix}_sign`, `${prefix}_public_key`], signed),
    "Node's own": () => sign(hash, message, privateKey),
  })
  const verified = (check, of) => successful('verification', () => check(pointPlace, of, signaturePlace))
  const others = {
    // RustCrypto's takes the digest, ring's the message.
    ...ofOthers(primitives, [`${prefix}_verify`, `${prefix}_public_key`], (check) => verified(check, digestPlace)),
    ...ofOthers(primitives, [`${prefix}_verify`, `${prefix}_pair`], (check) => verified(check, messagePlace)),
    "Node's own": successful('verification', () => verify(hash, message, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)),
  }
  const verifiesAnew = (...places) => {
    exports.forget_keys()
    return verifies(...places)
  }
  yield cellOf(`ECDSA ${title}, verify`, { ours: verified(verifiesAnew, digestPlace), ...others })
  yield cellOf(`ECDSA ${title}, verify by a key met before`, { ours: verified(verifies, digestPlace), ...others })
}

/** RSA-2048 with SHA-256 and PKCS#1. Ours has a digest made first, as the others make theirs. */
function* rsaCells({ exports, put }) {
  if (!exports.rsa_sign_pkcs1) return
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const publicKey = createPublicKey(privateKey)
  const message = randomBytes(MESSAGE_LENGTH)
  const digest = createHash('sha256').update(message).digest()
  const signature = sign('sha256', message, privateKey)
  const [privateDer, publicDer] = [privateKey, publicKey].map((key) => key.export({ type: 'pkcs1', format: 'der' }))
  const [privatePlace, publicPlace, digestPlace, messagePlace] = [privateDer, publicDer, digest, message].map(put)
  const [signaturePlace, to] = [signature, new Uint8Array(signature.length)].map(put)
  const [ours, rings] = [exports.rsa_key, exports.ring_rsa_key].map((make) => make(privatePlace, privateDer.length))
  const signs = (make, key, what) => successful('signing', () => make(key, what, to) === signature.length)
  const verifies = (check, what) =>
    successful('verification', () => check(publicPlace, publicDer.length, what, signaturePlace, signature.length))
  yield cellOf('RSA-2048, sign', {
    ours: signs(exports.rsa_sign_pkcs1, ours, digestPlace),
    'ring in WebAssembly': signs(exports.ring_rsa_sign_pkcs1, rings, messagePlace),
    "Node's own": () => sign('sha256', message, privateKey),
  })
  yield cellOf('RSA-2048, verify', {
    ours: verifies(exports.rsa_verify_pkcs1, digestPlace),
    'ring in WebAssembly': verifies(exports.ring_rsa_verify_pkcs1, messagePlace),
    "Node's own": successful('verification', () => verify('sha256', message, publicKey, signature)),
  })
}

/**
 * @param {any} primitives
 * @return {{ cell: any, operations: Record<string, () => unknown> }[]}
 */
export const publicKeyCells = (primitives) => [
  ...x25519Cells(primitives),
  ...Object.entries(CURVES).flatMap(([prefix, curve]) => [...curveCells(primitives, prefix, curve)]),
  ...rsaCells(primitives),
]
