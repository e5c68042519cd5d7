//! What calls leave on the stack, secrets among it: rustls moves them from place to place, and only the last of these is wiped.

use std::hint::black_box;

/// How much of the stack is wiped, in bytes: more than a handshake takes.
const DEPTH: usize = 64 * 1024;

/// Wipes the stack below when it is dropped. To be declared before all else in a function, or after all else in a structure: then it is
/// dropped last.
pub(super) struct CleanStack;

impl Drop for CleanStack {
    // Not inlined, so that the room is taken below what is in use, and at no other time.
    #[inline(never)]
    fn drop(&mut self) {
        black_box(&mut [0u8; DEPTH]);
    }
}
