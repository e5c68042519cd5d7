//! Signatures (FIPS 186-5, 6.4).

use super::comb_sums;
use super::curve::Curve;
use super::der;
use super::field::Element;
use super::keys::{PrivateKey, PublicKey};
use super::known_keys;
use super::limbs;
use super::nonce::Nonces;
use super::point::Homogeneous;
use super::scalar::Scalar;
use crate::hash::Sha2;
use crate::secret::Secret;
use crate::verdict::declassify;

/// A signature: two numbers from 1 to the order, without it.
#[derive(Clone)]
pub struct Signature<C: Curve<N>, const N: usize> {
    r: Scalar<C, N>,
    s: Scalar<C, N>,
}

impl<C: Curve<N>, const N: usize> Signature<C, N> {
    /// Read both numbers, the highest octet first, one after the other, each of the order's length.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (r, s) = bytes.split_at_checked(C::BYTES)?;
        Some(Self { r: Scalar::from_bytes(r)?, s: Scalar::from_bytes(s)? })
    }

    /// Both numbers, one after the other.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![0; 2 * C::BYTES];
        let (r, s) = bytes.split_at_mut(C::BYTES);
        self.r.to_bytes(r);
        self.s.to_bytes(s);
        bytes
    }

    /// Read an `ECDSA-Sig-Value` (RFC 5480, appendix A): DER, and nothing after it.
    pub fn from_der(bytes: &[u8]) -> Option<Self> {
        Self::from_bytes(&der::read_pair(bytes, C::BYTES)?)
    }

    /// Write an `ECDSA-Sig-Value`.
    pub fn to_der(&self) -> Vec<u8> {
        let bytes = self.to_bytes();
        let (r, s) = bytes.split_at(C::BYTES);
        der::write_pair(r, s)
    }
}

impl<C: Curve<N>, const N: usize> std::fmt::Debug for Signature<C, N> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("Signature").field(&self.to_bytes()).finish()
    }
}

impl<C: Curve<N>, const N: usize> PrivateKey<C, N> {
    /// Sign a message of which this is the hash. The secret number of the signature comes of the key, the hash and `entropy`, which may be
    /// empty, by HMAC with `hmac`.
    pub fn sign_prehash(&self, hmac: Sha2, hash: &[u8], entropy: &[u8]) -> Signature<C, N> {
        let hash = Scalar::from_hash(hash);
        let mut numbers = Secret::new(vec![0; 2 * C::BYTES]);
        let (key_octets, hash_octets) = numbers.split_at_mut(C::BYTES);
        self.0.to_bytes(key_octets);
        hash.to_bytes(hash_octets);
        let mut nonces = Nonces::new(hmac, &numbers, entropy);
        loop {
            let nonce = nonces.next();
            let x = C::comb().multiple(&nonce).to_affine().x.number();
            let r = Scalar::reduced(&x);
            let s = nonce.invert().times(&hash.plus(&r.times(&self.0)));
            // Neither happens in a lifetime.
            if !declassify(r.is_zero()) && !declassify(s.is_zero()) {
                return Signature { r, s };
            }
        }
    }
}

impl<C: Curve<N>, const N: usize> PublicKey<C, N> {
    /// Whether this is a signature of a message of which this is the hash. In variable time.
    pub fn verify_prehash(&self, hash: &[u8], signature: &Signature<C, N>) -> bool {
        let inverse = signature.s.invert();
        let of_generator = Scalar::from_hash(hash).times(&inverse);
        let of_key = signature.r.times(&inverse);
        let comb = known_keys::comb(&self.0);
        let sum = match &comb {
            Some(comb) => comb_sums::sum_of_multiples(&of_generator, &of_key, &self.0, comb),
            None => C::odd_multiples().sum_of_multiples(&of_generator, &of_key, &self.0),
        };
        let is_good = !sum.z.is_zero() && signature.is_x_of(&sum);
        if is_good && comb.is_none() {
            known_keys::meet(&self.0);
        }
        is_good
    }
}

impl<C: Curve<N>, const N: usize> Signature<C, N> {
    /// Whether the first number is the x coordinate of a point, modulo the order. In variable time.
    fn is_x_of(&self, point: &Homogeneous<C, N>) -> bool {
        // x modulo the order is r if x, which is below the field's modulus, is r or, where that is as small, r + the order.
        let is_x = |number: &limbs::Limbs<N>| Element::new(number).multiply(&point.z).equals(&point.x);
        let r = self.r.number();
        let (other, is_less) = limbs::reduced_once(&limbs::plus(r, &C::ORDER.value), &C::FIELD.value, C::WIDTH);
        is_x(r) || is_less != 0 && is_x(&other)
    }
}
