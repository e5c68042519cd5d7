//! One TLS connection without IO: ciphertext in, plaintext and a status word out.
//!
//! Every call answers with a [`Status`] whose flags name what there is to fetch or to decide. The connection never calls
//! out; where a decision is needed (is this server trusted?), it pauses until the answer is brought.

mod client;
mod failure;
mod status;
mod window;

pub use client::ClientConnection;
pub use failure::Failure;
pub use status::Status;
pub use window::Window;
