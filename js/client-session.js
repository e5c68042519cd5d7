// Whom a client takes the server to be, the session that it offers to it, and what sessions are bound to in a cache.
import { Buffer } from '#platform'
import { digest, readSession } from './engine.js'
import { parseIP } from './ip.js'
import { mayResume } from './peer-policy.js'
import { kState } from './socket-state.js'

/**
 * Whom the server is to be. The name that a given socket was connected to is known of Node's, if it was no address.
 * @param {import('./socket-state.js').State} state
 * @return {string}
 */
export function hostOf({ options, servername }) {
  const connectedTo = options.socket?._host
  return servername || options.host || (connectedTo && !parseIP(connectedTo) ? connectedTo : 'localhost')
}

/**
 * Whether the options do not say whom a given socket leads to.
 * @param {import('./socket-state.js').State} state
 */
export const namesNobody = ({ options, servername }) => options.socket && !options.host && !servername

/**
 * The session of the options, if it may be used here: for the host that it was made with, whose certificate is still trusted. A given
 * socket may go anywhere: without a host in the options, as in FTPS, the session says who the peer is.
 * @param {any} socket
 * @return {Uint8Array | undefined}
 */
export function sessionToOffer(socket) {
  const state = socket[kState]
  const { options, secureContext } = state
  const session = state.session ?? cachedSession(state)
  const known = session && readSession(session, options.sessionSealingKey)
  if (!known || known.expired) return undefined
  if (!namesNobody(state) && known.host !== hostOf(state)) return undefined
  const judgement = secureContext.context.judge(known.chain, false)
  if (!judgement || !mayResume(options, known, judgement)) return undefined
  const isGood = known.verified && !judgement.code
  return isGood || options.rejectUnauthorized === false ? session : undefined
}

/** @return {Uint8Array | undefined} */
function cachedSession(state) {
  return namesNobody(state) ? undefined : state.options.sessionCache?.take(serverOf(state))
}

/**
 * Keep a client's new session, if the options say where.
 * @param {any} socket
 * @param {Uint8Array} session
 */
export function cacheSession(socket, session) {
  const state = socket[kState]
  if (!namesNobody(state)) state.options.sessionCache?.keep(serverOf(state), Uint8Array.from(session), state.facts.protocol)
}

/** What a session is bound to in a cache: where it is from, and whom the server knows by it. */
function serverOf(state) {
  const { options, protocols, secureContext, servername } = state
  const own = secureContext.context.certificate()
  const certificate = own ? Buffer.from(digest(256, own)).toString('hex') : null
  const { port = null, path = null } = options
  return JSON.stringify([hostOf(state), port, path, servername ?? null, Buffer.from(protocols).toString('hex'), certificate])
}
