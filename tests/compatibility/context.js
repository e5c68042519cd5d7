// Options of tls.createSecureContext, and the languages that some of them are written in.
import { ALL, row } from './rows.js'

export const contextRows = [
  row('`allowPartialTrustChain`', '23.5', 'works', 'behaviour 11: allowPartialTrustChain'),
  row(
    '`ca`',
    ALL,
    'works',
    ['verification:', 'behaviour 37:', 'behaviour 6:'],
    'PEM, also `TRUSTED` and `X509 CERTIFICATE`, concatenated, among other text; DER; arrays',
  ),
  row('`cert`', ALL, 'works', ['behaviour 38:', 'behaviour 6:']),
  row('`sigalgs`', '23.5', 'works', 'sigalgs:'),
  row('`ciphers`', ALL, 'differs', 'ciphers:', 'OpenSSL’s language; suites with CBC, DHE, RSA key exchange are names without effect'),
  row('`clientCertEngine`', '23.5', 'refused', 'createSecureContext:', 'there are no engines; in Node’s words for an OpenSSL without', {
    value: 'x',
    code: 'ERR_CRYPTO_CUSTOM_ENGINE_NOT_SUPPORTED',
  }),
  row('`crl`', '0.10 23.5', 'refused', 'options: createSecureContext refuses crl', 'until revocation lists are checked', {
    value: '-----BEGIN X509 CRL-----',
    code: 'ERR_TLS_OPTION_NOT_SUPPORTED',
  }),
  row(
    '`dhparam`',
    '23.5',
    'differs',
    'context: what is legal',
    'checked, and without effect, with a warning: there is no finite-field Diffie-Hellman',
  ),
  row(
    '`ecdhCurve`',
    '23.5',
    'differs',
    ['ecdhCurve:', 'options: suites and groups'],
    'X25519, P-256 and P-384; a list of others alone is refused',
  ),
  row('`honorCipherOrder`', '0.10 23.5', 'works', 'ciphers: honorCipherOrder'),
  row(
    '`key`',
    ALL,
    'differs',
    ['identities: a key in the form', 'behaviour 38:', 'behaviour 6:'],
    'PKCS#8, PKCS#1, SEC1, encrypted or not; RSA from 2048 bits, P-256, P-384, Ed25519, not P-521',
  ),
  row('`key: [{ pem, passphrase }]`', '23.5', 'works', ['identities: a key in the form', 'identities: key objects']),
  row('`privateKeyEngine`', '23.5', 'refused', 'options: createSecureContext refuses privateKeyEngine', 'there are no engines', {
    value: 'x',
    code: 'ERR_TLS_OPTION_NOT_SUPPORTED',
  }),
  row('`privateKeyIdentifier`', '23.5', 'refused', 'options: createSecureContext refuses privateKeyIdentifier', 'there are no engines', {
    value: 'x',
    code: 'ERR_TLS_OPTION_NOT_SUPPORTED',
  }),
  row('`maxVersion`', '23.5', 'differs', 'versions:', '`TLSv1` and `TLSv1.1` are names, but there is nothing below `TLSv1.2`'),
  row('`minVersion`', '23.5', 'differs', 'versions:', '`TLSv1` and `TLSv1.1` are names, but there is nothing below `TLSv1.2`'),
  row('`passphrase`', ALL, 'works', 'identities:'),
  row('`pfx: [{ buf, passphrase }]`', '23.5', 'works', 'identities: a PFX file in the form'),
  row('`pfx`', ALL, 'works', 'identities: a PFX file'),
  row(
    '`secureOptions`',
    '23.5',
    'differs',
    ['versions: secureOptions', 'behaviour 20:'],
    'the bits that mean something here: `SSL_OP_NO_TICKET`, `SSL_OP_CIPHER_SERVER_PREFERENCE`, `SSL_OP_NO_TLSv1_2`, `SSL_OP_NO_TLSv1_3`. Others have no effect; two of them warn',
  ),
  row('`secureProtocol`', '23.5', 'differs', ['versions:', 'behaviour 7: methods'], 'as the versions'),
  row('`sessionIdContext`', ALL, 'works', 'sessions: sessionIdContext'),
  row(
    '`certificateCompression`',
    '26',
    'refused',
    'options: createSecureContext refuses certificateCompression',
    'certificates are not compressed here',
    {
      value: ['zlib'],
      code: 'ERR_TLS_OPTION_NOT_SUPPORTED',
    },
  ),
  row('`ticketKeys`', '23.5', 'works', 'behaviour 18:'),
  row('`sessionTimeout`', '0.10 23.5', 'works', 'sessions: sessionTimeout'),
]

export const languageRows = [
  row('names of suites, `:` `,` and blanks between them', ALL, 'works', 'ciphers:'),
  row(
    'classes: `ALL`, `HIGH`, `ECDHE`, `EECDH`, `AESGCM`, `CHACHA20`, `aECDSA`, `DEFAULT`, ...; `+` between them',
    ALL,
    'works',
    'ciphers: ECDHE+AESGCM',
  ),
  row('`!`, `-`, `+` before them', ALL, 'works', 'ciphers: !'),
  row('`@STRENGTH`', '23.5', 'works', 'ciphers: ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:@STRENGTH'),
  row(
    '`@SECLEVEL=N`',
    '23.5',
    'differs',
    'ciphers: @SECLEVEL',
    'read, and without effect: all there is has 112 bits or more, as level 2 asks for',
  ),
  row('`TLS_AES_256_GCM_SHA384`, `TLS_CHACHA20_POLY1305_SHA256`, `TLS_AES_128_GCM_SHA256`', '23.5', 'works', 'ciphers: TLS_'),
  row(
    '`TLS_AES_128_CCM_SHA256`, `TLS_AES_128_CCM_8_SHA256`',
    '23.5',
    'refused',
    'ciphers: TLS_',
    'rustls has no CCM: names without effect, and "no cipher match" where nothing else is left',
  ),
  row(
    '`ECDHE-RSA-AES128-GCM-SHA256`, `ECDHE-ECDSA-AES128-GCM-SHA256`, `ECDHE-RSA-AES256-GCM-SHA384`, `ECDHE-ECDSA-AES256-GCM-SHA384`',
    '23.5',
    'works',
    'interop:',
  ),
  row(
    '`DHE-...`, `ECDHE-...-SHA`, `ECDHE-...-SHA256`, `ECDHE-...-SHA384`, `AES...-SHA`, `RC4`, `PSK`',
    ALL,
    'refused',
    'behaviour 7: legacy',
    'DHE, CBC, RSA key exchange: names without effect, and "no cipher match" where nothing else is left',
  ),
  row(
    '`crypto.constants.defaultCoreCipherList`, `defaultCipherList`',
    '23.5',
    'differs',
    'behaviour 5: DEFAULT_CIPHERS',
    'of the runtime’s `crypto`; here it is `tls.DEFAULT_CIPHERS`',
  ),
]
