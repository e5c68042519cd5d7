// Node and Bun: the engine is read from the file beside. Bundled to CommonJS (dist/runtime/node.cjs) by scripts/build.js.
import { readFileSync } from 'node:fs'
import { load } from '../engine.js'

load(new WebAssembly.Module(readFileSync(new URL('../../pkg/isomorphic_tls_bg.wasm', import.meta.url))))

export { default } from '../index.js'
