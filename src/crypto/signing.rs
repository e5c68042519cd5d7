//! Loading private keys.

use rustls::crypto::{KeyProvider, SigningKey};
use rustls::error::Error;
use rustls_pki_types::PrivateKeyDer;
use rustls_ring::DEFAULT_PROVIDER;
use zeroize::Zeroizing;

use super::ed25519::Ed25519Key;

/// Loads keys of every kind that signs here.
#[derive(Debug)]
pub(super) struct Keys;

impl KeyProvider for Keys {
    fn load_private_key(&self, der: PrivateKeyDer<'static>) -> Result<Box<dyn SigningKey>, Error> {
        let der = Zeroizing::new(der);
        if let PrivateKeyDer::Pkcs8(pkcs8) = &*der
            && let Ok(key) = Ed25519Key::from_pkcs8(pkcs8.secret_pkcs8_der())
        {
            return Ok(Box::new(key));
        }
        DEFAULT_PROVIDER.key_provider.load_private_key(der.clone_key())
    }
}
