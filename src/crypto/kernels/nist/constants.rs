//! The elements that a curve is made of, in the form that elements have.

use super::inversion::Modulus;
use super::limbs::{self, Limbs};

/// Elements of a curve, with limbs of a kind.
#[derive(Debug)]
pub struct Constants<L, const N: usize> {
    /// 1
    pub(super) one: [L; N],
    /// What makes an element of a number by a product.
    pub(super) radix: [L; N],
    /// The curve's coefficient.
    pub(super) b: [L; N],
    /// The coordinates of the generator.
    pub(super) generator: [[L; N]; 2],
}

impl<const N: usize> Constants<i64, N> {
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

    /// The same, as doubles: carried to the nearest.
    pub(super) const fn in_doubles(&self, width: u32) -> Constants<f64, N> {
        let [x, y] = &self.generator;
        Constants {
            one: doubles(&self.one, width),
            radix: doubles(&self.radix, width),
            b: doubles(&self.b, width),
            generator: [doubles(x, width), doubles(y, width)],
        }
    }
}

const fn element<const N: usize>(digits: &str, field: &Modulus<N>, radix: u32) -> Limbs<N> {
    limbs::shifted(limbs::parse(digits, field.width), &field.value, field.width, radix)
}

const fn doubles<const N: usize>(number: &Limbs<N>, width: u32) -> [f64; N] {
    let (mut doubles, mut index, mut carry) = ([0.0; N], 0, 0);
    while index < N {
        let limb = number[index] + carry;
        carry = if index + 1 < N { limb >> (width - 1) } else { 0 };
        doubles[index] = (limb - (carry << width)) as f64;
        index += 1;
    }
    doubles
}
