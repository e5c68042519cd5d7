// The interop matrix as data: one cell is one test. Versions x suites x groups x certificates in full; resumption, client
// authentication and ALPN with each version and each stack. `node tests/interop/count.js` prints how many there are.
import { SUITES } from '../peers/names.js'

/** What the module under test is, in a cell. */
export const SIDES = /** @type {const} */ (['client', 'server'])

/** The stacks at the other end. */
export const STACKS = /** @type {const} */ (['node', 'openssl', 'gnutls', 'nss'])

export const VERSIONS = /** @type {const} */ (['TLSv1.2', 'TLSv1.3'])

export const GROUPS = ['X25519', 'P-256', 'P-384']

/** Certificates, by the algorithm that signs with them. */
const CERTIFICATES = { ECDSA: ['ecdsa-p256', 'ecdsa-p384', 'ed25519'], RSA: ['rsa-2048'] }

/**
 * What is crossed with versions and stacks only: the versions that have it.
 * @type {Record<string, readonly ('TLSv1.2' | 'TLSv1.3')[]>}
 */
export const FEATURES = {
  'resumption by ticket': VERSIONS,
  // TLS 1.3 has tickets only (RFC 8446, 2.2).
  'resumption by session id': ['TLSv1.2'],
  'client certificate': VERSIONS,
  'client certificate required, none given': VERSIONS,
  ALPN: VERSIONS,
  'ALPN without a common protocol': VERSIONS,
}

/**
 * @typedef {object} Cell
 * @property {string} name
 * @property {'client' | 'server'} side
 * @property {'node' | 'openssl' | 'gnutls' | 'nss'} stack
 * @property {'TLSv1.2' | 'TLSv1.3'} version
 * @property {string} [feature] of a cell that is about one; the others have the following
 * @property {string} [suite]
 * @property {string} [group]
 * @property {string} [certificate]
 */

/**
 * Cells that do not exist, because the stack cannot do them.
 * @type {{ stack: string, why: string, matches: (cell: Omit<Cell, 'name'>) => boolean }[]}
 */
export const IMPOSSIBLE = [
  {
    stack: 'nss',
    why: 'NSS 3.87 has no Ed25519 certificates: pk12util cannot import the key',
    matches: ({ certificate }) => certificate === 'ed25519',
  },
  {
    stack: 'nss',
    why: 'as a server of TLS 1.2 with a key of 384 bits, NSS takes no smaller group where the cipher has a key of 256 bits',
    matches: ({ side, version, suite = '', group, certificate }) =>
      side === 'client' && version === 'TLSv1.2' && certificate === 'ecdsa-p384' && group !== 'P-384' && !suite.includes('AES128'),
  },
  {
    stack: 'nss',
    why: 'tstclnt has no option to offer application protocols',
    matches: ({ side, feature }) => side === 'server' && feature?.startsWith('ALPN'),
  },
]

/** @param {Omit<Cell, 'name'>} cell */
const isPossible = (cell) => !IMPOSSIBLE.some(({ stack, matches }) => stack === cell.stack && matches(cell))

/** @return {Generator<Omit<Cell, 'name'>>} */
function* everyCell() {
  for (const side of SIDES) {
    for (const stack of STACKS) {
      for (const { name: suite, version, authentication } of SUITES) {
        const certificates = authentication ? CERTIFICATES[authentication] : Object.values(CERTIFICATES).flat()
        for (const group of GROUPS) {
          for (const certificate of certificates) yield { side, stack, version, suite, group, certificate }
        }
      }
      for (const [feature, versions] of Object.entries(FEATURES)) {
        for (const version of versions) yield { side, stack, version, feature }
      }
    }
  }
}

/** @param {Omit<Cell, 'name'>} cell */
const nameOf = ({ side, stack, version, suite, group, certificate, feature }) =>
  ['interop', side, stack, version, ...(feature ? [feature] : [suite, group, certificate])].join(' ')

/** @type {Cell[]} */
export const cells = [...everyCell()].filter(isPossible).map((cell) => ({ name: nameOf(cell), ...cell }))

/** Every which cell is in the sample, and which of them first: so that all of each dimension is in it (see matrix.test.js). */
const STRIDES = { handshake: { stride: 14, first: 13 }, feature: { stride: 4, first: 0 } }

const every = ({ stride, first }, list) => list.filter((_, index) => index % stride === first)

/** What a quick run has of the matrix. */
export const sample = new Set([
  ...every(
    STRIDES.handshake,
    cells.filter(({ feature }) => !feature),
  ),
  ...every(
    STRIDES.feature,
    cells.filter(({ feature }) => feature),
  ),
])

/** How many cells there are: by side, then by stack. */
export function count(list = cells) {
  const of = (side, stack) => list.filter((cell) => cell.side === side && cell.stack === stack).length
  return Object.fromEntries(SIDES.map((side) => [side, Object.fromEntries(STACKS.map((stack) => [stack, of(side, stack)]))]))
}

/** The whole matrix runs here. */
const MAIN_RUNTIME = 'node-26'

const OTHER_RUNTIMES = ['node-20', 'deno', 'bun', 'workerd', 'chromium', 'firefox']

const LISTENING_RUNTIMES = ['node-20', MAIN_RUNTIME, 'deno', 'bun']

/**
 * Where and when a cell is run.
 * @param {Cell} cell
 * @return {import('../harness.js').Options}
 */
export function optionsOf(cell) {
  if (!sample.has(cell)) return { full: true, only: [MAIN_RUNTIME], why: 'one runtime runs the whole matrix, the others a sample of it' }
  const options = { full: OTHER_RUNTIMES }
  return cell.side === 'client' ? options : { ...options, only: LISTENING_RUNTIMES, why: 'a server needs a port to listen on' }
}

/** The curve of a certificate's key. */
const CURVES = { 'ecdsa-p256': 'P-256', 'ecdsa-p384': 'P-384' }

/**
 * The groups that an end of TLS 1.2 has to offer, the cell's first: the curve of an ECDSA certificate must be among them
 * (RFC 8422, 5.1.1).
 * @param {Cell} cell
 * @return {string} in OpenSSL's words
 */
export function groupsOf({ version, group, certificate }) {
  const curve = version === 'TLSv1.2' && CURVES[certificate]
  return [...new Set([group, curve || group])].join(':')
}

/** What `tls.connect` and `tls.createServer` are given to allow a cell's version and suite, and no other. */
export const onlyCell = ({ version, suite }) => ({ minVersion: version, maxVersion: version, ciphers: suite })

/** The same for a peer. */
export const onlyCellOfPeer = ({ version, suite }) => ({
  minVersion: version,
  maxVersion: version,
  ...(version === 'TLSv1.3' ? { ciphersuites: suite } : { ciphers: suite }),
})
