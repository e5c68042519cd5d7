//! The handle of a [`ClientConnection`].

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;

use super::context::Context;
use crate::connection::{ClientConnection, Status};

/// The handle of a client's connection. Statuses are [`Status`]'s flags; addresses are of wasm memory, and good until the
/// next call.
#[wasm_bindgen]
pub struct Client {
    connection: ClientConnection,
    /// Address and length of each plaintext record of the last call.
    records: Vec<u32>,
}

#[wasm_bindgen]
impl Client {
    /// Start a handshake. `protocols` is a ProtocolNameList (RFC 7301, 3.1) without its length.
    #[wasm_bindgen(constructor)]
    pub fn new(context: &Context, server_name: Option<String>, protocols: &[u8], now: f64) -> Result<Client, String> {
        let protocols = protocol_names(protocols);
        ClientConnection::new(context.0.clone(), server_name.as_deref(), &protocols, now)
            .map(|connection| Self { connection, records: Vec::new() })
            .map_err(|failure| failure.to_string())
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

    /// Judge the peer's chain: `[code or undefined, [DER, ...]]`; undefined when there is none or it is not X.509.
    pub fn judge(&self) -> Option<Array> {
        let judgement = self.connection.judge_peer()?;
        let chain: Array = judgement.chain.iter().map(|der| Uint8Array::from(der.as_slice())).collect();
        Some(Array::of2(&judgement.verdict.map(|verdict| verdict.code()).into(), &chain))
    }

    /// The certificates that the peer presented, as DER.
    #[wasm_bindgen(js_name = peerCertificates)]
    pub fn peer_certificates(&self) -> Array {
        let certificates = self.connection.peer_certificates();
        certificates.iter().map(|der| Uint8Array::from(der.as_ref())).collect()
    }

    /// Go on with the handshake.
    pub fn accept(&mut self, now: f64) -> u32 {
        let status = self.connection.accept_peer(now);
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

    /// The agreed version, as on the wire; 0 before.
    pub fn protocol(&self) -> u16 {
        let version = self.connection.outputs().and_then(|outputs| outputs.protocol_version());
        version.map_or(0, |version| version.0)
    }

    /// The agreed suite, as on the wire; 0 before.
    pub fn cipher(&self) -> u16 {
        let suite = self.connection.outputs().and_then(|outputs| outputs.negotiated_cipher_suite());
        suite.map_or(0, |suite| u16::from(suite.suite()))
    }

    /// The group of the key exchange, as on the wire; 0 before.
    pub fn group(&self) -> u16 {
        let group = self.connection.outputs().and_then(|outputs| outputs.negotiated_key_exchange_group());
        group.map_or(0, |group| group.name().0)
    }

    /// What ALPN agreed on.
    pub fn alpn(&self) -> Option<Vec<u8>> {
        let protocol = self.connection.outputs()?.alpn_protocol()?;
        Some(protocol.as_ref().to_vec())
    }

    /// Why the connection failed: `kind:detail`.
    pub fn failure(&self) -> Option<String> {
        self.connection.failure().map(ToString::to_string)
    }

    fn table(&mut self, status: Status) -> u32 {
        self.records.clear();
        for record in self.connection.plaintext() {
            self.records.extend([record.as_ptr() as u32, record.len() as u32]);
        }
        status.0
    }
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
