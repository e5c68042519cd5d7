//! Poly1305 (RFC 8439, 2.5) in words of 32 bits: the key's cleared bits leave room for sums of products in 64.

use zeroize::Zeroize;

const WORD: u64 = 0xffff_ffff;

/// A sum under a one-time key. Who has it for good has to wipe it.
#[derive(Clone, Copy)]
pub(crate) struct Poly1305 {
    /// Words of the sum, modulo 2^130 - 5. The lowest may be a little longer than 32 bits.
    sum: [u64; 5],
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
        Self { sum: [0; 5], key, folded, pad: [word(4), word(5), word(6), word(7)] }
    }

    /// Add a whole block, and multiply by the key.
    #[inline(always)]
    pub(crate) fn block(&mut self, block: &[u8; 16]) {
        let whole = u128::from_le_bytes(*block);
        let (low, high) = (whole as u64, (whole >> 64) as u64);
        let [r0, r1, r2, r3] = self.key;
        let [s1, s2, s3] = self.folded;

        // The sum and the block, with the bit above the block.
        let h0 = self.sum[0] + (low & WORD);
        let h1 = self.sum[1] + (low >> 32) + (h0 >> 32);
        let h2 = self.sum[2] + (high & WORD) + (h1 >> 32);
        let h3 = self.sum[3] + (high >> 32) + (h2 >> 32);
        let h4 = self.sum[4] + 1 + (h3 >> 32);
        let (h0, h1, h2, h3) = (h0 & WORD, h1 & WORD, h2 & WORD, h3 & WORD);

        // Each product is less than 2^61, and h4 is less than 8: five of them fit.
        let p0 = h0 * r0 + h1 * s3 + h2 * s2 + h3 * s1;
        let p1 = h0 * r1 + h1 * r0 + h2 * s3 + h3 * s2 + h4 * s1;
        let p2 = h0 * r2 + h1 * r1 + h2 * r0 + h3 * s3 + h4 * s2;
        let p3 = h0 * r3 + h1 * r2 + h2 * r1 + h3 * r0 + h4 * s3;
        let p4 = h4 * r0;

        let p1 = p1 + (p0 >> 32);
        let p2 = p2 + (p1 >> 32);
        let p3 = p3 + (p2 >> 32);
        let p4 = p4 + (p3 >> 32);
        // What is above 2^130, times five. The next block takes the carry out of the lowest word.
        let above = (p4 >> 2) + (p4 & !3);
        self.sum = [(p0 & WORD) + above, p1 & WORD, p2 & WORD, p3 & WORD, p4 & 3];
    }

    /// This one of four whole blocks.
    #[inline(always)]
    pub(crate) fn block_of(&mut self, four: &[u8; 64], block: usize) {
        self.block(&four.as_chunks().0[block]);
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
        sum[0] += (sum[4] >> 2) * 5;
        sum[4] &= 3;
        carry(&mut sum);

        // What is at least 2^130 - 5 gets above 2^130 by adding 5, and is then taken without that.
        let mut reduced = sum;
        reduced[0] += 5;
        carry(&mut reduced);
        // What the compiler does not know to be all ones or zero, it makes no branch of.
        let take = core::hint::black_box((reduced[4] >> 2 & 1).wrapping_neg());
        let mut tag = [0; 16];
        let mut above = 0;
        for (index, bytes) in tag.as_chunks_mut::<4>().0.iter_mut().enumerate() {
            let word = sum[index] ^ ((sum[index] ^ reduced[index]) & take);
            above += word + u64::from(self.pad[index]);
            *bytes = (above as u32).to_le_bytes();
            above >>= 32;
        }
        tag
    }
}

fn carry(words: &mut [u64; 5]) {
    for index in 0..4 {
        words[index + 1] += words[index] >> 32;
        words[index] &= WORD;
    }
}
