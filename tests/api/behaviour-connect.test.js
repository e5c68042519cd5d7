// What Node's tls does with the options of a connection, and users count on. What other tests show of this:
//   1  connect.test.js: timeout, custom lookup             5  secure-context.test.js: DEFAULT_MIN_VERSION, DEFAULT_MAX_VERSION,
//   2  connect.test.js: path, tls-socket.test.js: late        the current createSecureContext in connect
//      listeners                                           6  secure-context.test.js: type errors of a number, null, falsy values
//   3  connect.test.js: AbortError at each moment          7  secure-context.test.js: an unknown method
//   4  connect.test.js: localhost, check-server-identity   8  connect.test.js: sockets that are connected, connecting, connect later
//      .test.js: reasons, verification.test.js: cn-only
import { assert, event, outcome, test } from '../harness.js'

const CONSOLES = ['node-20', 'node-26', 'deno', 'bun']
const NODE = { only: ['node-20', 'node-26'], why: "what is passed on is for Node's net" }

/** Say something to an echoing peer and check what comes back: the connection works. */
async function echoes(socket) {
  socket.write('hello')
  const [chunk] = await event(socket, 'data')
  assert.equal(String(chunk), 'hello')
}

function thrownBy(run) {
  try {
    run()
    return null
  } catch (error) {
    return error
  }
}

/** Set fields of the module until the test is over. */
function replace(t, values) {
  const own = Object.fromEntries(Object.keys(values).map((name) => [name, t.tls[name]]))
  t.after(() => Object.assign(t.tls, own))
  Object.assign(t.tls, values)
}

/** What a custom `lookup` is asked, for options of `connect`. */
async function lookupFor(t, options) {
  const peer = await t.peer()
  const asked = []
  const lookup = (...parameters) => {
    const callback = parameters.pop()
    asked.push(parameters)
    if (parameters[1].all) callback(null, [{ address: peer.host, family: 4 }])
    else callback(null, peer.host, 4)
  }
  await event(t.connect({ port: peer.port, ca: peer.ca, lookup, ...options }), 'secureConnect')
  assert.lengthOf(asked, 1)
  return asked[0]
}

test('behaviour 1: without a host, lookup is asked for localhost', NODE, async (t) => {
  const hints = 512
  assert.deepEqual(await lookupFor(t, { hints }), ['localhost', { family: undefined, hints, all: true }])
})

test('behaviour 1: family and host reach lookup', NODE, async (t) => {
  const [host, { family, hints }] = await lookupFor(t, { host: 'x.wild.test', family: 4, hints: 0 })
  assert.deepEqual([host, family, hints], ['x.wild.test', 4, 0])
})

test('behaviour 1: localAddress reaches net', { only: CONSOLES, why: 'addresses of TCP' }, async (t) => {
  const peer = await t.peer()
  const socket = t.connect(t.to(peer, { localAddress: '127.0.0.1' }))
  await event(socket, 'secureConnect')
  assert.equal(socket.localAddress, '127.0.0.1')
})

for (const highWaterMark of [0, 1, 1000, 100_000, undefined]) {
  test(`behaviour 1: highWaterMark ${highWaterMark}`, async (t) => {
    const peer = await t.peer()
    const expected = highWaterMark ?? new t.Duplex().readableHighWaterMark
    for (const more of [{}, { socket: await t.transport(peer), servername: 'localhost' }]) {
      const socket = t.connect(t.to(peer, { ...more, highWaterMark }))
      assert.deepEqual([socket.readableHighWaterMark, socket.writableHighWaterMark], [expected, expected])
      await event(socket, 'secureConnect')
      await echoes(socket)
    }
  })
}

test('behaviour 2: over a path, the name that is checked is localhost', { only: CONSOLES, why: 'Unix sockets' }, async (t) => {
  const peer = await t.peer({ path: true, certificate: 'cn-only' })
  const socket = t.connect({ path: peer.path, ca: peer.ca })
  await event(socket, 'secureConnect')
  assert.isTrue(socket.authorized)
})

test('behaviour 2: a path that leads nowhere, and listeners that come too late', {
  only: CONSOLES,
  why: 'Unix sockets',
}, async (t) => {
  const path = '/nowhere/isomorphic-tls'
  const socket = t.connect(path)
  const { error, events } = await outcome(socket)
  assert.deepEqual([error.code, error.syscall, error.address], ['ENOENT', 'connect', path])
  assert.deepEqual(events, ['error', 'close'])
  for (const name of ['connect', 'secureConnect', 'session', 'keylog', 'data', 'end', 'error', 'close']) {
    socket.on(name, () => assert.fail(`'${name}' after 'close'`))
  }
  await t.sleep(20)
})

/** Count the listeners that a signal is given for 'abort'. */
function watched(signal) {
  const counts = { added: 0, removed: 0 }
  for (const [method, field] of [
    ['addEventListener', 'added'],
    ['removeEventListener', 'removed'],
  ]) {
    const own = signal[method]
    signal[method] = (name, ...more) => {
      if (name === 'abort') counts[field]++
      return own.call(signal, name, ...more)
    }
  }
  return counts
}

/** Ways to make a socket that a signal may abort. */
const ABORTABLE = {
  'tls.connect': async (t, signal) => t.connect(t.to(await t.peer(), { signal })),
  'tls.connect over a Duplex': async (t, signal) => t.connect({ socket: t.duplexPair()[0], signal }),
  'new TLSSocket': async (t, signal) => t.track(new t.tls.TLSSocket(t.duplexPair()[0], { signal })),
  'new TLSSocket without a socket': async (t, signal) => t.track(new t.tls.TLSSocket(undefined, { signal })),
}

for (const [what, make] of Object.entries(ABORTABLE)) {
  test(`behaviour 3: one abort listener, ${what}`, async (t) => {
    const { signal } = new AbortController()
    const counts = watched(signal)
    const socket = await make(t, signal)
    assert.deepEqual(counts, { added: 1, removed: 0 })
    socket.destroy()
    await event(socket, 'close')
    // It is gone with the socket, if not at the same moment.
    while (counts.removed === 0) await t.sleep(5)
    // In the next turn Node's net adds another one for itself, and leaves it there.
    if (!t.isReference) assert.deepEqual(counts, { added: 1, removed: 1 })
  })

  test(`behaviour 3: no listener on a signal that is aborted already, ${what}`, async (t) => {
    const signal = AbortSignal.abort('why not')
    const counts = watched(signal)
    const { error, events } = await outcome(await make(t, signal))
    assert.deepEqual([error.name, error.code, error.cause], ['AbortError', 'ABORT_ERR', 'why not'])
    assert.deepEqual(events, ['error', 'close'])
    assert.equal(counts.added, 0)
  })

  test(`behaviour 3: a signal that is aborted later, ${what}`, async (t) => {
    const controller = new AbortController()
    const socket = await make(t, controller.signal)
    const told = outcome(socket)
    controller.abort()
    assert.isTrue(socket.destroyed)
    const { error, hadError } = await told
    assert.deepEqual([error.name, error.code, error.message], ['AbortError', 'ABORT_ERR', 'The operation was aborted'])
    assert.isTrue(hadError)
  })
}

test('behaviour 4: without a host, another name than localhost is refused', async (t) => {
  const peer = await t.peer({ certificate: 'wrong-name' })
  const { error } = await outcome(t.connect({ port: peer.port, ca: peer.ca }))
  assert.equal(error.code, 'ERR_TLS_CERT_ALTNAME_INVALID')
  assert.equal(error.reason, "Host: localhost. is not in the cert's altnames: DNS:other.test")
  assert.equal(error.host, 'localhost')
})

test('behaviour 4: over a given socket, without any name, it is localhost', async (t) => {
  for (const certificate of ['ecdsa-p256', 'cn-only', 'wrong-name']) {
    const peer = await t.peer({ certificate })
    let asked
    const checkServerIdentity = (name, presented) => {
      asked = name
      return t.tls.checkServerIdentity(name, presented)
    }
    const socket = t.connect({ socket: await t.transport(peer), ca: peer.ca, rejectUnauthorized: false, checkServerIdentity })
    await event(socket, 'secureConnect')
    assert.equal(asked, 'localhost')
    assert.equal(socket.authorized, certificate !== 'wrong-name')
  }
})

test('behaviour 4: the CN counts only where there is no SAN', async (t) => {
  for (const [servername, reason] of [
    ['localhost', undefined],
    ['other.test', "Host: other.test. is not cert's CN: localhost"],
  ]) {
    const peer = await t.peer({ certificate: 'cn-only' })
    const socket = t.connect(t.to(peer, { servername, rejectUnauthorized: false }))
    await event(socket, 'secureConnect')
    assert.equal(socket.authorized, reason === undefined)
    assert.strictEqual(t.tls.checkServerIdentity(servername, socket.getPeerCertificate())?.reason, reason)
  }
  // Of the SANs only names keep the CN from being asked.
  const addressOnly = { subject: { CN: 'localhost' }, subjectaltname: 'IP Address:127.0.0.1' }
  assert.isUndefined(t.tls.checkServerIdentity('localhost', addressOnly))
  const otherName = { subject: { CN: 'localhost' }, subjectaltname: 'DNS:other.test' }
  assert.equal(t.tls.checkServerIdentity('localhost', otherName).reason, "Host: localhost. is not in the cert's altnames: DNS:other.test")
})

const SUITES = ['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384']

for (const name of SUITES) {
  test(`behaviour 5: DEFAULT_CIPHERS ${name}, a client`, async (t) => {
    const peer = await t.peer({ maxVersion: 'TLSv1.2' })
    replace(t, { DEFAULT_CIPHERS: name })
    const socket = t.connect(t.to(peer))
    await event(socket, 'secureConnect')
    assert.equal(socket.getCipher().name, name)
  })

  test(`behaviour 5: DEFAULT_CIPHERS ${name}, a server`, async (t) => {
    const { DEFAULT_CIPHERS } = t.tls
    replace(t, { DEFAULT_CIPHERS: name })
    const server = await t.server({ maxVersion: 'TLSv1.2' })
    t.tls.DEFAULT_CIPHERS = DEFAULT_CIPHERS
    const [near, far] = t.duplexPair()
    server.emit('connection', far)
    const socket = t.connect({ socket: near, rejectUnauthorized: false })
    await event(socket, 'secureConnect')
    assert.equal(socket.getCipher().name, name)
  })
}

test('behaviour 5: defaults that are none are errors of the call that reads them', (t) => {
  for (const [values, code] of /** @type {const} */ ([
    [{ DEFAULT_CIPHERS: 'NO-SUCH-CIPHER' }, 'ERR_SSL_NO_CIPHER_MATCH'],
    [{ DEFAULT_MAX_VERSION: 'x' }, 'ERR_TLS_INVALID_PROTOCOL_VERSION'],
    [{ DEFAULT_MIN_VERSION: 'x' }, 'ERR_TLS_INVALID_PROTOCOL_VERSION'],
  ])) {
    const own = Object.fromEntries(Object.keys(values).map((name) => [name, t.tls[name]]))
    Object.assign(t.tls, values)
    const errors = [() => t.tls.createSecureContext(), () => t.connect({ port: 1 })].map(thrownBy)
    Object.assign(t.tls, own)
    for (const error of errors) assert.equal(error?.code, code, JSON.stringify(values))
  }
})

test('behaviour 5: the default versions count for servers', async (t) => {
  for (const [values, version] of /** @type {const} */ ([
    [{ DEFAULT_MAX_VERSION: 'TLSv1.2' }, 'TLSv1.2'],
    [{ DEFAULT_MIN_VERSION: 'TLSv1.3' }, 'TLSv1.3'],
  ])) {
    const { DEFAULT_MAX_VERSION, DEFAULT_MIN_VERSION } = t.tls
    replace(t, values)
    const server = await t.server()
    Object.assign(t.tls, { DEFAULT_MAX_VERSION, DEFAULT_MIN_VERSION })
    const [near, far] = t.duplexPair()
    server.emit('connection', far)
    const socket = t.connect({ socket: near, rejectUnauthorized: false })
    await event(socket, 'secureConnect')
    assert.equal(socket.getProtocol(), version)
    const other = t.duplexPair()
    server.emit('connection', other[1])
    const refused = { minVersion: version === 'TLSv1.2' ? 'TLSv1.3' : undefined, maxVersion: version === 'TLSv1.3' ? 'TLSv1.2' : undefined }
    const { error } = await outcome(t.connect({ socket: other[0], rejectUnauthorized: false, ...refused }))
    assert.equal(error.code, 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION')
  }
})

test("behaviour 5: a server uses the module's current createSecureContext", async (t) => {
  const asked = []
  const own = t.tls.createSecureContext
  replace(t, {
    createSecureContext: (options) => {
      asked.push(options)
      return own(options)
    },
  })
  await t.server({ maxVersion: 'TLSv1.2' })
  assert.deepEqual(
    asked.map(({ maxVersion }) => maxVersion),
    ['TLSv1.2'],
  )
})

/** Not `ecdhCurve`: Node takes null there for a wrong type. */
const UNSET = [
  ...['ca', 'cert', 'key', 'pfx', 'passphrase', 'crl', 'dhparam', 'ciphers', 'sigalgs', 'minVersion', 'maxVersion', 'secureProtocol'],
  ...['secureOptions', 'honorCipherOrder', 'sessionIdContext', 'sessionTimeout', 'ticketKeys', 'allowPartialTrustChain'],
  ...['clientCertEngine', 'privateKeyEngine', 'privateKeyIdentifier', 'certificateCompression'],
]

for (const name of UNSET) {
  test(`behaviour 6: null and undefined mean unset, ${name}`, async (t) => {
    for (const value of [null, undefined]) {
      const context = t.tls.createSecureContext({ [name]: value })
      assert.instanceOf(context, t.tls.SecureContext)
      assert.throws(() => t.connect({ port: -1, host: 'localhost', [name]: value }), /port/i)
    }
  })

  test(`behaviour 6: null and undefined mean unset for a server, ${name}`, (t) => {
    for (const value of [null, undefined]) assert.instanceOf(t.tls.createServer({ [name]: value }), t.tls.Server)
  })
}

const WANTED = 'must be of type string or an instance of Buffer, TypedArray, or DataView.'

/** @type {[string, (good: any) => any, string][]} a title, what is given where `good` is right, and what Node says it received */
const WRONG = [
  ['true', () => true, 'type boolean (true)'],
  ['a number', () => 5, 'type number (5)'],
  ['an object', () => ({}), 'an instance of Object'],
  ['a function', () => function ofThisName() {}, 'function ofThisName'],
  ['an array with true', () => [true], 'type boolean (true)'],
  ['an array with a function', () => [() => {}], 'function '],
  ['a good one and a number', (good) => [good, 5], 'type number (5)'],
  ['a number and a good one', (good) => [5, good], 'type number (5)'],
  ['a good one and false', (good) => [good, false], 'type boolean (false)'],
  ['a good one and null', (good) => [good, null], 'null'],
]

for (const name of ['key', 'cert', 'ca']) {
  for (const [title, make, received] of WRONG) {
    test(`behaviour 6: options.${name} is ${title}`, async (t) => {
      const { key, certificate, ca } = await t.certificate('ecdsa-p256')
      const good = { key, cert: certificate, ca }
      const options = { ...good, [name]: make(good[name]) }
      const error = thrownBy(() => t.tls.createSecureContext(options))
      assert.instanceOf(error, TypeError)
      assert.equal(error.code, 'ERR_INVALID_ARG_TYPE')
      assert.equal(error.message, `The "options.${name}" property ${WANTED} Received ${received}`)
    })
  }
}

test('behaviour 6: a wrong key, cert or ca of a server is named', (t) => {
  for (const name of ['key', 'cert', 'ca']) {
    const error = thrownBy(() => t.tls.createServer({ [name]: 5 }))
    assert.equal(error?.code, 'ERR_INVALID_ARG_TYPE')
    assert.equal(error.message, `The "options.${name}" property ${WANTED} Received type number (5)`)
  }
})

test('behaviour 6: a falsy key, cert or ca of a server is none', (t) => {
  for (const value of [false, '', 0, null, undefined, []]) {
    for (const name of ['key', 'cert', 'ca']) assert.instanceOf(t.tls.createServer({ [name]: value }), t.tls.Server)
  }
})

/** Forms in which `key` and `cert` may be given. */
const FORMS = {
  strings: (_, pem) => pem,
  Buffers: (t, pem) => t.Buffer.from(pem),
  Uint8Arrays: (_, pem) => new TextEncoder().encode(pem),
  DataViews: (_, pem) => new DataView(new TextEncoder().encode(pem).buffer),
  'arrays of one': (t, pem) => [t.Buffer.from(pem)],
}

for (const [form, make] of Object.entries(FORMS)) {
  test(`behaviour 6: key and cert as ${form}`, async (t) => {
    const { key, certificate } = await t.certificate('client')
    const peer = await t.peer({ requestCert: true })
    const socket = t.connect(t.to(peer, { key: make(t, key), cert: make(t, certificate) }))
    await event(socket, 'secureConnect')
    assert.equal((await peer.secured()).clientCertificate, 'isomorphic-tls test client')
  })
}

test('behaviour 7: a servername that is an address', { only: CONSOLES, why: 'warnings of a process' }, async (t) => {
  const peer = await t.peer()
  const warning = event(globalThis.process, 'warning')
  const error = thrownBy(() => t.connect(t.to(peer, { servername: '127.0.0.1' })))
  if (error) {
    // Newer versions of Node refuse.
    assert.isTrue(t.isReference)
    assert.equal(error.code, 'ERR_INVALID_ARG_VALUE')
    assert.include(error.message, 'Setting the TLS ServerName to an IP address is not permitted')
    return
  }
  const [{ name, code, message }] = await warning
  assert.deepEqual([name, code], ['DeprecationWarning', 'DEP0123'])
  assert.include(message, 'Setting the TLS ServerName to an IP address is not permitted by RFC 6066.')
})

test('behaviour 7: methods that name a version or none', (t) => {
  for (const version of ['TLS', 'SSLv23', 'TLSv1', 'TLSv1_1', 'TLSv1_2']) {
    for (const side of ['', '_client', '_server']) {
      const secureProtocol = `${version}${side}_method`
      assert.instanceOf(t.tls.createSecureContext({ secureProtocol }), t.tls.SecureContext, secureProtocol)
    }
  }
})

test('behaviour 7: methods that there are none of', (t) => {
  for (const [secureProtocol, message] of [
    ['SSLv2_method', 'SSLv2 methods disabled'],
    ['SSLv2_client_method', 'SSLv2 methods disabled'],
    ['SSLv3_method', 'SSLv3 methods disabled'],
    ['SSLv3_server_method', 'SSLv3 methods disabled'],
    ['TLSv1_3_method', 'Unknown method: TLSv1_3_method'],
    ['tls_method', 'Unknown method: tls_method'],
    ['blah', 'Unknown method: blah'],
  ]) {
    for (const run of [() => t.tls.createSecureContext({ secureProtocol }), () => t.connect({ port: 1, secureProtocol })]) {
      const error = thrownBy(run)
      assert.instanceOf(error, TypeError)
      assert.equal(error.code, 'ERR_TLS_INVALID_PROTOCOL_METHOD')
      assert.equal(error.message, message)
    }
  }
})

test('behaviour 7: a method that names a version agrees on it', async (t) => {
  const peer = await t.peer()
  const socket = t.connect(t.to(peer, { secureProtocol: 'TLSv1_2_method' }))
  await event(socket, 'secureConnect')
  assert.equal(socket.getProtocol(), 'TLSv1.2')
})

const LEGACY = [
  ...['AES128-SHA', 'AES256-SHA256', 'AES128-GCM-SHA256', 'DHE-RSA-AES128-GCM-SHA256', 'DHE-RSA-AES256-SHA', 'ECDHE-RSA-AES128-SHA'],
  ...['ECDHE-ECDSA-AES256-SHA384', 'RSA', 'DHE', 'HIGH', '!aNULL', '!MD5'],
]

test('behaviour 7: legacy names in ciphers, as long as one usable suite is left', async (t) => {
  const peer = await t.peer({ maxVersion: 'TLSv1.2', ciphers: SUITES[0] })
  const contexts = LEGACY.map((name) => t.tls.createSecureContext({ ca: peer.ca, ciphers: `${name}:${SUITES[0]}` }))
  for (const secureContext of [...contexts, t.tls.createSecureContext({ ca: peer.ca, ciphers: `${LEGACY.join(':')}:${SUITES[0]}` })]) {
    const socket = t.connect({ port: peer.port, host: peer.host, secureContext })
    await event(socket, 'secureConnect')
    assert.equal(socket.getCipher().name, SUITES[0])
  }
})

for (const ciphers of ['NO-SUCH-CIPHER', 'NO-SUCH-CIPHER:NOR-THIS', '!ALL']) {
  test(`behaviour 7: ciphers that leave none, ${ciphers}`, (t) => {
    const options = { ciphers, maxVersion: /** @type {const} */ ('TLSv1.2') }
    for (const run of [() => t.tls.createSecureContext(options), () => t.connect({ port: 1, ...options })]) {
      const error = thrownBy(run)
      assert.instanceOf(error, Error)
      assert.match(error.message, /no cipher match/)
      assert.equal(error.code, 'ERR_SSL_NO_CIPHER_MATCH')
    }
  })
}

test('behaviour 7: legacy ciphers alone leave none', { ours: true }, (t) => {
  for (const ciphers of ['AES128-SHA', 'DHE-RSA-AES128-GCM-SHA256:AES256-SHA256']) {
    const error = thrownBy(() => t.tls.createSecureContext({ ciphers, maxVersion: 'TLSv1.2' }))
    assert.match(error?.message, /no cipher match/)
    assert.equal(error.code, 'ERR_SSL_NO_CIPHER_MATCH')
  }
})

/** Things that `{ socket }` may be, before they are connected. */
const UNCONNECTED = {
  'an unconnected net.Socket': (t) => t.track(new t.net.Socket()),
  'a connecting net.Socket': (t, peer) => t.track(t.net.connect(peer.port, peer.host)),
}

for (const [what, make] of Object.entries(UNCONNECTED)) {
  const options = { only: CONSOLES, why: 'sockets of net' }

  test(`behaviour 8: over ${what}, readable and writable are true at once`, options, async (t) => {
    const peer = await t.peer()
    const socket = t.connect({ socket: make(t, peer), ca: peer.ca, servername: 'localhost' })
    assert.deepEqual([socket.readable, socket.writable, socket.destroyed], [true, true, false])
  })

  for (const layer of ['raw', 'tls']) {
    test(`behaviour 8: over ${what}, the ${layer} layer is destroyed at once`, options, async (t) => {
      const peer = await t.peer()
      const raw = make(t, peer)
      const socket = t.connect({ socket: raw, ca: peer.ca, servername: 'localhost' })
      const closed = new Promise((resolve) => raw.on('close', resolve))
      const told = outcome(socket)
      if (layer === 'raw') raw.destroy()
      else socket.destroy()
      assert.deepEqual((await told).events, ['close'])
      await closed
      assert.isTrue(raw.destroyed && socket.destroyed)
    })
  }
}

/** Moments in the life of a TLS socket over a Duplex; each calls back once. */
const MOMENTS = {
  'at once': (_socket, _raw, act) => act(),
  'in a microtask': (_socket, _raw, act) => queueMicrotask(act),
  'in a timer': (_socket, _raw, act) => setTimeout(act, 0),
  "at the first bytes of the peer's": (_socket, raw, act) => raw.once('data', act),
  'in secureConnect': (socket, _raw, act) => socket.on('secureConnect', act),
  'in a turn after secureConnect': (socket, _raw, act) => socket.on('secureConnect', () => setTimeout(act, 0)),
}

for (const [moment, arrange] of Object.entries(MOMENTS)) {
  for (const layer of ['raw', 'tls']) {
    test(`behaviour 8: the ${layer} layer is destroyed ${moment}`, async (t) => {
      const peer = await t.peer({ behaviour: 'silent' })
      const stream = await t.transport(peer)
      // In front of the transport, so that a listener for its data is the test's and not the module's.
      const [raw, other] = t.duplexPair()
      stream.pipe(other).pipe(stream)
      const socket = t.connect({ socket: raw, ca: peer.ca, servername: 'localhost' })
      const written = new Promise((resolve) => socket.write('waiting', resolve))
      const closed = new Promise((resolve) => raw.on('close', resolve))
      const told = outcome(socket)
      let acted = false
      arrange(socket, raw, () => {
        if (acted) return
        acted = true
        if (layer === 'raw') raw.destroy()
        else socket.destroy()
      })
      const { events, data } = await told
      assert.isTrue(acted)
      // A write that was under way may be told as an error, and after 'close'.
      assert.lengthOf(
        events.filter((name) => name === 'close'),
        1,
      )
      assert.notInclude(events, 'end')
      assert.deepEqual(data, [])
      await Promise.all([closed, written])
      assert.isTrue(raw.destroyed && socket.destroyed)
    })
  }
}
