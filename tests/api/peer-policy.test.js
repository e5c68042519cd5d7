// `pinnedKeys` and `verifyPeer`: what a program asks of a peer beyond the ordinary verdict.
import { accepted, begin, join, sessionOf } from '../connections.js'
import { assert, event, outcome, test } from '../harness.js'

const OURS = { ours: true }

const VERSIONS = /** @type {const} */ (['TLSv1.2', 'TLSv1.3'])

const derOf = (t, pem) => t.Buffer.from(pem.replace(/-----.*-----|\s/g, ''), 'base64')

const OTHER = `sha256/${'A'.repeat(43)}=`

test('pinned keys: leaf, intermediate and root count, others do not', OURS, async (t) => {
  const peer = await t.peer({ certificate: 'intermediate' })
  const { pins } = await t.certificate('intermediate')
  for (const pin of Object.values(pins)) {
    for (const pinnedKeys of [[pin], [OTHER, pin]]) {
      const socket = t.connect(t.to(peer, { servername: 'localhost', pinnedKeys }))
      await event(socket, 'secureConnect')
      assert.isTrue(socket.authorized)
    }
  }
  const other = await t.certificate('other-ca')
  const { error, events } = await outcome(t.connect(t.to(peer, { pinnedKeys: [other.pins.issuer] })))
  assert.equal(error.code, 'ERR_TLS_PIN_MISMATCH')
  assert.notInclude(events, 'secureConnect')
})

for (const maxVersion of VERSIONS) {
  test(`pinned keys: who has none gets nothing of what was written, ${maxVersion}`, OURS, async (t) => {
    for (const rejectUnauthorized of [true, false]) {
      const peer = await t.peer({ behaviour: 'silent', maxVersion })
      const socket = t.connect(t.to(peer, { pinnedKeys: [OTHER], rejectUnauthorized }))
      socket.write('secret')
      const { error } = await outcome(socket)
      assert.equal(error.code, 'ERR_TLS_PIN_MISMATCH')
      assert.isFalse(socket.authorized)
      assert.equal(socket.authorizationError, 'ERR_TLS_PIN_MISMATCH')
      const seen = await peer.until(({ open }) => open === 0)
      assert.equal(seen.bytesReceived, 0)
      assert.deepEqual(seen.tlsClientErrors, ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN'])
    }
  })
}

test('pinned keys: certificates that are sent, but not on the way to what is trusted, do not count', OURS, async (t) => {
  const { key, certificate } = await t.certificate('ecdsa-p256')
  const stray = await t.certificate('other-ca')
  const server = await t.server({ key, cert: certificate + stray.issuer })
  for (const rejectUnauthorized of [true, false]) {
    const { error } = await outcome(await begin(t, server, { pinnedKeys: [stray.pins.issuer], rejectUnauthorized }))
    assert.equal(error.code, 'ERR_TLS_PIN_MISMATCH')
  }
})

test('pinned keys: of a way that is not trusted, only the leaf counts', OURS, async (t) => {
  const peer = await t.peer({ certificate: 'intermediate' })
  const { issuer: ca } = await t.certificate('other-ca')
  const untrusted = (pinnedKeys, more) => t.connect(t.to(peer, { ca, servername: 'localhost', pinnedKeys, ...more }))
  const { pins } = await t.certificate('intermediate')
  const refused = await outcome(untrusted([pins.issuer], { rejectUnauthorized: false }))
  assert.equal(refused.error.code, 'ERR_TLS_PIN_MISMATCH')
  const socket = untrusted([pins.leaf], { rejectUnauthorized: false })
  await event(socket, 'secureConnect')
  assert.isFalse(socket.authorized)
  assert.equal(socket.authorizationError, 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY')
  // A pin replaces nothing.
  assert.equal((await outcome(untrusted([pins.leaf]))).error.code, 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY')
})

test('pinned keys: of clients', OURS, async (t) => {
  const { ca } = await t.certificate('ecdsa-p256')
  const client = await t.certificate('client')
  const other = await t.certificate('client-rsa')
  const options = { ca, requestCert: true, pinnedKeys: [client.pins.leaf] }
  for (const maxVersion of VERSIONS) {
    for (const rejectUnauthorized of [true, false]) {
      const server = await t.server({ ...options, maxVersion, rejectUnauthorized })
      const { socket } = await join(t, server, { key: client.key, cert: client.chain })
      assert.isTrue(socket.authorized)
      /** @type {[any, string][]} */
      const refused = [[{ key: other.key, cert: other.chain }, 'ERR_TLS_PIN_MISMATCH']]
      if (!rejectUnauthorized) refused.push([{}, 'ERR_TLS_PIN_MISMATCH'])
      for (const [identity, code] of refused) {
        const told = event(server, 'tlsClientError')
        const secured = []
        server.once('secureConnection', (end) => secured.push(end))
        ;(await begin(t, server, identity)).on('error', () => {})
        assert.equal((await told)[0].code, code)
        assert.deepEqual(secured, [])
        server.removeAllListeners('secureConnection')
      }
    }
  }
})

test('pinned keys: a server that asks for no certificate has no client with the key', OURS, async (t) => {
  const server = await t.server({ pinnedKeys: [OTHER] })
  const told = event(server, 'tlsClientError')
  ;(await begin(t, server)).on('error', () => {})
  assert.equal((await told)[0].code, 'ERR_TLS_PIN_MISMATCH')
})

test('pinned keys: a key shared beforehand is not one', OURS, async (t) => {
  const psk = t.random(1, 32)
  const server = await t.server({ pskCallback: () => psk })
  const { error } = await outcome(await begin(t, server, { pskCallback: () => ({ psk, identity: 'me' }), pinnedKeys: [OTHER] }))
  assert.equal(error.code, 'ERR_TLS_PIN_MISMATCH')
})

test('pinned keys: what is none is refused at once', OURS, async (t) => {
  const good = `sha256/${'A'.repeat(42)}E=`
  const bad = ['sha256/', `${'A'.repeat(42)}E=`, `sha1/${'A'.repeat(27)}=`, `sha256/${'A'.repeat(42)}B=`, `sha256/${'A'.repeat(41)}E=`]
  const more = [`sha256/${'A'.repeat(42)}E`, `${good}\n`, ` ${good}`, `sha256/${'-'.repeat(42)}E=`, null, 1, t.Buffer.alloc(32)]
  for (const pin of [...bad, ...more]) {
    for (const make of [
      () => t.tls.connect({ socket: t.duplexPair()[0], pinnedKeys: [good, pin] }),
      () => t.tls.createServer({ pinnedKeys: [good, pin] }),
    ]) {
      const error = catchError(make)
      assert.equal(error?.code, 'ERR_INVALID_ARG_VALUE', String(pin))
    }
  }
  assert.equal(catchError(() => t.tls.connect({ socket: t.duplexPair()[0], pinnedKeys: [] })).code, 'ERR_INVALID_ARG_VALUE')
  for (const pinnedKeys of [good, true, { 0: good }]) {
    assert.equal(catchError(() => t.tls.connect({ socket: t.duplexPair()[0], pinnedKeys })).code, 'ERR_INVALID_ARG_TYPE')
  }
})

test('pinned keys: a value that is wrong is shown as Node shows one', OURS, (t) => {
  const pinned = "The property 'options.pinnedKeys' must not be empty."
  const policy = "The property 'options.ocspPolicy' must be one of: 'ignore', 'verify', 'require'."
  for (const [options, message] of /** @type {[any, string][]} */ ([
    [{ pinnedKeys: [] }, `${pinned} Received []`],
    [{ ocspPolicy: {} }, `${policy} Received {}`],
    [{ ocspPolicy: ['verify'] }, `${policy} Received [ 'verify' ]`],
    [{ ocspPolicy: { is: [{}] } }, `${policy} Received { is: [Array] }`],
    [{ ocspPolicy: 'x'.repeat(200) }, `${policy} Received '${'x'.repeat(127)}...`],
  ])) {
    assert.equal(catchError(() => t.tls.connect({ socket: t.duplexPair()[0], ...options })).message, message)
  }
})

function catchError(step) {
  try {
    step()
    return null
  } catch (error) {
    return error
  }
}

for (const maxVersion of VERSIONS) {
  test(`pinned keys: count for sessions that were made without, ${maxVersion}`, OURS, async (t) => {
    const server = await t.server({ maxVersion })
    const session = await sessionOf(t, server)
    const { pins } = await t.certificate('ecdsa-p256')
    const { client } = await join(t, server, { session, pinnedKeys: [pins.leaf] })
    assert.isTrue(client.isSessionReused())
    const { error } = await outcome(await begin(t, server, { session, pinnedKeys: [OTHER] }))
    assert.equal(error.code, 'ERR_TLS_PIN_MISMATCH')
  })

  test(`verify peer: is asked again for a session, ${maxVersion}`, OURS, async (t) => {
    const server = await t.server({ maxVersion })
    const session = await sessionOf(t, server)
    const asked = []
    const verifyPeer = async (peer) => {
      asked.push(peer)
      await t.sleep(0)
    }
    const { client } = await join(t, server, { session, verifyPeer })
    assert.isTrue(client.isSessionReused())
    assert.deepEqual(
      asked.map(({ resumed, authorized, host }) => [resumed, authorized, host]),
      [[true, true, 'localhost']],
    )
    const { certificate } = await t.certificate('ecdsa-p256')
    assert.deepEqual(asked[0].presented[0], derOf(t, certificate))

    for (const delay of [false, true]) {
      const mine = new Error('not again')
      const [near, far] = t.duplexPair()
      let sent = 0
      far.on('data', (chunk) => {
        sent += chunk.length
      })
      far.pause()
      server.emit('connection', far)
      const secured = []
      server.once('secureConnection', (socket) => secured.push(socket))
      const { ca } = await t.certificate('ecdsa-p256')
      let before = 0
      const refuse = async () => {
        before = sent
        if (delay) await t.sleep(10)
        throw mine
      }
      const socket = t.connect({ socket: near, ca, servername: 'localhost', session, verifyPeer: refuse })
      socket.write('secret')
      const { error, events, data } = await outcome(socket)
      assert.strictEqual(error, mine)
      assert.notInclude(events, 'secureConnect')
      assert.deepEqual(data, [])
      // Neither the Finished nor anything after it.
      assert.isAbove(before, 0)
      assert.equal(sent, before)
      assert.deepEqual(secured, [])
      server.removeAllListeners('secureConnection')
    }
  })

  test(`verify peer: what came with a resumed handshake waits for the answer, ${maxVersion}`, OURS, async (t) => {
    const server = await t.server({ maxVersion })
    server.on('secureConnection', (socket) => socket.on('error', () => {}).end('hello'))
    const first = await begin(t, server)
    if (maxVersion === 'TLSv1.3') await event(first.resume(), 'session')
    else await event(first, 'secureConnect')
    const session = first.getSession()
    const happened = []
    const verifyPeer = async () => {
      for (let turn = 0; turn < 10; turn++) await t.sleep(1)
      happened.push('verified')
    }
    const client = await begin(t, server, { session, verifyPeer })
    client.on('data', (chunk) => happened.push(String(chunk)))
    client.on('secureConnect', () => happened.push('secureConnect'))
    await event(client, 'end')
    assert.deepEqual(happened, ['verified', 'secureConnect', 'hello'])
    assert.isTrue(client.isSessionReused())
  })
}

test('verify peer: what it is told of a server', OURS, async (t) => {
  const { certificate, issuer, ca } = await t.certificate('intermediate')
  const peer = await t.peer({ certificate: 'intermediate' })
  const response = await t.ocsp('intermediate', 'good')
  const asked = []
  const verifyPeer = (told) => void asked.push(told)
  const socket = t.connect(t.to(peer, { servername: 'localhost', verifyPeer }))
  await event(socket, 'secureConnect')
  const chain = [certificate, issuer, ca].map((pem) => derOf(t, pem))
  const told = {
    host: 'localhost',
    authorized: true,
    authorizationError: null,
    chain,
    presented: chain.slice(0, 2),
    ocspResponse: null,
    isServer: false,
    resumed: false,
  }
  assert.deepEqual(asked, [told])
  for (const bytes of [...asked[0].chain, ...asked[0].presented]) assert.isTrue(t.Buffer.isBuffer(bytes))

  const stapling = await t.peer({ certificate: 'intermediate', ocsp: 'good' })
  const wrong = { servername: 'other.test', rejectUnauthorized: false, requestOCSP: true }
  await event(t.connect(t.to(stapling, { verifyPeer, ...wrong })), 'secureConnect')
  const code = 'ERR_TLS_CERT_ALTNAME_INVALID'
  assert.deepEqual(asked[1], { ...told, host: 'other.test', authorized: false, authorizationError: code, ocspResponse: response })
})

test('verify peer: what it is told of clients', OURS, async (t) => {
  const { ca } = await t.certificate('ecdsa-p256')
  const { key, chain, certificate } = await t.certificate('client')
  const asked = []
  const verifyPeer = (told) => void asked.push(told)
  const server = await t.server({ ca, requestCert: true, rejectUnauthorized: false, verifyPeer })
  await join(t, server, { key, cert: chain })
  await join(t, server)
  const open = await t.server({ verifyPeer })
  await join(t, open)
  const told = { host: null, ocspResponse: null, isServer: true, resumed: false }
  const nobody = { ...told, authorized: false, chain: [], presented: [] }
  // The client completes what it shows with the issuers that it knows.
  const way = [certificate, ca].map((pem) => derOf(t, pem))
  assert.deepEqual(asked, [
    { ...told, authorized: true, authorizationError: null, chain: way, presented: way },
    { ...nobody, authorizationError: 'UNABLE_TO_GET_ISSUER_CERT' },
    { ...nobody, authorizationError: null },
  ])
})

const mine = new Error('mine')

/** Answers that refuse, and the error's code and message. @type {[string, () => any, string | undefined, string][]} */
const REFUSALS = [
  [
    'throws',
    () => {
      throw mine
    },
    undefined,
    'mine',
  ],
  ['returns an error', () => mine, undefined, 'mine'],
  ['rejects', async () => Promise.reject(mine), undefined, 'mine'],
  ['resolves with an error', async () => mine, undefined, 'mine'],
  ['rejects later', () => new Promise((_, reject) => setTimeout(() => reject(mine), 5)), undefined, 'mine'],
  [
    'throws a word',
    () => {
      throw 'no'
    },
    'ERR_TLS_PEER_REFUSED',
    "verifyPeer refused the peer: type string ('no')",
  ],
  ['rejects with nothing', () => Promise.reject(), 'ERR_TLS_PEER_REFUSED', 'verifyPeer refused the peer: undefined'],
  ['returns false', () => false, 'ERR_TLS_PEER_REFUSED', 'verifyPeer refused the peer: type boolean (false)'],
  ['resolves with false', async () => false, 'ERR_TLS_PEER_REFUSED', 'verifyPeer refused the peer: type boolean (false)'],
  [
    'is a thenable that throws',
    () => ({
      // biome-ignore lint/suspicious/noThenProperty: what users do
      then() {
        throw mine
      },
    }),
    undefined,
    'mine',
  ],
]

for (const [title, verifyPeer, code, message] of REFUSALS) {
  test(`verify peer: ${title}`, OURS, async (t) => {
    for (const maxVersion of VERSIONS) {
      for (const rejectUnauthorized of [true, false]) {
        const peer = await t.peer({ behaviour: 'silent', maxVersion })
        const socket = t.connect(t.to(peer, { verifyPeer, rejectUnauthorized }))
        socket.write('secret')
        const { error, events, hadError } = await outcome(socket)
        assert.deepEqual([error.code, error.message], [code, message])
        assert.notInclude(events, 'secureConnect')
        assert.isTrue(hadError)
        assert.isFalse(socket.authorized)
        assert.equal(socket.authorizationError, code ?? message)
        const seen = await peer.until(({ open }) => open === 0)
        assert.equal(seen.bytesReceived, 0)
        assert.deepEqual(seen.tlsClientErrors, ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN'])
      }

      const { ca } = await t.certificate('ecdsa-p256')
      const { key, chain } = await t.certificate('client')
      const server = await t.server({ ca, requestCert: true, verifyPeer, maxVersion })
      const told = event(server, 'tlsClientError')
      server.on('secureConnection', () => assert.fail('secured'))
      ;(await begin(t, server, { key, cert: chain })).on('error', () => {})
      const [error] = await told
      assert.deepEqual([error.code, error.message], [code, message])
    }
  })
}

test('verify peer: a server refuses who shows nothing, too', OURS, async (t) => {
  for (const maxVersion of VERSIONS) {
    const server = await t.server({
      maxVersion,
      verifyPeer: async ({ presented }) => (presented.length === 0 ? mine : undefined),
    })
    server.on('secureConnection', () => assert.fail('secured'))
    const told = event(server, 'tlsClientError')
    ;(await begin(t, server)).on('error', () => {})
    assert.strictEqual((await told)[0], mine)
  }
})

test('verify peer: answers that let in', OURS, async (t) => {
  const peer = await t.peer()
  for (const answer of [undefined, null, true, Promise.resolve(), Promise.resolve(true)]) {
    const socket = t.connect(t.to(peer, { verifyPeer: () => answer }))
    await event(socket, 'secureConnect')
    assert.isTrue(socket.authorized)
  }
})

test('verify peer: is not asked about whom the ordinary verdict refuses', OURS, async (t) => {
  const verifyPeer = () => assert.fail('it was asked')
  const expired = await t.peer({ certificate: 'expired' })
  assert.equal((await outcome(t.connect(t.to(expired, { verifyPeer })))).error.code, 'CERT_HAS_EXPIRED')
  const peer = await t.peer()
  const wrong = { servername: 'other.test', verifyPeer }
  assert.equal((await outcome(t.connect(t.to(peer, wrong)))).error.code, 'ERR_TLS_CERT_ALTNAME_INVALID')
  assert.equal((await outcome(t.connect(t.to(peer, { pinnedKeys: [OTHER], verifyPeer })))).error.code, 'ERR_TLS_PIN_MISMATCH')
})

test('verify peer: decides about a peer that is not trusted', OURS, async (t) => {
  const peer = await t.peer({ certificate: 'self-signed' })
  const known = derOf(t, peer.certificate)
  const verifyPeer = async ({ presented }) => {
    if (!known.equals(presented[0])) throw new Error('unknown')
  }
  const socket = t.connect(t.to(peer, { ca: undefined, rejectUnauthorized: false, verifyPeer }))
  await event(socket, 'secureConnect')
  assert.isFalse(socket.authorized)
  const other = await t.peer()
  const { error } = await outcome(t.connect(t.to(other, { ca: undefined, rejectUnauthorized: false, verifyPeer })))
  assert.equal(error.message, 'unknown')
})

const LATE = { ...OURS, except: ['chromium', 'firefox'], why: 'a WebSocket does not tell its end while nobody reads it' }

for (const [who, destroyed] of /** @type {[string, (socket: any, peer: any) => any][]} */ ([
  ['its user', (socket) => socket.destroy()],
  ['the peer', (_, peer) => peer.stop()],
])) {
  test(`verify peer: a connection that ${who} ends meanwhile hears no late answer`, LATE, async (t) => {
    for (const late of ['resolve', 'reject']) {
      const peer = await t.peer()
      let answer = /** @type {any} */ (null)
      const asked = new Promise((resolve) => {
        answer = () =>
          new Promise((...functions) => {
            resolve(functions[late === 'resolve' ? 0 : 1])
          })
      })
      const socket = t.connect(t.to(peer, { verifyPeer: answer }))
      const ended = outcome(socket)
      const settle = await asked
      await destroyed(socket, peer)
      const { events } = await ended
      settle(new Error('too late'))
      await t.sleep(5)
      assert.notInclude(events, 'secureConnect')
      assert.notEqual((await ended).error?.message, 'too late')
    }
  })
}

test('verify peer: a server’s time-out counts while it is waited for', OURS, async (t) => {
  const server = await t.server({ verifyPeer: () => new Promise(() => {}), handshakeTimeout: 50 })
  const told = event(server, 'tlsClientError')
  ;(await begin(t, server)).on('error', () => {})
  assert.equal((await told)[0].code, 'ERR_TLS_HANDSHAKE_TIMEOUT')
})

test('verify peer: what is no function is refused at once', OURS, (t) => {
  for (const verifyPeer of ['yes', true, {}, false]) {
    assert.equal(catchError(() => t.tls.connect({ socket: t.duplexPair()[0], verifyPeer })).code, 'ERR_INVALID_ARG_TYPE')
    assert.equal(catchError(() => t.tls.createServer({ verifyPeer })).code, 'ERR_INVALID_ARG_TYPE')
  }
})

test('verify peer: the handshake goes on as ever after it', OURS, async (t) => {
  for (const maxVersion of VERSIONS) {
    const server = await t.server({ maxVersion, verifyPeer: () => t.sleep(2) })
    const sessions = []
    server.on('newSession', (id, _data, done) => {
      sessions.push(id)
      setTimeout(done, 2)
    })
    const secured = accepted(server)
    const client = await begin(t, server, { verifyPeer: () => t.sleep(2) })
    client.write('hello')
    const [socket] = await Promise.all([secured, event(client, 'secureConnect')])
    const [chunk] = await event(socket, 'data')
    assert.equal(String(chunk), 'hello')
    const answered = Promise.all([event(client, 'data'), event(client, 'end')])
    socket.end('bye')
    const [[answer]] = await answered
    assert.equal(String(answer), 'bye')
    assert.isNotEmpty(sessions)
  }
})

for (const answer of ['resolves', 'rejects', 'returns', 'throws']) {
  test(`verify peer: the engine is lost while it is asked, and it ${answer}`, OURS, async (t) => {
    const peer = await t.peer()
    const trap = () => assert.throws(() => t.tls[Symbol.for('isomorphic-tls.trap')](), /was replaced/)
    const answers = {
      resolves: async () => trap(),
      rejects: async () => {
        await t.sleep(1)
        trap()
        throw mine
      },
      returns: () => void trap(),
      throws: () => {
        trap()
        throw mine
      },
    }
    const { error, events } = await outcome(t.connect(t.to(peer, { verifyPeer: answers[answer] })))
    assert.equal(error.code, 'ERR_TLS_ENGINE_FAILED')
    assert.notInclude(events, 'secureConnect')
    await event(t.connect(t.to(peer, { verifyPeer: () => t.sleep(1) })), 'secureConnect')
  })
}

test('verify peer: what a listener throws after its answer goes to the process', {
  ...OURS,
  except: ['workerd'],
  why: 'an error that reaches the top ends it',
}, async (t) => {
  const peer = await t.peer()
  const socket = t.connect(t.to(peer, { verifyPeer: async () => {} }))
  socket.once('secureConnect', () => {
    throw mine
  })
  assert.strictEqual(await t.nextUncaught(), mine)
})

test('verify peer: what is neither nothing nor true refuses, whatever it is', OURS, async (t) => {
  const peer = await t.peer()
  const unreadable = Object.defineProperty(new Error('unreadable'), 'code', {
    get() {
      throw new Error('no code')
    },
  })
  for (const answer of [false, 0, '', 'yes', {}, Promise.resolve('yes'), unreadable]) {
    const socket = t.connect(t.to(peer, { verifyPeer: () => answer }))
    const closed = new Promise((resolve) => socket.once('close', resolve))
    await event(socket, 'error')
    await closed
    assert.isFalse(socket.authorized)
  }
})

test('verify peer: a context has no policy, and says so', OURS, async (t) => {
  const server = await t.server()
  for (const policy of [{ verifyPeer() {} }, { pinnedKeys: [OTHER] }, { ocspPolicy: 'require' }]) {
    for (const use of [
      () => t.tls.createSecureContext(policy),
      () => server.addContext('x.test', policy),
      () => server.setSecureContext(policy),
    ]) {
      let error = /** @type {any} */ (null)
      try {
        use()
      } catch (thrown) {
        error = thrown
      }
      assert.equal(error?.code, 'ERR_TLS_OPTION_NOT_SUPPORTED')
      assert.include(error.message, Object.keys(policy)[0])
    }
  }
})
