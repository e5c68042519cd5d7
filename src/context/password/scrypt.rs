//! scrypt (RFC 7914): a key derivation that takes memory. The names are the RFC's, and the numbers its sections.

use zeroize::Zeroizing;

use crate::crypto::Digest;

/// The 32-bit words of a block that Salsa20/8 works on.
const SALSA_WORDS: usize = 16;
/// The same in octets.
const SALSA_OCTETS: usize = 4 * SALSA_WORDS;

/// What the derivation costs: all are above zero, N is a power of two, and the caller has judged that the whole is bearable.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cost {
    /// N: how often a block is mixed, and how many are kept.
    pub cost: usize,
    /// r: a block is twice as many blocks of Salsa20/8.
    pub block_size: usize,
    /// p: how often all that is done.
    pub parallelisation: usize,
}

/// Derive a key (6).
pub(super) fn scrypt(passphrase: &[u8], salt: &[u8], cost: Cost, key: &mut [u8]) {
    let mut blocks = Zeroizing::new(vec![0; cost.parallelisation * 2 * cost.block_size * SALSA_OCTETS]);
    Digest::Sha256.pbkdf2(passphrase, salt, 1, &mut blocks);
    for block in blocks.chunks_exact_mut(2 * cost.block_size * SALSA_OCTETS) {
        mix(block, cost.cost);
    }
    Digest::Sha256.pbkdf2(passphrase, &blocks, 1, key);
}

/// scryptROMix (5).
fn mix(octets: &mut [u8], cost: usize) {
    let words = octets.chunks_exact(4).map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]]));
    let mut block = Zeroizing::new(words.collect::<Vec<u32>>());
    let length = block.len();
    let mut mixed = Zeroizing::new(vec![0; length]);
    let mut kept = Zeroizing::new(Vec::with_capacity(cost * length));
    for _ in 0..cost {
        kept.extend_from_slice(&block);
        mix_blocks(&block, &mut mixed);
        std::mem::swap(&mut block, &mut mixed);
    }
    for _ in 0..cost {
        // Integerify: the first word of the last block of Salsa20/8 is enough of it.
        let index = block[length - SALSA_WORDS] as usize & (cost - 1);
        block.iter_mut().zip(&kept[index * length..]).for_each(|(word, other)| *word ^= other);
        mix_blocks(&block, &mut mixed);
        std::mem::swap(&mut block, &mut mixed);
    }
    for (octets, word) in octets.chunks_exact_mut(4).zip(&*block) {
        octets.copy_from_slice(&word.to_le_bytes());
    }
}

/// scryptBlockMix (4): what comes of the even blocks goes to the first half, of the odd ones to the second.
fn mix_blocks(input: &[u32], output: &mut [u32]) {
    let mut state = [0; SALSA_WORDS];
    state.copy_from_slice(&input[input.len() - SALSA_WORDS..]);
    let (first, second) = output.split_at_mut(input.len() / 2);
    let places = first.chunks_exact_mut(SALSA_WORDS).zip(second.chunks_exact_mut(SALSA_WORDS));
    for (input, (even, odd)) in input.chunks_exact(2 * SALSA_WORDS).zip(places) {
        for (input, place) in [(&input[..SALSA_WORDS], even), (&input[SALSA_WORDS..], odd)] {
            state.iter_mut().zip(input).for_each(|(word, other)| *word ^= other);
            salsa(&mut state);
            place.copy_from_slice(&state);
        }
    }
}

/// Salsa20/8 (3).
fn salsa(state: &mut [u32; SALSA_WORDS]) {
    let mut words = *state;
    for _ in 0..4 {
        // Columns, each from its diagonal on, and then rows.
        for (a, b, c, d) in [(0, 4, 8, 12), (5, 9, 13, 1), (10, 14, 2, 6), (15, 3, 7, 11)] {
            quarter_round(&mut words, a, b, c, d);
        }
        for (a, b, c, d) in [(0, 1, 2, 3), (5, 6, 7, 4), (10, 11, 8, 9), (15, 12, 13, 14)] {
            quarter_round(&mut words, a, b, c, d);
        }
    }
    state.iter_mut().zip(words).for_each(|(word, other)| *word = word.wrapping_add(other));
}

fn quarter_round(words: &mut [u32; SALSA_WORDS], a: usize, b: usize, c: usize, d: usize) {
    words[b] ^= words[a].wrapping_add(words[d]).rotate_left(7);
    words[c] ^= words[b].wrapping_add(words[a]).rotate_left(9);
    words[d] ^= words[c].wrapping_add(words[b]).rotate_left(13);
    words[a] ^= words[d].wrapping_add(words[c]).rotate_left(18);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first two vectors of section 12.
    #[test]
    fn derives_the_vectors_of_the_rfc() {
        for (passphrase, salt, cost, block_size, parallelisation, expected) in
            [("", "", 16, 1, 1, VECTOR_1), ("password", "NaCl", 1024, 8, 16, VECTOR_2)]
        {
            let mut key = [0; 64];
            let cost = Cost { cost, block_size, parallelisation };
            scrypt(passphrase.as_bytes(), salt.as_bytes(), cost, &mut key);
            let hexadecimal: String = key.iter().map(|octet| format!("{octet:02x}")).collect();
            assert_eq!(hexadecimal, expected);
        }
    }

    const VECTOR_1: &str = "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442\
        fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906";
    const VECTOR_2: &str = "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162\
        2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640";
}
