// Node and Bun: the engine is read from the file beside. Bundled to CommonJS (dist/runtime/node.cjs) by scripts/build.js.
import { readFileSync } from 'node:fs'
import { load } from '../engine.js'
import { hasRelaxedSimd } from './engines.js'

const engine = hasRelaxedSimd() ? '../../pkg/isomorphic_tls_relaxed_bg.wasm' : '../../pkg/isomorphic_tls_bg.wasm'
load(new WebAssembly.Module(readFileSync(new URL(engine, import.meta.url))))

export { default } from '../index.js'
