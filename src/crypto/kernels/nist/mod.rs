//! The curves of NIST: P-256, P-384 and P-521 (SP 800-186), for key agreement (SP 800-56A) and signatures (FIPS 186-5).
//!
//! What is done with private keys takes a time, and touches addresses, that do not depend on them. What is done with public keys and
//! signatures alone takes a time that depends on them.

pub mod checks;
mod comb_sums;
mod constants;
mod curve;
mod der;
mod doubles;
mod ecdsa;
mod field;
mod fixed_base;
mod keys;
mod known_keys;
mod lazy;
mod nonce;
mod operations;
pub mod p256;
pub mod p384;
pub mod p521;
mod paired;
mod point;
mod product;
mod scalar;
mod shamir;
mod signed_bits;
mod table;
mod variable_base;

use crate::{inversion, limbs};

#[cfg(test)]
mod tests;

pub use curve::Curve;
pub use ecdsa::Signature;
pub use keys::{PrivateKey, PublicKey};
pub use lazy::Lazy;
pub use operations::Operations;
