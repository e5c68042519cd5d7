// Verdicts on certificate chains of all kinds, held against those of OpenSSL: see tests/chains.
import { compare, differenceOf } from '../chains/differences.js'
import { judge } from '../chains/judge.js'
import { begin } from '../connections.js'
import { assert, event, test } from '../harness.js'

/** A difference that a quick run has to find would be lost in fewer chains. */
const FEWEST = 500

const pem = (base64) => `-----BEGIN CERTIFICATE-----\n${base64.match(/.{1,64}/g).join('\n')}\n-----END CERTIFICATE-----\n`

/** Lines that there should be none of; all of them are the message. @param {string[]} lines */
const none = (lines) => assert.isTrue(lines.length === 0, `${lines.length} differences:\n${lines.join('\n')}`)

const ONCE = { ours: true, timeout: 600_000, only: ['node-26'], why: 'the engine that judges is the same everywhere: the sample shows it' }

test('chains: nobody is trusted whom OpenSSL does not trust, and what else differs has a reason', ONCE, async (t) => {
  const chains = await t.chains(t.full ? 'full' : 'quick')
  assert.isAtLeast(chains.length, FEWEST)
  const { counts, unexplained, reasons } = compare(chains, (chain) => judge(t.tls, t.Buffer, chain))
  console.log(`chains: ${JSON.stringify(counts)}`)
  for (const { why, count } of reasons) console.log(`chains: ${count} for the reason: ${why}`)
  none(unexplained)
  // A reason that nothing needs hides what it is there for no longer.
  if (t.full) none(reasons.filter(({ rare, count }) => !rare && count === 0).map(({ why }) => `never: ${why}`))
  // Verdicts that are all alike would show nothing.
  assert.isAbove(counts.trusted, counts.chains / 5)
  assert.isBelow(counts.trusted, (counts.chains * 4) / 5)
})

test('chains: those that are made to keep a verifier busy come to an end', { ...ONCE, timeout: 60_000 }, async (t) => {
  const { hostileChains } = await import(new URL('../chains/hostile.js', import.meta.url).href)
  const chains = hostileChains()
  assert.isAbove(chains.length, 10)
  for (const chain of chains) {
    const verdict = judge(t.tls, t.Buffer, chain)
    // OpenSSL trusts some of them, too: what matters is that there is an answer, and an engine after it.
    assert.isTrue(verdict === null || /^[A-Z_]+$/.test(verdict), chain.name)
  }
  const [usual] = await t.chains('sample')
  assert.isNull(judge(t.tls, t.Buffer, usual))
})

test('chains: a sample is judged alike on every runtime', { ours: true, timeout: 120_000 }, async (t) => {
  const { unexplained } = compare(await t.chains('sample'), (chain) => judge(t.tls, t.Buffer, chain))
  none(unexplained)
})

/** Chains of the sample that a handshake can be made with, and of which the module under test says what Node's says. */
async function presentable(t, purpose) {
  const sample = await t.chains('sample')
  return sample.filter((chain) => {
    const { said } = chain
    if (chain.purpose !== purpose || !('code' in said.node26) || !('code' in said.node20)) return false
    return t.isReference || differenceOf(chain, judge(t.tls, t.Buffer, chain)) === null
  })
}

/** What the module under test is to say: its own version's word, where it is Node's. */
const expectedOf = (t, { said }) => (t.isReference && t.runtime === 'node-20' ? said.node20 : said.node26).code

/** What the side that verifies is told. */
const verifier = ({ trusted, partial, level }) => ({
  ca: trusted.map(pem),
  allowPartialTrustChain: partial,
  ciphers: `DEFAULT@SECLEVEL=${level}`,
  rejectUnauthorized: false,
})

const told = (socket) => (socket.authorized ? null : socket.authorizationError)

test('chains: authorizationError of clients says the same', { timeout: 120_000 }, async (t) => {
  const chains = await presentable(t, 'server')
  assert.isAtLeast(chains.length, 20)
  const differences = []
  for (const chain of chains) {
    const peer = await t.peer({ presented: { key: chain.key, chain: chain.presented.map(pem).join('') } })
    const options = { ...verifier(chain), ca: chain.trusted.map(pem), servername: 'localhost', checkServerIdentity: () => undefined }
    const socket = t.connect(t.to(peer, options))
    await event(socket, 'secureConnect')
    if (told(socket) !== expectedOf(t, chain)) differences.push(`${chain.name}: ${told(socket)} instead of ${expectedOf(t, chain)}`)
    socket.destroy()
    await peer.stop()
  }
  none(differences)
})

test('chains: authorizationError of servers says the same', { timeout: 120_000 }, async (t) => {
  // Keys for RSASSA-PSS alone are no identities here.
  const isIdentity = ({ properties }) => !properties.some((property) => property.startsWith('leaf key: rsa-pss'))
  const chains = (await presentable(t, 'client')).filter(isIdentity)
  assert.isAtLeast(chains.length, 2)
  const differences = []
  for (const chain of chains) {
    const server = await t.server({ ...verifier(chain), requestCert: true })
    const accepted = event(server, 'secureConnection')
    const identity = { key: chain.key, cert: chain.presented.map(pem).join('') }
    await begin(t, server, t.isReference ? { ...identity, ciphers: 'DEFAULT@SECLEVEL=0' } : identity)
    const [socket] = await accepted
    if (told(socket) !== expectedOf(t, chain)) differences.push(`${chain.name}: ${told(socket)} instead of ${expectedOf(t, chain)}`)
  }
  none(differences)
})
