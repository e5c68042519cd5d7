//! What is checked to run in constant time: exports `ct_...` (secret.rs).

use crate::secret::{Digest, public, secret, secret_vector};

/// Sizes of messages that take every way through code that works by blocks.
pub const SIZES: [usize; 10] = [0, 1, 15, 16, 17, 64, 255, 256, 257, 1000];

fn ring_seal(algorithm: &'static ring::aead::Algorithm, key: &[u8]) -> u32 {
    let mut digest = Digest::default();
    let Ok(key) = ring::aead::UnboundKey::new(algorithm, key) else { return 0 };
    let key = ring::aead::LessSafeKey::new(key);
    for size in SIZES {
        let mut text = secret_vector(size);
        let nonce = ring::aead::Nonce::assume_unique_for_key(public());
        let additional = ring::aead::Aad::from(public::<13>());
        if let Ok(tag) = key.seal_in_place_separate_tag(nonce, additional, &mut text) {
            digest.add(&text);
            digest.add(tag.as_ref());
        }
    }
    digest.finish()
}

#[unsafe(no_mangle)]
pub extern "C" fn ct_ring_chacha20_poly1305_seal() -> u32 {
    ring_seal(&ring::aead::CHACHA20_POLY1305, &secret::<32>())
}
#[unsafe(no_mangle)]
pub extern "C" fn ct_ring_aes_128_gcm_seal() -> u32 {
    ring_seal(&ring::aead::AES_128_GCM, &secret::<16>())
}
