//! Numbers modulo the field's modulus, in Montgomery's form, lazily.
//!
//! Limbs have signs. Products and `tidy` give limbs of magnitude 1: at most about 2^WIDTH, or half of that where the curve rounds. Sums
//! do not carry, so their magnitude is the sum of magnitudes. That of a difference is, too, where the curve rounds; elsewhere limbs are not
//! below zero, so that it is the greater of both. The products of the magnitudes of factors may have a sum of 3. Overflow checks of debug
//! builds hold the formulas to it.

use std::marker::PhantomData;

use zeroize::Zeroize;

use super::curve::Curve;
use super::limbs::{self, Limbs};

/// A number modulo the field's modulus.
#[derive(Debug, Clone, Copy)]
pub(super) struct Element<C, const N: usize> {
    limbs: Limbs<N>,
    curve: PhantomData<C>,
}

impl<C: Curve<N>, const N: usize> Element<C, N> {
    pub(super) const ZERO: Self = Self::of([0; N]);
    pub(super) const ONE: Self = Self::constant(&Self::integer(1), 1);
    const RADIX_SQUARED: Self = Self::constant(&Self::integer(1), 2);

    const fn of(limbs: Limbs<N>) -> Self {
        Self { limbs, curve: PhantomData }
    }

    const fn integer(number: i64) -> Limbs<N> {
        let mut limbs = [0; N];
        limbs[0] = number;
        limbs
    }

    /// A number times powers of the radix.
    pub(super) const fn constant(number: &Limbs<N>, powers: u32) -> Self {
        Self::of(limbs::shifted(*number, &C::FIELD.value, C::WIDTH, powers * C::RADIX))
    }

    /// From a number below the modulus.
    pub(super) fn new(number: &Limbs<N>) -> Self {
        Self::of(*number).multiply(&Self::RADIX_SQUARED)
    }

    /// From octets, the highest first, if the number is below the modulus.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.len() != C::BYTES {
            return None;
        }
        let number = limbs::from_bytes(bytes, C::WIDTH);
        let (_, is_less) = limbs::reduced_once(&number, &C::FIELD.value, C::WIDTH);
        (is_less != 0).then(|| Self::new(&number))
    }

    /// The number itself, from 0 to the modulus.
    pub(super) fn number(&self) -> Limbs<N> {
        // Between the modulus and its negative, or almost.
        let number = self.multiply(&Self::of(Self::integer(1))).limbs;
        let twice = limbs::plus(&C::FIELD.value, &C::FIELD.value);
        let number = limbs::plus(&number, &twice);
        let (number, _) = limbs::reduced_once(&number, &twice, C::WIDTH);
        limbs::reduced_once(&number, &C::FIELD.value, C::WIDTH).0
    }

    pub(super) fn is_zero(&self) -> bool {
        limbs::is_zero(&self.number()) != 0
    }

    pub(super) fn equals(&self, other: &Self) -> bool {
        self.minus(other).tidy().is_zero()
    }

    #[inline(always)]
    pub(super) fn plus(&self, other: &Self) -> Self {
        Self::of(limbs::plus(&self.limbs, &other.limbs))
    }

    #[inline(always)]
    pub(super) fn minus(&self, other: &Self) -> Self {
        Self::of(limbs::minus(&self.limbs, &other.limbs))
    }

    #[inline(always)]
    pub(super) fn times(&self, factor: i64) -> Self {
        Self::of(self.limbs.map(|limb| limb * factor))
    }

    /// The negative where the mask is all ones.
    #[inline(always)]
    pub(super) fn negated_if(&self, mask: i64) -> Self {
        Self::of(self.limbs.map(|limb| (limb ^ mask) - mask))
    }

    /// Half of it, not tidy.
    #[inline(always)]
    pub(super) fn half(&self) -> Self {
        // The modulus is odd: with it an odd number becomes even.
        let odd = -(self.limbs[0] & 1);
        let even: Limbs<N> = core::array::from_fn(|index| self.limbs[index] + (C::FIELD.value[index] & odd));
        Self::of(core::array::from_fn(|index| {
            let next = even.get(index + 1).copied().unwrap_or_default();
            (even[index] >> 1) + ((next & 1) << (C::WIDTH - 1))
        }))
    }

    /// A difference between two that are tidy, made of magnitude 1.
    #[inline(always)]
    pub(super) fn minus_tidy(&self, other: &Self) -> Self {
        let difference = self.minus(other);
        if C::ROUNDS { difference.tidy() } else { difference }
    }

    #[inline(always)]
    pub(super) fn tidy(&self) -> Self {
        Self::of(C::tidy(self.limbs))
    }

    pub(super) fn multiply(&self, other: &Self) -> Self {
        Self::of(C::reduce(C::multiply(&self.limbs, &other.limbs)))
    }

    pub(super) fn square(&self) -> Self {
        Self::of(C::reduce(C::square(&self.limbs)))
    }

    pub(super) fn invert(&self) -> Self {
        Self::new(&C::FIELD.invert(&self.number()))
    }

    /// A square root, if there is one; in variable time.
    pub(super) fn square_root(&self) -> Option<Self> {
        // The modulus is 3 modulo 4, so that it is a power, (modulus + 1) / 4.
        let mut exponent = C::FIELD.value;
        exponent[0] += 1;
        let exponent = limbs::carried(exponent, C::WIDTH);
        let mut root = Self::ONE;
        for position in (2..=C::BITS).rev() {
            root = root.square();
            if limbs::window(&exponent, C::WIDTH, position, 1) == 1 {
                root = root.multiply(self);
            }
        }
        root.square().equals(self).then_some(root)
    }

    /// The limbs, each in 32 bits.
    pub(super) fn packed(&self) -> [i32; N] {
        self.limbs.map(|limb| limb as i32)
    }

    pub(super) fn unpacked(limbs: &[i32; N]) -> Self {
        Self::of(limbs.map(i64::from))
    }
}

impl<C, const N: usize> Zeroize for Element<C, N> {
    fn zeroize(&mut self) {
        self.limbs.zeroize();
    }
}
