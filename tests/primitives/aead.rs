//! ChaCha20-Poly1305 and AES-GCM, ours and *ring*'s.
//!
//! `seal_*` and `open_*` take a key that `key_*` made of its bytes, a nonce of 12 bytes, 5 bytes of associated data (as TLS 1.3
//! has them), and a message, which is sealed or opened in place; the tag is after it.

use isomorphic_tls_kernels::aead::Aead;
use isomorphic_tls_kernels::aes_gcm::AesGcm;
use isomorphic_tls_kernels::chacha20_poly1305::ChaCha20Poly1305;
use ring::aead::{AES_128_GCM, AES_256_GCM, Aad, Algorithm, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};

use crate::random::Random;

/// Associated data of a record.
const RECORD: [u8; 5] = [23, 3, 3, 64, 17];

/// Either implementation of each cipher.
#[allow(missing_docs, clippy::large_enum_variant)]
pub enum Key {
    ChaCha20Poly1305(ChaCha20Poly1305),
    AesGcm(AesGcm),
    Ring(LessSafeKey),
}

impl Key {
    fn chacha20_poly1305(key: &[u8]) -> Option<Self> {
        Some(Self::ChaCha20Poly1305(ChaCha20Poly1305::new(key.try_into().ok()?)))
    }

    fn aes_gcm(key: &[u8]) -> Option<Self> {
        Some(Self::AesGcm(AesGcm::new(key)?))
    }

    fn ring(algorithm: &'static Algorithm, key: &[u8]) -> Option<Self> {
        Some(Self::Ring(LessSafeKey::new(UnboundKey::new(algorithm, key).ok()?)))
    }

    fn seal(&self, nonce: &[u8; 12], associated: &[u8], bytes: &mut [u8]) -> Option<[u8; 16]> {
        match self {
            Self::ChaCha20Poly1305(key) => Some(key.seal(nonce, associated, bytes)),
            Self::AesGcm(key) => Some(key.seal(nonce, associated, bytes)),
            Self::Ring(key) => {
                let nonce = Nonce::assume_unique_for_key(*nonce);
                let tag = key.seal_in_place_separate_tag(nonce, Aad::from(associated), bytes).ok()?;
                tag.as_ref().try_into().ok()
            }
        }
    }

    fn open(&self, nonce: &[u8; 12], associated: &[u8], bytes: &mut [u8], tag: &[u8; 16]) -> bool {
        match self {
            Self::ChaCha20Poly1305(key) => key.open(nonce, associated, bytes, tag),
            Self::AesGcm(key) => key.open(nonce, associated, bytes, tag),
            Self::Ring(key) => {
                let nonce = Nonce::assume_unique_for_key(*nonce);
                key.open_in_place_separate_tag(nonce, Aad::from(associated), (*tag).into(), bytes, 0..).is_ok()
            }
        }
    }
}

fn boxed(key: Option<Key>) -> *mut Key {
    key.map_or(std::ptr::null_mut(), |key| Box::into_raw(Box::new(key)))
}

macro_rules! exports {
    ($($key:ident $seal:ident $open:ident $length:literal $make:expr;)*) => {
        $(
            /// A key of these bytes.
            ///
            /// # Safety
            /// The bytes are there.
            #[unsafe(no_mangle)]
            pub unsafe extern "C" fn $key(key: *const [u8; $length]) -> *mut Key {
                let key: &[u8] = unsafe { &*key };
                boxed($make(key))
            }

            /// Seal in place; the tag comes after the message.
            ///
            /// # Safety
            /// The key is one of these, and all that is named is there.
            #[unsafe(no_mangle)]
            pub unsafe extern "C" fn $seal(key: *const Key, nonce: *const [u8; 12], bytes: *mut u8, length: usize) {
                let (key, nonce) = unsafe { (&*key, &*nonce) };
                let bytes = unsafe { std::slice::from_raw_parts_mut(bytes, length + 16) };
                let (message, place) = bytes.split_at_mut(length);
                if let Some(tag) = key.seal(nonce, &RECORD, message) {
                    place.copy_from_slice(&tag);
                }
            }

            /// Open in place; the tag is after the message.
            ///
            /// # Safety
            /// The key is one of these, and all that is named is there.
            #[unsafe(no_mangle)]
            pub unsafe extern "C" fn $open(
                key: *const Key,
                nonce: *const [u8; 12],
                bytes: *mut u8,
                length: usize,
            ) -> bool {
                let (key, nonce) = unsafe { (&*key, &*nonce) };
                let bytes = unsafe { std::slice::from_raw_parts_mut(bytes, length + 16) };
                let (message, tag) = bytes.split_at_mut(length);
                tag.first_chunk().is_some_and(|tag| key.open(nonce, &RECORD, message, tag))
            }
        )*
    };
}

exports! {
    key_chacha20_poly1305 seal_chacha20_poly1305 open_chacha20_poly1305 32 Key::chacha20_poly1305;
    key_aes_128_gcm seal_aes_128_gcm open_aes_128_gcm 16 Key::aes_gcm;
    key_aes_256_gcm seal_aes_256_gcm open_aes_256_gcm 32 Key::aes_gcm;
    key_ring_chacha20_poly1305 seal_ring_chacha20_poly1305 open_ring_chacha20_poly1305 32
        |key| Key::ring(&CHACHA20_POLY1305, key);
    key_ring_aes_128_gcm seal_ring_aes_128_gcm open_ring_aes_128_gcm 16 |key| Key::ring(&AES_128_GCM, key);
    key_ring_aes_256_gcm seal_ring_aes_256_gcm open_ring_aes_256_gcm 32 |key| Key::ring(&AES_256_GCM, key);
}

/// Give a key back.
///
/// # Safety
/// `key_*` made it, and it is not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn free_key(key: *mut Key) {
    drop(unsafe { Box::from_raw(key) });
}

/// Random cases of ChaCha20-Poly1305, ours against *ring*'s: how many agree.
#[unsafe(no_mangle)]
pub extern "C" fn compare_chacha20_poly1305(seed: u32, cases: u32) -> u32 {
    compare(seed, cases, |random| {
        let key: [u8; 32] = random.bytes();
        Some((Key::chacha20_poly1305(&key)?, Key::ring(&CHACHA20_POLY1305, &key)?))
    })
}

/// Random cases of AES-GCM with keys of 128 and 256 bits, ours against *ring*'s: how many agree.
#[unsafe(no_mangle)]
pub extern "C" fn compare_aes_gcm(seed: u32, cases: u32) -> u32 {
    compare(seed, cases, |random| {
        let key: [u8; 32] = random.bytes();
        let (key, algorithm) = if random.below(2) == 0 { (&key[..16], &AES_128_GCM) } else { (&key[..], &AES_256_GCM) };
        Some((Key::aes_gcm(key)?, Key::ring(algorithm, key)?))
    })
}

fn compare(seed: u32, cases: u32, keys: impl Fn(&mut Random) -> Option<(Key, Key)>) -> u32 {
    let mut random = Random::new(seed);
    (0..cases).map(|_| u32::from(agrees(&mut random, &keys) == Some(true))).sum()
}

fn agrees(random: &mut Random, keys: impl Fn(&mut Random) -> Option<(Key, Key)>) -> Option<bool> {
    let (ours, other) = keys(random)?;
    let nonce = random.bytes();
    let mut associated = [0; 64];
    random.fill(&mut associated);
    let associated = &associated[..random.below(65)];
    let length = match random.below(64) {
        0 => 16 * 1024 + 1,
        1..8 => random.below(4097),
        _ => random.below(301),
    };
    // Anywhere in memory.
    let start = random.below(16);
    let mut bytes = vec![0; start + length];
    let bytes = &mut bytes[start..];
    random.fill(bytes);
    let plain = bytes.to_vec();

    let mut sealed = plain.clone();
    let expected = other.seal(&nonce, associated, &mut sealed)?;
    let tag = ours.seal(&nonce, associated, bytes)?;
    if tag != expected || *bytes != sealed || !ours.open(&nonce, associated, bytes, &tag) || *bytes != plain {
        return Some(false);
    }

    // One bit is another, of the message, of the tag, of the associated data or of the nonce.
    let mut changed = [&sealed[..], &tag, associated, &nonce].concat();
    let bit = random.below(8 * changed.len());
    changed[bit / 8] ^= 1 << (bit % 8);
    let (message, rest) = changed.split_at_mut(length);
    let (tag, rest) = rest.split_first_chunk()?;
    let (associated, nonce) = rest.split_last_chunk()?;
    Some(!ours.open(nonce, associated, message, tag) && message.iter().all(|byte| *byte == 0))
}
