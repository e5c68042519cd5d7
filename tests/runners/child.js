// Programs that a run starts, and ends whatever happens.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** How Chromium is started without a window, without a sandbox (which root has none of), and without asking its maker for anything. */
export const CHROMIUM_ARGUMENTS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const running = new Set()

process.on('exit', () => {
  for (const stop of running) stop()
})

/**
 * Start a program in a process group of its own, so that it can be ended together with what it starts.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 */
export function startChild(command, args, options) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options, detached: true })
  let output = ''
  child.stderr?.on('data', (chunk) => {
    output = (output + chunk).slice(-8000)
  })
  const kill = () => {
    try {
      if (child.pid) process.kill(-child.pid, 'SIGKILL')
    } catch {
      // It is gone already.
    }
  }
  running.add(kill)
  const exited = new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message))
    child.on('exit', (status, signal) => resolve(signal ?? `exit code ${status}`))
  }).finally(() => running.delete(kill))
  return {
    child,
    exited,
    /** The end of what it printed on the error stream. */
    errors: () => output,
    async stop() {
      kill()
      await exited
    },
  }
}

/**
 * Call a listener with each line of a stream that is a JSON object, and print the other lines.
 * @param {NodeJS.ReadableStream} stream
 * @param {(value: any) => void} listener
 */
export async function readResults(stream, listener) {
  const lines = createInterface({ input: stream })
  lines.on('line', (line) => {
    const value = parse(line)
    if (value) listener(value)
    else console.log(line)
  })
  await once(lines, 'close')
}

function parse(line) {
  try {
    const value = JSON.parse(line)
    return typeof value === 'object' ? value : null
  } catch {
    return null
  }
}
