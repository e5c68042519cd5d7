// Deno: a source-phase import of the engine asks no permission. Whatever has that has relaxed SIMD.
import source module from '../../pkg/isomorphic_tls_relaxed_bg.wasm'
import { load } from '../engine.js'

load(module)

export * from '../index.js'
// `require` gives the namespace itself, as it gives node:tls.
export { default, default as 'module.exports' } from '../index.js'
