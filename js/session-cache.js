// The option `sessionCache`: sessions that later connections to the same server resume by themselves, as a browser's do.
import { checkType } from './check.js'
import { makeError } from './errors.js'
import { TLS13 } from './versions.js'

/** How many sessions of one server are kept: as many as servers give at once. */
const OF_A_SERVER = 2

/** How many servers are remembered, unless it is said. */
const SERVERS = 256

/**
 * Sessions of the connections that have it as their option `sessionCache`. A session is offered again only to the host, port and
 * server name it is from, with the same protocols of ALPN and the same certificate of the client; and, as any session that is given, only
 * if the server's certificates are trusted by the connection that offers it. Connections that are not to be known for the same
 * client's have a cache each.
 */
export class SessionCache {
  /** The least recently used first. @type {Map<string, { session: Uint8Array, isOnce: boolean }[]>} */
  #servers = new Map()
  #limit

  /** @param {{ servers?: number }} [options] `servers`: of how many sessions are kept; default: 256 */
  constructor({ servers = SERVERS } = {}) {
    checkType('options.servers', servers, 'number')
    if (!Number.isInteger(servers) || servers < 1) throw makeError('ERR_OUT_OF_RANGE', ['options.servers', '>= 1', servers])
    this.#limit = servers
  }

  /** Of how many servers sessions are kept. */
  get size() {
    return this.#servers.size
  }

  /** Forget all sessions. */
  clear() {
    this.#servers.clear()
  }

  /**
   * Keep a session. The newest is offered first; one of TLS 1.3 only once: who sees it twice knows that it is the same client (RFC 8446, C.4).
   * @param {string} server what it is bound to
   * @param {Uint8Array} session
   * @param {number} version the wire's
   */
  keep(server, session, version) {
    const sessions = this.#servers.get(server) ?? []
    this.#servers.delete(server)
    const others = version === TLS13 ? sessions.slice(0, OF_A_SERVER - 1) : []
    this.#servers.set(server, [{ session, isOnce: version === TLS13 }, ...others])
    if (this.#servers.size > this.#limit) this.#servers.delete(this.#servers.keys().next().value ?? '')
  }

  /**
   * The session to offer to a server, if there is one.
   * @param {string} server
   * @return {Uint8Array | undefined}
   */
  take(server) {
    const sessions = this.#servers.get(server)
    if (!sessions) return undefined
    this.#servers.delete(server)
    const [{ session, isOnce }, ...others] = sessions
    const left = isOnce ? others : sessions
    if (left.length > 0) this.#servers.set(server, left)
    return session
  }
}
