//! Signatures of certificates and of handshakes. The key comes from our own reading of the certificate, since webpki's
//! refuses certificates that OpenSSL takes (X.509 v1, a leaf with CA:TRUE).

use rustls_pki_types::{InvalidSignature, SignatureVerificationAlgorithm, alg_id};

use super::known_signatures::verify_once;
use crate::certificate::{Certificate, PublicKey, usual_signature};
use crate::crypto;

/// Why a signature is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureProblem {
    /// It is wrong, or of another kind than the key makes.
    Invalid,
    /// There is no such algorithm here.
    Unsupported,
}

/// Whether `issuer` signed `certificate`.
pub fn verify_certificate(certificate: &Certificate<'_>, issuer: &PublicKey<'_>) -> Result<(), SignatureProblem> {
    if certificate.signed_algorithm != certificate.signature_algorithm {
        return Err(SignatureProblem::Invalid);
    }
    let Certificate { signed, signature_algorithm: algorithm, signature, .. } = *certificate;
    verify_once(&[issuer.contents, algorithm, signature, signed], || {
        verify_signed(signed, algorithm, signature, issuer)
    })
}

/// Whether `issuer` signed what an X.509 structure holds.
///
/// * `algorithm`: the contents of its outer `signatureAlgorithm`.
pub fn verify_signed(
    signed: &[u8],
    algorithm: &[u8],
    signature: &[u8],
    issuer: &PublicKey<'_>,
) -> Result<(), SignatureProblem> {
    if !issuer.allows(algorithm) {
        return Err(SignatureProblem::Invalid);
    }
    let algorithm = usual_signature(algorithm);
    let algorithms = crypto::verification_algorithms().iter();
    let mut fitting =
        algorithms.filter(|known| known.signature_alg_id().as_ref() == algorithm && is_for(**known, issuer));
    let algorithm = fitting.next().ok_or(SignatureProblem::Unsupported)?;
    algorithm.verify_signature(issuer.bits, signed, signature).map_err(|InvalidSignature| SignatureProblem::Invalid)
}

/// Whether keys like this one make signatures of an algorithm. RSA keys for RSASSA-PSS alone are RSA keys.
fn is_for(algorithm: &dyn SignatureVerificationAlgorithm, key: &PublicKey<'_>) -> bool {
    let wanted = algorithm.public_key_alg_id();
    wanted.as_ref() == key.algorithm || (key.is_pss() && wanted == alg_id::RSA_ENCRYPTION)
}

/// Whether the holder of `key` signed `message` with one of `algorithms`.
pub fn verify_message(
    algorithms: &[&dyn SignatureVerificationAlgorithm],
    key: &PublicKey<'_>,
    message: &[u8],
    signature: &[u8],
) -> Result<(), InvalidSignature> {
    let mut fitting = algorithms.iter().filter(|algorithm| is_for(**algorithm, key));
    let algorithm = fitting.next().ok_or(InvalidSignature)?;
    algorithm.verify_signature(key.bits, message, signature)
}
