// `enableTrace`: handshake messages, readable (RFC 8446, 4; RFC 5246, 7.4).
import { Buffer, printTrace } from '#platform'

/** Types of handshake messages. */
const TYPES = {
  0: 'HelloRequest',
  1: 'ClientHello',
  2: 'ServerHello',
  4: 'NewSessionTicket',
  5: 'EndOfEarlyData',
  8: 'EncryptedExtensions',
  11: 'Certificate',
  12: 'ServerKeyExchange',
  13: 'CertificateRequest',
  14: 'ServerHelloDone',
  15: 'CertificateVerify',
  16: 'ClientKeyExchange',
  20: 'Finished',
  22: 'CertificateStatus',
  24: 'KeyUpdate',
}

/** The bytes of a message that are shown on a line. */
const LINE = 32

/**
 * Print the handshake messages since the last call.
 * @param {import('./socket-state.js').State} state
 */
export function printMessages({ engine }) {
  for (const [sent, bytes] of engine?.takeMessages() ?? []) printTrace(describeMessage(sent, Buffer.from(bytes)))
}

function describeMessage(sent, message) {
  const name = TYPES[message[0]] ?? `handshake message ${message[0]}`
  const lines = [`${sent ? 'Sent' : 'Received'} TLS handshake: ${name}, Length=${message.length - 4}`]
  for (let offset = 4; offset < message.length; offset += LINE) {
    lines.push(
      `    ${message
        .subarray(offset, offset + LINE)
        .toString('hex')
        .replace(/..(?!$)/g, '$& ')}`,
    )
  }
  return `${lines.join('\n')}\n`
}
