//! Natural numbers in limbs of 27 bits, the least first. How long one takes follows from the lengths alone.
//!
//! 27 bits, because a column of products of the largest moduli (304 limbs, and as many products again in the reduction) fits 64 bits then,
//! so that carries wait until a whole product is done.

use crate::secret::Secret;
use crate::verdict::declassify;

pub(super) const LIMB_BITS: usize = 27;
pub(super) const MASK: u32 = (1 << LIMB_BITS) - 1;

/// Limbs beyond the last of a number, zero, so that vectors may be read across its end.
pub(super) const PADDING: usize = 4;

/// A number that may be a secret: as many limbs as its modulus, and [`PADDING`].
pub(super) type Number = Secret<u32>;

/// Zero.
pub(super) fn zero(limbs: usize) -> Number {
    Secret::new(vec![0; limbs + PADDING])
}

/// A number from octets, the greatest first; what does not fit `limbs` is cut off.
pub(super) fn from_octets(octets: &[u8], limbs: usize) -> Number {
    let mut number = zero(limbs);
    for (index, octet) in octets.iter().rev().enumerate() {
        let (limb, shift) = (index * 8 / LIMB_BITS, index * 8 % LIMB_BITS);
        if limb >= limbs {
            break;
        }
        let bits = u64::from(*octet) << shift;
        number[limb] |= bits as u32 & MASK;
        // Beyond the last limb there is the padding, which has to stay zero.
        if limb + 1 < limbs {
            number[limb + 1] |= (bits >> LIMB_BITS) as u32;
        }
    }
    number
}

/// The last octets of a number, the greatest first.
pub(super) fn to_octets(number: &[u32], octets: &mut [u8]) {
    let limb = |index: usize| number.get(index).map_or(0, |limb| u64::from(*limb));
    for (index, octet) in octets.iter_mut().rev().enumerate() {
        let (first, shift) = (index * 8 / LIMB_BITS, index * 8 % LIMB_BITS);
        let bits = (limb(first) | limb(first + 1) << LIMB_BITS) >> shift;
        *octet = bits as u8;
    }
}

/// All ones if equal, zero if not.
pub(super) fn equality_mask(a: u32, b: u32) -> u32 {
    let difference = a ^ b;
    // What the compiler does not know to be a truth value, it makes no branch of.
    core::hint::black_box((difference | difference.wrapping_neg()) >> 31).wrapping_sub(1)
}

/// Whether two numbers of one length are equal, for all to know.
pub(super) fn are_equal(a: &[u32], b: &[u32]) -> bool {
    let difference = a.iter().zip(b).fold(0, |all, (a, b)| all | (a ^ b));
    declassify(difference == 0)
}

/// `a - b` into `a`; gives the borrow: 1 if `b` is greater, and then `a` has wrapped around.
pub(super) fn subtract(a: &mut [u32], b: &[u32]) -> u32 {
    let mut borrow = 0;
    for (a, b) in a.iter_mut().zip(b) {
        let difference = a.wrapping_sub(*b).wrapping_sub(borrow);
        *a = difference & MASK;
        borrow = difference >> 31;
    }
    borrow
}

/// Whether `a` is less than `b`, as 1 or 0.
pub(super) fn is_less(a: &[u32], b: &[u32]) -> u32 {
    a.iter().zip(b).fold(0, |borrow, (a, b)| a.wrapping_sub(*b).wrapping_sub(borrow) >> 31)
}

/// `a + b` into `a`, which may be longer, and has to be long enough.
pub(super) fn add(a: &mut [u32], b: &[u32]) {
    let mut carry = 0;
    for (index, limb) in a.iter_mut().enumerate() {
        let sum = *limb + b.get(index).copied().unwrap_or(0) + carry;
        *limb = sum & MASK;
        carry = sum >> LIMB_BITS;
    }
}

/// `a - b` into `a` unless `b` is greater.
pub(super) fn subtract_unless_less(a: &mut [u32], b: &[u32]) {
    let keep = core::hint::black_box(is_less(a, b)).wrapping_neg();
    let mut borrow = 0;
    for (a, b) in a.iter_mut().zip(b) {
        let difference = a.wrapping_sub(*b & !keep).wrapping_sub(borrow);
        *a = difference & MASK;
        borrow = difference >> 31;
    }
}

/// `a · b`, as long as both together.
pub(super) fn product(a: &[u32], b: &[u32]) -> Secret<u32> {
    let mut product = Secret::new(vec![0; a.len() + b.len()]);
    for (index, factor) in a.iter().enumerate() {
        let mut carry = 0;
        for (to, limb) in product[index..].iter_mut().zip(b) {
            let sum = u64::from(*to) + u64::from(*factor) * u64::from(*limb) + carry;
            *to = sum as u32 & MASK;
            carry = sum >> LIMB_BITS;
        }
        product[index + b.len()] = carry as u32;
    }
    product
}

/// The remainder of a number by a modulus of so many limbs: bit by bit, for what is done once a key.
pub(super) fn remainder(number: &[u32], modulus: &[u32], limbs: usize) -> Number {
    // One limb more, as what is doubled may not fit.
    let modulus = Secret::new([&modulus[..limbs], &[0]].concat());
    let mut rest = zero(limbs + 1);
    for limb in number.iter().rev() {
        for bit in (0..LIMB_BITS).rev() {
            let mut carry = limb >> bit & 1;
            for limb in &mut rest[..=limbs] {
                let doubled = *limb << 1 | carry;
                *limb = doubled & MASK;
                carry = doubled >> LIMB_BITS;
            }
            subtract_unless_less(&mut rest[..=limbs], &modulus);
        }
    }
    rest.truncate(limbs + PADDING);
    rest
}

/// How many bits a number has; of a secret one that is told, and no more.
pub(super) fn bit_length(octets: &[u8]) -> usize {
    match octets.iter().position(|octet| *octet != 0) {
        Some(first) => (octets.len() - first) * 8 - octets[first].leading_zeros() as usize,
        None => 0,
    }
}
