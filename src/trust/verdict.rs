//! The codes of OpenSSL's verification (X509_V_ERR_*), and what OpenSSL says of them.

/// Makes [`Verdict`] of two lists: verdicts of which Node has the code ("X509 certificate error codes" in its documentation), and others.
macro_rules! verdicts {
    (
        named { $($(#[$doc:meta])* $name:ident = $code:literal, $words:literal;)* }
        others { $($(#[$other_doc:meta])* $other:ident = $other_code:literal, $other_words:literal;)* }
    ) => {
        /// Why a chain is not trusted.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Verdict {
            $($(#[$doc])* $name,)*
            $($(#[$other_doc])* $other,)*
        }

        impl Verdict {
            /// OpenSSL's code. (Node has names for some of them only.)
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                    $(Self::$other => $other_code,)*
                }
            }
        }

        /// Node's code for one of OpenSSL's, and what OpenSSL says of it.
        pub fn verdict_words(code: &str) -> Option<(&str, &'static str)> {
            match code {
                $($code => Some((code, $words)),)*
                $($other_code => Some(("UNSPECIFIED", $other_words)),)*
                _ => None,
            }
        }
    };
}

verdicts! {
    named {
        /// The issuer of a trusted but not self-signed certificate is unknown.
        UnableToGetIssuerCert = "UNABLE_TO_GET_ISSUER_CERT", "unable to get issuer certificate";
        /// The issuer of a certificate that the peer sent is unknown.
        UnableToGetIssuerCertLocally = "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "unable to get local issuer certificate";
        /// Only the leaf is there, and its issuer is unknown.
        UnableToVerifyLeafSignature = "UNABLE_TO_VERIFY_LEAF_SIGNATURE", "unable to verify the first certificate";
        /// The leaf is self-signed and not trusted.
        DepthZeroSelfSignedCert = "DEPTH_ZERO_SELF_SIGNED_CERT", "self-signed certificate";
        /// The chain ends in a self-signed certificate that is not trusted.
        SelfSignedCertInChain = "SELF_SIGNED_CERT_IN_CHAIN", "self-signed certificate in certificate chain";
        /// The public key of an issuer can not be read.
        UnableToDecodeIssuerPublicKey = "UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY", "unable to decode issuer public key";
        /// A signature is wrong, or of an algorithm that is not supported.
        CertSignatureFailure = "CERT_SIGNATURE_FAILURE", "certificate signature failure";
        /// Before the validity of a certificate.
        CertNotYetValid = "CERT_NOT_YET_VALID", "certificate is not yet valid";
        /// After the validity of a certificate.
        CertHasExpired = "CERT_HAS_EXPIRED", "certificate has expired";
        /// An issuer is no certification authority.
        InvalidCa = "INVALID_CA", "invalid CA certificate";
        /// More intermediate certificates than a `pathLenConstraint` allows.
        PathLengthExceeded = "PATH_LENGTH_EXCEEDED", "path length constraint exceeded";
        /// A certificate is not made for TLS servers.
        InvalidPurpose = "INVALID_PURPOSE", "unsuitable certificate purpose";
        /// Since when a certificate is valid can not be read.
        ErrorInCertNotBeforeField = "ERROR_IN_CERT_NOT_BEFORE_FIELD", "format error in certificate's notBefore field";
        /// Until when a certificate is valid can not be read.
        ErrorInCertNotAfterField = "ERROR_IN_CERT_NOT_AFTER_FIELD", "format error in certificate's notAfter field";
        /// An extension of the leaf, or a key, can not be read; or there are too many names to judge.
        Unspecified = "UNSPECIFIED", "unspecified certificate verification error";
        /// No revocation list covers a certificate.
        UnableToGetCrl = "UNABLE_TO_GET_CRL", "unable to get certificate CRL";
        /// The signature of a revocation list is wrong, or of an algorithm that is not supported.
        CrlSignatureFailure = "CRL_SIGNATURE_FAILURE", "CRL signature failure";
        /// Before the validity of a revocation list.
        CrlNotYetValid = "CRL_NOT_YET_VALID", "CRL is not yet valid";
        /// After the validity of a revocation list.
        CrlHasExpired = "CRL_HAS_EXPIRED", "CRL has expired";
        /// Since when a revocation list is valid can not be read.
        ErrorInCrlLastUpdateField = "ERROR_IN_CRL_LAST_UPDATE_FIELD", "format error in CRL's lastUpdate field";
        /// Until when a revocation list is valid can not be read.
        ErrorInCrlNextUpdateField = "ERROR_IN_CRL_NEXT_UPDATE_FIELD", "format error in CRL's nextUpdate field";
        /// A certificate is revoked.
        CertRevoked = "CERT_REVOKED", "certificate revoked";
        /// There is no OCSP response where one must be.
        OcspVerifyNeeded = "OCSP_VERIFY_NEEDED", "OCSP verification needed";
        /// An OCSP response is not authentic, not of now or not about the certificate.
        OcspVerifyFailed = "OCSP_VERIFY_FAILED", "OCSP verification failed";
        /// The OCSP responder does not know the certificate.
        OcspCertUnknown = "OCSP_CERT_UNKNOWN", "OCSP unknown cert";
    }
    others {
        /// A critical extension is not known.
        UnhandledCriticalExtension = "UNHANDLED_CRITICAL_EXTENSION", "unhandled critical extension";
        /// A name is outside what an issuer may issue for.
        PermittedViolation = "PERMITTED_VIOLATION", "permitted subtree violation";
        /// A name is within what an issuer must not issue for.
        ExcludedViolation = "EXCLUDED_VIOLATION", "excluded subtree violation";
        /// A name constraint has distances.
        SubtreeMinMax = "SUBTREE_MINMAX", "name constraints minimum and maximum not supported";
        /// A name constraint is of a kind that no one can judge.
        UnsupportedConstraintType = "UNSUPPORTED_CONSTRAINT_TYPE", "unsupported name constraint type";
        /// A name constraint can not be read.
        UnsupportedConstraintSyntax = "UNSUPPORTED_CONSTRAINT_SYNTAX", "unsupported or invalid name constraint syntax";
        /// A name that is constrained can not be read.
        UnsupportedNameSyntax = "UNSUPPORTED_NAME_SYNTAX", "unsupported or invalid name syntax";
        /// The key of the leaf is too weak for the security level.
        EeKeyTooSmall = "EE_KEY_TOO_SMALL", "EE certificate key too weak";
        /// The key of an issuer is too weak for the security level.
        CaKeyTooSmall = "CA_KEY_TOO_SMALL", "CA certificate key too weak";
        /// The hash of a signature is too weak for the security level.
        CaMdTooWeak = "CA_MD_TOO_WEAK", "CA signature digest algorithm too weak";
        /// The key of an issuer must not sign certificates.
        KeyUsageNoCertSign = "KEYUSAGE_NO_CERTSIGN", "key usage does not include certificate signing";
        /// A certificate that a user issued.
        ProxyCertificatesNotAllowed = "PROXY_CERTIFICATES_NOT_ALLOWED", "proxy certificates not allowed, please set the appropriate flag";
        /// A certificate is for addresses or autonomous systems of the internet.
        UnnestedResource = "UNNESTED_RESOURCE", "RFC 3779 resource not subset of parent's resources";
        /// The parameters of an elliptic curve are written out.
        EcKeyExplicitParams = "EC_KEY_EXPLICIT_PARAMS", "certificate public key has explicit ECC parameters";
        /// The issuer of a revocation list must not sign any.
        KeyUsageNoCrlSign = "KEYUSAGE_NO_CRL_SIGN", "key usage does not include CRL signing";
        /// A revocation list is not about certificates of the kind.
        DifferentCrlScope = "DIFFERENT_CRL_SCOPE", "different CRL scope";
        /// A critical extension of a revocation list is not known.
        UnhandledCriticalCrlExtension = "UNHANDLED_CRITICAL_CRL_EXTENSION", "unhandled critical CRL extension";
    }
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
