//! Products of P-256 in pairs, of limbs as large as may be and of those that carry the furthest.

use num_bigint::BigInt;

use super::Random;
use crate::nist::doubles::{Doubles, HALF, LIMBS};
use crate::nist::lazy::Lazy;
use crate::nist::paired::{bias, products};

/// What magnitude 1 may be of a limb: a hundredth more than half of what the next counts, and less of the highest.
fn most(limb: usize) -> i64 {
    if limb == LIMBS - 1 { 1 << 17 } else { HALF * 101 / 100 }
}

fn modulus() -> BigInt {
    let power = |exponent: u32| BigInt::from(1) << exponent;
    power(256) - power(224) + power(192) + power(96) - 1
}

fn value(number: &Doubles) -> BigInt {
    number.limbs().iter().rev().fold(BigInt::ZERO, |value, limb| (value << 24) + limb)
}

fn is_multiple_of_modulus(number: BigInt) -> bool {
    number % modulus() == BigInt::ZERO
}

/// Limbs of magnitude 1 that are likely to be edges.
fn number(random: &mut Random) -> Doubles {
    let sign = random.next();
    Doubles::new(&std::array::from_fn(|index| {
        let most = most(index);
        let limb = match random.next() % 8 {
            0 => 0,
            1 => 1,
            2 => HALF.min(most),
            3 => (HALF - 1).min(most),
            4 => random.next().cast_signed() % most,
            _ => most,
        };
        match sign % 4 {
            0 => limb,
            1 => -limb,
            2 if index % 2 == 0 => -limb,
            3 if random.next().is_multiple_of(2) => -limb,
            _ => limb,
        }
    }))
}

fn assert_tidy(number: &Doubles) {
    for (index, limb) in number.limbs().into_iter().enumerate() {
        assert!(limb.abs() <= most(index), "limb {index} is {limb}");
    }
}

#[test]
fn products_are_right_and_tidy() {
    let mut random = Random(1);
    for _ in 0..20_000 {
        let [a, b, c, d, subtrahend] = std::array::from_fn(|_| number(&mut random));
        let (factor, times) = ([1, 2, 3][random.next() as usize % 3], [0, 1, 8, 1000][random.next() as usize % 4]);
        let (a, subtrahend) = (a.times(factor), subtrahend.times(times));
        let is = |product: &Doubles, [a, b]: [&Doubles; 2], subtrahend: &Doubles| {
            assert_tidy(product);
            let divided = value(product) + value(subtrahend);
            assert!(is_multiple_of_modulus((divided << 192) - value(a) * value(b)), "{a:?} {b:?} {subtrahend:?}");
        };
        let [one, other] = products::<false>([&a, &b], &subtrahend, [&c, &d]);
        is(&one, [&a, &b], &subtrahend);
        is(&other, [&c, &d], &Doubles::ZERO);
        let [one, other] = products::<true>([&c, &c], &subtrahend, [&d, &d]);
        is(&one, [&c, &c], &subtrahend);
        is(&other, [&d, &d], &Doubles::ZERO);
    }
}

#[test]
fn tidied_numbers_are_the_same() {
    let mut random = Random(2);
    for _ in 0..20_000 {
        let (number, factor) = (number(&mut random), [1, -3, 40, 1 << 14][random.next() as usize % 4]);
        let number = number.times(factor);
        let tidy = number.tidy();
        assert_tidy(&tidy);
        assert!(is_multiple_of_modulus(value(&tidy) - value(&number)));
        let negative = number.negated_if(-1);
        assert_eq!(value(&negative), -value(&number));
        assert_eq!(value(&number.negated_if(0)), value(&number));
    }
}

#[test]
fn edges_are_right() {
    let mut edges = vec![BigInt::ZERO, BigInt::from(1), modulus(), modulus() - 1, modulus() + 1, modulus() * 2 - 1];
    edges.extend((0..256).map(|bit| BigInt::from(1) << bit));
    edges.extend((1..256).map(|bit| (BigInt::from(1) << bit) - 1));
    let doubles = |number: &BigInt| {
        let limb = |index: usize| (number >> (24 * index)) & BigInt::from((1 << 24) - 1);
        Doubles::constant(&std::array::from_fn(|index| i64::try_from(limb(index)).unwrap()))
    };
    for (one, other) in edges.iter().zip(edges.iter().rev()).chain(edges.iter().zip(&edges)) {
        let (a, b) = (doubles(one), doubles(other));
        assert_eq!((value(&a), value(&b)), (one.clone(), other.clone()));
        for [product, square] in [
            products::<false>([&a, &b], &Doubles::ZERO, [&a, &a]),
            products::<false>([&b, &a], &Doubles::ZERO, [&a, &a]),
        ] {
            assert!(is_multiple_of_modulus((value(&product) << 192) - one * other));
            assert!(is_multiple_of_modulus((value(&square) << 192) - one * one));
        }
    }
}

/// What a column may be: of factors whose magnitudes have a product of 3, and of a subtrahend of magnitude 1000, which is more than any.
fn most_of_column(column: usize) -> i64 {
    let limbs = column.saturating_sub(LIMBS - 1)..=column.min(LIMBS - 1);
    3 * limbs.map(|index| most(index) * most(column - index)).sum::<i64>() + 1000 * HALF
}

/// Columns are whole numbers: they are exact, and have room in the lowest bits of a double near the middle, if they are less than 2^51.
#[test]
fn sums_are_exact() {
    for column in 0..2 * LIMBS - 1 {
        assert!(most_of_column(column) + bias(column).abs() < 1 << 51, "column {column}");
    }
    // The highest limb is what a multiple of 2^16 leaves, and what comes there after that was chosen: what the multiple itself, and the
    // limb two below, add to the limb below.
    let multiple = (most_of_column(18) + (HALF << 24) + (1 << (51 - 24))) >> 16;
    let brought = ((multiple << 8) + (1 << (52 - 24))) >> 24;
    assert!((1 << 15) + brought + 1 < most(LIMBS - 1));
}
