//! The ciphers that passphrases' keys are for, in cipher block chaining mode.

use des::cipher::{Block, BlockCipherDecrypt, KeyInit};
use des::{Des, TdesEde3};
use zeroize::Zeroizing;

use super::aes::{self, Aes};

/// Decrypts one block in its place.
type DecryptBlock = Box<dyn Fn(&mut [u8])>;

/// A cipher.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::context) enum Cipher {
    Aes128,
    Aes192,
    Aes256,
    /// Triple DES with three keys.
    TripleDes,
    Des,
}

impl Cipher {
    /// By the contents of its OBJECT IDENTIFIER.
    pub fn from_identifier(identifier: &[u8]) -> Option<Self> {
        match identifier {
            // 2.16.840.1.101.3.4.1
            [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, number] => match number {
                2 => Some(Self::Aes128),
                22 => Some(Self::Aes192),
                42 => Some(Self::Aes256),
                _ => None,
            },
            // 1.2.840.113549.3.7
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 3, 7] => Some(Self::TripleDes),
            _ => None,
        }
    }

    /// By OpenSSL's name for it.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "AES-128-CBC" => Some(Self::Aes128),
            "AES-192-CBC" => Some(Self::Aes192),
            "AES-256-CBC" => Some(Self::Aes256),
            "DES-EDE3-CBC" => Some(Self::TripleDes),
            "DES-CBC" => Some(Self::Des),
            _ => None,
        }
    }

    /// The length of a key.
    pub fn key_length(self) -> usize {
        match self {
            Self::Aes128 => 16,
            Self::Aes192 | Self::TripleDes => 24,
            Self::Aes256 => 32,
            Self::Des => 8,
        }
    }

    /// The length of a block, and of an initialisation vector.
    pub fn block_length(self) -> usize {
        match self {
            Self::TripleDes | Self::Des => 8,
            _ => aes::BLOCK_LENGTH,
        }
    }

    /// Decrypt, and take the padding off. Nothing comes of a wrong length, or of a padding that is none.
    pub fn decrypt(self, key: &[u8], initialisation_vector: &[u8], ciphertext: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        if key.len() != self.key_length() || initialisation_vector.len() != self.block_length() {
            return None;
        }
        let decrypt: DecryptBlock = match self {
            Self::Aes128 | Self::Aes192 | Self::Aes256 => {
                let aes = Aes::new(key);
                Box::new(move |block| aes.decrypt(block))
            }
            Self::TripleDes => decryptor::<TdesEde3>(key)?,
            Self::Des => decryptor::<Des>(key)?,
        };
        let mut bytes = Zeroizing::new(ciphertext.to_vec());
        let mut blocks = bytes.chunks_exact_mut(self.block_length());
        let mut previous = initialisation_vector;
        for (block, encrypted) in blocks.by_ref().zip(ciphertext.chunks(self.block_length())) {
            decrypt(block);
            block.iter_mut().zip(previous).for_each(|(octet, other)| *octet ^= other);
            previous = encrypted;
        }
        if !blocks.into_remainder().is_empty() {
            return None;
        }
        // RFC 8018, 6.1.1: as many octets as say how many they are.
        let padding = *bytes.last()?;
        let length = bytes.len().checked_sub(usize::from(padding))?;
        if !(1..=self.block_length()).contains(&usize::from(padding))
            || bytes[length..].iter().any(|octet| *octet != padding)
        {
            return None;
        }
        bytes.truncate(length);
        Some(bytes)
    }
}

fn decryptor<C: BlockCipherDecrypt + KeyInit + 'static>(key: &[u8]) -> Option<DecryptBlock> {
    let cipher = C::new_from_slice(key).ok()?;
    Some(Box::new(move |octets| {
        if let Ok(block) = <&mut Block<C>>::try_from(octets) {
            cipher.decrypt_block(block);
        }
    }))
}
