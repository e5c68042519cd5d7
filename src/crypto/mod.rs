//! The one place that chooses cryptographic implementations. Everything is *ring* for now.

use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls_pki_types::SignatureVerificationAlgorithm;
use rustls_ring::DEFAULT_PROVIDER;

/// Every signature algorithm that a certificate or a handshake may be signed with.
pub fn verification_algorithms() -> &'static [&'static dyn SignatureVerificationAlgorithm] {
    rustls_ring::ALL_VERIFICATION_ALGS
}

/// The suites, groups and signatures for connections of the given protocol versions.
///
/// Suites are in order of preference: ChaCha20-Poly1305 first, since AES has no hardware in WebAssembly.
pub fn provider(tls12: bool, tls13: bool) -> Arc<CryptoProvider> {
    let mut provider = DEFAULT_PROVIDER;
    let prefers_chacha = |name: &str| !name.contains("CHACHA20");
    let suites = provider.tls13_cipher_suites.to_mut();
    suites.sort_by_key(|suite| prefers_chacha(&format!("{:?}", suite.common.suite)));
    suites.retain(|_| tls13);
    let suites = provider.tls12_cipher_suites.to_mut();
    suites.sort_by_key(|suite| prefers_chacha(&format!("{:?}", suite.common.suite)));
    suites.retain(|_| tls12);
    Arc::new(provider)
}

/// The hashes of certificates' fingerprints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digest {
    /// For `fingerprint`: an old custom, not a security mechanism.
    Sha1,
    /// For `fingerprint256`.
    Sha256,
    /// For `fingerprint512`.
    Sha512,
}

/// Hash bytes.
pub fn digest(digest: Digest, bytes: &[u8]) -> Vec<u8> {
    let algorithm = match digest {
        Digest::Sha1 => &ring::digest::SHA1_FOR_LEGACY_USE_ONLY,
        Digest::Sha256 => &ring::digest::SHA256,
        Digest::Sha512 => &ring::digest::SHA512,
    };
    ring::digest::digest(algorithm, bytes).as_ref().to_vec()
}
