// Inputs that are changed at random: whatever comes in, an error of Node's kind or an answer comes out, and the engine lives on.
// (The engine's own targets, which libFuzzer runs, are in tests/fuzz.)
import { plainSamples } from '../certificate-samples.js'
import { changeStructure } from '../chains/mutation.js'
import { assert, event, test } from '../harness.js'

/** Where a test may take this long (milliseconds), and how much it does. */
const FULL = { timeout: 30 * 60_000 }

const VERSIONS = /** @type {const} */ (['TLSv1.2', 'TLSv1.3'])

/** Each change of bytes. */
const CHANGES = [
  (bytes, at, choose) => [bytes.subarray(0, at), [choose(256)], bytes.subarray(at + 1)],
  (bytes, at, choose) => [bytes.subarray(0, at), [(bytes[at] ?? 0) ^ (1 << choose(8))], bytes.subarray(at + 1)],
  (bytes, at) => [bytes.subarray(0, at)],
  (bytes, at) => [bytes.subarray(0, at), bytes.subarray(at + 1)],
  (bytes, at, choose) => [bytes.subarray(0, at), [choose(256)], bytes.subarray(at)],
  (bytes, at, choose) => [bytes.subarray(0, at), bytes.subarray(at, at + choose(64)), bytes.subarray(at)],
]

/** Bytes with a change or a few at random places. */
function changed(t, bytes, choose) {
  let result = bytes
  for (let times = 1 + choose(3); times > 0; times--) {
    const change = CHANGES[choose(CHANGES.length)]
    result = t.Buffer.concat(change(result, choose(result.length + 1), choose).map((part) => t.Buffer.from(part)))
  }
  return result
}

/** What is thrown is an error as Node's are, and not that the engine has failed. */
function acceptable(error) {
  // Some of Node's have no code; those of the language's own kinds without one are a mistake.
  assert.isTrue(typeof error?.code === 'string' || Object.getPrototypeOf(error) === Error.prototype, error?.stack)
  assert.notEqual(error.code, 'ERR_TLS_ENGINE_FAILED')
}

function attempt(work) {
  try {
    work()
  } catch (error) {
    acceptable(error)
  }
}

/** The bytes of the first section of PEM. */
const der = (t, pem) => t.Buffer.from(/-----BEGIN [^-]*-----([^-]*)-----END/.exec(pem)?.[1] ?? '', 'base64')

/** Options of a context, each with bytes that it takes. */
async function material(t) {
  const { key, chain, ca } = await t.certificate('curious')
  const { pfx, passphrase } = await t.forms('ecdsa-p256')
  const crl = await t.revocation('revoked')
  const pems = { key, cert: chain, ca, crl }
  const all = Object.entries(pems).flatMap(([name, pem]) => [
    { name, bytes: t.Buffer.from(pem) },
    { name, bytes: der(t, pem) },
  ])
  for (const form of Object.values(pfx)) all.push({ name: 'pfx', bytes: t.Buffer.from(form, 'base64') })
  return { all, passphrase }
}

test('fuzz: what createSecureContext is given', FULL, async (t) => {
  const { all, passphrase } = await material(t)
  const choose = t.chooser(1)
  for (let count = t.full ? 20_000 : 300; count > 0; count--) {
    const { name, bytes } = all[choose(all.length)]
    attempt(() => t.tls.createSecureContext({ [name]: changed(t, bytes, choose), passphrase }))
  }
})

test('fuzz: stored sessions', { ours: true, ...FULL }, async (t) => {
  const { client, socket } = await t.pair({ maxVersion: 'TLSv1.2' })
  const session = client.getSession()
  client.destroy()
  socket.destroy()
  const choose = t.chooser(2)
  for (let count = t.full ? 2000 : 50; count > 0; count--) {
    const [near, far] = t.duplexPair()
    const client = t.connect({ socket: near, session: changed(t, session, choose) })
    // A ClientHello, with it or without.
    await event(far, 'data')
    client.destroy()
  }
})

/** Shake hands over a connection that changes one piece of what one side sends, or does nothing more after it. */
async function disturbed(t, server, ca, choose) {
  const ends = t.duplexPair()
  const [sender] = choose(2) ? ends : ends.toReversed()
  const write = sender._write
  let before = choose(4)
  sender._write = (chunk, encoding, callback) => write.call(sender, before-- === 0 ? changed(t, chunk, choose) : chunk, encoding, callback)
  const errors = []
  const closed = []
  const watch = (socket) => {
    socket.on('error', (error) => errors.push(error))
    closed.push(new Promise((resolve) => socket.once('close', resolve)))
    socket.resume()
  }
  server.once('connection', watch)
  server.removeAllListeners('secureConnection').on('secureConnection', watch)
  server.removeAllListeners('tlsClientError').on('tlsClientError', (error) => errors.push(error))
  const client = t.connect({ socket: ends[0], ca, servername: 'localhost', rejectUnauthorized: choose(2) === 0 })
  watch(client)
  client.once('secureConnect', () => client.end(JSON.stringify(client.getPeerCertificate(true).subject)))
  server.emit('connection', ends[1])
  await t.sleep(5)
  for (const end of ends) end.destroy()
  await Promise.all(closed)
  errors.forEach(acceptable)
}

for (const version of VERSIONS) {
  test(`fuzz: handshakes, ${version}`, { ours: true, ...FULL }, async (t) => {
    const { key, chain, ca } = await t.certificate('curious')
    const server = await t.server({ key, cert: chain, maxVersion: version, requestCert: true, rejectUnauthorized: false })
    const choose = t.chooser(3)
    for (let count = t.full ? 2000 : 50; count > 0; count--) await disturbed(t, server, ca, choose)
    const { client } = await t.pair()
    assert.isTrue(client.authorized)
  })
}

/** What a program may ask of a certificate. */
const QUESTIONS = [
  (certificate) => certificate.toLegacyObject(),
  (certificate) => certificate.toString(),
  (certificate) => certificate.checkHost('localhost'),
  (certificate) => certificate.checkEmail('user@localhost'),
  (certificate) => certificate.checkIP('127.0.0.1'),
  (certificate) => certificate.checkIssued(certificate),
  (certificate) => certificate.publicKey.export({ type: 'spki', format: 'pem' }),
  (certificate) => certificate.verify(certificate.publicKey),
  (certificate) => [certificate.subject, certificate.issuer, certificate.subjectAltName, certificate.infoAccess, certificate.keyUsage],
  (certificate) => [certificate.validFromDate, certificate.validToDate, certificate.signatureAlgorithm, certificate.serialNumber],
]

test('fuzz: certificates that are changed are read, or are none', { ours: true, ...FULL }, async (t) => {
  const { X509Certificate, readCertificate, Malformed } = t.tls[Symbol.for('isomorphic-tls.x509')]
  const real = (await Promise.all(['curious', 'rsa-2048', 'intermediate'].map((name) => t.certificate(name)))).map(({ certificate }) =>
    der(t, certificate),
  )
  const pool = [...plainSamples().map((sample) => sample.der), ...real]
  const choose = t.chooser(8)
  let read = 0
  for (let count = t.full ? 200_000 : 4000; count > 0; count--) {
    const from = t.Buffer.from(pool[choose(pool.length)])
    const bytes = choose(3) ? changeStructure(from, choose) : changed(t, from, choose)
    try {
      readCertificate(bytes)
      read++
    } catch (error) {
      assert.instanceOf(error, Malformed)
      continue
    }
    const certificate = new X509Certificate(t.Buffer.from(bytes))
    for (const question of QUESTIONS) attempt(() => question(certificate))
  }
  assert.isAbove(read, 500)
})
