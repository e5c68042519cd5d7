// Node and Bun by `import`: the same module that `require` gives, so that there is one TLSSocket class and one namespace.
import tls from '../../dist/runtime/node.cjs'

export default tls
export const { checkServerIdentity, connect, createSecureContext, DEFAULT_CIPHERS, init, SecureContext, TLSSocket } = tls
