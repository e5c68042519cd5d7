//! The way from a leaf to something trusted, found as OpenSSL 3 finds it (crypto/x509/x509_vfy.c, `build_chain`): one way, without
//! turning back, trusted issuers before those that the peer sent. So the work is bounded: each step adds one certificate.

use rustls_pki_types::TrustAnchor as BareAnchor;

use super::moment::Moment;
use super::store::{TrustAnchor, TrustStore};
use super::verdict::Verdict;
use crate::certificate::{Certificate, Malformed};

/// The length, in certificates, after which no further issuer is looked for: OpenSSL's depth of 100, the leaf and the root besides.
const LONGEST_CHAIN: usize = 101;

/// What was found.
#[derive(Debug)]
pub(super) struct Path<'a> {
    /// The certificates, leaf first.
    pub chain: Vec<Certificate<'a>>,
    /// The root after the last certificate, where only its name and key are known.
    pub root: Option<&'a BareAnchor<'static>>,
    /// Why it is no way to something trusted.
    pub complaint: Option<Verdict>,
    /// How many certificates of the chain, from the leaf on, are not in the store.
    pub untrusted: usize,
}

impl<'a> Path<'a> {
    /// Find the way. With `may_be_partial`, a trusted certificate that is not self-signed ends it.
    pub fn find(
        store: &'a TrustStore,
        leaf: Certificate<'a>,
        others: &[Certificate<'a>],
        moment: &Moment,
        may_be_partial: bool,
    ) -> Result<Self, Malformed> {
        let mut path = Self { chain: vec![leaf], root: None, complaint: None, untrusted: 1 };
        // Once a trusted issuer is found, only trusted ones are looked for.
        let mut others = Some(others);
        while path.chain.len() <= LONGEST_CHAIN {
            let trusted = path.untrusted;
            if path.take_trusted_issuer(store, moment)? {
                others = None;
                let added = &path.chain[trusted.min(path.untrusted)..];
                if path.root.is_some() || may_be_partial || added.iter().any(Certificate::is_self_signed) {
                    return Ok(path);
                }
            } else if !others.is_some_and(|others| path.take_issuer(others, moment)) {
                break;
            }
        }

        let is_own_anchor = may_be_partial && path.is_untrusted() && store.has(&path.chain[0]);
        match path.chain.len() <= LONGEST_CHAIN && is_own_anchor {
            true => path.untrusted = 0,
            false => path.complaint = Some(path.problem()),
        }
        Ok(path)
    }

    fn is_untrusted(&self) -> bool {
        self.untrusted == self.chain.len()
    }

    /// The last certificate, if there is any.
    fn last(&self) -> Result<&Certificate<'a>, Malformed> {
        self.chain.last().ok_or(Malformed)
    }

    /// Go on to a trusted issuer of the last certificate, or find that the last certificate is trusted itself.
    fn take_trusted_issuer(&mut self, store: &'a TrustStore, moment: &Moment) -> Result<bool, Malformed> {
        let last = self.last()?;
        let (mut anchors, mut root) = (Vec::new(), None);
        for anchor in store.issuers(last) {
            match anchor {
                TrustAnchor::Certificate(der) => anchors.push(Certificate::parse(der)?),
                TrustAnchor::Bare(bare) => root = root.or(Some(bare)),
            }
        }
        let issuer = best_issuer(last, anchors.iter(), moment);
        if last.is_self_signed() {
            // Its name is not enough: it must be the very one.
            let is_trusted =
                issuer.is_some_and(|issuer| issuer.der == last.der) || (issuer.is_none() && store.has(last));
            self.untrusted -= usize::from(is_trusted && self.is_untrusted());
            return Ok(is_trusted);
        }
        match (issuer, root) {
            (Some(issuer), _) => self.chain.push(issuer.clone()),
            (None, Some(root)) if !last.extensions.is_malformed => self.root = Some(root),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Go on to an issuer of the last certificate among those that the peer sent.
    fn take_issuer(&mut self, others: &[Certificate<'a>], moment: &Moment) -> bool {
        let Ok(last) = self.last() else {
            return false;
        };
        let unused = others.iter().filter(|other| self.chain.iter().all(|used| used.der != other.der));
        let issuer = if last.is_self_signed() { None } else { best_issuer(last, unused, moment).cloned() };
        let is_found = issuer.is_some();
        self.chain.extend(issuer);
        self.untrusted = self.chain.len();
        is_found
    }

    /// Why the way ends here.
    fn problem(&self) -> Verdict {
        match self.chain.last().is_some_and(Certificate::is_self_signed) {
            true if self.chain.len() == 1 => Verdict::DepthZeroSelfSignedCert,
            true => Verdict::SelfSignedCertInChain,
            false if self.is_untrusted() => Verdict::UnableToGetIssuerCertLocally,
            false => Verdict::UnableToGetIssuerCert,
        }
    }
}

/// The issuer that fits by name, key identifier and kind of key: the first that is valid now, or else the one that was so last.
fn best_issuer<'c, 'a>(
    certificate: &Certificate<'_>,
    candidates: impl Iterator<Item = &'c Certificate<'a>>,
    moment: &Moment,
) -> Option<&'c Certificate<'a>> {
    let mut best: Option<&Certificate<'a>> = None;
    for candidate in candidates.filter(|candidate| certificate.is_issued_by(candidate)) {
        if moment.is_within(candidate) {
            return Some(candidate);
        }
        // What can not be read is not later.
        let is_later = |best: &Certificate<'_>| matches!((candidate.not_after, best.not_after), (Ok(one), Ok(other)) if one > other);
        if best.is_none_or(is_later) {
            best = Some(candidate);
        }
    }
    best
}
