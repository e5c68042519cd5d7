//! The codes of OpenSSL's verification (X509_V_ERR_*).

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
    /// A name is within what an issuer must not issue for.
    ExcludedViolation,
    /// A name constraint has distances.
    SubtreeMinMax,
    /// A name constraint is of a kind that no one can judge.
    UnsupportedConstraintType,
    /// A name constraint can not be read.
    UnsupportedConstraintSyntax,
    /// A name that is constrained can not be read.
    UnsupportedNameSyntax,
    /// The key of the leaf is too weak for the security level.
    EeKeyTooSmall,
    /// The key of an issuer is too weak for the security level.
    CaKeyTooSmall,
    /// The hash of a signature is too weak for the security level.
    CaMdTooWeak,
    /// The key of an issuer must not sign certificates.
    KeyUsageNoCertSign,
    /// Since when a certificate is valid can not be read.
    ErrorInCertNotBeforeField,
    /// Until when a certificate is valid can not be read.
    ErrorInCertNotAfterField,
    /// A certificate that a user issued.
    ProxyCertificatesNotAllowed,
    /// A certificate is for addresses or autonomous systems of the internet.
    UnnestedResource,
    /// The parameters of an elliptic curve are written out.
    EcKeyExplicitParams,
    /// An extension of the leaf, or a key, can not be read; or there are too many names to judge.
    Unspecified,
    /// No revocation list covers a certificate.
    UnableToGetCrl,
    /// The signature of a revocation list is wrong, or of an algorithm that is not supported.
    CrlSignatureFailure,
    /// Before the validity of a revocation list.
    CrlNotYetValid,
    /// After the validity of a revocation list.
    CrlHasExpired,
    /// Since when a revocation list is valid can not be read.
    ErrorInCrlLastUpdateField,
    /// Until when a revocation list is valid can not be read.
    ErrorInCrlNextUpdateField,
    /// A certificate is revoked.
    CertRevoked,
    /// The issuer of a revocation list must not sign any.
    KeyUsageNoCrlSign,
    /// A revocation list is not about certificates of the kind.
    DifferentCrlScope,
    /// A critical extension of a revocation list is not known.
    UnhandledCriticalCrlExtension,
    /// There is no OCSP response where one must be.
    OcspVerifyNeeded,
    /// An OCSP response is not authentic, not of now or not about the certificate.
    OcspVerifyFailed,
    /// The OCSP responder does not know the certificate.
    OcspCertUnknown,
}

impl Verdict {
    /// OpenSSL's code. (Node has names for some of them only.)
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
            Self::InvalidCa => "INVALID_CA",
            Self::PathLengthExceeded => "PATH_LENGTH_EXCEEDED",
            Self::InvalidPurpose => "INVALID_PURPOSE",
            Self::UnhandledCriticalExtension => "UNHANDLED_CRITICAL_EXTENSION",
            Self::PermittedViolation => "PERMITTED_VIOLATION",
            Self::ExcludedViolation => "EXCLUDED_VIOLATION",
            Self::SubtreeMinMax => "SUBTREE_MINMAX",
            Self::UnsupportedConstraintType => "UNSUPPORTED_CONSTRAINT_TYPE",
            Self::UnsupportedConstraintSyntax => "UNSUPPORTED_CONSTRAINT_SYNTAX",
            Self::UnsupportedNameSyntax => "UNSUPPORTED_NAME_SYNTAX",
            Self::EeKeyTooSmall => "EE_KEY_TOO_SMALL",
            Self::CaKeyTooSmall => "CA_KEY_TOO_SMALL",
            Self::CaMdTooWeak => "CA_MD_TOO_WEAK",
            Self::KeyUsageNoCertSign => "KEYUSAGE_NO_CERTSIGN",
            Self::ErrorInCertNotBeforeField => "ERROR_IN_CERT_NOT_BEFORE_FIELD",
            Self::ErrorInCertNotAfterField => "ERROR_IN_CERT_NOT_AFTER_FIELD",
            Self::ProxyCertificatesNotAllowed => "PROXY_CERTIFICATES_NOT_ALLOWED",
            Self::UnnestedResource => "UNNESTED_RESOURCE",
            Self::EcKeyExplicitParams => "EC_KEY_EXPLICIT_PARAMS",
            Self::Unspecified => "UNSPECIFIED",
            Self::UnableToGetCrl => "UNABLE_TO_GET_CRL",
            Self::CrlSignatureFailure => "CRL_SIGNATURE_FAILURE",
            Self::CrlNotYetValid => "CRL_NOT_YET_VALID",
            Self::CrlHasExpired => "CRL_HAS_EXPIRED",
            Self::ErrorInCrlLastUpdateField => "ERROR_IN_CRL_LAST_UPDATE_FIELD",
            Self::ErrorInCrlNextUpdateField => "ERROR_IN_CRL_NEXT_UPDATE_FIELD",
            Self::CertRevoked => "CERT_REVOKED",
            Self::KeyUsageNoCrlSign => "KEYUSAGE_NO_CRL_SIGN",
            Self::DifferentCrlScope => "DIFFERENT_CRL_SCOPE",
            Self::UnhandledCriticalCrlExtension => "UNHANDLED_CRITICAL_CRL_EXTENSION",
            Self::OcspVerifyNeeded => "OCSP_VERIFY_NEEDED",
            Self::OcspVerifyFailed => "OCSP_VERIFY_FAILED",
            Self::OcspCertUnknown => "OCSP_CERT_UNKNOWN",
        }
    }
}
