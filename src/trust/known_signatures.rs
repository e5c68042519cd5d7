//! Signatures of certificates that were verified before. That the holder of a key made one is true for ever, so nothing here can outlive
//! anything: who is trusted, for what and until when is judged anew each time.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::mem;

use super::signature::SignatureProblem;
use crate::crypto::{Digest, digest};

/// How many are kept, at the least, of those that were asked for last; twice as many at the most.
const KEPT: usize = 256;

type Fact = [u8; 32];

#[derive(Default)]
struct Known {
    recent: BTreeSet<Fact>,
    older: BTreeSet<Fact>,
}

thread_local! {
    static KNOWN: RefCell<Known> = RefCell::default();
}

impl Known {
    fn has(&mut self, fact: &Fact) -> bool {
        self.recent.contains(fact) || (self.older.remove(fact) && self.add(*fact))
    }

    /// Always true.
    fn add(&mut self, fact: Fact) -> bool {
        if self.recent.len() >= KEPT {
            self.older = mem::take(&mut self.recent);
        }
        self.recent.insert(fact);
        true
    }
}

/// Verify a signature, unless one over the same in every part was found to be good. `parts`: all that it depends on.
pub(super) fn verify_once(
    parts: &[&[u8]],
    verify: impl FnOnce() -> Result<(), SignatureProblem>,
) -> Result<(), SignatureProblem> {
    let fact = fact(parts);
    if let Some(fact) = fact
        && KNOWN.with_borrow_mut(|known| known.has(&fact))
    {
        return Ok(());
    }
    verify()?;
    if let Some(fact) = fact {
        KNOWN.with_borrow_mut(|known| known.add(fact));
    }
    Ok(())
}

/// A hash of the parts, each with its length before it.
fn fact(parts: &[&[u8]]) -> Option<Fact> {
    let lengths = parts.iter().map(|part| (part.len() as u64).to_be_bytes());
    let all: Vec<u8> = lengths.zip(parts).flat_map(|(length, part)| [&length, *part].concat()).collect();
    digest(Digest::Sha256, &all).try_into().ok()
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
        KNOWN.with_borrow(|known| assert!(known.recent.len() + known.older.len() <= 2 * KEPT));
    }
}
