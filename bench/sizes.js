// What a program loads: the engine, and the JavaScript of a browser's bundle.
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import * as esbuild from 'esbuild'
import { root } from '../scripts/run.js'

/** What a bundle has of others. */
const OTHERS = ['readable-stream', 'buffer', 'buffer/', 'events', 'string_decoder', 'process', 'abort-controller']

const compressed = (bytes) => ({
  raw: bytes.length,
  gzip: gzipSync(bytes, { level: 9 }).length,
  brotli: brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length,
})

/** The minified bundle of an entry, without the engine, which a browser fetches. */
async function bundle(name, external) {
  const { outputFiles } = await esbuild.build({
    stdin: { contents: `import tls from '${name}'\nglobalThis.tls = tls`, resolveDir: root },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    logLevel: 'error',
    external: ['*.wasm', ...external],
  })
  return compressed(Buffer.from(outputFiles[0].contents))
}

/**
 * Sizes in bytes, raw, and as gzip and brotli at their best.
 * @return {Promise<Record<string, { raw: number, gzip: number, brotli: number }>>}
 */
export async function sizes() {
  const { exports, name } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'))
  const rows = {}
  for (const file of (await readdir(path.join(root, 'pkg'))).filter((candidate) => candidate.endsWith('.wasm')).sort()) {
    rows[`pkg/${file}`] = compressed(await readFile(path.join(root, 'pkg', file)))
  }
  for (const entry of ['.', './client'].filter((candidate) => candidate in exports)) {
    const imported = name + entry.slice(1)
    rows[`${imported}: JavaScript of a browser's bundle`] = await bundle(imported, [])
    rows[`${imported}: the same without readable-stream, buffer, events`] = await bundle(imported, OTHERS)
  }
  return rows
}
