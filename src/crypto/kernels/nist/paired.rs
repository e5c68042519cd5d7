//! Two products modulo the field's modulus of P-256 at once, side by side in vectors of doubles.

use core::hint::black_box;

use crate::lanes::Pair;

/// How many limbs a number has, of 24 bits.
const LIMBS: usize = 11;
/// How many limbs a product has before it is reduced.
const COLUMNS: usize = 2 * LIMBS - 1;

/// A number's limbs.
pub(super) type Limbs = [f64; LIMBS];

type Two = [Pair; LIMBS];

const fn power(exponent: isize) -> f64 {
    f64::from_bits(((exponent + 1023) as u64) << 52)
}

/// An array of what an expression is for each index. (Closures in loops are not always unrolled.)
macro_rules! each {
    ($name:ident => $value:expr) => {
        each!($name => $value; 0 1 2 3 4 5 6 7 8 9 10)
    };
    ($name:ident => $value:expr; $($index:literal)*) => {
        [$({
            const $name: usize = $index;
            $value
        }),*]
    };
}

/// Constants that are read from memory: engines make those of the code with three instructions at each use.
struct Constants {
    /// Near to it doubles are multiples of 2^24.
    rounding: Pair,
    /// Near to it doubles are multiples of 2^16.
    rounding_16: Pair,
    power_8: Pair,
    power_16: Pair,
    power_minus_16: Pair,
    power_minus_24: Pair,
    never: usize,
}

static CONSTANTS: Constants = Constants {
    rounding: Pair::both(1.5 * power(52 + 24)),
    rounding_16: Pair::both(1.5 * power(52 + 16)),
    power_8: Pair::both(power(8)),
    power_16: Pair::both(power(16)),
    power_minus_16: Pair::both(power(-16)),
    power_minus_24: Pair::both(power(-24)),
    never: COLUMNS,
};

pub(super) const ZERO: Limbs = [0.0; LIMBS];

/// The products of the first two less a number, and of the second two.
#[inline(never)]
pub(super) fn products_minus(one: [&Limbs; 2], subtrahend: &Limbs, other: [&Limbs; 2]) -> [Limbs; 2] {
    let constants = black_box(&CONSTANTS);
    let a = each!(K => Pair::new(one[0][K], other[0][K]));
    let b = each!(K => Pair::new(one[1][K], other[1][K]));
    let wide = product(&a, &b, constants);
    let wide = reduced(wide, constants);
    let wide = each!(K => if K < LIMBS { wide[K] - Pair::new(subtrahend[K], 0.0) } else { wide[K] }; 0 1 2 3 4 5 6 7 8 9 10 11 12);
    apart(&carried(wide, constants))
}

pub(super) fn tidy(number: &Limbs) -> Limbs {
    let zero = Pair::both(0.0);
    let wide = each!(K => if K < LIMBS { Pair::new(number[K], 0.0) } else { zero }; 0 1 2 3 4 5 6 7 8 9 10 11 12);
    apart(&carried(wide, black_box(&CONSTANTS)))[0]
}

#[inline(always)]
fn apart(two: &Two) -> [Limbs; 2] {
    let mut numbers = [[0.0; LIMBS]; 2];
    each!(K => [numbers[0][K], numbers[1][K]] = two[K].numbers());
    numbers
}

#[inline(always)]
fn product(a: &Two, b: &Two, constants: &Constants) -> [Pair; COLUMNS] {
    let [c0, c1, c2, c3, c4, c5, c6] = columns::<0>(a, b, constants.never);
    let [c7, c8, c9, c10, c11, c12, c13] = columns::<7>(a, b, constants.never);
    let [c14, c15, c16, c17, c18, c19, c20] = columns::<14>(a, b, constants.never);
    [c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19, c20]
}

/// Seven columns of a product, from the first: sums of the products of limbs whose indices' sum is the column's.
#[inline(always)]
fn columns<const FIRST: usize>(a: &Two, b: &Two, never: usize) -> [Pair; 7] {
    let mut sums = each!(COLUMN => {
        let low = (FIRST + COLUMN).saturating_sub(LIMBS - 1);
        a[low] * b[FIRST + COLUMN - low]
    }; 0 1 2 3 4 5 6);
    'rows: {
        each!(I => {
            if never == I {
                break 'rows;
            }
            each!(COLUMN => {
                let (column, low) = (FIRST + COLUMN, (FIRST + COLUMN).saturating_sub(LIMBS - 1));
                if I > low && I <= column {
                    sums[COLUMN] = sums[COLUMN] + a[I] * b[column - I];
                }
            }; 0 1 2 3 4 5 6);
        }; 1 2 3 4 5 6 7 8 9 10);
    }
    sums
}

/// Carry from a limb to the next what is a multiple of 2^24.
#[inline(always)]
fn carry<const LIMB: usize>(limbs: &mut [Pair], constants: &Constants) {
    let carry = (limbs[LIMB] + constants.rounding) - constants.rounding;
    limbs[LIMB] = limbs[LIMB] - carry;
    limbs[LIMB + 1] = limbs[LIMB + 1] + carry * constants.power_minus_24;
}

/// Divide by 2^192.
#[inline(always)]
fn reduced(mut columns: [Pair; COLUMNS], constants: &Constants) -> [Pair; 13] {
    // From the highest, so that each carries what it was.
    each!(K => carry::<{ 7 - K }>(&mut columns, constants); 0 1 2 3 4 5 6 7);
    each!(K => {
        let multiple = columns[K];
        columns[K + 4] = columns[K + 4] + multiple;
        columns[K + 8] = columns[K + 8] + multiple;
        columns[K + 9] = columns[K + 9] - multiple * constants.power_8;
        columns[K + 10] = columns[K + 10] + multiple * constants.power_16;
    }; 0 1 2 3 4 5 6 7);
    each!(K => columns[8 + K]; 0 1 2 3 4 5 6 7 8 9 10 11 12)
}

#[inline(always)]
fn carried(mut limbs: [Pair; 13], constants: &Constants) -> Two {
    // 2^288 is -2^192 - 2^128 - 2^96 + 2^32 + 1.
    carry::<11>(&mut limbs, constants);
    let highest = limbs[12];
    let shifted = highest * constants.power_8;
    limbs[0] = limbs[0] + highest;
    limbs[1] = limbs[1] + shifted;
    limbs[4] = limbs[4] - highest;
    limbs[5] = limbs[5] - shifted;
    limbs[8] = limbs[8] - highest;
    each!(STEP => {
        carry::<{ 1 + STEP }>(&mut limbs, constants);
        carry::<{ 5 + STEP }>(&mut limbs, constants);
        if STEP < 2 {
            carry::<{ 8 + STEP }>(&mut limbs, constants);
        }
    }; 0 1 2);
    // 2^256 is 2^224 - 2^192 - 2^96 + 1.
    let high = (limbs[10] + constants.rounding_16) - constants.rounding_16;
    limbs[10] = limbs[10] - high;
    let highest = high * constants.power_minus_16 + limbs[11] * constants.power_8;
    limbs[0] = limbs[0] + highest;
    limbs[4] = limbs[4] - highest;
    limbs[8] = limbs[8] - highest;
    limbs[9] = limbs[9] + highest * constants.power_8;
    each!(STEP => {
        carry::<{ STEP }>(&mut limbs, constants);
        carry::<{ 4 + STEP }>(&mut limbs, constants);
        carry::<{ 8 + STEP }>(&mut limbs, constants);
    }; 0 1);
    each!(K => limbs[K])
}
