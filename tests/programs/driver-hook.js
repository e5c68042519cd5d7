// For `--import`: whoever asks for Node's TLS is given ours, drivers included.
import { registerHooks } from 'node:module'

registerHooks({
  resolve(name, context, next) {
    // It is found from here: a driver may not see it.
    return ['tls', 'node:tls'].includes(name) ? next('isomorphic-tls', { ...context, parentURL: import.meta.url }) : next(name, context)
  },
})
