//! ChaCha20 (RFC 8439, 2.3 and 2.4), four or eight blocks at once: each word of the state is a vector of that word in four blocks.

use core::array::from_fn;

use zeroize::Zeroize;

use crate::simd::{Vector, transposed_words, unknown};

/// What four blocks give, in bytes.
pub(crate) const FOUR_BLOCKS: usize = 256;

/// "expand 32-byte k"
const CONSTANTS: [u32; 4] = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574];

/// The places of the bytes of words that are rotated by 16 bits, and by 8.
static ROTATIONS: [[u8; 16]; 2] =
    [[2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13], [3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14]];

/// A key with a nonce.
pub(crate) struct ChaCha20 {
    /// RFC 8439, 2.3, with a block counter of zero.
    words: [u32; 16],
    /// The same after what of the first round does not see the counter, and so is alike in all blocks.
    begun: [u32; 16],
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
        let mut begun = words;
        for column in 1..4 {
            quarter_round(&mut begun, column, column + 4, column + 8, column + 12);
        }
        Self { words, begun }
    }

    /// Blocks after the first of twenty rounds: four for each set, the first one of this number.
    #[inline(always)]
    pub(crate) fn blocks<const SETS: usize>(&self, counter: u32) -> Blocks<SETS> {
        let sets = from_fn(|set| from_fn(|word| word_of(&self.begun, word, counter + 4 * set as u32)));
        let mut blocks = Blocks { sets, rotations: unknown(&ROTATIONS).each_ref().map(Vector::load) };
        for set in 0..SETS {
            blocks.quarter_round(set, 0, 4, 8, 12);
        }
        blocks
    }

    /// Add what the blocks of a set were before the rounds, and the result to bytes of a message.
    #[inline(always)]
    pub(crate) fn finish(&self, set: &[Vector; 16], counter: u32, bytes: &mut [u8; FOUR_BLOCKS]) {
        self.finish_quarters::<0>(set, counter, bytes);
        self.finish_quarters::<1>(set, counter, bytes);
        self.finish_quarters::<2>(set, counter, bytes);
        self.finish_quarters::<3>(set, counter, bytes);
    }

    /// This quarter of each block. A number that the compiler knows: what is looked up by another is not kept in registers.
    #[inline(always)]
    fn finish_quarters<const QUARTER: usize>(&self, set: &[Vector; 16], counter: u32, bytes: &mut [u8; FOUR_BLOCKS]) {
        let sum = |word: usize| set[4 * QUARTER + word].add_words(word_of(&self.words, 4 * QUARTER + word, counter));
        let quarters = transposed_words([sum(0), sum(1), sum(2), sum(3)]);
        for (block, stream) in bytes.as_chunks_mut::<64>().0.iter_mut().zip(quarters) {
            let place = &mut block.as_chunks_mut::<16>().0[QUARTER];
            (Vector::load(place) ^ stream).store(place);
        }
    }

    /// Add the stream of four blocks to bytes of a message.
    #[inline(never)]
    pub(crate) fn apply_four(&self, counter: u32, bytes: &mut [u8; FOUR_BLOCKS]) {
        let mut blocks = self.blocks(counter);
        for done in 0..10 {
            blocks.diagonals(0);
            if done == 9 {
                break;
            }
            blocks.columns(0);
        }
        let [set] = &blocks.sets;
        self.finish(set, counter, bytes);
    }

    /// The same of two sets.
    #[inline(always)]
    pub(crate) fn finish_eight(&self, blocks: &Blocks<2>, counter: u32, bytes: &mut [u8]) {
        if let ([one, two], [first, second, ..]) = (&blocks.sets, bytes.as_chunks_mut().0) {
            self.finish(one, counter, first);
            self.finish(two, counter + 4, second);
        }
    }
}

/// This word of four blocks, the first one of this number.
#[inline(always)]
fn word_of(words: &[u32; 16], word: usize, counter: u32) -> Vector {
    if word == 12 {
        return Vector::splat_word(counter).add_words(Vector::from_words([0, 1, 2, 3]));
    }
    Vector::splat_word(words[word])
}

/// RFC 8439, 2.1.
#[inline(always)]
fn quarter_round(words: &mut [u32; 16], a: usize, b: usize, c: usize, d: usize) {
    for (first, second) in [(16, 12), (8, 7)] {
        words[a] = words[a].wrapping_add(words[b]);
        words[d] = (words[d] ^ words[a]).rotate_left(first);
        words[c] = words[c].wrapping_add(words[d]);
        words[b] = (words[b] ^ words[c]).rotate_left(second);
    }
}

impl Drop for ChaCha20 {
    #[inline(always)]
    fn drop(&mut self) {
        self.words.zeroize();
        self.begun.zeroize();
    }
}

/// Blocks under way, four in a set. A processor that waits for a set goes on with another; but one set is as much as has room in
/// its registers.
pub(crate) struct Blocks<const SETS: usize> {
    sets: [[Vector; 16]; SETS],
    rotations: [Vector; 2],
}

impl<const SETS: usize> Blocks<SETS> {
    /// A round of columns (RFC 8439, 2.3.1) of one set. The next of the same set needs its results at once: between the two comes
    /// one of another set.
    #[inline(always)]
    pub(crate) fn columns(&mut self, set: usize) {
        self.quarter_round(set, 0, 4, 8, 12);
        self.quarter_round(set, 1, 5, 9, 13);
        self.quarter_round(set, 2, 6, 10, 14);
        self.quarter_round(set, 3, 7, 11, 15);
    }

    /// The same of diagonals.
    #[inline(always)]
    pub(crate) fn diagonals(&mut self, set: usize) {
        self.quarter_round(set, 0, 5, 10, 15);
        self.quarter_round(set, 1, 6, 11, 12);
        self.quarter_round(set, 2, 7, 8, 13);
        self.quarter_round(set, 3, 4, 9, 14);
    }

    /// RFC 8439, 2.1.
    #[inline(always)]
    fn quarter_round(&mut self, set: usize, a: usize, b: usize, c: usize, d: usize) {
        let [by_16, by_8] = self.rotations;
        let words = &mut self.sets[set];
        words[a] = words[a].add_words(words[b]);
        words[d] = (words[d] ^ words[a]).swizzle(by_16);
        words[c] = words[c].add_words(words[d]);
        words[b] = (words[b] ^ words[c]).rotate_words::<12>();
        words[a] = words[a].add_words(words[b]);
        words[d] = (words[d] ^ words[a]).swizzle(by_8);
        words[c] = words[c].add_words(words[d]);
        words[b] = (words[b] ^ words[c]).rotate_words::<7>();
    }
}
