// A handshake as the engine asks for it: what a side starts with, whom a server answers as, and what comes of it.
import { logKeys } from '#environment'
import { Buffer } from '#platform'
import { hostOf, sessionToOffer } from './client-session.js'
import { EngineConnection } from './engine-connection.js'
import { sslError } from './errors.js'
import { decide, decided } from './flow.js'
import { parseIP } from './ip.js'
import { leave, refuse } from './leaving.js'
import { factsOf, recallPeer } from './peer-identity.js'
import { askPolicy, hasPolicy, wantsStaple } from './peer-policy.js'
import { clientPsk } from './psk.js'
import { release, startTraffic, waitForTurn } from './sending.js'
import { announceSession, decide as decideServer, isToldOfSessions } from './server-handshake.js'
import { kState } from './socket-state.js'
import { TLS12, TLS13 } from './versions.js'

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
    // Protocols are chosen in the socket's context, at once: that is where this is.
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
    protocol: alpn === null ? null : Buffer.from(alpn, 'latin1'),
    requestCert: Boolean(requestCert),
    requireCert: Boolean(requestCert) && rejectUnauthorized !== false,
    session,
    psk,
    ocsp,
    keepSessions: isToldOfSessions(socket),
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
