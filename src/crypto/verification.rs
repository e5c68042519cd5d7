//! The algorithms of signatures that certificates and peers make.

use rustls::crypto::SignatureScheme;
use rustls_pki_types::SignatureVerificationAlgorithm;

use super::ed25519::Ed25519;
use super::{ecdsa, rsa};

type Algorithm = &'static dyn SignatureVerificationAlgorithm;

/// Every algorithm that a certificate may be signed with.
pub(super) static ALL: &[Algorithm] = &[
    &ecdsa::P256_SHA256,
    &ecdsa::P256_SHA384,
    &ecdsa::P256_SHA512,
    &ecdsa::P384_SHA256,
    &ecdsa::P384_SHA384,
    &ecdsa::P384_SHA512,
    &ecdsa::P521_SHA256,
    &ecdsa::P521_SHA384,
    &ecdsa::P521_SHA512,
    &Ed25519,
    &rsa::PKCS1_1024_SHA1,
    &rsa::PKCS1_1024_SHA256,
    &rsa::PKCS1_SHA256,
    &rsa::PKCS1_SHA384,
    &rsa::PKCS1_1024_SHA512,
    &rsa::PKCS1_SHA512,
    &rsa::PSS_SHA256,
    &rsa::PSS_SHA384,
    &rsa::PSS_SHA512,
];

/// The schemes that a peer may sign its handshake with, the preferred first, and the algorithms of each: of several the first alone
/// in TLS 1.3, where the scheme names the curve.
pub(super) static SCHEMES: &[(SignatureScheme, &[Algorithm])] = &[
    (SignatureScheme::ECDSA_NISTP384_SHA384, &[&ecdsa::P384_SHA384, &ecdsa::P256_SHA384]),
    (SignatureScheme::ECDSA_NISTP256_SHA256, &[&ecdsa::P256_SHA256, &ecdsa::P384_SHA256]),
    (SignatureScheme::ECDSA_NISTP521_SHA512, &[&ecdsa::P521_SHA512, &ecdsa::P384_SHA512, &ecdsa::P256_SHA512]),
    (SignatureScheme::ED25519, &[&Ed25519]),
    (SignatureScheme::RSA_PSS_SHA512, &[&rsa::PSS_SHA512]),
    (SignatureScheme::RSA_PSS_SHA384, &[&rsa::PSS_SHA384]),
    (SignatureScheme::RSA_PSS_SHA256, &[&rsa::PSS_SHA256]),
    (SignatureScheme::RSA_PKCS1_SHA512, &[&rsa::PKCS1_SHA512]),
    (SignatureScheme::RSA_PKCS1_SHA384, &[&rsa::PKCS1_SHA384]),
    (SignatureScheme::RSA_PKCS1_SHA256, &[&rsa::PKCS1_SHA256]),
    // RSA keys for RSASSA-PSS alone (rsa_pss_pss_*).
    (SignatureScheme(0x0809), &[&rsa::PSS_SHA256]),
    (SignatureScheme(0x080a), &[&rsa::PSS_SHA384]),
    (SignatureScheme(0x080b), &[&rsa::PSS_SHA512]),
];
