//! The other end: rustls's server side, and a client of ours that trusts it.

use std::sync::Arc;

use isomorphic_tls::connection::{ClientParameters, Connection as OurConnection, Status};
use isomorphic_tls::context::SecureContext;
use rustls::crypto::{Credentials, Identity, SingleCredential};
use rustls::server::ServerSide;
use rustls::{Connection, ServerConfig, Tcp, VecInput};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use crate::certificates::{NOW, leaf, parameters, root};

pub(crate) struct Server {
    connection: Connection<ServerSide, Tcp>,
    input: VecInput,
    pub(crate) received: Vec<u8>,
    pub(crate) peer_closed: bool,
}

impl Server {
    /// Bring ciphertext, and take the answer.
    pub(crate) fn receive(&mut self, ciphertext: &[u8]) -> Result<Vec<u8>, rustls::Error> {
        let mut answer = Vec::new();
        for piece in ciphertext.chunks(4096) {
            self.input.read(&mut &piece[..]).unwrap();
            let handler = self.connection.read_tls(&mut self.input, &mut answer);
            self.peer_closed |= handler.handle_all(&mut self.received)?.peer_has_closed();
        }
        Ok(answer)
    }

    pub(crate) fn send(&mut self, plaintext: &[u8]) -> Vec<u8> {
        let mut ciphertext = Vec::new();
        self.connection.write(plaintext.into(), &mut ciphertext).unwrap();
        ciphertext
    }

    pub(crate) fn close(&mut self) -> Vec<u8> {
        let mut ciphertext = Vec::new();
        self.connection.send_close_notify(&mut ciphertext).unwrap();
        ciphertext
    }
}

/// A server with a fresh certificate for `localhost`, and a client that trusts its issuer.
pub(crate) fn pair(tls12: bool, tls13: bool) -> (Server, OurConnection) {
    let authority = root("root");
    let (certificate, key) = leaf(&parameters("localhost"), &authority);
    let provider = isomorphic_tls::crypto::provider(&isomorphic_tls::crypto::Selection::default());
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let key = provider.key_provider.load_private_key(key).unwrap();
    let identity = Identity::from_cert_chain(vec![CertificateDer::from(certificate.der().to_vec())]).unwrap();
    let credentials = Credentials::new_unchecked(Arc::new(identity), key);
    let config = ServerConfig::builder_with_details(provider, Arc::new(Clock))
        .with_no_client_auth()
        .with_server_credential_resolver(Arc::new(SingleCredential::from(credentials)))
        .unwrap();
    let server = Server {
        connection: Connection::<ServerSide, Tcp>::new(Arc::new(config)).unwrap(),
        input: VecInput::default(),
        received: Vec::new(),
        peer_closed: false,
    };

    let mut context = SecureContext::new(tls12, tls13);
    context.trust_nothing();
    context.trust(authority.der()).unwrap();
    let parameters = ClientParameters { server_name: Some("localhost".into()), ..ClientParameters::default() };
    let client = OurConnection::client(Arc::new(context), parameters, NOW).unwrap();
    (server, client)
}

/// Bring ciphertext to a client, accept its peer when asked, and tell all statuses together.
pub(crate) fn bring(client: &mut OurConnection, ciphertext: &[u8]) -> Status {
    let Some(room) = client.inbound(ciphertext.len()) else {
        return Status::FAILED;
    };
    room.copy_from_slice(ciphertext);
    let mut status = client.receive(ciphertext.len(), NOW);
    if status.has(Status::PEER_IDENTITY) {
        assert_eq!(client.judge_peer().unwrap().verdict, None);
        status |= client.accept_peer(true, NOW);
    }
    status
}

/// Seal plaintext.
pub(crate) fn send(client: &mut OurConnection, plaintext: &[u8]) -> Status {
    client.outbound(plaintext.len()).unwrap().copy_from_slice(plaintext);
    client.send(plaintext.len())
}

/// The ciphertext of a client.
pub(crate) fn take(client: &mut OurConnection) -> Vec<u8> {
    let ciphertext = client.ciphertext().to_vec();
    client.ciphertext_taken();
    ciphertext
}

/// The plaintext of a client.
pub(crate) fn plaintext(client: &mut OurConnection) -> Vec<Vec<u8>> {
    let records = client.plaintext().map(<[u8]>::to_vec).collect();
    client.plaintext_taken();
    records
}

/// Shake hands to the end.
pub(crate) fn shake_hands(server: &mut Server, client: &mut OurConnection) {
    let mut done = false;
    for _ in 0..4 {
        let to_server = take(client);
        let to_client = server.receive(&to_server).unwrap();
        done |= bring(client, &to_client).has(Status::HANDSHAKE_DONE);
    }
    assert!(done);
}

#[derive(Debug)]
struct Clock;

impl rustls::time_provider::TimeProvider for Clock {
    fn current_time(&self) -> Option<rustls_pki_types::UnixTime> {
        Some(rustls_pki_types::UnixTime::since_unix_epoch(std::time::Duration::from_millis(NOW as u64)))
    }
}
