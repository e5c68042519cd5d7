//! ChaCha20 (RFC 8439, 2.3 and 2.4), four blocks at once: each word of the state is a vector of that word in four blocks.

use zeroize::Zeroize;

use crate::simd::{Vector, transposed_words, unknown};

/// What four blocks give, in bytes.
pub(crate) const STEP: usize = 256;

/// "expand 32-byte k"
const CONSTANTS: [u32; 4] = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574];

/// The places of the bytes of words that are rotated by 8 bits.
static ROTATION_BY_8: [u8; 16] = [3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14];

/// A key with a nonce.
pub(crate) struct ChaCha20 {
    /// RFC 8439, 2.3, with a block counter of zero.
    words: [u32; 16],
}

impl ChaCha20 {
    #[inline(always)]
    pub(crate) fn new(key: &[u32; 8], nonce: &[u8; 12]) -> Self {
        let mut words = [0; 16];
        words[..4].copy_from_slice(&CONSTANTS);
        words[4..12].copy_from_slice(key);
        for (word, bytes) in words[13..].iter_mut().zip(nonce.as_chunks::<4>().0) {
            *word = u32::from_le_bytes(*bytes);
        }
        Self { words }
    }

    /// Blocks that no round has changed yet: this one and the next three.
    #[inline(always)]
    pub(crate) fn blocks(&self, counter: u32) -> Blocks {
        Blocks {
            words: core::array::from_fn(|word| self.word(word, counter)),
            rotation: Vector::load(unknown(&ROTATION_BY_8)),
        }
    }

    /// Add what the blocks were before the rounds, and the result to bytes of a message.
    #[inline(always)]
    pub(crate) fn finish(&self, blocks: &Blocks, counter: u32, bytes: &mut [u8; STEP]) {
        let places = bytes.as_chunks_mut::<16>().0;
        for quarter in 0..4 {
            let sums = core::array::from_fn(|word| {
                blocks.words[4 * quarter + word].add_words(self.word(4 * quarter + word, counter))
            });
            for (block, stream) in transposed_words(sums).into_iter().enumerate() {
                let place = &mut places[4 * block + quarter];
                (Vector::load(place) ^ stream).store(place);
            }
        }
    }

    /// Add the stream of four blocks to bytes of a message.
    #[inline(never)]
    pub(crate) fn apply(&self, counter: u32, bytes: &mut [u8; STEP]) {
        let mut blocks = self.blocks(counter);
        for _ in 0..10 {
            blocks.double_round();
        }
        self.finish(&blocks, counter, bytes);
    }

    #[inline(always)]
    fn word(&self, word: usize, counter: u32) -> Vector {
        if word == 12 {
            return Vector::splat_word(counter).add_words(Vector::from_words([0, 1, 2, 3]));
        }
        Vector::splat_word(self.words[word])
    }
}

impl Drop for ChaCha20 {
    #[inline(always)]
    fn drop(&mut self) {
        self.words.zeroize();
    }
}

/// Four blocks under way.
pub(crate) struct Blocks {
    words: [Vector; 16],
    rotation: Vector,
}

impl Blocks {
    /// A round of columns and a round of diagonals (RFC 8439, 2.3.1), of which there are ten.
    #[inline(always)]
    pub(crate) fn double_round(&mut self) {
        self.quarter_rounds([0, 4, 8, 12], [1, 5, 9, 13], [2, 6, 10, 14], [3, 7, 11, 15]);
        self.quarter_rounds([0, 5, 10, 15], [1, 6, 11, 12], [2, 7, 8, 13], [3, 4, 9, 14]);
    }

    /// Four quarter rounds (RFC 8439, 2.1), step by step beside each other: none waits for another.
    #[inline(always)]
    fn quarter_rounds(&mut self, one: [usize; 4], two: [usize; 4], three: [usize; 4], four: [usize; 4]) {
        let quarters = [one, two, three, four];
        self.half(quarters, Vector::rotate_words::<16>, Vector::rotate_words::<12>);
        let rotation = self.rotation;
        self.half(quarters, |word| word.swizzle(rotation), Vector::rotate_words::<7>);
    }

    #[inline(always)]
    fn half(&mut self, quarters: [[usize; 4]; 4], first: impl Fn(Vector) -> Vector, second: impl Fn(Vector) -> Vector) {
        let words = &mut self.words;
        for [a, b, _, _] in quarters {
            words[a] = words[a].add_words(words[b]);
        }
        for [a, _, _, d] in quarters {
            words[d] = first(words[d] ^ words[a]);
        }
        for [_, _, c, d] in quarters {
            words[c] = words[c].add_words(words[d]);
        }
        for [_, b, c, _] in quarters {
            words[b] = second(words[b] ^ words[c]);
        }
    }
}
