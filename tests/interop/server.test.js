// The module as a server of each stack's client: the cells of the matrix whose side is `server`.
import { assert, event, test } from '../harness.js'
import { ALERTS, linesFor, OTHER_PROTOCOL, PROTOCOL } from './lines.js'
import { cells, groupsOf, onlyCell, onlyCellOfPeer, optionsOf } from './matrix.js'

const inputOf = (t, { stack }) =>
  linesFor(t, stack)
    .map((line) => `${line}\n`)
    .join('')

/**
 * Listen, send each client's bytes back, and end when there have been as many as one sends.
 * @param {import('../harness.js').Trial} t
 * @param {import('./matrix.js').Cell} cell
 */
async function serve(t, cell, options = {}) {
  const { key, chain } = await t.certificate(cell.certificate ?? 'ecdsa-p256')
  const only = { minVersion: cell.version, maxVersion: cell.version }
  const { length } = inputOf(t, cell)
  const seen = { views: [], errors: [] }
  const server = t.tls.createServer({ key, cert: chain, ...only, ...options }, (socket) => {
    t.track(socket)
    seen.views.push({
      protocol: socket.getProtocol(),
      cipher: socket.getCipher().name,
      alpn: socket.alpnProtocol,
      resumed: socket.isSessionReused(),
      authorized: socket.authorized,
      certificate: socket.getPeerCertificate()?.subject?.CN,
      servername: socket.servername,
    })
    let received = 0
    socket.on('error', (error) => seen.errors.push(error.code))
    socket.on('data', (chunk) => {
      received += chunk.length
      socket.write(chunk)
      if (received === length) socket.end()
    })
  })
  server.on('tlsClientError', (error) => seen.errors.push(error.code))
  t.after(() => server.close())
  server.listen(0, '127.0.0.1')
  await event(server, 'listening')
  return { server, seen, port: server.address().port }
}

/** Have the cell's client connect, send and receive. */
async function talk(t, cell, { port }, description = {}) {
  const input = inputOf(t, cell)
  const { stack: kind, version } = cell
  const report = await t.client({ kind, port, servername: 'localhost', minVersion: version, maxVersion: version, input, ...description })
  assert.isNull(report.alert, report.output)
  assert.isTrue(report.received === input, report.output)
  assert.isTrue(report.authorized)
  assert.equal(report.protocol, version)
  return report
}

/** What is refused with an alert: such a client sends nothing. */
async function assertRefused(t, cell, { port, seen, server }, description, alert, code) {
  const { stack: kind, version } = cell
  const refused = seen.errors.length ? null : event(server, 'tlsClientError')
  const report = await t.client({ kind, port, servername: 'localhost', minVersion: version, maxVersion: version, ...description })
  assert.equal(report.alert, alert, report.output)
  await refused
  assert.deepEqual(seen, { views: [], errors: [code] })
}

async function handshake(t, cell) {
  const end = await serve(t, cell, { ...onlyCell(cell), ecdhCurve: cell.group })
  const report = await talk(t, cell, end, { ...onlyCellOfPeer(cell), groups: groupsOf(cell) })
  assert.equal(report.cipher, cell.suite)
  assert.equal(report.group, cell.group)
  assert.isFalse(report.resumed)
  assert.deepInclude(end.seen.views[0], {
    protocol: cell.version,
    cipher: cell.suite,
    alpn: false,
    resumed: false,
    servername: 'localhost',
  })
  assert.isEmpty(end.seen.errors)
}

async function resumption(t, cell, resume) {
  const end = await serve(t, cell)
  const sessions = new Map()
  if (resume === 'id') {
    end.server.on('newSession', (id, session, done) => {
      sessions.set(id.toString('hex'), session)
      done()
    })
    end.server.on('resumeSession', (id, done) => done(null, sessions.get(id.toString('hex')) ?? null))
  }
  const report = await talk(t, cell, end, { resume })
  assert.isTrue(report.resumed, report.output)
  assert.deepEqual(
    end.seen.views.map(({ protocol, resumed }) => [protocol, resumed]),
    [
      [cell.version, false],
      [cell.version, true],
    ],
  )
  assert.equal(sessions.size, resume === 'id' ? 1 : 0)
}

/** A server that wants certificates of the test CA. */
async function serveMutual(t, cell) {
  const { ca } = await t.certificate('client')
  return serve(t, cell, { requestCert: true, ca })
}

/** @type {Record<string, (t: import('../harness.js').Trial, cell: import('./matrix.js').Cell) => unknown>} */
const FEATURES = {
  'resumption by ticket': (t, cell) => resumption(t, cell, 'ticket'),
  'resumption by session id': (t, cell) => resumption(t, cell, 'id'),
  async 'client certificate'(t, cell) {
    const end = await serveMutual(t, cell)
    await talk(t, cell, end, { certificate: 'client' })
    assert.deepInclude(end.seen.views[0], { authorized: true, certificate: 'isomorphic-tls test client' })
  },
  async 'client certificate required, none given'(t, cell) {
    const end = await serveMutual(t, cell)
    const alert = cell.version === 'TLSv1.3' ? ALERTS.certificateRequired : ALERTS.handshakeFailure
    await assertRefused(t, cell, end, {}, alert, 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE')
  },
  async ALPN(t, cell) {
    const end = await serve(t, cell, { ALPNProtocols: [PROTOCOL] })
    const report = await talk(t, cell, end, { ALPNProtocols: [OTHER_PROTOCOL, PROTOCOL] })
    assert.equal(report.alpn, PROTOCOL)
    assert.equal(end.seen.views[0].alpn, PROTOCOL)
  },
  async 'ALPN without a common protocol'(t, cell) {
    const end = await serve(t, cell, { ALPNProtocols: [PROTOCOL] })
    const refusal = [ALERTS.noApplicationProtocol, 'ERR_SSL_NO_APPLICATION_PROTOCOL']
    await assertRefused(t, cell, end, { ALPNProtocols: [OTHER_PROTOCOL] }, ...refusal)
  },
}

for (const cell of cells.filter(({ side }) => side === 'server')) {
  const run = cell.feature ? FEATURES[cell.feature] : handshake
  test(cell.name, optionsOf(cell), (t) => run(t, cell))
}
