//! The arithmetic modulo 2^255 - 19 by itself, to compare it with another.

use super::field::{Constants, Field};

/// The products of two pairs of numbers, made side by side.
#[must_use]
pub fn multiply(left: [&[u8; 32]; 2], right: [&[u8; 32]; 2]) -> [[u8; 32]; 2] {
    let constants = Constants::get();
    let [left, right] = [left, right].map(|[first, second]| Field::new(first, second, constants));
    let product = left.times(&right, constants);
    [*product.encoded(0), *product.encoded(1)]
}

/// The squares of two numbers, made side by side.
#[must_use]
pub fn square(numbers: [&[u8; 32]; 2]) -> [[u8; 32]; 2] {
    let constants = Constants::get();
    let square = Field::new(numbers[0], numbers[1], constants).square(constants);
    [*square.encoded(0), *square.encoded(1)]
}

/// The inverse of a number; 0 has 0.
#[must_use]
pub fn invert(number: &[u8; 32]) -> [u8; 32] {
    let reduced = Field::new(number, number, Constants::get()).encoded(0);
    *super::inverse::invert(&reduced)
}
