//! The way from a leaf to something trusted, found and judged as OpenSSL 3 does (crypto/x509/x509_vfy.c, `verify_chain`).
//!
//! OpenSSL's callback, as Node sets it, goes on after each complaint and the last complaint is the verdict; so it is here.
//! The work is bounded: each step adds one certificate of the peer's or of the store, none twice, and checks one signature.

use rustls_pki_types::{CertificateDer, TrustAnchor as BareAnchor, UnixTime};

use super::revocation::{self, Stop};
use super::signature::verify_certificate;
use super::store::{TrustAnchor, TrustStore, bare};
use super::verdict::Verdict;
use crate::certificate::extension::oid;
use crate::certificate::{Certificate, Malformed, PublicKey, name};
use crate::crypto;

/// The longest way, in certificates, that is followed.
const LONGEST_CHAIN: usize = 32;

/// What was found out about a chain.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// Why the chain is not trusted; `None` when it is.
    pub verdict: Option<Verdict>,
    /// The certificates of the way, leaf first, as DER. A root of which only name and key are known is not among them.
    pub chain: Vec<Vec<u8>>,
}

/// What the leaf of a chain is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A TLS server.
    Server,
    /// A TLS client.
    Client,
}

/// Judge the chain of a TLS peer.
///
/// * `leaf`, `others`: DER as the peer sent them, `others` in any order.
/// * `now`: seconds since 1970.
/// * `allow_partial_chain`: whether a trusted certificate that is not self-signed ends the way.
///
/// The name of the server is not looked at: Node leaves that to `checkServerIdentity`.
pub fn judge(
    store: &TrustStore,
    purpose: Purpose,
    leaf: &[u8],
    others: &[&[u8]],
    now: i64,
    allow_partial_chain: bool,
) -> Result<Judgement, Malformed> {
    let leaf = Certificate::parse(leaf)?;
    let others = others.iter().map(|der| Certificate::parse(der)).collect::<Result<Vec<_>, _>>()?;
    let mut path = Path::find(store, leaf, &others, now, allow_partial_chain)?;
    path.check_extensions(purpose);
    path.check_revocation(store, now);
    path.check_signatures_and_times(now);
    path.check_name_constraints(purpose, now);
    Ok(Judgement {
        verdict: path.verdict,
        chain: path.chain.iter().map(|certificate| certificate.der.to_vec()).collect(),
    })
}

struct Path<'a> {
    chain: Vec<Certificate<'a>>,
    /// The root after the last certificate, where only its name and key are known.
    root: Option<&'a BareAnchor<'static>>,
    verdict: Option<Verdict>,
    /// Whether a trusted certificate that is not self-signed may be the end.
    may_be_partial: bool,
}

impl<'a> Path<'a> {
    fn find(
        store: &'a TrustStore,
        leaf: Certificate<'a>,
        others: &[Certificate<'a>],
        now: i64,
        allow_partial_chain: bool,
    ) -> Result<Self, Malformed> {
        let mut path = Self { chain: vec![leaf], root: None, verdict: None, may_be_partial: allow_partial_chain };
        let mut trusted = 0;
        loop {
            let Some(last) = path.chain.last() else {
                return Ok(path);
            };
            let may_end_here = last.is_self_signed() || allow_partial_chain;
            if may_end_here && (trusted > 0 || store.has(last)) {
                return Ok(path);
            }
            if last.is_self_signed() {
                path.complain(match path.chain.len() {
                    1 => Verdict::DepthZeroSelfSignedCert,
                    _ => Verdict::SelfSignedCertInChain,
                });
                return Ok(path);
            }
            if path.chain.len() == LONGEST_CHAIN {
                path.complain(Verdict::CertChainTooLong);
                return Ok(path);
            }

            // Trusted issuers come first, as OpenSSL's default flag X509_V_FLAG_TRUSTED_FIRST says.
            let mut anchors = Vec::new();
            for anchor in store.issuers(last) {
                match anchor {
                    TrustAnchor::Bare(root) => {
                        path.root = Some(root);
                        return Ok(path);
                    }
                    TrustAnchor::Certificate(der) => anchors.push(Certificate::parse(der)?),
                }
            }
            if let Some(issuer) = path.best_issuer(&anchors, now) {
                trusted += 1;
                path.chain.push(issuer);
            } else if let Some(issuer) = path.best_issuer(others, now).filter(|_| trusted == 0) {
                path.chain.push(issuer);
            } else {
                path.complain(match trusted {
                    0 => Verdict::UnableToGetIssuerCertLocally,
                    _ => Verdict::UnableToGetIssuerCert,
                });
                return Ok(path);
            }
        }
    }

    /// The best issuer of the last certificate: of those that fit by name and key identifier, one that is valid now.
    fn best_issuer(&self, candidates: &[Certificate<'a>], now: i64) -> Option<Certificate<'a>> {
        let last = self.chain.last()?;
        let fits = |candidate: &&Certificate<'a>| {
            candidate.subject_canonical == last.issuer_canonical
                && match (last.extensions.authority_key_identifier, candidate.extensions.subject_key_identifier) {
                    (Some(wanted), Some(found)) => wanted == found,
                    _ => true,
                }
                && candidate.extensions.may_sign_certificates()
                && self.chain.iter().all(|used| used.der != candidate.der)
        };
        let fitting: Vec<_> = candidates.iter().filter(fits).collect();
        let valid = fitting.iter().find(|candidate| time_verdict(candidate, now).is_none());
        valid.or(fitting.first()).map(|candidate| (*candidate).clone())
    }

    fn complain(&mut self, verdict: Verdict) {
        self.verdict = Some(verdict);
    }

    fn check_extensions(&mut self, purpose: Purpose) {
        let mut complaints = Vec::new();
        // Self-issued certificates do not count towards a path length (RFC 5280, 4.2.1.9).
        let mut issued_before = 0u32;
        for (depth, certificate) in self.chain.iter().enumerate() {
            let extensions = &certificate.extensions;
            if extensions.has_unknown_critical {
                complaints.push(Verdict::UnhandledCriticalExtension);
            }
            let is_end = self.root.is_none() && depth + 1 == self.chain.len();
            if depth > 0 && !may_issue(certificate, is_end) {
                complaints.push(Verdict::InvalidCa);
            }
            // The purpose of an issuer is to issue: what is no authority at all fails for that, too.
            let is_fit = if depth == 0 { purpose.fits_leaf(certificate) } else { may_issue(certificate, true) };
            if !purpose.is_allowed_by(certificate) || !is_fit {
                complaints.push(Verdict::InvalidPurpose);
            }
            let limit = extensions.basic_constraints.and_then(|constraints| constraints.path_length);
            if depth > 0 && limit.is_some_and(|limit| issued_before > limit) {
                complaints.push(Verdict::PathLengthExceeded);
            }
            if depth > 0 && !certificate.is_self_issued() {
                issued_before += 1;
            }
        }
        complaints.into_iter().for_each(|verdict| self.complain(verdict));
    }

    fn check_revocation(&mut self, store: &TrustStore, now: i64) {
        let mut way: Vec<_> = self.chain.iter().map(Stop::from).collect();
        let name = self.root.and_then(|root| name::canonical(root.subject.as_ref()).ok());
        if let (Some(root), Some(name)) = (self.root, &name) {
            let key = PublicKey::parse(root.subject_public_key_info.as_ref());
            way.push(Stop { certificate: None, name, issuer: name, key });
        }
        let complaints = revocation::complaints(store.revocation_lists(), &way, now);
        complaints.into_iter().for_each(|verdict| self.complain(verdict));
    }

    fn check_signatures_and_times(&mut self, now: i64) {
        let mut complaints = Vec::new();
        let mut issuer = self.root.map(|root| PublicKey::parse(root.subject_public_key_info.as_ref()));
        for (depth, certificate) in self.chain.iter().enumerate().rev() {
            match &issuer {
                Some(Ok(key)) => {
                    if verify_certificate(certificate, key).is_err() {
                        complaints.push(Verdict::CertSignatureFailure);
                    }
                    complaints.extend(time_verdict(certificate, now));
                }
                Some(Err(Malformed)) => complaints.push(Verdict::UnableToDecodeIssuerPublicKey),
                // The end of the way. That a trusted root signed itself need not be shown; an unknown issuer's
                // certificate is not judged further, unless it is the leaf.
                None if certificate.is_self_signed() => complaints.extend(time_verdict(certificate, now)),
                None => {
                    if depth == 0 && !self.may_be_partial {
                        complaints.push(Verdict::UnableToVerifyLeafSignature);
                    }
                    if depth == 0 || self.may_be_partial {
                        complaints.extend(time_verdict(certificate, now));
                    }
                }
            }
            issuer = Some(Ok(certificate.public_key));
        }
        complaints.into_iter().for_each(|verdict| self.complain(verdict));
    }

    /// Name constraints are webpki's to judge, on a way that is good otherwise. What webpki can not judge is not permitted.
    fn check_name_constraints(&mut self, purpose: Purpose, now: i64) {
        let constrained = |certificate: &Certificate<'_>| certificate.extensions.name_constraints.is_some();
        let root_constrained = self.root.is_some_and(|root| root.name_constraints.is_some());
        if self.verdict.is_some() || !(root_constrained || self.chain.iter().skip(1).any(constrained)) {
            return;
        }
        // Where no dNSName is, the host is compared with the common name, which webpki does not look at.
        if !self.chain[0].extensions.has_dns_name() && has_dotted_common_name(&self.chain[0]) {
            return self.complain(Verdict::PermittedViolation);
        }
        let anchor = match (self.root, self.chain.last()) {
            (Some(root), _) => root.clone(),
            (None, Some(last)) => bare(last, last.extensions.name_constraints),
            (None, None) => return,
        };
        let between = match self.root {
            Some(_) => &self.chain[1..],
            None => &self.chain[1..self.chain.len() - 1],
        };
        let between: Vec<_> = between.iter().map(|certificate| CertificateDer::from(certificate.der)).collect();
        let leaf = CertificateDer::from(self.chain[0].der);
        let anchors = [anchor];
        let now = UnixTime::since_unix_epoch(std::time::Duration::from_secs(now.unsigned_abs()));
        let usage = webpki::ExtendedKeyUsage::required_if_present(purpose.key_usage());
        let judged = webpki::EndEntityCert::try_from(&leaf).and_then(|leaf| {
            webpki::PathBuilder::new(&between, None, &usage, crypto::verification_algorithms(), &anchors)
                .build(&leaf, now)
                .map(|_| ())
        });
        if judged.is_err() {
            self.complain(Verdict::PermittedViolation);
        }
    }
}

fn time_verdict(certificate: &Certificate<'_>, now: i64) -> Option<Verdict> {
    if now < certificate.not_before {
        Some(Verdict::CertNotYetValid)
    } else if now > certificate.not_after {
        Some(Verdict::CertHasExpired)
    } else {
        None
    }
}

/// Whether a certificate may be an issuer (OpenSSL's `check_ca`). At the end of the way, a certificate that says less is taken: a
/// self-signed one of X.509 v1, a root of old, or one with `keyUsage` alone.
fn may_issue(certificate: &Certificate<'_>, is_end: bool) -> bool {
    let extensions = &certificate.extensions;
    extensions.may_sign_certificates()
        && match extensions.basic_constraints {
            Some(constraints) => constraints.ca,
            None => {
                is_end && ((certificate.version == 1 && certificate.is_self_signed()) || extensions.key_usage.is_some())
            }
        }
}

impl Purpose {
    fn key_usage(self) -> &'static [u8] {
        match self {
            Self::Server => oid::SERVER_AUTHENTICATION,
            Self::Client => oid::CLIENT_AUTHENTICATION,
        }
    }

    fn is_allowed_by(self, certificate: &Certificate<'_>) -> bool {
        match self {
            Self::Server => certificate.extensions.may_authenticate_server(),
            Self::Client => certificate.extensions.may_authenticate_client(),
        }
    }

    /// Whether `keyUsage`, if present, allows what the key of the leaf does: sign or agree on keys, a server's encipher too; and
    /// `nsCertType`, if present, names the purpose.
    fn fits_leaf(self, certificate: &Certificate<'_>) -> bool {
        const DIGITAL_SIGNATURE: u8 = 0x80;
        const KEY_ENCIPHERMENT: u8 = 0x20;
        const KEY_AGREEMENT: u8 = 0x08;
        const SSL_CLIENT: u8 = 0x80;
        const SSL_SERVER: u8 = 0x40;
        let (useful, netscape) = match self {
            Self::Server => (DIGITAL_SIGNATURE | KEY_ENCIPHERMENT | KEY_AGREEMENT, SSL_SERVER),
            Self::Client => (DIGITAL_SIGNATURE | KEY_AGREEMENT, SSL_CLIENT),
        };
        let extensions = &certificate.extensions;
        extensions.key_usage.is_none_or(|usage| usage & useful != 0)
            && extensions.netscape_type.is_none_or(|kind| kind & netscape != 0)
    }
}

/// Whether a common name could be that of a host, as OpenSSL sees it: it has a dot.
fn has_dotted_common_name(certificate: &Certificate<'_>) -> bool {
    let attributes = name::attributes(certificate.subject).unwrap_or_default();
    attributes.iter().any(|(kind, value)| kind == "CN" && value.contains('.'))
}
