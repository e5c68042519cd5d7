//! Signatures of certificates that were verified before. That the holder of a key made one is true for ever, so nothing here can outlive
//! anything: who is trusted, for what and until when is judged anew each time.

use std::cell::RefCell;

use isomorphic_tls_kernels::recently_used::RecentlyUsed;

use super::signature::SignatureProblem;
use crate::crypto::{Digest, Hasher};

/// How many are kept.
const KEPT: usize = 256;

type Fact = [u8; 32];

thread_local! {
    static KNOWN: RefCell<RecentlyUsed<Fact>> = const { RefCell::new(RecentlyUsed::new(KEPT)) };
}

/// Verify a signature, unless one over the same in every part was found to be good. `parts`: all that it depends on.
pub(super) fn verify_once(
    parts: &[&[u8]],
    verify: impl FnOnce() -> Result<(), SignatureProblem>,
) -> Result<(), SignatureProblem> {
    let fact = fact(parts);
    if KNOWN.with_borrow_mut(|known| known.find(|other| *other == fact).is_some()) {
        return Ok(());
    }
    verify()?;
    KNOWN.with_borrow_mut(|known| known.push(fact));
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
    fn not_everything_is_remembered() {
        for number in 0..=KEPT {
            is_asked(&[&number.to_be_bytes()]);
        }
        assert!(is_asked(&[&0usize.to_be_bytes()]));
        KNOWN.with_borrow(|known| assert_eq!(known.len(), KEPT));
    }
}
