//! Products modulo an odd number as Montgomery has them (Modular Multiplication Without Trial Division, 1985): `a · b / R`, where R is a
//! power of two above the modulus.
//!
//! Numbers are kept below twice the modulus, and R is more than four times the modulus, so that nothing is to be subtracted after a
//! product: (2n · 2n + R · n) / R < 2n. Four rows of the product are added at a time, and carries wait until its end. No step depends on
//! the numbers; [`Modulus::enter`] and [`Modulus::public_power`] are for public ones, and say so.

use zeroize::{Zeroize, Zeroizing};

use super::lanes::{Columns, Limbs};
use super::limbs::{self, LIMB_BITS, MASK, Number};

/// Rows that are added at a time.
const ROWS: usize = 4;

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

/// Room for a product before it is reduced: its columns, and a number doubled.
pub(super) struct Scratch {
    columns: Zeroizing<Vec<u64>>,
    doubled: Number,
}

impl Modulus {
    /// From octets, the greatest first; none if it is even, or too small or large for what is done here.
    pub(super) fn from_octets(octets: &[u8]) -> Option<Self> {
        let bits = limbs::bit_length(octets);
        if !(64..=MAXIMUM_BITS).contains(&bits) || octets.last()? & 1 == 0 {
            return None;
        }
        // Two bits more, for R to be above four times the modulus.
        let limbs = (bits + 2).div_ceil(LIMB_BITS).next_multiple_of(ROWS);
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
        Scratch { columns: Zeroizing::new(vec![0; 2 * self.limbs]), doubled: self.zero() }
    }

    /// A number below the modulus from octets, the greatest first.
    pub(super) fn read(&self, octets: &[u8]) -> Option<Number> {
        if limbs::bit_length(octets) > self.bits {
            return None;
        }
        let number = limbs::from_octets(octets, self.limbs);
        (limbs::is_less(&number[..self.limbs], self.number()) == 1).then_some(number)
    }

    /// `a · b / R` into `to`.
    pub(super) fn multiply(&self, a: &[u32], b: &[u32], to: &mut [u32], scratch: &mut Scratch) {
        let columns = &mut scratch.columns[..];
        columns.fill(0);
        for row in (0..self.limbs).step_by(ROWS) {
            let factors = four(&a[row..]);
            let lowest = four(b);
            let (low, rest) = columns[row..].split_at_mut(ROWS);
            for (column, sum) in low.iter_mut().enumerate() {
                for index in 0..=column {
                    *sum += u64::from(factors[index]) * u64::from(lowest[column - index]);
                }
            }
            let quotients = self.reduce_low(low, rest);
            let rest = &mut rest.as_chunks_mut().0[..self.limbs / ROWS];
            add_rows_of_two(rest, (factors, &b[1..]), (quotients, &self.number[1..]));
        }
        self.carry(columns, to);
    }

    /// `a · a / R` into `a`: of the products that occur twice, one is made.
    pub(super) fn square(&self, a: &mut [u32], scratch: &mut Scratch) {
        let Scratch { columns, doubled } = scratch;
        columns.fill(0);
        for (doubled, limb) in doubled.iter_mut().zip(&*a) {
            *doubled = limb << 1;
        }
        for row in (0..self.limbs).step_by(ROWS) {
            let factors = four(&a[row..]);
            // Of these four with each other, and from now on with those behind them alone.
            let [a, b, c, d] = factors.map(u64::from);
            let own = [a * a, 2 * a * b, 2 * a * c + b * b, 2 * (a * d + b * c), 2 * b * d + c * c, 2 * c * d, d * d];
            for (sum, own) in columns[2 * row..].iter_mut().zip(own) {
                *sum += own;
            }
            doubled[row..row + ROWS].fill(0);
            let (low, rest) = columns[row..].split_at_mut(ROWS);
            let quotients = self.reduce_low(low, rest);
            let (before, behind) = rest.as_chunks_mut().0[..self.limbs / ROWS].split_at_mut(row / ROWS);
            add_rows(before, quotients, &self.number[1..]);
            add_rows_of_two(behind, (factors, &doubled[row + 1..]), (quotients, &self.number[row + 1..]));
        }
        self.carry(columns, a);
    }

    /// A number below R times the modulus, divided by R, into `to`.
    pub(super) fn reduce(&self, number: &[u32], to: &mut [u32], scratch: &mut Scratch) {
        let columns = &mut scratch.columns[..];
        columns.fill(0);
        for (column, limb) in columns.iter_mut().zip(number) {
            *column = u64::from(*limb);
        }
        for row in (0..self.limbs).step_by(ROWS) {
            let (low, rest) = columns[row..].split_at_mut(ROWS);
            let quotients = self.reduce_low(low, rest);
            add_rows(&mut rest.as_chunks_mut().0[..self.limbs / ROWS], quotients, &self.number[1..]);
        }
        self.carry(columns, to);
    }

    /// Out of Montgomery's form: `a / R`, below the modulus.
    pub(super) fn leave(&self, a: &mut [u32], scratch: &mut Scratch) {
        let number = Zeroizing::new(a[..self.limbs].to_vec());
        self.reduce(&number, a, scratch);
        limbs::subtract_unless_less(&mut a[..self.limbs], self.number());
    }

    /// What times the modulus makes the lowest four columns zero; they are done with then, and their carry is in the next.
    #[inline(always)]
    fn reduce_low(&self, low: &mut [u64], rest: &mut [u64]) -> [u32; ROWS] {
        let modulus = four(&self.number);
        let mut quotients = [0; ROWS];
        let mut carry = 0;
        for column in 0..ROWS {
            let mut sum = low[column] + carry;
            for index in 0..column {
                sum += u64::from(quotients[index]) * u64::from(modulus[column - index]);
            }
            quotients[column] = (sum as u32).wrapping_mul(self.inverse) & MASK;
            carry = (sum + u64::from(quotients[column]) * u64::from(modulus[0])) >> LIMB_BITS;
        }
        // The last product of a number has nothing behind it.
        if let Some(next) = rest.first_mut() {
            *next += carry;
        }
        quotients
    }

    /// The upper half of columns as a number.
    fn carry(&self, columns: &[u64], to: &mut [u32]) {
        let mut carry = 0;
        for (to, column) in to.iter_mut().zip(&columns[self.limbs..]) {
            let sum = column + carry;
            *to = sum as u32 & MASK;
            carry = sum >> LIMB_BITS;
        }
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
        let mut power = Zeroizing::new(entered.to_vec());
        let mut next = self.zero();
        for bit in (1..exponent.ilog2()).rev() {
            self.square(&mut power, &mut scratch);
            if exponent >> bit & 1 == 1 {
                self.multiply(&power, entered, &mut next, &mut scratch);
                std::mem::swap(&mut power, &mut next);
            }
        }
        self.square(&mut power, &mut scratch);
        // The last factor takes it out of Montgomery's form.
        self.multiply(&power, a, &mut next, &mut scratch);
        limbs::subtract_unless_less(&mut next[..self.limbs], self.number());
        next
    }
}

/// The first four limbs.
#[inline(always)]
fn four(limbs: &[u32]) -> [u32; ROWS] {
    [limbs[0], limbs[1], limbs[2], limbs[3]]
}

/// The 60 bits of a number from a place on.
fn bits_at(number: &[u32], place: usize) -> u64 {
    let (first, shift) = (place / LIMB_BITS, place % LIMB_BITS);
    let limb = |index: usize| number.get(index).map_or(0, |limb| u128::from(*limb));
    let bits = (0..4).fold(0, |bits, index| bits | limb(first + index) << (index * LIMB_BITS));
    (bits >> shift) as u64 & ((1 << 60) - 1)
}

/// Four rows of limbs, each beginning one limb before the one above it: the first of them three limbs in.
#[inline(always)]
fn rows(limbs: &[u32], length: usize) -> [&[[u32; ROWS]]; ROWS] {
    [3, 2, 1, 0].map(|skipped| &limbs[skipped..].as_chunks().0[..length])
}

/// Add four products of limbs, each one column above the one before, to columns.
#[inline(always)]
fn add_rows(columns: &mut [[u64; ROWS]], factors: [u32; ROWS], limbs: &[u32]) {
    let factors = factors.map(Limbs::splat);
    let rows = rows(limbs, columns.len());
    for (index, columns) in columns.iter_mut().enumerate() {
        let mut sum = Columns::load(columns);
        for row in 0..ROWS {
            sum = sum.plus_product(factors[row], Limbs::load(&rows[row][index]));
        }
        sum.store(columns);
    }
}

/// As [`add_rows`], twice in one pass.
#[inline(always)]
fn add_rows_of_two(columns: &mut [[u64; ROWS]], a: ([u32; ROWS], &[u32]), b: ([u32; ROWS], &[u32])) {
    let (factors, more_factors) = (a.0.map(Limbs::splat), b.0.map(Limbs::splat));
    let (rows_of_a, rows_of_b) = (rows(a.1, columns.len()), rows(b.1, columns.len()));
    for (index, columns) in columns.iter_mut().enumerate() {
        let mut sum = Columns::load(columns);
        for row in 0..ROWS {
            sum = sum.plus_product(factors[row], Limbs::load(&rows_of_a[row][index]));
            sum = sum.plus_product(more_factors[row], Limbs::load(&rows_of_b[row][index]));
        }
        sum.store(columns);
    }
}
