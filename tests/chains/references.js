// What OpenSSL says of chains: through Node's own tls, in a process of each version of Node, and through `openssl verify`.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { startChild } from '../runners/child.js'
import { temporaryFolder } from '../temporary.js'
import { nameOf } from './openssl-words.js'

/** @typedef {import('./plan.js').Chain} Chain */

/**
 * What one of them says: Node's code, null if the chain is trusted, and OpenSSL's name for the complaint, of which there are more; or
 * that it can not say, and why.
 * @typedef {{ code: string | null, name?: string } | { problem: string }} Said
 */

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
const program = path.join(root, 'tests/programs/verdicts.js')

/** A Node that says nothing for this long hangs. */
const SILENCE = 5_000

/**
 * Ask a version of Node about chains, one after another. One that crashes or hangs has nothing to say of the chain at hand.
 * @param {'node-20' | 'node-26'} version
 * @param {Chain[]} chains
 * @return {Promise<Said[]>}
 */
export async function askNode(version, chains) {
  const command = path.join(root, 'tests/runtimes/node_modules', version, 'bin/node')
  /** @type {Said[]} */
  const said = []
  while (said.length < chains.length) {
    const start = said.length
    const how = await askUntilSilent(command, chains.slice(start), (answer) => said.push(answer))
    if (said.length < chains.length) said.push({ problem: how })
  }
  return said
}

/** @return {Promise<string>} how it ended */
async function askUntilSilent(command, chains, listener) {
  const { child, exited, errors, stop } = startChild(command, [program], { stdio: ['pipe', 'pipe', 'pipe'] })
  // It may be gone before it has read everything.
  child.stdin?.on('error', () => {})
  child.stdin?.end(chains.map((chain) => `${JSON.stringify(chain)}\n`).join(''))
  let isSilent = false
  const watch = () =>
    setTimeout(() => {
      isSilent = true
      stop()
    }, SILENCE)
  let timer = watch()
  const lines = createInterface({ input: /** @type {any} */ (child.stdout) })
  lines.on('line', (line) => {
    clearTimeout(timer)
    timer = watch()
    listener(JSON.parse(line))
  })
  const [how] = await Promise.all([exited, once(lines, 'close')])
  clearTimeout(timer)
  const [last] = errors().trim().split('\n').slice(-1)
  return isSilent ? 'hung' : `ended: ${last || how}`
}

/**
 * Ask `openssl verify`. It stops at its first complaint, but for some: the code is of less interest than whether there is one.
 * @param {Chain[]} chains
 * @return {Promise<Said[]>}
 */
export async function askOpenssl(chains) {
  const { folder, remove } = await temporaryFolder('chains')
  /** @type {Said[]} */
  const said = []
  let next = 0
  const work = async (worker) => {
    while (next < chains.length) {
      const index = next++
      said[index] = await verify(path.join(folder, String(worker)), chains[index])
    }
  }
  try {
    await Promise.all(Array.from({ length: availableParallelism() }, (_, worker) => work(worker)))
  } finally {
    await remove()
  }
  return said
}

const pem = (base64) => `-----BEGIN CERTIFICATE-----\n${base64.match(/.{1,64}/g).join('\n')}\n-----END CERTIFICATE-----\n`

/**
 * Write what `openssl verify` reads, and give its arguments.
 * @param {string} stem how the files' names begin
 * @param {Chain} chain
 */
export async function writeFiles(stem, { presented, trusted, purpose, partial, level }) {
  const [leaf, others, anchors] = [`${stem}-leaf.pem`, `${stem}-presented.pem`, `${stem}-trusted.pem`]
  await writeFile(leaf, pem(presented[0]))
  await writeFile(others, presented.map(pem).join(''))
  await writeFile(anchors, trusted.map(pem).join(''))
  const trust = trusted.length ? ['-CAfile', anchors] : ['-no-CAfile']
  const how = ['-purpose', `ssl${purpose}`, '-auth_level', String(level), ...(partial ? ['-partial_chain'] : [])]
  return ['verify', '-no-CApath', '-no-CAstore', ...trust, '-untrusted', others, ...how, leaf]
}

async function verify(stem, chain) {
  const child = spawn('openssl', await writeFiles(stem, chain), { stdio: ['ignore', 'ignore', 'pipe'] })
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const [status] = await once(child, 'close')
  if (status === 0) return { code: null }
  const [words] = [...errors.matchAll(/^error \d+ at \d+ depth lookup: (.*)/gm)].map(([, all]) => all).slice(-1)
  if (!words) return { problem: 'a file could not be read' }
  const name = nameOf(words)
  return { code: name, name }
}
