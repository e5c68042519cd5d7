// What the command is told, and how much of everything that means.
import { parseArgs } from 'node:util'
import { Plain } from '../scripts/run.js'

/** What can be measured, in this order. */
export const PARTS = ['sizes', 'primitives', 'bulk', 'handshakes', 'resumption', 'echo', 'transfers', 'memory', 'start', 'peers']

/** What is measured of each runtime. */
export const OF_RUNTIMES = ['bulk', 'handshakes', 'resumption', 'echo', 'transfers', 'memory', 'start']

export const USAGE = `npm run bench -- [options]
  --only node-26,deno    some runtimes
  --what bulk,handshakes some parts: ${PARTS.join(', ')}
  --rounds 5             how often each figure is taken
  --quick                little of everything: about three minutes, for a look
  --write                write docs/performance.json, its chart and its tables
  --from FILE            measure nothing: tables and chart of an earlier result`

/**
 * @typedef {object} Options
 * @property {string[]} only
 * @property {string[]} what
 * @property {number} rounds
 * @property {number} seconds about how long one round of one contender takes
 * @property {number[]} connections counts at which the cost of a connection is told
 * @property {number} memoryRounds
 * @property {boolean} quick
 * @property {boolean} write
 * @property {string} [from]
 */

/**
 * @param {string[]} runtimes
 * @return {Options}
 */
export function readOptions(runtimes) {
  let values
  try {
    values = parseArgs({
      options: {
        only: { type: 'string' },
        what: { type: 'string' },
        rounds: { type: 'string' },
        from: { type: 'string' },
        quick: { type: 'boolean', default: false },
        write: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    throw new Plain(`${error.message}\n${USAGE}`)
  }
  const { quick, write, from } = values
  const rounds = Number(values.rounds ?? (quick ? 2 : 5))
  if (!Number.isInteger(rounds) || rounds < 1) throw new Plain('--rounds is a number from 1')
  return {
    only: choice('--only', values.only, runtimes),
    what: choice('--what', values.what, PARTS),
    rounds,
    seconds: quick ? 0.05 : 0.15,
    connections: quick ? [1, 10, 100, 500] : [1, 10, 100, 1000, 10_000],
    memoryRounds: quick ? 1 : rounds,
    quick,
    write,
    from,
  }
}

function choice(option, text, known) {
  const wanted = text?.split(',') ?? known
  const unknown = wanted.filter((name) => !known.includes(name))
  if (unknown.length) throw new Plain(`${option}: there is no ${unknown.join(', ')}; there are ${known.join(', ')}`)
  return wanted
}
