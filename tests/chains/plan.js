// The plan of a chain: a sheet for every certificate, what becomes of the certificates when they are written, and what is asked of
// the verifier. A fresh plan makes a chain that everybody trusts; properties and arrangements change it.
import {
  authorityKeyIdentifier,
  basicConstraints,
  extKeyUsage,
  ID,
  inDays,
  keyUsage,
  subjectAltName,
  subjectKeyIdentifier,
  write,
} from './certificate.js'
import { key } from './keys.js'

/** @typedef {import('./certificate.js').Sheet} Sheet */

/**
 * What a verifier is given: DER.
 * @typedef {object} Arrangement
 * @property {Uint8Array[]} presented the leaf first
 * @property {Uint8Array[]} trusted
 *
 * A chain, and how it is to be judged.
 * @typedef {object} Chain
 * @property {string} name
 * @property {string[]} properties what is unusual about it
 * @property {'server' | 'client'} purpose
 * @property {boolean} partial `allowPartialTrustChain`
 * @property {number} level OpenSSL's security level
 * @property {string[]} presented DER in base64, the leaf first
 * @property {string[]} trusted DER in base64
 * @property {string} key of the leaf, PEM
 */

/** OpenSSL's security level where nothing is said of it, since version 3.2. */
export const USUAL_LEVEL = 2

const pem = (keyObject) => /** @type {string} */ (keyObject.export({ type: 'pkcs8', format: 'pem' }))

export class Plan {
  /** @type {string[]} */
  properties = []
  partial = false
  level = USUAL_LEVEL
  /** @type {((arrangement: Arrangement, plan: Plan) => void)[]} */
  arrangements = []

  /**
   * @param {object} [options]
   * @param {number} [options.length] how many certificates, the root included
   * @param {'server' | 'client'} [options.purpose]
   * @param {string} [options.kind] of the keys
   */
  constructor({ length = 3, purpose = 'server', kind = 'p256' } = {}) {
    this.purpose = purpose
    /** The leaf first. @type {Sheet[]} */
    this.sheets = Array.from({ length }, (_, depth) => {
      if (depth === 0) return leafSheet(purpose, key(kind, 0))
      return authoritySheet(depth === length - 1 ? 'Root' : `Intermediate ${depth}`, key(kind, depth))
    })
  }

  get leaf() {
    return this.sheets[0]
  }

  get intermediate() {
    return this.sheets[1]
  }

  get root() {
    return this.sheets[this.sheets.length - 1]
  }

  /** Write down that something is unusual. @param {string} property */
  note(property) {
    this.properties.push(property)
    return this
  }

  /** Write one sheet as it is now. @param {Sheet} sheet @param {Sheet} [by] whose it is signed by: the next one's, unless given */
  write(sheet, by = this.sheets[this.sheets.indexOf(sheet) + 1] ?? sheet) {
    return write(sheet, by)
  }

  /** @return {Chain} */
  make() {
    const certificates = this.sheets.map((sheet) => this.write(sheet))
    const arrangement = { presented: certificates.slice(0, -1), trusted: certificates.slice(-1) }
    // A leaf that is its own root is still presented.
    if (certificates.length === 1) arrangement.presented = certificates.slice()
    for (const arrange of this.arrangements) arrange(arrangement, this)
    const base64 = (list) => list.map((der) => Buffer.from(der).toString('base64'))
    return {
      name: this.properties.join(', ') || 'nothing unusual',
      properties: this.properties,
      purpose: this.purpose,
      partial: this.partial,
      level: this.level,
      presented: base64(arrangement.presented),
      trusted: base64(arrangement.trusted),
      key: pem(this.leaf.key.privateKey),
    }
  }
}

let serial = 1000

const common = () => ({ version: 2, serial: ++serial, notBefore: inDays(-10), notAfter: inDays(10) })

/** @param {'server' | 'client'} purpose @param {import('./keys.js').Key} ownKey @return {Sheet} */
export const leafSheet = (purpose, ownKey) => ({
  ...common(),
  subject: [['CN', 'localhost']],
  key: ownKey,
  extensions: [
    basicConstraints(undefined),
    keyUsage('digitalSignature', 'keyEncipherment'),
    extKeyUsage(purpose),
    subjectAltName(['dns', 'localhost'], ['ip', [127, 0, 0, 1]]),
    subjectKeyIdentifier(),
    authorityKeyIdentifier(),
  ],
})

/** @param {string} name @param {import('./keys.js').Key} ownKey @return {Sheet} */
export const authoritySheet = (name, ownKey) => ({
  ...common(),
  subject: [
    ['O', 'Chains'],
    ['CN', name],
  ],
  key: ownKey,
  extensions: [basicConstraints(true), keyUsage('keyCertSign', 'cRLSign'), subjectKeyIdentifier(), authorityKeyIdentifier()],
})

/**
 * Put an extension in the place of those of its kind.
 * @param {Sheet} sheet
 * @param {...import('./certificate.js').Extension} extensions
 */
export function put(sheet, ...extensions) {
  const ids = extensions.map(({ id }) => id)
  sheet.extensions = [...sheet.extensions.filter(({ id }) => !ids.includes(id)), ...extensions]
}

/** Leave extensions out. @param {Sheet} sheet @param {...keyof typeof ID} names */
export function drop(sheet, ...names) {
  const ids = names.map((name) => ID[name])
  sheet.extensions = sheet.extensions.filter(({ id }) => !ids.includes(id))
}

/** A sheet like another, which may be changed without it. @param {Sheet} sheet @param {Partial<Sheet>} [changes] */
export const copy = (sheet, changes) => ({ ...sheet, extensions: [...sheet.extensions], serial: ++serial, ...changes })
