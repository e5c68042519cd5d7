// The engine behind the module: how it is brought, and what is left when it fails.
import { assert, event, outcome, test } from '../harness.js'

const CONSOLES = ['node-20', 'node-26', 'deno', 'bun']
const BUNDLED = ['node-20', 'node-26', 'bun']

/** Write, and wait for the same to come back. */
async function echoes(socket, text = 'echo') {
  socket.write(text)
  const [chunk] = await event(socket, 'data')
  assert.equal(String(chunk), text)
}

test('engine: a trap fails its connections, and the next one finds a fresh instance', { ours: true }, async (t) => {
  const peer = await t.peer()
  const secureContext = t.tls.createSecureContext({ ca: peer.ca })
  const [one, other] = [1, 2].map(() => t.connect(t.to(peer, { secureContext, ca: undefined })))
  await Promise.all([event(one, 'secureConnect'), event(other, 'secureConnect')])
  await echoes(one)

  // They listen from here on: the next step, and with it the error, may be one of the peer's.
  const outcomes = [one, other].map(outcome)
  assert.throws(() => t.tls[Symbol.for('isomorphic-tls.trap')](), /was replaced/)
  for (const lost of [one, other]) lost.write('into the void')
  for (const { error, data, hadError } of await Promise.all(outcomes)) {
    assert.equal(error.code, 'ERR_TLS_ENGINE_FAILED')
    assert.deepEqual(data, [])
    assert.isTrue(hadError)
  }
  const next = t.connect(t.to(peer, { secureContext, ca: undefined }))
  await event(next, 'secureConnect')
  assert.isTrue(next.authorized)
  await echoes(next)
})

test('engine: a trap during a handshake', { ours: true }, async (t) => {
  const peer = await t.peer()
  const checkServerIdentity = () => {
    t.tls[Symbol.for('isomorphic-tls.trap')]()
  }
  const { error, events } = await outcome(t.connect(t.to(peer, { checkServerIdentity })))
  assert.equal(error.code, 'ERR_TLS_ENGINE_FAILED')
  assert.notInclude(events, 'secureConnect')
})

test('engine: where there is no room for what a connection received, only that connection fails', {
  ours: true,
  only: ['node-20', 'node-26'],
  why: 'elsewhere the buffers are made in other ways',
}, async (t) => {
  const [one, other] = [await t.pair(), await t.pair()]
  const { Buffer } = await import('node:buffer')
  const { allocUnsafeSlow } = Buffer
  const length = 12_345
  Buffer.allocUnsafeSlow = (size) => {
    if (size === length) throw new RangeError('Array buffer allocation failed')
    return allocUnsafeSlow(size)
  }
  try {
    const failed = outcome(one.client)
    one.socket.on('error', () => {})
    one.socket.write(Buffer.alloc(length))
    const { error } = await failed
    assert.equal(error.code, 'ERR_MEMORY_ALLOCATION_FAILED')
    assert.equal(error.cause.message, 'Array buffer allocation failed')
  } finally {
    Buffer.allocUnsafeSlow = allocUnsafeSlow
  }
  other.socket.write(Buffer.alloc(length))
  const [chunk] = await event(other.client, 'data')
  assert.lengthOf(chunk, length)
})

test('engine: a slim entry waits for its engine', {
  ours: true,
  only: BUNDLED,
  why: 'elsewhere it is the entry in use, with its engine',
}, async (t) => {
  const { readFile } = await import('node:fs/promises')
  const { default: tls } = await import(new URL('../../js/runtime/slim.js', import.meta.url).href)
  const peer = await t.peer()
  const early = await outcome(t.track(tls.connect(t.to(peer))))
  assert.equal(early.error.code, 'ERR_TLS_NOT_INITIALIZED')
  await tls.init(await readFile(new URL('../../pkg/isomorphic_tls_bg.wasm', import.meta.url)))
  const socket = t.track(tls.connect(t.to(peer)))
  await event(socket, 'secureConnect')
  await echoes(socket)
})

test('engine: an inlined engine', { ours: true, only: CONSOLES, why: 'their own entries are others' }, async (t) => {
  const { default: tls } = await import(new URL('../../js/runtime/inline.js', import.meta.url).href)
  const peer = await t.peer()
  const socket = t.track(tls.connect(t.to(peer)))
  await event(socket, 'secureConnect')
  await echoes(socket)
})

for (const version of /** @type {const} */ (['TLSv1.2', 'TLSv1.3'])) {
  test(`client certificate: a server that asks for one gets it, ${version}`, async (t) => {
    const { key, certificate } = await t.certificate('client')
    const peer = await t.peer({ requestCert: true, maxVersion: version })
    const socket = t.connect(t.to(peer, { key, cert: certificate }))
    await event(socket, 'secureConnect')
    await echoes(socket)
    const { clientCertificate } = await peer.seen()
    assert.include(JSON.stringify(clientCertificate), 'client')
  })
}

test('client certificate: a key that is not its', async (t) => {
  const { certificate } = await t.certificate('client')
  const { key } = await t.certificate('ecdsa-p256')
  assert.throws(() => t.tls.createSecureContext({ key, cert: certificate }), /key values mismatch|key type mismatch/)
})

test('client certificate: what is no key, and what is no certificate', async (t) => {
  const { key, certificate } = await t.certificate('client')
  const code = (options) => {
    try {
      t.tls.createSecureContext(options)
      return null
    } catch (error) {
      return error.code
    }
  }
  assert.include(['ERR_OSSL_PEM_NO_START_LINE', 'ERR_OSSL_UNSUPPORTED'], code({ key: 'no key', cert: certificate }))
  assert.include(['ERR_OSSL_PEM_NO_START_LINE', 'ERR_OSSL_UNSUPPORTED'], code({ key, cert: 'no certificate' }))
})

test('engine: the faster one is for those who can compile it', {
  ours: true,
  only: CONSOLES,
  why: 'they can read files',
}, async () => {
  const { readFile } = await import('node:fs/promises')
  const { hasRelaxedSimd } = await import(new URL('../../js/runtime/engines.js', import.meta.url).href)
  const [everybodys, faster] = await Promise.all(
    ['isomorphic_tls_bg', 'isomorphic_tls_relaxed_bg'].map((name) => readFile(new URL(`../../pkg/${name}.wasm`, import.meta.url))),
  )
  assert.isTrue(WebAssembly.validate(everybodys))
  assert.equal(hasRelaxedSimd(), WebAssembly.validate(faster))
  assert.isFalse(everybodys.equals(faster))
})
