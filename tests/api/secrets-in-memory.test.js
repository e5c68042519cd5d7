// What of secrets stays in the engine's memory when it is done with them.
import { assert, test } from '../harness.js'

const NODES = { ours: true, only: ['node-20', 'node-26'], why: 'the engine is the same everywhere' }

/** What a client says besides. */
const PARAMETERS = { servername: 'localhost', host: 'localhost', protocols: new Uint8Array(0), requestOcsp: false, trace: false }

/** Where the stack ends, at the bottom of the memory: the linker's default. */
const STACK = 1024 * 1024

/** An engine of its own, and a function that counts how often bytes stand in its memory, or in the first part of it. */
async function bareEngine(t) {
  const load = (name) => import(new URL(`../../js/${name}.js`, import.meta.url).href)
  await load('runtime/inline')
  const parts = await Promise.all(['engine', 'engine-connection', 'engine-context', 'status'].map(load))
  const [engine, { EngineConnection }, { EngineContext }, Status] = parts
  const count = (bytes, end = Number.POSITIVE_INFINITY) => {
    const memory = t.Buffer.from(engine.memory()).subarray(0, end)
    let found = 0
    for (let place = memory.indexOf(bytes); place >= 0; place = memory.indexOf(bytes, place + 1)) found += 1
    return found
  }
  return { ...engine, EngineConnection, EngineContext, Status, count }
}

/** Contexts for both ends, which take each other's sessions; `others` are for the server's. */
async function contexts(t, { EngineContext }, version, others = {}) {
  const { key, chain, ca } = await t.certificate('ecdsa-p256')
  const trust = { mozilla: false, ca: [t.Buffer.from(ca)], isShared: false }
  const recipe = { tls12: version === 'TLSv1.2', tls13: version === 'TLSv1.3', allowPartialTrustChain: false, trust, crl: [], pfx: [] }
  const identity = { certificates: [t.Buffer.from(chain)], keys: [{ bytes: t.Buffer.from(key), passphrase: undefined }] }
  return {
    ofClient: new EngineContext({ ...recipe, certificates: [], keys: [] }),
    ofServer: new EngineContext({ ...recipe, ...identity, ticketKeys: t.random(1, 48), ...others }),
  }
}

/**
 * Have both ends of a connection shake hands and exchange data.
 * @param {any} engine
 * @param {{ ofClient: any, ofServer: any }} contexts
 * @param {{ session?: Uint8Array, kept?: Uint8Array, psk?: { identity: Uint8Array, key: Uint8Array }, sealingKey?: Uint8Array }} [options]
 */
function shakeHands({ EngineConnection, Status }, { ofClient, ofServer }, { session, kept, psk, sealingKey } = {}) {
  const client = EngineConnection.client(ofClient, { ...PARAMETERS, session, psk, sealingKey })
  const server = EngineConnection.server({ trace: false })
  const answer = () => {
    const { sessionId } = server.clientHello()
    const choice = { context: ofServer, protocol: null, requestCert: false, requireCert: false, keepSessions: true }
    return server.answer({ ...choice, psk, session: kept && { id: sessionId, data: kept } })
  }
  const bring = (chunk, to) => {
    let status = to.receive(chunk)
    if (status & Status.CLIENT_HELLO) status = answer()
    if (status & Status.PEER_IDENTITY) status = to.accept(true)
    assert.equal(status & Status.FAILED, 0, status & Status.FAILED && to.failure())
  }
  client.keepKeyLines()
  for (let round = 0; round < 6; round++) {
    for (const chunk of client.takeCiphertext()) bring(chunk, server)
    for (const chunk of server.takeCiphertext()) bring(chunk, client)
    if (round !== 3) continue
    client.send(Uint8Array.of(1))
    server.send(Uint8Array.of(2))
  }
  const [[, made] = []] = server.takeServerSessions()
  const taken = { session: client.session(), ticket: client.ticket(), lines: client.takeKeyLines(), kept: made }
  const free = () => {
    client.free()
    server.free()
  }
  return { ...taken, isResumed: client.facts().resumed, free }
}

/** A client that has said its ClientHello. */
function offering({ EngineConnection }, { ofClient }, options) {
  return EngineConnection.client(ofClient, { ...PARAMETERS, ...options })
}

/** The numbers of a private key that nobody else may know. */
async function privateNumbers(t, key) {
  const { createPrivateKey } = await import('node:crypto')
  const { d, p, q } = createPrivateKey(key).export({ format: 'jwk' })
  return [d, p, q].filter(Boolean).map((number) => t.Buffer.from(/** @type {string} */ (number), 'base64url'))
}

for (const kind of ['ecdsa-p256', 'rsa-2048', 'ed25519']) {
  test(`secrets in memory: of a private key nothing stays when its context is freed, ${kind}`, NODES, async (t) => {
    const { inEngine, count } = await bareEngine(t)
    const { createPrivateKey } = await import('node:crypto')
    const { key, certificate } = await t.certificate(kind)
    const numbers = await privateNumbers(t, key)
    const passphrase = t.random(1, 24).toString('hex')
    const [, pem] = key.split('\n')
    const encrypted = createPrivateKey(key).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase })
    const der = createPrivateKey(key).export({ type: 'pkcs8', format: 'der' })
    const latin1 = t.Buffer.concat([t.Buffer.from([0xe4, 0x0a]), t.Buffer.from(key)])
    const forms = [[t.Buffer.from(key)], [der], [latin1], [t.Buffer.from(encrypted), t.Buffer.from(passphrase)]]
    for (const [bytes, word] of forms) {
      const context = inEngine((engine) => new engine.Context(true, true))
      assert.equal(context.addCertificate(t.Buffer.from(certificate)), undefined)
      assert.equal(context.addKey(bytes, word), undefined)
      // What one looks for is found: a certificate, and the key that dalek keeps as it is.
      assert.isAbove(count(t.Buffer.from(certificate.split('\n').slice(1, -2).join(''), 'base64')), 0)
      if (kind === 'ed25519') assert.isAbove(count(numbers[0]), 0)
      context.free()
      for (const number of numbers) assert.equal(count(number), 0)
      for (const text of [pem, passphrase]) assert.equal(count(t.Buffer.from(text)), 0)
    }
  })
}

test('secrets in memory: of a PKCS#12 file nothing that is secret stays', NODES, async (t) => {
  const { inEngine, count } = await bareEngine(t)
  const { passphrase, key, pfx } = await t.forms('ecdsa-p256')
  const numbers = await privateNumbers(t, key.pkcs8)
  let opened = 0
  for (const file of Object.values(pfx)) {
    const context = inEngine((engine) => new engine.Context(true, true))
    const problem = context.addPfx(t.Buffer.from(/** @type {string} */ (file), 'base64'), t.Buffer.from(passphrase))
    context.free()
    if (!problem) opened += 1
    for (const number of numbers) assert.equal(count(number), 0)
    assert.equal(count(t.Buffer.from(passphrase)), 0)
  }
  assert.isAbove(opened, 0)
})

test('secrets in memory: of a pre-shared key nothing stays that is not overwritten', NODES, async (t) => {
  const engine = await bareEngine(t)
  const psk = { identity: t.Buffer.from('me'), key: t.random(2, 32) }
  const both = await contexts(t, engine, 'TLSv1.3')
  const client = offering(engine, both, { psk })
  assert.isAbove(engine.count(psk.key), 0)
  client.free()
  assert.equal(engine.count(psk.key), 0)
  const { isResumed, free } = shakeHands(engine, both, { psk })
  assert.isTrue(isResumed)
  free()
  assert.equal(engine.count(psk.key, STACK), 0)
})

/** The secret that resumes a session: TLS 1.2's stands in the key log, TLS 1.3's before the ticket's length and two numbers. */
function secretOf(t, version, { session, ticket, lines }) {
  if (version === 'TLSv1.2') return t.Buffer.from(/^CLIENT_RANDOM \S+ (\S+)$/m.exec(lines.join(''))[1], 'hex')
  const end = t.Buffer.from(session).indexOf(ticket) - 2 - 8
  return t.Buffer.from(session.subarray(end - 32, end))
}

/** A session and its secret, and another instance of the engine, which has never seen them. */
async function sessionOfAnother(t, version) {
  const engine = await bareEngine(t)
  const { session, ticket, lines, free } = shakeHands(engine, await contexts(t, engine, version))
  const secret = secretOf(t, version, { session, ticket, lines })
  assert.isTrue(t.Buffer.from(session).includes(secret))
  free()
  assert.throws(engine.trap, /was replaced/)
  assert.equal(engine.count(secret), 0)
  return { engine, session, secret }
}

for (const version of ['TLSv1.2', 'TLSv1.3']) {
  test(`secrets in memory: of a session that is read nothing stays, ${version}`, NODES, async (t) => {
    const { engine, session, secret } = await sessionOfAnother(t, version)
    assert.equal(engine.readSession(session).host, 'localhost')
    assert.equal(engine.count(secret), 0)
  })

  test(`secrets in memory: of a session that is offered nothing stays, ${version}`, NODES, async (t) => {
    const { engine, session, secret } = await sessionOfAnother(t, version)
    const client = offering(engine, await contexts(t, engine, version), { session })
    assert.isAbove(engine.count(secret), 0)
    client.free()
    // rustls moves a session of TLS 1.2 from one place of the heap to another, and wipes the last.
    assert.equal(engine.count(secret, STACK), 0)
    assert.isAtMost(engine.count(secret), version === 'TLSv1.2' ? 1 : 0)
  })
}

test('secrets in memory: of lines for a key log, and of what sessions are sealed with, nothing stays', NODES, async (t) => {
  const engine = await bareEngine(t)
  const sealingKey = t.random(3, 32)
  const { lines, session, free } = shakeHands(engine, await contexts(t, engine, 'TLSv1.3'), { sealingKey })
  assert.isAbove(lines.length, 0)
  for (const line of lines) assert.equal(engine.count(t.Buffer.from(line.trim().split(' ')[2])), 0)
  assert.isAbove(engine.count(sealingKey), 0)
  free()
  assert.equal(engine.readSession(session, sealingKey).host, 'localhost')
  assert.equal(engine.count(sealingKey), 0)
})

test('secrets in memory: of a master secret of TLS 1.2 nothing stays on the stack', NODES, async (t) => {
  const engine = await bareEngine(t)
  for (const withoutTickets of [false, true]) {
    const both = await contexts(t, engine, 'TLSv1.2', { withoutTickets })
    const first = shakeHands(engine, both)
    const secret = secretOf(t, 'TLSv1.2', first)
    assert.isAbove(engine.count(secret, STACK), 0)
    first.free()
    assert.equal(engine.count(secret, STACK), 0)
    const second = shakeHands(engine, both, { session: first.session, kept: withoutTickets ? first.kept : undefined })
    assert.isTrue(second.isResumed)
    assert.isAbove(engine.count(secret, STACK), 0)
    second.free()
    assert.equal(engine.count(secret, STACK), 0)
  }
})

for (const whose of ['given', 'its own']) {
  test(`secrets in memory: of what tickets are sealed with nothing stays when other keys take their place, ${whose}`, NODES, async (t) => {
    const engine = await bareEngine(t)
    const both = await contexts(t, engine, 'TLSv1.3', { ticketKeys: whose === 'given' ? t.random(4, 48) : undefined })
    const first = shakeHands(engine, both)
    const second = shakeHands(engine, both, { session: first.session })
    assert.isTrue(second.isResumed)
    first.free()
    second.free()
    // The first of them are a name, which is sent.
    const key = both.ofServer.getTicketKeys().subarray(16)
    assert.isAbove(engine.count(key), 0)
    both.ofServer.setTicketKeys(t.random(5, 48))
    assert.equal(engine.count(key), 0)
  })
}
