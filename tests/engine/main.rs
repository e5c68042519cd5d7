//! The engine against rustls's own server side and against certificates made on the spot: natively, and as WebAssembly in
//! browsers.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod both_ends;
mod certificates;
mod connection;
mod fuzz;
mod hostile;
#[cfg(not(target_arch = "wasm32"))]
mod hostile_chains;
mod keys;
#[cfg(not(target_arch = "wasm32"))]
mod keys_of_openssl;
mod lists;
mod peer;
mod revocation;
#[cfg(not(target_arch = "wasm32"))]
mod revocation_of_openssl;
#[cfg(not(target_arch = "wasm32"))]
mod rsa_of_openssl;
mod session;
mod staples;
mod trust;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

/// Tests that run natively and in browsers.
macro_rules! tests {
    ($($(#[$attribute:meta])* fn $name:ident() $body:block)*) => {$(
        $(#[$attribute])*
        #[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
        #[cfg_attr(not(target_arch = "wasm32"), test)]
        fn $name() $body
    )*};
}
pub(crate) use tests;
