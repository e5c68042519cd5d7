// External pre-shared keys with TLS 1.3, on both sides, and with OpenSSL. Those of TLS 1.2 are other suites, which are refused.
import { accepted, begin, join, refused } from '../connections.js'
import { run } from '../children.js'
import { assert, event, test } from '../harness.js'

const LISTENING = { only: ['node-20', 'node-26', 'deno', 'bun'], why: 'they can listen, and start openssl' }

const KEY = 'd731ef57be09e5204f0b205b60627028'

const IDENTITY = 'Client_identity'

/** There is no certificate and no name to check. */
const UNNAMED = { checkServerIdentity: () => undefined }

const TLS13 = { minVersion: 'TLSv1.3', ciphers: 'TLS_AES_128_GCM_SHA256' }

/** A server that knows one key, and the options of a client that has it. */
async function both(t, serverOptions, clientOptions) {
  const psk = t.Buffer.from(KEY, 'hex')
  const pskCallback = (_socket, identity) => (identity === IDENTITY ? psk : null)
  const server = await t.server({ key: null, cert: null, ...TLS13, pskCallback, ...serverOptions })
  return { server, options: { ...TLS13, ...UNNAMED, pskCallback: () => ({ psk, identity: IDENTITY }), ...clientOptions } }
}

const ALERT = {
  handshakeFailure: /^ERR_SSL_SSL(V3|\/TLS)_ALERT_HANDSHAKE_FAILURE$/,
  // Versions of OpenSSL do not agree.
  badKey: /^ERR_SSL_(SSL(V3|\/TLS)_ALERT_ILLEGAL_PARAMETER|TLSV1_ALERT_DECRYPT_ERROR)$/,
}

test('psk: without any certificate', async (t) => {
  const { server, options } = await both(t)
  const { client, socket } = await join(t, server, options)
  for (const side of [client, socket]) {
    assert.equal(side.getProtocol(), 'TLSv1.3')
    assert.equal(side.getCipher().name, 'TLS_AES_128_GCM_SHA256')
    assert.deepEqual(side.getPeerCertificate(), {})
    // To TLS 1.3 such a key is a session.
    assert.isTrue(side.isSessionReused())
  }
  assert.deepEqual([client.authorized, client.authorizationError], [true, null])
  assert.isFalse(socket.authorized)
  client.write('from the client')
  socket.write('from the server')
  const [[sent], [received]] = await Promise.all([event(socket, 'data'), event(client, 'data')])
  assert.deepEqual([String(sent), String(received)], ['from the client', 'from the server'])
})

test('psk: what the callbacks are given', async (t) => {
  const psk = t.Buffer.from(KEY, 'hex')
  const asked = []
  const { server, options } = await both(
    t,
    {
      pskIdentityHint: 'is not sent with TLS 1.3',
      pskCallback(...args) {
        const [socket, identity] = args
        assert.lengthOf(args, 2)
        assert.strictEqual(this, socket)
        assert.instanceOf(socket, t.tls.TLSSocket)
        asked.push(identity)
        return psk
      },
    },
    {
      pskCallback(...args) {
        asked.push(...args)
        return { psk, identity: 'some identity' }
      },
    },
  )
  await join(t, server, options)
  assert.deepEqual(asked, [null, 'some identity'])
})

test('psk: a key is bytes in any view', async (t) => {
  const bytes = new Uint8Array(t.Buffer.from(KEY, 'hex'))
  for (const psk of [bytes, new DataView(bytes.buffer), new Uint16Array(bytes.buffer)]) {
    const { server, options } = await both(t, { pskCallback: () => psk }, { pskCallback: () => ({ psk, identity: IDENTITY }) })
    await join(t, server, options)
  }
})

test('psk: keys and identities of many lengths', async (t) => {
  for (const [keyLength, identity] of /** @type {[number, string][]} */ ([
    [1, 'x'],
    [64, 'x'.repeat(128)],
    [256, 'ż'],
  ])) {
    const psk = t.random(keyLength, keyLength)
    const asked = []
    const pskCallback = (_socket, name) => {
      asked.push(name)
      return psk
    }
    const { server, options } = await both(t, { pskCallback }, { pskCallback: () => ({ psk, identity }) })
    await join(t, server, options)
    assert.deepEqual(asked, [identity])
  }
})

test('psk: the default cipher suites have one for it', async (t) => {
  const { server, options } = await both(t, { ciphers: undefined }, { ciphers: undefined })
  const { client } = await join(t, server, options)
  assert.match(client.getCipher().name, /^TLS_.*_SHA256$/)
})

test('psk: it belongs to SHA-256', async (t) => {
  const ciphers = 'TLS_AES_256_GCM_SHA384'
  const { server, options } = await both(t, { ciphers }, { ciphers })
  await refused(t, server, options)
})

test('psk: the key of an identity that the server does not know', async (t) => {
  const psk = t.Buffer.from(KEY, 'hex')
  const { server, options } = await both(t, {}, { pskCallback: () => ({ psk, identity: 'unknown' }) })
  const failed = new Promise((resolve) => server.once('tlsClientError', resolve))
  const client = await begin(t, server, options)
  const [error] = await event(client, 'error')
  assert.match(error.code, ALERT.handshakeFailure)
  assert.equal((await failed).code, 'ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM')
})

test('psk: another key', async (t) => {
  const { server, options } = await both(t, {}, { pskCallback: () => ({ psk: t.random(1, 16), identity: IDENTITY }) })
  server.on('secureConnection', () => assert.fail('accepted'))
  const failed = new Promise((resolve) => server.once('tlsClientError', resolve))
  const client = await begin(t, server, options)
  client.on('secureConnect', () => assert.fail('accepted'))
  const [error] = await event(client, 'error')
  assert.match(error.code, ALERT.badKey)
  assert.equal((await failed).code, 'ERR_SSL_BINDER_DOES_NOT_VERIFY')
})

for (const [what, clientOptions] of /** @type {[string, (t: any) => object][]} */ ([
  ['an unknown identity', (t) => ({ pskCallback: () => ({ psk: t.random(1, 16), identity: 'unknown' }) })],
  ['null', () => ({ pskCallback: () => null })],
  ['undefined', () => ({ pskCallback: () => undefined })],
  ['no callback', () => ({ pskCallback: undefined })],
])) {
  test(`psk: a server that has a certificate too, and a client of ${what}`, async (t) => {
    const { key, chain } = await t.certificate('ecdsa-p256')
    const names = []
    const checkServerIdentity = (name) => void names.push(name)
    const { server, options } = await both(t, { key, cert: chain }, { ...clientOptions(t), checkServerIdentity })
    const { client, socket } = await join(t, server, options)
    assert.deepEqual([client.isSessionReused(), socket.isSessionReused()], [false, false])
    assert.equal(client.getPeerCertificate().subject.CN, 'localhost')
    assert.deepEqual(names, ['localhost'])
  })
}

test('psk: a server that has a certificate too, and a client that knows the key', async (t) => {
  const { key, chain } = await t.certificate('ecdsa-p256')
  const { server, options } = await both(t, { key, cert: chain }, { checkServerIdentity: () => assert.fail('asked') })
  const { client } = await join(t, server, options)
  assert.isTrue(client.isSessionReused())
  assert.deepEqual(client.getPeerCertificate(), {})
})

test('psk: a client that has a key, and a server that has a certificate alone', async (t) => {
  const { key, chain } = await t.certificate('ecdsa-p256')
  const { server, options } = await both(t, { key, cert: chain, pskCallback: undefined })
  const { client } = await join(t, server, options)
  assert.equal(client.getPeerCertificate().subject.CN, 'localhost')
})

test('psk: neither a key nor a certificate', async (t) => {
  const { server, options } = await both(t, {}, { pskCallback: () => null })
  const { error } = await refused(t, server, options)
  assert.equal(error.code, 'ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM')
})

for (const [result, message] of /** @type {[any, string][]} */ ([
  ['x', `The "ret" argument must be of type object. Received type string ('x')`],
  [{}, 'The "psk" argument must be an instance of Buffer, TypedArray, or DataView. Received undefined'],
  [{ psk: 'x', identity: 'x' }, `The "psk" argument must be an instance of Buffer, TypedArray, or DataView. Received type string ('x')`],
  [{ psk: new Uint8Array(16), identity: 1 }, 'The "identity" argument must be of type string. Received type number (1)'],
])) {
  test(`psk: a client's callback that returns ${JSON.stringify(result).slice(0, 30)}`, async (t) => {
    const { server, options } = await both(t, {}, { pskCallback: () => result })
    const [error] = await event(await begin(t, server, options), 'error')
    assert.equal(error.code, 'ERR_INVALID_ARG_TYPE')
    assert.instanceOf(error, TypeError)
    assert.equal(error.message, message)
  })
}

test("psk: a client's key that is too long", async (t) => {
  const { server, options } = await both(t, {}, { pskCallback: () => ({ psk: new Uint8Array(1000), identity: 'x' }) })
  const [error] = await event(await begin(t, server, options), 'error')
  assert.equal(error.code, 'ERR_INVALID_ARG_VALUE')
  assert.match(error.message, /^The argument 'psk' Pre-shared key exceeds \d+ bytes/)
})

for (const [result, message] of /** @type {[any, string][]} */ ([
  ['x', `The "ret" argument must be an instance of Buffer, TypedArray, DataView, or Object. Received type string ('x')`],
  [1, 'The "ret" argument must be an instance of Buffer, TypedArray, DataView, or Object. Received type number (1)'],
  [{}, 'The "psk" argument must be an instance of Buffer, TypedArray, or DataView. Received undefined'],
])) {
  test(`psk: a server's callback that returns ${JSON.stringify(result)}`, async (t) => {
    const { server, options } = await both(t, { pskCallback: () => result })
    const { error } = await refused(t, server, options)
    assert.equal(error.code, 'ERR_INVALID_ARG_TYPE')
    assert.instanceOf(error, TypeError)
    assert.equal(error.message, message)
  })
}

test("psk: what a server's callback throws", async (t) => {
  const mine = new Error('thrown by a callback')
  const pskCallback = () => {
    throw mine
  }
  const { server, options } = await both(t, { pskCallback })
  assert.strictEqual((await refused(t, server, options)).error, mine)
})

test("psk: what a client's callback throws", async (t) => {
  const mine = new Error('thrown by a callback')
  const pskCallback = () => {
    throw mine
  }
  const { server, options } = await both(t, {}, { pskCallback })
  const [error] = await event(await begin(t, server, options), 'error')
  assert.strictEqual(error, mine)
})

test('psk: a callback that is none', (t) => {
  const connect = () => t.connect({ socket: t.duplexPair()[0], ...UNNAMED, pskCallback: /** @type {any} */ (1) })
  assert.throws(connect, TypeError, 'The "pskCallback" argument must be of type function. Received type number (1)')
})

/** A ClientHello of TLS 1.3, in a record, that offers pre-shared keys of these identities. */
function clientHello(t, identities) {
  const { Buffer } = t
  const prefixed = (octets, ...parts) => {
    const contents = Buffer.concat(parts)
    const length = Buffer.alloc(octets)
    length.writeUIntBE(contents.length, 0, octets)
    return Buffer.concat([length, contents])
  }
  const extension = (number, ...parts) => Buffer.concat([Buffer.from([0, number]), prefixed(2, ...parts)])
  const names = identities.map((identity) => Buffer.concat([prefixed(2, Buffer.from(identity)), Buffer.alloc(4)]))
  const binders = identities.map(() => prefixed(1, Buffer.alloc(32)))
  const extensions = [
    extension(43, Buffer.from([2, 3, 4])),
    extension(10, Buffer.from([0, 2, 0, 29])),
    extension(13, Buffer.from([0, 2, 4, 3])),
    extension(51, prefixed(2, Buffer.from([0, 29]), prefixed(2, t.random(1, 32)))),
    extension(45, Buffer.from([1, 1])),
    extension(41, prefixed(2, ...names), prefixed(2, ...binders)),
  ]
  const body = [Buffer.from([3, 3]), t.random(2, 32), Buffer.from([0, 0, 2, 0x13, 1, 1, 0]), prefixed(2, ...extensions)]
  return Buffer.concat([Buffer.from([22, 3, 1]), prefixed(2, Buffer.from([1]), prefixed(3, ...body))])
}

test('psk: a server asks about the first identities of many', { ours: true }, async (t) => {
  const identities = Array.from({ length: 300 }, (_, index) => `identity ${index}`)
  for (const known of [15, 16]) {
    const asked = []
    const pskCallback = (_socket, identity) => {
      asked.push(identity)
      return identity === identities[known] ? t.random(3, 32) : null
    }
    const { server } = await both(t, { pskCallback })
    const [near, far] = t.duplexPair()
    server.emit('connection', far)
    near.write(clientHello(t, ['x'.repeat(257), ...identities]))
    const [error] = await event(server, 'tlsClientError')
    assert.deepEqual(asked, identities.slice(0, 16))
    // Of a key that was found, the binder is wrong.
    assert.equal(error.code, known === 15 ? 'ERR_SSL_BINDER_DOES_NOT_VERIFY' : 'ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM')
  }
})

test("psk: ours refuses TLS 1.2's by name", { ours: true }, (t) => {
  for (const ciphers of ['PSK', 'PSK-AES128-GCM-SHA256', 'ECDHE-PSK-CHACHA20-POLY1305']) {
    let error
    try {
      t.tls.createSecureContext({ ciphers, maxVersion: 'TLSv1.2' })
    } catch (thrown) {
      error = thrown
    }
    assert.equal(error.code, 'ERR_SSL_NO_CIPHER_MATCH')
    assert.include(error.cause.message, 'PSK')
  }
})

test('psk: openssl s_server', async (t) => {
  const peer = await t.peer({ kind: 'openssl', psk: KEY, minVersion: 'TLSv1.3', ciphersuites: 'TLS_AES_128_GCM_SHA256' })
  const psk = t.Buffer.from(KEY, 'hex')
  const client = t.connect(t.to(peer, { ...TLS13, ...UNNAMED, pskCallback: () => ({ psk, identity: IDENTITY }) }))
  await event(client, 'secureConnect')
  assert.isTrue(client.isSessionReused())
  client.write('abc\n')
  assert.equal(String((await event(client, 'data'))[0]), 'cba\n')
})

test('psk: openssl s_server and another key', async (t) => {
  const peer = await t.peer({ kind: 'openssl', psk: KEY, minVersion: 'TLSv1.3' })
  const pskCallback = () => ({ psk: t.random(1, 16), identity: IDENTITY })
  const client = t.connect(t.to(peer, { ...TLS13, ...UNNAMED, pskCallback }))
  const [error] = await event(client, 'error')
  assert.match(error.code, ALERT.badKey)
})

test('psk: openssl s_client', LISTENING, async (t) => {
  const { server } = await both(t)
  server.listen(0, '127.0.0.1')
  await event(server, 'listening')
  const secured = accepted(server)
  const key = ['-psk', KEY, '-psk_identity', IDENTITY, '-tls1_3', '-ciphersuites', 'TLS_AES_128_GCM_SHA256']
  const program = run(t, ['s_client', '-quiet', '-connect', `127.0.0.1:${server.address().port}`, ...key], { command: 'openssl' })
  const socket = await secured
  assert.isTrue(socket.isSessionReused())
  // What s_client makes of the end is its own affair.
  socket.on('error', () => {})
  socket.end('hello from the server')
  assert.equal((await program).output, 'hello from the server')
})
