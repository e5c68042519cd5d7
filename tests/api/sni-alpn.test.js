// What a server makes of the name that a client asks for, and of the protocols that it offers.
import { begin, join, refused } from '../connections.js'
import { assert, event, test } from '../harness.js'

const VERSIONS = /** @type {const} */ (['TLSv1.2', 'TLSv1.3'])

/** Which certificate comes is what these tests ask; that it is of another name is no matter. */
const ANY_NAME = { checkServerIdentity: () => undefined }

const identity = async (t, name) => {
  const { key, chain } = await t.certificate(name)
  return { key, cert: chain }
}

/** The common name of the certificate that a server shows to who asks for a name. */
async function shown(t, server, servername, options) {
  const { client, socket } = await join(t, server, { servername, ...ANY_NAME, ...options })
  assert.equal(socket.servername, servername || false)
  const { CN } = client.getPeerCertificate().subject
  assert.equal(socket.getCertificate().subject.CN, CN)
  return CN
}

/** What a server asks its SNICallback, and why it refuses the client, when two bytes of the name are others on the wire. */
async function askedFor(t, bytes) {
  const asked = []
  const SNICallback = (name, callback) => {
    asked.push(name)
    callback(null)
  }
  const server = await t.server({ SNICallback })
  const [near, outside] = t.duplexPair()
  const [inside, far] = t.duplexPair()
  const refusal = new Promise((resolve) => server.once('tlsClientError', resolve))
  server.emit('connection', far)
  t.connect({ socket: near, servername: 'm__nchen.test' }).on('error', () => {})
  const [hello] = await event(outside, 'data')
  inside.write(t.Buffer.from(hello.toString('latin1').replace('m__', `m${bytes}`), 'latin1'))
  outside.on('data', (chunk) => inside.write(chunk))
  inside.on('data', (chunk) => outside.write(chunk))
  // What was signed for is not what came: that ends the handshake, after the question.
  return { asked, error: await refusal }
}

test('behaviour 22: a name that is not of ASCII comes a byte a letter', async (t) => {
  assert.deepEqual((await askedFor(t, '\xc3\xbc')).asked, ['m\xc3\xbcnchen.test'])
})

test('sni: a name that is not of UTF-8 is refused', { ours: true }, async (t) => {
  const { asked, error } = await askedFor(t, '\xfc_')
  assert.deepEqual(asked, [])
  assert.match(error.code, /^ERR_SSL_/)
})

/** Names that OpenSSL sends as they are; those of RFC 6066 are of letters, digits, hyphens and dots, and `_` is tolerated. */
const ODD_NAMES = ['a..b', '*.wild.test', '-a.test', 'a b', 'm\xfcnchen.de', `${'x'.repeat(64)}.test`, '1.2.3', '[::1]', 'a.test..']

test('options: a servername that is no name of DNS is not sent, and nothing else is', { ours: true }, async (t) => {
  for (const servername of ODD_NAMES) {
    const [near, far] = t.duplexPair()
    let sent = 0
    far.on('data', (chunk) => {
      sent += chunk.length
    })
    const [error] = await event(t.connect({ socket: near, servername }), 'error')
    assert.equal(error.code, 'ERR_INVALID_ARG_VALUE', servername)
    assert.include(error.message, servername)
    assert.equal(sent, 0)
  }
})

test('options: a servername with an underscore, in capitals, or with a dot at its end', { ours: true }, async (t) => {
  const server = await t.server()
  for (const [servername, seen] of [
    ['under_score.test', 'under_score.test'],
    ['LOCALHOST', 'LOCALHOST'],
    // "represented as a byte string using ASCII encoding without a trailing dot" (RFC 6066, 3)
    ['localhost.', 'localhost'],
  ]) {
    assert.equal((await join(t, server, { servername, ...ANY_NAME })).socket.servername, seen)
  }
})

for (const maxVersion of VERSIONS) {
  test(`behaviour 21: addContext takes options or a SecureContext, ${maxVersion}`, async (t) => {
    const server = await t.server({ maxVersion })
    server.addContext('a.test', await identity(t, 'sni-a'))
    server.addContext('b.test', t.tls.createSecureContext(await identity(t, 'sni-b')))
    assert.equal(await shown(t, server, 'a.test'), 'a.test')
    assert.equal(await shown(t, server, 'b.test'), 'b.test')
    for (const other of ['other.test', 'xa.test', 'a.testx', 'axtest']) assert.equal(await shown(t, server, other), 'localhost')
  })

  test(`behaviour 21: the last match wins, ${maxVersion}`, async (t) => {
    const server = await t.server({ maxVersion })
    server.addContext('a.test', await identity(t, 'sni-b'))
    server.addContext('*.test', await identity(t, 'sni-wild'))
    assert.equal(await shown(t, server, 'a.test'), 'wild.test')
    server.addContext('a.test', await identity(t, 'sni-a'))
    assert.equal(await shown(t, server, 'a.test'), 'a.test')
    assert.equal(await shown(t, server, 'b.test'), 'wild.test')
  })

  test(`behaviour 21: a wildcard covers one label, ${maxVersion}`, async (t) => {
    const server = await t.server({ maxVersion })
    server.addContext('*.wild.test', await identity(t, 'sni-wild'))
    assert.equal(await shown(t, server, 'x.wild.test'), 'wild.test')
    assert.equal(await shown(t, server, 'x.y.wild.test'), 'localhost')
    assert.equal(await shown(t, server, 'wild.test'), 'localhost')
    server.addContext('*', await identity(t, 'sni-a'))
    assert.equal(await shown(t, server, 'single'), 'a.test')
    assert.equal(await shown(t, server, 'two.labels'), 'localhost')
  })

  test(`behaviour 21: the CA set of the chosen context decides about the client, ${maxVersion}`, async (t) => {
    const { ca } = await t.certificate('client')
    const { issuer } = await t.certificate('client-other')
    const server = await t.server({ maxVersion, requestCert: true, rejectUnauthorized: false, ca: issuer })
    server.addContext('a.test', { ...(await identity(t, 'sni-a')), ca })
    server.addContext('b.test', { ...(await identity(t, 'sni-b')), ca: issuer })
    const verdict = async (servername, name) => {
      const { socket } = await join(t, server, { servername, ...ANY_NAME, ...(await identity(t, name)) })
      return [socket.authorized, socket.authorizationError]
    }
    // One client has its root among its own `ca` and sends it too, the other has not.
    const refusals = { client: [false, 'SELF_SIGNED_CERT_IN_CHAIN'], 'client-other': [false, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'] }
    assert.deepEqual(await verdict('a.test', 'client'), [true, null])
    assert.deepEqual(await verdict('a.test', 'client-other'), refusals['client-other'])
    assert.deepEqual(await verdict('b.test', 'client'), refusals.client)
    assert.deepEqual(await verdict('b.test', 'client-other'), [true, null])
    assert.deepEqual(await verdict('other.test', 'client'), refusals.client)
    assert.deepEqual(await verdict('other.test', 'client-other'), [true, null])
  })

  test(`behaviour 22: SNICallback may take its time, ${maxVersion}`, async (t) => {
    const context = t.tls.createSecureContext(await identity(t, 'sni-a'))
    const names = []
    const server = await t.server({
      maxVersion,
      SNICallback(name, callback) {
        names.push(name, this.servername)
        assert.instanceOf(this, t.tls.TLSSocket)
        setTimeout(() => callback(null, name === 'a.test' ? context : null), 20)
      },
    })
    assert.equal(await shown(t, server, 'a.test'), 'a.test')
    assert.equal(await shown(t, server, 'b.test'), 'localhost')
    assert.deepEqual(names, ['a.test', 'a.test', 'b.test', 'b.test'])
  })

  test(`behaviour 22: null, undefined and nothing mean the default context, ${maxVersion}`, async (t) => {
    for (const answer of [[null, null], [null, undefined], [null], []]) {
      const server = await t.server({ maxVersion, SNICallback: (_name, callback) => callback(...answer) })
      assert.equal(await shown(t, server, 'a.test'), 'localhost')
    }
  })

  test(`behaviour 22: SNICallback is not asked where the client names nothing, ${maxVersion}`, async (t) => {
    const server = await t.server({ maxVersion, SNICallback: () => assert.fail('asked') })
    assert.equal(await shown(t, server, ''), 'localhost')
  })

  test(`behaviour 22: SNICallback is instead of addContext, ${maxVersion}`, async (t) => {
    const server = await t.server({ maxVersion, SNICallback: (_name, callback) => callback(null, null) })
    server.addContext('a.test', await identity(t, 'sni-a'))
    assert.equal(await shown(t, server, 'a.test'), 'localhost')
  })

  test(`behaviour 22: SNICallback of a constructed TLSSocket, ${maxVersion}`, async (t) => {
    const { ca } = await t.certificate('sni-a')
    const context = t.tls.createSecureContext(await identity(t, 'sni-a'))
    const [near, far] = t.duplexPair()
    const options = { ...(await identity(t, 'ecdsa-p256')), maxVersion, SNICallback: (_name, callback) => callback(null, context) }
    t.track(new t.tls.TLSSocket(far, { isServer: true, ...options }))
    const client = t.connect({ socket: near, ca, servername: 'a.test' })
    await event(client, 'secureConnect')
    assert.isTrue(client.authorized)
  })

  for (const [what, answer, message] of /** @type {[string, (callback: any) => void, string][]} */ ([
    ['a wrong value', (callback) => callback(null, {}), 'Invalid SNI context'],
    ['a wrong value, later', (callback) => setTimeout(() => callback(null, { key: 'x' }), 20), 'Invalid SNI context'],
    ['an error', (callback) => callback(new Error('mine')), 'mine'],
    ['an error, later', (callback) => setTimeout(() => callback(new Error('mine')), 20), 'mine'],
    [
      'two answers',
      (callback) => {
        callback(null, null)
        callback(null, null)
      },
      'Callback called multiple times',
    ],
  ])) {
    test(`behaviour 22: SNICallback gives ${what}, ${maxVersion}`, async (t) => {
      const server = await t.server({ maxVersion, SNICallback: (_name, callback) => answer(callback) })
      const servername = new Promise((resolve) => server.once('tlsClientError', (_error, socket) => resolve(socket.servername)))
      const { client, error } = await refused(t, server, { servername: 'a.test' })
      assert.equal(error.message, message)
      assert.equal(await servername, 'a.test')
      if (!client.closed) await new Promise((resolve) => client.once('close', resolve))
      assert.isFalse(client.authorized)
    })
  }

  test(`behaviour 23: the server's order counts, ${maxVersion}`, async (t) => {
    const { client, socket } = await t.pair({ maxVersion, ALPNProtocols: ['a', 'b', 'c'] }, { ALPNProtocols: ['c', 'b'] })
    assert.deepEqual([client.alpnProtocol, socket.alpnProtocol], ['b', 'b'])
  })

  test(`behaviour 23: ALPNProtocols in its forms, ${maxVersion}`, async (t) => {
    const wire = t.Buffer.from('\x01a\x02h2', 'latin1')
    const forms = [['a', 'h2'], wire, new Uint8Array(wire), new DataView(new Uint8Array(wire).buffer)]
    for (const ALPNProtocols of forms) {
      const { client, socket } = await t.pair({ maxVersion, ALPNProtocols }, { ALPNProtocols: ['h2'] })
      assert.deepEqual([client.alpnProtocol, socket.alpnProtocol], ['h2', 'h2'])
      assert.equal((await t.pair({ maxVersion, ALPNProtocols: ['h2'] }, { ALPNProtocols })).socket.alpnProtocol, 'h2')
    }
  })

  test(`behaviour 23: alpnProtocol is false where none was negotiated, ${maxVersion}`, async (t) => {
    for (const [ours, theirs] of [
      [{ ALPNProtocols: ['a'] }, {}],
      [{}, { ALPNProtocols: ['a'] }],
      [{ ALPNProtocols: [] }, { ALPNProtocols: ['a'] }],
      [{ ALPNProtocols: ['a'] }, { ALPNProtocols: [] }],
      [{}, {}],
    ]) {
      const { client, socket } = await t.pair({ maxVersion, ...ours }, theirs)
      assert.deepEqual([client.alpnProtocol, socket.alpnProtocol], [false, false])
    }
  })

  test(`behaviour 23: no overlap is fatal, ${maxVersion}`, async (t) => {
    const server = await t.server({ maxVersion, ALPNProtocols: ['a'] })
    const failed = new Promise((resolve) => server.once('tlsClientError', resolve))
    const client = await begin(t, server, { ALPNProtocols: ['x', 'y'] })
    const [error] = await event(client, 'error')
    assert.equal(error.code, 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL')
    assert.equal((await failed).code, 'ERR_SSL_NO_APPLICATION_PROTOCOL')
  })

  test(`behaviour 23: ALPNCallback chooses, ${maxVersion}`, async (t) => {
    const asked = []
    const server = await t.server({
      maxVersion,
      ALPNCallback(offer) {
        assert.instanceOf(this, t.tls.TLSSocket)
        asked.push(offer)
        return offer.protocols[1]
      },
    })
    const { client, socket } = await join(t, server, { ALPNProtocols: ['x', 'y'] })
    assert.deepEqual([client.alpnProtocol, socket.alpnProtocol], ['y', 'y'])
    await join(t, server, { ALPNProtocols: ['x', 'y'], servername: '', ...ANY_NAME })
    assert.deepEqual(
      asked.map((offer) => ({ ...offer })),
      [
        { servername: 'localhost', protocols: ['x', 'y'] },
        { servername: false, protocols: ['x', 'y'] },
      ],
    )
    // It is not asked where the client offers nothing.
    assert.isFalse((await join(t, server)).socket.alpnProtocol)
    assert.lengthOf(asked, 2)
  })

  test(`behaviour 23: ALPNCallback that returns undefined rejects, ${maxVersion}`, async (t) => {
    const server = await t.server({ maxVersion, ALPNCallback: () => undefined })
    const failed = new Promise((resolve) => server.once('tlsClientError', resolve))
    const client = await begin(t, server, { ALPNProtocols: ['x'] })
    const [error] = await event(client, 'error')
    assert.equal(error.code, 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL')
    assert.equal((await failed).code, 'ERR_SSL_NO_APPLICATION_PROTOCOL')
  })

  // In Node it was thrown at the top of the process until what callbacks of a handshake throw became the server's to hear.
  test(`behaviour 23: ALPNCallback that returns what was not offered, ${maxVersion}`, async (t) => {
    for (const [result, shown] of [
      ['z', 'z'],
      ['', ''],
      [null, 'null'],
      [1, '1'],
    ]) {
      const server = await t.server({ maxVersion, ALPNCallback: () => result })
      const failed = new Promise((resolve) => server.once('tlsClientError', resolve))
      const client = await begin(t, server, { ALPNProtocols: ['x', 'y'] })
      const [lost] = await event(client, 'error')
      assert.equal(lost.code, 'ECONNRESET')
      const error = await failed
      assert.equal(error.code, 'ERR_TLS_ALPN_CALLBACK_INVALID_RESULT')
      assert.instanceOf(error, TypeError)
      const offered = "that did not match any of the client's offered protocols (x, y)"
      assert.equal(error.message, `ALPN callback returned a value (${shown}) ${offered}`)
    }
  })

  for (const [name, options] of [
    ['SNICallback', {}],
    ['ALPNCallback', { ALPNProtocols: ['x'] }],
  ]) {
    test(`server: what ${name} throws is the server's to hear, ${maxVersion}`, async (t) => {
      const mine = new Error('thrown by a callback')
      const server = await t.server({
        maxVersion,
        [/** @type {string} */ (name)]: () => {
          throw mine
        },
      })
      const { error } = await refused(t, server, /** @type {any} */ (options))
      assert.strictEqual(error, mine)
    })
  }

  test(`behaviour 24: setKeyCert in ALPNCallback swaps the certificate, ${maxVersion}`, async (t) => {
    const other = await identity(t, 'sni-a')
    // The version that the context asks for is not the connection's.
    const wrong = maxVersion === 'TLSv1.2' ? { minVersion: 'TLSv1.3' } : { maxVersion: 'TLSv1.2' }
    for (const context of [other, { ...other, ...wrong }, t.tls.createSecureContext({ ...other, ...wrong })]) {
      const server = await t.server({
        maxVersion,
        ALPNCallback({ protocols }) {
          assert.isUndefined(this.setKeyCert(context))
          return protocols[0]
        },
      })
      const { client } = await join(t, server, { ALPNProtocols: ['x'], servername: 'a.test' })
      assert.equal(client.getPeerCertificate().subject.CN, 'a.test')
      assert.equal(client.getProtocol(), maxVersion)
      assert.equal(client.alpnProtocol, 'x')
      assert.isTrue(client.authorized)
      // Who does not speak of protocols gets the other one.
      assert.equal((await join(t, server)).client.getPeerCertificate().subject.CN, 'localhost')
    }
  })

  test(`behaviour 24: setKeyCert of a context without a certificate throws, ${maxVersion}`, async (t) => {
    const errors = []
    const server = await t.server({
      maxVersion,
      ALPNCallback({ protocols }) {
        for (const context of [{}, 1]) {
          try {
            this.setKeyCert(context)
          } catch (error) {
            errors.push(error)
          }
        }
        return protocols[0]
      },
    })
    const { client } = await join(t, server, { ALPNProtocols: ['x'] })
    assert.equal(client.getPeerCertificate().subject.CN, 'localhost')
    assert.lengthOf(errors, 2)
    assert.instanceOf(errors[0], Error)
    assert.equal(errors[1].code, 'ERR_INVALID_ARG_TYPE')
  })
}

test('behaviour 21: addContext without a name, and with what is no context', (t) => {
  const server = t.tls.createServer()
  for (const name of ['', null, undefined]) {
    const add = () => server.addContext(/** @type {any} */ (name), {})
    assert.throws(add, Error, '"servername" is required parameter for Server.addContext')
  }
  assert.throws(() => server.addContext('a.test', /** @type {any} */ (1)), TypeError, 'The "options" argument must be of type object.')
})

test('behaviour 21: names are compared without regard to case', async (t) => {
  // Node 20 compares them as they are.
  if (t.isReference && t.runtime === 'node-20') return
  const server = await t.server()
  server.addContext('a.test', await identity(t, 'sni-a'))
  const { client } = await join(t, server, { servername: 'A.TEST', ...ANY_NAME })
  assert.equal(client.getPeerCertificate().subject.CN, 'a.test')
})

test('behaviour 21: a context of another version', async (t) => {
  const server = await t.server()
  server.addContext('a.test', { ...(await identity(t, 'sni-a')), maxVersion: 'TLSv1.2' })
  const { client } = await join(t, server, { servername: 'a.test' })
  assert.equal(client.getPeerCertificate().subject.CN, 'a.test')
})

test('behaviour 21: a server without a certificate of its own', async (t) => {
  const server = await t.server({ key: null, cert: null })
  server.addContext('a.test', await identity(t, 'sni-a'))
  assert.equal(await shown(t, server, 'a.test'), 'a.test')
  await refused(t, server, { servername: 'other.test' })
})

test('behaviour 23: ALPNProtocols together with ALPNCallback', (t) => {
  const both = { ALPNProtocols: ['x'], ALPNCallback: () => 'x' }
  assert.throws(() => t.tls.createServer(both), TypeError, 'The ALPNCallback and ALPNProtocols TLS options are mutually exclusive')
})

const LATER = { except: ['node-20'], why: 'its own tls takes an empty name, and ends the process when a client is to offer it' }

test('behaviour 23: a protocol without a name', LATER, (t) => {
  for (const [ALPNProtocols, index] of /** @type {[any[], number][]} */ ([
    [[''], 0],
    [['a', ''], 1],
    [[t.Buffer.alloc(0)], 0],
  ])) {
    const message = `The argument 'protocols[${index}]' must be a non-empty string. Received `
    for (const make of [() => t.tls.createServer({ ALPNProtocols }), () => t.connect({ socket: t.duplexPair()[0], ALPNProtocols })]) {
      assert.throws(make, TypeError, message)
    }
  }
})

test('behaviour 23: a protocol that is no name', (t) => {
  for (const name of /** @type {any[]} */ ([5, null, {}])) {
    const ALPNProtocols = [name]
    const message = /The "string" argument must be of type string or an instance of Buffer or ArrayBuffer\. Received /
    assert.throws(() => t.tls.createServer({ ALPNProtocols }), TypeError, message)
  }
})

test('behaviour 23: a protocol longer than its length can say', (t) => {
  const ALPNProtocols = ['x'.repeat(256)]
  for (const make of [() => t.tls.createServer({ ALPNProtocols }), () => t.connect({ socket: t.duplexPair()[0], ALPNProtocols })]) {
    assert.throws(
      make,
      RangeError,
      /The byte length of the protocol at index 0 exceeds the maximum length\. It must be <= 255\. Received 256/,
    )
  }
})
