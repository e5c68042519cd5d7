//! Sessions, tickets and pre-shared keys, between rustls's two ends in memory.

use std::hash::Hasher;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use isomorphic_tls::crypto::{Notes, Role, Selection, SharedNotes, enter, provider};
use isomorphic_tls::session::Terms;
use isomorphic_tls::session::client::{ClientSession, ClientSessionStore, Kind};
use isomorphic_tls::session::client_hello::ClientHello;
use isomorphic_tls::session::server::{ExternalPsk, KeptSession, PskTicketer, ServerSessionStore};
use isomorphic_tls::session::tickets::{TicketKeys, Tickets};
use rustls::client::danger::{HandshakeSignatureValid, ServerIdentity, ServerVerifier, SignatureVerificationInput};
use rustls::client::{ClientSide, Resumption};
use rustls::crypto::{Credentials, Identity, SignatureScheme, SingleCredential, VerifiedIdentity};
use rustls::server::{ServerCredentialResolver, ServerSide};
use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, Connection, Error, HandshakeKind, KeyLog, ServerConfig, Tcp, VecInput};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};

use crate::certificates::{NOW, leaf, parameters, root};
use crate::tests;

tests! {
    fn a_tls13_session_resumes_out_of_bytes() {
        for suite in [0x1301, 0x1302, 0x1303] {
            let world = World::new(Selection { tls13: vec![suite], ..Selection::of_versions(false, true) });
            let first = world.connect(None).unwrap();
            assert_eq!(first.kind, HandshakeKind::Full);
            let session = first.sessions.last().unwrap();
            let bytes = session.encode().unwrap();
            let session = ClientSession::decode(&bytes).unwrap();
            assert_eq!(session.kind, Kind::Tls13);
            let second = world.connect(Some(&session)).unwrap();
            assert_eq!(second.kind, HandshakeKind::Resumed);
            assert_eq!(second.hello.psk_identities, [session.ticket().unwrap()]);
            // And on from there.
            assert_eq!(world.connect(second.sessions.last()).unwrap().kind, HandshakeKind::Resumed);
        }
    }

    fn a_tls12_session_resumes_by_ticket_out_of_bytes() {
        let world = World::new(Selection::of_versions(true, false));
        let first = world.connect(None).unwrap();
        assert_eq!((first.kind, first.hello.session_ticket), (HandshakeKind::Full, Some(Vec::new())));
        let session = ClientSession::decode(&first.sessions[0].encode().unwrap()).unwrap();
        assert_eq!(session.kind, Kind::Tls12);
        let second = world.connect(Some(&session)).unwrap();
        assert_eq!(second.kind, HandshakeKind::Resumed);
        assert_eq!(second.hello.session_ticket.as_deref(), session.ticket());
    }

    fn a_tls12_session_resumes_by_id_out_of_bytes() {
        let mut world = World::new(Selection::of_versions(true, false));
        world.keys = None;
        let first = world.connect(None).unwrap();
        let session = ClientSession::decode(&first.sessions[0].encode().unwrap()).unwrap();
        assert_eq!(session.ticket(), None);
        let [kept] = &first.kept[..] else { panic!("one session to keep") };
        // Nobody kept it.
        assert_eq!(world.connect(Some(&session)).unwrap().kind, HandshakeKind::Full);
        world.fetched = Some(kept.clone());
        let second = world.connect(Some(&session)).unwrap();
        assert_eq!((second.kind, second.hello.session_id), (HandshakeKind::Resumed, kept.0.clone()));
        // Kept by a server of another context.
        world.context = b"other".to_vec();
        assert_eq!(world.connect(Some(&session)).unwrap().kind, HandshakeKind::Full);
        // Kept too long.
        world.context = Vec::new();
        assert_eq!(world.connect(Some(&session)).unwrap().kind, HandshakeKind::Resumed);
        world.clock.advance(301);
        assert_eq!(world.connect(Some(&session)).unwrap().kind, HandshakeKind::Full);
    }

    fn a_tls13_session_resumes_out_of_a_store() {
        let mut world = World::new(Selection::of_versions(false, true));
        world.keys = None;
        let first = world.connect(None).unwrap();
        let session = first.sessions.last().unwrap();
        assert_eq!(world.connect(Some(session)).unwrap().kind, HandshakeKind::Full);
        world.fetched = first.kept.iter().find(|(id, _)| Some(&id[..]) == session.ticket()).cloned();
        assert_eq!(world.connect(Some(session)).unwrap().kind, HandshakeKind::Resumed);
    }

    fn a_ticket_under_other_terms_is_passed_over() {
        for (tls12, tls13) in [(true, false), (false, true)] {
            let mut world = World::new(Selection::of_versions(tls12, tls13));
            let session = world.connect(None).unwrap().sessions.remove(0);
            assert_eq!(world.connect(Some(&session)).unwrap().kind, HandshakeKind::Resumed);
            let keys = world.keys.replace(TicketKeys::random().unwrap());
            assert_eq!(world.connect(Some(&session)).unwrap().kind, HandshakeKind::Full);
            world.keys = keys;
            world.context = b"other".to_vec();
            assert_eq!(world.connect(Some(&session)).unwrap().kind, HandshakeKind::Full);
            world.context = Vec::new();
            assert_eq!(world.connect(Some(&session)).unwrap().kind, HandshakeKind::Resumed);
            // Told of a longer life, the client still offers it.
            world.server_timeout = 100;
            world.clock.advance(101);
            let late = world.connect(Some(&session)).unwrap();
            assert_eq!(late.kind, HandshakeKind::Full);
            let offered = if tls13 { late.hello.psk_identities.first() } else { late.hello.session_ticket.as_ref() };
            assert_eq!(offered.map(|ticket| &ticket[..]), session.ticket());
        }
    }

    fn an_expired_session_is_not_offered() {
        let world = World::new(Selection::of_versions(false, true));
        let session = world.connect(None).unwrap().sessions.remove(0);
        world.clock.advance(301);
        assert!(session.is_expired(world.clock.milliseconds()));
        let late = world.connect(Some(&session)).unwrap();
        assert!(late.hello.psk_identities.is_empty());
    }

    fn an_external_key_replaces_certificates() {
        for suite in [0x1301, 0x1303] {
            for secret in [vec![7; 16], vec![8; 32], vec![9; 64]] {
                let mut world = World::new(Selection { tls13: vec![suite], ..Selection::of_versions(false, true) });
                let psk = ExternalPsk { identity: b"me".to_vec(), secret: secret.into(), suite };
                world.client_psk = Some(psk.clone());
                // A server without the key goes on with its certificate.
                assert_eq!(world.connect(None).unwrap().kind, HandshakeKind::Full);
                world.server_psk = Some(psk.clone());
                let done = world.connect(None).unwrap();
                assert_eq!(done.kind, HandshakeKind::Resumed);
                assert_eq!(done.hello.psk_identities, [b"me"]);
                // Its tickets are tickets, for a connection that is not for the key.
                world.client_psk = None;
                assert_eq!(world.connect(done.sessions.last()).unwrap().kind, HandshakeKind::Full);
                world.server_psk = None;
                assert_eq!(world.connect(done.sessions.last()).unwrap().kind, HandshakeKind::Resumed);
                world.server_psk = Some(psk.clone());
                // A key of the same name that is another.
                world.client_psk = Some(ExternalPsk { secret: vec![1; 32].into(), ..psk.clone() });
                assert!(world.connect(None).is_err());
                world.client_psk = Some(ExternalPsk { identity: b"you".to_vec(), ..psk });
                assert_eq!(world.connect(None).unwrap().kind, HandshakeKind::Full);
            }
        }
    }

    fn an_external_key_has_limits() {
        let provider = provider(&Selection::default());
        let mut notes = Notes::new(Role::Client);
        let psk = |identity: usize, secret: usize, suite| {
            ExternalPsk { identity: vec![1; identity], secret: vec![1; secret].into(), suite }
        };
        for good in [psk(1, 1, 0x1301), psk(65_535, 64, 0x1302), psk(1, 300, 0x1301)] {
            assert!(good.client_session(&provider, &mut notes).is_some());
        }
        for bad in [psk(0, 1, 0x1301), psk(65_536, 1, 0x1301), psk(1, 0, 0x1301), psk(1, 1, 0xc02b)] {
            assert!(bad.client_session(&provider, &mut notes).is_none());
        }
        assert!(psk(1, 1, 0x1301).client_session(&provider, &mut notes).is_some());
    }

    fn both_ends_see_the_same_finished() {
        for (tls12, tls13, length) in [(true, false, 12), (false, true, 32)] {
            let world = World::new(Selection::of_versions(tls12, tls13));
            let full = world.connect(None).unwrap();
            let resumed = world.connect(full.sessions.last()).unwrap();
            assert_eq!(resumed.kind, HandshakeKind::Resumed);
            for done in [&full, &resumed] {
                let (client, server) = (done.client.lock().unwrap(), done.server.lock().unwrap());
                assert_eq!(client.finished(), server.peer_finished());
                assert_eq!(client.peer_finished(), server.finished());
                assert_eq!((client.finished().len(), server.finished().len()), (length, length));
                assert_ne!(client.finished(), server.finished());
                assert_eq!(client.client_finished(), client.finished());
                assert_eq!(server.client_finished(), client.finished());
            }
        }
        let world = World::new(Selection { tls13: vec![0x1302], ..Selection::of_versions(false, true) });
        assert_eq!(world.connect(None).unwrap().client.lock().unwrap().finished().len(), 48);
    }

    fn messages_are_traced_when_asked() {
        let mut world = World::new(Selection::of_versions(false, true));
        assert!(world.connect(None).unwrap().client.lock().unwrap().take_messages().is_empty());
        world.trace = true;
        let done = world.connect(None).unwrap();
        let types = |notes: &SharedNotes| -> Vec<(bool, u8)> {
            let messages = notes.lock().unwrap().take_messages();
            assert!(messages.iter().all(|(_, message)| {
                u32::from_be_bytes([0, message[1], message[2], message[3]]) as usize + 4 == message.len()
            }));
            messages.iter().map(|(sent, message)| (*sent, message[0])).collect()
        };
        // EncryptedExtensions, Certificate, CertificateVerify, Finished; Finished; NewSessionTicket.
        let expected = [(false, 8), (false, 11), (false, 15), (false, 20), (true, 20), (false, 4)];
        let client = types(&done.client);
        assert_eq!(client[..expected.len()], expected);
        let crosswise: Vec<_> = types(&done.server).iter().map(|(sent, kind)| (!sent, *kind)).collect();
        assert_eq!(crosswise, client);
    }

    fn both_ends_log_the_same_secrets() {
        for (tls12, tls13) in [(true, false), (false, true)] {
            let world = World::new(Selection::of_versions(tls12, tls13));
            let full = world.connect(None).unwrap();
            let resumed = world.connect(full.sessions.last()).unwrap();
            for done in [full, resumed] {
                let labels: Vec<_> = done.client_log.iter().map(|(label, _)| &label[..]).collect();
                match tls13 {
                    true => assert_eq!(labels, LABELS),
                    false => assert_eq!(labels, ["CLIENT_RANDOM"]),
                }
                let logged = |log: &[(String, Vec<u8>)], entry| log.contains(entry);
                assert!(done.client_log.iter().all(|entry| logged(&done.server_log, entry)));
            }
        }
    }
}

/// In alphabetical order.
const LABELS: [&str; 5] = [
    "CLIENT_HANDSHAKE_TRAFFIC_SECRET",
    "CLIENT_TRAFFIC_SECRET_0",
    "EXPORTER_SECRET",
    "SERVER_HANDSHAKE_TRAFFIC_SECRET",
    "SERVER_TRAFFIC_SECRET_0",
];

/// What connections of a test have in common, to be changed between them.
struct World {
    selection: Selection,
    credentials: Arc<dyn ServerCredentialResolver>,
    chain: Vec<Vec<u8>>,
    clock: Clock,
    keys: Option<TicketKeys>,
    context: Vec<u8>,
    server_timeout: u64,
    fetched: Option<KeptSession>,
    client_psk: Option<ExternalPsk>,
    server_psk: Option<ExternalPsk>,
    trace: bool,
}

/// What came of a connection.
struct Done {
    kind: HandshakeKind,
    hello: ClientHello,
    client: SharedNotes,
    server: SharedNotes,
    sessions: Vec<ClientSession>,
    kept: Vec<KeptSession>,
    client_log: Vec<(String, Vec<u8>)>,
    server_log: Vec<(String, Vec<u8>)>,
}

impl World {
    fn new(selection: Selection) -> Self {
        let (certificate, key) = leaf(&parameters("localhost"), &root("root"));
        let chain = vec![certificate.der().to_vec()];
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let key = provider(&selection).key_provider.load_private_key(key).unwrap();
        let identity = Identity::from_cert_chain(vec![CertificateDer::from(chain[0].clone())]).unwrap();
        let credentials = Credentials::new_unchecked(Arc::new(identity), key);
        Self {
            selection,
            credentials: Arc::new(SingleCredential::from(credentials)),
            chain,
            clock: Clock::default(),
            keys: TicketKeys::random(),
            context: Vec::new(),
            server_timeout: 300,
            fetched: None,
            client_psk: None,
            server_psk: None,
            trace: false,
        }
    }

    /// Shake hands and exchange a word each way.
    fn connect(&self, session: Option<&ClientSession>) -> Result<Done, Error> {
        let provider = provider(&self.selection);
        let (client_notes, server_notes) = (Notes::shared(Role::Client), Notes::shared(Role::Server));
        client_notes.lock().unwrap().trace = self.trace;
        server_notes.lock().unwrap().trace = self.trace;
        let (client_log, server_log) = (Arc::<Log>::default(), Arc::<Log>::default());
        let clock = Arc::new(self.clock.clone());

        let terms = Terms {
            clock: clock.clone(),
            timeout: Duration::from_secs(self.server_timeout),
            context: self.context.clone(),
        };
        let kept = Arc::new(ServerSessionStore::new(terms.clone(), self.fetched.clone(), Arc::new(|_| true)));
        let mut config = ServerConfig::builder_with_details(provider.clone(), clock.clone())
            .with_no_client_auth()
            .with_server_credential_resolver(self.credentials.clone())?;
        config.session_storage = kept.clone();
        config.key_log = server_log.clone();
        if let Some(keys) = &self.keys {
            config.ticketer = Some(Arc::new(Tickets::new(keys, terms).unwrap()));
        }
        if let Some(psk) = &self.server_psk {
            let tickets = PskTicketer::new(config.ticketer, psk.clone(), Some("localhost".to_owned()));
            config.ticketer = Some(Arc::new(tickets));
        }
        let mut server = Connection::<ServerSide, Tcp>::new(Arc::new(config))?;

        let mut offered = session.and_then(|session| session.to_rustls(&provider));
        if let Some(psk) = &self.client_psk {
            let session = psk.client_session(&provider, &mut client_notes.lock().unwrap()).unwrap();
            offered = Some(isomorphic_tls::session::client::Resumable::Tls13(session));
        }
        let given = Arc::new(ClientSessionStore::new(offered, None));
        let mut config = ClientConfig::builder_with_details(provider, clock)
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Trusting))
            .with_no_client_auth()?;
        config.resumption = Resumption::store(given.clone());
        config.key_log = client_log.clone();

        let mut to_server = Vec::new();
        let name = ServerName::try_from("localhost").unwrap();
        let mut client: Connection<ClientSide, Tcp> = {
            let _entered = enter(&client_notes);
            Arc::new(config).connect(name).build(&mut to_server)?
        };
        let hello = ClientHello::from_records(&to_server).unwrap();
        let (mut client_input, mut server_input) = (VecInput::default(), VecInput::default());
        let (mut at_client, mut at_server) = (Vec::new(), Vec::new());
        let mut to_client = Vec::new();
        for round in 0..6 {
            {
                let _entered = enter(&server_notes);
                server_input.read(&mut &to_server[..]).unwrap();
                to_server.clear();
                server.read_tls(&mut server_input, &mut to_client).handle_all(&mut at_server)?;
                if round == 4 {
                    server.write(b"pong"[..].into(), &mut to_client)?;
                }
            }
            let _entered = enter(&client_notes);
            client_input.read(&mut &to_client[..]).unwrap();
            to_client.clear();
            client.read_tls(&mut client_input, &mut to_server).handle_all(&mut at_client)?;
            if round == 4 {
                client.write(b"ping"[..].into(), &mut to_server)?;
            }
        }
        assert_eq!((&at_client[..], &at_server[..]), (&b"pong"[..], &b"ping"[..]));
        assert_eq!(client.handshake_kind(), server.handshake_kind());
        let facts = |(kind, resumption)| ClientSession {
            kind,
            issued: self.clock.milliseconds(),
            host: "localhost".to_owned(),
            server_name: Some("localhost".to_owned()),
            alpn: None,
            verified: true,
            staple_until: None,
            chain: self.chain.clone(),
            suite: client.negotiated_cipher_suite().unwrap().suite().0,
            group: client.negotiated_key_exchange_group().map(|group| group.name().0),
            resumption: Some(resumption),
        };
        Ok(Done {
            kind: client.handshake_kind().unwrap(),
            hello,
            sessions: given.take_given().into_iter().map(facts).collect(),
            kept: kept.take_made(),
            client_log: client_log.sorted(),
            server_log: server_log.sorted(),
            client: client_notes,
            server: server_notes,
        })
    }
}

#[derive(Debug, Clone, Default)]
struct Clock(Arc<Mutex<u64>>);

impl Clock {
    fn advance(&self, seconds: u64) {
        *self.0.lock().unwrap() += seconds;
    }

    fn milliseconds(&self) -> u64 {
        NOW as u64 + *self.0.lock().unwrap() * 1000
    }
}

impl TimeProvider for Clock {
    fn current_time(&self) -> Option<UnixTime> {
        Some(UnixTime::since_unix_epoch(Duration::from_millis(self.milliseconds())))
    }
}

#[derive(Debug, Default)]
struct Log(Mutex<Vec<(String, Vec<u8>)>>);

impl Log {
    fn sorted(&self) -> Vec<(String, Vec<u8>)> {
        let mut log = self.0.lock().unwrap().clone();
        log.sort();
        log
    }
}

impl KeyLog for Log {
    fn log(&self, label: &str, _: &[u8], secret: &[u8]) {
        self.0.lock().unwrap().push((label.to_owned(), secret.to_vec()));
    }
}

/// Who is authenticated is not what these tests are about.
#[derive(Debug)]
struct Trusting;

impl ServerVerifier for Trusting {
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
        vec![SignatureScheme::ECDSA_NISTP256_SHA256]
    }

    fn request_ocsp_response(&self) -> bool {
        false
    }

    fn hash_config(&self, _: &mut dyn Hasher) {}
}
