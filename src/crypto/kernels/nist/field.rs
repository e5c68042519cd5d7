//! Numbers modulo the field's modulus, in Montgomery's form, lazily.
//!
//! Limbs have signs. Products and `tidy` give limbs of magnitude 1: at most about 2^WIDTH, or half of that where the curve carries to the
//! nearest. Sums do not carry, so their magnitude is the sum of magnitudes. That of a difference is, too, where the curve carries to the
//! nearest; elsewhere limbs are not below zero, so that it is the greater of both. The products of the magnitudes of factors may have a sum
//! that the curve names, its `ROOM`. Overflow checks of debug builds hold the formulas to it where limbs are integers.

use std::array;
use std::marker::PhantomData;

use zeroize::Zeroize;

use super::curve::Curve;
use super::limb::Limb;
use super::limbs::{self, Limbs};

/// A number modulo the field's modulus.
#[derive(Debug, Clone, Copy)]
pub(super) struct Element<C: Curve<N>, const N: usize> {
    limbs: [C::Limb; N],
    curve: PhantomData<C>,
}

impl<C: Curve<N>, const N: usize> Element<C, N> {
    pub(super) const ZERO: Self = Self::of([C::Limb::ZERO; N]);
    pub(super) const ONE: Self = Self::of(C::CONSTANTS.one);
    pub(super) const B: Self = Self::of(C::CONSTANTS.b);
    pub(super) const GENERATOR: [Self; 2] = [Self::of(C::CONSTANTS.generator[0]), Self::of(C::CONSTANTS.generator[1])];
    const RADIX: Self = Self::of(C::CONSTANTS.radix);

    const fn of(limbs: [C::Limb; N]) -> Self {
        Self { limbs, curve: PhantomData }
    }

    /// From a number below the modulus.
    pub(super) fn new(number: &Limbs<N>) -> Self {
        Self::of(number.map(C::Limb::new)).multiply(&Self::RADIX)
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
        let mut one = Self::ZERO;
        one.limbs[0] = C::Limb::ONE;
        let number = self.multiply(&one).limbs.map(C::Limb::whole);
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
        Self::of(array::from_fn(|index| self.limbs[index] + other.limbs[index]))
    }

    #[inline(always)]
    pub(super) fn minus(&self, other: &Self) -> Self {
        Self::of(array::from_fn(|index| self.limbs[index] - other.limbs[index]))
    }

    #[inline(always)]
    pub(super) fn times(&self, factor: i64) -> Self {
        Self::of(self.limbs.map(|limb| limb.times(factor)))
    }

    /// The negative where the mask is all ones.
    #[inline(always)]
    pub(super) fn negated_if(&self, mask: i64) -> Self {
        Self::of(self.limbs.map(|limb| limb.negated_if(mask)))
    }

    #[inline(always)]
    pub(super) fn tidy(&self) -> Self {
        Self::of(C::tidy(&self.limbs))
    }

    /// Tidy if products whose magnitudes have this sum are too much for the curve.
    #[inline(always)]
    pub(super) fn tidy_for(self, magnitudes: u32) -> Self {
        if magnitudes > C::ROOM { self.tidy() } else { self }
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
        C::products(one, other).map(Self::of)
    }

    /// The product of two less another number, tidy, and the product of two others.
    #[inline(always)]
    pub(super) fn products_minus(one: [&Self; 2], subtrahend: &Self, other: [&Self; 2]) -> [Self; 2] {
        let [one, other] = [one, other].map(|factors| factors.map(|factor| &factor.limbs));
        C::products_minus(one, &subtrahend.limbs, other).map(Self::of)
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
        self.limbs.map(|limb| limb.whole() as i32)
    }

    pub(super) fn unpacked(limbs: &[i32; N]) -> Self {
        Self::of(limbs.map(|limb| C::Limb::new(limb.into())))
    }
}

impl<C: Curve<N>, const N: usize> Zeroize for Element<C, N> {
    fn zeroize(&mut self) {
        self.limbs.zeroize();
    }
}
