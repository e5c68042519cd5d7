//! The server side: how a ClientHello is answered, and the sessions that come of it.

use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use rustls::crypto::{Identity, TicketProducer};
use rustls::enums::ApplicationProtocol;
use rustls::error::{Error, PeerIncompatible, PeerMisbehaved};
use rustls::server::{ServerConfig, ServerHandshake};
use zeroize::Zeroizing;

use super::{Connection, Failure, State, Status, Traffic};
use crate::context::{CredentialList, SecureContext, ServerCredentials};
use crate::crypto::{self, Role};
use crate::session::client_hello::ClientHello;
use crate::session::server::{Admits, ExternalPsk, KeptSession, PskTicketer, ServerSessionStore, client_chain};
use crate::trust::Purpose;

/// The most of a ClientHello that is kept to look into it, in bytes: the largest handshake message with its records.
const LONGEST_HELLO: usize = 72 * 1024;

/// Whether a server asks clients for a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientAuthentication {
    /// It does not.
    None,
    /// A client may go without.
    Wanted,
    /// A client without one is refused.
    Required,
}

/// How a server answers a ClientHello.
#[derive(Debug)]
pub struct ServerChoice {
    /// What it is configured with.
    pub context: Arc<SecureContext>,
    /// Whose certificates it presents, if not the context's.
    pub identity: Option<Arc<SecureContext>>,
    /// Whose trust its clients are judged by, if not the context's.
    pub trust: Option<Arc<SecureContext>>,
    /// What it takes of ALPN's offer.
    pub protocol: Option<Vec<u8>>,
    /// Whether it asks for a certificate.
    pub client_authentication: ClientAuthentication,
    /// A session that was kept: the id that the client asks for, and the contents.
    pub session: Option<KeptSession>,
    /// An external pre-shared key that the client offers: its identity and the key.
    pub psk: Option<(Vec<u8>, Zeroizing<Vec<u8>>)>,
    /// An OCSP response to staple, DER.
    pub ocsp_response: Option<Vec<u8>>,
    /// Whether new sessions are told, for somebody who keeps them.
    pub keep_sessions: bool,
}

/// Sessions that are told as they are made.
type ToldSessions = Arc<Mutex<Vec<KeptSession>>>;

/// What a server's connection knows of the client's wishes and of sessions.
pub(super) struct ServerSide {
    /// The records of the ClientHello; nothing any more when it is whole.
    heard: Option<Vec<u8>>,
    /// What it says, until it is answered: it may be long.
    hello: Option<ClientHello>,
    in_common: InCommon,
    /// The server's name as rustls reads it: not every name is one.
    server_name: Option<String>,
    store: Option<Arc<ServerSessionStore>>,
    /// What the server presents.
    pub(super) identity: Arc<OnceLock<Arc<Identity<'static>>>>,
    told: ToldSessions,
    new: Vec<KeptSession>,
}

/// What matters of a ClientHello when it has been answered and the handshake fails.
#[derive(Default, Clone, Copy)]
struct InCommon {
    tls13: bool,
    signature_schemes: bool,
}

impl InCommon {
    fn of(hello: &ClientHello, context: &SecureContext) -> Self {
        let ours = context.signature_schemes();
        Self {
            tls13: hello.versions.contains(&0x0304) && !context.provider().tls13_cipher_suites.is_empty(),
            signature_schemes: ours.iter().any(|scheme| hello.signature_schemes.contains(&u16::from(*scheme))),
        }
    }
}

impl ServerSide {
    fn new() -> Self {
        Self {
            heard: Some(Vec::new()),
            hello: None,
            in_common: InCommon::default(),
            server_name: None,
            store: None,
            identity: Arc::default(),
            told: ToldSessions::default(),
            new: Vec::new(),
        }
    }

    /// Ciphertext came. It is kept while the ClientHello is not whole.
    pub(super) fn heard(&mut self, bytes: &[u8]) {
        if let Some(heard) = &mut self.heard {
            let room = LONGEST_HELLO - heard.len();
            heard.extend_from_slice(&bytes[..bytes.len().min(room)]);
        }
    }

    pub(super) fn has_new(&self) -> bool {
        !self.new.is_empty()
    }

    /// Fetch from rustls what it made.
    pub(super) fn collect_sessions(&mut self) {
        if let Some(store) = &self.store {
            self.new.extend(store.take_made());
        }
        self.new.append(&mut self.told.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Connection {
    /// Wait for a client's handshake.
    pub fn server(trace: bool) -> Self {
        let state = State::Server(ServerHandshake::start());
        let mut connection = Self::new(state, Role::Server, Purpose::Client, trace);
        connection.server = Some(ServerSide::new());
        connection
    }

    /// What the client said; only at [`Status::CLIENT_HELLO`].
    pub fn client_hello(&self) -> Option<&ClientHello> {
        self.server.as_ref()?.hello.as_ref()
    }

    /// Answer [`Status::CLIENT_HELLO`]: go on with the handshake.
    pub fn answer(&mut self, choice: ServerChoice, now: f64) -> Status {
        choice.context.set_time(now);
        let trust = choice.trust.clone().unwrap_or_else(|| choice.context.clone());
        trust.set_time(now);
        let hello = self.server.as_mut().and_then(|server| server.hello.take()).unwrap_or_default();
        let config = match self.configure(&choice, &hello) {
            Ok(config) => config,
            Err(failure) => {
                self.refuse(HANDSHAKE_FAILURE);
                self.failure = Some(failure);
                return Status::FAILED | self.standing();
            }
        };
        if let Some(server) = &mut self.server {
            server.in_common = InCommon::of(&hello, &trust);
        }
        drop(hello);
        self.context = Some(trust);
        let notes = self.notes.clone();
        let _current = crypto::enter(&notes);
        let status = match mem::replace(&mut self.state, State::Failed) {
            State::ClientHello(accepted) => match accepted.choose_config(Arc::new(config), &mut self.ciphertext) {
                Ok(next) => self.enter_server(next),
                Err(error) => return self.fail_hello(error),
            },
            state => {
                self.state = state;
                return self.fail(Failure::Misuse);
            }
        };
        status | self.advance(now)
    }

    /// rustls has failed over the ClientHello: say it as OpenSSL does, also where rustls has no alert for it.
    pub(super) fn fail_hello(&mut self, error: Error) -> Status {
        let in_common = self.server.as_ref().map(|server| server.in_common).unwrap_or_default();
        let failure = match error {
            Error::NoSuitableCertificate if !in_common.signature_schemes => Failure::NoSharedSignatureSchemes,
            Error::NoSuitableCertificate if in_common.tls13 => Failure::NoSuitableCertificate,
            Error::NoSuitableCertificate => Failure::NoSharedCipher,
            Error::PeerIncompatible(PeerIncompatible::NoKxGroupsInCommon) if !in_common.tls13 => {
                return self.fail(Failure::NoSharedCipher);
            }
            Error::PeerMisbehaved(PeerMisbehaved::NoCertificatesPresented) => {
                self.mend_alert();
                return self.fail(error.into());
            }
            error => return self.fail(error.into()),
        };
        self.ciphertext.extend_from_slice(&alert_record(HANDSHAKE_FAILURE));
        self.fail(failure)
    }

    /// A client has no certificate but must: TLS 1.2 has another alert for it than rustls sends.
    fn mend_alert(&mut self) {
        if let Some(rest) = self.ciphertext.len().checked_sub(ALERT_LENGTH)
            && self.ciphertext[rest..] == alert_record(CERTIFICATE_REQUIRED)
        {
            self.ciphertext.truncate(rest);
            self.ciphertext.extend_from_slice(&alert_record(HANDSHAKE_FAILURE));
        }
    }

    /// Answer [`Status::CLIENT_HELLO`]: fail, with an alert (RFC 8446, 6).
    pub fn refuse(&mut self, alert: u8) -> Status {
        if matches!(self.state, State::ClientHello(_)) {
            self.ciphertext.extend_from_slice(&alert_record(alert));
        }
        if let Some(server) = &mut self.server {
            server.hello = None;
        }
        self.fail(Failure::Refused)
    }

    /// A server's sessions since the last call: their ids and contents.
    pub fn take_server_sessions(&mut self) -> Vec<KeptSession> {
        self.server.as_mut().map(|server| mem::take(&mut server.new)).unwrap_or_default()
    }

    pub(super) fn enter_server(&mut self, handshake: ServerHandshake) -> Status {
        match handshake {
            ServerHandshake::NeedsInput(next) => {
                self.state = State::Server(next);
                Status::NOTHING
            }
            ServerHandshake::Accepted(accepted) => {
                let heard = self.server.as_mut().and_then(|server| server.heard.take());
                let hello = heard.and_then(|heard| ClientHello::from_records(&heard));
                if let (Some(server), Some(hello)) = (&mut self.server, hello) {
                    server.hello = Some(hello);
                    server.server_name = accepted.client_hello().server_name().map(|name| name.as_ref().to_string());
                    self.state = State::ClientHello(accepted);
                    return Status::CLIENT_HELLO;
                }
                self.state = State::ClientHello(accepted);
                self.refuse(DECODE_ERROR)
            }
            ServerHandshake::VerifyClientIdentity(verify) => match verify.presented_identity() {
                Ok(presented) => {
                    self.peer = Some(presented.identity.clone().into_owned());
                    self.state = State::ClientIdentity(verify);
                    Status::PEER_IDENTITY
                }
                Err(error) => self.fail(error.into()),
            },
            ServerHandshake::Complete(split) => self.open(Traffic::of_server(split)),
            _ => self.fail(Failure::Misuse),
        }
    }

    /// The context's configuration, with what is of this connection.
    fn configure(&mut self, choice: &ServerChoice, hello: &ClientHello) -> Result<ServerConfig, Failure> {
        let context = &choice.context;
        let psk = choice.psk.as_ref().and_then(|(identity, key)| {
            let offered = |suite: u16| hello.cipher_suites.contains(&suite);
            let suite = crypto::sha256_suite(&context.provider().tls13_cipher_suites, offered)?;
            Some(ExternalPsk { identity: identity.clone(), secret: key.clone(), suite })
        });
        let trust = choice.trust.as_ref().unwrap_or(context);
        let authentication = choice.client_authentication;
        let mut config = context.server_config(authentication, trust, psk.as_ref().map(|psk| psk.suite))?;
        config.alpn_protocols =
            choice.protocol.iter().map(|name| ApplicationProtocol::from(name.as_slice()).to_owned()).collect();
        config.key_log = self.key_lines.clone();
        let credentials = choice.identity.as_ref().unwrap_or(context).credentials();
        let server = self.server.get_or_insert_with(ServerSide::new);
        let chosen = server.identity.clone();
        config.cert_resolver = Arc::new(ServerCredentials {
            credentials: if psk.is_some() && credentials.is_empty() { CredentialList::stand_in() } else { credentials },
            schemes: context.signature_schemes(),
            ocsp_response: choice.ocsp_response.as_deref().map(Arc::from),
            chosen,
        });
        let admission = Admission { trust: trust.clone(), authentication };
        let store = Arc::new(ServerSessionStore::new(context.terms(), choice.session.clone(), admission.to_function()));
        config.session_storage = store.clone();
        let server_name = server.server_name.clone();
        server.store = Some(store).filter(|_| choice.keep_sessions);
        let told = Some(server.told.clone()).filter(|_| choice.keep_sessions);
        let tickets = context.tickets().map(|inner| -> Arc<dyn TicketProducer> {
            Arc::new(ConnectionTickets { inner, admits: admission, has_opened_one: AtomicBool::new(false), told })
        });
        config.ticketer = match psk {
            Some(psk) => Some(Arc::new(PskTicketer::new(tickets, psk, server_name))),
            None => tickets,
        };
        Ok(config)
    }
}

/// Whose session may be resumed where clients must have certificates: that of a client whose certificate would be taken now. Any other
/// shakes hands in full, and may show a better one.
#[derive(Debug, Clone)]
struct Admission {
    trust: Arc<SecureContext>,
    authentication: ClientAuthentication,
}

impl Admission {
    fn is_met_by(&self, state: &[u8]) -> bool {
        if self.authentication != ClientAuthentication::Required {
            return true;
        }
        let chain = client_chain(state).unwrap_or_default();
        let chain: Vec<_> = chain.iter().map(Vec::as_slice).collect();
        self.trust.judge(Purpose::Client, &chain).is_some_and(|judgement| judgement.verdict.is_none())
    }

    fn to_function(&self) -> Admits {
        let admission = self.clone();
        Arc::new(move |state| admission.is_met_by(state))
    }
}

/// The tickets of one connection. One that resumes a session gets no other, as with OpenSSL: a session may be resumed again.
#[derive(Debug)]
struct ConnectionTickets {
    inner: Arc<dyn TicketProducer>,
    admits: Admission,
    has_opened_one: AtomicBool,
    /// New sessions of TLS 1.3 are told as they are made, as OpenSSL tells them.
    told: Option<ToldSessions>,
}

impl TicketProducer for ConnectionTickets {
    fn encrypt(&self, plain: &[u8]) -> Option<Vec<u8>> {
        // What rustls seals begins with the version.
        let is_tls13 = plain.starts_with(&[3, 4]);
        if self.has_opened_one.load(Ordering::Relaxed) && !(is_tls13 && crypto::certificate_sent()) {
            return None;
        }
        let ticket = self.inner.encrypt(plain)?;
        if let Some(told) = self.told.as_ref().filter(|_| is_tls13) {
            let id = crypto::random::<32>()?.to_vec();
            told.lock().unwrap_or_else(PoisonError::into_inner).push((id, ticket.clone().into()));
        }
        Some(ticket)
    }

    fn decrypt(&self, ticket: &[u8]) -> Option<Vec<u8>> {
        let plain = self.inner.decrypt(ticket).filter(|plain| self.admits.is_met_by(plain))?;
        self.has_opened_one.store(true, Ordering::Relaxed);
        Some(plain)
    }

    fn lifetime(&self) -> Duration {
        self.inner.lifetime()
    }
}

/// A fatal alert where nothing is encrypted: a record of type alert and the version of TLS 1.2.
fn alert_record(alert: u8) -> [u8; ALERT_LENGTH] {
    [21, 3, 3, 0, 2, 2, alert]
}

/// See [`alert_record`].
const ALERT_LENGTH: usize = 7;

/// Alerts (RFC 8446, 6.2).
const CERTIFICATE_REQUIRED: u8 = 116;
const HANDSHAKE_FAILURE: u8 = 40;
const DECODE_ERROR: u8 = 50;
