//! Why a connection failed, in words that `js/errors.js` turns into Node's errors.

use std::fmt;

use rustls::Error;

/// Why a connection failed.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// rustls said so.
    Tls(Error),
    /// The name of the server is no DNS name.
    ServerName(String),
    /// More bytes were brought than a connection may hold undigested.
    TooMuchInput,
    /// There is no certificate that the client would take, in TLS 1.3.
    NoSuitableCertificate,
    /// There is no suite for what both sides have: in TLS 1.2, where suites say what certificates and groups are for.
    NoSharedCipher,
    /// The sides have no signature scheme in common.
    NoSharedSignatureSchemes,
    /// We refused the ClientHello.
    Refused,
    /// The connection was used after it had failed, or out of turn.
    Misuse,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Tls(error)
    }
}

/// `kind:detail`: the kind is stable and for programs, the detail is rustls's and for people (a number for alerts).
impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let error = match self {
            Self::Tls(error) => error,
            Self::ServerName(name) => return write!(formatter, "server_name:{name}"),
            Self::TooMuchInput => return formatter.write_str("too_much_input:"),
            Self::NoSuitableCertificate => return formatter.write_str("no_suitable_certificate:"),
            Self::NoSharedCipher => return formatter.write_str("no_shared_cipher:"),
            Self::NoSharedSignatureSchemes => return formatter.write_str("no_shared_signature_schemes:"),
            Self::Refused => return formatter.write_str("refused:"),
            Self::Misuse => return formatter.write_str("misuse:"),
        };
        match error {
            Error::AlertReceived(alert) => write!(formatter, "alert_received:{}", alert.0),
            Error::InvalidMessage(message) => write!(formatter, "invalid_message:{message:?}"),
            Error::InappropriateMessage { .. } | Error::InappropriateHandshakeMessage { .. } => {
                write!(formatter, "unexpected_message:{error}")
            }
            Error::PeerIncompatible(reason) => write!(formatter, "peer_incompatible:{reason:?}"),
            Error::PeerMisbehaved(reason) => write!(formatter, "peer_misbehaved:{reason:?}"),
            Error::InvalidCertificate(reason) => write!(formatter, "invalid_certificate:{reason:?}"),
            Error::DecryptError => formatter.write_str("decrypt_error:"),
            Error::PeerSentOversizedRecord => formatter.write_str("oversized_record:"),
            Error::NoApplicationProtocol => formatter.write_str("no_application_protocol:"),
            other => write!(formatter, "other:{other}"),
        }
    }
}
