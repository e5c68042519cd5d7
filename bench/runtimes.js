// What is measured of one runtime: ours, and its own TLS by turns.
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Agent, AgentContender } from './agents.js'
import { cellsOf } from './cells.js'
import { coldStart } from './cold-start.js'
import { compare } from './compare.js'
import { idle } from './idle.js'
import { summarise } from './statistics.js'
import { say } from '../scripts/run.js'
import { consoles, runJob } from '../tests/runners/index.js'

/** The contenders of a runtime that runs programs from the command line. The first is ours. */
export const CONTENDERS = [
  { name: 'isomorphic-tls', implementation: 'isomorphic-tls' },
  { name: 'own', implementation: 'node:tls' },
]

/** The runtime of which most is measured. */
const FIRST = 'node-26'

/** Runtimes of which only what is essential is measured: an older version, and those that have nothing to be compared with. */
const SHORTENED = ['node-20', 'workerd', 'chromium', 'firefox']

/** For all cells of a runtime, in milliseconds. */
const DEADLINE = 10 * 60 * 1000

const CELL_KINDS = ['bulk', 'handshakes', 'resumption', 'echo', 'transfers']

/**
 * @param {string} runtime
 * @param {import('../tests/peers/host.js').Host} host
 * @param {import('./options.js').Options} options
 * @return {Promise<any>}
 */
export async function measureRuntime(runtime, host, options) {
  const wanted = (part) => options.what.includes(part)
  const kinds = CELL_KINDS.filter(wanted)
  const cells = cellsOf({ kinds, networks: runtime in consoles, essential: options.quick || SHORTENED.includes(runtime) })
  if (!(runtime in consoles)) {
    return {
      cells: await measureAlone(runtime, cells, host, options),
      ...(wanted('start') && { start: await startAlone(runtime, host, options.rounds) }),
    }
  }
  return {
    cells: await compareAll(runtime, cells, host, options),
    ...(wanted('memory') && {
      memory: await idle(runtime, CONTENDERS, host, memoryOptions(runtime, options)),
    }),
    ...(wanted('start') && { start: await coldStart(runtime, CONTENDERS, { rounds: options.rounds * 2 }) }),
  }
}

/** Ten thousand connections take their time: of the runtimes after the first there are fewer rounds, of shortened ones fewer connections. */
function memoryOptions(runtime, { connections, memoryRounds }) {
  const counts = SHORTENED.includes(runtime) ? connections.filter((count) => count <= 1000) : connections
  return { counts, rounds: runtime === FIRST ? memoryRounds : Math.min(memoryRounds, 2) }
}

/** Measure cells, each implementation in a process of its own. */
async function compareAll(runtime, cells, host, options) {
  const contenders = CONTENDERS.map(({ name, implementation }) => new AgentContender(name, () => new Agent(runtime, implementation, host)))
  const results = []
  try {
    for (const cell of cells) results.push(await compare(cell, contenders, options))
  } finally {
    await Promise.all(contenders.map((contender) => contender.stop()))
  }
  return results
}

/** Have a runtime that starts no programs run page.js or worker.js. */
const run = (runtime, host, task, onResult) =>
  runJob({
    runtime,
    host,
    files: [],
    implementation: 'isomorphic-tls',
    full: false,
    deadline: DEADLINE,
    entries: path.dirname(fileURLToPath(import.meta.url)),
    task,
    onResult,
  })

const [{ name: OURS }] = CONTENDERS

/** Measure ours inside a runtime that starts no programs: it is given all cells at once. */
async function measureAlone(runtime, cells, host, { rounds, seconds }) {
  const results = []
  if (!cells.length) return results
  try {
    await run(runtime, host, { cells, rounds, seconds }, ({ result }) => results.push(result))
  } catch (error) {
    // What came before it is told all the same.
    say(`${runtime}: ${error.message}`)
    results.push({ cell: cells[results.length], contenders: { [OURS]: { error: error.message.split('\n')[0] } }, ratios: {} })
  }
  return results
}

/** Start a runtime that starts no programs again and again. */
async function startAlone(runtime, host, rounds) {
  const told = []
  try {
    for (let round = 0; round < rounds; round++) await run(runtime, host, { start: true }, ({ start }) => told.push(start))
  } catch (error) {
    return { contenders: { [OURS]: { error: error.message.split('\n')[0] } }, ratios: {}, compilation: {} }
  }
  const figures = Object.keys(told[0]).map((figure) => [figure, summarise(told.map((round) => round[figure]))])
  return { contenders: { [OURS]: Object.fromEntries(figures) }, ratios: {}, compilation: {} }
}
