//! The client side of a connection.

use std::mem;
use std::sync::Arc;

use rustls::client::{ClientHandshake, ClientSide};
use rustls::crypto::cipher::OutboundPlain;
use rustls::crypto::{Identity, VerifiedIdentity};
use rustls::enums::ApplicationProtocol;
use rustls::error::{CertificateError, Error};
use rustls::split::{ReceiveTraffic, ReceiveTrafficState, SendTraffic, SplitConnection};
use rustls::{ConnectionOutputs, NeedsInput, Tcp, VerifyPeerIdentity};
use rustls_pki_types::{CertificateDer, IpAddr, Ipv4Addr, ServerName};

use super::{Failure, Status, Window};
use crate::context::SecureContext;
use crate::trust::{Judgement, judge_server};

/// The client side of a connection.
pub struct ClientConnection {
    context: Arc<SecureContext>,
    state: State,
    inbound: Window,
    /// Plaintext records in the inbound window: place and length.
    records: Vec<(usize, usize)>,
    outbound: Window,
    ciphertext: Vec<u8>,
    peer: Option<Identity<'static>>,
    outputs: Option<ConnectionOutputs>,
    failure: Option<Failure>,
}

enum State {
    NeedsInput(NeedsInput<ClientSide>),
    PeerIdentity(VerifyPeerIdentity<ClientSide, Tcp>),
    Open(Open),
    Failed,
}

struct Open {
    /// `None` once the peer has sent close_notify.
    receive: Option<ReceiveTraffic<ClientSide>>,
    /// `None` once we have sent close_notify.
    send: Option<SendTraffic>,
}

impl ClientConnection {
    /// Start a handshake: the ClientHello is among the ciphertext then.
    ///
    /// * `server_name`: what to send as SNI, a DNS name; nothing is sent for `None`.
    /// * `protocols`: what to offer with ALPN, in order of preference.
    /// * `now`: milliseconds since 1970.
    pub fn new(
        context: Arc<SecureContext>,
        server_name: Option<&str>,
        protocols: &[&[u8]],
        now: f64,
    ) -> Result<Self, Failure> {
        context.set_time(now);
        // rustls sends no SNI for an address.
        let server_name = match server_name {
            Some(name) => ServerName::try_from(name.to_string()).map_err(|_| Failure::ServerName(name.to_string()))?,
            None => ServerName::IpAddress(IpAddr::V4(Ipv4Addr::from([0; 4]))),
        };
        let protocols = protocols.iter().map(|name| ApplicationProtocol::from(*name).to_owned()).collect();
        let mut ciphertext = Vec::new();
        let handshake =
            context.client_config()?.connect(server_name).with_alpn(protocols).start_handshake(&mut ciphertext)?;
        Ok(Self {
            context,
            state: State::NeedsInput(handshake),
            inbound: Window::default(),
            records: Vec::new(),
            outbound: Window::default(),
            ciphertext,
            peer: None,
            outputs: None,
            failure: None,
        })
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
        self.inbound.commit(length);
        self.advance(now)
    }

    /// Seal `length` bytes of plaintext.
    pub fn send(&mut self, length: usize) -> Status {
        self.outbound.commit(length);
        let State::Open(Open { send: Some(send), .. }) = &mut self.state else {
            return self.fail(Failure::Misuse);
        };
        let sealed = send.write(OutboundPlain::from(self.outbound.bytes()), &mut self.ciphertext);
        rustls::TlsInputBuffer::discard(&mut self.outbound, length);
        self.outbound.release();
        match sealed {
            Ok(()) => self.sendable(),
            Err(error) => self.fail(error.into()),
        }
    }

    /// Send close_notify. Nothing can be sent after it; receiving goes on. Harmless when done before.
    pub fn close(&mut self) -> Status {
        if let State::Open(open) = &mut self.state
            && let Some(send) = open.send.take()
            && let Err(error) = send.close(&mut self.ciphertext)
        {
            return self.fail(error.into());
        }
        self.sendable()
    }

    /// Judge the chain that the peer presented; only at [`Status::PEER_IDENTITY`] and later.
    pub fn judge_peer(&self) -> Option<Judgement> {
        let Some(Identity::X509(identity)) = &self.peer else {
            return None;
        };
        let others: Vec<_> = identity.intermediates.iter().map(AsRef::as_ref).collect();
        judge_server(
            self.context.trust_store(),
            identity.end_entity.as_ref(),
            &others,
            self.context.time(),
            self.context.allow_partial_chain,
        )
        .ok()
    }

    /// The certificates that the peer presented, leaf first, as DER.
    pub fn peer_certificates(&self) -> Vec<&CertificateDer<'static>> {
        match &self.peer {
            Some(Identity::X509(identity)) => {
                std::iter::once(&identity.end_entity).chain(&identity.intermediates).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Answer [`Status::PEER_IDENTITY`]: go on with the handshake.
    pub fn accept_peer(&mut self, now: f64) -> Status {
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
            "UNABLE_TO_GET_ISSUER_CERT"
            | "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"
            | "UNABLE_TO_VERIFY_LEAF_SIGNATURE"
            | "DEPTH_ZERO_SELF_SIGNED_CERT"
            | "SELF_SIGNED_CERT_IN_CHAIN" => CertificateError::UnknownIssuer,
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

    /// Why the connection failed.
    pub fn failure(&self) -> Option<&Failure> {
        self.failure.as_ref()
    }

    fn answer_peer(&mut self, answer: Result<VerifiedIdentity<'static>, Error>, now: f64) -> Status {
        self.context.set_time(now);
        match mem::replace(&mut self.state, State::Failed) {
            State::PeerIdentity(verify) => match verify.continue_with(answer, &mut self.ciphertext) {
                Ok(next) => {
                    let status = self.enter(next);
                    status | self.advance(now)
                }
                Err(error) => self.fail(error.into()),
            },
            state => {
                self.state = state;
                self.fail(Failure::Misuse)
            }
        }
    }

    /// Work on what the inbound window holds until it has nothing complete any more, or a decision is needed.
    fn advance(&mut self, now: f64) -> Status {
        self.context.set_time(now);
        self.records.clear();
        let mut status = Status::NOTHING;
        loop {
            match mem::replace(&mut self.state, State::Failed) {
                State::NeedsInput(handshake) => match handshake.process(&mut self.inbound, &mut self.ciphertext) {
                    Ok(next @ ClientHandshake::NeedsInput(_)) => {
                        status |= self.enter(next);
                        break;
                    }
                    Ok(next) => status |= self.enter(next),
                    Err(error) => return status | self.fail(error.into()),
                },
                State::Open(open) => {
                    status |= self.open_records(open);
                    break;
                }
                state @ State::PeerIdentity(_) => {
                    self.state = state;
                    break;
                }
                State::Failed => {
                    status |= Status::FAILED;
                    break;
                }
            }
        }
        self.inbound_digested();
        status | self.sendable()
    }

    fn enter(&mut self, handshake: ClientHandshake) -> Status {
        match handshake {
            ClientHandshake::NeedsInput(next) => {
                self.state = State::NeedsInput(next);
                Status::NOTHING
            }
            ClientHandshake::VerifyServerIdentity(verify) => match verify.presented_identity() {
                Ok(presented) => {
                    self.peer = Some(presented.identity.clone().into_owned());
                    self.state = State::PeerIdentity(verify);
                    Status::PEER_IDENTITY
                }
                Err(error) => self.fail(error.into()),
            },
            ClientHandshake::Complete(SplitConnection { send, receive, outputs, .. }) => {
                self.outputs = Some(outputs);
                self.state = State::Open(Open { receive: Some(receive), send: Some(send) });
                Status::HANDSHAKE_DONE
            }
            _ => self.fail(Failure::Misuse),
        }
    }

    fn open_records(&mut self, open: Open) -> Status {
        let Open { receive, mut send } = open;
        let Some(mut receive) = receive else {
            // After close_notify everything is ignored (RFC 8446, 6.1).
            let held = self.inbound.bytes().len();
            rustls::TlsInputBuffer::discard(&mut self.inbound, held);
            self.state = State::Open(Open { receive: None, send });
            return Status::NOTHING;
        };
        loop {
            let mut more = false;
            let mut next = match receive.read(&mut self.inbound) {
                Ok(ReceiveTrafficState::Available(mut record)) => {
                    more = true;
                    let data = record.data();
                    let (pointer, length) = (data.as_ptr(), data.len());
                    let next = record.into_next();
                    if length > 0 {
                        self.records.push((self.inbound.place_of_pointer(pointer), length));
                    }
                    next
                }
                Ok(next) => match next {
                    ReceiveTrafficState::ReadMore(receive) => ReceiveTrafficState::ReadMore(receive),
                    ReceiveTrafficState::FlushSender(flush) => ReceiveTrafficState::FlushSender(flush),
                    _ => ReceiveTrafficState::CloseNotify,
                },
                Err(error) => {
                    self.flush(&mut send);
                    return self.readable() | self.fail(error.into());
                }
            };
            if let ReceiveTrafficState::FlushSender(flush) = next {
                self.flush(&mut send);
                next = flush.into_next();
            }
            match next {
                ReceiveTrafficState::ReadMore(next) if more => receive = next,
                ReceiveTrafficState::ReadMore(next) => {
                    self.state = State::Open(Open { receive: Some(next), send });
                    return self.readable();
                }
                ReceiveTrafficState::CloseNotify => {
                    self.state = State::Open(Open { receive: None, send });
                    return self.readable() | Status::PEER_CLOSED;
                }
                _ => return self.readable() | self.fail(Failure::Misuse),
            }
        }
    }

    /// Fetch what receiving gave the sender to send: a key update, an alert.
    fn flush(&mut self, send: &mut Option<SendTraffic>) {
        if let Some(send) = send {
            // It fails after a fatal alert, which is among the ciphertext by then.
            let _ = send.write(OutboundPlain::new_empty(), &mut self.ciphertext);
        }
    }

    fn fail(&mut self, failure: Failure) -> Status {
        self.state = State::Failed;
        self.failure.get_or_insert(failure);
        Status::FAILED | self.sendable()
    }

    fn sendable(&self) -> Status {
        match self.ciphertext.is_empty() {
            true => Status::NOTHING,
            false => Status::CIPHERTEXT,
        }
    }

    fn readable(&self) -> Status {
        match self.records.is_empty() {
            true => Status::NOTHING,
            false => Status::PLAINTEXT,
        }
    }

    fn inbound_digested(&mut self) {
        if self.records.is_empty() {
            self.inbound.release();
        }
    }
}

/// The reason of a peer that was declined for what rustls has no word for.
#[derive(Debug)]
struct Declined;

impl std::fmt::Display for Declined {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("declined")
    }
}

impl std::error::Error for Declined {}
