//! ChaCha20-Poly1305 (RFC 8439) for what is kept elsewhere: sessions and tickets.

use std::fmt;

use isomorphic_tls_kernels::aead::{Aead as _, NONCE_LENGTH};
use isomorphic_tls_kernels::chacha20_poly1305::ChaCha20Poly1305;

/// A key that seals, each time with a fresh random nonce before the sealed bytes.
pub(crate) struct SealingKey(ChaCha20Poly1305);

impl SealingKey {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        Self(ChaCha20Poly1305::new(key))
    }

    /// Nonce, ciphertext and tag; `None` without entropy.
    pub(crate) fn seal(&self, associated: &[u8], plain: &[u8]) -> Option<Vec<u8>> {
        let nonce: [u8; NONCE_LENGTH] = super::random()?;
        let mut sealed = [&nonce[..], plain].concat();
        let tag = self.0.seal(&nonce, associated, &mut sealed[NONCE_LENGTH..]);
        sealed.extend_from_slice(&tag);
        Some(sealed)
    }

    /// What was sealed; `None` if it was not sealed so.
    pub(crate) fn open(&self, associated: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_first_chunk()?;
        let (sealed, tag) = sealed.split_last_chunk()?;
        let mut bytes = sealed.to_vec();
        self.0.open(nonce, associated, &mut bytes, tag).then_some(bytes)
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
        let key = SealingKey::new(&[3; 32]);
        let sealed = key.seal(b"name", b"plain").unwrap();
        assert_eq!(sealed.len(), NONCE_LENGTH + 5 + 16);
        assert_eq!(key.open(b"name", &sealed).as_deref(), Some(&b"plain"[..]));
        assert_eq!(key.open(b"game", &sealed), None);
        assert_eq!(SealingKey::new(&[4; 32]).open(b"name", &sealed), None);
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
