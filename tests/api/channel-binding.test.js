// `getChannelBinding`: the same on both ends, and what other stacks make of it.
import { accepted, begin, join } from '../connections.js'
import { assert, event, test } from '../harness.js'
import { load } from '../servers.js'

const OURS = { ours: true }

/** What compares with the runtime's own cryptography. */
const NODES = { ours: true, only: ['node-20', 'node-26'], why: 'the hash is that of node:crypto, and the peer Node’s own tls' }

const VERSIONS = /** @type {const} */ (['TLSv1.2', 'TLSv1.3'])

const TYPES = ['tls-exporter', 'tls-server-end-point', 'tls-unique']

/** The binding, or the code of why there is none. */
function bindingOf(socket, type) {
  try {
    return socket.getChannelBinding(type).toString('hex')
  } catch (error) {
    return error.code
  }
}

const bindingsOf = (socket) => TYPES.map((type) => bindingOf(socket, type))

const derOf = (t, pem) => t.Buffer.from(pem.replace(/-----.*-----|\s/g, ''), 'base64')

for (const maxVersion of VERSIONS) {
  test(`channel binding: both ends have the same, in ${maxVersion}`, OURS, async (t) => {
    const server = await t.server({ maxVersion })
    const { client, socket } = await join(t, server)
    const [exporter, endPoint, unique] = bindingsOf(client)
    assert.deepEqual(bindingsOf(socket), [exporter, endPoint, unique])
    assert.match(exporter, /^[0-9a-f]{64}$/)
    assert.match(endPoint, /^[0-9a-f]{64}$/)
    assert.equal(exporter, client.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', t.Buffer.alloc(0)).toString('hex'))
    if (maxVersion === 'TLSv1.3') assert.equal(unique, 'ERR_TLS_NO_CHANNEL_BINDING')
    else assert.equal(unique, client.getFinished().toString('hex'))

    const other = await join(t, server)
    assert.equal(bindingOf(other.client, 'tls-server-end-point'), endPoint)
    assert.notEqual(bindingOf(other.client, 'tls-exporter'), exporter)
  })

  test(`channel binding: of a resumed session, in ${maxVersion}`, OURS, async (t) => {
    const server = await t.server({ maxVersion })
    const first = await join(t, server)
    // TLS 1.2 has told it before.
    if (maxVersion === 'TLSv1.3') await event(first.client.resume(), 'session')
    const session = first.client.getSession()
    const { client, socket } = await join(t, server, { session })
    assert.isTrue(client.isSessionReused())
    assert.deepEqual(bindingsOf(client), bindingsOf(socket))
    assert.equal(bindingOf(client, 'tls-server-end-point'), bindingOf(first.client, 'tls-server-end-point'))
    assert.notEqual(bindingOf(client, 'tls-exporter'), bindingOf(first.client, 'tls-exporter'))
    // The first Finished is the server's.
    if (maxVersion === 'TLSv1.2') assert.equal(bindingOf(client, 'tls-unique'), client.getPeerFinished().toString('hex'))
  })
}

for (const maxVersion of VERSIONS) {
  test(`channel binding: as Node has it, in ${maxVersion}`, NODES, async (t) => {
    const tls = await load('node:tls')
    const { key, chain, ca } = await t.certificate('ecdsa-p256')
    const exporter = (socket) => socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', t.Buffer.alloc(0)).toString('hex')

    const theirs = tls.createServer({ key, cert: chain, maxVersion })
    const [near, far] = t.duplexPair()
    theirs.emit('connection', far)
    const secured = accepted(theirs)
    const client = t.connect({ socket: near, ca, servername: 'localhost' })
    const [socket] = await Promise.all([secured, event(client, 'secureConnect')])
    assert.equal(bindingOf(client, 'tls-exporter'), exporter(socket))
    if (maxVersion === 'TLSv1.2') assert.equal(bindingOf(client, 'tls-unique'), socket.getPeerFinished().toString('hex'))

    const server = await t.server({ maxVersion })
    const pair = t.duplexPair()
    const ours = accepted(server)
    server.emit('connection', pair[1])
    const other = t.track(tls.connect({ socket: pair[0], ca, servername: 'localhost' }))
    const [end] = await Promise.all([ours, event(other, 'secureConnect')])
    assert.equal(bindingOf(end, 'tls-exporter'), exporter(other))
    if (maxVersion === 'TLSv1.2') assert.equal(bindingOf(end, 'tls-unique'), other.getFinished().toString('hex'))
  })
}

/** What GnuTLS prints. */
const printedBindings = (text) => TYPES.map((type) => text.match(new RegExp(`'${type}': ([0-9a-f]+)`))?.[1])

for (const maxVersion of VERSIONS) {
  test(`channel binding: as GnuTLS has it, in ${maxVersion}`, OURS, async (t) => {
    for (const certificate of ['ecdsa-p256', 'signed-sha384', 'signed-sha1', 'signed-pss-sha512', 'signed-ed25519']) {
      const peer = await t.peer({ kind: 'gnutls', certificate, maxVersion })
      const client = t.connect(t.to(peer, { servername: 'localhost', rejectUnauthorized: false }))
      await event(client, 'secureConnect')
      const { output } = await peer.until((report) => /'tls-exporter': /.test(report.output))
      const expected = printedBindings(output)
      if (maxVersion === 'TLSv1.3') expected[2] = 'ERR_TLS_NO_CHANNEL_BINDING'
      assert.deepEqual(bindingsOf(client), expected, certificate)
    }
  })
}

test('channel binding: without an extended master secret there is that of the certificate alone', OURS, async (t) => {
  const peer = await t.peer({ kind: 'gnutls', maxVersion: 'TLSv1.2', extended: false })
  const client = t.connect(t.to(peer, { servername: 'localhost' }))
  await event(client, 'secureConnect')
  const [exporter, endPoint, unique] = bindingsOf(client)
  assert.deepEqual([exporter, unique], ['ERR_TLS_NO_CHANNEL_BINDING', 'ERR_TLS_NO_CHANNEL_BINDING'])
  assert.match(endPoint, /^[0-9a-f]{64}$/)
})

/** Certificates by what they are signed with, and the hash of the binding. */
const SIGNATURES = {
  'ecdsa-p256': 'sha256',
  'signed-sha384': 'sha384',
  'signed-sha512': 'sha512',
  'signed-sha1': 'sha256',
  'signed-sha224': 'sha224',
  'signed-rsa-sha256': 'sha256',
  'signed-pss-sha384': 'sha384',
  'signed-pss-sha512': 'sha512',
  'signed-pss-sha1': 'sha256',
  'signed-ed25519': 'sha512',
  'signed-ed448': null,
}

for (const [name, hash] of Object.entries(SIGNATURES)) {
  test(`channel binding: tls-server-end-point of ${name} is ${hash ?? 'not defined'}`, NODES, async (t) => {
    const { createHash } = await load('node:crypto')
    const { key, certificate } = await t.certificate(name)
    const server = await t.server({ key, cert: certificate })
    const { client, socket } = await join(t, server, { rejectUnauthorized: false })
    const expected = hash ? createHash(hash).update(derOf(t, certificate)).digest('hex') : 'ERR_TLS_NO_CHANNEL_BINDING'
    assert.deepEqual(
      [client, socket].map((end) => bindingOf(end, 'tls-server-end-point')),
      [expected, expected],
    )
  })
}

test('channel binding: of a server with several certificates it is that of the one presented', OURS, async (t) => {
  const [one, other] = await Promise.all([t.certificate('ecdsa-p256'), t.certificate('rsa-2048')])
  const server = await t.server({ key: [one.key, other.key], cert: [one.chain, other.chain] })
  const seen = []
  for (const sigalgs of ['ecdsa_secp256r1_sha256', 'rsa_pss_rsae_sha256:ecdsa_secp256r1_sha256']) {
    const ciphers = sigalgs.startsWith('rsa') ? 'ECDHE-RSA-AES128-GCM-SHA256' : 'ECDHE-ECDSA-AES128-GCM-SHA256'
    const { client, socket } = await join(t, server, { sigalgs, ciphers, maxVersion: 'TLSv1.2', rejectUnauthorized: false })
    assert.equal(bindingOf(client, 'tls-server-end-point'), bindingOf(socket, 'tls-server-end-point'))
    seen.push(bindingOf(client, 'tls-server-end-point'))
  }
  assert.notEqual(seen[0], seen[1])
})

test('channel binding: of another context, and of setKeyCert', OURS, async (t) => {
  const { key, chain } = await t.certificate('sni-a')
  const server = await t.server()
  server.addContext('a.test', { key, cert: chain })
  const { client, socket } = await join(t, server, { servername: 'a.test' })
  assert.equal(bindingOf(client, 'tls-server-end-point'), bindingOf(socket, 'tls-server-end-point'))
  const direct = await join(t, server)
  assert.notEqual(bindingOf(client, 'tls-server-end-point'), bindingOf(direct.client, 'tls-server-end-point'))
})

test('channel binding: a key shared beforehand shows no certificate', OURS, async (t) => {
  const psk = t.random(1, 32)
  const server = await t.server({ pskCallback: () => psk })
  const { client, socket } = await join(t, server, { pskCallback: () => ({ psk, identity: 'me' }) })
  assert.deepEqual(bindingsOf(client), bindingsOf(socket))
  assert.equal(bindingOf(client, 'tls-server-end-point'), 'ERR_TLS_NO_CHANNEL_BINDING')
  assert.match(bindingOf(client, 'tls-exporter'), /^[0-9a-f]{64}$/)
})

test('channel binding: what it can not be asked', OURS, async (t) => {
  const server = await t.server()
  const { client } = await join(t, server)
  for (const type of ['tls-best', '', 'toString', undefined, null, 1, ['tls-exporter']]) {
    assert.throws(() => client.getChannelBinding(type), TypeError)
    assert.equal(bindingOf(client, type), 'ERR_INVALID_ARG_VALUE')
  }
  assert.throws(() => client.getChannelBinding('tls-unique'), /"tls-unique": TLS 1\.3 has 'tls-exporter'/)
  client.destroy()
  assert.equal(bindingOf(client, 'tls-exporter'), 'ERR_TLS_INVALID_STATE')
  const early = await begin(t, server)
  assert.equal(bindingOf(early, 'tls-exporter'), 'ERR_TLS_INVALID_STATE')
})
