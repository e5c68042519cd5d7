// `ocspPolicy`: what a client makes of a stapled OCSP response.
import { accepted, begin, refused } from '../connections.js'
import { assert, event, outcome, test } from '../harness.js'

const OURS = { ours: true }

const VERSIONS = /** @type {const} */ (['TLSv1.2', 'TLSv1.3'])

/** @type {[string, string | null][]} forms of peers/ocsp.js, and what is made of them */
const VERDICTS = [
  ['good', null],
  ['good-sha256', null],
  ['good-by-key', null],
  ['good-without-next', null],
  ['good-again', null],
  ['good-just-expired', null],
  ['good-just-begun', null],
  ['several', null],
  ['delegated', null],
  ['delegated-by-key', null],
  ['revoked', 'CERT_REVOKED'],
  ['revoked-expired', 'CERT_REVOKED'],
  ['revoked-among-several', 'CERT_REVOKED'],
  ['unknown', 'OCSP_CERT_UNKNOWN'],
  ['expired', 'OCSP_VERIFY_FAILED'],
  ['not-yet-valid', 'OCSP_VERIFY_FAILED'],
  ['backwards', 'OCSP_VERIFY_FAILED'],
  ['old-without-next', 'OCSP_VERIFY_FAILED'],
  ['other-certificate', 'OCSP_VERIFY_FAILED'],
  ['weak', 'OCSP_VERIFY_FAILED'],
  ['wrong-signer', 'OCSP_VERIFY_FAILED'],
  ['delegate-without-usage', 'OCSP_VERIFY_FAILED'],
  ['delegate-expired', 'OCSP_VERIFY_FAILED'],
  ['delegate-of-other-ca', 'OCSP_VERIFY_FAILED'],
  ['try-later', 'OCSP_VERIFY_FAILED'],
  ['truncated', 'OCSP_VERIFY_FAILED'],
  ['with-more', 'OCSP_VERIFY_FAILED'],
  ['empty', 'OCSP_VERIFY_FAILED'],
  ['tampered', 'OCSP_VERIFY_FAILED'],
]

const WORDS = {
  CERT_REVOKED: 'certificate revoked',
  OCSP_VERIFY_NEEDED: 'OCSP verification needed',
  OCSP_VERIFY_FAILED: 'OCSP verification failed',
  OCSP_CERT_UNKNOWN: 'OCSP unknown cert',
}

/** A server that staples a response, or nothing. */
async function serverWith(t, { certificate = 'ecdsa-p256', form = null, ...options }) {
  const { key, chain } = await t.certificate(certificate)
  const server = await t.server({ key, cert: chain, ...options })
  const response = form && (await t.ocsp(certificate, form))
  let staples = true
  server.on('OCSPRequest', (_certificate, _issuer, callback) => callback(null, staples ? response : null))
  return {
    server,
    response,
    stop: () => {
      staples = false
    },
  }
}

/** What a client has sent, as the types of its records. */
function recordsOf(bytes) {
  const types = []
  for (let offset = 0; offset < bytes.length; offset += 5 + bytes.readUInt16BE(offset + 3)) types.push(bytes[offset])
  return types
}

const [CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION_DATA] = [20, 21, 22, 23]

/** A client that is refused nothing by the server, and refuses it: its error, what the server heard, and the records that it sent. */
async function refusal(t, server, options) {
  const [near, far] = t.duplexPair()
  const chunks = []
  far.on('data', (chunk) => chunks.push(chunk))
  far.pause()
  const heard = new Promise((resolve) => {
    server.once('tlsClientError', (error) => resolve({ error }))
    server.once('secureConnection', () => resolve({ error: null }))
  })
  server.emit('connection', far)
  const { ca } = await t.certificate('ecdsa-p256')
  const client = t.connect({ socket: near, ca, servername: 'localhost', ...options })
  client.write('secret')
  const [told, { error: told2 }] = await Promise.all([outcome(client), heard])
  return { ...told, told: told2, records: recordsOf(t.Buffer.concat(chunks)) }
}

for (const [form, verdict] of VERDICTS) {
  for (const maxVersion of VERSIONS) {
    test(`ocsp policy: ${form}, ${maxVersion}: ${verdict ?? 'authorized'}`, OURS, async (t) => {
      const { server, response } = await serverWith(t, { form, maxVersion })
      if (verdict) {
        const { error, events, told, records } = await refusal(t, server, { ocspPolicy: 'verify' })
        assert.equal(error.code, verdict)
        assert.equal(error.message, WORDS[verdict])
        assert.notInclude(events, 'secureConnect')
        assert.include(
          [
            'ERR_SSL_TLSV1_BAD_CERTIFICATE_STATUS_RESPONSE',
            'ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_REVOKED',
            'ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED',
          ],
          told?.code,
        )
        // The ClientHello and the alert, which TLS 1.3 encrypts.
        const sent = records.filter((type) => type !== CHANGE_CIPHER_SPEC)
        assert.deepEqual(sent, [HANDSHAKE, maxVersion === 'TLSv1.3' ? APPLICATION_DATA : ALERT])
        return
      }
      for (const ocspPolicy of ['verify', 'require']) {
        const client = await begin(t, server, { ocspPolicy })
        const answered = event(client, 'OCSPResponse')
        await event(client, 'secureConnect')
        assert.isTrue(client.authorized)
        assert.deepEqual((await answered)[0], response)
      }
    })
  }

  if (!verdict) continue
  test(`ocsp policy: rejectUnauthorized false, ${form}`, OURS, async (t) => {
    const { server } = await serverWith(t, { form })
    const client = await begin(t, server, { ocspPolicy: 'verify', rejectUnauthorized: false })
    await event(client, 'secureConnect')
    assert.isFalse(client.authorized)
    assert.equal(client.authorizationError, verdict)
  })
}

/** @type {[string, string, string | null, string | null][]} policy, certificate, form, verdict */
const POLICIES = [
  ['ignore', 'ecdsa-p256', 'revoked', null],
  ['ignore', 'must-staple', null, null],
  ['verify', 'ecdsa-p256', null, null],
  ['verify', 'must-staple', null, 'OCSP_VERIFY_NEEDED'],
  ['verify', 'must-staple', 'good', null],
  ['verify', 'must-staple', 'revoked', 'CERT_REVOKED'],
  ['require', 'ecdsa-p256', null, 'OCSP_VERIFY_NEEDED'],
  ['require', 'must-staple', null, 'OCSP_VERIFY_NEEDED'],
  ['require', 'must-staple', 'good', null],
  ['require', 'intermediate', 'good', null],
  ['verify', 'intermediate', 'revoked', 'CERT_REVOKED'],
]

for (const [ocspPolicy, certificate, form, verdict] of POLICIES) {
  test(`ocsp policy: ${ocspPolicy}, ${certificate} with ${form ?? 'no staple'}: ${verdict ?? 'authorized'}`, OURS, async (t) => {
    for (const maxVersion of VERSIONS) {
      const { server } = await serverWith(t, { certificate, form, maxVersion })
      if (verdict) {
        const { error } = await refusal(t, server, { ocspPolicy })
        assert.equal(error.code, verdict)
      } else {
        const client = await begin(t, server, { ocspPolicy })
        await event(client, 'secureConnect')
        assert.isTrue(client.authorized)
      }
    }
  })
}

test('ocsp policy: the verdict on the chain comes first, that on the name last', OURS, async (t) => {
  const { server } = await serverWith(t, { form: 'revoked' })
  const { ca: other } = { ca: (await t.certificate('other-ca')).issuer }
  assert.equal((await refusal(t, server, { ocspPolicy: 'verify', ca: other })).error.code, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
  const checkServerIdentity = () => assert.fail('it was asked')
  assert.equal((await refusal(t, server, { ocspPolicy: 'verify', checkServerIdentity })).error.code, 'CERT_REVOKED')
})

test('ocsp policy: a response is asked for, and told', OURS, async (t) => {
  for (const ocspPolicy of ['verify', 'require', 'ignore', null, undefined]) {
    const { server, response } = await serverWith(t, { form: 'good' })
    const told = []
    const client = await begin(t, server, { ocspPolicy })
    client.on('OCSPResponse', (bytes) => told.push(bytes))
    await event(client, 'secureConnect')
    assert.deepEqual(told, ['verify', 'require'].includes(ocspPolicy) ? [response] : [], String(ocspPolicy))
  }
})

test('ocsp policy: what is none is refused', OURS, async (t) => {
  for (const ocspPolicy of ['must', '', true, 1]) {
    assert.throws(() => t.tls.connect({ socket: t.duplexPair()[0], ocspPolicy }), TypeError, /options\.ocspPolicy/)
  }
  for (const make of [
    () => t.tls.createServer({ ocspPolicy: 'verify' }),
    () => new t.tls.TLSSocket(t.duplexPair()[0], { isServer: true, ocspPolicy: 'require' }),
  ]) {
    assert.throws(make, /"ocspPolicy" is not supported/)
  }
})

for (const maxVersion of VERSIONS) {
  test(`ocsp policy: only a session with a verified staple is resumed, ${maxVersion}`, OURS, async (t) => {
    const { server, stop } = await serverWith(t, { form: 'good', maxVersion })
    /** Connect once: whether it was resumed, and the newest session. */
    const connect = async (options) => {
      const socket = accepted(server)
      const client = await begin(t, server, options)
      const sessions = []
      client.on('session', (session) => sessions.push(session))
      await Promise.all([socket, event(client, 'secureConnect')])
      const resumed = client.isSessionReused()
      assert.isTrue(client.authorized)
      // A ticket of TLS 1.3 comes after the handshake; who resumes gets no other.
      while (sessions.length === 0 && !resumed) await event(client.resume(), 'session')
      const session = sessions.at(-1) ?? client.getSession()
      client.destroy()
      return { resumed, session }
    }
    const unverified = (await connect({})).session
    const verified = (await connect({ ocspPolicy: 'verify' })).session
    assert.isFalse((await connect({ ocspPolicy: 'verify', session: unverified })).resumed)
    assert.isFalse((await connect({ ocspPolicy: 'require', session: unverified })).resumed)
    assert.isTrue((await connect({ session: unverified })).resumed)
    const again = await connect({ ocspPolicy: 'require', session: verified })
    assert.isTrue(again.resumed)
    // What a session says is not handed on to one of a handshake anew.
    assert.isTrue((await connect({ ocspPolicy: 'require', session: again.session })).resumed)
    stop()
    const other = t.random(3, 48)
    server.setTicketKeys(other)
    const anew = await connect({ session: verified })
    assert.isFalse(anew.resumed)
    const { error } = await refusal(t, server, { ocspPolicy: 'require', session: anew.session })
    assert.equal(error.code, 'OCSP_VERIFY_NEEDED')
  })
}

test('ocsp policy: a key shared beforehand has no staple', OURS, async (t) => {
  const psk = t.random(1, 32)
  const server = await t.server({ pskCallback: () => psk })
  const pskCallback = () => ({ psk, identity: 'me' })
  const client = await begin(t, server, { pskCallback, ocspPolicy: 'verify' })
  await event(client, 'secureConnect')
  const { error } = await outcome(await begin(t, server, { pskCallback, ocspPolicy: 'require' }))
  assert.equal(error.code, 'OCSP_VERIFY_NEEDED')
})

test('ocsp policy: a server hears why it is left', OURS, async (t) => {
  const { server } = await serverWith(t, { form: 'unknown', maxVersion: 'TLSv1.2' })
  const { error } = await refused(t, server, { ocspPolicy: 'verify' })
  assert.equal(error.code, 'ERR_SSL_TLSV1_BAD_CERTIFICATE_STATUS_RESPONSE')
})

for (const kind of /** @type {const} */ (['node', 'openssl', 'gnutls'])) {
  /** @type {[string, string, string | null][]} certificate, form, verdict */
  const staples = [
    ['ecdsa-p256', 'good', null],
    ['ecdsa-p256', 'delegated', null],
    ['must-staple', 'good', null],
    ['ecdsa-p256', 'revoked', 'CERT_REVOKED'],
    ['ecdsa-p256', 'unknown', 'OCSP_CERT_UNKNOWN'],
    ['ecdsa-p256', 'expired', 'OCSP_VERIFY_FAILED'],
    ['must-staple', '', 'OCSP_VERIFY_NEEDED'],
  ]
  for (const [certificate, form, verdict] of staples) {
    const title = `${certificate} with ${form || 'no staple'}: ${verdict ?? 'authorized'}`
    test(`ocsp policy: stapled by a server of kind ${kind}, ${title}`, OURS, async (t) => {
      for (const maxVersion of VERSIONS) {
        const peer = await t.peer({ kind, certificate, maxVersion, ...(form && { ocsp: form }) })
        const socket = t.connect(t.to(peer, { servername: 'localhost', ocspPolicy: 'verify' }))
        if (verdict) {
          const { error } = await outcome(socket)
          assert.equal(error.code, verdict)
          continue
        }
        await event(socket, 'secureConnect')
        assert.isTrue(socket.authorized)
      }
    })
  }
}
