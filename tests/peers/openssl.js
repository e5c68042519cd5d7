// OpenSSL's command-line server and client.
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { random } from '../random.js'
import { temporaryFolder } from '../temporary.js'
import { behaviourOf } from './behaviours.js'
import { groupName } from './names.js'
import { given, last, linesOf, LOOPBACK, runClient, startServer, wordsOf } from './tool.js'

/** What `openssl s_server` can do by itself. */
const MODES = {
  /** Sends each line back reversed. */
  echo: () => ['-rev'],
  /** Answers a request with a page about the connection; with {length, seed}, GET /data answers with those bytes. */
  http: ({ length = undefined }) => (length === undefined ? ['-www'] : ['-WWW']),
}

/**
 * What server and client are told in the same words.
 * @param {Omit<import('./peers.js').Description, 'kind'>} description
 */
const common = ({ minVersion, maxVersion, ciphers, ciphersuites, groups, ALPNProtocols, tickets }) => [
  ...given(minVersion, '-min_protocol', minVersion),
  ...given(maxVersion, '-max_protocol', maxVersion),
  ...given(ciphers, '-cipher', ciphers),
  ...given(ciphersuites, '-ciphersuites', ciphersuites),
  ...given(groups, '-groups', groups),
  ...given(ALPNProtocols, '-alpn', ALPNProtocols?.join(',')),
  ...given(tickets === false, '-no_ticket'),
]

/** @type {import('./peers.js').Start} */
export async function startOpenssl(description, identity, certificates) {
  const mode = behaviourOf(MODES, description)
  const { requestCert, requireCert, psk, pskIdentity = 'Client_identity', options = {} } = description
  const ocsp = description.ocsp ? await certificates.ocsp(description.certificate ?? 'ecdsa-p256', description.ocsp) : null
  const { folder, remove } = await temporaryFolder('openssl')
  if (options.length !== undefined) await writeFile(path.join(folder, 'data'), random(options.seed ?? 1, options.length))
  const certificate = psk ? ['-nocert'] : ['-cert', identity.certificateFile, '-key', identity.keyFile]
  const args = [
    ...['-accept', `${LOOPBACK}:0`, ...certificate, '-CAfile', await certificates.caFile(), '-state'],
    ...given(psk, '-psk', psk ?? '', '-psk_identity', pskIdentity),
    ...given(ocsp, '-status_file', ocsp?.file ?? ''),
    ...given(identity.betweenFile, '-cert_chain', identity.betweenFile ?? ''),
    ...common(description),
    ...given(requestCert && !requireCert, '-verify', '5'),
    ...given(requireCert, '-Verify', '5', '-verify_return_error'),
    ...mode(options),
  ]
  // With port 0 it prints the port once it listens.
  const server = await startServer('openssl', ['s_server', ...args], /^ACCEPT .*:(\d+)$/m, { cwd: folder })
  return {
    port: Number(server.match[1]),
    seen: () => seenByServer(server.printed.stdout + server.printed.stderr),
    async stop() {
      await server.stop()
      await remove()
    },
  }
}

function seenByServer(text) {
  const connections = text.match(/^CONNECTION ESTABLISHED/gm)?.length ?? 0
  // The states of a handshake come before it is called established.
  const handshake = text.split(/^CONNECTION (?:ESTABLISHED|FAILURE)/m).at(connections ? -2 : 0) ?? ''
  return {
    connections,
    protocol: last(text, /^Protocol version: (.*)$/gm),
    cipher: last(text, /^Ciphersuite: (.*)$/gm),
    clientCertificate: last(text, /^Peer certificate: CN = (.*)$/gm),
    // A server that resumes sends no certificate.
    resumed: connections > 0 && !/^SSL_accept:.*write (?:server )?certificate$/m.test(handshake),
    output: wordsOf(text),
  }
}

/** @type {import('./clients.js').Run} */
export async function runOpenssl(description, identity, certificates) {
  const { port, servername, input = '', resume } = description
  const { folder, remove } = await temporaryFolder('openssl')
  try {
    const session = path.join(folder, 'session')
    const args = [
      ...['-connect', `${LOOPBACK}:${port}`, '-CAfile', await certificates.caFile(), '-verify_return_error', '-nocommands', '-ign_eof'],
      ...given(servername, '-servername', servername, '-verify_hostname', servername),
      ...given(identity, '-cert', identity?.certificateFile ?? '', '-key', identity?.keyFile ?? ''),
      ...common({ ...description, tickets: resume !== 'id' }),
    ]
    const run = (...more) => runClient('openssl', ['s_client', ...args, ...more], input)
    if (resume) await run('-sess_out', session)
    return seenByClient(await run(...given(resume, '-sess_in', session)))
  } finally {
    await remove()
  }
}

function seenByClient({ stdout, stderr }) {
  const [, kind, protocol, cipher] = /^(New|Reused), (\S+), Cipher is (\S+)$/m.exec(stdout) ?? []
  const [, group] = /^Server Temp Key: (?:ECDH, )?([^,]+),/m.exec(stdout) ?? []
  const alert = last(stderr, /SSL alert number (\d+)/g)
  return {
    protocol: protocol === '(NONE)' ? null : (protocol ?? null),
    cipher: cipher === '(NONE)' ? null : (cipher ?? null),
    group: groupName('openssl', group),
    alpn: last(stdout, /^ALPN protocol: (.*)$/gm),
    resumed: kind === 'Reused',
    authorized: /^Verification: OK$/m.test(stdout),
    alert: alert && Number(alert),
    received: linesOf(stdout),
    output: wordsOf(stdout + stderr),
  }
}
