// The fields of a certificate object.
import { row } from './rows.js'

const RSA = 'behaviour 36: an RSA certificate'
const EC = 'behaviour 36: an elliptic curve certificate'
const OLD = '0.8 0.10 23.5'

export const certificateRows = [
  row('`ca`', '23.5', 'works', RSA),
  row('`raw`', '23.5', 'works', RSA),
  row('`subject`', OLD, 'works', RSA, 'arrays for what occurs more than once'),
  row('`issuer`', OLD, 'works', RSA),
  row('`valid_from`', OLD, 'works', RSA),
  row('`valid_to`', OLD, 'works', RSA),
  row('`serialNumber`', '23.5', 'works', RSA),
  row('`fingerprint`', OLD, 'works', 'behaviour 36: three fingerprints'),
  row('`fingerprint256`', '23.5', 'works', 'behaviour 36: three fingerprints'),
  row('`fingerprint512`', '23.5', 'works', 'behaviour 36: three fingerprints'),
  row('`ext_key_usage`', '23.5', 'works', RSA),
  row('`subjectaltname`', '23.5', 'works', RSA),
  row('`infoAccess`', '23.5', 'works', RSA),
  row('`issuerCertificate`', '23.5', 'works', ['behaviour 36: a root is its own issuer', 'behaviour 37:']),
  row('`bits`', '23.5', 'works', [RSA, EC]),
  row('`exponent`', '23.5', 'works', RSA),
  row('`modulus`', '23.5', 'works', RSA),
  row('`pubkey`', '23.5', 'works', [RSA, EC]),
  row('`asn1Curve`', '23.5', 'works', EC),
  row('`nistCurve`', '23.5', 'works', EC),
]
