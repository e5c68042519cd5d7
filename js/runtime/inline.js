// Runtimes that none of the other entries is for: the engine is inlined.
import base64 from '../../dist/wasm-base64.js'
import { load } from '../engine.js'

load(new WebAssembly.Module(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))))

export * from '../index.js'
// `require` gives the namespace itself, as it gives node:tls.
export { default, default as 'module.exports' } from '../index.js'
