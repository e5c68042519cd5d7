//! Our cipher suites: their records in the tap, and their hashes in the key schedule's wrapper.

use rustls::crypto::cipher::{Tls12AeadAlgorithm, Tls13AeadAlgorithm};
use rustls::crypto::kx::KeyExchangeAlgorithm;
use rustls::crypto::tls12::PrfUsingHmac;
use rustls::crypto::{CipherSuite, SignatureScheme};
use rustls::version::{TLS12_VERSION, TLS13_VERSION};
use rustls::{CipherSuiteCommon, Tls12CipherSuite, Tls13CipherSuite};

use super::hash::Digest;
use super::key_schedule::KeySchedule;
use super::records::Protection;
use super::tap::Tapped;

/// Every suite of TLS 1.2, in no order of preference.
pub fn tls12_suites() -> &'static [&'static Tls12CipherSuite] {
    &TLS12
}

/// Every suite of TLS 1.3, in no order of preference.
pub fn tls13_suites() -> &'static [&'static Tls13CipherSuite] {
    &TLS13
}

/// The first of the suites whose hash is SHA-256 and that fits: external pre-shared keys are for that hash.
pub(crate) fn sha256_suite(suites: &[&'static Tls13CipherSuite], fits: impl Fn(u16) -> bool) -> Option<u16> {
    let numbers = suites.iter().filter(|suite| suite.common.hash_provider.output_len() == 32);
    numbers.map(|suite| suite.common.suite.0).find(|number| fits(*number))
}

// Macros, since what is referred to must be constant.
macro_rules! tls13 {
    ($suite:ident, $digest:ident, $protection:ident) => {
        &Tls13CipherSuite {
            common: common(CipherSuite::$suite, &Digest::$digest, Protection::$protection),
            protocol_version: TLS13_VERSION,
            hkdf_provider: &KeySchedule(&Digest::$digest),
            aead_alg: &Tapped::<dyn Tls13AeadAlgorithm>(&Protection::$protection),
            quic: None,
        }
    };
}

macro_rules! tls12 {
    ($suite:ident, $schemes:ident, $digest:ident, $protection:ident) => {
        &Tls12CipherSuite {
            common: common(CipherSuite::$suite, &Digest::$digest, Protection::$protection),
            protocol_version: TLS12_VERSION,
            prf_provider: &PrfUsingHmac(&Digest::$digest),
            kx: KeyExchangeAlgorithm::ECDHE,
            sign: $schemes,
            aead_alg: &Tapped::<dyn Tls12AeadAlgorithm>(&Protection::$protection),
        }
    };
}

static TLS13: [&Tls13CipherSuite; 3] = [
    tls13!(TLS13_AES_128_GCM_SHA256, Sha256, Aes128Gcm),
    tls13!(TLS13_AES_256_GCM_SHA384, Sha384, Aes256Gcm),
    tls13!(TLS13_CHACHA20_POLY1305_SHA256, Sha256, ChaCha20Poly1305),
];

static TLS12: [&Tls12CipherSuite; 6] = [
    tls12!(TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, ECDSA, Sha256, Aes128Gcm),
    tls12!(TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, ECDSA, Sha384, Aes256Gcm),
    tls12!(TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, ECDSA, Sha256, ChaCha20Poly1305),
    tls12!(TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, RSA, Sha256, Aes128Gcm),
    tls12!(TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, RSA, Sha384, Aes256Gcm),
    tls12!(TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, RSA, Sha256, ChaCha20Poly1305),
];

/// What servers sign with in the suites of TLS 1.2, the preferred first.
static ECDSA: &[SignatureScheme] = &[
    SignatureScheme::ED25519,
    SignatureScheme::ECDSA_NISTP521_SHA512,
    SignatureScheme::ECDSA_NISTP384_SHA384,
    SignatureScheme::ECDSA_NISTP256_SHA256,
];
static RSA: &[SignatureScheme] = &[
    SignatureScheme::RSA_PSS_SHA512,
    SignatureScheme::RSA_PSS_SHA384,
    SignatureScheme::RSA_PSS_SHA256,
    SignatureScheme::RSA_PKCS1_SHA512,
    SignatureScheme::RSA_PKCS1_SHA384,
    SignatureScheme::RSA_PKCS1_SHA256,
];

const fn common(suite: CipherSuite, hash: &'static Digest, protection: Protection) -> CipherSuiteCommon {
    CipherSuiteCommon { suite, hash_provider: hash, confidentiality_limit: protection.most_records() }
}
