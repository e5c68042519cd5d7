// GnuTLS's command-line server and client.
import { behaviourOf } from './behaviours.js'
import { allowed, groupName, suiteName } from './names.js'
import { given, last, linesOf, LOOPBACK, onFreePort, runClient, startServer } from './tool.js'

/** What `gnutls-serv` can do by itself. */
const MODES = {
  /** Sends everything back. */
  echo: ['--echo'],
}

const VERSIONS = { 'TLSv1.2': 'VERS-TLS1.2', 'TLSv1.3': 'VERS-TLS1.3' }

/** What is allowed, as one of GnuTLS's priority strings. */
function priority({ minVersion = 'TLSv1.2', maxVersion = 'TLSv1.3', ...description }) {
  const versions = Object.keys(VERSIONS).filter((version) => version >= minVersion && version <= maxVersion)
  const { suites, groups } = allowed(description)
  const exchanges = suites?.flatMap(({ authentication }) => (authentication ? [`ECDHE-${authentication}`] : [])) ?? []
  return [
    'NORMAL',
    ...only(
      'VERS',
      versions.map((version) => VERSIONS[version]),
    ),
    ...only(
      'CIPHER',
      suites?.map(({ cipher }) => cipher),
    ),
    ...only('KX', exchanges.length ? exchanges : undefined),
    ...only(
      'GROUP',
      groups?.map(({ gnutls }) => `GROUP-${gnutls}`),
    ),
  ].join(':')
}

const only = (kind, names) => (names ? [`-${kind}-ALL`, ...names.map((name) => `+${name}`)] : [])

/** @type {import('./peers.js').Start} */
export async function startGnutls(description, identity, certificates) {
  const mode = behaviourOf(MODES, description)
  const { requestCert, requireCert, ALPNProtocols = [], tickets } = description
  const caFile = await certificates.caFile()
  const args = [
    ...[
      '--x509certfile',
      identity.chainFile,
      '--x509keyfile',
      identity.keyFile,
      '--x509cafile',
      caFile,
      '--priority',
      priority(description),
    ],
    ...(requestCert || requireCert ? ['--verify-client-cert'] : ['--disable-client-cert']),
    ...given(requireCert, '--require-client-cert'),
    ...ALPNProtocols.map((name) => `--alpn=${name}`),
    ...given(ALPNProtocols.length || undefined, '--alpn-fatal'),
    ...given(tickets === false, '--noticket'),
    ...mode,
  ]
  const { port, printed, stop } = await onFreePort((candidate) =>
    startServer('gnutls-serv', ['--port', String(candidate), ...args], /listening on IPv4 .*\.\.\.done$/m),
  )
  return { port, stop, seen: () => seenByServer(printed.stdout, printed.stderr) }
}

function seenByServer(stdout, stderr) {
  const connections = stdout.split(/^\* Accepted connection .*$/m).slice(1)
  const handshakes = connections.filter((text) => text.includes('- Description:'))
  const latest = handshakes.at(-1) ?? ''
  return {
    connections: connections.length,
    ...agreed(latest),
    clientCertificate: last(latest, /^ - subject `CN=([^']*)'/gm),
    output: stdout + stderr,
  }
}

/** What both programs print of a handshake. */
function agreed(text) {
  const [, version, rest] = /^- Description: \(TLS(1\.\d)-[^)]*\)-(.*)$/m.exec(text) ?? []
  if (!version) return { protocol: null, cipher: null, group: null, alpn: null, resumed: false }
  const protocol = `TLSv${version}`
  const cipher = last(rest, /\(([^()]*)\)$/g)
  const authentication = last(text, /^- Key Exchange: ECDHE-(\S+)$/gm) ?? undefined
  return {
    protocol,
    cipher: suiteName({
      version: /** @type {any} */ (protocol),
      cipher: cipher ?? undefined,
      ...(authentication && { authentication: /** @type {any} */ (authentication) }),
    }),
    group: groupName('gnutls', last(rest, /\(ECDHE-([^()]*)\)/g)),
    alpn: last(text, /^- Application protocol: (.*)$/gm),
    resumed: text.includes('*** This is a resumed session'),
  }
}

/** @type {import('./clients.js').Run} */
export async function runGnutls(description, identity, certificates) {
  const { port, servername, input = '', resume, ALPNProtocols = [] } = description
  const { stdout, stderr } = await runClient(
    'gnutls-cli',
    [
      ...['--verbose', '--port', String(port), '--x509cafile', await certificates.caFile(), '--priority', priority(description)],
      ...given(servername, `--sni-hostname=${servername}`, `--verify-hostname=${servername}`),
      ...given(identity, '--x509certfile', identity?.chainFile ?? '', '--x509keyfile', identity?.keyFile ?? ''),
      ...ALPNProtocols.map((name) => `--alpn=${name}`),
      ...given(resume, '--resume', '--waitresumption'),
      ...given(resume === 'id', '--noticket'),
      LOOPBACK,
    ],
    input,
  )
  const latest = stdout.split('- Connecting again').at(-1) ?? ''
  const alert = last(stdout + stderr, /Received alert \[(\d+)\]/g)
  return {
    ...agreed(latest),
    // Of a resumed session no certificate is judged again.
    authorized: stdout.includes('- Status: The certificate is trusted.'),
    alert: alert && Number(alert),
    received: linesOf(stdout),
    output: stdout + stderr,
  }
}
