//! AES decryption (FIPS 197) with keys of any of its lengths, of the round functions that the `aes` crate gives.
//!
//! Its ciphers are compiled for each key length and several blocks at a time, which is 40 KB of WebAssembly for what decrypts one
//! key. The numbers are the standard's sections.

use aes::Block;
use aes::hazmat::{cipher_round, equiv_inv_cipher_round, inv_mix_columns, mix_columns};
use zeroize::Zeroizing;

/// The length of a block.
pub(super) const BLOCK_LENGTH: usize = 16;

/// The key schedule for decryption.
pub(super) struct Aes {
    /// The first and the last round's keys, and between them those of 5.3.5: with InvMixColumns applied.
    round_keys: Zeroizing<Vec<[u8; BLOCK_LENGTH]>>,
}

impl Aes {
    /// Expand a key of 16, 24 or 32 octets (5.2).
    pub fn new(key: &[u8]) -> Self {
        let length = key.len() / 4;
        let rounds = length + 6;
        let mut words = Zeroizing::new(Vec::with_capacity(4 * (rounds + 1)));
        words.extend(key.chunks_exact(4).map(|word| [word[0], word[1], word[2], word[3]]));
        let mut round_constant = 1u8;
        for index in length..4 * (rounds + 1) {
            let mut word = words[index - 1];
            if index % length == 0 {
                word.rotate_left(1);
                word = substitute(word);
                word[0] ^= round_constant;
                // Times x in the field of 4.2.
                round_constant = (round_constant << 1) ^ if round_constant & 0x80 == 0 { 0 } else { 0x1b };
            } else if length > 6 && index % length == 4 {
                word = substitute(word);
            }
            let earlier = words[index - length];
            word.iter_mut().zip(earlier).for_each(|(octet, other)| *octet ^= other);
            words.push(word);
        }
        let mut round_keys = Zeroizing::new(Vec::with_capacity(rounds + 1));
        for (round, key) in words.chunks_exact(4).enumerate() {
            let mut block = Block::default();
            block.copy_from_slice(key.as_flattened());
            if (1..rounds).contains(&round) {
                inv_mix_columns(&mut block);
            }
            round_keys.push(block.into());
        }
        Self { round_keys }
    }

    /// Decrypt a block (5.3.5).
    pub fn decrypt(&self, block: &mut [u8]) {
        let [first, between @ .., last] = &self.round_keys[..] else {
            return;
        };
        let mut state = Block::default();
        state.copy_from_slice(block);
        add(&mut state, last);
        for key in between.iter().rev() {
            equiv_inv_cipher_round(&mut state, &Block::from(*key));
        }
        // The last round has no InvMixColumns: here it is undone.
        equiv_inv_cipher_round(&mut state, &Block::default());
        mix_columns(&mut state);
        add(&mut state, first);
        block.copy_from_slice(&state);
    }
}

/// AddRoundKey (5.1.4).
fn add(state: &mut Block, key: &[u8; BLOCK_LENGTH]) {
    state.iter_mut().zip(key).for_each(|(octet, other)| *octet ^= other);
}

/// SubWord (5.2): a round on a block of four equal columns, which ShiftRows leaves alone, less MixColumns.
fn substitute(word: [u8; 4]) -> [u8; 4] {
    let mut block = Block::default();
    block.chunks_exact_mut(4).for_each(|column| column.copy_from_slice(&word));
    cipher_round(&mut block, &Block::default());
    inv_mix_columns(&mut block);
    [block[0], block[1], block[2], block[3]]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 197, appendix C.
    #[test]
    fn decrypts_the_example_vectors() {
        let key: Vec<u8> = (0..32).collect();
        let plaintext: Vec<u8> = (0..16).map(|digit| digit * 0x11).collect();
        for (length, ciphertext) in [
            (16, 0x69c4_e0d8_6a7b_0430_d8cd_b780_70b4_c55a_u128),
            (24, 0xdda9_7ca4_864c_dfe0_6eaf_70a0_ec0d_7191),
            (32, 0x8ea2_b7ca_5167_45bf_eafc_4990_4b49_6089),
        ] {
            let mut block = ciphertext.to_be_bytes();
            Aes::new(&key[..length]).decrypt(&mut block);
            assert_eq!(block[..], plaintext);
        }
    }
}
