// Certificates in PEM (RFC 7468), read as strictly as OpenSSL reads them: text around sections, and sections of other kinds, are no
// error. The engine reads PEM itself; this is for lists that a user looks at.
import { Buffer } from '#platform'
import { tryReadCertificate } from './x509/certificate.js'

/** OpenSSL's labels of certificates. What "TRUSTED" adds comes after the certificate. */
const BEGIN = /^-----BEGIN ((?:X509 |TRUSTED )?CERTIFICATE)-----\s*$/

/** What OpenSSL puts on a line. */
const LINE = /.{1,64}/g

/**
 * The certificates of a text, up to its end or to the first that can not be read.
 * @param {string} text
 * @return {{ certificates: Buffer[], problem: string | undefined }} DER; what is wrong, in the words of `settingError`
 */
export function certificatesOf(text) {
  const certificates = []
  const lines = text.split(/\r?\n|\r/)
  for (let place = 0; place < lines.length; place++) {
    const label = BEGIN.exec(lines[place])?.[1]
    if (!label) continue
    let end = place + 1
    while (end < lines.length && !lines[end].startsWith('-----')) end++
    if (lines[end]?.trimEnd() !== `-----END ${label}-----`) return { certificates, problem: 'cert:bad_end_line' }
    const base64 = lines.slice(place + 1, end).map((line) => line.trim())
    const read = decode(base64.join(''))
    if (typeof read === 'string') return { certificates, problem: read }
    certificates.push(read)
    place = end
  }
  return { certificates, problem: undefined }
}

/** @return {Buffer | string} the DER, or what is wrong */
function decode(base64) {
  if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) return 'cert:bad_base64'
  const der = firstElement(Buffer.from(base64, 'base64'))
  if (!der || !tryReadCertificate(der)) return 'cert:asn1'
  return der
}

/** The first element, which must be a SEQUENCE in DER's shortest form (X.690, 8.1.3 and 10.1), or null. */
function firstElement(bytes) {
  if (bytes[0] !== 0x30 || bytes.length < 2) return null
  const count = bytes[1] & 0x80 ? bytes[1] & 0x7f : 0
  if (count > 4 || bytes.length < 2 + count) return null
  const length = count ? bytes.readUIntBE(2, count) : bytes[1]
  const end = 2 + count + length
  return bytes.length < end ? null : bytes.subarray(0, end)
}

/**
 * A certificate as PEM, in the form that OpenSSL writes.
 * @param {Uint8Array} der
 * @return {string}
 */
export const toPem = (der) => wrapPem(Buffer.from(der).toString('base64'))

/**
 * A DER as PEM.
 * @param {string} base64 of it
 * @param {string} [label]
 * @return {string}
 */
export function wrapPem(base64, label = 'CERTIFICATE') {
  const lines = base64.match(LINE) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}
