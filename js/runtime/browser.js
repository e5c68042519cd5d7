// Browsers: `await tls.init()` fetches the engine from beside this file, once.
import tls from '../index.js'
import { hasRelaxedSimd } from './engines.js'

const fromEngine = tls.init
let initialised

// Bundlers look for just this form.
const place = () =>
  hasRelaxedSimd()
    ? new URL('../../pkg/isomorphic_tls_relaxed_bg.wasm', import.meta.url)
    : new URL('../../pkg/isomorphic_tls_bg.wasm', import.meta.url)

/** Fetch and compile the engine. Idempotent; after a failure it may be tried again. */
tls.init = (engine = place()) => {
  initialised ??= fromEngine(engine).catch((error) => {
    initialised = undefined
    throw error
  })
  return initialised
}

export default tls
// `require` gives the namespace itself, as it gives node:tls, in bundlers that know of it.
export { tls as 'module.exports' }
export const { init } = tls
export * from '../index.js'
