//! Authenticated encryption with associated data (RFC 5116).

use super::verdict::declassify;

/// The length of a nonce, in bytes.
pub const NONCE_LENGTH: usize = 12;

/// The length of a tag, in bytes.
pub const TAG_LENGTH: usize = 16;

/// A key that seals and opens. A nonce must never be used twice with one key.
pub trait Aead {
    /// Encrypt in place; gives the tag of the result and of the associated data.
    fn seal(&self, nonce: &[u8; NONCE_LENGTH], associated: &[u8], bytes: &mut [u8]) -> [u8; TAG_LENGTH];

    /// Decrypt in place. If the tag is another than that of these bytes, nothing but zeros is left of them: `false`.
    #[must_use]
    fn open(&self, nonce: &[u8; NONCE_LENGTH], associated: &[u8], bytes: &mut [u8], tag: &[u8; TAG_LENGTH]) -> bool;
}

/// Whether two tags are the same, in a time that does not depend on where they differ.
#[inline(always)]
pub(crate) fn same_tag(one: &[u8; TAG_LENGTH], other: &[u8; TAG_LENGTH]) -> bool {
    let difference = u128::from_le_bytes(*one) ^ u128::from_le_bytes(*other);
    declassify(core::hint::black_box(difference) == 0)
}

/// Add a stream to bytes, as far as either goes.
#[inline(always)]
pub(crate) fn add(bytes: &mut [u8], stream: &[u8]) {
    for (byte, stream) in bytes.iter_mut().zip(stream) {
        *byte ^= stream;
    }
}
