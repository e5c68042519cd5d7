// The library at work. `npm run demo` starts TLS servers on this machine, and asks them with the same client on Node, Deno,
// workerd, and in Chromium through a WebSocket tunnel; servers with a wrong name or a wrong CA must be refused.
// `npm run demo -- HOST:PORT [--ca FILE]` asks any server. `npm run demo -- --page [--port N]` serves a page that does it.
import { readFile } from 'node:fs/promises'
import { X509Certificate } from 'node:crypto'
import { parseArgs } from 'node:util'
import { Plain, say, script } from './run.js'
import { build } from './build.js'
import { setup } from './setup.js'

const USAGE = `usage: npm run demo                                         servers of its own, on this machine
       npm run demo -- HOST:PORT [--ca FILE] [--path PATH]  any server
       npm run demo -- --page [--port N]                    a page in your browser`

/** With which codes a server must be refused: more than one where it depends on what the server sends. */
const REFUSALS = [
  { what: 'wrong name', role: 'wrongName', codes: ['ERR_TLS_CERT_ALTNAME_INVALID'] },
  { what: 'wrong CA', role: 'wrongCa', codes: ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'] },
]

function readArguments() {
  try {
    const options = {
      ca: { type: 'string' },
      path: { type: 'string' },
      page: { type: 'boolean' },
      port: { type: 'string' },
      help: { type: 'boolean' },
    }
    const { values, positionals } = parseArgs({ options: /** @type {any} */ (options), allowPositionals: true })
    const { ca, path, page, port, help } = /** @type {any} */ (values)
    const number = Number(port ?? 0)
    if (positionals.length > 1) throw new Error(`one server at a time: ${positionals.join(' ')}`)
    if (page ? positionals.length || ca || path : port) throw new Error('--page goes with --port only, and --port with --page only')
    if ((ca || path) && positionals.length === 0) throw new Error('--ca and --path are for HOST:PORT')
    if (!Number.isInteger(number) || number < 0 || number > 65535) throw new Error(`'${port}' is not a port`)
    return { target: positionals[0], ca, path, page, port: number, help }
  } catch (error) {
    throw new Plain(`${error.message}\n${USAGE}`)
  }
}

/** What is to be ended when the demo is, even by Ctrl-C; programs that were started end by themselves at exit. */
const endings = new Set()

async function interrupted() {
  await Promise.allSettled([...endings].map((end) => end()))
  process.exit(130)
}

/**
 * Run requests on every runtime, and have the outcomes shown.
 * @param {any[]} requests
 * @param {(outcomes: any[]) => boolean} show returns whether all was as it should be
 * @return {Promise<string[]>} the names of the runtimes where it was not
 */
async function onEachRuntime(requests, show) {
  const { runtimes } = await import('../examples/demo/runtimes.js')
  const { printHeading, printProblem } = await import('../examples/demo/report.js')
  const failed = []
  for (const { name, way, version, run } of runtimes) {
    printHeading(name, version() ?? '(missing)', way)
    try {
      if (!show(await run(requests))) failed.push(name)
    } catch (error) {
      printProblem(error instanceof Plain ? error.message : error.stack)
      failed.push(name)
    }
  }
  console.log('')
  return failed
}

/** Our own servers: one that is right, and those that must be refused. */
async function demonstrate() {
  const { startServers } = await import('../examples/demo/servers.js')
  const { printAnswer, printFailure, printRefusal } = await import('../examples/demo/report.js')
  const servers = await startServers()
  endings.add(servers.close)
  try {
    const common = { host: '127.0.0.1', servername: 'localhost', ca: servers.ca }
    const requests = ['good', ...REFUSALS.map(({ role }) => role)].map((role) => ({ ...common, port: servers.ports[role] }))
    const failed = await onEachRuntime(requests, ([{ answer, error }, ...refusals]) => {
      if (answer) printAnswer(answer)
      else printFailure(error)
      const refused = REFUSALS.map(({ what, codes }, index) => printRefusal(what, refusals[index], codes))
      return Boolean(answer?.status.includes(' 200 ')) && refused.every(Boolean)
    })
    if (failed.length) throw new Plain(`the demo FAILED on ${failed.join(', ')}`)
    say('on every runtime the server was verified, and those with a wrong name or a wrong CA were refused')
  } finally {
    await servers.close()
  }
}

/** PEM of a file that holds PEM or DER. */
async function readCa(file) {
  const bytes = await readFile(file).catch((error) => {
    throw new Plain(`the CA can not be read: ${error.message}`)
  })
  if (bytes.includes('-----BEGIN')) return bytes.toString()
  try {
    return new X509Certificate(bytes).toString()
  } catch {
    throw new Plain(`${file} is no certificate, neither in PEM nor in DER`)
  }
}

/** Any server. */
async function ask({ target: text, ca: file, path }) {
  const { parseTarget } = await import('../examples/demo/target.js')
  const { printAnswer, printFailure, printTarget } = await import('../examples/demo/report.js')
  let target
  try {
    target = parseTarget(text)
  } catch (error) {
    throw new Plain(error.message)
  }
  const ca = file && (await readCa(file))
  printTarget(target)
  const failed = await onEachRuntime([{ ...target, ...(path && { path }), ...(ca && { ca }) }], ([{ answer, error }]) => {
    if (answer) printAnswer(answer)
    else printFailure(error)
    return Boolean(answer)
  })
  if (failed.length) throw new Plain(`no answer on ${failed.join(', ')}`)
  say('the server was verified on every runtime')
}

async function servePage({ port }) {
  const { startPage } = await import('../examples/demo/page-server.js')
  const page = await startPage(port).catch((error) => {
    throw error.code === 'EADDRINUSE' ? new Plain(`port ${port} is taken; choose another, or leave --port out`) : error
  })
  endings.add(page.close)
  say(`the page is at ${page.url} (Ctrl-C ends it)`)
}

script(async () => {
  const options = readArguments()
  if (options.help) return console.log(USAGE)
  process.once('SIGINT', interrupted)
  process.once('SIGTERM', interrupted)
  await setup('demo')
  await build()
  if (options.page) await servePage(options)
  else if (options.target) await ask(options)
  else await demonstrate()
})
