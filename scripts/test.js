// Everything that is tested: `npm test`, or `npm run test:full` with what takes long. For a quick look at a part:
// `npm test -- --only node-26,chromium --filter backpressure`. With `--implementation node:tls` the same tests run against
// another module, which shows that a test describes Node.
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { Plain, root, run, say, script } from './run.js'
import { readBuildFile, setup, tool } from './setup.js'

const OURS = 'isomorphic-tls'

/** What the tests describe: a full run has them go through it, too. */
const DESCRIBED = 'node:tls'

/** For all tests of one runtime, in milliseconds. */
const DEADLINE = { quick: 10 * 60 * 1000, full: 60 * 60 * 1000 }

/** What the engine's own tests do more of in a full run: see tests/engine/fuzz.rs. */
const FULL_RUST = { FUZZ_CHANGES: '1000' }

/** The WebDriver of each browser that the engine's own tests run in. */
const DRIVERS = {
  chromium: async () => ({ CHROMEDRIVER: program('chromedriver') }),
  firefox: async () => ({ GECKODRIVER: tool('geckodriver', (await readBuildFile()).tools.geckodriver) }),
}

/**
 * @typedef {object} Row of the closing table
 * @property {string} name
 * @property {number} passed
 * @property {number} failed
 * @property {string} [problem] why the part could not run, or not to its end
 * @property {number} [seconds]
 */

function program(name) {
  const folder = (process.env.PATH ?? '').split(path.delimiter).find((place) => existsSync(path.join(place, name)))
  if (!folder) throw new Plain(`${name} is not installed`)
  return path.join(folder, name)
}

async function testFiles() {
  const files = []
  for (const folder of ['tests/api', 'tests/interop']) {
    const names = await readdir(path.join(root, folder))
    files.push(...names.filter((name) => name.endsWith('.test.js')).map((name) => path.join(root, folder, name)))
  }
  return files.sort()
}

/** Sum up what Rust's test harness says. */
function countRust(text) {
  const results = [...text.matchAll(/^test result: .* (\d+) passed; (\d+) failed/gm)]
  const sum = (group) => results.reduce((total, match) => total + Number(match[group]), 0)
  return { passed: sum(1), failed: sum(2) }
}

/** @return {Promise<{ passed: number, failed: number, problem?: string }>} */
async function cargoTest(args, extra) {
  const { cargoEnvironment } = await import('./build.js')
  const { cargo, env } = await cargoEnvironment()
  try {
    return countRust(await run(cargo, ['test', ...args], { quiet: true, env: { ...env, ...extra } }))
  } catch (error) {
    return { passed: 0, failed: 1, problem: error.message }
  }
}

async function wasmTest(browser) {
  const { build, tools } = await readBuildFile()
  const runner = `CARGO_TARGET_${build.target.toUpperCase().replaceAll('-', '_')}_RUNNER`
  return cargoTest(['--target', build.target], {
    [runner]: tool('wasm-bindgen-cli', tools['wasm-bindgen'], 'wasm-bindgen-test-runner'),
    WASM_BINDGEN_USE_BROWSER: '1',
    // Seconds: the engine's debug build verifies many chains in a row, and a page says nothing meanwhile.
    WASM_BINDGEN_TEST_TIMEOUT: '300',
    ...(await DRIVERS[browser]()),
  })
}

async function lintRow() {
  const { lint } = await import('./lint.js')
  const { passed, failed } = await lint()
  return { passed, failed: failed.length, problem: failed.length ? `failed: ${failed.join(', ')}` : undefined }
}

async function typesRow() {
  const { checkTypes } = await import('./types.js')
  const { passed, failed } = await checkTypes()
  return { passed, failed: failed.length, problem: failed.length ? `failed: ${failed.join(', ')}` : undefined }
}

async function primitivesRow(full) {
  const { compare } = await import('../tests/primitives/compare.js')
  const { checkConstantTime } = await import('../tests/primitives/constant-time.js')
  const { runKernelTests } = await import('../tests/primitives/kernel-tests.js')
  const results = [await compare({ full }), await runKernelTests(), await checkConstantTime({ seeds: full ? 5 : 1 })]
  const failed = results.flatMap((result) => result.failed)
  return { passed: results.reduce((sum, { passed }) => sum + passed, 0), failed: failed.length, problem: failed.join('; ') || undefined }
}

/** Run the JavaScript tests on one runtime; prints each failure as it comes. */
async function runtimeRow(runtime, { host, files, full, filter, implementation, verbose }) {
  const { runJob } = await import('../tests/runners/index.js')
  const row = { passed: 0, failed: 0, problem: /** @type {string | undefined} */ (undefined) }
  const onResult = ({ name, ok, milliseconds, error }) => {
    row[ok ? 'passed' : 'failed']++
    if (verbose || !ok) console.log(`${ok ? 'ok  ' : 'FAIL'} ${runtime}  ${name}  (${milliseconds} ms)`)
    if (!ok) console.log(error.replace(/^/gm, '       '))
  }
  const deadline = full ? DEADLINE.full : DEADLINE.quick
  try {
    await runJob({ runtime, host, files, full, filter, implementation, deadline, onResult })
  } catch (error) {
    console.log(error)
    row.problem = error.message.split('\n')[0]
  }
  return row
}

/** A part that ran nothing has shown nothing. */
function judge(row, mayBeEmpty) {
  if (!row.problem && row.passed + row.failed === 0 && !mayBeEmpty) row.problem = 'ran no tests'
  if (row.problem && row.failed === 0) row.failed = 1
  return row
}

function printTable(rows) {
  const width = Math.max(...rows.map(({ name }) => name.length))
  console.log('')
  for (const { name, passed, failed, seconds, problem } of rows) {
    const numbers = [`${passed} passed`.padStart(12), `${failed} failed`.padStart(10), `${seconds?.toFixed(1)} s`.padStart(9)].join('  ')
    console.log(`${name.padEnd(width)}  ${numbers}${problem ? `  ${problem}` : ''}`)
  }
}

function readArguments() {
  const { values } = parseArgs({
    options: {
      full: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
      only: { type: 'string' },
      filter: { type: 'string' },
      implementation: { type: 'string', default: OURS },
    },
  })
  return values
}

/** The parts of a run, in order: name and how to run it. */
async function parts(options) {
  const { runtimes } = await import('../tests/runners/index.js')
  /** @type {[string, () => Promise<Omit<Row, 'name'>>][]} */
  const ofTheProject = [
    ['lint', lintRow],
    ['types', typesRow],
    ['rust', () => cargoTest(['--workspace'], options.full ? FULL_RUST : {})],
    ['primitives', () => primitivesRow(options.full)],
    ['wasm-chromium', () => wasmTest('chromium')],
    ['wasm-firefox', () => wasmTest('firefox')],
  ]
  /** @type {typeof ofTheProject} */
  const ofRuntimes = runtimes.map((runtime) => [runtime, () => runtimeRow(runtime, options)])
  /** @type {typeof ofTheProject} */
  const ofNode = runtimes
    .filter((runtime) => runtime.startsWith('node-'))
    .map((runtime) => [`${runtime}/${DESCRIBED}`, () => runtimeRow(runtime, { ...options, implementation: DESCRIBED })])
  const all = [...ofTheProject, ...ofRuntimes, ...ofNode]
  const wanted = options.only?.split(',')
  const unknown = wanted?.filter((name) => !all.some(([known]) => known === name)) ?? []
  if (unknown.length) throw new Plain(`no part is named ${unknown.join(', ')}; there are ${all.map(([name]) => name).join(', ')}`)
  if (wanted) return all.filter(([name]) => wanted.includes(name))
  if (options.filter || options.implementation !== OURS) return ofRuntimes
  return options.full ? all : [...ofTheProject, ...ofRuntimes]
}

script(async () => {
  const options = readArguments()
  process.once('SIGINT', () => process.exit(130))
  process.once('SIGTERM', () => process.exit(143))
  await setup('test')
  if (options.implementation === OURS) {
    const { build } = await import('./build.js')
    await build()
  }
  const { startHost } = await import('../tests/peers/host.js')
  const host = await startHost()
  const rows = []
  try {
    for (const [name, runPart] of await parts({ ...options, host, files: await testFiles() })) {
      say(`testing: ${name}`)
      const start = Date.now()
      const row = judge({ name, ...(await runPart()) }, options.filter)
      rows.push({ ...row, seconds: (Date.now() - start) / 1000 })
    }
  } finally {
    await host.close()
  }
  printTable(rows)
  const total = (field) => rows.reduce((sum, row) => sum + row[field], 0)
  if (options.only || options.filter) say('only a part was run')
  if (options.implementation !== OURS) say(`this was ${options.implementation}, not ${OURS}`)
  console.log(`\n${total('passed')} passed, ${total('failed')} failed`)
  if (total('failed') || total('passed') === 0) process.exitCode = 1
})
