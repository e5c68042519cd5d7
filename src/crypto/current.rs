//! Which connection an engine call is about, for the code of ours that rustls calls without telling.

use std::cell::RefCell;
use std::fmt;
use std::marker::PhantomData;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use zeroize::Zeroizing;

use super::key_schedule::LONGEST_SECRET;

thread_local! {
    static CURRENT: RefCell<Option<SharedNotes>> = const { RefCell::new(None) };
}

/// Notes that a connection and the cryptography under it share. Not to be locked while rustls is at work.
pub type SharedNotes = Arc<Mutex<Notes>>;

type Secret = Zeroizing<Vec<u8>>;

/// Which end of a connection is ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The end that begins.
    Client,
    /// The end that answers.
    Server,
}

/// What is seen of a connection, and known about it, beneath rustls.
pub struct Notes {
    role: Role,
    /// Whether [`Self::take_messages`] is to give anything.
    pub trace: bool,
    client_finished: Vec<u8>,
    server_finished: Vec<u8>,
    messages: Vec<(bool, Vec<u8>)>,
    /// What rustls takes for the secret, and the secret.
    external_psks: Vec<(Secret, Secret)>,
    certificate_sent: bool,
}

impl Notes {
    /// Notes of a new connection.
    pub fn new(role: Role) -> Self {
        Self {
            role,
            trace: false,
            client_finished: Vec::new(),
            server_finished: Vec::new(),
            messages: Vec::new(),
            external_psks: Vec::new(),
            certificate_sent: false,
        }
    }

    /// As [`Self::new`], to be shared.
    pub fn shared(role: Role) -> SharedNotes {
        Arc::new(Mutex::new(Self::new(role)))
    }

    /// The `verify_data` of the client's Finished: 12 bytes in TLS 1.2, the length of the hash in TLS 1.3; empty before.
    pub fn client_finished(&self) -> &[u8] {
        &self.client_finished
    }

    /// The `verify_data` of the server's Finished.
    pub fn server_finished(&self) -> &[u8] {
        &self.server_finished
    }

    /// The `verify_data` of our Finished, as Node's `getFinished()` has it.
    pub fn finished(&self) -> &[u8] {
        match self.role {
            Role::Client => &self.client_finished,
            Role::Server => &self.server_finished,
        }
    }

    /// The `verify_data` of the peer's Finished, as Node's `getPeerFinished()` has it.
    pub fn peer_finished(&self) -> &[u8] {
        match self.role {
            Role::Client => &self.server_finished,
            Role::Server => &self.client_finished,
        }
    }

    /// The encrypted handshake messages since the last call, headers included, each with whether it was sent.
    pub fn take_messages(&mut self) -> Vec<(bool, Vec<u8>)> {
        mem::take(&mut self.messages)
    }

    /// Whether we have sent a certificate under encryption: TLS 1.3 did not resume then.
    pub fn certificate_sent(&self) -> bool {
        self.certificate_sent
    }

    /// A pre-shared key of TLS 1.3 does not come of a ticket: its binder is to say so. Gives what to call the secret before rustls,
    /// which takes no long ones.
    pub fn register_external_psk(&mut self, secret: &[u8]) -> Secret {
        let stand_in = match secret.len() {
            0..=LONGEST_SECRET => secret.to_vec(),
            _ => super::digest(super::Digest::Sha512, secret),
        };
        let stand_in = Zeroizing::new(stand_in);
        if self.external_psk(&stand_in).is_none() {
            self.external_psks.push((stand_in.clone(), Zeroizing::new(secret.to_vec())));
        }
        stand_in
    }

    /// The external pre-shared key that rustls knows by this secret.
    pub(super) fn external_psk(&self, stand_in: &[u8]) -> Option<Secret> {
        let known = self.external_psks.iter().find(|(known, _)| are_same(known, stand_in))?;
        Some(known.1.clone())
    }

    /// Unencrypted handshake messages have been seen; those that we sent stand before the encrypted ones that went with them.
    pub fn note_plain(&mut self, sent: bool, messages: Vec<Vec<u8>>) {
        let place = if sent { self.messages.iter().position(|(sent, _)| *sent) } else { None };
        let place = place.unwrap_or(self.messages.len());
        self.messages.splice(place..place, messages.into_iter().map(|message| (sent, message)));
    }

    /// A whole handshake message has been seen.
    pub(super) fn note(&mut self, sent: bool, message: &[u8]) {
        if message.first() == Some(&FINISHED) {
            let by_client = sent == (self.role == Role::Client);
            let finished = if by_client { &mut self.client_finished } else { &mut self.server_finished };
            if finished.is_empty() {
                finished.extend_from_slice(message.get(HEADER..).unwrap_or_default());
            }
        }
        self.certificate_sent |= sent && message.first() == Some(&CERTIFICATE);
        if self.trace {
            self.messages.push((sent, message.to_vec()));
        }
    }
}

impl fmt::Debug for Notes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Notes").field("role", &self.role).field("trace", &self.trace).finish_non_exhaustive()
    }
}

/// Until the guard is dropped, what rustls does is about the connection of these notes.
#[must_use]
pub fn enter(notes: &SharedNotes) -> Entered {
    Entered { before: CURRENT.replace(Some(notes.clone())), here: PhantomData }
}

/// Until the guard is dropped, what rustls does is about no connection.
#[must_use]
pub(crate) fn suspend() -> Entered {
    Entered { before: CURRENT.take(), here: PhantomData }
}

/// See [`enter`].
#[derive(Debug)]
pub struct Entered {
    before: Option<SharedNotes>,
    // What is current is so in one thread.
    here: PhantomData<*const ()>,
}

impl Drop for Entered {
    fn drop(&mut self) {
        CURRENT.set(self.before.take());
    }
}

/// See [`Notes::register_external_psk`], for the current connection.
pub(crate) fn register_external_psk(secret: &[u8]) -> Option<Secret> {
    Some(locked(&*current()?).register_external_psk(secret))
}

/// Whether the current connection resumes no session of TLS 1.3: see [`Notes::certificate_sent`].
pub(crate) fn certificate_sent() -> bool {
    current().is_some_and(|notes| locked(&notes).certificate_sent())
}

pub(super) fn current() -> Option<SharedNotes> {
    CURRENT.with_borrow(Clone::clone)
}

pub(super) fn locked(notes: &Mutex<Notes>) -> MutexGuard<'_, Notes> {
    notes.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether bytes are the same, in a time that depends on their lengths only.
fn are_same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |seen, (one, other)| seen | (one ^ other)) == 0
}

/// The type of a Certificate message (RFC 8446, 4).
const CERTIFICATE: u8 = 11;
/// The type of a Finished message (RFC 8446, 4).
const FINISHED: u8 = 20;
/// The length of a handshake message's type and length (RFC 8446, 4).
pub(super) const HEADER: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guards_nest() {
        assert!(current().is_none());
        let (outer, inner) = (Notes::shared(Role::Client), Notes::shared(Role::Server));
        let first = enter(&outer);
        let second = enter(&inner);
        assert!(current().is_some_and(|notes| Arc::ptr_eq(&notes, &inner)));
        drop(second);
        assert!(current().is_some_and(|notes| Arc::ptr_eq(&notes, &outer)));
        drop(first);
        assert!(current().is_none());
    }

    #[test]
    fn the_first_finished_of_each_side_counts() {
        let mut notes = Notes::new(Role::Server);
        notes.note(true, &[20, 0, 0, 2, 1, 2]);
        notes.note(true, &[20, 0, 0, 2, 9, 9]);
        notes.note(false, &[20, 0, 0, 2, 3, 4]);
        notes.note(false, &[4, 0, 0, 0]);
        assert_eq!((notes.server_finished(), notes.client_finished()), (&[1, 2][..], &[3, 4][..]));
        assert_eq!((notes.finished(), notes.peer_finished()), (&[1, 2][..], &[3, 4][..]));
        assert!(notes.take_messages().is_empty());
        notes.trace = true;
        notes.note(false, &[4, 0, 0, 0]);
        assert_eq!(notes.take_messages(), [(false, vec![4, 0, 0, 0])]);
        assert!(notes.take_messages().is_empty());
    }

    #[test]
    fn secrets_are_known_but_not_shown() {
        let mut notes = Notes::new(Role::Client);
        notes.register_external_psk(b"hush");
        assert_eq!(notes.external_psk(b"hush").unwrap().as_slice(), b"hush");
        assert!(notes.external_psk(b"hus").is_none() && notes.external_psk(b"Hush").is_none());
        let long = [7; 200];
        let stand_in = notes.register_external_psk(&long);
        assert_eq!(stand_in.len(), LONGEST_SECRET);
        assert_eq!(notes.external_psk(&stand_in).unwrap().as_slice(), long);
        assert_eq!(format!("{notes:?}"), "Notes { role: Client, trace: false, .. }");
    }
}
