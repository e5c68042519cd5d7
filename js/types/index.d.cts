// The declarations of the package: what `require` gives.
import type * as esm from './index.js' with { 'resolution-mode': 'import' }

declare const tls: esm.Tls

declare namespace tls {
  type CipherNameAndProtocol = esm.CipherNameAndProtocol
  type Certificate = esm.Certificate
  type ConnectionOptions = esm.ConnectionOptions
  type Connector = esm.Connector
  type DetailedPeerCertificate = esm.DetailedPeerCertificate
  type EphemeralKeyInfo = esm.EphemeralKeyInfo
  type Namespace = esm.Tls
  type PeerAnswer = esm.PeerAnswer
  type PeerCertificate = esm.PeerCertificate
  type PeerDescription = esm.PeerDescription
  type SecureContext = esm.SecureContext
  type SecureContextOptions = esm.SecureContextOptions
  type SecurePair = esm.SecurePair
  type SecureVersion = esm.SecureVersion
  type Server = esm.Server
  type SessionCache = esm.SessionCache
  type TLSSocket = esm.TLSSocket
  type TLSSocketOptions = esm.TLSSocketOptions
  type TlsOptions = esm.TlsOptions
  type Transport = esm.Transport
}

export = tls
