// Checks the form of all code: biome and TypeScript for JavaScript, rustfmt and clippy for Rust. `node scripts/lint.js`
import path from 'node:path'
import { root, run, say, script } from './run.js'

const program = (name) => path.join(root, 'node_modules/.bin', name)

/** @return {Promise<[string, () => Promise<unknown>][]>} each check and what it is called */
async function checks() {
  const { cargoEnvironment } = await import('./build.js')
  const { cargo, target, env } = await cargoEnvironment()
  const clippy = ['clippy', '--quiet', '--workspace', '--all-targets']
  const denied = ['--', '--deny', 'warnings']
  return [
    ['biome', () => run(program('biome'), ['check', '--error-on-warnings'], { quiet: true })],
    ['tsc', () => run(program('tsc'), ['--project', root], { quiet: true })],
    ['rustfmt', () => run(cargo, ['fmt', '--all', '--check'], { quiet: true, env })],
    ['clippy', () => run(cargo, [...clippy, ...denied], { quiet: true, env })],
    [`clippy for ${target}`, () => run(cargo, [...clippy, '--target', target, ...denied], { quiet: true, env })],
  ]
}

/**
 * Run all checks, also after one has failed.
 * @return {Promise<{ passed: number, failed: string[] }>} how many passed, and which did not
 */
export async function lint() {
  const result = { passed: 0, failed: /** @type {string[]} */ ([]) }
  for (const [name, check] of await checks()) {
    try {
      await check()
      result.passed++
    } catch (error) {
      say(`${name}: ${error.message}`)
      result.failed.push(name)
    }
  }
  return result
}

if (process.argv[1] && path.resolve(process.argv[1]) === path.join(root, 'scripts/lint.js')) {
  script(async () => {
    const { passed, failed } = await lint()
    say(`${passed} checks passed${failed.length ? `, failed: ${failed.join(', ')}` : ''}`)
    if (failed.length) process.exitCode = 1
  })
}
