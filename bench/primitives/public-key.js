// Operations with public and private keys. What the primitives do not export is not measured: each operation names what it needs.
import { createHash, diffieHellman, generateKeyPairSync, sign, verify } from 'node:crypto'
import { random } from '../../tests/random.js'

const DIGEST_LENGTH = 32

/** Throw unless an operation says that it has done well: before it is measured. */
function must(done, what) {
  if (!done) throw new Error(`${what} fails`)
}

/** X25519: ours and dalek's in WebAssembly, and Node's. */
function x25519Cells({ exports, bytes, put }) {
  if (!exports.x25519_agree) return []
  const { privateKey, publicKey } = generateKeyPairSync('x25519')
  const raw = (key, part) => Buffer.from(key.export({ format: 'jwk' })[part], 'base64url')
  const [secret, point, to] = [raw(privateKey, 'd'), raw(publicKey, 'x'), new Uint8Array(32)].map(put)
  const expected = diffieHellman({ privateKey, publicKey })
  const inWebAssembly = (name) => () => exports[`${name}_agree`](secret, point, to)
  const names = { ours: 'x25519', 'dalek in WebAssembly': 'dalek' }
  const operations = Object.fromEntries(
    Object.entries(names)
      .filter(([, name]) => `${name}_agree` in exports)
      .map(([who, name]) => [who, inWebAssembly(name)]),
  )
  for (const [who, run] of Object.entries(operations)) {
    run()
    must(expected.equals(bytes(to, 32)), `X25519 of ${who}`)
  }
  operations["Node's own"] = () => diffieHellman({ privateKey, publicKey })
  return [{ cell: { kind: 'operation', name: 'X25519, agreement' }, operations }]
}

/** RSA-2048 with SHA-256 and PKCS#1: ours, ring's, Node's. Ours has a digest made first, as the others make theirs. */
function rsaCells({ exports, put }) {
  if (!exports.rsa_sign_pkcs1) return []
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const message = Buffer.from(random(5, DIGEST_LENGTH))
  const digest = createHash('sha256').update(message).digest()
  const [privateDer, publicDer] = [privateKey, publicKey].map((key) => key.export({ type: 'pkcs1', format: 'der' }))
  const [privatePlace, publicPlace, digestPlace, messagePlace, to] = [privateDer, publicDer, digest, message, new Uint8Array(256)].map(put)
  const [ours, rings] = [exports.rsa_key, exports.ring_rsa_key].map((make) => make(privatePlace, privateDer.length))
  const signature = sign('sha256', message, privateKey)
  const signaturePlace = put(signature)
  const verified = (check, of) => () => check(publicPlace, publicDer.length, of, signaturePlace, signature.length) === 1
  const cells = [
    {
      cell: { kind: 'operation', name: 'RSA-2048, sign' },
      operations: {
        ours: () => exports.rsa_sign_pkcs1(ours, digestPlace, to) === 256,
        'ring in WebAssembly': () => exports.ring_rsa_sign_pkcs1(rings, messagePlace, to) === 256,
        "Node's own": () => sign('sha256', message, privateKey),
      },
    },
    {
      cell: { kind: 'operation', name: 'RSA-2048, verify' },
      operations: {
        ours: verified(exports.rsa_verify_pkcs1, digestPlace),
        'ring in WebAssembly': verified(exports.ring_rsa_verify_pkcs1, messagePlace),
        "Node's own": () => verify('sha256', message, publicKey, signature),
      },
    },
  ]
  for (const { cell, operations } of cells) for (const [who, run] of Object.entries(operations)) must(run(), `${cell.name} of ${who}`)
  return cells
}

/**
 * @param {any} primitives
 * @return {{ cell: any, operations: Record<string, () => unknown> }[]}
 */
export const publicKeyCells = (primitives) => [...x25519Cells(primitives), ...rsaCells(primitives)]
