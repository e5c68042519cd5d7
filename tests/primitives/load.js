// The primitives by themselves, as WebAssembly: built when their sources have changed, instantiated over plain memory.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { root, run } from '../../scripts/run.js'
import { cargoEnvironment } from '../../scripts/build.js'

/**
 * Build them. `features` are wasm features beside those of wasm-pack.toml.
 * @param {{ features?: string[] }} [options]
 * @return {Promise<Buffer>} the module's bytes
 */
export async function buildPrimitives({ features = [] } = {}) {
  const { cargo, target, env } = await cargoEnvironment()
  const flags = `CARGO_TARGET_${target.toUpperCase().replaceAll('-', '_')}_RUSTFLAGS`
  const all = [env[flags] ?? '', ...features.map((feature) => `-Ctarget-feature=+${feature}`)].join(' ').trim()
  const base = process.env.CARGO_TARGET_DIR ?? path.join(root, 'target')
  const folder = path.join(base, ['primitives', ...features].join('-'))
  const args = ['build', '--quiet', '--locked', '--release', '--manifest-path', 'tests/primitives/Cargo.toml', '--target', target]
  await run(cargo, [...args, '--target-dir', folder], { cwd: root, env: { ...env, [flags]: all } })
  return readFileSync(path.join(folder, target, 'release/primitives.wasm'))
}

/**
 * @param {Buffer} bytes of a module that `buildPrimitives` gave
 * @param {Record<string, Record<string, Function>>} [given] imports
 * @return {{ exports: any, bytes: (place: number, length: number) => Uint8Array, put: (bytes: Uint8Array) => number }} its exports, a
 *   view of its memory (until that grows), and what copies bytes into memory of their own
 */
export function instantiate(bytes, given = {}) {
  const module = new WebAssembly.Module(new Uint8Array(bytes))
  // What the other implementations would import (entropy) is not called.
  const imports = { ...given }
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    imports[from] ??= {}
    imports[from][name] ??= () => {
      throw new Error(`${from}.${name} was called`)
    }
  }
  const { exports } = /** @type {any} */ (new WebAssembly.Instance(module, imports))
  const view = (place, length) => new Uint8Array(exports.memory.buffer, place, length)
  return {
    exports,
    bytes: view,
    put(bytes) {
      const place = exports.allocate(bytes.length)
      view(place, bytes.length).set(bytes)
      return place
    },
  }
}
