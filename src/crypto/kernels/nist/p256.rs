//! P-256 (SP 800-186, 3.2.1.3).

use std::sync::OnceLock;

use super::curve::Curve;
use super::fixed_base::Comb;
use super::inversion::Modulus;
use super::limbs::{self, Limbs, mask};
use super::product;
use super::shamir::OddMultiples;

/// A public key for P-256.
pub type PublicKey = super::PublicKey<P256, 9>;
/// A private key for P-256.
pub type PrivateKey = super::PrivateKey<P256, 9>;
/// A signature by P-256.
pub type Signature = super::Signature<P256, 9>;

/// The curve.
#[derive(Debug, Clone, Copy)]
pub struct P256;

static COMB: OnceLock<Comb<P256, 9>> = OnceLock::new();
static ODD_MULTIPLES: OnceLock<OddMultiples<P256, 9>> = OnceLock::new();

impl Curve<9> for P256 {
    const WIDTH: u32 = 29;
    const BITS: u32 = 256;
    const FIELD: Modulus<9> =
        Modulus::new("ffffffff00000001 0000000000000000 00000000ffffffff ffffffffffffffff", 256, 29);
    const ORDER: Modulus<9> =
        Modulus::new("ffffffff00000000 ffffffffffffffff bce6faada7179e84 f3b9cac2fc632551", 256, 29);
    const RADIX: u32 = 261;
    const ROUNDS: bool = false;
    const B: Limbs<9> = limbs::parse("5ac635d8aa3a93e7 b3ebbd55769886bc 651d06b0cc53b0f6 3bce3c3e27d2604b", 29);
    const GENERATOR: [Limbs<9>; 2] = [
        limbs::parse("6b17d1f2e12c4247 f8bce6e563a440f2 77037d812deb33a0 f4a13945d898c296", 29),
        limbs::parse("4fe342e2fe1a7f9b 8ee7eb4a7c0f9e16 2bce33576b315ece cbb6406837bf51f5", 29),
    ];

    #[inline(always)]
    fn multiply(one: &Limbs<9>, other: &Limbs<9>) -> [Limbs<9>; 2] {
        product::multiply(one, other)
    }

    #[inline(always)]
    fn square(number: &Limbs<9>) -> [Limbs<9>; 2] {
        product::square(number)
    }

    /// The modulus is 2^256 - 2^224 + 2^192 + 2^96 - 1, so that the lowest limb itself is the multiple of it that makes that limb 0.
    #[inline(always)]
    fn reduce(mut wide: [Limbs<9>; 2]) -> Limbs<9> {
        let columns = wide.as_flattened_mut();
        for index in 0..9 {
            let multiple = columns[index] & mask(29);
            columns[index + 1] += columns[index] >> 29;
            columns[index + 3] += multiple << 9;
            columns[index + 6] += multiple << 18;
            columns[index + 7] -= multiple << 21;
            columns[index + 8] += multiple << 24;
        }
        limbs::carried(wide[1], 29)
    }

    #[inline(always)]
    fn tidy(number: Limbs<9>) -> Limbs<9> {
        let mut number = limbs::carried(number, 29);
        let multiple = number[8] >> 24;
        number[8] &= mask(24);
        number[0] += multiple;
        number[3] -= multiple << 9;
        number[6] -= multiple << 18;
        number[7] += multiple << 21;
        number
    }

    fn comb() -> &'static Comb<Self, 9> {
        COMB.get_or_init(Comb::new)
    }

    fn odd_multiples() -> &'static OddMultiples<Self, 9> {
        ODD_MULTIPLES.get_or_init(OddMultiples::new)
    }
}
