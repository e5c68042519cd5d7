//! X25519 of our own.

use isomorphic_tls_kernels::x25519;

use crate::secret::{Digest, public, secret};

#[unsafe(no_mangle)]
pub extern "C" fn ct_x25519_agree() -> u32 {
    let mut digest = Digest::default();
    digest.add(&*x25519::x25519(&secret(), &public()));
    digest.finish()
}

#[unsafe(no_mangle)]
pub extern "C" fn ct_x25519_public_key() -> u32 {
    let mut digest = Digest::default();
    digest.add(&x25519::public_key(&secret()));
    digest.finish()
}
