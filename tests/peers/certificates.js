// The certificates of the tests: a private CA and what it signs, made with the `openssl` command in a temporary folder, anew
// at each run, each when it is first asked for. Nothing of it is committed.
import { execFile } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { temporaryFolder } from '../temporary.js'
import { makeOcspResponse } from './ocsp.js'

const execute = promisify(execFile)

const DAY = 24 * 60 * 60 * 1000

/** The names of good leaf certificates. */
const NAMES = 'DNS:localhost,DNS:*.wild.test,IP:127.0.0.1'

const CA_SUBJECT = '/CN=isomorphic-tls test CA'

const KEYS = {
  p256: ['ecparam', '-name', 'prime256v1', '-genkey', '-noout'],
  p384: ['ecparam', '-name', 'secp384r1', '-genkey', '-noout'],
  rsa: ['genrsa', '2048'],
  ed25519: ['genpkey', '-algorithm', 'ed25519'],
  ed448: ['genpkey', '-algorithm', 'ed448'],
}

/**
 * How certificates are signed that differ by that alone: the kind of the issuer's key, and what `openssl x509` is told.
 * @type {Record<string, [keyof typeof KEYS, ...string[]]>}
 */
const SIGNATURES = {
  'signed-sha384': ['p256', '-sha384'],
  'signed-sha512': ['p256', '-sha512'],
  'signed-sha1': ['p256', '-sha1'],
  'signed-sha224': ['p256', '-sha224'],
  'signed-rsa-sha256': ['rsa', '-sha256'],
  'signed-pss-sha384': ['rsa', '-sha384', '-sigopt', 'rsa_padding_mode:pss'],
  'signed-pss-sha512': ['rsa', '-sha512', '-sigopt', 'rsa_padding_mode:pss'],
  'signed-pss-sha1': ['rsa', '-sha1', '-sigopt', 'rsa_padding_mode:pss'],
  'signed-ed25519': ['ed25519'],
  'signed-ed448': ['ed448'],
}

/** What certificates are for, as `extendedKeyUsage` says it. */
const USAGES = { server: 'serverAuth', client: 'clientAuth', ocsp: 'OCSPSigning' }

/** What the encrypted forms of a key are encrypted with. */
const PASSPHRASE = 'a passphrase of the tests'

/** Forms of a private key, with the `openssl` command that makes them. */
const KEY_FORMS = {
  pkcs8: ['pkcs8', '-topk8', '-nocrypt'],
  'pkcs8-aes-256': ['pkcs8', '-topk8', '-v2', 'aes-256-cbc', '-passout', `pass:${PASSPHRASE}`],
  'pkcs8-aes-128-sha1': ['pkcs8', '-topk8', '-v2', 'aes-128-cbc', '-v2prf', 'hmacWithSHA1', '-passout', `pass:${PASSPHRASE}`],
  'pkcs8-3des': ['pkcs8', '-topk8', '-v2', 'des3', '-passout', `pass:${PASSPHRASE}`],
  'pkcs8-scrypt': ['pkcs8', '-topk8', '-scrypt', '-passout', `pass:${PASSPHRASE}`],
}

/** Forms that predate PKCS#8: PKCS#1 for RSA, SEC1 for elliptic curves, encrypted as a `DEK-Info` header says. */
const TRADITIONAL_FORMS = {
  traditional: [],
  'dek-aes-256': ['-aes-256-cbc', '-passout', `pass:${PASSPHRASE}`],
  'dek-aes-128': ['-aes-128-cbc', '-passout', `pass:${PASSPHRASE}`],
  'dek-3des': ['-des3', '-passout', `pass:${PASSPHRASE}`],
}

/** Forms of a PFX file, with what `openssl pkcs12 -export` is told beside the identity. */
const PFX_FORMS = {
  modern: ['-passout', `pass:${PASSPHRASE}`],
  '3des': ['-passout', `pass:${PASSPHRASE}`, '-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1'],
  'without-passphrase': ['-passout', 'pass:'],
  unencrypted: ['-passout', 'pass:', '-keypbe', 'NONE', '-certpbe', 'NONE', '-nomac'],
}

/**
 * @typedef {object} Recipe
 * @property {keyof typeof KEYS} [key]
 * @property {string} [subject] in the form of openssl's -subj
 * @property {string} [names] the subject alternative names; none when empty
 * @property {'ca' | 'intermediate' | 'other-ca'} [issuer]
 * @property {'server' | 'client' | 'ocsp'} [usage]
 * @property {[number, number]} [days] validity, in days from now
 * @property {boolean} [withoutChain] the server does not send the certificates between its own and the root
 * @property {string[]} [extensions] further lines of the extensions' section of openssl's configuration, then further sections
 */

/** @type {Record<string, Recipe>} */
const LEAVES = {
  'ecdsa-p256': {},
  'ecdsa-p384': { key: 'p384' },
  'rsa-2048': { key: 'rsa' },
  ed25519: { key: 'ed25519' },
  'wrong-name': { names: 'DNS:other.test', subject: '/CN=other.test' },
  expired: { days: [-30, -1] },
  'not-yet-valid': { days: [1, 30] },
  'cn-only': { names: '' },
  intermediate: { issuer: 'intermediate' },
  'missing-intermediate': { issuer: 'intermediate', withoutChain: true },
  'other-ca': { issuer: 'other-ca' },
  client: { usage: 'client', subject: '/CN=isomorphic-tls test client', names: '' },
  'client-rsa': { usage: 'client', key: 'rsa', subject: '/CN=isomorphic-tls RSA client', names: '' },
  'client-intermediate': { usage: 'client', issuer: 'intermediate', subject: '/CN=isomorphic-tls chained client', names: '' },
  'client-other': { usage: 'client', issuer: 'other-ca', subject: '/CN=isomorphic-tls other client', names: '' },
  revoked: { subject: '/CN=localhost' },
  'must-staple': { extensions: ['tlsfeature=status_request'] },
  // For responders of OCSP: they need no names.
  'ocsp-delegate': { usage: 'ocsp', subject: '/CN=isomorphic-tls OCSP responder', names: '' },
  'ocsp-delegate-expired': { usage: 'ocsp', subject: '/CN=isomorphic-tls OCSP responder of old', names: '', days: [-30, -1] },
  'ocsp-delegate-other': { usage: 'ocsp', subject: '/CN=isomorphic-tls other OCSP responder', names: '', issuer: 'other-ca' },
  'client-revoked': { usage: 'client', subject: '/CN=isomorphic-tls revoked client', names: '' },
  // For servers of several names: none of these is another's, nor that of the leaves above.
  'sni-a': { names: 'DNS:a.test', subject: '/CN=a.test' },
  'sni-b': { names: 'DNS:b.test', subject: '/CN=b.test' },
  'sni-wild': { names: 'DNS:*.wild.test,DNS:*.deep.wild.test', subject: '/CN=wild.test' },
  'sni-rsa': { names: 'DNS:a.test', subject: '/CN=a.test', key: 'rsa' },
  // For the certificate object: what is repeated, what is not ASCII, what must be escaped, and what is of an unusual kind.
  curious: {
    key: 'rsa',
    subject: '/C=PL/O=Example/OU=First/OU=Second/CN=żółć',
    names: '@names',
    extensions: [
      'authorityInfoAccess=OCSP;URI:http://one.test/,OCSP;URI:http://two.test/,caIssuers;URI:http://ca.test/ca.crt',
      '[names]',
      'DNS.1=localhost',
      'DNS.2=good.test, DNS:evil.test',
      'email.1=someone@localhost',
      'URI.1=http://localhost/a,b',
      'IP.1=127.0.0.1',
      'IP.2=::1',
      'RID.1=1.2.3.4',
      'dirName.1=directory',
      '[directory]',
      'CN=One, two',
    ],
  },
}

/**
 * @typedef {object} Identity
 * @property {string} key PEM
 * @property {string} certificate PEM, of the leaf alone
 * @property {string} chain PEM, what a server sends: the leaf, then the certificates between it and the root
 * @property {string} ca PEM, what a test gives its client to trust: the test CA, or the certificate itself if self-signed
 * @property {string} issuer PEM, the certificate that signed the leaf
 * @property {{ leaf: string, issuer: string, ca: string }} pins of their keys, as `pinnedKeys` has them
 * @property {string} keyFile
 * @property {string} certificateFile
 * @property {string} chainFile
 * @property {string | null} betweenFile what the chain has after the leaf, if anything
 */

/** `openssl ca` writes times as YYYYMMDDHHMMSSZ. */
const asn1Time = (days) => `${new Date(Date.now() + days * DAY).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`

/** The hash of a certificate's SubjectPublicKeyInfo. */
function pinOf(certificate) {
  const key = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' })
  return `sha256/${createHash('sha256').update(key).digest('base64')}`
}

export class Certificates {
  #folder
  /** @type {Map<string, Promise<any>>} */
  #made = new Map()

  #remove

  /** @param {{ folder: string, remove: () => Promise<void> }} temporary */
  constructor({ folder, remove }) {
    this.#folder = folder
    this.#remove = remove
  }

  /** @return {Promise<Certificates>} */
  static async create() {
    return new Certificates(await temporaryFolder('certificates'))
  }

  /** The names that `get` knows. */
  static get names() {
    return [...Object.keys(LEAVES), ...Object.keys(SIGNATURES), 'self-signed', 'v1']
  }

  /**
   * A key and its certificate.
   * @param {string} name one of `Certificates.names`
   * @return {Promise<Identity>}
   */
  get(name) {
    if (name === 'self-signed') return this.#once(name, () => this.#selfSigned())
    if (name === 'v1') return this.#once(name, () => this.#version1())
    if (Object.hasOwn(SIGNATURES, name)) return this.#once(name, () => this.#signed(name, SIGNATURES[name]))
    if (!Object.hasOwn(LEAVES, name)) throw new Error(`no certificate is named '${name}'; there are ${Certificates.names.join(', ')}`)
    return this.#once(name, () => this.#leaf(name, LEAVES[name]))
  }

  /**
   * The same identity in the forms that there are for it.
   * @param {string} name one of `Certificates.names`
   * @return {Promise<{ passphrase: string, key: Record<string, string>, pfx: Record<string, string> }>} the keys in PEM, the PFX
   *   files in base64
   */
  async forms(name) {
    await this.get(name)
    return this.#once(`forms-${name}`, () => this.#forms(name))
  }

  /**
   * The CRL of the CA by which a certificate is revoked.
   * @param {string} name one of `Certificates.names`, signed by that CA
   * @return {Promise<{ crl: string }>} PEM
   */
  async revocation(name) {
    await this.get(name)
    return this.#once(`revocation-${name}`, async () => {
      const authority = ['-config', `${name}.cnf`, '-cert', 'authority-ca.pem', '-keyfile', 'authority-ca.key']
      await this.#openssl('ca', ...authority, '-revoke', `${name}.pem`)
      await this.#openssl('ca', ...authority, '-gencrl', '-crldays', '30', '-out', `${name}.crl`)
      return { crl: await readFile(this.#path(`${name}.crl`), 'utf8') }
    })
  }

  /**
   * What a responder of OCSP says of a certificate.
   * @param {string} name one of `Certificates.names`
   * @param {string} form one of `OCSP_FORMS`, see ocsp.js
   * @return {Promise<{ response: string, file: string }>} the response in base64, and the file with its DER
   */
  async ocsp(name, form) {
    const { issuer = 'ca' } = LEAVES[name]
    await Promise.all([this.get(name), this.#authority(issuer), this.#authority('other-ca')])
    // What is of now must not be of the beginning of a long run.
    const minute = Math.floor(Date.now() / 60_000)
    return this.#once(`ocsp-${name}-${form}-${minute}`, async () => {
      const response = await makeOcspResponse(this, { folder: this.#folder, name, issuer, form })
      const file = this.#path(`${name}-${form}.ocsp`)
      await writeFile(file, response)
      return { response: response.toString('base64'), file }
    })
  }

  /** The PEM of the CA that signs what is to be trusted. */
  async ca() {
    return (await this.#authority('ca')).certificate
  }

  /** The file with that PEM. */
  async caFile() {
    await this.ca()
    return this.#path('authority-ca.pem')
  }

  /** Remove all files. */
  async close() {
    await Promise.allSettled(this.#made.values())
    await this.#remove()
  }

  #once(name, make) {
    const made = this.#made.get(name) ?? make()
    this.#made.set(name, made)
    return made
  }

  #path = (name) => path.join(this.#folder, name)

  async #forms(name) {
    const { chain } = await this.get(name)
    const written = async (file, encoding) => readFile(this.#path(file), encoding)
    const key = {}
    for (const [form, [command, ...args]] of Object.entries(KEY_FORMS)) {
      await this.#openssl(command, '-in', `${name}.key`, '-out', `${name}.form.key`, ...args)
      key[form] = await written(`${name}.form.key`, 'utf8')
    }
    const command = await this.#kind(name)
    for (const [form, args] of command ? Object.entries(TRADITIONAL_FORMS) : []) {
      const traditional = command === 'rsa' ? ['-traditional'] : []
      await this.#openssl(command, '-in', `${name}.key`, '-out', `${name}.form.key`, ...traditional, ...args)
      key[form] = await written(`${name}.form.key`, 'utf8')
    }
    const pfx = {}
    await writeFile(this.#path(`${name}.chain.pem`), chain)
    for (const [form, args] of Object.entries(PFX_FORMS)) {
      const files = ['-inkey', `${name}.key`, '-in', `${name}.chain.pem`, '-out', `${name}.pfx`]
      await this.#openssl('pkcs12', '-export', ...files, ...args)
      pfx[form] = await written(`${name}.pfx`, 'base64')
    }
    return { passphrase: PASSPHRASE, key, pfx }
  }

  /** The `openssl` command for the traditional forms of a key, or null where it has none. */
  async #kind(name) {
    const { stdout } = await this.#openssl('pkey', '-in', `${name}.key`, '-noout', '-text')
    if (stdout.includes('modulus')) return 'rsa'
    return stdout.includes('ASN1 OID') ? 'ec' : null
  }

  #openssl = (...args) => execute('openssl', args, { cwd: this.#folder })

  async #key(name, kind) {
    await this.#openssl(...KEYS[kind].slice(0, 1), '-out', `${name}.key`, ...KEYS[kind].slice(1))
  }

  /** A certificate that signs others: 'ca', 'other-ca' or 'intermediate'. Its files are `authority-NAME.*`. */
  #authority(name) {
    const file = `authority-${name}`
    return this.#once(file, async () => {
      await this.#key(file, 'p256')
      if (name === 'intermediate') {
        await this.#authority('ca')
        const extensions = 'basicConstraints=critical,CA:TRUE'
        await this.#sign(file, { subject: '/CN=isomorphic-tls test intermediate CA', issuer: 'ca', extensions })
      } else {
        const subject = name === 'ca' ? CA_SUBJECT : '/CN=isomorphic-tls other CA'
        await this.#openssl('req', '-x509', '-new', '-key', `${file}.key`, '-subj', subject, '-days', '90', '-out', `${file}.pem`)
      }
      return { certificate: await readFile(this.#path(`${file}.pem`), 'utf8') }
    })
  }

  /**
   * Sign `name`.key with an authority that exists: makes `name`.pem.
   * @param {string} name
   * @param {{ subject: string, issuer: string, extensions: string, days?: [number, number] }} content
   */
  async #sign(name, { subject, issuer, extensions, days = [-1, 90] }) {
    const lines = [
      '[ca]',
      'default_ca=authority',
      '[authority]',
      `database=${name}.index`,
      'new_certs_dir=.',
      'default_md=sha256',
      'policy=anything',
      'unique_subject=no',
      'rand_serial=yes',
      '[anything]',
      'countryName=optional',
      'organizationName=optional',
      'organizationalUnitName=optional',
      'commonName=supplied',
      '[req]',
      'distinguished_name=none',
      '[none]',
      '[extensions]',
      'subjectKeyIdentifier=hash',
      'authorityKeyIdentifier=keyid',
      extensions,
    ]
    await writeFile(this.#path(`${name}.cnf`), `${lines.join('\n')}\n`)
    await writeFile(this.#path(`${name}.index`), '')
    const request = ['-config', `${name}.cnf`, '-key', `${name}.key`, '-out', `${name}.csr`]
    await this.#openssl('req', '-new', '-utf8', ...request, '-subj', subject)
    const files = ['-in', `${name}.csr`, '-out', `${name}.pem`, '-cert', `authority-${issuer}.pem`, '-keyfile', `authority-${issuer}.key`]
    const period = ['-startdate', asn1Time(days[0]), '-enddate', asn1Time(days[1])]
    await this.#openssl('ca', '-batch', '-notext', '-config', `${name}.cnf`, '-extensions', 'extensions', ...files, ...period)
  }

  /**
   * @param {string} name
   * @param {Recipe} recipe
   */
  async #leaf(name, recipe) {
    const { key = 'p256', subject = '/CN=localhost', names = NAMES, issuer = 'ca', usage = 'server', days, withoutChain } = recipe
    const authority = await this.#authority(issuer)
    await this.#key(name, key)
    // An RSA key that may not encipher keys is no server's, says NSS.
    const keyUse = key === 'rsa' ? 'digitalSignature,keyEncipherment' : 'digitalSignature'
    const lines = ['basicConstraints=critical,CA:FALSE', `keyUsage=critical,${keyUse}`, `extendedKeyUsage=${USAGES[usage]}`]
    if (names) lines.push(`subjectAltName=${names}`)
    if (recipe.extensions) lines.push(...recipe.extensions)
    await this.#sign(name, { subject, issuer, days, extensions: lines.join('\n') })
    const sendsMore = issuer === 'intermediate' && !withoutChain
    return this.#identity(name, { issuer: authority.certificate, between: sendsMore ? authority.certificate : '' })
  }

  /** The example of the Node documentation, word for word: a certificate that is its own CA and has no alternative names. */
  async #selfSigned() {
    const name = 'self-signed'
    const files = ['-keyout', `${name}.key`, '-out', `${name}.pem`]
    await this.#openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-sha256', '-subj', '/CN=localhost', ...files)
    const certificate = await readFile(this.#path(`${name}.pem`), 'utf8')
    return this.#identity(name, { issuer: certificate, ca: certificate })
  }

  /** A certificate of X.509 version 1: no extensions at all. */
  async #version1() {
    const name = 'v1'
    const { certificate } = await this.#authority('ca')
    await this.#key(name, 'p256')
    const authority = ['-CA', 'authority-ca.pem', '-CAkey', 'authority-ca.key', '-days', '90', '-out', `${name}.pem`]
    const subject = ['-new', '-key', `${name}.key`, '-subj', '/CN=localhost']
    // Since OpenSSL 3.2 every certificate is of version 3 unless the option that came with it says otherwise.
    if ((await this.#openssl('req', '-help')).stderr.includes('-x509v1')) {
      await this.#openssl('req', '-x509', '-x509v1', ...subject, ...authority)
    } else {
      await this.#openssl('req', ...subject, '-out', `${name}.csr`)
      await this.#openssl('x509', '-req', '-in', `${name}.csr`, '-CAcreateserial', ...authority)
    }
    return this.#identity(name, { issuer: certificate })
  }

  /** A certificate of an issuer of its own. */
  async #signed(name, [kind, ...how]) {
    const issuer = `${name}-issuer`
    await Promise.all([this.#key(name, 'p256'), this.#key(issuer, kind)])
    await this.#openssl('req', '-x509', '-new', '-key', `${issuer}.key`, '-subj', `/CN=${issuer}`, '-days', '90', '-out', `${issuer}.pem`)
    await this.#openssl('req', '-new', '-key', `${name}.key`, '-subj', '/CN=localhost', '-out', `${name}.csr`)
    const authority = ['-CA', `${issuer}.pem`, '-CAkey', `${issuer}.key`, '-CAcreateserial', '-days', '90']
    await this.#openssl('x509', '-req', '-in', `${name}.csr`, ...authority, ...how, '-out', `${name}.pem`)
    return this.#identity(name, { issuer: await readFile(this.#path(`${issuer}.pem`), 'utf8') })
  }

  async #identity(name, { issuer, between = '', ca = undefined }) {
    const certificate = await readFile(this.#path(`${name}.pem`), 'utf8')
    const betweenFile = between ? this.#path(`${name}.between.pem`) : null
    if (betweenFile) await writeFile(betweenFile, between)
    const chainFile = this.#path(`${name}.chain.pem`)
    await writeFile(chainFile, certificate + between)
    const trusted = ca ?? (await this.ca())
    return {
      key: await readFile(this.#path(`${name}.key`), 'utf8'),
      certificate,
      chain: certificate + between,
      ca: trusted,
      issuer,
      pins: { leaf: pinOf(certificate), issuer: pinOf(issuer), ca: pinOf(trusted) },
      keyFile: this.#path(`${name}.key`),
      certificateFile: this.#path(`${name}.pem`),
      chainFile,
      betweenFile,
    }
  }
}
