//! Private keys of two primes, and what they sign (RFC 8017), by the Chinese remainder theorem.
//!
//! Nothing here depends on a secret but by its value: all lengths are those of the modulus. The base is blinded, and a signature leaves
//! only if the public key verifies it: a fault in one of the halves would show the primes.

use std::sync::{Mutex, PoisonError};

use super::blinding::Blinding;
use super::der::Reader;
use super::limbs::{self, Number};
use super::montgomery::{Modulus, Scratch};
use super::padding::{self, Hash};
use super::public::PublicKey;
use crate::secret::Secret;

/// The contents of the AlgorithmIdentifier of rsaEncryption, 1.2.840.113549.1.1.1, with its parameters, NULL.
const ALGORITHM: &[u8] = &[0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 0x05, 0];
/// The tag of attributes, [0].
const ATTRIBUTES: u8 = 0xa0;

/// Octets of a modulus, at least.
const MINIMUM: usize = 256;
/// The least public exponent (FIPS 186-5, A.1.1).
const MINIMUM_EXPONENT: u64 = 65537;

/// What fills octets with random ones; nothing, if there is no entropy to be had.
pub type Random<'a> = &'a dyn Fn(&mut [u8]) -> Option<()>;

/// There is no entropy, the modulus is too short for the hash, or the parts of the key are not what they should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SigningFailed;

/// A private key of 2048 to 8192 bits.
pub struct PrivateKey {
    public: PublicKey,
    /// R² modulo the public modulus.
    square: Number,
    p: Prime,
    q: Prime,
    /// The inverse of q modulo p, times R.
    coefficient: Number,
    /// For the next signature; none while one is made.
    blinding: Mutex<Option<Blinding>>,
}

impl PrivateKey {
    /// From a `PrivateKeyInfo` (PKCS#8, RFC 5208) in DER, with nothing behind it; attributes are passed over.
    pub fn from_pkcs8_der(der: &[u8]) -> Option<Self> {
        let mut fields = Reader::of_sequence(der)?;
        let is_version = fields.integer()?.is_empty();
        let is_algorithm = fields.element(Reader::SEQUENCE)? == ALGORITHM;
        let key = fields.element(Reader::OCTET_STRING)?;
        let is_end = fields.is_end() || fields.element(ATTRIBUTES).is_some() && fields.is_end();
        if is_version && is_algorithm && is_end { Self::from_pkcs1_der(key) } else { None }
    }

    /// From an `RSAPrivateKey` (RFC 8017, A.1.2) of two primes in DER, with nothing behind it.
    ///
    /// None if it is malformed, of a size that is not taken, or its parts do not belong together (SP 800-56B, 6.4.1.4.3, save that the
    /// primes are not tested to be prime: a signature that is wrong because they are not does not leave).
    pub fn from_pkcs1_der(der: &[u8]) -> Option<Self> {
        Self::from_pkcs1_der_of(der, MINIMUM)
    }

    /// The same, of at least so many octets.
    pub(super) fn from_pkcs1_der_of(der: &[u8], minimum: usize) -> Option<Self> {
        let mut fields = Reader::of_sequence(der)?;
        let is_version = fields.integer()?.is_empty();
        let mut numbers: [&[u8]; 8] = [&[]; 8];
        for number in &mut numbers {
            *number = fields.integer()?;
        }
        if !is_version || !fields.is_end() {
            return None;
        }
        let [modulus, exponent, numbers @ ..] = numbers;
        let public = PublicKey::from_numbers(modulus, exponent)?;
        if public.length() < minimum || public.exponent() < MINIMUM_EXPONENT {
            return None;
        }
        Self::of_parts(public, numbers)
    }

    fn of_parts(public: PublicKey, [d, p, q, d_p, d_q, coefficient]: [&[u8]; 6]) -> Option<Self> {
        let bits = public.modulus().bits();
        // 2^(half of the bits) < d < n. That the primes are of one length, the arithmetic below relies upon.
        let d = public.modulus().read(d).filter(|_| limbs::bit_length(d) > bits.div_ceil(2))?;
        let of_half = |prime: &[u8]| limbs::bit_length(prime) == bits.div_ceil(2);
        if !of_half(p) || !of_half(q) {
            return None;
        }
        let p = Prime::new(p, d_p, &d, public.exponent())?;
        let q = Prime::new(q, d_q, &d, public.exponent())?;
        let product = limbs::product(p.modulus.number(), q.modulus.number());
        let mut modulus = vec![0; product.len()];
        modulus[..public.modulus().limbs()].copy_from_slice(public.modulus().number());
        if !limbs::are_equal(&product, &modulus) {
            return None;
        }
        let coefficient = p.coefficient(coefficient, &q)?;
        let square = public.modulus().enter(&public.modulus().enter(&public.modulus().one()));
        Some(Self { public, square, p, q, coefficient, blinding: Mutex::new(None) })
    }

    /// The public key that belongs to it.
    pub fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// Sign a digest with RSASSA-PKCS1-v1_5. The random octets are for blinding alone.
    pub fn sign_pkcs1(&self, hash: Hash, digest: &[u8], random: Random<'_>) -> Result<Vec<u8>, SigningFailed> {
        let encoded = padding::encode_pkcs1(hash, digest, self.public.length());
        encoded.and_then(|encoded| self.sign(&encoded, random)).ok_or(SigningFailed)
    }

    /// Sign a digest with RSASSA-PSS, the mask by the same hash, the salt as long as the digest.
    pub fn sign_pss(&self, hash: Hash, digest: &[u8], random: Random<'_>) -> Result<Vec<u8>, SigningFailed> {
        let sign = || {
            let mut salt = vec![0; hash.length()];
            random(&mut salt)?;
            let encoded = padding::encode_pss(hash, digest, &salt, self.public.modulus().bits())?;
            self.sign(&encoded, random)
        };
        sign().ok_or(SigningFailed)
    }

    /// RSASP1 (RFC 8017, 5.2.1).
    fn sign(&self, encoded: &[u8], random: Random<'_>) -> Option<Vec<u8>> {
        let modulus = self.public.modulus();
        let message = modulus.read(encoded)?;
        let mut scratch = modulus.scratch();
        let kept = self.lock_blinding().take();
        let blinding = match kept {
            Some(blinding) => blinding,
            None => Blinding::new(self, random, &mut scratch)?,
        };
        let blinded = blinding.blind(modulus, &message, &mut scratch);
        let signature = blinding.unblind(modulus, &self.power(&blinded, |prime| &prime.exponent), &mut scratch);
        let entered = self.enter(&signature, &mut scratch);
        let verified = modulus.power_of_entered(&signature, &entered, self.public.exponent());
        if !limbs::are_equal(&verified, &message) {
            return None;
        }
        *self.lock_blinding() = blinding.next(modulus, &mut scratch);
        let mut octets = vec![0; self.public.length()];
        limbs::to_octets(&signature, &mut octets);
        Some(octets)
    }

    fn lock_blinding(&self) -> std::sync::MutexGuard<'_, Option<Blinding>> {
        self.blinding.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A number below twice the modulus to the power of one of the exponents that the primes have, below the modulus.
    pub(super) fn power(&self, base: &[u32], exponent: impl Fn(&Prime) -> &[u32]) -> Number {
        let Self { public, p, q, coefficient, .. } = self;
        let of_p = p.power(base, exponent(p));
        let of_q = q.power(base, exponent(q));
        // Garner: h = (of_p - of_q) / q modulo p; the result is of_q + h · q. As p and q are of one length, of_q is below twice p.
        let mut scratch = p.modulus.scratch();
        let mut difference = of_p;
        limbs::add(&mut difference, p.modulus.number());
        limbs::add(&mut difference, p.modulus.number());
        limbs::subtract(&mut difference, &of_q);
        let mut h = p.modulus.zero();
        p.modulus.multiply(&difference, coefficient, &mut h, &mut scratch);
        limbs::subtract_unless_less(&mut h[..p.modulus.limbs()], p.modulus.number());
        let mut sum = limbs::product(&h[..p.modulus.limbs()], q.modulus.number());
        limbs::add(&mut sum, &of_q);
        let mut result = public.modulus().zero();
        let limbs = public.modulus().limbs();
        result[..limbs].copy_from_slice(&sum[..limbs]);
        result
    }

    /// Into Montgomery's form by the public modulus.
    pub(super) fn enter(&self, number: &[u32], scratch: &mut Scratch) -> Number {
        let mut entered = self.public.modulus().zero();
        self.public.modulus().multiply(number, &self.square, &mut entered, scratch);
        entered
    }
}

impl std::fmt::Debug for PrivateKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("PrivateKey").field("public", &self.public).finish_non_exhaustive()
    }
}

/// One of the primes, and what belongs to it.
pub(super) struct Prime {
    modulus: Modulus,
    /// That of the private key, modulo the prime less one.
    exponent: Number,
    /// The prime less one, less the exponent: powers with it are the inverses of those with the exponent.
    pub(super) inverting_exponent: Number,
    /// R and its third power modulo the prime.
    one: Number,
    cube: Number,
    square: Number,
}

impl Prime {
    /// With its exponent, if that is the private exponent modulo the prime less one, and the inverse of the public one.
    fn new(prime: &[u8], exponent: &[u8], d: &[u32], public_exponent: u64) -> Option<Self> {
        let modulus = Modulus::from_octets(prime)?;
        let limbs = modulus.limbs();
        let mut order = Secret::new(modulus.number().to_vec());
        order[0] &= !1;
        let exponent = modulus.read(exponent)?;
        let public_exponent = limbs::from_octets(&public_exponent.to_be_bytes(), 3);
        let product = limbs::product(&exponent[..limbs], &public_exponent[..3]);
        let mut one = modulus.one();
        let belongs = limbs::are_equal(&limbs::remainder(d, &order, limbs), &exponent)
            & limbs::are_equal(&limbs::remainder(&product, &order, limbs), &one);
        if !belongs {
            return None;
        }
        let mut inverting_exponent = Secret::new(order.to_vec());
        limbs::subtract(&mut inverting_exponent, &exponent[..limbs]);

        let mut scratch = modulus.scratch();
        let mut power_of_two = Secret::new(vec![0; 2 * limbs + 1]);
        power_of_two[2 * limbs] = 1;
        let square = limbs::remainder(&power_of_two, modulus.number(), limbs);
        let mut cube = modulus.zero();
        modulus.multiply(&square, &square, &mut cube, &mut scratch);
        modulus.reduce(&square, &mut one, &mut scratch);
        Some(Self { modulus, exponent, inverting_exponent, one, cube, square })
    }

    /// The inverse of another prime modulo this one, in Montgomery's form, if that is what it is.
    fn coefficient(&self, inverse: &[u8], other: &Self) -> Option<Number> {
        let modulus = &self.modulus;
        let mut scratch = modulus.scratch();
        let inverse = modulus.read(inverse)?;
        let mut coefficient = modulus.zero();
        modulus.multiply(&inverse, &self.square, &mut coefficient, &mut scratch);
        limbs::subtract_unless_less(&mut coefficient[..modulus.limbs()], modulus.number());
        let mut product = modulus.zero();
        modulus.multiply(&coefficient, other.modulus.padded(), &mut product, &mut scratch);
        limbs::subtract_unless_less(&mut product[..modulus.limbs()], modulus.number());
        limbs::are_equal(&product, &modulus.one()).then_some(coefficient)
    }

    /// A number below twice the product of both primes to the power of an exponent.
    fn power(&self, base: &[u32], exponent: &[u32]) -> Number {
        let modulus = &self.modulus;
        let mut scratch = modulus.scratch();
        let (mut reduced, mut entered) = (modulus.zero(), modulus.zero());
        modulus.reduce(base, &mut reduced, &mut scratch);
        modulus.multiply(&reduced, &self.cube, &mut entered, &mut scratch);
        let mut power = modulus.secret_power(&entered, exponent, modulus.bits(), &self.one, &mut scratch);
        modulus.leave(&mut power, &mut scratch);
        power
    }
}
