//! What many connections share (Node's `SecureContext`): protocol versions, trust, identity.

mod ber;
mod encrypted_key;
mod identity;
mod password;
pub mod pem;
mod pem_section;
pub mod pfx;
mod private_key;
mod verifier;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustls::client::Resumption;
use rustls::crypto::CryptoProvider;
use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, Error};
use rustls_pki_types::UnixTime;

use identity::ClientIdentity;
pub use identity::{IdentityError, PrivateKey};
pub use password::{MAX_ITERATIONS, MAX_SCRYPT_MEMORY, MAX_SCRYPT_WORK};
pub use private_key::with_public_key;
use verifier::SignatureVerifier;

use crate::certificate::Malformed;
use crate::crypto;
use crate::trust::TrustStore;

/// What many connections share.
pub struct SecureContext {
    provider: Arc<CryptoProvider>,
    identity: ClientIdentity,
    trust: TrustStore,
    /// Whether a trusted certificate that is not self-signed ends a chain.
    pub allow_partial_chain: bool,
    clock: Arc<Clock>,
    // Made once and kept: resumption compares the very verifier and credentials of the configuration.
    client: Mutex<Option<Arc<ClientConfig>>>,
}

impl SecureContext {
    /// A context for the given protocol versions that trusts Mozilla's roots.
    pub fn new(tls12: bool, tls13: bool) -> Self {
        Self {
            provider: crypto::provider(tls12, tls13),
            identity: ClientIdentity::default(),
            trust: TrustStore::mozilla(),
            allow_partial_chain: false,
            clock: Arc::default(),
            client: Mutex::default(),
        }
    }

    /// Trust nothing but what [`Self::trust`] adds from now on.
    pub fn trust_nothing(&mut self) {
        self.trust = TrustStore::default();
    }

    /// Trust a certificate.
    pub fn trust(&mut self, der: &[u8]) -> Result<(), Malformed> {
        self.trust.add(der)
    }

    /// What is trusted.
    pub fn trust_store(&self) -> &TrustStore {
        &self.trust
    }

    /// Authenticate with a chain (DER, leaf first) and its key when the server asks for it.
    pub fn identify(&mut self, chain: &[Vec<u8>], key: PrivateKey<'static>) -> Result<(), IdentityError> {
        self.identity.add(chain, key, &self.provider)
    }

    /// The configuration of clients, made at its first use.
    pub(crate) fn client_config(&self) -> Result<Arc<ClientConfig>, Error> {
        let mut client = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(config) = &*client {
            return Ok(config.clone());
        }
        let verifier = SignatureVerifier::new(self.provider.signature_verification_algorithms);
        let mut config = ClientConfig::builder_with_details(self.provider.clone(), self.clock.clone())
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_client_credential_resolver(Arc::new(self.identity.clone()))?;
        config.resumption = Resumption::disabled();
        let config = Arc::new(config);
        *client = Some(config.clone());
        Ok(config)
    }

    /// Tell the time, in milliseconds since 1970, for the engine call that follows.
    pub(crate) fn set_time(&self, now: f64) {
        *self.clock.0.lock().unwrap_or_else(PoisonError::into_inner) = Duration::from_millis(now.max(0.0) as u64);
    }

    /// The time last told, in seconds since 1970.
    pub(crate) fn time(&self) -> i64 {
        let time = *self.clock.0.lock().unwrap_or_else(PoisonError::into_inner);
        i64::try_from(time.as_secs()).unwrap_or(i64::MAX)
    }
}

impl fmt::Debug for SecureContext {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SecureContext").finish_non_exhaustive()
    }
}

/// The clock of a sans-IO engine: the time that came in with the call.
#[derive(Debug, Default)]
struct Clock(Mutex<Duration>);

impl TimeProvider for Clock {
    fn current_time(&self) -> Option<UnixTime> {
        Some(UnixTime::since_unix_epoch(*self.0.lock().unwrap_or_else(PoisonError::into_inner)))
    }
}
