//! Whether a certificate chain is trusted, judged as OpenSSL 3 judges it and answered in its codes.
//!
//! [`store`] holds what is trusted, [`path`] finds the way from a leaf to it and judges the way, [`signature`] checks
//! signatures, [`revocation`] looks into revocation lists, [`verdict`] names the answers.

mod path;
mod revocation;
mod revocation_list;
pub mod signature;
mod store;
mod verdict;

pub use path::{Judgement, Purpose, judge};
pub use store::{TrustAnchor, TrustStore};
pub use verdict::Verdict;
