// The only file that imports pkg/: the JavaScript side of the door to the engine (the other is src/bindings). What goes through it is
// in js/engine-context.js and js/engine-connection.js.
//
// One WebAssembly instance serves all connections. When it traps, its connections are lost: each fails with
// ERR_TLS_ENGINE_FAILED at its next step, and the next connection finds a fresh instance.
import * as glue from '../pkg/isomorphic_tls.js'
import { makeError } from './errors.js'

/** What is made in the engine. The rest of the glue is named where it is called: so bundlers leave out what nobody calls. */
const classes = { Connection: glue.Connection, Context: glue.Context }

/** The exports of the instance; null before `load`. */
let exports = null

/** How many instances have trapped. */
let trapped = 0

/** Which instance there is: what was made in an earlier one is lost. */
export const generation = () => trapped

/** The memory of the instance: another buffer whenever it has grown. @return {ArrayBuffer} */
export const memory = () => exports.memory.buffer

/** What the build has put into the engines that belong to this glue: the version, and a hash. */
const mark = /** @type {any} */ (glue).mark

/**
 * Bring the compiled engine. Harmless when done before; another module than the engine of this version is refused, since the glue
 * would keep it for good.
 * @param {WebAssembly.Module} module
 */
export function load(module) {
  if (exports) return
  const [section] = WebAssembly.Module.customSections(module, 'isomorphic-tls')
  const its = section && String.fromCharCode(...new Uint8Array(section))
  if (its !== mark) throw makeError('ERR_TLS_INVALID_ENGINE', [its ? `it is that of ${its}, not ${mark}` : 'it is another module'])
  exports = glue.initSync({ module })
}

/** Whether `load` has been called. */
export const isLoaded = () => exports !== null

/**
 * Whether the engine was left in the midst of a call: it trapped, or the stack was exhausted, which is a RangeError, or in Firefox an
 * InternalError. A string is the engine's own answer.
 */
const isTrap = (error) => error instanceof WebAssembly.RuntimeError || error instanceof RangeError || error?.name === 'InternalError'

/**
 * Call into the engine; a trap replaces the instance. Nothing else that may fail for want of memory belongs into the call.
 * @template T
 * @param {(engine: typeof classes) => T} call
 * @return {T}
 */
export function inEngine(call) {
  if (!exports) throw makeError('ERR_TLS_NOT_INITIALIZED')
  try {
    return call(classes)
  } catch (error) {
    if (!isTrap(error)) throw error
    trapped += 1
    glue.__wbg_reset_state()
    exports = glue.initSync({ module: /** @type {any} */ (null) })
    throw makeError('ERR_TLS_ENGINE_FAILED', [], { cause: error })
  }
}

/** Trap on purpose, as a bug in the engine would: for the tests of what a trap leaves intact. */
export const trap = () => inEngine(() => glue.trap())

/** How much memory the instance has, in bytes: for the tests of what stays behind. */
export const memorySize = () => exports?.memory.buffer.byteLength ?? 0

/**
 * What a session says, or undefined if it is none.
 * @param {Uint8Array} bytes of EngineConnection's `session()`
 * @param {Uint8Array} [sealingKey]
 * @return {{ host: string, verified: boolean, expired: boolean, stapleUntil?: number, chain: Uint8Array[] } | undefined}
 *   `stapleUntil`: seconds since 1970, if a staple was verified
 */
export function readSession(bytes, sealingKey) {
  /** @type {any} */
  const read = inEngine(() => glue.readSession(bytes, sealingKey, Date.now()))
  const [host, verified, stapleUntil, expired, chain] = read ?? []
  return chain && { host, verified, stapleUntil, expired, chain }
}

/**
 * The hash of bytes.
 * @param {160 | 256 | 512} bits which: SHA-1, SHA-256, SHA-512
 * @param {Uint8Array} bytes
 * @return {Uint8Array}
 */
export const digest = (bits, bytes) => inEngine(() => /** @type {any} */ (glue).digest(bits, bytes))

/**
 * Whether the holder of a key made the signature of a certificate: src/bindings/certificate.rs.
 * @param {Uint8Array} signed
 * @param {Uint8Array} algorithm
 * @param {Uint8Array} signature
 * @param {Uint8Array} key
 * @return {boolean | undefined} undefined if the engine can not tell
 */
export const verifySignature = (signed, algorithm, signature, key) =>
  inEngine(() => /** @type {any} */ (glue).verifySignature(signed, algorithm, signature, key))

/** OpenSSL's names of OBJECT IDENTIFIERs, as lines: src/bindings/certificate.rs. @return {string} */
export const objectNames = () => inEngine(() => glue.objectNames())

/**
 * What is said of a chain: src/trust/verdict.rs.
 * @param {string} code OpenSSL's
 * @return {[code: string, message: string] | undefined} Node's code, OpenSSL's message
 */
export const verdictWords = (code) => /** @type {any} */ (inEngine(() => glue.verdictWords(code)))
