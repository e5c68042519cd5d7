//! Numbers modulo p = 2^255 - 19 as 32 bytes, the lowest first.

use zeroize::Zeroizing;

/// Bits `from` to `to` (without `to`) of a number, 64 at most.
#[inline]
pub(super) fn bits(bytes: &[u8; 32], from: usize, to: usize) -> u64 {
    let mut words = [0; 5];
    for (word, bytes) in words.iter_mut().zip(bytes.as_chunks().0) {
        *word = u64::from_le_bytes(*bytes);
    }
    let (word, shift) = (from / 64, from % 64);
    let bits = words[word] >> shift | words[word + 1] << 1 << (63 - shift);
    bits & ((1 << (to - from)) - 1)
}

/// The one encoding below p of a number that is the sum of limbs times 2 to their positions, where the position after the last is 255.
/// Limbs may be negative, or larger than it is to the next; the sum is between -2^270 and 2^270.
pub(super) fn encode<const N: usize>(mut limbs: [i64; N], position: fn(usize) -> usize) -> Zeroizing<[u8; 32]> {
    let width = |limb: usize| position(limb + 1) - position(limb);
    // After the first time there is less than 19 * 2^16 too much in the lowest limb, or too little; after the second nothing.
    for _ in 0..2 {
        let over = carry(&mut limbs, width);
        limbs[0] += 19 * over;
    }
    // The number is from 0 to 2^255. It is p or more where 19 more make 2^255.
    let too_large = (0..N).fold(19, |carry, limb| (limbs[limb] + carry) >> width(limb));
    limbs[0] += 19 * too_large;
    carry(&mut limbs, width);
    let mut words = [0; 5];
    for (limb, value) in limbs.into_iter().enumerate() {
        let (word, shift) = (position(limb) / 64, position(limb) % 64);
        words[word] |= value.cast_unsigned() << shift;
        words[word + 1] |= value.cast_unsigned() >> 1 >> (63 - shift);
    }
    let mut bytes = Zeroizing::new([0; 32]);
    for (bytes, word) in bytes.as_chunks_mut().0.iter_mut().zip(words) {
        *bytes = word.to_le_bytes();
    }
    bytes
}

/// Make all limbs as narrow as they are to be, and none negative; what is over counts 2^255.
fn carry<const N: usize>(limbs: &mut [i64; N], width: impl Fn(usize) -> usize) -> i64 {
    let mut carry = 0;
    for (limb, value) in limbs.iter_mut().enumerate() {
        let sum = *value + carry;
        carry = sum >> width(limb);
        *value = sum - (carry << width(limb));
    }
    carry
}
