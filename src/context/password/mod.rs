//! Encryption under a passphrase: PBES2 (RFC 8018, 6.2) and the schemes of PKCS#12 (RFC 7292, appendix C).
//!
//! What OpenSSL keeps in its legacy provider (RC2, RC4, PBES1 with MD5 or single DES) is unsupported here as it is in Node.

mod aes;
mod cipher;
mod hash;
mod scrypt;

use zeroize::Zeroizing;

use crate::certificate::{Element, Malformed, Tag};
use crate::crypto::Digest;
pub(super) use cipher::Cipher;
pub(super) use hash::{Purpose, bytes_to_key};
use scrypt::Cost;

/// How many iterations of derivations one key, or one PKCS#12 file altogether, may ask for: some seconds. OpenSSL's default is
/// 2048; what is advised today is below one million.
pub const MAX_ITERATIONS: u32 = 10_000_000;
/// How much memory scrypt may ask for, as in OpenSSL: twice what its default cost takes.
pub const MAX_SCRYPT_MEMORY: u64 = 32 * 1024 * 1024;
/// The limit of scrypt's N * r * p, for one key or one PKCS#12 file altogether: 32 times that of OpenSSL's default cost, some
/// seconds.
pub const MAX_SCRYPT_WORK: u64 = 1 << 22;

/// 1.2.840.113549.1.5.13
const PBES2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 13];
/// 1.2.840.113549.1.5.12
const PBKDF2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 12];
/// 1.2.840.113549.1.5.14
const PBMAC1: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 14];
/// 1.3.6.1.4.1.11591.4.11
const SCRYPT: &[u8] = &[0x2b, 6, 1, 4, 1, 0xda, 0x47, 4, 11];
/// pbeWithSHAAnd3-KeyTripleDES-CBC, 1.2.840.113549.1.12.1.3
const PKCS12_3_KEY_TRIPLE_DES: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 12, 1, 3];
/// pbeWithSHAAnd2-KeyTripleDES-CBC, 1.2.840.113549.1.12.1.4
const PKCS12_2_KEY_TRIPLE_DES: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 12, 1, 4];

/// Why something is not decrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DecryptError {
    /// It can not be read.
    Malformed,
    /// The passphrase is another.
    BadDecrypt,
    /// An algorithm is not known.
    Unsupported(&'static str),
    /// It asks for more work than the limits allow.
    TooMuchWork,
}

impl From<Malformed> for DecryptError {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}

/// A passphrase in its two forms.
pub(super) struct Passphrase<'a> {
    /// As it was given.
    octets: &'a [u8],
    /// A BMPString that ends with a zero, for PKCS#12.
    wide: Zeroizing<Vec<u8>>,
}

impl<'a> Passphrase<'a> {
    /// A passphrase in UTF-8, or else Latin-1.
    pub fn new(octets: &'a [u8]) -> Self {
        let mut wide = Zeroizing::new(Vec::with_capacity(2 * octets.len() + 2));
        match std::str::from_utf8(octets) {
            Ok(text) => text.encode_utf16().for_each(|unit| wide.extend(unit.to_be_bytes())),
            Err(_) => octets.iter().for_each(|octet| wide.extend([0, *octet])),
        }
        wide.extend([0, 0]);
        Self { octets, wide }
    }

    /// None, which in PKCS#12 is another one than the empty one.
    pub fn none() -> Self {
        Self { octets: &[], wide: Zeroizing::default() }
    }
}

/// The work under passphrases that may still be done.
#[derive(Debug)]
pub struct Work {
    iterations: u32,
    scrypt: u64,
}

impl Default for Work {
    /// [`MAX_ITERATIONS`] and [`MAX_SCRYPT_WORK`].
    fn default() -> Self {
        Self::limited(MAX_ITERATIONS, MAX_SCRYPT_WORK)
    }
}

impl Work {
    /// So many iterations altogether, and so much of scrypt's N * r * p.
    pub fn limited(iterations: u32, scrypt: u64) -> Self {
        Self { iterations, scrypt }
    }

    /// Take a count of iterations from what is left: those of each hash that what is derived consists of.
    fn spend(&mut self, iterations: &Element<'_>, hash: Digest, derived: usize) -> Result<u32, DecryptError> {
        let count = u32::try_from(positive(iterations)?).map_err(|_| DecryptError::TooMuchWork)?;
        let hashes = derived.div_ceil(hash.length()) as u32;
        let left = count.checked_mul(hashes).and_then(|count| self.iterations.checked_sub(count));
        self.iterations = left.ok_or(DecryptError::TooMuchWork)?;
        Ok(count)
    }

    /// Take N * r * p of scrypt from what is left.
    fn spend_scrypt(&mut self, operations: u64) -> Result<(), DecryptError> {
        self.scrypt = self.scrypt.checked_sub(operations).ok_or(DecryptError::TooMuchWork)?;
        Ok(())
    }
}

/// Decrypt what an `AlgorithmIdentifier` says it is encrypted with.
pub(super) fn decrypt(
    algorithm: &Element<'_>,
    ciphertext: &[u8],
    passphrase: &Passphrase<'_>,
    work: &mut Work,
) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
    let (identifier, parameters) = identified(algorithm)?;
    match identifier {
        PBES2 => pbes2(parameters, ciphertext, passphrase, work),
        PKCS12_3_KEY_TRIPLE_DES => pkcs12_triple_des(24, parameters, ciphertext, passphrase, work),
        PKCS12_2_KEY_TRIPLE_DES => pkcs12_triple_des(16, parameters, ciphertext, passphrase, work),
        _ => Err(DecryptError::Unsupported("encryption scheme")),
    }
}

/// Whether the MAC of a PKCS#12 file is that of its content (RFC 7292, 4; RFC 9879 for PBMAC1).
pub(super) fn verify_mac(
    mac_data: &Element<'_>,
    content: &[u8],
    passphrase: &Passphrase<'_>,
    work: &mut Work,
) -> Result<bool, DecryptError> {
    let [digest_info, salt, iterations @ ..] = &mac_data.children(Tag::SEQUENCE)?[..] else {
        return Err(DecryptError::Malformed);
    };
    let [algorithm, mac] = digest_info.children(Tag::SEQUENCE)?[..] else {
        return Err(DecryptError::Malformed);
    };
    let mac = mac.contents(Tag::OCTET_STRING)?;
    let (identifier, parameters) = identified(&algorithm)?;
    if identifier == PBMAC1 {
        let [derivation, scheme] = sequence(parameters)?[..] else {
            return Err(DecryptError::Malformed);
        };
        let hash = Digest::from_hmac_identifier(identified(&scheme)?.0).ok_or(DecryptError::Unsupported("MAC"))?;
        let key = derive(&derivation, hash.length(), passphrase, work)?;
        return Ok(hash.verifies(&key, content, mac));
    }
    let hash = Digest::from_identifier(identifier).ok_or(DecryptError::Unsupported("MAC"))?;
    let iterations = iterations.first().map_or(Ok(1), |iterations| work.spend(iterations, hash, hash.length()))?;
    let mut key = Zeroizing::new(vec![0; hash.length()]);
    let salt = salt.contents(Tag::OCTET_STRING)?;
    hash.pkcs12(Purpose::MacKey, &passphrase.wide, salt, iterations, &mut key);
    Ok(hash.verifies(&key, content, mac))
}

fn pbes2(
    parameters: Option<Element<'_>>,
    ciphertext: &[u8],
    passphrase: &Passphrase<'_>,
    work: &mut Work,
) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
    let [derivation, scheme] = sequence(parameters)?[..] else {
        return Err(DecryptError::Malformed);
    };
    let (identifier, parameters) = identified(&scheme)?;
    let cipher = Cipher::from_identifier(identifier).ok_or(DecryptError::Unsupported("cipher"))?;
    let initialisation_vector = parameters.ok_or(DecryptError::Malformed)?.contents(Tag::OCTET_STRING)?;
    if initialisation_vector.len() != cipher.block_length() {
        return Err(DecryptError::Malformed);
    }
    let key = derive(&derivation, cipher.key_length(), passphrase, work)?;
    cipher.decrypt(&key, initialisation_vector, ciphertext).ok_or(DecryptError::BadDecrypt)
}

/// Derive a key by PBKDF2 (RFC 8018, A.2) or scrypt (RFC 7914, 7).
fn derive(
    algorithm: &Element<'_>,
    length: usize,
    passphrase: &Passphrase<'_>,
    work: &mut Work,
) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
    let (identifier, parameters) = identified(algorithm)?;
    let parameters = sequence(parameters)?;
    let mut key = Zeroizing::new(vec![0; length]);
    match (identifier, &parameters[..]) {
        (PBKDF2, [salt, iterations, optional @ ..]) => {
            let (stated, optional) = split_integer(optional);
            key_length_fits(stated, length)?;
            let hash = match optional.first() {
                Some(function) => Digest::from_hmac_identifier(identified(function)?.0)
                    .ok_or(DecryptError::Unsupported("pseudorandom function"))?,
                None => Digest::Sha1,
            };
            let salt = salt.contents(Tag::OCTET_STRING)?;
            hash.pbkdf2(passphrase.octets, salt, work.spend(iterations, hash, length)?, &mut key);
        }
        (SCRYPT, [salt, cost, block_size, parallelisation, optional @ ..]) => {
            key_length_fits(split_integer(optional).0, length)?;
            let cost = scrypt_cost(positive(cost)?, positive(block_size)?, positive(parallelisation)?, work)?;
            scrypt::scrypt(passphrase.octets, salt.contents(Tag::OCTET_STRING)?, cost, &mut key);
        }
        (PBKDF2 | SCRYPT, _) => return Err(DecryptError::Malformed),
        _ => return Err(DecryptError::Unsupported("key derivation")),
    }
    Ok(key)
}

fn scrypt_cost(cost: u64, block_size: u64, parallelisation: u64, work: &mut Work) -> Result<Cost, DecryptError> {
    // RFC 7914, 2: "It must be larger than 1, a power of 2"
    if cost < 2 || !cost.is_power_of_two() {
        return Err(DecryptError::Malformed);
    }
    let blocks = cost.saturating_add(parallelisation);
    let memory = blocks.saturating_mul(block_size).saturating_mul(128);
    work.spend_scrypt(cost.saturating_mul(block_size).saturating_mul(parallelisation))?;
    if memory > MAX_SCRYPT_MEMORY {
        return Err(DecryptError::TooMuchWork);
    }
    // All fit, being below the limits.
    Ok(Cost { cost: cost as usize, block_size: block_size as usize, parallelisation: parallelisation as usize })
}

fn pkcs12_triple_des(
    key_length: usize,
    parameters: Option<Element<'_>>,
    ciphertext: &[u8],
    passphrase: &Passphrase<'_>,
    work: &mut Work,
) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
    let [salt, iterations] = sequence(parameters)?[..] else {
        return Err(DecryptError::Malformed);
    };
    let salt = salt.contents(Tag::OCTET_STRING)?;
    // The key, and a hash more for the initialisation vector.
    let iterations = work.spend(&iterations, Digest::Sha1, key_length + Digest::Sha1.length())?;
    let mut key = Zeroizing::new([0; 24]);
    Digest::Sha1.pkcs12(Purpose::Key, &passphrase.wide, salt, iterations, &mut key[..key_length]);
    // With two keys, the first is also the third.
    key.copy_within(..24 - key_length, key_length);
    let mut initialisation_vector = [0; 8];
    Digest::Sha1.pkcs12(Purpose::InitialisationVector, &passphrase.wide, salt, iterations, &mut initialisation_vector);
    Cipher::TripleDes.decrypt(&key[..], &initialisation_vector, ciphertext).ok_or(DecryptError::BadDecrypt)
}

/// The contents of an `AlgorithmIdentifier`'s OBJECT IDENTIFIER, and its parameters.
fn identified<'a>(algorithm: &Element<'a>) -> Result<(&'a [u8], Option<Element<'a>>), Malformed> {
    match &algorithm.children(Tag::SEQUENCE)?[..] {
        [identifier] => Ok((identifier.object_identifier()?, None)),
        [identifier, parameters] => Ok((identifier.object_identifier()?, Some(*parameters))),
        _ => Err(Malformed),
    }
}

/// The elements of parameters that are a SEQUENCE.
fn sequence<'a>(parameters: Option<Element<'a>>) -> Result<Vec<Element<'a>>, Malformed> {
    parameters.ok_or(Malformed)?.children(Tag::SEQUENCE)
}

fn key_length_fits(length: Option<&Element<'_>>, expected: usize) -> Result<(), DecryptError> {
    match length.map(positive).transpose()? {
        Some(length) if length != expected as u64 => Err(DecryptError::Malformed),
        _ => Ok(()),
    }
}

fn split_integer<'a, 'b>(elements: &'b [Element<'a>]) -> (Option<&'b Element<'a>>, &'b [Element<'a>]) {
    match elements {
        [first, rest @ ..] if first.tag == Tag::INTEGER => (Some(first), rest),
        _ => (None, elements),
    }
}

/// An INTEGER above zero; the largest number stands for all that do not fit.
fn positive(element: &Element<'_>) -> Result<u64, Malformed> {
    let octets = element.contents(Tag::INTEGER)?;
    if octets.first().is_none_or(|first| *first >= 0x80) {
        return Err(Malformed);
    }
    let number = octets
        .iter()
        .try_fold(0u64, |number, octet| number.checked_mul(256).map(|number| number | u64::from(*octet)))
        .unwrap_or(u64::MAX);
    if number == 0 { Err(Malformed) } else { Ok(number) }
}
