//! Verdicts by keys that are met again and again, whose multiples stand in the tables, too.

use super::Random;
use crate::hash::Sha2;
use crate::nist::checks::forget_keys;
use crate::nist::{Curve, PrivateKey, Signature, p256::P256, p384::P384, p521::P521};

/// Private keys that are small, or powers of two, or the negatives of these.
fn keys<C: Curve<N>, const N: usize>() -> impl Iterator<Item = Vec<u8>> {
    let small = (1..=8u8).map(|number| [vec![0; C::BYTES - 1], vec![number]].concat());
    let powers = (0..C::BITS as usize - 1).step_by(C::BITS.div_ceil(20) as usize).map(|bit| {
        let mut bytes = vec![0; C::BYTES];
        bytes[C::BYTES - 1 - bit / 8] = 1 << (bit % 8);
        bytes
    });
    small.chain(powers)
}

/// The order less the number.
fn negative<C: Curve<N>, const N: usize>(number: &[u8]) -> Vec<u8> {
    let mut order = vec![0; C::BYTES];
    crate::nist::limbs::to_bytes(&C::ORDER.value, C::WIDTH, &mut order);
    let difference = num_bigint::BigUint::from_bytes_be(&order) - num_bigint::BigUint::from_bytes_be(number);
    let octets = difference.to_bytes_be();
    [vec![0; C::BYTES - octets.len()], octets].concat()
}

fn check<C: Curve<N>, const N: usize>() {
    let mut random = Random(u64::from(C::BITS));
    for number in keys::<C, N>().flat_map(|number| [negative::<C, N>(&number), number]) {
        forget_keys();
        let private = PrivateKey::<C, N>::from_bytes(&number).unwrap();
        let public = private.public_key();
        for _ in 0..5 {
            let mut hash = random.bytes(32);
            let signature = private.sign_prehash(Sha2::Sha256, &hash, &random.bytes(32));
            assert!(public.verify_prehash(&hash, &signature), "{number:x?}");
            let mut bytes = signature.to_bytes();
            bytes[C::BYTES + 1 + random.next() as usize % (C::BYTES - 1)] ^= 4;
            assert!(!public.verify_prehash(&hash, &Signature::from_bytes(&bytes).unwrap()), "{number:x?}");
            hash[random.next() as usize % 32] ^= 4;
            assert!(!public.verify_prehash(&hash, &signature), "{number:x?}");
        }
    }
}

#[test]
fn p256() {
    check::<P256, 11>();
}

#[test]
fn p384() {
    check::<P384, 14>();
}

#[test]
fn p521() {
    check::<P521, 18>();
}
