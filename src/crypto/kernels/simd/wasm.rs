//! Vectors as WebAssembly has them.
#![allow(unsafe_code)]

use core::arch::wasm32::*;

/// Sixteen bytes, or four words of four bytes, the first byte of each the lowest.
#[derive(Clone, Copy)]
pub(crate) struct Vector(v128);

impl Vector {
    #[inline(always)]
    pub(crate) fn load(bytes: &[u8; 16]) -> Self {
        // SAFETY: sixteen bytes are there to be read, wherever they begin: v128.load needs no alignment.
        Self(unsafe { v128_load(bytes.as_ptr().cast()) })
    }

    #[inline(always)]
    pub(crate) fn store(self, bytes: &mut [u8; 16]) {
        // SAFETY: sixteen bytes are there to be written, and v128.store needs no alignment.
        unsafe { v128_store(bytes.as_mut_ptr().cast(), self.0) }
    }

    /// Overwrite vectors with zeros, also where nobody reads them afterwards.
    #[inline(always)]
    pub(crate) fn wipe(vectors: &mut [Self]) {
        for vector in vectors {
            // SAFETY: the place is a vector of ours.
            unsafe { core::ptr::write_volatile(vector, Self::zero()) }
        }
    }

    #[inline(always)]
    pub(crate) fn zero() -> Self {
        Self(u8x16_splat(0))
    }

    #[inline(always)]
    pub(crate) fn splat(byte: u8) -> Self {
        Self(u8x16_splat(byte))
    }

    #[inline(always)]
    pub(crate) fn splat_word(word: u32) -> Self {
        Self(u32x4_splat(word))
    }

    #[inline(always)]
    pub(crate) fn from_words([a, b, c, d]: [u32; 4]) -> Self {
        Self(u32x4(a, b, c, d))
    }

    #[inline(always)]
    pub(super) fn xor(self, other: Self) -> Self {
        Self(v128_xor(self.0, other.0))
    }

    #[inline(always)]
    pub(super) fn and(self, other: Self) -> Self {
        Self(v128_and(self.0, other.0))
    }

    /// The bytes of this table at these places; zero for a place that has its highest bit set. A place from 16 to 127 is a
    /// mistake: engines differ on it.
    #[inline(always)]
    #[cfg(target_feature = "relaxed-simd")]
    pub(crate) fn swizzle(self, places: Self) -> Self {
        Self(i8x16_relaxed_swizzle(self.0, places.0))
    }

    /// The bytes of this table at these places; zero for a place that has its highest bit set. A place from 16 to 127 is a
    /// mistake: engines differ on it.
    #[inline(always)]
    #[cfg(not(target_feature = "relaxed-simd"))]
    pub(crate) fn swizzle(self, places: Self) -> Self {
        Self(i8x16_swizzle(self.0, places.0))
    }

    /// The higher half of each byte.
    #[inline(always)]
    pub(crate) fn high_nibbles(self) -> Self {
        // By pairs of bytes: x86-64 shifts no single ones.
        Self(v128_and(u16x8_shr(self.0, 4), u8x16_splat(15)))
    }

    /// The lower half of each byte.
    #[inline(always)]
    pub(crate) fn low_nibbles(self) -> Self {
        Self(v128_and(self.0, u8x16_splat(15)))
    }

    /// Each byte shifted towards its highest bit.
    #[inline(always)]
    pub(crate) fn shifted_up<const BITS: u32>(self) -> Self {
        Self(u8x16_shl(self.0, BITS))
    }

    /// Each byte shifted towards its lowest bit.
    #[inline(always)]
    pub(crate) fn shifted_down<const BITS: u32>(self) -> Self {
        Self(u8x16_shr(self.0, BITS))
    }

    /// Every byte one place further; the first is the last of `before`.
    #[inline(always)]
    pub(crate) fn moved_on(self, before: Self) -> Self {
        Self(i8x16_shuffle::<15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30>(before.0, self.0))
    }

    /// Every byte eight places further; the first are the last of `before`.
    #[inline(always)]
    pub(crate) fn moved_half(self, before: Self) -> Self {
        Self(i64x2_shuffle::<1, 2>(before.0, self.0))
    }

    #[inline(always)]
    pub(crate) fn add_words(self, other: Self) -> Self {
        Self(u32x4_add(self.0, other.0))
    }

    #[inline(always)]
    pub(crate) fn rotate_words<const BITS: u32>(self) -> Self {
        Self(v128_or(u32x4_shl(self.0, BITS), u32x4_shr(self.0, 32 - BITS)))
    }

    /// The first halves, byte by byte in turn.
    #[inline(always)]
    pub(crate) fn interleave_low(self, other: Self) -> Self {
        Self(i8x16_shuffle::<0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23>(self.0, other.0))
    }

    /// The second halves, byte by byte in turn.
    #[inline(always)]
    pub(crate) fn interleave_high(self, other: Self) -> Self {
        Self(i8x16_shuffle::<8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31>(self.0, other.0))
    }

    /// The first halves, word by word in turn.
    #[inline(always)]
    pub(crate) fn interleave_low_words(self, other: Self) -> Self {
        Self(i32x4_shuffle::<0, 4, 1, 5>(self.0, other.0))
    }

    /// The second halves, word by word in turn.
    #[inline(always)]
    pub(crate) fn interleave_high_words(self, other: Self) -> Self {
        Self(i32x4_shuffle::<2, 6, 3, 7>(self.0, other.0))
    }
}
