// Node and Bun by `import`: the same module that `require` gives, so that there is one TLSSocket class and one namespace.
import tls from '../../dist/runtime/node.cjs'
import { lazyArray } from '../lazy-array.js'

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
  getCACertificates,
  getCertificateCompressionAlgorithms,
  getCiphers,
  init,
  SecureContext,
  SecurePair,
  Server,
  SessionCache,
  setDefaultCACertificates,
  TLSSocket,
} = tls
// Made when it is looked at, which is not when this loads.
export const rootCertificates = lazyArray(() => tls.rootCertificates)
