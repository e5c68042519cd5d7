//! Beside a plain twin (num-bigint), beside *ring*, and with the vectors of others.

mod arithmetic;
mod keys;
mod signatures;
mod vectors;

/// Numbers that look random, the same each time (xorshift64*, Vigna 2014).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn octets(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| (self.next() >> 32) as u8).collect()
    }

    /// A number of at most so many bits; now and then with long runs of one bit.
    fn number(&mut self, bits: u64) -> num_bigint::BigUint {
        let number = num_bigint::BigUint::from_bytes_be(&self.octets(bits.div_ceil(8) as usize));
        let number = number % (num_bigint::BigUint::from(1u8) << bits);
        match self.next() >> 62 {
            0 => number >> (self.next() % bits),
            _ => number,
        }
    }
}
