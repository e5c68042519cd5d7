// What is trusted where no `ca` is given: the lists, and how to change it.
import { assert, event, test } from '../harness.js'
import { bringRoots, WITH_ROOTS } from '../roots.js'

const LISTLESS = {
  ours: true,
  only: ['workerd', 'chromium', 'firefox'],
  why: 'they have no list of their own, and are told of nothing else to trust',
}

const PEM = /^-----BEGIN CERTIFICATE-----\n([A-Za-z0-9+/=]{1,76}\n)+-----END CERTIFICATE-----\n?$/

/** PEM without what may be written in several ways. */
const bare = (pem) => pem.replace(/\s/g, '')

/** A test of what Node has from 22.15 on. */
function newer(name, body) {
  test(name, { except: ['node-20'], why: "Node 20's own tls has none of this" }, body)
  test(`${name}, on Node 20`, { ours: true, only: ['node-20'], why: 'its own tls has none of this' }, body)
}

function thrown(call) {
  try {
    call()
  } catch (error) {
    return error
  }
}

/** Change what is trusted for the time of a test. */
function trustByDefault(t, certs) {
  const before = t.tls.getCACertificates()
  t.after(() => t.tls.setDefaultCACertificates(before))
  t.tls.setDefaultCACertificates(certs)
}

/** How a connection with the defaults goes: the code of its error, or 'authorized'. */
async function attempt(t, peer, options) {
  const socket = t.connect({ port: peer.port, host: peer.host, ...options })
  try {
    await event(socket, 'secureConnect')
    return socket.authorized ? 'authorized' : 'not authorized'
  } catch (error) {
    return error.code
  }
}

// The first of the tests that read the list: the others bring it.
test('roots: where there is no list, its error says how to get it, and the namespace can be copied', LISTLESS, async (t) => {
  const error = thrown(() => t.tls.rootCertificates)
  assert.equal(error.code, 'ERR_TLS_NO_ROOT_CERTIFICATES')
  assert.include(error.message, 'isomorphic-tls/roots')
  assert.equal(thrown(() => t.tls.getCACertificates()).code, 'ERR_TLS_NO_ROOT_CERTIFICATES')
  assert.isFunction({ ...t.tls }.connect)
  const peer = await t.peer()
  assert.equal(await attempt(t, peer), 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
})

test('roots: rootCertificates may be imported by name', { only: WITH_ROOTS, why: 'what is under test is bundled elsewhere' }, async (t) => {
  const { rootCertificates } = await import(t.implementation)
  assert.deepEqual([...rootCertificates], [...t.tls.rootCertificates])
  assert.isTrue(Array.isArray(rootCertificates))
  assert.isTrue(Object.isFrozen(rootCertificates))
  assert.equal(rootCertificates.indexOf(t.tls.rootCertificates[1]), 1)
})

test('roots: the certificates of isomorphic-tls/roots are those that the engine trusts', LISTLESS, async (t) => {
  const { default: roots } = await import('isomorphic-tls/roots')
  assert.isAbove(roots.length, 100)
  assert.isTrue(Object.isFrozen(roots))
  const { context } = t.tls.createSecureContext()
  for (const pem of roots) {
    assert.match(pem, PEM)
    const der = t.Buffer.from(pem.replace(/-----.*?-----|\s/g, ''), 'base64')
    const { code, chain } = context.judge([der], false)
    // Most say that they are for signing certificates only, which is told last.
    assert.include([undefined, 'INVALID_PURPOSE'], code)
    assert.equal(chain.length, 1)
  }
})

test('roots: a CA that is added to a context of the defaults is trusted besides', LISTLESS, async (t) => {
  const { default: roots } = await import('isomorphic-tls/roots')
  const secureContext = t.tls.createSecureContext()
  const { context } = secureContext
  const trusts = (der) => context.judge([der], false).code === undefined
  const trusted = roots.map((pem) => t.Buffer.from(pem.replace(/-----.*?-----|\s/g, ''), 'base64')).filter(trusts)
  assert.isNotEmpty(trusted)
  const { ca } = await t.certificate('ecdsa-p256')
  context.addCACert(t.Buffer.from(ca))
  assert.isTrue(trusted.every(trusts))
  const peer = await t.peer()
  assert.equal(await attempt(t, peer, { secureContext }), 'authorized')
})

newer('roots: getCACertificates tells the same lists each time', async (t) => {
  await bringRoots(t)
  for (const type of [undefined, 'default', 'bundled', 'system', 'extra']) {
    const list = t.tls.getCACertificates(type)
    assert.isTrue(Array.isArray(list), type)
    assert.isTrue(Object.isFrozen(list), type)
    assert.strictEqual(t.tls.getCACertificates(type), list)
    for (const pem of list) assert.match(pem, /^-----BEGIN CERTIFICATE-----\n/)
  }
  assert.strictEqual(t.tls.getCACertificates('bundled'), t.tls.rootCertificates)
  assert.strictEqual(t.tls.getCACertificates('default'), t.tls.getCACertificates())
  assert.includeMembers([...t.tls.getCACertificates()], [...t.tls.rootCertificates])
  assert.includeMembers([...t.tls.getCACertificates()], [...t.tls.getCACertificates('extra')])
})

newer('roots: getCACertificates refuses other types', (t) => {
  for (const type of [1, null, {}]) {
    const error = thrown(() => t.tls.getCACertificates(type))
    assert.instanceOf(error, TypeError)
    assert.equal(error.code, 'ERR_INVALID_ARG_TYPE')
    assert.include(error.message, 'The "type" argument must be of type string. Received ')
  }
  for (const type of ['x', '', 'toString']) {
    const error = thrown(() => t.tls.getCACertificates(type))
    assert.instanceOf(error, TypeError)
    assert.equal(error.code, 'ERR_INVALID_ARG_VALUE')
    assert.equal(error.message, `The argument 'type' is invalid. Received '${type}'`)
  }
})

newer('roots: setDefaultCACertificates decides what is trusted from then on, where no ca is given', async (t) => {
  await bringRoots(t)
  const [peer, other] = [await t.peer(), await t.peer({ certificate: 'other-ca' })]
  const context = t.tls.createSecureContext()
  trustByDefault(t, [peer.ca])
  assert.equal(await attempt(t, peer), 'authorized')
  assert.equal(await attempt(t, peer, { secureContext: context }), 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
  assert.equal(await attempt(t, peer, { ca: other.issuer }), 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
  assert.deepEqual(t.tls.getCACertificates().map(bare), [bare(peer.ca)])
  assert.isTrue(Object.isFrozen(t.tls.getCACertificates()))
  assert.isAbove(t.tls.getCACertificates('bundled').length, 100)
  t.tls.setDefaultCACertificates([])
  assert.deepEqual([...t.tls.getCACertificates()], [])
  assert.equal(await attempt(t, peer), 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
})

newer('roots: setDefaultCACertificates takes texts and bytes, several certificates in one, and each once', async (t) => {
  await bringRoots(t)
  const [{ ca }, { issuer }] = [await t.certificate('ecdsa-p256'), await t.certificate('other-ca')]
  const bytes = new DataView(Uint8Array.from(t.Buffer.from(issuer)).buffer)
  trustByDefault(t, [`text before\n${ca}\ntext between\n${ca}`, t.Buffer.from(ca), bytes])
  assert.sameMembers(t.tls.getCACertificates().map(bare), [bare(ca), bare(issuer)])
  const labelled = ca.replaceAll(' CERTIFICATE-----', ' X509 CERTIFICATE-----').replaceAll('\n', '\r\n')
  t.tls.setDefaultCACertificates([labelled, 'nothing in this one'])
  assert.deepEqual(t.tls.getCACertificates().map(bare), [bare(ca)])
})

newer('roots: setDefaultCACertificates refuses what is no list of certificates, and then changes nothing', async (t) => {
  await bringRoots(t)
  const { ca, key } = await t.certificate('ecdsa-p256')
  const before = t.tls.getCACertificates()
  const section = (body) => `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`
  const array = 'The "certs" argument must be an instance of Array. Received '
  const item = (index) => `The "certs[${index}]" argument must be of type string or an instance of ArrayBufferView. Received `
  const none = 'No valid certificates found in the provided array'
  for (const [certs, code, message] of [
    [undefined, 'ERR_INVALID_ARG_TYPE', array],
    [ca, 'ERR_INVALID_ARG_TYPE', array],
    [new Set([ca]), 'ERR_INVALID_ARG_TYPE', array],
    [[1], 'ERR_INVALID_ARG_TYPE', item(0)],
    [[ca, null], 'ERR_INVALID_ARG_TYPE', item(1)],
    [['text'], 'ERR_CRYPTO_OPERATION_FAILED', none],
    [[''], 'ERR_CRYPTO_OPERATION_FAILED', none],
    [[key], 'ERR_CRYPTO_OPERATION_FAILED', none],
    [[new Uint8Array(3)], 'ERR_CRYPTO_OPERATION_FAILED', none],
    [[ca, section('AAAA')], 'ERR_OSSL_PEM_ASN1_LIB', 'PEM routines::ASN1 lib'],
    [[ca, section('!!!')], 'ERR_OSSL_PEM_BAD_BASE64_DECODE', 'PEM routines::bad base64 decode'],
    [[ca.trim() + ca], 'ERR_OSSL_PEM_BAD_END_LINE', 'PEM routines::bad end line'],
  ]) {
    const error = thrown(() => t.tls.setDefaultCACertificates(/** @type {any} */ (certs)))
    assert.equal(error?.code, code, String(certs))
    assert.include(error.message, message)
  }
  assert.strictEqual(t.tls.getCACertificates(), before)
})
