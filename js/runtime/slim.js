// Bring your own engine: `await tls.init(module)`, with the module of `isomorphic-tls/tls.wasm`.
export * from '../index.js'
export { default } from '../index.js'
