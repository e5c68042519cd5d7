// tls.checkServerIdentity: a pure function of a name and a certificate object.
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
  ['', { subject: { CN: 'a.com' } }, "Host: . is not cert's CN: a.com"],
]

for (const [name, certificate, reason] of CASES) {
  test(`checkServerIdentity: '${name}' and ${JSON.stringify(certificate)}`, (t) => {
    const error = t.tls.checkServerIdentity(name, certificate)
    assert.strictEqual(error?.reason, reason)
    if (!reason) return assert.isUndefined(error)
    assert.instanceOf(error, Error)
    assert.equal(error.code, 'ERR_TLS_CERT_ALTNAME_INVALID')
    assert.equal(error.message, `Hostname/IP does not match certificate's altnames: ${reason}`)
    assert.equal(error.host, name)
    assert.strictEqual(error.cert, certificate)
  })
}
