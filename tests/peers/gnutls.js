// GnuTLS's command-line server and client.
import { behaviourOf } from './behaviours.js'
import { allowed, groupName, suiteName } from './names.js'
import { given, last, linesOf, LOOPBACK, onFreePort, runClient, startServer, wordsOf } from './tool.js'

/** What `gnutls-serv` can do by itself. */
const MODES = {
  /** Sends everything back. */
  echo: ['--echo'],
}

const VERSIONS = { 'TLSv1.2': 'VERS-TLS1.2', 'TLSv1.3': 'VERS-TLS1.3' }

/** What is allowed, as one of GnuTLS's priority strings. */
function priority({ minVersion = 'TLSv1.2', maxVersion = 'TLSv1.3', tickets = true, extended = true, ...description }) {
  const versions = Object.keys(VERSIONS).filter((version) => version >= minVersion && version <= maxVersion)
  const { suites, groups } = allowed(description)
  const exchanges = suites?.flatMap(({ authentication }) => (authentication ? [`ECDHE-${authentication}`] : []))
  const parts = [
    only('VERS', versions, (version) => VERSIONS[version]),
    only('CIPHER', suites, ({ cipher }) => cipher),
    only('KX', exchanges?.length ? exchanges : null, (exchange) => exchange),
    only('GROUP', groups, ({ gnutls }) => `GROUP-${gnutls}`),
    tickets ? [] : ['%NO_TICKETS'],
    extended ? [] : ['%NO_SESSION_HASH'],
  ]
  return ['NORMAL', ...parts.flat()].join(':')
}

/** Of a kind of things, these alone; or what is usual, where nothing is said. */
const only = (kind, things, nameOf) => (things ? [`-${kind}-ALL`, ...things.map((thing) => `+${nameOf(thing)}`)] : [])

/** @type {import('./peers.js').Start} */
export async function startGnutls(description, identity, certificates) {
  const mode = behaviourOf(MODES, description)
  const { requestCert, requireCert, ALPNProtocols = [] } = description
  const ocsp = description.ocsp ? await certificates.ocsp(description.certificate ?? 'ecdsa-p256', description.ocsp) : null
  const args = [
    `--x509certfile=${identity.chainFile}`,
    `--x509keyfile=${identity.keyFile}`,
    `--x509cafile=${await certificates.caFile()}`,
    `--priority=${priority(description)}`,
    ...(requestCert || requireCert ? ['--verify-client-cert'] : ['--disable-client-cert']),
    ...given(requireCert, '--require-client-cert'),
    ...ALPNProtocols.map((name) => `--alpn=${name}`),
    ...given(ALPNProtocols.length > 0, '--alpn-fatal'),
    // It would look into what it staples.
    ...given(ocsp, `--ocsp-response=${ocsp?.file}`, '--ignore-ocsp-response-errors'),
    ...mode,
  ]
  const { port, printed, stop } = await onFreePort((candidate) => listen([`--port=${candidate}`, ...args]))
  return { port, stop, seen: () => seenByServer(printed.stdout, printed.stderr) }
}

/** It goes on where the port is taken, with IPv6 alone. */
async function listen(args) {
  const server = await startServer('gnutls-serv', args, /listening on IPv4 .*\.\.\.(done|.* failed)/)
  if (server.match[1] === 'done') return server
  await server.stop()
  throw new Error(`gnutls-serv does not listen: ${server.printed.stderr}`)
}

function seenByServer(stdout, stderr) {
  const connections = stdout.split(/^\* Accepted connection .*$/m).slice(1)
  const handshakes = connections.filter((text) => text.includes('- Description:'))
  const latest = handshakes.at(-1) ?? ''
  return {
    connections: connections.length,
    ...agreed(latest),
    // The first of its chain.
    clientCertificate: /^\tSubject: CN=(.*)$/m.exec(latest)?.[1] ?? null,
    output: wordsOf(stdout + stderr),
  }
}

/** What both programs print of a handshake. */
function agreed(text) {
  const [, version, rest] = /^- Description: \(TLS(1\.\d)-[^)]*\)-(.*)$/m.exec(text) ?? []
  if (!version) return { protocol: null, cipher: null, group: null, alpn: null, resumed: false }
  const protocol = `TLSv${version}`
  const cipher = last(rest, /\(([^()]*)\)$/g) ?? undefined
  const suite = { version: /** @type {'TLSv1.2' | 'TLSv1.3'} */ (protocol), cipher }
  return {
    protocol,
    // Of a resumed session of TLS 1.2 only a part of the suite is told.
    cipher: suiteName(protocol === 'TLSv1.2' ? { ...suite, authentication: authenticationOf(rest) } : suite),
    group: groupName('gnutls', last(rest, /\(ECDHE-([^()]*)\)/g)),
    alpn: last(text, /^- Application protocol: (.*)$/gm),
    resumed: text.includes('*** This is a resumed session'),
  }
}

/** By what a suite of TLS 1.2 authenticates, from the name of the signature. */
function authenticationOf(description) {
  if (/\((?:ECDSA|EdDSA)-/.test(description)) return 'ECDSA'
  return description.includes('(RSA-') ? 'RSA' : undefined
}

/** @type {import('./clients.js').Run} */
export async function runGnutls(description, identity, certificates) {
  const { port, servername, input = '', resume, ALPNProtocols = [] } = description
  const args = [
    `--port=${port}`,
    `--x509cafile=${await certificates.caFile()}`,
    `--priority=${priority({ ...description, tickets: resume !== 'id' })}`,
    ...given(servername, `--sni-hostname=${servername}`, `--verify-hostname=${servername}`),
    ...given(identity, `--x509certfile=${identity?.chainFile}`, `--x509keyfile=${identity?.keyFile}`),
    ...ALPNProtocols.map((name) => `--alpn=${name}`),
    ...given(resume, '--resume', '--waitresumption'),
    LOOPBACK,
  ]
  const { stdout, stderr } = await runClient('gnutls-cli', args, input)
  const latest = stdout.split('- Connecting again').at(-1) ?? ''
  const alert = last(stdout + stderr, /Received alert \[(\d+)\]/g)
  return {
    ...agreed(latest),
    // Of a resumed session no certificate is judged again.
    authorized: stdout.includes('- Status: The certificate is trusted.'),
    alert: alert && Number(alert),
    received: linesOf(stdout),
    output: wordsOf(stdout + stderr),
  }
}
