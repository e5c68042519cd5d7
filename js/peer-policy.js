// What a program asks of a peer beyond Node: stapled proofs that a certificate is not revoked, pinned keys, a verifier of its own.
import { Buffer, nextTick } from '#platform'
import { checkType } from './check.js'
import { makeError } from './errors.js'
import { kState } from './socket-state.js'

/** What may be made of a server's staple, in the order of the engine's numbers. */
const STAPLE_POLICIES = ['ignore', 'verify', 'require']

/** The base64 of a SHA-256. Its last letter stands for four bits. */
const PIN = /^sha256\/[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/

/**
 * Check the options of all this.
 * @param {any} options
 * @param {boolean} isServer
 */
export function checkPeerOptions({ ocspPolicy, pinnedKeys, verifyPeer }, isServer) {
  if (ocspPolicy != null && !STAPLE_POLICIES.includes(ocspPolicy)) {
    throw makeError('ERR_INVALID_ARG_VALUE', ['options.ocspPolicy', `must be one of: ${quoted(STAPLE_POLICIES)}`, ocspPolicy])
  }
  if (isServer && staplePolicy({ ocspPolicy }) > 0)
    throw makeError('ERR_TLS_OPTION_NOT_SUPPORTED', ['ocspPolicy', 'clients staple nothing'])
  if (verifyPeer != null) checkType('options.verifyPeer', verifyPeer, 'function')
  if (pinnedKeys == null) return
  if (!Array.isArray(pinnedKeys)) throw makeError('ERR_INVALID_ARG_TYPE', ['options.pinnedKeys', 'an instance of Array', pinnedKeys])
  if (pinnedKeys.length === 0) throw makeError('ERR_INVALID_ARG_VALUE', ['options.pinnedKeys', 'must not be empty', pinnedKeys])
  for (const pin of pinnedKeys) {
    if (typeof pin === 'string' && PIN.test(pin)) continue
    throw makeError('ERR_INVALID_ARG_VALUE', ['options.pinnedKeys', "must have 'sha256/' and the base64 of 32 bytes", pin])
  }
}

const NAMES = ['ocspPolicy', 'pinnedKeys', 'verifyPeer']

/**
 * Refuse what no context can have: it would be as good as not said.
 * @param {any} options of a context
 */
export function refusePeerOptions(options) {
  const name = NAMES.find((name) => options[name] != null)
  if (name) throw makeError('ERR_TLS_OPTION_NOT_SUPPORTED', [name, 'a context has none; give it to tls.connect() or tls.createServer()'])
}

/**
 * The options of a connection or a server without what its context can not have.
 * @param {any} options
 */
export const contextOptions = (options) =>
  NAMES.some((name) => options[name] != null) ? { ...options, ...Object.fromEntries(NAMES.map((name) => [name, undefined])) } : options

const quoted = (words) => words.map((word) => `'${word}'`).join(', ')

/** The engine's number of the policy for staples. */
export const staplePolicy = ({ ocspPolicy }) => STAPLE_POLICIES.indexOf(ocspPolicy ?? 'ignore')

/** Whether a good staple must always be there. */
export const requiresStaple = ({ ocspPolicy }) => ocspPolicy === 'require'

/** Whether a client asks for a staple. */
export const wantsStaple = (options) => Boolean(options.requestOCSP) || staplePolicy(options) > 0

/** Whether the peer's ordinary verdict is not the last word. */
export const hasPolicy = ({ pinnedKeys, verifyPeer }) => Boolean(pinnedKeys || verifyPeer)

/**
 * Whether a session may be offered: it was made with a staple that is still good, if that matters, and by whom has a pinned key.
 * @param {any} options
 * @param {{ stapleUntil?: number }} session
 * @param {import('./engine-context.js').Judgement} judgement on its chain
 */
export function mayResume(options, { stapleUntil }, judgement) {
  const isStapled = staplePolicy(options) === 0 || (stapleUntil !== undefined && Date.now() <= stapleUntil * 1000)
  return isStapled && hasPinnedKey(options, judgement)
}

/** Of a way that is not trusted, only the leaf counts: its holder alone shows that the key is there. */
function hasPinnedKey({ pinnedKeys }, { code, keys }) {
  if (!pinnedKeys) return true
  const shown = code ? keys.slice(0, 1) : keys
  return shown.some((hash) => pinnedKeys.includes(`sha256/${Buffer.from(hash).toString('base64')}`))
}

/**
 * Ask the pins, then `verifyPeer`, about a peer that would be let in.
 * @param {any} socket
 * @param {import('./engine-context.js').Judgement} judgement
 * @param {{ host: string | null, resumed: boolean }} facts
 * @param {(refusal: any) => void} decide called once with an error or null, at once or later; never after the socket is destroyed
 */
export function askPolicy(socket, judgement, facts, decide) {
  const { options, inContext } = socket[kState]
  const settle = (refusal) => {
    if (socket.destroyed) return
    if (refusal) {
      socket.authorized = false
      socket.authorizationError = wordOf(refusal)
    }
    decide(refusal)
  }
  if (!hasPinnedKey(options, judgement)) return settle(makeError('ERR_TLS_PIN_MISMATCH'))
  const answer = options.verifyPeer ? ask(options.verifyPeer, describePeer(socket, judgement, facts)) : null
  if (!(answer instanceof Promise)) return settle(answer)
  // Who answers may do so anywhere; and what listeners throw is not the answer's to catch.
  answer.then((refusal) => nextTick(() => inContext(settle, refusal)))
}

/** @return {any} the error that a peer is refused with, or null; or a promise of one, which does not reject */
function ask(verifyPeer, peer) {
  try {
    const answer = verifyPeer(peer)
    return typeof answer?.then === 'function' ? Promise.resolve(answer).then(refusalIn, refusalFor) : refusalIn(answer)
  } catch (error) {
    return refusalFor(error)
  }
}

/** What `verifyPeer` is told. */
function describePeer(socket, { chain }, { host, resumed }) {
  const { engine, isServer, presented } = socket[kState]
  const staple = engine.ocspResponse()
  return {
    host,
    authorized: socket.authorized,
    authorizationError: socket.authorizationError,
    chain: chain.map((der) => Buffer.from(der)),
    presented: presented.map((der) => Buffer.from(der)),
    ocspResponse: staple ? Buffer.from(staple) : null,
    isServer,
    resumed,
  }
}

/** What stands for an error: whatever becomes of asking it, the peer is refused. */
function wordOf(error) {
  try {
    return error.code ?? error.message
  } catch {
    return 'ERR_TLS_PEER_REFUSED'
  }
}

/** Errors of other realms are errors. */
const isError = (value) => value instanceof Error || Object.prototype.toString.call(value) === '[object Error]'

/** What is returned refuses, unless it is nothing, or `true`. */
const refusalIn = (value) => (value === undefined || value === null || value === true ? null : refusalFor(value))

/** What is thrown refuses, whatever it is. */
const refusalFor = (reason) => (isError(reason) ? reason : makeError('ERR_TLS_PEER_REFUSED', [reason], { cause: reason }))
