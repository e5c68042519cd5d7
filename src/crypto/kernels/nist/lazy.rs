//! Numbers as limbs of which not all carry, in one of two forms: whole numbers here, doubles for [P-256](super::doubles).

use std::array;
use std::fmt::Debug;

use zeroize::Zeroize;

/// A number whose limbs have signs, and more bits than what they stand for.
pub trait Lazy<const N: usize>: Debug + Copy + Send + Sync + Zeroize + 'static {
    /// 0
    const ZERO: Self;

    /// From limbs.
    fn new(limbs: &[i64; N]) -> Self;

    /// The limbs.
    fn limbs(&self) -> [i64; N];

    /// A sum.
    #[must_use]
    fn plus(&self, other: &Self) -> Self;

    /// A difference.
    #[must_use]
    fn minus(&self, other: &Self) -> Self;

    /// Times a small number, which is no secret.
    #[must_use]
    fn times(&self, factor: i32) -> Self;

    /// The negative where the mask is all ones.
    #[must_use]
    fn negated_if(&self, mask: i64) -> Self;
}

#[allow(clippy::inline_always)]
impl<const N: usize> Lazy<N> for [i64; N] {
    const ZERO: Self = [0; N];

    #[inline(always)]
    fn new(limbs: &[i64; N]) -> Self {
        *limbs
    }

    #[inline(always)]
    fn limbs(&self) -> [i64; N] {
        *self
    }

    #[inline(always)]
    fn plus(&self, other: &Self) -> Self {
        array::from_fn(|index| self[index] + other[index])
    }

    #[inline(always)]
    fn minus(&self, other: &Self) -> Self {
        array::from_fn(|index| self[index] - other[index])
    }

    #[inline(always)]
    fn times(&self, factor: i32) -> Self {
        self.map(|limb| limb * i64::from(factor))
    }

    #[inline(always)]
    fn negated_if(&self, mask: i64) -> Self {
        self.map(|limb| (limb ^ mask) - mask)
    }
}
