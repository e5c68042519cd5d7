// Holds our primitives, in WebAssembly, against other implementations, at random. Of the primitives' exports, `compare_*` try so many cases
// beside another implementation in WebAssembly and tell how many agreed; `operations_*` tell what came of operations with keys, for a program
// beside to check (claims.rs). Each makes its cases of a seed.
// `node tests/primitives/compare.js [--full] [--only NAME] [--seed N] [--cases N]`
import path from 'node:path'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { Plain, root, say, script } from '../../scripts/run.js'
import { readBuildFile, setup } from '../../scripts/setup.js'
import { buildPrimitives, instantiate } from './load.js'
import { startReference } from './reference.js'

/** How many cases are tried. */
const CASES = { quick: 10_000, full: 10_000_000 }

/** The same of operations that take long. @type {Record<string, number>} */
const QUICK = { operations_p384: 2000, operations_p521: 2000, operations_rsa_sign: 2000 }

/** Cases of one seed: a difference is found again by them. */
const AT_ONCE = { compare: 1000, operations: 100 }

/** What else there is in the engine with relaxed-simd: nothing but AES uses its instructions. */
const RELAXED = ['compare_aes_gcm']

/** Octets of a claim, at most. */
const ROOM = 2048

/** @typedef {ReturnType<typeof instantiate>} Primitives */
/** @typedef {Awaited<ReturnType<typeof startReference>>} Reference */

/**
 * Compare.
 * @param {{ full?: boolean, cases?: number, only?: string, seed?: number, onResult?: (name: string, cases: number, seconds: number) => void }} [options]
 *   `only`: what is in the names of what is compared
 * @return {Promise<{ passed: number, failed: string[] }>} how many comparisons found no difference, and where there was one
 */
export async function compare({ full = false, cases, only = '', seed = Date.now() % 2 ** 31, onResult } = {}) {
  const [plain, relaxed] = [instantiate(await buildPrimitives()), await relaxedPrimitives()]
  const all = Object.keys(plain.exports).filter((name) => /^(compare|operations)_/.test(name))
  const contests = [
    ...all.map((name) => ({ title: name, name, primitives: plain })),
    ...RELAXED.map((name) => ({ title: `${name} with relaxed-simd`, name, primitives: relaxed })),
  ].filter(({ title }) => title.includes(only))
  if (contests.length === 0) throw new Plain(`nothing named ${only} is compared`)
  const result = { passed: 0, failed: /** @type {string[]} */ ([]) }
  const reference = await startReference()
  try {
    for (const { title, name, primitives } of contests) {
      const start = Date.now()
      const count = cases ?? (full ? CASES.full : (QUICK[name] ?? CASES.quick))
      const wrong = name.startsWith('compare_')
        ? firstDifference(primitives.exports[name], count, seed)
        : await firstWrongClaim(primitives, reference, name, count, seed)
      if (wrong === null) result.passed++
      else result.failed.push(`${title}, ${wrong}`)
      onResult?.(title, count, (Date.now() - start) / 1000)
    }
  } finally {
    await reference.close()
  }
  return result
}

/** The primitives of the engine with relaxed-simd. Node 20 has the instructions, and wants to be asked for them. */
async function relaxedPrimitives() {
  const { build } = await readBuildFile()
  const bytes = await buildPrimitives({ features: build['relaxed-features'] })
  if (!WebAssembly.validate(new Uint8Array(bytes))) setFlagsFromString('--experimental-wasm-relaxed-simd')
  return instantiate(bytes)
}

/** Seeds of so many cases, and how many each has. */
function* batches(cases, atOnce, seed) {
  for (let done = 0; done < cases; done += atOnce) yield { seed: (seed + done) >>> 0, count: Math.min(atOnce, cases - done) }
}

/** @return {string | null} the seed of a difference */
function firstDifference(compareCases, cases, seed) {
  for (const batch of batches(cases, AT_ONCE.compare, seed)) {
    if (compareCases(batch.seed, batch.count) !== batch.count) return `seed ${batch.seed}`
  }
  return null
}

/**
 * The other implementation judges what was claimed while the next claims are made.
 * @param {Primitives} primitives
 * @param {Reference} reference
 * @return {Promise<string | null>} where there is a claim that does not hold
 */
async function firstWrongClaim(primitives, reference, name, cases, seed) {
  const room = ROOM * AT_ONCE.operations
  const place = primitives.exports.allocate(room)
  const claim = (batch) => primitives.bytes(place, primitives.exports[name](batch.seed, batch.count, place, room)).slice()
  const check = async (batch, claims) => {
    const { count, wrong, first } = await reference.judge(claims)
    if (wrong > 0) return `seed ${batch.seed}, claim ${first}`
    return count === batch.count ? null : `seed ${batch.seed}: ${count} claims in the place of ${batch.count}`
  }
  try {
    const [sample] = batches(cases, AT_ONCE.operations, seed)
    const { count, wrong } = await reference.judge(falsified(claim(sample)))
    if (wrong < count) return `seed ${sample.seed}: claims that were falsified are taken for true`
    let before = Promise.resolve(/** @type {string | null} */ (null))
    for (const batch of batches(cases, AT_ONCE.operations, seed)) {
      const current = check(batch, claim(batch))
      const found = await before
      if (found) return found
      before = current
    }
    return await before
  } finally {
    primitives.exports.free(place, room)
  }
}

/** The same claims with another result: the last bit of each is another. */
function falsified(claims) {
  const view = new DataView(claims.buffer)
  for (let end = 0; end < claims.length; ) {
    end += 2 + view.getUint16(end, true)
    claims[end - 1] ^= 1
  }
  return claims
}

if (process.argv[1] && path.resolve(process.argv[1]) === path.join(root, 'tests/primitives/compare.js')) {
  script(async () => {
    const { values } = parseArgs({
      options: { full: { type: 'boolean' }, only: { type: 'string' }, seed: { type: 'string' }, cases: { type: 'string' } },
    })
    await setup('test')
    const number = (text) => (text === undefined ? undefined : Number(text))
    const { passed, failed } = await compare({
      ...values,
      seed: number(values.seed),
      cases: number(values.cases),
      onResult: (name, cases, seconds) => say(`${name}: ${cases} cases, ${seconds.toFixed(1)} s`),
    })
    say(`${passed} comparisons found no difference${failed.length > 0 ? `; there was one in ${failed.join(', ')}` : ''}`)
    if (failed.length > 0) process.exitCode = 1
  })
}
