// NSS's command-line server and client (Debian: libnss3-tools). They take keys and certificates from a database.
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { temporaryFolder } from '../temporary.js'
import { behaviourOf } from './behaviours.js'
import { allowed, groupName, suiteName } from './names.js'
import { given, last, linesOf, LOOPBACK, onFreePort, runClient, startServer, wordsOf } from './tool.js'

const execute = promisify(execFile)

/** What `selfserv` can do by itself. */
const MODES = {
  /** Sends a request back, after a head, and closes. A request is up to 10 KiB. */
  http: null,
}

const VERSIONS = { 'TLSv1.2': 'tls1.2', 'TLSv1.3': 'tls1.3' }

/** By the minor version of the wire. */
const PROTOCOLS = { 3: 'TLSv1.2', 4: 'TLSv1.3' }

/** NSS's words for ciphers. */
const CIPHERS = {
  '128-bit AES-GCM': 'AES-128-GCM',
  '256-bit AES-GCM': 'AES-256-GCM',
  '256-bit CHACHA20POLY1305': 'CHACHA20-POLY1305',
}

/** The numbers of the alerts that NSS tells by the names of its own errors. */
const ALERTS = {
  SSL_ERROR_HANDSHAKE_FAILURE_ALERT: 40,
  SSL_ERROR_BAD_CERT_ALERT: 42,
  SSL_ERROR_RX_CERTIFICATE_REQUIRED_ALERT: 116,
}

/**
 * The folders of databases, by the certificates of a run and the name of the identity.
 * @type {WeakMap<import('./certificates.js').Certificates, Map<string, Promise<string>>>}
 */
const databases = new WeakMap()

/** The folder of a database with the test CA and, where a name is given, the identity of that name. */
function database(certificates, name) {
  const made = databases.get(certificates) ?? new Map()
  databases.set(certificates, made)
  if (!made.has(name)) made.set(name, makeDatabase(certificates, name))
  return made.get(name)
}

/** A database for one identity: those with the same subject would share one nickname. */
async function makeDatabase(certificates, name) {
  const { folder } = await temporaryFolder('nss')
  const run = (command, ...args) => execute(command, args, { cwd: folder })
  await run('certutil', '-N', '-d', `sql:${folder}`, '--empty-password')
  await run('certutil', '-A', '-d', `sql:${folder}`, '-n', 'test CA', '-t', 'CT,C,C', '-i', await certificates.caFile())
  if (!name) return folder
  const { keyFile, certificateFile } = await certificates.get(name)
  const bag = ['-export', '-in', certificateFile, '-inkey', keyFile, '-name', name, '-passout', 'pass:', '-out', 'identity.p12']
  await run('openssl', 'pkcs12', ...bag)
  await run('pk12util', '-i', 'identity.p12', '-d', `sql:${folder}`, '-W', '')
  return folder
}

/** What server and client are told in the same words. */
function common({ minVersion = 'TLSv1.2', maxVersion = 'TLSv1.3', ...description }) {
  const { suites, groups } = allowed(description)
  return [
    ...['-v', '-V', `${VERSIONS[minVersion]}:${VERSIONS[maxVersion]}`],
    ...given(suites, '-c', suites?.map(({ code }) => `:${code}`).join('') ?? ''),
    ...given(groups, '-I', groups?.map(({ nss }) => nss).join(',') ?? ''),
  ]
}

/** @type {import('./peers.js').Start} */
export async function startNss(description, _, certificates) {
  behaviourOf(MODES, description)
  const { certificate = 'ecdsa-p256', requestCert, requireCert, ALPNProtocols, tickets } = description
  if (ALPNProtocols && ALPNProtocols.join() !== 'http/1.1') throw new Error('selfserv knows no application protocol but http/1.1')
  const args = [
    ...['-d', `sql:${await database(certificates, certificate)}`, '-n', certificate, ...common(description)],
    ...given(requestCert || requireCert, '-r'),
    ...given(requireCert, '-r'),
    ...given(ALPNProtocols, '-Q'),
    ...given(tickets !== false, '-u'),
  ]
  const start = (port) => startServer('selfserv', ['-p', String(port), ...args], /About to call accept\./)
  const { port, printed, stop } = await onFreePort(start)
  return { port, stop, seen: () => seenByServer(printed.stdout + printed.stderr) }
}

function seenByServer(text) {
  const handshakes = handshakesOf(text)
  return {
    connections: handshakes.length - 1,
    ...agreed(handshakes),
    resumed: isResumed(text),
    clientCertificate: last(text, /^selfserv: Subject: CN=(.*)$/gm),
    output: wordsOf(text),
  }
}

/** The text that a program prints, split at each handshake's description. */
const handshakesOf = (text) => text.split(/^(?=\w+: SSL version )/m)

/** Whether the latest session was resumed, by what the program counts: it tells the count at each handshake. */
function isResumed(text) {
  const [before = 0, now = 0] = ['0', ...[...text.matchAll(/(\d+) cache hits;/g)].map(([, hits]) => hits)].slice(-2).map(Number)
  return now > before
}

function agreed(handshakes) {
  const latest = handshakes.length > 1 ? handshakes.at(-1) : ''
  const [, minor, cipher] = /SSL version 3\.(\d) using (\S+ \S+) with/.exec(latest) ?? []
  if (!minor) return { protocol: null, cipher: null, group: null }
  const protocol = PROTOCOLS[minor]
  const [, authentication, bits] = /Server Auth: \S+ (\S+.*), Key Exchange: (\d+)-bit/.exec(latest) ?? []
  return {
    protocol,
    cipher: suiteName({
      version: protocol,
      cipher: CIPHERS[cipher],
      ...(protocol === 'TLSv1.2' && { authentication: authentication.startsWith('RSA') ? 'RSA' : 'ECDSA' }),
    }),
    group: groupName('bits', bits),
  }
}

/** @type {import('./clients.js').Run} */
export async function runNss(description, identity, certificates) {
  const { port, servername, input = '', resume, certificate = '', ALPNProtocols } = description
  if (ALPNProtocols) throw new Error('tstclnt offers no application protocols')
  const folder = await database(certificates, certificate)
  const { folder: own, remove } = await temporaryFolder('nss')
  try {
    // It ends when the server closes and it has read all input: that must have an end, too.
    const file = path.join(own, 'input')
    await writeFile(file, input)
    const args = [
      ...['-h', LOOPBACK, '-p', String(port), '-d', `sql:${folder}`, '-A', file, ...common(description)],
      ...given(servername, '-a', servername ?? ''),
      ...given(identity, '-n', certificate),
      ...given(resume, '-L', '2'),
      ...given(resume !== 'id', '-u'),
    ]
    const { stdout, stderr } = await runClient('tstclnt', args, '')
    const handshakes = handshakesOf(stderr)
    const [, failure] = /: ((?:SSL|SEC)_ERROR_\w+):/.exec(stderr) ?? []
    return {
      ...agreed(handshakes),
      resumed: isResumed(stderr),
      alpn: null,
      // It goes on with a certificate that it trusts, and with no other.
      authorized: handshakes.length > 1,
      alert: failure ? (ALERTS[failure] ?? failure) : null,
      // Of two connections, what the second received.
      received: linesOf(stdout).slice(-input.length),
      output: wordsOf(stdout + stderr),
    }
  } finally {
    await remove()
  }
}
