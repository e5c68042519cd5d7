//! Exports over plain memory: addresses and lengths. Each kind of primitive has a file.

mod aead;
#[cfg(target_arch = "wasm32")]
mod checked;
mod claims;
#[cfg(target_arch = "wasm32")]
mod leaky;
mod nist;
mod nist_cases;
mod operations;
mod random;
mod rsa;
mod rsa_keys;
#[cfg(target_arch = "wasm32")]
mod secret;
mod x25519;

use std::alloc::{Layout, alloc, dealloc};

/// Memory of a length, aligned to 16 bytes, for what an export takes or gives.
#[unsafe(no_mangle)]
pub extern "C" fn allocate(length: usize) -> *mut u8 {
    match Layout::from_size_align(length.max(1), 16) {
        // The layout has a size.
        Ok(layout) => unsafe { alloc(layout) },
        Err(_) => std::ptr::null_mut(),
    }
}

/// Give memory of `allocate` back.
///
/// # Safety
/// It was allocated with that length, and is not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn free(place: *mut u8, length: usize) {
    if let Ok(layout) = Layout::from_size_align(length.max(1), 16) {
        unsafe { dealloc(place, layout) }
    }
}
