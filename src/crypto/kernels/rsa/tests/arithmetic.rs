//! The arithmetic beside num-bigint's.

use num_bigint::BigUint;

use super::super::limbs;
use super::super::montgomery::Modulus;
use super::Chance;

/// Numbers modulo `n`, the least and the greatest among them.
fn numbers(n: &BigUint, chance: &mut Chance) -> Vec<BigUint> {
    let one = BigUint::from(1u8);
    let mut numbers = vec![BigUint::ZERO, one.clone(), &one + &one, n - 1u8, n - 2u8, n >> 1, &one << 54];
    numbers.extend((0..4).map(|_| chance.number(n.bits()) % n));
    numbers.retain(|number| number < n);
    numbers
}

fn limbs_of(number: &BigUint, modulus: &Modulus) -> limbs::Number {
    limbs::from_octets(&number.to_bytes_be(), modulus.limbs())
}

fn number_of(limbs: &[u32]) -> BigUint {
    let mut octets = vec![0; limbs.len() * 4];
    limbs::to_octets(limbs, &mut octets);
    BigUint::from_bytes_be(&octets)
}

/// Moduli of every kind: random ones, and such as have nothing but ones, or hardly any.
fn moduli(bits: u64, chance: &mut Chance) -> Vec<BigUint> {
    let one = BigUint::from(1u8);
    let top = &one << (bits - 1);
    let random = (0..2).map(|_| chance.number(bits) | &top | &one);
    [(&top << 1) - 1u8, &top | &one, &top | (&top >> 1) | &one].into_iter().chain(random.collect::<Vec<_>>()).collect()
}

fn check(n: &BigUint, chance: &mut Chance) {
    let modulus = Modulus::from_octets(&n.to_bytes_be()).unwrap();
    let r = BigUint::from(1u8) << (modulus.limbs() * limbs::LIMB_BITS);
    let inverse = r.modinv(n).unwrap();
    let mut scratch = modulus.scratch();
    let numbers = numbers(n, chance);
    for a in &numbers {
        // Both forms of a number that are allowed.
        for a in [a.clone(), a + n] {
            let limbs = limbs_of(&a, &modulus);
            for b in &numbers {
                for b in [b.clone(), b + n] {
                    let mut product = modulus.zero();
                    modulus.multiply(&limbs, &limbs_of(&b, &modulus), &mut product, &mut scratch);
                    let product = number_of(&product);
                    assert!(product < n * 2u8);
                    assert_eq!(product % n, &a * &b * &inverse % n);
                }
            }
            let mut square = modulus.zero();
            modulus.square(&limbs, &mut square, &mut scratch);
            assert!(number_of(&square) < n * 2u8);
            assert_eq!(number_of(&square) % n, &a * &a * &inverse % n);
            let mut left = limbs.clone();
            modulus.leave(&mut left, &mut scratch);
            assert_eq!(number_of(&left), &a * &inverse % n);
            let entered = number_of(&modulus.enter(&limbs));
            assert!(entered < n * 2u8);
            assert_eq!(entered % n, &a * &r % n);
        }
        let wide = a * &r + chance.number(n.bits());
        let mut reduced = modulus.zero();
        modulus.reduce(&limbs::from_octets(&wide.to_bytes_be(), 2 * modulus.limbs()), &mut reduced, &mut scratch);
        assert_eq!(number_of(&reduced) % n, wide * &inverse % n);
    }
}

#[test]
fn products_are_those_of_the_plain_twin() {
    let mut chance = Chance(1);
    for bits in (64..300).chain([1021, 1022, 1023, 1024, 1025, 1536, 2040, 2047, 2048, 3072, 4096, 8191, 8192]) {
        for n in moduli(bits, &mut chance) {
            check(&n, &mut chance);
        }
    }
}

#[test]
fn powers_are_those_of_the_plain_twin() {
    let mut chance = Chance(2);
    for bits in [64, 79, 80, 512, 1024, 1536] {
        for n in moduli(bits, &mut chance) {
            let modulus = Modulus::from_octets(&n.to_bytes_be()).unwrap();
            let one = modulus.enter(&modulus.one());
            for a in numbers(&n, &mut chance) {
                let limbs = limbs_of(&a, &modulus);
                for exponent in [3, 5, 7, 65537, (1 << 33) - 1] {
                    let power = number_of(&modulus.public_power(&limbs, exponent));
                    assert_eq!(power, a.modpow(&exponent.into(), &n));
                }
                for exponent in [BigUint::ZERO, BigUint::from(1u8), &n - 1u8, chance.number(bits)] {
                    let mut scratch = modulus.scratch();
                    let entered = modulus.enter(&limbs);
                    let limbs = limbs_of(&exponent, &modulus);
                    let mut power = modulus.secret_power(&entered, &limbs, modulus.bits(), &one, &mut scratch);
                    modulus.leave(&mut power, &mut scratch);
                    assert_eq!(number_of(&power), a.modpow(&exponent, &n));
                }
            }
        }
    }
}

#[test]
fn remainders_are_those_of_the_plain_twin() {
    let mut chance = Chance(3);
    for bits in [1, 26, 27, 28, 54, 1024, 1079] {
        for divided in [1, 27, 1024, 2048] {
            let n = chance.number(bits) | (BigUint::from(1u8) << (bits - 1));
            let a = chance.number(divided);
            let (number, modulus) =
                (limbs::from_octets(&a.to_bytes_be(), 76), limbs::from_octets(&n.to_bytes_be(), 40));
            assert_eq!(number_of(&limbs::remainder(&number, &modulus, 40)), a % n);
        }
    }
}

#[test]
fn plain_numbers_are_those_of_the_plain_twin() {
    let mut chance = Chance(4);
    for bits in [1, 8, 27, 270, 1000, 1080] {
        for _ in 0..50 {
            let (a, b) = (chance.number(bits), chance.number(bits));
            let read = |number: &BigUint| limbs::from_octets(&number.to_bytes_be(), 40);
            let (first, second) = (read(&a), read(&b));
            assert_eq!(number_of(&first), a);
            assert_eq!(number_of(&limbs::product(&first, &second)), &a * &b);
            assert_eq!(limbs::is_less(&first, &second) == 1, a < b);
            assert_eq!(limbs::are_equal(&first, &second), a == b);
            let mut sum = first.clone();
            limbs::add(&mut sum, &second);
            assert_eq!(number_of(&sum), &a + &b);
            let mut reduced = first.clone();
            limbs::subtract_unless_less(&mut reduced, &second);
            assert_eq!(number_of(&reduced), if a < b { a.clone() } else { &a - &b });
            let mut difference = first.clone();
            assert_eq!(limbs::subtract(&mut difference, &second) == 1, a < b);
            if a >= b {
                assert_eq!(number_of(&difference), a - b);
            }
        }
    }
}

#[test]
fn moduli_that_are_even_or_too_large_are_none() {
    let one = BigUint::from(1u8);
    for number in [BigUint::ZERO, one.clone(), (&one << 64u8) + 2u8, (&one << 8192u16) + 1u8] {
        assert!(Modulus::from_octets(&number.to_bytes_be()).is_none());
    }
    let (power, n): (BigUint, BigUint) = (&one << 64, (&one << 64) + 1u8);
    let modulus = Modulus::from_octets(&n.to_bytes_be()).unwrap();
    assert!(modulus.read(&n.to_bytes_be()).is_none());
    assert!(modulus.read(&(n * 2u8).to_bytes_be()).is_none());
    assert!(modulus.read(&power.to_bytes_be()).is_some());
}

#[test]
fn masks_are_all_or_nothing() {
    for (a, b) in [(0, 0), (0, 1), (31, 31), (30, 31), (u32::MAX, u32::MAX), (0, u32::MAX), (0, 1 << 31)] {
        assert_eq!(limbs::equality_mask(a, b), if a == b { u32::MAX } else { 0 });
    }
}
