//! The secret numbers of signatures: of the key, the hash and fresh entropy, if there is any (RFC 6979, 3.2 and 3.6). Without entropy
//! they are still good; with it, faults and side channels find no two signatures alike.

use sha2::digest::{Digest, common::BlockSizeUser};
use zeroize::Zeroizing;

use super::curve::Curve;
use super::limbs;
use super::scalar::{Scalar, leftmost_bits};

type Secret = Zeroizing<Vec<u8>>;

/// Numbers from 1 to the order, one after the other: the names are those of RFC 6979, 3.2.
pub(super) struct Nonces<D> {
    k: Secret,
    v: Secret,
    is_first: bool,
    hash: std::marker::PhantomData<D>,
}

impl<D: Digest + BlockSizeUser> Nonces<D> {
    pub(super) fn new<C: Curve<N>, const N: usize>(key: &Scalar<C, N>, hash: &Scalar<C, N>, entropy: &[u8]) -> Self {
        let length = <D as Digest>::output_size();
        let mut numbers = Zeroizing::new(vec![0; 2 * C::BYTES]);
        let (key_bytes, hash_bytes) = numbers.split_at_mut(C::BYTES);
        key.to_bytes(key_bytes);
        hash.to_bytes(hash_bytes);
        let (mut k, mut v) = (Zeroizing::new(vec![0; length]), Zeroizing::new(vec![1; length]));
        for separator in [0, 1] {
            k = hmac::<D>(&k, &[&v, &[separator], &numbers, entropy]);
            v = hmac::<D>(&k, &[&v]);
        }
        Self { k, v, is_first: true, hash: std::marker::PhantomData }
    }

    pub(super) fn next<C: Curve<N>, const N: usize>(&mut self) -> Scalar<C, N> {
        loop {
            if !self.is_first {
                self.k = hmac::<D>(&self.k, &[&self.v, &[0]]);
                self.v = hmac::<D>(&self.k, &[&self.v]);
            }
            self.is_first = false;
            let mut bytes = Zeroizing::new(Vec::with_capacity(C::BYTES + self.v.len()));
            while bytes.len() < C::BYTES {
                self.v = hmac::<D>(&self.k, &[&self.v]);
                bytes.extend_from_slice(&self.v);
            }
            let number = Zeroizing::new(leftmost_bits::<C, N>(&bytes));
            let mut bytes = Zeroizing::new(vec![0; C::BYTES]);
            limbs::to_bytes(&number, C::WIDTH, &mut bytes);
            // That one was out of range says nothing of the next.
            if let Some(nonce) = Scalar::from_bytes(&bytes) {
                return nonce;
            }
        }
    }
}

/// HMAC (RFC 2104) by a key that is no longer than a block.
fn hmac<D: Digest + BlockSizeUser>(key: &[u8], parts: &[&[u8]]) -> Secret {
    let mut block = Zeroizing::new(vec![0x36; D::block_size()]);
    block.iter_mut().zip(key).for_each(|(padding, key)| *padding ^= key);
    let mut inner = D::new_with_prefix(&*block);
    parts.iter().for_each(|part| inner.update(part));
    block.iter_mut().for_each(|padding| *padding ^= 0x36 ^ 0x5c);
    let inner = Zeroizing::new(inner.finalize().to_vec());
    Zeroizing::new(D::new_with_prefix(&*block).chain_update(&*inner).finalize().to_vec())
}
