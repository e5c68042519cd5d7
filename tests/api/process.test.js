// What a process is told when it starts, in detail, and on other runtimes than Node: see environment.test.js too.
import { evaluate, run, temporaryFile } from '../children.js'
import { assert, test } from '../harness.js'

const PROCESSES = { only: ['node-20', 'node-26', 'deno', 'bun'], why: 'they have processes' }
const NODES = { only: ['node-20', 'node-26'], why: 'the flags are Node’s' }
const NEWER_NODE = { only: ['node-26'], why: 'Node 20 has no list of the system’s certificates' }

const INSECURE =
  "Setting the NODE_TLS_REJECT_UNAUTHORIZED environment variable to '0' makes TLS connections and HTTPS requests insecure by " +
  'disabling certificate verification.'

/** Connect once for each of some options, one after another: what came of it. */
async function connectAll(tls, { port, host, attempts }) {
  const results = []
  for (const { variables, ...options } of attempts) {
    Object.assign(globalThis.process.env, variables)
    results.push(
      await new Promise((resolve) => {
        const socket = tls.connect({ port, host, ...options })
        socket.on('secureConnect', () => {
          resolve(socket.authorized ? `authorized ${socket.getProtocol()} ${socket.getCipher().name}` : socket.authorizationError)
          socket.destroy()
        })
        socket.on('error', (error) => resolve(`refused: ${error.code}`))
      }),
    )
  }
  return results
}

const readDefaults = (tls) => [tls.DEFAULT_CIPHERS, tls.DEFAULT_MIN_VERSION, tls.DEFAULT_MAX_VERSION]

/** Connect in a process of its own. */
async function connect(t, peer, attempts, told) {
  const given = { port: peer.port, host: peer.host, attempts }
  const { result, errors } = await evaluate(t, connectAll, { given, ...told })
  return { results: result, errors }
}

const count = (text, part) => text.split(part).length - 1

const UNTRUSTED = 'refused: UNABLE_TO_VERIFY_LEAF_SIGNATURE'

test('environment: NODE_EXTRA_CA_CERTS is trusted besides, where no ca is given', PROCESSES, async (t) => {
  const [peer, other] = [await t.peer(), await t.peer({ certificate: 'other-ca' })]
  const attempts = [{}, { ca: other.issuer }, { ca: [] }]
  const environment = { NODE_EXTRA_CA_CERTS: await temporaryFile(t, peer.ca) }
  const told = await connect(t, peer, attempts, { environment })
  assert.match(told.results[0], /^authorized /)
  assert.deepEqual(told.results.slice(1), [UNTRUSTED, UNTRUSTED])
  assert.notInclude(told.errors, 'Ignoring')
  assert.deepEqual((await connect(t, peer, [{}])).results, [UNTRUSTED])
})

test('environment: a NODE_EXTRA_CA_CERTS that can not be read is warned about, and that is all', PROCESSES, async (t) => {
  const peer = await t.peer()
  const environment = { NODE_EXTRA_CA_CERTS: `${await temporaryFile(t)}.missing` }
  const { results, errors } = await connect(t, peer, [{}, {}, { ca: peer.ca }], { environment })
  assert.deepEqual(results.slice(0, 2), [UNTRUSTED, UNTRUSTED])
  assert.match(results[2], /^authorized /)
  const file = environment.NODE_EXTRA_CA_CERTS
  assert.equal(
    count(errors, `Warning: Ignoring extra certs from \`${file}\`, load failed: error:80000002:system library::No such file or directory`),
    1,
  )
})

test('environment: of NODE_EXTRA_CA_CERTS counts what comes before the first bad certificate', PROCESSES, async (t) => {
  const [peer, other] = [await t.peer(), await t.peer({ certificate: 'other-ca' })]
  const bad = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
  const environment = { NODE_EXTRA_CA_CERTS: await temporaryFile(t, `text\n${peer.ca}${bad}${other.issuer}`) }
  const { results, errors } = await connect(t, peer, [{}], { environment })
  assert.match(results[0], /^authorized /)
  assert.equal(count(errors, `Ignoring extra certs from \`${environment.NODE_EXTRA_CA_CERTS}\`, load failed: error:`), 1)
  assert.deepEqual((await connect(t, other, [{}], { environment })).results, [UNTRUSTED])
  // What has no certificate in it is no reason for a warning.
  const junk = await connect(t, peer, [{}], { environment: { NODE_EXTRA_CA_CERTS: await temporaryFile(t, 'junk') } })
  assert.deepEqual(junk.results, [UNTRUSTED])
  assert.notInclude(junk.errors, 'Ignoring')
})

for (const options of [
  { ...PROCESSES, only: ['node-26', 'deno', 'bun'] },
  { ours: true, only: ['node-20'], why: 'its own tls has no lists' },
]) {
  test(`environment: NODE_EXTRA_CA_CERTS is among the lists, ${options.only[0]}`, options, async (t) => {
    const { ca } = await t.certificate('ecdsa-p256')
    const environment = { NODE_EXTRA_CA_CERTS: await temporaryFile(t, ca) }
    const lists = (tls, { ca }) => {
      const has = (type) => tls.getCACertificates(type).filter((pem) => pem.trim() === ca.trim()).length
      const { length } = tls.getCACertificates()
      tls.setDefaultCACertificates([])
      return [has('extra'), has('bundled'), length - tls.rootCertificates.length, tls.getCACertificates().length, has('extra')]
    }
    assert.deepEqual((await evaluate(t, lists, { given: { ca }, environment })).result, [1, 0, 1, 0, 1])
  })
}

test('environment: NODE_TLS_REJECT_UNAUTHORIZED=0 is what a client’s rejectUnauthorized begins with', PROCESSES, async (t) => {
  const peer = await t.peer()
  const told = { environment: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } }
  const attempts = [
    {},
    {},
    { rejectUnauthorized: true },
    { rejectUnauthorized: false },
    // JSON has no undefined.
    { rejectUnauthorized: null },
    { variables: { NODE_TLS_REJECT_UNAUTHORIZED: '1' } },
    { variables: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } },
  ]
  const { results, errors } = await connect(t, peer, attempts, told)
  const code = 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'
  assert.deepEqual(results, [code, code, UNTRUSTED, code, UNTRUSTED, UNTRUSTED, code])
  assert.equal(count(errors, `Warning: ${INSECURE}`), 1)
})

test('environment: no other value of NODE_TLS_REJECT_UNAUTHORIZED does anything', PROCESSES, async (t) => {
  const peer = await t.peer()
  for (const value of ['1', '00', 'false', '']) {
    const { results, errors } = await connect(t, peer, [{}], { environment: { NODE_TLS_REJECT_UNAUTHORIZED: value } })
    assert.deepEqual(results, [UNTRUSTED])
    assert.notInclude(errors, 'insecure')
  }
})

test('environment: NODE_TLS_REJECT_UNAUTHORIZED means nothing to servers', PROCESSES, async (t) => {
  const { key, chain, ca } = await t.certificate('ecdsa-p256')
  const serve = async (tls, { key, chain, ca }) => {
    const server = tls.createServer({ key, cert: chain, ca, requestCert: true })
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
    const refusal = new Promise((resolve) => server.on('tlsClientError', resolve))
    const client = tls.connect({ port: server.address().port, host: '127.0.0.1' })
    client.on('error', () => {})
    const { code } = await refusal
    client.destroy()
    server.close()
    return code
  }
  const told = { given: { key, chain, ca }, environment: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } }
  assert.match((await evaluate(t, serve, told)).result, /^ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE$/)
})

test('environment: flags are read as Node reads them', NODES, async (t) => {
  const [first, second] = ['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384']
  const usual = ['TLSv1.2', 'TLSv1.3']
  for (const [flags, options, expected] of /** @type {[string[], string, string[]][]} */ ([
    [[`--tls-cipher-list=${second}`, '--tls-cipher-list', first], '', [first, ...usual]],
    [[`--tls_cipher_list=${first}`], '', [first, ...usual]],
    [[`--tls-cipher-list=${second}`], `--tls-cipher-list=${first}`, [second, ...usual]],
    [[], `--no-warnings  --tls-cipher-list="${first} \\"x\\"" --tls-min-v1.3`, [`${first} "x"`, 'TLSv1.3', 'TLSv1.3']],
    // Of several, the widest range.
    [[`--tls-cipher-list=${first}`, '--tls-min-v1.3', '--tls-min-v1.1'], '', [first, 'TLSv1.1', 'TLSv1.3']],
    [[`--tls-cipher-list=${first}`, '--tls-max-v1.3', '--tls-max-v1.2'], '', [first, ...usual]],
    [[`--tls-cipher-list=${first}`, '--tls-min-v1.3', '--no-tls-min-v1.3'], '', [first, ...usual]],
    [[`--tls-cipher-list=${first}`, '--no-tls-min-v1.3'], '--tls-min-v1.3', [first, ...usual]],
  ])) {
    const { result } = await evaluate(t, readDefaults, { flags, environment: { NODE_OPTIONS: options } })
    assert.deepEqual(result, expected, `${flags} ${options}`)
  }
})

test('environment: --tls-keylog writes the secrets of clients and of servers', NODES, async (t) => {
  const { key, chain, ca } = await t.certificate('ecdsa-p256')
  const file = await temporaryFile(t)
  const converse = async (tls, { key, chain, ca }) => {
    const server = tls.createServer({ key, cert: chain }, (socket) => socket.end())
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
    const client = tls.connect({ port: server.address().port, host: '127.0.0.1', ca })
    client.resume()
    await new Promise((resolve) => client.on('close', resolve))
    server.close()
    return client.authorized
  }
  const given = { key, chain, ca }
  const { result, errors } = await evaluate(t, converse, { given, flags: [`--tls-keylog=${file}`] })
  assert.isTrue(result)
  const { readFile, stat } = await import('node:fs/promises')
  const lines = (await readFile(file, 'utf8')).split('\n')
  assert.equal(lines.pop(), '')
  for (const line of lines) assert.match(line, /^[A-Z_0-9]+ [0-9a-f]{64} [0-9a-f]{64,96}$/)
  assert.deepEqual([...new Set(lines.map((line) => line.split(' ')[0]))].sort(), [
    'CLIENT_HANDSHAKE_TRAFFIC_SECRET',
    'CLIENT_TRAFFIC_SECRET_0',
    'EXPORTER_SECRET',
    'SERVER_HANDSHAKE_TRAFFIC_SECRET',
    'SERVER_TRAFFIC_SECRET_0',
  ])
  // Both ends of one connection, which know the same.
  assert.equal(lines.length, 10)
  assert.equal(new Set(lines).size, 5)
  assert.equal((await stat(file)).mode & 0o777, 0o600)
  const warning = `Warning: Using --tls-keylog makes TLS connections insecure by writing secret key material to file ${file}`
  assert.equal(count(errors, warning), 1)
})

test('environment: --tls-keylog writes the secrets of sockets that are made by hand, too', NODES, async (t) => {
  const { key, chain } = await t.certificate('ecdsa-p256')
  const file = await temporaryFile(t)
  const serve = async (tls, { key, chain }) => {
    const net = await import('node:net')
    const server = net.createServer((raw) => {
      const socket = new tls.TLSSocket(raw, { isServer: true, key, cert: chain })
      socket.on('secure', () => socket.end())
    })
    await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
    const { port } = /** @type {any} */ (server.address())
    const client = tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false })
    client.resume()
    await new Promise((resolve) => client.on('close', resolve))
    server.close()
    return client.authorizationError
  }
  const { result } = await evaluate(t, serve, { given: { key, chain }, flags: [`--tls-keylog=${file}`] })
  assert.equal(result, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
  const { readFile } = await import('node:fs/promises')
  const lines = (await readFile(file, 'utf8')).trim().split('\n')
  assert.deepEqual([lines.length, new Set(lines).size], [10, 5])
})

test('environment: a file of --tls-keylog that can not be written is warned about once', NODES, async (t) => {
  const peer = await t.peer()
  const file = `${await temporaryFile(t)}.missing/file`
  const { results, errors } = await connect(t, peer, [{ ca: peer.ca }, { ca: peer.ca }], { flags: ['--tls-keylog', file] })
  for (const result of results) assert.match(result, /^authorized /)
  assert.equal(count(errors, 'Warning: Failed to write TLS keylog (this warning will not be repeated): Error: ENOENT'), 1)
})

for (const flag of ['--use-system-ca', '--use-openssl-ca']) {
  test(`environment: ${flag} trusts the certificates of the system`, NEWER_NODE, async (t) => {
    const peer = await t.peer()
    const folder = `${await temporaryFile(t)}.missing`
    const environment = { SSL_CERT_FILE: await temporaryFile(t, peer.ca), SSL_CERT_DIR: folder }
    assert.match((await connect(t, peer, [{}], { flags: [flag], environment })).results[0], /^authorized /)
    assert.deepEqual((await connect(t, peer, [{}], { environment })).results, [UNTRUSTED])
    assert.deepEqual((await connect(t, peer, [{ ca: [] }], { flags: [flag], environment })).results, [UNTRUSTED])
  })
}

test('environment: NODE_USE_SYSTEM_CA=1 is the flag --use-system-ca', NEWER_NODE, async (t) => {
  const peer = await t.peer()
  const system = { SSL_CERT_FILE: await temporaryFile(t, peer.ca), SSL_CERT_DIR: `${await temporaryFile(t)}.missing` }
  const told = (value) => ({ environment: { ...system, NODE_USE_SYSTEM_CA: value } })
  assert.match((await connect(t, peer, [{}], told('1'))).results[0], /^authorized /)
  assert.deepEqual((await connect(t, peer, [{}], told('true'))).results, [UNTRUSTED])
})

test('environment: a flag for certificates that are not to be had is warned about', {
  ours: true,
  only: ['node-20'],
  why: 'it takes the flag and tells of no certificates',
}, async (t) => {
  const peer = await t.peer()
  const { results, errors } = await connect(t, peer, [{}, { ca: peer.ca }], { flags: ['--use-openssl-ca'] })
  assert.equal(results[0], UNTRUSTED)
  assert.match(results[1], /^authorized /)
  assert.equal(count(errors, '--use-openssl-ca adds no certificates'), 1)
})

test('environment: Deno is asked for no permission, unless to connect', {
  ours: true,
  only: ['deno'],
  why: 'it has permissions',
}, async (t) => {
  const peer = await t.peer()
  const environment = { NODE_EXTRA_CA_CERTS: await temporaryFile(t, peer.ca), NODE_TLS_REJECT_UNAUTHORIZED: '0' }
  const program = ['tests/programs/connect.js', String(peer.port), peer.host]
  const allowed = ['run', '--no-prompt', '--no-check', `--allow-net=${peer.host}:${peer.port}`]
  assert.equal((await run(t, [...allowed, ...program], { environment })).output.trim(), 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
  const forFile = [...allowed, '--allow-env=NODE_EXTRA_CA_CERTS', '--allow-read']
  assert.equal((await run(t, [...forFile, ...program], { environment })).output.trim(), 'connected')
  const more = [...allowed, '--allow-env=NODE_TLS_REJECT_UNAUTHORIZED']
  assert.equal((await run(t, [...more, ...program], { environment })).output.trim(), 'connected')
})
