//! Certificates made on the spot.

use rcgen::{BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

/// Milliseconds since 1970 at which all of them are valid: 2026-01-01.
pub(crate) const NOW: f64 = 1_767_225_600_000.0;

/// The same in seconds.
pub(crate) const NOW_SECONDS: i64 = 1_767_225_600;

/// A certification authority.
pub(crate) type Authority = CertifiedIssuer<'static, KeyPair>;

pub(crate) fn parameters(name: &str) -> CertificateParams {
    let mut parameters = CertificateParams::new([name.to_string()]).unwrap();
    parameters.distinguished_name.push(DnType::CommonName, name);
    parameters
}

pub(crate) fn authority_parameters(name: &str) -> CertificateParams {
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name.push(DnType::CommonName, name);
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    parameters
}

pub(crate) fn root(name: &str) -> Authority {
    CertifiedIssuer::self_signed(authority_parameters(name), KeyPair::generate().unwrap()).unwrap()
}

pub(crate) fn intermediate(parameters: CertificateParams, issuer: &Authority) -> Authority {
    CertifiedIssuer::signed_by(parameters, KeyPair::generate().unwrap(), issuer).unwrap()
}

/// A leaf and its key.
pub(crate) fn leaf(parameters: &CertificateParams, issuer: &Authority) -> (Certificate, KeyPair) {
    let key = KeyPair::generate().unwrap();
    (parameters.signed_by(&key, issuer).unwrap(), key)
}
