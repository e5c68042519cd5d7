//! The client side: starting a handshake, and the sessions that come of it.

use std::sync::Arc;

use rustls::client::{ClientHandshake, Resumption};
use rustls::enums::ApplicationProtocol;
use rustls_pki_types::{IpAddr, Ipv4Addr, ServerName};

use super::{Connection, Failure, State, Status};
use crate::context::SecureContext;
use crate::crypto::current;
use crate::session::client::{ClientSession, ConnectionSessions};
use crate::session::psk::ExternalPsk;
use crate::trust::Purpose;

use super::traffic::Traffic;

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
    /// An external pre-shared key to offer, in place of a session.
    pub psk: Option<ExternalPsk>,
    /// Ask for a stapled OCSP response.
    pub request_ocsp: bool,
    /// Keep lines for a key log.
    pub key_log: bool,
    /// Keep the handshake messages.
    pub trace: bool,
}

/// What a client's connection knows of sessions.
pub(super) struct ClientSessions {
    host: String,
    server_name: Option<String>,
    offered: Option<ClientSession>,
    /// What rustls asks for the session to offer, and tells new ones.
    store: Arc<ConnectionSessions>,
    verified: bool,
}

impl ClientSessions {
    pub(super) fn has_new(&self) -> bool {
        self.store.has_new()
    }

    /// The session that was offered, if it was.
    pub(super) fn resumed(&self) -> Option<&ClientSession> {
        self.offered.as_ref()
    }
}
