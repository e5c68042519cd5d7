// Whether the primitives run in constant time, as WebAssembly: no branch, address, length or division that depends on a secret
// (docs/security.md, "Side channels"). `node tests/primitives/constant-time.js [--only TEXT] [--seeds N] [--features NAMES]`
//
// Exports `ct_...` of this package's module make their secrets themselves (secret.rs). The interpreter in constant-time/ runs them, as the
// compiler made them and as wasm-opt leaves them, and V8 runs them too: a result that differs would say that the interpreter is wrong. It
// must also find each leak of leaky.rs, and do with single instructions what V8 does.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { optimise, cargoEnvironment } from '../../scripts/build.js'
import { root, run, say, script } from '../../scripts/run.js'
import { fill } from '../random.js'
import { allowed } from './constant-time/allowed.js'
import { instructionsModule } from './constant-time/instructions.js'
import { buildPrimitives } from './load.js'

/** How often each single instruction is tried. */
const TRIALS = 30

/**
 * @typedef {object} Leak
 * @property {string} kind as `Kind` of constant-time/leaks.rs
 * @property {string} instruction
 * @property {number} offset in the file
 * @property {number} times how often it was come to
 * @property {string[]} callers functions that were being run, the outermost first
 */

/**
 * @typedef {object} Outcome of an export
 * @property {string} name
 * @property {string | null} [result]
 * @property {string} [failure] why it did not run to its end
 * @property {number} instructions how many were run
 * @property {Leak[]} leaks
 */

const targets = () => process.env.CARGO_TARGET_DIR ?? path.join(root, 'target')

/** Build the interpreter, and run its own tests: its path. */
async function buildInterpreter() {
  const { cargo, env } = await cargoEnvironment()
  const folder = path.join(targets(), 'constant-time')
  const manifest = 'tests/primitives/constant-time/Cargo.toml'
  const options = ['--quiet', '--locked', '--release', '--manifest-path', manifest, '--target-dir', folder]
  await run(cargo, ['test', ...options], { quiet: true, env })
  await run(cargo, ['build', ...options], { env })
  return path.join(folder, 'release/constant-time')
}

/**
 * Run exports in the interpreter.
 * @param {string} interpreter
 * @param {string} file of a module
 * @param {number} seed of what is random
 * @param {string[]} names of exports
 * @return {Promise<Outcome[]>}
 */
async function interpret(interpreter, file, seed, names) {
  const text = await run(interpreter, [file, String(seed), ...names], { quiet: true })
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

/** An instance in V8 whose imports give random bytes as the interpreter does, for one run of an export. */
function instance(module, seed) {
  let offset = 0
  let memory
  const secrets = {
    random(place, length) {
      fill(seed, offset, new Uint8Array(memory.buffer, place, length))
      offset += length
    },
    classify() {},
    declassify() {},
  }
  const imports = { 'constant-time': secrets }
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    if (from === 'constant-time') continue
    imports[from] ??= {}
    imports[from][name] = () => {
      throw new Error(`${from}.${name} was called`)
    }
  }
  const { exports } = /** @type {any} */ (new WebAssembly.Instance(module, imports))
  memory = exports.memory
  return exports
}

/** What V8 makes of an export: a number, as text. */
function resultOfV8(module, seed, name) {
  const result = instance(module, seed)[name]()
  return String(typeof result === 'bigint' ? BigInt.asUintN(64, result) : result >>> 0)
}

/** What is wrong with the outcome of an export that V8 ran too. */
function misrun(outcome, module, seed) {
  if (outcome.failure) return outcome.failure
  const expected = resultOfV8(module, seed, outcome.name)
  return outcome.result === expected ? null : `the interpreter gives ${outcome.result}, V8 ${expected}`
}

/** Does the interpreter do with each instruction what V8 does? Problems. */
async function checkInstructions(interpreter) {
  const file = path.join(targets(), 'constant-time/instructions.wasm')
  writeFileSync(file, instructionsModule())
  const module = new WebAssembly.Module(readFileSync(file))
  const problems = []
  let count = 0
  for (let seed = 1; seed <= TRIALS; seed++) {
    for (const outcome of await interpret(interpreter, file, seed, [])) {
      const problem = misrun(outcome, module, seed)
      if (problem) problems.push(`instruction ${outcome.name}: ${problem}`)
      count++
    }
  }
  if (count === 0) problems.push('no instruction was tried')
  return problems
}

/**
 * @typedef {object} Place where leaks of one kind are: a function, as it was called
 * @property {string} kind
 * @property {string} within the functions that were being run, the innermost first
 * @property {Map<number, string>} sites instructions, by where they are in the file
 * @property {number} times how often one of them was come to, at most
 */

/**
 * Where the leaks of all runs of an export are.
 * @param {Outcome[]} outcomes
 * @return {Place[]}
 */
function places(outcomes) {
  const found = new Map()
  for (const { kind, instruction, offset, times, callers } of outcomes.flatMap(({ leaks }) => leaks ?? [])) {
    const within = callers.toReversed().join(' < ')
    const place = found.get(`${kind} ${within}`) ?? { kind, within, sites: new Map(), times: 0 }
    found.set(`${kind} ${within}`, place)
    place.sites.set(offset, instruction)
    place.times = Math.max(place.times, times)
  }
  return [...found.values()]
}

/** Whether constant-time/allowed.js explains what is found in a place. */
const isAllowed = (name, { kind, within, sites }) =>
  allowed.some((entry) => entry.export.test(name) && entry.kind === kind && entry.within.test(within) && sites.size <= entry.sites)

/** A place in words. */
function describe({ kind, within, sites, times }) {
  const instructions = [...sites].map(([offset, instruction]) => `${instruction} at 0x${offset.toString(16)}`)
  const some = instructions.slice(0, 4).join(', ') + (instructions.length > 4 ? ', ...' : '')
  return `${kind}, ${sites.size} of them, up to ${times} times: ${some}\n       in ${within.replaceAll(' < ', '\n          ')}`
}

/** The kind of leak that an export of leaky.rs is there for. */
const kindOf = (name) => name.split('_')[1]

/** What is wrong with an export: leaks of what must have none, none of what must have one. */
function judge(name, outcomes, module, seeds) {
  const problems = outcomes.map((outcome, index) => misrun(outcome, module, seeds[index])).filter((problem) => problem !== null)
  if (problems.length) return [...new Set(problems)]
  const found = places(outcomes)
  if (name.startsWith('leaky_')) {
    const kind = kindOf(name)
    return found.some((place) => place.kind === kind) ? [] : [`the check does not find its leak (${kind})`]
  }
  return found.filter((place) => place.kind !== 'select' && !isAllowed(name, place)).map(describe)
}

const count = (number) => number.toLocaleString('en').padStart(13)

/** Print a line on an export. */
function show(name, outcomes, problems) {
  const sites = (wanted) =>
    places(outcomes)
      .filter(wanted)
      .reduce((sum, place) => sum + place.sites.size, 0)
  const notes = []
  if (name.startsWith('leaky_')) notes.push(problems.length ? 'not found' : 'found')
  else notes.push(problems.length ? 'leaks' : 'none')
  const explained = sites((place) => isAllowed(name, place))
  if (explained) notes.push(`${explained} allowed`)
  const selects = sites(({ kind }) => kind === 'select')
  if (selects) notes.push(`${selects} selects`)
  console.log(
    `${problems.length ? 'FAIL' : 'ok  '} ${name.padEnd(36)} ${count(outcomes[0]?.instructions ?? 0)} instructions  ${notes.join(', ')}`,
  )
  for (const problem of problems) console.log(`     ${problem}`)
}

/**
 * Check one module.
 * @return {Promise<{ passed: number, failed: string[] }>}
 */
async function checkModule(interpreter, file, { only, seeds }) {
  const module = new WebAssembly.Module(readFileSync(file))
  const names = WebAssembly.Module.exports(module).map(({ name }) => name)
  const wanted = names.filter((name) => /^(ct|leaky)_/.test(name) && name.includes(only)).sort()
  const result = { passed: 0, failed: /** @type {string[]} */ ([]) }
  if (wanted.length === 0) return result
  const runs = await Promise.all(seeds.map((seed) => interpret(interpreter, file, seed, wanted)))
  for (const name of wanted) {
    const outcomes = runs.flatMap((outcomes) => outcomes.filter((outcome) => outcome.name === name))
    const problems = outcomes.length === seeds.length ? judge(name, outcomes, module, seeds) : ['it was not run']
    show(name, outcomes, problems)
    if (problems.length) result.failed.push(name)
    else result.passed++
  }
  return result
}

/**
 * @param {{ only?: string, seeds?: number, features?: string[] }} [options] `only` exports whose names contain a text; how many `seeds`;
 *   wasm `features` beside those of wasm-pack.toml
 * @return {Promise<{ passed: number, failed: string[] }>} how many exports run in constant time, and which do not
 */
export async function checkConstantTime({ only = '', seeds = 2, features = [] } = {}) {
  const interpreter = await buildInterpreter()
  const folder = path.join(targets(), 'constant-time')
  mkdirSync(folder, { recursive: true })
  const built = path.join(folder, 'primitives.wasm')
  const optimised = path.join(folder, 'primitives-optimised.wasm')
  writeFileSync(built, await buildPrimitives({ features }))
  // The interpreter has to see the calls of what says that a verdict is public: not inlined, nor merged with what looks the same.
  await optimise(built, optimised, [
    '--debuginfo',
    '--no-inline=*declassify*',
    '--skip-pass=duplicate-function-elimination',
    ...features.map((feature) => `--enable-${feature}`),
  ])
  const total = { passed: 0, failed: await checkInstructions(interpreter) }
  for (const problem of total.failed) console.log(`FAIL ${problem}`)
  const list = Array.from({ length: seeds }, (_, index) => index + 1)
  for (const [file, what] of [
    [built, 'as compiled'],
    [optimised, 'as wasm-opt leaves it'],
  ]) {
    say(`constant time, ${what}`)
    const { passed, failed } = await checkModule(interpreter, file, { only, seeds: list })
    total.passed += passed
    total.failed.push(...failed.map((name) => `${name}, ${what}`))
  }
  return total
}

if (process.argv[1] && path.resolve(process.argv[1]) === path.join(root, 'tests/primitives/constant-time.js')) {
  script(async () => {
    const { values } = parseArgs({
      options: { only: { type: 'string' }, seeds: { type: 'string', default: '2' }, features: { type: 'string', default: '' } },
    })
    const features = values.features.split(',').filter(Boolean)
    const { passed, failed } = await checkConstantTime({ only: values.only, seeds: Number(values.seeds), features })
    say(`${passed} exports are in order, ${failed.length} are not`)
    if (failed.length || passed === 0) process.exitCode = 1
  })
}
