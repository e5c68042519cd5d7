//! Bytes at random that tests/random.js makes too, of the same seed.

/// A stream of bytes.
pub struct Random {
    seed: u32,
    place: u32,
}

impl Random {
    /// The stream of a seed.
    pub fn new(seed: u32) -> Self {
        Self { seed, place: 0 }
    }

    fn byte(&mut self) -> u8 {
        let word = self.seed.wrapping_mul(0x27d4_eb2f).wrapping_add((self.place / 4).wrapping_mul(0x9e37_79b9));
        let word = (word ^ word >> 16).wrapping_mul(0x85eb_ca6b);
        let word = (word ^ word >> 13).wrapping_mul(0xc2b2_ae35);
        let word = word ^ word >> 16;
        let byte = (word >> (8 * (self.place % 4))) as u8;
        self.place = self.place.wrapping_add(1);
        byte
    }

    /// The next bytes of it.
    pub fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.byte()).collect()
    }
}
