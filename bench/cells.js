// What is measured on which runtime: the cells of the table.

const KIB = 1024

const SUITES = ['TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384']

const DIRECTIONS = /** @type {const} */ (['up', 'down'])

/** @typedef {import('./work/index.js').Cell} Cell */

/** Cells of a product: what is essential is measured in a quick run, and on runtimes of which little is measured, too. */
function* bulkCells(networks) {
  for (const cipher of SUITES) {
    for (const writeSize of [KIB, 16 * KIB, 64 * KIB]) {
      for (const direction of DIRECTIONS) {
        const essential = cipher !== SUITES[2] && (writeSize === 64 * KIB || (writeSize === KIB && direction === 'up'))
        yield { kind: 'bulk', carrier: 'memory', cipher, direction, writeSize, essential }
      }
    }
  }
  yield { kind: 'bulk', carrier: 'memory', cipher: SUITES[0], direction: 'up', writeSize: 64 }
  for (const direction of DIRECTIONS) {
    const common = { kind: 'bulk', carrier: 'memory', direction, writeSize: 64 * KIB }
    yield { ...common, version: 'TLSv1.2', cipher: 'ECDHE-ECDSA-AES128-GCM-SHA256' }
    // Each with the suite that it prefers: what a program gets that says nothing.
    yield { ...common, essential: networks && direction === 'down' }
  }
  if (!networks) return
  for (const carrier of ['tcp', 'processes']) {
    for (const cipher of [undefined, ...SUITES]) {
      for (const direction of DIRECTIONS) {
        const essential = !cipher && direction === 'down'
        yield { kind: 'bulk', carrier, cipher, direction, writeSize: 64 * KIB, essential }
      }
    }
  }
}

function* handshakeCells(networks) {
  const common = { kind: 'handshakes', carrier: 'memory', version: 'TLSv1.3', certificate: 'ecdsa-p256', group: 'X25519' }
  yield { ...common, essential: true }
  for (const group of ['prime256v1', 'secp384r1', 'X25519MLKEM768']) yield { ...common, group }
  for (const certificate of ['ecdsa-p384', 'rsa-2048', 'ed25519']) yield { ...common, certificate, essential: certificate === 'rsa-2048' }
  for (const certificate of ['ecdsa-p256', 'rsa-2048']) {
    // Of TLS 1.2 OpenSSL takes the groups to be those of certificates, too.
    yield { ...common, version: 'TLSv1.2', certificate, group: 'X25519:prime256v1', essential: certificate === 'ecdsa-p256' }
  }
  yield { ...common, group: undefined }
  if (!networks) return
  for (const carrier of ['tcp', 'processes']) yield { ...common, carrier }
}

function* resumptionCells() {
  for (const version of ['TLSv1.3', 'TLSv1.2']) {
    yield { kind: 'resumption', carrier: 'memory', version, group: 'X25519:prime256v1', essential: version === 'TLSv1.3' }
  }
}

function* echoCells(networks) {
  for (const carrier of networks ? ['memory', 'tcp', 'processes'] : ['memory']) {
    yield { kind: 'echo', carrier, size: 64, essential: carrier === 'memory' }
  }
}

function* transferCells() {
  for (const length of [KIB, 32 * KIB, KIB * KIB, 32 * KIB * KIB, KIB * KIB * KIB]) {
    // A gigabyte is a few rounds in itself.
    const rounds = length === KIB * KIB * KIB ? 3 : undefined
    yield { kind: 'transfers', carrier: 'memory', length, rounds, essential: length < KIB * KIB }
  }
}

/**
 * The cells of a runtime.
 * @param {{ kinds: string[], networks: boolean, essential: boolean }} wanted `networks`: whether TCP is measured too; `essential`:
 *   whether only what is essential is
 * @return {Cell[]}
 */
export function cellsOf({ kinds, networks, essential }) {
  const all = /** @type {Cell[]} */ ([
    ...bulkCells(networks),
    ...handshakeCells(networks),
    ...resumptionCells(),
    ...echoCells(networks),
    ...transferCells(),
  ])
  return all.filter((cell) => kinds.includes(cell.kind) && (cell.essential || !essential))
}
