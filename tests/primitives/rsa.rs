//! RSA: ours and ring's.

use std::ptr;
use std::slice;

use isomorphic_tls_kernels::rsa::{Hash, PrivateKey, PublicKey};
use num_bigint::BigUint;
use ring::signature::{self, RsaKeyPair, UnparsedPublicKey};

use crate::random::Random;

/// Octets of a modulus, at most.
const LONGEST: usize = 1024;

unsafe fn bytes<'a>(place: *const u8, length: usize) -> &'a [u8] {
    unsafe { slice::from_raw_parts(place, length) }
}

fn boxed<T>(value: Option<T>) -> *mut T {
    value.map_or(ptr::null_mut(), |value| Box::into_raw(Box::new(value)))
}

/// A private key of ours, from PKCS#1; null if it is refused.
///
/// # Safety
/// The octets are there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rsa_key(der: *const u8, length: usize) -> *mut PrivateKey {
    boxed(PrivateKey::from_pkcs1_der(unsafe { bytes(der, length) }))
}

/// A private key of ring's, from PKCS#1; null if it is refused.
///
/// # Safety
/// The octets are there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ring_rsa_key(der: *const u8, length: usize) -> *mut RsaKeyPair {
    boxed(RsaKeyPair::from_der(unsafe { bytes(der, length) }).ok())
}

/// Sign a SHA-256 with PKCS#1; gives the length.
///
/// # Safety
/// The key is of `rsa_key`, the digest has 32 octets, and there is room for a signature.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rsa_sign_pkcs1(key: *const PrivateKey, digest: *const u8, to: *mut u8) -> usize {
    let signature = unsafe { (*key).sign_pkcs1(Hash::Sha256, bytes(digest, 32), &counted) };
    unsafe { give(signature.ok(), to) }
}

/// Sign a SHA-256 with PSS; gives the length.
///
/// # Safety
/// As for `rsa_sign_pkcs1`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rsa_sign_pss(key: *const PrivateKey, digest: *const u8, to: *mut u8) -> usize {
    let signature = unsafe { (*key).sign_pss(Hash::Sha256, bytes(digest, 32), &counted) };
    unsafe { give(signature.ok(), to) }
}

/// Sign a message with SHA-256 and PKCS#1, by ring; gives the length. (For PSS ring has entropy of its own alone, which is not to be had
/// here.)
///
/// # Safety
/// The key is of `ring_rsa_key`, the message has 32 octets, and there is room for a signature.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ring_rsa_sign_pkcs1(key: *const RsaKeyPair, message: *const u8, to: *mut u8) -> usize {
    let mut signature = vec![0; unsafe { (*key).public().modulus_len() }];
    let random = ring::rand::SystemRandom::new();
    let encoding = &signature::RSA_PKCS1_SHA256;
    let signed = unsafe { (*key).sign(encoding, &random, bytes(message, 32), &mut signature) };
    unsafe { give(signed.ok().map(|()| signature), to) }
}

/// Whether a signature with PKCS#1 is of a SHA-256.
///
/// # Safety
/// The octets are there, 32 of the digest.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rsa_verify_pkcs1(
    key: *const u8,
    key_length: usize,
    digest: *const u8,
    signature: *const u8,
    length: usize,
) -> u32 {
    let key = PublicKey::from_der(unsafe { bytes(key, key_length) });
    let verify =
        |key: PublicKey| unsafe { key.verify_pkcs1(Hash::Sha256, bytes(digest, 32), bytes(signature, length)) };
    key.is_some_and(verify).into()
}

/// Whether a signature with PSS is of a SHA-256.
///
/// # Safety
/// As for `rsa_verify_pkcs1`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rsa_verify_pss(
    key: *const u8,
    key_length: usize,
    digest: *const u8,
    signature: *const u8,
    length: usize,
) -> u32 {
    let key = PublicKey::from_der(unsafe { bytes(key, key_length) });
    let verify = |key: PublicKey| unsafe { key.verify_pss(Hash::Sha256, bytes(digest, 32), bytes(signature, length)) };
    key.is_some_and(verify).into()
}

/// Whether ring says that a signature with SHA-256 and PKCS#1 is of a message.
///
/// # Safety
/// The octets are there, 32 of the message.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ring_rsa_verify_pkcs1(
    key: *const u8,
    key_length: usize,
    message: *const u8,
    signature: *const u8,
    length: usize,
) -> u32 {
    let key = UnparsedPublicKey::new(&signature::RSA_PKCS1_2048_8192_SHA256, unsafe { bytes(key, key_length) });
    unsafe { key.verify(bytes(message, 32), bytes(signature, length)) }.is_ok().into()
}

unsafe fn give(signature: Option<Vec<u8>>, to: *mut u8) -> usize {
    let signature = signature.unwrap_or_default();
    unsafe { to.copy_from(signature.as_ptr(), signature.len().min(LONGEST)) };
    signature.len()
}

/// Octets that are not random, and do for measurements.
fn counted(octets: &mut [u8]) -> Option<()> {
    for (octet, number) in octets.iter_mut().zip((1..=251).cycle()) {
        *octet = number;
    }
    Some(())
}

/// In how many cases a public operation is what num-bigint makes it: moduli of 1024 to 8192 bits, most of them small, with exponents and
/// operands of all kinds.
#[unsafe(no_mangle)]
pub extern "C" fn compare_rsa_montgomery(seed: u32, cases: u32) -> u32 {
    let mut random = Random::new(seed);
    (0..cases).map(|_| u32::from(is_power(&mut random))).sum()
}

fn is_power(random: &mut Random) -> bool {
    let bits = match random.below(200) {
        0 => 1017 + random.below(8192 - 1016),
        _ => 1017 + random.below(200),
    };
    let exponent = match random.below(200) {
        0 => 65537,
        1 => (random.next() >> 31) | 3,
        _ => [3u64, 5, 7][random.below(3)],
    };
    let one = BigUint::from(1u8);
    let modulus = number(random, bits) | (&one << (bits - 1)) | &one;
    let operand = match random.below(8) {
        0 => &modulus - 1usize - random.below(3),
        1 => BigUint::from(random.next() >> 1 | 1),
        _ => number(random, bits) % &modulus,
    };
    let (modulus_octets, length) = (modulus.to_bytes_be(), bits.div_ceil(8));
    let Some(key) = PublicKey::from_der(&sequence(&[&modulus_octets, &BigUint::from(exponent).to_bytes_be()])) else {
        return false;
    };
    let expected = (operand != BigUint::ZERO).then(|| padded(&power(&operand, exponent, &modulus), length));
    key.open(&padded(&operand, length)) == expected
}

/// By num-bigint: without its Montgomery form, where that is faster.
fn power(base: &BigUint, exponent: u64, modulus: &BigUint) -> BigUint {
    match exponent {
        0..8 => (1..exponent).fold(base.clone(), |power, _| power * base % modulus),
        _ => base.modpow(&exponent.into(), modulus),
    }
}

/// A number of so many bits; some of them with long runs of ones or zeros.
pub(crate) fn number(random: &mut Random, bits: usize) -> BigUint {
    let mut octets = vec![0; bits.div_ceil(8)];
    random.fill(&mut octets);
    if random.below(4) == 0 {
        let (from, to) = (random.below(octets.len()), random.below(octets.len()));
        let run = if random.below(2) == 0 { 0 } else { 0xff };
        octets[from.min(to)..from.max(to)].fill(run);
    }
    BigUint::from_bytes_be(&octets) % (BigUint::from(1u8) << bits)
}

fn padded(number: &BigUint, length: usize) -> Vec<u8> {
    let octets = number.to_bytes_be();
    [vec![0; length - octets.len()], octets].concat()
}

/// A SEQUENCE of INTEGERs.
pub(crate) fn sequence(numbers: &[&[u8]]) -> Vec<u8> {
    let element = |tag: u8, contents: &[u8]| {
        let length = contents.len();
        let head = match length {
            0..=0x7f => vec![tag, length as u8],
            0x80..=0xff => vec![tag, 0x81, length as u8],
            _ => vec![tag, 0x82, (length >> 8) as u8, length as u8],
        };
        [&head, contents].concat()
    };
    let integer = |number: &&[u8]| {
        let sign: &[u8] = if number.first().is_some_and(|first| *first >= 0x80) { &[0] } else { &[] };
        element(0x02, &[sign, number].concat())
    };
    element(0x30, &numbers.iter().flat_map(integer).collect::<Vec<_>>())
}
