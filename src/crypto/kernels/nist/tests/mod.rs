//! Tests of all that is here, against official vectors, Wycheproof's and other implementations.

mod arithmetic;
mod doubles;
mod edges;
mod encodings;
mod known_keys;
mod operations;
mod random;
mod vectors;
mod wycheproof;

use random::Random;

/// Octets of hexadecimal digits, of which there may be an odd number; spaces do not count.
fn hex(digits: &str) -> Vec<u8> {
    let digits: Vec<_> = digits.chars().filter_map(|digit| digit.to_digit(16)).collect();
    digits.rchunks(2).rev().map(|pair| pair.iter().fold(0, |octet, digit| octet << 4 | *digit as u8)).collect()
}
