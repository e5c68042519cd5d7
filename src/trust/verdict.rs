//! The codes of OpenSSL's verification, as Node names them (Node docs: "X509 certificate error codes").

/// Why a chain is not trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The issuer of a trusted but not self-signed certificate is unknown.
    UnableToGetIssuerCert,
    /// The issuer of a certificate that the peer sent is unknown.
    UnableToGetIssuerCertLocally,
    /// Only the leaf is there, and its issuer is unknown.
    UnableToVerifyLeafSignature,
    /// The leaf is self-signed and not trusted.
    DepthZeroSelfSignedCert,
    /// The chain ends in a self-signed certificate that is not trusted.
    SelfSignedCertInChain,
    /// The public key of an issuer can not be read.
    UnableToDecodeIssuerPublicKey,
    /// A signature is wrong, or of an algorithm that is not supported.
    CertSignatureFailure,
    /// Before the validity of a certificate.
    CertNotYetValid,
    /// After the validity of a certificate.
    CertHasExpired,
    /// The way to an anchor is longer than allowed.
    CertChainTooLong,
    /// An issuer is no certification authority.
    InvalidCa,
    /// More intermediate certificates than a `pathLenConstraint` allows.
    PathLengthExceeded,
    /// A certificate is not made for TLS servers.
    InvalidPurpose,
    /// A critical extension is not known.
    UnhandledCriticalExtension,
    /// A name is outside what an issuer may issue for.
    PermittedViolation,
}

impl Verdict {
    /// Node's code.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnableToGetIssuerCert => "UNABLE_TO_GET_ISSUER_CERT",
            Self::UnableToGetIssuerCertLocally => "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
            Self::UnableToVerifyLeafSignature => "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
            Self::DepthZeroSelfSignedCert => "DEPTH_ZERO_SELF_SIGNED_CERT",
            Self::SelfSignedCertInChain => "SELF_SIGNED_CERT_IN_CHAIN",
            Self::UnableToDecodeIssuerPublicKey => "UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY",
            Self::CertSignatureFailure => "CERT_SIGNATURE_FAILURE",
            Self::CertNotYetValid => "CERT_NOT_YET_VALID",
            Self::CertHasExpired => "CERT_HAS_EXPIRED",
            Self::CertChainTooLong => "CERT_CHAIN_TOO_LONG",
            Self::InvalidCa => "INVALID_CA",
            Self::PathLengthExceeded => "PATH_LENGTH_EXCEEDED",
            Self::InvalidPurpose => "INVALID_PURPOSE",
            Self::UnhandledCriticalExtension => "UNHANDLED_CRITICAL_EXTENSION",
            Self::PermittedViolation => "PERMITTED_VIOLATION",
        }
    }
}
