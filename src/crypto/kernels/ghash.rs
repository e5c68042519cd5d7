//! GHASH (NIST SP 800-38D, 6.4): a polynomial over GF(2^128), four blocks at once.
//!
//! A block times a power of the hash key is the sum, over the block's nibbles, of sixteen possible multiples each, moved by the
//! nibble's place. For a byte of these multiples a swizzle reads the share of all nibbles of a block at once, out of a table of
//! that byte: no address depends on a secret. The shares of four blocks by four powers are summed up first; then they are moved
//! and reduced together.
//!
//! Within a byte the highest bit belongs to the lowest power of x (SP 800-38D, 6.3); a byte further is times x^8.

use zeroize::Zeroize;

use crate::simd::{Vector, transposed};

/// How many blocks are taken at once.
const TOGETHER: usize = 4;

/// x^128 = 1 + x + x^2 + x^7, from the highest bit.
const REDUCED: u128 = 0xe1 << 120;

/// A hash key, H, and its powers.
pub(crate) struct HashKey {
    /// From the highest power to H.
    powers: [[u8; 16]; TOGETHER],
}

impl HashKey {
    pub(crate) fn new(key: [u8; 16]) -> Self {
        let mut powers = [key; TOGETHER];
        let mut tables = Tables { bytes: [[Vector::zero(); 2 * TOGETHER]; 16] };
        tables.put(TOGETHER - 1, &key);
        for power in (0..TOGETHER - 1).rev() {
            let product = tables.product([Vector::load(&powers[power + 1])]);
            product.store(&mut powers[power]);
        }
        Self { powers }
    }
}

impl Drop for HashKey {
    fn drop(&mut self) {
        self.powers.as_flattened_mut().zeroize();
    }
}

/// A hash under way.
pub(crate) struct GHash {
    tables: Tables,
    sum: Vector,
}

impl GHash {
    #[inline(always)]
    pub(crate) fn new(key: &HashKey) -> Self {
        let mut tables = Tables { bytes: [[Vector::zero(); 2 * TOGETHER]; 16] };
        for (power, value) in key.powers.iter().enumerate() {
            tables.put(power, value);
        }
        Self { tables, sum: Vector::zero() }
    }

    /// Bytes, with zeros up to a whole block.
    #[inline(never)]
    pub(crate) fn padded(&mut self, bytes: &[u8]) {
        let (blocks, rest) = bytes.as_chunks::<16>();
        let (groups, single) = blocks.as_chunks::<TOGETHER>();
        for [a, b, c, d] in groups {
            let first = self.sum ^ Vector::load(a);
            self.sum = self.tables.product([first, Vector::load(b), Vector::load(c), Vector::load(d)]);
        }
        for block in single {
            self.block(block);
        }
        if !rest.is_empty() {
            let mut block = [0; 16];
            block[..rest.len()].copy_from_slice(rest);
            self.block(&block);
        }
    }

    /// A whole block.
    #[inline(never)]
    pub(crate) fn block(&mut self, block: &[u8; 16]) {
        self.sum = self.tables.product([self.sum ^ Vector::load(block)]);
    }

    /// The hash.
    #[inline(always)]
    pub(crate) fn finish(self) -> [u8; 16] {
        let mut hash = [0; 16];
        self.sum.store(&mut hash);
        hash
    }
}

/// The multiples of powers of the key: for each of their bytes, for each power, a table by the higher nibbles of a block's bytes
/// and one by the lower.
struct Tables {
    bytes: [[Vector; 2 * TOGETHER]; 16],
}

impl Tables {
    #[inline(never)]
    fn put(&mut self, power: usize, value: &[u8; 16]) {
        let mut value = u128::from_be_bytes(*value);
        for half in 0..2 {
            for (tables, vector) in self.bytes.iter_mut().zip(transposed(multiples(value))) {
                tables[2 * power + half] = vector;
            }
            for _ in 0..4 {
                value = by_x(value);
            }
        }
    }

    /// The sum of blocks by as many powers, the highest first and H last.
    #[inline(always)]
    fn product<const BLOCKS: usize>(&self, blocks: [Vector; BLOCKS]) -> Vector {
        let nibbles = blocks.map(|block| [block.high_nibbles(), block.low_nibbles()]);
        // Two sums, of the lower and of the higher bytes of the multiples, which need not wait for each other.
        let (lower, higher) = self.bytes.split_at(8);
        let mut sums = [Moved::zero(); 2];
        for (lower, higher) in lower.iter().zip(higher).rev() {
            sums[0].move_on(shares(lower, &nibbles));
            sums[1].move_on(shares(higher, &nibbles));
        }
        let [Moved { low, high }, above] = sums;
        let low = low ^ above.low.moved_half(Vector::zero());
        let high = high ^ above.high.moved_half(above.low);
        low ^ reduced(high)
    }
}

/// The multiples by the sixteen nibbles, of which the highest bit is one, the next is x, and so on.
#[inline(always)]
fn multiples(value: u128) -> [Vector; 16] {
    let vector = |value: u128| Vector::load(&value.to_be_bytes());
    let (second, third) = (by_x(value), by_x(by_x(value)));
    let (a, b, c, d) = (vector(by_x(third)), vector(third), vector(second), vector(value));
    let (ab, cd) = (a ^ b, c ^ d);
    let zero = Vector::zero();
    let (ca, cb, cab, da, db, dab) = (c ^ a, c ^ b, c ^ ab, d ^ a, d ^ b, d ^ ab);
    [zero, a, b, ab, c, ca, cb, cab, d, da, db, dab, cd, cd ^ a, cd ^ b, cd ^ ab]
}

/// Times x.
#[inline(always)]
fn by_x(value: u128) -> u128 {
    value >> 1 ^ (value & 1).wrapping_neg() & REDUCED
}

/// A sum of shares, each moved by its byte's place.
#[derive(Clone, Copy)]
struct Moved {
    low: Vector,
    /// What was moved beyond the highest power of x.
    high: Vector,
}

impl Moved {
    #[inline(always)]
    fn zero() -> Self {
        Self { low: Vector::zero(), high: Vector::zero() }
    }

    /// All of it is a byte further, but these.
    #[inline(always)]
    fn move_on(&mut self, shares: Vector) {
        self.high = self.high.moved_on(self.low);
        self.low = self.low.moved_on(Vector::zero()) ^ shares;
    }
}

/// The shares of the nibbles of blocks in a byte. The first block comes last: its nibbles are known last.
#[inline(always)]
fn shares<const BLOCKS: usize>(tables: &[Vector; 2 * TOGETHER], nibbles: &[[Vector; 2]; BLOCKS]) -> Vector {
    let pairs = tables.as_chunks::<2>().0.iter().rev().zip(nibbles.iter().rev());
    let shares = pairs.map(|(tables, nibbles)| tables[0].swizzle(nibbles[0]) ^ tables[1].swizzle(nibbles[1]));
    shares.reduce(|sum, share| sum ^ share).unwrap_or(Vector::zero())
}

impl Drop for Tables {
    #[inline(always)]
    fn drop(&mut self) {
        Vector::wipe(self.bytes.as_flattened_mut());
    }
}

/// What is above x^128, but less than x^120 in it, times x^128.
#[inline(always)]
fn reduced(high: Vector) -> Vector {
    let down = high ^ high.shifted_down::<1>() ^ high.shifted_down::<2>() ^ high.shifted_down::<7>();
    let over = high.shifted_up::<7>() ^ high.shifted_up::<6>() ^ high.shifted_up::<1>();
    down ^ over.moved_on(Vector::zero())
}
