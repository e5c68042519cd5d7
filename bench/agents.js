// Agents: processes that measure, or serve what another measures. See agent.js.
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { readResults, startChild } from '../tests/runners/child.js'
import { consoles } from '../tests/runners/index.js'

const here = path.dirname(fileURLToPath(import.meta.url))

/** Flags with which a program may ask for a collection of garbage. */
const GARBAGE_FLAGS = { 'node-20': ['--expose-gc'], 'node-26': ['--expose-gc'], deno: ['--v8-flags=--expose-gc'], bun: [] }

/** A request that is not answered for this long will not be. */
const PATIENCE = 60_000

/** The command that runs a program of this folder on a runtime. */
export function commandOf(runtime, program, args = []) {
  const [command, ...before] = consoles[runtime]
  return [command, ...before, ...GARBAGE_FLAGS[runtime], path.join(here, program), ...args]
}

/** A process that answers requests. */
export class Agent {
  #program
  /** @type {Map<number, { resolve: (value: any) => void, reject: (error: Error) => void }>} */
  #waiting = new Map()
  #last = 0

  /**
   * @param {string} runtime one of `consoles`
   * @param {string} implementation what it imports
   * @param {import('../tests/peers/host.js').Host} host
   * @param {string} [programFile] of this folder
   */
  constructor(runtime, implementation, host, programFile = 'agent.js') {
    const [command, ...args] = commandOf(runtime, programFile, [implementation, host.url])
    this.#program = startChild(command, args, { stdio: ['pipe', 'pipe', 'pipe'], cwd: path.join(here, '..') })
    this.#program.child.stdin?.on('error', () => {})
    readResults(/** @type {any} */ (this.#program.child.stdout), ({ id, value, error }) => {
      const request = this.#waiting.get(id)
      this.#waiting.delete(id)
      if (error === undefined) request?.resolve(value)
      else request?.reject(new Error(error))
    })
    this.#program.exited.then((how) => {
      for (const { reject } of this.#waiting.values())
        reject(new Error(`its process ended (${how}): ${this.#program.errors().slice(-300)}`))
      this.#waiting.clear()
    })
  }

  /**
   * @param {string} name of the request: see agent.js
   * @param {any} [request]
   * @param {number} [patience] milliseconds
   * @return {Promise<any>}
   */
  ask(name, request, patience = PATIENCE) {
    const id = ++this.#last
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer after ${patience / 1000} s`)), patience)
      this.#waiting.set(id, {
        resolve: (value) => resolve(clearTimeout(timer) ?? value),
        reject: (error) => reject(clearTimeout(timer) ?? error),
      })
      this.#program.child.stdin?.write(`${JSON.stringify({ ...request, id, name })}\n`)
    })
  }

  stop() {
    return this.#program.stop()
  }
}

/** A contender that measures in a process of its own; for cells between two processes there is another one for the server. */
export class AgentContender {
  #start
  #shared
  #client
  #server

  /**
   * @param {string} name
   * @param {() => Agent} start
   * @param {Agent} [shared] the server of all contenders; default: one of the same implementation
   */
  constructor(name, start, shared) {
    this.name = name
    this.#start = start
    this.#shared = shared
    this.measure = this.measure.bind(this)
  }

  async measure(cell, amount, thorough) {
    this.#client ??= this.#start()
    const server = cell.carrier === 'processes' ? this.#serverAgent() : null
    const port = await server?.ask('serve', { cell: { ...cell, behaviour: behaviourOf(cell), withoutResumption: cell.kind === 'dials' } })
    try {
      const measured = await this.#client.ask('measure', { cell, amount, thorough, port })
      if (cell.kind === 'dials') await seenFull(server, amount)
      return measured
    } catch (error) {
      // What was begun may go on in there.
      await this.stop()
      throw error
    }
  }

  #serverAgent() {
    if (this.#shared) return this.#shared
    this.#server ??= this.#start()
    return this.#server
  }

  async stop() {
    await Promise.all([this.#client?.stop(), this.#server?.stop()])
    this.#client = this.#server = undefined
  }
}

/**
 * Wait until a server has seen a number of full handshakes since it was told to serve; the last may be under way.
 * @param {Agent} server
 * @param {number} count
 */
export async function seenFull(server, count) {
  for (let turn = 0; ; turn++) {
    const { served, resumed } = await server.ask('served')
    if (resumed) throw new Error(`${resumed} of the handshakes resumed a session`)
    if (served === count) return
    if (served > count || turn > 20) throw new Error(`the server has seen ${served} handshakes, not ${count}`)
    await sleep(100)
  }
}

/** What the server of a cell does with its connections. */
function behaviourOf({ kind, direction }) {
  if (kind === 'download') return 'give'
  if (kind !== 'bulk') return 'echo'
  return direction === 'up' ? 'take' : 'give'
}
