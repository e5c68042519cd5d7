//! Whether a certificate chain is trusted, judged as OpenSSL 3 judges it and answered in its codes.
//!
//! [`store`] holds what is trusted, [`settings`] for what, [`path`] finds the way from a leaf to it, [`judgement`] judges the way, with [`signature`]s,
//! [`revocation`] lists and [`name_constraints`]; [`ocsp`] looks into stapled responses, [`verdict`] names the answers.

mod judgement;
mod known_signatures;
mod moment;
mod name_constraints;
mod ocsp;
mod path;
mod revocation;
mod revocation_list;
mod settings;
pub mod signature;
mod store;
mod verdict;

pub use judgement::{Demands, Judgement, Purpose, judge};
pub use ocsp::StaplePolicy;
pub use store::{TrustAnchor, TrustStore};
pub use verdict::{Verdict, verdict_words};
