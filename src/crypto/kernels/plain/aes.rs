//! AES (FIPS 197), byte by byte.

use std::sync::LazyLock;

static S_BOX: LazyLock<[u8; 256]> = LazyLock::new(|| std::array::from_fn(|byte| in_s_box(byte as u8)));

/// A key, expanded: sixteen bytes a round, and before the first.
pub(crate) struct Aes(Vec<[u8; 16]>);

impl Aes {
    /// FIPS 197, 5.2.
    pub(crate) fn new(key: &[u8]) -> Self {
        let length = key.len() / 4;
        let mut words: Vec<[u8; 4]> = key.as_chunks().0.to_vec();
        let mut constant = 1;
        for index in length..4 * (length + 7) {
            let mut word = words[index - 1];
            if index % length == 0 {
                word.rotate_left(1);
                word = word.map(substituted);
                word[0] ^= constant;
                constant = product(constant, 2);
            } else if length > 6 && index % length == 4 {
                word = word.map(substituted);
            }
            words.push(std::array::from_fn(|byte| word[byte] ^ words[index - length][byte]));
        }
        Self(words.as_flattened().as_chunks().0.to_vec())
    }

    /// FIPS 197, 5.1.
    pub(crate) fn encrypted(&self, block: [u8; 16]) -> [u8; 16] {
        let last = self.0.len() - 1;
        let mut state = sum(block, self.0[0]);
        for (round, key) in self.0.iter().enumerate().skip(1) {
            let bytes = state.map(substituted);
            let shifted = std::array::from_fn(|place| bytes[(place + 4 * (place % 4)) % 16]);
            state = sum(if round == last { shifted } else { mixed(shifted) }, *key);
        }
        state
    }
}

/// The S-box (5.1.1).
pub(crate) fn substituted(byte: u8) -> u8 {
    S_BOX[usize::from(byte)]
}

fn in_s_box(byte: u8) -> u8 {
    let inverse = (0..=255).find(|other| product(byte, *other) == 1).unwrap_or(0);
    (0..5).fold(0x63, |sum, turn| sum ^ inverse.rotate_left(turn))
}

/// MixColumns (5.1.3).
fn mixed(state: [u8; 16]) -> [u8; 16] {
    std::array::from_fn(|place| {
        let row = |offset| state[place / 4 * 4 + (place + offset) % 4];
        product(row(0), 2) ^ product(row(1), 3) ^ row(2) ^ row(3)
    })
}

fn sum(one: [u8; 16], other: [u8; 16]) -> [u8; 16] {
    std::array::from_fn(|place| one[place] ^ other[place])
}

/// In GF(2^8) (4.2).
fn product(one: u8, other: u8) -> u8 {
    (0..8).rev().fold(0, |sum: u8, bit| (sum << 1) ^ ((sum >> 7) * 0x1b) ^ (one * (other >> bit & 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 197, appendix C.
    #[test]
    fn vectors_of_fips_197() {
        let block = std::array::from_fn(|byte| byte as u8 * 0x11);
        let key: Vec<u8> = (0..32).collect();
        let encrypted = |length| u128::from_be_bytes(Aes::new(&key[..length]).encrypted(block));
        assert_eq!(encrypted(16), 0x69c4_e0d8_6a7b_0430_d8cd_b780_70b4_c55a);
        assert_eq!(encrypted(32), 0x8ea2_b7ca_5167_45bf_eafc_4990_4b49_6089);
    }
}
