// node-postgres over sockets of the module under test, to a PostgreSQL server: SCRAM-SHA-256-PLUS, which binds the password to the
// server's certificate.
import { evaluate } from '../children.js'
import { lendTls } from '../drivers.js'
import { assert, event, test } from '../harness.js'
import { listen, load, trust } from '../servers.js'

const NODES = { only: ['node-20', 'node-26'], why: 'node-postgres takes its sockets from modules of Node' }

const VERSIONS = /** @type {const} */ (['TLSv1.2', 'TLSv1.3'])

/** What the peer of kind `postgres` lets in. */
const LOGIN = { user: 'postgres', database: 'postgres', password: 'a password of the tests' }

/** What a client of PostgreSQL says to get TLS, and what the server answers (PostgreSQL's documentation, "SSL Session Encryption"). */
const SSL_REQUEST = [0, 0, 0, 8, 4, 210, 22, 47]
const YES = 'S'

/** A client of node-postgres over the module under test, and the mechanisms by which it has logged in. */
async function clientOver(t, port, options) {
  const { default: pg } = await load('pg')
  await lendTls(t)
  const { ca, servername } = await trust(t)
  const client = new pg.Client({ ...LOGIN, host: '127.0.0.1', port, ssl: { ca, servername }, ...options })
  client.on('error', () => {})
  t.after(() => client.end())
  const mechanisms = []
  const send = client.connection.sendSASLInitialResponseMessage
  client.connection.sendSASLInitialResponseMessage = function (mechanism, ...rest) {
    mechanisms.push(mechanism)
    return send.call(this, mechanism, ...rest)
  }
  return { client, mechanisms }
}

for (const maxVersion of VERSIONS) {
  test(`node-postgres: with and without channel binding, ${maxVersion}`, NODES, async (t) => {
    const peer = await t.peer({ kind: 'postgres', maxVersion })
    for (const enableChannelBinding of [true, false]) {
      const { client, mechanisms } = await clientOver(t, peer.port, { enableChannelBinding })
      await client.connect()
      assert.deepEqual(mechanisms, [enableChannelBinding ? 'SCRAM-SHA-256-PLUS' : 'SCRAM-SHA-256'])
      const { rows } = await client.query('select version, $1::text as given from pg_stat_ssl where pid = pg_backend_pid()', ['żółć'])
      assert.deepEqual(rows, [{ version: maxVersion, given: 'żółć' }])
      assert.instanceOf(client.connection.stream, t.tls.TLSSocket)
    }
    const { client } = await clientOver(t, peer.port, { enableChannelBinding: true, password: 'another' })
    const error = await client.connect().catch((reason) => reason)
    assert.equal(error.code, '28P01')
  })
}

test('node-postgres: much data both ways', NODES, async (t) => {
  const peer = await t.peer({ kind: 'postgres' })
  const { client } = await clientOver(t, peer.port, { enableChannelBinding: true })
  await client.connect()
  const sent = t.random(1, 2 ** 20)
  const { rows } = await client.query('select $1::bytea as given, repeat($2, 1000000) as made', [sent, 'x'])
  assert.isTrue(sent.equals(rows[0].given))
  assert.equal(rows[0].made, 'x'.repeat(1_000_000))
})

/** Somebody in the middle whom the client trusts, with another certificate than the server's: a port. */
async function impostor(t, peer) {
  const { key, chain } = await t.certificate('ecdsa-p384')
  const { ca } = await t.certificate('ecdsa-p256')
  const server = await t.server({ key, cert: chain })
  server.on('tlsClientError', () => {})
  server.on('secureConnection', async (socket) => {
    const onward = await t.transport(peer)
    onward.write(t.Buffer.from(SSL_REQUEST))
    const [answer] = await event(onward, 'data')
    assert.equal(String(answer), YES)
    const secured = t.connect({ socket: onward, ca, servername: 'localhost' })
    for (const stream of [socket, secured]) stream.on('error', () => {})
    socket.pipe(secured).pipe(socket)
  })
  const { port } = await listen(
    t,
    t.net.createServer((socket) => {
      socket.once('data', (request) => {
        assert.deepEqual([...request], SSL_REQUEST)
        socket.write(YES)
        server.emit('connection', socket)
      })
    }),
  )
  return port
}

test('node-postgres: somebody in the middle whom the client trusts is found out by channel binding alone', NODES, async (t) => {
  const peer = await t.peer({ kind: 'postgres' })
  const port = await impostor(t, peer)

  const unbound = await clientOver(t, port, { enableChannelBinding: false })
  await unbound.client.connect()
  assert.deepEqual((await unbound.client.query('select 1 as one')).rows, [{ one: 1 }])

  const { client, mechanisms } = await clientOver(t, port, { enableChannelBinding: true })
  const error = await client.connect().catch((reason) => reason)
  assert.deepEqual(mechanisms, ['SCRAM-SHA-256-PLUS'])
  assert.match(error.message, /channel binding check failed/)
})

test('node-postgres: the binding is that of getChannelBinding', { ...NODES, ours: true }, async (t) => {
  const { createHash } = await load('node:crypto')
  for (const [certificate, hash] of [
    ['ecdsa-p256', 'sha256'],
    ['signed-sha384', 'sha384'],
  ]) {
    const peer = await t.peer({ kind: 'postgres', certificate })
    const { issuer: ca } = await t.certificate(certificate)
    const ssl = { ca, checkServerIdentity: () => undefined }
    const { client, mechanisms } = await clientOver(t, peer.port, { enableChannelBinding: true, ssl })
    await client.connect()
    assert.deepEqual(mechanisms, ['SCRAM-SHA-256-PLUS'])
    const { stream } = client.connection
    const expected = createHash(hash).update(stream.getPeerCertificate().raw).digest()
    assert.deepEqual(stream.getChannelBinding('tls-server-end-point'), expected)
  }
})

/** What node-postgres is asked in Workers, and on Node as if it were one. */
async function questions(t, peer) {
  const { ca, servername } = await trust(t)
  const text = 'select version, $1::text as given, repeat($2, 1000000) as made from pg_stat_ssl where pid = pg_backend_pid()'
  const ask = (ssl, more) => ({ config: { ...LOGIN, host: '127.0.0.1', port: peer.port, ssl, ...more }, text, values: ['żółć', 'x'] })
  return {
    trusting: ask({ ca, servername }, { enableChannelBinding: true }),
    unbound: ask({ ca }),
    strange: ask({ servername }),
    misled: ask({ ca, servername: 'other.example' }),
    plain: ask(false),
  }
}

/** What comes of the questions. */
function checkAnswers({ trusting, unbound, strange, misled, plain }) {
  const rows = [{ version: 'TLSv1.3', given: 'żółć', made: 'x'.repeat(1_000_000) }]
  for (const answer of [trusting, unbound]) assert.deepEqual(answer, { rows, protocol: 'TLSv1.3' })
  assert.equal(strange.code, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
  assert.equal(misled.code, 'ERR_TLS_CERT_ALTNAME_INVALID')
  // The server takes TLS only, and says so in the clear.
  assert.equal(plain.code, '28000')
}

test('node-postgres: in a Worker, by the alias of pg-cloudflare', {
  ours: true,
  only: ['node-26'],
  why: 'it starts a workerd of its own',
}, async (t) => {
  const { readmeAlias, startWorker } = await import(new URL('../runners/wrangler.js', import.meta.url).href)
  const worker = await startWorker('worker-postgres.js', await readmeAlias())
  t.after(worker.stop)
  const answers = /** @type {any} */ ({})
  const peer = await t.peer({ kind: 'postgres' })
  for (const [name, question] of Object.entries(await questions(t, peer))) answers[name] = await worker.ask(question)
  checkAnswers(answers)
})

/** Ask as a Worker does: in a process of its own, since node-postgres looks once where it runs. */
async function askAsWorker(_tls, given) {
  const { createRequire } = await import('node:module')
  const { CloudflareSocket } = await import('isomorphic-tls/pg-cloudflare')
  createRequire(`${globalThis.process.cwd()}/`)('pg-cloudflare').CloudflareSocket = CloudflareSocket
  Object.defineProperty(globalThis, 'navigator', { value: { userAgent: 'Cloudflare-Workers' } })
  // Not a name for bundlers to read.
  const program = './tests/programs/worker-postgres.js'
  const { default: worker } = await import(program)
  const answers = /** @type {any} */ ({})
  for (const [name, question] of Object.entries(given)) {
    const response = await worker.fetch(new Request('http://worker', { method: 'POST', body: JSON.stringify(question) }))
    answers[name] = await response.json()
  }
  return answers
}

test('node-postgres: on Node, as if it were a Worker', { ...NODES, ours: true }, async (t) => {
  const peer = await t.peer({ kind: 'postgres' })
  const { result } = await evaluate(t, askAsWorker, { given: await questions(t, peer) })
  checkAnswers(result)
})
