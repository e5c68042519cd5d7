//! Verdicts on secrets that are no secrets.

/// A truth about secrets that is published: that a tag is right, that a key is in range. Callers may branch on it, and on nothing else
/// that is made of secrets.
///
/// The check of constant time (docs/security.md) knows this function by its name, and takes what it gives for public; therefore it is
/// never inlined.
#[inline(never)]
#[must_use]
pub fn declassify(verdict: bool) -> bool {
    core::hint::black_box(verdict)
}
