//! The judgement of a way, as OpenSSL 3 judges it (crypto/x509/x509_vfy.c, `verify_chain`). OpenSSL's callback, as Node sets it, goes on
//! after each complaint and the last complaint is the verdict; so it is here.
//!
//! The work is bounded: one signature a certificate of the way.

use rustls_pki_types::TrustAnchor as BareAnchor;

use super::moment::Moment;
use super::name_constraints;
use super::path::Path;
use super::revocation::{self, Stop};
use super::signature::{SignatureProblem, verify_certificate};
use super::store::TrustStore;
use super::verdict::Verdict;
use crate::certificate::extension::oid;
use crate::certificate::{Certificate, Malformed, PublicKey, SignatureAlgorithm, name, sequence};
use crate::crypto::{Digest, digest};

/// What was found out about a chain.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// Why the chain is not trusted; `None` when it is.
    pub verdict: Option<Verdict>,
    /// The certificates of the way, leaf first, as DER. A root of which only name and key are known is not among them.
    pub chain: Vec<Vec<u8>>,
    /// That root, after the last certificate.
    pub root: Option<BareAnchor<'static>>,
    /// The SHA-256 of each public key of the way, leaf first, as `SubjectPublicKeyInfo`.
    pub key_hashes: Vec<Vec<u8>>,
    /// How many signatures of certificates were checked.
    pub signatures_checked: usize,
    /// The time, in seconds since 1970, from which on it might be another: a certificate or a list begins or ends then.
    pub until: i64,
}

/// What the leaf of a chain is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A TLS server.
    Server,
    /// A TLS client.
    Client,
}

/// What is asked of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Demands {
    /// What the leaf is to be.
    pub purpose: Purpose,
    /// Seconds since 1970.
    pub now: i64,
    /// Whether a trusted certificate that is not self-signed ends the way.
    pub allow_partial_chain: bool,
    /// OpenSSL's security level: what keys and signatures must be worth.
    pub security_level: u8,
}

impl Demands {
    /// The same at another time.
    pub const fn at(self, now: i64) -> Self {
        Self { now, ..self }
    }
}

/// Judge the chain of a TLS peer.
///
/// * `leaf`, `others`: DER as the peer sent them, `others` in any order.
///
/// The name of the server is not looked at: Node leaves that to `checkServerIdentity`.
pub fn judge(store: &TrustStore, leaf: &[u8], others: &[&[u8]], demands: &Demands) -> Result<Judgement, Malformed> {
    let leaf = Certificate::parse(leaf)?;
    let others = others.iter().map(|der| Certificate::parse(der)).collect::<Result<Vec<_>, _>>()?;
    let is_weak = leaf.public_key.strength() < least_strength(demands.security_level);
    let moment = Moment::new(demands.now);
    let path = Path::find(store, leaf, &others, &moment, demands.allow_partial_chain)?;

    let mut judge = Judge { path: &path, demands, moment: &moment, verdict: None, signatures_checked: 0 };
    judge.complain_if(is_weak, Verdict::EeKeyTooSmall);
    // As in OpenSSL, where the way leads matters less than what was wrong before.
    judge.verdict = judge.verdict.or(path.complaint);
    judge.check_extensions(store);
    judge.check_strength();
    judge.check_revocation(store);
    judge.check_signatures_and_times();
    judge.check_name_constraints();
    judge.check_resources();
    Ok(Judgement {
        verdict: judge.verdict,
        chain: path.chain.iter().map(|certificate| certificate.der.to_vec()).collect(),
        root: path.root.cloned(),
        key_hashes: key_hashes(&path.chain, path.root),
        signatures_checked: judge.signatures_checked,
        until: moment.until(),
    })
}

fn key_hashes(chain: &[Certificate<'_>], root: Option<&BareAnchor<'_>>) -> Vec<Vec<u8>> {
    let keys = chain.iter().map(|certificate| certificate.public_key.contents);
    let root = root.map(|root| root.subject_public_key_info.as_ref());
    keys.chain(root).map(|key| digest(Digest::Sha256, &sequence(key))).collect()
}

struct Judge<'p, 'a> {
    path: &'p Path<'a>,
    demands: &'p Demands,
    moment: &'p Moment,
    verdict: Option<Verdict>,
    signatures_checked: usize,
}

impl<'p, 'a> Judge<'p, 'a> {
    fn complain(&mut self, verdict: Verdict) {
        self.verdict = Some(verdict);
    }

    fn complain_if(&mut self, condition: bool, verdict: Verdict) {
        if condition {
            self.complain(verdict);
        }
    }

    fn chain(&self) -> &'p [Certificate<'a>] {
        &self.path.chain
    }

    /// The key of the root, where that is all that is known of it.
    fn root_key(&self) -> Option<Result<PublicKey<'a>, Malformed>> {
        self.path.root.map(|root| PublicKey::parse(root.subject_public_key_info.as_ref()))
    }

    fn check_extensions(&mut self, store: &TrustStore) {
        let length = self.chain().len() + usize::from(self.path.root.is_some());
        // Self-issued certificates do not count towards a path length (RFC 5280, 4.2.1.9).
        let mut issued_before = 0u32;
        for (depth, certificate) in self.chain().iter().enumerate() {
            let extensions = &certificate.extensions;
            self.complain_if(extensions.has_unknown_critical, Verdict::UnhandledCriticalExtension);
            self.complain_if(extensions.is_proxy, Verdict::ProxyCertificatesNotAllowed);
            let authority = Authority::of(certificate);
            let is_end = depth + 1 == length;
            let may_issue = authority == Authority::Declared || (is_end && authority != Authority::None);
            self.complain_if(depth > 0 && !may_issue, Verdict::InvalidCa);
            if length > 1 {
                self.complain_if(!certificate.public_key.is_readable, Verdict::Unspecified);
                self.complain_if(certificate.public_key.has_explicit_curve(), Verdict::EcKeyExplicitParams);
            }
            // The purpose of an issuer is to issue: what is no authority at all fails for that, too.
            let is_fit = match depth {
                0 => self.demands.purpose.fits_leaf(certificate),
                _ => !matches!(authority, Authority::None | Authority::ImpliedForOthers),
            };
            // OpenSSL can not tell what a malformed one is for, and lets it pass: nobody is known to have issued it.
            let is_fit = extensions.is_malformed || (is_fit && self.demands.purpose.is_allowed_by(certificate));
            self.complain_if(!is_fit, Verdict::InvalidPurpose);
            let is_trusted = depth >= self.path.untrusted;
            self.complain_if(is_trusted && !store.allows(certificate, self.demands.purpose), Verdict::InvalidPurpose);
            let limit = extensions.basic_constraints.and_then(|constraints| constraints.path_length);
            self.complain_if(limit.is_some_and(|limit| issued_before > limit), Verdict::PathLengthExceeded);
            if depth > 0 && !certificate.is_self_issued() {
                issued_before += 1;
            }
        }
    }

    /// Keys of issuers, and signatures but for that of the end, which vouches for nothing.
    fn check_strength(&mut self) {
        let least = least_strength(self.demands.security_level);
        for (depth, certificate) in self.chain().iter().enumerate() {
            self.complain_if(depth > 0 && certificate.public_key.strength() < least, Verdict::CaKeyTooSmall);
            let is_end = self.path.root.is_none() && depth + 1 == self.chain().len();
            let strength =
                || SignatureAlgorithm::read(certificate.signature_algorithm).map_or(0, |known| known.strength);
            self.complain_if(!is_end && least > 0 && strength() < least, Verdict::CaMdTooWeak);
        }
        let is_weak = self.root_key().is_some_and(|key| key.map_or(0, |key| key.strength()) < least);
        self.complain_if(is_weak, Verdict::CaKeyTooSmall);
    }

    fn check_revocation(&mut self, store: &TrustStore) {
        let mut way: Vec<_> = self.chain().iter().map(Stop::from).collect();
        let name = self.path.root.and_then(|root| name::canonical(root.subject.as_ref()).ok());
        if let (Some(key), Some(name)) = (self.root_key(), &name) {
            way.push(Stop { certificate: None, name, issuer: name, key });
        }
        let complaints = revocation::complaints(store.revocation_lists(), &way, self.moment);
        complaints.into_iter().for_each(|verdict| self.complain(verdict));
    }

    /// From the end to the leaf.
    fn check_signatures_and_times(&mut self) {
        let mut issuer = self.root_key().map(|key| (key, true));
        for (depth, certificate) in self.chain().iter().enumerate().rev() {
            match issuer {
                Some((key, may_sign)) => {
                    self.complain_if(!may_sign, Verdict::KeyUsageNoCertSign);
                    self.check_signature(certificate, key);
                    self.check_times(certificate);
                }
                // The end of the way. That a trusted root signed itself need not be shown.
                None if certificate.is_self_signed() || self.demands.allow_partial_chain => {
                    self.check_times(certificate)
                }
                // A certificate whose issuer is not known is judged no further, unless it is the leaf.
                None if depth == 0 => {
                    self.complain(Verdict::UnableToVerifyLeafSignature);
                    self.check_times(certificate);
                }
                None => {}
            }
            issuer = Some((Ok(certificate.public_key), certificate.extensions.may_sign_certificates()));
        }
    }

    fn check_signature(&mut self, certificate: &Certificate<'_>, key: Result<PublicKey<'_>, Malformed>) {
        match key.ok().filter(|key| key.is_readable) {
            Some(key) => {
                self.signatures_checked += 1;
                match verify_certificate(certificate, &key) {
                    Ok(()) => {}
                    Err(SignatureProblem::Invalid) => self.complain(Verdict::CertSignatureFailure),
                    // OpenSSL could check it, and has no other complaint than it has already.
                    Err(SignatureProblem::Unsupported) => {
                        self.verdict.get_or_insert(Verdict::CertSignatureFailure);
                    }
                }
            }
            None => self.complain(Verdict::UnableToDecodeIssuerPublicKey),
        }
    }

    fn check_times(&mut self, certificate: &Certificate<'_>) {
        match certificate.not_before {
            Ok(begin) => self.complain_if(!self.moment.has_reached(begin), Verdict::CertNotYetValid),
            Err(Malformed) => self.complain(Verdict::ErrorInCertNotBeforeField),
        }
        match certificate.not_after {
            Ok(end) => self.complain_if(self.moment.has_reached(end), Verdict::CertHasExpired),
            Err(Malformed) => self.complain(Verdict::ErrorInCertNotAfterField),
        }
    }

    /// OpenSSL follows resources up to the anchor; they are no business of TLS, and who has some is refused here.
    fn check_resources(&mut self) {
        let has_resources = self.chain().iter().any(|certificate| certificate.extensions.has_resources);
        self.complain_if(has_resources, Verdict::UnnestedResource);
    }

    fn check_name_constraints(&mut self) {
        let root =
            self.path.root.and_then(|root| root.name_constraints.as_ref()).map(|constraints| constraints.as_ref());
        let mut pairs = name_constraints::MOST_PAIRS;
        for (depth, certificate) in self.chain().iter().enumerate().rev() {
            // Names of authorities that issue themselves are their issuers' (RFC 5280, 6.1.4).
            if depth > 0 && certificate.is_self_issued() {
                continue;
            }
            let above = self.chain()[depth + 1..].iter().rev().map(|issuer| issuer.extensions.name_constraints);
            for constraints in [root].into_iter().chain(above).flatten() {
                let complaint = name_constraints::complaint(certificate, constraints, depth == 0, &mut pairs);
                complaint.into_iter().for_each(|verdict| self.complain(verdict));
            }
        }
    }
}

/// What a certificate is worth as an issuer (OpenSSL's `check_ca`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Authority {
    None,
    /// It does not say, but at the end of a way it is taken for one: a self-signed root of X.509 v1, or what may sign certificates by
    /// `keyUsage` or Netscape's `nsCertType`.
    Implied,
    /// As above, but Netscape's type is not that of TLS.
    ImpliedForOthers,
    Declared,
}

impl Authority {
    fn of(certificate: &Certificate<'_>) -> Self {
        const SSL_AUTHORITY: u8 = 0x04;
        const OTHER_AUTHORITIES: u8 = 0x03;
        let extensions = &certificate.extensions;
        if extensions.is_malformed || !extensions.may_sign_certificates() {
            return Self::None;
        }
        match extensions.basic_constraints {
            Some(constraints) if constraints.ca => Self::Declared,
            Some(_) => Self::None,
            None if certificate.version == 1 && certificate.is_self_signed() => Self::Implied,
            None if extensions.key_usage.is_some() => Self::Implied,
            None => match extensions.netscape_type {
                Some(kind) if kind & SSL_AUTHORITY != 0 => Self::Implied,
                Some(kind) if kind & OTHER_AUTHORITIES != 0 => Self::ImpliedForOthers,
                _ => Self::None,
            },
        }
    }
}

/// The bits that keys and signatures must be worth at one of OpenSSL's security levels.
fn least_strength(level: u8) -> u16 {
    match level {
        0 => 0,
        1 => 80,
        2 => 112,
        3 => 128,
        4 => 192,
        _ => 256,
    }
}

impl Purpose {
    /// The contents of its OBJECT IDENTIFIER.
    pub(super) fn key_usage(self) -> &'static [u8] {
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

#[cfg(test)]
mod tests {
    use rustls_pki_types::Der;

    use super::*;

    #[test]
    fn the_key_of_a_bare_root_is_among_those_of_the_way() {
        let key = rcgen::KeyPair::generate().unwrap();
        let made = rcgen::CertificateParams::default().self_signed(&key).unwrap();
        let certificate = Certificate::parse(made.der()).unwrap();
        let root = BareAnchor {
            subject: Der::from(certificate.subject),
            subject_public_key_info: Der::from(certificate.public_key.contents),
            name_constraints: None,
        };
        let expected = digest(Digest::Sha256, &rcgen::PublicKeyData::subject_public_key_info(&key));
        let chain = [certificate.clone()];
        assert_eq!(key_hashes(&chain, None), std::slice::from_ref(&expected));
        assert_eq!(key_hashes(&chain, Some(&root)), [expected.clone(), expected]);
    }
}
