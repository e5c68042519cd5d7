// Contexts of the engine: what many connections share.
import { Buffer } from '#platform'
import { generation, inEngine, isLoaded } from './engine.js'
import { makeError } from './errors.js'

/**
 * What a context is made of, so that it can be made again in a fresh instance.
 * @typedef {object} ContextRecipe
 * @property {boolean} tls12
 * @property {boolean} tls13
 * @property {string} [ciphers] in OpenSSL's language
 * @property {string} [groups] in OpenSSL's language
 * @property {string} [signatureSchemes] in OpenSSL's language
 * @property {boolean} [preferClientOrder] a server takes the client's order of suites
 * @property {boolean} [withoutTickets] a server keeps sessions by their ids
 * @property {boolean} allowPartialTrustChain
 * @property {Trust} trust
 * @property {Uint8Array[]} crl revocation lists, PEM or DER
 * @property {Uint8Array[]} certificates chains, PEM or DER
 * @property {{ bytes: Uint8Array, passphrase: Uint8Array | undefined }[]} keys PEM or DER
 * @property {{ bytes: Uint8Array, passphrase: Uint8Array | undefined }[]} pfx
 * @property {Uint8Array} [ticketKeys] 48 bytes
 * @property {number} [sessionTimeout] seconds
 * @property {Uint8Array} [sessionIdContext]
 */

/**
 * What a context trusts.
 * @typedef {object} Trust
 * @property {boolean} mozilla whether Mozilla's roots, which the engine has itself
 * @property {Uint8Array[]} ca what else, PEM or DER
 * @property {boolean} isShared whether other contexts have the very same
 */

/**
 * A chain, judged.
 * @typedef {object} Judgement
 * @property {string | undefined} code why it is not trusted, if it is not
 * @property {Uint8Array[]} chain its way to what is trusted, as far as there is one, leaf first, as DER
 * @property {Uint8Array[]} keys the SHA-256 of the key of each, and of the root at the end of which only that is known
 */

/** A context of the engine. */
export class EngineContext {
  #recipe
  #handle
  #generation = -1

  /**
   * @param {ContextRecipe} recipe
   * @throws {string} `what:why`: the part of the recipe that is no good
   */
  constructor(recipe) {
    this.#recipe = recipe
    if (isLoaded()) this.handle
  }

  /** The handle in the present instance. */
  get handle() {
    if (this.#generation !== generation() || !this.#handle) {
      this.#handle = inEngine((engine) => makeContext(engine, this.#recipe))
      this.#generation = generation()
    }
    return this.#handle
  }

  /** The 48 bytes that tickets are sealed with. They outlive the instance. */
  getTicketKeys() {
    this.fixTicketKeys()
    return Buffer.from(this.#recipe.ticketKeys)
  }

  /** From now on tickets are sealed with the same keys, also if the instance is lost. */
  fixTicketKeys() {
    this.#recipe.ticketKeys ??= inEngine(() => this.handle.ticketKeys())
    if (!this.#recipe.ticketKeys) throw makeError('ERR_TLS_NO_ENTROPY')
  }

  /**
   * Seal tickets with other keys from now on; tickets of the keys before are not opened any more.
   * @param {Uint8Array} keys 48 bytes
   */
  setTicketKeys(keys) {
    this.#recipe.ticketKeys = Uint8Array.from(keys)
    inEngine(() => this.handle.setTicketKeys(keys))
  }

  /**
   * Trust a certificate besides.
   * @param {Uint8Array} ca PEM or DER
   */
  addCACert(ca) {
    const { mozilla, ca: others } = this.#recipe.trust
    this.#recipe.trust = { mozilla, ca: [...others, ca], isShared: false }
    // Connections that are under way keep what they began with.
    this.#handle = undefined
  }

  /** The certificate that is presented, DER, or null. */
  certificate() {
    return this.ownChain()[0] ?? null
  }

  /** The certificate of its issuer, DER, or null. */
  issuer() {
    return this.ownChain()[1] ?? null
  }

  /** The first of the chains that are presented, DER, leaf first. */
  ownChain() {
    return inEngine(() => this.handle.ownChain()).map((der) => Buffer.from(der))
  }

  /**
   * The signature schemes of a client that are ours too, as OpenSSL names them.
   * @param {Uint16Array} offered
   * @return {string[]}
   */
  sharedSignatureSchemes(offered) {
    return inEngine(() => this.handle.sharedSignatureSchemes(offered))
  }

  /**
   * Judge a chain; null if it can not be read.
   * @param {Uint8Array[]} chain DER, leaf first
   * @param {boolean} ofClient whether it is for a client
   */
  judge(chain, ofClient) {
    return readJudgement(inEngine(() => this.handle.judge(chain, ofClient, Date.now())))
  }
}

function makeContext(engine, recipe) {
  const handle = new engine.Context(recipe.tls12, recipe.tls13)
  const check = (problem) => {
    if (!problem) return
    handle.free()
    throw problem
  }
  if (recipe.ciphers !== undefined) check(handle.setCiphers(recipe.ciphers))
  if (recipe.groups !== undefined) check(handle.setGroups(recipe.groups))
  if (recipe.signatureSchemes !== undefined) check(handle.setSignatureSchemes(recipe.signatureSchemes))
  handle.setSwitches(Boolean(recipe.allowPartialTrustChain), Boolean(recipe.preferClientOrder), Boolean(recipe.withoutTickets))
  if (recipe.trust.isShared) handle.trustAs(sharedTrust(engine, recipe.trust))
  else trust(handle, recipe.trust)
  for (const bytes of recipe.crl) check(handle.addRevocationLists(bytes))
  for (const bytes of recipe.certificates) check(handle.addCertificate(bytes))
  for (const { bytes, passphrase } of recipe.keys) check(handle.addKey(bytes, passphrase))
  for (const { bytes, passphrase } of recipe.pfx) check(handle.addPfx(bytes, passphrase))
  handle.setSessions(recipe.sessionTimeout ?? DEFAULT_SESSION_TIMEOUT, recipe.sessionIdContext ?? new Uint8Array(0))
  if (recipe.ticketKeys) handle.setTicketKeys(recipe.ticketKeys)
  return handle
}

function trust(handle, { mozilla, ca }) {
  if (!mozilla) handle.trustNothing()
  for (const bytes of ca) handle.trust(bytes)
}

/** Contexts that others trust as, and of which instance they are: to read many certificates takes its time. @type {WeakMap<Trust, { handle: any, of: number }>} */
const shared = new WeakMap()

function sharedTrust(engine, recipe) {
  const known = shared.get(recipe)
  if (known?.of === generation()) return known.handle
  const handle = new engine.Context(true, true)
  trust(handle, recipe)
  shared.set(recipe, { handle, of: generation() })
  return handle
}

/** In seconds (Node docs: tls.createServer, `sessionTimeout`). */
const DEFAULT_SESSION_TIMEOUT = 300

/**
 * A judgement as the engine gives it.
 * @param {any} judged
 * @return {Judgement | null}
 */
export const readJudgement = (judged) => (judged ? { code: judged[0], chain: judged[1], keys: judged[2] } : null)
