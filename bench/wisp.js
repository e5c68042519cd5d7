// Other implementations in WebAssembly, on their ground: HTTPS downloads inside a page of Chromium through a Wisp server. The HTTPS
// server is Node's own TLS in a process of its own, on the loopback interface; ours goes through the same Wisp server.
import { once } from 'node:events'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { createInterface } from 'node:readline'
import { startChild } from '../tests/runners/child.js'
import { consoles, runJob } from '../tests/runners/index.js'
import { temporaryFolder } from '../tests/temporary.js'
import { Agent, seenFull } from './agents.js'
import { installPeers } from './others.js'

const here = path.dirname(fileURLToPath(import.meta.url))

const RUNTIME = 'chromium'
const SERVER_RUNTIME = 'node-26'

/** For everything, in milliseconds. */
const DEADLINE = 10 * 60 * 1000

/** What the server insists on: so much is known of all clients, whatever they tell. */
const SUITES = ['TLS_AES_128_GCM_SHA256', 'TLS_CHACHA20_POLY1305_SHA256']

const inPeers = (...names) => path.join(here, 'peers', ...names)

/** Start a Wisp server. */
async function startWisp() {
  const [command, ...args] = consoles[SERVER_RUNTIME]
  const program = startChild(command, [...args, inPeers('wisp-server.js')])
  const exited = program.exited.then((how) => {
    throw new Error(`the Wisp server did not start (${how}): ${program.errors()}`)
  })
  exited.catch(() => {})
  const lines = createInterface({ input: /** @type {any} */ (program.child.stdout) })
  const [line] = await Promise.race([once(lines, 'line'), exited])
  return { port: JSON.parse(line).port, stop: program.stop }
}

/** What a page loads of the others: their own files, but for one certificate that they trust. */
async function copyPeers(folder, ca) {
  const { trusting } = await import('./peers/trusted.js')
  const modules = inPeers('node_modules')
  const epoxy = path.join(modules, '@mercuryworkshop/epoxy-tls/pkg')
  const libcurl = path.join(modules, 'libcurl.js')
  await writeFile(path.join(folder, 'epoxy.wasm'), trusting(await readFile(path.join(epoxy, 'epoxy.wasm')), ca))
  await writeFile(path.join(folder, 'libcurl.wasm'), trusting(await readFile(path.join(libcurl, 'libcurl.wasm')), ca))
  // A script: this makes a module of it.
  await writeFile(path.join(folder, 'epoxy.js'), `${await readFile(path.join(epoxy, 'epoxy.js'), 'utf8')}\nexport default epoxy\n`)
  await copyFile(path.join(libcurl, 'libcurl.mjs'), path.join(folder, 'libcurl.js'))
}

/**
 * @param {import('../tests/peers/host.js').Host} host
 * @param {import('./options.js').Options} options
 * @return {Promise<import('./compare.js').Result[]>}
 */
export async function compareOverWisp(host, options) {
  await installPeers()
  const { makeIdentity } = await import('./peers/trusted.js')
  const { folder, remove } = await temporaryFolder('wisp')
  const server = new Agent(SERVER_RUNTIME, 'node:tls', host)
  const wisp = await startWisp()
  const results = []
  try {
    const identity = await makeIdentity(folder)
    await copyPeers(folder, identity.ca)
    host.serve('wisp', folder)
    const plainPort = await server.ask('servePlain', { behaviour: 'answer' })
    for (const cipher of SUITES) {
      const setting = { version: 'TLSv1.3', cipher, group: 'X25519' }
      const port = await server.ask('serve', { cell: { ...setting, identity, behaviour: 'answer', withoutResumption: true } })
      const agreed = { protocol: setting.version, cipher, group: setting.group }
      let requests = 0
      await runJob({
        runtime: RUNTIME,
        host,
        files: [],
        implementation: 'isomorphic-tls',
        full: false,
        deadline: DEADLINE,
        entries: inPeers(),
        task: {
          port,
          plainPort,
          wispPort: wisp.port,
          ca: identity.ca,
          agreed,
          writeSize: 64 * 1024,
          cells: ['download', 'dials'].map((kind) => ({ kind, ...setting })),
          rounds: options.rounds,
          seconds: options.seconds,
        },
        onResult: ({ result, requests: count }) => {
          if (result) results.push(result)
          else requests = count
        },
      })
      await seenFull(server, requests)
    }
  } finally {
    await Promise.all([server.stop(), wisp.stop()])
    await remove()
  }
  return results
}
