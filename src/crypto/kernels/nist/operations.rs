//! What others do with a curve. The rest of this module is generic, and what is generic is compiled where it is used: the engine, of
//! which a build makes a small thing and not a fast one. These are compiled here.

use zeroize::Zeroizing;

use super::curve::Curve;
use super::ecdsa::Signature;
use super::keys::{PrivateKey, PublicKey};
use super::p256::P256;
use super::p384::P384;
use super::p521::P521;
use crate::hash::Sha2;

/// The operations of a curve.
pub trait Operations<const N: usize>: Curve<N> {
    /// [`PublicKey::from_sec1`]
    fn read_public_key(bytes: &[u8]) -> Option<PublicKey<Self, N>>;

    /// [`PublicKey::to_sec1`]
    fn write_public_key(key: &PublicKey<Self, N>) -> Vec<u8>;

    /// [`PrivateKey::from_bytes`]
    fn read_private_key(bytes: &[u8]) -> Option<PrivateKey<Self, N>>;

    /// [`PrivateKey::generate`]
    fn generate(fill: &mut dyn FnMut(&mut [u8]) -> Option<()>) -> Option<PrivateKey<Self, N>>;

    /// [`PrivateKey::public_key`]
    fn public_key(key: &PrivateKey<Self, N>) -> PublicKey<Self, N>;

    /// [`PrivateKey::agree`]
    fn agree(key: &PrivateKey<Self, N>, peer: &PublicKey<Self, N>) -> Zeroizing<Vec<u8>>;

    /// [`PrivateKey::sign_prehash`] with the hash that is customary for the curve, and [`Signature::to_der`].
    fn sign(key: &PrivateKey<Self, N>, hash: &[u8], entropy: &[u8]) -> Vec<u8>;

    /// [`PublicKey::verify_prehash`] of what [`Signature::from_der`] reads.
    fn verify(key: &PublicKey<Self, N>, hash: &[u8], signature: &[u8]) -> bool;
}

macro_rules! operations {
    ($curve:ty, $limbs:literal, $hash:ident) => {
        impl Operations<$limbs> for $curve {
            fn read_public_key(bytes: &[u8]) -> Option<PublicKey<Self, $limbs>> {
                PublicKey::from_sec1(bytes)
            }

            fn write_public_key(key: &PublicKey<Self, $limbs>) -> Vec<u8> {
                key.to_sec1()
            }

            fn read_private_key(bytes: &[u8]) -> Option<PrivateKey<Self, $limbs>> {
                PrivateKey::from_bytes(bytes)
            }

            fn generate(fill: &mut dyn FnMut(&mut [u8]) -> Option<()>) -> Option<PrivateKey<Self, $limbs>> {
                PrivateKey::generate(fill)
            }

            fn public_key(key: &PrivateKey<Self, $limbs>) -> PublicKey<Self, $limbs> {
                key.public_key()
            }

            fn agree(key: &PrivateKey<Self, $limbs>, peer: &PublicKey<Self, $limbs>) -> Zeroizing<Vec<u8>> {
                key.agree(peer)
            }

            fn sign(key: &PrivateKey<Self, $limbs>, hash: &[u8], entropy: &[u8]) -> Vec<u8> {
                key.sign_prehash(Sha2::$hash, hash, entropy).to_der()
            }

            fn verify(key: &PublicKey<Self, $limbs>, hash: &[u8], signature: &[u8]) -> bool {
                Signature::from_der(signature).is_some_and(|signature| key.verify_prehash(hash, &signature))
            }
        }
    };
}

operations!(P256, 11, Sha256);
operations!(P384, 14, Sha384);
operations!(P521, 18, Sha512);
