// How the same requests are made on each runtime.
import { mkdtempSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { Plain, output, root } from '../../scripts/run.js'
import { bundle } from '../../tests/runners/bundle.js'
import { CHROMIUM_ARGUMENTS, readResults, startChild } from '../../tests/runners/child.js'
import { workerdConfig } from '../../tests/runners/workerd.js'
import { startHost } from './host.js'
import { formatTarget } from './target.js'

/** For all requests on one runtime, in milliseconds. */
const DEADLINE = 60_000

const modules = path.join(root, 'tests/runtimes/node_modules/.bin')
const entries = path.join(root, 'examples/runtimes')

/**
 * @typedef {import('../runtimes/attempt.js').Outcome} Outcome
 * @typedef {{ host: string, port: number, servername?: string, ca?: string, path?: string }} Request
 *
 * @typedef {object} Runtime
 * @property {string} name
 * @property {string} way how its bytes reach the server
 * @property {() => string | null} version what it says of itself, if it is there
 * @property {(requests: Request[]) => Promise<Outcome[]>} run
 */

/** @type {Runtime[]} */
export const runtimes = [
  { name: 'Node', way: 'TCP', version: () => process.version, run: (requests) => runConsole(process.execPath, [], requests) },
  {
    name: 'Deno',
    way: 'TCP',
    version: () => output(path.join(modules, 'deno'), ['--version'])?.split(' ')[1] ?? null,
    run: (requests) => runConsole(path.join(modules, 'deno'), denoArguments(requests), requests),
  },
  {
    name: 'workerd',
    way: 'TCP',
    version: () => output(path.join(modules, 'workerd'), ['--version'])?.split(' ').at(-1) ?? null,
    run: (requests) => runWorkerd(requests),
  },
  {
    name: 'Chromium',
    way: 'a WebSocket tunnel',
    version: () => findChromium()?.version ?? null,
    run: (requests) => runChromium(requests),
  },
]

/** The network, to the servers that are asked for, is all that Deno is allowed. */
const denoArguments = (requests) => ['run', '--no-prompt', `--allow-net=${[...new Set(requests.map(formatTarget))].join(',')}`]

async function runConsole(command, args, requests) {
  const program = startChild(command, [...args, path.join(entries, 'console.js'), JSON.stringify(requests)], { cwd: root })
  const printed = await guard(program, text(/** @type {any} */ (program.child.stdout)))
  return parseOutcomes(printed, program)
}

function parseOutcomes(printed, program) {
  try {
    return JSON.parse(printed)
  } catch {
    throw new Plain(`it gave no answer:\n${program.errors()}${printed}`)
  }
}

/** Wait for what a program is to bring, no longer than the deadline; then it is stopped. */
async function guard(program, result) {
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Plain(`it was not done after ${DEADLINE / 1000} s\n${program.errors()}`)), DEADLINE)
  })
  try {
    return await Promise.race([result, late])
  } finally {
    clearTimeout(timer)
    await program.stop()
  }
}

const stopped = (program) =>
  program.exited.then((how) => {
    throw new Plain(`it stopped before it was done (${how})\n${program.errors()}`)
  })

/** A folder that is gone when it is removed, or at the exit of this process at the latest. */
export function temporaryFolder() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'isomorphic-tls-demo-'))
  const remove = () => {
    process.off('exit', remove)
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  }
  process.once('exit', remove)
  return { folder, remove }
}

async function inTemporaryFolder(use) {
  const { folder, remove } = temporaryFolder()
  try {
    return await use(folder)
  } finally {
    remove()
  }
}

/**
 * Bundle an entry of `examples/` for a place that loads no modules from a disk.
 * @param {string} folder where the bundle, of the entry's name, and the wasm files go
 * @param {string} entry its path in `examples/`
 * @param {import('esbuild').BuildOptions} options
 * @return {Promise<string[]>} the names of the wasm files
 */
export function bundleExample(folder, entry, options) {
  const outfile = path.join(folder, path.basename(entry))
  const job = { folder, entry: `../../examples/${entry}`, files: [], implementation: 'isomorphic-tls' }
  return bundle(job, { sourcemap: false, outfile, ...options })
}

const runWorkerd = (requests) =>
  inTemporaryFolder(async (folder) => {
    const conditions = ['workerd', 'worker', 'module']
    const wasm = await bundleExample(folder, 'runtimes/worker.js', { platform: 'neutral', conditions, mainFields: ['module', 'main'] })
    const config = path.join(folder, 'config.capnp')
    await writeFile(config, workerdConfig('worker.js', wasm))
    const program = startChild(path.join(modules, 'workerd'), ['serve', '--control-fd=3', config], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    })
    const listening = new Promise((resolve) => {
      readResults(/** @type {any} */ (program.child.stdio[3]), ({ event, port }) => event === 'listen' && resolve(port))
    })
    const outcomes = listening.then(async (port) => {
      const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: JSON.stringify(requests) })
      return parseOutcomes(await response.text(), program)
    })
    return guard(program, Promise.race([outcomes, stopped(program)]))
  })

function findChromium() {
  for (const command of ['chromium', 'google-chrome']) {
    const version = output(command, ['--version'])?.match(/[\d.]+/)?.[0]
    if (version) return { command, version }
  }
  return null
}

const runChromium = (requests) =>
  inTemporaryFolder(async (folder) => {
    await bundleExample(folder, 'runtimes/browser.js', { platform: 'browser' })
    await writeFile(
      path.join(folder, 'index.html'),
      '<!doctype html><meta charset="utf-8"><script type="module" src="browser.js"></script>\n',
    )
    const isAsked = (target) => requests.some((request) => formatTarget(request) === formatTarget(target))
    let receive = (_value) => {}
    const outcomes = new Promise((resolve) => {
      receive = resolve
    })
    const routes = { '/requests': () => requests, '/outcomes': async (request) => receive(JSON.parse(await text(request))) }
    const host = await startHost({ folder, allows: isAsked, routes })
    try {
      const args = [...CHROMIUM_ARGUMENTS, `--user-data-dir=${path.join(folder, 'profile')}`, host.url]
      // A home of its own, too: nothing of the machine's user takes part.
      const options = /** @type {any} */ ({ stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, HOME: folder } })
      const program = startChild(findChromium()?.command ?? 'chromium', args, options)
      const result = await guard(program, Promise.race([outcomes, stopped(program)]))
      if (!Array.isArray(result)) throw new Plain(result.problem)
      return result
    } finally {
      await host.close()
    }
  })
