//! The ciphers that passphrases' keys are for, in cipher block chaining mode.

use aes::{Aes128, Aes192, Aes256};
use cbc::Decryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockCipherDecrypt, BlockModeDecrypt, KeyIvInit};
use des::{Des, TdesEde3};
use zeroize::Zeroizing;

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
            _ => 16,
        }
    }

    /// Decrypt, and take the padding off. Nothing comes of a wrong length, or of a padding that is none.
    pub fn decrypt(self, key: &[u8], initialisation_vector: &[u8], ciphertext: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let mut bytes = Zeroizing::new(ciphertext.to_vec());
        let length = match self {
            Self::Aes128 => decrypt::<Aes128>(key, initialisation_vector, &mut bytes),
            Self::Aes192 => decrypt::<Aes192>(key, initialisation_vector, &mut bytes),
            Self::Aes256 => decrypt::<Aes256>(key, initialisation_vector, &mut bytes),
            Self::TripleDes => decrypt::<TdesEde3>(key, initialisation_vector, &mut bytes),
            Self::Des => decrypt::<Des>(key, initialisation_vector, &mut bytes),
        }?;
        bytes.truncate(length);
        Some(bytes)
    }
}

fn decrypt<C>(key: &[u8], initialisation_vector: &[u8], bytes: &mut [u8]) -> Option<usize>
where
    C: BlockCipherDecrypt,
    Decryptor<C>: KeyIvInit + BlockModeDecrypt,
{
    let cipher = Decryptor::<C>::new_from_slices(key, initialisation_vector).ok()?;
    cipher.decrypt_padded::<Pkcs7>(bytes).ok().map(<[u8]>::len)
}
