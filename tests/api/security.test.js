// Whom a server or a client takes for authorised, above all when nothing is presented: sessions, pre-shared keys.
import { join, refused, sessionOf } from '../connections.js'
import { assert, event, outcome, test } from '../harness.js'

const VERSIONS = /** @type {const} */ (['TLSv1.2', 'TLSv1.3'])

const WITH_WASM = { ours: true }

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
  for (const behind of ['nothing', 'what is no record of its']) {
    const name = (who) => `security: ${who} does not get our Finished, with ${behind} behind its own, ${maxVersion}`

    test(name('a resumed server that is refused'), WITH_WASM, async (t) => {
      const { connect, sent } = await resumable(t, maxVersion, behind !== 'nothing')
      let before = 0
      const mine = new Error('not this one')
      const checkServerIdentity = () => {
        before = sent()
        return mine
      }
      const [error] = await event(connect({ checkServerIdentity }), 'error')
      assert.strictEqual(error, mine)
      await t.sleep(1)
      assert.isAbove(before, 0)
      assert.equal(sent(), before)
    })

    test(name('who verifyPeer has not let in'), WITH_WASM, async (t) => {
      const { connect, sent } = await resumable(t, maxVersion, behind !== 'nothing')
      let before = 0
      const verifyPeer = async ({ resumed }) => {
        before = sent()
        assert.isTrue(resumed)
        await t.sleep(5)
        assert.equal(sent(), before)
        throw new Error('not this one')
      }
      const [error] = await event(connect({ verifyPeer }), 'error')
      assert.equal(error.message, 'not this one')
      await t.sleep(1)
      assert.isAbove(before, 0)
      assert.equal(sent(), before)
    })
  }
}

/** A server that will resume, with something bad right behind its flight if wanted; and how many bytes a client has sent to it. */
async function resumable(t, maxVersion, withMore) {
  const server = await t.server({ maxVersion })
  const session = await sessionOf(t, server)
  const [near, far] = t.duplexPair()
  let sent = 0
  far.on('data', (chunk) => {
    sent += chunk.length
  })
  far.pause()
  if (withMore) appendToFirstWrite(t, far, t.Buffer.from([23, 3, 3, 0, 32, ...new Uint8Array(32)]))
  server.emit('connection', far)
  const { ca } = await t.certificate('ecdsa-p256')
  const connect = (options) => t.connect({ socket: near, ca, servername: 'localhost', session, ...options })
  return { connect, sent: () => sent }
}

/** Have the next bytes that are written arrive together with others behind them. */
function appendToFirstWrite({ Buffer }, stream, bytes) {
  const { write } = stream
  stream.write = (chunk, ...more) => {
    stream.write = write
    return stream.write(Buffer.concat([chunk, bytes]), ...more)
  }
}

test('security: who shows a certificate without its key is not authorised', WITH_WASM, async (t) => {
  const { key, chain } = await t.certificate('ecdsa-p256')
  const server = await t.server({ key, cert: chain, maxVersion: 'TLSv1.2' })
  const [near, far] = t.duplexPair()
  // The last octet of the ServerKeyExchange's signature, before the ServerHelloDone.
  const { write } = far
  far.write = (chunk, ...more) => {
    const changed = t.Buffer.from(chunk)
    const done = changed.lastIndexOf(t.Buffer.from([14, 0, 0, 0]))
    if (done > 0) changed[done - 6] ^= 1
    return write.call(far, changed, ...more)
  }
  server.on('tlsClientError', () => {})
  server.emit('connection', far)
  const { ca } = await t.certificate('ecdsa-p256')
  const client = t.connect({ socket: near, ca, servername: 'localhost' })
  const [error] = await event(client, 'error')
  assert.match(error.code, /^ERR_SSL_/)
  assert.isFalse(client.authorized)
})

test('security: what checkServerIdentity throws refuses, whatever it is', { ours: true }, async (t) => {
  const peer = await t.peer()
  for (const thrown of [0, '', false, null, undefined, 'x']) {
    const checkServerIdentity = () => {
      throw thrown
    }
    const { events } = await outcome(t.connect(t.to(peer, { checkServerIdentity })))
    assert.notInclude(events, 'secureConnect')
  }
})
