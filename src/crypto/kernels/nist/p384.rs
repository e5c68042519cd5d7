//! P-384 (SP 800-186, 3.2.1.4).

use std::sync::OnceLock;

use super::constants::Constants;
use super::curve::Curve;
use super::fixed_base::Comb;
use super::inversion::Modulus;
use super::limbs::{self, Limbs, mask};
use super::product;
use super::shamir::OddMultiples;

/// A public key for P-384.
pub type PublicKey = super::PublicKey<P384, 14>;
/// A private key for P-384.
pub type PrivateKey = super::PrivateKey<P384, 14>;
/// A signature by P-384.
pub type Signature = super::Signature<P384, 14>;

/// The curve.
#[derive(Debug, Clone, Copy)]
pub struct P384;

static COMB: OnceLock<Comb<P384, 14>> = OnceLock::new();
static ODD_MULTIPLES: OnceLock<OddMultiples<P384, 14>> = OnceLock::new();

impl Curve<14> for P384 {
    const WIDTH: u32 = 28;
    const BITS: u32 = 384;
    const FIELD: Modulus<14> = Modulus::new(
        "ffffffffffffffff ffffffffffffffff ffffffffffffffff fffffffffffffffe ffffffff00000000 \
         00000000ffffffff",
        384,
        28,
    );
    const ORDER: Modulus<14> = Modulus::new(
        "ffffffffffffffff ffffffffffffffff ffffffffffffffff c7634d81f4372ddf 581a0db248b0a77a \
         ecec196accc52973",
        384,
        28,
    );
    const RADIX: u32 = 392;
    type Limbs = Limbs<14>;
    const CONSTANTS: Constants<Self::Limbs> = Constants::new(
        &Self::FIELD,
        Self::RADIX,
        "b3312fa7e23ee7e4 988e056be3f82d19 181d9c6efe814112 0314088f5013875a c656398d8a2ed19d \
         2a85c8edd3ec2aef",
        [
            "aa87ca22be8b0537 8eb1c71ef320ad74 6e1d3b628ba79b98 59f741e082542a38 5502f25dbf55296c \
         3a545e3872760ab7",
            "3617de4a96262c6f 5d9e98bf9292dc29 f8f41dbd289a147c e9da3113b5f0b8c0 0a60b1ce1d7e819d \
         7a431d7c90ea0e5f",
        ],
    );

    #[inline(never)]
    fn multiply(one: &Limbs<14>, other: &Limbs<14>) -> Limbs<14> {
        reduced(product::multiply_halves::<14, 7>(one, other))
    }

    #[inline(never)]
    fn square(number: &Limbs<14>) -> Limbs<14> {
        reduced(product::square_halves::<14, 7>(number))
    }

    // One for all: it is long, and called once for several products.
    #[inline(never)]
    fn tidy(number: &Limbs<14>) -> Limbs<14> {
        let mut number = limbs::carried(*number, 28);
        let multiple = number[13] >> 20;
        number[13] &= mask(20);
        number[0] += multiple;
        number[1] -= multiple << 4;
        number[3] += multiple << 12;
        number[4] += multiple << 16;
        number
    }

    fn comb() -> &'static Comb<Self, 14> {
        COMB.get_or_init(Comb::new)
    }

    fn odd_multiples() -> &'static OddMultiples<Self, 14> {
        ODD_MULTIPLES.get_or_init(OddMultiples::new)
    }
}

/// The modulus is 2^384 - 2^128 - 2^96 + 2^32 - 1, so that the lowest limb itself is the multiple of it that makes that limb 0.
#[inline(always)]
fn reduced(mut wide: [Limbs<14>; 2]) -> Limbs<14> {
    let columns = wide.as_flattened_mut();
    for index in 0..14 {
        let multiple = columns[index] & mask(28);
        columns[index + 1] += (columns[index] >> 28) + (multiple << 4);
        columns[index + 3] -= multiple << 12;
        columns[index + 4] -= multiple << 16;
        columns[index + 13] += multiple << 20;
    }
    limbs::carried(wide[1], 28)
}
