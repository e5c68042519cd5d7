//! The door to JavaScript: handles, byte windows and status words. `js/engine.js` is the other side of it.
//!
//! The bytes of connections cross as addresses in wasm memory: JavaScript writes into a window before a call and reads out of one after
//! it. Others cross as `Uint8Array`s, which are copied.
//! Nothing here calls JavaScript, but to read the fields of plain objects.

mod certificate;
mod connection;
mod context;
mod handshake;
mod stack;

use js_sys::Uint8Array;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

/// A copy of bytes that are secret.
fn secret(bytes: &Uint8Array) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(bytes.to_vec())
}

/// Trap, as a bug in the engine would. For the tests of what a trap leaves intact.
#[wasm_bindgen]
pub fn trap() {
    std::process::abort();
}
