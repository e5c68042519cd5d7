// mysql2 over sockets of the module under test, to a MariaDB server: TLS begins in the middle of a conversation, and the context is
// made by itself.
import { clientIdentity, lendTls } from '../drivers.js'
import { assert, test } from '../harness.js'
import { load, trust } from '../servers.js'

const CONSOLES = { only: ['node-20', 'node-26', 'deno', 'bun'], why: 'mysql2 takes its sockets from modules of Node' }

const VERSIONS = /** @type {const} */ (['TLSv1.2', 'TLSv1.3'])

/** What the peer of kind `mariadb` lets in. */
const LOGIN = { user: 'tests', database: 'tests', password: 'a password of the tests' }

const MEBIBYTE = 1024 * 1024

/** A pool of mysql2 over the module under test, and the sockets that it connects. */
async function poolOver(t, peer, ssl, options) {
  const { default: mysql } = await load('mysql2/promise')
  const sockets = await lendTls(t)
  const { ca } = await trust(t)
  // Whose certificate it must be: mysql2 says by the host.
  const given = { ca, ...ssl }
  const pool = mysql.createPool({ ...LOGIN, host: '127.0.0.1', port: peer.port, ssl: given, connectionLimit: 1, ...options })
  t.after(() => pool.end())
  return { pool, sockets }
}

const failure = (query) => query.then(() => null).catch((error) => error)

for (const maxVersion of VERSIONS) {
  test(`mysql2: queries, ${maxVersion}`, CONSOLES, async (t) => {
    const { pool, sockets } = await poolOver(t, await t.peer({ kind: 'mariadb', maxVersion }))
    const [[status]] = await pool.query("show status like 'ssl_version'")
    assert.equal(status.Value, maxVersion)
    const [[row]] = await pool.execute('select ? as given', ['żółć'])
    assert.equal(row.given, 'żółć')
    assert.lengthOf(sockets, 1)
    assert.instanceOf(sockets[0], t.tls.TLSSocket)
  })
}

test('mysql2: client certificates, and a server that is not trusted', CONSOLES, async (t) => {
  const peer = await t.peer({ kind: 'mariadb', requireCert: true })
  const known = await poolOver(t, peer, await clientIdentity(t))
  const [[row]] = await known.pool.query('select current_user() as name')
  assert.equal(row.name, 'tests@127.0.0.1')
  const unknown = await poolOver(t, peer)
  assert.equal((await failure(unknown.pool.query('select 1'))).code, 'ER_ACCESS_DENIED_ERROR')
  const strange = await poolOver(t, peer, { ca: (await t.certificate('other-ca')).issuer })
  const { code, message } = await failure(strange.pool.query('select 1'))
  assert.equal(code, 'HANDSHAKE_SSL_ERROR')
  assert.match(message, /self-signed certificate in certificate chain/)
})

test('mysql2: a server that is another', CONSOLES, async (t) => {
  const { pool } = await poolOver(t, await t.peer({ kind: 'mariadb', certificate: 'wrong-name' }), { verifyIdentity: true })
  const { code, message } = await failure(pool.query('select 1'))
  assert.equal(code, 'HANDSHAKE_SSL_ERROR')
  assert.match(message, /does not match certificate's altnames/)
})

test('mysql2: much data both ways, and many queries over several connections', CONSOLES, async (t) => {
  const { pool, sockets } = await poolOver(t, await t.peer({ kind: 'mariadb' }), {}, { connectionLimit: 4 })
  await pool.query('create table data (bytes longblob)')
  const sent = t.random(1, 8 * MEBIBYTE)
  await pool.execute('insert into data values (?)', [sent])
  const [[{ bytes }]] = await pool.query('select bytes from data')
  assert.isTrue(sent.equals(bytes))
  const numbers = Array.from({ length: 1000 }, (_, number) => number)
  const results = await Promise.all(numbers.map((number) => pool.query('select ? as number', [number])))
  assert.deepEqual(
    results.map(([[row]]) => row.number),
    numbers,
  )
  assert.lengthOf(sockets, 4)
})

test('mysql2: in a Worker, by the alias', { ours: true, only: ['node-26'], why: 'it starts a workerd of its own' }, async (t) => {
  const { readmeAlias, startWorker } = await import(new URL('../runners/wrangler.js', import.meta.url).href)
  const worker = await startWorker('worker-mysql2.js', await readmeAlias())
  t.after(worker.stop)
  const { port } = await t.peer({ kind: 'mariadb', requireCert: true })
  const { ca } = await trust(t)
  const ssl = { ca, ...(await clientIdentity(t)) }
  const text = `select variable_value as version, repeat('x', ${MEBIBYTE}) as made from information_schema.session_status where variable_name = 'ssl_version'`
  const ask = (more) => worker.ask({ options: { ...LOGIN, host: '127.0.0.1', port, ssl: { ...ssl, ...more } }, text })
  assert.deepEqual(await ask({}), { rows: [{ version: 'TLSv1.3', made: 'x'.repeat(MEBIBYTE) }] })
  assert.match((await ask({ ca: (await t.certificate('other-ca')).issuer })).message, /self-signed certificate in certificate chain/)
})
