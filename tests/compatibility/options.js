// Options of connections and servers.
import { ALL, row } from './rows.js'

export const connectRows = [
  row('`host`', ALL, 'works', ['connect:', 'behaviour 1:']),
  row('`port`', ALL, 'works', 'connect: port'),
  row('`path`', '23.5', 'works', ['connect: path', 'behaviour 2:'], 'where the runtime has such sockets'),
  row(
    '`socket`',
    ALL,
    'works',
    ['connect: over a given socket', 'behaviour 8:', 'behaviour 34:'],
    'any Duplex in any state; also Web Streams and WebSockets',
  ),
  row('`allowHalfOpen`', '23.5', 'works', 'behaviour 26:'),
  row('`rejectUnauthorized`', '0.10 23.5', 'works', ['behaviour 12:', 'behaviour 13:']),
  row('`pskCallback`', '23.5', 'differs', 'psk:', 'TLS 1.3 only: rustls has no such suites in TLS 1.2'),
  row('`ALPNProtocols`', '23.5', 'works', ['socket: ALPN', 'behaviour 23:']),
  row('`servername`', ALL, 'works', ['socket: servername', 'behaviour 7: a servername']),
  row(
    '`checkServerIdentity(servername, cert)`',
    '23.5',
    'differs',
    ['behaviour 4:', 'robustness: checkServerIdentity'],
    'asked during the handshake, before anything of ours is sent; what it throws is the error',
  ),
  row('`session`', '23.5', 'works', 'sessions:'),
  row('`minDHSize`', '23.5', 'differs', 'createSecureContext:', 'checked, and of no meaning: there is no finite-field Diffie-Hellman'),
  row('`highWaterMark`', '23.5', 'works', 'behaviour 1: highWaterMark'),
  row('`secureContext`', '23.5', 'works', 'secure context:'),
  row('`onread`', '23.5', 'works', 'behaviour 32:'),
  row('`enableTrace`', '23.5', 'differs', 'environment: enableTrace', 'handshake messages by name and in hexadecimal'),
  row('`requestOCSP`', '23.5', 'works', 'behaviour 39: OCSPRequest is answered later'),
  row('`timeout`', '23.5', 'works', 'connect: timeout'),
  row(
    '`lookup`, `family`, `hints`, `localAddress`, `localPort`, and all else that `socket.connect()` takes',
    '23.5',
    'works',
    'behaviour 1:',
    'handed to the runtime’s own `net`',
  ),
  row('`signal`', '23.5', 'works', ['behaviour 3:', 'connect: a signal']),
  row('`pfx`, `key`, `passphrase`, `cert`, `ca`', ALL, 'works', 'identities:', 'as all of `tls.createSecureContext`, below'),
  row('`connector`', 'ours', 'works', 'connect: a connector', 'makes the transport'),
  row('`sessionSealingKey`', 'ours', 'works', 'sessions: sealed', 'seals the sessions that are told: who has no key can not use them'),
  row('`requireCloseNotify`', 'ours', 'works', 'errors: requireCloseNotify', 'truncation is an error: ERR_TLS_TRUNCATED'),
]

export const socketOptionRows = [
  row(
    '`new tls.TLSSocket(socket[, options])`',
    '23.5',
    'differs',
    ['options: a constructed TLSSocket verifies', 'server: new TLSSocket'],
    'a client verifies its server, as `tls.connect` does: Node leaves that to the caller',
  ),
  row('`isServer`', '23.5', 'works', 'server: new TLSSocket with isServer'),
  row('`server`', '23.5', 'works', 'server: new TLSSocket'),
  row('`requestCert`', '23.5', 'works', 'server: requestCert'),
  row('`rejectUnauthorized`', '23.5', 'works', 'server: requestCert'),
  row('`ALPNProtocols`', '23.5', 'works', 'behaviour 23:'),
  row('`SNICallback`', '23.5', 'works', 'behaviour 22: SNICallback of a constructed TLSSocket'),
  row('`session`', '23.5', 'works', 'sessions:'),
  row('`requestOCSP`', '23.5', 'works', 'behaviour 39: OCSPRequest is answered later'),
  row('`secureContext`', '23.5', 'works', 'secure context:'),
  row('`enableTrace`', '23.5', 'differs', 'environment: enableTrace', 'handshake messages by name and in hexadecimal'),
]

export const createServerRows = [
  row('`ALPNProtocols`', '23.5', 'works', 'behaviour 23: ALPNProtocols'),
  row('`ALPNCallback`', '23.5', 'works', 'behaviour 23: ALPNCallback'),
  row('`clientCertEngine`', '23.5', 'refused', 'createSecureContext:', 'there are no engines; in Node’s words for an OpenSSL without', {
    value: 'x',
    code: 'ERR_CRYPTO_CUSTOM_ENGINE_NOT_SUPPORTED',
  }),
  row('`enableTrace`', '23.5', 'differs', 'environment: enableTrace of a server', 'handshake messages by name and in hexadecimal'),
  row('`handshakeTimeout`', '0.10 23.5', 'works', ['behaviour 15:', 'server: handshakeTimeout']),
  row('`rejectUnauthorized`', ALL, 'works', 'server: requestCert'),
  row('`requestCert`', ALL, 'works', 'server: requestCert'),
  row('`sessionTimeout`', '0.10 23.5', 'works', 'sessions: sessionTimeout'),
  row('`SNICallback(servername, callback)`', ALL, 'works', 'behaviour 22:'),
  row('`ticketKeys`', '23.5', 'works', 'behaviour 18:', 'shared by the workers of a cluster, too'),
  row('`pskCallback`', '23.5', 'differs', 'psk:', 'TLS 1.3 only: rustls has no such suites in TLS 1.2'),
  row('`pskIdentityHint`', '23.5', 'differs', 'server: createServer refuses', 'checked; TLS 1.3 has no hint'),
  row('`pauseOnConnect`, `allowHalfOpen`, `highWaterMark`, and all else that `net.createServer()` takes', '23.5', 'works', [
    'behaviour 35: pauseOnConnect',
    'behaviour 35: allowHalfOpen',
  ]),
]
