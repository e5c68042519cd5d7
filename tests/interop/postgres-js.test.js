// Postgres.js (the package `postgres`) over sockets of the module under test, to a PostgreSQL server: it asks for TLS on a connection
// that is there, and has several queries under way on it.
import { evaluate } from '../children.js'
import { clientIdentity, lendTls } from '../drivers.js'
import { assert, test } from '../harness.js'
import { load, trust } from '../servers.js'

const CONSOLES = { only: ['node-20', 'node-26', 'deno', 'bun'], why: 'Postgres.js takes its sockets from modules of Node' }

const VERSIONS = /** @type {const} */ (['TLSv1.2', 'TLSv1.3'])

/** What the peer of kind `postgres` lets in. */
const LOGIN = { user: 'postgres', database: 'postgres', password: 'a password of the tests' }

const MEBIBYTE = 1024 * 1024

/** Postgres.js over the module under test, and the sockets that it connects. */
async function clientOver(t, peer, ssl, options) {
  const { default: postgres } = await load('postgres')
  const sockets = await lendTls(t)
  const sql = postgres({
    ...LOGIN,
    host: '127.0.0.1',
    port: peer.port,
    ssl: { ...(await trust(t)), ...ssl },
    max: 1,
    backoff: false,
    ...options,
  })
  t.after(() => sql.end({ timeout: 0 }))
  return { sql, sockets }
}

const failure = (query) => query.then(() => null).catch(({ code }) => code)

for (const maxVersion of VERSIONS) {
  test(`Postgres.js: queries, ${maxVersion}`, CONSOLES, async (t) => {
    const { sql, sockets } = await clientOver(t, await t.peer({ kind: 'postgres', maxVersion }))
    const rows = await sql`select version, ${'żółć'} as given from pg_stat_ssl where pid = pg_backend_pid()`
    assert.deepEqual([...rows], [{ version: maxVersion, given: 'żółć' }])
    assert.lengthOf(sockets, 1)
    assert.instanceOf(sockets[0], t.tls.TLSSocket)
  })
}

test('Postgres.js: a client certificate', CONSOLES, async (t) => {
  const { sql } = await clientOver(t, await t.peer({ kind: 'postgres', requestCert: true }), await clientIdentity(t))
  const [row] = await sql`select client_dn from pg_stat_ssl where pid = pg_backend_pid()`
  assert.equal(row.client_dn, '/CN=isomorphic-tls test client')
})

test('Postgres.js: a server that is not trusted, or is another', CONSOLES, async (t) => {
  const peer = await t.peer({ kind: 'postgres' })
  const strange = await clientOver(t, peer, { ca: undefined })
  assert.equal(await failure(strange.sql`select 1`), 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
  const misled = await clientOver(t, peer, { servername: 'other.example' })
  assert.equal(await failure(misled.sql`select 1`), 'ERR_TLS_CERT_ALTNAME_INVALID')
})

test('Postgres.js: much data both ways', CONSOLES, async (t) => {
  const { sql } = await clientOver(t, await t.peer({ kind: 'postgres' }))
  const sent = t.random(1, 4 * MEBIBYTE)
  const [row] = await sql`select ${sent}::bytea as given`
  assert.isTrue(sent.equals(row.given))
  let count = 0
  for await (const rows of sql`select repeat('x', 1000) as made from generate_series(1, 4000)`.cursor(100)) count += rows.length
  assert.equal(count, 4000)
})

test('Postgres.js: many queries over several connections', CONSOLES, async (t) => {
  const { sql, sockets } = await clientOver(t, await t.peer({ kind: 'postgres' }), {}, { max: 4 })
  const numbers = Array.from({ length: 1000 }, (_, number) => number)
  const results = await Promise.all(numbers.map((number) => sql`select ${number}::int as number`))
  assert.deepEqual(
    results.map(([row]) => row.number),
    numbers,
  )
  assert.lengthOf(sockets, 4)
})

test('Postgres.js: connects again when the server has ended the connection', CONSOLES, async (t) => {
  const { sql, sockets } = await clientOver(t, await t.peer({ kind: 'postgres' }))
  const [first] = await sql`select pg_backend_pid() as id`
  assert.isNotNull(await failure(sql`select pg_terminate_backend(pg_backend_pid())`))
  let second
  while (!second) [second] = await sql`select pg_backend_pid() as id`.catch(() => [])
  assert.notEqual(second.id, first.id)
  assert.lengthOf(sockets, 2)
})

/** Ask where every module has ours for Node's TLS. */
async function askByHook(ours, { login, names }) {
  // Not names for bundlers to read.
  const [driver, module] = ['postgres', 'node:tls']
  const { default: postgres } = await import(driver)
  const { connect, default: theirs } = await import(module)
  const { createRequire } = await import('node:module')
  const sql = postgres(login)
  const [row] = await sql`select version, client_dn from pg_stat_ssl where pid = pg_backend_pid()`
  await sql.end()
  const require = createRequire(`${globalThis.process.cwd()}/`)
  return { row, same: [theirs, ...names.map((name) => require(name))].map((its) => its === ours).concat(connect === ours.connect) }
}

test('Postgres.js: by a hook of the module loader', { ours: true, only: ['node-26'], why: 'Node 20 has none for `require`' }, async (t) => {
  const { port } = await t.peer({ kind: 'postgres', requestCert: true })
  const ssl = { ...(await trust(t)), ...(await clientIdentity(t)) }
  const { result } = await evaluate(t, askByHook, {
    flags: ['--import', './tests/programs/driver-hook.js'],
    given: { login: { ...LOGIN, host: '127.0.0.1', port, ssl }, names: ['tls', 'node:tls'] },
  })
  assert.deepEqual(result.row, { version: 'TLSv1.3', client_dn: '/CN=isomorphic-tls test client' })
  assert.deepEqual(result.same, [true, true, true, true])
})

test('Postgres.js: in a Worker, by the alias of its build for Node', {
  ours: true,
  only: ['node-26'],
  why: 'it starts a workerd of its own',
}, async (t) => {
  const { readmeAlias, startWorker } = await import(new URL('../runners/wrangler.js', import.meta.url).href)
  const worker = await startWorker('worker-postgres-js.js', await readmeAlias())
  t.after(worker.stop)
  const { port } = await t.peer({ kind: 'postgres', requestCert: true })
  const ssl = { ...(await trust(t)), ...(await clientIdentity(t)) }
  const ask = (options) => worker.ask({ ...LOGIN, host: '127.0.0.1', port, ssl: { ...ssl, ...options } })
  const answer = { version: 'TLSv1.3', client_dn: '/CN=isomorphic-tls test client', made: 'x'.repeat(MEBIBYTE) }
  assert.deepEqual(await ask({}), { rows: [answer], numbers: Array.from({ length: 100 }, (_, number) => number) })
  // It sends its root as well, which it knows its clients by.
  assert.equal((await ask({ ca: undefined })).code, 'SELF_SIGNED_CERT_IN_CHAIN')
  assert.equal((await ask({ servername: 'other.example' })).code, 'ERR_TLS_CERT_ALTNAME_INVALID')
})
