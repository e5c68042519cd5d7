//! What is within, for comparisons of very many cases: not for use.

use super::private::PrivateKey;

/// As [`PrivateKey::from_pkcs1_der`], of 1024 bits and more: signatures that take a seventh of the time by the same arithmetic.
pub fn private_key_of_any_length(der: &[u8]) -> Option<PrivateKey> {
    PrivateKey::from_pkcs1_der_of(der, 0)
}
