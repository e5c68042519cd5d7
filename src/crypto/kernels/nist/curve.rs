//! What is different from curve to curve.

use std::fmt::Debug;

use super::fixed_base::Comb;
use super::inversion::Modulus;
use super::limbs::Limbs;
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
    /// Whether [`Self::reduce`] and [`Self::tidy`] carry to the nearest, so that limbs may be below zero.
    const ROUNDS: bool;
    /// The curve's coefficient.
    const B: Limbs<N>;
    /// The coordinates of the generator.
    const GENERATOR: [Limbs<N>; 2];

    /// The limbs of a product.
    fn multiply(one: &Limbs<N>, other: &Limbs<N>) -> [Limbs<N>; 2];

    /// The limbs of a square.
    fn square(number: &Limbs<N>) -> [Limbs<N>; 2];

    /// Divide a product by 2^RADIX, modulo the field's modulus. Its limbs are not carried.
    fn reduce(wide: [Limbs<N>; 2]) -> Limbs<N>;

    /// Carry, and bring a small multiple of the modulus into the range of what [`Self::reduce`] gives.
    fn tidy(limbs: Limbs<N>) -> Limbs<N>;

    /// Multiples of the generator for secrets.
    fn comb() -> &'static Comb<Self, N>;

    /// Multiples of the generator for what is public.
    fn odd_multiples() -> &'static OddMultiples<Self, N>;
}
