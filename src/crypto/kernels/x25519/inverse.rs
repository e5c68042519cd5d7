//! Inverses modulo p = 2^255 - 19.

use zeroize::Zeroizing;

use crate::inversion::Modulus;
use crate::limbs;

const WIDTH: u32 = 30;

static P: Modulus<9> = Modulus::new("7fffffffffffffff ffffffffffffffff ffffffffffffffff ffffffffffffffed", 255, WIDTH);

/// The inverse of a number below p; 0 has 0.
pub(super) fn invert(number: &[u8; 32]) -> Zeroizing<[u8; 32]> {
    let mut octets = Zeroizing::new(*number);
    octets.reverse();
    let number = Zeroizing::new(limbs::from_bytes(&octets[..], WIDTH));
    let inverse = Zeroizing::new(P.invert(&number));
    limbs::to_bytes(&inverse, WIDTH, &mut octets[..]);
    octets.reverse();
    octets
}
