//! Hashes, and what is derived with them from a passphrase.

use zeroize::Zeroizing;

use crate::crypto::{Digest, Hasher, Hmac, MAX_HASH_LENGTH};

/// What PKCS#12 derives from one passphrase (RFC 7292, B.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::context) enum Purpose {
    Key = 1,
    InitialisationVector = 2,
    MacKey = 3,
}

impl Digest {
    /// By the contents of the hash's OBJECT IDENTIFIER: MD5, too, of old PKCS#12 files.
    pub(in crate::context) fn from_identifier(identifier: &[u8]) -> Option<Self> {
        match identifier {
            // 1.2.840.113549.2.5
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 5] => Some(Self::Md5),
            _ => Self::named(identifier),
        }
    }

    /// By the contents of the OBJECT IDENTIFIER of HMAC with it (RFC 8018, B.1.2).
    pub(in crate::context) fn from_hmac_identifier(identifier: &[u8]) -> Option<Self> {
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

    /// Whether a message has this HMAC (RFC 2104).
    pub(in crate::context) fn verifies(self, key: &[u8], message: &[u8], mac: &[u8]) -> bool {
        let mut expected = [0; MAX_HASH_LENGTH];
        let expected = &mut expected[..self.length()];
        Hmac::new(self, key).of([message], expected);
        // All octets are compared, so that the time tells nothing.
        mac.len() == expected.len() && expected.iter().zip(mac).fold(0, |seen, (a, b)| seen | (a ^ b)) == 0
    }

    /// PBKDF2 (RFC 8018, 5.2).
    pub(in crate::context) fn pbkdf2(self, passphrase: &[u8], salt: &[u8], iterations: u32, key: &mut [u8]) {
        let hmac = Hmac::new(self, passphrase);
        let mut octets = Zeroizing::new([0; MAX_HASH_LENGTH]);
        let octets = &mut octets[..self.length()];
        let mut previous = Zeroizing::new([0; MAX_HASH_LENGTH]);
        let previous = &mut previous[..self.length()];
        for (part, number) in key.chunks_mut(self.length()).zip(1u32..) {
            hmac.of([salt, &number.to_be_bytes()], octets);
            part.copy_from_slice(&octets[..part.len()]);
            for _ in 1..iterations {
                previous.copy_from_slice(octets);
                hmac.of([&*previous], octets);
                part.iter_mut().zip(&*octets).for_each(|(sum, octet)| *sum ^= octet);
            }
        }
    }

    /// PKCS#12's derivation (RFC 7292, B.2) from a passphrase as a BMPString.
    pub(in crate::context) fn pkcs12(
        self,
        purpose: Purpose,
        passphrase: &[u8],
        salt: &[u8],
        iterations: u32,
        derived: &mut [u8],
    ) {
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
        let mut hash = Zeroizing::new([0; MAX_HASH_LENGTH]);
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
    let mut hasher = Hasher::new(Digest::Md5);
    let mut hash = Zeroizing::new([0; MAX_HASH_LENGTH]);
    let hash = &mut hash[..Digest::Md5.length()];
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
