//! Secret multiples of the base point: a comb (Lim and Lee, "More flexible exponentiation with precomputation", 1994) of signed bits
//! (Hamburg, "Fast and compact elliptic-curve cryptography", 2012, 3.3).

use core::hint::black_box;
use core::sync::atomic::{AtomicU32, Ordering};
use std::sync::LazyLock;

use zeroize::{Zeroize, Zeroizing};

use super::edwards::{Point, Summand, negated_if};

/// The bits that one entry stands for.
const TEETH: usize = 5;
/// Tables, of which each gives a summand between doublings.
const BLOCKS: usize = 3;
/// From one tooth to the next; each tooth of each block has so many bits, 255 in all.
const SPACING: usize = 17;
/// With the highest tooth's sign left aside.
const ENTRIES: usize = 1 << (TEETH - 1);

/// Of each block, the sums of its teeth with all signs, the highest being positive; of eight times the base point, as clamped scalars are
/// multiples of 8. They are made, not loaded: that takes as long as five agreements.
static TABLES: LazyLock<[[Summand; ENTRIES]; BLOCKS]> = LazyLock::new(|| {
    let mut tooth = Point::base();
    for _ in 0..3 {
        tooth.double();
    }
    core::array::from_fn(|_| {
        let teeth: [Point; TEETH] = core::array::from_fn(|_| {
            let this = tooth.clone();
            for _ in 0..SPACING {
                tooth.double();
            }
            this
        });
        let [summands @ .., _] = teeth.each_ref().map(Point::summand);
        core::array::from_fn(|signs| {
            let mut sum = teeth[TEETH - 1].clone();
            for (place, mut summand) in summands.into_iter().enumerate() {
                negated_if(&mut summand, (signs >> place & 1) as i32 - 1);
                sum.add(&summand);
            }
            sum.summand()
        })
    })
});

/// The order of the base point (RFC 7748, 4.1).
const ORDER: [u64; 4] = [0x5812_631a_5cf5_d3ed, 0x14de_f9de_a2f7_9cd6, 0, 1 << 60];

/// Whether so many public keys have been asked for that making the tables pays, this time included.
pub(super) fn pays() -> bool {
    /// As many as save what the tables cost.
    const FEW: u32 = 8;
    static ASKED: AtomicU32 = AtomicU32::new(0);
    if ASKED.load(Ordering::Relaxed) >= FEW {
        return true;
    }
    ASKED.fetch_add(1, Ordering::Relaxed);
    false
}

/// The x of the base point's multiple, of a clamped scalar.
pub(super) fn multiple(scalar: &[u8; 32]) -> Zeroizing<[u8; 32]> {
    let signs = signs(scalar);
    let mut sum = Point::neutral();
    for column in (0..SPACING).rev() {
        if column < SPACING - 1 {
            sum.double();
        }
        for (block, entries) in TABLES.iter().enumerate() {
            let teeth = (0..TEETH).map(|tooth| {
                let place = (block * TEETH + tooth) * SPACING + column;
                (signs[place / 64] >> (place % 64) & 1) << tooth
            });
            let mut summand = select(entries, teeth.sum::<u64>() as u32);
            sum.add(&summand);
            summand.as_flattened_mut().as_flattened_mut().zeroize();
        }
    }
    sum.montgomery_x()
}

/// 255 signs, set for +, with which the powers of two have an eighth of the scalar for sum, modulo the order.
fn signs(scalar: &[u8; 32]) -> Zeroizing<[u64; 4]> {
    let mut words = Zeroizing::new([0; 4]);
    for (word, bytes) in words.iter_mut().zip(scalar.as_chunks().0) {
        *word = u64::from_le_bytes(*bytes);
    }
    shift_right(&mut words, 3);
    // The sum of so many powers with signs is odd: the order, which is odd, is added if need be.
    let even = black_box((words[0] & 1).wrapping_sub(1));
    let mut carry = false;
    for (word, order) in words.iter_mut().zip(ORDER) {
        let (sum, over) = word.overflowing_add(order & even);
        let (sum, over_again) = sum.overflowing_add(carry.into());
        (*word, carry) = (sum, over | over_again);
    }
    // k = sum of (2 b_i - 1) 2^i = 2 b - (2^255 - 1), so b = (k - 1) / 2 + 2^254.
    shift_right(&mut words, 1);
    words[3] |= 1 << 62;
    words
}

fn shift_right(words: &mut [u64; 4], places: u32) {
    for index in 0..4 {
        let above = words.get(index + 1).map_or(0, |above| above << (64 - places));
        words[index] = words[index] >> places | above;
    }
}

/// The entry for the signs of the teeth: all entries are read. With the highest sign negative, it is the negative of that for the others
/// turned round.
fn select(entries: &[Summand; ENTRIES], signs: u32) -> Summand {
    let negative = black_box((signs >> (TEETH - 1)).cast_signed() - 1);
    let index = black_box((signs.cast_signed() ^ negative) & (ENTRIES as i32 - 1));
    let mut selected = Summand::default();
    for (place, entry) in entries.iter().enumerate() {
        // All ones where they are the same, as both are small. Compilers that knew it to be all ones or zero would branch on it.
        let mask = black_box(((place as i32 ^ index) - 1) >> 31);
        let limbs = entry.as_flattened().as_flattened();
        for (selected, limb) in selected.as_flattened_mut().as_flattened_mut().iter_mut().zip(limbs) {
            *selected |= limb & mask;
        }
    }
    negated_if(&mut selected, negative);
    selected
}
