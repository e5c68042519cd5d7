//! The secret numbers of signatures: of the key, the hash and fresh entropy, if there is any (RFC 6979, 3.2 and 3.6). Without entropy
//! they are still good; with it, faults and side channels find no two signatures alike.

use zeroize::Zeroizing;

use super::curve::Curve;
use super::limbs;
use super::scalar::{Scalar, leftmost_bits};
use crate::hash::Sha2;
use crate::secret::Secret;

/// Numbers from 1 to the order, one after the other: the names are those of RFC 6979, 3.2.
pub(super) struct Nonces {
    k: Secret<u8>,
    v: Secret<u8>,
    is_first: bool,
    hash: Sha2,
}

impl Nonces {
    /// `numbers` are the octets of the key and of what is signed, one after the other.
    #[inline(never)]
    pub(super) fn new(hash: Sha2, numbers: &[u8], entropy: &[u8]) -> Self {
        let (mut k, mut v) = (Secret::new(vec![0; hash.length()]), Secret::new(vec![1; hash.length()]));
        for separator in [0, 1] {
            k = hash.hmac(&k, &[&v, &[separator], numbers, entropy]);
            v = hash.hmac(&k, &[&v]);
        }
        Self { k, v, is_first: true, hash }
    }

    pub(super) fn next<C: Curve<N>, const N: usize>(&mut self) -> Scalar<C, N> {
        loop {
            let number = Zeroizing::new(leftmost_bits::<C, N>(&self.octets(C::BYTES)));
            let mut bytes = Secret::new(vec![0; C::BYTES]);
            limbs::to_bytes(&number, C::WIDTH, &mut bytes);
            // That one was out of range says nothing of the next.
            if let Some(nonce) = Scalar::from_bytes(&bytes) {
                return nonce;
            }
        }
    }

    /// So many octets, or a few more.
    #[inline(never)]
    fn octets(&mut self, length: usize) -> Secret<u8> {
        if !self.is_first {
            self.k = self.hash.hmac(&self.k, &[&self.v, &[0]]);
            self.v = self.hash.hmac(&self.k, &[&self.v]);
        }
        self.is_first = false;
        let mut octets = Secret::new(Vec::with_capacity(length + self.v.len()));
        while octets.len() < length {
            self.v = self.hash.hmac(&self.k, &[&self.v]);
            octets.extend_from_slice(&self.v);
        }
        octets
    }
}
