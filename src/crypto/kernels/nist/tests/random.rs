//! Numbers that look random, the same in each run.

/// SplitMix64.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(super) fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.next() as u8).collect()
    }

    /// Octets of a number below 2^bits, of which many are long rows of zeros or ones.
    pub(super) fn number(&mut self, bits: u32) -> Vec<u8> {
        let length = bits.div_ceil(8) as usize;
        let mut bytes = match self.next() % 4 {
            0 => vec![0; length],
            1 => vec![0xff; length],
            _ => self.bytes(length),
        };
        for _ in 0..self.next() % 4 {
            let (at, octets) = (self.next() as usize % length, self.next() as usize % length);
            let octet = [0, 0xff, self.next() as u8][self.next() as usize % 3];
            bytes[at..length.min(at + octets)].fill(octet);
        }
        if !bits.is_multiple_of(8) {
            bytes[0] &= (1 << (bits % 8)) - 1;
        }
        bytes
    }
}
