// The module as a client of each stack's server: the cells of the matrix whose side is `client`.
import { groupName } from '../peers/names.js'
import { assert, event, outcome, test } from '../harness.js'
import { ALERTS, linesFor, OTHER_PROTOCOL, PROTOCOL } from './lines.js'
import { cells, groupsOf, onlyCell, onlyCellOfPeer, optionsOf } from './matrix.js'

const ended = (lines) => lines.map((line) => `${line}\n`).join('')

/** A hundred lines as one: a program that answers line by line is slow with many. */
function longer(lines) {
  const starts = lines.map((_, index) => index).filter((index) => index % 100 === 0)
  return starts.map((start) => lines.slice(start, start + 100).join(''))
}

/** What a server does that sends everything back. */
const ECHO = { behaviour: 'echo', ask: ended, answer: ended }

/** How to talk with each stack's server. */
const TALKS = {
  node: ECHO,
  // `s_server -rev` sends each line back reversed.
  openssl: {
    behaviour: 'echo',
    ask: (lines) => ended(longer(lines)),
    answer: (lines) => ended(longer(lines).map((line) => [...line].reverse().join(''))),
  },
  gnutls: ECHO,
  nss: {
    behaviour: 'http',
    ask: (lines) => `GET / HTTP/1.0\r\n${lines.map((line) => `X: ${line}\r\n`).join('')}\r\n`,
    answer: (lines) => lines.map((line) => `X: ${line}\r\n`).join(''),
  },
}

/** The alert with which each stack's server refuses a client of TLS 1.2 that has no certificate. */
const MISSING_CERTIFICATE = {
  node: ALERTS.handshakeFailure,
  openssl: ALERTS.handshakeFailure,
  gnutls: ALERTS.decodeError,
  nss: ALERTS.badCertificate,
}

const start = (t, { stack, version }, description = {}) =>
  t.peer({ kind: stack, behaviour: TALKS[stack].behaviour, minVersion: version, maxVersion: version, ...description })

/** Connect, send and receive, end: what the client has seen. */
async function talk(t, { stack }, peer, options = {}) {
  const socket = t.connect(t.to(peer, { servername: 'localhost', ...options }))
  let session = null
  socket.on('session', (bytes) => {
    session = bytes
  })
  const closed = event(socket, 'close')
  await event(socket, 'secureConnect')
  assert.isTrue(socket.authorized)
  const view = {
    protocol: socket.getProtocol(),
    cipher: socket.getCipher(),
    group: groupName('openssl', socket.getEphemeralKeyInfo().name),
    alpn: socket.alpnProtocol,
    resumed: socket.isSessionReused(),
    ticket: socket.getTLSTicket(),
  }
  const lines = linesFor(t, stack)
  const answer = TALKS[stack].answer(lines)
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk) => {
    text += chunk
    if (text.includes(answer)) socket.end()
  })
  socket.write(TALKS[stack].ask(lines))
  const [hadError] = await closed
  assert.isFalse(hadError)
  assert.isTrue(text.includes(answer), `${text.length} characters came back`)
  return { ...view, session }
}

/** What is refused with an alert. */
async function assertRefused(t, peer, options, alert) {
  const { error, data } = await outcome(t.connect(t.to(peer, { servername: 'localhost', ...options })))
  assert.match(error?.message, new RegExp(`SSL alert number ${alert}\\b`))
  assert.isEmpty(data)
  assert.notExists((await peer.seen()).protocol)
}

async function handshake(t, cell) {
  const groups = groupsOf(cell)
  const peer = await start(t, cell, { ...onlyCellOfPeer(cell), groups, certificate: cell.certificate })
  const view = await talk(t, cell, peer, { ...onlyCell(cell), ecdhCurve: groups })
  const seen = await peer.secured()
  assert.equal(view.protocol, cell.version)
  assert.equal(seen.protocol, cell.version)
  assert.equal(view.cipher.name, cell.suite)
  assert.include([view.cipher.name, view.cipher.standardName], seen.cipher)
  assert.equal(view.group, cell.group)
  // Node's and OpenSSL's servers do not tell.
  assert.include([undefined, cell.group], seen.group)
}

async function resumption(t, cell, tickets) {
  const peer = await start(t, cell, { tickets })
  const first = await talk(t, cell, peer)
  assert.isFalse(first.resumed)
  assert.isFalse((await peer.secured()).resumed)
  assert.isTrue(t.Buffer.isBuffer(first.session))
  const second = await talk(t, cell, peer, { session: first.session })
  assert.isTrue(second.resumed)
  assert.equal(second.protocol, cell.version)
  // In TLS 1.3 the tickets come later.
  if (cell.version === 'TLSv1.2') assert.equal(Boolean(second.ticket), tickets)
  await peer.until(({ resumed }) => resumed)
}

/** @type {Record<string, (t: import('../harness.js').Trial, cell: import('./matrix.js').Cell) => unknown>} */
const FEATURES = {
  'resumption by ticket': (t, cell) => resumption(t, cell, true),
  'resumption by session id': (t, cell) => resumption(t, cell, false),
  async 'client certificate'(t, cell) {
    const peer = await start(t, cell, { requireCert: true })
    const { key, chain } = await t.certificate('client')
    await talk(t, cell, peer, { key, cert: chain })
    const { clientCertificate } = await peer.until((seen) => seen.clientCertificate)
    assert.equal(clientCertificate, 'isomorphic-tls test client')
  },
  async 'client certificate required, none given'(t, cell) {
    const peer = await start(t, cell, { requireCert: true })
    await assertRefused(t, peer, {}, cell.version === 'TLSv1.3' ? ALERTS.certificateRequired : MISSING_CERTIFICATE[cell.stack])
  },
  async ALPN(t, cell) {
    const peer = await start(t, cell, { ALPNProtocols: [PROTOCOL] })
    const { alpn } = await talk(t, cell, peer, { ALPNProtocols: [OTHER_PROTOCOL, PROTOCOL] })
    assert.equal(alpn, PROTOCOL)
  },
  async 'ALPN without a common protocol'(t, cell) {
    const peer = await start(t, cell, { ALPNProtocols: [PROTOCOL] })
    await assertRefused(t, peer, { ALPNProtocols: [OTHER_PROTOCOL] }, ALERTS.noApplicationProtocol)
  },
}

for (const cell of cells.filter(({ side }) => side === 'client')) {
  const run = cell.feature ? FEATURES[cell.feature] : handshake
  test(cell.name, optionsOf(cell), (t) => run(t, cell))
}
