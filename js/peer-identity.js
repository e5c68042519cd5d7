// Who the peer is: its certificates are judged, or what a session or a pre-shared key says of it.
import { Buffer, nextTick } from '#platform'
import { certificateChainObject, identityObject } from './certificate.js'
import { checkServerIdentity } from './check-server-identity.js'
import { hostOf, namesNobody } from './client-session.js'
import { makeError } from './errors.js'
import { decided } from './flow.js'
import { survive } from './guard.js'
import { leave, refuse } from './leaving.js'
import { tls } from './namespace.js'
import { askPolicy, requiresStaple, staplePolicy, wantsStaple } from './peer-policy.js'
import { kState } from './socket-state.js'
import { verdictError } from './verdict.js'
import { recallCertificate } from './x509/recent.js'

/** Of a peer without certificates. @type {import('./engine-context.js').Judgement} */
const NOBODY = { code: undefined, chain: [], keys: [] }

/** What Node reports of a peer that should have a certificate and has none. */
const NO_CERTIFICATE = 'UNABLE_TO_GET_ISSUER_CERT'

/**
 * Judge the peer before the handshake goes on, so that nothing of ours reaches anybody who is not who it should be.
 * @param {any} socket
 */
export function answerIdentity(socket) {
  const state = socket[kState]
  const { engine, options, isServer } = state
  state.presented = engine.peerCertificates()
  if (isServer || !wantsStaple(options)) return judgePeer(socket)
  const response = engine.ocspResponse()
  let heard = false
  try {
    socket.emit('OCSPResponse', response ? Buffer.from(response) : null)
    heard = true
  } finally {
    // What a listener throws is no answer.
    if (!heard) nextTick(() => survive(socket, () => judgePeer(socket)))
  }
  judgePeer(socket)
}

function judgePeer(socket) {
  const state = socket[kState]
  const { engine, options, isServer } = state
  if (socket.destroyed) return
  // What can not be shown to whoever decides is not judged.
  const isReadable = state.presented.every((der) => recallCertificate(der))
  const judgement = isReadable ? engine.judge(isServer ? 0 : staplePolicy(options)) : null
  if (!judgement) {
    engine.decline('')
    return leave(socket, makeError('ERR_TLS_PEER_CERTIFICATE'))
  }
  const error = authorise(socket, judgement)
  if (socket.destroyed) return
  if (error && options.rejectUnauthorized !== false) {
    engine.decline(judgement.code ?? error.code ?? '')
    return leave(socket, isServer && options.server ? null : error)
  }
  askPolicy(socket, judgement, factsOf(state), (refusal) => {
    if (refusal) refuse(socket, refusal, () => engine.decline(''))
    else decided(socket, () => engine.accept(!error))
  })
}

/**
 * A handshake without certificates: a session or a pre-shared key says who the peer is, or a client is nobody.
 * @param {any} socket
 * @return {{ error: any, judgement: import('./engine-context.js').Judgement }} why it is not authorised, or null; and what is known of it
 */
export function recallPeer(socket) {
  const state = socket[kState]
  const { engine, options, isServer, facts, hasPsk } = state
  state.presented = engine.peerCertificates()
  if (isServer && !options.requestCert) return { error: null, judgement: NOBODY }
  if (state.presented.length > 0) {
    // That the session was made with a staple has been seen before it was offered.
    const judgement = engine.judge()
    if (!judgement) return { error: makeError('ERR_TLS_PEER_CERTIFICATE'), judgement: NOBODY }
    return { error: authorise(socket, judgement), judgement }
  }
  // For a client, an external key is as good as a certificate. A session without one was of nobody.
  const code = facts.resumed && hasPsk && !isServer ? missingStaple(options) : NO_CERTIFICATE
  socket.authorized = code === null
  if (!code) return { error: null, judgement: NOBODY }
  socket.authorizationError = code
  return { error: verdictError(code), judgement: NOBODY }
}

/** Who has no certificate has no staple either. */
const missingStaple = (options) => (requiresStaple(options) ? 'OCSP_VERIFY_NEEDED' : null)

/**
 * What the program is told of a peer beside its certificates.
 * @param {import('./socket-state.js').State} state
 */
export const factsOf = (state) => ({ host: state.isServer ? null : hostOf(state), resumed: state.facts.resumed })

/** Set what Node tells of the peer's identity. @return {any} why it is not authorised, or null */
function authorise(socket, judgement) {
  const state = socket[kState]
  state.chain = judgement.chain
  const error = judgement.code ? verdictError(judgement.code) : checkIdentity(socket)
  if (socket.destroyed) return error
  socket.authorized = !error
  socket.authorizationError = error ? (error.code ?? error.message) : socket.authorizationError
  return error
}

/** Whether the server has the name that it should have. @return {any} the error of `checkServerIdentity`, returned or thrown */
function checkIdentity(socket) {
  const state = socket[kState]
  if (state.isServer || (state.facts.resumed && namesNobody(state))) return null
  const check = state.options.checkServerIdentity ?? tls.checkServerIdentity
  const chain = state.chain.length > 0 ? state.chain : state.presented
  try {
    // Ours looks at little of it: the rest is made if it is wanted.
    if (check === checkServerIdentity && !check(hostOf(state), identityObject(chain[0]))) return null
    return check(hostOf(state), certificateChainObject(chain))
  } catch (error) {
    return error || makeError('ERR_TLS_PEER_CERTIFICATE')
  }
}
