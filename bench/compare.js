// Contenders by turns: cell after cell, in rounds that alternate, the same amount of work for each.
import { ratios, summarise } from './statistics.js'
import { work } from './work/index.js'

/**
 * @typedef {object} Contender
 * @property {string} name
 * @property {boolean} [alsoOurs] beside the first
 * @property {(cell: any, amount: number, thorough: boolean) => Promise<import('./work/index.js').Measured>} measure
 *
 * @typedef {object} Result
 * @property {any} cell
 * @property {string} unit
 * @property {number} amount of one round
 * @property {Record<string, import('./statistics.js').Summary & { agreed?: any } | { error: string }>} contenders
 * @property {Record<string, import('./statistics.js').Summary>} ratios ours / the other's, by the other's name; of a second one of ours,
 *   by `NAME to OTHER`
 */

/** Seconds of work after which the compilers of the runtimes have done theirs, and which are not lost in the noise. */
const LONG_ENOUGH = 0.2

const rateOf = ({ amount, milliseconds }) => amount / (milliseconds / 1000)

/**
 * Measure a cell.
 * @param {any} cell
 * @param {Contender[]} contenders the first is ours
 * @param {{ rounds: number, seconds: number }} options how many rounds, and how long one is to take: of each contender, about
 * @return {Promise<Result>}
 */
export async function compare(cell, contenders, { rounds, seconds }) {
  const values = new Map()
  const agreed = {}
  const errors = {}
  const rates = new Map()
  for (const contender of contenders) {
    await attempt(contender, async () => {
      const { rate, agreement } = await warmUp(contender, cell)
      rates.set(contender.name, rate)
      agreed[contender.name] = agreement
      values.set(contender.name, [])
    })
  }
  const able = contenders.filter(({ name }) => rates.has(name))
  // As long for the slower as it is short for the faster.
  const typical = Math.exp([...rates.values()].reduce((sum, rate) => sum + Math.log(rate), 0) / Math.max(1, rates.size))
  const amount = Math.max(1, Math.min(work[cell.kind].most, Math.round(typical * seconds)))
  for (let round = 0; round < Math.min(rounds, cell.rounds ?? rounds); round++) {
    for (const contender of round % 2 ? able.toReversed() : able) {
      if (errors[contender.name]) continue
      await attempt(contender, async () =>
        values.get(contender.name).push(scaled(cell, rateOf(await contender.measure(cell, amount, false)))),
      )
    }
  }
  return { cell, unit: work[cell.kind].unit, amount, ...conclude(contenders, values, agreed, errors) }

  async function attempt({ name }, run) {
    try {
      await run()
    } catch (error) {
      errors[name] = error.message
    }
  }
}

/** Bytes are told in megabytes. */
function scaled({ kind, length }, rate) {
  if (kind === 'bulk' || kind === 'download') return rate / 1e6
  return length ? (rate * length) / 1e6 : rate
}

/** Run until it is known how fast it is: first with every byte looked at, then longer and longer. */
async function warmUp({ measure }, cell) {
  const { first, most } = work[cell.kind]
  const looked = await measure(cell, first, true)
  // What takes seconds is warm.
  if (looked.milliseconds > 2000) return { rate: rateOf(looked), agreement: looked.agreed }
  for (let amount = first; ; amount *= 4) {
    const measured = await measure(cell, Math.min(amount, most), false)
    if (measured.milliseconds / 1000 > LONG_ENOUGH || amount >= most) return { rate: rateOf(measured), agreement: measured.agreed }
  }
}

function conclude(contenders, values, agreed, errors) {
  const told = contenders.map(({ name }) => [
    name,
    errors[name] ? { error: errors[name] } : { ...summarise(values.get(name)), agreed: agreed[name] },
  ])
  const able = contenders.filter(({ name }) => !errors[name])
  const [first] = contenders
  const pairs = able
    .filter((contender) => contender === first || contender.alsoOurs)
    .flatMap((ours) =>
      able.filter((other) => other !== first && other !== ours && !(ours.alsoOurs && other.alsoOurs)).map((other) => [ours, other]),
    )
  const key = (ours, other) => (ours === first ? other.name : `${ours.name} to ${other.name}`)
  return {
    contenders: Object.fromEntries(told),
    ratios: Object.fromEntries(pairs.map(([ours, other]) => [key(ours, other), ratios(values.get(ours.name), values.get(other.name))])),
  }
}
