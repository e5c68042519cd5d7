//! X25519 (RFC 7748): key agreement on Curve25519.

mod comb;
mod edwards;
mod encoding;
mod field;
mod inverse;
mod ladder;

#[doc(hidden)]
pub mod numbers;
#[cfg(test)]
mod tests;

use zeroize::Zeroizing;

use crate::verdict::declassify;

/// The x of the base point (RFC 7748, 4.1).
const BASE: [u8; 32] = {
    let mut base = [0; 32];
    base[0] = 9;
    base
};

/// What both sides agree on: 32 bytes, all zero if the peer's point is one of those of small order ([`is_zero`]). Any 32 bytes are a
/// secret and a point (RFC 7748, 5): the highest bit of a point does not count, and numbers from 2^255 - 19 are taken modulo that.
#[must_use]
pub fn x25519(secret: &[u8; 32], point: &[u8; 32]) -> Zeroizing<[u8; 32]> {
    ladder::multiple(&clamped(secret), point)
}

/// The public key of a secret.
#[must_use]
pub fn public_key(secret: &[u8; 32]) -> [u8; 32] {
    let scalar = clamped(secret);
    // One connection has one key: the first start as fast as can be.
    *if comb::pays() { comb::multiple(&scalar) } else { ladder::multiple(&scalar, &BASE) }
}

/// Whether all bytes are zero, in the same time for all: then a peer has contributed nothing (RFC 7748, 6.1).
#[must_use]
pub fn is_zero(agreed: &[u8; 32]) -> bool {
    declassify(agreed.iter().fold(0, |all, byte| all | byte) == 0)
}

/// decodeScalar25519 of RFC 7748, 5.
fn clamped(secret: &[u8; 32]) -> Zeroizing<[u8; 32]> {
    let mut scalar = Zeroizing::new(*secret);
    scalar[0] &= 248;
    scalar[31] &= 127;
    scalar[31] |= 64;
    scalar
}
