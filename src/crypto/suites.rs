//! Our cipher suites: those of rustls-ring with the tap and the key schedule's wrapper around them.

use std::sync::LazyLock;

use rustls::crypto::tls12::PrfUsingHmac;
use rustls::{CipherSuiteCommon, Tls12CipherSuite, Tls13CipherSuite};
use rustls_ring::{ALL_TLS12_CIPHER_SUITES, ALL_TLS13_CIPHER_SUITES};

use super::hash::Digest;
use super::key_schedule::KeySchedule;
use super::tap::Tapped;

// rustls wants suites that live for ever; these are made once.
static TLS12: LazyLock<Vec<&'static Tls12CipherSuite>> = LazyLock::new(|| {
    let wrapped = |suite: &'static Tls12CipherSuite| Tls12CipherSuite {
        common: common(&suite.common),
        protocol_version: suite.protocol_version,
        prf_provider: Box::leak(Box::new(PrfUsingHmac(digest(&suite.common)))),
        kx: suite.kx,
        sign: suite.sign,
        aead_alg: Box::leak(Box::new(Tapped(suite.aead_alg))),
    };
    ALL_TLS12_CIPHER_SUITES.iter().map(|suite| &*Box::leak(Box::new(wrapped(suite)))).collect()
});

static TLS13: LazyLock<Vec<&'static Tls13CipherSuite>> = LazyLock::new(|| {
    let wrapped = |suite: &'static Tls13CipherSuite| Tls13CipherSuite {
        common: common(&suite.common),
        protocol_version: suite.protocol_version,
        hkdf_provider: Box::leak(Box::new(KeySchedule(digest(&suite.common)))),
        aead_alg: Box::leak(Box::new(Tapped(suite.aead_alg))),
        quic: None,
    };
    ALL_TLS13_CIPHER_SUITES.iter().map(|suite| &*Box::leak(Box::new(wrapped(suite)))).collect()
});

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

fn common(common: &'static CipherSuiteCommon) -> CipherSuiteCommon {
    CipherSuiteCommon {
        suite: common.suite,
        hash_provider: digest(common),
        confidentiality_limit: common.confidentiality_limit,
    }
}

fn digest(common: &CipherSuiteCommon) -> &'static Digest {
    match common.hash_provider.output_len() {
        32 => &Digest::Sha256,
        _ => &Digest::Sha384,
    }
}
