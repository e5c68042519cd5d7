//! Keys: made here, and taken or refused.

use num_bigint::BigUint;

use super::super::der::sequence_of_integers;
use super::super::{Hash, PrivateKey, PublicKey};
use super::Chance;

/// The numbers of a private key.
#[derive(Clone)]
pub(super) struct Numbers {
    pub(super) modulus: BigUint,
    exponent: BigUint,
    d: BigUint,
    p: BigUint,
    q: BigUint,
    d_p: BigUint,
    d_q: BigUint,
    coefficient: BigUint,
}

impl Numbers {
    /// With two primes of so many bits, and a modulus of the bits of both.
    pub(super) fn new(prime_bits: u64, exponent: u64, chance: &mut Chance) -> Self {
        let p = prime(prime_bits, exponent, chance);
        Self::of_primes(p, prime(prime_bits, exponent, chance), exponent.into()).unwrap()
    }

    /// None, if the exponent has no inverse.
    pub(super) fn of_primes(p: BigUint, q: BigUint, exponent: BigUint) -> Option<Self> {
        let one = BigUint::from(1u8);
        let d = exponent.modinv(&((&p - &one) * (&q - &one)))?;
        Some(Self {
            modulus: &p * &q,
            d_p: &d % (&p - &one),
            d_q: &d % (&q - &one),
            coefficient: q.modinv(&p)?,
            exponent,
            d,
            p,
            q,
        })
    }

    pub(super) fn to_der(&self) -> Vec<u8> {
        let Self { modulus, exponent, d, p, q, d_p, d_q, coefficient } = self;
        let numbers = [&BigUint::ZERO, modulus, exponent, d, p, q, d_p, d_q, coefficient].map(BigUint::to_bytes_be);
        sequence_of_integers(&numbers.each_ref().map(|number| &number[..]))
    }

    pub(super) fn to_pkcs8(&self) -> Vec<u8> {
        let algorithm = [0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0];
        let key = self.to_der();
        let long = |tag: u8, length: usize| [tag, 0x82, (length >> 8) as u8, length as u8];
        let version = [2, 1, 0];
        let head = long(0x04, key.len());
        let length = version.len() + algorithm.len() + head.len() + key.len();
        [&long(0x30, length)[..], &version, &algorithm, &head, &key].concat()
    }

    /// A number to the power of the private exponent.
    pub(super) fn raise(&self, number: &BigUint) -> BigUint {
        let Self { p, q, d_p, d_q, coefficient, .. } = self;
        let (of_p, of_q) = (number.modpow(d_p, p), number.modpow(d_q, q));
        let h = (of_p + p - &of_q % p) * coefficient % p;
        of_q + h * q
    }

    pub(super) fn public_der(&self) -> Vec<u8> {
        sequence_of_integers(&[&self.modulus.to_bytes_be(), &self.exponent.to_bytes_be()])
    }
}

/// A prime whose first two bits are set, so that the product of two has all its bits, and of which the exponent has an inverse.
fn prime(bits: u64, exponent: u64, chance: &mut Chance) -> BigUint {
    prime_from(BigUint::from(3u8) << (bits - 2), exponent, chance)
}

/// A prime that is greater than a number by less than a quarter of the power of two in it.
fn prime_from(least: BigUint, exponent: u64, chance: &mut Chance) -> BigUint {
    let (one, exponent) = (BigUint::from(1u8), BigUint::from(exponent));
    let small = |number: &BigUint| (3u32..2000).step_by(2).any(|divisor| number % divisor == BigUint::ZERO);
    let bits = least.bits();
    loop {
        let rest = BigUint::from_bytes_be(&chance.octets(bits.div_ceil(8) as usize)) % (&one << (bits - 3));
        let number = (&least + rest) | &one;
        if !small(&number) && exponent.modinv(&(&number - 1u8)).is_some() && is_probably_prime(&number) {
            return number;
        }
    }
}

/// Fermat's test, which among random numbers of this size no composite passes.
fn is_probably_prime(number: &BigUint) -> bool {
    let one = BigUint::from(1u8);
    [2u8, 3].iter().all(|base| BigUint::from(*base).modpow(&(number - &one), number) == one)
}

/// A key whose modulus has 2047 bits: the primes have 1024.
pub(super) fn of_2047_bits(chance: &mut Chance) -> Numbers {
    let least: BigUint = BigUint::from(1u8) << 1023;
    let (p, q) = (prime_from(least.clone(), 65537, chance), prime_from(least, 65537, chance));
    let numbers = Numbers::of_primes(p, q, 65537u32.into()).unwrap();
    assert_eq!(numbers.modulus.bits(), 2047);
    numbers
}

fn is_taken(numbers: &Numbers) -> bool {
    PrivateKey::from_pkcs1_der(&numbers.to_der()).is_some()
}

#[test]
fn keys_are_taken_in_both_forms() {
    let numbers = Numbers::new(1024, 65537, &mut Chance(10));
    let keys = [PrivateKey::from_pkcs1_der(&numbers.to_der()), PrivateKey::from_pkcs8_der(&numbers.to_pkcs8())];
    for key in keys {
        assert_eq!(key.unwrap().public_key().to_der(), numbers.public_der());
    }
    assert!(PrivateKey::from_pkcs1_der(&numbers.to_pkcs8()).is_none());
    assert!(PrivateKey::from_pkcs8_der(&numbers.to_der()).is_none());
}

#[test]
fn keys_of_which_anything_is_changed_are_refused() {
    let numbers = Numbers::new(1024, 65537, &mut Chance(11));
    for (der, read) in [
        (numbers.to_der(), PrivateKey::from_pkcs1_der as fn(&[u8]) -> Option<PrivateKey>),
        (numbers.to_pkcs8(), PrivateKey::from_pkcs8_der),
    ] {
        assert!(read(&der).is_some());
        assert!(read(&[&der[..], &[0]].concat()).is_none());
        for length in 0..der.len() {
            assert!(read(&der[..length]).is_none());
        }
        for index in 0..der.len() {
            let mut changed = der.clone();
            changed[index] ^= 1 << (index % 8);
            assert!(read(&changed).is_none(), "{index}");
        }
    }
}

#[test]
fn attributes_of_keys_are_passed_over() {
    let mut der = Numbers::new(1024, 65537, &mut Chance(11)).to_pkcs8();
    let mut with = |extra: &[u8]| {
        der.extend(extra);
        let length = der.len() - 4;
        der[2..4].copy_from_slice(&(length as u16).to_be_bytes());
        PrivateKey::from_pkcs8_der(&der).is_some()
    };
    assert!(with(&[0xa0, 0]));
    assert!(!with(&[0xa0, 0]));
}

#[test]
fn parts_that_do_not_belong_together_are_refused() {
    let mut chance = Chance(12);
    let numbers = Numbers::new(1024, 65537, &mut chance);
    let other = Numbers::new(1024, 65537, &mut chance);
    assert!(is_taken(&numbers));
    let one = BigUint::from(1u8);
    let order = (&numbers.p - &one) * (&numbers.q - &one);
    type Change<'a> = Box<dyn Fn(&mut Numbers) + 'a>;
    let changes: Vec<Change<'_>> = vec![
        Box::new(|key| key.modulus = other.modulus.clone()),
        Box::new(|key| key.modulus += 2u8),
        Box::new(|key| key.exponent = 3u8.into()),
        Box::new(|key| key.exponent = 65539u32.into()),
        Box::new(|key| key.d = other.d.clone()),
        Box::new(|key| key.d += 1u8),
        Box::new(|key| key.d = BigUint::ZERO),
        // Right, but not below the modulus.
        Box::new(|key| key.d += &order * 2u8),
        Box::new(|key| std::mem::swap(&mut key.p, &mut key.q)),
        Box::new(|key| key.p = key.modulus.clone()),
        Box::new(|key| key.p = one.clone()),
        Box::new(|key| key.p = BigUint::ZERO),
        Box::new(|key| key.p = other.p.clone()),
        Box::new(|key| key.q = key.p.clone()),
        Box::new(|key| key.d_p = BigUint::ZERO),
        Box::new(|key| key.d_p += 1u8),
        Box::new(|key| key.d_p += &key.p - 1u8),
        Box::new(|key| key.d_q = key.d_p.clone()),
        Box::new(|key| key.coefficient = BigUint::ZERO),
        Box::new(|key| key.coefficient += 1u8),
        Box::new(|key| key.coefficient += &key.p),
    ];
    for (index, change) in changes.iter().enumerate() {
        let mut changed = numbers.clone();
        change(&mut changed);
        assert!(!is_taken(&changed), "{index}");
    }
    // The other way round they belong together.
    let swapped = Numbers::of_primes(numbers.q.clone(), numbers.p.clone(), numbers.exponent.clone()).unwrap();
    assert!(is_taken(&swapped));
}

#[test]
fn sizes_and_exponents_have_limits() {
    let mut chance = Chance(13);
    for (bits, exponent, taken) in [
        (1016, 65537, false),
        (1020, 65537, false),
        (1021, 65537, true),
        (1030, 65537, true),
        (1024, 3, false),
        (1024, 65521, false),
        (1024, (1 << 33) - 1, true),
    ] {
        let numbers = Numbers::new(bits, exponent, &mut chance);
        assert_eq!(is_taken(&numbers), taken, "{bits} {exponent}");
    }
    // Primes that are not of one size.
    let (p, q) = (prime(1023, 65537, &mut chance), prime(1025, 65537, &mut chance));
    for (p, q) in [(p.clone(), q.clone()), (q, p)] {
        assert!(!is_taken(&Numbers::of_primes(p, q, 65537u32.into()).unwrap()));
    }
}

#[test]
fn with_composites_for_primes_nothing_is_signed() {
    let mut chance = Chance(14);
    let composite = prime(512, 65537, &mut chance) * prime(512, 65537, &mut chance);
    let numbers = Numbers::of_primes(composite, prime(1024, 65537, &mut chance), 65537u32.into()).unwrap();
    let key = PrivateKey::from_pkcs1_der(&numbers.to_der()).unwrap();
    for octet in 0..4 {
        let random = |octets: &mut [u8]| {
            octets.fill(octet);
            Some(())
        };
        assert!(key.sign_pkcs1(Hash::Sha256, &[octet; 32], &random).is_err());
        assert!(key.sign_pss(Hash::Sha256, &[octet; 32], &random).is_err());
    }
}

#[test]
fn public_keys_are_read_strictly() {
    let mut chance = Chance(15);
    let one = BigUint::from(1u8);
    let of = |modulus: &BigUint, exponent: u64| {
        sequence_of_integers(&[&modulus.to_bytes_be(), &BigUint::from(exponent).to_bytes_be()])
    };
    let modulus = |bits: u64, chance: &mut Chance| chance.number(bits) | (&one << (bits - 1)) | &one;
    for (bits, taken) in
        [(1016, false), (1017, true), (1024, true), (2047, true), (8191, true), (8192, true), (8193, false)]
    {
        let der = of(&modulus(bits, &mut chance), 65537);
        assert_eq!(PublicKey::from_der(&der).is_some(), taken, "{bits}");
        if let Some(key) = PublicKey::from_der(&der) {
            assert_eq!((key.to_der(), key.length()), (der, bits.div_ceil(8) as usize));
        }
    }
    let modulus = modulus(2048, &mut chance);
    for (exponent, taken) in [
        (0, false),
        (1, false),
        (2, false),
        (3, true),
        (4, false),
        (65537, true),
        (65536, false),
        ((1 << 33) - 1, true),
        ((1 << 33) + 1, false),
        (u64::MAX, false),
    ] {
        assert_eq!(PublicKey::from_der(&of(&modulus, exponent)).is_some(), taken, "{exponent}");
    }
    assert!(PublicKey::from_der(&of(&(&modulus - 1u8), 65537)).is_none());
    let der = of(&modulus, 65537);
    assert!(PublicKey::from_der(&[&der[..], &[0]].concat()).is_none());
    for length in 0..der.len() {
        assert!(PublicKey::from_der(&der[..length]).is_none());
    }
    let number = modulus.to_bytes_be();
    let element =
        |contents: &[u8]| [&[0x30, 0x82, (contents.len() >> 8) as u8, contents.len() as u8], contents].concat();
    let exponent = [2, 3, 1, 0, 1];
    let good = element(&[&[2, 0x82, 1, 1, 0], &number[..], &exponent].concat());
    assert_eq!(good, der);
    for bad in [
        // Negative, with a zero too many, with a length too long, of another tag, without an exponent, with more behind it.
        element(&[&[2, 0x82, 1, 0], &number[..], &exponent].concat()),
        element(&[&[2, 0x82, 1, 2, 0, 0], &number[..], &exponent].concat()),
        element(&[&[2, 0x83, 0, 1, 1, 0], &number[..], &exponent].concat()),
        element(&[&[2, 0x82, 1, 1, 0], &number[..], &[2, 0x81, 3, 1, 0, 1]].concat()),
        element(&[&[3, 0x82, 1, 1, 0], &number[..], &exponent].concat()),
        element(&[&[2, 0x82, 1, 1, 0], &number[..]].concat()),
        element(&[&[2, 0x82, 1, 1, 0], &number[..], &[2, 0]].concat()),
        element(&[&[2, 0x82, 1, 1, 0], &number[..], &exponent, &[5, 0]].concat()),
    ] {
        assert!(PublicKey::from_der(&bad).is_none());
    }
}
