//! Numbers modulo the field's modulus, in Montgomery's form, lazily.
//!
//! Limbs have signs. Products and `tidy` give limbs of magnitude 1: at most about 2^WIDTH, or half of that where the curve carries to the
//! nearest. Sums do not carry, so their magnitude is the sum of magnitudes. That of a difference is, too, where the curve carries to the
//! nearest; elsewhere limbs are not below zero, so that it is the greater of both. The products of the magnitudes of factors may have a sum
//! of 3. Overflow checks of debug builds hold the formulas to it.

use std::marker::PhantomData;

use zeroize::Zeroize;

use super::curve::Curve;
use super::lazy::Lazy;
use super::limbs::{self, Limbs};

/// A number modulo the field's modulus.
#[derive(Debug, Clone, Copy)]
pub(super) struct Element<C: Curve<N>, const N: usize> {
    limbs: C::Limbs,
    curve: PhantomData<C>,
}

impl<C: Curve<N>, const N: usize> Element<C, N> {
    pub(super) const ZERO: Self = Self::of(C::Limbs::ZERO);
    pub(super) const ONE: Self = Self::of(C::CONSTANTS.one);
    pub(super) const B: Self = Self::of(C::CONSTANTS.b);
    pub(super) const GENERATOR: [Self; 2] = [Self::of(C::CONSTANTS.generator[0]), Self::of(C::CONSTANTS.generator[1])];
    const RADIX: Self = Self::of(C::CONSTANTS.radix);

    const fn of(limbs: C::Limbs) -> Self {
        Self { limbs, curve: PhantomData }
    }

    /// From a number below the modulus.
    pub(super) fn new(number: &Limbs<N>) -> Self {
        Self::of(C::Limbs::new(number)).multiply(&Self::RADIX)
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
    #[inline(never)]
    pub(super) fn number(&self) -> Limbs<N> {
        // Between the modulus and its negative, or almost.
        let one: Limbs<N> = limbs::parse("1", C::WIDTH);
        let number = self.multiply(&Self::of(C::Limbs::new(&one))).limbs.limbs();
        let twice = limbs::plus(&C::FIELD.value, &C::FIELD.value);
        let number = limbs::plus(&number, &twice);
        let (number, _) = limbs::reduced_once(&number, &twice, C::WIDTH);
        limbs::reduced_once(&number, &C::FIELD.value, C::WIDTH).0
    }

    pub(super) fn is_zero(&self) -> bool {
        limbs::is_zero(&self.number()) != 0
    }

    #[inline(never)]
    pub(super) fn equals(&self, other: &Self) -> bool {
        self.minus(other).tidy().is_zero()
    }

    #[inline(always)]
    pub(super) fn plus(&self, other: &Self) -> Self {
        Self::of(self.limbs.plus(&other.limbs))
    }

    #[inline(always)]
    pub(super) fn minus(&self, other: &Self) -> Self {
        Self::of(self.limbs.minus(&other.limbs))
    }

    #[inline(always)]
    pub(super) fn times(&self, factor: i32) -> Self {
        Self::of(self.limbs.times(factor))
    }

    /// The negative where the mask is all ones.
    #[inline(always)]
    pub(super) fn negated_if(&self, mask: i64) -> Self {
        Self::of(self.limbs.negated_if(mask))
    }

    #[inline(always)]
    pub(super) fn tidy(&self) -> Self {
        Self::of(C::tidy(&self.limbs))
    }

    #[inline(always)]
    pub(super) fn multiply(&self, other: &Self) -> Self {
        Self::of(C::multiply(&self.limbs, &other.limbs))
    }

    #[inline(always)]
    pub(super) fn square(&self) -> Self {
        Self::of(C::square(&self.limbs))
    }

    /// The product of two, and that of two others.
    #[inline(always)]
    pub(super) fn products(one: [&Self; 2], other: [&Self; 2]) -> [Self; 2] {
        let [one, other] = [one, other].map(|factors| factors.map(|factor| &factor.limbs));
        let [one, other] = C::products(one, other);
        [Self::of(one), Self::of(other)]
    }

    /// The product of two less another number, tidy, and the product of two others.
    #[inline(always)]
    pub(super) fn products_minus(one: [&Self; 2], subtrahend: &Self, other: [&Self; 2]) -> [Self; 2] {
        let [one, other] = [one, other].map(|factors| factors.map(|factor| &factor.limbs));
        let [one, other] = C::products_minus(one, &subtrahend.limbs, other);
        [Self::of(one), Self::of(other)]
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
        self.limbs.limbs().map(|limb| limb as i32)
    }

    pub(super) fn unpacked(limbs: &[i32; N]) -> Self {
        Self::of(C::Limbs::new(&limbs.map(i64::from)))
    }
}

impl<C: Curve<N>, const N: usize> Zeroize for Element<C, N> {
    fn zeroize(&mut self) {
        self.limbs.zeroize();
    }
}
