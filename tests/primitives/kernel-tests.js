// The kernels' own tests (vectors, twins, every length), run as WebAssembly: Rust's harness runs them one after the other, and a test that
// fails is a trap. `node tests/primitives/kernel-tests.js`
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { cargoEnvironment } from '../../scripts/build.js'
import { root, run, say, script } from '../../scripts/run.js'
import { setup } from '../../scripts/setup.js'
import { instantiate } from './load.js'

/** @return {Promise<string>} the module of the tests */
async function build() {
  const { cargo, target, env } = await cargoEnvironment()
  const folder = path.join(process.env.CARGO_TARGET_DIR ?? path.join(root, 'target'), 'kernel-tests')
  const args = ['test', '--no-run', '--quiet', '--locked', '--release', '--package', 'isomorphic-tls-kernels', '--message-format', 'json']
  const messages = await run(cargo, [...args, '--target', target, '--target-dir', folder], { quiet: true, env })
  const modules = messages.split('\n').flatMap((line) => (line.startsWith('{') ? (JSON.parse(line).executable ?? []) : []))
  if (modules.length !== 1) throw new Error(`cargo made ${modules.length} modules of tests in the place of one`)
  return modules[0]
}

/** @return {Promise<{ passed: number, failed: string[] }>} all of them count as one: the harness tells no more here */
export async function runKernelTests() {
  let panic = ''
  const panicked = (place, length) => (panic = Buffer.from(bytes(place, length)).toString())
  const { exports, bytes } = instantiate(readFileSync(await build()), { tests: { panicked } })
  exports.tell_panics()
  try {
    const code = exports.main(0, 0)
    return code === 0 ? { passed: 1, failed: [] } : { passed: 0, failed: [`the kernels' tests as WebAssembly: exit code ${code}`] }
  } catch (error) {
    return { passed: 0, failed: [`the kernels' tests as WebAssembly: ${panic || error}`] }
  }
}

if (process.argv[1] && path.resolve(process.argv[1]) === path.join(root, 'tests/primitives/kernel-tests.js')) {
  script(async () => {
    await setup('test')
    const { passed, failed } = await runKernelTests()
    say(failed.length > 0 ? failed.join('; ') : `${passed} passed`)
    if (failed.length > 0) process.exitCode = 1
  })
}
