//! P-521 (SP 800-186, 3.2.1.5).

use std::sync::OnceLock;

use super::constants::Constants;
use super::curve::Curve;
use super::fixed_base::Comb;
use super::inversion::Modulus;
use super::limbs::Limbs;
use super::product;
use super::shamir::OddMultiples;

/// A public key for P-521.
pub type PublicKey = super::PublicKey<P521, 18>;
/// A private key for P-521.
pub type PrivateKey = super::PrivateKey<P521, 18>;
/// A signature by P-521.
pub type Signature = super::Signature<P521, 18>;

/// The curve.
#[derive(Debug, Clone, Copy)]
pub struct P521;

static COMB: OnceLock<Comb<P521, 18>> = OnceLock::new();
static ODD_MULTIPLES: OnceLock<OddMultiples<P521, 18>> = OnceLock::new();

impl Curve<18> for P521 {
    const WIDTH: u32 = 29;
    const BITS: u32 = 521;
    const FIELD: Modulus<18> = Modulus::new(
        "01ff ffffffffffffffff ffffffffffffffff ffffffffffffffff ffffffffffffffff ffffffffffffffff \
         ffffffffffffffff ffffffffffffffff ffffffffffffffff",
        521,
        29,
    );
    const ORDER: Modulus<18> = Modulus::new(
        "01ff ffffffffffffffff ffffffffffffffff ffffffffffffffff fffffffffffffffa 51868783bf2f966b \
         7fcc0148f709a5d0 3bb5c9b8899c47ae bb6fb71e91386409",
        521,
        29,
    );
    const RADIX: u32 = 0;
    type Limbs = Limbs<18>;
    const CONSTANTS: Constants<Self::Limbs> = Constants::new(
        &Self::FIELD,
        Self::RADIX,
        "0051 953eb9618e1c9a1f 929a21a0b68540ee a2da725b99b315f3 b8b489918ef109e1 56193951ec7e937b \
         1652c0bd3bb1bf07 3573df883d2c34f1 ef451fd46b503f00",
        [
            "00c6 858e06b70404e9cd 9e3ecb662395b442 9c648139053fb521 f828af606b4d3dba a14b5e77efe75928 \
         fe1dc127a2ffa8de 3348b3c1856a429b f97e7e31c2e5bd66",
            "0118 39296a789a3bc004 5c8a5fb42c7d1bd9 98f54449579b4468 17afbd17273e662c 97ee72995ef42640 \
         c550b9013fad0761 353c7086a272c240 88be94769fd16650",
        ],
    );

    #[inline(never)]
    fn multiply(one: &Limbs<18>, other: &Limbs<18>) -> Limbs<18> {
        reduced(product::multiply_halves::<18, 9>(one, other))
    }

    #[inline(never)]
    fn square(number: &Limbs<18>) -> Limbs<18> {
        reduced(product::square_halves::<18, 9>(number))
    }

    // One for all: it is long, and called once for several products.
    #[inline(never)]
    fn tidy(number: &Limbs<18>) -> Limbs<18> {
        let mut number = *number;
        round(&mut number);
        number
    }

    fn comb() -> &'static Comb<Self, 18> {
        COMB.get_or_init(Comb::new)
    }

    fn odd_multiples() -> &'static OddMultiples<Self, 18> {
        ODD_MULTIPLES.get_or_init(OddMultiples::new)
    }
}

const HALF: i64 = 1 << 28;

/// Carry, rounding to the nearest: with limbs from -2^28 to 2^28 the sums of their products fit 63 bits. What is beyond 2^521 comes back
/// into the lowest limb.
#[inline(always)]
fn round(number: &mut Limbs<18>) {
    for index in 0..17 {
        let carry = (number[index] + HALF) >> 29;
        number[index] -= carry << 29;
        number[index + 1] += carry;
    }
    let carry = (number[17] + HALF / 2) >> 28;
    number[17] -= carry << 28;
    number[0] += carry;
}

/// The modulus is 2^521 - 1: 2^522 is 2. There is nothing to divide by.
#[inline(always)]
fn reduced([low, high]: [Limbs<18>; 2]) -> Limbs<18> {
    let mut number: Limbs<18> = core::array::from_fn(|index| low[index] + 2 * high[index]);
    round(&mut number);
    // What has come back into the lowest limb may be more than one limb holds.
    let carry = (number[0] + HALF) >> 29;
    number[0] -= carry << 29;
    number[1] += carry;
    number
}
