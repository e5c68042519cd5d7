//! What is different from curve to curve.

use std::fmt::Debug;
use std::{array, ptr};

use super::constants::Constants;
use super::fixed_base::Comb;
use super::inversion::Modulus;
use super::limb::Limb;
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
    /// What a field element's limbs are.
    type Limb: Limb;
    /// The sum that products of the magnitudes of factors may have (see [`field`](super::field)).
    const ROOM: u32;
    /// The elements that the curve is made of.
    const CONSTANTS: Constants<Self::Limb, N>;

    /// A product, divided by 2^RADIX modulo the field's modulus.
    fn multiply(one: &[Self::Limb; N], other: &[Self::Limb; N]) -> [Self::Limb; N];

    /// A square, divided by 2^RADIX modulo the field's modulus.
    fn square(number: &[Self::Limb; N]) -> [Self::Limb; N];

    /// Carry, and bring a small multiple of the modulus into the range of products.
    fn tidy(limbs: &[Self::Limb; N]) -> [Self::Limb; N];

    /// Two products, of two numbers each. For what is two times the same number the compiler takes [`Self::square`].
    #[inline(always)]
    fn products([a, b]: [&[Self::Limb; N]; 2], [c, d]: [&[Self::Limb; N]; 2]) -> [[Self::Limb; N]; 2] {
        [[a, b], [c, d]].map(|[a, b]| if ptr::eq(a, b) { Self::square(a) } else { Self::multiply(a, b) })
    }

    /// As [`Self::products`], the first less another number, and tidy.
    #[inline(always)]
    fn products_minus(
        one: [&[Self::Limb; N]; 2],
        subtrahend: &[Self::Limb; N],
        other: [&[Self::Limb; N]; 2],
    ) -> [[Self::Limb; N]; 2] {
        let [one, other] = Self::products(one, other);
        [Self::tidy(&array::from_fn(|index| one[index] - subtrahend[index])), other]
    }

    /// Multiples of the generator for secrets.
    fn comb() -> &'static Comb<Self, N>;

    /// Multiples of the generator for what is public.
    fn odd_multiples() -> &'static OddMultiples<Self, N>;
}
