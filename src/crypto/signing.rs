//! Loading private keys.

use rustls::crypto::{KeyProvider, SigningKey};
use rustls::error::Error;
use rustls_pki_types::PrivateKeyDer;
use zeroize::Zeroizing;

use super::ecdsa;
use super::ed25519::Ed25519Key;
use super::rsa::RsaKey;

/// Loads keys of every kind that signs here.
#[derive(Debug)]
pub(super) struct Keys;

impl KeyProvider for Keys {
    fn load_private_key(&self, der: PrivateKeyDer<'static>) -> Result<Box<dyn SigningKey>, Error> {
        let der = Zeroizing::new(der);
        if let Some(key) = RsaKey::from_der(&der) {
            return Ok(Box::new(key));
        }
        if let Some(key) = Ed25519Key::from_der(&der) {
            return Ok(Box::new(key));
        }
        ecdsa::signing_key(&der).ok_or_else(|| Error::General("not a private key of RSA, ECDSA or Ed25519".into()))
    }
}
