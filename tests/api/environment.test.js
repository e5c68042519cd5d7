// What a process is told when it starts, and what it leaves behind: variables, flags, warnings, garbage, globals.
import { evaluate, run, temporaryFile } from '../children.js'
import { assert, event, test } from '../harness.js'

const PROCESSES = { only: ['node-20', 'node-26'], why: 'child processes and flags of Node' }

/** A listening server that says a word and ends, and how to reach it. */
async function greeting(t, options) {
  const server = await t.server(options)
  server.on('secureConnection', (socket) => {
    socket.on('error', () => {})
    socket.end('hello')
  })
  server.listen(0, '127.0.0.1')
  await event(server, 'listening')
  return { port: server.address().port, host: '127.0.0.1' }
}

/** What a process of its own sees of a connection. */
const connect = (tls, to) =>
  new Promise((resolve) => {
    const client = tls.connect(to)
    const { DEFAULT_CIPHERS, DEFAULT_MIN_VERSION, DEFAULT_MAX_VERSION } = tls
    client.on('error', ({ code, message }) => resolve({ code, message }))
    client.on('secureConnect', () => {
      const { authorized, authorizationError } = client
      const [protocol, cipher] = [client.getProtocol(), client.getCipher().name]
      resolve({ authorized, authorizationError, protocol, cipher, DEFAULT_CIPHERS, DEFAULT_MIN_VERSION, DEFAULT_MAX_VERSION })
      client.on('end', () => client.destroy()).resume()
    })
  })

async function connecting(t, options = {}, { given, serverOptions } = /** @type {any} */ ({})) {
  const to = await greeting(t, serverOptions)
  return evaluate(t, connect, { ...options, given: { ...to, ...given } })
}

test('behaviour 40: NODE_EXTRA_CA_CERTS', PROCESSES, async (t) => {
  const { ca } = await t.certificate('ecdsa-p256')
  const { issuer: other } = await t.certificate('other-ca')
  const without = await connecting(t)
  assert.equal(without.result.code, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
  const environment = { NODE_EXTRA_CA_CERTS: await temporaryFile(t, other + ca) }
  const { result, errors } = await connecting(t, { environment })
  assert.isTrue(result.authorized)
  assert.equal(errors, '')
  // Beside the default roots, and not beside others.
  const replaced = await connecting(t, { environment }, { given: { ca: other } })
  assert.equal(replaced.result.code, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
})

test('behaviour 40: NODE_EXTRA_CA_CERTS that is unreadable', PROCESSES, async (t) => {
  const file = '/no/such/file.pem'
  const { result, errors } = await connecting(t, { environment: { NODE_EXTRA_CA_CERTS: file } })
  assert.equal(result.code, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
  assert.include(errors, `Warning: Ignoring extra certs from \`${file}\`, load failed: `)
})

test('behaviour 40: NODE_TLS_REJECT_UNAUTHORIZED', PROCESSES, async (t) => {
  const environment = { NODE_TLS_REJECT_UNAUTHORIZED: '0' }
  const { result, errors } = await connecting(t, { environment })
  assert.deepEqual([result.authorized, result.authorizationError], [false, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'])
  const warning =
    "Warning: Setting the NODE_TLS_REJECT_UNAUTHORIZED environment variable to '0' makes TLS connections and HTTPS requests insecure " +
    'by disabling certificate verification.'
  assert.include(errors, warning)
  // An option is more than a variable.
  const asked = await connecting(t, { environment }, { given: { rejectUnauthorized: true } })
  assert.equal(asked.result.code, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
  for (const value of ['1', '', 'false']) {
    const other = await connecting(t, { environment: { NODE_TLS_REJECT_UNAUTHORIZED: value } })
    assert.equal(other.result.code, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
    assert.notInclude(other.errors, 'Warning')
  }
})

test('behaviour 40: NODE_TLS_REJECT_UNAUTHORIZED is read at each call, and warned of once', PROCESSES, async (t) => {
  const to = await greeting(t)
  const program = async (tls, given) => {
    const attempt = () =>
      new Promise((resolve) => {
        const client = tls.connect(given)
        client.on('error', ({ code }) => resolve(code))
        client.on('secureConnect', () => client.destroy())
        client.on('close', () => resolve('secure'))
      })
    const seen = [await attempt()]
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
    seen.push(await attempt(), await attempt())
    delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
    return [...seen, await attempt()]
  }
  const { result, errors } = await evaluate(t, program, { given: to })
  const code = 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'
  assert.deepEqual(result, [code, 'secure', 'secure', code])
  assert.lengthOf(errors.match(/Warning: Setting the NODE_TLS_REJECT_UNAUTHORIZED/g) ?? [], 1)
})

test('behaviour 40: --tls-keylog', PROCESSES, async (t) => {
  const { readFile } = await import('node:fs/promises')
  const { ca } = await t.certificate('ecdsa-p256')
  const file = await temporaryFile(t, 'what was there\n')
  const { errors } = await connecting(t, { flags: [`--tls-keylog=${file}`] }, { given: { ca } })
  assert.include(errors, `Using --tls-keylog makes TLS connections insecure by writing secret key material to file ${file}`)
  const [before, ...lines] = (await readFile(file, 'utf8')).trimEnd().split('\n')
  assert.equal(before, 'what was there')
  assert.lengthOf(lines, 5)
  for (const line of lines) assert.match(line, /^[A-Z_0-9]+ [0-9a-f]{64} [0-9a-f]+$/)
})

for (const [flag, expected] of Object.entries({
  '--tls-cipher-list=TLS_AES_128_GCM_SHA256': { DEFAULT_CIPHERS: 'TLS_AES_128_GCM_SHA256', cipher: 'TLS_AES_128_GCM_SHA256' },
  '--tls-min-v1.0': { DEFAULT_MIN_VERSION: 'TLSv1', protocol: 'TLSv1.3' },
  '--tls-min-v1.1': { DEFAULT_MIN_VERSION: 'TLSv1.1', protocol: 'TLSv1.3' },
  '--tls-min-v1.2': { DEFAULT_MIN_VERSION: 'TLSv1.2', protocol: 'TLSv1.3' },
  '--tls-min-v1.3': { DEFAULT_MIN_VERSION: 'TLSv1.3', protocol: 'TLSv1.3' },
  '--tls-max-v1.2': { DEFAULT_MAX_VERSION: 'TLSv1.2', protocol: 'TLSv1.2' },
  '--tls-max-v1.3': { DEFAULT_MAX_VERSION: 'TLSv1.3', protocol: 'TLSv1.3' },
})) {
  test(`behaviour 40: ${flag}`, PROCESSES, async (t) => {
    const { ca } = await t.certificate('ecdsa-p256')
    const ways = [{ flags: [flag] }, { environment: { NODE_OPTIONS: flag } }]
    for (const way of ways) {
      const { result } = await connecting(t, way, { given: { ca } })
      for (const [name, value] of Object.entries(expected)) assert.equal(result[name], value, `${name}, ${JSON.stringify(way)}`)
    }
  })
}

test('behaviour 40: --tls-cipher-list of TLS 1.2', PROCESSES, async (t) => {
  const { ca } = await t.certificate('ecdsa-p256')
  const name = 'ECDHE-ECDSA-AES256-GCM-SHA384'
  const options = { flags: [`--tls-cipher-list=${name}`] }
  const { result } = await connecting(t, options, { given: { ca }, serverOptions: { maxVersion: 'TLSv1.2' } })
  assert.deepEqual([result.DEFAULT_CIPHERS, result.cipher], [name, name])
})

test('behaviour 40: --tls-min-v1.3 refuses an older server', PROCESSES, async (t) => {
  const { ca } = await t.certificate('ecdsa-p256')
  const { result } = await connecting(t, { flags: ['--tls-min-v1.3'] }, { given: { ca }, serverOptions: { maxVersion: 'TLSv1.2' } })
  assert.equal(result.code, 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION')
})

test('behaviour 40: dead sockets are collected', { ...PROCESSES, timeout: 60_000 }, async (t) => {
  const { ca } = await t.certificate('ecdsa-p256')
  const to = await greeting(t)
  const program = async (tls, given) => {
    const references = []
    const open = (end) =>
      new Promise((resolve, reject) => {
        const client = tls.connect(given)
        references.push(new WeakRef(client))
        client.on('error', reject)
        client.on('close', resolve)
        client.on('secureConnect', () => end(client))
      })
    for (let time = 0; time < 10; time++) {
      await open((client) => client.destroy())
      await open((client) => client.resume().end())
    }
    const alive = () => references.filter((reference) => reference.deref()).length
    // The last few may be held by the engine of JavaScript a while.
    for (let turn = 0; turn < 200 && alive() > 2; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      globalThis.gc()
    }
    return alive()
  }
  const { result } = await evaluate(t, program, { flags: ['--expose-gc'], given: { ...to, ca } })
  assert.isAtMost(result, 2)
})

test('behaviour 40: sockets that are dropped without a close are collected', { ...PROCESSES, timeout: 60_000 }, async (t) => {
  const { key, chain, ca } = await t.certificate('ecdsa-p256')
  const program = async (tls, { key, cert, ca }) => {
    const { duplexPair } = await import(`${process.cwd()}/tests/duplex-pair.js`)
    const { Duplex } = await import('node:stream')
    const references = []
    const open = () =>
      new Promise((resolve, reject) => {
        const [near, far] = duplexPair({ Duplex, Buffer })
        const server = new tls.TLSSocket(far, { isServer: true, key, cert })
        const client = tls.connect({ socket: near, ca, servername: 'localhost' })
        references.push(new WeakRef(client), new WeakRef(server))
        client.on('error', reject)
        client.on('secureConnect', resolve)
      })
    for (let time = 0; time < 10; time++) await open()
    const alive = () => references.filter((reference) => reference.deref()).length
    for (let turn = 0; turn < 200 && alive() > 4; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      globalThis.gc()
    }
    return alive()
  }
  const { result } = await evaluate(t, program, { flags: ['--expose-gc'], given: { key, cert: chain, ca } })
  assert.isAtMost(result, 4)
})

test('behaviour 40: no global is added', PROCESSES, async (t) => {
  const source = `
    const before = Object.getOwnPropertyNames(globalThis)
    const { default: tls } = await import(${JSON.stringify(t.implementation)})
    tls.createSecureContext()
    console.log(JSON.stringify(Object.getOwnPropertyNames(globalThis).filter((name) => !before.includes(name))))`
  const { output } = await run(t, ['--input-type=module', '--eval', source])
  assert.deepEqual(JSON.parse(output), [])
})

for (const [way, given] of Object.entries({ enableTrace: { enableTrace: true }, 'enableTrace()': { traced: true } })) {
  test(`environment: ${way} writes the handshake to stderr`, PROCESSES, async (t) => {
    const { ca } = await t.certificate('ecdsa-p256')
    const to = await greeting(t)
    const program = (tls, { traced, ...options }) =>
      new Promise((resolve, reject) => {
        const client = tls.connect(options)
        if (traced) client.enableTrace()
        client.on('error', reject)
        client.on('secureConnect', () => {
          client.destroy()
          resolve('secure')
        })
      })
    const { result, errors } = await evaluate(t, program, { given: { ...to, ca, ...given } })
    assert.equal(result, 'secure')
    for (const word of ['ClientHello', 'ServerHello', 'Certificate', 'Finished']) assert.include(errors, word)
  })
}

test('environment: enableTrace of a server', PROCESSES, async (t) => {
  const { key, chain, ca } = await t.certificate('ecdsa-p256')
  const program = (tls, { key, cert, ca }) =>
    new Promise((resolve, reject) => {
      const server = tls.createServer({ key, cert, enableTrace: true }, (socket) => {
        socket.end()
        server.close()
        resolve('secure')
      })
      server.listen(0, '127.0.0.1', () => {
        const client = tls.connect({ port: server.address().port, host: '127.0.0.1', ca })
        client.on('error', reject).resume()
      })
    })
  const { result, errors } = await evaluate(t, program, { given: { key, cert: chain, ca } })
  assert.equal(result, 'secure')
  for (const word of ['ClientHello', 'ServerHello', 'Finished']) assert.include(errors, word)
})
