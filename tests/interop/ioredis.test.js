// ioredis over sockets of the module under test, to a Redis server: TLS from the beginning, commands without waiting for answers.
import { clientIdentity, lendTls } from '../drivers.js'
import { assert, event, test } from '../harness.js'
import { load, trust } from '../servers.js'

const CONSOLES = { only: ['node-20', 'node-26', 'deno', 'bun'], why: 'ioredis takes its sockets from modules of Node' }

const VERSIONS = /** @type {const} */ (['TLSv1.2', 'TLSv1.3'])

/** What the peer of kind `redis` asks for. */
const PASSWORD = 'a password of the tests'

const MEBIBYTE = 1024 * 1024

/** ioredis over the module under test, and the sockets that it connects. */
async function clientOver(t, peer, tls, options) {
  const { default: Redis } = await load('ioredis')
  const sockets = await lendTls(t)
  const client = new Redis({
    host: '127.0.0.1',
    port: peer.port,
    password: PASSWORD,
    tls: { ...(await trust(t)), ...tls },
    retryStrategy: () => null,
    lazyConnect: true,
    ...options,
  })
  t.after(() => client.disconnect())
  return { client, sockets }
}

/** With what a client fails to connect. */
async function failure({ client }) {
  client.connect().catch(() => {})
  const [{ code }] = await event(client, 'error')
  return code
}

for (const maxVersion of VERSIONS) {
  test(`ioredis: commands, ${maxVersion}`, CONSOLES, async (t) => {
    const { client, sockets } = await clientOver(t, await t.peer({ kind: 'redis', maxVersion }))
    assert.equal(await client.echo('żółć'), 'żółć')
    assert.lengthOf(sockets, 1)
    assert.instanceOf(sockets[0], t.tls.TLSSocket)
    assert.equal(sockets[0].getProtocol(), maxVersion)
  })
}

test('ioredis: a client certificate', CONSOLES, async (t) => {
  const { client } = await clientOver(t, await t.peer({ kind: 'redis', requireCert: true }), await clientIdentity(t))
  assert.equal(await client.ping(), 'PONG')
})

test('ioredis: a server that is not trusted, or is another', CONSOLES, async (t) => {
  const peer = await t.peer({ kind: 'redis' })
  // It sends its root as well.
  assert.equal(await failure(await clientOver(t, peer, { ca: (await t.certificate('other-ca')).issuer })), 'SELF_SIGNED_CERT_IN_CHAIN')
  assert.equal(await failure(await clientOver(t, peer, { servername: 'other.example' })), 'ERR_TLS_CERT_ALTNAME_INVALID')
})

test('ioredis: much data both ways, and many commands', CONSOLES, async (t) => {
  const { client } = await clientOver(t, await t.peer({ kind: 'redis' }))
  const sent = t.random(1, 16 * MEBIBYTE)
  await client.set('bytes', sent)
  assert.isTrue(sent.equals(await client.getBuffer('bytes')))
  const numbers = Array.from({ length: 10_000 }, (_, number) => String(number))
  assert.deepEqual(await Promise.all(numbers.map((number) => client.echo(number))), numbers)
})

test('ioredis: connects again when the server has ended the connection', CONSOLES, async (t) => {
  const peer = await t.peer({ kind: 'redis' })
  const { client, sockets } = await clientOver(t, peer, {}, { retryStrategy: () => 0 })
  const other = await clientOver(t, peer)
  const id = await client.client('ID')
  assert.equal(await other.client.client('KILL', 'ID', id), 1)
  assert.notEqual(await client.client('ID'), id)
  assert.lengthOf(sockets, 3)
})

test('ioredis: in a Worker, by the alias', { ours: true, only: ['node-26'], why: 'it starts a workerd of its own' }, async (t) => {
  const { readmeAlias, startWorker } = await import(new URL('../runners/wrangler.js', import.meta.url).href)
  const worker = await startWorker('worker-ioredis.js', await readmeAlias())
  t.after(worker.stop)
  const { port } = await t.peer({ kind: 'redis', requireCert: true })
  const tls = { ...(await trust(t)), ...(await clientIdentity(t)) }
  const text = 'x'.repeat(MEBIBYTE)
  const ask = (more) => worker.ask({ options: { host: '127.0.0.1', port, password: PASSWORD, tls: { ...tls, ...more } }, text })
  assert.deepEqual(await ask({}), { echo: text, protocol: 'TLSv1.3' })
  assert.equal((await ask({ ca: (await t.certificate('other-ca')).issuer })).code, 'SELF_SIGNED_CERT_IN_CHAIN')
  assert.equal((await ask({ servername: 'other.example' })).code, 'ERR_TLS_CERT_ALTNAME_INVALID')
})
