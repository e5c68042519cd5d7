// The program that checks claims of operations with keys (claims.rs) by another implementation: built when its sources have changed.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { root, run } from '../../scripts/run.js'
import { cargoEnvironment } from '../../scripts/build.js'

/** Octets of an answer: how many claims there were, how many do not hold, which is the first of them. */
const ANSWER = 12

/**
 * @typedef {object} Verdict on claims
 * @property {number} count how many there were
 * @property {number} wrong how many of them do not hold
 * @property {number} first which is the first of these
 */

/** @return {Promise<string>} the program */
async function build() {
  const { cargo, env } = await cargoEnvironment()
  const folder = path.join(process.env.CARGO_TARGET_DIR ?? path.join(root, 'target'), 'reference')
  const args = ['build', '--quiet', '--locked', '--release', '--manifest-path', 'tests/primitives/reference/Cargo.toml']
  await run(cargo, [...args, '--target-dir', folder], { cwd: root, env })
  return path.join(folder, 'release/reference')
}

/** Start it. */
export async function startReference() {
  const child = spawn(await build(), { stdio: ['pipe', 'pipe', 'inherit'] })
  /** @type {{ resolve: (verdict: Verdict) => void, reject: (error: Error) => void }[]} */
  const waiting = []
  /** @type {Error | undefined} */
  let ended
  const fail = (error) => {
    ended = error
    for (const { reject } of waiting.splice(0)) reject(error)
  }
  let answers = Buffer.alloc(0)
  child.stdout.on('data', (chunk) => {
    answers = Buffer.concat([answers, chunk])
    while (answers.length >= ANSWER) {
      const [count, wrong, first] = [0, 4, 8].map((offset) => answers.readUInt32LE(offset))
      answers = answers.subarray(ANSWER)
      waiting.shift()?.resolve({ count, wrong, first })
    }
  })
  child.on('error', fail)
  child.stdin.on('error', fail)
  child.on('exit', () => fail(new Error('the other implementation has ended')))
  return {
    /**
     * @param {Uint8Array} claims
     * @return {Promise<Verdict>}
     */
    judge(claims) {
      if (ended) return Promise.reject(ended)
      const length = Buffer.alloc(4)
      length.writeUInt32LE(claims.length)
      child.stdin.write(Buffer.concat([length, claims]))
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }))
    },
    async close() {
      child.stdin.end()
      if (child.exitCode === null) await once(child, 'exit')
    },
  }
}
