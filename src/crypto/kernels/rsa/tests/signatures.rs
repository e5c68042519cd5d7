//! Signatures, beside *ring*'s.

use std::cell::RefCell;

use num_bigint::BigUint;
use ring::signature::{self, RsaKeyPair, UnparsedPublicKey};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::super::{Hash, PrivateKey, PublicKey, SigningFailed};
use super::Chance;
use super::keys::{Numbers, of_2047_bits};

const HASHES: [Hash; 3] = [Hash::Sha256, Hash::Sha384, Hash::Sha512];

fn digest(hash: Hash, message: &[u8]) -> Vec<u8> {
    match hash {
        Hash::Sha1 => ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, message).as_ref().to_vec(),
        Hash::Sha256 => Sha256::digest(message).to_vec(),
        Hash::Sha384 => Sha384::digest(message).to_vec(),
        Hash::Sha512 => Sha512::digest(message).to_vec(),
    }
}

/// *ring*'s algorithms: PKCS#1 and PSS.
fn algorithms(hash: Hash) -> [&'static signature::RsaParameters; 2] {
    match hash {
        Hash::Sha1 => unreachable!(),
        Hash::Sha256 => [&signature::RSA_PKCS1_2048_8192_SHA256, &signature::RSA_PSS_2048_8192_SHA256],
        Hash::Sha384 => [&signature::RSA_PKCS1_2048_8192_SHA384, &signature::RSA_PSS_2048_8192_SHA384],
        Hash::Sha512 => [&signature::RSA_PKCS1_2048_8192_SHA512, &signature::RSA_PSS_2048_8192_SHA512],
    }
}

fn encodings(hash: Hash) -> [&'static dyn signature::RsaEncoding; 2] {
    match hash {
        Hash::Sha1 => unreachable!(),
        Hash::Sha256 => [&signature::RSA_PKCS1_SHA256, &signature::RSA_PSS_SHA256],
        Hash::Sha384 => [&signature::RSA_PKCS1_SHA384, &signature::RSA_PSS_SHA384],
        Hash::Sha512 => [&signature::RSA_PKCS1_SHA512, &signature::RSA_PSS_SHA512],
    }
}

/// What ours and *ring* say of a signature, which is the same: of PKCS#1, and of PSS.
fn verdicts(key: &[u8], hash: Hash, message: &[u8], signature: &[u8]) -> [bool; 2] {
    let digest = digest(hash, message);
    let public = PublicKey::from_der(key).unwrap();
    let ours = [public.verify_pkcs1(hash, &digest, signature), public.verify_pss(hash, &digest, signature)];
    let of_ring =
        algorithms(hash).map(|algorithm| UnparsedPublicKey::new(algorithm, key).verify(message, signature).is_ok());
    assert_eq!(ours, of_ring);
    ours
}

fn random(chance: &RefCell<Chance>) -> impl Fn(&mut [u8]) -> Option<()> {
    |octets| {
        let length = octets.len();
        octets.copy_from_slice(&chance.borrow_mut().octets(length));
        Some(())
    }
}

fn check(numbers: &Numbers, chance: &RefCell<Chance>) {
    let public = numbers.public_der();
    let key = PrivateKey::from_pkcs1_der(&numbers.to_der()).unwrap();
    for hash in HASHES {
        let message = chance.borrow_mut().octets(100);
        let digest = digest(hash, &message);
        let of_pkcs1 = key.sign_pkcs1(hash, &digest, &random(chance)).unwrap();
        let of_pss = key.sign_pss(hash, &digest, &random(chance)).unwrap();
        assert_eq!(verdicts(&public, hash, &message, &of_pkcs1), [true, false]);
        assert_eq!(verdicts(&public, hash, &message, &of_pss), [false, true]);
        for signature in [of_pkcs1, of_pss] {
            for other in HASHES.into_iter().filter(|other| *other != hash) {
                assert_eq!(verdicts(&public, other, &message, &signature), [false; 2]);
            }
            assert_eq!(verdicts(&public, hash, b"another", &signature), [false; 2]);
            for _ in 0..10 {
                let mut changed = signature.clone();
                let bit = chance.borrow_mut().next() as usize % (8 * changed.len());
                changed[bit / 8] ^= 1 << (bit % 8);
                assert_eq!(verdicts(&public, hash, &message, &changed), [false; 2]);
            }
            assert_eq!(verdicts(&public, hash, &message, &signature[1..]), [false; 2]);
            assert_eq!(verdicts(&public, hash, &message, &[&[0], &signature[..]].concat()), [false; 2]);
        }
    }
}

#[test]
fn signatures_are_those_that_the_public_key_verifies() {
    let chance = RefCell::new(Chance(20));
    // Moduli whose bits fill their octets, and such that have one more, or one fewer: a message for PSS is shorter by an octet then.
    for bits in [1021, 1024, 1025, 1026, 1028, 1031, 1279, 1536, 2048] {
        let numbers = Numbers::new(bits, 65537, &mut chance.borrow_mut());
        check(&numbers, &chance);
    }
    let with_long_exponent = Numbers::new(1024, (1 << 33) - 1, &mut chance.borrow_mut());
    check(&with_long_exponent, &chance);
    let short = of_2047_bits(&mut chance.borrow_mut());
    check(&short, &chance);
}

#[test]
fn signatures_are_those_of_ring() {
    let chance = RefCell::new(Chance(21));
    let mut keys = vec![of_2047_bits(&mut chance.borrow_mut())];
    keys.extend([1024, 1536, 2048].map(|bits| Numbers::new(bits, 65537, &mut chance.borrow_mut())));
    for numbers in keys {
        let key = PrivateKey::from_pkcs8_der(&numbers.to_pkcs8()).unwrap();
        let of_ring = RsaKeyPair::from_pkcs8(&numbers.to_pkcs8()).unwrap();
        for hash in HASHES {
            let message = chance.borrow_mut().octets(200);
            let digest = digest(hash, &message);
            let sign = |encoding| {
                let mut signature = vec![0; of_ring.public().modulus_len()];
                of_ring.sign(encoding, &ring::rand::SystemRandom::new(), &message, &mut signature).unwrap();
                signature
            };
            let [pkcs1, pss] = encodings(hash);
            assert_eq!(key.sign_pkcs1(hash, &digest, &random(&chance)).unwrap(), sign(pkcs1));
            // In WebAssembly *ring* has no entropy here, which the salt is made of.
            if cfg!(not(target_arch = "wasm32")) {
                assert_eq!(verdicts(&numbers.public_der(), hash, &message, &sign(pss)), [false, true]);
            }
        }
    }
}

/// As many with one key that blinding begins anew; some of them have zeros in front, which belong to them.
#[test]
fn many_signatures_of_one_key_are_right() {
    let chance = RefCell::new(Chance(22));
    let numbers = Numbers::new(1024, 65537, &mut chance.borrow_mut());
    let key = PrivateKey::from_pkcs1_der(&numbers.to_der()).unwrap();
    let public = numbers.public_der();
    let mut with_zeros = 0;
    for index in 0u32..700 {
        let message = index.to_be_bytes();
        let digest = digest(Hash::Sha256, &message);
        let signature = key.sign_pkcs1(Hash::Sha256, &digest, &random(&chance)).unwrap();
        assert_eq!(signature.len(), 256);
        let sure = PublicKey::from_der(&public).unwrap().verify_pkcs1(Hash::Sha256, &digest, &signature);
        assert!(sure);
        if signature[0] == 0 {
            with_zeros += 1;
            assert_eq!(verdicts(&public, Hash::Sha256, &message, &signature), [true, false]);
            assert_eq!(verdicts(&public, Hash::Sha256, &message, &signature[1..]), [false; 2]);
        }
    }
    assert!(with_zeros > 0);
}

#[test]
fn signatures_have_one_form() {
    let chance = RefCell::new(Chance(23));
    let numbers = Numbers::new(1024, 65537, &mut chance.borrow_mut());
    let key = PrivateKey::from_pkcs1_der(&numbers.to_der()).unwrap();
    let public = numbers.public_der();
    let one = BigUint::from(1u8);
    let n = &numbers.modulus;
    for number in [BigUint::ZERO, one.clone(), n - &one, n.clone(), n + &one, (&one << 2048) - &one] {
        let mut octets = number.to_bytes_be();
        octets.splice(..0, vec![0; 256 - octets.len()]);
        assert_eq!(verdicts(&public, Hash::Sha256, b"", &octets), [false; 2]);
    }
    // A signature plus the modulus is no signature.
    let mut found = 0;
    for index in 0u32..20 {
        let digest = digest(Hash::Sha256, &index.to_be_bytes());
        let signature = key.sign_pkcs1(Hash::Sha256, &digest, &random(&chance)).unwrap();
        let sum = (BigUint::from_bytes_be(&signature) + n).to_bytes_be();
        if sum.len() == 256 {
            found += 1;
            assert_eq!(verdicts(&public, Hash::Sha256, &index.to_be_bytes(), &sum), [false; 2]);
        }
    }
    assert!(found > 0);
}

#[test]
fn encoded_messages_have_one_form() {
    // With the private exponent, anything can be signed: what is not exactly the encoding is refused.
    let chance = RefCell::new(Chance(24));
    for bits in [1024, 1025] {
        let numbers = Numbers::new(bits, 65537, &mut chance.borrow_mut());
        let public = numbers.public_der();
        let length = (2 * bits).div_ceil(8) as usize;
        let key = PrivateKey::from_pkcs1_der(&numbers.to_der()).unwrap();
        let signature = key.sign_pss(Hash::Sha256, &digest(Hash::Sha256, b"message"), &random(&chance)).unwrap();
        let open = |signature: &[u8]| {
            let number = BigUint::from_bytes_be(signature).modpow(&65537u32.into(), &numbers.modulus).to_bytes_be();
            [vec![0; length - number.len()], number].concat()
        };
        let sign = |encoded: &[u8]| {
            let number = numbers.raise(&BigUint::from_bytes_be(encoded)).to_bytes_be();
            [vec![0; length - number.len()], number].concat()
        };
        let encoded = open(&signature);
        assert_eq!(sign(&encoded), signature);
        for bit in 0..8 * length {
            let mut changed = encoded.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            if BigUint::from_bytes_be(&changed) < numbers.modulus && bit % 5 == 0 {
                assert_eq!(verdicts(&public, Hash::Sha256, b"message", &sign(&changed)), [false; 2]);
            }
        }
        let of_pkcs1 = key.sign_pkcs1(Hash::Sha256, &digest(Hash::Sha256, b"message"), &random(&chance)).unwrap();
        let encoded = open(&of_pkcs1);
        for bit in (0..8 * length).step_by(7) {
            let mut changed = encoded.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            if BigUint::from_bytes_be(&changed) < numbers.modulus {
                assert_eq!(verdicts(&public, Hash::Sha256, b"message", &sign(&changed)), [false; 2]);
            }
        }
    }
}

#[test]
fn sha_1_and_small_keys_are_verified_as_ring_does() {
    let chance = RefCell::new(Chance(25));
    for bits in [512, 513, 768] {
        let numbers = Numbers::new(bits, 3, &mut chance.borrow_mut());
        let (public, length) = (numbers.public_der(), (2 * bits).div_ceil(8) as usize);
        let message = chance.borrow_mut().octets(20);
        for (hash, algorithm) in [
            (Hash::Sha1, &signature::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY),
            (Hash::Sha256, &signature::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY),
            (Hash::Sha512, &signature::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY),
        ] {
            let digest = digest(hash, &message);
            let encoded = super::super::padding::encode_pkcs1(hash, &digest, length).unwrap();
            let number = numbers.raise(&BigUint::from_bytes_be(&encoded)).to_bytes_be();
            let signature = [vec![0; length - number.len()], number].concat();
            assert!(UnparsedPublicKey::new(algorithm, &public).verify(&message, &signature).is_ok());
            let key = PublicKey::from_der(&public).unwrap();
            assert!(key.verify_pkcs1(hash, &digest, &signature));
            assert!(!key.verify_pkcs1(hash, &digest[1..], &signature));
            assert!(!key.verify_pss(hash, &digest, &signature));
        }
    }
}

#[test]
fn without_entropy_nothing_is_signed() {
    let chance = RefCell::new(Chance(26));
    let key = PrivateKey::from_pkcs1_der(&Numbers::new(1024, 65537, &mut chance.borrow_mut()).to_der()).unwrap();
    assert_eq!(key.sign_pkcs1(Hash::Sha256, &[0; 32], &|_| None), Err(SigningFailed));
    assert_eq!(key.sign_pss(Hash::Sha256, &[0; 32], &|_| None), Err(SigningFailed));
    // Zero blinds nothing, and no signature comes of it.
    let zeros = |octets: &mut [u8]| {
        octets.fill(0);
        Some(())
    };
    assert_eq!(key.sign_pkcs1(Hash::Sha256, &[0; 32], &zeros), Err(SigningFailed));
    assert_eq!(key.sign_pkcs1(Hash::Sha256, &[0; 31], &random(&chance)), Err(SigningFailed));
    assert!(key.sign_pkcs1(Hash::Sha256, &[0; 32], &random(&chance)).is_ok());
    // Of salts there is a fresh one each time.
    let sign = || key.sign_pss(Hash::Sha256, &[0; 32], &random(&chance)).unwrap();
    assert_ne!(sign(), sign());
}
