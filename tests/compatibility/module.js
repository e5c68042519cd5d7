// What `tls` has.
import { ALL, row } from './rows.js'

export const moduleRows = [
  row("`import tls from 'node:tls'`, `require('node:tls')`", ALL, 'works', 'entries:', 'as `isomorphic-tls`; both give one object'),
  row('`tls.connect(options[, callback])`', '0.10 23.5', 'works', 'connect: an options object'),
  row(
    '`tls.connect(path[, options][, callback])`',
    '23.5',
    'works',
    ['connect: path', 'behaviour 2:'],
    'where the runtime has such sockets',
  ),
  row('`tls.connect(port[, host][, options][, callback])`', ALL, 'works', 'connect: port'),
  row('`tls.createServer([options][, secureConnectionListener])`', ALL, 'works', 'server: createServer'),
  row('`tls.createSecureContext([options])`', '23.5', 'works', 'createSecureContext:'),
  row('`tls.checkServerIdentity(hostname, cert)`', '23.5', 'works', ['checkServerIdentity:', 'behaviour 4:']),
  row('`tls.getCiphers()`', '0.10 23.5', 'differs', 'ciphers: getCiphers', 'the nine suites there are'),
  row(
    '`tls.rootCertificates`',
    '23.5',
    'works',
    ['behaviour 40: rootCertificates', 'roots: where there is no list'],
    'the runtime’s list; where it has none, that of `isomorphic-tls/roots`',
  ),
  row('`tls.getCACertificates([type])`', '26', 'works', 'roots: getCACertificates'),
  row('`tls.setDefaultCACertificates(certs)`', '26', 'works', 'roots: setDefaultCACertificates'),
  row(
    '`tls.getCertificateCompressionAlgorithms()`',
    '26',
    'differs',
    'module: no certificate compression',
    'none: certificates are not compressed here',
  ),
  row(
    '`tls.DEFAULT_CIPHERS`',
    '23.5',
    'differs',
    'behaviour 5: DEFAULT_CIPHERS',
    'the suites there are, ChaCha20-Poly1305 first; read at each call',
  ),
  row('`tls.DEFAULT_ECDH_CURVE`', '23.5', 'works', 'ecdhCurve: DEFAULT_ECDH_CURVE', 'read at each call'),
  row('`tls.DEFAULT_MAX_VERSION`', '23.5', 'works', ['versions: the defaults', 'behaviour 5: the default versions'], 'read at each call'),
  row('`tls.DEFAULT_MIN_VERSION`', '23.5', 'works', ['versions: the defaults', 'behaviour 5: the default versions'], 'read at each call'),
  row('`tls.CLIENT_RENEG_LIMIT`', ALL, 'differs', 'module: constants', 'a number that nothing reads: there is no renegotiation'),
  row('`tls.CLIENT_RENEG_WINDOW`', ALL, 'differs', 'module: constants', 'a number that nothing reads: there is no renegotiation'),
  row(
    '`tls.TLSSocket`',
    '23.5',
    'differs',
    'socket:',
    'a `net.Socket` where there is one; a class, where Node has a function: `TLSSocket.call(object, ...)` throws',
  ),
  row('`tls.Server`', ALL, 'works', ['server: createServer', 'server: it is a net.Server'], 'a `net.Server` where there is one'),
  row('`tls.SecureContext`', '23.5', 'differs', 'secure context:', 'a class, where Node has a function: only with `new`'),
  row('`tls.convertALPNProtocols(protocols, out)`', '-', 'works', 'legacy: convertALPNProtocols', 'not in the documents'),
  row(
    '`tls.init([engine])`',
    'ours',
    'works',
    'entries: init',
    'makes the library ready: needed in browsers, and for `isomorphic-tls/slim`',
  ),
  row('`tls.DEFAULT_CONNECTOR`', 'ours', 'works', 'connect: DEFAULT_CONNECTOR', 'how `connect` makes a transport where there is no TCP'),
]

export const legacyRows = [
  row(
    '`tls.createSecurePair([context][, isServer][, requestCert][, rejectUnauthorized][, options])`',
    ALL,
    'works',
    'legacy: a SecurePair',
  ),
  row('`tls.SecurePair`', ALL, 'works', 'legacy: a SecurePair'),
  row('`tls.CryptoStream`', '0.10 23.5', 'works', 'legacy: a SecurePair', 'the end of a pair that carries ciphertext'),
  row('`tls.CleartextStream`', '0.8 0.10', 'works', 'legacy: names', 'TLSSocket, which took its place'),
  row('`tls.EncryptedStream`', '-', 'works', 'legacy: names', 'not in the documents'),
  row('`tls.SLAB_BUFFER_SIZE`', '0.10', 'differs', 'legacy: names', 'a number that nothing reads: there is no such buffer'),
  row('`tls.parseCertString(text)`', '-', 'works', 'legacy: parseCertString', 'not in the documents'),
  row('`tls.convertNPNProtocols(protocols, out)`', '-', 'works', 'legacy: convertNPNProtocols', 'not in the documents'),
]

export const pairRows = [
  row("Event: `'secure'`", ALL, 'works', 'legacy: a SecurePair'),
  row('`securePair.cleartext`', ALL, 'works', 'legacy: a SecurePair'),
  row('`securePair.encrypted`', ALL, 'works', 'legacy: a SecurePair'),
  row('`securePair.destroy()`', '-', 'works', 'legacy: a SecurePair that is destroyed', 'not in the documents'),
]

export const streamRows = [row('`cryptoStream.bytesWritten`', '0.10 23.5', 'works', 'legacy: a SecurePair')]

export const oldShapeRows = [
  row('an `SNICallback` of one parameter, which returns its context', '0.8 0.10', 'works', 'legacy: an SNICallback'),
  row("a `'newSession'` listener of two parameters, `(sessionId, sessionData)`", '0.10', 'works', 'legacy: a newSession listener'),
  row(
    "a `'resumeSession'` listener that calls back with `(null, null)`",
    '0.10',
    'works',
    'behaviour 20: a session that the store has lost',
  ),
  row(
    '`credentials` of `crypto.createCredentials(...)`, and their `context`',
    '0.8 0.10',
    'works',
    'legacy: what crypto.createCredentials was',
    'whatever has a `context` of ours; `crypto` is the runtime’s, and Node has no such function any more',
  ),
  row('`NPNProtocols`', '0.8 0.10', 'differs', 'legacy: NPNProtocols', 'NPN is gone from TLS: taken as `ALPNProtocols`, with a warning'),
  row('`cleartextStream.npnProtocol`', '0.8 0.10', 'differs', 'legacy: NPNProtocols', '`alpnProtocol`'),
  row(
    '`rejectUnauthorized` of a server, false by default',
    '0.8 0.10',
    'differs',
    'behaviour 12: rejectUnauthorized',
    'true, as in Node since v2',
  ),
  row('`server.connections`', '0.8 0.10', 'works', 'legacy: server.connections', 'with a warning'),
  row(
    "Event: `'clientError'`",
    '0.8 0.10',
    'works',
    'legacy: clientError',
    "of a server where nobody listens to `'tlsClientError'`; its second argument is the TLSSocket",
  ),
]
