// The tls namespace: one mutable object, the default export of every entry and what `require` gives.
import { toldDefaults } from '#environment'
import { hasRootCertificates } from '#platform'
import { getCACertificates, readRootCertificates, setDefaultCACertificates } from './ca-certificates.js'
import { isLoaded, load, memorySize, trap } from './engine.js'
import { checkServerIdentity } from './check-server-identity.js'
import { allCipherNames, DEFAULT_CIPHERS as BUILT_IN_CIPHERS } from './cipher-names.js'
import { compileEngine } from './compile-engine.js'
import { connect } from './connect.js'
import { addLegacyNames } from './legacy.js'
import { lazyArray } from './lazy-array.js'
import { tls } from './namespace.js'
import { createSecureContext, SecureContext } from './secure-context.js'
import { createServer, Server } from './server.js'
import { SessionCache } from './session-cache.js'
import { TLSSocket } from './tls-socket.js'
import { certificateObject } from './certificate.js'
import { X509Certificate } from './x509-certificate.js'
import { Malformed } from './x509/ber.js'
import { readCertificate } from './x509/certificate.js'
import { PublicKey } from './x509/key-object.js'

Object.assign(tls, {
  CLIENT_RENEG_LIMIT: 3,
  CLIENT_RENEG_WINDOW: 600,
  DEFAULT_CIPHERS: toldDefaults.ciphers ?? BUILT_IN_CIPHERS,
  DEFAULT_ECDH_CURVE: 'auto',
  DEFAULT_MIN_VERSION: toldDefaults.minVersion ?? 'TLSv1.2',
  DEFAULT_MAX_VERSION: toldDefaults.maxVersion ?? 'TLSv1.3',
  /**
   * How `connect()` makes a transport where no `socket` and no option `connector` is given: a function of the options that
   * returns a Duplex, a pair of Web Streams, a WebSocket, or a promise of one. Null: the runtime's own TCP.
   */
  DEFAULT_CONNECTOR: null,
  SecureContext,
  Server,
  SessionCache,
  TLSSocket,
  checkServerIdentity,
  connect,
  createSecureContext,
  createServer,
  /** The suites that work here, in OpenSSL's names in lower case (Node docs: tls.getCiphers). */
  getCiphers: allCipherNames,
  /** None: certificates are not compressed here. */
  getCertificateCompressionAlgorithms: () => [],
  getCACertificates,
  setDefaultCACertificates,
  /**
   * Make the library ready. Needed in browsers only, and in `isomorphic-tls/slim`, which brings no engine; elsewhere, and
   * when done before, it does nothing.
   * @param {WebAssembly.Module | BufferSource | Response | Promise<Response> | URL | string} [engine] the compiled engine, its
   * bytes, or where to fetch it
   */
  async init(engine) {
    if (isLoaded()) return
    load(await compileEngine(await engine))
  },
})

addLegacyNames(tls)

// Read when it is asked for. Where there may be none, whoever copies the namespace is not to run into its error.
Object.defineProperty(tls, 'rootCertificates', { get: readRootCertificates, enumerable: hasRootCertificates })

// For the tests of what a trap leaves intact.
Object.defineProperty(tls, Symbol.for('isomorphic-tls.trap'), { value: trap })
Object.defineProperty(tls, Symbol.for('isomorphic-tls.memory'), { value: memorySize })
// For the tests of what other runtimes get.
Object.defineProperty(tls, Symbol.for('isomorphic-tls.x509'), {
  value: { X509Certificate, PublicKey, certificateObject, readCertificate, Malformed },
})

export default tls
export {
  checkServerIdentity,
  connect,
  createSecureContext,
  createServer,
  getCACertificates,
  SecureContext,
  Server,
  SessionCache,
  setDefaultCACertificates,
  TLSSocket,
}
// Conveniences: what may be set on the namespace is the same here until it is.
export const {
  CLIENT_RENEG_LIMIT,
  CLIENT_RENEG_WINDOW,
  convertALPNProtocols,
  createSecurePair,
  CryptoStream,
  DEFAULT_CIPHERS,
  DEFAULT_ECDH_CURVE,
  DEFAULT_MAX_VERSION,
  DEFAULT_MIN_VERSION,
  getCertificateCompressionAlgorithms,
  getCiphers,
  init,
  SecurePair,
} = tls
// To read this one may cost something, or fail.
export const rootCertificates = lazyArray(() => tls.rootCertificates)
