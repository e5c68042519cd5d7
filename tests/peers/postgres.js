// A PostgreSQL server (Debian: postgresql) that takes TLS only, and passwords by SCRAM-SHA-256, with channel binding where the client
// wants it.
import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { chown, copyFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { temporaryFolder } from '../temporary.js'
import { LOOPBACK, onFreePort, startServer } from './tool.js'

const execute = promisify(execFile)

/** Where Debian has the programs that are not for everybody's PATH: one folder a version. */
const DEBIAN = '/usr/lib/postgresql'

const USER = 'postgres'
const PASSWORD = 'a password of the tests'

/** The folder of PostgreSQL's programs, or null. */
export function findPostgres() {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((one, other) => Number(other) - Number(one)) : []
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), ...versions.map((version) => path.join(DEBIAN, version, 'bin'))]
  return folders.find((folder) => ['initdb', 'postgres'].every((program) => existsSync(path.join(folder, program)))) ?? null
}

/** Whom it runs as: it refuses to be root. */
async function unprivileged() {
  if (process.getuid?.() !== 0) return {}
  const number = async (flag) => Number((await execute('id', [flag, 'postgres'])).stdout)
  return { uid: await number('-u'), gid: await number('-g') }
}

/** @type {import('./peers.js').Start} */
export async function startPostgres({ maxVersion, requestCert }, identity, certificates) {
  const programs = findPostgres()
  if (!programs) throw new Error('PostgreSQL is not installed')
  const owner = await unprivileged()
  const { folder, remove } = await temporaryFolder('postgres')
  const file = (name) => path.join(folder, name)
  await copyFile(identity.chainFile, file('server.pem'))
  await copyFile(identity.keyFile, file('server.key'))
  await copyFile(await certificates.caFile(), file('ca.pem'))
  await writeFile(file('password'), PASSWORD)
  await writeFile(file('hba'), `hostssl all all ${LOOPBACK}/32 scram-sha-256\n`)
  const { uid, gid } = owner
  if (uid !== undefined && gid !== undefined) {
    for (const name of ['', 'server.pem', 'server.key', 'ca.pem', 'password', 'hba']) await chown(file(name), uid, gid)
  }
  const cluster = ['-D', file('data'), '-U', USER, '--pwfile', file('password'), '-A', 'scram-sha-256', '--locale=C', '--no-sync']
  await execute(path.join(programs, 'initdb'), cluster, { ...owner, cwd: folder })

  const settings = {
    listen_addresses: LOOPBACK,
    unix_socket_directories: folder,
    hba_file: file('hba'),
    ssl: 'on',
    ssl_cert_file: file('server.pem'),
    ssl_key_file: file('server.key'),
    ssl_ca_file: requestCert ? file('ca.pem') : '',
    ssl_max_protocol_version: maxVersion ?? '',
    fsync: 'off',
  }
  const set = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const { port, printed, stop } = await onFreePort((candidate) => {
    const args = ['-D', file('data'), '-p', String(candidate), ...set]
    return startServer(path.join(programs, 'postgres'), args, /database system is ready to accept connections/, { ...owner, cwd: folder })
  })
  return {
    port,
    seen: () => ({ output: printed.stderr }),
    async stop() {
      await stop()
      await remove()
    },
  }
}
