// The old names and the old ways of calling (documents of v0.8 and v0.10): js/legacy.js. For pairs: secure-pair.test.js.
import { evaluate } from '../children.js'
import { begin, join, refused } from '../connections.js'
import { assert, event, outcome, readAll, test } from '../harness.js'

const VERSIONS = /** @type {const} */ (['TLSv1.2', 'TLSv1.3'])

/** Node has no more of it. */
const OURS = { ours: true }

const CONSOLES = ['node-20', 'node-26', 'deno', 'bun']

const LISTENING = { only: CONSOLES, why: 'they can listen' }

const PROCESSES = { only: ['node-20', 'node-26', 'bun'], why: 'warnings of a process, which runs a few lines it is given' }

/** What v0.10 took as the default of `ciphers`. */
const CIPHERS_OF_OLD = 'ECDHE-RSA-AES128-SHA256:AES128-GCM-SHA256:RC4:HIGH:!MD5:!aNULL:!EDH'

const identity = async (t) => {
  const { key, chain, ca } = await t.certificate('ecdsa-p256')
  return { key, cert: chain, ca }
}

test('legacy: names', OURS, (t) => {
  assert.strictEqual(t.tls.CleartextStream, t.tls.TLSSocket)
  assert.equal(Object.getPrototypeOf(t.tls.EncryptedStream), t.tls.CryptoStream)
  assert.equal(t.tls.SLAB_BUFFER_SIZE, 10 * 1024 * 1024)
})

for (const [text, expected] of /** @type {[string, object][]} */ ([
  ['C=UK\nOU=First\nOU=Second\nCN=localhost', { C: 'UK', OU: ['First', 'Second'], CN: 'localhost' }],
  ['OU=1\nOU=2\nOU=3', { OU: ['1', '2', '3'] }],
  ['CN=a=b\r\u2028c\nO=', { CN: 'a=b\r\u2028c', O: '' }],
  ['', {}],
  ['nothing like it\n=x', {}],
  ['__proto__=x\nhasOwnProperty=y', JSON.parse('{ "__proto__": "x", "hasOwnProperty": "y" }')],
])) {
  test(`legacy: parseCertString of ${JSON.stringify(text)}`, OURS, (t) => {
    const parsed = t.tls.parseCertString(text)
    assert.isNull(Object.getPrototypeOf(parsed))
    assert.deepEqual(Object.entries(parsed), Object.entries(expected))
  })
}

test('legacy: convertALPNProtocols', (t) => {
  const out = /** @type {any} */ ({})
  t.tls.convertALPNProtocols(['h2', 'http/1.1'], out)
  assert.equal(out.ALPNProtocols.toString(), '\x02h2\x08http/1.1')
  const { buffer } = new Uint8Array(t.Buffer.from('xx\x03abcxx'))
  const views = [new Uint8Array(buffer, 2, 4), new Uint16Array(buffer, 2, 2), new DataView(buffer, 2, 4)]
  const converted = views.map((view) => {
    t.tls.convertALPNProtocols(view, out)
    return out.ALPNProtocols
  })
  new Uint8Array(buffer).fill(0)
  for (const protocols of converted) assert.equal(protocols.toString(), '\x03abc')
})

test('legacy: convertNPNProtocols', OURS, (t) => {
  const out = /** @type {any} */ ({})
  t.tls.convertNPNProtocols(['spdy/3'], out)
  assert.equal(out.NPNProtocols.toString(), '\x06spdy/3')
})

for (const maxVersion of VERSIONS) {
  test(`legacy: NPNProtocols are ALPN's, ${maxVersion}`, OURS, async (t) => {
    const { client, socket } = await t.pair({ NPNProtocols: ['a', 'b'], maxVersion }, { NPNProtocols: ['b', 'c'] })
    assert.deepEqual([client.npnProtocol, socket.npnProtocol, client.alpnProtocol], ['b', 'b', 'b'])
  })

  test(`legacy: an SNICallback of one parameter returns its context, ${maxVersion}`, OURS, async (t) => {
    const { key, cert } = await identity(t)
    const context = t.tls.createSecureContext({ key, cert })
    const asked = []
    const SNICallback = (servername) => {
      asked.push(servername)
      return context
    }
    const { client } = await t.pair({ key: undefined, cert: undefined, SNICallback, maxVersion })
    assert.deepEqual(asked, ['localhost'])
    assert.isTrue(client.authorized)
  })

  test(`legacy: what crypto.createCredentials was, and its context, ${maxVersion}`, OURS, async (t) => {
    const credentials = t.tls.createSecureContext(await identity(t))
    const { client } = await t.pair({ key: undefined, cert: undefined, maxVersion, SNICallback: (_name) => credentials.context })
    assert.isTrue(client.authorized)
  })
}

test('legacy: a newSession listener of two parameters is not waited for', OURS, async (t) => {
  const { constants } = { constants: { SSL_OP_NO_TICKET: 2 ** 14 } }
  const server = await t.server({ maxVersion: 'TLSv1.2', secureOptions: constants.SSL_OP_NO_TICKET })
  const kept = new Map()
  server.on('newSession', (id, data) => void kept.set(id.toString('hex'), data))
  server.on('resumeSession', (id, callback) => callback(null, kept.get(id.toString('hex')) ?? null))
  const { client } = await join(t, server)
  assert.equal(kept.size, 1)
  const { client: again } = await join(t, server, { session: client.getSession() })
  assert.isTrue(again.isSessionReused())
})

test('legacy: a resumeSession listener that has no callback is not waited for', OURS, async (t) => {
  const server = await t.server({ maxVersion: 'TLSv1.2', secureOptions: 2 ** 14 })
  const ids = []
  server.on('newSession', (_id, _data, callback) => callback())
  server.on('resumeSession', (id) => void ids.push(id))
  const { client } = await join(t, server)
  const { client: again } = await join(t, server, { session: client.getSession() })
  assert.isNotEmpty(ids)
  assert.isFalse(again.isSessionReused())
})

test('legacy: a resumeSession listener calls back with an error', async (t) => {
  const server = await t.server({ maxVersion: 'TLSv1.2', secureOptions: 2 ** 14 })
  const mine = new Error('the store is gone')
  server.on('newSession', (_id, _data, callback) => callback())
  const { client } = await join(t, server)
  server.on('resumeSession', (_id, callback) => callback(mine))
  const { error } = await refused(t, server, { session: client.getSession() })
  assert.strictEqual(error, mine)
})

test('legacy: clientError of a handshake that took too long', OURS, async (t) => {
  const server = await t.server({ handshakeTimeout: 50 })
  const told = event(server, 'clientError')
  server.emit('connection', t.duplexPair()[1])
  const [error, { cleartext }] = await told
  assert.equal(error.code, 'ERR_TLS_HANDSHAKE_TIMEOUT')
  assert.instanceOf(cleartext, t.tls.CleartextStream)
  await event(cleartext, 'close')
})

test("legacy: clientError, where nobody listens to 'tlsClientError'", OURS, async (t) => {
  const server = await t.server({ maxVersion: 'TLSv1.2' })
  const told = event(server, 'clientError')
  const client = await begin(t, server, { minVersion: 'TLSv1.3' })
  const end = outcome(client)
  const [error, socket] = await told
  assert.equal(error.code, 'ERR_SSL_UNSUPPORTED_PROTOCOL')
  assert.instanceOf(socket, t.tls.TLSSocket)
  assert.isNotNull((await end).error)
})

test("legacy: clientError is silent where somebody listens to 'tlsClientError'", OURS, async (t) => {
  const server = await t.server({ maxVersion: 'TLSv1.2' })
  let told = 0
  server.on('clientError', () => told++)
  const better = new Promise((resolve) => server.on('tlsClientError', resolve))
  const end = outcome(await begin(t, server, { minVersion: 'TLSv1.3' }))
  await better
  await end
  assert.equal(told, 0)
})

test('legacy: server.connections', { ours: true, only: ['node-20', 'node-26', 'deno', 'bun'], why: 'they listen' }, async (t) => {
  const server = await t.server()
  server.listen(0, '127.0.0.1')
  await event(server, 'listening')
  assert.equal(server.connections, 0)
  const { ca } = await identity(t)
  const accepted = event(server, 'secureConnection')
  t.connect({ port: server.address().port, host: '127.0.0.1', ca })
  await accepted
  assert.equal(server.connections, 1)
})

test('legacy: listen without TCP', { ours: true, only: ['chromium', 'firefox'], why: 'the others have it' }, async (t) => {
  const server = await t.server()
  server.listen(0)
  const [error] = await event(server, 'error')
  assert.equal(error.code, 'ERR_TLS_NO_LISTENER')
})

for (const [what, answer, isTold] of /** @type {[string, (context: any) => any, boolean][]} */ ([
  ['null', () => null, false],
  ['undefined', () => undefined, false],
  ['credentials', (context) => context, true],
  ['their context', (context) => context.context, true],
  ['what has their context', ({ context }) => ({ context }), true],
])) {
  test(`legacy: an SNICallback of one parameter returns ${what}`, OURS, async (t) => {
    const { key, chain } = await t.certificate('sni-a')
    const context = t.tls.createSecureContext({ key, cert: chain })
    const server = await t.server({ SNICallback: (_name) => answer(context) })
    const { client } = await join(t, server, { servername: 'a.test', rejectUnauthorized: false })
    assert.equal(client.getPeerCertificate().subject.CN, isTold ? 'a.test' : 'localhost')
  })
}

for (const [what, fails, message] of /** @type {[string, () => any, string][]} */ ([
  ['returns what is no context', () => ({ context: {} }), 'Invalid SNI context'],
  [
    'throws',
    () => {
      throw new TypeError('thrown by a callback')
    },
    'thrown by a callback',
  ],
])) {
  test(`legacy: an SNICallback of one parameter ${what}`, OURS, async (t) => {
    const server = await t.server({ SNICallback: (_name) => fails() })
    const { error } = await refused(t, server)
    assert.instanceOf(error, TypeError)
    assert.equal(error.message, message)
  })
}

test('legacy: addContext takes credentials of old', OURS, async (t) => {
  const server = await t.server()
  const { key, chain } = await t.certificate('sni-a')
  const credentials = t.tls.createSecureContext({ key, cert: chain })
  for (const given of [credentials.context, { context: credentials.context }]) {
    server.addContext('*.test', given)
    const { client } = await join(t, server, { servername: 'a.test' })
    assert.equal(client.getPeerCertificate().subject.CN, 'a.test')
  }
})

test('legacy: addContext takes key, cert and ca, for a pattern of names', async (t) => {
  const server = await t.server()
  const { key, chain, ca } = await t.certificate('sni-a')
  server.addContext('*.test', { key, cert: chain, ca })
  const { client } = await join(t, server, { servername: 'a.test' })
  assert.equal(client.getPeerCertificate().subject.CN, 'a.test')
})

test('legacy: the default cipher list of old leaves usable suites', async (t) => {
  const { client } = await t.pair({ ciphers: CIPHERS_OF_OLD, honorCipherOrder: true, maxVersion: 'TLSv1.2' }, { ciphers: CIPHERS_OF_OLD })
  assert.match(client.getCipher().name, /^ECDHE-ECDSA-/)
})

test('legacy: NPNProtocols are bytes, or in vain where ALPNProtocols are given', OURS, async (t) => {
  const { client } = await t.pair({ NPNProtocols: ['a', 'b'] }, { NPNProtocols: t.Buffer.from('\x01b\x01c') })
  assert.equal(client.npnProtocol, 'b')
  const pair = await t.pair({ NPNProtocols: ['a'], ALPNProtocols: ['b'] }, { ALPNProtocols: ['a', 'b'] })
  assert.equal(pair.client.npnProtocol, 'b')
  const without = await t.pair({}, { NPNProtocols: ['a'] })
  assert.deepEqual([without.client.npnProtocol, without.socket.npnProtocol], [false, false])
})

for (const [what, trusted] of /** @type {const} */ ([
  ['trusts', true],
  ['does not trust', false],
])) {
  test(`legacy: ssl.verifyError of a constructed socket that ${what} the server`, async (t) => {
    const server = await t.server()
    const [near, far] = t.duplexPair()
    server.emit('connection', far)
    const { ca } = await identity(t)
    const secureContext = t.tls.createSecureContext(trusted ? { ca } : {})
    const options = { isServer: false, requestCert: true, rejectUnauthorized: false, secureContext }
    const socket = /** @type {any} */ (t.track(new t.tls.TLSSocket(near, options)))
    // In Node it does not start by itself.
    socket._start()
    await event(socket, 'secure')
    const problem = socket.ssl.verifyError()
    assert.equal(problem?.code, trusted ? undefined : 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
    if (!trusted) assert.include(problem.message, 'unable to verify the first certificate')
    const closed = event(socket, 'close')
    socket.destroy()
    await closed
    assert.isNull(socket.ssl)
  })
}

test('legacy: _tlsError tells of what a constructed socket fails with, and nobody need listen', async (t) => {
  for (const listens of [true, false]) {
    const [near, far] = t.duplexPair()
    const socket = t.track(new t.tls.TLSSocket(far, { isServer: true, ...(await identity(t)) }))
    const told = []
    if (listens) socket.on('_tlsError', (error) => told.push(error.code))
    near.write('this is no ClientHello, nor anything like it')
    // An error that reached the top would fail the test.
    await new Promise((resolve) => socket.once('close', resolve))
    assert.deepEqual(told, listens ? ['ERR_SSL_WRONG_VERSION_NUMBER'] : [])
  }
})

test('legacy: setOptions', async (t) => {
  const server = await t.server()
  // Node 26 has it no more.
  if (t.isReference && !server.setOptions) return
  server.setOptions({ requestCert: true, rejectUnauthorized: false, ALPNProtocols: ['b'], honorCipherOrder: false })
  assert.deepEqual([server.requestCert, server.rejectUnauthorized, server.honorCipherOrder], [true, false, false])
  const { key, certificate } = await t.certificate('client')
  const { client, socket } = await join(t, server, { key, cert: certificate, ALPNProtocols: ['a', 'b'] })
  assert.equal(client.alpnProtocol, 'b')
  assert.equal(socket.getPeerCertificate().subject.CN, 'isomorphic-tls test client')
})

/** The echo server of the documents of v0.8 and v0.10; resolves with its port. */
async function echo(t, listen) {
  const { key, cert } = await identity(t)
  const server = t.tls.createServer({ key, cert }, (cleartextStream) => {
    t.track(cleartextStream)
    cleartextStream.write('welcome!\n')
    cleartextStream.setEncoding('utf8')
    cleartextStream.pipe(cleartextStream)
  })
  t.after(() => server.close())
  await new Promise((resolve) => listen(server, resolve))
  return server
}

for (const [what, connect] of /** @type {[string, (tls: any, port: number, options: any, listener: any) => any][]} */ ([
  ['port, host, options, listener', (tls, port, options, listener) => tls.connect(port, '127.0.0.1', options, listener)],
  ['port, options, listener', (tls, port, options, listener) => tls.connect(port, { ...options, host: '127.0.0.1' }, listener)],
  ['options, listener', (tls, port, options, listener) => tls.connect({ port, host: '127.0.0.1', ...options }, listener)],
])) {
  test(`legacy: the echo of the documents, tls.connect(${what})`, LISTENING, async (t) => {
    const server = await echo(t, (listening, callback) => listening.listen(0, '127.0.0.1', callback))
    const { address, family, port } = server.address()
    assert.deepEqual([address, family], ['127.0.0.1', 'IPv4'])
    const { ca } = await identity(t)
    const cleartextStream = await new Promise((resolve) => {
      const stream = connect(t.tls, port, { ca: [ca] }, () => resolve(stream))
    })
    t.track(cleartextStream)
    assert.isTrue(cleartextStream.authorized)
    assert.deepEqual([cleartextStream.remoteAddress, cleartextStream.remotePort], ['127.0.0.1', port])
    assert.deepInclude(cleartextStream.address(), { address: '127.0.0.1', family: 'IPv4', port: cleartextStream.localPort })
    const { subject, issuer, valid_from, valid_to, fingerprint } = cleartextStream.getPeerCertificate()
    assert.deepEqual([subject.CN, issuer.CN], ['localhost', 'isomorphic-tls test CA'])
    assert.match(valid_from, /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4} GMT$/)
    assert.match(valid_to, / GMT$/)
    assert.match(fingerprint, /^([0-9A-F]{2}:){19}[0-9A-F]{2}$/)
    assert.hasAllKeys(cleartextStream.getCipher(), ['name', 'standardName', 'version'])
    cleartextStream.end('hello')
    assert.equal(String(t.Buffer.from(await readAll(cleartextStream))), 'welcome!\nhello')
    const closed = event(server, 'close')
    server.close()
    await closed
  })
}

/** What each old name warns with. */
const WARNINGS = {
  DEP0010: 'crypto.createCredentials is deprecated. Use tls.createSecureContext instead.',
  DEP0020: 'Server.connections property is deprecated. Use Server.getConnections method instead.',
  DEP0064: 'tls.createSecurePair() is deprecated. Please use tls.TLSSocket instead.',
  DEP0076: 'tls.parseCertString() is deprecated. Please use querystring.parse() instead.',
  DEP0107: 'tls.convertNPNProtocols() is deprecated.',
  DEP0122: 'Server.prototype.setOptions() is deprecated',
  TLS_CLIENT_ERROR: "The event 'clientError' of tls.Server is deprecated. Use 'tlsClientError' instead.",
  TLS_NPN: 'NPN is gone from TLS: NPNProtocols is taken as ALPNProtocols.',
}

test('legacy: each old name warns once', PROCESSES, async (t) => {
  const { result } = await evaluate(t, async (tls) => {
    const { default: process } = await import('node:process')
    const { Duplex } = await import('node:stream')
    const told = []
    process.on('warning', (/** @type {any} */ { name, code, message }) => told.push([name, code, message]))
    for (let round = 0; round < 2; round++) {
      tls.createSecurePair?.().destroy()
      tls.createCredentials?.()
      tls.parseCertString?.('C=UK')
      tls.convertNPNProtocols?.(['a'], {})
      const server = tls.createServer(tls.createCredentials ? { NPNProtocols: ['a'] } : {})
      server.setOptions?.({})
      void server.connections
      server.on('clientError', () => {})
      const connection = new Duplex({ read() {}, write: (_chunk, _encoding, callback) => callback() })
      server.emit('connection', connection)
      connection.push('this is no ClientHello, nor anything like it')
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    return told
  })
  const codes = result.map(([, code]) => code)
  assert.deepEqual(codes, [...new Set(codes)], 'each once')
  for (const [name, code, message] of result) {
    assert.equal(name, 'DeprecationWarning', code)
    assert.equal(message, WARNINGS[code], code)
  }
  // Node 26 has none of these names, Node 20 three of them.
  if (!t.isReference) assert.sameMembers(codes, Object.keys(WARNINGS))
})

test('legacy: names that nobody calls do not warn', PROCESSES, async (t) => {
  const { result } = await evaluate(t, async (tls) => {
    const { default: process } = await import('node:process')
    const told = []
    process.on('warning', (warning) => told.push(/** @type {any} */ (warning).code))
    const copy = { ...tls }
    const server = tls.createServer({ ALPNProtocols: ['a'] })
    await new Promise((resolve) => setTimeout(resolve, 50))
    return [typeof copy.TLSSocket, typeof server, told]
  })
  assert.deepEqual(result, ['function', 'object', []])
})

test('legacy: createCredentials', OURS, async (t) => {
  const { key, cert } = await identity(t)
  const credentials = t.tls.createCredentials({ key, cert })
  assert.instanceOf(credentials, t.tls.SecureContext)
  const { client } = await t.pair({ key: undefined, cert: undefined, SNICallback: (_name) => credentials.context })
  assert.isTrue(client.authorized)
})
