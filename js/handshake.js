// A handshake as the engine asks for it: what a side starts with, whom a server answers as, who the peer is, and what comes of it.
import { logKeys } from '#environment'
import { Buffer, nextTick } from '#platform'
import { digest, readSession } from './engine.js'
import { EngineConnection } from './engine-connection.js'
import { certificateChainObject, identityObject } from './certificate.js'
import { checkServerIdentity } from './check-server-identity.js'
import { makeError, sslError } from './errors.js'
import { decide, decided } from './flow.js'
import { survive } from './guard.js'
import { parseIP } from './ip.js'
import { leave, refuse } from './leaving.js'
import { tls } from './namespace.js'
import { askPolicy, hasPolicy, mayResume, requiresStaple, staplePolicy, wantsStaple } from './peer-policy.js'
import { clientPsk } from './psk.js'
import { release, startTraffic, waitForTurn } from './sending.js'
import { announceSession, decide as decideServer, isToldOfSessions } from './server-handshake.js'
import { kState } from './socket-state.js'
import { verdictError } from './verdict.js'
import { recallCertificate } from './x509/recent.js'

/** The wire's numbers of versions. */
const TLS12 = 0x0303
const TLS13 = 0x0304

/** Of a peer without certificates. @type {import('./engine-context.js').Judgement} */
const NOBODY = { code: undefined, chain: [], keys: [] }

/** What Node reports of a peer that should have a certificate and has none. */
const NO_CERTIFICATE = 'UNABLE_TO_GET_ISSUER_CERT'

/**
 * Make the engine's end of a socket.
 * @param {any} socket
 * @return {EngineConnection | null} null if a callback of the user's has failed
 */
export function startHandshake(socket) {
  const state = socket[kState]
  logKeys(socket)
  if (state.isServer) return EngineConnection.server({ trace: state.trace })
  const { secureContext } = state
  if (!secureContext.hasProtocol) throw sslError('no protocols available')
  let psk
  try {
    psk = clientPsk(socket)
  } catch (error) {
    socket.destroy(error)
  }
  if (socket.destroyed) return null
  state.hasPsk = Boolean(psk)
  const servername = state.servername && !parseIP(state.servername) ? state.servername : undefined
  socket.servername = servername ?? socket.servername
  return EngineConnection.client(secureContext.context, {
    servername,
    protocols: state.protocols,
    host: hostOf(state),
    session: sessionToOffer(socket),
    sealingKey: state.options.sessionSealingKey,
    psk,
    requestOcsp: wantsStaple(state.options),
    trace: state.trace,
  })
}

/** Whom the server is to be. The name that a given socket was connected to is known of Node's, if it was no address. */
function hostOf({ options, servername }) {
  const connectedTo = options.socket?._host
  return servername || options.host || (connectedTo && !parseIP(connectedTo) ? connectedTo : 'localhost')
}

/**
 * The session of the options, if it may be used here: for the host that it was made with, whose certificate is still trusted. A given
 * socket may go anywhere: without a host in the options, as in FTPS, the session says who the peer is.
 */
function sessionToOffer(socket) {
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

/** Whether the options do not say whom a given socket leads to. */
const namesNobody = ({ options, servername }) => options.socket && !options.host && !servername

/**
 * Answer a ClientHello with what the options and the user's callbacks say.
 * @param {any} socket
 */
export function answerHello(socket) {
  const state = socket[kState]
  const hello = state.engine.clientHello()
  // The rest, which may be long, is not kept.
  state.signatureSchemes = hello.signatureSchemes.slice()
  const told = {
    ...hello,
    version: hello.versions.includes(TLS13) && state.secureContext.tls13 ? TLS13 : TLS12,
    protocols: hello.protocols.map((name) => Buffer.from(name).toString('latin1')),
    sessionId: Buffer.from(hello.sessionId),
    pskIdentities: hello.pskIdentities.map((identity) => Buffer.from(identity)),
  }
  decideServer(socket, told, (error, choice) => {
    if (socket.destroyed) return
    // As Node, without a word to the client: what went wrong is the server's own.
    const problem = error ?? (state.secureContext.hasProtocol ? null : sslError('no protocols available'))
    if (problem) return state.inContext(() => socket.destroy(problem))
    if (choice.alpnAlert !== undefined) {
      return refuse(socket, sslError('no application protocol'), () => state.engine.refuse(choice.alpnAlert))
    }
    const { secureContext, identityContext } = choice
    // As in OpenSSL, another context than the server's own brings its certificates and its trust; the rest stays.
    state.trustContext = secureContext === state.secureContext ? null : secureContext
    state.identityContext = identityContext ?? state.trustContext
    state.hasPsk = Boolean(choice.psk)
    decided(socket, () => state.engine.answer(serverChoice(socket, choice)))
  })
}

/**
 * @param {any} socket
 * @param {import('./server-handshake.js').Choice} choice
 * @return {import('./engine-connection.js').ServerChoice}
 */
function serverChoice(socket, { alpn, session, psk, ocsp }) {
  const { identityContext, options, secureContext, trustContext } = socket[kState]
  const { requestCert, rejectUnauthorized } = options
  return {
    context: secureContext.context,
    identity: identityContext?.context,
    trust: trustContext?.context,
    protocol: alpn,
    requestCert: Boolean(requestCert),
    requireCert: Boolean(requestCert) && rejectUnauthorized !== false,
    session,
    psk,
    ocsp,
    keepSessions: isToldOfSessions(socket),
  }
}

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

/** What the program is told of a peer beside its certificates. */
const factsOf = (state) => ({ host: state.isServer ? null : hostOf(state), resumed: state.facts.resumed })

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

/**
 * The handshake is done: who the peer is, if it has not been judged yet, is decided, and it is told.
 * @param {any} socket
 */
export function finishHandshake(socket) {
  const state = socket[kState]
  const { isServer, options } = state
  if (state.presented.length > 0) return goOn(socket)
  const { error, judgement } = recallPeer(socket)
  if (socket.destroyed) return
  if (error && options.rejectUnauthorized !== false) {
    // A client leaves without a word: the first would be its Finished.
    return isServer ? leave(socket, options.server ? null : error) : socket.destroy(error)
  }
  if (!hasPolicy(options)) {
    if (!isServer) release(socket)
    return goOn(socket)
  }
  hold(socket, (goOnWith) =>
    askPolicy(socket, judgement, factsOf(state), (refusal) => {
      if (refusal) socket.destroy(refusal)
      else goOnWith(() => goOn(socket))
    }),
  )
}

/**
 * Let nothing go out, and hand on nothing of what came, until something is decided.
 * @param {any} socket
 * @param {(goOnWith: (step: () => void) => void) => void} ask calls back with what is done before the rest
 */
function hold(socket, ask) {
  const state = socket[kState]
  state.withheld = true
  state.undecided = true
  state.engine.pause()
  const goOnWith = (step) => {
    if (socket.destroyed) return
    state.undecided = false
    state.undelivered.unshift(step)
    decided(socket, () => state.engine.resume())
  }
  decide(socket, () => ask(goOnWith))
}

function goOn(socket) {
  if (socket[kState].isServer) announceSessions(socket)
  else tellSecure(socket)
}

/**
 * A handshake without certificates: a session or a pre-shared key says who the peer is, or a client is nobody.
 * @return {{ error: any, judgement: import('./engine-context.js').Judgement }} why it is not authorised, or null; and what is known of it
 */
function recallPeer(socket) {
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
 * Have the new sessions of a server kept, and tell that it is secure: after a session of TLS 1.2, before those of TLS 1.3, as Node does.
 * Nothing goes out until they have been kept.
 */
function announceSessions(socket) {
  const state = socket[kState]
  const sessions = state.engine.takeServerSessions().map(([id, data]) => [Buffer.from(id), Buffer.from(data)])
  if (sessions.length === 0) return tellSecure(socket)
  if (state.facts.protocol !== TLS13) {
    const [[id, data]] = sessions
    return hold(socket, (goOnWith) => announceSession(socket, id, data, () => goOnWith(() => tellSecure(socket))))
  }
  let left = sessions.length
  const kept = () => {
    if (--left === 0) state.inContext(release, socket)
  }
  state.withheld = true
  for (const [id, data] of sessions.reverse()) state.undelivered.unshift(() => announceSession(socket, id, data, kept))
  tellSecure(socket)
}

function tellSecure(socket) {
  const state = socket[kState]
  state.secure = true
  socket.alpnProtocol = state.facts.alpn ? Buffer.from(state.facts.alpn).toString('latin1') : false
  socket.secureConnecting = false
  waitForTurn(socket)
  try {
    socket.emit('secure')
  } finally {
    startTraffic(socket)
  }
}

/**
 * A line for a key log.
 * @param {any} socket
 * @param {string} line
 */
export function tellKeyLine(socket, line) {
  socket.emit('keylog', Buffer.from(line))
}
