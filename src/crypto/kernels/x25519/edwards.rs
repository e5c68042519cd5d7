//! Points of edwards25519 (RFC 8032, 5.1), which stands for Curve25519 where sums of points are wanted: Hisil, Wong, Carter and Dawson,
//! "Twisted Edwards Curves Revisited" (2008), 3.1 and 3.3, arranged so that products are made two at a time. The sum is right for all
//! points.

use zeroize::{Zeroize, Zeroizing};

use super::field::{Constants, Field, Packed};
use super::ladder::quotient;

const fn little(number: u8) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[0] = number;
    bytes
}

/// The base point (RFC 8032, 5.1).
const BASE_X: [u8; 32] = [
    0x1a, 0xd5, 0x25, 0x8f, 0x60, 0x2d, 0x56, 0xc9, 0xb2, 0xa7, 0x25, 0x95, 0x60, 0xc7, 0x2c, 0x69, 0x5c, 0xdc, 0xd6,
    0xfd, 0x31, 0xe2, 0xa4, 0xc0, 0xfe, 0x53, 0x6e, 0xcd, 0xd3, 0x36, 0x69, 0x21,
];
const BASE_Y: [u8; 32] = {
    let mut y = [0x66; 32];
    y[0] = 0x58;
    y
};
/// 2 d
const TWICE_D: [u8; 32] = [
    0x59, 0xf1, 0xb2, 0x26, 0x94, 0x9b, 0xd6, 0xeb, 0x56, 0xb1, 0x83, 0x82, 0x9a, 0x14, 0xe0, 0x00, 0x30, 0xd1, 0xf3,
    0xee, 0xf2, 0x80, 0x8e, 0x19, 0xe7, 0xfc, 0xdf, 0x56, 0xdc, 0xd9, 0x06, 0x24,
];

/// X and Y, Z and T: x = X / Z, y = Y / Z, x y = T / Z.
#[derive(Clone)]
pub(super) struct Point {
    xy: Field,
    zt: Field,
    constants: &'static Constants,
}

/// A point to add: Y + X and Y - X, 2 Z and 2 d T.
pub(super) type Summand = [Packed; 2];

/// The summand's negative, if the mask is all ones.
pub(super) fn negated_if([[sum, difference], [_, product]]: &mut Summand, mask: i32) {
    for (sum, difference) in sum.iter_mut().zip(difference) {
        let exchange = (*sum ^ *difference) & mask;
        *sum ^= exchange;
        *difference ^= exchange;
    }
    for limb in product {
        *limb = (*limb ^ mask) - mask;
    }
}

impl Point {
    pub(super) fn neutral() -> Self {
        let constants = Constants::get();
        let [zero, one] = [little(0), little(1)];
        let [xy, zt] = [[&zero, &one], [&one, &zero]].map(|[a, b]| Field::new(a, b, constants));
        Self { xy, zt, constants }
    }

    pub(super) fn base() -> Self {
        let constants = Constants::get();
        let [xy, yx] = [[&BASE_X, &BASE_Y], [&BASE_Y, &BASE_X]].map(|[a, b]| Field::new(a, b, constants));
        let product = xy.times(&yx, constants);
        Self { xy, zt: Field::new(&little(1), &little(0), constants).first_and_second(&product), constants }
    }

    /// Y + X and Y - X.
    #[inline(always)]
    fn sum_and_difference(&self) -> Field {
        let yx = self.xy.swapped();
        self.xy.plus(&yx).first_and_second(&self.xy.minus(&yx))
    }

    /// This point, to add it to others.
    pub(super) fn summand(&self) -> Summand {
        let constants = self.constants;
        let [one, factors] =
            [[&little(1), &little(1)], [&little(2), &TWICE_D]].map(|[a, b]| Field::new(a, b, constants));
        let sums = self.sum_and_difference().times(&one, constants);
        let products = self.zt.times(&factors, constants);
        [sums, products].map(|product| product.packed())
    }

    /// Hisil and others, 3.1.
    #[inline(never)]
    pub(super) fn add(&mut self, summand: &Summand) {
        let constants = self.constants;
        let [sums, products] = summand.each_ref().map(|packed| Field::unpacked(packed, constants));
        // B and A; D and C.
        let ba = self.sum_and_difference().times(&sums, constants);
        let dc = self.zt.times(&products, constants);
        let (bd, ac) = (ba.firsts(&dc), ba.seconds(&dc));
        self.set(&bd.minus(&ac), &bd.plus(&ac));
    }

    /// Hisil and others, 3.3.
    #[inline(never)]
    pub(super) fn double(&mut self) {
        let constants = self.constants;
        // A and B; Z^2 and (X + Y)^2.
        let ab = self.xy.square(constants);
        let roots = self.zt.first_and_second(&self.xy.plus(&self.xy.swapped()));
        let squares = roots.square(constants).swapped();
        let ba = ab.swapped();
        // -H and -G; -E = -H - (X + Y)^2 and -F = -G + 2 Z^2. With all four negated it is the same point.
        let hg = ab.plus(&ba).firsts(&ab.minus(&ba));
        let ef = hg.plus(&squares.scaled(constants.minus_one_and_two));
        self.set(&ef, &hg);
    }

    /// Of E and F, H and G.
    #[inline(always)]
    fn set(&mut self, ef: &Field, hg: &Field) {
        let (fe, gh) = (ef.swapped(), hg.swapped());
        let (eg, fh) = (ef.first_and_second(hg), fe.first_and_second(&gh));
        self.xy = eg.times(&fh, self.constants);
        self.zt = fe.times(&gh, self.constants);
    }

    /// The x of the point of Curve25519: (1 + y) / (1 - y), RFC 7748, 4.1.
    pub(super) fn montgomery_x(&self) -> Zeroizing<[u8; 32]> {
        let (z, y) = (&self.zt, &self.xy.swapped());
        let [dividend, divisor] = [z.plus(y), z.minus(y)].map(|sum| sum.encoded(0));
        quotient(&dividend, &divisor, self.constants)
    }
}

impl Drop for Point {
    fn drop(&mut self) {
        self.xy.zeroize();
        self.zt.zeroize();
    }
}
