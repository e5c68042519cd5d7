//! What one server connection resumes from: a store for what its users keep, and external pre-shared keys.

use std::fmt;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustls::client::Tls13Session;
use rustls::crypto::{CryptoProvider, TicketProducer};
use rustls::server::{ServerSessionKey, StoresServerSessions};
use zeroize::Zeroizing;

use super::Terms;
use super::codec::{CHECKSUM, Length, Reader, append_checksum, put, without_checksum};
use super::restore::{Ticket, restore_tls13};
use crate::crypto::{Notes, register_external_psk};

/// Whether a session may be resumed, by the state of it that rustls keeps.
pub type Admits = Arc<dyn Fn(&[u8]) -> bool + Send + Sync>;

/// The certificates (DER, leaf first) of the client whose session has this state of rustls's; none if the client had none. `None` if the
/// state can not be read.
pub fn client_chain(state: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut reader = Reader::new(state);
    // Version and time of issue; the server's name; the suite.
    reader.u16()?;
    reader.u64()?;
    reader.option(|reader| Some(reader.bytes(Length::U8)?.len()))?;
    reader.u16()?;
    if !reader.bool()? {
        return Some(Vec::new());
    }
    // An identity: certificates, of which the first stands alone.
    if reader.u8()? != 0 {
        return None;
    }
    let mut chain = vec![reader.bytes(Length::U24)?.to_vec()];
    chain.extend(reader.nested(Length::U24)?.list(|reader| Some(reader.bytes(Length::U24)?.to_vec()))?);
    Some(chain)
}

/// The server sessions of one connection: one that was fetched for it, and those that it makes (Node's `resumeSession` and
/// `newSession`).
pub struct ServerSessionStore {
    terms: Terms,
    admits: Admits,
    sessions: Mutex<Sessions>,
}

/// The id of a session, and the value that is kept for it, which is secret.
pub type KeptSession = (Vec<u8>, Zeroizing<Vec<u8>>);

#[derive(Default)]
struct Sessions {
    fetched: Option<KeptSession>,
    made: Vec<KeptSession>,
}

impl ServerSessionStore {
    /// A store. `fetched` is the id that a client asked for, and the value that was kept for it; `admits` says whether its state may
    /// be resumed.
    pub fn new(terms: Terms, fetched: Option<KeptSession>, admits: Admits) -> Self {
        Self { terms, admits, sessions: Mutex::new(Sessions { fetched, made: Vec::new() }) }
    }

    /// The sessions made since the last call.
    pub fn take_made(&self) -> Vec<KeptSession> {
        mem::take(&mut self.sessions().made)
    }

    fn sessions(&self) -> MutexGuard<'_, Sessions> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn encode(&self, state: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (context, state) = (self.terms.context()?, self.terms.stamp(state)?);
        // There is room for all of it: what grows leaves copies behind.
        let mut value = Vec::with_capacity(MAGIC.len() + context.len() + state.len() + CHECKSUM);
        [MAGIC, &context, &state].into_iter().for_each(|part| value.extend_from_slice(part));
        append_checksum(&mut value);
        Some(Zeroizing::new(value))
    }

    fn decode(&self, value: &[u8]) -> Option<Vec<u8>> {
        let value = without_checksum(value)?.strip_prefix(MAGIC)?;
        self.terms.unstamp(self.terms.after_context(value)?)
    }
}

impl StoresServerSessions for ServerSessionStore {
    fn put(&self, key: ServerSessionKey<'_>, state: Vec<u8>) -> bool {
        let Some(value) = self.encode(&Zeroizing::new(state)) else {
            return false;
        };
        self.sessions().made.push((key.as_ref().to_vec(), value));
        true
    }

    fn get(&self, key: ServerSessionKey<'_>) -> Option<Vec<u8>> {
        self.take(key)
    }

    fn take(&self, key: ServerSessionKey<'_>) -> Option<Vec<u8>> {
        let (_, value) = self.sessions().fetched.take_if(|(id, _)| id == key.as_ref())?;
        self.decode(&value).filter(|state| (self.admits)(state))
    }

    fn can_cache(&self) -> bool {
        true
    }
}

impl fmt::Debug for ServerSessionStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ServerSessionStore").finish_non_exhaustive()
    }
}

/// A pre-shared key of TLS 1.3 that both ends were given (RFC 8446, 4.2.11). rustls speaks `psk_dhe_ke` only.
#[derive(Clone)]
pub struct ExternalPsk {
    /// What the key is called on the wire.
    pub identity: Vec<u8>,
    /// The key: not empty.
    pub secret: Zeroizing<Vec<u8>>,
    /// A suite with the hash that the key is for: SHA-256 if nothing else was agreed. A server must name the very suite that
    /// it is going to choose, a client any of those that it offers.
    pub suite: u16,
}

impl ExternalPsk {
    /// The session that makes a client offer this key; the key is registered in the connection's notes. `None` if the
    /// provider is without the suite, or identity or secret are of no good length.
    pub fn client_session(&self, provider: &CryptoProvider, notes: &mut Notes) -> Option<Tls13Session> {
        if self.secret.is_empty() {
            return None;
        }
        let secret = notes.register_external_psk(&self.secret);
        restore_tls13(
            provider,
            &Ticket {
                suite: self.suite,
                secret: &secret,
                ticket: &self.identity,
                // "For identities established externally, an obfuscated_ticket_age of 0 SHOULD be used" (RFC 8446, 4.2.11):
                // it is, for what has not been issued yet.
                age_add: 0,
                issued: u64::MAX,
                lifetime: 0,
                max_early_data: 0,
            },
        )
    }

    /// A TLS 1.3 server session of rustls with this key.
    fn server_state(&self, secret: &[u8], server_name: Option<&str>) -> Option<Vec<u8>> {
        if self.secret.is_empty() {
            return None;
        }
        // There is room for all of it: what grows leaves copies behind.
        let mut state = Vec::with_capacity(64 + server_name.map_or(0, str::len) + secret.len());
        state.extend_from_slice(&0x0304u16.to_be_bytes());
        // The time of issue matters for early data only, which external keys have none of.
        state.extend_from_slice(&0u64.to_be_bytes());
        match server_name {
            Some(name) => {
                state.push(1);
                put(&mut state, Length::U8, name.as_bytes())?;
            }
            None => state.push(0),
        }
        state.extend_from_slice(&self.suite.to_be_bytes());
        // Neither a client's identity nor ALPN.
        state.extend_from_slice(&[0, 0]);
        put(&mut state, Length::U16, &[])?;
        put(&mut state, Length::U8, secret)?;
        state.extend_from_slice(&0u32.to_be_bytes());
        Some(state)
    }
}

impl fmt::Debug for ExternalPsk {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ExternalPsk").field("suite", &self.suite).finish_non_exhaustive()
    }
}

/// Tickets of one server connection among which an external pre-shared key is one.
#[derive(Debug)]
pub struct PskTicketer {
    tickets: Option<Arc<dyn TicketProducer>>,
    psk: ExternalPsk,
    server_name: Option<String>,
}

impl PskTicketer {
    /// Take `psk` for the client that sent `server_name`, and nothing else: who the client is must not depend on which of
    /// several identities comes first. New tickets are those of `tickets`.
    pub fn new(tickets: Option<Arc<dyn TicketProducer>>, psk: ExternalPsk, server_name: Option<String>) -> Self {
        Self { tickets, psk, server_name }
    }
}

impl TicketProducer for PskTicketer {
    fn encrypt(&self, plain: &[u8]) -> Option<Vec<u8>> {
        self.tickets.as_ref()?.encrypt(plain)
    }

    fn decrypt(&self, identity: &[u8]) -> Option<Vec<u8>> {
        if identity != self.psk.identity {
            return None;
        }
        let secret = register_external_psk(&self.psk.secret)?;
        self.psk.server_state(&secret, self.server_name.as_deref())
    }

    fn lifetime(&self) -> Duration {
        self.tickets.as_ref().map_or(Duration::ZERO, |tickets| tickets.lifetime())
    }
}

/// What the values of a store begin with: whose they are, and in which version.
const MAGIC: &[u8] = b"itls-server-1";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::terms::tests::{Clock, terms};

    fn kept(clock: &Clock, context: &[u8]) -> Zeroizing<Vec<u8>> {
        ServerSessionStore::new(terms(clock, context), None, Arc::new(|_| true)).encode(b"state").unwrap()
    }

    #[test]
    fn values_come_back_within_their_terms() {
        let clock = Clock::default();
        let store = |context: &[u8]| ServerSessionStore::new(terms(&clock, context), None, Arc::new(|_| true));
        let value = kept(&clock, b"one");
        assert_eq!(store(b"one").decode(&value).as_deref(), Some(&b"state"[..]));
        assert_eq!(store(b"two").decode(&value), None);
        assert_eq!(store(b"").decode(&value), None);
        for length in 0..value.len() {
            assert_eq!(store(b"one").decode(&value[..length]), None);
        }
        for bit in 0..value.len() * 8 {
            let mut flipped = value.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(store(b"one").decode(&flipped), None);
        }
        clock.advance(301);
        assert_eq!(store(b"one").decode(&value), None);
    }
}
