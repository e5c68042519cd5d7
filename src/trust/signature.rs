//! Signatures of certificates and of handshakes. The key comes from our own reading of the certificate, since webpki's
//! refuses certificates that OpenSSL takes (X.509 v1, a leaf with CA:TRUE).

use rustls_pki_types::{InvalidSignature, SignatureVerificationAlgorithm};

use crate::certificate::{Certificate, PublicKey};
use crate::crypto;

/// Whether `issuer` signed `certificate`.
pub fn verify_certificate(certificate: &Certificate<'_>, issuer: &PublicKey<'_>) -> Result<(), InvalidSignature> {
    if certificate.signed_algorithm != certificate.signature_algorithm {
        return Err(InvalidSignature);
    }
    verify_signed(certificate.signed, certificate.signature_algorithm, certificate.signature, issuer)
}

/// Whether `issuer` signed what an X.509 structure holds.
///
/// * `algorithm`: the contents of its outer `signatureAlgorithm`.
pub fn verify_signed(
    signed: &[u8],
    algorithm: &[u8],
    signature: &[u8],
    issuer: &PublicKey<'_>,
) -> Result<(), InvalidSignature> {
    let algorithms = crypto::verification_algorithms().iter().copied();
    let mut fitting = algorithms.filter(|known| {
        known.signature_alg_id().as_ref() == algorithm && known.public_key_alg_id().as_ref() == issuer.algorithm
    });
    fitting.next().ok_or(InvalidSignature)?.verify_signature(issuer.bits, signed, signature)
}

/// Whether the holder of `key` signed `message` with one of `algorithms`.
pub fn verify_message(
    algorithms: &[&dyn SignatureVerificationAlgorithm],
    key: &PublicKey<'_>,
    message: &[u8],
    signature: &[u8],
) -> Result<(), InvalidSignature> {
    let mut fitting = algorithms.iter().filter(|algorithm| algorithm.public_key_alg_id().as_ref() == key.algorithm);
    let algorithm = fitting.next().ok_or(InvalidSignature)?;
    algorithm.verify_signature(key.bits, message, signature)
}
