//! ChaCha20-Poly1305 (RFC 8439) for what is kept elsewhere: sessions and tickets.

use std::fmt;

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};

/// The length of a nonce, in bytes.
const NONCE_LENGTH: usize = 12;

/// A key that seals, each time with a fresh random nonce before the sealed bytes.
pub(crate) struct SealingKey(LessSafeKey);

impl SealingKey {
    pub(crate) fn new(key: &[u8; 32]) -> Option<Self> {
        Some(Self(LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, key).ok()?)))
    }

    /// Nonce, ciphertext and tag; `None` without entropy.
    pub(crate) fn seal(&self, associated: &[u8], plain: &[u8]) -> Option<Vec<u8>> {
        let nonce: [u8; NONCE_LENGTH] = super::random()?;
        let mut sealed = plain.to_vec();
        let key = &self.0;
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(associated), &mut sealed).ok()?;
        Some([&nonce[..], &sealed].concat())
    }

    /// What was sealed; `None` if it was not sealed so.
    pub(crate) fn open(&self, associated: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LENGTH>()?;
        let mut bytes = sealed.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let length = self.0.open_in_place(nonce, Aad::from(associated), &mut bytes).ok()?.len();
        bytes.truncate(length);
        Some(bytes)
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SealingKey").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_sealed_opens() {
        let key = SealingKey::new(&[3; 32]).unwrap();
        let sealed = key.seal(b"name", b"plain").unwrap();
        assert_eq!(sealed.len(), NONCE_LENGTH + 5 + 16);
        assert_eq!(key.open(b"name", &sealed).as_deref(), Some(&b"plain"[..]));
        assert_eq!(key.open(b"game", &sealed), None);
        assert_eq!(SealingKey::new(&[4; 32]).unwrap().open(b"name", &sealed), None);
        for length in 0..sealed.len() {
            assert_eq!(key.open(b"name", &sealed[..length]), None);
        }
        for bit in 0..sealed.len() * 8 {
            let mut flipped = sealed.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(key.open(b"name", &flipped), None);
        }
        assert_ne!(sealed, key.seal(b"name", b"plain").unwrap());
    }
}
