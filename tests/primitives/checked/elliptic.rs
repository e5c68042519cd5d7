//! X25519 of our own, and Ed25519 of dalek.

use ed25519_dalek::Signer as _;
use isomorphic_tls_kernels::x25519;

use super::SIZES;
use crate::secret::{Digest, public, secret};

#[unsafe(no_mangle)]
pub extern "C" fn ct_x25519_public_key() -> u32 {
    let mut digest = Digest::default();
    // The first come from the ladder, the others from the comb.
    for _ in 0..12 {
        digest.add(&x25519::public_key(&secret()));
    }
    digest.finish()
}

#[unsafe(no_mangle)]
pub extern "C" fn ct_x25519_agree() -> u32 {
    let mut digest = Digest::default();
    let agreed = x25519::x25519(&secret(), &public());
    digest.add(&[x25519::is_zero(&agreed).into()]);
    digest.add(&agreed[..]);
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
