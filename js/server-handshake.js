// What a server decides when a ClientHello is there, and the sessions it tells of: Node's callbacks and events, in Node's order.
import { nextTick } from '#platform'
import { EngineContext } from './engine-context.js'
import { makeError, ocspResponseError, sniContextError } from './errors.js'
import { kState } from './socket-state.js'
import { convertProtocols } from './options.js'
import { pskBytes } from './psk.js'
import { SecureContext } from './secure-context.js'
import { TLS13 } from './versions.js'

/** The alert that tells a client that none of its protocols is ours (RFC 7301, 3.2). */
const NO_APPLICATION_PROTOCOL = 120

/** The longest identity that OpenSSL hands to a callback, in bytes. Longer ones are tickets. */
const LONGEST_IDENTITY = 256

/**
 * About how many identities of a ClientHello `pskCallback` is asked. Clients send one for each key that they have, and a ticket or two; OpenSSL
 * would ask about all that there is room for, which are thousands.
 */
const MOST_IDENTITIES = 16

/**
 * What a ClientHello says.
 * @typedef {object} ClientHello
 * @property {string} [servername]
 * @property {string[]} protocols what ALPN offers, as Latin-1
 * @property {Buffer} sessionId
 * @property {boolean} hasTicket
 * @property {Buffer[]} pskIdentities tickets among them
 * @property {Uint16Array} signatureSchemes
 * @property {boolean} wantsOcsp
 * @property {Uint16Array} versions
 * @property {number} version the one that the default context agrees on
 */

/**
 * How a server goes on.
 * @typedef {object} Choice
 * @property {SecureContext} secureContext
 * @property {SecureContext} [identityContext] whose key and certificate are shown instead: `setKeyCert`
 * @property {string | null} alpn the protocol chosen; null for none
 * @property {number} [alpnAlert] the fatal alert to send: no protocol in common
 * @property {{ id: Buffer, data: Uint8Array } | null} session to resume
 * @property {{ identity: Buffer, key: Uint8Array } | null} psk
 * @property {Uint8Array | null} ocsp the response to staple
 */

/**
 * Decide how a handshake goes on: 'resumeSession', `pskCallback`, `SNICallback`, `ALPNCallback` or `ALPNProtocols`, 'OCSPRequest'.
 * Never throws. What an option's callback throws is the connection's error; where no listener on the server would hear of it, and
 * always where an event's listener throws, it goes to the process as well.
 * @param {any} socket
 * @param {ClientHello} hello
 * @param {(error: any, choice?: Choice) => void} callback called once, at once or later; never after the socket is destroyed
 */
export function decide(socket, hello, callback) {
  new Decision(socket, hello, callback).next()
}

class Decision {
  /** @param {any} socket */
  constructor(socket, hello, callback) {
    const state = socket[kState]
    this.socket = socket
    this.state = state
    this.options = state.options
    this.server = state.options.server
    this.hello = hello
    this.callback = callback
    this.finished = false
    /** @type {Choice} */
    this.choice = { secureContext: state.options.secureContext, alpn: null, session: null, psk: null, ocsp: null }
    // OpenSSL chooses the protocol before the certificate in TLS 1.3, and after it in TLS 1.2.
    this.steps =
      hello.version === TLS13
        ? [resumeSession, findKey, chooseProtocol, chooseContext, staple]
        : [resumeSession, chooseContext, staple, chooseProtocol]
    socket.servername = hello.servername ?? false
  }

  /** Take the next step; after the last one, the choice is made. */
  next() {
    if (this.finished || this.socket.destroyed) return
    const step = this.steps.shift()
    // Who answered may have done so anywhere. A listener of 'OCSPRequest' is told from there, as in Node.
    if (step === staple) return step(this)
    if (step) return this.state.inContext(step, this)
    this.finish(null, { ...this.choice, identityContext: this.state.identityContext })
  }

  finish(error, choice) {
    if (this.finished) return
    this.finished = true
    if (!this.socket.destroyed) this.callback(error, choice)
  }

  /**
   * Ask somebody who answers by a callback. An answer that comes while we ask is taken when the call is over: what it leads to
   * is not the asked one's to catch.
   * @param {(answer: (error?: any, value?: any) => void) => ({ value: any } | undefined | void)} question returns an answer of its
   * own for those who do not call back
   * @param {(value: any) => void} take
   * @param {(error: any) => void} threw
   */
  ask(question, take, threw) {
    /** @type {{ error?: any, value?: any } | undefined} */
    let answer
    let asking = true
    const settle = () => {
      if (this.finished || this.socket.destroyed) return
      if (answer.error) this.finish(answer.error)
      else take(answer.value)
    }
    const callback = (error, value) => {
      if (answer) return this.calledTwice()
      answer = { error, value }
      if (!asking) settle()
    }
    try {
      const returned = question(callback)
      if (returned) answer ??= returned
    } catch (error) {
      answer = { error }
      return threw(error)
    }
    asking = false
    if (answer) settle()
  }

  /** A callback of an option threw. */
  threw(error) {
    const { server } = this
    if (server && server.listenerCount('tlsClientError') + server.listenerCount('clientError') === 0) toProcess(error)
    this.finish(error)
  }

  /** A listener threw. */
  listenerThrew(error) {
    toProcess(error)
    this.finish(error)
  }

  /** Whoever answers twice is wrong once: until the handshake is done, that ends it. */
  calledTwice() {
    const { socket } = this
    if (socket.destroyed || !socket.secureConnecting) return
    const error = makeError('ERR_MULTIPLE_CALLBACK')
    if (this.finished) socket.destroy(error)
    else this.finish(error)
  }
}

/** Throw where nothing of ours is in between. */
const toProcess = (error) =>
  nextTick(() => {
    throw error
  })

/** 'resumeSession' for a session id that comes without a ticket. */
function resumeSession(decision) {
  const { server, hello, choice } = decision
  if (!server?.listenerCount('resumeSession') || hello.sessionId.length === 0 || hello.hasTicket) return decision.next()
  const { sessionId } = hello
  // A listener that has no place for the callback is not going to call it.
  const isAnswered = server.listeners('resumeSession').every((listener) => listener.length === 1)
  decision.ask(
    (answer) => {
      server.emit('resumeSession', sessionId, answer)
      return isAnswered ? { value: null } : undefined
    },
    (data) => {
      if (ArrayBuffer.isView(data) && data.byteLength > 0) choice.session = { id: sessionId, data: bytesOf(data) }
      decision.next()
    },
    (error) => decision.listenerThrew(error),
  )
}

/** `pskCallback` for each of the first identities, until one has a key. */
function findKey(decision) {
  const { socket, options, hello, choice } = decision
  if (!options.pskCallback) return decision.next()
  try {
    const identities = hello.pskIdentities.filter(({ length }) => length <= LONGEST_IDENTITY)
    for (const identity of identities.slice(0, MOST_IDENTITIES)) {
      const key = checkKey(options.pskCallback.call(socket, socket, identity.toString('utf8')))
      if (!key) continue
      choice.psk = { identity, key }
      break
    }
  } catch (error) {
    return decision.threw(error)
  }
  decision.next()
}

/** What a `pskCallback` returns, as bytes; null if there is no key. */
function checkKey(answer) {
  if (!answer) return null
  if (typeof answer !== 'object') {
    throw makeError('ERR_INVALID_ARG_TYPE', ['ret', 'an instance of Buffer, TypedArray, DataView, or Object', answer])
  }
  const key = pskBytes(ArrayBuffer.isView(answer) ? answer : answer.psk)
  return key.length > 0 ? key : null
}

/** `SNICallback`, for a client that names a server. */
function chooseContext(decision) {
  const { socket, state, options, hello, choice } = decision
  const { SNICallback } = options
  if (!SNICallback || !hello.servername) return decision.next()
  decision.ask(
    (answer) => {
      const returned = SNICallback.call(socket, hello.servername, answer)
      // Of old, the callback had one parameter and returned its context.
      return SNICallback.length === 1 || isContext(returned) ? { value: returned } : undefined
    },
    (value) => {
      let context
      try {
        context = toSecureContext(value)
      } catch (error) {
        return decision.finish(error)
      }
      if (context) {
        choice.secureContext = context
        // The whole context is in force: also its key and certificate, over those set before.
        state.identityContext = undefined
      }
      decision.next()
    },
    (error) => decision.threw(error),
  )
}

/** `ALPNCallback`, or the first of our `ALPNProtocols` that is offered. */
function chooseProtocol(decision) {
  const { socket, options, hello } = decision
  const offered = hello.protocols
  if (offered.length === 0) return decision.next()
  if (options.ALPNCallback) {
    let protocol
    try {
      protocol = options.ALPNCallback.call(socket, { servername: hello.servername ?? false, protocols: [...offered] })
      if (protocol !== undefined && !offered.includes(protocol)) {
        throw makeError('ERR_TLS_ALPN_CALLBACK_INVALID_RESULT', [protocol, offered])
      }
    } catch (error) {
      return decision.threw(error)
    }
    return agreeOn(decision, protocol)
  }
  const ours = protocolNames(options.ALPNProtocols)
  if (ours.length === 0) return decision.next()
  agreeOn(
    decision,
    ours.find((name) => offered.includes(name)),
  )
}

function agreeOn(decision, protocol) {
  const { choice } = decision
  if (protocol === undefined) {
    choice.alpnAlert = NO_APPLICATION_PROTOCOL
    // Nobody is asked any more for a connection that fails.
    decision.steps = []
  } else {
    choice.alpn = protocol
  }
  decision.next()
}

/** 'OCSPRequest', for a client that wants a response with the certificate. */
function staple(decision) {
  const { server, hello, choice } = decision
  if (!hello.wantsOcsp || !server?.listenerCount('OCSPRequest')) return decision.next()
  const context = /** @type {any} */ (choice.secureContext.context)
  decision.ask(
    (answer) => {
      server.emit('OCSPRequest', context.certificate(), context.issuer(), answer)
    },
    (response) => {
      if (response && !ArrayBuffer.isView(response)) return decision.finish(ocspResponseError())
      if (response?.byteLength > 0) choice.ocsp = bytesOf(response)
      decision.next()
    },
    (error) => decision.listenerThrew(error),
  )
}

/** The names of a ProtocolNameList or of an array, as Latin-1. What is neither has none. */
function protocolNames(protocols) {
  if (!Array.isArray(protocols) && !ArrayBuffer.isView(protocols)) return []
  const list = convertProtocols(protocols)
  const names = []
  for (let offset = 0; offset < list.length; offset += 1 + list[offset]) {
    names.push(String.fromCharCode(...list.subarray(offset + 1, offset + 1 + list[offset])))
  }
  return names
}

const bytesOf = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength)

const isOne = (value) => value instanceof SecureContext || value instanceof EngineContext

/** Whether a user means a context by it: one of `createSecureContext`, its `context`, or what has that. */
export const isContext = (value) => isOne(value) || isOne(value?.context)

/**
 * The context that a user means: one of `createSecureContext`, or what of old was its `context`.
 * @param {any} value
 * @return {SecureContext | null} null where nothing is meant
 */
export function toSecureContext(value) {
  if (value instanceof SecureContext) return value
  const context = value?.context || value
  if (typeof context === 'function') throw sniContextError()
  if (context === null || typeof context !== 'object') return null
  if (context instanceof SecureContext) return context
  if (!(context instanceof EngineContext)) throw sniContextError()
  return Object.assign(Object.create(SecureContext.prototype), { context, hasProtocol: true })
}

/**
 * Whether anybody is told of sessions: only then they are worth making an id and data of.
 * @param {any} socket
 */
export const isToldOfSessions = (socket) => Boolean(socket[kState].options.server?.listenerCount('newSession'))

/**
 * Tell of a new session: 'newSession' on the server.
 * @param {any} socket
 * @param {Buffer} id
 * @param {Buffer} data
 * @param {() => void} done called once, when the listeners are done with it; at once where there is none, or none that would say
 * so; never after the socket is destroyed
 */
export function announceSession(socket, id, data, done) {
  const { server } = socket[kState].options
  if (!server?.listenerCount('newSession')) return done()
  // Of old, listeners had the first two parameters and were not waited for.
  let isDone = server.listeners('newSession').every(({ length }) => length === 1 || length === 2)
  let emitting = true
  const callback = () => {
    if (isDone) return
    isDone = true
    if (!emitting && !socket.destroyed) done()
  }
  try {
    server.emit('newSession', id, data, callback)
  } catch (error) {
    // A session that nobody could keep is no reason to part.
    isDone = true
    toProcess(error)
  }
  emitting = false
  if (isDone && !socket.destroyed) done()
}
