// How each runtime is started with the tests.
import { mkdir, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { CHROMIUM_ARGUMENTS, readResults, startChild } from './child.js'
import { workerdConfig } from './workerd.js'
import { temporaryFolder } from '../temporary.js'
import { bundle } from './bundle.js'

const here = path.dirname(fileURLToPath(import.meta.url))
const root = path.resolve(here, '../..')
const modules = path.join(root, 'tests/runtimes/node_modules')

/**
 * @typedef {object} Job
 * @property {string} runtime
 * @property {import('../peers/host.js').Host} host
 * @property {string[]} files absolute paths of test files
 * @property {string} implementation `isomorphic-tls`, or another module with the same face: `node:tls`
 * @property {boolean} full
 * @property {string} [filter]
 * @property {number} deadline milliseconds for the whole job
 * @property {(result: any) => void} onResult gets `{ name, ok, milliseconds, error? }` of each test, or what another entry reports
 * @property {string} [entries] the folder of what runs inside workerd and browsers (`worker.js`, `page.js`); default: this one
 * @property {any} [task] what else that is told
 */

/**
 * Run a job; resolves when all its tests have been reported, rejects when the runtime could not run them.
 * @param {Job} job
 */
export function runJob(job) {
  const launch = launchers[job.runtime]
  if (!launch) throw new Error(`no runtime is named '${job.runtime}'; there are ${Object.keys(launchers).join(', ')}`)
  return launch(job)
}

/** What the code inside the runtime is told. */
const inner = ({ runtime, host, full, filter, task }) => ({ runtime, host: host.url, full, filter, task })

/** A page that says nothing for this long has crashed: see the heartbeat in page.js. */
const SILENCE = 60_000

/** Hand results on; resolves at the last one. */
function collector({ onResult, deadline, runtime }, exited) {
  let receive = (_value) => {}
  const finished = new Promise((resolve, reject) => {
    receive = (value) => {
      if (value.done) resolve(undefined)
      else if (value.fatal) reject(new Error(`${runtime} could not run the tests: ${value.fatal}`))
      else onResult(value)
    }
    const timer = setTimeout(() => reject(new Error(`${runtime} was not done after ${deadline / 1000} s`)), deadline)
    timer.unref()
    exited.then((how) => reject(new Error(`${runtime} stopped before all tests were done (${how})`)))
  })
  finished.catch(() => {})
  return { receive: (value) => receive(value), finished }
}

async function launchConsole(job, command, args = []) {
  const config = JSON.stringify({ ...inner(job), files: job.files, implementation: job.implementation })
  const program = startChild(command, [...args, path.join(here, 'console.js'), config], { cwd: root })
  // Its last lines may arrive after its exit.
  const { receive, finished } = collector(
    job,
    Promise.all([program.exited, new Promise((r) => program.child.on('close', r))]).then(([how]) => how),
  )
  job.host.watch(job.runtime, program.child.pid ?? 0)
  return guard(program, finished, () => readResults(/** @type {any} */ (program.child.stdout), receive))
}

/** Wait for the end of a job; stops the program, and adds what it printed to a failure. */
async function guard(program, finished, start) {
  try {
    start()
    await finished
  } catch (error) {
    error.message += `\n${program.errors()}`
    throw error
  } finally {
    await program.stop()
  }
}

async function inTemporaryFolder(use) {
  const { folder, remove } = await temporaryFolder('run')
  try {
    return await use(folder)
  } finally {
    await remove()
  }
}

const launchWorkerd = (job) =>
  inTemporaryFolder(async (folder) => {
    const options = { platform: 'neutral', conditions: ['workerd', 'worker', 'module'], mainFields: ['module', 'main'] }
    const wasm = await bundle({ ...job, folder, entry: path.join(job.entries ?? here, 'worker.js') }, /** @type {any} */ (options))
    await writeFile(path.join(folder, 'config.capnp'), workerdConfig('tests.js', wasm))
    const program = startChild(path.join(modules, '.bin/workerd'), ['serve', '--control-fd=3', path.join(folder, 'config.capnp')], {
      stdio: ['ignore', 'inherit', 'pipe', 'pipe'],
    })
    job.host.watch(job.runtime, program.child.pid ?? 0)
    const { receive, finished } = collector(job, program.exited)
    const start = () =>
      readResults(/** @type {any} */ (program.child.stdio[3]), async ({ event, port }) => {
        if (event !== 'listen') return
        try {
          const response = await fetch(`http://127.0.0.1:${port}/run`, { method: 'POST', body: JSON.stringify(inner(job)) })
          if (!response.ok) throw new Error(await response.text())
          await readResults(Readable.fromWeb(/** @type {any} */ (response.body)), receive)
          receive({ fatal: 'its answer ended before all tests were done' })
        } catch (error) {
          receive({ fatal: String(error.cause ?? error) })
        }
      })
    await guard(program, finished, start)
  })

/** A browser's arguments, given a folder for its profile and a URL. */
const BROWSERS = {
  chromium: {
    names: ['chromium', 'google-chrome', 'chrome'],
    arguments: (profile, url) => [...CHROMIUM_ARGUMENTS, `--user-data-dir=${profile}`, url],
  },
  firefox: {
    names: ['firefox-esr', 'firefox'],
    arguments: (profile, url) => ['--headless', '--no-remote', '--profile', profile, url],
  },
}

function findProgram(names) {
  for (const name of names) {
    const folder = (process.env.PATH ?? '').split(path.delimiter).find((place) => existsSync(path.join(place, name)))
    if (folder) return path.join(folder, name)
  }
  throw new Error(`none of these programs is installed: ${names.join(', ')}`)
}

const launchBrowser = (job) =>
  inTemporaryFolder(async (folder) => {
    const browser = BROWSERS[job.runtime]
    await bundle({ ...job, folder, entry: path.join(job.entries ?? here, 'page.js') }, { platform: 'browser' })
    await writeFile(path.join(folder, 'index.html'), '<!doctype html><meta charset="utf-8"><script type="module" src="tests.js"></script>')
    job.host.serve(job.runtime, folder)
    const url = `${job.host.url}/files/${job.runtime}/index.html#${encodeURIComponent(JSON.stringify(inner(job)))}`
    const profile = path.join(folder, 'profile')
    await mkdir(profile)
    const program = startChild(findProgram(browser.names), browser.arguments(profile, url), {
      stdio: ['ignore', 'ignore', 'pipe'],
      // A home of its own, too: nothing of the machine's user takes part.
      env: { ...process.env, HOME: folder, MOZ_CRASHREPORTER_DISABLE: '1' },
    })
    job.host.watch(job.runtime, program.child.pid ?? 0)
    const { receive, finished } = collector(job, program.exited)
    const crashed = () => receive({ fatal: `its page was silent for ${SILENCE / 1000} s` })
    let watch = setTimeout(crashed, SILENCE)
    const start = () =>
      job.host.onResult(job.runtime, (value) => {
        clearTimeout(watch)
        watch = setTimeout(crashed, SILENCE)
        if (!value.alive) receive(value)
      })
    await guard(program, finished, start).finally(() => clearTimeout(watch))
  })

/**
 * How the runtimes are started that run a program from the command line: the command, and what comes before the program.
 * @type {Record<string, [string, ...string[]]>}
 */
export const consoles = {
  'node-20': [path.join(modules, 'node-20/bin/node')],
  'node-26': [path.join(modules, 'node-26/bin/node')],
  deno: [path.join(modules, '.bin/deno'), 'run', '--allow-all', '--no-check'],
  bun: [path.join(modules, '.bin/bun'), 'run'],
}

const consoleLaunchers = Object.entries(consoles).map(([name, [command, ...args]]) => [name, (job) => launchConsole(job, command, args)])

/** @type {Record<string, (job: Job) => Promise<void>>} */
const launchers = {
  ...Object.fromEntries(consoleLaunchers),
  workerd: launchWorkerd,
  chromium: launchBrowser,
  firefox: launchBrowser,
}

/** The names of all runtimes, in the order in which they are reported. */
export const runtimes = Object.keys(launchers)
