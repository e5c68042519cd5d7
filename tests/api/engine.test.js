// The engine behind the module: how it is brought, and what is left when it fails.
import { compileEngine } from '../../js/compile-engine.js'
import { run, temporaryFile } from '../children.js'
import { assert, event, outcome, test } from '../harness.js'
import { load } from '../servers.js'

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

/** The error that a promise rejects with. */
const refusal = (promise) =>
  promise.then(
    () => assert.fail('it was not refused'),
    (error) => error,
  )

const ascii = (letter) => letter.charCodeAt(0)

/** A module of nothing. */
const NO_SECTIONS = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)

test('engine: a slim entry waits for its engine, and takes no other', {
  ours: true,
  only: BUNDLED,
  why: 'elsewhere it is the entry in use, with its engine',
}, async (t) => {
  const { readFile } = await import('node:fs/promises')
  const { default: tls } = await import(new URL('../../js/runtime/slim.js', import.meta.url).href)
  const peer = await t.peer()
  const early = await outcome(t.track(tls.connect(t.to(peer))))
  assert.equal(early.error.code, 'ERR_TLS_NOT_INITIALIZED')
  const engine = await readFile(new URL('../../pkg/isomorphic_tls_bg.wasm', import.meta.url))
  for (const nonsense of [undefined, null, 5, {}, []]) {
    assert.deepInclude(await refusal(tls.init(nonsense)), { code: 'ERR_INVALID_ARG_TYPE', name: 'TypeError' })
  }
  assert.include((await refusal(tls.init())).message, 'isomorphic-tls/tls.wasm')
  // What is refused leaves nothing behind.
  const older = Uint8Array.from(engine)
  older[older.lastIndexOf(ascii('.'))] = ascii('x')
  for (const another of [new WebAssembly.Module(NO_SECTIONS), NO_SECTIONS, older, engine.subarray(0, 100_000), NO_SECTIONS.subarray(1)]) {
    assert.equal((await refusal(tls.init(another))).code, 'ERR_TLS_INVALID_ENGINE')
  }
  assert.match((await refusal(tls.init(older))).message, /0\.1x0/)
  await tls.init(engine)
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

/** A URL that brings bytes as a type. */
function place(t, bytes, type) {
  const url = URL.createObjectURL(new Blob([bytes], { type }))
  t.after(() => URL.revokeObjectURL(url))
  return url
}

test('engine: init takes what brings it, and says what does not', {
  ours: true,
  except: ['workerd'],
  why: 'it compiles nothing while it runs',
}, async (t) => {
  const exported = async (engine) => WebAssembly.Module.exports(await compileEngine(engine)).length
  for (const type of ['application/wasm', 'application/octet-stream', '']) {
    assert.equal(await exported(place(t, NO_SECTIONS, type)), 0)
    assert.equal(await exported(new URL(place(t, NO_SECTIONS, type))), 0)
    assert.equal(await exported(new Response(NO_SECTIONS, { headers: { 'content-type': type } })), 0)
  }
  assert.equal(await exported(NO_SECTIONS.buffer), 0)

  const page = place(t, '<!doctype html>', 'text/html')
  const gone = place(t, NO_SECTIONS, 'application/wasm')
  URL.revokeObjectURL(gone)
  const port = (await t.peer({ kind: 'raw', behaviour: 'close' })).port
  for (const [url, why] of /** @type {[string, RegExp][]} */ ([
    [page, /what is there \(text\/html.*\) is no WebAssembly/],
    [place(t, '<!doctype html>', 'application/wasm'), /is no WebAssembly/],
    [gone, /tls\.init\(\)/],
    [`http://127.0.0.1:${port}/tls.wasm`, /tls\.init\(\)/],
  ])) {
    const { code, message, cause } = await refusal(compileEngine(url))
    assert.equal(code, 'ERR_TLS_ENGINE_NOT_FOUND')
    assert.include(message, `No TLS engine at ${url}`)
    assert.match(message, why)
    assert.instanceOf(cause, Error)
  }
  const missing = await refusal(compileEngine(new Response('no', { status: 404, headers: { 'content-type': 'application/wasm' } })))
  assert.equal(missing.code, 'ERR_TLS_ENGINE_NOT_FOUND')
  assert.include(missing.message, 'HTTP status 404')
})

test('engine: init takes the URL of a file', { ours: true, only: CONSOLES, why: 'they have files' }, async () => {
  const file = new URL('../../pkg/isomorphic_tls_bg.wasm', import.meta.url)
  for (const url of [file, file.href, import.meta.resolve('isomorphic-tls/tls.wasm')])
    assert.instanceOf(await compileEngine(url), WebAssembly.Module)
  assert.equal((await refusal(compileEngine(new URL('no-such.wasm', file)))).code, 'ERR_TLS_ENGINE_NOT_FOUND')
})

test('engine: a bundle that left it behind says what to do', {
  ours: true,
  only: ['node-20', 'node-26'],
  why: 'others read no file when they start',
}, async (t) => {
  const esbuild = await load('esbuild')
  const file = await temporaryFile(t)
  const { fileURLToPath } = await load('node:url')
  for (const contents of ["require('isomorphic-tls')", "import 'isomorphic-tls'"]) {
    const stdin = { contents, resolveDir: fileURLToPath(new URL('..', import.meta.url)) }
    await esbuild.build({ stdin, bundle: true, platform: 'node', outfile: `${file}.cjs`, logLevel: 'error' })
    const { status, errors } = await run(t, [`${file}.cjs`])
    assert.notEqual(status, 0)
    assert.match(errors, /ERR_TLS_ENGINE_NOT_FOUND/)
    assert.match(errors, /leave isomorphic-tls out of the bundle/)
  }
})

/** What a browser's program meets before the engine is there, and when it comes: run on Node, which fetches no files. */
const BROWSERS_PROGRAM = `
  import tls from 'isomorphic-tls'
  const failed = () => new Promise((resolve) => tls.connect({ host: 'localhost', port: 443 }).on('error', ({ code }) => resolve(code)))
  const told = [await failed(), await tls.init().catch(({ code }) => code)]
  await tls.init(await (await import('node:fs/promises')).readFile(process.argv[2]))
  console.log(JSON.stringify([...told, await failed()]))`

test('engine: a browser’s program is told first that there is no engine yet', {
  ours: true,
  only: ['node-20', 'node-26'],
  why: 'it is bundled there',
}, async (t) => {
  const esbuild = await load('esbuild')
  const file = await temporaryFile(t)
  const { fileURLToPath } = await load('node:url')
  const stdin = { contents: BROWSERS_PROGRAM, resolveDir: fileURLToPath(new URL('..', import.meta.url)) }
  await esbuild.build({
    stdin,
    bundle: true,
    platform: 'browser',
    format: 'esm',
    external: ['node:*', '*.wasm'],
    outfile: `${file}.mjs`,
    logLevel: 'error',
  })
  const { output } = await run(t, [`${file}.mjs`, fileURLToPath(new URL('../../pkg/isomorphic_tls_bg.wasm', import.meta.url))])
  assert.deepEqual(JSON.parse(output), ['ERR_TLS_NOT_INITIALIZED', 'ERR_TLS_ENGINE_NOT_FOUND', 'ERR_TLS_NO_CONNECTOR'])
})
