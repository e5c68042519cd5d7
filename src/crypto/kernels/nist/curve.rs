//! What is different from curve to curve.

use std::fmt::Debug;
use std::ptr;

use super::constants::Constants;
use super::fixed_base::Comb;
use super::inversion::Modulus;
use super::lazy::Lazy;
use super::shamir::OddMultiples;

/// A curve y^2 = x^3 - 3x + b of prime order (SP 800-186, 3.2.1), whose numbers have N limbs.
pub trait Curve<const N: usize>: Debug + Copy + Send + Sync + 'static {
    /// The bits of a limb.
    const WIDTH: u32;
    /// The bits of the field's modulus, and of the order.
    const BITS: u32;
    /// The octets of a number.
    const BYTES: usize = Self::BITS.div_ceil(8) as usize;
    /// The modulus of the field.
    const FIELD: Modulus<N>;
    /// The order of the group.
    const ORDER: Modulus<N>;
    /// What field elements are multiplied by within: 2 to the power of this, the reduction's divisor.
    const RADIX: u32;
    /// A field element's limbs.
    type Limbs: Lazy<N>;
    /// The elements that the curve is made of.
    const CONSTANTS: Constants<Self::Limbs>;

    /// A product, divided by 2^RADIX modulo the field's modulus.
    fn multiply(one: &Self::Limbs, other: &Self::Limbs) -> Self::Limbs;

    /// A square, divided by 2^RADIX modulo the field's modulus.
    fn square(number: &Self::Limbs) -> Self::Limbs;

    /// Carry, and bring a small multiple of the modulus into the range of products.
    fn tidy(limbs: &Self::Limbs) -> Self::Limbs;

    /// Two products, of two numbers each. For what is two times the same number the compiler takes [`Self::square`].
    #[inline(always)]
    fn products([a, b]: [&Self::Limbs; 2], [c, d]: [&Self::Limbs; 2]) -> [Self::Limbs; 2] {
        [[a, b], [c, d]].map(|[a, b]| if ptr::eq(a, b) { Self::square(a) } else { Self::multiply(a, b) })
    }

    /// As [`Self::products`], the first less another number, and tidy.
    #[inline(always)]
    fn products_minus(one: [&Self::Limbs; 2], subtrahend: &Self::Limbs, other: [&Self::Limbs; 2]) -> [Self::Limbs; 2] {
        let [one, other] = Self::products(one, other);
        [Self::tidy(&one.minus(subtrahend)), other]
    }

    /// Multiples of the generator for secrets.
    fn comb() -> &'static Comb<Self, N>;

    /// Multiples of the generator for what is public.
    fn odd_multiples() -> &'static OddMultiples<Self, N>;
}
