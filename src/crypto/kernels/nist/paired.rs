//! Two products modulo the field's modulus of P-256 at once, side by side in vectors.
//!
//! Sums of products are exact as doubles: the magnitudes of factors have a product of 3 at most, so that a column, which has ten products of
//! two limbs, or nine and two of the highest limb, which is small, is hardly more than 3 * 10 * 2^46, and less than 2^51 (the test
//! `sums_are_exact`). From there on they are whole numbers of 64 bits, each with [`MIDDLE_BITS`], so that none is below zero for shifts,
//! which know no sign. What these and roundings leave in limbs is known, and subtracted beforehand: see [`bias`].

use core::hint::black_box;

use super::doubles::{Doubles, HALF, LIMBS, MASK, MIDDLE, MIDDLE_BITS, MIDDLE_CARRIED};
use crate::lanes::{Bits, Pair};

/// How many limbs a product has before it is reduced.
const COLUMNS: usize = 2 * LIMBS - 1;
/// How many of them are made zero from below: this divides the product by 2^192.
const LOW: usize = 8;

/// Limbs of two numbers.
type Limbs = [Pair; LIMBS];

/// An array of what an expression is for each index. (Closures in loops are not always unrolled.)
macro_rules! each {
    ($name:ident => $value:expr; $($index:literal)*) => {
        [$({
            const $name: usize = $index;
            $value
        }),*]
    };
}

/// Constants that are read from memory: engines make those of the code with three instructions at each use.
struct Constants {
    /// What the sums of columns begin with.
    starts: [Pair; COLUMNS],
    mask: Bits,
    middle: Bits,
    middle_down_16: Bits,
    middle_down_24: Bits,
    /// What limbs have too much in the end, and what those do that have been carried to twice, or are not rounded to 24 bits.
    excess: Pair,
    fifth_excess: Pair,
    highest_excess: Pair,
    /// No limb. Leaving a sum at this one, which never happens, keeps compilers from computing all products before they add the first:
    /// there are not so many registers.
    never: usize,
}

static CONSTANTS: Constants = Constants {
    starts: each!(K => Pair::both((MIDDLE - bias(K)) as f64); 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20),
    mask: Bits::both(MASK),
    middle: Bits::both(MIDDLE_BITS),
    middle_down_16: Bits::both(MIDDLE_BITS >> 16),
    middle_down_24: Bits::both(MIDDLE_BITS >> 24),
    excess: Pair::both((MIDDLE + HALF) as f64),
    fifth_excess: Pair::both((MIDDLE + HALF + (MIDDLE_CARRIED >> 24)) as f64),
    highest_excess: Pair::both((MIDDLE + HIGHEST_EXCESS) as f64),
    never: LIMBS,
};

/// Half of 2^16, so that the multiple of 2^256 that is taken is the nearest, and what the limb below lacks at that time, since it is carried
/// to only afterwards.
const HIGHEST_EXCESS: i64 = (1 << 15) + (MIDDLE_CARRIED >> 24);

/// What is added to a column later on, beside what belongs there, less what it is to have too much.
pub(super) const fn bias(column: usize) -> i64 {
    let carried = match column {
        // Here carries begin, or what they have too much is subtracted.
        0 | 4 | 12 | 19 => 0,
        _ => MIDDLE_CARRIED,
    };
    // Limb 11 comes as a part of limb 10.
    let (mut bias, wanted) = match column {
        20 => (carried, 0),
        18 => (carried + (HALF << 24), HIGHEST_EXCESS),
        _ => (carried, HALF),
    };
    let mut index = 0;
    while index < LOW {
        // A multiple from the fifth on is a sum of two limbs.
        let multiple = if index < 4 { HALF } else { 2 * HALF };
        bias += match column.wrapping_sub(index) {
            4 if index >= 4 => multiple,
            8 => multiple,
            9 => -(multiple << 8),
            10 => multiple << 16,
            _ => 0,
        };
        index += 1;
    }
    bias - wanted
}

/// The product of two numbers less a third, and the product of two others, of magnitude 1. Of the third a limb may have 45 bits. With
/// `SQUARES` both are products of one number by itself.
#[inline(never)]
pub(super) fn products<const SQUARES: bool>(
    one: [&Doubles; 2],
    subtrahend: &Doubles,
    other: [&Doubles; 2],
) -> [Doubles; 2] {
    let constants = black_box(&CONSTANTS);
    let a = &together(one[0], other[0]);
    let b = &if SQUARES { each!(K => a[K] + a[K]; 0 1 2 3 4 5 6 7 8 9 10) } else { together(one[1], other[1]) };
    let subtrahend = &together(subtrahend, &Doubles([Pair::both(0.0); 6]));
    let multiples = multiples(columns::<0, LOW, SQUARES>(a, b, constants), constants);
    let high = columns::<16, 5, SQUARES>(a, b, constants);
    let high = each!(K => if K < 3 { high[K] - subtrahend[(8 + K) % LIMBS] } else { high[K] }; 0 1 2 3 4);
    // Compilers would put all this off to the end, where nothing is left to be done beside it.
    let folded = black_box(folded(&multiples, high, constants));
    let middle = columns::<8, 4, SQUARES>(a, b, constants);
    let upper = columns::<12, 4, SQUARES>(a, b, constants);
    let limbs = each!(K => match K {
        0..4 => (middle[K % 4] - subtrahend[K]).bits() + folded[K],
        4..8 => (upper[K % 4] - subtrahend[K]).bits() + folded[K],
        _ => folded[K],
    }; 0 1 2 3 4 5 6 7 8 9 10);
    apart(&carried(limbs, constants))
}

/// The limbs of two numbers.
#[inline(always)]
fn together(one: &Doubles, other: &Doubles) -> Limbs {
    each!(K => {
        let (one, other) = (one.0[K / 2], other.0[K / 2]);
        if K.is_multiple_of(2) { one.firsts(other) } else { one.seconds(other) }
    }; 0 1 2 3 4 5 6 7 8 9 10)
}

/// The numbers of which these are the limbs.
#[inline(always)]
fn apart(limbs: &Limbs) -> [Doubles; 2] {
    let next = each!(K => if K == 5 { Pair::both(0.0) } else { limbs[(2 * K + 1) % LIMBS] }; 0 1 2 3 4 5);
    let firsts = each!(K => limbs[2 * K].firsts(next[K]); 0 1 2 3 4 5);
    let seconds = each!(K => limbs[2 * K].seconds(next[K]); 0 1 2 3 4 5);
    [Doubles(firsts), Doubles(seconds)]
}

/// Columns of a product, from the first: sums of the products of limbs whose indices have the column's as their sum. Of a square, `b` is
/// twice `a`: products of different limbs count twice.
#[inline(always)]
fn columns<const FIRST: usize, const WIDTH: usize, const SQUARES: bool>(
    a: &Limbs,
    b: &Limbs,
    constants: &Constants,
) -> [Pair; WIDTH] {
    let first_row = |column: usize| if SQUARES { column.div_ceil(2) } else { column.saturating_sub(LIMBS - 1) };
    let product = |row: usize, column: usize| {
        let partner = column - row;
        a[row] * if SQUARES && row == partner { a[row] } else { b[partner] }
    };
    let mut sums = [Pair::both(0.0); WIDTH];
    each!(COLUMN => if COLUMN < WIDTH {
        let column = FIRST + COLUMN;
        sums[COLUMN] = product(first_row(column), column) + constants.starts[column];
    }; 0 1 2 3 4 5 6 7);
    'rows: {
        each!(ROW => {
            let has_more = ROW > first_row(FIRST) && ROW < FIRST + WIDTH;
            if ROW.is_multiple_of(2) && has_more && constants.never == ROW {
                break 'rows;
            }
            each!(COLUMN => if COLUMN < WIDTH {
                let column = FIRST + COLUMN;
                if ROW > first_row(column) && ROW <= column {
                    sums[COLUMN] = sums[COLUMN] + product(ROW, column);
                }
            }; 0 1 2 3 4 5 6 7);
        }; 1 2 3 4 5 6 7 8 9 10);
    }
    sums
}

/// The multiples of the modulus, by their limbs, that make the lowest columns zero: as the modulus is 2^256 - 2^224 + 2^192 + 2^96 - 1, each
/// column itself, and the one four below, which has added itself there. Two chains of carries run side by side. With them what is carried
/// in the end.
#[inline(always)]
fn multiples(low: [Pair; LOW], constants: &Constants) -> ([Bits; LOW], Bits) {
    let mut limbs = each!(K => low[K].bits(); 0 1 2 3 4 5 6 7);
    each!(STEP => {
        limbs[STEP + 1] = limbs[STEP + 1] + limbs[STEP].down::<24>();
        limbs[STEP + 5] = limbs[STEP + 5] + limbs[STEP + 4].down::<24>();
    }; 0 1 2);
    let (middle, last) = (limbs[3].down::<24>() - constants.middle_down_24, limbs[7].down::<24>());
    let mut multiples = each!(K => limbs[K] & constants.mask; 0 1 2 3 4 5 6 7);
    multiples[4] = multiples[4] + middle;
    each!(K => multiples[K + 4] = multiples[K + 4] + multiples[K]; 0 1 2 3);
    (multiples, last)
}

/// What the multiples, and what is above 2^256, add to the columns that are left, of which the highest are here.
#[inline(always)]
fn folded((q, carry): &([Bits; LOW], Bits), high: [Pair; 5], constants: &Constants) -> [Bits; LIMBS] {
    let mut sums =
        each!(K => if K < LOW { q[K % LOW] } else { high[K.saturating_sub(LOW)].bits() }; 0 1 2 3 4 5 6 7 8 9 10);
    sums[0] = sums[0] + *carry;
    each!(K => sums[K] = sums[K] + q[K + 4]; 0 1 2 3);
    each!(K => {
        sums[K + 1] = sums[K + 1] - q[K].up::<8>();
        sums[K + 2] = sums[K + 2] + q[K].up::<16>();
    }; 0 1 2 3 4 5 6 7);
    // 2^288 is -2^192 - 2^128 - 2^96 + 2^32 + 1, and 2^256 is 2^224 - 2^192 - 2^96 + 1.
    let eleventh = high[3].bits();
    let twelfth = high[4].bits() + eleventh.down::<24>() - constants.middle;
    sums[10] = sums[10] + (eleventh & constants.mask).up::<24>();
    let multiple = (sums[10] + sums[9].down::<24>()).down::<16>() - constants.middle_down_16;
    let (both, twelfth_up) = (multiple + twelfth, twelfth.up::<8>());
    sums[0] = sums[0] + both;
    sums[1] = sums[1] + twelfth_up;
    sums[4] = sums[4] - both;
    sums[5] = sums[5] - twelfth_up;
    sums[8] = sums[8] - both;
    sums[9] = sums[9] + multiple.up::<8>();
    sums[10] = sums[10] - multiple.up::<16>();
    sums
}

/// Carry to the nearest, in two chains side by side, of which the first goes one limb into the second.
#[inline(always)]
fn carried(mut limbs: [Bits; LIMBS], constants: &Constants) -> Limbs {
    each!(K => limbs[K + 1] = limbs[K + 1] + limbs[K].down::<24>(); 4 5 6 7 8 9);
    each!(K => limbs[K + 1] = limbs[K + 1] + limbs[K].down::<24>(); 0 1 2);
    limbs[4] = (limbs[4] & constants.mask) + limbs[3].down::<24>();
    limbs[5] = (limbs[5] & constants.mask) + limbs[4].down::<24>();
    each!(K => {
        match K {
            5 => (limbs[K] | constants.middle).doubles() - constants.fifth_excess,
            10 => limbs[K].doubles() - constants.highest_excess,
            _ => (limbs[K] & constants.mask | constants.middle).doubles() - constants.excess,
        }
    }; 0 1 2 3 4 5 6 7 8 9 10)
}
