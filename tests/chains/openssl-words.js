// The words in which OpenSSL puts its complaints about certificates, and the names of those in its header (X509_V_ERR_*). Node has
// the names of some as codes, and says UNSPECIFIED of all others; the message tells which it was.

/** @type {Record<string, string>} */
const NAMES = {
  'unspecified certificate verification error': 'UNSPECIFIED',
  'unable to get issuer certificate': 'UNABLE_TO_GET_ISSUER_CERT',
  'unable to get certificate CRL': 'UNABLE_TO_GET_CRL',
  "unable to decrypt certificate's signature": 'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
  'unable to decode issuer public key': 'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
  'certificate signature failure': 'CERT_SIGNATURE_FAILURE',
  'certificate is not yet valid': 'CERT_NOT_YET_VALID',
  'certificate is not yet valid or the system clock is incorrect': 'CERT_NOT_YET_VALID',
  'certificate has expired': 'CERT_HAS_EXPIRED',
  "format error in certificate's notBefore field": 'ERROR_IN_CERT_NOT_BEFORE_FIELD',
  "format error in certificate's notAfter field": 'ERROR_IN_CERT_NOT_AFTER_FIELD',
  'self-signed certificate': 'DEPTH_ZERO_SELF_SIGNED_CERT',
  'self-signed certificate in certificate chain': 'SELF_SIGNED_CERT_IN_CHAIN',
  'unable to get local issuer certificate': 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'unable to verify the first certificate': 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'certificate chain too long': 'CERT_CHAIN_TOO_LONG',
  "issuer certificate doesn't have a public key": 'NO_ISSUER_PUBLIC_KEY',
  'invalid CA certificate': 'INVALID_CA',
  'invalid non-CA certificate (has CA markings)': 'INVALID_NON_CA',
  'path length constraint exceeded': 'PATH_LENGTH_EXCEEDED',
  'unsuitable certificate purpose': 'INVALID_PURPOSE',
  'certificate not trusted': 'CERT_UNTRUSTED',
  'certificate rejected': 'CERT_REJECTED',
  'subject issuer mismatch': 'SUBJECT_ISSUER_MISMATCH',
  'authority and subject key identifier mismatch': 'AKID_SKID_MISMATCH',
  'authority and issuer serial number mismatch': 'AKID_ISSUER_SERIAL_MISMATCH',
  'key usage does not include certificate signing': 'KEYUSAGE_NO_CERTSIGN',
  'key usage does not include digital signature': 'KEYUSAGE_NO_DIGITAL_SIGNATURE',
  'unhandled critical extension': 'UNHANDLED_CRITICAL_EXTENSION',
  'proxy certificates not allowed, please set the appropriate flag': 'PROXY_CERTIFICATES_NOT_ALLOWED',
  'proxy subject name violation': 'PROXY_SUBJECT_NAME_VIOLATION',
  'invalid or inconsistent certificate extension': 'INVALID_EXTENSION',
  "RFC 3779 resource not subset of parent's resources": 'UNNESTED_RESOURCE',
  'permitted subtree violation': 'PERMITTED_VIOLATION',
  'excluded subtree violation': 'EXCLUDED_VIOLATION',
  'name constraints minimum and maximum not supported': 'SUBTREE_MINMAX',
  'unsupported name constraint type': 'UNSUPPORTED_CONSTRAINT_TYPE',
  'unsupported or invalid name constraint syntax': 'UNSUPPORTED_CONSTRAINT_SYNTAX',
  'unsupported or invalid name syntax': 'UNSUPPORTED_NAME_SYNTAX',
  'path loop': 'PATH_LOOP',
  'EE certificate key too weak': 'EE_KEY_TOO_SMALL',
  'CA certificate key too weak': 'CA_KEY_TOO_SMALL',
  'CA signature digest algorithm too weak': 'CA_MD_TOO_WEAK',
  'issuer certificate lookup error': 'STORE_LOOKUP',
  'Cannot find certificate signature algorithm': 'UNSUPPORTED_SIGNATURE_ALGORITHM',
  'subject signature algorithm and issuer public key algorithm mismatch': 'SIGNATURE_ALGORITHM_MISMATCH',
  'Certificate public key has explicit ECC parameters': 'EC_KEY_EXPLICIT_PARAMS',
}

/**
 * The name of a complaint.
 * @param {string} words
 */
export function nameOf(words) {
  // Newer versions of Node add advice after a semicolon.
  const [complaint] = words.split(';')
  return NAMES[complaint] ?? complaint
}
