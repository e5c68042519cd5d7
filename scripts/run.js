// Running other programs from the scripts: one place for spawn, its errors and its words.
import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import path from 'node:path'
import os from 'node:os'

/** The checkout's top folder. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')

/** Where toolchains that the project installs are kept: outside the checkout, shared by all checkouts. */
export const cache = path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'isomorphic-tls')

/** A problem whose message is all that the user needs; printed without a stack. */
export class Plain extends Error {}

/** Print one line of progress. */
export const say = (text) => console.log(`[isomorphic-tls] ${text}`)

/**
 * The standard output of a quick command, or null when it cannot be run or fails.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnSyncOptions} [options]
 */
export function output(command, args, options) {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', ...options })
  return status === 0 ? String(stdout).trim() : null
}

/**
 * Run a command with its output shown, and reject when it fails.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions & {quiet?: boolean}} [options] `quiet` shows the output only on failure
 * @return {Promise<string>} what it printed, with `quiet`
 */
export function run(command, args, { quiet = false, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'], ...options })
    let text = ''
    child.stdout?.on('data', (chunk) => (text += chunk))
    child.stderr?.on('data', (chunk) => (text += chunk))
    child.on('error', reject)
    child.on('close', (status, signal) => {
      if (status === 0) return resolve(text)
      if (quiet) process.stderr.write(text)
      reject(new Plain(`'${command} ${args.join(' ')}' failed (${signal ?? `exit code ${status}`})`))
    })
  })
}

/**
 * The entry of a script: runs `main` and turns its failure into an exit code and plain words.
 * @param {() => Promise<unknown>} main
 */
export async function script(main) {
  try {
    await main()
  } catch (error) {
    console.error(error instanceof Plain ? `[isomorphic-tls] ${error.message}` : error)
    process.exitCode = 1
  }
}
