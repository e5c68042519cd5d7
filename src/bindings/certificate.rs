//! What `js/x509` needs of the engine beside the bytes of a certificate: hashes, and whether a signature is good.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::certificate::PublicKey;
use crate::crypto::{Digest, digest};
use crate::trust::signature::{SignatureProblem, verify_signed};

/// The hash of bytes.
///
/// * `bits`: 160 for SHA-1, 256, 512.
#[wasm_bindgen(js_name = digest)]
pub fn digest_of(bits: u16, bytes: &[u8]) -> Vec<u8> {
    let algorithm = match bits {
        160 => Digest::Sha1,
        256 => Digest::Sha256,
        _ => Digest::Sha512,
    };
    digest(algorithm, bytes)
}

/// Whether the holder of a key made the signature of a certificate; undefined if there is no algorithm to tell by.
///
/// * `signed`: the `TBSCertificate`.
/// * `algorithm`: the contents of the outer `signatureAlgorithm`.
/// * `key`: a `SubjectPublicKeyInfo`.
#[wasm_bindgen(js_name = verifySignature)]
pub fn verify_signature(signed: &[u8], algorithm: &[u8], signature: &[u8], key: &[u8]) -> Option<bool> {
    match verify_signed(signed, algorithm, signature, &PublicKey::from_der(key).ok()?) {
        Ok(()) => Some(true),
        Err(SignatureProblem::Invalid) => Some(false),
        Err(SignatureProblem::Unsupported) => None,
    }
}
