//! Why a connection failed, in OpenSSL's words, of which `js/errors.js` makes Node's errors.

use std::fmt;

use rustls::Error;
use rustls::error::{InvalidMessage, PeerIncompatible, PeerMisbehaved};

use super::alert;

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

/// `reason:detail`: the reason is OpenSSL's, the detail is rustls's and for people; `server_name:` and the name where that is no good.
impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Tls(error) => {
                write!(formatter, "{}:", reason(error))?;
                return write_detail(error, formatter);
            }
            Self::ServerName(name) => return write!(formatter, "server_name:{name}"),
            Self::TooMuchInput => "excessive message size:",
            Self::NoSuitableCertificate => "no suitable signature algorithm:",
            Self::NoSharedCipher => "no shared cipher:",
            Self::NoSharedSignatureSchemes => "no shared signature algorithms:",
            Self::Refused => "decode error:",
            Self::Misuse => "internal error:",
        })
    }
}

/// What OpenSSL calls it.
fn reason(error: &Error) -> &'static str {
    match error {
        Error::AlertReceived(description) => alert::reason(description.0),
        Error::InvalidMessage(message) => match message {
            InvalidMessage::InvalidContentType | InvalidMessage::UnknownProtocolVersion => "wrong version number",
            InvalidMessage::HandshakePayloadTooLarge | InvalidMessage::CertificatePayloadTooLarge => {
                "excessive message size"
            }
            _ => "decode error",
        },
        Error::InappropriateMessage { .. } | Error::InappropriateHandshakeMessage { .. } => "unexpected message",
        Error::PeerIncompatible(incompatibility) => match incompatibility {
            PeerIncompatible::NoCipherSuitesInCommon => "no shared cipher",
            PeerIncompatible::NoKxGroupsInCommon => "no suitable key share",
            PeerIncompatible::NoSignatureSchemesInCommon => "no suitable signature algorithm",
            PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig
            | PeerIncompatible::ServerDoesNotSupportTls12Or13
            | PeerIncompatible::Tls12NotOffered
            | PeerIncompatible::Tls12NotOfferedOrEnabled => "unsupported protocol",
            _ => "handshake failure",
        },
        Error::PeerMisbehaved(PeerMisbehaved::NoCertificatesPresented) => "peer did not return a certificate",
        Error::PeerMisbehaved(PeerMisbehaved::IncorrectBinder) => "binder does not verify",
        Error::PeerMisbehaved(_) => "illegal parameter",
        Error::InvalidCertificate(_) => "bad signature",
        Error::DecryptError => "decryption failed or bad record mac",
        Error::PeerSentOversizedRecord => "packet length too long",
        Error::NoApplicationProtocol => "no application protocol",
        _ => "internal error",
    }
}

fn write_detail(error: &Error, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    match error {
        Error::AlertReceived(description) => write!(formatter, "SSL alert number {}", description.0),
        Error::InvalidMessage(message) => write!(formatter, "{message:?}"),
        Error::PeerIncompatible(incompatibility) => write!(formatter, "{incompatibility:?}"),
        Error::PeerMisbehaved(misbehaviour) => write!(formatter, "{misbehaviour:?}"),
        Error::InvalidCertificate(problem) => write!(formatter, "{problem:?}"),
        // The reason says it all.
        Error::DecryptError | Error::PeerSentOversizedRecord | Error::NoApplicationProtocol => Ok(()),
        other => write!(formatter, "{other}"),
    }
}
