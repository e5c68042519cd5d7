//! A client's session as portable bytes (Node's `getSession()` and `session`), and the store that one connection takes it
//! from.

use std::fmt;
use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustls::client::{ClientSessionKey, ClientSessionStore as Store, Tls12Session, Tls13Session};
use rustls::crypto::CryptoProvider;
use rustls::crypto::kx::NamedGroup;
use zeroize::{Zeroize, Zeroizing};

use super::codec::{Length, Reader, append_checksum, put, without_checksum};
use super::restore::{Ticket, restore_tls13};
use crate::crypto::SealingKey;

/// What a connection agreed on, and, if the server gave it, what another may resume it with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientSession {
    /// Which version of TLS it is of.
    pub kind: Kind,
    /// When it was made, in milliseconds since 1970.
    pub issued: u64,
    /// The host that the server was authenticated as.
    pub host: String,
    /// The server name that was sent.
    pub server_name: Option<String>,
    /// The protocol agreed on by ALPN.
    pub alpn: Option<Vec<u8>>,
    /// Whether the server's chain was verified.
    pub verified: bool,
    /// Until when the OCSP response is good that the server stapled, in seconds since 1970, if it was verified.
    pub staple_until: Option<i64>,
    /// The server's certificates (DER), as presented.
    pub chain: Vec<Vec<u8>>,
    /// The number of the suite.
    pub suite: u16,
    /// The number of the key exchange group.
    pub group: Option<u16>,
    /// What resumes it. TLS 1.3 has nothing before the first ticket.
    pub resumption: Option<ResumptionSecrets>,
}

/// The version of TLS that a session is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// TLS 1.2
    Tls12,
    /// TLS 1.3
    Tls13,
}

/// The part of a session that resumes it.
#[derive(Clone, PartialEq, Eq)]
pub struct ResumptionSecrets {
    secrets: Secrets,
    /// Empty for a session of TLS 1.2 that is resumed by its id.
    ticket: Vec<u8>,
    /// In seconds; 0 if the server did not say.
    lifetime: u64,
}

#[derive(Clone, PartialEq, Eq)]
enum Secrets {
    Tls12 { session_id: Vec<u8>, master_secret: Zeroizing<Vec<u8>>, extended: bool },
    Tls13 { secret: Zeroizing<Vec<u8>>, age_add: u32, max_early_data: u32 },
}

/// A session that rustls resumes.
#[derive(Debug)]
pub enum Resumable {
    /// Of TLS 1.2.
    Tls12(Tls12Session),
    /// Of TLS 1.3.
    Tls13(Tls13Session),
}

impl ClientSession {
    /// The session as bytes. They hold secrets. `None` if something in it is too long for a session.
    pub fn encode(&self) -> Option<Zeroizing<Vec<u8>>> {
        // There is room for all of it: what grows leaves copies behind.
        let mut out = Zeroizing::new(Vec::with_capacity(self.longest()));
        out.extend_from_slice(MAGIC);
        out.push(match self.kind {
            Kind::Tls12 => 2,
            Kind::Tls13 => 3,
        });
        out.extend_from_slice(&self.issued.to_be_bytes());
        put(&mut out, Length::U16, self.host.as_bytes())?;
        put_option(&mut out, self.server_name.as_deref().map(str::as_bytes))?;
        put_option(&mut out, self.alpn.as_deref())?;
        out.push(self.verified.into());
        out.push(self.staple_until.is_some().into());
        out.extend(self.staple_until.map(i64::to_be_bytes).into_iter().flatten());
        let mut chain = Vec::new();
        for certificate in &self.chain {
            put(&mut chain, Length::U24, certificate)?;
        }
        put(&mut out, Length::U24, &chain)?;
        out.extend_from_slice(&self.suite.to_be_bytes());
        out.push(self.group.is_some().into());
        out.extend(self.group.map(u16::to_be_bytes).into_iter().flatten());
        out.push(self.resumption.is_some().into());
        if let Some(resumption) = &self.resumption {
            resumption.encode(&mut out)?;
        }
        append_checksum(&mut out);
        Some(out)
    }

    /// How long it is as bytes at the most.
    fn longest(&self) -> usize {
        let (name, alpn) = (self.server_name.as_ref().map_or(0, String::len), self.alpn.as_ref().map_or(0, Vec::len));
        let chain: usize = self.chain.iter().map(|certificate| certificate.len() + Length::U24 as usize).sum();
        let ticket = self.resumption.as_ref().map_or(0, |resumption| resumption.ticket.len());
        LONGEST_FIXED + self.host.len() + name + alpn + chain + ticket
    }

    /// The session that [`Self::encode`] wrote; `None` for anything else.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(without_checksum(bytes)?.strip_prefix(MAGIC)?);
        let kind = match reader.u8()? {
            2 => Kind::Tls12,
            3 => Kind::Tls13,
            _ => return None,
        };
        let session = Self {
            kind,
            issued: reader.u64()?,
            host: text(reader.bytes(Length::U16)?)?,
            server_name: reader.option(|reader| text(reader.bytes(Length::U16)?))?,
            alpn: reader.option(|reader| Some(reader.bytes(Length::U16)?.to_vec()))?,
            verified: reader.bool()?,
            staple_until: reader.option(|reader| reader.array().map(i64::from_be_bytes))?,
            chain: reader.nested(Length::U24)?.list(|reader| Some(reader.bytes(Length::U24)?.to_vec()))?,
            suite: reader.u16()?,
            group: reader.option(Reader::u16)?,
            resumption: reader.option(|reader| ResumptionSecrets::decode(kind, reader))?,
        };
        reader.end(session)
    }

    /// The session as bytes that only `key` opens.
    pub fn seal(&self, key: &[u8; 32]) -> Option<Vec<u8>> {
        let sealed = SealingKey::new(key).seal(SEALED_MAGIC, &self.encode()?)?;
        Some([SEALED_MAGIC, &sealed].concat())
    }

    /// The session that [`Self::seal`] sealed with the same key; `None` for anything else.
    pub fn open(key: &[u8; 32], sealed: &[u8]) -> Option<Self> {
        let bytes = SealingKey::new(key).open(SEALED_MAGIC, sealed.strip_prefix(SEALED_MAGIC)?)?;
        Self::decode(&Zeroizing::new(bytes))
    }

    /// The ticket, as Node's `getTLSTicket()` has it.
    pub fn ticket(&self) -> Option<&[u8]> {
        let ticket = &self.resumption.as_ref()?.ticket;
        (!ticket.is_empty()).then_some(ticket)
    }

    /// Whether a server would not take it any more.
    pub fn is_expired(&self, now: u64) -> bool {
        let said = self.resumption.as_ref().map_or(0, |resumption| resumption.lifetime);
        let lifetime = match said {
            0 => LONGEST_LIFETIME,
            said => said.min(LONGEST_LIFETIME),
        };
        now.saturating_sub(self.issued) > lifetime * 1000
    }

    /// What rustls resumes; `None` without a ticket or session id, or if `provider` is without the suite.
    ///
    /// rustls knows of [`Self::chain`] in TLS 1.2 only: after resumption in TLS 1.3, its outputs tell of an empty certificate,
    /// and the sessions that it makes need the chain of this one.
    pub fn to_rustls(&self, provider: &CryptoProvider) -> Option<Resumable> {
        let resumption = self.resumption.as_ref()?;
        let issued = self.issued / 1000;
        match &resumption.secrets {
            Secrets::Tls12 { session_id, master_secret, extended } => {
                let mut bytes = Zeroizing::new(Vec::with_capacity(self.longest()));
                bytes.extend_from_slice(&self.suite.to_be_bytes());
                put(&mut bytes, Length::U8, session_id)?;
                bytes.extend_from_slice(master_secret);
                bytes.push((*extended).into());
                put(&mut bytes, Length::U16, &resumption.ticket)?;
                bytes.extend_from_slice(&issued.to_be_bytes());
                bytes.extend_from_slice(&resumption.lifetime.to_be_bytes());
                // An identity: certificates, of which the first stands alone.
                bytes.push(0);
                let (first, others) = self.chain.split_first()?;
                put(&mut bytes, Length::U24, first)?;
                let mut list = Vec::new();
                for certificate in others {
                    put(&mut list, Length::U24, certificate)?;
                }
                put(&mut bytes, Length::U24, &list)?;
                Tls12Session::from_slice(&bytes, provider).ok().map(Resumable::Tls12)
            }
            Secrets::Tls13 { secret, age_add, max_early_data } => {
                let ticket = Ticket {
                    suite: self.suite,
                    secret,
                    ticket: &resumption.ticket,
                    age_add: *age_add,
                    max_early_data: *max_early_data,
                    issued,
                    lifetime: resumption.lifetime,
                };
                restore_tls13(provider, &ticket).map(Resumable::Tls13)
            }
        }
    }
}

impl ResumptionSecrets {
    /// Of a session of TLS 1.2 that rustls made.
    pub fn of_tls12(session: &Tls12Session) -> Option<Self> {
        Self::of_rustls(Kind::Tls12, |bytes| session.encode(bytes))
    }

    /// Of a session of TLS 1.3 that rustls made.
    pub fn of_tls13(session: &Tls13Session) -> Option<Self> {
        Self::of_rustls(Kind::Tls13, |bytes| session.encode(bytes))
    }

    fn of_rustls(kind: Kind, encode: impl FnOnce(&mut Vec<u8>)) -> Option<Self> {
        // There is room for all of it: what grows leaves copies behind. Only what is written is wiped.
        let mut bytes = Vec::with_capacity(LONGEST_STATE);
        encode(&mut bytes);
        let resumption = Self::read_state(kind, &bytes);
        bytes.as_mut_slice().zeroize();
        resumption
    }

    /// Out of rustls's state, whose identity we keep by ourselves.
    fn read_state(kind: Kind, state: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(state);
        reader.u16()?;
        let secrets = Secrets::decode(kind, &mut reader)?;
        let ticket = reader.bytes(Length::U16)?.to_vec();
        reader.u64()?;
        Some(Self { secrets, ticket, lifetime: reader.u64()? })
    }

    fn encode(&self, out: &mut Vec<u8>) -> Option<()> {
        match &self.secrets {
            Secrets::Tls12 { session_id, master_secret, extended } => {
                put(out, Length::U8, session_id)?;
                out.extend_from_slice(master_secret);
                out.push((*extended).into());
            }
            Secrets::Tls13 { secret, age_add, max_early_data } => {
                put(out, Length::U8, secret)?;
                out.extend_from_slice(&age_add.to_be_bytes());
                out.extend_from_slice(&max_early_data.to_be_bytes());
            }
        }
        put(out, Length::U16, &self.ticket)?;
        out.extend_from_slice(&self.lifetime.to_be_bytes());
        Some(())
    }

    fn decode(kind: Kind, reader: &mut Reader<'_>) -> Option<Self> {
        let secrets = Secrets::decode(kind, reader)?;
        Some(Self { secrets, ticket: reader.bytes(Length::U16)?.to_vec(), lifetime: reader.u64()? })
    }
}

impl Secrets {
    /// What is secret stays where it is first written: what is moved leaves copies behind.
    fn decode(kind: Kind, reader: &mut Reader<'_>) -> Option<Self> {
        Some(match kind {
            Kind::Tls12 => Self::Tls12 {
                session_id: reader.bytes(Length::U8)?.to_vec(),
                master_secret: Zeroizing::new(reader.take(MASTER_SECRET)?.to_vec()),
                extended: reader.bool()?,
            },
            Kind::Tls13 => Self::Tls13 {
                secret: Zeroizing::new(reader.bytes(Length::U8)?.to_vec()),
                age_add: reader.u32()?,
                max_early_data: reader.u32()?,
            },
        })
    }
}

impl fmt::Debug for ResumptionSecrets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ResumptionSecrets").field("lifetime", &self.lifetime).finish_non_exhaustive()
    }
}

/// The sessions of one connection: one to resume, handed out once, and those that the server gives.
#[derive(Default)]
pub struct ClientSessionStore(Mutex<Sessions>);

#[derive(Default)]
struct Sessions {
    offered: Option<Resumable>,
    group: Option<NamedGroup>,
    given: Vec<(Kind, ResumptionSecrets)>,
}

impl ClientSessionStore {
    /// A store with a session to resume, if any, and the number of the group that the server took before, if it is known.
    pub fn new(offered: Option<Resumable>, group: Option<u16>) -> Self {
        Self(Mutex::new(Sessions { offered, group: group.map(NamedGroup), given: Vec::new() }))
    }

    /// What the server gave since the last call, oldest first.
    pub fn take_given(&self) -> Vec<(Kind, ResumptionSecrets)> {
        mem::take(&mut self.sessions().given)
    }

    fn sessions(&self) -> MutexGuard<'_, Sessions> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for ClientSessionStore {
    fn set_kx_hint(&self, _: ClientSessionKey<'static>, _: NamedGroup) {}

    fn kx_hint(&self, _: &ClientSessionKey<'_>) -> Option<NamedGroup> {
        self.sessions().group
    }

    fn set_tls12_session(&self, _: ClientSessionKey<'static>, session: Tls12Session) {
        self.sessions().given.extend(ResumptionSecrets::of_tls12(&session).map(|secrets| (Kind::Tls12, secrets)));
    }

    fn tls12_session(&self, _: &ClientSessionKey<'_>) -> Option<Tls12Session> {
        let mut sessions = self.sessions();
        // A copy, and the other is wiped: what is moved leaves its bytes behind.
        let session = match &sessions.offered {
            Some(Resumable::Tls12(session)) => session.clone(),
            _ => return None,
        };
        sessions.offered = None;
        Some(session)
    }

    fn remove_tls12_session(&self, _: &ClientSessionKey<'static>) {}

    fn insert_tls13_ticket(&self, _: ClientSessionKey<'static>, session: Tls13Session) {
        self.sessions().given.extend(ResumptionSecrets::of_tls13(&session).map(|secrets| (Kind::Tls13, secrets)));
    }

    fn take_tls13_ticket(&self, _: &ClientSessionKey<'static>) -> Option<Tls13Session> {
        match self.sessions().offered.take_if(|offered| matches!(offered, Resumable::Tls13(_)))? {
            Resumable::Tls13(session) => Some(session),
            Resumable::Tls12(_) => None,
        }
    }
}

impl fmt::Debug for ClientSessionStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ClientSessionStore").finish_non_exhaustive()
    }
}

fn put_option(out: &mut Vec<u8>, bytes: Option<&[u8]>) -> Option<()> {
    out.push(bytes.is_some().into());
    bytes.map_or(Some(()), |bytes| put(out, Length::U16, bytes))
}

fn text(bytes: &[u8]) -> Option<String> {
    String::from_utf8(bytes.to_vec()).ok()
}

/// What the bytes of a session begin with: whose they are, and in which version.
pub const MAGIC: &[u8] = b"itls-session-3";
/// What the bytes of a sealed session begin with.
const SEALED_MAGIC: &[u8] = b"itls-sealed-session-1";
/// How long a master secret is (RFC 5246, 8.1).
const MASTER_SECRET: usize = 48;
/// The most of a session that is neither a name nor a certificate nor a ticket, in bytes: secrets of 255 at the most, and numbers.
const LONGEST_FIXED: usize = 512;
/// The longest state of a session that rustls has, in bytes: a ticket and a chain, each of which comes in a handshake message of 64 KiB at the
/// most, and less than a page besides.
const LONGEST_STATE: usize = 132 * 1024;
/// "Servers MUST NOT use any value greater than 604800 seconds (7 days)" (RFC 8446, 4.6.1); in seconds.
const LONGEST_LIFETIME: u64 = 604_800;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::{Selection, provider};

    fn session(kind: Kind) -> ClientSession {
        let secrets = match kind {
            Kind::Tls12 => {
                Secrets::Tls12 { session_id: vec![1; 32], master_secret: Zeroizing::new(vec![2; 48]), extended: true }
            }
            Kind::Tls13 => {
                Secrets::Tls13 { secret: Zeroizing::new(vec![3; 32]), age_add: 0xdead_beef, max_early_data: 16_384 }
            }
        };
        ClientSession {
            kind,
            issued: 1_700_000_000_123,
            host: "example.org".to_owned(),
            server_name: Some("example.org".to_owned()),
            alpn: Some(b"h2".to_vec()),
            verified: false,
            staple_until: (kind == Kind::Tls13).then_some(1_700_000_000),
            chain: vec![vec![0x30, 0], vec![0x30, 1, 0]],
            suite: if kind == Kind::Tls12 { 0xc02b } else { 0x1301 },
            group: Some(29),
            resumption: Some(ResumptionSecrets { secrets, ticket: vec![4; 100], lifetime: 7200 }),
        }
    }

    fn without_resumption() -> ClientSession {
        ClientSession {
            server_name: None,
            alpn: None,
            verified: true,
            chain: Vec::new(),
            group: None,
            resumption: None,
            ..session(Kind::Tls13)
        }
    }

    #[test]
    fn sessions_go_to_bytes_and_back() {
        for session in [session(Kind::Tls12), session(Kind::Tls13), without_resumption()] {
            assert_eq!(ClientSession::decode(&session.encode().unwrap()), Some(session.clone()));
            let sealed = session.seal(&[9; 32]).unwrap();
            assert_eq!(ClientSession::open(&[9; 32], &sealed), Some(session.clone()));
            assert_eq!(ClientSession::open(&[8; 32], &sealed), None);
            assert_eq!(ClientSession::decode(&sealed), None);
            assert_eq!(ClientSession::open(&[9; 32], &session.encode().unwrap()), None);
        }
    }

    #[test]
    fn nothing_is_moved_while_it_grows() {
        let long = ClientSession {
            host: "h".repeat(255),
            server_name: Some("s".repeat(255)),
            alpn: Some(vec![7; 255]),
            chain: vec![vec![8; 3000]; 10],
            resumption: Some(ResumptionSecrets {
                secrets: Secrets::Tls13 { secret: vec![9; 255].into(), age_add: 1, max_early_data: 2 },
                ticket: vec![10; 0xffff],
                lifetime: 7200,
            }),
            ..session(Kind::Tls13)
        };
        for session in [long, session(Kind::Tls12), session(Kind::Tls13), without_resumption()] {
            assert_eq!(session.encode().unwrap().capacity(), session.longest());
        }
    }

    #[test]
    fn nothing_else_is_a_session() {
        for session in [session(Kind::Tls12), session(Kind::Tls13), without_resumption()] {
            let bytes = session.encode().unwrap();
            for length in 0..bytes.len() {
                assert_eq!(ClientSession::decode(&bytes[..length]), None);
            }
            for bit in 0..bytes.len() * 8 {
                let mut flipped = bytes.clone();
                flipped[bit / 8] ^= 1 << (bit % 8);
                assert_eq!(ClientSession::decode(&flipped), None);
            }
            assert_eq!(ClientSession::decode(&[&bytes[..], &[0]].concat()), None);
        }
    }

    #[test]
    fn with_a_right_checksum_the_structure_still_counts() {
        for session in [session(Kind::Tls12), session(Kind::Tls13), without_resumption()] {
            let bytes = session.encode().unwrap();
            let contents = &bytes[..bytes.len() - 32];
            let checked = |contents: &[u8]| {
                let mut bytes = contents.to_vec();
                append_checksum(&mut bytes);
                ClientSession::decode(&bytes)
            };
            for length in 0..contents.len() {
                assert_eq!(checked(&contents[..length]), None);
            }
            assert_eq!(checked(&[contents, &[0]].concat()), None);
            for index in 0..contents.len() {
                for byte in [0, 1, 2, 0x7f, 0xff] {
                    let mut changed = contents.to_vec();
                    changed[index] = byte;
                    // What can be read is written the same.
                    if let Some(session) = checked(&changed) {
                        assert_eq!(session.encode().unwrap()[..changed.len()], changed);
                    }
                }
            }
        }
    }

    #[test]
    fn a_restored_session_is_what_it_was() {
        let provider = provider(&Selection::default());
        for kind in [Kind::Tls12, Kind::Tls13] {
            let session = session(kind);
            let again = match session.to_rustls(&provider).unwrap() {
                Resumable::Tls12(session) => ResumptionSecrets::of_tls12(&session),
                Resumable::Tls13(session) => ResumptionSecrets::of_tls13(&session),
            };
            assert_eq!(again, session.resumption);
            let other = crate::crypto::provider(&Selection {
                tls12: vec![0xcca8],
                tls13: vec![0x1303],
                ..Selection::default()
            });
            assert!(session.to_rustls(&other).is_none());
        }
        assert!(without_resumption().to_rustls(&provider).is_none());
    }

    #[test]
    fn the_first_session_restored_leaves_no_trace_at_the_connection() {
        use crate::crypto::{Notes, Role, enter};
        let notes = Notes::shared(Role::Client);
        let entered = enter(&notes);
        assert!(session(Kind::Tls13).to_rustls(&provider(&Selection::default())).is_some());
        drop(entered);
        assert!(notes.lock().unwrap().client_finished().is_empty());
    }

    #[test]
    fn sessions_expire() {
        let session = session(Kind::Tls13);
        assert!(!session.is_expired(0));
        assert!(!session.is_expired(session.issued + 7_200_000));
        assert!(session.is_expired(session.issued + 7_200_001));
        assert!(!without_resumption().is_expired(session.issued + LONGEST_LIFETIME * 1000));
        assert!(without_resumption().is_expired(session.issued + LONGEST_LIFETIME * 1000 + 1));
    }

    #[test]
    fn secrets_are_not_shown() {
        let shown = format!("{:?}", session(Kind::Tls13).resumption);
        assert_eq!(shown, "Some(ResumptionSecrets { lifetime: 7200, .. })");
        assert_eq!(session(Kind::Tls12).ticket(), Some(&[4; 100][..]));
        assert_eq!(without_resumption().ticket(), None);
    }
}
