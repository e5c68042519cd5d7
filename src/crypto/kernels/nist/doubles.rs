//! Numbers of P-256 as eleven doubles, which are limbs of 24 bits: two of them side by side in a vector, and nothing beside the last.
//!
//! Doubles are multiplied with one instruction, and carried as whole numbers, which takes less time: what [`MIDDLE`] is added to has its
//! whole number in its lowest bits.

use std::{array, fmt};

use zeroize::{Zeroize, optimization_barrier};

use super::lazy::Lazy;
use super::limbs::Limbs;
use crate::lanes::{Bits, Pair};

/// How many limbs a number has.
pub(super) const LIMBS: usize = 11;
/// The vectors of a number.
pub(super) const VECTORS: usize = LIMBS.div_ceil(2);

/// The lowest 51 bits of a double that is near this one are those of a whole number, which may be below zero.
pub(super) const MIDDLE: i64 = 3 << 51;
/// The bits of that double. All but the highest 16 are zeros.
pub(super) const MIDDLE_BITS: u64 = (MIDDLE as f64).to_bits();
/// What is left of these bits in a carry.
pub(super) const MIDDLE_CARRIED: i64 = (MIDDLE_BITS >> 24) as i64;
/// Half of what the next limb counts. With this added, what is carried is rounded to the nearest.
pub(super) const HALF: i64 = 1 << 23;
/// The bits of a limb.
pub(super) const MASK: u64 = (1 << 24) - 1;

/// A number. Magnitude 1 is 2^23, and 2^17 for the highest limb.
#[derive(Clone, Copy)]
pub struct Doubles(pub(super) [Pair; VECTORS]);

impl Doubles {
    /// For constants.
    pub(super) const fn constant(limbs: &Limbs<LIMBS>) -> Self {
        let (mut doubles, mut index, mut carry) = ([0.0; 2 * VECTORS], 0, 0);
        while index < LIMBS {
            let limb = limbs[index] + carry;
            carry = (limb + HALF) >> 24;
            doubles[index] = (limb - (carry << 24)) as f64;
            index += 1;
        }
        let (mut vectors, mut index) = ([Pair::both(0.0); VECTORS], 0);
        while index < VECTORS {
            vectors[index] = Pair::new(doubles[2 * index], doubles[2 * index + 1]);
            index += 1;
        }
        Self(vectors)
    }

    /// Carry, each limb to the next: they may have 45 bits, and have magnitude 1 afterwards, or hardly more.
    pub(super) fn tidy(&self) -> Self {
        // 2^256 is 2^224 - 2^192 - 2^96 + 1.
        let [v0, v1, v2, v3, v4, v5] = self.0;
        let rounding = Pair::both(MIDDLE as f64 * 65536.0);
        let high = (v5 + rounding) - rounding;
        let multiple = high * Pair::both(1.0 / 65536.0);
        let folded =
            [v0 + multiple, v1, v2 - multiple, v3, v4 + multiple.firsts(multiple) * Pair::new(-1.0, 256.0), v5 - high];
        let rounding = Pair::both((MIDDLE + HALF) as f64);
        let limbs = folded.map(|limbs| (limbs + rounding).bits());
        let carries = limbs.map(|limbs| limbs.down::<24>().doubles().swapped());
        let no_carry = Bits::both(MIDDLE_BITS >> 24).doubles();
        let too_much = Pair::both((MIDDLE + HALF + MIDDLE_CARRIED) as f64);
        Self(array::from_fn(|index| {
            let below = if index == 0 { no_carry } else { carries[index - 1] };
            let kept = match limbs[index] {
                // There is nothing after the highest limb.
                highest if index + 1 == VECTORS => highest,
                limbs => limbs & Bits::both(MASK) | Bits::both(MIDDLE_BITS),
            };
            (kept + below.first_and_second(carries[index]).bits()).doubles() - too_much
        }))
    }
}

#[allow(clippy::inline_always)]
impl Lazy<LIMBS> for Doubles {
    const ZERO: Self = Self([Pair::both(0.0); VECTORS]);

    /// By sums: conversions of engines take longer, and look for what does not fit.
    #[inline(always)]
    fn new(limbs: &Limbs<LIMBS>) -> Self {
        let near =
            |limb: Option<&i64>| f64::from_bits(MIDDLE_BITS.wrapping_add_signed(limb.copied().unwrap_or_default()));
        Self(array::from_fn(|index| {
            Pair::new(near(limbs.get(2 * index)), near(limbs.get(2 * index + 1))) - Pair::both(MIDDLE as f64)
        }))
    }

    #[inline(always)]
    fn limbs(&self) -> Limbs<LIMBS> {
        let near = self.0.map(|limbs| (limbs + Pair::both(MIDDLE as f64)).numbers());
        array::from_fn(|index| near[index / 2][index % 2].to_bits().wrapping_sub(MIDDLE_BITS).cast_signed())
    }

    #[inline(always)]
    fn plus(&self, other: &Self) -> Self {
        Self(array::from_fn(|index| self.0[index] + other.0[index]))
    }

    #[inline(always)]
    fn minus(&self, other: &Self) -> Self {
        Self(array::from_fn(|index| self.0[index] - other.0[index]))
    }

    #[inline(always)]
    fn times(&self, factor: i32) -> Self {
        Self(self.0.map(|limbs| limbs * Pair::both(factor.into())))
    }

    #[inline(always)]
    fn negated_if(&self, mask: i64) -> Self {
        let zero = Pair::both(0.0);
        Self(self.0.map(|limbs| (zero - limbs).select(limbs, mask.cast_unsigned())))
    }
}

impl fmt::Debug for Doubles {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.limbs()).finish()
    }
}

impl Zeroize for Doubles {
    fn zeroize(&mut self) {
        *self = Self::ZERO;
        optimization_barrier(self);
    }
}
