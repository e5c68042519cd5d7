//! Sums of two multiples, of the generator and of a point, for what is public: in variable time. Both share their doublings, and have few
//! digits that are not zero.

use super::curve::Curve;
use super::limbs;
use super::point::{Affine, Homogeneous, Jacobian};
use super::scalar::Scalar;

/// The bits of the generator's digits, and of the point's, which are odd and may be negative.
const GENERATOR_WINDOW: u32 = 7;
const POINT_WINDOW: u32 = 5;

/// The multiples 1, 3, 5, ... of the generator.
#[derive(Debug)]
pub struct OddMultiples<C: Curve<N>, const N: usize>(Vec<Affine<C, N>>);

impl<C: Curve<N>, const N: usize> OddMultiples<C, N> {
    /// The table is made, not kept in the binary: that takes less than a verification.
    pub(super) fn new() -> Self {
        Self(Affine::of_all(&odd_multiples(&Affine::GENERATOR, GENERATOR_WINDOW)))
    }

    /// `of_generator` times the generator plus `of_point` times the point.
    pub(super) fn sum_of_multiples(
        &self,
        of_generator: &Scalar<C, N>,
        of_point: &Scalar<C, N>,
        point: &Affine<C, N>,
    ) -> Homogeneous<C, N> {
        let multiples: Vec<_> = odd_multiples(point, POINT_WINDOW).into_iter().map(Jacobian::to_addend).collect();
        let (generator_digits, point_digits) = (digits(of_generator, GENERATOR_WINDOW), digits(of_point, POINT_WINDOW));
        let mut sum: Option<Jacobian<C, N>> = None;
        for (generator_digit, point_digit) in generator_digits.into_iter().zip(point_digits).rev() {
            sum = sum.map(|sum| sum.double());
            if point_digit != 0 {
                let (index, negative) = index_and_sign(point_digit);
                let addend = multiples[index].negated_if(negative);
                sum = Some(sum.map_or(addend.point.tidy(), |sum| sum.add(&addend)));
            }
            if generator_digit != 0 {
                let (index, negative) = index_and_sign(generator_digit);
                let addend = self.0[index].negated_if(negative);
                sum = Some(sum.map_or(addend.to_jacobian(), |sum| sum.add_affine(&addend)));
            }
        }
        match sum {
            Some(sum) if !sum.z.is_zero() => sum.to_homogeneous(),
            // Two points that were added have been the same or opposite, or the sum is the neutral element.
            _ => slow_sum_of_multiples(of_generator, of_point, point),
        }
    }
}

/// As [`OddMultiples::sum_of_multiples`], by formulas without exceptions.
#[inline(never)]
pub(super) fn slow_sum_of_multiples<C: Curve<N>, const N: usize>(
    of_generator: &Scalar<C, N>,
    of_point: &Scalar<C, N>,
    point: &Affine<C, N>,
) -> Homogeneous<C, N> {
    let mut sum = Homogeneous::NEUTRAL;
    for position in (0..C::BITS).rev() {
        sum = sum.add(&sum);
        for (scalar, point) in [(of_generator, &Affine::GENERATOR), (of_point, point)] {
            if limbs::window(scalar.number(), C::WIDTH, position, 1) == 1 {
                sum = sum.add(&point.to_homogeneous());
            }
        }
    }
    sum
}

/// The multiples 1, 3, 5, ... that digits of so many bits may stand for.
fn odd_multiples<C: Curve<N>, const N: usize>(point: &Affine<C, N>, window: u32) -> Vec<Jacobian<C, N>> {
    let mut multiple = point.to_jacobian();
    let twice = multiple.double().to_addend();
    let mut multiples = vec![multiple];
    for _ in 1..1 << (window - 2) {
        multiple = multiple.add(&twice);
        multiples.push(multiple);
    }
    multiples
}

/// A number as digits, one for each power of two: zero, or odd and below 2^(window - 1), of which any `window` in a row have one at most
/// that is not zero.
fn digits<C: Curve<N>, const N: usize>(number: &Scalar<C, N>, window: u32) -> Vec<i32> {
    let mut digits = vec![0; C::BITS as usize + 1];
    let (mut position, mut carry) = (0, 0);
    while position <= C::BITS {
        if limbs::window(number.number(), C::WIDTH, position, 1) == carry {
            position += 1;
            continue;
        }
        let digit = limbs::window(number.number(), C::WIDTH, position, window) + carry;
        carry = digit >> (window - 1);
        digits[position as usize] = (digit - (carry << window)) as i32;
        position += window;
    }
    digits
}

/// Where an odd digit's multiple is, and all ones if the digit is negative.
fn index_and_sign(digit: i32) -> (usize, i64) {
    (digit.unsigned_abs() as usize / 2, i64::from(digit >> 31))
}
