//! P-256, P-384 and P-521: ours, and those of ring and RustCrypto.

use std::{ptr, slice};

use p521::ecdsa::signature::hazmat::{PrehashSigner, PrehashVerifier};
use p521::elliptic_curve::sec1::ToSec1Point;
use ring::agreement::{EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use ring::rand::SystemRandom;
use ring::signature::{self, EcdsaKeyPair, KeyPair};

unsafe fn octets<'a>(place: *const u8, length: usize) -> &'a [u8] {
    unsafe { slice::from_raw_parts(place, length) }
}

unsafe fn give(octets: &[u8], to: *mut u8) -> usize {
    unsafe { to.copy_from(octets.as_ptr(), octets.len()) };
    octets.len()
}

/// Exports of a curve: private keys and hashes have the order's length, points are uncompressed, signatures are both numbers.
macro_rules! ours {
    ($curve:ident, $length:literal, $hash:ident, $public_key:ident, $agree:ident, $sign:ident, $verify:ident) => {
        /// The public key of a private one; gives its length.
        ///
        /// # Safety
        /// The octets are there, and there is room.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $public_key(private: *const u8, to: *mut u8) -> usize {
            use isomorphic_tls_kernels::nist::$curve::*;
            let key = PrivateKey::from_bytes(unsafe { octets(private, $length) });
            key.map_or(0, |key| unsafe { give(&key.public_key().to_sec1(), to) })
        }

        /// What a private key and a public one agree on; gives its length.
        ///
        /// # Safety
        /// The octets are there, and there is room.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $agree(private: *const u8, public: *const u8, to: *mut u8) -> usize {
            use isomorphic_tls_kernels::nist::$curve::*;
            let key = PrivateKey::from_bytes(unsafe { octets(private, $length) });
            let peer = PublicKey::from_sec1(unsafe { octets(public, 1 + 2 * $length) });
            key.zip(peer).map_or(0, |(key, peer)| unsafe { give(&key.agree(&peer), to) })
        }

        /// Sign a hash of the order's length, or 64 octets; gives the signature's length.
        ///
        /// # Safety
        /// The octets are there, and there is room.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $sign(private: *const u8, hash: *const u8, to: *mut u8) -> usize {
            use isomorphic_tls_kernels::{hash::Sha2, nist::$curve::*};
            let key = PrivateKey::from_bytes(unsafe { octets(private, $length) });
            let sign =
                |key: PrivateKey| unsafe { key.sign_prehash(Sha2::$hash, octets(hash, $length.min(64)), &[1; 32]) };
            key.map(sign).map_or(0, |signature| unsafe { give(&signature.to_bytes(), to) })
        }

        /// Whether a signature is of a hash of the order's length, or 64 octets.
        ///
        /// # Safety
        /// The octets are there.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $verify(public: *const u8, hash: *const u8, signature: *const u8) -> u32 {
            use isomorphic_tls_kernels::nist::$curve::*;
            let key = PublicKey::from_sec1(unsafe { octets(public, 1 + 2 * $length) });
            let signature = Signature::from_bytes(unsafe { octets(signature, 2 * $length) });
            let is_valid = |(key, signature): (PublicKey, Signature)| unsafe {
                key.verify_prehash(octets(hash, $length.min(64)), &signature)
            };
            key.zip(signature).is_some_and(is_valid).into()
        }
    };
}

ours!(p256, 32, Sha256, p256_public_key, p256_agree, p256_sign, p256_verify);
ours!(p384, 48, Sha384, p384_public_key, p384_agree, p384_sign, p384_verify);
ours!(p521, 66, Sha512, p521_public_key, p521_agree, p521_sign, p521_verify);

/// Forget the keys that signatures were verified with, which would make another verification fast.
#[unsafe(no_mangle)]
pub extern "C" fn forget_keys() {
    isomorphic_tls_kernels::nist::checks::forget_keys();
}

/// Exports of a curve in ring, which wants entropy of its own for private keys and signatures.
macro_rules! ring {
    ($length:literal, $agreement:ident, $signing:ident, $verifying:ident, $key:ident, $agree:ident, $pair:ident, $sign:ident, $verify:ident) => {
        /// A new private key, and its public one; null if there is no entropy.
        ///
        /// # Safety
        /// There is room for the public key.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $key(to: *mut u8) -> *mut EphemeralPrivateKey {
            let key = EphemeralPrivateKey::generate(&ring::agreement::$agreement, &SystemRandom::new());
            let Some((key, public)) =
                key.ok().and_then(|key| key.compute_public_key().ok().map(|public| (key, public)))
            else {
                return ptr::null_mut();
            };
            unsafe { give(public.as_ref(), to) };
            Box::into_raw(Box::new(key))
        }

        /// What a private key and a public one agree on; gives its length.
        ///
        /// # Safety
        /// The private key is not used again; the octets are there, and there is room.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $agree(private: *mut EphemeralPrivateKey, public: *const u8, to: *mut u8) -> usize {
            let private = unsafe { *Box::from_raw(private) };
            let public =
                UnparsedPublicKey::new(&ring::agreement::$agreement, unsafe { octets(public, 1 + 2 * $length) });
            agree_ephemeral(private, &public, |secret| unsafe { give(secret, to) }).unwrap_or_default()
        }

        /// A private key that signs, and its public one; null if there is no entropy.
        ///
        /// # Safety
        /// There is room for the public key.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $pair(to: *mut u8) -> *mut EcdsaKeyPair {
            let random = SystemRandom::new();
            let pair = EcdsaKeyPair::generate_pkcs8(&signature::$signing, &random).and_then(|der| {
                EcdsaKeyPair::from_pkcs8(&signature::$signing, der.as_ref(), &random)
                    .map_err(|_| ring::error::Unspecified)
            });
            let Ok(pair) = pair else { return ptr::null_mut() };
            unsafe { give(pair.public_key().as_ref(), to) };
            Box::into_raw(Box::new(pair))
        }

        /// Sign a message of 32 octets; gives the signature's length.
        ///
        /// # Safety
        /// The octets are there, and there is room.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $sign(pair: *const EcdsaKeyPair, message: *const u8, to: *mut u8) -> usize {
            let signature = unsafe { (*pair).sign(&SystemRandom::new(), octets(message, 32)) };
            signature.map_or(0, |signature| unsafe { give(signature.as_ref(), to) })
        }

        /// Whether a signature is of a message of 32 octets.
        ///
        /// # Safety
        /// The octets are there.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $verify(public: *const u8, message: *const u8, signature: *const u8) -> u32 {
            let key =
                signature::UnparsedPublicKey::new(&signature::$verifying, unsafe { octets(public, 1 + 2 * $length) });
            unsafe { key.verify(octets(message, 32), octets(signature, 2 * $length)) }.is_ok().into()
        }
    };
}

ring!(
    32,
    ECDH_P256,
    ECDSA_P256_SHA256_FIXED_SIGNING,
    ECDSA_P256_SHA256_FIXED,
    ring_p256_key,
    ring_p256_agree,
    ring_p256_pair,
    ring_p256_sign,
    ring_p256_verify
);
ring!(
    48,
    ECDH_P384,
    ECDSA_P384_SHA384_FIXED_SIGNING,
    ECDSA_P384_SHA384_FIXED,
    ring_p384_key,
    ring_p384_agree,
    ring_p384_pair,
    ring_p384_sign,
    ring_p384_verify
);

/// Exports of P-521 by RustCrypto.
///
/// The public key of a private one; gives its length.
///
/// # Safety
/// The octets are there, and there is room.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rustcrypto_p521_public_key(private: *const u8, to: *mut u8) -> usize {
    let key = p521::SecretKey::from_slice(unsafe { octets(private, 66) });
    key.map_or(0, |key| unsafe { give(key.public_key().to_sec1_point(false).as_bytes(), to) })
}

/// What a private key and a public one agree on; gives its length.
///
/// # Safety
/// The octets are there, and there is room.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rustcrypto_p521_agree(private: *const u8, public: *const u8, to: *mut u8) -> usize {
    let key = p521::SecretKey::from_slice(unsafe { octets(private, 66) });
    let peer = p521::PublicKey::from_sec1_bytes(unsafe { octets(public, 133) });
    let (Ok(key), Ok(peer)) = (key, peer) else { return 0 };
    let secret = p521::ecdh::diffie_hellman(key.to_nonzero_scalar(), peer.as_affine());
    unsafe { give(secret.raw_secret_bytes(), to) }
}

/// Sign a hash of 64 octets; gives the signature's length.
///
/// # Safety
/// The octets are there, and there is room.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rustcrypto_p521_sign(private: *const u8, hash: *const u8, to: *mut u8) -> usize {
    let Ok(key) = p521::ecdsa::SigningKey::from_slice(unsafe { octets(private, 66) }) else { return 0 };
    let signature: Result<p521::ecdsa::Signature, _> = key.sign_prehash(unsafe { octets(hash, 64) });
    signature.map_or(0, |signature| unsafe { give(&signature.to_bytes(), to) })
}

/// Whether a signature is of a hash of 64 octets.
///
/// # Safety
/// The octets are there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rustcrypto_p521_verify(public: *const u8, hash: *const u8, signature: *const u8) -> u32 {
    let key = p521::ecdsa::VerifyingKey::from_sec1_bytes(unsafe { octets(public, 133) });
    let signature = p521::ecdsa::Signature::from_slice(unsafe { octets(signature, 132) });
    let (Ok(key), Ok(signature)) = (key, signature) else { return 0 };
    key.verify_prehash(unsafe { octets(hash, 64) }, &signature).is_ok().into()
}
