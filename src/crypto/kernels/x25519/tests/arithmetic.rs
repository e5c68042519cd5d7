//! The arithmetic modulo 2^255 - 19.

use num_bigint::BigUint;

use super::super::field::{LIMBS, position};
use super::super::numbers::{invert, multiply, square};
use super::plain::{bytes, number, p};
use super::{Random, edges};

#[test]
fn products_and_squares() {
    let mut random = Random(5);
    let cases = edges().into_iter().chain((0..2000).map(|_| random.bytes())).collect::<Vec<_>>();
    let product = |a: &[u8; 32], b: &[u8; 32]| bytes(&(number(a) * number(b) % p()));
    for (index, a) in cases.iter().enumerate() {
        let b = &cases[(index * 7 + 3) % cases.len()];
        let c = &cases[(index * 5 + 1) % cases.len()];
        assert_eq!(multiply([a, b], [b, c]), [product(a, b), product(b, c)], "{a:02x?} {b:02x?} {c:02x?}");
        assert_eq!(square([a, b]), [product(a, a), product(b, b)], "{a:02x?} {b:02x?}");
    }
    for a in edges() {
        for b in edges() {
            assert_eq!(multiply([&a, &b], [&b, &a]), [product(&a, &b); 2], "{a:02x?} {b:02x?}");
        }
    }
}

#[test]
fn inverses() {
    let mut random = Random(6);
    for a in edges().into_iter().chain((0..300).map(|_| random.bytes())) {
        let inverse = number(&a).modpow(&(p() - 2_u8), &p());
        assert_eq!(invert(&a), bytes(&inverse), "{a:02x?}");
    }
}

/// Sums of products are multiples of 2 to the column's position: they are exact if they are less than 2^53 of it.
#[test]
fn sums_are_exact() {
    let one = BigUint::from(1_u8);
    // A limb as `carried` gives it: half of what the next counts, and what the last carry has brought, a hundredth at most.
    let half = |index: usize| &one << (position(index) - 1);
    let limb = |index: usize| half(index + 1) * 101_u8 / 100_u8;
    for column in 0..LIMBS {
        let sum: BigUint = (0..LIMBS)
            .map(|i| {
                if i <= column {
                    return limb(i) * limb(column - i);
                }
                (limb(i) * limb(LIMBS + column - i) * 19_u8) >> 255
            })
            .sum();
        // One factor may be a sum of three, the other of four. What the ladder adds to products is less than what is left then.
        let most = sum * 12_u8;
        assert!(most < &one << (position(column) + 53), "column {column}");
        // What is carried from here to the next limb, and from there to the one after that, where the carries end.
        let (brought, to) = match column + 1 {
            LIMBS => ((most * 19_u8) >> 255, 1),
            next => (most, next + 1),
        };
        assert!(brought * 100_u8 < half(to + 1), "column {column}");
    }
}
