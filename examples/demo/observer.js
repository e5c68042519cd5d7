// What a tunnel can tell of the bytes that it carries, without any key: TLS has records (RFC 8446, 5.1), and the first of them are
// in the clear.

const HEADER = 5

/** How many bytes of a record are shown. */
const GLIMPSE = 64

/** Of more records than this, only their bytes are counted. */
const MOST_RECORDS = 40

const [CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION_DATA] = [20, 21, 22, 23]

/** Handshake messages that are sent in the clear, in TLS 1.2 or both versions (RFC 8446, 4; RFC 5246, 7.4). */
const MESSAGES = {
  1: 'ClientHello',
  2: 'ServerHello',
  4: 'NewSessionTicket',
  11: 'Certificate',
  12: 'ServerKeyExchange',
  13: 'CertificateRequest',
  14: 'ServerHelloDone',
  16: 'ClientKeyExchange',
  22: 'CertificateStatus',
}

/**
 * @typedef {object} SeenRecord
 * @property {string} kind what can be told of it: `encrypted`, or the name of what is in the clear
 * @property {number} length its bytes, header included
 */

/** One direction of a connection, as the tunnel sees it. Its public fields are what is told. */
export class Observer {
  bytes = 0
  /** @type {SeenRecord[]} */
  records = []
  /** The first bytes of the first record, in hexadecimal. */
  first = ''
  /** The first bytes of the first record that is encrypted, in hexadecimal. */
  firstEncrypted = ''
  #start = Buffer.alloc(0)
  #left = HEADER
  #inBody = false
  #keysChanged = false
  #isTls = true

  /** @param {Buffer} chunk */
  see(chunk) {
    this.bytes += chunk.length
    let rest = chunk
    while (rest.length > 0 && this.#isTls) {
      const part = rest.subarray(0, this.#left)
      rest = rest.subarray(part.length)
      this.#start = Buffer.concat([this.#start, part.subarray(0, GLIMPSE - this.#start.length)])
      this.#left -= part.length
      if (this.#left === 0) this.#next()
    }
  }

  /** A header or a body is complete. */
  #next() {
    const length = this.#start.readUInt16BE(3)
    if (!this.#inBody && this.#start[1] !== 3) {
      this.#isTls = false
      this.#tell('not TLS', this.bytes)
    } else if (!this.#inBody && length > 0) {
      this.#inBody = true
      this.#left = length
    } else {
      this.#tell(this.#kind(length), HEADER + length)
      this.#start = Buffer.alloc(0)
      this.#inBody = false
      this.#left = HEADER
    }
  }

  #kind(length) {
    const [type, , , , , message, ...size] = this.#start
    if (type === CHANGE_CIPHER_SPEC) {
      this.#keysChanged = true
      return 'ChangeCipherSpec'
    }
    if (type === APPLICATION_DATA) return 'encrypted'
    if (type === ALERT) return length === 2 ? 'alert' : 'encrypted'
    if (type !== HANDSHAKE) return 'unknown'
    // After a HelloRetryRequest, a second hello comes in the clear although the keys seem to have changed.
    const messageLength = (size[0] << 16) | (size[1] << 8) | size[2]
    if (this.#keysChanged && !(message <= 2 && messageLength === length - 4)) return 'encrypted'
    return MESSAGES[message] ?? 'handshake'
  }

  #tell(kind, length) {
    const glimpse = this.#start.toString('hex')
    this.first ||= glimpse
    if (kind === 'encrypted') this.firstEncrypted ||= glimpse
    if (this.records.length < MOST_RECORDS) this.records.push({ kind, length })
  }
}
