//! Keys of RSA, the same each time, made when they are first needed.

use std::sync::OnceLock;

use isomorphic_tls_kernels::rsa::{PrivateKey, checks};
use num_bigint::BigUint;

use crate::random::Random;
use crate::rsa::{number, sequence};

/// Bits of the primes, where moduli are shorter than the 2048 bits that are taken otherwise: among them such as fill their limbs of 27 bits.
const SHORT: [usize; 6] = [512, 512, 513, 521, 536, 540];
const LONG: [usize; 3] = [1024, 1024, 1053];

/// A private key, and its `RSAPublicKey` in DER.
pub(crate) struct Key {
    pub(crate) private: PrivateKey,
    pub(crate) public: Vec<u8>,
    pub(crate) is_long: bool,
}

/// One of those shorter than 2048 bits.
pub(crate) fn short(random: &mut Random) -> &'static Key {
    static KEYS: OnceLock<Vec<Key>> = OnceLock::new();
    one_of(&KEYS, random, &SHORT)
}

/// One of the others.
pub(crate) fn long(random: &mut Random) -> &'static Key {
    static KEYS: OnceLock<Vec<Key>> = OnceLock::new();
    one_of(&KEYS, random, &LONG)
}

fn one_of(keys: &'static OnceLock<Vec<Key>>, random: &mut Random, sizes: &[usize]) -> &'static Key {
    let keys = keys.get_or_init(|| {
        let mut random = Random::new(sizes.len() as u32);
        let keys = sizes.iter().filter_map(|bits| Key::new(&mut random, *bits)).collect::<Vec<_>>();
        assert_eq!(keys.len(), sizes.len(), "a key was refused");
        keys
    });
    &keys[random.below(keys.len())]
}

impl Key {
    fn new(random: &mut Random, bits: usize) -> Option<Self> {
        let (one, exponent) = (BigUint::from(1u8), BigUint::from(65537u32));
        let (p, q) = (prime(random, bits), prime(random, bits));
        let modulus = &p * &q;
        let d = exponent.modinv(&((&p - &one) * (&q - &one)))?;
        let (d_p, d_q, coefficient) = (&d % (&p - &one), &d % (&q - &one), q.modinv(&p)?);
        let numbers = [&BigUint::ZERO, &modulus, &exponent, &d, &p, &q, &d_p, &d_q, &coefficient];
        let numbers = numbers.map(BigUint::to_bytes_be);
        let numbers = numbers.each_ref().map(Vec::as_slice);
        let private = checks::private_key_of_any_length(&sequence(&numbers))?;
        Some(Self { private, public: sequence(&numbers[1..3]), is_long: 2 * bits >= 2048 })
    }
}

/// A prime of so many bits, the first two of them set.
fn prime(random: &mut Random, bits: usize) -> BigUint {
    let one = BigUint::from(1u8);
    let base = BigUint::from(2u8);
    loop {
        let candidate = number(random, bits) | (BigUint::from(3u8) << (bits - 2)) | &one;
        let has_factor = (3u32..2000).step_by(2).any(|divisor| &candidate % divisor == BigUint::ZERO);
        if !has_factor && &candidate % 65537u32 != one && base.modpow(&(&candidate - &one), &candidate) == one {
            return candidate;
        }
    }
}
