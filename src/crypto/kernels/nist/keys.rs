//! Public and private keys, and what two sides agree on with them (SP 800-56A, 5.7.1.2).

use std::fmt;

use zeroize::Zeroizing;

use super::curve::Curve;
use super::field::Element;
use super::limbs;
use super::point::Affine;
use super::scalar::Scalar;
use super::variable_base;

/// The first octet of a point with both its coordinates (SEC 1, 2.3.3).
const UNCOMPRESSED: u8 = 4;
/// The first octet of a point with x alone, whose y is even; that of one with an odd y is the next.
const COMPRESSED: u8 = 2;

/// A point of the curve other than the neutral element.
#[derive(Debug, Clone, Copy)]
pub struct PublicKey<C: Curve<N>, const N: usize>(pub(super) Affine<C, N>);

impl<C: Curve<N>, const N: usize> PublicKey<C, N> {
    /// Read a point, with both coordinates or with x alone (SEC 1, 2.3.4). In variable time.
    pub fn from_sec1(bytes: &[u8]) -> Option<Self> {
        match bytes.split_first()? {
            (&UNCOMPRESSED, coordinates) => {
                let (x, y) = coordinates.split_at_checked(C::BYTES)?;
                Affine::new(Element::from_bytes(x)?, Element::from_bytes(y)?).map(Self)
            }
            (first @ COMPRESSED..UNCOMPRESSED, x) => {
                let point = Affine::with_x(Element::from_bytes(x)?)?;
                let is_odd = point.y.number()[0] & 1;
                Some(Self(point.negated_if(-(is_odd ^ i64::from(first - COMPRESSED)))))
            }
            _ => None,
        }
    }

    /// The point with both its coordinates.
    pub fn to_sec1(&self) -> Vec<u8> {
        let mut bytes = vec![0; 1 + 2 * C::BYTES];
        let (x, y) = bytes[1..].split_at_mut(C::BYTES);
        limbs::to_bytes(&self.0.x.number(), C::WIDTH, x);
        limbs::to_bytes(&self.0.y.number(), C::WIDTH, y);
        bytes[0] = UNCOMPRESSED;
        bytes
    }
}

/// A number from 1 to the order, without it. Wiped when dropped.
pub struct PrivateKey<C: Curve<N>, const N: usize>(pub(super) Scalar<C, N>);

impl<C: Curve<N>, const N: usize> PrivateKey<C, N> {
    /// From a number, the highest octet first, as many as the order has; nothing comes of one that is not in range.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Scalar::from_bytes(bytes).map(Self)
    }

    /// A new one, of octets that are filled with random ones; nothing comes of it if they can not be.
    pub fn generate(mut fill: impl FnMut(&mut [u8]) -> Option<()>) -> Option<Self> {
        let mut bytes = Zeroizing::new(vec![0; C::BYTES]);
        loop {
            fill(&mut bytes)?;
            // Those that are out of range say nothing of the one that is not (FIPS 186-5, A.2.2).
            bytes[0] &= 0xff >> (8 * C::BYTES as u32 - C::BITS);
            if let Some(key) = Self::from_bytes(&bytes) {
                return Some(key);
            }
        }
    }

    /// The public key that belongs to it.
    pub fn public_key(&self) -> PublicKey<C, N> {
        PublicKey(C::comb().multiple(&self.0).to_affine())
    }

    /// The secret that the holder of the other private key has, too: the x coordinate of the product.
    pub fn agree(&self, peer: &PublicKey<C, N>) -> Zeroizing<Vec<u8>> {
        let product = Zeroizing::new(variable_base::multiple_or_negative(&self.0, &peer.0).to_affine().x);
        let mut secret = Zeroizing::new(vec![0; C::BYTES]);
        limbs::to_bytes(&Zeroizing::new(product.number()), C::WIDTH, &mut secret);
        secret
    }
}

impl<C: Curve<N>, const N: usize> fmt::Debug for PrivateKey<C, N> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("PrivateKey").finish_non_exhaustive()
    }
}
