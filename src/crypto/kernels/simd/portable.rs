//! Vectors as arrays, for machines that are not WebAssembly: to test and to fuzz there.

use core::array::from_fn;

use zeroize::Zeroize;

/// Sixteen bytes, or four words of four bytes, the first byte of each the lowest.
#[derive(Clone, Copy)]
pub(crate) struct Vector([u8; 16]);

impl Vector {
    pub(crate) fn load(bytes: &[u8; 16]) -> Self {
        Self(*bytes)
    }

    pub(crate) fn store(self, bytes: &mut [u8; 16]) {
        *bytes = self.0;
    }

    /// Overwrite vectors with zeros, also where nobody reads them afterwards.
    pub(crate) fn wipe(vectors: &mut [Self]) {
        vectors.iter_mut().for_each(|vector| vector.0.zeroize());
    }

    pub(crate) fn zero() -> Self {
        Self([0; 16])
    }

    pub(crate) fn splat(byte: u8) -> Self {
        Self([byte; 16])
    }

    pub(crate) fn splat_word(word: u32) -> Self {
        Self::from_words([word; 4])
    }

    pub(crate) fn from_words(words: [u32; 4]) -> Self {
        Self(from_fn(|place| words[place / 4].to_le_bytes()[place % 4]))
    }

    pub(super) fn xor(self, other: Self) -> Self {
        Self(from_fn(|place| self.0[place] ^ other.0[place]))
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self(from_fn(|place| self.0[place] & other.0[place]))
    }

    /// The bytes of this table at these places; zero for a place that has its highest bit set. A place from 16 to 127 is a
    /// mistake: engines differ on it.
    pub(crate) fn swizzle(self, places: Self) -> Self {
        debug_assert!(places.0.iter().all(|place| *place < 16 || *place >= 128), "{:?}", places.0);
        // Every byte of the table is looked at: an address must not depend on a secret.
        let mut taken = [0; 16];
        for (byte, at) in self.0.into_iter().zip(0..) {
            for (taken, place) in taken.iter_mut().zip(places.0) {
                *taken |= byte & u8::from(at == place).wrapping_neg();
            }
        }
        Self(taken)
    }

    /// The higher half of each byte.
    pub(crate) fn high_nibbles(self) -> Self {
        Self(self.0.map(|byte| byte >> 4))
    }

    /// The lower half of each byte.
    pub(crate) fn low_nibbles(self) -> Self {
        Self(self.0.map(|byte| byte & 15))
    }

    /// Each byte shifted towards its highest bit.
    pub(crate) fn shifted_up<const BITS: u32>(self) -> Self {
        Self(self.0.map(|byte| byte << BITS))
    }

    /// Each byte shifted towards its lowest bit.
    pub(crate) fn shifted_down<const BITS: u32>(self) -> Self {
        Self(self.0.map(|byte| byte >> BITS))
    }

    /// Every byte one place further; the first is the last of `before`.
    pub(crate) fn moved_on(self, before: Self) -> Self {
        Self(from_fn(|place| if place == 0 { before.0[15] } else { self.0[place - 1] }))
    }

    /// Every byte eight places further; the first are the last of `before`.
    pub(crate) fn moved_half(self, before: Self) -> Self {
        Self(from_fn(|place| if place < 8 { before.0[place + 8] } else { self.0[place - 8] }))
    }

    pub(crate) fn add_words(self, other: Self) -> Self {
        Self::from_words(from_fn(|word| self.word(word).wrapping_add(other.word(word))))
    }

    pub(crate) fn rotate_words<const BITS: u32>(self) -> Self {
        Self::from_words(from_fn(|word| self.word(word).rotate_left(BITS)))
    }

    /// The first halves, byte by byte in turn.
    pub(crate) fn interleave_low(self, other: Self) -> Self {
        Self(from_fn(|place| [self, other][place % 2].0[place / 2]))
    }

    /// The second halves, byte by byte in turn.
    pub(crate) fn interleave_high(self, other: Self) -> Self {
        Self(from_fn(|place| [self, other][place % 2].0[8 + place / 2]))
    }

    /// The first halves, word by word in turn.
    pub(crate) fn interleave_low_words(self, other: Self) -> Self {
        Self::from_words([self.word(0), other.word(0), self.word(1), other.word(1)])
    }

    /// The second halves, word by word in turn.
    pub(crate) fn interleave_high_words(self, other: Self) -> Self {
        Self::from_words([self.word(2), other.word(2), self.word(3), other.word(3)])
    }

    fn word(self, word: usize) -> u32 {
        u32::from_le_bytes(from_fn(|byte| self.0[4 * word + byte]))
    }
}
