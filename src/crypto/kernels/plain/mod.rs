//! The same, as plainly as the standards say it: slow, and for tests only, which hold the fast ones equal to these.

pub(crate) mod aes;
pub(crate) mod aes_gcm;
pub(crate) mod chacha20_poly1305;
