// TLS on connections that were something else before: upgrades on both sides at any moment, and TLS in TLS.
import { assert, event, readAll, test } from '../harness.js'

const CONSOLES = { only: ['node-20', 'node-26', 'deno', 'bun'], why: 'they have servers of TCP' }

const NO_BROWSER = { except: ['chromium', 'firefox'], why: 'their timers take 4 ms, and each byte one of them' }

const LENGTH = 200_000

/**
 * Both ends of a connection: the client's, and the server's.
 * @type {Record<string, { options: object, lay: (t: any) => any }>}
 */
const CABLES = {
  'a Duplex': { options: {}, lay: (t) => t.duplexPair() },
  'a Duplex in pieces of a byte': { options: NO_BROWSER, lay: (t) => t.duplexPair({ pieceSize: 1 }) },
  'a TCP socket': { options: CONSOLES, lay: layTcp },
}

async function layTcp(t) {
  const server = t.net.createServer()
  server.listen(0, '127.0.0.1')
  await event(server, 'listening')
  t.after(() => server.close())
  const accepted = event(server, 'connection')
  const near = t.track(t.net.connect(server.address().port, '127.0.0.1'))
  const [[far]] = await Promise.all([accepted, event(near, 'connect')])
  return [near, t.track(far)]
}

/** Read plaintext up to the end of a line; what came after it is put back. */
function lineOf(t, raw) {
  return new Promise((resolve) => {
    let text = t.Buffer.alloc(0)
    const take = (chunk) => {
      text = t.Buffer.concat([text, chunk])
      const end = text.indexOf('\r\n')
      if (end < 0) return
      raw.removeListener('data', take)
      raw.pause()
      if (text.length > end + 2) raw.unshift(text.subarray(end + 2))
      resolve(text.subarray(0, end).toString())
    }
    raw.on('data', take)
    raw.resume()
  })
}

async function upgradeServer(t, raw, options = {}) {
  const { key, chain } = await t.certificate('ecdsa-p256')
  const secureContext = t.tls.createSecureContext({ key, cert: chain })
  return t.track(new t.tls.TLSSocket(raw, { isServer: true, secureContext, ...options }))
}

async function upgradeClient(t, raw, options = {}) {
  const { ca } = await t.certificate('ecdsa-p256')
  return t.connect({ socket: raw, ca, servername: 'localhost', ...options })
}

/** Much goes to and fro, and both ends come to their end. */
async function converse(t, client, socket, length = LENGTH) {
  socket.pipe(socket)
  client.end(t.random(51, length))
  const answer = await readAll(client)
  assert.lengthOf(answer, length)
  assert.equal(t.firstDifference(51, 0, answer), -1)
}

for (const [what, { options, lay }] of Object.entries(CABLES)) {
  const length = what.includes('byte') ? 2000 : LENGTH
  const upgradeTest = (name, body) => test(`starttls: ${what}: ${name}`, options, body)

  upgradeTest('after a talk', async (t) => {
    const [near, far] = await lay(t)
    const serving = (async () => {
      far.write('220 ready\r\n')
      assert.equal(await lineOf(t, far), 'EHLO client')
      far.write('250 STARTTLS\r\n')
      assert.equal(await lineOf(t, far), 'STARTTLS')
      far.write('220 go ahead\r\n')
      return upgradeServer(t, far)
    })()
    assert.equal(await lineOf(t, near), '220 ready')
    near.write('EHLO client\r\n')
    assert.equal(await lineOf(t, near), '250 STARTTLS')
    near.write('STARTTLS\r\n')
    assert.equal(await lineOf(t, near), '220 go ahead')
    const client = await upgradeClient(t, near)
    await event(client, 'secureConnect')
    assert.isTrue(client.authorized)
    await converse(t, client, await serving, length)
  })

  upgradeTest('in the listener that read the answer', async (t) => {
    const [near, far] = await lay(t)
    const { key, chain, ca } = await t.certificate('ecdsa-p256')
    const secureContext = t.tls.createSecureContext({ key, cert: chain })
    const serving = new Promise((resolve) => {
      far.once('data', () => {
        far.write('S')
        resolve(t.track(new t.tls.TLSSocket(far, { isServer: true, secureContext })))
      })
    })
    const upgraded = new Promise((resolve) => {
      near.once('data', (chunk) => {
        assert.equal(String(chunk), 'S')
        resolve(t.connect({ socket: near, ca, servername: 'localhost' }))
      })
    })
    near.write('?')
    await converse(t, await upgraded, await serving, length)
  })

  upgradeTest('a client that does not wait for the answer', async (t) => {
    const [near, far] = await lay(t)
    near.write('STARTTLS\r\n')
    const client = await upgradeClient(t, near)
    // The line and the ClientHello come together, or one after the other.
    assert.equal(await lineOf(t, far), 'STARTTLS')
    await converse(t, client, await upgradeServer(t, far), length)
  })

  upgradeTest('a ClientHello that the plaintext side has read', async (t) => {
    const [near, far] = await lay(t)
    const client = await upgradeClient(t, near)
    let read = t.Buffer.alloc(0)
    // A record's header tells its length.
    while (read.length < 5 || read.length < 5 + read.readUInt16BE(3)) {
      const [chunk] = await event(far, 'data')
      far.pause()
      read = t.Buffer.concat([read, chunk])
      far.resume()
    }
    far.pause()
    assert.equal(read[0], 22)
    far.unshift(read)
    await converse(t, client, await upgradeServer(t, far), length)
  })

  upgradeTest('a ClientHello of which the plaintext side has read a part', async (t) => {
    const [near, far] = await lay(t)
    const client = await upgradeClient(t, near)
    let part = far.read(3)
    while (!part) {
      await t.sleep(5)
      part = far.read(3)
    }
    far.unshift(part)
    await converse(t, client, await upgradeServer(t, far), length)
  })

  upgradeTest('a ClientHello that has waited in the socket’s buffer', async (t) => {
    const [near, far] = await lay(t)
    const client = await upgradeClient(t, near)
    while (far.readableLength < 100) {
      far.read(0)
      await t.sleep(5)
    }
    await converse(t, client, await upgradeServer(t, far), length)
  })

  upgradeTest('plaintext that is still being written goes first', async (t) => {
    const [near, far] = await lay(t)
    const before = 'x'.repeat(length / 2)
    near.write(before)
    near.write('\r\n')
    const client = await upgradeClient(t, near)
    assert.equal((await lineOf(t, far)).length, before.length)
    await converse(t, client, await upgradeServer(t, far), length)
  })

  upgradeTest('the server’s last plaintext and the upgrade come at once', async (t) => {
    const [near, far] = await lay(t)
    const socket = await (async () => {
      far.write('220 go ahead\r\n')
      return upgradeServer(t, far)
    })()
    assert.equal(await lineOf(t, near), '220 go ahead')
    await converse(t, await upgradeClient(t, near), socket, length)
  })

  upgradeTest('the upgraded connection goes to a server', async (t) => {
    const server = await t.server()
    const [near, far] = await lay(t)
    near.write('STARTTLS\r\n')
    const client = await upgradeClient(t, near)
    const accepted = event(server, 'secureConnection')
    assert.equal(await lineOf(t, far), 'STARTTLS')
    server.emit('connection', far)
    await converse(t, client, (await accepted)[0], length)
  })

  upgradeTest('the client of the connection is the server of TLS', async (t) => {
    const [near, far] = await lay(t)
    near.write('AUTH TLS\r\n')
    const socket = await upgradeServer(t, near)
    assert.equal(await lineOf(t, far), 'AUTH TLS')
    await converse(t, await upgradeClient(t, far), socket, length)
  })

  upgradeTest('a client certificate is asked for', async (t) => {
    const [near, far] = await lay(t)
    const { key, chain, ca } = await t.certificate('ecdsa-p256')
    const identity = await t.certificate('client')
    const secureContext = t.tls.createSecureContext({ key, cert: chain, ca })
    const socket = await upgradeServer(t, far, { secureContext, requestCert: true, rejectUnauthorized: false })
    const client = await upgradeClient(t, near, { key: identity.key, cert: identity.certificate })
    const secure = event(socket, 'secure')
    await event(client, 'secureConnect')
    await secure
    assert.equal(socket.getPeerCertificate().subject.CN, 'isomorphic-tls test client')
    await converse(t, client, socket, length)
  })

  upgradeTest('a peer that talks on in plaintext', async (t) => {
    const [near, far] = await lay(t)
    const client = await upgradeClient(t, near)
    far.on('error', () => {})
    far.resume().write('HTTP/1.1 400 Bad Request\r\n\r\n')
    const [error] = await event(client, 'error')
    assert.equal(error.code, 'ERR_SSL_WRONG_VERSION_NUMBER')
  })
}

/** Which end of the outer connection is the client of the inner one. */
const DIRECTIONS = { 'the same direction': ['client', 'socket'], 'the other direction': ['socket', 'client'] }

for (const [direction, [innerClient, innerServer]] of Object.entries(DIRECTIONS)) {
  test(`starttls: TLS in TLS, ${direction}`, async (t) => {
    const outer = await t.pair()
    const socket = await upgradeServer(t, outer[innerServer])
    const client = await upgradeClient(t, outer[innerClient])
    await event(client, 'secureConnect')
    assert.isTrue(client.authorized)
    await converse(t, client, socket)
  })

  test(`starttls: TLS in TLS, ${direction}, after a talk`, async (t) => {
    const outer = await t.pair()
    outer[innerClient].write('STARTTLS\r\n')
    const client = await upgradeClient(t, outer[innerClient])
    assert.equal(await lineOf(t, outer[innerServer]), 'STARTTLS')
    await converse(t, client, await upgradeServer(t, outer[innerServer]))
  })

  test(`starttls: TLS in TLS, ${direction}, over TCP`, CONSOLES, async (t) => {
    const [near, far] = await layTcp(t)
    const outer = { socket: await upgradeServer(t, far), client: await upgradeClient(t, near) }
    const socket = await upgradeServer(t, outer[innerServer])
    const client = await upgradeClient(t, outer[innerClient])
    await converse(t, client, socket)
  })

  test(`starttls: TLS in TLS, ${direction}, the outer end is destroyed`, async (t) => {
    const outer = await t.pair({}, {}, { allowHalfOpen: false })
    const socket = await upgradeServer(t, outer[innerServer])
    const client = await upgradeClient(t, outer[innerClient])
    for (const end of [socket, client, outer[innerClient]]) end.on('error', () => {})
    await event(client, 'secureConnect')
    const closed = new Promise((resolve) => socket.on('close', resolve))
    const ended = new Promise((resolve) => client.on('end', resolve))
    client.resume()
    outer[innerServer].destroy()
    await Promise.all([closed, ended])
  })
}

test('starttls: TLS in TLS in TLS', async (t) => {
  let { client, socket } = await t.pair()
  for (let depth = 0; depth < 2; depth++) {
    socket = await upgradeServer(t, socket)
    client = await upgradeClient(t, client)
    await event(client, 'secureConnect')
  }
  await converse(t, client, socket)
})

test('starttls: TLS in TLS, with another version', async (t) => {
  const outer = await t.pair({ maxVersion: 'TLSv1.2' })
  const socket = await upgradeServer(t, outer.socket)
  const client = await upgradeClient(t, outer.client)
  await event(client, 'secureConnect')
  assert.equal(outer.client.getProtocol(), 'TLSv1.2')
  assert.equal(client.getProtocol(), 'TLSv1.3')
  await converse(t, client, socket)
})
