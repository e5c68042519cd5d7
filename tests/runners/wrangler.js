// A Worker of its own, bundled as wrangler bundles it, and run in workerd: for what `[alias]` of a wrangler.toml does.
import { readFile, writeFile } from 'node:fs/promises'
import { createRequire, isBuiltin } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'
import { temporaryFolder } from '../temporary.js'
import { wasmPlugin } from './bundle.js'
import { readResults, startChild } from './child.js'
import { workerdConfig } from './workerd.js'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
const workerd = path.join(root, 'tests/runtimes/node_modules/.bin/workerd')
const require = createRequire(import.meta.url)

/** What the README says to write under `[alias]` in wrangler.toml. @return {Promise<Record<string, string>>} */
export async function readmeAlias() {
  const [, lines] = /\[alias\]\n(.*?)```/s.exec(await readFile(path.join(root, 'README.md'), 'utf8')) ?? []
  return Object.fromEntries([...(lines ?? '').matchAll(/^"(.*?)" = "(.*?)"/gm)].map(([, name, target]) => [name, target]))
}

/** What takes the place of a name is found as Node's `require` finds it: so does wrangler, whatever the bundle is for. */
const aliasPlugin = (alias) => ({
  name: 'alias',
  setup(build) {
    build.onResolve({ filter: /.*/ }, ({ path: name }) => (alias[name] ? { path: require.resolve(alias[name], { paths: [root] }) } : null))
  },
})

/** Modules of Node's are the runtime's, also for `require`. */
const builtinPlugin = {
  name: 'builtin',
  setup(build) {
    build.onResolve({ filter: /.*/ }, ({ path: name, kind }) => {
      if (!isBuiltin(name)) return null
      if (kind === 'require-call') return { path: name, namespace: 'required' }
      return { path: name.startsWith('node:') ? name : `node:${name}`, external: true }
    })
    build.onLoad({ filter: /.*/, namespace: 'required' }, ({ path: name }) => ({
      contents: `import its from '${name}'\nmodule.exports = its`,
    }))
  },
}

/**
 * Start a Worker.
 * @param {string} program its file, in tests/programs
 * @param {Record<string, string>} alias as in wrangler.toml
 * @return {Promise<{ ask: (question: object) => Promise<any>, stop: () => Promise<void> }>} `ask` posts a question to it, in JSON
 */
export async function startWorker(program, alias) {
  const { folder, remove } = await temporaryFolder('worker')
  const wasm = new Set()
  await esbuild.build({
    entryPoints: [path.join(root, 'tests/programs', program)],
    outfile: path.join(folder, 'worker.js'),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    conditions: ['workerd', 'worker', 'browser'],
    logLevel: 'error',
    external: ['cloudflare:*'],
    plugins: [aliasPlugin(alias), builtinPlugin, wasmPlugin(folder, wasm)],
  })
  await writeFile(path.join(folder, 'config.capnp'), workerdConfig('worker.js', [...wasm]))
  const { child, errors, exited, stop } = startChild(workerd, ['serve', '--control-fd=3', path.join(folder, 'config.capnp')], {
    stdio: ['ignore', 'inherit', 'pipe', 'pipe'],
  })
  const port = await new Promise((resolve, reject) => {
    readResults(/** @type {any} */ (child.stdio[3]), ({ event, port: its }) => event === 'listen' && resolve(its))
    exited.then((how) => reject(new Error(`workerd stopped (${how}): ${errors()}`)))
  })
  return {
    async ask(question) {
      const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: JSON.stringify(question) })
      if (!response.ok) throw new Error(`the Worker failed: ${await response.text()}${errors()}`)
      return response.json()
    },
    async stop() {
      await stop()
      await remove()
    },
  }
}
