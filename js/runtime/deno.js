// Deno: a source-phase import of the engine asks no permission.
import source module from '../../pkg/isomorphic_tls_bg.wasm'
import { load } from '../engine.js'

load(module)

export * from '../index.js'
export { default } from '../index.js'
