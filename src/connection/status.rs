//! The status word.

use std::ops::{BitOr, BitOrAssign};

/// What there is to do after a call, as flags.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Status(pub u32);

impl Status {
    /// Nothing.
    pub const NOTHING: Self = Self(0);
    /// There is ciphertext to send.
    pub const CIPHERTEXT: Self = Self(1);
    /// There is plaintext to take.
    pub const PLAINTEXT: Self = Self(2);
    /// The peer presented its identity: the connection pauses until it is accepted or declined.
    pub const PEER_IDENTITY: Self = Self(4);
    /// The handshake has just been completed.
    pub const HANDSHAKE_DONE: Self = Self(8);
    /// The peer has sent close_notify.
    pub const PEER_CLOSED: Self = Self(16);
    /// The connection has failed; an alert may be among the ciphertext.
    pub const FAILED: Self = Self(32);
    /// A server has the ClientHello: the connection pauses until it is answered or refused.
    pub const CLIENT_HELLO: Self = Self(64);
    /// There are new sessions to take.
    pub const SESSION: Self = Self(128);
    /// There are lines for the key log to take.
    pub const KEY_LINES: Self = Self(256);

    /// Whether all flags of `other` are set.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

impl BitOr for Status {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Status {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}
