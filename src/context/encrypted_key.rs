//! Private keys under a passphrase: encrypted PKCS#8 (RFC 5958, 3), and OpenSSL's traditional PEM (RFC 1421, 4.6).

use rustls_pki_types::PrivateKeyDer;
use zeroize::Zeroizing;

use super::password::{self, Cipher, DecryptError, Passphrase, Work};
use super::private_key;
use crate::certificate::{Element, Tag};

/// How many octets of the initialisation vector are also the salt of the key (PKCS5_SALT_LEN of OpenSSL).
const TRADITIONAL_SALT_LENGTH: usize = 8;

/// Open an `EncryptedPrivateKeyInfo`.
pub(super) fn open_pkcs8(
    der: &[u8],
    passphrase: &Passphrase<'_>,
    work: &mut Work,
) -> Result<PrivateKeyDer<'static>, DecryptError> {
    let [algorithm, ciphertext] = Element::first(der)?.children(Tag::SEQUENCE)?[..] else {
        return Err(DecryptError::Malformed);
    };
    let plaintext = password::decrypt(&algorithm, ciphertext.contents(Tag::OCTET_STRING)?, passphrase, work)?;
    // One wrong passphrase in 256 leaves a padding that looks right: what comes of it is no key.
    private_key::read_pkcs8(&plaintext).map_err(|_| DecryptError::BadDecrypt)
}

/// Decrypt the body of a PEM section that has the header `DEK-Info`, whose value is the name of a cipher and an initialisation vector.
pub(super) fn decrypt_traditional(
    encryption: &str,
    ciphertext: &[u8],
    passphrase: &[u8],
) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
    let (name, hexadecimal) = encryption.split_once(',').ok_or(DecryptError::Malformed)?;
    let cipher = Cipher::from_name(name.trim()).ok_or(DecryptError::Unsupported("cipher"))?;
    let initialisation_vector = from_hexadecimal(hexadecimal.trim())
        .filter(|octets| octets.len() == cipher.block_length())
        .ok_or(DecryptError::Malformed)?;
    let mut key = Zeroizing::new(vec![0; cipher.key_length()]);
    password::bytes_to_key(passphrase, &initialisation_vector[..TRADITIONAL_SALT_LENGTH], &mut key);
    cipher.decrypt(&key, &initialisation_vector, ciphertext).ok_or(DecryptError::BadDecrypt)
}

fn from_hexadecimal(text: &str) -> Option<Vec<u8>> {
    let digits = text.chars().map(|digit| digit.to_digit(16)).collect::<Option<Vec<_>>>()?;
    Some(digits.chunks_exact(2).map(|pair| (pair[0] * 16 + pair[1]) as u8).collect())
}
