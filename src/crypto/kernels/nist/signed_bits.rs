//! Odd numbers as sums of powers of two, each of them added or subtracted, none left out: what has no zeros has no branches.

use super::curve::Curve;
use super::limbs;
use super::scalar::Scalar;

/// The signs of so many powers of two whose sum is an odd number.
///
/// The sum of 2^i * (2 * b_i - 1) is the number k where the bits b_i are those of (k + 2^length - 1) / 2.
pub(super) struct SignedBits<'a, C: Curve<N>, const N: usize> {
    number: &'a Scalar<C, N>,
    length: u32,
}

impl<'a, C: Curve<N>, const N: usize> SignedBits<'a, C, N> {
    /// Of an odd number; so many as it has bits, or more.
    pub(super) fn new(number: &'a Scalar<C, N>, length: u32) -> Self {
        Self { number, length }
    }

    /// The signs of a window of powers: 1 where one is added.
    pub(super) fn window(&self, position: u32, bits: u32) -> i64 {
        let window = limbs::window(self.number.number(), C::WIDTH, position + 1, bits);
        let is_highest = position + bits == self.length;
        window | (i64::from(is_highest) << (bits - 1))
    }
}

/// Which of the odd numbers 1, 3, 5, ... a window of signs stands for, and all ones if it stands for its negative.
pub(super) fn index_and_sign(window: i64, bits: u32) -> (usize, i64) {
    let negative = (window >> (bits - 1)) - 1;
    let index = (window ^ negative) & limbs::mask(bits - 1);
    (index as usize, negative)
}
