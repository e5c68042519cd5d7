// Concepts of the references, and what a process is told when it starts.
import { ALL, row } from './rows.js'

export const conceptRows = [
  row('TLS 1.2, TLS 1.3', '23.5', 'works', 'interop:'),
  row(
    'TLS 1.1, TLS 1.0, SSL',
    ALL,
    'refused',
    'versions: those that nobody speaks',
    'rustls has none: their names are read, and "no protocols available" where nothing else is left',
  ),
  row('perfect forward secrecy: ECDHE', '23.5', 'works', 'socket: getEphemeralKeyInfo'),
  row('perfect forward secrecy: DHE', '23.5', 'refused', 'behaviour 7: legacy', 'rustls has no finite-field Diffie-Hellman'),
  row('ALPN', '23.5', 'works', 'behaviour 23:'),
  row(
    'SNI',
    ALL,
    'differs',
    ['behaviour 21:', 'behaviour 22:', 'sni: a name that is not of UTF-8'],
    'a name in bytes that are no UTF-8 is refused',
  ),
  row('NPN', '0.8 0.10', 'differs', 'legacy: NPNProtocols', 'gone from TLS: ALPN in its place'),
  row('pre-shared keys', '23.5', 'differs', 'psk:', 'TLS 1.3 only'),
  row('limits of renegotiation', ALL, 'refused', 'server: renegotiate', 'there is none, and a peer that asks for one is refused'),
  row('resumption by session identifiers', '23.5', 'works', 'behaviour 20:'),
  row('resumption by session tickets', '23.5', 'works', ['behaviour 18:', 'behaviour 19:', 'sessions: a resumed connection']),
  row('sessions of another process', '-', 'works', 'sessions: saved by one process'),
  row(
    'OCSP stapling',
    '23.5',
    'differs',
    'behaviour 39: OCSPRequest',
    'requested, stapled and told; what it says is for the listener to judge, as in Node, unless `ocspPolicy` says otherwise',
  ),
  row('certificates of PKCS#12', ALL, 'works', 'identities: a PFX file'),
]

export const environmentRows = [
  row('`NODE_EXTRA_CA_CERTS`', '-', 'works', ['behaviour 40: NODE_EXTRA_CA_CERTS', 'environment: NODE_EXTRA_CA_CERTS']),
  row('`NODE_TLS_REJECT_UNAUTHORIZED`', '-', 'works', 'behaviour 40: NODE_TLS_REJECT_UNAUTHORIZED'),
  row('`NODE_OPTIONS`', '23.5', 'works', 'behaviour 40: --tls-'),
  row('`NODE_USE_SYSTEM_CA`', '-', 'works', 'environment: NODE_USE_SYSTEM_CA', 'where the runtime tells of the certificates of the system'),
  row(
    '`--tls-cipher-list`',
    '23.5',
    'works',
    'behaviour 40: --tls-cipher-list',
    'the documents call it `--tls-default-ciphers` too, which there is not',
  ),
  row('`--tls-keylog`', '-', 'works', 'behaviour 40: --tls-keylog'),
  row('`--tls-min-v1.0`, `--tls-min-v1.1`, `--tls-min-v1.2`, `--tls-min-v1.3`', '23.5', 'works', 'behaviour 40: --tls-min'),
  row('`--tls-max-v1.2`, `--tls-max-v1.3`', '23.5', 'works', 'behaviour 40: --tls-max'),
  row(
    '`--use-openssl-ca`, `--use-system-ca`',
    '-',
    'works',
    'environment: --use-system-ca',
    'where the runtime tells of the certificates of the system',
  ),
  row(
    '`node:tls` in a Node without `crypto`',
    '23.5',
    'differs',
    [],
    '`node:crypto` is imported, for `X509Certificate`: an error, as in Node, though the engine needs no OpenSSL',
  ),
  row('the command line as `sessionIdContext`', ALL, 'works', 'sessions: sessionIdContext', 'where there is one'),
]
