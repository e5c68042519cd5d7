//! The one place that chooses cryptographic implementations: kernels of our own (`kernels`) and crates, each the fastest that was
//! measured (docs/performance.md). Two things are woven in that rustls has no door for: a look at handshake messages (`tap`) and a hand
//! on the TLS 1.3 key schedule (`key_schedule`).
//!
//! Both work for the connection that an engine call is about, as told by [`enter`].

mod current;
mod ecdh;
mod ecdsa;
mod ed25519;
mod entropy;
mod groups;
mod hash;
mod hmac;
mod key_schedule;
mod ml_kem;
mod provider;
mod records;
mod rsa;
mod sealing;
mod signing;
mod suites;
mod tap;
mod verification;
mod x25519;

use rustls::crypto::KeyProvider;
use rustls_pki_types::SignatureVerificationAlgorithm;

pub use current::{Entered, Notes, Role, SharedNotes, enter};
pub(crate) use current::{certificate_sent, register_external_psk, suspend};
pub(crate) use ecdsa::{may_be_point, public_key as ec_public_key};
pub use entropy::random;
pub use groups::PreferOfferedShares;
pub use hash::{Digest, digest};
pub(crate) use hash::{Hasher, MAX_LENGTH as MAX_HASH_LENGTH};
pub(crate) use hmac::Hmac;
pub(crate) use key_schedule::force_resumption_secret;
pub use provider::{Selection, provider};
pub(crate) use rsa::SHA1_WITH_RSA;
pub(crate) use sealing::SealingKey;
pub(crate) use suites::sha256_suite;
pub use suites::{tls12_suites, tls13_suites};

/// Every signature algorithm that a certificate or a handshake may be signed with.
pub fn verification_algorithms() -> &'static [&'static dyn SignatureVerificationAlgorithm] {
    verification::ALL
}

/// What loads private keys.
pub fn key_provider() -> &'static dyn KeyProvider {
    &signing::Keys
}
