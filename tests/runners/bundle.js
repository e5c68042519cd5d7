// The tests as one file, for the runtimes that load no modules from a disk.
import { copyFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { readFile } from 'node:fs/promises'
import * as esbuild from 'esbuild'

const here = path.dirname(fileURLToPath(import.meta.url))

/** The module `tests:implementation`: what is under test. */
function implementationPlugin(implementation) {
  const ours = "export { default as tls } from 'isomorphic-tls'\nexport * as transport from 'isomorphic-tls/transport'"
  const other = `export { default as tls } from '${implementation}'\nexport const transport = null`
  return {
    name: 'implementation',
    setup(build) {
      build.onResolve({ filter: /^tests:implementation$/ }, () => ({ path: 'implementation', namespace: 'tests' }))
      build.onLoad({ filter: /.*/, namespace: 'tests' }, () => ({
        contents: implementation === 'isomorphic-tls' ? ours : other,
        resolveDir: here,
      }))
    },
  }
}

/**
 * Put wasm files beside the bundle and let it name them there, as the usual bundlers do: those that are imported, and those that
 * are named by `new URL(..., import.meta.url)`.
 * @param {string} folder
 * @param {Set<string>} names filled with the names of the files
 */
export function wasmPlugin(folder, names) {
  const put = async (file) => {
    const name = path.basename(file)
    await copyFile(file, path.join(folder, name))
    names.add(name)
    return name
  }
  return {
    name: 'wasm',
    setup(build) {
      build.onResolve({ filter: /\.wasm$/ }, async ({ path: name, resolveDir, pluginData }) => {
        if (pluginData?.plain) return null
        const { path: file, errors } = await build.resolve(name, { resolveDir, kind: 'import-statement', pluginData: { plain: true } })
        return errors.length ? { errors } : { path: `./${await put(file)}`, external: true }
      })
      build.onLoad({ filter: /\/(js|pkg)\/.*\.js$/ }, async ({ path: file }) => {
        let contents = await readFile(file, 'utf8')
        for (const [whole, name] of [...contents.matchAll(/new URL\(['"]([^'"]+\.wasm)['"], import\.meta\.url\)/g)]) {
          if (build.initialOptions.platform !== 'browser') continue
          contents = contents.replace(whole, `new URL('${await put(path.resolve(path.dirname(file), name))}', import.meta.url)`)
        }
        return { contents, loader: 'js' }
      })
    },
  }
}

/**
 * Bundle test files with a runner's entry.
 * @param {object} job
 * @param {string} job.folder where `tests.js` and the wasm files go
 * @param {string} job.entry a runner's file, absolute; what it exports, the bundle exports
 * @param {string[]} job.files absolute paths of test files
 * @param {string} job.implementation
 * @param {import('esbuild').BuildOptions} options
 * @return {Promise<string[]>} the names of the wasm files
 */
export async function bundle({ folder, entry, files, implementation }, options) {
  const names = new Set()
  const imports = files.map((file) => `import ${JSON.stringify(file)}`)
  await esbuild.build({
    stdin: {
      contents: [...imports, `import * as entry from ${JSON.stringify(entry)}`, 'export default entry.default'].join('\n'),
      resolveDir: here,
    },
    bundle: true,
    format: 'esm',
    target: 'es2022',
    sourcemap: 'inline',
    logLevel: 'error',
    outfile: path.join(folder, 'tests.js'),
    external: ['node:*', 'cloudflare:*'],
    plugins: [implementationPlugin(implementation), wasmPlugin(folder, names)],
    ...options,
  })
  return [...names]
}
