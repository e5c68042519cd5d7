//! Algorithms of keys and signatures: which key makes which signature, and what each is worth.

use rustls_pki_types::{AlgorithmIdentifier, alg_id};

use super::{Element, Malformed, PublicKey, Tag};
use crate::crypto;

/// The contents of the OBJECT IDENTIFIERs of keys.
mod key {
    pub const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
    pub const RSA_PSS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10];
    pub const ELLIPTIC_CURVE: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
    pub const DSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1];
    pub const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
    pub const ED448: &[u8] = &[0x2b, 0x65, 0x71];
}

/// The bits that hashes are worth in signatures, as OpenSSL has it: SHA-1 and MD5 are broken.
mod worth {
    pub const MD5: u16 = 39;
    pub const SHA1: u16 = 63;
    pub const SHA224: u16 = 112;
    pub const SHA256: u16 = 128;
    pub const SHA384: u16 = 192;
    pub const SHA512: u16 = 256;
}

/// Named curves by the contents of their OBJECT IDENTIFIERs, and what their keys are worth.
const CURVES: &[(&[u8], u16)] = &[
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 1], 80),
    (&[0x2b, 0x81, 0x04, 0, 33], 112),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7], 128),
    (&[0x2b, 0x81, 0x04, 0, 10], 128),
    (&[0x2b, 0x81, 0x04, 0, 34], 192),
    (&[0x2b, 0x81, 0x04, 0, 35], 256),
    (&[0x2b, 0x24, 3, 3, 2, 8, 1, 1, 7], 128),
    (&[0x2b, 0x24, 3, 3, 2, 8, 1, 1, 11], 192),
    (&[0x2b, 0x24, 3, 3, 2, 8, 1, 1, 13], 256),
];

/// The size of a modulus, in bits, from which an RSA key is worth as many bits (SP 800-56B, as OpenSSL rounds it).
const RSA_SIZES: &[(usize, u16)] = &[(13914, 256), (6947, 192), (2671, 128), (1963, 112), (920, 80)];

/// What is known of a signature by its algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignatureAlgorithm {
    /// The contents of the OBJECT IDENTIFIER of the keys that make it.
    key: &'static [u8],
    /// The bits that it is worth.
    pub strength: u16,
}

impl SignatureAlgorithm {
    /// Read the contents of an AlgorithmIdentifier; `None` if it is no signature's that OpenSSL knows.
    pub fn read(identifier: &[u8]) -> Option<Self> {
        let parts = Element::read_all(identifier).ok()?;
        let (id, parameters) = parts.split_first()?;
        let id = id.object_identifier().ok()?;
        let (key, strength) = match id {
            key::ED25519 => (key::ED25519, 128),
            key::ED448 => (key::ED448, 224),
            key::RSA_PSS => {
                let parameters = parameters.first().and_then(|parameters| PssParameters::read(parameters).ok());
                (key::RSA_PSS, parameters.map_or(0, |parameters| parameters.strength()))
            }
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, number] => (
                key::RSA,
                match number {
                    2..=4 => worth::MD5,
                    5 => worth::SHA1,
                    14 | 15 => worth::SHA224,
                    11 | 16 => worth::SHA256,
                    12 => worth::SHA384,
                    13 => worth::SHA512,
                    _ => return None,
                },
            ),
            [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1] => (key::ELLIPTIC_CURVE, worth::SHA1),
            [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, number @ 1..=4] => (key::ELLIPTIC_CURVE, sha2_strength(*number)),
            [0x2a, 0x86, 0x48, 0xce, 0x38, 4, 3] => (key::DSA, worth::SHA1),
            [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, number] => match number {
                1..=4 => (key::DSA, sha2_strength(*number)),
                13..=16 => (key::RSA, sha2_strength(number - 12)),
                _ => return None,
            },
            _ => return None,
        };
        Some(Self { key, strength })
    }

    /// Whether a key could have made it.
    pub fn fits(&self, key: &PublicKey<'_>) -> bool {
        let id = key.identifiers().map(|(id, _)| id);
        key.is_readable && (id == Ok(self.key) || (id == Ok(key::RSA) && self.key == key::RSA_PSS))
    }
}

/// SHA-224, SHA-256, SHA-384, SHA-512, in this order; those of SHA-3 are worth the same.
fn sha2_strength(number: u8) -> u16 {
    match number {
        1 => worth::SHA224,
        2 => worth::SHA256,
        3 => worth::SHA384,
        _ => worth::SHA512,
    }
}

/// The parameters of RSASSA-PSS (RFC 8017, A.2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct PssParameters {
    /// The last number of the hash's OBJECT IDENTIFIER under 2.16.840.1.101.3.4.2; `None` is SHA-1.
    hash: Option<u8>,
    mask_hash: Option<u8>,
    salt_length: u16,
    has_usual_trailer: bool,
}

impl PssParameters {
    fn read(parameters: &Element<'_>) -> Result<Self, Malformed> {
        let mut read = Self { hash: None, mask_hash: None, salt_length: 20, has_usual_trailer: true };
        for field in parameters.children(Tag::SEQUENCE)? {
            let value = Element::first(field.value)?;
            match field.tag {
                tag if tag == Tag::context(0) => read.hash = hash_number(&value)?,
                tag if tag == Tag::context(1) => match value.children(Tag::SEQUENCE)?[..] {
                    [_, hash] => read.mask_hash = hash_number(&hash)?,
                    _ => return Err(Malformed),
                },
                tag if tag == Tag::context(2) => match value.contents(Tag::INTEGER)? {
                    [0, length] | [length] => read.salt_length = u16::from(*length),
                    _ => return Err(Malformed),
                },
                tag if tag == Tag::context(3) => read.has_usual_trailer = value.contents(Tag::INTEGER)? == [1],
                _ => return Err(Malformed),
            }
        }
        Ok(read)
    }

    fn strength(&self) -> u16 {
        match self.hash {
            Some(1) => worth::SHA256,
            Some(2) => worth::SHA384,
            Some(3) => worth::SHA512,
            Some(4) => worth::SHA224,
            _ => worth::SHA1,
        }
    }

    /// What implementations have: one hash for all, and salt of its length.
    fn is_usual(&self) -> bool {
        self.hash == self.mask_hash && self.has_usual_trailer && self.salt_length * 4 == self.strength()
    }

    fn of(identifier: &[u8]) -> Result<Self, Malformed> {
        match Element::read_all(identifier)?[..] {
            [id, parameters] if id.value == key::RSA_PSS => Self::read(&parameters),
            _ => Err(Malformed),
        }
    }
}

fn hash_number(identifier: &Element<'_>) -> Result<Option<u8>, Malformed> {
    let parts = identifier.children(Tag::SEQUENCE)?;
    match parts.first().ok_or(Malformed)?.object_identifier()? {
        [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, number] => Ok(Some(*number)),
        [0x2b, 0x0e, 3, 2, 0x1a] => Ok(None),
        _ => Err(Malformed),
    }
}

static RSA_SHA1: AlgorithmIdentifier = crypto::SHA1_WITH_RSA;
static RSA_SHA256: AlgorithmIdentifier = alg_id::RSA_PKCS1_SHA256;
static RSA_SHA384: AlgorithmIdentifier = alg_id::RSA_PKCS1_SHA384;
static RSA_SHA512: AlgorithmIdentifier = alg_id::RSA_PKCS1_SHA512;
static PSS_SHA256: AlgorithmIdentifier = alg_id::RSA_PSS_SHA256;
static PSS_SHA384: AlgorithmIdentifier = alg_id::RSA_PSS_SHA384;
static PSS_SHA512: AlgorithmIdentifier = alg_id::RSA_PSS_SHA512;

/// An AlgorithmIdentifier of a signature (the contents) as implementations have it: of RSASSA-PSS there are several with one meaning.
pub(crate) fn usual_signature(identifier: &[u8]) -> &[u8] {
    match PssParameters::of(identifier).ok().filter(PssParameters::is_usual).and_then(|parameters| parameters.hash) {
        Some(1) => &PSS_SHA256,
        Some(2) => &PSS_SHA384,
        Some(3) => &PSS_SHA512,
        // ECDSA has no parameters, but some write NULL.
        _ => match (identifier, identifier.strip_suffix(&[0x05, 0x00])) {
            (_, Some(id @ [0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, _])) => id,
            // RSA has NULL, but some leave it out.
            ([0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, number], _) => match number {
                5 => &RSA_SHA1,
                11 => &RSA_SHA256,
                12 => &RSA_SHA384,
                13 => &RSA_SHA512,
                _ => identifier,
            },
            _ => identifier,
        },
    }
}

impl PublicKey<'_> {
    /// The bits that the key is worth, as OpenSSL counts them; 0 of what is not known.
    pub fn strength(&self) -> u16 {
        match self.identifiers() {
            _ if !self.is_readable => 0,
            Ok((key::RSA | key::RSA_PSS, _)) => {
                let bits = self.rsa_numbers().map_or(0, |(modulus, _)| bits(modulus));
                RSA_SIZES.iter().find(|(size, _)| bits >= *size).map_or(0, |(_, strength)| *strength)
            }
            Ok((key::ELLIPTIC_CURVE, Some(curve))) => {
                CURVES.iter().find(|(known, _)| *known == curve).map_or(0, |(_, strength)| *strength)
            }
            // Enough: that they are written out is the complaint.
            Ok((key::ELLIPTIC_CURVE, None)) => 256,
            Ok((key::ED25519, _)) => 128,
            Ok((key::ED448, _)) => 224,
            _ => 0,
        }
    }

    /// Whether it is an RSA key for RSASSA-PSS alone.
    pub fn is_pss(&self) -> bool {
        self.identifiers().is_ok_and(|(id, _)| id == key::RSA_PSS)
    }

    /// Whether it may make signatures of an algorithm (the contents of its AlgorithmIdentifier): a key for RSASSA-PSS may name the hash.
    pub fn allows(&self, signature: &[u8]) -> bool {
        let Some(algorithm) = SignatureAlgorithm::read(signature).filter(|algorithm| algorithm.fits(self)) else {
            return false;
        };
        match (PssParameters::of(self.algorithm), PssParameters::of(signature)) {
            (Ok(ours), Ok(theirs)) => ours.hash == theirs.hash && ours.salt_length <= theirs.salt_length,
            // A signature has to have parameters, a key not.
            (_, theirs) => theirs.is_ok() || algorithm.key != key::RSA_PSS,
        }
    }

    /// Whether it is of an algorithm, and a point of a curve, that OpenSSL knows.
    pub(super) fn can_be_read(&self) -> bool {
        match self.identifiers() {
            Ok((key::RSA | key::RSA_PSS, _)) => self.rsa_numbers().is_some(),
            Ok((key::ELLIPTIC_CURVE, Some(curve))) => {
                CURVES.iter().any(|(known, _)| *known == curve) && crypto::may_be_point(self.algorithm, self.bits)
            }
            Ok((key::ELLIPTIC_CURVE, None)) => self.has_explicit_curve(),
            Ok((id, _)) => [key::DSA, key::ED25519, key::ED448].contains(&id),
            Err(Malformed) => false,
        }
    }

    /// Whether it is a key of an elliptic curve whose parameters are written out rather than named.
    pub fn has_explicit_curve(&self) -> bool {
        let parameters = Element::read_all(self.algorithm).ok().and_then(|parts| parts.get(1).map(|part| part.tag));
        matches!(self.identifiers(), Ok((key::ELLIPTIC_CURVE, None))) && parameters == Some(Tag::SEQUENCE)
    }
}

/// The bits of a big-endian number.
fn bits(number: &[u8]) -> usize {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros).map_or(0, |first| 8 * (number.len() - zeros) - first.leading_zeros() as usize)
}
