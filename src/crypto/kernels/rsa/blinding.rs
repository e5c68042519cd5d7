//! What the base of a private operation is multiplied with, so that nobody else knows what is computed with the key
//! (Kocher, Timing Attacks on Implementations of Diffie-Hellman, RSA, DSS, and Other Systems, 1996).

use super::limbs::{self, Number};
use super::montgomery::{Modulus, Scratch};
use super::private::{PrivateKey, Random};
use crate::secret::Secret;

/// Signatures that are made with one random number and its squares.
const USES: u32 = 32;

/// A random number x, and its power with the negative private exponent; both in Montgomery's form.
pub(super) struct Blinding {
    factor: Number,
    inverse: Number,
    uses: u32,
}

impl Blinding {
    /// With fresh random octets. It takes as long as a signature.
    pub(super) fn new(key: &PrivateKey, random: Random<'_>, scratch: &mut Scratch) -> Option<Self> {
        let modulus = key.public_key().modulus();
        // Half of all numbers below the modulus will do. That one of them has no inverse, nobody lives to see.
        let mut octets = Secret::new(vec![0; key.public_key().length()]);
        random(&mut octets)?;
        let surplus = 8 * octets.len() - (modulus.bits() - 1);
        *octets.first_mut()? &= (0xff_u16 >> surplus) as u8;
        let number = limbs::from_octets(&octets, modulus.limbs());
        let inverse = key.power(&number, |prime| &prime.inverting_exponent);
        Some(Self { factor: key.enter(&number, scratch), inverse: key.enter(&inverse, scratch), uses: 0 })
    }

    /// A message times x, below twice the modulus.
    pub(super) fn blind(&self, modulus: &Modulus, message: &[u32], scratch: &mut Scratch) -> Number {
        let mut blinded = modulus.zero();
        modulus.multiply(message, &self.factor, &mut blinded, scratch);
        blinded
    }

    /// The power of the message from that of the blinded one.
    pub(super) fn unblind(&self, modulus: &Modulus, power: &[u32], scratch: &mut Scratch) -> Number {
        let mut unblinded = modulus.zero();
        modulus.multiply(power, &self.inverse, &mut unblinded, scratch);
        limbs::subtract_unless_less(&mut unblinded[..modulus.limbs()], modulus.number());
        unblinded
    }

    /// For the next signature, unless a fresh one is due.
    pub(super) fn next(mut self, modulus: &Modulus, scratch: &mut Scratch) -> Option<Self> {
        self.uses += 1;
        if self.uses == USES {
            return None;
        }
        for number in [&mut self.factor, &mut self.inverse] {
            let mut square = modulus.zero();
            modulus.square(number, &mut square, scratch);
            *number = square;
        }
        Some(self)
    }
}
