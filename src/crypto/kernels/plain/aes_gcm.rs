//! AES-GCM (NIST SP 800-38D), block by block and bit by bit.

use super::aes::Aes;

/// Ciphertext and tag (7.1).
pub(crate) fn sealed(key: &[u8], nonce: &[u8; 12], associated: &[u8], plain: &[u8]) -> (Vec<u8>, [u8; 16]) {
    let cipher = Aes::new(key);
    let block = |counter: u32| {
        let mut input = [0; 16];
        input[..12].copy_from_slice(nonce);
        input[12..].copy_from_slice(&counter.to_be_bytes());
        cipher.encrypted(input)
    };
    let mut bytes = plain.to_vec();
    for (chunk, counter) in bytes.chunks_mut(16).zip(2..) {
        chunk.iter_mut().zip(block(counter)).for_each(|(byte, stream)| *byte ^= stream);
    }
    let lengths = ((associated.len() as u128 * 8) << 64) | (bytes.len() as u128 * 8);
    let blocks = associated.chunks(16).chain(bytes.chunks(16)).map(padded).chain([lengths]);
    let key = u128::from_be_bytes(cipher.encrypted([0; 16]));
    let hash = blocks.fold(0, |sum, block| product(sum ^ block, key));
    (bytes, (hash ^ u128::from_be_bytes(block(1))).to_be_bytes())
}

fn padded(bytes: &[u8]) -> u128 {
    u128::from_be_bytes(std::array::from_fn(|place| bytes.get(place).copied().unwrap_or(0)))
}

/// In GF(2^128), algorithm 1 of 6.3.
fn product(one: u128, other: u128) -> u128 {
    let (mut sum, mut multiple) = (0, other);
    for bit in (0..128).rev() {
        sum ^= multiple * (one >> bit & 1);
        multiple = (multiple >> 1) ^ ((multiple & 1) * (0xe1 << 120));
    }
    sum
}
