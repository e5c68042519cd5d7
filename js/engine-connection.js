// Connections of the engine, client or server: bytes and decisions go in, bytes and facts come out.
import { Buffer } from '#platform'
import { generation, inEngine, memory } from './engine.js'
import { readJudgement } from './engine-context.js'
import { makeError } from './errors.js'
import * as Status from './status.js'

/** The flags after which the engine waits for an answer. */
const DECISIONS = Status.PEER_IDENTITY | Status.CLIENT_HELLO

/** How many bytes go into the engine at a call. */
const PIECE = 64 * 1024

/**
 * What a client offers and asks. The engine reads it by these names, as it reads ServerChoice: src/bindings/handshake.rs.
 * @typedef {object} ClientParameters
 * @property {string} [servername] a DNS name
 * @property {Uint8Array} protocols a ProtocolNameList (RFC 7301, 3.1) without its length
 * @property {string} host whom the peer is authenticated as
 * @property {Uint8Array} [session] of `session()`
 * @property {Uint8Array} [sealingKey] 32 bytes that sessions are sealed with
 * @property {{ identity: Uint8Array, key: Uint8Array }} [psk]
 * @property {boolean} requestOcsp
 * @property {boolean} trace
 *
 * What a server learns of a ClientHello.
 * @typedef {object} ClientHello
 * @property {string} [servername]
 * @property {Uint8Array[]} protocols what ALPN offers
 * @property {Uint8Array} sessionId
 * @property {boolean} hasTicket
 * @property {Uint8Array[]} pskIdentities
 * @property {Uint16Array} signatureSchemes
 * @property {boolean} wantsOcsp
 * @property {Uint16Array} versions
 *
 * How a server answers it.
 * @typedef {object} ServerChoice
 * @property {import('./engine-context.js').EngineContext} context
 * @property {import('./engine-context.js').EngineContext} [identity] whose certificates are presented, if not the context's
 * @property {import('./engine-context.js').EngineContext} [trust] whose trust clients are judged by, if not the context's
 * @property {Uint8Array | null} protocol of ALPN
 * @property {boolean} requestCert
 * @property {boolean} requireCert
 * @property {{ id: Uint8Array, data: Uint8Array } | null} [session]
 * @property {{ identity: Uint8Array, key: Uint8Array } | null} [psk]
 * @property {Uint8Array | null} [ocsp] DER
 * @property {boolean} keepSessions whether new sessions are told
 */

/** A connection in the engine. Methods return status words; what the flags name is taken with the take methods. */
export class EngineConnection {
  #handle
  #generation
  /** @type {Buffer[]} */
  #plaintext = []
  /** @type {Buffer[]} */
  #ciphertext = []
  /** Input that waits for a decision. @type {Uint8Array[]} */
  #waiting = []
  #paused = false

  /** @param {(engine: any) => any} make */
  constructor(make) {
    this.#handle = inEngine(make)
    this.#generation = generation()
  }

  /**
   * Start a client's handshake: there is ciphertext then.
   * @param {import('./engine-context.js').EngineContext} context
   * @param {ClientParameters} parameters
   * @throws {string} the engine's `reason:detail` when the handshake can not start
   */
  static client({ handle }, parameters) {
    const connection = new EngineConnection((engine) => engine.Connection.client(handle, parameters, Date.now()))
    connection.#collect(Status.CIPHERTEXT)
    return connection
  }

  /**
   * Wait for a client's handshake.
   * @param {{ trace: boolean }} parameters
   */
  static server({ trace }) {
    return new EngineConnection((engine) => engine.Connection.server(trace))
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
      if (status & DECISIONS) {
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

  /** What the client said: at CLIENT_HELLO. @return {ClientHello} */
  clientHello() {
    const [name, protocols, sessionId, pskIdentities, signatureSchemes, versions, hasTicket, wantsOcsp] = this.#call(() =>
      this.#handle.clientHello(),
    )
    // A byte a letter, as in Node.
    const servername = name && Buffer.from(name).toString('latin1')
    return { servername, protocols, sessionId, pskIdentities, signatureSchemes, versions, hasTicket, wantsOcsp }
  }

  /**
   * Answer CLIENT_HELLO: go on.
   * @param {ServerChoice} choice
   */
  answer(choice) {
    const { context, identity, trust } = choice
    context.fixTicketKeys()
    const [identityHandle, trustHandle] = [identity?.handle.share(), trust?.handle.share()]
    return this.#goOn(() => this.#handle.answer(context.handle, identityHandle, trustHandle, choice, Date.now()))
  }

  /**
   * Answer CLIENT_HELLO: fail.
   * @param {number} alert what to tell (RFC 8446, 6)
   */
  refuse(alert) {
    this.#waiting = []
    return this.#collect(this.#call(() => this.#handle.refuse(alert)))
  }

  /**
   * Judge the peer's chain; null if it can not be read.
   * @param {number} [staplePolicy] what is made of a server's staple: 0 nothing, 1 it is verified, 2 it must be there
   */
  judge(staplePolicy = 0) {
    return readJudgement(this.#call(() => this.#handle.judge(staplePolicy)))
  }

  /** The certificates that the peer presented, as DER, leaf first. */
  peerCertificates() {
    return /** @type {Uint8Array[]} */ (this.#call(() => this.#handle.peerCertificates()))
  }

  /** The OCSP response that the server stapled, DER. @return {Uint8Array | undefined} */
  ocspResponse() {
    return this.#call(() => this.#handle.ocspResponse())
  }

  /**
   * Answer PEER_IDENTITY: go on.
   * @param {boolean} verified whether the peer is who it should be; its sessions say so
   */
  accept(verified) {
    return this.#goOn(() => this.#handle.accept(verified, Date.now()))
  }

  /**
   * Answer PEER_IDENTITY: fail, with the alert that fits the code.
   * @param {string} code
   */
  decline(code) {
    this.#waiting = []
    return this.#collect(this.#call(() => this.#handle.decline(code, Date.now())))
  }

  /** Take no more input until `resume`. */
  pause() {
    this.#paused = true
  }

  /** Go on after `pause`, with the input that came meanwhile. */
  resume() {
    return this.#goOn(() => 0)
  }

  /** What the handshake agreed on, as numbers of the wire. */
  facts() {
    const [protocol, cipher, group, resumed, extended] = this.#call(() => this.#handle.facts())
    return { protocol, cipher, group, resumed: Boolean(resumed), extended: Boolean(extended), alpn: this.#call(() => this.#handle.alpn()) }
  }

  /** Why the connection failed: the engine's `reason:detail`. */
  failure() {
    return this.#call(() => this.#handle.failure())
  }

  /** A client's session as it is now: resumable once the server has given a ticket. @return {Uint8Array | undefined} */
  session() {
    return this.#call(() => this.#handle.session())
  }

  /** The ticket of a client's session. @return {Uint8Array | undefined} */
  ticket() {
    return this.#call(() => this.#handle.ticket())
  }

  /**
   * A client's sessions that came since the last call.
   * @param {boolean} areWanted whether they are to be written; if not, there are none
   * @return {Uint8Array[]}
   */
  takeSessions(areWanted) {
    return this.#call(() => this.#handle.takeSessions(areWanted))
  }

  /** A server's sessions that were made since the last call: their ids and contents. @return {[Uint8Array, Uint8Array][]} */
  takeServerSessions() {
    return this.#call(() => this.#handle.takeServerSessions())
  }

  /** Keep lines for a key log from now on. */
  keepKeyLines() {
    this.#call(() => this.#handle.keepKeyLines())
  }

  /** The lines for a key log since the last call. @return {string[]} */
  takeKeyLines() {
    return this.#call(() => this.#handle.takeKeyLines())
  }

  /** Keep handshake messages from now on. */
  trace() {
    this.#call(() => this.#handle.trace())
  }

  /** The handshake messages since the last call: whether we sent them, and their bytes. @return {[boolean, Uint8Array][]} */
  takeMessages() {
    return this.#call(() => this.#handle.takeMessages())
  }

  /** The verify_data of our Finished and of the peer's; empty before. @return {[Uint8Array, Uint8Array]} */
  finished() {
    return this.#call(() => this.#handle.finished())
  }

  /**
   * Export keying material (RFC 5705).
   * @param {number} length
   * @param {Uint8Array} label
   * @param {Uint8Array | undefined} context
   * @return {Uint8Array | undefined} undefined if it can not be had
   */
  exportKeyingMaterial(length, label, context) {
    return this.#call(() => this.#handle.exportKeyingMaterial(length, label, context))
  }

  /** The hash of the server's certificate that `tls-server-end-point` is. @return {Uint8Array | undefined} undefined if there is none */
  serverEndPoint() {
    return this.#call(() => this.#handle.serverEndPoint())
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
    if (this.#handle && this.#generation === generation()) this.#handle.free()
    this.#handle = null
  }

  /** An answer to a decision, and the input that waited for it. */
  #goOn(answer) {
    this.#paused = false
    let status = this.#collect(this.#call(answer))
    if (status & DECISIONS) this.#paused = true
    for (const chunk of this.#waiting.splice(0)) {
      if (!(status & Status.FAILED)) status |= this.receive(chunk)
    }
    return status
  }

  #call(call) {
    if (this.#generation !== generation()) throw makeError('ERR_TLS_ENGINE_FAILED')
    return inEngine(call)
  }

  /**
   * Write a piece into a window and have it worked on. Where the engine gives no room, nothing is written, and the work tells
   * the failure.
   */
  #bring(piece, window, work) {
    const status = this.#call(() => {
      const address = this.#handle[window](piece.length)
      if (address === 0) return work(0)
      new Uint8Array(memory(), address, piece.length).set(piece)
      return work(piece.length)
    })
    return this.#collect(status)
  }

  /**
   * Copy out what the flags name. The room for it is not asked for while the engine is called: where there is none, that is this
   * connection's failure and not the engine's.
   */
  #collect(status) {
    try {
      this.#copyOut(status)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      throw makeError('ERR_MEMORY_ALLOCATION_FAILED', [], { cause: error })
    }
    return status
  }

  /** Each byte is copied once; records are views of one buffer. */
  #copyOut(status) {
    const handle = this.#handle
    if (status & Status.CIPHERTEXT) {
      const [address, length] = this.#call(() => [handle.ciphertextAddress(), handle.ciphertextLength()])
      this.#ciphertext.push(Buffer.from(new Uint8Array(memory(), address, length)))
      this.#call(() => handle.ciphertextTaken())
    }
    if (status & Status.PLAINTEXT) {
      const [address, count] = this.#call(() => [handle.recordsAddress(), handle.recordsCount()])
      const table = new Uint32Array(memory(), address, 2 * count)
      if (count === 1) this.#plaintext.push(copyOf(table[0], table[1]))
      else this.#copyRecords(table)
      this.#call(() => handle.plaintextTaken())
    }
  }

  /** @param {Uint32Array} table address and length of each */
  #copyRecords(table) {
    let total = 0
    for (let index = 1; index < table.length; index += 2) total += table[index]
    const all = Buffer.allocUnsafeSlow(total)
    let offset = 0
    for (let index = 0; index < table.length; index += 2) {
      const length = table[index + 1]
      all.set(new Uint8Array(memory(), table[index], length), offset)
      this.#plaintext.push(all.subarray(offset, offset + length))
      offset += length
    }
  }
}

/**
 * A copy of bytes of wasm memory. The memory it is in is its own, not of Node's pool: who gets it may hand that on, and nobody else loses theirs.
 * @param {number} address
 * @param {number} length
 * @return {Buffer}
 */
function copyOf(address, length) {
  const copy = Buffer.allocUnsafeSlow(length)
  copy.set(new Uint8Array(memory(), address, length))
  return copy
}
