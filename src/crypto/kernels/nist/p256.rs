//! P-256 (SP 800-186, 3.2.1.3).

use std::ptr;
use std::sync::OnceLock;

use super::constants::Constants;
use super::curve::Curve;
use super::doubles::Doubles;
use super::fixed_base::Comb;
use super::inversion::Modulus;
use super::lazy::Lazy;
use super::paired;
use super::shamir::OddMultiples;

/// A public key for P-256.
pub type PublicKey = super::PublicKey<P256, 11>;
/// A private key for P-256.
pub type PrivateKey = super::PrivateKey<P256, 11>;
/// A signature by P-256.
pub type Signature = super::Signature<P256, 11>;

/// The curve.
#[derive(Debug, Clone, Copy)]
pub struct P256;

static COMB: OnceLock<Comb<P256, 11>> = OnceLock::new();
static ODD_MULTIPLES: OnceLock<OddMultiples<P256, 11>> = OnceLock::new();

impl Curve<11> for P256 {
    const WIDTH: u32 = 24;
    const BITS: u32 = 256;
    const FIELD: Modulus<11> =
        Modulus::new("ffffffff00000001 0000000000000000 00000000ffffffff ffffffffffffffff", 256, 24);
    const ORDER: Modulus<11> =
        Modulus::new("ffffffff00000000 ffffffffffffffff bce6faada7179e84 f3b9cac2fc632551", 256, 24);
    const RADIX: u32 = 192;
    type Limbs = Doubles;
    const CONSTANTS: Constants<Doubles> = Constants::new(
        &Self::FIELD,
        Self::RADIX,
        "5ac635d8aa3a93e7 b3ebbd55769886bc 651d06b0cc53b0f6 3bce3c3e27d2604b",
        [
            "6b17d1f2e12c4247 f8bce6e563a440f2 77037d812deb33a0 f4a13945d898c296",
            "4fe342e2fe1a7f9b 8ee7eb4a7c0f9e16 2bce33576b315ece cbb6406837bf51f5",
        ],
    )
    .in_doubles();

    #[inline(always)]
    fn multiply(one: &Doubles, other: &Doubles) -> Doubles {
        Self::products([one, other], [one, other])[0]
    }

    #[inline(always)]
    fn square(number: &Doubles) -> Doubles {
        Self::multiply(number, number)
    }

    #[inline(never)]
    fn tidy(number: &Doubles) -> Doubles {
        number.tidy()
    }

    #[inline(always)]
    fn products(one: [&Doubles; 2], other: [&Doubles; 2]) -> [Doubles; 2] {
        Self::products_minus(one, &Doubles::ZERO, other)
    }

    #[inline(always)]
    fn products_minus(one: [&Doubles; 2], subtrahend: &Doubles, other: [&Doubles; 2]) -> [Doubles; 2] {
        let is_square = |[a, b]: [&Doubles; 2]| ptr::eq(a, b);
        if is_square(one) && is_square(other) {
            paired::products::<true>(one, subtrahend, other)
        } else {
            paired::products::<false>(one, subtrahend, other)
        }
    }

    fn comb() -> &'static Comb<Self, 11> {
        COMB.get_or_init(Comb::new)
    }

    fn odd_multiples() -> &'static OddMultiples<Self, 11> {
        ODD_MULTIPLES.get_or_init(OddMultiples::new)
    }
}
