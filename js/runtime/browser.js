// Browsers: `await tls.init()` fetches the engine from beside this file, once.
import tls from '../index.js'

const fromEngine = tls.init
let initialised

/** Fetch and compile the engine. Idempotent; after a failure it may be tried again. */
tls.init = (engine = new URL('../../pkg/isomorphic_tls_bg.wasm', import.meta.url)) => {
  initialised ??= fromEngine(engine).catch((error) => {
    initialised = undefined
    throw error
  })
  return initialised
}

export default tls
export const { init } = tls
export * from '../index.js'
