//! Hashes for what stands on them within: one type for all, so that it is compiled once and not for each.

use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::secret::Secret;

/// A hash (FIPS 180-4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sha2 {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Sha2 {
    /// Octets of a digest.
    pub fn length(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// Octets of the blocks that it works on.
    fn block_length(self) -> usize {
        match self {
            Self::Sha256 => 64,
            Self::Sha384 | Self::Sha512 => 128,
        }
    }

    /// The digest of parts behind each other.
    #[inline(never)]
    pub(crate) fn digest(self, parts: &[&[u8]]) -> Secret<u8> {
        fn of<D: Digest>(parts: &[&[u8]]) -> Secret<u8> {
            let mut hash = D::new();
            for part in parts {
                hash.update(part);
            }
            Secret::new(hash.finalize().to_vec())
        }
        match self {
            Self::Sha256 => of::<Sha256>(parts),
            Self::Sha384 => of::<Sha384>(parts),
            Self::Sha512 => of::<Sha512>(parts),
        }
    }

    /// HMAC (RFC 2104) by a key that is no longer than a block.
    #[inline(never)]
    pub(crate) fn hmac(self, key: &[u8], parts: &[&[u8]]) -> Secret<u8> {
        let mut block = Secret::new(vec![0x36; self.block_length()]);
        block.iter_mut().zip(key).for_each(|(padding, key)| *padding ^= key);
        let inner = self.digest(&[&[&block[..]], parts].concat());
        block.iter_mut().for_each(|padding| *padding ^= 0x36 ^ 0x5c);
        self.digest(&[&block, &inner])
    }
}
