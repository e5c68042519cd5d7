// Whom a server or a client takes for authorised, above all when nothing is presented: sessions, pre-shared keys.
import { accepted, begin, join, refused } from '../connections.js'
import { assert, event, test } from '../harness.js'

const VERSIONS = /** @type {const} */ (['TLSv1.2', 'TLSv1.3'])

const WITH_WASM = { ours: true }

/** Connect, and wait for the last session that the connection gives. */
async function sessionOf(t, server, options) {
  const secured = accepted(server)
  const client = await begin(t, server, options)
  const sessions = []
  client.on('session', (session) => sessions.push(session))
  client.resume()
  const socket = await secured
  const wanted = socket.getProtocol() === 'TLSv1.3' ? 2 : 1
  while (sessions.length < wanted) await event(client, 'session')
  client.destroy()
  return sessions.at(-1)
}

/** Node 20's server takes a session, or a key, for the certificate that it requires. */
const takesAnything = (t) => t.isReference && t.runtime === 'node-20'

/** A server that wants certificates of clients, with the ticket keys of one that does not. */
async function openAndClosed(t, options) {
  const { ca } = await t.certificate('ecdsa-p256')
  const common = { ca, ticketKeys: t.random(1, 48), sessionIdContext: 'one', ...options }
  const open = await t.server(common)
  const closed = await t.server({ ...common, requestCert: true })
  return { open, closed }
}

for (const version of VERSIONS) {
  test(`security: a session without a client certificate is no way into a server that requires one, ${version}`, async (t) => {
    if (takesAnything(t)) return
    const { open, closed } = await openAndClosed(t, { maxVersion: version })
    const session = await sessionOf(t, open)
    const secured = []
    closed.on('secureConnection', (socket) => secured.push(socket.authorized))
    const { error } = await Promise.race([refused(t, closed, { session }), event(closed, 'secureConnection').then(() => ({ error: null }))])
    assert.deepEqual(secured, [])
    assert.instanceOf(error, Error)
  })

  test(`security: requestCert that is set later counts for sessions given before, ${version}`, async (t) => {
    if (takesAnything(t)) return
    const { open } = await openAndClosed(t, { maxVersion: version })
    const session = await sessionOf(t, open)
    open.requestCert = true
    const { error } = await Promise.race([refused(t, open, { session }), event(open, 'secureConnection').then(() => ({ error: null }))])
    assert.instanceOf(error, Error)
  })

  test(`security: a client whose name did not match is not authorised by resumption, ${version}`, WITH_WASM, async (t) => {
    const server = await t.server({ maxVersion: version })
    const options = { servername: 'localhost.example', rejectUnauthorized: false }
    const session = await sessionOf(t, server, options)
    const { client } = await join(t, server, { ...options, session })
    assert.isTrue(client.isSessionReused())
    assert.equal(client.authorizationError, 'ERR_TLS_CERT_ALTNAME_INVALID')
    assert.isFalse(client.authorized)
  })

  test(`security: a resumed client that is refused is told of as any other, ${version}`, async (t) => {
    const { ca } = await t.certificate('ecdsa-p256')
    const { key, chain } = await t.certificate('ecdsa-p256')
    const common = { ca, ticketKeys: t.random(1, 48), maxVersion: version, requestCert: true }
    const lenient = await t.server({ ...common, rejectUnauthorized: false })
    const strict = await t.server(common)
    // A server's certificate, which serves no clients.
    const identity = { key, cert: chain }
    const full = await refused(t, strict, identity).then(
      ({ error }) => error.code,
      () => null,
    )
    const session = await sessionOf(t, lenient, identity)
    const { error } = await refused(t, strict, { ...identity, session })
    assert.equal(error.code, full ?? 'ECONNRESET')
  })
}

test('security: a pre-shared key is no certificate for a server that requires one', async (t) => {
  if (takesAnything(t)) return
  const { ca } = await t.certificate('ecdsa-p256')
  const psk = t.random(1, 16)
  const ciphers = 'TLS_AES_128_GCM_SHA256'
  const server = await t.server({ ca, requestCert: true, ciphers, pskCallback: () => psk })
  const options = { ciphers, pskCallback: () => ({ psk, identity: 'id' }), checkServerIdentity: () => undefined }
  const { error } = await Promise.race([refused(t, server, options), event(server, 'secureConnection').then(() => ({ error: null }))])
  assert.instanceOf(error, Error)
})

test('security: a server without entropy has no ticket keys, rather than keys that everybody knows', WITH_WASM, async (t) => {
  const server = await t.server()
  const prototype = Object.getPrototypeOf(globalThis.crypto)
  const own = Object.getOwnPropertyDescriptor(prototype, 'getRandomValues')
  // As workerd does outside a request.
  Object.defineProperty(prototype, 'getRandomValues', {
    ...own,
    value() {
      throw new Error('Disallowed operation called within global scope')
    },
  })
  let early = null
  try {
    early = server.getTicketKeys()
  } catch {
    // To say so is well.
  } finally {
    Object.defineProperty(prototype, 'getRandomValues', own)
  }
  assert.isFalse(early?.every((byte) => byte === 0) ?? false)
  assert.isFalse(server.getTicketKeys().every((byte) => byte === 0))
})

for (const maxVersion of VERSIONS) {
  test(`security: a resumed server that is refused does not get our Finished, ${maxVersion}`, WITH_WASM, async (t) => {
    const server = await t.server({ maxVersion })
    const session = await sessionOf(t, server)
    const [near, far] = t.duplexPair()
    let sent = 0
    far.on('data', (chunk) => {
      sent += chunk.length
    })
    far.pause()
    server.emit('connection', far)
    const { ca } = await t.certificate('ecdsa-p256')
    let before = 0
    const mine = new Error('not this one')
    const checkServerIdentity = () => {
      before = sent
      return mine
    }
    const client = t.connect({ socket: near, ca, servername: 'localhost', session, checkServerIdentity })
    const [error] = await event(client, 'error')
    assert.strictEqual(error, mine)
    await t.sleep(1)
    assert.isAbove(before, 0)
    assert.equal(sent, before)
  })
}
