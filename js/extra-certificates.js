// The certificates of NODE_EXTRA_CA_CERTS (Node docs: "Command-line API").
import { nativeTls, readTextFile, warnsOfExtraCertificates } from '#platform'
import { extraCertificatesFile } from './environment.js'
import { settingError } from './errors.js'
import { certificatesOf } from './pem.js'
import { warnOnce } from './warn-once.js'

/**
 * Read them, up to the first that can not be read, which is warned about.
 * @return {Buffer[]} DER
 */
export function readExtraCertificates() {
  if (!extraCertificatesFile) return []
  const { certificates, problem } = read(extraCertificatesFile)
  if (problem) warn(problem)
  return certificates
}

function warn(problem) {
  // Node says it itself: some versions when they start, the others when they load theirs.
  if (warnsOfExtraCertificates) return nativeTls()?.getCACertificates?.('extra')
  warnOnce(`Ignoring extra certs from \`${extraCertificatesFile}\`, load failed: ${problem}`)
}

/** @return {{ certificates: Buffer[], problem: string | undefined }} DER; what is wrong, in OpenSSL's words */
function read(file) {
  try {
    const { certificates, problem } = certificatesOf(readTextFile(file))
    return { certificates, problem: problem && settingError(problem).message }
  } catch (error) {
    return { certificates: [], problem: systemMessage(error) }
  }
}

/** What OpenSSL says where a file can not be read. */
function systemMessage({ message, errno }) {
  const [, first, rest] = /^[A-Z]+: (.)([^,]*)/.exec(message) ?? []
  if (!first || !errno) return message
  const number = (0x80000000 + Math.abs(errno)).toString(16).toUpperCase()
  return `error:${number}:system library::${first.toUpperCase()}${rest}`
}
