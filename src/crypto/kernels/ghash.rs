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
            // The highest bit of a nibble is the one itself, the next one is times x, and so on.
            let mut multiples = [Vector::zero(); 16];
            for bit in [8, 4, 2, 1] {
                let single = Vector::load(&value.to_be_bytes());
                for (nibble, multiple) in multiples.iter_mut().enumerate() {
                    if nibble & bit != 0 {
                        *multiple ^= single;
                    }
                }
                value = value >> 1 ^ (value & 1).wrapping_neg() & REDUCED;
            }
            for (tables, vector) in self.bytes.iter_mut().zip(transposed(multiples)) {
                tables[2 * power + half] = vector;
            }
        }
    }

    /// The sum of blocks by as many powers, the highest first and H last.
    #[inline(always)]
    fn product<const BLOCKS: usize>(&self, blocks: [Vector; BLOCKS]) -> Vector {
        let nibbles = blocks.map(|block| [block.high_nibbles(), block.low_nibbles()]);
        let (mut low, mut high) = (Vector::zero(), Vector::zero());
        for tables in self.bytes.iter().rev() {
            high = high.moved_on(low);
            low = low.moved_on(Vector::zero());
            let tables = &tables[2 * (TOGETHER - BLOCKS)..];
            for (table, nibbles) in tables.iter().zip(nibbles.as_flattened()) {
                low ^= table.swizzle(*nibbles);
            }
        }
        low ^ reduced(high)
    }
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
