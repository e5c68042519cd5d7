//! A client and a server of ours.

use std::sync::Arc;

use isomorphic_tls::connection::{ClientAuthentication, ClientParameters, Connection, Failure, ServerChoice, Status};
use isomorphic_tls::context::SecureContext;
use isomorphic_tls::session::client::ClientSession;
use rcgen::ExtendedKeyUsagePurpose;
use rustls_pki_types::PrivateKeyDer;

use crate::certificates::{NOW, leaf, parameters, root};
use crate::tests;

/// Contexts of two ends that trust each other.
struct Contexts {
    client: Arc<SecureContext>,
    server: Arc<SecureContext>,
}

fn contexts(tls12: bool, tls13: bool) -> Contexts {
    let authority = root("root");
    let context = |name: &str, purpose| {
        let mut parameters = parameters(name);
        parameters.extended_key_usages = vec![purpose];
        let (certificate, key) = leaf(&parameters, &authority);
        let mut context = SecureContext::new(tls12, tls13);
        context.trust_nothing();
        context.trust(authority.der()).unwrap();
        context.add_chain(vec![certificate.der().to_vec()]).unwrap();
        context.add_private_key(PrivateKeyDer::try_from(key.serialize_der()).unwrap()).unwrap();
        Arc::new(context)
    };
    Contexts {
        client: context("client", ExtendedKeyUsagePurpose::ClientAuth),
        server: context("localhost", ExtendedKeyUsagePurpose::ServerAuth),
    }
}

/// The server's choice where nothing is chosen.
fn plain_choice(context: &Arc<SecureContext>) -> ServerChoice {
    ServerChoice {
        context: context.clone(),
        identity: None,
        trust: None,
        protocol: None,
        client_authentication: ClientAuthentication::None,
        session: None,
        psk: None,
        ocsp_response: None,
        keep_sessions: false,
    }
}

fn parameters_of_client() -> ClientParameters {
    ClientParameters { server_name: Some("localhost".into()), host: "localhost".into(), ..ClientParameters::default() }
}

/// Two connections, and all that they have said of themselves.
struct Ends {
    client: Connection,
    server: Connection,
    client_said: Status,
    server_said: Status,
    received: Vec<u8>,
}

fn shake_hands(contexts: &Contexts, parameters: ClientParameters, choice: ServerChoice) -> Ends {
    let mut choice = Some(choice);
    let mut ends = Ends {
        client: Connection::client(contexts.client.clone(), parameters, NOW).unwrap(),
        server: Connection::server(false),
        client_said: Status::NOTHING,
        server_said: Status::NOTHING,
        received: Vec::new(),
    };
    for _ in 0..6 {
        let mut said = bring(&mut ends.server, &take(&mut ends.client));
        if said.has(Status::CLIENT_HELLO) {
            said |= ends.server.answer(choice.take().unwrap(), NOW);
        }
        ends.server_said |= said;
        let to_client = take(&mut ends.server);
        ends.client_said |= bring(&mut ends.client, &to_client);
        ends.received.extend(ends.client.plaintext().flatten());
    }
    ends
}

fn take(connection: &mut Connection) -> Vec<u8> {
    let ciphertext = connection.ciphertext().to_vec();
    connection.ciphertext_taken();
    ciphertext
}

fn bring(connection: &mut Connection, ciphertext: &[u8]) -> Status {
    connection.inbound(ciphertext.len()).unwrap().copy_from_slice(ciphertext);
    let mut status = connection.receive(ciphertext.len(), NOW);
    if status.has(Status::PEER_IDENTITY) {
        assert_eq!(connection.judge_peer().unwrap().verdict, None);
        status |= connection.accept_peer(true, NOW);
    }
    status
}

impl Ends {
    fn assert_done(&self) {
        assert!(self.client_said.has(Status::HANDSHAKE_DONE), "{:?}", self.client.failure());
        assert!(self.server_said.has(Status::HANDSHAKE_DONE), "{:?}", self.server.failure());
        let ((own, peer), (servers, clients)) = (self.client.finished(), self.server.finished());
        assert!(!own.is_empty());
        assert_eq!((own, peer), (clients, servers));
    }

    fn session(&mut self) -> ClientSession {
        self.client.take_sessions().pop().unwrap()
    }
}

const VERSIONS: [(bool, bool); 2] = [(true, false), (false, true)];

tests! {
    fn both_sides_authenticate() {
        for (tls12, tls13) in VERSIONS {
            let contexts = contexts(tls12, tls13);
            let choice = ServerChoice { client_authentication: ClientAuthentication::Required, ..plain_choice(&contexts.server) };
            let ends = shake_hands(&contexts, parameters_of_client(), choice);
            ends.assert_done();
            // A leaf that stands alone is completed by the issuers that are known.
            assert_eq!(ends.server.peer_certificates().len(), 2);
            assert!(!ends.server.is_resumed());
        }
    }

    fn a_client_without_a_certificate_is_refused_where_one_is_required() {
        for (tls12, tls13, alert) in [
            (true, false, "sslv3 alert handshake failure:SSL alert number 40"),
            (false, true, "tlsv13 alert certificate required:SSL alert number 116"),
        ] {
            let mut contexts = contexts(tls12, tls13);
            let mut bare = SecureContext::new(tls12, tls13);
            bare.trust(&contexts.server.own_chain()[1]).unwrap();
            contexts.client = Arc::new(bare);
            let choice = ServerChoice { client_authentication: ClientAuthentication::Required, ..plain_choice(&contexts.server) };
            let ends = shake_hands(&contexts, parameters_of_client(), choice);
            assert!(ends.server_said.has(Status::FAILED));
            assert_eq!(ends.client.failure().unwrap().to_string(), alert);
        }
    }

    fn sessions_resume_through_bytes() {
        for (tls12, tls13) in VERSIONS {
            let contexts = contexts(tls12, tls13);
            let mut first = shake_hands(&contexts, parameters_of_client(), plain_choice(&contexts.server));
            first.assert_done();
            let bytes = first.session().encode().unwrap();
            let session = ClientSession::decode(&bytes);
            let mut second =
                shake_hands(&contexts, ClientParameters { session, ..parameters_of_client() }, plain_choice(&contexts.server));
            second.assert_done();
            assert!(second.client.is_resumed() && second.server.is_resumed());
            assert_eq!(second.client.peer_certificates(), first.client.peer_certificates());
            assert!(second.client.take_sessions().is_empty());
            assert_eq!(second.client.session().unwrap().ticket(), ClientSession::decode(&bytes).unwrap().ticket());
        }
    }

    fn a_session_of_nobody_is_not_resumed_where_a_certificate_is_required() {
        for (tls12, tls13) in VERSIONS {
            let contexts = contexts(tls12, tls13);
            let mut first = shake_hands(&contexts, parameters_of_client(), plain_choice(&contexts.server));
            let session = Some(first.session());
            let choice = || ServerChoice { client_authentication: ClientAuthentication::Required, ..plain_choice(&contexts.server) };
            let mut second = shake_hands(&contexts, ClientParameters { session, ..parameters_of_client() }, choice());
            second.assert_done();
            assert!(!second.client.is_resumed());
            assert!(!second.server.peer_certificates().is_empty());
            // That of a client that has shown one is.
            let session = Some(second.session());
            let third = shake_hands(&contexts, ClientParameters { session, ..parameters_of_client() }, choice());
            third.assert_done();
            assert!(third.client.is_resumed());
            assert_eq!(third.server.peer_certificates(), second.server.peer_certificates());
        }
    }

    fn other_ticket_keys_mean_a_full_handshake() {
        for (tls12, tls13) in VERSIONS {
            let contexts = contexts(tls12, tls13);
            let mut first = shake_hands(&contexts, parameters_of_client(), plain_choice(&contexts.server));
            let session = Some(first.session());
            contexts.server.set_ticket_keys(isomorphic_tls::session::tickets::TicketKeys::from_bytes(&[7; 48]));
            let second =
                shake_hands(&contexts, ClientParameters { session, ..parameters_of_client() }, plain_choice(&contexts.server));
            second.assert_done();
            assert!(!second.client.is_resumed());
        }
    }

    fn a_client_hello_is_kept_until_it_is_answered() {
        let contexts = contexts(true, true);
        let said = |connection: &mut Connection| {
            let mut client = Connection::client(contexts.client.clone(), parameters_of_client(), NOW).unwrap();
            assert!(bring(connection, &take(&mut client)).has(Status::CLIENT_HELLO));
            assert!(connection.client_hello().is_some());
        };
        let (mut answered, mut refused) = (Connection::server(false), Connection::server(false));
        said(&mut answered);
        assert!(answered.answer(plain_choice(&contexts.server), NOW).has(Status::CIPHERTEXT));
        assert_eq!(answered.client_hello(), None);
        said(&mut refused);
        assert!(refused.refuse(40).has(Status::FAILED));
        assert_eq!(refused.client_hello(), None);
    }

    fn external_keys_of_any_length_are_agreed_on() {
        for length in [1, 32, 64, 65, 256] {
            let contexts = contexts(false, true);
            let psk = Some((b"me".to_vec(), vec![7; length].into()));
            let ends = shake_hands(
                &contexts,
                ClientParameters { psk: psk.clone(), ..parameters_of_client() },
                ServerChoice { psk, ..plain_choice(&contexts.server) },
            );
            ends.assert_done();
            assert!(ends.client.is_resumed() && ends.client.peer_certificates().is_empty());
        }
    }

    fn a_wrong_external_key_fails() {
        let contexts = contexts(false, true);
        let ends = shake_hands(
            &contexts,
            ClientParameters { psk: Some((b"me".to_vec(), vec![7; 32].into())), ..parameters_of_client() },
            ServerChoice { psk: Some((b"me".to_vec(), vec![8; 32].into())), ..plain_choice(&contexts.server) },
        );
        assert!(ends.server_said.has(Status::FAILED) && ends.client_said.has(Status::FAILED));
    }

    fn a_server_without_a_certificate_says_so() {
        for (tls12, tls13) in VERSIONS {
            let mut contexts = contexts(tls12, tls13);
            contexts.server = Arc::new(SecureContext::new(tls12, tls13));
            let ends = shake_hands(&contexts, parameters_of_client(), plain_choice(&contexts.server));
            assert_eq!(ends.server.failure(), Some(&if tls13 { Failure::NoSuitableCertificate } else { Failure::NoSharedCipher }));
            assert_eq!(ends.client.failure().unwrap().to_string(), "sslv3 alert handshake failure:SSL alert number 40");
        }
    }

    fn keying_material_is_the_same_on_both_ends() {
        for (tls12, tls13) in VERSIONS {
            let contexts = contexts(tls12, tls13);
            let ends = shake_hands(&contexts, parameters_of_client(), plain_choice(&contexts.server));
            let material = ends.client.export(20, b"label", Some(b"context")).unwrap();
            assert_eq!(ends.server.export(20, b"label", Some(b"context")).unwrap(), material);
            assert_ne!(ends.server.export(20, b"label", None).unwrap(), material);
        }
    }
}
