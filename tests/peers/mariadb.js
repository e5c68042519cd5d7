// A MariaDB server (Debian: mariadb-server-core, mariadb-client-core) that lets nobody in without TLS.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { temporaryFolder } from '../temporary.js'
import { given, LOOPBACK, onFreePort, startServer } from './tool.js'

/** Where Debian has the server: not in everybody's PATH. */
const DEBIAN = '/usr/sbin'

const USER = 'tests'
const PASSWORD = 'a password of the tests'

/** A database that is small and need not last: so it is made, and starts, in half the time. */
const SMALL = ['--innodb-log-file-size=4M', '--innodb-data-file-path=ibdata1:4M:autoextend', '--innodb-flush-method=nosync']

/** A program that makes a database calls this, which is with the clients. */
const OF_CLIENTS = 'my_print_defaults'

/** The server's program, or null unless all is there that it takes. */
export function findMariadb() {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), DEBIAN]
  const find = (name) => folders.map((folder) => path.join(folder, name)).find(existsSync) ?? null
  return find(OF_CLIENTS) && find('mariadbd')
}

/** Whom it runs as: it refuses to be root unless that is said. */
const owner = () => given(process.getuid?.() === 0, '--user=root')

/** @type {import('./peers.js').Start} */
export async function startMariadb({ maxVersion, requireCert }, identity, certificates) {
  const program = findMariadb()
  if (!program) throw new Error('MariaDB is not installed')
  const { folder, remove } = await temporaryFolder('mariadb')
  const file = (name) => path.join(folder, name)
  const common = ['--no-defaults', `--datadir=${file('data')}`, ...SMALL, ...owner()]
  await promisify(execFile)('mariadb-install-db', [...common, '--auth-root-authentication-method=normal', '--skip-test-db'])
  // A line is a statement.
  const statements = [
    'create database tests',
    `create user '${USER}'@'${LOOPBACK}' identified by '${PASSWORD}' require ${requireCert ? 'x509' : 'ssl'}`,
    `grant all on *.* to '${USER}'@'${LOOPBACK}'`,
  ]
  await writeFile(file('users.sql'), statements.map((statement) => `${statement};\n`).join(''))
  const args = [
    ...common,
    `--bind-address=${LOOPBACK}`,
    `--socket=${file('socket')}`,
    `--pid-file=${file('pid')}`,
    `--init-file=${file('users.sql')}`,
    `--ssl-cert=${identity.chainFile}`,
    `--ssl-key=${identity.keyFile}`,
    ...given(requireCert, `--ssl-ca=${await certificates.caFile()}`),
    ...given(maxVersion === 'TLSv1.2', '--tls-version=TLSv1.2'),
    '--skip-name-resolve',
    '--max-allowed-packet=64M',
  ]
  const { port, printed, stop } = await onFreePort((candidate) =>
    startServer(program, [...args, `--port=${candidate}`], /ready for connections/),
  )
  return {
    port,
    seen: () => ({ output: printed.stderr }),
    async stop() {
      await stop()
      await remove()
    },
  }
}
