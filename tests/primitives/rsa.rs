//! RSA: ours and ring's.

use std::ptr;
use std::slice;
use std::sync::OnceLock;

use isomorphic_tls_kernels::rsa::{Hash, PrivateKey, PublicKey};
use num_bigint::BigUint;
use ring::digest;
use ring::signature::{self, RsaKeyPair, RsaParameters, UnparsedPublicKey};

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
fn number(random: &mut Random, bits: usize) -> BigUint {
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

/// In how many cases our signatures are those of ring (PKCS#1), or what ring verifies (PSS).
#[unsafe(no_mangle)]
pub extern "C" fn compare_rsa_sign(seed: u32, cases: u32) -> u32 {
    let mut random = Random::new(seed);
    (0..cases).map(|_| u32::from(is_signature(&mut random).unwrap_or(false))).sum()
}

fn is_signature(random: &mut Random) -> Option<bool> {
    let key = &keys()[random.below(2)];
    let kind = &KINDS[random.below(KINDS.len())];
    let message: [u8; 32] = random.bytes();
    let signature = kind.sign(key, &message, random.next())?;
    let is_valid = UnparsedPublicKey::new(kind.algorithm, &key.public).verify(&message, &signature).is_ok();
    let Some(encoding) = kind.encoding else {
        return Some(is_valid);
    };
    let mut of_ring = vec![0; key.ring.public().modulus_len()];
    key.ring.sign(encoding, &ring::rand::SystemRandom::new(), &message, &mut of_ring).ok()?;
    Some(is_valid && of_ring == signature)
}

/// In how many cases ours and ring are of one mind about a signature: good ones, and such as are changed, or of another key, hash,
/// padding or message.
#[unsafe(no_mangle)]
pub extern "C" fn compare_rsa_verify(seed: u32, cases: u32) -> u32 {
    let mut random = Random::new(seed);
    let mut made = None;
    let mut agreed = 0;
    for case in 0..cases {
        // Signatures take longest: each serves for some cases.
        if case % 16 == 0 {
            made = Made::new(&mut random);
        }
        agreed += u32::from(made.as_ref().is_some_and(|made| made.is_agreed(&mut random, case % 16 == 0)));
    }
    agreed
}

/// A signature, and of what it is.
struct Made {
    key: &'static Key,
    kind: &'static Kind,
    message: [u8; 32],
    signature: Vec<u8>,
}

impl Made {
    fn new(random: &mut Random) -> Option<Self> {
        let (key, kind) = (&keys()[random.below(2)], &KINDS[random.below(KINDS.len())]);
        let message = random.bytes();
        let signature = kind.sign(key, &message, random.next())?;
        Some(Self { key, kind, message, signature })
    }

    /// Of the signature as it is, or with something changed.
    fn is_agreed(&self, random: &mut Random, as_it_is: bool) -> bool {
        let (mut public, mut kind) = (self.key.public.clone(), self.kind);
        let (mut message, mut signature) = (self.message, self.signature.clone());
        let change = if as_it_is { usize::MAX } else { random.below(8) };
        match change {
            0 => message = random.bytes(),
            1 => kind = &KINDS[random.below(KINDS.len())],
            2 => public.clone_from(&keys()[random.below(2)].public),
            3 => signature.truncate(random.below(signature.len())),
            4 => signature.push(0),
            5 => {
                let bit = random.below(8 * public.len());
                public[bit / 8] ^= 1 << (bit % 8);
            }
            6 | 7 => {
                let bit = random.below(8 * signature.len());
                signature[bit / 8] ^= 1 << (bit % 8);
            }
            _ => {}
        }
        let is_valid = UnparsedPublicKey::new(kind.algorithm, &public).verify(&message, &signature).is_ok();
        let ours = PublicKey::from_der(&public).filter(|key| key.length() >= 256);
        is_valid == ours.is_some_and(|key| kind.is_valid(&key, &message, &signature)) && (is_valid || !as_it_is)
    }
}

/// A hash and a padding; ring's encoding for PKCS#1 alone, which needs no entropy.
struct Kind {
    hash: Hash,
    digest: &'static digest::Algorithm,
    algorithm: &'static RsaParameters,
    encoding: Option<&'static dyn signature::RsaEncoding>,
}

static KINDS: [Kind; 6] = [
    Kind {
        hash: Hash::Sha256,
        digest: &digest::SHA256,
        algorithm: &signature::RSA_PKCS1_2048_8192_SHA256,
        encoding: Some(&signature::RSA_PKCS1_SHA256),
    },
    Kind {
        hash: Hash::Sha384,
        digest: &digest::SHA384,
        algorithm: &signature::RSA_PKCS1_2048_8192_SHA384,
        encoding: Some(&signature::RSA_PKCS1_SHA384),
    },
    Kind {
        hash: Hash::Sha512,
        digest: &digest::SHA512,
        algorithm: &signature::RSA_PKCS1_2048_8192_SHA512,
        encoding: Some(&signature::RSA_PKCS1_SHA512),
    },
    Kind {
        hash: Hash::Sha256,
        digest: &digest::SHA256,
        algorithm: &signature::RSA_PSS_2048_8192_SHA256,
        encoding: None,
    },
    Kind {
        hash: Hash::Sha384,
        digest: &digest::SHA384,
        algorithm: &signature::RSA_PSS_2048_8192_SHA384,
        encoding: None,
    },
    Kind {
        hash: Hash::Sha512,
        digest: &digest::SHA512,
        algorithm: &signature::RSA_PSS_2048_8192_SHA512,
        encoding: None,
    },
];

impl Kind {
    fn sign(&self, key: &Key, message: &[u8], seed: u64) -> Option<Vec<u8>> {
        let digest = digest::digest(self.digest, message);
        let random = |octets: &mut [u8]| {
            Random::new(seed as u32).fill(octets);
            Some(())
        };
        let signature = match self.encoding {
            Some(_) => key.ours.sign_pkcs1(self.hash, digest.as_ref(), &random),
            None => key.ours.sign_pss(self.hash, digest.as_ref(), &random),
        };
        signature.ok()
    }

    fn is_valid(&self, key: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
        let digest = digest::digest(self.digest, message);
        match self.encoding {
            Some(_) => key.verify_pkcs1(self.hash, digest.as_ref(), signature),
            None => key.verify_pss(self.hash, digest.as_ref(), signature),
        }
    }
}

/// A key of 2048 bits, in both implementations.
struct Key {
    ours: PrivateKey,
    ring: RsaKeyPair,
    public: Vec<u8>,
}

/// Two keys, made when they are first needed.
fn keys() -> &'static [Key] {
    static KEYS: OnceLock<Vec<Key>> = OnceLock::new();
    KEYS.get_or_init(|| {
        let mut random = Random::new(1);
        let keys = (0..2).filter_map(|_| Key::new(&mut random)).collect::<Vec<_>>();
        assert_eq!(keys.len(), 2, "a key was refused");
        keys
    })
}

impl Key {
    fn new(random: &mut Random) -> Option<Self> {
        let (one, exponent) = (BigUint::from(1u8), BigUint::from(65537u32));
        let (p, q) = (prime(random), prime(random));
        let modulus = &p * &q;
        let d = exponent.modinv(&((&p - &one) * (&q - &one)))?;
        let (d_p, d_q, coefficient) = (&d % (&p - &one), &d % (&q - &one), q.modinv(&p)?);
        let numbers = [&BigUint::ZERO, &modulus, &exponent, &d, &p, &q, &d_p, &d_q, &coefficient];
        let numbers = numbers.map(BigUint::to_bytes_be);
        let numbers = numbers.each_ref().map(Vec::as_slice);
        let der = sequence(&numbers);
        Some(Self {
            ours: PrivateKey::from_pkcs1_der(&der)?,
            ring: RsaKeyPair::from_der(&der).ok()?,
            public: sequence(&numbers[1..3]),
        })
    }
}

/// A prime of 1024 bits, the first two of them set.
fn prime(random: &mut Random) -> BigUint {
    let one = BigUint::from(1u8);
    let base = BigUint::from(2u8);
    loop {
        let candidate = number(random, 1024) | (BigUint::from(3u8) << 1022) | &one;
        let has_factor = (3u32..2000).step_by(2).any(|divisor| &candidate % divisor == BigUint::ZERO);
        if !has_factor && &candidate % 65537u32 != one && base.modpow(&(&candidate - &one), &candidate) == one {
            return candidate;
        }
    }
}

/// A SEQUENCE of INTEGERs.
fn sequence(numbers: &[&[u8]]) -> Vec<u8> {
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
