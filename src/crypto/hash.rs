//! Hashes: MD5 (RFC 1321), SHA-1 and SHA-2 (FIPS 180-4).

use md5::Md5;
use rustls::crypto::HashAlgorithm;
use rustls::crypto::hash;
use sha1::Sha1;
use sha2::digest::{Digest as _, FixedOutputReset, Output};
use sha2::{Sha224, Sha256, Sha384, Sha512};

/// The length of the longest hash, in bytes.
pub(crate) const MAX_LENGTH: usize = 64;

/// The hashes of handshakes, of certificates' fingerprints, of passphrases, and of what is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digest {
    /// For keys under a passphrase: an old custom, not a security mechanism.
    Md5,
    /// For `fingerprint`: an old custom, not a security mechanism.
    Sha1,
    /// For certificates that are signed with it.
    Sha224,
    /// For `fingerprint256`.
    Sha256,
    /// For certificates that are signed with it.
    Sha384,
    /// For `fingerprint512`.
    Sha512,
}

impl Digest {
    /// The hash of these contents of an OBJECT IDENTIFIER; MD5 has none here.
    pub fn named(id: &[u8]) -> Option<Self> {
        Some(match id {
            [0x2b, 0x0e, 3, 2, 0x1a] => Self::Sha1,
            // 2.16.840.1.101.3.4.2
            [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, number] => match number {
                1 => Self::Sha256,
                2 => Self::Sha384,
                3 => Self::Sha512,
                4 => Self::Sha224,
                _ => return None,
            },
            _ => return None,
        })
    }

    /// The length of the hash, in bytes.
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

    /// The length of the blocks that it works on, in bytes.
    pub(crate) fn block_length(self) -> usize {
        match self {
            Self::Sha384 | Self::Sha512 => 128,
            _ => 64,
        }
    }
}

/// Hash bytes.
pub fn digest(digest: Digest, bytes: &[u8]) -> Vec<u8> {
    let mut hash = vec![0; digest.length()];
    let mut hasher = Hasher::new(digest);
    hasher.update(bytes);
    hasher.finish(&mut hash);
    hash
}

/// A hash under way. One type for all, so that what stands on it is compiled once and not for each, which would be tens of kilobytes
/// of WebAssembly.
#[derive(Clone)]
pub(crate) enum Hasher {
    Md5(Md5),
    Sha1(Sha1),
    Sha224(Sha224),
    Sha256(Sha256),
    Sha384(Sha384),
    Sha512(Sha512),
}

impl Hasher {
    pub(crate) fn new(digest: Digest) -> Self {
        match digest {
            Digest::Md5 => Self::Md5(Md5::new()),
            Digest::Sha1 => Self::Sha1(Sha1::new()),
            Digest::Sha224 => Self::Sha224(Sha224::new()),
            Digest::Sha256 => Self::Sha256(Sha256::new()),
            Digest::Sha384 => Self::Sha384(Sha384::new()),
            Digest::Sha512 => Self::Sha512(Sha512::new()),
        }
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Md5(hasher) => hasher.update(bytes),
            Self::Sha1(hasher) => hasher.update(bytes),
            Self::Sha224(hasher) => hasher.update(bytes),
            Self::Sha256(hasher) => hasher.update(bytes),
            Self::Sha384(hasher) => hasher.update(bytes),
            Self::Sha512(hasher) => hasher.update(bytes),
        }
    }

    /// Write the hash, whose length the place must have, and begin anew.
    pub(crate) fn finish(&mut self, hash: &mut [u8]) {
        match self {
            Self::Md5(hasher) => finish(hasher, hash),
            Self::Sha1(hasher) => finish(hasher, hash),
            Self::Sha224(hasher) => finish(hasher, hash),
            Self::Sha256(hasher) => finish(hasher, hash),
            Self::Sha384(hasher) => finish(hasher, hash),
            Self::Sha512(hasher) => finish(hasher, hash),
        }
    }

    fn digest(&self) -> Digest {
        match self {
            Self::Md5(_) => Digest::Md5,
            Self::Sha1(_) => Digest::Sha1,
            Self::Sha224(_) => Digest::Sha224,
            Self::Sha256(_) => Digest::Sha256,
            Self::Sha384(_) => Digest::Sha384,
            Self::Sha512(_) => Digest::Sha512,
        }
    }

    fn output(&mut self) -> hash::Output {
        let mut place = [0; MAX_LENGTH];
        let hash = &mut place[..self.digest().length()];
        self.finish(hash);
        hash::Output::new(hash)
    }
}

fn finish<D: FixedOutputReset>(hasher: &mut D, hash: &mut [u8]) {
    let place = <&mut Output<D>>::try_from(hash);
    debug_assert!(place.is_ok(), "the place is not as long as the hash");
    if let Ok(place) = place {
        hasher.finalize_into_reset(place);
    }
}

impl hash::Hash for Digest {
    fn start(&self) -> Box<dyn hash::Context> {
        Box::new(Hasher::new(*self))
    }

    fn hash(&self, data: &[u8]) -> hash::Output {
        let mut hasher = Hasher::new(*self);
        hasher.update(data);
        hasher.output()
    }

    fn output_len(&self) -> usize {
        self.length()
    }

    fn algorithm(&self) -> HashAlgorithm {
        match self {
            Self::Md5 => HashAlgorithm::MD5,
            Self::Sha1 => HashAlgorithm::SHA1,
            Self::Sha224 => HashAlgorithm::SHA224,
            Self::Sha256 => HashAlgorithm::SHA256,
            Self::Sha384 => HashAlgorithm::SHA384,
            Self::Sha512 => HashAlgorithm::SHA512,
        }
    }
}

impl hash::Context for Hasher {
    fn fork_finish(&self) -> hash::Output {
        self.clone().output()
    }

    fn fork(&self) -> Box<dyn hash::Context> {
        Box::new(self.clone())
    }

    fn finish(mut self: Box<Self>) -> hash::Output {
        self.output()
    }

    fn update(&mut self, data: &[u8]) {
        Self::update(self, data);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Digest; 6] =
        [Digest::Md5, Digest::Sha1, Digest::Sha224, Digest::Sha256, Digest::Sha384, Digest::Sha512];

    /// "abc": RFC 1321, A.5, and the examples that go with FIPS 180-4.
    #[test]
    fn hashes_are_those_of_the_standards() {
        let hashes = [
            "900150983cd24fb0d6963f7d28e17f72",
            "a9993e364706816aba3e25717850c26c9cd0d89d",
            "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
             2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        ];
        for (kind, expected) in ALL.into_iter().zip(hashes) {
            let hash = digest(kind, b"abc");
            let text: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!((text.as_str(), hash.len()), (expected, kind.length()));
        }
    }

    #[test]
    fn a_context_goes_on_after_it_was_asked() {
        for kind in ALL {
            let mut context = hash::Hash::start(&kind);
            context.update(b"a");
            let fork = context.fork();
            context.update(b"bc");
            assert_eq!(context.fork_finish().as_ref(), digest(kind, b"abc"));
            context.update(&[7; 300]);
            assert_eq!(context.finish().as_ref(), digest(kind, &[b"abc", &[7; 300][..]].concat()));
            assert_eq!(fork.finish().as_ref(), hash::Hash::hash(&kind, b"a").as_ref());
        }
    }
}
