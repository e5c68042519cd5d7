// What this Node's own tls says of chains: a client and a server of it shake hands over a pair of streams, the one presents a chain,
// the other verifies it. A line of JSON for each chain comes in (see tests/chains/plan.js), and a line with the verdict goes out.
import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { Duplex } from 'node:stream'
import tls from 'node:tls'
import { nameOf } from '../chains/openssl-words.js'
import { Plan } from '../chains/plan.js'
import { duplexPair } from '../duplex-pair.js'

/** Who presents may present anything. */
const PRESENTER = 'DEFAULT@SECLEVEL=0'

const PEM_LINE = /.{1,64}/g
const pem = (base64) => `-----BEGIN CERTIFICATE-----\n${base64.match(PEM_LINE).join('\n')}\n-----END CERTIFICATE-----\n`

/** Of a server that nobody looks at. */
const own = new Plan({ length: 1 }).make()
const ownIdentity = { key: own.key, cert: pem(own.presented[0]) }

/** A handshake that says nothing of the chain: it could not be presented, or ended for another reason. */
const unsaid = (error) => ({ problem: error.code ?? error.message })

/** What OpenSSL complained of, of which `authorizationError` has a code at most. */
const wordsOf = (socket) => socket._handle.verifyError().message

/**
 * @param {import('../chains/plan.js').Chain} chain
 * @return {Promise<import('../chains/references.js').Said>}
 */
async function verdict({ presented, trusted, key, purpose, partial, level }) {
  // Trusting nothing, rather than all roots, saves the time to read them.
  const identity = { key, cert: presented.map(pem).join(''), ciphers: PRESENTER, ca: [] }
  const verifier = { ca: trusted.map(pem), allowPartialTrustChain: partial, ciphers: `DEFAULT@SECLEVEL=${level}` }
  const isServer = purpose === 'server'
  const streams = []
  try {
    const { ciphers } = verifier
    const asking = { ...ownIdentity, ciphers, requestCert: true, rejectUnauthorized: false }
    const server = tls.createServer(isServer ? identity : asking)
    // A server's own options know nothing of allowPartialTrustChain.
    if (!isServer) server.addContext('localhost', { ...ownIdentity, ...verifier })
    const [near, far] = duplexPair({ Duplex, Buffer })
    streams.push(near, far)
    const accepted = new Promise((resolve, reject) => {
      server.once('secureConnection', resolve)
      server.once('tlsClientError', reject)
    })
    accepted.catch(() => {})
    const client = tls.connect({
      socket: near,
      servername: 'localhost',
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
      ...(isServer ? verifier : identity),
    })
    streams.push(client)
    client.on('error', () => {})
    server.emit('connection', far)
    const failed = new Promise((_, reject) => {
      client.once('error', reject)
      client.once('close', () => reject(new Error('closed')))
    })
    const side = isServer
      ? await Promise.race([once(client, 'secureConnect').then(() => client), failed])
      : await Promise.race([accepted, failed])
    streams.push(side)
    side.on('error', () => {})
    // Some that no peer could use are not sent.
    if (!side.getPeerCertificate().raw) return { problem: 'nothing was presented' }
    return side.authorized ? { code: null } : { code: side.authorizationError, name: nameOf(wordsOf(side)) }
  } catch (error) {
    return unsaid(error)
  } finally {
    for (const stream of streams) stream.destroy()
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await verdict(JSON.parse(line)))}\n`)
}
