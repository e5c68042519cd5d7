//! The handle of a [`connection::Connection`].

use js_sys::{Array, JsString, Uint8Array, Uint16Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use super::context::Context;
use super::handshake::{GivenChoice, GivenParameters};
use super::secret;
use super::stack::CleanStack;
use crate::connection::{self, ClientParameters, Failure, ServerChoice, Status};
use crate::session::client::ClientSession;
use crate::session::server::KeptSession;
use crate::trust::StaplePolicy;

/// The handle of a connection. Statuses are [`Status`]'s flags; addresses are of wasm memory, and good until the next call.
#[wasm_bindgen]
pub struct Connection {
    connection: connection::Connection,
    /// Address and length of each plaintext record of the last call.
    records: Vec<u32>,
    /// What a client's sessions are sealed with.
    sealing_key: Option<SealingKey>,
    _stack: CleanStack,
}

#[wasm_bindgen]
impl Connection {
    /// Start a client's handshake.
    pub fn client(context: &Context, given: &GivenParameters, now: f64) -> Result<Connection, JsString> {
        let sealing_key = read_sealing_key(given.sealing_key());
        let parameters = ClientParameters {
            server_name: given.servername(),
            protocols: protocol_names(&given.protocols().to_vec()).into_iter().map(<[u8]>::to_vec).collect(),
            host: given.host(),
            session: given.session().and_then(|bytes| open_session(&secret(&bytes), sealing_key.as_ref())),
            psk: given.psk().map(|psk| psk.read()),
            request_ocsp: given.request_ocsp(),
            trace: given.trace(),
        };
        connection::Connection::client(context.0.clone(), parameters, now)
            .map(|connection| Self { connection, records: Vec::new(), sealing_key, _stack: CleanStack })
            .map_err(|failure| failure.to_string().into())
    }

    /// Wait for a client's handshake.
    pub fn server(trace: bool) -> Connection {
        let connection = connection::Connection::server(trace);
        Self { connection, records: Vec::new(), sealing_key: None, _stack: CleanStack }
    }

    /// What the client said: `[server name, [protocol, ...], session id, [pre-shared key's identity, ...], signature schemes, versions,
    /// whether there is a ticket, whether a staple is wanted]`.
    #[wasm_bindgen(js_name = clientHello)]
    pub fn client_hello(&self) -> Option<Array> {
        let hello = self.connection.client_hello()?;
        let fields: [JsValue; 8] = [
            hello.server_name.clone().into(),
            arrays(&hello.alpn).into(),
            Uint8Array::from(hello.session_id.as_slice()).into(),
            arrays(&hello.psk_identities).into(),
            Uint16Array::from(hello.signature_schemes.as_slice()).into(),
            Uint16Array::from(hello.versions.as_slice()).into(),
            hello.session_ticket.as_ref().is_some_and(|ticket| !ticket.is_empty()).into(),
            hello.status_request.into(),
        ];
        Some(fields.into_iter().collect())
    }

    /// Answer the ClientHello.
    pub fn answer(
        &mut self,
        context: &Context,
        identity: Option<Context>,
        trust: Option<Context>,
        given: &GivenChoice,
        now: f64,
    ) -> u32 {
        let choice = ServerChoice {
            context: context.0.clone(),
            identity: identity.map(|context| context.0),
            trust: trust.map(|context| context.0),
            protocol: given.protocol().map(|bytes| bytes.to_vec()),
            client_authentication: given.client_authentication(),
            session: given.session().map(|kept| kept.read()),
            psk: given.psk().map(|psk| psk.read()),
            ocsp_response: given.ocsp().map(|bytes| bytes.to_vec()),
            keep_sessions: given.keep_sessions(),
        };
        let status = self.connection.answer(choice, now);
        self.table(status)
    }

    /// Refuse the ClientHello with an alert.
    pub fn refuse(&mut self, alert: u8) -> u32 {
        self.connection.refuse(alert).0
    }

    /// Where to write ciphertext from the peer; 0 if it is too much, and the connection has failed then.
    pub fn inbound(&mut self, length: usize) -> usize {
        address(self.connection.inbound(length))
    }

    /// Work on ciphertext that was written.
    pub fn receive(&mut self, length: usize, now: f64) -> u32 {
        let status = self.connection.receive(length, now);
        self.table(status)
    }

    /// Where to write plaintext to send; 0 if it is too much, and the connection has failed then.
    pub fn outbound(&mut self, length: usize) -> usize {
        address(self.connection.outbound(length))
    }

    /// Seal plaintext that was written.
    pub fn send(&mut self, length: usize) -> u32 {
        self.connection.send(length).0
    }

    /// Send close_notify.
    pub fn close(&mut self) -> u32 {
        self.connection.close().0
    }

    /// Judge the peer's chain: `[code or undefined, [DER, ...], [hash of key, ...]]`; undefined when there is none or it is not X.509.
    /// `staple_policy`: 0 to ignore what a server staples, 1 to verify it, 2 to require it.
    pub fn judge(&mut self, staple_policy: u8) -> Option<Array> {
        let judgement = match staple_policy {
            0 => self.connection.judge_peer(),
            1 => self.connection.judge_peer_and_staple(StaplePolicy::Verify),
            _ => self.connection.judge_peer_and_staple(StaplePolicy::Require),
        };
        judgement.map(super::context::judgement)
    }

    /// The channel binding `tls-server-end-point`.
    #[wasm_bindgen(js_name = serverEndPoint)]
    pub fn server_end_point(&self) -> Option<Uint8Array> {
        Some(self.connection.server_end_point()?.as_slice().into())
    }

    /// The certificates that the peer presented, as DER.
    #[wasm_bindgen(js_name = peerCertificates)]
    pub fn peer_certificates(&self) -> Array {
        let certificates = self.connection.peer_certificates();
        certificates.iter().map(|der| Uint8Array::from(der.as_ref())).collect()
    }

    /// The OCSP response that the server stapled.
    #[wasm_bindgen(js_name = ocspResponse)]
    pub fn ocsp_response(&self) -> Option<Uint8Array> {
        self.connection.ocsp_response().map(Uint8Array::from)
    }

    /// Go on with the handshake; `verified` is what new sessions say of the peer.
    pub fn accept(&mut self, verified: bool, now: f64) -> u32 {
        let status = self.connection.accept_peer(verified, now);
        self.table(status)
    }

    /// Fail for a reason.
    pub fn decline(&mut self, code: &str, now: f64) -> u32 {
        self.connection.decline_peer(code, now).0
    }

    /// Where the ciphertext is.
    #[wasm_bindgen(js_name = ciphertextAddress)]
    pub fn ciphertext_address(&self) -> usize {
        self.connection.ciphertext().as_ptr() as usize
    }

    /// How much ciphertext there is.
    #[wasm_bindgen(js_name = ciphertextLength)]
    pub fn ciphertext_length(&self) -> usize {
        self.connection.ciphertext().len()
    }

    /// The ciphertext has been taken.
    #[wasm_bindgen(js_name = ciphertextTaken)]
    pub fn ciphertext_taken(&mut self) {
        self.connection.ciphertext_taken();
    }

    /// Where the table of plaintext records is: address and length of each, as u32.
    #[wasm_bindgen(js_name = recordsAddress)]
    pub fn records_address(&self) -> usize {
        self.records.as_ptr() as usize
    }

    /// How many plaintext records there are.
    #[wasm_bindgen(js_name = recordsCount)]
    pub fn records_count(&self) -> usize {
        self.records.len() / 2
    }

    /// The plaintext has been taken.
    #[wasm_bindgen(js_name = plaintextTaken)]
    pub fn plaintext_taken(&mut self) {
        self.records.clear();
        self.connection.plaintext_taken();
    }

    /// What is agreed on, as numbers of the wire, 0 before: version, suite, group of the key exchange; whether a session was resumed, whether
    /// there is an extended master secret (RFC 7627), which TLS 1.3 does not need.
    pub fn facts(&self) -> Vec<u32> {
        let Some(outputs) = self.connection.outputs() else {
            return vec![0; 5];
        };
        vec![
            outputs.protocol_version().map_or(0, |version| version.0.into()),
            outputs.negotiated_cipher_suite().map_or(0, |suite| u16::from(suite.suite()).into()),
            outputs.negotiated_key_exchange_group().map_or(0, |group| group.name().0.into()),
            self.connection.is_resumed().into(),
            outputs.extended_main_secret().unwrap_or(false).into(),
        ]
    }

    /// What ALPN agreed on.
    pub fn alpn(&self) -> Option<Uint8Array> {
        let protocol = self.connection.outputs()?.alpn_protocol()?;
        Some(protocol.as_ref().into())
    }

    /// A client's session as it is now.
    pub fn session(&self) -> Option<Uint8Array> {
        self.write_session(&self.connection.session()?)
    }

    /// The ticket of a client's session.
    pub fn ticket(&self) -> Option<Uint8Array> {
        self.connection.session()?.ticket().map(Uint8Array::from)
    }

    /// A client's new sessions. Where nobody wants them there are none, and they are gone.
    #[wasm_bindgen(js_name = takeSessions)]
    pub fn take_sessions(&mut self, are_wanted: bool) -> Array {
        let sessions = self.connection.take_sessions();
        sessions.iter().filter(|_| are_wanted).filter_map(|session| self.write_session(session)).collect()
    }

    /// A server's new sessions: `[id, contents]`.
    #[wasm_bindgen(js_name = takeServerSessions)]
    pub fn take_server_sessions(&mut self) -> Array {
        let pair =
            |(id, data): KeptSession| Array::of2(&Uint8Array::from(id.as_slice()), &Uint8Array::from(data.as_slice()));
        self.connection.take_server_sessions().into_iter().map(pair).collect()
    }

    /// Keep lines for a key log from now on.
    #[wasm_bindgen(js_name = keepKeyLines)]
    pub fn keep_key_lines(&mut self) {
        self.connection.keep_key_lines();
    }

    /// The new lines for a key log.
    #[wasm_bindgen(js_name = takeKeyLines)]
    pub fn take_key_lines(&mut self) -> Array {
        self.connection.take_key_lines().iter().map(|line| JsString::from(line.as_str())).collect()
    }

    /// Keep handshake messages from now on.
    pub fn trace(&mut self) {
        self.connection.trace();
    }

    /// The new handshake messages: `[sent, bytes]`.
    #[wasm_bindgen(js_name = takeMessages)]
    pub fn take_messages(&mut self) -> Array {
        let pair = |(sent, bytes): (bool, Vec<u8>)| Array::of2(&sent.into(), &Uint8Array::from(bytes.as_slice()));
        self.connection.take_messages().into_iter().map(pair).collect()
    }

    /// The verify_data of our Finished and of the peer's.
    pub fn finished(&self) -> Array {
        let (own, peer) = self.connection.finished();
        Array::of2(&Uint8Array::from(own.as_slice()), &Uint8Array::from(peer.as_slice()))
    }

    /// Export keying material.
    #[wasm_bindgen(js_name = exportKeyingMaterial)]
    pub fn export_keying_material(
        &self,
        length: usize,
        label: &Uint8Array,
        context: Option<Uint8Array>,
    ) -> Option<Uint8Array> {
        let context = context.map(|bytes| bytes.to_vec());
        let material = self.connection.export(length, &label.to_vec(), context.as_deref()).ok()?;
        Some(material.as_slice().into())
    }

    /// Why the connection failed: `reason:detail`.
    pub fn failure(&self) -> JsString {
        self.connection.failure().unwrap_or(&Failure::Misuse).to_string().into()
    }

    fn write_session(&self, session: &ClientSession) -> Option<Uint8Array> {
        Some(match &self.sealing_key {
            Some(key) => session.seal(key)?.as_slice().into(),
            None => session.encode()?.as_slice().into(),
        })
    }

    fn table(&mut self, status: Status) -> u32 {
        self.records.clear();
        for record in self.connection.plaintext() {
            self.records.extend([record.as_ptr() as u32, record.len() as u32]);
        }
        status.0
    }
}

/// It has a place of its own: whatever is moved leaves copies behind.
type SealingKey = Box<Zeroizing<[u8; 32]>>;

fn read_sealing_key(bytes: Option<Uint8Array>) -> Option<SealingKey> {
    let bytes = bytes?;
    let mut key = SealingKey::default();
    if bytes.length() as usize != key.len() {
        return None;
    }
    bytes.copy_to(key.as_mut_slice());
    Some(key)
}

/// With a key, only what it sealed is a session.
fn open_session(bytes: &[u8], sealing_key: Option<&SealingKey>) -> Option<ClientSession> {
    match sealing_key {
        Some(key) => ClientSession::open(key, bytes),
        None => ClientSession::decode(bytes),
    }
}

/// What a client's session says: `[host, whether the peer was verified, seconds since 1970 until which its staple is good, whether it has
/// expired, [DER, ...]]`.
#[wasm_bindgen(js_name = readSession)]
pub fn read_session(bytes: &Uint8Array, sealing_key: Option<Uint8Array>, now: f64) -> Option<Array> {
    let _stack = CleanStack;
    let session = open_session(&secret(bytes), read_sealing_key(sealing_key).as_ref())?;
    Some(Array::of5(
        &session.host.as_str().into(),
        &session.verified.into(),
        &session.staple_until.map(|until| until as f64).into(),
        &session.is_expired(now as u64).into(),
        &arrays(&session.chain).into(),
    ))
}

fn arrays(list: &[Vec<u8>]) -> Array {
    list.iter().map(|bytes| Uint8Array::from(bytes.as_slice())).collect()
}

fn address(room: Option<&mut [u8]>) -> usize {
    room.map_or(0, |room| room.as_mut_ptr() as usize)
}

fn protocol_names(mut list: &[u8]) -> Vec<&[u8]> {
    let mut names = Vec::new();
    while let Some((length, rest)) = list.split_first() {
        let Some((name, rest)) = rest.split_at_checked(usize::from(*length)) else {
            break;
        };
        names.push(name);
        list = rest;
    }
    names
}
