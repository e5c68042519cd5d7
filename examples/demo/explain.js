// What an error's code means, for people.

const NOT_TRUSTED = 'Nobody whom this client trusts has signed the certificate. If the server has a private CA, give its certificate.'
const NO_COMMON_GROUND = 'The server and this client have no way of doing TLS in common: its versions, suites or groups are others.'

/** The way to the server. @type {Record<string, string>} */
const OF_THE_WAY = {
  ENOTFOUND: 'There is no host of that name.',
  EAI_AGAIN: 'The name of the host could not be looked up at present: is there a network?',
  ECONNREFUSED: 'The machine is there, but no server listens at that port.',
  ECONNRESET: 'The server closed the connection before the handshake was done. Perhaps it does not speak TLS at that port.',
  ETIMEDOUT: 'The server has not answered for a long time.',
  EHOSTUNREACH: 'There is no way to that machine from here.',
  ENETUNREACH: 'There is no way to that network from here.',
  EACCES: 'This machine does not allow the connection.',
  ERR_TLS_TRANSPORT_FAILED: 'The tunnel that carries the bytes failed: is the program that serves this page still running?',
  ERR_TLS_TRANSPORT_OVERFLOW: 'The server sent faster than its answer was read.',
}

/** Who the server is. @type {Record<string, string>} */
const OF_THE_CERTIFICATE = {
  ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate is genuine, but for another host: this is not the server that was asked for.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: NOT_TRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: NOT_TRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: NOT_TRUSTED,
  DEPTH_ZERO_SELF_SIGNED_CERT: 'The server signed its certificate itself. Anybody could do that; trust it by giving it as the CA.',
  SELF_SIGNED_CERT_IN_CHAIN: `The server brought its own root, which proves nothing. ${NOT_TRUSTED}`,
  CERT_HAS_EXPIRED: 'The certificate has expired: the server needs a new one (or the clock of this machine is wrong).',
  CERT_NOT_YET_VALID: 'The certificate is of the future: the clock of this machine may be wrong.',
  CERT_SIGNATURE_FAILURE: 'A signature in the chain is wrong: a certificate was altered or forged.',
  INVALID_CA: 'A certificate in the chain signed another although it is not that of an authority.',
  PATH_LENGTH_EXCEEDED: 'The chain is longer than one of its authorities allows.',
  CERT_CHAIN_TOO_LONG: 'The chain of certificates is too long.',
  INVALID_PURPOSE: 'The certificate was not made for servers.',
  PERMITTED_VIOLATION: 'The authority was not allowed to sign for that name.',
  UNHANDLED_CRITICAL_EXTENSION: 'The certificate has a condition that this client does not know, and must not ignore.',
  ERR_TLS_PEER_CERTIFICATE: 'The certificate can not be read.',
}

/** How TLS is spoken. @type {Record<string, string>} */
const OF_THE_PROTOCOL = {
  ERR_SSL_WRONG_VERSION_NUMBER: 'What came is not TLS. Perhaps the server speaks plain HTTP, or another protocol, at that port.',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'The server knows only versions of TLS that are too old to be safe.',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'The server does not know TLS 1.2 or 1.3.',
  ERR_SSL_HANDSHAKE_FAILURE: NO_COMMON_GROUND,
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: NO_COMMON_GROUND,
  ERR_SSL_TLSV1_UNRECOGNIZED_NAME: 'The server does not know itself by that name.',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'The server wants a certificate of the client, and this client has none.',
  ERR_OSSL_PEM_NO_START_LINE: 'The CA is not a certificate in PEM: it begins with -----BEGIN CERTIFICATE-----.',
  ERR_OSSL_PEM_BAD_BASE64_DECODE: 'The CA can not be read: it may have been cut off or altered.',
}

const WORDS = { ...OF_THE_WAY, ...OF_THE_CERTIFICATE, ...OF_THE_PROTOCOL }

/**
 * @param {string} code an error's code
 * @return {string} a sentence or two; empty if there are no better words than the error's message
 */
export const explain = (code) => WORDS[code] ?? (code.startsWith('ERR_SSL_') ? 'The two sides did not agree on how to speak TLS.' : '')

/** Whether an error's code says that the server is not whom it should be. */
export const isAboutCertificate = (code) => code in OF_THE_CERTIFICATE
