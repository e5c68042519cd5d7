//! What the limbs of elements are: whole numbers, in one of two forms.

use std::fmt::Debug;
use std::ops::{Add, Sub};

use zeroize::Zeroize;

/// A whole number, which may be below zero.
pub trait Limb: Debug + Copy + Send + Sync + Zeroize + Add<Output = Self> + Sub<Output = Self> + 'static {
    /// 0
    const ZERO: Self;
    /// 1
    const ONE: Self;

    /// From a number of less than 51 bits.
    fn new(whole: i64) -> Self;

    /// The number, if it has less than 51 bits.
    fn whole(self) -> i64;

    /// Times a small number, which is no secret.
    #[must_use]
    fn times(self, factor: i64) -> Self;

    /// The negative where the mask is all ones.
    #[must_use]
    fn negated_if(self, mask: i64) -> Self;
}

#[allow(clippy::inline_always)]
impl Limb for i64 {
    const ZERO: Self = 0;
    const ONE: Self = 1;

    #[inline(always)]
    fn new(whole: i64) -> Self {
        whole
    }

    #[inline(always)]
    fn whole(self) -> i64 {
        self
    }

    #[inline(always)]
    fn times(self, factor: i64) -> Self {
        self * factor
    }

    #[inline(always)]
    fn negated_if(self, mask: i64) -> Self {
        (self ^ mask) - mask
    }
}

/// In a double near this one the lowest bits are those of a whole number, which may be negative.
const MIDDLE: f64 = 1.5 * (1u64 << 52) as f64;

#[allow(clippy::inline_always)]
impl Limb for f64 {
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;

    #[inline(always)]
    fn new(whole: i64) -> Self {
        whole as Self
    }

    /// Conversions of engines are not made for secrets: they look for what does not fit.
    #[inline(always)]
    fn whole(self) -> i64 {
        (self + MIDDLE).to_bits().wrapping_sub(MIDDLE.to_bits()).cast_signed()
    }

    #[inline(always)]
    fn times(self, factor: i64) -> Self {
        self * factor as Self
    }

    #[inline(always)]
    fn negated_if(self, mask: i64) -> Self {
        Self::from_bits(self.to_bits() ^ (mask.cast_unsigned() & 1 << 63))
    }
}
