// A Redis server (Debian: redis-server) that takes TLS only.
import { LOOPBACK, onFreePort, startServer } from './tool.js'

const PASSWORD = 'a password of the tests'

/** @type {import('./peers.js').Start} */
export async function startRedis({ maxVersion = 'TLSv1.3', requireCert }, identity, certificates) {
  const settings = {
    bind: LOOPBACK,
    port: '0',
    requirepass: PASSWORD,
    save: '',
    'tls-cert-file': identity.chainFile,
    'tls-key-file': identity.keyFile,
    'tls-ca-cert-file': await certificates.caFile(),
    'tls-auth-clients': requireCert ? 'yes' : 'no',
    'tls-protocols': maxVersion,
  }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
  const { port, printed, stop } = await onFreePort((candidate) =>
    startServer('redis-server', [...args, '--tls-port', String(candidate)], /Ready to accept connections/),
  )
  return { port, stop, seen: () => ({ output: printed.stdout }) }
}
