// Cloudflare Workers: a wasm import is a compiled module.
import module from '../../pkg/isomorphic_tls_bg.wasm'
import { load } from '../engine.js'

load(module)

export * from '../index.js'
export { default } from '../index.js'
