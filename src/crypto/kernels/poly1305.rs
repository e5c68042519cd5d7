//! Poly1305 (RFC 8439, 2.5) in words of 32 bits: the key's cleared bits leave room for sums of products in 64.

use zeroize::Zeroize;

const WORD: u64 = 0xffff_ffff;

/// The bits of the highest word: those up to 2^130.
const HIGHEST: u64 = (1 << 34) - 1;

/// A sum under a one-time key. Who has it for good has to wipe it.
#[derive(Clone, Copy)]
pub(crate) struct Poly1305 {
    /// Words of the sum, modulo 2^130 - 5. The lowest may be up to twice as large, and the highest has two bits more: a fifth word
    /// would cost as many products as each other.
    sum: [u64; 4],
    /// `r`: each word less than 2^28, and all but the lowest multiples of 4.
    key: [u64; 4],
    /// 5/4 of each word of `key` but the lowest: what comes out above 2^130 counts five times below.
    folded: [u64; 3],
    /// `s`
    pad: [u32; 4],
}

impl Poly1305 {
    #[inline(always)]
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        let word = |index: usize| u32::from_le_bytes(core::array::from_fn(|byte| key[4 * index + byte]));
        let long = |index: usize, mask: u32| u64::from(word(index) & mask);
        let key = [long(0, 0x0fff_ffff), long(1, 0x0fff_fffc), long(2, 0x0fff_fffc), long(3, 0x0fff_fffc)];
        let folded = [key[1] + (key[1] >> 2), key[2] + (key[2] >> 2), key[3] + (key[3] >> 2)];
        Self { sum: [0; 4], key, folded, pad: [word(4), word(5), word(6), word(7)] }
    }

    /// Add a whole block, and multiply by the key.
    #[inline(always)]
    pub(crate) fn block(&mut self, block: &[u8; 16]) {
        let word = |index: usize| u64::from(u32::from_le_bytes(block.as_chunks().0[index]));
        let [r0, r1, r2, r3] = self.key;
        let [s1, s2, s3] = self.folded;

        // The sum and the block, with the bit above the block. In units of 2^32, h0 is less than 3.1, h1 and h2 are less than 2, h3
        // is less than 6.
        let h0 = self.sum[0] + word(0);
        let h1 = self.sum[1] + word(1);
        let h2 = self.sum[2] + word(2);
        let h3 = self.sum[3] + word(3) + (1 << 32);

        // Each r is less than 2^28, each s less than 1.25 * 2^28: with what is carried, p0 is less than 15.6 * 2^60, p3 than 13.1 * 2^60,
        // the others are in between.
        let p0 = h0 * r0 + h1 * s3 + h2 * s2 + h3 * s1;
        let p1 = h0 * r1 + h1 * r0 + h2 * s3 + h3 * s2 + (p0 >> 32);
        let p2 = h0 * r2 + h1 * r1 + h2 * r0 + h3 * s3 + (p1 >> 32);
        let p3 = h0 * r3 + h1 * r2 + h2 * r1 + h3 * r0 + (p2 >> 32);

        // What is above 2^130, times five: less than 1.1 * 2^32.
        let above = (p3 >> 34) * 5;
        self.sum = [(p0 & WORD) + above, p1 & WORD, p2 & WORD, p3 & HIGHEST];
    }

    /// Bytes, with zeros up to a whole block (RFC 8439, 2.8).
    #[inline(never)]
    pub(crate) fn padded(&mut self, bytes: &[u8]) {
        let (blocks, rest) = bytes.as_chunks::<16>();
        for block in blocks {
            self.block(block);
        }
        if !rest.is_empty() {
            let mut block = [0; 16];
            block[..rest.len()].copy_from_slice(rest);
            self.block(&block);
        }
    }

    /// Forget it.
    #[inline(always)]
    pub(crate) fn wipe(&mut self) {
        self.sum.zeroize();
        self.key.zeroize();
        self.folded.zeroize();
        self.pad.zeroize();
    }

    /// The tag.
    #[inline(never)]
    pub(crate) fn tag(&self) -> [u8; 16] {
        let mut sum = self.sum;
        carry(&mut sum);
        sum[0] += (sum[3] >> 34) * 5;
        sum[3] &= HIGHEST;
        carry(&mut sum);

        // What is at least 2^130 - 5 gets above 2^130 by adding 5, and is then taken without that.
        let mut reduced = sum;
        reduced[0] += 5;
        carry(&mut reduced);
        // What the compiler does not know to be all ones or zero, it makes no branch of.
        let take = core::hint::black_box((reduced[3] >> 34 & 1).wrapping_neg());
        let mut tag = [0; 16];
        let mut above = 0;
        for (index, bytes) in tag.as_chunks_mut::<4>().0.iter_mut().enumerate() {
            let word = sum[index] ^ ((sum[index] ^ reduced[index]) & take);
            above += (word & WORD) + u64::from(self.pad[index]);
            *bytes = (above as u32).to_le_bytes();
            above >>= 32;
        }
        tag
    }
}

/// All but the highest made words.
fn carry(words: &mut [u64; 4]) {
    for index in 0..3 {
        words[index + 1] += words[index] >> 32;
        words[index] &= WORD;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plain::chacha20_poly1305::poly1305;

    /// Nothing overflows, which tests would be stopped by.
    #[test]
    fn the_largest_numbers_have_room() {
        for key in [[0xff; 32], core::array::from_fn(|byte| if byte < 4 { 0xff } else { 0 })] {
            for byte in [0xff, 0xfe, 0xfb, 0] {
                let message = [byte; 16 * 64];
                for length in (0..=message.len()).step_by(16) {
                    let mut sum = Poly1305::new(&key);
                    sum.padded(&message[..length]);
                    assert_eq!(sum.tag(), poly1305(&key, &message[..length]));
                }
            }
        }
    }

    /// Sums around 2^130 - 5, which is as good as zero.
    #[test]
    fn a_sum_is_reduced() {
        let mut key = [0; 32];
        key[0] = 1;
        for lowest in 0xf0..=0xff {
            // Times one, and with the bits above the blocks: 2^130 - 2 at most.
            let mut message = [0xff; 32];
            message[0] = lowest;
            let mut sum = Poly1305::new(&key);
            sum.padded(&message);
            assert_eq!(sum.tag(), poly1305(&key, &message));
        }
    }
}
