// What a connection tells of its secrets, its Finished messages, and of the state of a certificate (OCSP).
import { begin, join } from '../connections.js'
import { assert, event, test } from '../harness.js'

const VERSIONS = /** @type {const} */ (['TLSv1.2', 'TLSv1.3'])

const LABELS = {
  'TLSv1.2': ['CLIENT_RANDOM'],
  'TLSv1.3': [
    'CLIENT_HANDSHAKE_TRAFFIC_SECRET',
    'CLIENT_TRAFFIC_SECRET_0',
    'EXPORTER_SECRET',
    'SERVER_HANDSHAKE_TRAFFIC_SECRET',
    'SERVER_TRAFFIC_SECRET_0',
  ],
}

const der = (t, pem) => t.Buffer.from(pem.replace(/-----.*?-----|\s/g, ''), 'base64')

for (const [ciphers, most] of /** @type {const} */ ([
  ['TLS_AES_128_GCM_SHA256', 255 * 32],
  ['TLS_AES_256_GCM_SHA384', 255 * 48],
])) {
  test(`behaviour 39: as much is exported as HKDF gives, ${ciphers}`, async (t) => {
    const { client, socket } = await t.pair({ ciphers, minVersion: 'TLSv1.3' })
    assert.equal(client.getCipher().name, ciphers)
    const [ours, theirs] = [client, socket].map((side) => side.exportKeyingMaterial(most, 'EXPORTER-long'))
    assert.lengthOf(ours, most)
    assert.isTrue(ours.equals(theirs))
    let error
    try {
      client.exportKeyingMaterial(most + 1, 'EXPORTER-long')
    } catch (thrown) {
      error = thrown
    }
    assert.equal(error?.code, 'ERR_SSL_INTERNAL_ERROR')
  })
}

test('behaviour 39: 64 KiB are exported of TLS 1.2, and more by Node alone', async (t) => {
  const { client, socket } = await t.pair({ maxVersion: 'TLSv1.2' })
  const [ours, theirs] = [client, socket].map((side) => side.exportKeyingMaterial(65_536, 'EXPORTER-long'))
  assert.lengthOf(ours, 65_536)
  assert.isTrue(ours.equals(theirs))
  if (t.isReference) return
  assert.throws(() => client.exportKeyingMaterial(65_537, 'EXPORTER-long'), /internal error/)
})

for (const maxVersion of VERSIONS) {
  test(`behaviour 39: keylog, the same lines on both sides, ${maxVersion}`, async (t) => {
    const server = await t.server({ maxVersion })
    const lines = { client: /** @type {any[]} */ ([]), server: /** @type {any[]} */ ([]) }
    const sockets = new Set()
    server.on('keylog', (line, socket) => {
      lines.server.push(line)
      sockets.add(socket)
    })
    const secured = event(server, 'secureConnection')
    const client = await begin(t, server)
    client.on('keylog', (line) => lines.client.push(line))
    const [[socket]] = await Promise.all([secured, event(client, 'secureConnect')])
    assert.deepEqual([...sockets], [socket])
    const [ours, theirs] = [lines.client, lines.server].map((buffers) => buffers.map(String).sort())
    assert.deepEqual(ours, theirs)
    assert.deepEqual(
      ours.map((line) => line.split(' ')[0]),
      LABELS[maxVersion],
    )
    for (const line of [...lines.client, ...lines.server]) assert.isTrue(t.Buffer.isBuffer(line))
    const hash = maxVersion === 'TLSv1.2' || client.getCipher().name.endsWith('384') ? 96 : 64
    // The NSS format: a label, the client's random, a secret.
    for (const line of ours) assert.match(line, new RegExp(`^[A-Z_0-9]+ [0-9a-f]{64} [0-9a-f]{${hash}}\n$`))
    assert.equal(new Set(ours.map((line) => line.split(' ')[1])).size, 1)
  })

  test(`behaviour 39: keylog of a resumed connection, ${maxVersion}`, async (t) => {
    const server = await t.server({ maxVersion })
    const first = await begin(t, server)
    const given = event(first, 'session')
    first.resume()
    const [session] = await given
    const lines = []
    const client = await begin(t, server, { session })
    client.on('keylog', (line) => lines.push(String(line).split(' ')[0]))
    await event(client, 'secureConnect')
    assert.isTrue(client.isSessionReused())
    assert.deepEqual(lines.sort(), LABELS[maxVersion])
  })

  test(`behaviour 39: Finished messages match crosswise, ${maxVersion}`, async (t) => {
    const { client, socket } = await t.pair({ maxVersion })
    const [own, peers] = [client.getFinished(), client.getPeerFinished()]
    assert.isTrue(t.Buffer.isBuffer(own) && t.Buffer.isBuffer(peers))
    assert.isTrue(own.equals(socket.getPeerFinished()))
    assert.isTrue(peers.equals(socket.getFinished()))
    assert.isFalse(own.equals(peers))
    const length = maxVersion === 'TLSv1.2' ? 12 : client.getCipher().name.endsWith('384') ? 48 : 32
    assert.deepEqual([own.length, peers.length], [length, length])
  })

  test(`behaviour 39: before the handshake there are no Finished messages, and the exporter throws, ${maxVersion}`, async (t) => {
    const server = await t.server({ maxVersion })
    const client = await begin(t, server)
    assert.deepEqual([client.getFinished(), client.getPeerFinished()], [undefined, undefined])
    let error
    try {
      client.exportKeyingMaterial(20, 'EXPORTER-test')
    } catch (thrown) {
      error = thrown
    }
    assert.equal(error?.code, 'ERR_TLS_INVALID_STATE')
    assert.equal(error.message, 'TLS socket connection must be securely established')
    await event(client, 'secureConnect')
    assert.lengthOf(client.exportKeyingMaterial(20, 'EXPORTER-test'), 20)
  })

  test(`behaviour 39: exported keying material is the same on both sides, ${maxVersion}`, async (t) => {
    const { client, socket } = await t.pair({ maxVersion })
    const context = t.Buffer.from('context')
    const seen = new Set()
    for (const args of [
      [32, 'EXPORTER-one'],
      [32, 'EXPORTER-two'],
      [32, 'EXPORTER-one', context],
      [33, 'EXPORTER-one', context],
      [1, 'EXPORTER-one', t.Buffer.from('other')],
      [1000, 'EXPORTER-long'],
    ]) {
      const [ours, theirs] = [client, socket].map((side) => side.exportKeyingMaterial(...args))
      assert.isTrue(t.Buffer.isBuffer(ours))
      assert.lengthOf(ours, Number(args[0]))
      assert.isTrue(ours.equals(theirs))
      assert.isTrue(ours.equals(client.exportKeyingMaterial(...args)))
      seen.add(ours.toString('hex'))
    }
    assert.equal(seen.size, 6)
    // Bytes in any view, which no context is not in TLS 1.2 (RFC 5705, 4) and is in TLS 1.3 (RFC 8446, 7.5).
    const same = (one, other) => client.exportKeyingMaterial(32, 'x', one).equals(client.exportKeyingMaterial(32, 'x', other))
    assert.isTrue(same(context, new Uint8Array(context)))
    assert.equal(same(t.Buffer.alloc(0), undefined), maxVersion === 'TLSv1.3')
  })

  test(`behaviour 39: another connection exports other material, ${maxVersion}`, async (t) => {
    const server = await t.server({ maxVersion })
    const [one, two] = [await join(t, server), await join(t, server)].map(({ client }) => client.exportKeyingMaterial(32, 'x'))
    assert.isFalse(one.equals(two))
  })

  test(`behaviour 39: OCSPRequest is answered later, ${maxVersion}`, async (t) => {
    const { certificate, issuer, ca } = await t.certificate('ecdsa-p256')
    const response = t.Buffer.from('any bytes')
    for (const given of [response, new Uint8Array(response)]) {
      const server = await t.server({ maxVersion, ca })
      const asked = []
      server.on('OCSPRequest', (...args) => {
        asked.push(args.slice(0, 2))
        setTimeout(() => args[2](null, given), 20)
      })
      const client = await begin(t, server, { requestOCSP: true })
      const events = []
      client.on('OCSPResponse', (answer) => events.push(answer))
      client.on('secureConnect', () => events.push('secureConnect'))
      await event(client, 'secureConnect')
      assert.isTrue(t.Buffer.isBuffer(events[0]))
      assert.isTrue(events[0].equals(response))
      assert.deepEqual(events.slice(1), ['secureConnect'])
      assert.lengthOf(asked, 1)
      assert.isTrue(asked[0].every((bytes) => t.Buffer.isBuffer(bytes)))
      assert.isTrue(asked[0][0].equals(der(t, certificate)))
      assert.isTrue(asked[0][1].equals(der(t, issuer)))
    }
  })

  test(`behaviour 39: OCSPRequest where the issuer is not known, ${maxVersion}`, async (t) => {
    const server = await t.server({ maxVersion })
    const asked = event(server, 'OCSPRequest')
    server.on('OCSPRequest', (_certificate, _issuer, callback) => callback(null, t.Buffer.from('x')))
    const client = await begin(t, server, { requestOCSP: true })
    const answered = event(client, 'OCSPResponse')
    await event(client, 'secureConnect')
    assert.isNull((await asked)[1])
    assert.equal(String((await answered)[0]), 'x')
  })

  test(`behaviour 39: no OCSP response is null, ${maxVersion}`, async (t) => {
    for (const answer of [[null, null], [null, undefined], [null], [], 'no listener']) {
      const server = await t.server({ maxVersion })
      if (answer !== 'no listener') server.on('OCSPRequest', (_certificate, _issuer, callback) => callback(.../** @type {any} */ (answer)))
      const client = await begin(t, server, { requestOCSP: true })
      const answered = event(client, 'OCSPResponse')
      await event(client, 'secureConnect')
      assert.isNull((await answered)[0])
    }
  })

  test(`behaviour 39: a client that does not ask for OCSP, ${maxVersion}`, async (t) => {
    const server = await t.server({ maxVersion })
    server.on('OCSPRequest', () => assert.fail('asked'))
    const client = await begin(t, server)
    client.on('OCSPResponse', () => assert.fail('answered'))
    await event(client, 'secureConnect')
  })

  test(`behaviour 39: an error of OCSPRequest ends the connection, ${maxVersion}`, async (t) => {
    const mine = new Error('the responder is gone')
    const server = await t.server({ maxVersion })
    server.on('OCSPRequest', (_certificate, _issuer, callback) => callback(mine))
    const failed = new Promise((resolve) => server.once('tlsClientError', (...args) => resolve(args)))
    const client = await begin(t, server, { requestOCSP: true })
    const [error] = await event(client, 'error')
    assert.equal(error.code, 'ECONNRESET')
    const [told, socket] = await failed
    assert.strictEqual(told, mine)
    assert.isTrue(socket.destroyed)
  })

  test(`behaviour 39: OCSPRequest that is answered twice, ${maxVersion}`, async (t) => {
    const server = await t.server({ maxVersion })
    server.on('OCSPRequest', (_certificate, _issuer, callback) => {
      callback(null, null)
      callback(null, null)
    })
    const failed = new Promise((resolve) => server.once('tlsClientError', resolve))
    const client = await begin(t, server, { requestOCSP: true })
    client.on('error', () => {})
    assert.equal((await failed).code, 'ERR_MULTIPLE_CALLBACK')
  })

  test(`behaviour 39: OCSPRequest that is answered after the end, ${maxVersion}`, async (t) => {
    const server = await t.server({ maxVersion })
    const asked = new Promise((resolve) => server.once('OCSPRequest', (_certificate, _issuer, callback) => resolve(callback)))
    server.on('secureConnection', () => assert.fail('secure without an answer'))
    const client = await begin(t, server, { requestOCSP: true })
    const callback = await asked
    client.destroy()
    await t.sleep(50)
    callback(null, t.Buffer.from('late'))
    await t.sleep(50)
  })

  test(`behaviour 39: OCSPRequest is about the certificate of the chosen context, ${maxVersion}`, async (t) => {
    const { key, chain, certificate, issuer, ca } = await t.certificate('sni-a')
    const server = await t.server({ maxVersion })
    server.addContext('a.test', { key, cert: chain, ca })
    const asked = event(server, 'OCSPRequest')
    server.on('OCSPRequest', (_certificate, _issuer, callback) => callback(null, t.Buffer.from('of a.test')))
    const client = await begin(t, server, { requestOCSP: true, servername: 'a.test' })
    const answered = event(client, 'OCSPResponse')
    await event(client, 'secureConnect')
    const [leaf, issuing] = await asked
    assert.isTrue(leaf.equals(der(t, certificate)))
    assert.isTrue(issuing.equals(der(t, issuer)))
    assert.equal(String((await answered)[0]), 'of a.test')
  })
}

for (const [args, code, message] of /** @type {[any[], string, string | RegExp][]} */ ([
  [[], 'ERR_INVALID_ARG_TYPE', 'The "length" argument must be of type number. Received undefined'],
  [['x', 'y'], 'ERR_INVALID_ARG_TYPE', `The "length" argument must be of type number. Received type string ('x')`],
  [[0, 'x'], 'ERR_OUT_OF_RANGE', 'The value of "length" is out of range. It must be >= 1 && <= 4294967295. Received 0'],
  [[-1, 'x'], 'ERR_OUT_OF_RANGE', 'The value of "length" is out of range. It must be >= 1 && <= 4294967295. Received -1'],
  [[1.5, 'x'], 'ERR_OUT_OF_RANGE', 'The value of "length" is out of range. It must be an integer. Received 1.5'],
  [[20], 'ERR_INVALID_ARG_TYPE', 'The "label" argument must be of type string. Received undefined'],
  [
    [20, 'x', 'y'],
    'ERR_INVALID_ARG_TYPE',
    `The "context" argument must be an instance of Buffer, TypedArray, or DataView. Received type string ('y')`,
  ],
])) {
  test(`exporter: exportKeyingMaterial(${JSON.stringify(args).slice(1, -1)}) throws`, async (t) => {
    const { client } = await t.pair()
    let error
    try {
      client.exportKeyingMaterial(...args)
    } catch (thrown) {
      error = thrown
    }
    assert.equal(error?.code, code)
    assert.equal(error.message, message)
  })
}

test('exporter: more than the hash can give', async (t) => {
  const { client } = await t.pair({ minVersion: 'TLSv1.3' })
  assert.throws(() => client.exportKeyingMaterial(100_000, 'x'), Error)
  assert.lengthOf(client.exportKeyingMaterial(8000, 'x'), 8000)
})

test('exporter: what is told after the end', async (t) => {
  const { client } = await t.pair()
  client.destroy()
  const told = ['getFinished', 'getPeerFinished', 'getSession', 'getTLSTicket', 'isSessionReused', 'getCipher', 'getProtocol']
  for (const name of [...told, 'getPeerCertificate', 'getCertificate', 'getEphemeralKeyInfo', 'getSharedSigalgs']) {
    assert.isNull(client[name](), name)
  }
})
