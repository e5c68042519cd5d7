//! The certificates and keys that one authenticates with.

use std::hash::Hasher;
use std::sync::{Arc, OnceLock};

use rustls::client::{ClientCredentialResolver, CredentialRequest};
use rustls::crypto::{
    CertificateIdentity, Credentials, Identity, KeyProvider, SelectedCredential, SignatureScheme, Signer, SigningKey,
};
use rustls::enums::CertificateType;
use rustls::error::Error;
use rustls::server::{ClientHello, ServerCredentialResolver};
use rustls_pki_types::{CertificateDer, SubjectPublicKeyInfoDer};

pub use rustls_pki_types::PrivateKeyDer as PrivateKey;

use super::der_fault::DerFault;
use crate::certificate::{Certificate, PublicKey};

/// Why a certificate or a key is no part of an identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentityError {
    /// A certificate can not be read.
    BadCertificate(DerFault),
    /// The key can not be read, or is of a kind that is not supported.
    BadKey,
    /// A certificate of the key's kind is there, but the key is not its own.
    KeyMismatch,
}

/// Certificates and keys as they are given, in any order; what belongs together is found by the public key.
#[derive(Debug, Default)]
pub(super) struct Identities {
    /// DER, leaf first.
    chains: Vec<Vec<Vec<u8>>>,
    keys: Vec<Arc<dyn SigningKey>>,
}

impl Identities {
    pub(super) fn add_chain(&mut self, chain: Vec<Vec<u8>>) -> Result<(), IdentityError> {
        if chain.is_empty() {
            return Err(IdentityError::BadCertificate(DerFault::FieldMissing));
        }
        let unreadable = chain.iter().find(|der| Certificate::parse(der).is_err());
        if let Some(der) = unreadable {
            return Err(IdentityError::BadCertificate(DerFault::of(der)));
        }
        self.chains.push(chain);
        Ok(())
    }

    /// A key whose certificate is missing is no error: as for OpenSSL, it is of no use then.
    pub(super) fn add_key(
        &mut self,
        key: PrivateKey<'static>,
        provider: &dyn KeyProvider,
    ) -> Result<(), IdentityError> {
        let key = provider.load_private_key(key).map_err(|_| IdentityError::BadKey)?;
        let public = key.public_key().ok_or(IdentityError::BadKey)?;
        let public = PublicKey::from_der(public.as_ref()).map_err(|_| IdentityError::BadKey)?;
        if self.leaves().any(|leaf| leaf.public_key.is_of_kind(&public))
            && !self.leaves().any(|leaf| leaf.public_key.is_same_as(&public))
        {
            return Err(IdentityError::KeyMismatch);
        }
        self.keys.push(Arc::from(key));
        Ok(())
    }

    fn leaves(&self) -> impl Iterator<Item = Certificate<'_>> {
        self.chains.iter().filter_map(|chain| Certificate::parse(chain.first()?).ok())
    }

    /// The chains that were given, DER, leaf first.
    pub(super) fn chains(&self) -> &[Vec<Vec<u8>>] {
        &self.chains
    }

    /// The identities whose certificate and key are both there. `complete` gives the chain to send for one that was given.
    pub(super) fn credentials(&self, complete: impl Fn(&[Vec<u8>]) -> Vec<Vec<u8>>) -> CredentialList {
        let mut credentials = Vec::new();
        for chain in &self.chains {
            let Some(leaf) = chain.first().and_then(|der| Certificate::parse(der).ok()) else {
                continue;
            };
            let fits = |key: &&Arc<dyn SigningKey>| {
                let public = key.public_key();
                let public = public.as_ref().and_then(|der| PublicKey::from_der(der.as_ref()).ok());
                public.is_some_and(|public| leaf.public_key.is_same_as(&public))
            };
            let Some(key) = self.keys.iter().find(fits) else {
                continue;
            };
            let certificates = complete(chain).into_iter().map(CertificateDer::from).collect();
            if let Ok(identity) = Identity::from_cert_chain(certificates) {
                // Unchecked by rustls, whose check goes through webpki's parser: the check is the one above.
                let key = Box::new(SharedKey(key.clone()));
                credentials.push(Arc::new(Credentials::new_unchecked(Arc::new(identity), key)));
            }
        }
        CredentialList(credentials)
    }
}

/// A key of several credentials.
#[derive(Debug)]
struct SharedKey(Arc<dyn SigningKey>);

impl SigningKey for SharedKey {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        self.0.choose_scheme(offered)
    }

    fn public_key(&self) -> Option<SubjectPublicKeyInfoDer<'_>> {
        self.0.public_key()
    }
}

/// A key that signs nothing.
#[derive(Debug)]
struct StandIn;

impl SigningKey for StandIn {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        Some(Box::new(NoSignature(*offered.first()?)))
    }

    fn public_key(&self) -> Option<SubjectPublicKeyInfoDer<'_>> {
        None
    }
}

#[derive(Debug)]
struct NoSignature(SignatureScheme);

impl Signer for NoSignature {
    fn sign(self: Box<Self>, _: &[u8]) -> Result<Vec<u8>, Error> {
        Err(Error::NoSuitableCertificate)
    }

    fn scheme(&self) -> SignatureScheme {
        self.0
    }
}

/// What one may authenticate with, in the order in which it was given.
#[derive(Debug, Clone, Default)]
pub struct CredentialList(Vec<Arc<Credentials>>);

impl CredentialList {
    /// The first that can sign with one of the schemes, which are in order of preference.
    fn select(&self, schemes: &[SignatureScheme]) -> Option<SelectedCredential> {
        let with = |scheme: &SignatureScheme| self.0.iter().find_map(|credentials| credentials.signer(&[*scheme]));
        schemes.iter().find_map(with)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What a server holds that needs none: rustls asks before it looks at a pre-shared key, and what it gets is never presented.
    pub(crate) fn stand_in() -> Self {
        let identity = Identity::X509(CertificateIdentity::new(CertificateDer::from(Vec::new()), Vec::new()));
        Self(vec![Arc::new(Credentials::new_unchecked(Arc::new(identity), Box::new(StandIn)))])
    }
}

impl ClientCredentialResolver for CredentialList {
    fn resolve(&self, request: &CredentialRequest<'_>) -> Option<SelectedCredential> {
        self.select(request.signature_schemes())
    }

    fn supported_certificate_types(&self) -> &'static [CertificateType] {
        match self.0.is_empty() {
            true => &[],
            false => &[CertificateType::X509],
        }
    }

    fn hash_config(&self, hasher: &mut dyn Hasher) {
        for credentials in &self.0 {
            if let Identity::X509(identity) = &*credentials.identity {
                hasher.write(identity.end_entity.as_ref());
            }
        }
    }
}

/// What a server presents on one connection.
#[derive(Debug, Default)]
pub(crate) struct ServerCredentials {
    pub(crate) credentials: CredentialList,
    /// Signatures that may be made, in order of preference.
    pub(crate) schemes: Vec<SignatureScheme>,
    /// The OCSP response to staple, DER.
    pub(crate) ocsp_response: Option<Arc<[u8]>>,
    /// What has been chosen.
    pub(crate) chosen: Arc<OnceLock<Arc<Identity<'static>>>>,
}

impl ServerCredentialResolver for ServerCredentials {
    fn resolve(&self, hello: &ClientHello<'_>) -> Result<SelectedCredential, Error> {
        // For TLS 1.2 only those of suites that both sides have are among them.
        let offered = hello.signature_schemes();
        let schemes: Vec<_> = self.schemes.iter().filter(|scheme| offered.contains(scheme)).copied().collect();
        let mut selected = self.credentials.select(&schemes).ok_or(Error::NoSuitableCertificate)?;
        selected.ocsp = self.ocsp_response.clone();
        // After a HelloRetryRequest it is asked again, and chooses the same.
        self.chosen.get_or_init(|| selected.identity.clone());
        Ok(selected)
    }
}
