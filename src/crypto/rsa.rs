//! RSA (RFC 8017): what verifies signatures of certificates and handshakes, and keys that sign handshakes.

use std::fmt;
use std::sync::Arc;

use isomorphic_tls_kernels::rsa::{Hash, PrivateKey, PublicKey};
use rustls::crypto::{SignatureScheme, Signer, SigningKey, public_key_to_spki};
use rustls::error::Error;
use rustls_pki_types::{
    AlgorithmIdentifier, InvalidSignature, PrivateKeyDer, SignatureVerificationAlgorithm, SubjectPublicKeyInfoDer,
    alg_id,
};

use super::entropy::fill;
use super::{Digest, digest};

/// sha1WithRSAEncryption, 1.2.840.113549.1.1.5
pub(crate) const SHA1_WITH_RSA: AlgorithmIdentifier =
    AlgorithmIdentifier::from_slice(&[0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 5, 0x05, 0x00]);

/// RSASSA-PKCS1-v1_5 with keys from 1024 bits, or with SHA-1: whether that is enough, the security level says.
pub(super) static PKCS1_1024_SHA1: RsaVerification =
    RsaVerification::new(SHA1_WITH_RSA, Padding::Pkcs1, Hash::Sha1, 1024);
pub(super) static PKCS1_1024_SHA256: RsaVerification =
    RsaVerification::new(alg_id::RSA_PKCS1_SHA256, Padding::Pkcs1, Hash::Sha256, 1024);
pub(super) static PKCS1_1024_SHA512: RsaVerification =
    RsaVerification::new(alg_id::RSA_PKCS1_SHA512, Padding::Pkcs1, Hash::Sha512, 1024);
/// RSASSA-PKCS1-v1_5 as handshakes are signed with it.
pub(super) static PKCS1_SHA256: RsaVerification =
    RsaVerification::new(alg_id::RSA_PKCS1_SHA256, Padding::Pkcs1, Hash::Sha256, 2048);
pub(super) static PKCS1_SHA384: RsaVerification =
    RsaVerification::new(alg_id::RSA_PKCS1_SHA384, Padding::Pkcs1, Hash::Sha384, 2048);
pub(super) static PKCS1_SHA512: RsaVerification =
    RsaVerification::new(alg_id::RSA_PKCS1_SHA512, Padding::Pkcs1, Hash::Sha512, 2048);
/// RSASSA-PSS by keys for any signature, with a salt as long as the hash.
pub(super) static PSS_SHA256: RsaVerification =
    RsaVerification::new(alg_id::RSA_PSS_SHA256, Padding::Pss, Hash::Sha256, 2048);
pub(super) static PSS_SHA384: RsaVerification =
    RsaVerification::new(alg_id::RSA_PSS_SHA384, Padding::Pss, Hash::Sha384, 2048);
pub(super) static PSS_SHA512: RsaVerification =
    RsaVerification::new(alg_id::RSA_PSS_SHA512, Padding::Pss, Hash::Sha512, 2048);

/// What a digest is put into before it is signed.
#[derive(Debug, Clone, Copy)]
enum Padding {
    Pkcs1,
    Pss,
}

/// One algorithm of RSA, for keys from a size on, up to 8192 bits.
#[derive(Debug)]
pub(super) struct RsaVerification {
    signature: AlgorithmIdentifier,
    padding: Padding,
    hash: Hash,
    /// Octets of a modulus, at least.
    minimum: usize,
}

impl RsaVerification {
    const fn new(signature: AlgorithmIdentifier, padding: Padding, hash: Hash, minimum_bits: usize) -> Self {
        Self { signature, padding, hash, minimum: minimum_bits / 8 }
    }
}

impl SignatureVerificationAlgorithm for RsaVerification {
    fn verify_signature(&self, key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        let key = PublicKey::from_der(key).filter(|key| key.length() >= self.minimum).ok_or(InvalidSignature)?;
        let digest = digest_of(self.hash, message);
        let is_valid = match self.padding {
            Padding::Pkcs1 => key.verify_pkcs1(self.hash, &digest, signature),
            Padding::Pss => key.verify_pss(self.hash, &digest, signature),
        };
        if is_valid { Ok(()) } else { Err(InvalidSignature) }
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::RSA_ENCRYPTION
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.signature
    }
}

fn digest_of(hash: Hash, message: &[u8]) -> Vec<u8> {
    let kind = match hash {
        Hash::Sha1 => Digest::Sha1,
        Hash::Sha256 => Digest::Sha256,
        Hash::Sha384 => Digest::Sha384,
        Hash::Sha512 => Digest::Sha512,
    };
    digest(kind, message)
}

/// A key that signs.
#[derive(Debug, Clone)]
pub(super) struct RsaKey(Arc<PrivateKey>);

/// The schemes that a key signs with, the preferred first.
const SCHEMES: [(SignatureScheme, Padding, Hash); 6] = [
    (SignatureScheme::RSA_PSS_SHA512, Padding::Pss, Hash::Sha512),
    (SignatureScheme::RSA_PSS_SHA384, Padding::Pss, Hash::Sha384),
    (SignatureScheme::RSA_PSS_SHA256, Padding::Pss, Hash::Sha256),
    (SignatureScheme::RSA_PKCS1_SHA512, Padding::Pkcs1, Hash::Sha512),
    (SignatureScheme::RSA_PKCS1_SHA384, Padding::Pkcs1, Hash::Sha384),
    (SignatureScheme::RSA_PKCS1_SHA256, Padding::Pkcs1, Hash::Sha256),
];

impl RsaKey {
    /// Read PKCS#8 or PKCS#1.
    pub(super) fn from_der(der: &PrivateKeyDer<'_>) -> Option<Self> {
        let key = match der {
            PrivateKeyDer::Pkcs1(key) => PrivateKey::from_pkcs1_der(key.secret_pkcs1_der()),
            PrivateKeyDer::Pkcs8(key) => PrivateKey::from_pkcs8_der(key.secret_pkcs8_der()),
            _ => None,
        };
        key.map(|key| Self(Arc::new(key)))
    }
}

impl SigningKey for RsaKey {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        let (scheme, padding, hash) = SCHEMES.into_iter().find(|(scheme, ..)| offered.contains(scheme))?;
        Some(Box::new(RsaSigner { key: self.clone(), scheme, padding, hash }))
    }

    fn public_key(&self) -> Option<SubjectPublicKeyInfoDer<'_>> {
        Some(public_key_to_spki(&alg_id::RSA_ENCRYPTION, self.0.public_key().to_der()))
    }
}

/// A key, and how it signs.
struct RsaSigner {
    key: RsaKey,
    scheme: SignatureScheme,
    padding: Padding,
    hash: Hash,
}

impl Signer for RsaSigner {
    fn sign(self: Box<Self>, message: &[u8]) -> Result<Vec<u8>, Error> {
        let (key, digest) = (&self.key.0, digest_of(self.hash, message));
        let signature = match self.padding {
            Padding::Pkcs1 => key.sign_pkcs1(self.hash, &digest, &fill),
            Padding::Pss => key.sign_pss(self.hash, &digest, &fill),
        };
        signature.map_err(|_| Error::General("signing failed".into()))
    }

    fn scheme(&self) -> SignatureScheme {
        self.scheme
    }
}

impl fmt::Debug for RsaSigner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("RsaSigner").field("scheme", &self.scheme).finish_non_exhaustive()
    }
}
