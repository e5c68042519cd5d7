//! Numbers modulo the order of a curve, in constant time. There are few operations with them: they are not for inlining, which makes code
//! large.

use std::marker::PhantomData;

use zeroize::Zeroize;

use super::curve::Curve;
use super::limbs::{self, Limbs, mask};
use crate::verdict::declassify;

/// A number from 0 to the order, without it. Wiped when dropped.
#[derive(Clone)]
pub(super) struct Scalar<C: Curve<N>, const N: usize> {
    limbs: Limbs<N>,
    curve: PhantomData<C>,
}

impl<C: Curve<N>, const N: usize> Scalar<C, N> {
    /// The square of what [`Self::divided_product`] divides by.
    const RADIX_SQUARED: Limbs<N> = {
        let mut one = [0; N];
        one[0] = 1;
        limbs::shifted(one, &C::ORDER.value, C::WIDTH, 2 * N as u32 * C::WIDTH)
    };

    fn of(limbs: Limbs<N>) -> Self {
        Self { limbs, curve: PhantomData }
    }

    /// From octets, the highest first, if the number is from 1 to the order.
    #[inline(never)]
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.len() != C::BYTES {
            return None;
        }
        let scalar = Self::of(limbs::from_bytes(bytes, C::WIDTH));
        let (_, is_less) = limbs::reduced_once(&scalar.limbs, &C::ORDER.value, C::WIDTH);
        declassify(core::hint::black_box(is_less & !limbs::is_zero(&scalar.limbs)) != 0).then_some(scalar)
    }

    /// The leftmost bits of a hash, as many as the order has (FIPS 186-5, 6.4.1), modulo the order.
    pub(super) fn from_hash(hash: &[u8]) -> Self {
        Self::reduced(&leftmost_bits::<C, N>(hash))
    }

    /// From a number below twice the order.
    pub(super) fn reduced(number: &Limbs<N>) -> Self {
        Self::of(limbs::reduced_once(number, &C::ORDER.value, C::WIDTH).0)
    }

    pub(super) fn number(&self) -> &Limbs<N> {
        &self.limbs
    }

    pub(super) fn to_bytes(&self, bytes: &mut [u8]) {
        limbs::to_bytes(&self.limbs, C::WIDTH, bytes);
    }

    pub(super) fn is_zero(&self) -> bool {
        limbs::is_zero(&self.limbs) != 0
    }

    /// Of the number and its negative the odd one, and all ones if that is the negative. The number is not 0.
    #[inline(never)]
    pub(super) fn odd(&self) -> (Self, i64) {
        let is_even = (self.limbs[0] & 1) - 1;
        let negative = limbs::carried(limbs::minus(&C::ORDER.value, &self.limbs), C::WIDTH);
        (Self::of(limbs::select(is_even, &negative, &self.limbs)), is_even)
    }

    #[inline(never)]
    pub(super) fn plus(&self, other: &Self) -> Self {
        Self::reduced(&limbs::plus(&self.limbs, &other.limbs))
    }

    #[inline(never)]
    pub(super) fn times(&self, other: &Self) -> Self {
        let product = Self::divided_product(&self.limbs, &other.limbs);
        Self::of(Self::divided_product(&product, &Self::RADIX_SQUARED))
    }

    pub(super) fn invert(&self) -> Self {
        Self::of(C::ORDER.invert(&self.limbs))
    }

    /// The product divided by 2^(N * WIDTH), by Montgomery's method.
    #[inline(never)]
    fn divided_product(one: &Limbs<N>, other: &Limbs<N>) -> Limbs<N> {
        // Without signs, since 36 products of 58 bits may be summed up.
        let mask = mask(C::WIDTH) as u64;
        let mut sums = [0u64; N];
        for limb in one {
            for index in 0..N {
                sums[index] += *limb as u64 * other[index] as u64;
            }
            let multiple = sums[0].wrapping_mul(C::ORDER.negative_inverse() as u64) & mask;
            let carry = (sums[0] + multiple * C::ORDER.value[0] as u64) >> C::WIDTH;
            for index in 1..N {
                sums[index - 1] = sums[index] + multiple * C::ORDER.value[index] as u64;
            }
            sums[0] += carry;
            sums[N - 1] = 0;
        }
        for index in 1..N {
            sums[index] += sums[index - 1] >> C::WIDTH;
            sums[index - 1] &= mask;
        }
        limbs::reduced_once(&sums.map(|sum| sum as i64), &C::ORDER.value, C::WIDTH).0
    }
}

impl<C: Curve<N>, const N: usize> Drop for Scalar<C, N> {
    #[inline(never)]
    fn drop(&mut self) {
        self.limbs.zeroize();
    }
}

/// The leftmost bits of octets, as many as the order has at most: `bits2int` of RFC 6979, 2.3.2.
pub(super) fn leftmost_bits<C: Curve<N>, const N: usize>(bytes: &[u8]) -> Limbs<N> {
    let kept = &bytes[..bytes.len().min(C::BYTES)];
    let mut number = limbs::from_bytes(kept, C::WIDTH);
    let excess = (8 * kept.len() as u32).saturating_sub(C::BITS);
    for index in 0..N {
        let next = number.get(index + 1).copied().unwrap_or_default();
        number[index] = ((number[index] | (next << C::WIDTH)) >> excess) & mask(C::WIDTH);
    }
    number
}
