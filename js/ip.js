// IP addresses as text and as bytes: one reading for the options, the certificate and the name check.

/**
 * The four bytes of a dotted IPv4 address, or null.
 * @param {string} text
 * @return {number[] | null}
 */
function parseIPv4(text) {
  const parts = text.split('.')
  const isByte = (part) => /^(0|[1-9][0-9]{0,2})$/.test(part) && Number(part) < 256
  return parts.length === 4 && parts.every(isByte) ? parts.map(Number) : null
}

/** An address with what may come after it: the zone that it is of (RFC 4007, 11), in the letters that Node takes. */
const WITH_ZONE = /^([^%]*)(?:%[0-9a-zA-Z\-.:]+)?$/

/**
 * The sixteen bytes of an IPv6 address (RFC 4291, 2.2), or null.
 * @param {string} text
 * @return {number[] | null}
 */
function parseIPv6(text) {
  const address = WITH_ZONE.exec(text)?.[1]
  if (address === undefined) return null
  const halves = address.split('::')
  if (halves.length > 2) return null
  const groups = halves.map((half, which) => {
    const parts = half === '' ? [] : half.split(':')
    return parts.map((group, index) => parseGroup(group, which === halves.length - 1 && index === parts.length - 1))
  })
  const [head, tail] = groups.map((group) => (group.includes(null) ? null : /** @type {number[]} */ (group.flat())))
  if (!head || tail === null) return null
  if (tail === undefined) return head.length === 16 ? head : null
  const missing = 16 - head.length - tail.length
  return missing >= 2 ? [...head, ...new Array(missing).fill(0), ...tail] : null
}

/** The bytes of one group; the last of all may be a dotted IPv4 address. */
function parseGroup(group, isLast) {
  if (isLast && group.includes('.')) return parseIPv4(group)
  return /^[0-9a-f]{1,4}$/i.test(group) ? [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255] : null
}

/** What addresses have, and names do not. */
const IS_NO_NAME = /^[\d.]+$|:/

/**
 * The bytes of an address: 4, 16, or null if the text is none.
 * @param {string} text
 * @return {number[] | null}
 */
export const parseIP = (text) => (IS_NO_NAME.test(text) ? (parseIPv4(text) ?? parseIPv6(text)) : null)

/**
 * An address as OpenSSL prints the bytes of a certificate's iPAddress.
 * @param {ArrayLike<number>} bytes
 */
export function formatIP(bytes) {
  if (bytes.length === 4) return Array.from(bytes).join('.')
  if (bytes.length !== 16) return `<invalid length=${bytes.length}>`
  return Array.from({ length: 8 }, (_, index) => ((bytes[2 * index] << 8) | bytes[2 * index + 1]).toString(16).toUpperCase()).join(':')
}

/**
 * An address in its one canonical form (RFC 5952), with its last part dotted where it stands for an IPv4 address; what is no address is
 * left as it is.
 * @param {string} text
 */
export function canonicalIP(text) {
  const bytes = parseIP(text)
  if (bytes?.length !== 16) return text
  const text6 = formatIP(bytes).toLowerCase()
  const runs = [...text6.matchAll(/(?<![0-9a-f])0(:0)+(?![0-9a-f])/g)]
  if (runs.length === 0) return text6
  const longest = runs.reduce((best, run) => (run[0].length > best[0].length ? run : best))
  const before = text6.slice(0, longest.index).replace(/:$/, '')
  const after = text6.slice(longest.index + longest[0].length).replace(/^:/, '')
  const zeros = (longest[0].length + 1) / 2
  if (before === '' && isEncapsulated(zeros, after)) return `::${zeros === 5 ? 'ffff:' : ''}${bytes.slice(12).join('.')}`
  return `${before}::${after}`
}

/** Whether what comes after zeros is an IPv4 address. */
const isEncapsulated = (zeros, after) => zeros === 6 || (zeros === 5 && after.startsWith('ffff:'))
