//! Signatures of certificates and of handshakes. The key comes from our own reading of the certificate, since webpki's
//! refuses certificates that OpenSSL takes (X.509 v1, a leaf with CA:TRUE).

use rustls_pki_types::{InvalidSignature, SignatureVerificationAlgorithm};

use crate::certificate::{Certificate, PublicKey};
use crate::crypto;

/// Whether `issuer` signed `certificate`.
pub fn verify_certificate(certificate: &Certificate<'_>, issuer: &PublicKey<'_>) -> Result<(), InvalidSignature> {
    let algorithms = crypto::verification_algorithms().iter().copied();
    let mut fitting = algorithms.filter(|algorithm| {
        algorithm.signature_alg_id().as_ref() == certificate.signature_algorithm
            && algorithm.public_key_alg_id().as_ref() == issuer.algorithm
    });
    let algorithm = fitting.next().ok_or(InvalidSignature)?;
    algorithm.verify_signature(issuer.bits, certificate.signed, certificate.signature)
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
