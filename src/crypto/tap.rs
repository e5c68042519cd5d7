//! A look at handshake messages as they pass the record protection: what Finished said, and, if asked, every message.
//!
//! Whose messages they are is asked once, when keys come into use. Keys change between messages only (RFC 8446, 5.1), so each
//! key has a stream of its own. Application data passes untouched.

use rustls::ConnectionTrafficSecrets;
use rustls::crypto::cipher::{
    AeadKey, InboundOpaque, Iv, KeyBlockShape, OutboundPlain, Record, RecordDecrypter, RecordEncrypter,
    Tls12AeadAlgorithm, Tls13AeadAlgorithm, UnsupportedOperationError,
};
use rustls::enums::ContentType;
use rustls::error::Error;
use rustls_pki_types::FipsStatus;

use super::current::{HEADER, SharedNotes, current, locked};

/// The longest message that is looked at, header aside: rustls takes no longer ones.
const LONGEST_MESSAGE: usize = 64 * 1024;

/// An AEAD whose records are looked at.
pub(super) struct Tapped<T: 'static + ?Sized>(pub(super) &'static T);

impl Tls13AeadAlgorithm for Tapped<dyn Tls13AeadAlgorithm> {
    fn encrypter(&self, key: AeadKey, iv: Iv) -> Box<dyn RecordEncrypter> {
        tapped_encrypter(self.0.encrypter(key, iv))
    }

    fn decrypter(&self, key: AeadKey, iv: Iv) -> Box<dyn RecordDecrypter> {
        tapped_decrypter(self.0.decrypter(key, iv))
    }

    fn key_len(&self) -> usize {
        self.0.key_len()
    }

    fn iv_len(&self) -> usize {
        self.0.iv_len()
    }

    fn extract_keys(&self, key: AeadKey, iv: Iv) -> Result<ConnectionTrafficSecrets, UnsupportedOperationError> {
        self.0.extract_keys(key, iv)
    }

    fn fips(&self) -> FipsStatus {
        self.0.fips()
    }
}

impl Tls12AeadAlgorithm for Tapped<dyn Tls12AeadAlgorithm> {
    fn encrypter(&self, key: AeadKey, iv: &[u8], extra: &[u8]) -> Box<dyn RecordEncrypter> {
        tapped_encrypter(self.0.encrypter(key, iv, extra))
    }

    fn decrypter(&self, key: AeadKey, iv: &[u8]) -> Box<dyn RecordDecrypter> {
        tapped_decrypter(self.0.decrypter(key, iv))
    }

    fn key_block_shape(&self) -> KeyBlockShape {
        self.0.key_block_shape()
    }

    fn extract_keys(
        &self,
        key: AeadKey,
        iv: &[u8],
        explicit: &[u8],
    ) -> Result<ConnectionTrafficSecrets, UnsupportedOperationError> {
        self.0.extract_keys(key, iv, explicit)
    }

    fn fips(&self) -> FipsStatus {
        self.0.fips()
    }
}

fn tapped_encrypter(inner: Box<dyn RecordEncrypter>) -> Box<dyn RecordEncrypter> {
    match current() {
        Some(notes) => Box::new(Encrypter { inner, messages: Messages::new(notes, true) }),
        None => inner,
    }
}

fn tapped_decrypter(inner: Box<dyn RecordDecrypter>) -> Box<dyn RecordDecrypter> {
    match current() {
        Some(notes) => Box::new(Decrypter { inner, messages: Messages::new(notes, false) }),
        None => inner,
    }
}

struct Encrypter {
    inner: Box<dyn RecordEncrypter>,
    messages: Messages,
}

impl RecordEncrypter for Encrypter {
    fn encrypt<'a>(
        &mut self,
        record: Record<OutboundPlain<'_>>,
        sequence: u64,
        out: &'a mut [u8],
    ) -> Result<Record<&'a [u8]>, Error> {
        if record.typ == ContentType::Handshake {
            for chunk in record.payload.chunks() {
                self.messages.add(chunk);
            }
        }
        self.inner.encrypt(record, sequence, out)
    }

    fn encrypted_payload_len(&self, length: usize) -> usize {
        self.inner.encrypted_payload_len(length)
    }
}

struct Decrypter {
    inner: Box<dyn RecordDecrypter>,
    messages: Messages,
}

impl RecordDecrypter for Decrypter {
    fn decrypt<'a>(&mut self, record: Record<InboundOpaque<'a>>, sequence: u64) -> Result<Record<&'a [u8]>, Error> {
        let record = self.inner.decrypt(record, sequence)?;
        if record.typ == ContentType::Handshake {
            self.messages.add(record.payload);
        }
        Ok(record)
    }
}

/// The handshake messages under one key, put together from records.
struct Messages {
    notes: SharedNotes,
    sent: bool,
    /// What is there of a message that is not whole yet.
    held: Vec<u8>,
    given_up: bool,
}

impl Messages {
    fn new(notes: SharedNotes, sent: bool) -> Self {
        Self { notes, sent, held: Vec::new(), given_up: false }
    }

    fn add(&mut self, bytes: &[u8]) {
        if self.given_up {
            return;
        }
        self.held.extend_from_slice(bytes);
        let mut rest = &self.held[..];
        while let Some((header, after)) = rest.split_first_chunk::<HEADER>() {
            let length = u32::from_be_bytes([0, header[1], header[2], header[3]]) as usize;
            if length > LONGEST_MESSAGE {
                self.given_up = true;
                rest = &[];
                break;
            }
            if after.len() < length {
                break;
            }
            let (message, next) = rest.split_at(HEADER + length);
            locked(&self.notes).note(self.sent, message);
            rest = next;
        }
        self.held = rest.to_vec();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::{Notes, Role};

    fn messages() -> Messages {
        let notes = Notes::shared(Role::Client);
        locked(&notes).trace = true;
        Messages::new(notes, true)
    }

    fn seen(messages: &Messages) -> Vec<(bool, Vec<u8>)> {
        locked(&messages.notes).take_messages()
    }

    #[test]
    fn messages_are_put_together_however_they_are_cut() {
        let stream: Vec<u8> = [&[8, 0, 0, 2, 1, 2][..], &[0, 0, 0, 0], &[20, 0, 1, 0], &[7; 256]].concat();
        for size in 1..=stream.len() {
            let mut messages = messages();
            stream.chunks(size).for_each(|chunk| messages.add(chunk));
            let types: Vec<_> =
                seen(&messages).iter().map(|(sent, message)| (*sent, message[0], message.len())).collect();
            assert_eq!(types, [(true, 8, 6), (true, 0, 4), (true, 20, 260)]);
            assert_eq!(locked(&messages.notes).client_finished(), [7; 256]);
            assert!(messages.held.is_empty());
        }
    }

    #[test]
    fn what_is_too_long_is_not_held() {
        let mut messages = messages();
        messages.add(&[11, 1, 0, 0]);
        messages.add(&[0; 1 << 16]);
        assert_eq!(seen(&messages).len(), 1);
        messages.add(&[11, 1, 0, 1]);
        assert!(messages.given_up && messages.held.is_empty());
        messages.add(&[20, 0, 0, 1, 9]);
        assert!(messages.held.is_empty() && seen(&messages).is_empty());
    }
}
