//! TLS 1.3 client sessions of rustls, made from bytes.
//!
//! rustls encodes such sessions, but takes none back. It does take a NewSessionTicket at any time, though, and what it
//! derives from one passes through our key schedule. So there is one connection for each suite, between rustls and itself,
//! without any cryptography in its handshake, to which tickets of the wanted shape are given.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::hash::Hasher;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustls::client::danger::{HandshakeSignatureValid, ServerIdentity, ServerVerifier, SignatureVerificationInput};
use rustls::client::{
    ClientHandshake, ClientSessionKey, ClientSessionStore, ClientSide, Resumption, Tls12Session, Tls13Session,
};
use rustls::crypto::kx::{ActiveKeyExchange, NamedGroup, SharedSecret, StartedKeyExchange, SupportedKxGroup};
use rustls::crypto::{
    Credentials, CryptoProvider, Identity, SignatureScheme, Signer, SigningKey, SingleCredential, VerifiedIdentity,
};
use rustls::error::Error;
use rustls::kernel::KernelConnection;
use rustls::server::{NoServerSessionStorage, ServerSide};
use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, Connection, ServerConfig, Tcp, Tls13CipherSuite, VecInput};
use rustls_pki_types::{CertificateDer, IpAddr, Ipv4Addr, ServerName, SubjectPublicKeyInfoDer, UnixTime};

use super::codec::{Length, put};
use crate::crypto::{Selection, force_resumption_secret, provider, suspend, tls13_suites};

/// What a session is restored from.
#[derive(Clone, Copy)]
pub struct Ticket<'a> {
    /// The suite's number.
    pub suite: u16,
    /// The pre-shared key that goes with the ticket, of 64 bytes at the most.
    pub secret: &'a [u8],
    /// The ticket, of 1 to 65535 bytes.
    pub ticket: &'a [u8],
    /// What is added to the ticket's age on the wire.
    pub age_add: u32,
    /// How many bytes may be sent early; 0 for none.
    pub max_early_data: u32,
    /// The time of issue, in seconds since 1970.
    pub issued: u64,
    /// For how long the ticket counts, in seconds; 0 for ever.
    pub lifetime: u64,
}

/// A session from its parts. `None` if `provider` is without the suite or a part is of no good length.
///
/// Whom the session was authenticated with is not in it: rustls will tell of an empty certificate.
pub fn restore_tls13(provider: &CryptoProvider, ticket: &Ticket<'_>) -> Option<Tls13Session> {
    let suite = provider.tls13_cipher_suites.iter().find(|suite| suite.common.suite.0 == ticket.suite)?;
    if ticket.ticket.is_empty() {
        return None;
    }
    MAKERS.with_borrow_mut(|makers| {
        let maker = match makers.remove(&ticket.suite) {
            Some(maker) => maker,
            None => Maker::new(tls13_suites().iter().find(|ours| ours.common.suite == suite.common.suite)?)?,
        };
        // After a failure, which is a bug here or there, the next ticket finds a new maker.
        let (maker, session) = maker.make(ticket)?;
        makers.insert(ticket.suite, maker);
        Some(session)
    })
}

thread_local! {
    static MAKERS: RefCell<BTreeMap<u16, Maker>> = const { RefCell::new(BTreeMap::new()) };
}

/// A client connection that makes sessions of tickets.
struct Maker {
    connection: KernelConnection<ClientSide>,
    clock: Arc<Clock>,
    caught: Arc<Caught>,
}

impl Maker {
    fn new(suite: &'static Tls13CipherSuite) -> Option<Self> {
        // Nobody's connection; not that of the engine call at hand either.
        let _suspended = suspend();
        let (clock, caught) = (Arc::<Clock>::default(), Arc::<Caught>::default());
        let mut provider = (*provider(&Selection::of_versions(false, true))).clone();
        provider.tls13_cipher_suites = vec![suite].into();
        provider.kx_groups = vec![&Nothing as &dyn SupportedKxGroup].into();
        let provider = Arc::new(provider);

        let identity = Identity::from_cert_chain(vec![CertificateDer::from(EMPTY_CERTIFICATE)]).ok()?;
        let credentials = Credentials::new_unchecked(Arc::new(identity), Box::new(Nothing));
        let mut config = ServerConfig::builder_with_details(provider.clone(), clock.clone())
            .with_no_client_auth()
            .with_server_credential_resolver(Arc::new(SingleCredential::from(credentials)))
            .ok()?;
        config.session_storage = Arc::new(NoServerSessionStorage {});
        let mut server = Connection::<ServerSide, Tcp>::new(Arc::new(config)).ok()?;

        let mut config = ClientConfig::builder_with_details(provider, clock.clone())
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Nothing))
            .with_no_client_auth()
            .ok()?;
        config.resumption = Resumption::store(caught.clone());
        config.enable_secret_extraction = true;
        let name = ServerName::IpAddress(IpAddr::V4(Ipv4Addr::from([0; 4])));

        let (mut to_server, mut to_client) = (Vec::new(), Vec::new());
        let client = Arc::new(config).connect(name).start_handshake(&mut to_server).ok()?;
        server.read_tls(&mut input(&to_server)?, &mut to_client).handle_all(&mut Vec::new()).ok()?;
        let mut flight = input(&to_client)?;
        let ClientHandshake::VerifyServerIdentity(verify) = client.process(&mut flight, &mut to_server).ok()? else {
            return None;
        };
        let identity = verify.presented_identity().ok()?.identity.clone().into_owned();
        let mut client = verify.continue_with(Ok(VerifiedIdentity::assertion(identity)), &mut to_server).ok()?;
        if let ClientHandshake::NeedsInput(next) = client {
            client = next.process(&mut flight, &mut to_server).ok()?;
        }
        let ClientHandshake::Complete(client) = client else {
            return None;
        };
        let (_, connection) = client.dangerous_into_kernel_connection().ok()?;
        Some(Self { connection, clock, caught })
    }

    fn make(mut self, ticket: &Ticket<'_>) -> Option<(Self, Tls13Session)> {
        // NewSessionTicket (RFC 8446, 4.6.1). Its nonce goes into a derivation whose result is forced.
        let lifetime = u32::try_from(ticket.lifetime).unwrap_or(u32::MAX);
        let mut message = [lifetime.to_be_bytes(), ticket.age_add.to_be_bytes()].concat();
        put(&mut message, Length::U8, &[])?;
        put(&mut message, Length::U16, ticket.ticket)?;
        let mut extensions = Vec::new();
        if ticket.max_early_data > 0 {
            extensions.extend_from_slice(&EARLY_DATA.to_be_bytes());
            put(&mut extensions, Length::U16, &ticket.max_early_data.to_be_bytes())?;
        }
        put(&mut message, Length::U16, &extensions)?;

        *self.clock.0.lock().unwrap_or_else(PoisonError::into_inner) = ticket.issued;
        let _forcing = force_resumption_secret(ticket.secret)?;
        self.connection.handle_new_session_ticket(&message).ok()?;
        let session = self.caught.0.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        Some((self, session))
    }
}

fn input(bytes: &[u8]) -> Option<VecInput> {
    let mut input = VecInput::default();
    let mut rest = bytes;
    while !rest.is_empty() {
        input.read(&mut rest).ok()?;
    }
    Some(input)
}

/// The time of issue of the session that is being made.
#[derive(Debug, Default)]
struct Clock(Mutex<u64>);

impl TimeProvider for Clock {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

/// The session that has been made.
#[derive(Default)]
struct Caught(Mutex<Option<Tls13Session>>);

impl ClientSessionStore for Caught {
    fn set_kx_hint(&self, _: ClientSessionKey<'static>, _: NamedGroup) {}

    fn kx_hint(&self, _: &ClientSessionKey<'_>) -> Option<NamedGroup> {
        None
    }

    fn set_tls12_session(&self, _: ClientSessionKey<'static>, _: Tls12Session) {}

    fn tls12_session(&self, _: &ClientSessionKey<'_>) -> Option<Tls12Session> {
        None
    }

    fn remove_tls12_session(&self, _: &ClientSessionKey<'static>) {}

    fn insert_tls13_ticket(&self, _: ClientSessionKey<'static>, session: Tls13Session) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(session);
    }

    fn take_tls13_ticket(&self, _: &ClientSessionKey<'static>) -> Option<Tls13Session> {
        None
    }
}

impl fmt::Debug for Caught {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Caught").finish_non_exhaustive()
    }
}

/// Key exchange, signature and verification of a connection that never leaves this module: none.
#[derive(Debug)]
struct Nothing;

impl SupportedKxGroup for Nothing {
    fn start(&self) -> Result<StartedKeyExchange, Error> {
        Ok(StartedKeyExchange::Single(Box::new(Nothing)))
    }

    fn name(&self) -> NamedGroup {
        NamedGroup::X25519
    }
}

impl ActiveKeyExchange for Nothing {
    fn complete(self: Box<Self>, _: &[u8]) -> Result<SharedSecret, Error> {
        Ok(SharedSecret::from(vec![0; 32]))
    }

    fn pub_key(&self) -> &[u8] {
        &[0; 32]
    }

    fn group(&self) -> NamedGroup {
        NamedGroup::X25519
    }
}

impl SigningKey for Nothing {
    fn choose_scheme(&self, _: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        Some(Box::new(Nothing))
    }

    fn public_key(&self) -> Option<SubjectPublicKeyInfoDer<'_>> {
        None
    }
}

impl Signer for Nothing {
    fn sign(self: Box<Self>, _: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(vec![0])
    }

    fn scheme(&self) -> SignatureScheme {
        SignatureScheme::ED25519
    }
}

impl ServerVerifier for Nothing {
    fn verify_identity<'a>(&self, identity: &ServerIdentity<'a, '_>) -> Result<VerifiedIdentity<'a>, Error> {
        Ok(VerifiedIdentity::assertion(identity.identity.clone()))
    }

    fn verify_tls12_signature(&self, _: &SignatureVerificationInput<'_>) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(&self, _: &SignatureVerificationInput<'_>) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ED25519]
    }

    fn request_ocsp_response(&self) -> bool {
        false
    }

    fn hash_config(&self, _: &mut dyn Hasher) {}
}

/// The number of the extension `early_data` (RFC 8446, 4.2.10).
const EARLY_DATA: u16 = 42;
/// An empty SEQUENCE.
const EMPTY_CERTIFICATE: &[u8] = &[0x30, 0x00];
