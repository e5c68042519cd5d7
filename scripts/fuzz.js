// Fuzzes the engine: libFuzzer on the targets of tests/fuzz/targets.rs, one after another. `npm run fuzz`, or for a part
// `npm run fuzz -- pfx pem --minutes 5`. What it finds to be different is kept in target/fuzz/corpus; `--minimise` writes what is
// needed of that to tests/fuzz/corpus, which the engine's tests go through. `npm run fuzz -- pfx --input FILE` runs one input.
import { createHash } from 'node:crypto'
import { createWriteStream, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { output, Plain, root, run, say, script } from './run.js'
import { findRust } from './rust.js'
import { readBuildFile, setup } from './setup.js'

/** What rustc needs to put libFuzzer's counters into the code: those of cargo-fuzz, without a sanitizer, as the code is safe Rust. */
const COVERAGE = [
  '-Cpasses=sancov-module',
  '-Cllvm-args=-sanitizer-coverage-level=4',
  '-Cllvm-args=-sanitizer-coverage-inline-8bit-counters',
  '-Cllvm-args=-sanitizer-coverage-pc-table',
  '-Cllvm-args=-sanitizer-coverage-trace-compares',
  '-Clink-dead-code',
  '-Ccodegen-units=1',
]

/** No input may take as long (seconds), nor as much memory (megabytes). */
const LIMITS = ['-timeout=10', '-report_slow_units=1', '-rss_limit_mb=2048']

/** The longest input, in bytes; that of a corpus is written in two. */
const LONGEST = 16384

/** The most that a corpus may take in the tree, in bytes. */
const BUDGET = 60_000

const corpora = path.join(root, 'tests/fuzz/corpus')

const workFolder = path.join(process.env.CARGO_TARGET_DIR ?? path.join(root, 'target'), 'fuzz')

/** A folder of a target's, made if it is not there. */
function folder(kind, target) {
  const name = path.join(workFolder, kind, target)
  mkdirSync(name, { recursive: true })
  return name
}

const known = () => readdirSync(corpora).map((name) => path.basename(name, '.bin'))

async function buildFuzzer() {
  const rust = findRust((await readBuildFile()).build.target)
  if (!rust) throw new Plain('the Rust toolchain is not set up; run: node scripts/setup.js fuzz')
  const environment = { ...process.env, ...rust.environment, RUSTFLAGS: COVERAGE.join(' ') }
  // With a target named, build scripts and macros go without counters.
  const host = /^host: (.*)$/m.exec(output(rust.environment.RUSTC ?? 'rustc', ['-vV'], { env: environment }) ?? '')?.[1]
  if (!host) throw new Plain('rustc does not say for which machine it is')
  say('compiling the engine for fuzzing')
  const args = ['build', '--quiet', '--locked', '--release', '--manifest-path', 'tests/fuzz/Cargo.toml']
  await run(rust.cargo, [...args, '--target', host, '--target-dir', workFolder], { env: environment })
  return path.join(workFolder, host, 'release/fuzz')
}

/** Run libFuzzer on a target, with what it says in a file. Rejects if it finds something. */
function libFuzzer(program, target, args) {
  const log = path.join(folder('logs', target), 'log')
  const artifacts = folder('findings', target)
  const child = spawn(program, [...args, ...LIMITS, `-artifact_prefix=${artifacts}${path.sep}`], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, FUZZ_TARGET: target },
  })
  const file = createWriteStream(log)
  let last = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.pipe(file, { end: false })
    stream.on('data', (chunk) => (last = `${last}${chunk}`.slice(-200_000)))
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (status) => {
      file.end()
      if (status === 0) return resolve(last)
      reject(new Plain(`${target}: libFuzzer found something; the input is in ${artifacts}, what it said in ${log}`))
    })
  })
}

/** Write the inputs of a corpus of the tree to the folder that libFuzzer goes on from. */
function unpack(target) {
  const into = folder('corpus', target)
  const bytes = readFileSync(path.join(corpora, `${target}.bin`))
  for (let at = 0; at < bytes.length; ) {
    const end = at + 2 + bytes.readUInt16BE(at)
    const input = bytes.subarray(at + 2, end)
    writeFileSync(path.join(into, createHash('sha1').update(input).digest('hex')), input)
    at = end
  }
  return into
}

/** Write to the tree the inputs that reach all that is reached, the smallest first, as far as the budget goes. */
async function minimise(program, target) {
  const merged = folder('merged', target)
  rmSync(merged, { recursive: true })
  mkdirSync(merged)
  await libFuzzer(program, target, ['-set_cover_merge=1', `-max_len=${LONGEST}`, merged, folder('corpus', target)])
  const inputs = readdirSync(merged).map((name) => readFileSync(path.join(merged, name)))
  inputs.sort((one, other) => one.length - other.length || Buffer.compare(one, other))
  const packed = []
  let size = 0
  for (const input of inputs) {
    if (size + input.length + 2 > BUDGET) break
    size += input.length + 2
    packed.push(Buffer.from([input.length >> 8, input.length & 0xff]), input)
  }
  writeFileSync(path.join(corpora, `${target}.bin`), Buffer.concat(packed))
  say(`${target}: ${packed.length / 2} of ${inputs.length} inputs kept, ${size} bytes`)
}

async function fuzz(program, target, minutes) {
  say(`${target}: fuzzing for ${minutes} minutes`)
  const corpus = unpack(target)
  const said = await libFuzzer(program, target, [corpus, `-max_len=${LONGEST}`, `-max_total_time=${minutes * 60}`])
  const [, executions, coverage] = /#(\d+)\tDONE\s+cov: (\d+)/.exec(said) ?? []
  say(`${target}: ${executions} inputs run, ${coverage} places in the code reached, nothing found`)
}

script(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      minutes: { type: 'string', default: '30' },
      minimise: { type: 'boolean', default: false },
      input: { type: 'string' },
    },
  })
  const minutes = Number(values.minutes)
  const unknown = positionals.filter((name) => !known().includes(name))
  if (unknown.length) throw new Plain(`no target is named ${unknown.join(', ')}; there are ${known().join(', ')}`)
  if (!(minutes >= 0)) throw new Plain('usage: npm run fuzz -- [target ...] [--minutes N] [--minimise] [--input FILE]')
  const targets = positionals.length ? positionals : known()
  await setup('fuzz')
  const program = await buildFuzzer()
  if (values.input && !existsSync(values.input)) throw new Plain(`there is no file ${values.input}`)
  for (const target of targets) {
    if (values.input) say((await libFuzzer(program, target, [values.input])).trim())
    else if (minutes > 0) await fuzz(program, target, minutes)
    if (values.minimise) await minimise(program, target)
  }
})
