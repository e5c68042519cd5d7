//! Sessions that outlive a connection, as bytes that users keep: client sessions, server sessions, tickets, pre-shared keys.
//!
//! | module | what it holds |
//! |---|---|
//! | [`client`] | a client's session as portable bytes, and the store that one connection takes it from |
//! | [`server`] | the store of one server connection, and external pre-shared keys |
//! | [`tickets`] | tickets under Node's 48-byte ticket keys |
//! | [`restore`] | TLS 1.3 client sessions of rustls, made from bytes |
//! | [`client_hello`] | what a ClientHello says that rustls does not tell |

pub mod client;
pub mod client_hello;
mod codec;
pub mod restore;
pub mod server;
mod terms;
pub mod tickets;

pub use terms::Terms;
