//! What many connections share (Node's `SecureContext`): protocol versions, suites, trust, identity, ticket keys.

mod base64;
mod ber;
pub mod cipher_list;
mod der_fault;
mod encrypted_key;
pub mod groups;
mod identity;
mod judgements;
mod password;
pub mod pem;
mod pem_section;
pub mod pfx;
mod private_key;
mod settings;
pub mod signature_schemes;
mod verifier;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustls::client::ClientConfig;
use rustls::crypto::{CryptoProvider, SignatureScheme, TicketProducer};
use rustls::server::{PreferClientOrder, PreferServerOrder, ServerConfig};
use rustls::time_provider::TimeProvider;
use rustls::{DistinguishedName, Error};
use rustls_pki_types::UnixTime;

pub use der_fault::DerFault;
use identity::Identities;
pub(crate) use identity::{CredentialList, ServerCredentials};
pub use identity::{IdentityError, PrivateKey};
use judgements::{Question, judge_once};
pub use password::{MAX_ITERATIONS, MAX_SCRYPT_MEMORY, MAX_SCRYPT_WORK, Work};
pub use settings::SettingError;
use verifier::{Clients, Servers, SignatureVerifier};

use crate::certificate::{Certificate, Malformed};
use crate::connection::ClientAuthentication;
use crate::crypto::{self, PreferOfferedShares, Selection};
use crate::session::Terms;
use crate::session::tickets::{TicketKeys, Tickets};
use crate::trust::{Demands, Judgement, Purpose, TrustStore};

/// That of OpenSSL since 3.2: 112 bits.
const DEFAULT_SECURITY_LEVEL: u8 = 2;

/// What many connections share.
pub struct SecureContext {
    selection: Selection,
    /// Whether a server takes the client's order of suites, not its own.
    pub prefer_client_order: bool,
    /// Whether a server keeps sessions by their ids rather than giving tickets.
    pub without_tickets: bool,
    /// How long a server's sessions may be resumed, in seconds.
    pub session_timeout: u32,
    /// Only a server's sessions with the same may be resumed.
    pub session_id_context: Vec<u8>,
    /// Whether a trusted certificate that is not self-signed ends a chain.
    pub allow_partial_chain: bool,
    /// OpenSSL's security level: what the keys and signatures of a peer's chain must be worth.
    pub security_level: u8,
    identities: Identities,
    trust: Arc<TrustStore>,
    clock: Arc<Clock>,
    made: Mutex<Made>,
}

/// What is made of the rest at its first use and kept.
#[derive(Default)]
struct Made {
    provider: Option<Arc<CryptoProvider>>,
    ticket_keys: Option<TicketKeys>,
    credentials: Option<CredentialList>,
    clients: [Option<Arc<ClientConfig>>; 2],
    servers: [Option<Arc<ServerConfig>>; 3],
}

impl SecureContext {
    /// A context for the given protocol versions that trusts Mozilla's roots.
    pub fn new(tls12: bool, tls13: bool) -> Self {
        Self {
            selection: Selection::of_versions(tls12, tls13),
            prefer_client_order: false,
            without_tickets: false,
            session_timeout: 300,
            session_id_context: Vec::new(),
            allow_partial_chain: false,
            security_level: DEFAULT_SECURITY_LEVEL,
            identities: Identities::default(),
            trust: Arc::new(TrustStore::mozilla()),
            clock: Arc::default(),
            made: Mutex::default(),
        }
    }

    /// Trust nothing but what [`Self::trust`] adds from now on.
    pub fn trust_nothing(&mut self) {
        self.trust = Arc::default();
    }

    /// Trust a certificate.
    pub fn trust(&mut self, der: &[u8]) -> Result<(), Malformed> {
        Arc::make_mut(&mut self.trust).add(der)
    }

    /// Trust what another context trusts, and nothing else. What is added later, to either, is its own.
    pub fn trust_as(&mut self, other: &Self) {
        self.trust = other.trust.clone();
    }

    /// Have every certificate of a peer's looked up in revocation lists, of which this is one.
    pub fn add_revocation_list(&mut self, der: &[u8]) -> Result<(), Malformed> {
        Arc::make_mut(&mut self.trust).add_revocation_list(der)
    }

    /// Present a chain (DER, leaf first) when its key is there too.
    pub fn add_chain(&mut self, chain: Vec<Vec<u8>>) -> Result<(), IdentityError> {
        self.identities.add_chain(chain)
    }

    /// Authenticate with a key, for the chain that it belongs to.
    pub fn add_private_key(&mut self, key: PrivateKey<'static>) -> Result<(), IdentityError> {
        self.identities.add_key(key, crypto::key_provider())
    }

    /// Judge the chain of a peer, leaf first; `None` when it can not be read.
    pub fn judge(&self, purpose: Purpose, chain: &[&[u8]]) -> Option<Judgement> {
        let (leaf, others) = chain.split_first()?;
        let demands = Demands {
            purpose,
            now: self.time(),
            allow_partial_chain: self.allow_partial_chain,
            security_level: self.security_level,
        };
        judge_once(Question { trust: &self.trust, leaf, others, demands }).ok()
    }

    /// The first chain that is presented, DER, leaf first, with the issuers that are known here.
    pub fn own_chain(&self) -> Vec<Vec<u8>> {
        match self.identities.chains().first() {
            Some(chain) => self.complete(chain),
            None => Vec::new(),
        }
    }

    /// What tickets are sealed with; `None` if there is no entropy yet to make it of.
    pub fn ticket_keys(&self) -> Option<TicketKeys> {
        let mut made = self.made();
        if made.ticket_keys.is_none() {
            made.ticket_keys = TicketKeys::random();
        }
        made.ticket_keys.clone()
    }

    /// Seal tickets with other keys from now on.
    pub fn set_ticket_keys(&self, keys: TicketKeys) {
        self.made().ticket_keys = Some(keys);
    }

    /// The suites, groups and signatures of connections.
    pub(crate) fn provider(&self) -> Arc<CryptoProvider> {
        self.made().provider.get_or_insert_with(|| crypto::provider(&self.selection)).clone()
    }

    pub(crate) fn signature_schemes(&self) -> Vec<SignatureScheme> {
        self.selection.signature_schemes.iter().map(|number| SignatureScheme::from(*number)).collect()
    }

    pub(crate) fn credentials(&self) -> CredentialList {
        let made = self.made().credentials.clone();
        made.unwrap_or_else(|| {
            let credentials = self.identities.credentials(|chain| self.complete(chain));
            self.made().credentials.insert(credentials).clone()
        })
    }

    /// For how long, and for whom, a server takes sessions back.
    pub(crate) fn terms(&self) -> Terms {
        Terms {
            clock: self.clock.clone(),
            timeout: Duration::from_secs(self.session_timeout.into()),
            context: self.session_id_context.clone(),
        }
    }

    /// The maker of a server's tickets, if it gives any.
    pub(crate) fn tickets(&self) -> Option<Arc<dyn TicketProducer>> {
        if self.without_tickets {
            return None;
        }
        Some(Arc::new(Tickets::new(&self.ticket_keys()?, self.terms())?))
    }

    /// The configuration of clients.
    pub(crate) fn client_config(&self, request_ocsp: bool) -> Result<Arc<ClientConfig>, Error> {
        let place = usize::from(request_ocsp);
        if let Some(config) = &self.made().clients[place] {
            return Ok(config.clone());
        }
        let verifier = Servers { signatures: self.signatures(), request_ocsp };
        let config = ClientConfig::builder_with_details(self.provider(), self.clock.clone())
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_client_credential_resolver(Arc::new(self.credentials()))?;
        Ok(self.made().clients[place].insert(Arc::new(config)).clone())
    }

    /// A configuration of servers, for one connection to complete. Certificates are wanted of the authorities that `trust` trusts;
    /// with `suite`, that is the only one.
    pub(crate) fn server_config(
        self: &Arc<Self>,
        authentication: ClientAuthentication,
        trust: &Arc<Self>,
        suite: Option<u16>,
    ) -> Result<ServerConfig, Error> {
        let place = authentication as usize;
        let is_usual = suite.is_none() && Arc::ptr_eq(self, trust);
        if is_usual && let Some(config) = &self.made().servers[place] {
            return Ok(ServerConfig::clone(config));
        }
        let provider = match suite {
            Some(suite) => {
                crypto::provider(&Selection { tls12: Vec::new(), tls13: vec![suite], ..self.selection.clone() })
            }
            None => self.provider(),
        };
        let builder = ServerConfig::builder_with_details(provider, self.clock.clone());
        let builder = match authentication {
            ClientAuthentication::None => builder.with_no_client_auth(),
            _ => builder.with_client_cert_verifier(Arc::new(Clients {
                signatures: self.signatures(),
                mandatory: authentication == ClientAuthentication::Required,
                authorities: trust.authorities(),
            })),
        };
        // Each connection has its own resolver.
        let mut config = builder.with_server_credential_resolver(Arc::new(ServerCredentials::default()))?;
        config.cipher_suite_selector = if self.prefer_client_order { &PreferClientOrder } else { &PreferServerOrder };
        config.kx_selector = &PreferOfferedShares;
        config.invalid_sni_policy = rustls::server::InvalidSniPolicy::IgnoreAll;
        if is_usual {
            self.made().servers[place] = Some(Arc::new(config.clone()));
        }
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

    /// The chain to send for one that was given: as OpenSSL, a leaf that stands alone is followed by the issuers known here.
    fn complete(&self, chain: &[Vec<u8>]) -> Vec<Vec<u8>> {
        let [leaf] = chain else {
            return chain.to_vec();
        };
        match self.judge(Purpose::Server, &[leaf]) {
            Some(judgement) => judgement.chain,
            None => chain.to_vec(),
        }
    }

    /// The names of the authorities that clients' certificates are wanted of.
    fn authorities(&self) -> Arc<[DistinguishedName]> {
        let subject = |der: &[u8]| {
            Certificate::parse(der).ok().map(|certificate| DistinguishedName::in_sequence(certificate.subject))
        };
        self.trust.certificates().filter_map(subject).collect()
    }

    fn signatures(&self) -> SignatureVerifier {
        SignatureVerifier::new(self.provider().signature_verification_algorithms)
    }

    fn made(&self) -> MutexGuard<'_, Made> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
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
