// Holds our primitives against other implementations, in WebAssembly: every export `compare_*` of the primitives tries so many cases,
// each made of a seed, and tells how many agreed. `node tests/primitives/compare.js [--full] [--only NAME] [--seed N]`
import path from 'node:path'
import { parseArgs } from 'node:util'
import { Plain, root, say, script } from '../../scripts/run.js'
import { setup } from '../../scripts/setup.js'
import { buildPrimitives, instantiate } from './load.js'

/** How many cases are tried of what is not listed below. */
const CASES = { quick: 10_000, full: 10_000_000 }

/** Whole operations that take milliseconds: the arithmetic under them is compared by itself. @type {Record<string, { quick: number, full: number }>} */
const SLOW = {
  compare_p256: { quick: 500, full: 200_000 },
  compare_p384: { quick: 100, full: 20_000 },
  compare_p521: { quick: 100, full: 20_000 },
  compare_rsa_sign: { quick: 100, full: 20_000 },
  compare_rsa_verify: { quick: 1_000, full: 1_000_000 },
}

/** Cases of one seed: a difference is found again by them. */
const AT_ONCE = 1000

/**
 * Compare.
 * @param {{ full?: boolean, only?: string, seed?: number, onResult?: (name: string, cases: number, seconds: number) => void }} [options]
 *   `only`: what is in the names of what is compared
 * @return {Promise<{ passed: number, failed: string[] }>} how many comparisons found no difference, and where there was one
 */
export async function compare({ full = false, only = '', seed = Date.now() % 2 ** 31, onResult } = {}) {
  const { exports } = instantiate(await buildPrimitives())
  const names = Object.keys(exports).filter((name) => name.startsWith('compare_') && name.includes(only))
  if (names.length === 0) throw new Plain(`nothing named ${only} is compared`)
  const result = { passed: 0, failed: /** @type {string[]} */ ([]) }
  for (const name of names) {
    const start = Date.now()
    const cases = (SLOW[name] ?? CASES)[full ? 'full' : 'quick']
    const wrong = firstDifference(exports[name], cases, seed)
    if (wrong === null) result.passed++
    else result.failed.push(`${name}, seed ${wrong}`)
    onResult?.(name, cases, (Date.now() - start) / 1000)
  }
  return result
}

/** @return {number | null} the seed of a difference */
function firstDifference(compareCases, cases, seed) {
  for (let done = 0; done < cases; done += AT_ONCE) {
    const count = Math.min(AT_ONCE, cases - done)
    const own = (seed + done) >>> 0
    if (compareCases(own, count) !== count) return own
  }
  return null
}

if (process.argv[1] && path.resolve(process.argv[1]) === path.join(root, 'tests/primitives/compare.js')) {
  script(async () => {
    const { values } = parseArgs({
      options: { full: { type: 'boolean' }, only: { type: 'string' }, seed: { type: 'string' } },
    })
    await setup('test')
    const seed = values.seed === undefined ? undefined : Number(values.seed)
    const { passed, failed } = await compare({
      ...values,
      seed,
      onResult: (name, cases, seconds) => say(`${name}: ${cases} cases, ${seconds.toFixed(1)} s`),
    })
    say(`${passed} comparisons found no difference${failed.length > 0 ? `; there was one in ${failed.join(', ')}` : ''}`)
    if (failed.length > 0) process.exitCode = 1
  })
}
