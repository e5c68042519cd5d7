//! Two floating-point numbers side by side: a vector of WebAssembly, or two plain numbers elsewhere.
//!
//! There are but sums, differences and products of doubles, which processors make in the same time whatever the numbers are, unless they
//! are subnormal (and ours are nowhere near: see where they are used), movements of bits, and sums and shifts of their bits as whole numbers.

use core::ops::{Add, BitAnd, BitOr, Mul, Sub};

#[cfg(target_arch = "wasm32")]
use core::arch::wasm32::{
    f64x2, f64x2_add, f64x2_extract_lane, f64x2_mul, f64x2_sub, i64x2_add, i64x2_shl, i64x2_shuffle, i64x2_splat,
    i64x2_sub, u64x2, u64x2_shr, v128, v128_and, v128_bitselect, v128_or,
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

/// Two whole numbers of 64 bits, which begin again at zero after the last.
#[cfg(target_arch = "wasm32")]
#[derive(Clone, Copy)]
pub(crate) struct Bits(v128);

/// Two whole numbers of 64 bits, which begin again at zero after the last.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Clone, Copy)]
pub(crate) struct Bits([u64; 2]);

#[allow(clippy::inline_always)]
impl Pair {
    /// The bits of the doubles.
    #[inline(always)]
    pub(crate) fn bits(self) -> Bits {
        #[cfg(target_arch = "wasm32")]
        return Bits(self.0);
        #[cfg(not(target_arch = "wasm32"))]
        Bits(self.0.map(f64::to_bits))
    }
}

#[cfg(target_arch = "wasm32")]
#[allow(clippy::inline_always)]
impl Bits {
    /// The same number twice.
    #[inline(always)]
    pub(crate) const fn both(number: u64) -> Self {
        Self(u64x2(number, number))
    }

    /// The doubles that have these bits.
    #[inline(always)]
    pub(crate) fn doubles(self) -> Pair {
        Pair(self.0)
    }

    /// Times 2^COUNT.
    #[inline(always)]
    pub(crate) fn up<const COUNT: u32>(self) -> Self {
        Self(i64x2_shl(self.0, COUNT))
    }

    /// Divided by 2^COUNT.
    #[inline(always)]
    pub(crate) fn down<const COUNT: u32>(self) -> Self {
        Self(u64x2_shr(self.0, COUNT))
    }
}

#[cfg(not(target_arch = "wasm32"))]
#[allow(clippy::inline_always)]
impl Bits {
    /// The same number twice.
    #[inline(always)]
    pub(crate) const fn both(number: u64) -> Self {
        Self([number, number])
    }

    /// The doubles that have these bits.
    #[inline(always)]
    pub(crate) fn doubles(self) -> Pair {
        Pair(self.0.map(f64::from_bits))
    }

    /// Times 2^COUNT.
    #[inline(always)]
    pub(crate) fn up<const COUNT: u32>(self) -> Self {
        Self(self.0.map(|number| number << COUNT))
    }

    /// Divided by 2^COUNT.
    #[inline(always)]
    pub(crate) fn down<const COUNT: u32>(self) -> Self {
        Self(self.0.map(|number| number >> COUNT))
    }
}

/// Operations of two vectors: what WebAssembly has, and what is done with each number elsewhere.
macro_rules! operators {
    ($($type:ident: $trait:ident, $method:ident, $vector:ident, $scalar:path;)*) => {$(
        impl $trait for $type {
            type Output = Self;

            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                #[cfg(target_arch = "wasm32")]
                return Self($vector(self.0, other.0));
                #[cfg(not(target_arch = "wasm32"))]
                Self([$scalar(self.0[0], other.0[0]), $scalar(self.0[1], other.0[1])])
            }
        }
    )*};
}

operators! {
    Pair: Add, add, f64x2_add, f64::add;
    Pair: Sub, sub, f64x2_sub, f64::sub;
    Pair: Mul, mul, f64x2_mul, f64::mul;
    Bits: Add, add, i64x2_add, u64::wrapping_add;
    Bits: Sub, sub, i64x2_sub, u64::wrapping_sub;
    Bits: BitAnd, bitand, v128_and, u64::bitand;
    Bits: BitOr, bitor, v128_or, u64::bitor;
}
