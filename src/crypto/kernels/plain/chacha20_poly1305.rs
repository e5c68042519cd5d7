//! ChaCha20-Poly1305 (RFC 8439), block by block.

/// Ciphertext and tag (2.8).
pub(crate) fn sealed(key: &[u8; 32], nonce: &[u8; 12], associated: &[u8], plain: &[u8]) -> (Vec<u8>, [u8; 16]) {
    let mut bytes = plain.to_vec();
    for (chunk, counter) in bytes.chunks_mut(64).zip(1..) {
        chunk.iter_mut().zip(block(key, nonce, counter)).for_each(|(byte, stream)| *byte ^= stream);
    }
    let lengths = [(associated.len() as u64).to_le_bytes(), (bytes.len() as u64).to_le_bytes()].concat();
    let padded = |bytes: &[u8]| [bytes, &vec![0; bytes.len().next_multiple_of(16) - bytes.len()]].concat();
    let message = [padded(associated), padded(&bytes), lengths].concat();
    (bytes, poly1305(&block(key, nonce, 0)[..32], &message))
}

/// 2.3
fn block(key: &[u8; 32], nonce: &[u8; 12], counter: u32) -> [u8; 64] {
    let bytes = [&b"expand 32-byte k"[..], key, &counter.to_le_bytes(), nonce].concat();
    let before: Vec<u32> = bytes.as_chunks().0.iter().map(|word| u32::from_le_bytes(*word)).collect();
    let mut state = before.clone();
    for _ in 0..10 {
        for [a, b, c, d] in [[0, 4, 8, 12], [1, 5, 9, 13], [2, 6, 10, 14], [3, 7, 11, 15]] {
            quarter_round(&mut state, a, b, c, d);
        }
        for [a, b, c, d] in [[0, 5, 10, 15], [1, 6, 11, 12], [2, 7, 8, 13], [3, 4, 9, 14]] {
            quarter_round(&mut state, a, b, c, d);
        }
    }
    let word = |place: usize| state[place].wrapping_add(before[place]).to_le_bytes();
    std::array::from_fn(|byte| word(byte / 4)[byte % 4])
}

/// 2.1
fn quarter_round(state: &mut [u32], a: usize, b: usize, c: usize, d: usize) {
    for (first, second) in [(16, 12), (8, 7)] {
        state[a] = state[a].wrapping_add(state[b]);
        state[d] = (state[d] ^ state[a]).rotate_left(first);
        state[c] = state[c].wrapping_add(state[d]);
        state[b] = (state[b] ^ state[c]).rotate_left(second);
    }
}

/// 2.5, of whole blocks.
pub(crate) fn poly1305(key: &[u8], message: &[u8]) -> [u8; 16] {
    let number = |bytes: &[u8]| u128::from_le_bytes(std::array::from_fn(|place| bytes[place]));
    let r = number(key) & 0x0fff_fffc_0fff_fffc_0fff_fffc_0fff_ffff;
    let mut sum = [0; 2];
    for block in message.as_chunks::<16>().0 {
        sum = product(add(sum, [number(block), 1]), r);
    }
    sum[0].wrapping_add(number(&key[16..])).to_le_bytes()
}

/// Modulo 2^130 - 5, as the lower 128 bits and those above them.
fn add(one: [u128; 2], other: [u128; 2]) -> [u128; 2] {
    let (low, carry) = one[0].overflowing_add(other[0]);
    reduced([low, one[1] + other[1] + u128::from(carry)])
}

fn reduced(number: [u128; 2]) -> [u128; 2] {
    let (low, carry) = number[0].overflowing_add((number[1] >> 2) * 5);
    let high = (number[1] & 3) + u128::from(carry);
    // What is left may still be 2^130 - 5 or a little more.
    let (less, carry) = low.overflowing_add(5);
    if high + u128::from(carry) >= 4 { [less, high + u128::from(carry) - 4] } else { [low, high] }
}

fn product(one: [u128; 2], factor: u128) -> [u128; 2] {
    (0..128).rev().fold([0; 2], |sum, bit| {
        let sum = add(sum, sum);
        if factor >> bit & 1 == 1 { add(sum, one) } else { sum }
    })
}
