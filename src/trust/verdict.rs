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

/// Node's code for one of OpenSSL's, and what OpenSSL says of it. (Node docs: "X509 certificate error codes".)
pub fn verdict_words(code: &str) -> Option<(&str, &'static str)> {
    let message = match code {
        "UNABLE_TO_GET_ISSUER_CERT" => "unable to get issuer certificate",
        "UNABLE_TO_GET_ISSUER_CERT_LOCALLY" => "unable to get local issuer certificate",
        "UNABLE_TO_VERIFY_LEAF_SIGNATURE" => "unable to verify the first certificate",
        "DEPTH_ZERO_SELF_SIGNED_CERT" => "self-signed certificate",
        "SELF_SIGNED_CERT_IN_CHAIN" => "self-signed certificate in certificate chain",
        "UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY" => "unable to decode issuer public key",
        "CERT_SIGNATURE_FAILURE" => "certificate signature failure",
        "CERT_NOT_YET_VALID" => "certificate is not yet valid",
        "CERT_HAS_EXPIRED" => "certificate has expired",
        "ERROR_IN_CERT_NOT_BEFORE_FIELD" => "format error in certificate's notBefore field",
        "ERROR_IN_CERT_NOT_AFTER_FIELD" => "format error in certificate's notAfter field",
        "INVALID_CA" => "invalid CA certificate",
        "PATH_LENGTH_EXCEEDED" => "path length constraint exceeded",
        "INVALID_PURPOSE" => "unsuitable certificate purpose",
        "UNABLE_TO_GET_CRL" => "unable to get certificate CRL",
        "CRL_SIGNATURE_FAILURE" => "CRL signature failure",
        "CRL_NOT_YET_VALID" => "CRL is not yet valid",
        "CRL_HAS_EXPIRED" => "CRL has expired",
        "ERROR_IN_CRL_LAST_UPDATE_FIELD" => "format error in CRL's lastUpdate field",
        "ERROR_IN_CRL_NEXT_UPDATE_FIELD" => "format error in CRL's nextUpdate field",
        "CERT_REVOKED" => "certificate revoked",
        "UNSPECIFIED" => "unspecified certificate verification error",
        "OCSP_VERIFY_NEEDED" => "OCSP verification needed",
        "OCSP_VERIFY_FAILED" => "OCSP verification failed",
        "OCSP_CERT_UNKNOWN" => "OCSP unknown cert",
        _ => return Some(("UNSPECIFIED", unspecified(code)?)),
    };
    Some((code, message))
}

/// What OpenSSL says where Node has no code.
fn unspecified(code: &str) -> Option<&'static str> {
    Some(match code {
        "UNHANDLED_CRITICAL_EXTENSION" => "unhandled critical extension",
        "PERMITTED_VIOLATION" => "permitted subtree violation",
        "EXCLUDED_VIOLATION" => "excluded subtree violation",
        "SUBTREE_MINMAX" => "name constraints minimum and maximum not supported",
        "UNSUPPORTED_CONSTRAINT_TYPE" => "unsupported name constraint type",
        "UNSUPPORTED_CONSTRAINT_SYNTAX" => "unsupported or invalid name constraint syntax",
        "UNSUPPORTED_NAME_SYNTAX" => "unsupported or invalid name syntax",
        "EE_KEY_TOO_SMALL" => "EE certificate key too weak",
        "CA_KEY_TOO_SMALL" => "CA certificate key too weak",
        "CA_MD_TOO_WEAK" => "CA signature digest algorithm too weak",
        "KEYUSAGE_NO_CERTSIGN" => "key usage does not include certificate signing",
        "PROXY_CERTIFICATES_NOT_ALLOWED" => "proxy certificates not allowed, please set the appropriate flag",
        "UNNESTED_RESOURCE" => "RFC 3779 resource not subset of parent's resources",
        "EC_KEY_EXPLICIT_PARAMS" => "certificate public key has explicit ECC parameters",
        "KEYUSAGE_NO_CRL_SIGN" => "key usage does not include CRL signing",
        "DIFFERENT_CRL_SCOPE" => "different CRL scope",
        "UNHANDLED_CRITICAL_CRL_EXTENSION" => "unhandled critical CRL extension",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_have_words() {
        let words = |verdict: Verdict| verdict_words(verdict.code());
        assert_eq!(words(Verdict::CertHasExpired), Some(("CERT_HAS_EXPIRED", "certificate has expired")));
        let nested = "RFC 3779 resource not subset of parent's resources";
        assert_eq!(words(Verdict::UnnestedResource), Some(("UNSPECIFIED", nested)));
        assert_eq!(verdict_words("no verdict"), None);
    }
}
