// Runtimes that none of the other entries is for: the engine is inlined.
import base64 from '../../dist/wasm-base64.js'
import { load } from '../engine.js'

load(new WebAssembly.Module(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))))

export * from '../index.js'
export { default } from '../index.js'
