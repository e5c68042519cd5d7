// The declaration of `isomorphic-tls/tls.wasm`: the compiled engine, where a bundler or a runtime makes a module of it.

declare const engine: typeof globalThis extends { WebAssembly: { Module: { prototype: infer Module } } } ? Module : object
export default engine
