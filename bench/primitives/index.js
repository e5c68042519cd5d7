// The primitives by themselves: ours, with and without relaxed-simd, ring in WebAssembly, and Node's own. Built here, measured in a
// process of Node 26.
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { say } from '../../scripts/run.js'
import { buildPrimitives } from '../../tests/primitives/load.js'
import { temporaryFolder } from '../../tests/temporary.js'
import { commandOf } from '../agents.js'

const execute = promisify(execFile)

const RUNTIME = 'node-26'

/** For everything, in milliseconds. */
const DEADLINE = 10 * 60 * 1000

/**
 * @param {import('../options.js').Options} options
 * @return {Promise<import('../compare.js').Result[]>}
 */
export async function comparePrimitives({ rounds, seconds }) {
  say('building the primitives by themselves')
  const { folder, remove } = await temporaryFolder('primitives')
  try {
    const files = {}
    for (const [name, features] of Object.entries({ plain: [], relaxed: ['relaxed-simd'] })) {
      files[name] = path.join(folder, `${name}.wasm`)
      await writeFile(files[name], await buildPrimitives({ features }))
    }
    say('measuring: primitives')
    const [command, ...args] = commandOf(RUNTIME, 'primitives/program.js', [JSON.stringify({ files, rounds, seconds })])
    const { stdout } = await execute(command, args, { timeout: DEADLINE, maxBuffer: 1 << 26 })
    return JSON.parse(stdout)
  } finally {
    await remove()
  }
}
