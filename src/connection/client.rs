//! The client side: starting a handshake, and the sessions that come of it.

use std::sync::Arc;

use rustls::client::{ClientConfig, ClientHandshake, Resumption};
use rustls::crypto::Identity;
use rustls::enums::{ApplicationProtocol, ProtocolVersion};
use rustls_pki_types::{CertificateDer, IpAddr, Ipv4Addr, ServerName};
use zeroize::Zeroizing;

use super::{Connection, Failure, State, Status, Traffic};
use crate::context::SecureContext;
use crate::crypto::{self, Role};
use crate::session::client::{ClientSession, ClientSessionStore, Kind, Resumable, ResumptionSecrets};
use crate::session::server::ExternalPsk;
use crate::trust::Purpose;

/// What a client's connection is started with.
#[derive(Debug, Default)]
pub struct ClientParameters {
    /// What to send as SNI, a DNS name; nothing is sent for `None`.
    pub server_name: Option<String>,
    /// What to offer with ALPN, in order of preference.
    pub protocols: Vec<Vec<u8>>,
    /// Whom the peer is authenticated as; new sessions carry it.
    pub host: String,
    /// A session to resume.
    pub session: Option<ClientSession>,
    /// An external pre-shared key to offer, instead of a session: its identity and the key.
    pub psk: Option<(Vec<u8>, Zeroizing<Vec<u8>>)>,
    /// Ask for a stapled OCSP response.
    pub request_ocsp: bool,
    /// Keep the handshake messages.
    pub trace: bool,
}

/// What a client's connection knows of sessions.
pub(super) struct ClientSessions {
    host: String,
    server_name: Option<String>,
    offered: Option<ClientSession>,
    /// What rustls asks for the session to offer, and tells new ones.
    store: Arc<ClientSessionStore>,
    /// The newest, which [`Connection::session`] tells.
    latest: Option<(Kind, ResumptionSecrets)>,
    new: Vec<ClientSession>,
    issued: u64,
    pub(super) verified: bool,
    /// See [`ClientSession::staple_until`].
    pub(super) staple_until: Option<i64>,
}

impl ClientSessions {
    pub(super) fn has_new(&self) -> bool {
        !self.new.is_empty()
    }

    /// Who the peer is if the session that was offered has been resumed.
    pub(super) fn offered_peer(&self) -> Option<Identity<'static>> {
        let chain = self.offered.as_ref()?.chain.iter().cloned().map(CertificateDer::from).collect();
        Identity::from_cert_chain(chain).ok()
    }
}

impl Connection {
    /// Start a client's handshake: the ClientHello is among the ciphertext then. `now`: milliseconds since 1970.
    pub fn client(context: Arc<SecureContext>, parameters: ClientParameters, now: f64) -> Result<Self, Failure> {
        let ClientParameters { server_name, protocols, host, session, psk, request_ocsp, trace } = parameters;
        context.set_time(now);
        // rustls sends no SNI for an address.
        let target = match &server_name {
            Some(name) => ServerName::try_from(name.clone()).map_err(|_| Failure::ServerName(name.clone()))?,
            None => ServerName::IpAddress(IpAddr::V4(Ipv4Addr::from([0; 4]))),
        };
        let mut config = ClientConfig::clone(&*context.client_config(request_ocsp)?);
        let mut connection = Self::new(State::Failed, Role::Client, Purpose::Server, trace);
        let resumable = match &psk {
            Some((identity, key)) => {
                let suite = crypto::sha256_suite(&config.provider().tls13_cipher_suites, |_| true);
                suite.and_then(|suite| {
                    let psk = ExternalPsk { identity: identity.clone(), secret: key.clone(), suite };
                    psk.client_session(config.provider(), &mut connection.notes())
                })
            }
            .map(Resumable::Tls13),
            None => session.as_ref().and_then(|session| session.to_rustls(config.provider())),
        };
        let group = session.as_ref().and_then(|session| session.group);
        let store = Arc::new(ClientSessionStore::new(resumable, group));
        config.resumption = Resumption::store(store.clone());
        config.key_log = connection.key_lines.clone();
        let protocols = protocols.iter().map(|name| ApplicationProtocol::from(name.as_slice()).to_owned()).collect();
        let handshake = {
            let _current = crypto::enter(&connection.notes);
            Arc::new(config).connect(target).with_alpn(protocols).start_handshake(&mut connection.ciphertext)?
        };
        connection.state = State::Client(handshake);
        connection.context = Some(context);
        let offered = session.filter(|_| psk.is_none());
        // Of who is not judged anew, the session says it.
        let verified = offered.as_ref().is_none_or(|session| session.verified);
        let staple_until = offered.as_ref().and_then(|session| session.staple_until);
        connection.client = Some(ClientSessions {
            host,
            server_name,
            offered,
            store,
            latest: None,
            new: Vec::new(),
            issued: now as u64,
            verified,
            staple_until,
        });
        Ok(connection)
    }

    pub(super) fn enter_client(&mut self, handshake: ClientHandshake) -> Status {
        match handshake {
            ClientHandshake::NeedsInput(next) => {
                self.state = State::Client(next);
                Status::NOTHING
            }
            ClientHandshake::VerifyServerIdentity(verify) => match verify.presented_identity() {
                Ok(presented) => {
                    self.peer = Some(presented.identity.clone().into_owned());
                    self.ocsp_response = presented.ocsp_response.to_vec();
                    if let Some(client) = &mut self.client {
                        client.staple_until = None;
                    }
                    self.state = State::ServerIdentity(verify);
                    Status::PEER_IDENTITY
                }
                Err(error) => self.fail(error.into()),
            },
            ClientHandshake::Complete(split) => self.open(Traffic::of_client(split)),
            _ => self.fail(Failure::Misuse),
        }
    }

    /// A client's session as it is now: what resumes it is in it once the server has given that.
    pub fn session(&self) -> Option<ClientSession> {
        let client = self.client.as_ref()?;
        self.outputs.as_ref()?;
        let offered = client.offered.as_ref().filter(|_| self.is_resumed());
        match (&client.latest, offered) {
            (None, Some(offered)) => Some(offered.clone()),
            (latest, _) => self.describe(client, latest.as_ref()),
        }
    }

    /// A client's sessions since the last call.
    pub fn take_sessions(&mut self) -> Vec<ClientSession> {
        self.client.as_mut().map(|client| std::mem::take(&mut client.new)).unwrap_or_default()
    }

    /// Fetch from rustls what the server gave.
    pub(super) fn collect_sessions(&mut self, now: f64) {
        let Some(client) = self.client.as_mut().filter(|_| self.outputs.is_some()) else {
            return;
        };
        let given = client.store.take_given();
        if !given.is_empty() {
            client.issued = now as u64;
        }
        for secrets in given {
            let session = self.client.as_ref().and_then(|client| self.describe(client, Some(&secrets)));
            let resumed = self.is_resumed();
            let Some(client) = &mut self.client else {
                return;
            };
            // TLS 1.2 tells the session that was resumed again if the server gave no other ticket.
            let offered = client.offered.as_ref().filter(|_| resumed && secrets.0 == Kind::Tls12);
            let ticket = session.as_ref().and_then(ClientSession::ticket);
            if offered.is_some_and(|offered| ticket.is_none() || ticket == offered.ticket()) {
                continue;
            }
            client.latest = Some(secrets);
            client.new.extend(session);
        }
    }

    fn describe(&self, client: &ClientSessions, secrets: Option<&(Kind, ResumptionSecrets)>) -> Option<ClientSession> {
        let outputs = self.outputs.as_ref()?;
        let kind = match outputs.protocol_version()? {
            ProtocolVersion::TLSv1_2 => Kind::Tls12,
            _ => Kind::Tls13,
        };
        Some(ClientSession {
            kind,
            issued: client.issued,
            host: client.host.clone(),
            server_name: client.server_name.clone(),
            alpn: outputs.alpn_protocol().map(|protocol| protocol.as_ref().to_vec()),
            verified: client.verified,
            staple_until: client.staple_until,
            chain: self.peer_certificates().into_iter().map(|der| der.to_vec()).collect(),
            suite: u16::from(outputs.negotiated_cipher_suite()?.suite()),
            group: outputs.negotiated_key_exchange_group().map(|group| group.name().0),
            resumption: secrets.map(|(_, secrets)| secrets.clone()),
        })
    }
}
