// epoxy-tls and libcurl.js trust the certificates that were built into them, and no others. For a server of our own, one of those is
// made ours: in a copy of their WebAssembly the public key of one root is replaced with that of a CA of this run, which has its name.
// Nothing else of them is changed: the chain and the name are verified as ever.
import { execFile } from 'node:child_process'
import { createPublicKey, X509Certificate } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import tls from 'node:tls'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** The root that is replaced: of a P-256 key. */
const ROOT = { C: 'US', O: 'Amazon', CN: 'Amazon Root CA 3' }

/** An uncompressed point of P-256. */
const POINT_LENGTH = 65

const CONFIGURATION = `
[req]
distinguished_name = subject
prompt = no
string_mask = MASK:0x2
[subject]
C = ${ROOT.C}
O = ${ROOT.O}
CN = ${ROOT.CN}
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = DNS:localhost
`

const pointOf = (certificate) => createPublicKey(certificate).export({ type: 'spki', format: 'der' }).subarray(-POINT_LENGTH)

/** The point of the root that is replaced. */
function rootPoint() {
  const subject = Object.entries(ROOT)
    .map((pair) => pair.join('='))
    .join('\n')
  const found = tls.rootCertificates.find((pem) => new X509Certificate(pem).subject === subject)
  if (!found) throw new Error(`this Node does not know the root ${ROOT.CN}`)
  return pointOf(found)
}

/**
 * Make an identity for `localhost` of a CA with the name of the root.
 * @param {string} folder
 * @return {Promise<{ key: string, chain: string, ca: string }>} PEM
 */
export async function makeIdentity(folder) {
  const openssl = (...args) => execute('openssl', args, { cwd: folder })
  const key = ['ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out']
  await writeFile(path.join(folder, 'trusted.cnf'), CONFIGURATION)
  await openssl(...key, 'ca.key')
  await openssl(...key, 'leaf.key')
  const configured = ['-config', 'trusted.cnf']
  await openssl('req', '-x509', '-new', '-key', 'ca.key', ...configured, '-extensions', 'ca', '-days', '30', '-out', 'ca.pem')
  await openssl('req', '-new', '-key', 'leaf.key', '-subj', '/CN=localhost', '-out', 'leaf.csr')
  const authority = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '30']
  await openssl('x509', '-req', '-in', 'leaf.csr', ...authority, '-extfile', 'trusted.cnf', '-extensions', 'leaf', '-out', 'leaf.pem')
  const read = (name) => readFile(path.join(folder, name), 'utf8')
  const [pem, chain, ca] = await Promise.all(['leaf.key', 'leaf.pem', 'ca.pem'].map(read))
  return { key: pem, chain, ca }
}

/**
 * A copy of a WebAssembly module that trusts a CA in the root's stead.
 * @param {Buffer} wasm
 * @param {string} ca PEM
 * @return {Buffer}
 */
export function trusting(wasm, ca) {
  const point = rootPoint()
  const copy = Buffer.from(wasm)
  let count = 0
  for (let place = copy.indexOf(point); place >= 0; place = copy.indexOf(point)) {
    pointOf(ca).copy(copy, place)
    count++
  }
  if (!count) throw new Error(`it does not have the root ${ROOT.CN}`)
  return copy
}
