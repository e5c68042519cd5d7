// Whether a certificate is for a host (Node docs: tls.checkServerIdentity; RFC 6125, with Node's deliberate limits).
import { makeError } from './errors.js'
import { canonicalIP, parseIP } from './ip.js'

/**
 * @overload
 * @param {string} hostname
 * @param {Partial<import('./types/options.js').PeerCertificate>} certificate
 * @return {Error | undefined}
 */
/**
 * Check that a certificate is for a host.
 * @param {string} hostname a DNS name or an IP address
 * @param {any} certificate as `getPeerCertificate()` gives it
 * @return {Error | undefined} ERR_TLS_CERT_ALTNAME_INVALID, with `reason`, `host` and `cert`, if it is not
 */
export function checkServerIdentity(hostname, certificate) {
  const host = withoutFinalDot(String(hostname))
  const reason = mismatch(host, toAscii(String(hostname)), certificate)
  if (reason === null) return undefined
  return makeError('ERR_TLS_CERT_ALTNAME_INVALID', [reason], { reason, host, cert: certificate })
}

/** Why the certificate is not for the host; null if it is. */
function mismatch(host, asciiHost, { subject, subjectaltname }) {
  const names = subjectaltname ? splitAlternativeNames(subjectaltname) : []
  if (parseIP(host)) {
    const addresses = namesOf(names, 'IP Address:').map((text) => (parseIP(text) ? canonicalIP(text) : undefined))
    return addresses.includes(canonicalIP(host)) ? null : `IP: ${host} is not in the cert's list: ${addresses.join(', ')}`
  }
  const dnsNames = namesOf(names, 'DNS:')
  if (dnsNames.length > 0) {
    return dnsNames.some((pattern) => matches(asciiHost, pattern))
      ? null
      : `Host: ${host}. is not in the cert's altnames: ${subjectaltname}`
  }
  // The common name counts only where there is no DNS name, as of old.
  const commonName = subject?.CN
  if (!commonName) return 'Cert does not contain a DNS name'
  return [commonName].flat().some((pattern) => matches(asciiHost, pattern)) ? null : `Host: ${host}. is not cert's CN: ${commonName}`
}

/** A host in letters that certificates have (IDNA), as a URL has it; empty if it is none. */
function toAscii(host) {
  if (PLAIN.test(host) && !host.includes('xn--')) return host
  const within = (url) => {
    url.hostname = host
    return url.hostname
  }
  // A host that is none leaves the one before.
  const [one, other] = ['ws://x', 'ws://y'].map((url) => within(new URL(url)))
  return one === other ? one : ''
}

/** A host that a URL has as it is: labels of small letters, digits and hyphens, none of them a number. */
const PLAIN = /^[a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)*$/

const namesOf = (names, prefix) => names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length))

const withoutFinalDot = (name) => (name.endsWith('.') ? name.slice(0, -1) : name)

/** Labels in lower case; ASCII letters only, since no other letter may match. */
const labels = (name) =>
  withoutFinalDot(name)
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase())
    .split('.')

/** Whether a host is what a DNS name with a wildcard in its first label at the most stands for. */
function matches(host, pattern) {
  if (!pattern) return false
  const hostLabels = labels(host)
  const patternLabels = labels(pattern)
  if (hostLabels.length !== patternLabels.length || patternLabels.includes('')) return false
  // Nothing good comes of blanks, control characters, or letters whose encoding is not known.
  if (patternLabels.some((label) => /[^\u0021-\u007f]/.test(label))) return false
  if (patternLabels.slice(1).some((label, index) => label !== hostLabels[index + 1])) return false

  const [first, ...furtherStars] = patternLabels[0].split('*')
  if (furtherStars.length === 0 || patternLabels[0].includes('xn--')) return hostLabels[0] === patternLabels[0]
  // One wildcard, and none for all names of a top-level domain.
  if (furtherStars.length > 1 || patternLabels.length <= 2) return false
  const [last] = furtherStars
  const longEnough = first.length + last.length <= hostLabels[0].length
  return longEnough && hostLabels[0].startsWith(first) && hostLabels[0].endsWith(last)
}

/**
 * The names of a `subjectaltname`. Names with a comma, a quote or worse are quoted as JSON, so that none can pass for two
 * (CVE-2021-44532).
 * @param {string} text
 * @return {string[]}
 */
function splitAlternativeNames(text) {
  if (!text.includes('"')) return text.split(', ')
  const names = []
  let name = ''
  let place = 0
  while (place < text.length) {
    const comma = text.indexOf(',', place)
    const quote = text.indexOf('"', place)
    if (quote >= 0 && (comma < 0 || quote < comma)) {
      const quoted = JSON_STRING.exec(text.slice(quote))
      if (!quoted) throw makeError('ERR_TLS_CERT_ALTNAME_FORMAT')
      name += text.slice(place, quote) + JSON.parse(quoted[0])
      place = quote + quoted[0].length
      continue
    }
    const end = comma < 0 ? text.length : comma
    name += text.slice(place, end)
    place = end
    if (comma < 0) break
    names.push(name)
    name = ''
    place = comma + 2
  }
  names.push(name)
  return names
}

/** A string of JSON (RFC 8259, 7). */
const JSON_STRING = /^"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/u
