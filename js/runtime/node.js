// Node and Bun: the engine is read from the file beside. Bundled to CommonJS (dist/runtime/node.cjs) by scripts/build.js.
import { readFileSync } from 'node:fs'
import { load } from '../engine.js'
import { makeError } from '../errors.js'
import { hasRelaxedSimd } from './engines.js'

const engine = hasRelaxedSimd() ? '../../pkg/isomorphic_tls_relaxed_bg.wasm' : '../../pkg/isomorphic_tls_bg.wasm'
load(new WebAssembly.Module(read(new URL(engine, import.meta.url))))

function read(url) {
  try {
    return readFileSync(url)
  } catch (error) {
    // What a bundler has put elsewhere.
    const advice = 'leave isomorphic-tls out of the bundle (external), or use isomorphic-tls/slim'
    throw makeError('ERR_TLS_ENGINE_NOT_FOUND', [url, error.message, advice], { cause: error })
  }
}

export { default } from '../index.js'
