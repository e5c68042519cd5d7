// Memory per idle connection, and the cost of a connection as they become many: clients in one process, servers in another, TCP on the
// loopback interface between them. Every round has new processes.
import { Agent } from './agents.js'
import { ratios, summarise } from './statistics.js'

/** For thousands of connections, in milliseconds. */
const PATIENCE = 5 * 60 * 1000

/** Opened and closed before anything is counted: what a first connection brings about is not of the others. */
const WARM_UP = 50

/**
 * @typedef {object} Idle
 * @property {number} count connections
 * @property {Record<string, Record<string, any>>} contenders by contender: summaries by figure, or an error
 * @property {Record<string, Record<string, any>>} ratios ours / theirs, by contender and figure
 */

/**
 * One round of one contender.
 * @return {Promise<Record<string, number>>} kilobytes a connection, and milliseconds a connection up to each count
 */
async function measure(runtime, implementation, host, counts) {
  const agents = [new Agent(runtime, implementation, host), new Agent(runtime, implementation, host)]
  const [server, client] = agents
  const cell = { carrier: 'processes', behaviour: 'echo' }
  const both = (request) => Promise.all(agents.map((agent) => agent.ask('memory', request)))
  try {
    const port = await server.ask('serve', { cell })
    const open = (count) => client.ask('memory', { step: 'open', cell, port, count }, PATIENCE)
    await open(WARM_UP)
    await client.ask('memory', { step: 'close' })
    const before = await both({ step: 'settle' })
    const figures = {}
    let held = 0
    for (const count of counts) {
      const { milliseconds } = await open(count - held)
      figures[`milliseconds each, up to ${count}`] = milliseconds / (count - held)
      held = count
    }
    const after = await both({ step: 'settle' })
    for (const [at, side] of ['server', 'client'].entries()) {
      for (const what of ['resident', 'heap']) {
        figures[`${side}, ${what}, KB`] = (after[at][what] - before[at][what]) / held / 1000
      }
    }
    figures['both sides, resident, KB'] = figures['server, resident, KB'] + figures['client, resident, KB']
    return figures
  } finally {
    await Promise.all(agents.map((agent) => agent.stop()))
  }
}

/**
 * @param {string} runtime
 * @param {{ name: string, implementation: string }[]} contenders the first is ours
 * @param {import('../tests/peers/host.js').Host} host
 * @param {{ counts: number[], rounds: number }} options up to how many connections, in steps
 * @return {Promise<Idle>}
 */
export async function idle(runtime, contenders, host, { counts, rounds }) {
  const told = Object.fromEntries(contenders.map(({ name }) => [name, []]))
  const errors = {}
  for (let round = 0; round < rounds; round++) {
    for (const { name, implementation } of round % 2 ? contenders.toReversed() : contenders) {
      if (errors[name]) continue
      try {
        told[name].push(await measure(runtime, implementation, host, counts))
      } catch (error) {
        errors[name] = { error: error.message }
      }
    }
  }
  const able = contenders.map(({ name }) => name).filter((name) => !errors[name])
  const figures = (name) => Object.keys(told[name][0])
  const values = (name, figure) => told[name].map((round) => round[figure])
  const byFigure = (name, tell) => Object.fromEntries(figures(name).map((figure) => [figure, tell(figure)]))
  const [ours] = contenders.map(({ name }) => name)
  const summaries = able.map((name) => [name, byFigure(name, (figure) => summarise(values(name, figure)))])
  const others = errors[ours] ? [] : able.filter((name) => name !== ours)
  const compared = others.map((name) => [name, byFigure(name, (figure) => ratios(values(ours, figure), values(name, figure)))])
  return { count: counts.at(-1) ?? 0, contenders: { ...Object.fromEntries(summaries), ...errors }, ratios: Object.fromEntries(compared) }
}
