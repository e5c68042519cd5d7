//! Products modulo an odd number as Montgomery has them (Modular Multiplication Without Trial Division, 1985): `a · b / R`, where R is a
//! power of two above the modulus.
//!
//! Numbers are kept below twice the modulus, and R is more than four times the modulus, so that nothing is to be subtracted after a
//! product: (2n · 2n + R · n) / R < 2n. Products are made column by column, four columns at a time, which stay in registers until they are
//! done. No step depends on the numbers; [`Modulus::enter`] and [`Modulus::public_power`] are for public ones, and say so.

use zeroize::Zeroize;

use super::lanes::{Columns, Limbs};
use super::limbs::{self, LIMB_BITS, MASK, Number};
use crate::secret::Secret;
use crate::verdict::declassify;

/// Columns that are made at a time.
const COLUMNS: usize = 4;

/// A limb, four times: what a vector of limbs is multiplied with.
type Factor = [u32; COLUMNS];

/// Bits of a modulus, at most: the columns of greater ones would not fit.
const MAXIMUM_BITS: usize = 8192;

/// An odd number of up to [`MAXIMUM_BITS`] bits.
pub(super) struct Modulus {
    number: Number,
    limbs: usize,
    /// The inverse of minus the number, modulo a limb's.
    inverse: u32,
    bits: usize,
}

impl Drop for Modulus {
    fn drop(&mut self) {
        // The number itself sees to that.
        self.inverse.zeroize();
    }
}

/// Room for the factors of a product's limbs, and for those of the modulus'.
pub(super) struct Scratch {
    factors: Secret<Factor>,
    quotients: Secret<Factor>,
}

impl Modulus {
    /// From octets, the greatest first; none if it is even, or too small or large for what is done here.
    pub(super) fn from_octets(octets: &[u8]) -> Option<Self> {
        let bits = limbs::bit_length(octets);
        let is_odd = declassify(octets.last()? & 1 == 1);
        if !is_odd || !(64..=MAXIMUM_BITS).contains(&bits) {
            return None;
        }
        // Two bits more, for R to be above four times the modulus.
        let limbs = (bits + 2).div_ceil(LIMB_BITS).next_multiple_of(COLUMNS);
        let number = limbs::from_octets(octets, limbs);
        // Newton's iteration doubles the bits that are right, of which an odd number has three with itself.
        let mut inverse = number[0];
        for _ in 0..4 {
            inverse = inverse.wrapping_mul(2u32.wrapping_sub(number[0].wrapping_mul(inverse)));
        }
        Some(Self { number, limbs, inverse: inverse.wrapping_neg() & MASK, bits })
    }

    pub(super) fn bits(&self) -> usize {
        self.bits
    }

    /// Limbs of numbers modulo this, without padding.
    pub(super) fn limbs(&self) -> usize {
        self.limbs
    }

    /// The modulus itself, with padding.
    pub(super) fn padded(&self) -> &[u32] {
        &self.number
    }

    /// The modulus itself.
    pub(super) fn number(&self) -> &[u32] {
        &self.number[..self.limbs]
    }

    pub(super) fn zero(&self) -> Number {
        limbs::zero(self.limbs)
    }

    pub(super) fn one(&self) -> Number {
        let mut one = self.zero();
        one[0] = 1;
        one
    }

    pub(super) fn scratch(&self) -> Scratch {
        let factors = || Secret::new(vec![[0; COLUMNS]; self.limbs]);
        Scratch { factors: factors(), quotients: factors() }
    }

    /// A number below the modulus from octets, the greatest first.
    pub(super) fn read(&self, octets: &[u8]) -> Option<Number> {
        if limbs::bit_length(octets) > self.bits {
            return None;
        }
        let number = limbs::from_octets(octets, self.limbs);
        declassify(limbs::is_less(&number[..self.limbs], self.number()) == 1).then_some(number)
    }

    /// `a · b / R` into `to`.
    pub(super) fn multiply(&self, a: &[u32], b: &[u32], to: &mut [u32], scratch: &mut Scratch) {
        spread(&a[..self.limbs], &mut scratch.factors);
        let factors = &scratch.factors[..];
        let columns = |first: usize| {
            if first >= self.limbs {
                let from = first - self.limbs;
                return add_products::<4, 7>(Columns::default(), &factors[from..], &b[from + 1..]);
            }
            let sums = Columns::load(&corner(four(&a[first..]), four(b)));
            add_products::<4, 7>(sums, &factors[..first], &b[1..first + COLUMNS])
        };
        self.reduce_columns(columns, to, &mut scratch.quotients);
    }

    /// `a · a / R` into `to`: of the products that occur twice, one is made.
    pub(super) fn square(&self, a: &[u32], to: &mut [u32], scratch: &mut Scratch) {
        spread(&a[..self.limbs], &mut scratch.factors);
        for factor in scratch.factors.iter_mut() {
            *factor = factor.map(|limb| limb << 1);
        }
        let factors = &scratch.factors[..];
        let columns = |first: usize| {
            // Every column is a sum of products of a lower limb with a higher, and those of the middle.
            let (from, middle) = (first.saturating_sub(self.limbs), first / 2);
            let [a0, a1, a2, a3] = four(&a[middle..]).map(u64::from);
            let of_middle = [a0 * a0, 2 * a0 * a1, 2 * a0 * a2 + a1 * a1, 2 * (a0 * a3 + a1 * a2)];
            let higher = &a[first + 1 - middle..first - from + COLUMNS];
            add_products::<2, 5>(Columns::load(&of_middle), &factors[from..middle], higher)
        };
        self.reduce_columns(columns, to, &mut scratch.quotients);
    }

    /// A number below R times the modulus, divided by R, into `to`.
    pub(super) fn reduce(&self, number: &[u32], to: &mut [u32], scratch: &mut Scratch) {
        let limb = |index: usize| number.get(index).map_or(0, |limb| u64::from(*limb));
        let columns = |first: usize| Columns::load(&[0, 1, 2, 3].map(|index| limb(first + index)));
        self.reduce_columns(columns, to, &mut scratch.quotients);
    }

    /// Out of Montgomery's form: `a / R`, below the modulus.
    pub(super) fn leave(&self, a: &mut [u32], scratch: &mut Scratch) {
        let number = Secret::new(a[..self.limbs].to_vec());
        self.reduce(&number, a, scratch);
        limbs::subtract_unless_less(&mut a[..self.limbs], self.number());
    }

    /// A product of which `columns` gives four from a place on, divided by R. What times the modulus makes its lower half zero, is added;
    /// the upper half is what remains.
    #[inline(always)]
    fn reduce_columns(&self, columns: impl Fn(usize) -> Columns, to: &mut [u32], quotients: &mut [Factor]) {
        let modulus = &self.number[..];
        let mut carry = 0;
        for first in (0..self.limbs).step_by(COLUMNS) {
            let sums = add_products::<4, 7>(columns(first), &quotients[..first], &modulus[1..first + COLUMNS]);
            let found;
            (found, carry) = self.quotients(sums.to_array(), carry);
            spread(&found, &mut quotients[first..]);
        }
        for first in (0..self.limbs).step_by(COLUMNS) {
            let sums = add_products::<4, 7>(columns(self.limbs + first), &quotients[first..], &modulus[first + 1..]);
            for (to, sum) in to[first..first + COLUMNS].iter_mut().zip(sums.to_array()) {
                let sum = sum + carry;
                *to = sum as u32 & MASK;
                carry = sum >> LIMB_BITS;
            }
        }
    }

    /// The limbs that, times the modulus, make four columns zero, and the carry of those.
    #[inline(always)]
    fn quotients(&self, sums: [u64; COLUMNS], mut carry: u64) -> ([u32; COLUMNS], u64) {
        let modulus = four(&self.number);
        let mut quotients = [0; COLUMNS];
        for column in 0..COLUMNS {
            let mut sum = sums[column] + carry;
            for index in 0..column {
                sum += u64::from(quotients[index]) * u64::from(modulus[column - index]);
            }
            quotients[column] = (sum as u32).wrapping_mul(self.inverse) & MASK;
            carry = (sum + u64::from(quotients[column]) * u64::from(modulus[0])) >> LIMB_BITS;
        }
        (quotients, carry)
    }

    /// Into Montgomery's form: `a · R`, below twice the modulus. In variable time: for public numbers.
    pub(super) fn enter(&self, a: &[u32]) -> Number {
        // Digit by digit, as on paper. The quotient's digit is estimated from the first 60 bits of the number, and never too great; by less
        // than two it is too small, so that what remains is below twice the modulus.
        let top = self.bits.div_ceil(LIMB_BITS) - 1;
        let shift = self.bits - 32;
        let divisor = bits_at(self.number(), shift) + 1;
        let mut rest = limbs::zero(self.limbs);
        rest[..self.limbs].copy_from_slice(&a[..self.limbs]);
        for _ in 0..self.limbs {
            rest[..self.limbs + 1].rotate_right(1);
            let quotient = bits_at(&rest, shift) / divisor;
            let mut carry = 0i64;
            for (limb, modulus) in rest[..top + 3].iter_mut().zip(&self.number[..top + 3]) {
                let sum = i64::from(*limb) - (quotient * u64::from(*modulus)) as i64 + carry;
                *limb = sum as u32 & MASK;
                carry = sum >> LIMB_BITS;
            }
        }
        rest
    }

    /// `a` to the power of an odd exponent above 1, from a number below the modulus to another. In variable time: for public numbers.
    pub(super) fn public_power(&self, a: &[u32], exponent: u64) -> Number {
        let base = self.enter(a);
        self.power_of_entered(a, &base, exponent)
    }

    /// As [`Self::public_power`], of `a` and of `a · R`. Its time depends on the exponent alone.
    pub(super) fn power_of_entered(&self, a: &[u32], entered: &[u32], exponent: u64) -> Number {
        let mut scratch = self.scratch();
        let mut power = Secret::new(entered.to_vec());
        let mut next = self.zero();
        for bit in (1..exponent.ilog2()).rev() {
            self.square(&power, &mut next, &mut scratch);
            std::mem::swap(&mut power, &mut next);
            if exponent >> bit & 1 == 1 {
                self.multiply(&power, entered, &mut next, &mut scratch);
                std::mem::swap(&mut power, &mut next);
            }
        }
        self.square(&power, &mut next, &mut scratch);
        std::mem::swap(&mut power, &mut next);
        // The last factor takes it out of Montgomery's form.
        self.multiply(&power, a, &mut next, &mut scratch);
        limbs::subtract_unless_less(&mut next[..self.limbs], self.number());
        next
    }
}

/// The first four limbs.
#[inline(always)]
fn four(limbs: &[u32]) -> [u32; COLUMNS] {
    [limbs[0], limbs[1], limbs[2], limbs[3]]
}

/// Limbs as factors.
#[inline(always)]
fn spread(limbs: &[u32], factors: &mut [Factor]) {
    for (factor, limb) in factors.iter_mut().zip(limbs) {
        *factor = [*limb; COLUMNS];
    }
}

/// The lowest four columns of a product of four limbs with four.
#[inline(always)]
fn corner(a: [u32; COLUMNS], b: [u32; COLUMNS]) -> [u64; COLUMNS] {
    let [a0, a1, a2, a3] = a.map(u64::from);
    let [b0, b1, b2, b3] = b.map(u64::from);
    [a0 * b0, a0 * b1 + a1 * b0, a0 * b2 + a1 * b1 + a2 * b0, a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0]
}

/// The 60 bits of a number from a place on.
fn bits_at(number: &[u32], place: usize) -> u64 {
    let (first, shift) = (place / LIMB_BITS, place % LIMB_BITS);
    let limb = |index: usize| number.get(index).map_or(0, |limb| u128::from(*limb));
    let bits = (0..4).fold(0, |bits, index| bits | limb(first + index) << (index * LIMB_BITS));
    (bits >> shift) as u64 & ((1 << 60) - 1)
}

/// Add products to four columns: the first factor's with the last four limbs, each other's with the four that begin one limb before.
/// So many at once, of which there is a whole number; those reach over three limbs more.
#[inline(always)]
fn add_products<const AT_ONCE: usize, const REACH: usize>(
    mut sums: Columns,
    factors: &[Factor],
    mut limbs: &[u32],
) -> Columns {
    for factors in factors.as_chunks::<AT_ONCE>().0 {
        let Some(reached) = limbs.last_chunk::<REACH>() else {
            break;
        };
        for (factor, place) in factors.iter().zip((0..AT_ONCE).rev()) {
            if let Some(limbs) = reached[place..].first_chunk() {
                sums = sums.plus_product(Limbs::load(factor), Limbs::load(limbs));
            }
        }
        limbs = &limbs[..limbs.len() - AT_ONCE];
    }
    sums
}
