// Deno: a source-phase import of the engine asks no permission.
import source module from '../../pkg/isomorphic_tls_bg.wasm'
import { load } from '../engine.js'

load(module)

export * from '../index.js'
// `require` gives the namespace itself, as it gives node:tls.
export { default, default as 'module.exports' } from '../index.js'
