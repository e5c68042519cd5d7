//! Arithmetic of P-256, P-384 and P-521 at random, against num-bigint.

use isomorphic_tls_kernels::nist::{Curve, checks, p256::P256, p384::P384, p521::P521};
use num_bigint::BigUint;

use crate::random::Random;

/// Octets of a number of the order's length, of which many have long rows of ones or zeros.
pub(crate) fn number<C: Curve<N>, const N: usize>(random: &mut Random) -> Vec<u8> {
    let mut number = vec![0; C::BYTES];
    random.fill(&mut number);
    for _ in 0..random.below(3) {
        let (from, to) = (random.below(C::BYTES + 1), random.below(C::BYTES + 1));
        number[from.min(to)..from.max(to)].fill([0, 0xff][random.below(2)]);
    }
    number[0] &= 0xff >> (8 * C::BYTES as u32 - C::BITS);
    number
}

fn hexadecimal(digits: &str) -> BigUint {
    BigUint::parse_bytes(digits.as_bytes(), 16).unwrap_or_default()
}

fn power(exponent: u32) -> BigUint {
    BigUint::from(1u8) << exponent
}

fn padded<C: Curve<N>, const N: usize>(number: &BigUint) -> Vec<u8> {
    let octets = number.to_bytes_be();
    [vec![0; C::BYTES - octets.len()], octets].concat()
}

/// In how many cases arithmetic modulo the field's modulus is that of num-bigint.
fn fields<C: Curve<N>, const N: usize>(seed: u32, cases: u32, modulus: &BigUint) -> u32 {
    let mut random = Random::new(seed);
    let is_agreed = |_: &u32| {
        let (one, other) = (number::<C, N>(&mut random), number::<C, N>(&mut random));
        let (a, b) = (BigUint::from_bytes_be(&one), BigUint::from_bytes_be(&other));
        let are_less = &a < modulus && &b < modulus;
        let product = checks::field_product::<C, N>(&one, &other);
        let formula = checks::field_formula::<C, N>(&one, &other);
        let difference = modulus * 2u8 + &a - &b;
        let expected = &difference * &difference + &difference * &a * 3u8;
        product == are_less.then(|| padded::<C, N>(&(&a * &b % modulus)))
            && formula == are_less.then(|| padded::<C, N>(&(expected % modulus)))
    };
    (0..cases).filter(is_agreed).count() as u32
}

/// In how many cases arithmetic modulo the order is that of num-bigint.
fn scalars<C: Curve<N>, const N: usize>(seed: u32, cases: u32, order: &BigUint) -> u32 {
    let mut random = Random::new(seed);
    let is_agreed = |case: &u32| {
        let (one, other) = (number::<C, N>(&mut random), number::<C, N>(&mut random));
        let (a, b) = (BigUint::from_bytes_be(&one), BigUint::from_bytes_be(&other));
        let is_in_range = |number: &BigUint| *number != BigUint::ZERO && number < order;
        let product = checks::scalar_product::<C, N>(&one, &other);
        let expected = (is_in_range(&a) && is_in_range(&b)).then(|| padded::<C, N>(&(&a * &b % order)));
        // Inverses take longer.
        let is_inverse = !case.is_multiple_of(8) || {
            let inverse = checks::scalar_inverse::<C, N>(&one);
            let product = inverse.map(|inverse| BigUint::from_bytes_be(&inverse) * &a % order);
            product == is_in_range(&a).then(|| BigUint::from(1u8))
        };
        product == expected && is_inverse
    };
    (0..cases).filter(is_agreed).count() as u32
}

/// Modulo the field's modulus of P-256.
#[unsafe(no_mangle)]
pub extern "C" fn compare_p256_field(seed: u32, cases: u32) -> u32 {
    fields::<P256, 11>(seed, cases, &(power(256) - power(224) + power(192) + power(96) - 1u8))
}

/// Modulo the field's modulus of P-384.
#[unsafe(no_mangle)]
pub extern "C" fn compare_p384_field(seed: u32, cases: u32) -> u32 {
    fields::<P384, 14>(seed, cases, &(power(384) - power(128) - power(96) + power(32) - 1u8))
}

/// Modulo the field's modulus of P-521.
#[unsafe(no_mangle)]
pub extern "C" fn compare_p521_field(seed: u32, cases: u32) -> u32 {
    fields::<P521, 18>(seed, cases, &(power(521) - 1u8))
}

/// Modulo the order of P-256.
#[unsafe(no_mangle)]
pub extern "C" fn compare_p256_scalar(seed: u32, cases: u32) -> u32 {
    let rest = hexadecimal("4319055258e8617b0c46353d039cdaaf");
    scalars::<P256, 11>(seed, cases, &(power(256) - power(224) + power(192) - rest))
}

/// Modulo the order of P-384.
#[unsafe(no_mangle)]
pub extern "C" fn compare_p384_scalar(seed: u32, cases: u32) -> u32 {
    let rest = hexadecimal("389cb27e0bc8d220a7e5f24db74f58851313e695333ad68d");
    scalars::<P384, 14>(seed, cases, &(power(384) - rest))
}

/// Modulo the order of P-521.
#[unsafe(no_mangle)]
pub extern "C" fn compare_p521_scalar(seed: u32, cases: u32) -> u32 {
    let rest = hexadecimal("5ae79787c40d069948033feb708f65a2fc44a36477663b851449048e16ec79bf7");
    scalars::<P521, 18>(seed, cases, &(power(521) - rest))
}
