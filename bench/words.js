// What cells and runtimes are called in tables.

const NAMES = {
  'node-20': 'Node 20',
  'node-26': 'Node 26',
  deno: 'Deno',
  bun: 'Bun',
  workerd: 'workerd',
  chromium: 'Chromium',
  firefox: 'Firefox',
}

/** @param {string} runtime */
export const runtimeName = (runtime) => NAMES[runtime] ?? runtime

const SUITES = {
  TLS_CHACHA20_POLY1305_SHA256: 'ChaCha20-Poly1305',
  TLS_AES_128_GCM_SHA256: 'AES-128-GCM',
  TLS_AES_256_GCM_SHA384: 'AES-256-GCM',
  'ECDHE-ECDSA-AES128-GCM-SHA256': 'AES-128-GCM',
}

const CARRIERS = { memory: 'in memory', tcp: 'TCP', processes: 'TCP, two processes' }

const GROUPS = { prime256v1: 'P-256', secp384r1: 'P-384' }

const CERTIFICATES = { 'ecdsa-p256': 'P-256', 'ecdsa-p384': 'P-384', 'rsa-2048': 'RSA-2048', ed25519: 'Ed25519' }

const version = ({ version: name = 'TLSv1.3' }) => name.replace('v', ' ')

/** A number of bytes. */
export function length(bytes) {
  if (bytes >= 2 ** 30) return `${bytes / 2 ** 30} GiB`
  if (bytes >= 2 ** 20) return `${bytes / 2 ** 20} MiB`
  return bytes >= 1024 ? `${bytes / 1024} KiB` : `${bytes} B`
}

/**
 * What a cell is called.
 * @param {import('./work/index.js').Cell} cell
 */
export function cellName(cell) {
  const carrier = CARRIERS[cell.carrier ?? 'memory']
  if (cell.kind === 'bulk') {
    const suite = cell.cipher ? (SUITES[cell.cipher] ?? cell.cipher) : 'the suite each prefers'
    return [
      suite,
      version(cell),
      cell.direction === 'up' ? 'to the server' : 'to the client',
      `${length(cell.writeSize ?? 0)} writes`,
      carrier,
    ].join(', ')
  }
  if (cell.kind === 'handshakes') {
    const [first] = cell.group?.split(':') ?? ['the group each prefers']
    const group = GROUPS[first] ?? first
    return [`${CERTIFICATES[cell.certificate ?? 'ecdsa-p256']} certificate`, group, version(cell), carrier].join(', ')
  }
  if (cell.kind === 'download' || cell.kind === 'dials') return [SUITES[cell.cipher ?? ''] ?? 'whatever there is', version(cell)].join(', ')
  if (cell.kind === 'seal' || cell.kind === 'open') return `${cell.name}, ${cell.kind}, ${length(cell.length ?? 0)}`
  if (cell.kind === 'operation') return cell.name ?? ''
  if (cell.kind === 'resumption') return ['resumption', version(cell), carrier].join(', ')
  if (cell.kind === 'echo') return [`echo of ${length(cell.size ?? 0)}`, carrier].join(', ')
  return [`transfers of ${length(cell.length ?? 0)}`, carrier].join(', ')
}

/** A figure with three significant digits. */
export function figure(value) {
  if (!Number.isFinite(value)) return '-'
  if (value >= 1000) return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',')
  return String(Number(value.toPrecision(3)))
}
