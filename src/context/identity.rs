//! The certificates and keys that a client authenticates with.

use std::hash::Hasher;
use std::sync::Arc;

use rustls::client::{ClientCredentialResolver, CredentialRequest};
use rustls::crypto::{Credentials, CryptoProvider, Identity, SelectedCredential};
use rustls::enums::CertificateType;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

pub use rustls_pki_types::PrivateKeyDer as PrivateKey;

use crate::certificate::Certificate;

/// Why a certificate and a key are no identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentityError {
    /// There is no certificate, or it can not be read.
    BadCertificate,
    /// The key can not be read, or is of a kind that is not supported.
    BadKey,
    /// The key is not that of the certificate.
    KeyMismatch,
}

/// Identities, of which the first that fits the server's request is presented.
#[derive(Debug, Clone, Default)]
pub(super) struct ClientIdentity {
    credentials: Vec<Arc<Credentials>>,
}

impl ClientIdentity {
    pub(super) fn add(
        &mut self,
        chain: &[Vec<u8>],
        key: PrivateKeyDer<'static>,
        provider: &CryptoProvider,
    ) -> Result<(), IdentityError> {
        let leaf = chain.first().ok_or(IdentityError::BadCertificate)?;
        let leaf = Certificate::parse(leaf).map_err(|_| IdentityError::BadCertificate)?;
        let key = provider.key_provider.load_private_key(key).map_err(|_| IdentityError::BadKey)?;
        let public = key.public_key().ok_or(IdentityError::BadKey)?;
        // The public key of the certificate, tag and length stripped, must end the key's own.
        if !public.as_ref().ends_with(leaf.public_key.contents) {
            return Err(IdentityError::KeyMismatch);
        }
        let chain = chain.iter().cloned().map(CertificateDer::from).collect();
        let identity = Identity::from_cert_chain(chain).map_err(|_| IdentityError::BadCertificate)?;
        // Unchecked by rustls, whose check goes through webpki's parser: the check is the one above.
        self.credentials.push(Arc::new(Credentials::new_unchecked(Arc::new(identity), key)));
        Ok(())
    }
}

impl ClientCredentialResolver for ClientIdentity {
    fn resolve(&self, request: &CredentialRequest<'_>) -> Option<SelectedCredential> {
        self.credentials.iter().find_map(|credentials| credentials.signer(request.signature_schemes()))
    }

    fn supported_certificate_types(&self) -> &'static [CertificateType] {
        match self.credentials.is_empty() {
            true => &[],
            false => &[CertificateType::X509],
        }
    }

    fn hash_config(&self, hasher: &mut dyn Hasher) {
        for credentials in &self.credentials {
            if let Identity::X509(identity) = &*credentials.identity {
                hasher.write(identity.end_entity.as_ref());
            }
        }
    }
}
