// The only file that imports pkg/: the JavaScript side of the door to the engine (the other is src/bindings).
//
// One WebAssembly instance serves all connections. When it traps, its connections are lost: each fails with
// ERR_TLS_ENGINE_FAILED at its next step, and the next connection finds a fresh instance.
import { Buffer } from '#platform'
import * as glue from '../pkg/isomorphic_tls.js'
import { makeError } from './errors.js'

/** The flags of a status word: src/connection/status.rs. */
export const Status = Object.freeze({ CIPHERTEXT: 1, PLAINTEXT: 2, PEER_IDENTITY: 4, HANDSHAKE_DONE: 8, PEER_CLOSED: 16, FAILED: 32 })

/** How many bytes go into the engine at a call. */
const PIECE = 64 * 1024

/** The exports of the instance; null before `load`. */
let exports = null

/** How many instances have trapped: what was made in an earlier one is lost. */
let generation = 0

/**
 * Bring the compiled engine. Harmless when done before.
 * @param {WebAssembly.Module} module
 */
export function load(module) {
  exports ??= glue.initSync({ module })
}

/** Whether `load` has been called. */
export const isLoaded = () => exports !== null

/**
 * Call into the engine; a trap replaces the instance.
 * @template T
 * @param {() => T} call
 * @return {T}
 */
function guard(call) {
  if (!exports) throw makeError('ERR_TLS_NOT_INITIALIZED')
  try {
    return call()
  } catch (error) {
    // Stack exhaustion inside wasm is a RangeError; a string is the engine's own answer.
    if (typeof error === 'string' || !(error instanceof WebAssembly.RuntimeError || error instanceof RangeError)) throw error
    generation += 1
    glue.__wbg_reset_state()
    exports = glue.initSync({ module: /** @type {any} */ (null) })
    throw makeError('ERR_TLS_ENGINE_FAILED', [], { cause: error })
  }
}

/** Trap on purpose, as a bug in the engine would: for the tests of what a trap leaves intact. */
export const trap = () => guard(() => glue.trap())

/**
 * What a context is made of, so that it can be made again in a fresh instance.
 * @typedef {object} ContextRecipe
 * @property {boolean} tls12
 * @property {boolean} tls13
 * @property {boolean} allowPartialTrustChain
 * @property {Uint8Array[] | null} ca PEM or DER; null for Mozilla's roots
 * @property {{cert: Uint8Array, key: Uint8Array}[]} identities PEM or DER
 */

/** A context of the engine. */
export class EngineContext {
  #recipe
  #handle
  #generation = -1

  /**
   * @param {ContextRecipe} recipe
   * @throws {string} `key:...` or `cert:...`: the part of the recipe that is no good, and why
   */
  constructor(recipe) {
    this.#recipe = recipe
    if (isLoaded()) this.handle
  }

  /** The handle in the present instance. */
  get handle() {
    if (this.#generation !== generation || !this.#handle) {
      this.#handle = guard(() => this.#make())
      this.#generation = generation
    }
    return this.#handle
  }

  #make() {
    const { tls12, tls13, allowPartialTrustChain, ca, identities } = this.#recipe
    const handle = new glue.Context(tls12, tls13, allowPartialTrustChain)
    if (ca) handle.trustNothing()
    for (const bytes of ca ?? []) handle.trust(bytes)
    for (const { cert, key } of identities) {
      const problem = handle.identify(cert, key)
      if (problem) {
        handle.free()
        throw problem
      }
    }
    return handle
  }
}

/** A client's connection in the engine. Methods return status words; what the flags name is taken with the take methods. */
export class EngineClient {
  #handle
  #generation
  /** @type {Buffer[]} */
  #plaintext = []
  /** @type {Buffer[]} */
  #ciphertext = []
  /** Input that waits for the answer to PEER_IDENTITY. @type {Uint8Array[]} */
  #waiting = []
  #paused = false

  /**
   * Start a handshake: there is ciphertext then.
   * @param {EngineContext} context
   * @param {string | undefined} servername a DNS name
   * @param {Uint8Array} protocols a ProtocolNameList (RFC 7301, 3.1) without its length
   * @throws {string} the engine's `kind:detail` when the handshake can not start
   */
  constructor(context, servername, protocols) {
    const { handle } = context
    this.#handle = guard(() => new glue.Client(handle, servername, protocols, Date.now()))
    this.#generation = generation
    this.#collect(Status.CIPHERTEXT)
  }

  /**
   * Bring ciphertext.
   * @param {Uint8Array} chunk
   */
  receive(chunk) {
    if (this.#paused) {
      this.#waiting.push(chunk)
      return 0
    }
    let status = 0
    for (let offset = 0; offset < chunk.length && !(status & Status.FAILED); offset += PIECE) {
      status |= this.#bring(chunk.subarray(offset, offset + PIECE), 'inbound', (length) => this.#handle.receive(length, Date.now()))
      if (status & Status.PEER_IDENTITY) {
        this.#paused = true
        if (offset + PIECE < chunk.length) this.#waiting.push(chunk.subarray(offset + PIECE))
        break
      }
    }
    return status
  }

  /**
   * Seal plaintext.
   * @param {Uint8Array} chunk
   */
  send(chunk) {
    let status = 0
    for (let offset = 0; offset < chunk.length && !(status & Status.FAILED); offset += PIECE) {
      status |= this.#bring(chunk.subarray(offset, offset + PIECE), 'outbound', (length) => this.#handle.send(length))
    }
    return status
  }

  /** Send close_notify. */
  close() {
    return this.#collect(this.#call(() => this.#handle.close()))
  }

  /** Judge the peer's chain: its code, or undefined if it is trusted, and its way as DER; null if it can not be read. */
  judge() {
    const judgement = this.#call(() => this.#handle.judge())
    return judgement ? { code: /** @type {string | undefined} */ (judgement[0]), chain: /** @type {Uint8Array[]} */ (judgement[1]) } : null
  }

  /** The certificates that the peer presented, as DER, leaf first. */
  peerCertificates() {
    return /** @type {Uint8Array[]} */ (this.#call(() => this.#handle.peerCertificates()))
  }

  /** Answer PEER_IDENTITY: go on. */
  accept() {
    this.#paused = false
    let status = this.#collect(this.#call(() => this.#handle.accept(Date.now())))
    for (const chunk of this.#waiting.splice(0)) {
      if (!(status & Status.FAILED)) status |= this.receive(chunk)
    }
    return status
  }

  /**
   * Answer PEER_IDENTITY: fail, with the alert that fits the code.
   * @param {string} code
   */
  decline(code) {
    this.#waiting = []
    return this.#collect(this.#call(() => this.#handle.decline(code, Date.now())))
  }

  /** What the handshake agreed on, as numbers of the wire. */
  facts() {
    return this.#call(() => ({
      protocol: this.#handle.protocol(),
      cipher: this.#handle.cipher(),
      group: this.#handle.group(),
      alpn: this.#handle.alpn(),
    }))
  }

  /** Why the connection failed: the engine's `kind:detail`. */
  failure() {
    return this.#call(() => this.#handle.failure()) ?? 'other:'
  }

  /** The plaintext received: one buffer a record. */
  takePlaintext() {
    return this.#plaintext.splice(0)
  }

  /** The ciphertext to send. */
  takeCiphertext() {
    return this.#ciphertext.splice(0)
  }

  /** Give the connection's memory back. It can not be used any more. */
  free() {
    if (this.#handle && this.#generation === generation) this.#handle.free()
    this.#handle = null
  }

  #call(call) {
    if (this.#generation !== generation) throw makeError('ERR_TLS_ENGINE_FAILED')
    return guard(call)
  }

  /**
   * Write a piece into a window and have it worked on. Where the engine gives no room, nothing is written, and the work tells
   * the failure.
   */
  #bring(piece, window, work) {
    const status = this.#call(() => {
      const address = this.#handle[window](piece.length)
      if (address === 0) return work(0)
      new Uint8Array(exports.memory.buffer, address, piece.length).set(piece)
      return work(piece.length)
    })
    return this.#collect(status)
  }

  /** Copy out what the flags name: once, records as views of one buffer. */
  #collect(status) {
    if (status & Status.CIPHERTEXT) {
      this.#call(() => {
        const bytes = new Uint8Array(exports.memory.buffer, this.#handle.ciphertextAddress(), this.#handle.ciphertextLength())
        this.#ciphertext.push(Buffer.from(bytes))
        this.#handle.ciphertextTaken()
      })
    }
    if (status & Status.PLAINTEXT) {
      this.#call(() => {
        const table = new Uint32Array(exports.memory.buffer, this.#handle.recordsAddress(), 2 * this.#handle.recordsCount())
        const total = table.reduce((sum, number, index) => (index % 2 ? sum + number : sum), 0)
        const all = Buffer.allocUnsafeSlow(total)
        let offset = 0
        for (let index = 0; index < table.length; index += 2) {
          const length = table[index + 1]
          all.set(new Uint8Array(exports.memory.buffer, table[index], length), offset)
          this.#plaintext.push(all.subarray(offset, offset + length))
          offset += length
        }
        this.#handle.plaintextTaken()
      })
    }
    return status
  }
}

/**
 * The fields of a certificate: src/bindings/certificate.rs.
 * @param {Uint8Array} der
 * @return {any} undefined if it can not be read
 */
export const readCertificate = (der) => guard(() => glue.readCertificate(der))
