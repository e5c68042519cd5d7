// Cold start: a program that imports an implementation and sends a ClientHello, in a fresh process each time.
import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { root } from '../scripts/run.js'
import { commandOf } from './agents.js'
import { ratios, summarise } from './statistics.js'

const execute = promisify(execFile)

/** What a program of this folder prints, in a fresh process. */
async function tell(runtime, program, argument) {
  const [command, ...args] = commandOf(runtime, program, [argument])
  const start = performance.now()
  const { stdout } = await execute(command, args, { cwd: root, timeout: 20_000 })
  return { ...JSON.parse(stdout.trim()), process: performance.now() - start }
}

/**
 * How long each module of the engine takes to compile.
 * @param {string} runtime
 * @param {number} rounds
 * @return {Promise<Record<string, import('./statistics.js').Summary>>} milliseconds
 */
async function compileTimes(runtime, rounds) {
  const names = (await readdir(path.join(root, 'pkg'))).filter((name) => name.endsWith('.wasm'))
  const times = {}
  for (const name of names.sort()) {
    const values = []
    for (let round = 0; round < rounds; round++) values.push((await tell(runtime, 'compile.js', path.join(root, 'pkg', name))).compiled)
    if (!values.includes(null)) times[name] = summarise(values)
  }
  return times
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
        const figures = await tell(runtime, 'cold.js', implementation)
        if (round >= 0) told[name].push(figures)
      } catch (error) {
        errors[name] = { error: error.message.trim().split('\n').at(-1) }
      }
    }
  }
  const able = contenders.map(({ name }) => name).filter((name) => !errors[name])
  const values = (name, figure) => told[name].map((round) => round[figure])
  const figuresOf = (name) => ({
    'import, ms': summarise(values(name, 'imported')),
    'to the first ClientHello, ms': summarise(values(name, 'sent')),
    'whole process, ms': summarise(values(name, 'process')),
  })
  const [ours] = contenders.map(({ name }) => name)
  const others = errors[ours] ? [] : able.filter((name) => name !== ours)
  return {
    compilation: await compileTimes(runtime, rounds),
    contenders: { ...Object.fromEntries(able.map((name) => [name, figuresOf(name)])), ...errors },
    ratios: Object.fromEntries(others.map((name) => [name, ratios(values(ours, 'sent'), values(name, 'sent'))])),
  }
}
