//! RSA (RFC 8017): signatures of RSASSA-PKCS1-v1_5 and RSASSA-PSS, verified and made.
//!
//! Digests are made by the caller, and random octets come from it.

mod blinding;
pub mod checks;
mod der;
mod lanes;
mod limbs;
mod montgomery;
mod padding;
mod power;
mod private;
mod public;
#[cfg(test)]
mod tests;

pub use padding::Hash;
pub use private::{PrivateKey, SigningFailed};
pub use public::PublicKey;
