//! What is fuzzed: one function a kind of input, each with what must hold whatever the input is. libFuzzer runs them (libfuzzer.rs), and so do
//! the engine's tests (tests/engine/fuzz.rs), with the corpora and with changes at random.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use ed25519_dalek::{Signer, SigningKey};
use isomorphic_tls::certificate::extension::AlternativeName;
use isomorphic_tls::certificate::{Certificate, PublicKey, first_element, name};
use isomorphic_tls::connection::{ClientAuthentication, Connection, ServerChoice, Status};
use isomorphic_tls::context::pfx::{self, Pfx};
use isomorphic_tls::context::{SecureContext, Work, pem};
use isomorphic_tls::crypto::{Digest, Selection, digest, provider};
use isomorphic_tls::session::Terms;
use isomorphic_tls::session::client::ClientSession;
use isomorphic_tls::session::client_hello::ClientHello;
use isomorphic_tls::session::server::client_chain;
use isomorphic_tls::session::tickets::{TicketKeys, Tickets};
use isomorphic_tls::trust::{Demands, Judgement, Purpose, StaplePolicy, TrustStore, Verdict, judge};
use rustls::crypto::TicketProducer;
use rustls::time_provider::TimeProvider;
use rustls_pki_types::UnixTime;

use super::mutation::element;

/// One kind of input.
pub struct Target {
    pub name: &'static str,
    pub run: fn(&[u8]),
    /// How many bytes stand before the DER, where it is DER.
    pub header: usize,
}

/// All of them.
pub const TARGETS: [Target; 8] = [
    Target { name: "certificate", run: certificate, header: 0 },
    Target { name: "path", run: path, header: ARRANGEMENT },
    Target { name: "revocation", run: revocation, header: ARRANGEMENT },
    Target { name: "ocsp", run: ocsp, header: ARRANGEMENT },
    Target { name: "pfx", run: pfx, header: 0 },
    Target { name: "pem", run: pem, header: 0 },
    Target { name: "session", run: session, header: 0 },
    Target { name: "client_hello", run: client_hello, header: 0 },
];

/// When all that is not expired by chance is valid, in seconds since 1970: 2026-01-01.
const NOW: i64 = 1_767_225_600;

/// What the keys and files of tests/engine/vectors are under.
const PASSPHRASE: &[u8] = b"secret";

/// The seed of the one key that signs anew what was changed.
const SIGNING_SEED: [u8; 32] = [7; 32];

/// A certificate: all that can be asked of one.
fn certificate(bytes: &[u8]) {
    let _ = PublicKey::from_der(bytes).map(|key| ask_key(&key));
    let Ok(certificate) = Certificate::parse(bytes) else {
        return;
    };
    assert_eq!(certificate.der, bytes);
    ask_key(&certificate.public_key);
    assert_eq!(name::canonical(certificate.subject).as_ref(), Ok(&certificate.subject_canonical));
    assert_eq!(name::canonical(certificate.issuer).as_ref(), Ok(&certificate.issuer_canonical));
    let extensions = &certificate.extensions;
    for name in extensions.alternative_names.iter().flatten() {
        if let AlternativeName::Directory(name) = name {
            let _ = name::canonical(name);
        }
    }
    extensions.may_authenticate_client();
    extensions.may_authenticate_server();
    extensions.may_sign_revocation_lists();
    assert!(certificate.is_self_issued() || !certificate.is_self_signed());
    // As an issuer of itself, and as one that is trusted.
    let mut store = TrustStore::default();
    assert!(store.add(bytes).is_ok() && store.has(&certificate));
    assert_eq!(judge_all(&store, bytes, &[bytes]).len(), DEMANDS.len());
}

fn ask_key(key: &PublicKey<'_>) {
    let der = key.to_der();
    assert_eq!(PublicKey::from_der(&der).map(|again| again.contents), Ok(key.contents));
    assert!(key.is_same_as(key));
    key.rsa_numbers();
    assert!(key.strength() == 0 || key.is_readable);
}

/// The bytes before the elements of a chain: bits of a number, the lowest first, of which those of [`IS_SIGNED`] and above are switches
/// and each other says whether the element of its place is trusted.
const ARRANGEMENT: usize = 2;
/// Whether every element is signed anew, by the one key.
const IS_SIGNED: u16 = 1 << 15;

/// A chain: certificates, leaf first.
fn path(bytes: &[u8]) {
    let Some((arrangement, elements)) = arranged(bytes) else {
        return;
    };
    let mut store = TrustStore::default();
    for (_, trusted) in elements.iter().enumerate().filter(|(place, _)| is_trusted(arrangement, *place)) {
        let _ = store.add(trusted);
    }
    let others: Vec<_> = elements.iter().skip(1).map(Vec::as_slice).collect();
    judge_all(&store, &elements[0], &others);
    // What can not be read is no reason to stop there.
    let readable: Vec<_> = others.iter().copied().filter(|other| Certificate::parse(other).is_ok()).collect();
    if readable.len() < others.len() {
        judge_all(&store, &elements[0], &readable);
    }
    judge_all(&TrustStore::mozilla(), &elements[0], &readable);
}

/// A chain, and revocation lists among it.
fn revocation(bytes: &[u8]) {
    let Some((arrangement, elements)) = arranged(bytes) else {
        return;
    };
    let (certificates, lists): (Vec<_>, Vec<_>) =
        elements.iter().enumerate().partition(|(_, element)| Certificate::parse(element).is_ok());
    let mut store = TrustStore::default();
    for (place, certificate) in &certificates {
        if is_trusted(arrangement, *place) {
            let _ = store.add(certificate);
        }
    }
    let read = lists.iter().filter(|(_, list)| store.add_revocation_list(list).is_ok()).count();
    let Some(((_, leaf), others)) = certificates.split_first() else {
        return;
    };
    let others: Vec<_> = others.iter().map(|(_, der)| der.as_slice()).collect();
    let judgements = judge_all(&store, leaf, &others);
    if read > 0 {
        // One that lists say nothing of is trusted by none of them.
        let mut without = TrustStore::default();
        store.certificates().for_each(|trusted| assert!(without.add(trusted).is_ok()));
        for (with, without) in judgements.iter().zip(judge_all(&without, leaf, &others)) {
            assert!(without.verdict.is_none() || with.verdict.is_some(), "a list made a chain trusted");
        }
    }
}

/// A chain, and after it what a server staples to it.
fn ocsp(bytes: &[u8]) {
    let Some((arrangement, mut elements)) = split(bytes) else {
        return;
    };
    let (Some(staple), Some(leaf)) = (elements.pop(), elements.first()) else {
        return;
    };
    let staple = sign(arrangement, staple, response_signed_anew);
    let chain: Vec<_> = elements.iter().map(|element| sign(arrangement, element, signed_anew)).collect();
    let mut store = TrustStore::default();
    for (_, trusted) in chain.iter().enumerate().filter(|(place, _)| is_trusted(arrangement, *place)) {
        let _ = store.add(trusted);
    }
    let leaf = sign(arrangement, leaf, signed_anew);
    let others: Vec<_> = chain.iter().skip(1).map(Vec::as_slice).collect();
    for mut judgement in judge_all(&store, &leaf, &others) {
        // A chain that is not good has no need of a staple.
        let refused = Judgement { verdict: Some(Verdict::CertHasExpired), ..judgement.clone() };
        judgement.verdict = None;
        for policy in [StaplePolicy::Verify, StaplePolicy::Require] {
            let mut judged = judgement.clone();
            let until = judged.judge_staple(policy, Some(&staple), NOW);
            assert_eq!(until.is_some(), judged.verdict.is_none());
            let mut refused = refused.clone();
            assert_eq!(refused.judge_staple(policy, Some(&staple), NOW), None);
            assert_eq!(refused.verdict, Some(Verdict::CertHasExpired));
        }
        assert_eq!(judgement.judge_staple(StaplePolicy::Require, None, NOW), None);
        assert_eq!(judgement.verdict, Some(Verdict::OcspVerifyNeeded));
    }
}

/// An `OCSPResponse`, of which what is signed is signed anew.
fn response_signed_anew(whole: &[u8]) -> Option<Vec<u8>> {
    let (status, bytes) = halves(contents(whole)?)?;
    let (kind, octets) = halves(contents(first_element(contents(bytes)?).ok()?)?)?;
    let basic = contents(first_element(octets).ok()?)?;
    let certificates = contents(basic).and_then(|parts| {
        let rest = halves(halves(parts)?.1)?.1;
        Some(&rest[first_element(rest).ok()?.len()..])
    });
    let signed = signed_anew(basic)?;
    let basic = element(0x30, &[contents(&signed)?, certificates.unwrap_or_default()]);
    let bytes = element(0x30, &[kind, &element(0x04, &[&basic])]);
    Some(element(0x30, &[status, &element(0xa0, &[&bytes])]))
}

/// The first element, and what comes after it.
fn halves(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let first = first_element(bytes).ok()?;
    Some((first, &bytes[first.len()..]))
}

/// The arrangement, and at least one element, signed anew if it says so.
fn arranged(bytes: &[u8]) -> Option<(u16, Vec<Vec<u8>>)> {
    let (arrangement, elements) = split(bytes)?;
    Some((arrangement, elements.iter().map(|element| sign(arrangement, element, signed_anew)).collect()))
}

/// The arrangement, and at least one element.
fn split(bytes: &[u8]) -> Option<(u16, Vec<&[u8]>)> {
    let (arrangement, mut rest) = bytes.split_first_chunk::<ARRANGEMENT>()?;
    let mut elements = Vec::new();
    while let Some((element, after)) = halves(rest) {
        rest = after;
        elements.push(element);
    }
    Some((u16::from_le_bytes(*arrangement), elements)).filter(|(_, elements)| !elements.is_empty())
}

/// An element, signed anew if the arrangement says so and it can be done.
fn sign(arrangement: u16, element: &[u8], anew: fn(&[u8]) -> Option<Vec<u8>>) -> Vec<u8> {
    let signed = Some(element).filter(|_| arrangement & IS_SIGNED != 0).and_then(anew);
    signed.unwrap_or_else(|| element.to_vec())
}

fn is_trusted(arrangement: u16, place: usize) -> bool {
    place < 15 && arrangement & (1 << place) != 0
}

/// What is signed, an algorithm and a signature, the last two of which are replaced.
fn signed_anew(whole: &[u8]) -> Option<Vec<u8>> {
    static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::from_bytes(&SIGNING_SEED));
    let header = whole.len() - contents(whole)?.len();
    let signed = first_element(&whole[header..]).ok()?;
    let signature = KEY.sign(signed);
    // id-Ed25519, 1.3.101.112
    let algorithm = [0x30, 5, 6, 3, 0x2b, 0x65, 0x70];
    Some(element(0x30, &[signed, &algorithm, &element(0x03, &[&[0], &signature.to_bytes()])]))
}

/// What is in an element, whose length is definite.
fn contents(element: &[u8]) -> Option<&[u8]> {
    let first = usize::from(*element.get(1)?);
    element.get(if first < 0x80 { 2 } else { 2 + (first & 0x7f) }..)
}

/// What is asked of every chain: both purposes, with and without partial chains, at OpenSSL's default security level or at none.
const DEMANDS: [Demands; 4] = [
    demands(Purpose::Server, false, 1),
    demands(Purpose::Server, true, 0),
    demands(Purpose::Client, false, 0),
    demands(Purpose::Client, true, 2),
];

const fn demands(purpose: Purpose, allow_partial_chain: bool, security_level: u8) -> Demands {
    Demands { purpose, now: NOW, allow_partial_chain, security_level }
}

/// Judge a chain by all demands, if it can be read.
fn judge_all(store: &TrustStore, leaf: &[u8], others: &[&[u8]]) -> Vec<Judgement> {
    let is_trusted = |der: &Vec<u8>| store.certificates().any(|trusted| trusted == der);
    let trusts_nothing = store.certificates().next().is_none();
    let mut judgements = Vec::new();
    for demands in &DEMANDS {
        let Ok(judgement) = judge(store, leaf, others, demands) else {
            return judgements;
        };
        let chain = &judgement.chain;
        assert!(chain.len() <= 102 && chain.first().is_some_and(|first| first == leaf));
        assert!(judgement.signatures_checked <= chain.len());
        if judgement.verdict.is_none() && !trusts_nothing {
            assert!(chain.iter().any(is_trusted), "trusted without anything that is");
        }
        judgements.push(judgement);
    }
    judgements
}

/// Less work than users' files may ask for: it is only more of the same.
fn work() -> Work {
    Work::limited(4096, 1 << 12)
}

/// A PKCS#12 file, with the right passphrase, a wrong one and none.
fn pfx(bytes: &[u8]) {
    for passphrase in [Some(PASSPHRASE), Some(&b"wrong"[..]), None] {
        let Ok(Pfx { key, chain, others }) = pfx::open_within(bytes, passphrase, &mut work()) else {
            continue;
        };
        assert!(!chain.is_empty());
        let mut context = SecureContext::new(true, true);
        context.trust_nothing();
        others.iter().for_each(|other| context.trust(other).unwrap_or_default());
        let _ = context.add_chain(chain);
        let _ = context.add_private_key(key);
        context.own_chain();
    }
}

/// Text with sections of PEM, or DER: certificates, lists, keys.
fn pem(bytes: &[u8]) {
    let certificates = pem::certificates(bytes);
    // The settings after one that is trusted are not sent.
    let sent = certificates.iter().map(|certificate| first_element(certificate).unwrap_or(certificate));
    assert!(pem::chain(bytes).map_or(true, |chain| chain.iter().map(Vec::as_slice).eq(sent)));
    let mut context = SecureContext::new(true, true);
    context.trust_nothing();
    context.trust_all_of(bytes);
    let _ = context.add_revocation_lists(bytes);
    let _ = context.add_certificate(bytes);
    for passphrase in [Some(PASSPHRASE), Some(&b"wrong"[..]), None] {
        if let Ok(key) = pem::private_key_within(bytes, passphrase, &mut work()) {
            let _ = context.add_private_key(key);
        }
    }
    context.own_chain();
}

/// What stored sessions and tickets begin with: the input is taken as it is, and as what follows, since it is not by chance that
/// checksums are right.
const CLIENT_SESSION: &[u8] = isomorphic_tls::session::client::MAGIC;
const SERVER_SESSION: &[u8] = b"itls-server-1\0";

/// A stored session: of a client, of a server, a ticket.
fn session(bytes: &[u8]) {
    let _ = ClientSession::decode(bytes);
    let stored = with_checksum(&[CLIENT_SESSION, bytes].concat());
    if let Some(session) = ClientSession::decode(&stored) {
        assert_eq!(session.encode().as_deref(), Some(&stored));
        session.ticket();
        session.is_expired(NOW as u64 * 1000);
        let key = [1; 32];
        let sealed = session.seal(&key).expect("what was read can be written");
        assert_eq!(ClientSession::open(&key, &sealed), Some(session.clone()));
        assert!(ClientSession::open(&[2; 32], &sealed).is_none());
        session.to_rustls(&provider(&Selection::default()));
    }
    let _ = client_chain(bytes);
    let terms = Terms { clock: Arc::new(Clock), timeout: Duration::from_secs(300), context: Vec::new() };
    let now = (NOW as u64).to_be_bytes();
    serve(&RESUMING_HELLO, &with_checksum(&[SERVER_SESSION, &now, bytes].concat()));
    let tickets = Tickets::new(&TicketKeys::from_bytes(&[5; 48]), terms).expect("terms that are good");
    assert_eq!(tickets.decrypt(bytes), None);
}

fn with_checksum(bytes: &[u8]) -> Vec<u8> {
    [bytes, &digest(Digest::Sha256, bytes)].concat()
}

/// A ClientHello of TLS 1.2 that asks for a session.
static RESUMING_HELLO: LazyLock<Vec<u8>> = LazyLock::new(|| {
    // supported_groups: secp256r1; signature_algorithms: ecdsa_secp256r1_sha256; extended_master_secret
    let extensions = [0, 10, 0, 4, 0, 2, 0, 23, 0, 13, 0, 4, 0, 2, 4, 3, 0, 23, 0, 0];
    let body = [
        &[3, 3],
        &[5; 32][..],
        &[32],
        &[6; 32],
        // TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256; no compression
        &[0, 2, 0xc0, 0x2b, 1, 0, 0, extensions.len() as u8],
        &extensions,
    ];
    record(&message(&body.concat()))
});

/// The beginning of a client's handshake: as records, as a message, and as the body of one.
fn client_hello(bytes: &[u8]) {
    let from_records = ClientHello::from_records(bytes);
    let _ = ClientHello::from_message(bytes);
    serve(bytes, &[]);
    let message = message(bytes);
    let records: Vec<u8> = message.chunks(1 << 14).flat_map(record).collect();
    let read = ClientHello::from_message(&message);
    assert_eq!(ClientHello::from_records(&records), read);
    assert_eq!(ClientHello::from_records(&message.chunks(100).flat_map(record).collect::<Vec<_>>()), read);
    assert!(from_records.is_none() || ClientHello::from_records(&[bytes, &records].concat()) == from_records);
    serve(&records, &[]);
}

fn message(body: &[u8]) -> Vec<u8> {
    [&[1], &(body.len() as u32).to_be_bytes()[1..], body].concat()
}

fn record(fragment: &[u8]) -> Vec<u8> {
    [&[22, 3, 1], &(fragment.len() as u16).to_be_bytes()[..], fragment].concat()
}

/// Give records to a server that has kept a value for whichever session they ask for, and have it answer what it can.
fn serve(records: &[u8], kept: &[u8]) {
    static CONTEXT: LazyLock<Arc<SecureContext>> = LazyLock::new(|| {
        let mut context = SecureContext::new(true, true);
        context.trust_nothing();
        context.add_certificate(include_bytes!("../engine/vectors/certificate.pem")).expect("a certificate");
        context.add_key(include_bytes!("../engine/vectors/key.pem"), None).expect("its key");
        context.set_ticket_keys(TicketKeys::from_bytes(&[5; 48]));
        Arc::new(context)
    });
    let now = NOW as f64 * 1000.0;
    let mut connection = Connection::server(true);
    let Some(room) = connection.inbound(records.len()) else {
        return;
    };
    room.copy_from_slice(records);
    let mut status = connection.receive(records.len(), now);
    if status.has(Status::CLIENT_HELLO) {
        let hello = connection.client_hello().cloned().unwrap_or_default();
        let choice = ServerChoice {
            context: CONTEXT.clone(),
            identity: None,
            trust: None,
            protocol: hello.alpn.first().cloned(),
            client_authentication: ClientAuthentication::Wanted,
            session: Some((hello.session_id, kept.to_vec().into())),
            psk: hello.psk_identities.first().map(|identity| (identity.clone(), vec![1; 32].into())),
            ocsp_response: Some(vec![0x30, 0]),
            keep_sessions: true,
        };
        status = connection.answer(choice, now);
    }
    assert_eq!(status.has(Status::FAILED), connection.failure().is_some());
    let _ = connection.failure().map(ToString::to_string);
    connection.ciphertext_taken();
    connection.take_messages();
    connection.close();
}

/// It is always [`NOW`].
#[derive(Debug)]
struct Clock;

impl TimeProvider for Clock {
    fn current_time(&self) -> Option<UnixTime> {
        Some(UnixTime::since_unix_epoch(Duration::from_secs(NOW as u64)))
    }
}
