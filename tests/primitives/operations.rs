//! Operations with keys, at random: each export does so many cases, made of a seed, and tells what came of them as claims (claims.rs).

use isomorphic_tls_kernels::{hash::Sha2, nist::Curve, rsa, x25519};
use sha2::Digest;

use crate::claims::{Kind, RSA, RSA_SHORT, outcome};
use crate::nist_cases::number;
use crate::random::Random;
use crate::rsa_keys::{self, Key};
use crate::x25519::edged;

/// What has been claimed, as octets.
struct Claims {
    octets: Vec<u8>,
    left: u32,
}

impl Claims {
    fn new(cases: u32) -> Self {
        Self { octets: Vec::new(), left: cases }
    }

    /// One more case; more than were asked for are passed over.
    fn claim(&mut self, kind: Kind, fields: &[&[u8]]) {
        if self.left == 0 {
            return;
        }
        self.left -= 1;
        let length = 1 + fields.iter().map(|field| 2 + field.len()).sum::<usize>();
        self.octets.extend((length as u16).to_le_bytes());
        self.octets.push(kind as u8);
        for field in fields {
            self.octets.extend((field.len() as u16).to_le_bytes());
            self.octets.extend(*field);
        }
    }

    /// Give them away; their length.
    ///
    /// # Safety
    /// There is so much room.
    unsafe fn give(&self, to: *mut u8, room: usize) -> usize {
        assert!(self.octets.len() <= room, "there are more claims than there is room");
        unsafe { to.copy_from(self.octets.as_ptr(), self.octets.len()) };
        self.octets.len()
    }
}

/// Operations of a curve.
macro_rules! curve {
    ($curve:ident, $type:ident, $limbs:literal, $hash:ident, $algorithm:literal, $export:ident) => {
        mod $curve {
            use isomorphic_tls_kernels::nist::$curve::*;

            use super::*;

            const ALGORITHM: &[u8] = &[$algorithm];

            /// What is done with one private key; gives its public one.
            pub(super) fn use_key(random: &mut Random, claims: &mut Claims, other: &[u8]) -> Option<Vec<u8>> {
                let private = number::<$type, $limbs>(random);
                let key = PrivateKey::from_bytes(&private);
                let public = key.as_ref().map(|key| key.public_key().to_sec1());
                claims.claim(Kind::PublicKey, &[ALGORITHM, &private, &outcome(public.as_deref())]);
                let (key, public) = (key?, public?);
                agree(random, claims, &key, &private, if other.is_empty() { &public } else { other });
                // A key that is met again gets a table.
                for _ in 0..=random.below(3) {
                    let message = random.bytes::<20>();
                    let entropy = &message[..[0, 20][random.below(2)]];
                    let hash = sha2::$hash::digest(message);
                    let signature = key.sign_prehash(Sha2::$hash, &hash, entropy).to_bytes();
                    claims.claim(Kind::Signature, &[ALGORITHM, &public, &message, &signature, &[1]]);
                    verify(random, claims, [&public, other], message, signature);
                }
                Some(public)
            }

            fn agree(random: &mut Random, claims: &mut Claims, key: &PrivateKey, private: &[u8], other: &[u8]) {
                let mut point = other.to_vec();
                match random.below(16) {
                    0 => {
                        let bit = random.below(8 * (point.len() - 1));
                        point[1 + bit / 8] ^= 1 << (bit % 8);
                    }
                    // Not the hybrid forms, 6 and 7, which the other implementation takes.
                    1 => point[0] = [0, 1, 5, 8][random.below(4)],
                    2..9 => {
                        point.truncate(1 + <$type as Curve<$limbs>>::BYTES);
                        point[0] = 2 + (other[other.len() - 1] & 1);
                    }
                    _ => {}
                }
                let secret = PublicKey::from_sec1(&point).map(|peer| key.agree(&peer));
                let secret = secret.as_ref().map(|secret| &secret[..]);
                claims.claim(Kind::Agreement, &[ALGORITHM, private, &point, &outcome(secret)]);
            }

            /// A good signature, or one of which something was changed.
            fn verify(
                random: &mut Random,
                claims: &mut Claims,
                [own, other]: [&[u8]; 2],
                mut message: [u8; 20],
                mut signature: Vec<u8>,
            ) {
                let mut public = own;
                let bit = random.below(160);
                match random.below(8) {
                    0 => message[bit / 8] ^= 1 << (bit % 8),
                    1 => {
                        let place = random.below(signature.len());
                        signature[place] ^= 1 << (bit % 8);
                    }
                    2 if !other.is_empty() => public = other,
                    3 => {
                        let length = <$type as Curve<$limbs>>::BYTES;
                        let half = length * random.below(2);
                        signature[half..half + length].copy_from_slice(&number::<$type, $limbs>(random));
                    }
                    _ => {}
                }
                let hash = sha2::$hash::digest(message);
                let key = PublicKey::from_sec1(public);
                let is_good = key
                    .zip(Signature::from_bytes(&signature))
                    .is_some_and(|(key, signature)| key.verify_prehash(&hash, &signature));
                claims.claim(Kind::Signature, &[ALGORITHM, public, &message, &signature, &[is_good.into()]]);
            }
        }

        /// Public keys, agreements, signatures, and verdicts on good and on changed ones, some by keys that are met again.
        ///
        /// # Safety
        /// There is so much room.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $export(seed: u32, cases: u32, to: *mut u8, room: usize) -> usize {
            let (mut random, mut claims) = (Random::new(seed), Claims::new(cases));
            let mut other = Vec::new();
            while claims.left > 0 {
                other = $curve::use_key(&mut random, &mut claims, &other).unwrap_or(other);
            }
            unsafe { claims.give(to, room) }
        }
    };
}

curve!(p256, P256, 11, Sha256, 0, operations_p256);
curve!(p384, P384, 14, Sha384, 1, operations_p384);
curve!(p521, P521, 18, Sha512, 2, operations_p521);

/// Points of a small order, and one that is not below the field's modulus.
fn small_points() -> [[u8; 32]; 4] {
    let mut one = [0; 32];
    one[0] = 1;
    let [mut modulus, mut before, mut after] = [[0xff; 32]; 3];
    for (octets, last) in [(&mut modulus, 0xed), (&mut before, 0xec), (&mut after, 0xee)] {
        (octets[0], octets[31]) = (last, 0x7f);
    }
    [one, modulus, before, after]
}

/// Public keys and agreements of X25519.
///
/// # Safety
/// There is so much room.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn operations_x25519(seed: u32, cases: u32, to: *mut u8, room: usize) -> usize {
    const ALGORITHM: &[u8] = &[3];
    let (mut random, mut claims) = (Random::new(seed), Claims::new(cases));
    while claims.left > 0 {
        let secret = edged(&mut random);
        let public = x25519::public_key(&secret);
        claims.claim(Kind::PublicKey, &[ALGORITHM, &secret, &outcome(Some(&public))]);
        for _ in 0..2 {
            let point = match random.below(32) {
                0 => small_points()[random.below(4)],
                _ => edged(&mut random),
            };
            let agreed = x25519::x25519(&secret, &point);
            let agreed = Some(&agreed[..]).filter(|agreed| agreed.iter().any(|octet| *octet != 0));
            claims.claim(Kind::Agreement, &[ALGORITHM, &secret, &point, &outcome(agreed)]);
        }
    }
    unsafe { claims.give(to, room) }
}

/// A key and an algorithm that it can have: most of them short, where as much can go wrong and takes a seventh of the time.
fn rsa_key(random: &mut Random) -> (&'static Key, usize) {
    match random.below(64) {
        0 => (rsa_keys::long(random), random.below(RSA.len())),
        _ => (rsa_keys::short(random), random.below(RSA_SHORT)),
    }
}

fn rsa_hash(algorithm: usize, message: &[u8]) -> (rsa::Hash, Vec<u8>) {
    match RSA[algorithm].0 {
        32 => (rsa::Hash::Sha256, sha2::Sha256::digest(message).to_vec()),
        48 => (rsa::Hash::Sha384, sha2::Sha384::digest(message).to_vec()),
        _ => (rsa::Hash::Sha512, sha2::Sha512::digest(message).to_vec()),
    }
}

/// A key, its algorithm, a message and its signature; that is empty if there is none, which no one takes for one.
fn rsa_signature(random: &mut Random) -> (&'static Key, usize, [u8; 32], Vec<u8>) {
    let (key, algorithm) = rsa_key(random);
    let message = random.bytes();
    let (hash, digest) = rsa_hash(algorithm, &message);
    let seed = random.next() as u32;
    let fill = |octets: &mut [u8]| {
        Random::new(seed).fill(octets);
        Some(())
    };
    let signature = match RSA[algorithm].1 {
        true => key.private.sign_pss(hash, &digest, &fill),
        false => key.private.sign_pkcs1(hash, &digest, &fill),
    };
    (key, algorithm, message, signature.unwrap_or_default())
}

/// Signatures of RSA.
///
/// # Safety
/// There is so much room.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn operations_rsa_sign(seed: u32, cases: u32, to: *mut u8, room: usize) -> usize {
    let (mut random, mut claims) = (Random::new(seed), Claims::new(cases));
    while claims.left > 0 {
        let (key, algorithm, message, signature) = rsa_signature(&mut random);
        claims.claim(Kind::RsaSignature, &[&[algorithm as u8], &key.public, &message, &signature, &[1]]);
    }
    unsafe { claims.give(to, room) }
}

/// Verdicts on signatures of RSA: good ones, and such as are changed, or of another key, hash, padding or message.
///
/// # Safety
/// There is so much room.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn operations_rsa_verify(seed: u32, cases: u32, to: *mut u8, room: usize) -> usize {
    let (mut random, mut claims) = (Random::new(seed), Claims::new(cases));
    while claims.left > 0 {
        let (key, algorithm, message, signature) = rsa_signature(&mut random);
        // Signatures take longest: each serves for some cases.
        for _ in 0..16 {
            verify_rsa(&mut random, &mut claims, key, algorithm, message, signature.clone());
        }
    }
    unsafe { claims.give(to, room) }
}

fn verify_rsa(
    random: &mut Random,
    claims: &mut Claims,
    key: &Key,
    mut algorithm: usize,
    mut message: [u8; 32],
    mut signature: Vec<u8>,
) {
    let mut public = key.public.clone();
    match random.below(12) {
        0 => message = random.bytes(),
        1 => algorithm = random.below(if key.is_long { RSA.len() } else { RSA_SHORT }),
        2 if key.is_long => public.clone_from(&rsa_keys::long(random).public),
        2 => public.clone_from(&rsa_keys::short(random).public),
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
    let (hash, digest) = rsa_hash(algorithm, &message);
    // Short moduli are taken for signatures without PSS alone.
    let least = if algorithm < RSA_SHORT { 128 } else { 256 };
    let is_good = rsa::PublicKey::from_der(&public).filter(|key| key.length() >= least).is_some_and(|key| {
        match RSA[algorithm].1 {
            true => key.verify_pss(hash, &digest, &signature),
            false => key.verify_pkcs1(hash, &digest, &signature),
        }
    });
    claims.claim(Kind::RsaSignature, &[&[algorithm as u8], &public, &message, &signature, &[is_good.into()]]);
}
