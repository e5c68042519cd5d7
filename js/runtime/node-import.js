// Node and Bun by `import`: the same module that `require` gives, so that there is one TLSSocket class and one namespace.
import tls from '../../dist/runtime/node.cjs'

export default tls
export const {
  checkServerIdentity,
  CLIENT_RENEG_LIMIT,
  CLIENT_RENEG_WINDOW,
  connect,
  convertALPNProtocols,
  createSecureContext,
  createSecurePair,
  createServer,
  CryptoStream,
  DEFAULT_CIPHERS,
  DEFAULT_ECDH_CURVE,
  DEFAULT_MAX_VERSION,
  DEFAULT_MIN_VERSION,
  getCiphers,
  init,
  SecureContext,
  SecurePair,
  Server,
  TLSSocket,
} = tls
