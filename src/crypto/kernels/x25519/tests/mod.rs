//! X25519 against official vectors, Wycheproof's, a plain twin and another implementation.

mod arithmetic;
mod compared;
mod plain;
mod vectors;
mod wycheproof;

/// Bytes of hexadecimal digits.
fn hex(digits: &str) -> [u8; 32] {
    let digits: Vec<_> = digits.chars().filter_map(|digit| digit.to_digit(16)).collect();
    let bytes: Vec<_> = digits.as_chunks().0.iter().map(|[high, low]| (high << 4 | low) as u8).collect();
    bytes.try_into().unwrap()
}

/// SplitMix64: the same numbers for the same seed.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Any bytes, or every fourth time some of one value, which carries most or least.
    fn bytes(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for eight in bytes.as_chunks_mut().0 {
            *eight = self.next().to_le_bytes();
        }
        if self.next().is_multiple_of(4) {
            let [from, to] = [0, 0].map(|_| (self.next() % 33) as usize);
            let value = if self.next().is_multiple_of(2) { 0 } else { 0xff };
            bytes[from.min(to)..from.max(to)].fill(value);
        }
        bytes
    }
}

/// Numbers at the edges, of which some are not below p, and the points of small order.
fn edges() -> Vec<[u8; 32]> {
    let near = |lowest: u8, highest: u8| {
        let mut bytes = [if highest == 0 { 0 } else { 0xff }; 32];
        (bytes[0], bytes[31]) = (lowest, highest);
        bytes
    };
    let small = (0..=20).map(|lowest| near(lowest, 0));
    // p - 3 to 2^255 - 1, and the same with the highest bit.
    let large = (0xea..=0xff).flat_map(|lowest| [near(lowest, 0x7f), near(lowest, 0xff)]);
    let order_eight = [
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    ];
    small.chain(large).chain(order_eight.map(hex)).collect()
}
