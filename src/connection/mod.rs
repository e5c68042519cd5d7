//! One TLS connection, client or server, without sockets or clocks.
//!
//! A [`Connection`] takes ciphertext and plaintext through windows, and answers each call with a [`Status`]: flags of what
//! there is to fetch or to decide. Decisions suspend it: on the ClientHello ([`Status::CLIENT_HELLO`]), on the peer's identity
//! ([`Status::PEER_IDENTITY`]).

mod alert;
mod client;
mod failure;
mod key_lines;
mod plain_messages;
mod server;
mod status;
mod traffic;
mod window;

use std::mem;
use std::sync::{Arc, PoisonError};

use rustls::client::ClientSide;
use rustls::crypto::cipher::OutboundPlain;
use rustls::crypto::{Identity, VerifiedIdentity};
use rustls::error::{CertificateError, Error};
use rustls::server::{Accepted, ServerSide};
use rustls::{ConnectionOutputs, HandshakeKind, KeyingMaterialExporter, NeedsInput, Tcp, VerifyPeerIdentity};
use rustls_pki_types::CertificateDer;
use zeroize::Zeroizing;

pub use client::ClientParameters;
pub use failure::Failure;
pub use server::{ClientAuthentication, ServerChoice};
pub use status::Status;
pub use window::Window;

use crate::certificate::Certificate;
use crate::context::SecureContext;
use crate::crypto::{self, Notes, Role, SharedNotes};
use crate::trust::{Judgement, Purpose, StaplePolicy};
use client::ClientSessions;
use key_lines::KeyLines;
use plain_messages::PlainMessages;
use traffic::Traffic;

/// A TLS connection.
pub struct Connection {
    state: State,
    /// What it is configured with; a server's is chosen by the ClientHello.
    context: Option<Arc<SecureContext>>,
    /// The purpose that the peer's certificate must be for.
    peer_purpose: Purpose,
    inbound: Window,
    /// Plaintext records in the inbound window: place and length.
    records: Vec<(usize, usize)>,
    outbound: Window,
    ciphertext: Vec<u8>,
    /// What the cryptography notes down.
    notes: SharedNotes,
    /// While tracing: what goes unencrypted, received and sent.
    plain_received: PlainMessages,
    plain_sent: PlainMessages,
    key_lines: Arc<KeyLines>,
    client: Option<ClientSessions>,
    server: Option<server::ServerSide>,
    peer: Option<Identity<'static>>,
    /// The OCSP response that the server stapled, DER; empty if none.
    ocsp_response: Vec<u8>,
    outputs: Option<ConnectionOutputs>,
    exporter: Option<KeyingMaterialExporter>,
    failure: Option<Failure>,
}

enum State {
    Client(NeedsInput<ClientSide>),
    Server(NeedsInput<ServerSide>),
    /// A server that is to choose how to answer.
    ClientHello(Accepted<Tcp>),
    /// A client that is to judge the server.
    ServerIdentity(VerifyPeerIdentity<ClientSide, Tcp>),
    /// A server that is to judge the client.
    ClientIdentity(VerifyPeerIdentity<ServerSide, Tcp>),
    Open(Traffic),
    Failed,
}

impl Connection {
    fn new(state: State, role: Role, peer_purpose: Purpose, trace: bool) -> Self {
        let mut notes = Notes::new(role);
        notes.trace = trace;
        Self {
            state,
            context: None,
            peer_purpose,
            inbound: Window::default(),
            records: Vec::new(),
            outbound: Window::default(),
            ciphertext: Vec::new(),
            notes: Arc::new(std::sync::Mutex::new(notes)),
            plain_received: PlainMessages::default(),
            plain_sent: PlainMessages::default(),
            key_lines: Arc::default(),
            client: None,
            server: None,
            peer: None,
            ocsp_response: Vec::new(),
            outputs: None,
            exporter: None,
            failure: None,
        }
    }

    /// Room for `length` bytes of ciphertext from the peer: write there, then call [`Self::receive`]. The connection fails
    /// if it would hold too much.
    pub fn inbound(&mut self, length: usize) -> Option<&mut [u8]> {
        if !self.inbound.has_room(length) {
            self.fail(Failure::TooMuchInput);
            return None;
        }
        self.inbound.reserve(length)
    }

    /// Room for `length` bytes of plaintext to send: write there, then call [`Self::send`].
    pub fn outbound(&mut self, length: usize) -> Option<&mut [u8]> {
        if !self.outbound.has_room(length) {
            self.fail(Failure::TooMuchInput);
            return None;
        }
        self.outbound.reserve(length)
    }

    /// Work on `length` bytes more of ciphertext. Plaintext that was not taken before is gone.
    pub fn receive(&mut self, length: usize, now: f64) -> Status {
        let start = self.inbound.bytes().len();
        self.inbound.commit(length);
        if self.notes().trace {
            let messages = self.plain_received.read(&self.inbound.bytes()[start..]);
            self.notes().note_plain(false, messages);
        }
        if let Some(server) = &mut self.server {
            server.heard(&self.inbound.bytes()[start..]);
        }
        self.advance(now)
    }

    /// Seal `length` bytes of plaintext.
    pub fn send(&mut self, length: usize) -> Status {
        self.outbound.commit(length);
        let State::Open(Traffic { send: Some(send), .. }) = &mut self.state else {
            return self.fail(Failure::Misuse);
        };
        let sealed = send.write(OutboundPlain::from(self.outbound.bytes()), &mut self.ciphertext);
        rustls::TlsInputBuffer::discard(&mut self.outbound, length);
        self.outbound.release();
        match sealed {
            Ok(()) => self.standing(),
            Err(error) => self.fail(error.into()),
        }
    }

    /// Send close_notify. Nothing can be sent after it; receiving goes on. Harmless when done before.
    pub fn close(&mut self) -> Status {
        if let State::Open(traffic) = &mut self.state
            && let Some(send) = traffic.send.take()
            && let Err(error) = send.close(&mut self.ciphertext)
        {
            return self.fail(error.into());
        }
        self.standing()
    }

    /// Judge the chain that the peer presented, now or in the session that was resumed; `None` when there is none or it can not
    /// be read.
    pub fn judge_peer(&self) -> Option<Judgement> {
        let chain: Vec<&[u8]> = self.peer_certificates().into_iter().map(AsRef::as_ref).collect();
        self.context.as_ref()?.judge(self.peer_purpose, &chain)
    }

    /// As [`Self::judge_peer`], at [`Status::PEER_IDENTITY`] of a client; and judge what the server stapled.
    pub fn judge_peer_and_staple(&mut self, policy: StaplePolicy) -> Option<Judgement> {
        let mut judgement = self.judge_peer()?;
        let until = judgement.judge_staple(policy, self.ocsp_response(), self.context.as_ref()?.time());
        if let Some(client) = &mut self.client {
            client.staple_until = until;
        }
        Some(judgement)
    }

    /// The channel binding `tls-server-end-point`: a hash of the server's certificate. `None` where it has none, or where that is not
    /// defined.
    pub fn server_end_point(&self) -> Option<Vec<u8>> {
        let certificate = match &self.server {
            Some(server) => match &**server.identity.get()? {
                Identity::X509(identity) => &identity.end_entity,
                _ => return None,
            },
            None => self.peer_certificates().into_iter().next()?,
        };
        Certificate::parse(certificate).ok()?.end_point()
    }

    /// The certificates that the peer presented, now or in the session that was resumed, leaf first, as DER.
    pub fn peer_certificates(&self) -> Vec<&CertificateDer<'static>> {
        match &self.peer {
            Some(Identity::X509(identity)) => {
                std::iter::once(&identity.end_entity).chain(&identity.intermediates).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Answer [`Status::PEER_IDENTITY`]: go on with the handshake. Sessions that come of it tell whether the peer was verified.
    pub fn accept_peer(&mut self, verified: bool, now: f64) -> Status {
        if let Some(client) = &mut self.client {
            client.verified = verified;
        }
        match self.peer.clone() {
            Some(peer) => self.answer_peer(Ok(VerifiedIdentity::assertion(peer)), now),
            None => self.fail(Failure::Misuse),
        }
    }

    /// Answer [`Status::PEER_IDENTITY`]: fail, and tell the peer why. `code` is a verdict's code, or Node's for a name that
    /// does not match; any other is told as `certificate_unknown`.
    pub fn decline_peer(&mut self, code: &str, now: f64) -> Status {
        let reason = match code {
            "CERT_HAS_EXPIRED" => CertificateError::Expired,
            "CERT_NOT_YET_VALID" => CertificateError::NotValidYet,
            "CERT_SIGNATURE_FAILURE" => CertificateError::BadSignature,
            "ERR_TLS_CERT_ALTNAME_INVALID" => CertificateError::NotValidForName,
            "UNHANDLED_CRITICAL_EXTENSION" => CertificateError::UnhandledCriticalExtension,
            "CERT_REVOKED" => CertificateError::Revoked,
            "UNABLE_TO_GET_CRL" => CertificateError::UnknownRevocationStatus,
            "CRL_HAS_EXPIRED" => CertificateError::Expired,
            "OCSP_VERIFY_NEEDED" | "OCSP_VERIFY_FAILED" | "OCSP_CERT_UNKNOWN" => CertificateError::InvalidOcspResponse,
            "CRL_SIGNATURE_FAILURE" => CertificateError::BadSignature,
            "UNABLE_TO_GET_ISSUER_CERT"
            | "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"
            | "UNABLE_TO_VERIFY_LEAF_SIGNATURE"
            | "DEPTH_ZERO_SELF_SIGNED_CERT"
            | "SELF_SIGNED_CERT_IN_CHAIN"
            | "INVALID_CA"
            | "PATH_LENGTH_EXCEEDED" => CertificateError::UnknownIssuer,
            "INVALID_PURPOSE" => CertificateError::InvalidPurpose,
            "EE_KEY_TOO_SMALL"
            | "CA_KEY_TOO_SMALL"
            | "CA_MD_TOO_WEAK"
            | "EC_KEY_EXPLICIT_PARAMS"
            | "ERROR_IN_CERT_NOT_BEFORE_FIELD"
            | "ERROR_IN_CERT_NOT_AFTER_FIELD"
            | "UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY" => CertificateError::BadEncoding,
            _ => CertificateError::Other(rustls::error::OtherError::new(Declined)),
        };
        self.answer_peer(Err(reason.into()), now)
    }

    /// The ciphertext to send.
    pub fn ciphertext(&self) -> &[u8] {
        &self.ciphertext
    }

    /// The ciphertext has been taken. A large buffer is freed: an idle connection holds none.
    pub fn ciphertext_taken(&mut self) {
        if self.notes().trace {
            let messages = self.plain_sent.read(&self.ciphertext);
            self.notes().note_plain(true, messages);
        }
        self.ciphertext = Vec::new();
    }

    /// The plaintext that the last call brought, one slice a record.
    pub fn plaintext(&self) -> impl Iterator<Item = &[u8]> {
        self.records.iter().map(|(place, length)| self.inbound.at(*place, *length))
    }

    /// The plaintext has been taken.
    pub fn plaintext_taken(&mut self) {
        self.records.clear();
        self.inbound.release();
    }

    /// What the handshake agreed on; `None` before its end.
    pub fn outputs(&self) -> Option<&ConnectionOutputs> {
        self.outputs.as_ref()
    }

    /// Whether the handshake resumed a session.
    pub fn is_resumed(&self) -> bool {
        let kind = self.outputs.as_ref().and_then(ConnectionOutputs::handshake_kind);
        matches!(kind, Some(HandshakeKind::Resumed | HandshakeKind::ResumedWithHelloRetryRequest))
    }

    /// The OCSP response that the server stapled, DER.
    pub fn ocsp_response(&self) -> Option<&[u8]> {
        Some(self.ocsp_response.as_slice()).filter(|response| !response.is_empty())
    }

    /// The verify_data of our Finished and of the peer's; empty before they were seen.
    pub fn finished(&self) -> (Vec<u8>, Vec<u8>) {
        let notes = self.notes();
        (notes.finished().to_vec(), notes.peer_finished().to_vec())
    }

    /// Export keying material (RFC 5705, RFC 8446 7.5) of a length in bytes.
    pub fn export(&self, length: usize, label: &[u8], context: Option<&[u8]>) -> Result<Zeroizing<Vec<u8>>, Failure> {
        let exporter = self.exporter.as_ref().filter(|_| length <= LONGEST_EXPORT).ok_or(Failure::Misuse)?;
        Ok(Zeroizing::new(exporter.derive(label, context, vec![0; length])?))
    }

    /// Keep the handshake messages from now on.
    pub fn trace(&mut self) {
        self.notes().trace = true;
    }

    /// The handshake messages since the last call, if tracing: whether it was sent, and its bytes.
    pub fn take_messages(&mut self) -> Vec<(bool, Vec<u8>)> {
        self.notes().take_messages()
    }

    /// Keep lines for a key log from now on.
    pub fn keep_key_lines(&mut self) {
        self.key_lines.keep();
    }

    /// The lines for a key log since the last call, if wanted.
    pub fn take_key_lines(&mut self) -> Vec<Zeroizing<String>> {
        self.key_lines.take()
    }

    /// Why the connection failed.
    pub fn failure(&self) -> Option<&Failure> {
        self.failure.as_ref()
    }

    fn notes(&self) -> std::sync::MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell_time(&self, now: f64) {
        if let Some(context) = &self.context {
            context.set_time(now);
        }
    }

    fn answer_peer(&mut self, answer: Result<VerifiedIdentity<'static>, Error>, now: f64) -> Status {
        self.tell_time(now);
        let notes = self.notes.clone();
        let _current = crypto::enter(&notes);
        let status = match mem::replace(&mut self.state, State::Failed) {
            State::ServerIdentity(verify) => match verify.continue_with(answer, &mut self.ciphertext) {
                Ok(next) => self.enter_client(next),
                Err(error) => return self.fail(error.into()),
            },
            State::ClientIdentity(verify) => match verify.continue_with(answer, &mut self.ciphertext) {
                Ok(next) => self.enter_server(next),
                Err(error) => return self.fail(error.into()),
            },
            state => {
                self.state = state;
                return self.fail(Failure::Misuse);
            }
        };
        status | self.advance(now)
    }

    /// Work on what the inbound window holds until it has nothing complete any more, or a decision is needed.
    fn advance(&mut self, now: f64) -> Status {
        self.tell_time(now);
        let notes = self.notes.clone();
        let _current = crypto::enter(&notes);
        self.records.clear();
        let mut status = Status::NOTHING;
        loop {
            let (next, waits) = match mem::replace(&mut self.state, State::Failed) {
                State::Client(handshake) => match handshake.process(&mut self.inbound, &mut self.ciphertext) {
                    Ok(next) => (self.enter_client(next), matches!(self.state, State::Client(_))),
                    Err(error) => (self.fail(error.into()), true),
                },
                State::Server(handshake) => match handshake.process(&mut self.inbound, &mut self.ciphertext) {
                    Ok(next) => (self.enter_server(next), matches!(self.state, State::Server(_))),
                    Err(error) => (self.fail_hello(error), true),
                },
                State::Open(traffic) => (self.read(traffic), true),
                State::Failed => (Status::FAILED, true),
                state => {
                    self.state = state;
                    (Status::NOTHING, true)
                }
            };
            status |= next;
            if waits {
                break;
            }
        }
        if self.records.is_empty() {
            self.inbound.release();
        }
        self.collect_sessions(now);
        if let Some(server) = &mut self.server {
            server.collect_sessions();
        }
        status | self.standing()
    }

    fn read(&mut self, mut traffic: Traffic) -> Status {
        let read = traffic.read(&mut self.inbound, &mut self.records);
        if read.as_ref().map_or(true, |read| read.flush)
            && let Some(send) = &mut traffic.send
        {
            // It fails after a fatal alert, which is among the ciphertext by then.
            let _ = send.write(OutboundPlain::new_empty(), &mut self.ciphertext);
        }
        match read {
            Ok(read) => {
                self.state = State::Open(traffic);
                if read.peer_closed { Status::PEER_CLOSED } else { Status::NOTHING }
            }
            Err(error) => self.fail(error.into()),
        }
    }

    /// The handshake is done.
    fn open(&mut self, (traffic, mut outputs): (Traffic, ConnectionOutputs)) -> Status {
        self.exporter = outputs.exporter().ok();
        if self.peer.is_none() {
            self.peer = self.recalled_peer(&outputs);
        }
        self.outputs = Some(outputs);
        self.state = State::Open(traffic);
        Status::HANDSHAKE_DONE
    }

    /// Who the peer is of a session that was resumed.
    fn recalled_peer(&self, outputs: &ConnectionOutputs) -> Option<Identity<'static>> {
        match &self.client {
            // What rustls knows is the stand-in of a restored session.
            Some(client) => client.offered_peer(),
            None => outputs.peer_identity().map(|verified| verified.identity().clone()),
        }
    }

    fn fail(&mut self, failure: Failure) -> Status {
        self.state = State::Failed;
        self.failure.get_or_insert(failure);
        Status::FAILED | self.standing()
    }

    /// What there is to fetch.
    fn standing(&self) -> Status {
        let there_is = [
            (!self.ciphertext.is_empty(), Status::CIPHERTEXT),
            (!self.records.is_empty(), Status::PLAINTEXT),
            (self.client.as_ref().is_some_and(ClientSessions::has_new), Status::SESSION),
            (self.server.as_ref().is_some_and(server::ServerSide::has_new), Status::SESSION),
            (self.key_lines.has_new(), Status::KEY_LINES),
        ];
        there_is.into_iter().filter(|(is, _)| *is).fold(Status::NOTHING, |all, (_, flag)| all | flag)
    }
}

/// The most keying material that is exported, in bytes: more than TLS 1.3 can give, which is 255 hashes (RFC 5869, 2.3).
const LONGEST_EXPORT: usize = 64 * 1024;

/// The reason of a peer that was declined for what rustls has no word for.
#[derive(Debug)]
struct Declined;

impl std::fmt::Display for Declined {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("declined")
    }
}

impl std::error::Error for Declined {}
