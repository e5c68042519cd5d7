//! Products of numbers with lazy limbs, before anything is carried or reduced.

use super::limbs::{Limbs, minus};

/// Every limb by every limb.
#[inline(always)]
pub(super) fn multiply<const N: usize>(one: &Limbs<N>, other: &Limbs<N>) -> [Limbs<N>; 2] {
    let mut wide = [[0; N]; 2];
    let columns = wide.as_flattened_mut();
    for (row, limb) in one.iter().enumerate() {
        for (column, other) in other.iter().enumerate() {
            columns[row + column] += limb * other;
        }
    }
    wide
}

/// As [`multiply`], of a number by itself.
#[inline(always)]
pub(super) fn square<const N: usize>(number: &Limbs<N>) -> [Limbs<N>; 2] {
    let mut wide = [[0; N]; 2];
    let columns = wide.as_flattened_mut();
    for row in 0..N {
        columns[2 * row] += number[row] * number[row];
        let doubled = 2 * number[row];
        for column in row + 1..N {
            columns[row + column] += doubled * number[column];
        }
    }
    wide
}

/// As [`multiply`], by Karatsuba's method: of halves of so many limbs, three products do for four. Limbs with signs make it easy.
#[inline(always)]
pub(super) fn multiply_halves<const N: usize, const HALF: usize>(one: &Limbs<N>, other: &Limbs<N>) -> [Limbs<N>; 2] {
    let ([one_low, one_high], [other_low, other_high]) = (halves::<N, HALF>(one), halves(other));
    let differences = multiply(&minus(&one_low, &one_high), &minus(&other_low, &other_high));
    joined(multiply(&one_low, &other_low), multiply(&one_high, &other_high), differences)
}

/// As [`square`], by Karatsuba's method.
#[inline(always)]
pub(super) fn square_halves<const N: usize, const HALF: usize>(number: &Limbs<N>) -> [Limbs<N>; 2] {
    let [low, high] = halves::<N, HALF>(number);
    joined(square(&low), square(&high), square(&minus(&low, &high)))
}

#[inline(always)]
fn halves<const N: usize, const HALF: usize>(number: &Limbs<N>) -> [Limbs<HALF>; 2] {
    [core::array::from_fn(|index| number[index]), core::array::from_fn(|index| number[HALF + index])]
}

/// The product of (a + b * x) and (c + d * x), of ac, bd and (a - b) * (c - d).
#[inline(always)]
fn joined<const N: usize, const HALF: usize>(
    low: [Limbs<HALF>; 2],
    high: [Limbs<HALF>; 2],
    differences: [Limbs<HALF>; 2],
) -> [Limbs<N>; 2] {
    let (low, high, differences) = (low.as_flattened(), high.as_flattened(), differences.as_flattened());
    let mut wide = [[0; N]; 2];
    let columns = wide.as_flattened_mut();
    columns[..N].copy_from_slice(low);
    columns[N..].copy_from_slice(high);
    for index in 0..N {
        // On the way there may be an overflow, but not in the end.
        let middle = low[index].wrapping_add(high[index]).wrapping_sub(differences[index]);
        columns[HALF + index] += middle;
    }
    wide
}
