//! The Montgomery ladder (RFC 7748, 5), arranged so that products are made two at a time.

use core::hint::black_box;

use zeroize::{Zeroize, Zeroizing};

use super::field::{Constants, Field, Product, each};
use super::inverse::invert;

const ONE: [u8; 32] = {
    let mut one = [0; 32];
    one[0] = 1;
    one
};

/// Two points of which the difference is known, as x / z: the first is the sum of those of the step before, the second is twice one of
/// them.
struct Ladder {
    x: Field,
    z: Field,
    /// The x of the difference, and 0.
    difference: Field,
    constants: &'static Constants,
}

/// The x of a point's multiple, of a scalar whose lowest bit is 0. Bits of the scalar above 255 do not count.
pub(super) fn multiple(scalar: &[u8; 32], x: &[u8; 32]) -> Zeroizing<[u8; 32]> {
    let constants = Constants::get();
    // The point, and the neutral element: as if the bit before the highest had been 0.
    let mut ladder = Ladder {
        x: Field::new(x, &ONE, constants),
        z: Field::new(&ONE, &[0; 32], constants),
        difference: Field::new(x, &[0; 32], constants),
        constants,
    };
    let mut previous = 0;
    for index in (0..255).rev() {
        let bit = u64::from(scalar[index / 8] >> (index % 8)) & 1;
        // After a bit 0 the second point is the lower multiple, after a bit 1 the first. With a bit 0 the lower is doubled.
        ladder.step(black_box(0_u64.wrapping_sub(bit ^ previous)));
        previous = bit;
    }
    ladder.second()
}

impl Ladder {
    /// Twice the second point, or the first if the mask is all ones, and the sum of both. (RFC 7748 has names for what is on the way: A to
    /// E, AA, BB, CB and DA.) Not inlined, or loops get copies of it.
    #[inline(never)]
    fn step(&mut self, double_first: u64) {
        let constants = self.constants;
        // C and A; D and B.
        let sum = self.x.plus(&self.z);
        let difference = self.x.minus(&self.z);
        let doubled = sum.firsts(&difference).select(&sum.seconds(&difference), double_first);
        // AA and BB; CB and DA.
        let squares = doubled.squared(constants).carried(constants);
        let products = sum.multiplied(&difference.swapped(), constants).carried(constants);
        // CB + DA and AA + BB; CB - DA and AA - BB = E.
        let (above, below) = (products.firsts(&squares), products.seconds(&squares));
        let (plus, minus) = (above.plus(&below), above.minus(&below));
        let minus_squared = minus.squared(constants).carried(constants);
        // x_3 = (CB + DA)^2; 4 x_2 = 4 AA BB = (AA + BB)^2 - E^2.
        let squared = plus.squared(constants).0;
        let x = each!(K => squared[K].first_and_second(squared[K] - minus_squared.0[K]));
        self.x = Product(x).carried(constants);
        // z_3 = (CB - DA)^2 x_1; 4 z_2 = 4 E (AA + a24 E) = 2 E (AA + BB) + 486662 E^2.
        let left = minus_squared.first_and_second(&minus);
        let right = self.difference.first_and_second(&plus.plus(&plus));
        let product = left.multiplied(&right, constants).0;
        let z = each!(K => product[K] + minus_squared.0[K] * constants.coefficient);
        self.z = Product(z).carried(constants);
    }

    /// x / z of the second point; 0 for the neutral element.
    fn second(&self) -> Zeroizing<[u8; 32]> {
        quotient(&self.x.encoded(1), &self.z.encoded(1), self.constants)
    }
}

/// One number divided by another; 0 if that is 0.
pub(super) fn quotient(dividend: &[u8; 32], divisor: &[u8; 32], constants: &Constants) -> Zeroizing<[u8; 32]> {
    let inverse = invert(divisor);
    let [mut left, mut right] = [dividend, &inverse].map(|number| Field::new(number, &[0; 32], constants));
    let quotient = left.times(&right, constants).encoded(0);
    left.zeroize();
    right.zeroize();
    quotient
}

impl Drop for Ladder {
    fn drop(&mut self) {
        for secret in [&mut self.x, &mut self.z, &mut self.difference] {
            secret.zeroize();
        }
    }
}
