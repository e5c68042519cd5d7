// Everything that is measured of speed, memory and size: `npm run bench`. See README.md.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { build } from '../scripts/build.js'
import { root, say, script } from '../scripts/run.js'
import { setup } from '../scripts/setup.js'
import { startHost } from '../tests/peers/host.js'
import { runtimes } from '../tests/runners/index.js'
import { describeMachine } from './machine.js'
import { OF_RUNTIMES, readOptions } from './options.js'
import { publish } from './publish.js'
import { measureRuntime } from './runtimes.js'
import { tables } from './tables.js'

/** The runtimes, in the order in which they are measured: first those that have a TLS of their own. */
const ORDER = ['node-26', 'node-20', 'deno', 'bun', 'workerd', 'chromium', 'firefox']

/**
 * Measure all that is wanted. A part that cannot be measured is told with its error, and the others go on.
 * @param {import('./options.js').Options} options
 */
async function measure(options) {
  /** @type {any} */
  const result = { machine: describeMachine(), options, runtimes: {}, failed: {} }
  const part = async (name, run) => {
    say(`measuring: ${name}`)
    try {
      return await run()
    } catch (error) {
      say(`${name}: ${error.message}`)
      result.failed[name] = error.message
    }
  }
  const wanted = (name, runtime) => options.what.includes(name) && (!runtime || options.only.includes(runtime))
  if (wanted('sizes')) result.sizes = await part('sizes', async () => (await import('./sizes.js')).sizes())
  if (wanted('primitives')) {
    result.primitives = await part('primitives', async () => (await import('./primitives/index.js')).comparePrimitives(options))
  }
  const host = await startHost()
  try {
    if (wanted('peers', 'node-26')) {
      result.others = await part('other implementations', async () => (await import('./others.js')).compareOthers(host, options))
    }
    if (wanted('peers', 'chromium')) {
      const overWisp = async () => (await import('./wisp.js')).compareOverWisp(host, options)
      result.wisp = await part('other implementations in Chromium, over Wisp', overWisp)
    }
    const ofRuntimes = options.what.some((name) => OF_RUNTIMES.includes(name))
    for (const runtime of ofRuntimes ? ORDER.filter((name) => options.only.includes(name)) : []) {
      const start = Date.now()
      const told = await part(runtime, () => measureRuntime(runtime, host, options))
      if (told) result.runtimes[runtime] = { ...told, seconds: Math.round((Date.now() - start) / 1000) }
    }
  } finally {
    await host.close()
  }
  return result
}

/** Where the results of runs are kept. */
async function keep(result) {
  const folder = path.join(root, 'bench/results')
  await mkdir(folder, { recursive: true })
  const file = path.join(folder, `${new Date().toISOString().replaceAll(':', '-').slice(0, 19)}.json`)
  await writeFile(file, `${JSON.stringify(result, null, 1)}\n`)
  return path.relative(root, file)
}

script(async () => {
  const options = readOptions(runtimes)
  process.once('SIGINT', () => process.exit(130))
  process.once('SIGTERM', () => process.exit(143))
  let result
  if (options.from) result = JSON.parse(await readFile(options.from, 'utf8'))
  else {
    await setup('bench')
    await build()
    result = await measure(options)
    say(`the result is in ${await keep(result)}`)
  }
  console.log(tables(result))
  if (options.write) await publish(result)
})
