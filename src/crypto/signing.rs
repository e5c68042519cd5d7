//! Loading private keys.

use rustls::crypto::{KeyProvider, SigningKey};
use rustls::error::Error;
use rustls_pki_types::PrivateKeyDer;
use rustls_ring::DEFAULT_PROVIDER;
use zeroize::Zeroizing;

use super::rsa::RsaKey;

/// Loads keys of every kind that signs here.
#[derive(Debug)]
pub(super) struct Keys;

impl KeyProvider for Keys {
    fn load_private_key(&self, der: PrivateKeyDer<'static>) -> Result<Box<dyn SigningKey>, Error> {
        let der = Zeroizing::new(der);
        match RsaKey::from_der(&der) {
            Some(key) => Ok(Box::new(key)),
            None => DEFAULT_PROVIDER.key_provider.load_private_key(der.clone_key()),
        }
    }
}
