//! Cryptographic primitives of our own, where measurement says that no crate serves (docs/performance.md): in constant time,
//! each beside a plain twin that tests hold it equal to. They know nothing of TLS.

pub mod x25519;
