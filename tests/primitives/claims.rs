//! What is claimed of operations with keys, for another program to check: the inputs of each, drawn at random, and what came of it. Written
//! by the primitives in WebAssembly (operations.rs), read by `reference/`, which includes this file.
//!
//! A claim is its length (u16, like all numbers with the least octet first), a [`Kind`] (u8) and fields, each a length (u16) and octets.
//! The last field is the result, and is never empty.

/// What is claimed. `algorithm` is an octet: 0 to 2 are P-256, P-384 and P-521, 3 is X25519; of RSA an index of [`RSA`].
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    /// Fields: algorithm, private key, an [`outcome`]: the public key (uncompressed).
    PublicKey,
    /// Fields: algorithm, private key, the other's public key, an [`outcome`]: the shared secret. X25519 refuses to agree on zero.
    Agreement,
    /// Fields: algorithm, public key (of RSA an `RSAPublicKey` in DER), message, signature (of ECDSA both numbers), one octet: whether the
    /// signature is good. ECDSA hashes by SHA-256, SHA-384 and SHA-512.
    Signature,
    /// As `Signature`, of RSA.
    RsaSignature,
}

/// Algorithms of RSA's signatures: octets of the hash, and whether the padding is PSS (else PKCS#1).
pub(crate) const RSA: [(usize, bool); 6] = [(32, false), (64, false), (48, false), (32, true), (48, true), (64, true)];

/// The first of [`RSA`] so many: moduli shorter than 2048 bits have these alone, which the other implementation has for them.
pub(crate) const RSA_SHORT: usize = 2;

/// What came of an operation that can be refused: an octet that tells whether it was done, and what it gave.
pub(crate) fn outcome(result: Option<&[u8]>) -> Vec<u8> {
    match result {
        Some(octets) => [&[1], octets].concat(),
        None => vec![0],
    }
}
