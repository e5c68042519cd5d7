//! What `js/x509` needs of the engine beside the bytes of a certificate: hashes, whether a signature is good, and names.

use js_sys::{Array, JsString, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::certificate::PublicKey;
use crate::crypto::{Digest, digest};
use crate::trust;
use crate::trust::signature::{SignatureProblem, verify_signed};

/// The hash of bytes.
///
/// * `bits`: 160 for SHA-1, 256, 512.
#[wasm_bindgen(js_name = digest)]
pub fn digest_of(bits: u16, bytes: &Uint8Array) -> Uint8Array {
    let algorithm = match bits {
        160 => Digest::Sha1,
        256 => Digest::Sha256,
        _ => Digest::Sha512,
    };
    digest(algorithm, &bytes.to_vec()).as_slice().into()
}

/// Whether the holder of a key made the signature of a certificate; undefined if there is no algorithm to tell by.
///
/// * `signed`: the `TBSCertificate`.
/// * `algorithm`: the contents of the outer `signatureAlgorithm`.
/// * `key`: a `SubjectPublicKeyInfo`.
#[wasm_bindgen(js_name = verifySignature)]
pub fn verify_signature(
    signed: &Uint8Array,
    algorithm: &Uint8Array,
    signature: &Uint8Array,
    key: &Uint8Array,
) -> Option<bool> {
    let key = key.to_vec();
    let key = PublicKey::from_der(&key).ok()?;
    match verify_signed(&signed.to_vec(), &algorithm.to_vec(), &signature.to_vec(), &key) {
        Ok(()) => Some(true),
        Err(SignatureProblem::Invalid) => Some(false),
        Err(SignatureProblem::Unsupported) => None,
    }
}

/// OpenSSL's names of OBJECT IDENTIFIERs: those of attributes, algorithms, other names and ways to information. Lines: an arc, and then
/// its numbers, each with the short name, and the long one if it is another.
#[wasm_bindgen(js_name = objectNames)]
pub fn object_names() -> JsString {
    include_str!("../certificate/object_identifiers.txt").into()
}

/// `[Node's code, message]` for one of OpenSSL's codes; undefined if it is none that anybody knows.
#[wasm_bindgen(js_name = verdictWords)]
pub fn words_of_verdict(code: &str) -> Option<Array> {
    let (code, message) = trust::verdict_words(code)?;
    Some(Array::of2(&code.into(), &message.into()))
}
