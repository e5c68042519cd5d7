//! Public keys, and what they verify: RSASSA-PKCS1-v1_5 and RSASSA-PSS (RFC 8017). All of it is public, and takes variable time.

use super::der::{Reader, sequence_of_integers};
use super::limbs;
use super::montgomery::Modulus;
use super::padding::{self, Hash};

/// Octets of a modulus.
const MODULUS: std::ops::RangeInclusive<usize> = 128..=1024;
/// Public exponents: what takes long to verify is refused.
const EXPONENTS: std::ops::Range<u64> = 3..1 << 33;

/// A public key of 1024 to 8192 bits, rounded up to octets.
pub struct PublicKey {
    modulus: Modulus,
    exponent: u64,
}

impl PublicKey {
    /// From an `RSAPublicKey` (RFC 8017, A.1.1) in DER, with nothing behind it.
    ///
    /// None if it is malformed, the modulus is even or not of a size that is taken, or the exponent is even or not between 3 and
    /// 2^33 - 1.
    pub fn from_der(der: &[u8]) -> Option<Self> {
        let mut fields = Reader::of_sequence(der)?;
        let (modulus, exponent) = (fields.integer()?, fields.integer()?);
        if fields.is_end() { Self::from_numbers(modulus, exponent) } else { None }
    }

    /// From a modulus and an exponent, the greatest octet first, without zeros in front.
    pub(super) fn from_numbers(modulus: &[u8], exponent: &[u8]) -> Option<Self> {
        if !MODULUS.contains(&modulus.len()) || exponent.len() > 5 || exponent.last()? & 1 == 0 {
            return None;
        }
        let exponent = exponent.iter().fold(0, |number, octet| number << 8 | u64::from(*octet));
        if !EXPONENTS.contains(&exponent) {
            return None;
        }
        Some(Self { modulus: Modulus::from_octets(modulus)?, exponent })
    }

    /// As [`Self::from_der`] takes it.
    pub fn to_der(&self) -> Vec<u8> {
        let mut modulus = vec![0; self.length()];
        limbs::to_octets(self.modulus.number(), &mut modulus);
        let exponent = self.exponent.to_be_bytes();
        let significant = &exponent[self.exponent.leading_zeros() as usize / 8..];
        sequence_of_integers(&[&modulus, significant])
    }

    /// Octets of the modulus, and of a signature.
    pub fn length(&self) -> usize {
        self.modulus.bits().div_ceil(8)
    }

    /// Whether a signature of RSASSA-PKCS1-v1_5 is of this digest.
    pub fn verify_pkcs1(&self, hash: Hash, digest: &[u8], signature: &[u8]) -> bool {
        // As RFC 8017 says (8.2.2): the whole is compared, nothing of it is parsed.
        let expected = padding::encode_pkcs1(hash, digest, self.length());
        expected.is_some() && self.open(signature) == expected
    }

    /// Whether a signature of RSASSA-PSS is of this digest; the mask is by the same hash, and the salt as long as the digest.
    pub fn verify_pss(&self, hash: Hash, digest: &[u8], signature: &[u8]) -> bool {
        let encoded = self.open(signature);
        encoded.is_some_and(|encoded| padding::is_pss(hash, digest, &encoded, self.modulus.bits()))
    }

    pub(super) fn modulus(&self) -> &Modulus {
        &self.modulus
    }

    pub(super) fn exponent(&self) -> u64 {
        self.exponent
    }

    /// The message that was signed, as long as the modulus (RSAVP1; RFC 8017, 5.2.2). Zero is no signature.
    pub fn open(&self, signature: &[u8]) -> Option<Vec<u8>> {
        if signature.len() != self.length() || limbs::bit_length(signature) == 0 {
            return None;
        }
        let signature = self.modulus.read(signature)?;
        let mut encoded = vec![0; self.length()];
        limbs::to_octets(&self.modulus.public_power(&signature, self.exponent), &mut encoded);
        Some(encoded)
    }
}

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("PublicKey").field("bits", &self.modulus.bits()).finish_non_exhaustive()
    }
}
