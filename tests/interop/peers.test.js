// Handshakes and data with other implementations: Node's own TLS server and `openssl s_server`.
import { assert, event, readAll, test } from '../harness.js'

const VERSIONS = /** @type {const} */ (['TLSv1.2', 'TLSv1.3'])
const CERTIFICATES = ['ecdsa-p256', 'ecdsa-p384', 'rsa-2048', 'ed25519']
const GROUPS = ['X25519', 'P-256', 'P-384', 'P-521']

/** Cipher suites, in OpenSSL's and in the RFCs' words, and a certificate that each goes with. */
const SUITES = {
  'TLSv1.3': [
    ['TLS_AES_128_GCM_SHA256', 'TLS_AES_128_GCM_SHA256', 'ecdsa-p256'],
    ['TLS_AES_256_GCM_SHA384', 'TLS_AES_256_GCM_SHA384', 'ecdsa-p256'],
    ['TLS_CHACHA20_POLY1305_SHA256', 'TLS_CHACHA20_POLY1305_SHA256', 'rsa-2048'],
  ],
  'TLSv1.2': [
    ['ECDHE-ECDSA-AES128-GCM-SHA256', 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'ecdsa-p256'],
    ['ECDHE-ECDSA-AES256-GCM-SHA384', 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', 'ecdsa-p256'],
    ['ECDHE-ECDSA-CHACHA20-POLY1305', 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256', 'ecdsa-p256'],
    ['ECDHE-RSA-AES128-GCM-SHA256', 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'rsa-2048'],
    ['ECDHE-RSA-AES256-GCM-SHA384', 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'rsa-2048'],
    ['ECDHE-RSA-CHACHA20-POLY1305', 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256', 'rsa-2048'],
  ],
}

const text = async (t, stream) => String(t.Buffer.from(await readAll(stream)))

/** An exchange with each kind of peer, after the handshake. */
const EXCHANGES = {
  async node(t, socket, peer) {
    socket.end(t.random(1, 50_000))
    const data = await readAll(socket)
    assert.equal(data.length, 50_000)
    assert.equal(t.firstDifference(1, 0, data), -1)
    assert.equal((await peer.seen()).sha256, await t.randomHash(1, 50_000))
  },
  // `s_server -rev` sends each line back reversed.
  async openssl(_, socket) {
    socket.setEncoding('utf8')
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.write(`${'0123456789'.repeat(100)}\n`)
    while (!answer.endsWith('\n')) await event(socket, 'data')
    assert.equal(answer, `${'9876543210'.repeat(100)}\n`)
    socket.end()
  },
}

async function meet(t, kind, description) {
  const peer = await t.peer({ kind, ...description })
  const socket = t.connect(t.to(peer, { servername: 'localhost' }))
  await event(socket, 'secureConnect')
  assert.isTrue(socket.authorized)
  return { peer, socket }
}

for (const kind of /** @type {const} */ (['node', 'openssl'])) {
  for (const version of VERSIONS) {
    const only = { minVersion: version, maxVersion: version }

    for (const certificate of CERTIFICATES) {
      test(`interop: ${kind}, ${version}, ${certificate}`, async (t) => {
        const { peer, socket } = await meet(t, kind, { ...only, certificate })
        assert.equal(socket.getProtocol(), version)
        await EXCHANGES[kind](t, socket, peer)
      })
    }

    for (const groups of GROUPS) {
      test(`interop: ${kind}, ${version}, key exchange ${groups}`, async (t) => {
        const { peer, socket } = await meet(t, kind, { ...only, groups })
        await EXCHANGES[kind](t, socket, peer)
      })
    }

    for (const [suite, standardName, certificate] of SUITES[version]) {
      test(`interop: ${kind}, ${version}, ${suite}`, async (t) => {
        const suites = version === 'TLSv1.3' ? { ciphersuites: suite } : { ciphers: suite }
        const { peer, socket } = await meet(t, kind, { ...only, ...suites, certificate })
        assert.equal(socket.getCipher().name, suite)
        assert.equal(socket.getCipher().standardName, standardName)
        await EXCHANGES[kind](t, socket, peer)
      })
    }

    test(`interop: ${kind}, ${version}, a chain with an intermediate`, async (t) => {
      const { peer, socket } = await meet(t, kind, { ...only, certificate: 'intermediate' })
      await EXCHANGES[kind](t, socket, peer)
    })

    test(`interop: ${kind}, ${version}, a server that asks for a certificate and gets none`, async (t) => {
      const { peer, socket } = await meet(t, kind, { ...only, requestCert: true })
      await EXCHANGES[kind](t, socket, peer)
    })
  }
}

for (const version of VERSIONS) {
  test(`interop: openssl, ${version}, HTTP`, async (t) => {
    const { socket } = await meet(t, 'openssl', { maxVersion: version, behaviour: 'http' })
    socket.write('GET / HTTP/1.0\r\n\r\n')
    const answer = await text(t, socket)
    assert.match(answer, /^HTTP\/1\.0 200 ok\r\n/)
    assert.include(answer, version)
  })

  test(`interop: openssl, ${version}, a file of 3 MiB`, async (t) => {
    const length = 3 * 1024 * 1024
    const { socket } = await meet(t, 'openssl', { maxVersion: version, behaviour: 'http', options: { length, seed: 21 } })
    socket.write('GET /data HTTP/1.0\r\n\r\n')
    const answer = await readAll(socket)
    const body = answer.subarray(answer.length - length)
    assert.equal(t.firstDifference(21, 0, body), -1)
  })

  test(`interop: node, ${version}, HTTP`, async (t) => {
    const { socket } = await meet(t, 'node', { maxVersion: version, behaviour: 'http' })
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
    const answer = await text(t, socket)
    assert.match(answer, /^HTTP\/1\.1 200 OK\r\n/)
    assert.match(answer, /hello from the peer\n$/)
  })
}
