// tls.checkServerIdentity: a pure function of a name and a certificate object; and names of certificates that are made to deceive it.
import { access, ALTERNATIVE_NAME, Attribute, extension, INFORMATION_ACCESS, name, OCSP, selfSigned } from '../certificate-samples.js'
import { contextPrimitive, oid, sequence, set, utf8String } from '../der.js'
import { assert, test } from '../harness.js'

/** [name, certificate, the reason of the error or undefined] */
const CASES = [
  ['a.com', { subject: { CN: 'a.com' } }, undefined],
  ['a.com', { subject: { CN: 'A.COM' } }, undefined],
  ['A.com', { subject: { CN: 'a.com' } }, undefined],
  ['a.com.', { subject: { CN: 'a.com' } }, undefined],
  ['a.com', { subject: { CN: 'b.com' } }, "Host: a.com. is not cert's CN: b.com"],
  ['a.com', { subject: { CN: ['b.com', 'a.com'] } }, undefined],
  ['a.com', { subject: { CN: '*.com' } }, "Host: a.com. is not cert's CN: *.com"],
  ['b.a.com', { subject: { CN: '*.a.com' } }, undefined],
  ['c.b.a.com', { subject: { CN: '*.a.com' } }, "Host: c.b.a.com. is not cert's CN: *.a.com"],
  ['a.com', { subject: {} }, 'Cert does not contain a DNS name'],
  ['a.com', { subject: { CN: '' } }, 'Cert does not contain a DNS name'],
  ['a.com', { subjectaltname: 'DNS:*', subject: { CN: 'b.com' } }, "Host: a.com. is not in the cert's altnames: DNS:*"],
  ['a.com', { subjectaltname: 'DNS:a.com', subject: { CN: 'b.com' } }, undefined],
  ['a.com', { subjectaltname: 'DNS:a.com' }, undefined],
  ['b.com', { subjectaltname: 'DNS:a.com', subject: { CN: 'b.com' } }, "Host: b.com. is not in the cert's altnames: DNS:a.com"],
  ['b.com', { subjectaltname: 'DNS:a.com, DNS:b.com' }, undefined],
  ['b.a.com', { subjectaltname: 'DNS:*.a.com' }, undefined],
  ['c.b.a.com', { subjectaltname: 'DNS:*.a.com' }, "Host: c.b.a.com. is not in the cert's altnames: DNS:*.a.com"],
  ['b.a.com', { subjectaltname: 'DNS:b*.a.com' }, undefined],
  ['bc.a.com', { subjectaltname: 'DNS:*c.a.com' }, undefined],
  ['b.a.com', { subjectaltname: 'DNS:b.*.com' }, "Host: b.a.com. is not in the cert's altnames: DNS:b.*.com"],
  ['xn--a.a.com', { subjectaltname: 'DNS:xn--*.a.com' }, "Host: xn--a.a.com. is not in the cert's altnames: DNS:xn--*.a.com"],
  ['a.com', { subjectaltname: 'DNS:.a.com' }, "Host: a.com. is not in the cert's altnames: DNS:.a.com"],
  ['a.com', { subjectaltname: 'DNS:a.com\0.b.com' }, "Host: a.com. is not in the cert's altnames: DNS:a.com\0.b.com"],
  ['b.com', { subjectaltname: 'DNS:"a.com, DNS:b.com"' }, 'Host: b.com. is not in the cert\'s altnames: DNS:"a.com, DNS:b.com"'],
  ['a.com', { subjectaltname: 'IP Address:127.0.0.1', subject: { CN: 'a.com' } }, undefined],
  ['a.com', { subjectaltname: 'URI:http://a.com/', subject: { CN: 'a.com' } }, undefined],
  ['a.com', { subjectaltname: 'URI:http://a.com/' }, 'Cert does not contain a DNS name'],
  ['8.8.8.8', { subject: { CN: '8.8.8.8' } }, "IP: 8.8.8.8 is not in the cert's list: "],
  ['8.8.8.8', { subjectaltname: 'IP Address:8.8.8.8' }, undefined],
  ['8.8.8.8', { subjectaltname: 'DNS:8.8.8.8' }, "IP: 8.8.8.8 is not in the cert's list: "],
  ['8.8.4.4', { subjectaltname: 'IP Address:8.8.8.8' }, "IP: 8.8.4.4 is not in the cert's list: 8.8.8.8"],
  ['8.8.4.4', { subjectaltname: 'IP Address:8.8.8.8, IP Address:8.8.4.4' }, undefined],
  ['::1', { subjectaltname: 'IP Address:0:0:0:0:0:0:0:1' }, undefined],
  ['2001:db8::1', { subjectaltname: 'IP Address:2001:DB8:0:0:0:0:0:1' }, undefined],
  ['2001:db8::2', { subjectaltname: 'IP Address:2001:DB8:0:0:0:0:0:1' }, "IP: 2001:db8::2 is not in the cert's list: 2001:db8::1"],
  ['fe80::1%eth0', { subjectaltname: 'IP Address:FE80:0:0:0:0:0:0:1' }, undefined],
  ['::1%', { subjectaltname: 'IP Address:0:0:0:0:0:0:0:1' }, 'Cert does not contain a DNS name'],
  ['1.2.3.4::1', { subjectaltname: 'IP Address:102:304:0:0:0:0:0:1' }, 'Cert does not contain a DNS name'],
  ['fe80::1%eth0/', { subjectaltname: 'IP Address:FE80:0:0:0:0:0:0:1' }, 'Cert does not contain a DNS name'],
  ['fe80::1%eth0 A?', { subjectaltname: 'IP Address:FE80:0:0:0:0:0:0:1' }, 'Cert does not contain a DNS name'],
  ['', { subject: { CN: 'a.com' } }, "Host: . is not cert's CN: a.com"],
]

for (const [host, certificate, reason] of CASES) {
  test(`checkServerIdentity: '${host}' and ${JSON.stringify(certificate)}`, (t) => {
    const error = t.tls.checkServerIdentity(host, certificate)
    assert.strictEqual(error?.reason, reason)
    if (!reason) return assert.isUndefined(error)
    assert.instanceOf(error, Error)
    assert.equal(error.code, 'ERR_TLS_CERT_ALTNAME_INVALID')
    assert.equal(error.message, `Hostname/IP does not match certificate's altnames: ${reason}`)
    assert.equal(error.host, host)
    assert.strictEqual(error.cert, certificate)
  })
}

/** Connect as to localhost to a server that shows a certificate of these parts: why it is refused, and the certificate. */
async function refusal(t, parts) {
  const identity = await selfSigned(parts)
  const { client } = await t.pair(identity, { ca: identity.cert, rejectUnauthorized: false })
  return { error: client.authorizationError, shown: client.getPeerCertificate() }
}

const subject = name([Attribute.ORGANISATION, 'x'])

test('CVE-2021-44531: a URI is no name of a host', async (t) => {
  const extensions = [extension(ALTERNATIVE_NAME, sequence(contextPrimitive(6, 'http://localhost/'), contextPrimitive(6, 'localhost')))]
  const { error, shown } = await refusal(t, { subject, issuer: subject, extensions })
  assert.equal(error, 'ERR_TLS_CERT_ALTNAME_INVALID')
  assert.equal(shown.subjectaltname, 'URI:http://localhost/, URI:localhost')
})

test('CVE-2021-44532: a name can not be taken for two', async (t) => {
  const evil = ['x, DNS:localhost', 'x", DNS:localhost', "'x', DNS:localhost", 'x\0, DNS:localhost', 'localhost\0.evil.test']
  const extensions = [extension(ALTERNATIVE_NAME, sequence(...evil.map((text) => contextPrimitive(2, text))))]
  const { error, shown } = await refusal(t, { subject, issuer: subject, extensions })
  assert.equal(error, 'ERR_TLS_CERT_ALTNAME_INVALID')
  assert.equal(
    shown.subjectaltname,
    'DNS:"x\\u002c DNS:localhost", DNS:"x\\"\\u002c DNS:localhost", DNS:"\'x\'\\u002c DNS:localhost", ' +
      'DNS:"x\\u0000\\u002c DNS:localhost", DNS:"localhost\\u0000.evil.test"',
  )
  // Nor can a directory's.
  const directory = Uint8Array.from([
    0xa4,
    name([Attribute.COMMON_NAME, 'x, DNS:localhost']).length,
    ...name([Attribute.COMMON_NAME, 'x, DNS:localhost']),
  ])
  const other = await refusal(t, { subject, issuer: subject, extensions: [extension(ALTERNATIVE_NAME, sequence(directory))] })
  assert.equal(other.error, 'ERR_TLS_CERT_ALTNAME_INVALID')
  assert.equal(other.shown.subjectaltname, 'DirName:"CN=x\\\\\\u002c DNS:localhost"')
})

test('CVE-2021-44533: what is in the value of an attribute is no attribute', async (t) => {
  const evil = ['x\nCN=localhost', 'x/CN=localhost', 'x + CN=localhost', 'x, CN=localhost', 'CN=localhost']
  for (const text of evil) {
    const organisation = name([Attribute.ORGANISATION, text])
    const { error, shown } = await refusal(t, { subject: organisation, issuer: organisation })
    assert.equal(error, 'ERR_TLS_CERT_ALTNAME_INVALID')
    assert.deepEqual({ ...shown.subject }, { O: text })
  }
  // Several in one set are several.
  const both = [sequence(oid(Attribute.ORGANISATION), utf8String('x')), sequence(oid(Attribute.COMMON_NAME), utf8String('localhost'))]
  const several = sequence(set(...both))
  const { error, shown } = await refusal(t, { subject: several, issuer: several })
  assert.isNotOk(error)
  assert.deepEqual({ ...shown.subject }, { O: 'x', CN: 'localhost' })
})

test('CVE-2022-21824: names of a certificate reach no prototype', async (t) => {
  const pollution = '__proto__'
  const evil = [contextPrimitive(6, `x\n${pollution}:polluted`), contextPrimitive(2, pollution)].map((location) => access(OCSP, location))
  const extensions = [
    extension(INFORMATION_ACCESS, sequence(...evil)),
    extension(ALTERNATIVE_NAME, sequence(contextPrimitive(2, pollution), contextPrimitive(2, `x\n${pollution}:polluted`))),
  ]
  const { shown } = await refusal(t, {
    subject: name([Attribute.COMMON_NAME, pollution], ['1.2.3', pollution]),
    issuer: subject,
    extensions,
  })
  for (const object of [shown.subject, shown.issuer, shown.infoAccess]) assert.isNull(Object.getPrototypeOf(object))
  assert.deepEqual({ ...shown.subject }, { CN: pollution, '1.2.3': pollution })
  assert.deepEqual({ ...shown.infoAccess }, { 'OCSP - URI': [`x\n${pollution}:polluted`], 'OCSP - DNS': [pollution] })
  assert.strictEqual(Object.getPrototypeOf(shown), Object.prototype)
  for (const object of [{}, []]) assert.notProperty(object, 'polluted')
})
