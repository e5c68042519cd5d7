//! The engine of isomorphic-tls: TLS without sockets, clocks or JavaScript.
//!
//! | module | what it holds |
//! |---|---|
//! | [`connection`] | one TLS connection: ciphertext in, plaintext and a status word out |
//! | [`context`] | what many connections share: versions, trust, identity |
//! | [`session`] | sessions, tickets and pre-shared keys as bytes that outlive a connection |
//! | [`trust`] | path building and verdicts in OpenSSL's codes |
//! | [`certificate`] | X.509 certificates, read leniently as OpenSSL reads them |
//! | [`crypto`] | the one place that chooses cryptographic implementations |
//! | `bindings` | the door to JavaScript, on wasm32 only |

#[cfg(target_arch = "wasm32")]
mod bindings;
pub mod certificate;
pub mod connection;
pub mod context;
pub mod crypto;
pub mod session;
pub mod trust;
