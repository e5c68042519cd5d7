//! Hashes, and what is derived with them from a passphrase.

use cbc::cipher::BlockSizeUser;
use hmac::digest::{Digest, OutputSizeUser};
use hmac::{EagerHash, Hmac, KeyInit, Mac};
use md5::Md5;
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

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

/// Call a function that is generic over the hash.
macro_rules! with_hash {
    ($hash:expr, $function:ident($($argument:expr),*)) => {
        match $hash {
            Hash::Md5 => $function::<Md5>($($argument),*),
            Hash::Sha1 => $function::<Sha1>($($argument),*),
            Hash::Sha224 => $function::<Sha224>($($argument),*),
            Hash::Sha256 => $function::<Sha256>($($argument),*),
            Hash::Sha384 => $function::<Sha384>($($argument),*),
            Hash::Sha512 => $function::<Sha512>($($argument),*),
        }
    };
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
        with_hash!(self, output_length())
    }

    /// Whether a message has this HMAC (RFC 2104).
    pub fn verifies(self, key: &[u8], message: &[u8], mac: &[u8]) -> bool {
        with_hash!(self, verifies(key, message, mac))
    }

    /// PBKDF2 (RFC 8018, 5.2).
    pub fn pbkdf2(self, passphrase: &[u8], salt: &[u8], iterations: u32, key: &mut [u8]) {
        with_hash!(self, pbkdf2_into(passphrase, salt, iterations, key));
    }

    /// PKCS#12's derivation (RFC 7292, B.2) from a passphrase as a BMPString.
    pub fn pkcs12(self, purpose: Purpose, passphrase: &[u8], salt: &[u8], iterations: u32, derived: &mut [u8]) {
        with_hash!(self, pkcs12_into(purpose, passphrase, salt, iterations, derived));
    }
}

/// OpenSSL's `EVP_BytesToKey` with MD5 and one iteration: how traditional PEM derives its keys.
pub(in crate::context) fn bytes_to_key(passphrase: &[u8], salt: &[u8], key: &mut [u8]) {
    let mut previous: &[u8] = &[];
    let mut hash;
    for part in key.chunks_mut(output_length::<Md5>()) {
        hash = Md5::new().chain_update(previous).chain_update(passphrase).chain_update(salt).finalize();
        part.copy_from_slice(&hash[..part.len()]);
        previous = &hash;
    }
}

fn output_length<D: OutputSizeUser>() -> usize {
    D::output_size()
}

fn verifies<D: EagerHash>(key: &[u8], message: &[u8], mac: &[u8]) -> bool {
    Hmac::<D>::new_from_slice(key).is_ok_and(|hmac| hmac.chain_update(message).verify_slice(mac).is_ok())
}

fn pbkdf2_into<D: EagerHash>(passphrase: &[u8], salt: &[u8], iterations: u32, key: &mut [u8]) {
    pbkdf2::pbkdf2_hmac::<D>(passphrase, salt, iterations, key);
}

fn pkcs12_into<D: Digest + BlockSizeUser>(
    purpose: Purpose,
    passphrase: &[u8],
    salt: &[u8],
    iterations: u32,
    derived: &mut [u8],
) {
    let block = D::block_size();
    let whole = |bytes: &[u8]| bytes.len().div_ceil(block) * block;
    // The letters are the RFC's. D, step 1.
    let diversifier = vec![purpose as u8; block];
    // I = S || P, steps 2 to 4.
    let salts = salt.iter().cycle().take(whole(salt));
    let passphrases = passphrase.iter().cycle().take(whole(passphrase));
    let mut input = Zeroizing::new(salts.chain(passphrases).copied().collect::<Vec<u8>>());
    // Step 6.
    for part in derived.chunks_mut(<D as Digest>::output_size()) {
        let mut hash = D::new().chain_update(&diversifier).chain_update(&*input).finalize();
        for _ in 1..iterations {
            hash = D::digest(&hash);
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
