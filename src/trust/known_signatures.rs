//! Signatures of certificates that were verified before. That the holder of a key made one is true for ever, so nothing here can outlive
//! anything: who is trusted, for what and until when is judged anew each time.

use std::cell::RefCell;

use super::signature::SignatureProblem;
use crate::crypto::{Digest, Hasher};

/// How many are kept.
const KEPT: usize = 256;

type Fact = [u8; 32];

thread_local! {
    /// The least recently used first.
    static KNOWN: RefCell<Vec<Fact>> = const { RefCell::new(Vec::new()) };
}

/// Whether a fact is known; it is the most recently used then.
fn is_known(fact: &Fact) -> bool {
    KNOWN.with_borrow_mut(|known| {
        let place = known.iter().rposition(|other| other == fact);
        if let Some(place) = place {
            known[place..].rotate_left(1);
        }
        place.is_some()
    })
}

fn remember(fact: Fact) {
    KNOWN.with_borrow_mut(|known| {
        if known.len() == KEPT {
            known.remove(0);
        }
        known.push(fact);
    });
}

/// Verify a signature, unless one over the same in every part was found to be good. `parts`: all that it depends on.
pub(super) fn verify_once(
    parts: &[&[u8]],
    verify: impl FnOnce() -> Result<(), SignatureProblem>,
) -> Result<(), SignatureProblem> {
    let fact = fact(parts);
    if !is_known(&fact) {
        verify()?;
        remember(fact);
    }
    Ok(())
}

/// A hash of the parts, each with its length before it.
fn fact(parts: &[&[u8]]) -> Fact {
    let mut hasher = Hasher::new(Digest::Sha256);
    for part in parts {
        hasher.update(&(part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    let mut fact = Fact::default();
    hasher.finish(&mut fact);
    fact
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_asked(parts: &[&[u8]]) -> bool {
        let mut asked = false;
        let result = verify_once(parts, || {
            asked = true;
            Ok(())
        });
        assert_eq!(result, Ok(()));
        asked
    }

    #[test]
    fn what_was_good_is_not_verified_again() {
        assert!(is_asked(&[b"key", b"signature"]));
        assert!(!is_asked(&[b"key", b"signature"]));
        assert!(is_asked(&[b"keys", b"ignature"]));
        assert!(is_asked(&[b"", b"keysignature"]));
    }

    #[test]
    fn what_was_bad_is_verified_again() {
        let bad = || verify_once(&[b"bad"], || Err(SignatureProblem::Invalid));
        assert_eq!((bad(), bad()), (Err(SignatureProblem::Invalid), Err(SignatureProblem::Invalid)));
        assert!(is_asked(&[b"bad"]));
    }

    #[test]
    fn what_is_asked_for_stays_and_the_rest_goes() {
        is_asked(&[b"often"]);
        is_asked(&[b"once"]);
        for number in 0..4 * KEPT {
            is_asked(&[&number.to_be_bytes()]);
            assert!(!is_asked(&[b"often"]));
        }
        assert!(is_asked(&[b"once"]));
        KNOWN.with_borrow(|known| assert_eq!(known.len(), KEPT));
    }
}
