// How the command-line programs of other stacks are run: servers until they are stopped, clients to their end.
import { once } from 'node:events'
import net from 'node:net'
import { startChild } from '../runners/child.js'

export const LOOPBACK = '127.0.0.1'

/** A client that is not done after this time is ended; what it printed tells why it hung. */
const CLIENT_LIMIT = 10_000

/** A port may be taken between the moment in which it was found free and that in which a server asks for it. */
const PORT_ATTEMPTS = 5

/** What programs print is read: it must not depend on the machine's language. */
const environment = { ...process.env, LC_ALL: 'C' }

/**
 * Arguments of a command where a value is given.
 * @param {unknown} value
 * @param {...string} args
 */
export const given = (value, ...args) => (value === undefined || value === null || value === false ? [] : args)

/**
 * The first group of a pattern's last match, or null.
 * @param {string} text
 * @param {RegExp} pattern with the flag g
 */
export const last = (text, pattern) => [...text.matchAll(pattern)].at(-1)?.[1] ?? null

/** What tests send: an x and 63 hexadecimal digits. A program may print its own words right before such a line. */
const LINE = /x[0-9a-f]{63}\n/g

/** What a client received, out of all that it printed. @param {string} text */
export const linesOf = (text) => (text.match(LINE) ?? []).join('')

/** The rest of what it printed, for people. @param {string} text */
export const wordsOf = (text) => text.replace(LINE, '')

/**
 * Start a server and wait until it says that it listens.
 * @param {string} command
 * @param {string[]} args
 * @param {RegExp} listening matches what it then prints
 * @param {import('node:child_process').SpawnOptions} [options]
 */
export async function startServer(command, args, listening, options) {
  const program = startChild(command, args, { env: environment, ...options })
  const printed = { stdout: '', stderr: '' }
  const match = await new Promise((resolve, reject) => {
    for (const name of /** @type {const} */ (['stdout', 'stderr'])) {
      program.child[name]?.setEncoding('utf8').on('data', (chunk) => {
        printed[name] += chunk
        const found = listening.exec(printed[name])
        if (found) resolve(found)
      })
    }
    program.exited.then((how) => reject(new Error(`${command} stopped (${how}): ${printed.stdout}${printed.stderr}`)))
  })
  return { match: /** @type {RegExpExecArray} */ (match), printed, stop: program.stop }
}

/**
 * Start a server that cannot choose a free port by itself.
 * @template {object} Server
 * @param {(port: number) => Promise<Server>} start rejects where the port is taken
 * @return {Promise<Server & { port: number }>}
 */
export async function onFreePort(start) {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    try {
      return { port, ...(await start(port)) }
    } catch (error) {
      if (attempt === PORT_ATTEMPTS) throw error
    }
  }
}

async function freePort() {
  const server = net.createServer().listen(0, LOOPBACK)
  await once(server, 'listening')
  const { port } = /** @type {net.AddressInfo} */ (server.address())
  server.close()
  await once(server, 'close')
  return port
}

/**
 * Run a client to its end. Its standard input stays open: it ends when the server closes the connection.
 * @param {string} command
 * @param {string[]} args
 * @param {string} input
 * @return {Promise<{ stdout: string, stderr: string }>} what it printed
 */
export async function runClient(command, args, input) {
  const program = startChild(command, args, { env: environment, stdio: ['pipe', 'pipe', 'pipe'] })
  const printed = { stdout: '', stderr: '' }
  for (const name of /** @type {const} */ (['stdout', 'stderr'])) {
    program.child[name]?.setEncoding('utf8').on('data', (chunk) => {
      printed[name] += chunk
    })
  }
  // A client that is refused is gone before it has read all its input.
  program.child.stdin?.on('error', () => {})
  program.child.stdin?.write(input)
  let late = false
  const timer = setTimeout(() => {
    late = true
    program.stop()
  }, CLIENT_LIMIT)
  try {
    // Its last words may come after its exit.
    await once(program.child, 'close')
  } finally {
    clearTimeout(timer)
  }
  if (late) throw new Error(`${command} was not done after ${CLIENT_LIMIT / 1000} s: ${printed.stdout}${printed.stderr}`)
  return printed
}
