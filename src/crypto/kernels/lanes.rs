//! Two floating-point numbers side by side: a vector of WebAssembly, or two plain numbers elsewhere.
//!
//! There are but sums, differences and products of doubles, which processors make in the same time whatever the numbers are, unless they
//! are subnormal (and ours are nowhere near: see where they are used), and movements of bits.

use core::ops::{Add, Mul, Sub};

#[cfg(target_arch = "wasm32")]
use core::arch::wasm32::{
    f64x2, f64x2_add, f64x2_extract_lane, f64x2_mul, f64x2_sub, i64x2_shuffle, i64x2_splat, v128, v128_bitselect,
};

/// Two doubles.
#[cfg(target_arch = "wasm32")]
#[derive(Clone, Copy)]
pub(crate) struct Pair(v128);

/// Two doubles.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Clone, Copy)]
pub(crate) struct Pair([f64; 2]);

#[cfg(target_arch = "wasm32")]
#[allow(clippy::inline_always)]
impl Pair {
    #[inline(always)]
    pub(crate) const fn new(first: f64, second: f64) -> Self {
        Self(f64x2(first, second))
    }

    /// The same number twice.
    #[inline(always)]
    pub(crate) const fn both(number: f64) -> Self {
        Self(f64x2(number, number))
    }

    #[inline(always)]
    pub(crate) fn numbers(self) -> [f64; 2] {
        [f64x2_extract_lane::<0>(self.0), f64x2_extract_lane::<1>(self.0)]
    }

    /// The two in the other order.
    #[inline(always)]
    pub(crate) fn swapped(self) -> Self {
        Self(i64x2_shuffle::<1, 0>(self.0, self.0))
    }

    /// The first of each.
    #[inline(always)]
    pub(crate) fn firsts(self, other: Self) -> Self {
        Self(i64x2_shuffle::<0, 2>(self.0, other.0))
    }

    /// The second of each.
    #[inline(always)]
    pub(crate) fn seconds(self, other: Self) -> Self {
        Self(i64x2_shuffle::<1, 3>(self.0, other.0))
    }

    /// The first of this, the second of the other.
    #[inline(always)]
    pub(crate) fn first_and_second(self, other: Self) -> Self {
        Self(i64x2_shuffle::<0, 3>(self.0, other.0))
    }

    /// This where `mask` is all ones, the other where it is zero.
    #[inline(always)]
    pub(crate) fn select(self, other: Self, mask: u64) -> Self {
        Self(v128_bitselect(self.0, other.0, i64x2_splat(mask.cast_signed())))
    }
}

#[cfg(not(target_arch = "wasm32"))]
#[allow(clippy::inline_always)]
impl Pair {
    #[inline(always)]
    pub(crate) const fn new(first: f64, second: f64) -> Self {
        Self([first, second])
    }

    /// The same number twice.
    #[inline(always)]
    pub(crate) const fn both(number: f64) -> Self {
        Self([number, number])
    }

    #[inline(always)]
    pub(crate) fn numbers(self) -> [f64; 2] {
        self.0
    }

    /// The two in the other order.
    #[inline(always)]
    pub(crate) fn swapped(self) -> Self {
        Self([self.0[1], self.0[0]])
    }

    /// The first of each.
    #[inline(always)]
    pub(crate) fn firsts(self, other: Self) -> Self {
        Self([self.0[0], other.0[0]])
    }

    /// The second of each.
    #[inline(always)]
    pub(crate) fn seconds(self, other: Self) -> Self {
        Self([self.0[1], other.0[1]])
    }

    /// The first of this, the second of the other.
    #[inline(always)]
    pub(crate) fn first_and_second(self, other: Self) -> Self {
        Self([self.0[0], other.0[1]])
    }

    /// This where `mask` is all ones, the other where it is zero.
    #[inline(always)]
    pub(crate) fn select(self, other: Self, mask: u64) -> Self {
        let choose = |one: f64, other: f64| f64::from_bits(one.to_bits() & mask | other.to_bits() & !mask);
        Self([choose(self.0[0], other.0[0]), choose(self.0[1], other.0[1])])
    }
}

impl Add for Pair {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        #[cfg(target_arch = "wasm32")]
        return Self(f64x2_add(self.0, other.0));
        #[cfg(not(target_arch = "wasm32"))]
        Self([self.0[0] + other.0[0], self.0[1] + other.0[1]])
    }
}

impl Sub for Pair {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        #[cfg(target_arch = "wasm32")]
        return Self(f64x2_sub(self.0, other.0));
        #[cfg(not(target_arch = "wasm32"))]
        Self([self.0[0] - other.0[0], self.0[1] - other.0[1]])
    }
}

impl Mul for Pair {
    type Output = Self;

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        #[cfg(target_arch = "wasm32")]
        return Self(f64x2_mul(self.0, other.0));
        #[cfg(not(target_arch = "wasm32"))]
        Self([self.0[0] * other.0[0], self.0[1] * other.0[1]])
    }
}
