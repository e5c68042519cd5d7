//! The elements that a curve is made of, in the form that elements have.

use super::doubles::{Doubles, LIMBS};
use super::inversion::Modulus;
use super::limbs::{self, Limbs};

/// Elements of a curve.
#[derive(Debug)]
pub struct Constants<L> {
    /// 1
    pub(super) one: L,
    /// What makes an element of a number by a product.
    pub(super) radix: L,
    /// The curve's coefficient.
    pub(super) b: L,
    /// The coordinates of the generator.
    pub(super) generator: [L; 2],
}

impl<const N: usize> Constants<Limbs<N>> {
    /// Of hexadecimal digits. What elements are multiplied by within is 2 to the power of `radix`.
    pub(super) const fn new(field: &Modulus<N>, radix: u32, b: &str, [x, y]: [&str; 2]) -> Self {
        let one = element("1", field, radix);
        Self {
            one,
            radix: limbs::shifted(one, &field.value, field.width, radix),
            b: element(b, field, radix),
            generator: [element(x, field, radix), element(y, field, radix)],
        }
    }
}

impl Constants<Limbs<LIMBS>> {
    /// The same as doubles.
    pub(super) const fn in_doubles(&self) -> Constants<Doubles> {
        let [x, y] = &self.generator;
        Constants {
            one: Doubles::constant(&self.one),
            radix: Doubles::constant(&self.radix),
            b: Doubles::constant(&self.b),
            generator: [Doubles::constant(x), Doubles::constant(y)],
        }
    }
}

const fn element<const N: usize>(digits: &str, field: &Modulus<N>, radix: u32) -> Limbs<N> {
    limbs::shifted(limbs::parse(digits, field.width), &field.value, field.width, radix)
}
