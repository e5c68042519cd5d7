//! Session tickets (RFC 5077, 4; RFC 8446, 4.6.1) under Node's 48-byte ticket keys.
//!
//! A ticket is the name of its key, a random nonce, and the sealed state with the time of issue. The context of session ids
//! is authenticated along with the name.

use std::fmt;
use std::time::Duration;

use rustls::crypto::TicketProducer;
use zeroize::Zeroizing;

use super::Terms;
use crate::crypto::{self, SealingKey};

/// How long the name of a key is, in bytes.
const NAME: usize = 16;

/// What a server seals tickets with, as Node's `ticketKeys` has it: a name of 16 bytes, which stands in the clear before each
/// ticket, and 32 bytes of key.
#[derive(Clone)]
pub struct TicketKeys {
    name: [u8; NAME],
    key: Zeroizing<[u8; 32]>,
}

impl TicketKeys {
    /// The keys of the given bytes.
    pub fn from_bytes(bytes: &[u8; 48]) -> Self {
        let mut keys = Self { name: [0; NAME], key: Zeroizing::new([0; 32]) };
        let (name, key) = bytes.split_at(NAME);
        keys.name.copy_from_slice(name);
        keys.key.copy_from_slice(key);
        keys
    }

    /// The bytes that [`Self::from_bytes`] takes.
    pub fn to_bytes(&self) -> Zeroizing<[u8; 48]> {
        let mut bytes = Zeroizing::new([0; 48]);
        let (name, key) = bytes.split_at_mut(NAME);
        name.copy_from_slice(&self.name);
        key.copy_from_slice(&*self.key);
        bytes
    }

    /// Fresh keys; `None` without entropy.
    pub fn random() -> Option<Self> {
        let bytes = Zeroizing::new(crypto::random()?);
        Some(Self::from_bytes(&bytes))
    }
}

impl fmt::Debug for TicketKeys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("TicketKeys").finish_non_exhaustive()
    }
}

/// Seals and opens tickets.
#[derive(Debug)]
pub struct Tickets {
    name: [u8; NAME],
    key: SealingKey,
    terms: Terms,
}

impl Tickets {
    /// Tickets under the given keys and terms; `None` if the context is too long.
    pub fn new(keys: &TicketKeys, terms: Terms) -> Option<Self> {
        terms.context()?;
        Some(Self { name: keys.name, key: SealingKey::new(&keys.key), terms })
    }

    fn associated(&self) -> Option<Vec<u8>> {
        Some([&self.name[..], &self.terms.context()?].concat())
    }
}

impl TicketProducer for Tickets {
    fn encrypt(&self, plain: &[u8]) -> Option<Vec<u8>> {
        let state = self.terms.stamp(plain)?;
        let sealed = self.key.seal(&self.associated()?, &state)?;
        Some([&self.name[..], &sealed].concat())
    }

    fn decrypt(&self, ticket: &[u8]) -> Option<Vec<u8>> {
        let sealed = ticket.strip_prefix(&self.name)?;
        let state = Zeroizing::new(self.key.open(&self.associated()?, sealed)?);
        self.terms.unstamp(&state)
    }

    fn lifetime(&self) -> Duration {
        self.terms.timeout
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::terms::tests::{Clock, terms};

    fn tickets(clock: &Clock, context: &[u8], keys: &TicketKeys) -> Tickets {
        Tickets::new(keys, terms(clock, context)).unwrap()
    }

    #[test]
    fn keys_go_to_bytes_and_back() {
        let bytes: [u8; 48] = std::array::from_fn(|index| index as u8);
        assert_eq!(*TicketKeys::from_bytes(&bytes).to_bytes(), bytes);
        assert_ne!(TicketKeys::random().unwrap().to_bytes(), TicketKeys::random().unwrap().to_bytes());
        assert_eq!(format!("{:?}", TicketKeys::from_bytes(&bytes)), "TicketKeys { .. }");
    }

    #[test]
    fn only_own_tickets_open() {
        let clock = Clock::default();
        let keys = TicketKeys::from_bytes(&[5; 48]);
        let tickets = tickets(&clock, b"here", &keys);
        let ticket = tickets.encrypt(b"state").unwrap();
        assert!(ticket.starts_with(&[5; 16]));
        assert_eq!(tickets.decrypt(&ticket).as_deref(), Some(&b"state"[..]));
        for length in 0..ticket.len() {
            assert_eq!(tickets.decrypt(&ticket[..length]), None);
        }
        for bit in 0..ticket.len() * 8 {
            let mut flipped = ticket.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(tickets.decrypt(&flipped), None);
        }
        assert_eq!(self::tickets(&clock, b"there", &keys).decrypt(&ticket), None);
        let mut others = [5; 48];
        others[47] = 6;
        assert_eq!(self::tickets(&clock, b"here", &TicketKeys::from_bytes(&others)).decrypt(&ticket), None);
        assert_ne!(tickets.encrypt(b"state").unwrap(), ticket);
    }

    #[test]
    fn a_ticket_expires() {
        let clock = Clock::default();
        let tickets = tickets(&clock, b"", &TicketKeys::random().unwrap());
        let ticket = tickets.encrypt(b"state").unwrap();
        clock.advance(300);
        assert!(tickets.decrypt(&ticket).is_some());
        clock.advance(1);
        assert!(tickets.decrypt(&ticket).is_none());
        assert_eq!(tickets.lifetime(), Duration::from_secs(300));
    }

    #[test]
    fn a_context_has_a_limit() {
        let terms = terms(&Clock::default(), &[0; 256]);
        assert!(Tickets::new(&TicketKeys::from_bytes(&[0; 48]), terms).is_none());
    }
}
