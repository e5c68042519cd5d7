// What the process was told when it was started: Node's flags and variables of the environment (Node docs: "Command-line API"). Where
// there is no process, it was told nothing.
import { appendToFile, environmentVariable, runtimeFlags } from '#platform'
import { warnOnce } from './warn-once.js'

/** Flags that have a value; the others are on or off. */
const WITH_VALUE = ['tls-cipher-list', 'tls-keylog']

/** Versions from the lowest, as flags and as options name them. */
const VERSIONS = { 'v1.0': 'TLSv1', 'v1.1': 'TLSv1.1', 'v1.2': 'TLSv1.2', 'v1.3': 'TLSv1.3' }

/** What the command line says counts more than the variable. */
const flags = readFlags([...splitOptions(environmentVariable('NODE_OPTIONS') ?? ''), ...runtimeFlags()])

/** What the namespace begins with, where the process was told: undefined where not. */
export const toldDefaults = {
  /** @type {string | undefined} */
  ciphers: flags['tls-cipher-list'],
  /** The lowest that is named. */
  minVersion: versions('tls-min').at(0),
  /** The highest that is named. */
  maxVersion: versions('tls-max').at(-1),
}

/** Whether OpenSSL's certificates are to be trusted instead of Mozilla's. */
export const useOpensslCa = Boolean(flags['use-openssl-ca'])

/** Whether the certificates of the system are to be trusted besides. */
export const useSystemCa = flags['use-system-ca'] ?? environmentVariable('NODE_USE_SYSTEM_CA') === '1'

/** The file of certificates to trust besides. The variable counts as it was when the process started. */
export const extraCertificatesFile = environmentVariable('NODE_EXTRA_CA_CERTS')

/** The file of `--tls-keylog`. @type {string | undefined} */
const keyLogFile = flags['tls-keylog']

/** Whether clients are to take any server, unless their options say otherwise. It may change at any time. */
export function verificationIsOff() {
  if (environmentVariable('NODE_TLS_REJECT_UNAUTHORIZED') !== '0') return false
  warnOnce(
    "Setting the NODE_TLS_REJECT_UNAUTHORIZED environment variable to '0' makes TLS connections and HTTPS requests insecure by " +
      'disabling certificate verification.',
  )
  return true
}

/**
 * Write the secrets of a connection to the file of `--tls-keylog`, if there is one. To be called before its handshake.
 * @param {import('node:events').EventEmitter} socket
 */
export function logKeys(socket) {
  if (!keyLogFile) return
  warnOnce(`Using --tls-keylog makes TLS connections insecure by writing secret key material to file ${keyLogFile}`)
  socket.on('keylog', appendKeyLine)
}

let hasFailedToWrite = false

function appendKeyLine(line) {
  try {
    appendToFile(keyLogFile, line)
  } catch (error) {
    if (!hasFailedToWrite) warnOnce(`Failed to write TLS keylog (this warning will not be repeated): ${error}`)
    hasFailedToWrite = true
  }
}

/** The versions that the flags `--<prefix>-<version>` name, the lowest first. */
function versions(prefix) {
  return Object.entries(VERSIONS)
    .filter(([name]) => flags[`${prefix}-${name}`])
    .map(([, version]) => version)
}

/**
 * Read flags as Node does: `_` is `-`, `--no-` switches off, and of several the last one counts.
 * @param {string[]} words
 * @return {Record<string, any>}
 */
function readFlags(words) {
  const read = {}
  for (const [index, word] of words.entries()) {
    const [, no, written, value] = /^--(no[-_])?([^=]+)(?:=(.*))?$/s.exec(word) ?? []
    if (!written) continue
    const name = written.replaceAll('_', '-')
    read[name] = WITH_VALUE.includes(name) ? (value ?? words[index + 1]) : !no
  }
  return read
}

/** The words of NODE_OPTIONS: between blanks, or in quotation marks, where a backslash takes the next letter as it is. */
function splitOptions(text) {
  const words = text.match(/(?:"(?:\\.|[^"\\])*"|[^ "])+/gs) ?? []
  return words.map((word) => word.replace(/"((?:\\.|[^"\\])*)"/gs, (_, quoted) => quoted.replace(/\\(.)/gs, '$1')))
}
