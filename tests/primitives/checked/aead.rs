//! ChaCha20-Poly1305 and AES-GCM of our own.

use isomorphic_tls_kernels::aead::Aead;
use isomorphic_tls_kernels::aes_gcm::AesGcm;
use isomorphic_tls_kernels::chacha20_poly1305::ChaCha20Poly1305;

use super::SIZES;
use crate::secret::{Digest, declassified, public, secret, secret_vector};

/// Associated data of the lengths that TLS 1.3 and 1.2 have, and of one that fills no block.
const ASSOCIATED: [usize; 3] = [5, 13, 0];

fn seal(key: impl Aead) -> u32 {
    let mut digest = Digest::default();
    for size in SIZES {
        for associated in ASSOCIATED {
            let mut text = secret_vector(size);
            let tag = key.seal(&public(), &public::<13>()[..associated], &mut text);
            digest.add(&text);
            digest.add(&tag);
        }
    }
    digest.finish()
}

/// What was sealed is public, and so is whether it was: nothing else.
fn open(key: impl Aead) -> u32 {
    let mut digest = Digest::default();
    for size in SIZES {
        for is_changed in [false, true] {
            let (nonce, associated) = (public(), public::<5>());
            let mut text = secret_vector(size);
            let mut tag = key.seal(&nonce, &associated, &mut text);
            tag[7] ^= u8::from(is_changed);
            declassified(&mut text);
            declassified(&mut tag);
            digest.add(&[key.open(&nonce, &associated, &mut text, &tag).into()]);
            digest.add(&text);
        }
    }
    digest.finish()
}

#[unsafe(no_mangle)]
pub extern "C" fn ct_chacha20_poly1305_seal() -> u32 {
    seal(ChaCha20Poly1305::new(&secret()))
}

#[unsafe(no_mangle)]
pub extern "C" fn ct_chacha20_poly1305_open() -> u32 {
    open(ChaCha20Poly1305::new(&secret()))
}

#[unsafe(no_mangle)]
pub extern "C" fn ct_aes_128_gcm_seal() -> u32 {
    AesGcm::new(&secret::<16>()).map_or(0, seal)
}

#[unsafe(no_mangle)]
pub extern "C" fn ct_aes_128_gcm_open() -> u32 {
    AesGcm::new(&secret::<16>()).map_or(0, open)
}

#[unsafe(no_mangle)]
pub extern "C" fn ct_aes_256_gcm_seal() -> u32 {
    AesGcm::new(&secret::<32>()).map_or(0, seal)
}

#[unsafe(no_mangle)]
pub extern "C" fn ct_aes_256_gcm_open() -> u32 {
    AesGcm::new(&secret::<32>()).map_or(0, open)
}
