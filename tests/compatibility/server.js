// tls.Server: its events, methods and properties, and those that it has of net.Server.
import { ALL, row } from './rows.js'

export const serverEventRows = [
  row("Event: `'connection'`", '23.5', 'works', "behaviour 35: 'connection'"),
  row("`server.emit('connection', duplex)`", '23.5', 'works', "behaviour 35: emit('connection')", 'the way to serve where there is no TCP'),
  row("Event: `'keylog'`", '23.5', 'works', 'behaviour 39: keylog'),
  row(
    "Event: `'newSession'`",
    '0.10 23.5',
    'differs',
    ['behaviour 20: newSession and resumeSession', 'under way: a client of TLS 1.3 is told at once'],
    'of TLS 1.3 after secureConnection; of TLS 1.2 also where the client gets a ticket, of which Node does not tell',
  ),
  row("Event: `'OCSPRequest'`", '23.5', 'works', 'behaviour 39: OCSPRequest'),
  row("Event: `'resumeSession'`", '0.10 23.5', 'works', 'behaviour 20:', 'of TLS 1.2'),
  row("Event: `'secureConnection'`", ALL, 'works', 'server: an accepted socket'),
  row("Event: `'tlsClientError'`", '23.5', 'works', ['behaviour 10:', 'server: tlsClientError', 'behaviour 15:']),
  row("Events of `net.Server`: `'close'`, `'error'`, `'listening'`", ALL, 'works', 'server: listen'),
]

export const serverRows = [
  row('`server.addContext(hostname, context)`', ALL, 'works', 'behaviour 21:'),
  row('`server.address()`', ALL, 'works', 'server: listen', 'null where there is no TCP'),
  row('`server.close([callback])`', ALL, 'works', 'server: listen'),
  row('`server.getTicketKeys()`', '23.5', 'works', 'behaviour 18: ticket keys'),
  row(
    '`server.listen(...)`',
    ALL,
    'works',
    ['server: listen', 'server: it listens in a Worker'],
    'where there is no TCP: ERR_TLS_NO_LISTENER; in workerd for what its `connectHandler()` of `cloudflare:node` is given, and for nobody else',
  ),
  row('`server.setSecureContext(options)`', '23.5', 'works', 'server: setSecureContext'),
  row('`server.setTicketKeys(keys)`', '23.5', 'works', 'behaviour 18:'),
  row('`server.maxConnections`', '0.8 0.10', 'works', 'server: maxConnections', 'counted by the runtime’s `net`'),
  row('`server.setOptions(options)`', '-', 'works', 'legacy: setOptions', 'deprecated (DEP0122), and gone from Node; not in the documents'),
]

export const inheritedServerRows = [
  row('`server.getConnections(callback)`', '-', 'works', 'server: listen'),
  row('`server.listening`', '-', 'works', 'server: listen'),
  row('`server.ref()`', '-', 'works', 'server: it is a net.Server'),
  row('`server.unref()`', '-', 'works', 'server: it is a net.Server'),
]
