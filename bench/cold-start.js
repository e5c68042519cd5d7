// Cold start: a program that imports an implementation and sends a ClientHello, in a fresh process each time.
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { root } from '../scripts/run.js'
import { commandOf } from './agents.js'
import { ratios, summarise } from './statistics.js'

const execute = promisify(execFile)

/** @return {Promise<{ imported: number, sent: number, process: number }>} milliseconds */
async function startOnce(runtime, implementation) {
  const [command, ...args] = commandOf(runtime, 'cold.js', [implementation])
  const start = performance.now()
  const { stdout } = await execute(command, args, { cwd: root, timeout: 20_000 })
  return { ...JSON.parse(stdout.trim()), process: performance.now() - start }
}

/**
 * @param {string} runtime
 * @param {{ name: string, implementation: string }[]} contenders the first is ours
 * @param {{ rounds: number }} options
 */
export async function coldStart(runtime, contenders, { rounds }) {
  const told = Object.fromEntries(contenders.map(({ name }) => [name, []]))
  const errors = {}
  // The first one of each warms the disk's cache, and Deno's.
  for (let round = -1; round < rounds; round++) {
    for (const { name, implementation } of round % 2 ? contenders.toReversed() : contenders) {
      if (errors[name]) continue
      try {
        const figures = await startOnce(runtime, implementation)
        if (round >= 0) told[name].push(figures)
      } catch (error) {
        errors[name] = { error: error.message.trim().split('\n').at(-1) }
      }
    }
  }
  const able = contenders.map(({ name }) => name).filter((name) => !errors[name])
  const values = (name, figure) => told[name].map((round) => round[figure])
  const tell = (name) => ({
    'import, ms': summarise(values(name, 'imported')),
    'to the first ClientHello, ms': summarise(values(name, 'sent')),
    'whole process, ms': summarise(values(name, 'process')),
  })
  const [ours] = contenders.map(({ name }) => name)
  const others = errors[ours] ? [] : able.filter((name) => name !== ours)
  return {
    contenders: { ...Object.fromEntries(able.map((name) => [name, tell(name)])), ...errors },
    ratios: Object.fromEntries(others.map((name) => [name, ratios(values(ours, 'sent'), values(name, 'sent'))])),
  }
}

/**
 * How long the engine takes to compile, in this process.
 * @param {number} rounds
 */
export async function compileTime(rounds) {
  const bytes = await readFile(path.join(root, 'pkg/isomorphic_tls_bg.wasm'))
  const times = []
  for (let round = 0; round < rounds; round++) {
    const start = performance.now()
    new WebAssembly.Module(bytes)
    times.push(performance.now() - start)
  }
  return summarise(times)
}
