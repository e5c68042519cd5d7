//! Hashes, and what is derived with them from a passphrase.

use md5::Md5;
use ring::digest::{self, Context};
use sha2::Sha224;
use sha2::digest::{Digest, FixedOutputReset, Output};
use zeroize::Zeroizing;

/// The length of the longest hash.
const MAX_LENGTH: usize = 64;
/// The octets that HMAC's key is combined with (RFC 2104, 2).
const INNER_PAD: u8 = 0x36;
const OUTER_PAD: u8 = 0x5c;

/// What PKCS#12 derives from one passphrase (RFC 7292, B.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::context) enum Purpose {
    Key = 1,
    InitialisationVector = 2,
    MacKey = 3,
}

/// A hash by which keys are derived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::context) enum Hash {
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    /// By the contents of the hash's OBJECT IDENTIFIER.
    pub fn from_identifier(identifier: &[u8]) -> Option<Self> {
        match identifier {
            // 1.2.840.113549.2.5
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 5] => Some(Self::Md5),
            // 1.3.14.3.2.26
            [0x2b, 14, 3, 2, 26] => Some(Self::Sha1),
            // 2.16.840.1.101.3.4.2
            [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, number] => match number {
                1 => Some(Self::Sha256),
                2 => Some(Self::Sha384),
                3 => Some(Self::Sha512),
                4 => Some(Self::Sha224),
                _ => None,
            },
            _ => None,
        }
    }

    /// By the contents of the OBJECT IDENTIFIER of HMAC with it (RFC 8018, B.1.2).
    pub fn from_hmac_identifier(identifier: &[u8]) -> Option<Self> {
        match identifier {
            // 1.2.840.113549.2
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, number] => match number {
                7 => Some(Self::Sha1),
                8 => Some(Self::Sha224),
                9 => Some(Self::Sha256),
                10 => Some(Self::Sha384),
                11 => Some(Self::Sha512),
                _ => None,
            },
            _ => None,
        }
    }

    /// The length of the hash.
    pub fn length(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha224 => 28,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// The length of the blocks that it works on.
    fn block_length(self) -> usize {
        match self {
            Self::Sha384 | Self::Sha512 => 128,
            _ => 64,
        }
    }

    /// Whether a message has this HMAC (RFC 2104).
    pub fn verifies(self, key: &[u8], message: &[u8], mac: &[u8]) -> bool {
        let mut expected = [0; MAX_LENGTH];
        let expected = &mut expected[..self.length()];
        Hmac::new(self, key).of(&[message], expected);
        // All octets are compared, so that the time tells nothing.
        mac.len() == expected.len() && expected.iter().zip(mac).fold(0, |seen, (a, b)| seen | (a ^ b)) == 0
    }

    /// PBKDF2 (RFC 8018, 5.2).
    pub fn pbkdf2(self, passphrase: &[u8], salt: &[u8], iterations: u32, key: &mut [u8]) {
        let hmac = Hmac::new(self, passphrase);
        let mut octets = Zeroizing::new([0; MAX_LENGTH]);
        let octets = &mut octets[..self.length()];
        let mut previous = Zeroizing::new([0; MAX_LENGTH]);
        let previous = &mut previous[..self.length()];
        for (part, number) in key.chunks_mut(self.length()).zip(1u32..) {
            hmac.of(&[salt, &number.to_be_bytes()], octets);
            part.copy_from_slice(&octets[..part.len()]);
            for _ in 1..iterations {
                previous.copy_from_slice(octets);
                hmac.of(&[previous], octets);
                part.iter_mut().zip(&*octets).for_each(|(sum, octet)| *sum ^= octet);
            }
        }
    }

    /// PKCS#12's derivation (RFC 7292, B.2) from a passphrase as a BMPString.
    pub fn pkcs12(self, purpose: Purpose, passphrase: &[u8], salt: &[u8], iterations: u32, derived: &mut [u8]) {
        // The letters are the RFC's.
        let block = self.block_length();
        // D, step 1.
        let diversifier = vec![purpose as u8; block];
        // I = S || P, steps 2 to 4: each over and over until it ends with a block.
        let salt_length = salt.len().next_multiple_of(block);
        let mut input = Zeroizing::new(vec![0; salt_length + passphrase.len().next_multiple_of(block)]);
        let (salts, passphrases) = input.split_at_mut(salt_length);
        salts.iter_mut().zip(salt.iter().cycle()).for_each(|(octet, other)| *octet = *other);
        passphrases.iter_mut().zip(passphrase.iter().cycle()).for_each(|(octet, other)| *octet = *other);
        let mut hasher = Hasher::new(self);
        let mut hash = Zeroizing::new([0; MAX_LENGTH]);
        let hash = &mut hash[..self.length()];
        // Step 6.
        for part in derived.chunks_mut(self.length()) {
            hasher.update(&diversifier);
            hasher.update(&input);
            hasher.finish(hash);
            for _ in 1..iterations {
                hasher.update(hash);
                hasher.finish(hash);
            }
            part.copy_from_slice(&hash[..part.len()]);
            // Every block of I = (block + B + 1) mod 2^v, step 6 C; B is the hash over and over.
            for block in input.chunks_mut(block) {
                let mut sum = 1;
                for (index, octet) in block.iter_mut().enumerate().rev() {
                    sum += u16::from(*octet) + u16::from(hash[index % hash.len()]);
                    *octet = sum as u8;
                    sum >>= 8;
                }
            }
        }
    }
}

/// OpenSSL's `EVP_BytesToKey` with MD5 and one iteration: how traditional PEM derives its keys.
pub(in crate::context) fn bytes_to_key(passphrase: &[u8], salt: &[u8], key: &mut [u8]) {
    let mut hasher = Hasher::new(Hash::Md5);
    let mut hash = Zeroizing::new([0; MAX_LENGTH]);
    let hash = &mut hash[..Hash::Md5.length()];
    for (index, part) in key.chunks_mut(hash.len()).enumerate() {
        if index > 0 {
            hasher.update(hash);
        }
        hasher.update(passphrase);
        hasher.update(salt);
        hasher.finish(hash);
        part.copy_from_slice(&hash[..part.len()]);
    }
}

/// A hash under way: *ring*'s where it has it. One type for all, so that what is above is compiled once and not for each, which is
/// 50 KB of WebAssembly.
#[derive(Clone)]
enum Hasher {
    Md5(Md5),
    Sha224(Sha224),
    Ring(Context),
}

impl Hasher {
    fn new(hash: Hash) -> Self {
        match hash {
            Hash::Md5 => Self::Md5(Md5::new()),
            Hash::Sha1 => Self::Ring(Context::new(&digest::SHA1_FOR_LEGACY_USE_ONLY)),
            Hash::Sha224 => Self::Sha224(Sha224::new()),
            Hash::Sha256 => Self::Ring(Context::new(&digest::SHA256)),
            Hash::Sha384 => Self::Ring(Context::new(&digest::SHA384)),
            Hash::Sha512 => Self::Ring(Context::new(&digest::SHA512)),
        }
    }

    fn update(&mut self, octets: &[u8]) {
        match self {
            Self::Md5(hasher) => hasher.update(octets),
            Self::Sha224(hasher) => hasher.update(octets),
            Self::Ring(context) => context.update(octets),
        }
    }

    /// Write the hash, whose length it must be, and begin anew.
    fn finish(&mut self, hash: &mut [u8]) {
        match self {
            Self::Md5(hasher) => finish(hasher, hash),
            Self::Sha224(hasher) => finish(hasher, hash),
            Self::Ring(context) => {
                let new = Context::new(context.algorithm());
                hash.copy_from_slice(std::mem::replace(context, new).finish().as_ref());
            }
        }
    }
}

fn finish<D: Digest + FixedOutputReset>(hasher: &mut D, hash: &mut [u8]) {
    let place = <&mut Output<D>>::try_from(hash);
    debug_assert!(place.is_ok(), "the place is not as long as the hash");
    if let Ok(place) = place {
        Digest::finalize_into_reset(hasher, place);
    }
}

/// HMAC (RFC 2104) under one key.
struct Hmac {
    inner: Hasher,
    outer: Hasher,
}

impl Hmac {
    fn new(hash: Hash, key: &[u8]) -> Self {
        let mut inner = Hasher::new(hash);
        let mut block = Zeroizing::new(vec![0; hash.block_length()]);
        match block.get_mut(..key.len()) {
            Some(start) => start.copy_from_slice(key),
            // Longer keys are hashed first.
            None => {
                inner.update(key);
                inner.finish(&mut block[..hash.length()]);
            }
        }
        let mut outer = inner.clone();
        block.iter_mut().for_each(|octet| *octet ^= INNER_PAD);
        inner.update(&block);
        block.iter_mut().for_each(|octet| *octet ^= INNER_PAD ^ OUTER_PAD);
        outer.update(&block);
        Self { inner, outer }
    }

    /// Write the HMAC of a message in parts.
    fn of(&self, message: &[&[u8]], mac: &mut [u8]) {
        let mut inner = self.inner.clone();
        message.iter().for_each(|part| inner.update(part));
        inner.finish(mac);
        let mut outer = self.outer.clone();
        outer.update(mac);
        outer.finish(mac);
    }
}
