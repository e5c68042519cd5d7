//! What is signed in place of a digest: EMSA-PKCS1-v1_5 and EMSA-PSS (RFC 8017, 9.2 and 9.1).

use crate::hash::Sha2;

/// The hash that a digest was made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    /// Of old certificates. There is no RSASSA-PSS with it here.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Hash {
    /// Octets of a digest.
    pub fn length(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// What stands before the digest in a DigestInfo (RFC 8017, 9.2, note 1).
    fn information(self) -> &'static [u8] {
        match self {
            Self::Sha1 => &[0x30, 33, 0x30, 9, 0x06, 5, 0x2b, 0x0e, 3, 2, 0x1a, 0x05, 0, 0x04, 20],
            Self::Sha256 => &[0x30, 49, 0x30, 13, 0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 0x05, 0, 0x04, 32],
            Self::Sha384 => &[0x30, 65, 0x30, 13, 0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2, 0x05, 0, 0x04, 48],
            Self::Sha512 => &[0x30, 81, 0x30, 13, 0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3, 0x05, 0, 0x04, 64],
        }
    }

    /// That of RSASSA-PSS, if it may be.
    fn of_pss(self) -> Option<Sha2> {
        match self {
            Self::Sha1 => None,
            Self::Sha256 => Some(Sha2::Sha256),
            Self::Sha384 => Some(Sha2::Sha384),
            Self::Sha512 => Some(Sha2::Sha512),
        }
    }
}

/// A digest for RSASSA-PKCS1-v1_5, as long as the modulus; none if that is too short.
pub(super) fn encode_pkcs1(hash: Hash, digest: &[u8], octets: usize) -> Option<Vec<u8>> {
    if digest.len() != hash.length() {
        return None;
    }
    let information = hash.information();
    // At least eight octets of padding, and three around them.
    let padding = octets.checked_sub(information.len() + digest.len() + 3).filter(|padding| *padding >= 8)?;
    Some([&[0, 1], &vec![0xff; padding][..], &[0], information, digest].concat())
}

/// A digest for RSASSA-PSS with a salt as long as itself, in as many octets as the modulus has; none if those are too few.
pub(super) fn encode_pss(hash: Hash, digest: &[u8], salt: &[u8], modulus_bits: usize) -> Option<Vec<u8>> {
    let hash = hash.of_pss()?;
    let shape = Shape::new(hash, digest, modulus_bits)?;
    let sealed = hash.digest(&[&[0; 8], digest, salt]);
    let mut block = vec![0; shape.block - salt.len() - 1];
    block.push(1);
    block.extend_from_slice(salt);
    shape.mask(hash, &sealed, &mut block)?;
    Some([&vec![0; shape.zeros][..], &block, &sealed, &[0xbc]].concat())
}

/// Whether an encoded message is of a digest and a salt as long as itself. In variable time: signatures are public.
pub(super) fn is_pss(hash: Hash, digest: &[u8], encoded: &[u8], modulus_bits: usize) -> bool {
    let open = || {
        let hash = hash.of_pss()?;
        let shape = Shape::new(hash, digest, modulus_bits)?;
        let (zeros, encoded) = encoded.split_at_checked(shape.zeros)?;
        let (block, rest) = encoded.split_at_checked(shape.block)?;
        let (sealed, end) = rest.split_at_checked(hash.length())?;
        if zeros.iter().any(|octet| *octet != 0) || end != [0xbc] || block.first()? & !shape.first_octet != 0 {
            return None;
        }
        let mut block = block.to_vec();
        shape.mask(hash, sealed, &mut block)?;
        let (padding, salt) = block.split_at_checked(shape.block - hash.length())?;
        let (one, padding) = padding.split_last()?;
        let is_padding = *one == 1 && padding.iter().all(|octet| *octet == 0);
        Some(is_padding && hash.digest(&[&[0; 8], digest, salt])[..] == *sealed)
    };
    open().unwrap_or(false)
}

/// Where the parts of EMSA-PSS lie.
struct Shape {
    /// Octets of the modulus in front of the encoded message: one, if the message's bits, one fewer than the modulus', end with an octet.
    zeros: usize,
    /// Octets of the block with the salt.
    block: usize,
    /// The bits of the first octet that are the message's.
    first_octet: u8,
}

impl Shape {
    fn new(hash: Sha2, digest: &[u8], modulus_bits: usize) -> Option<Self> {
        let bits = modulus_bits.checked_sub(1)?;
        let octets = bits.div_ceil(8);
        let block = octets.checked_sub(hash.length() + 1)?;
        let is_room = digest.len() == hash.length() && block > hash.length();
        is_room.then_some(Self {
            zeros: modulus_bits.div_ceil(8) - octets,
            block,
            first_octet: 0xff >> (8 * octets - bits),
        })
    }

    /// Put MGF1's mask of a seed (RFC 8017, B.2.1) on the block, or take it off.
    fn mask(&self, hash: Sha2, seed: &[u8], block: &mut [u8]) -> Option<()> {
        for (counter, part) in (0u32..).zip(block.chunks_mut(hash.length())) {
            let mask = hash.digest(&[seed, &counter.to_be_bytes()]);
            for (octet, mask) in part.iter_mut().zip(mask.iter()) {
                *octet ^= mask;
            }
        }
        *block.first_mut()? &= self.first_octet;
        Some(())
    }
}
