//! AES (FIPS 197) as a stream of blocks by a counter, sixteen blocks at once: vector `n` has byte `n` of each of them. So
//! ShiftRows costs nothing, and MixColumns a few sums.
//!
//! Bytes are pairs as `aes_field` has them, from the first key to the last S-box.

use zeroize::Zeroize;

use crate::aes_field::{
    CONSTANT, INVERSE, INVERSE_BY_NORM, Nibbles, SUBSTITUTED, SUBSTITUTED_BYTE, SUBSTITUTED_TWICE, TO_PAIRS,
};
use crate::simd::{Vector, transposed, unknown};

/// What sixteen blocks are, in bytes.
pub(crate) const STEP: usize = 256;

/// Blocks of which the same bytes of the counter are different: only the last one.
const ALIKE: u32 = 256;

/// The rounds of the longest keys.
const MOST_ROUNDS: usize = 14;

/// A byte of sixteen blocks in each vector.
pub(crate) type Sliced = [Vector; 16];

/// A key, expanded.
pub(crate) struct AesKey {
    rounds: usize,
    /// One for each round and one before them; but the last as pairs, but the first with the constant of the S-box.
    keys: [[u8; 16]; MOST_ROUNDS + 1],
}

impl AesKey {
    /// Of 16 or 32 bytes (FIPS 197, 5.2).
    pub(crate) fn new(key: &[u8]) -> Option<Self> {
        let words = match key.len() {
            16 => 4,
            32 => 8,
            _ => return None,
        };
        let rounds = words + 6;
        let maps = Maps::load();
        let mut expanded = [[0; 4]; 4 * (MOST_ROUNDS + 1)];
        expanded[..words].copy_from_slice(key.as_chunks().0);
        let mut constant = 1_u8;
        for index in words..4 * (rounds + 1) {
            let mut word = expanded[index - 1];
            if index % words == 0 {
                word.rotate_left(1);
                word = maps.substituted_word(word);
                word[0] ^= constant;
                constant = (constant << 1) ^ ((constant >> 7) * 0x1b);
            } else if words > 6 && index % words == 4 {
                word = maps.substituted_word(word);
            }
            for (byte, before) in word.iter_mut().zip(expanded[index - words]) {
                *byte ^= before;
            }
            expanded[index] = word;
        }
        let mut keys = [[0; 16]; MOST_ROUNDS + 1];
        for (round, (key, words)) in keys.iter_mut().zip(expanded.as_chunks::<4>().0).enumerate().take(rounds + 1) {
            key.copy_from_slice(words.as_flattened());
            let mut vector = Vector::load(key);
            if round > 0 {
                vector ^= Vector::splat(CONSTANT);
            }
            if round < rounds {
                vector = to_pairs(vector);
            }
            vector.store(key);
        }
        expanded.as_flattened_mut().zeroize();
        Some(Self { rounds, keys })
    }
}

impl Drop for AesKey {
    fn drop(&mut self) {
        self.keys.as_flattened_mut().zeroize();
    }
}

/// A key with a nonce: blocks of the nonce and a counter of four bytes.
///
/// Of 256 blocks that follow each other the first fifteen bytes are the same. So is all of the first round but a column, and, of
/// the second, what the other columns give. These are done once.
pub(crate) struct Stream<'k> {
    key: &'k AesKey,
    nonce: [u8; 12],
    /// The first column after the first round, without the share of the last byte.
    first: [Vector; 4],
    /// The second round, without the share of that column.
    second: Sliced,
}

impl<'k> Stream<'k> {
    #[inline(always)]
    pub(crate) fn new(key: &'k AesKey, nonce: &[u8; 12]) -> Self {
        let zero = Vector::zero();
        Self { key, nonce: *nonce, first: [zero; 4], second: [zero; 16] }
    }

    /// The first sixteen blocks; the counter is in the last four bytes.
    #[inline(always)]
    pub(crate) fn start(&mut self) -> [u8; STEP] {
        let mut stream = [0; STEP];
        self.apply(0, &mut stream);
        stream
    }

    /// Add sixteen blocks to bytes of a message. Counters come in order, and by sixteens.
    #[inline(always)]
    pub(crate) fn apply(&mut self, counter: u32, bytes: &mut [u8; STEP]) {
        if counter.is_multiple_of(ALIKE) {
            self.prepare(counter);
        }
        add_transposed(&self.blocks(counter), bytes);
    }

    #[inline(never)]
    fn prepare(&mut self, counter: u32) {
        let maps = Maps::load();
        let keys = &self.key.keys;
        let [a, b, c, _] = counter.to_be_bytes();
        let mut state = keys[0].map(Vector::splat);
        for (vector, byte) in state.iter_mut().zip(self.nonce.into_iter().chain([a, b, c])) {
            *vector ^= to_pairs(Vector::splat(byte));
        }
        let mut columns = keys[1].map(Vector::splat);
        for (place, share) in columns.as_chunks_mut::<4>().0.iter_mut().enumerate() {
            for row in 0..4 {
                let from = shifted(place, row);
                if from != 15 {
                    mix(share, row, maps.substituted(state[from]));
                }
            }
        }
        self.first = [columns[0], columns[1], columns[2], columns[3]];
        self.second = keys[2].map(Vector::splat);
        for (place, share) in self.second.as_chunks_mut::<4>().0.iter_mut().enumerate() {
            for row in 0..4 {
                let from = shifted(place, row);
                if from > 3 {
                    mix(share, row, maps.substituted(columns[from]));
                }
            }
        }
    }

    /// The blocks of this counter, a multiple of sixteen, and of those after it.
    #[inline(never)]
    fn blocks(&self, counter: u32) -> Sliced {
        let maps = Maps::load();
        let keys = &self.key.keys;
        // Pairs are sums of those of their nibbles.
        let last =
            to_pairs(Vector::splat(counter as u8)) ^ Vector::load(&unknown(&MAPS).low) ^ Vector::splat(keys[0][15]);
        let mut column = self.first;
        mix(&mut column, 3, maps.substituted(last));

        // Row r of the first column comes to column -r.
        let mut state = self.second;
        let [first, fourth, third, second] = [0, 1, 2, 3].map(|row| maps.substituted(column[row]));
        let columns = state.as_chunks_mut::<4>().0;
        for (place, row, share) in [(0, 0, first), (3, 1, fourth), (2, 2, third), (1, 3, second)] {
            mix(&mut columns[place], row, share);
        }
        let mut other = state;
        let rounds = self.key.rounds;
        for pair in keys[3..rounds].as_chunks::<2>().0 {
            round(&state, &pair[0], &mut other);
            round(&other, &pair[1], &mut state);
        }
        // The number of rounds is even: there is one more before the last.
        round(&state, &keys[rounds - 1], &mut other);
        last_round(&other, &keys[rounds], &mut state);
        state
    }
}

/// The place from which ShiftRows takes a byte of a column.
#[inline(always)]
fn shifted(column: usize, row: usize) -> usize {
    4 * ((column + row) % 4) + row
}

/// The share of a row in a column (FIPS 197, 5.1.3): single, or twice, or both.
#[inline(always)]
fn mix(column: &mut [Vector; 4], row: usize, (single, twice): (Vector, Vector)) {
    column[row] ^= twice;
    column[(row + 3) % 4] ^= single ^ twice;
    column[(row + 2) % 4] ^= single;
    column[(row + 1) % 4] ^= single;
}

#[inline(never)]
fn round(from: &Sliced, key: &[u8; 16], to: &mut Sliced) {
    let maps = Maps::load();
    column::<0>(from, key, to, &maps);
    column::<1>(from, key, to, &maps);
    column::<2>(from, key, to, &maps);
    column::<3>(from, key, to, &maps);
}

#[inline(always)]
fn column<const COLUMN: usize>(from: &Sliced, key: &[u8; 16], to: &mut Sliced, maps: &Maps) {
    let mut mixed = [0, 1, 2, 3].map(|row| Vector::splat(key[4 * COLUMN + row]));
    mix(&mut mixed, 0, maps.substituted(from[shifted(COLUMN, 0)]));
    mix(&mut mixed, 1, maps.substituted(from[shifted(COLUMN, 1)]));
    mix(&mut mixed, 2, maps.substituted(from[shifted(COLUMN, 2)]));
    mix(&mut mixed, 3, maps.substituted(from[shifted(COLUMN, 3)]));
    to[4 * COLUMN..4 * COLUMN + 4].copy_from_slice(&mixed);
}

#[inline(never)]
fn last_round(from: &Sliced, key: &[u8; 16], to: &mut Sliced) {
    let maps = Maps::load();
    for column in 0..4 {
        for row in 0..4 {
            let place = 4 * column + row;
            to[place] = maps.substituted_byte(from[shifted(column, row)]) ^ Vector::splat(key[place]);
        }
    }
}

#[inline(never)]
fn add_transposed(stream: &Sliced, bytes: &mut [u8; STEP]) {
    for (stream, place) in transposed(*stream).into_iter().zip(bytes.as_chunks_mut::<16>().0) {
        (Vector::load(place) ^ stream).store(place);
    }
}

/// AES's bytes as pairs.
#[inline(always)]
fn to_pairs(bytes: Vector) -> Vector {
    let maps = unknown(&MAPS);
    Vector::load(&maps.high).swizzle(bytes.high_nibbles()) ^ Vector::load(&maps.low).swizzle(bytes.low_nibbles())
}

/// What `Maps` loads, and the map to pairs.
#[repr(align(16))]
struct StoredMaps {
    inverse: Nibbles,
    inverse_by_norm: Nibbles,
    once: [Nibbles; 2],
    twice: [Nibbles; 2],
    byte: [Nibbles; 2],
    high: Nibbles,
    low: Nibbles,
}

static MAPS: StoredMaps = StoredMaps {
    inverse: INVERSE,
    inverse_by_norm: INVERSE_BY_NORM,
    once: [SUBSTITUTED.io, SUBSTITUTED.jo],
    twice: [SUBSTITUTED_TWICE.io, SUBSTITUTED_TWICE.jo],
    byte: [SUBSTITUTED_BYTE.io, SUBSTITUTED_BYTE.jo],
    high: TO_PAIRS.high,
    low: TO_PAIRS.low,
};

/// The maps of the S-box.
struct Maps {
    inverse: Vector,
    inverse_by_norm: Vector,
    once: [Vector; 2],
    twice: [Vector; 2],
    byte: [Vector; 2],
}

impl Maps {
    #[inline(always)]
    fn load() -> Self {
        let maps = unknown(&MAPS);
        let both = |maps: &[Nibbles; 2]| [Vector::load(&maps[0]), Vector::load(&maps[1])];
        Self {
            inverse: Vector::load(&maps.inverse),
            inverse_by_norm: Vector::load(&maps.inverse_by_norm),
            once: both(&maps.once),
            twice: both(&maps.twice),
            byte: both(&maps.byte),
        }
    }

    /// `io` and `jo`.
    #[inline(always)]
    fn inverted(&self, pairs: Vector) -> (Vector, Vector) {
        let (i, k) = (pairs.high_nibbles(), pairs.low_nibbles());
        let j = i ^ k;
        let of_k = self.inverse_by_norm.swizzle(k);
        let io = self.inverse.swizzle(self.inverse.swizzle(i) ^ of_k) ^ j;
        let jo = self.inverse.swizzle(self.inverse.swizzle(j) ^ of_k) ^ i;
        (io, jo)
    }

    /// The S-box, and twice that; as pairs.
    #[inline(always)]
    fn substituted(&self, pairs: Vector) -> (Vector, Vector) {
        let (io, jo) = self.inverted(pairs);
        let sum = |maps: [Vector; 2]| maps[0].swizzle(io) ^ maps[1].swizzle(jo);
        (sum(self.once), sum(self.twice))
    }

    /// The S-box, as AES's bytes.
    #[inline(always)]
    fn substituted_byte(&self, pairs: Vector) -> Vector {
        let (io, jo) = self.inverted(pairs);
        self.byte[0].swizzle(io) ^ self.byte[1].swizzle(jo)
    }

    /// The S-box of the bytes of a word, with its constant.
    fn substituted_word(&self, word: [u8; 4]) -> [u8; 4] {
        let pairs = to_pairs(Vector::splat_word(u32::from_le_bytes(word)));
        let mut bytes = [0; 16];
        (self.substituted_byte(pairs) ^ Vector::splat(CONSTANT)).store(&mut bytes);
        [bytes[0], bytes[1], bytes[2], bytes[3]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plain;

    #[test]
    fn the_maps_make_the_s_box() {
        for byte in 0..=255 {
            let made = Maps::load().substituted_word([byte; 4]);
            assert_eq!(made, [plain::aes::substituted(byte); 4], "{byte}");
        }
    }

    #[test]
    fn blocks_by_counter_are_those_of_the_plain_twin() {
        for length in [16, 32] {
            let key: Vec<u8> = (0..length).map(|byte| byte * 7 + 3).collect();
            let twin = plain::aes::Aes::new(&key);
            let expanded = AesKey::new(&key).unwrap();
            let nonce = core::array::from_fn(|byte| 200 - byte as u8);
            let mut stream = Stream::new(&expanded, &nonce);
            // Beyond the third byte's carry.
            for counter in (0..0x10100).step_by(16) {
                let mut bytes = [0; STEP];
                stream.apply(counter, &mut bytes);
                if counter % 0x1000 > 0x110 && counter < 0xff00 {
                    continue;
                }
                for (block, counter) in bytes.as_chunks::<16>().0.iter().zip(counter..) {
                    let mut input = [0; 16];
                    input[..12].copy_from_slice(&nonce);
                    input[12..].copy_from_slice(&counter.to_be_bytes());
                    assert_eq!(*block, twin.encrypted(input), "{length} {counter}");
                }
            }
        }
    }

    #[test]
    fn keys_have_16_or_32_bytes() {
        for length in 0..40 {
            assert_eq!(AesKey::new(&vec![1; length]).is_some(), length == 16 || length == 32);
        }
    }
}
