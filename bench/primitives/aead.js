// Records sealed and opened. Every implementation gets the same key, nonce, five bytes of associated data and message, in place where
// it can; before anything is measured all must have sealed to the same bytes, and opened these to the message.
import { createCipheriv, createDecipheriv } from 'node:crypto'
import { random } from '../../tests/random.js'

/** By the exports' names: Node's name, and the length of a key. */
const AEADS = /** @type {const} */ ({
  chacha20_poly1305: ['chacha20-poly1305', 32],
  aes_128_gcm: ['aes-128-gcm', 16],
  aes_256_gcm: ['aes-256-gcm', 32],
})

const LENGTHS = [16 * 1024, 1024]

/** What ours is called with relaxed-simd. */
export const RELAXED = 'ours, relaxed-simd'

const TAG = 16

/** Associated data of a record: tests/primitives/aead.rs has the same. */
const RECORD = Buffer.from([23, 3, 3, 64, 17])

/**
 * Seal and open of an implementation in WebAssembly.
 * @param {any} primitives
 * @param {string} name of the exports
 */
function inWebAssembly({ exports, bytes, put }, name, { key, nonce, message }) {
  const [keyPlace, noncePlace] = [exports[`key_${name}`](put(key)), put(nonce)]
  const place = put(new Uint8Array(message.length + TAG))
  const length = message.length
  const [seal, open] = [exports[`seal_${name}`], exports[`open_${name}`]]
  return {
    seal() {
      bytes(place, length).set(message)
      seal(keyPlace, noncePlace, place, length)
      return bytes(place, length + TAG)
    },
    open(sealed) {
      bytes(place, length + TAG).set(sealed)
      return open(keyPlace, noncePlace, place, length) ? bytes(place, length) : null
    },
  }
}

/** Seal and open with node:crypto, synchronously. */
function byNode(name, { key, nonce, message }) {
  const options = { authTagLength: TAG }
  return {
    seal() {
      const cipher = createCipheriv(name, key, nonce, options).setAAD(RECORD, { plaintextLength: message.length })
      return [cipher.update(message), cipher.final(), cipher.getAuthTag()]
    },
    open(sealed) {
      const decipher = createDecipheriv(name, key, nonce, options).setAAD(RECORD, { plaintextLength: message.length })
      decipher.setAuthTag(sealed.subarray(-TAG))
      const opened = decipher.update(sealed.subarray(0, -TAG))
      decipher.final()
      return opened
    },
  }
}

/** Throw unless an implementation does what another did. */
function check(implementation, { seal, open }, sealed, message) {
  if (!Buffer.concat([seal()].flat()).equals(sealed)) throw new Error(`${implementation} seals to other bytes`)
  const opened = open(sealed)
  if (!opened || !Buffer.from(opened).equals(message)) throw new Error(`${implementation} does not open what was sealed`)
}

/**
 * @param {any} plain the primitives
 * @param {any} relaxed the primitives with relaxed-simd
 * @return {{ cell: any, operations: Record<string, () => unknown> }[]}
 */
export function aeadCells(plain, relaxed) {
  const cells = []
  for (const [name, [nodeName, keyLength]] of Object.entries(AEADS)) {
    if (!(`seal_${name}` in plain.exports)) continue
    for (const length of LENGTHS) {
      const [key, nonce, message] = [keyLength, 12, length].map((size, seed) => Buffer.from(random(seed + 1, size)))
      const given = { key, nonce, message }
      const implementations = {
        ours: inWebAssembly(plain, name, given),
        [RELAXED]: inWebAssembly(relaxed, name, given),
        'ring in WebAssembly': inWebAssembly(plain, `ring_${name}`, given),
        "Node's own": byNode(nodeName, given),
      }
      const sealed = Buffer.concat(implementations["Node's own"].seal())
      for (const [implementation, operations] of Object.entries(implementations)) check(implementation, operations, sealed, message)
      for (const kind of ['seal', 'open']) {
        const run = (operations) => (kind === 'seal' ? operations.seal : () => operations.open(sealed))
        const operations = Object.fromEntries(Object.entries(implementations).map(([who, what]) => [who, run(what)]))
        cells.push({ cell: { kind, name: nodeName, length }, operations })
      }
    }
  }
  return cells
}
