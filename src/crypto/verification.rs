//! The algorithms of signatures that certificates and peers make: those that OpenSSL takes.

use rustls::crypto::SignatureScheme;
use rustls_pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id};

use super::rsa;

type Algorithm = &'static dyn SignatureVerificationAlgorithm;

/// Every algorithm that a certificate may be signed with.
pub(super) static ALL: &[Algorithm] = &[
    rustls_ring::ECDSA_P256_SHA256,
    rustls_ring::ECDSA_P256_SHA384,
    ECDSA_P256_SHA512,
    rustls_ring::ECDSA_P384_SHA256,
    rustls_ring::ECDSA_P384_SHA384,
    ECDSA_P384_SHA512,
    ECDSA_P521_SHA256,
    ECDSA_P521_SHA384,
    ECDSA_P521_SHA512,
    rustls_ring::ED25519,
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
    (SignatureScheme::ECDSA_NISTP384_SHA384, &[rustls_ring::ECDSA_P384_SHA384, rustls_ring::ECDSA_P256_SHA384]),
    (SignatureScheme::ECDSA_NISTP256_SHA256, &[rustls_ring::ECDSA_P256_SHA256, rustls_ring::ECDSA_P384_SHA256]),
    (SignatureScheme::ECDSA_NISTP521_SHA512, &[ECDSA_P521_SHA512, ECDSA_P384_SHA512, ECDSA_P256_SHA512]),
    (SignatureScheme::ED25519, &[rustls_ring::ED25519]),
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

/// Whether the bits of a key, of which this is the algorithm (the contents of its AlgorithmIdentifier), are a point of its curve; a curve
/// that is not known here may have any.
pub(crate) fn may_be_point(algorithm: &[u8], bits: &[u8]) -> bool {
    let is_of = |known: AlgorithmIdentifier| known.as_ref() == algorithm;
    match () {
        () if is_of(alg_id::ECDSA_P256) => p256::ecdsa::VerifyingKey::from_sec1_bytes(bits).is_ok(),
        () if is_of(alg_id::ECDSA_P384) => p384::ecdsa::VerifyingKey::from_sec1_bytes(bits).is_ok(),
        () if is_of(alg_id::ECDSA_P521) => p521::ecdsa::VerifyingKey::from_sec1_bytes(bits).is_ok(),
        () => true,
    }
}

/// An algorithm that ring does not have.
struct Verification {
    key: AlgorithmIdentifier,
    signature: AlgorithmIdentifier,
    /// Whether, with the bits of a key, of a message this is a signature.
    verify: fn(&[u8], &[u8], &[u8]) -> bool,
}

impl std::fmt::Debug for Verification {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Verification").finish_non_exhaustive()
    }
}

impl SignatureVerificationAlgorithm for Verification {
    fn verify_signature(&self, key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        if (self.verify)(key, message, signature) { Ok(()) } else { Err(InvalidSignature) }
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.key
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.signature
    }
}

/// ECDSA by the crate of a curve.
macro_rules! ecdsa {
    ($curve:ident, $key:expr, $hash:ident, $signature:expr) => {
        &Verification {
            key: $key,
            signature: $signature,
            verify: |key, message, signature| {
                use $curve::ecdsa::{Signature, VerifyingKey, signature::hazmat::PrehashVerifier};
                use sha2::Digest;
                let key = VerifyingKey::from_sec1_bytes(key);
                let signature = Signature::from_der(signature);
                // The crate wants half a field at least; zeros in front change nothing of a number.
                let mut hash = sha2::$hash::digest(message).to_vec();
                if hash.len() < size_of::<$curve::FieldBytes>() / 2 {
                    hash.insert(0, 0);
                }
                matches!((key, signature), (Ok(key), Ok(signature)) if key.verify_prehash(&hash, &signature).is_ok())
            },
        }
    };
}

static ECDSA_P256_SHA512: Algorithm = ecdsa!(p256, alg_id::ECDSA_P256, Sha512, alg_id::ECDSA_SHA512);
static ECDSA_P384_SHA512: Algorithm = ecdsa!(p384, alg_id::ECDSA_P384, Sha512, alg_id::ECDSA_SHA512);
static ECDSA_P521_SHA256: Algorithm = ecdsa!(p521, alg_id::ECDSA_P521, Sha256, alg_id::ECDSA_SHA256);
static ECDSA_P521_SHA384: Algorithm = ecdsa!(p521, alg_id::ECDSA_P521, Sha384, alg_id::ECDSA_SHA384);
static ECDSA_P521_SHA512: Algorithm = ecdsa!(p521, alg_id::ECDSA_P521, Sha512, alg_id::ECDSA_SHA512);
