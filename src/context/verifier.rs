//! What rustls may verify by itself: handshake signatures. The identity of the peer is never its to judge: every connection
//! pauses for that (`VerifyPeerIdentity`), and [`crate::trust`] judges.

use std::hash::Hasher;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerIdentity, ServerVerifier, SignatureVerificationInput};
use rustls::crypto::{SignatureScheme, VerifiedIdentity, WebPkiSupportedAlgorithms};
use rustls::error::{CertificateError, Error, PeerMisbehaved};
use rustls::server::danger::{ClientIdentity, ClientVerifier};
use rustls::{DistinguishedName, SignerPublicKey};

use crate::certificate::{Certificate, PublicKey};
use crate::trust::signature::verify_message;

/// rsa_pss_pss_sha256, rsa_pss_pss_sha384, rsa_pss_pss_sha512
const RSA_PSS_PSS: [u16; 3] = [0x0809, 0x080a, 0x080b];

/// For both sides: signatures of the other side's handshake messages.
#[derive(Debug, Clone)]
pub(super) struct SignatureVerifier {
    algorithms: WebPkiSupportedAlgorithms,
}

impl SignatureVerifier {
    pub(super) fn new(algorithms: WebPkiSupportedAlgorithms) -> Self {
        Self { algorithms }
    }

    /// TLS 1.2 does not bind a scheme to a curve, so several algorithms may fit; in TLS 1.3 only the first does.
    fn verify(
        &self,
        input: &SignatureVerificationInput<'_>,
        only_first: bool,
    ) -> Result<HandshakeSignatureValid, Error> {
        let scheme = input.signature.scheme;
        let mapping = self.algorithms.mapping().iter().find(|(known, _)| *known == scheme);
        let (_, algorithms) = mapping.ok_or(PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme)?;
        let algorithms = if only_first { &algorithms[..1] } else { algorithms };
        let SignerPublicKey::X509(certificate) = input.signer else {
            return Err(CertificateError::BadEncoding.into());
        };
        let certificate = Certificate::parse(certificate).map_err(|_| CertificateError::BadEncoding)?;
        let key: &PublicKey<'_> = &certificate.public_key;
        // Keys for RSASSA-PSS alone have schemes of their own.
        if key.is_pss() != RSA_PSS_PSS.contains(&scheme.0) {
            return Err(CertificateError::BadSignature.into());
        }
        verify_message(algorithms, key, input.message, input.signature.signature())
            .map(|()| HandshakeSignatureValid::assertion())
            .map_err(|_| CertificateError::BadSignature.into())
    }

    fn verify_tls13(&self, input: &SignatureVerificationInput<'_>) -> Result<HandshakeSignatureValid, Error> {
        // "RSASSA-PKCS1-v1_5 algorithms [...] are not defined for use in signed TLS handshake messages" (RFC 8446, 4.2.3)
        let legacy =
            [SignatureScheme::RSA_PKCS1_SHA256, SignatureScheme::RSA_PKCS1_SHA384, SignatureScheme::RSA_PKCS1_SHA512];
        if legacy.contains(&input.signature.scheme) {
            return Err(PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme.into());
        }
        self.verify(input, true)
    }
}

/// What a client's configuration asks of servers.
#[derive(Debug, Clone)]
pub(super) struct Servers {
    pub(super) signatures: SignatureVerifier,
    /// Whether to ask for a stapled OCSP response.
    pub(super) request_ocsp: bool,
}

impl ServerVerifier for Servers {
    fn verify_identity<'a>(&self, _: &ServerIdentity<'a, '_>) -> Result<VerifiedIdentity<'a>, Error> {
        // Never asked; if it ever were, nobody would be trusted.
        Err(CertificateError::ApplicationVerificationFailure.into())
    }

    fn verify_tls12_signature(&self, input: &SignatureVerificationInput<'_>) -> Result<HandshakeSignatureValid, Error> {
        self.signatures.verify(input, false)
    }

    fn verify_tls13_signature(&self, input: &SignatureVerificationInput<'_>) -> Result<HandshakeSignatureValid, Error> {
        self.signatures.verify_tls13(input)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.signatures.algorithms.supported_schemes()
    }

    fn request_ocsp_response(&self) -> bool {
        self.request_ocsp
    }

    fn hash_config(&self, hasher: &mut dyn Hasher) {
        for (scheme, _) in self.signatures.algorithms.mapping() {
            hasher.write_u16(u16::from(*scheme));
        }
    }
}

/// What a server's configuration asks of clients that it wants a certificate from.
#[derive(Debug)]
pub(super) struct Clients {
    pub(super) signatures: SignatureVerifier,
    /// Whether a client without a certificate is refused.
    pub(super) mandatory: bool,
    /// The authorities whose certificates are wanted.
    pub(super) authorities: Arc<[DistinguishedName]>,
}

impl ClientVerifier for Clients {
    fn verify_identity<'a>(&self, _: &ClientIdentity<'a, '_>) -> Result<VerifiedIdentity<'a>, Error> {
        // As for servers.
        Err(CertificateError::ApplicationVerificationFailure.into())
    }

    fn verify_tls12_signature(&self, input: &SignatureVerificationInput<'_>) -> Result<HandshakeSignatureValid, Error> {
        self.signatures.verify(input, false)
    }

    fn verify_tls13_signature(&self, input: &SignatureVerificationInput<'_>) -> Result<HandshakeSignatureValid, Error> {
        self.signatures.verify_tls13(input)
    }

    fn root_hint_subjects(&self) -> Arc<[DistinguishedName]> {
        self.authorities.clone()
    }

    fn client_auth_mandatory(&self) -> bool {
        self.mandatory
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.signatures.algorithms.supported_schemes()
    }
}
