//! A hand on TLS 1.3's key schedule (RFC 8446, 7.1), for the two things that rustls has no door for.
//!
//! - An external pre-shared key has its binder key derived with `ext binder`; rustls knows only `res binder`.
//! - While a session is being restored, the secret of a ticket is not derived, but given.

use std::cell::RefCell;

use rustls::crypto::hmac;
use rustls::crypto::tls13::{Hkdf, HkdfExpander, OkmBlock, OutputLengthError};
use rustls_pki_types::FipsStatus;
use zeroize::Zeroizing;

use super::current::{current, locked};

thread_local! {
    static FORCED: RefCell<Option<Zeroizing<Vec<u8>>>> = const { RefCell::new(None) };
}

/// The longest secret that [`force_resumption_secret`] takes, in bytes.
pub(super) const LONGEST_SECRET: usize = OkmBlock::MAX_LEN;

/// Until the guard is dropped, the secret that is derived for a ticket is this one; none that is too long.
#[must_use]
pub(crate) fn force_resumption_secret(secret: &[u8]) -> Option<Forcing> {
    if secret.len() > LONGEST_SECRET {
        return None;
    }
    FORCED.set(Some(Zeroizing::new(secret.to_vec())));
    Some(Forcing(()))
}

/// See [`force_resumption_secret`].
pub(crate) struct Forcing(());

impl Drop for Forcing {
    fn drop(&mut self) {
        FORCED.set(None);
    }
}

/// A suite's HKDF.
pub(super) struct KeySchedule(pub(super) &'static dyn Hkdf);

impl Hkdf for KeySchedule {
    fn extract_from_zero_ikm(&self, salt: Option<&[u8]>) -> Box<dyn HkdfExpander> {
        self.0.extract_from_zero_ikm(salt)
    }

    fn extract_from_secret(&self, salt: Option<&[u8]>, secret: &[u8]) -> Box<dyn HkdfExpander> {
        // Early Secret = HKDF-Extract(0, PSK)
        let is_early = salt.is_none_or(|salt| salt.iter().all(|byte| *byte == 0));
        let psk = current().filter(|_| is_early).and_then(|notes| locked(&notes).external_psk(secret));
        match psk {
            Some(psk) => Box::new(ExternalPsk(self.0.extract_from_secret(salt, &psk))),
            None => self.0.extract_from_secret(salt, secret),
        }
    }

    fn expander_for_okm(&self, okm: &OkmBlock) -> Box<dyn HkdfExpander> {
        let expander = self.0.expander_for_okm(okm);
        match FORCED.with_borrow(Clone::clone) {
            Some(secret) => Box::new(Forced { expander, secret }),
            None => expander,
        }
    }

    fn hmac_sign(&self, key: &OkmBlock, message: &[u8]) -> hmac::Tag {
        self.0.hmac_sign(key, message)
    }

    fn fips(&self) -> FipsStatus {
        self.0.fips()
    }
}

/// The Early Secret of an external pre-shared key.
struct ExternalPsk(Box<dyn HkdfExpander>);

impl HkdfExpander for ExternalPsk {
    fn expand_slice(&self, info: &[&[u8]], output: &mut [u8]) -> Result<(), OutputLengthError> {
        match with_external_binder(info) {
            Some(info) => self.0.expand_slice(&info, output),
            None => self.0.expand_slice(info, output),
        }
    }

    fn expand_block(&self, info: &[&[u8]]) -> OkmBlock {
        match with_external_binder(info) {
            Some(info) => self.0.expand_block(&info),
            None => self.0.expand_block(info),
        }
    }

    fn hash_len(&self) -> usize {
        self.0.hash_len()
    }
}

/// The resumption master secret, while a session is being restored.
struct Forced {
    expander: Box<dyn HkdfExpander>,
    secret: Zeroizing<Vec<u8>>,
}

impl HkdfExpander for Forced {
    fn expand_slice(&self, info: &[&[u8]], output: &mut [u8]) -> Result<(), OutputLengthError> {
        self.expander.expand_slice(info, output)
    }

    fn expand_block(&self, info: &[&[u8]]) -> OkmBlock {
        match label(info) {
            Some(b"resumption") => OkmBlock::new(&self.secret),
            _ => self.expander.expand_block(info),
        }
    }

    fn hash_len(&self) -> usize {
        self.expander.hash_len()
    }
}

/// rustls's pieces of an `HkdfLabel`: the output's length, the label's length, "tls13 ", the label, the context's length,
/// the context.
fn label<'a>(info: &[&'a [u8]]) -> Option<&'a [u8]> {
    match info {
        [_, _, b"tls13 ", label, _, _] => Some(label),
        _ => None,
    }
}

fn with_external_binder<'a>(info: &[&'a [u8]]) -> Option<[&'a [u8]; 6]> {
    match (label(info), info) {
        (Some(b"res binder"), [length, label_length, prefix, _, context_length, context]) => {
            Some([length, label_length, prefix, b"ext binder", context_length, context])
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::{Digest, Notes, Role, enter};

    fn info(label: &[u8]) -> [&[u8]; 6] {
        [&[0, 32], &[16], b"tls13 ", label, &[0], &[]]
    }

    fn block(expander: &dyn HkdfExpander, label: &[u8]) -> Vec<u8> {
        expander.expand_block(&info(label)).as_ref().to_vec()
    }

    #[test]
    fn a_registered_key_has_an_external_binder() {
        let plain = &Digest::Sha256;
        let ours = KeySchedule(plain);
        let notes = Notes::shared(Role::Client);
        locked(&notes).register_external_psk(b"secret");
        let expected = block(&*plain.extract_from_secret(None, b"secret"), b"ext binder");
        let outside = ours.extract_from_secret(None, b"secret");
        let entered = enter(&notes);
        for salt in [None, Some(&[0; 32][..])] {
            let inside = ours.extract_from_secret(salt, b"secret");
            assert_eq!(block(&*inside, b"res binder"), expected);
            let mut slice = [0; 32];
            assert!(inside.expand_slice(&info(b"res binder"), &mut slice).is_ok());
            assert_eq!(slice, expected[..]);
            assert_eq!(block(&*inside, b"c e traffic"), block(&*outside, b"c e traffic"));
        }
        assert_ne!(block(&*outside, b"res binder"), expected);
        for (salt, secret) in [(None, &b"other"[..]), (Some(&[1; 32][..]), b"secret")] {
            let expected = block(&*plain.extract_from_secret(salt, secret), b"res binder");
            assert_eq!(block(&*ours.extract_from_secret(salt, secret), b"res binder"), expected);
        }
        drop(entered);
    }

    #[test]
    fn a_forced_secret_is_forced_while_the_guard_lives() {
        let plain = &Digest::Sha256;
        let ours = KeySchedule(plain);
        let master = OkmBlock::new(&[7; 32]);
        let expected = |label| block(&*plain.expander_for_okm(&master), label);
        {
            let _forcing = force_resumption_secret(b"given").unwrap();
            assert_eq!(block(&*ours.expander_for_okm(&master), b"resumption"), b"given");
            assert_eq!(block(&*ours.expander_for_okm(&master), b"traffic upd"), expected(b"traffic upd"));
        }
        assert_eq!(block(&*ours.expander_for_okm(&master), b"resumption"), expected(b"resumption"));
        assert!(force_resumption_secret(&[0; LONGEST_SECRET + 1]).is_none());
    }
}
