//! X25519 and Ed25519 of dalek.

use curve25519_dalek::MontgomeryPoint;
use ed25519_dalek::Signer as _;

use super::SIZES;
use crate::secret::{Digest, public, secret};

#[unsafe(no_mangle)]
pub extern "C" fn ct_x25519_public_key() -> u32 {
    let mut digest = Digest::default();
    digest.add(&MontgomeryPoint::mul_base_clamped(secret()).to_bytes());
    digest.finish()
}

#[unsafe(no_mangle)]
pub extern "C" fn ct_x25519_agree() -> u32 {
    let mut digest = Digest::default();
    digest.add(&MontgomeryPoint(public()).mul_clamped(secret()).to_bytes());
    digest.finish()
}

/// Messages are public; the nonces that are made of them are not.
#[unsafe(no_mangle)]
pub extern "C" fn ct_ed25519_sign() -> u32 {
    let mut digest = Digest::default();
    let key = ed25519_dalek::SigningKey::from_bytes(&secret());
    for size in SIZES {
        digest.add(&key.sign(&public::<1000>()[..size]).to_bytes());
    }
    digest.finish()
}
