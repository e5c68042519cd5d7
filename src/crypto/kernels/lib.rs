//! Cryptographic primitives of our own, where measurement says that no crate serves (docs/performance.md): in constant time,
//! each beside a plain twin that tests hold it equal to. They know nothing of TLS.

pub mod aead;
mod aes;
mod aes_field;
pub mod aes_gcm;
mod chacha20;
pub mod chacha20_poly1305;
#[cfg(test)]
mod checks;
mod ghash;
pub mod hash;
mod inversion;
mod lanes;
mod limbs;
pub mod nist;
#[cfg(test)]
mod plain;
mod poly1305;
pub mod recently_used;
pub mod rsa;
mod secret;
mod simd;
pub mod verdict;
#[cfg(all(test, target_arch = "wasm32"))]
mod wasm_tests;
pub mod x25519;
