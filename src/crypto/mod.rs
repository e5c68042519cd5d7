//! The one place that chooses cryptographic implementations. Records are protected by our own AEADs (`records`), the rest is
//! *ring* for now, with two things woven in that rustls has no door for: a look at handshake messages (`tap`) and a hand on the TLS 1.3 key schedule (`key_schedule`).
//!
//! Both work for the connection that an engine call is about, as told by [`enter`].

mod current;
mod groups;
mod key_schedule;
mod provider;
mod records;
mod sealing;
mod suites;
mod tap;
mod verification;

use ring::rand::SecureRandom;
use rustls::crypto::KeyProvider;
use rustls_pki_types::SignatureVerificationAlgorithm;
use sha2::Digest as _;

pub use current::{Entered, Notes, Role, SharedNotes, enter};
pub(crate) use current::{certificate_sent, register_external_psk, suspend};
pub use groups::PreferOfferedShares;
pub(crate) use key_schedule::force_resumption_secret;
pub use provider::{Selection, provider};
pub(crate) use sealing::SealingKey;
pub(crate) use suites::sha256_suite;
pub use suites::{tls12_suites, tls13_suites};
pub(crate) use verification::{SHA1_WITH_RSA, may_be_point};

/// Every signature algorithm that a certificate or a handshake may be signed with.
pub fn verification_algorithms() -> &'static [&'static dyn SignatureVerificationAlgorithm] {
    verification::ALL
}

/// What loads private keys.
pub fn key_provider() -> &'static dyn KeyProvider {
    rustls_ring::DEFAULT_PROVIDER.key_provider
}

/// Random bytes; `None` if there is no entropy to be had.
pub fn random<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    ring::rand::SystemRandom::new().fill(&mut bytes).ok()?;
    Some(bytes)
}

/// The hashes of certificates' fingerprints, and of what is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digest {
    /// For `fingerprint`: an old custom, not a security mechanism.
    Sha1,
    /// For certificates that are signed with it.
    Sha224,
    /// For `fingerprint256`.
    Sha256,
    /// For certificates that are signed with it.
    Sha384,
    /// For `fingerprint512`.
    Sha512,
}

impl Digest {
    /// The hash of these contents of an OBJECT IDENTIFIER.
    pub fn named(id: &[u8]) -> Option<Self> {
        Some(match id {
            [0x2b, 0x0e, 3, 2, 0x1a] => Self::Sha1,
            // 2.16.840.1.101.3.4.2
            [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, number] => match number {
                1 => Self::Sha256,
                2 => Self::Sha384,
                3 => Self::Sha512,
                4 => Self::Sha224,
                _ => return None,
            },
            _ => return None,
        })
    }
}

/// Hash bytes.
pub fn digest(digest: Digest, bytes: &[u8]) -> Vec<u8> {
    let algorithm = match digest {
        Digest::Sha1 => &ring::digest::SHA1_FOR_LEGACY_USE_ONLY,
        Digest::Sha224 => return sha2::Sha224::digest(bytes).to_vec(),
        Digest::Sha256 => &ring::digest::SHA256,
        Digest::Sha384 => &ring::digest::SHA384,
        Digest::Sha512 => &ring::digest::SHA512,
    };
    ring::digest::digest(algorithm, bytes).as_ref().to_vec()
}
