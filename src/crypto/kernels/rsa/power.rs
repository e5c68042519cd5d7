//! Powers of secrets with secret exponents: a fixed window, and a table of which every entry is read each time.

use super::limbs::{self, LIMB_BITS, Number};
use super::montgomery::{Modulus, Scratch};
use crate::secret::Secret;

/// Bits of an exponent that are taken at a time.
const WINDOW: usize = 5;

impl Modulus {
    /// `base` to the power of an exponent of at most so many bits. The base, the result, and `one` are in Montgomery's form. The time
    /// depends on the sizes alone.
    pub(super) fn secret_power(
        &self,
        base: &[u32],
        exponent: &[u32],
        bits: usize,
        one: &[u32],
        scratch: &mut Scratch,
    ) -> Number {
        let table = self.powers(base, one, scratch);
        let (mut power, mut factor, mut next) = (self.zero(), self.zero(), self.zero());
        let last = bits.div_ceil(WINDOW) - 1;
        select(&table, window(exponent, last), &mut power);
        for index in (0..last).rev() {
            for _ in 0..WINDOW {
                self.square(&power, &mut next, scratch);
                std::mem::swap(&mut power, &mut next);
            }
            select(&table, window(exponent, index), &mut factor);
            self.multiply(&power, &factor, &mut next, scratch);
            std::mem::swap(&mut power, &mut next);
        }
        power
    }

    /// The powers of a number from the one with 0 on, one behind the other.
    fn powers(&self, base: &[u32], one: &[u32], scratch: &mut Scratch) -> Secret<u32> {
        let length = one.len();
        let mut table = Secret::new(vec![0; length << WINDOW]);
        table[..length].copy_from_slice(one);
        for index in 1..1 << WINDOW {
            let (made, next) = table.split_at_mut(index * length);
            self.multiply(&made[(index - 1) * length..], base, &mut next[..length], scratch);
        }
        table
    }
}

/// The bits of an exponent that are the window of an index.
fn window(exponent: &[u32], index: usize) -> u32 {
    let (first, shift) = (index * WINDOW / LIMB_BITS, index * WINDOW % LIMB_BITS);
    let limb = |index: usize| exponent.get(index).map_or(0, |limb| u64::from(*limb));
    ((limb(first) | limb(first + 1) << LIMB_BITS) >> shift) as u32 & ((1 << WINDOW) - 1)
}

/// The entry of a table at a secret place.
fn select(table: &[u32], place: u32, to: &mut [u32]) {
    to.fill(0);
    for (index, entry) in (0..).zip(table.chunks_exact(to.len())) {
        let mask = limbs::equality_mask(index, place);
        for (to, limb) in to.iter_mut().zip(entry) {
            *to |= limb & mask;
        }
    }
}
