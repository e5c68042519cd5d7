//! What is trusted: certificates of the user's, or the roots of webpki-roots.

use std::collections::HashMap;
use std::sync::Arc;

use rustls_pki_types::TrustAnchor as BareAnchor;

use super::judgement::Purpose;
use super::revocation_list::RevocationList;
use super::settings::TrustSettings;
use crate::certificate::{Certificate, Malformed, first_element};

/// One thing that is trusted.
#[derive(Debug, Clone, Copy)]
pub enum TrustAnchor<'a> {
    /// A whole certificate.
    Certificate(&'a [u8]),
    /// Name, key and constraints of a root: all that webpki-roots keeps.
    Bare(&'a BareAnchor<'static>),
}

/// Trust anchors by their subject's name, in the form in which names are compared; and revocation lists.
#[derive(Debug, Default, Clone)]
pub struct TrustStore {
    certificates: Vec<Vec<u8>>,
    /// Of each certificate.
    settings: Vec<TrustSettings>,
    by_subject: HashMap<Vec<u8>, Vec<usize>>,
    bare: &'static [BareAnchor<'static>],
    revocation_lists: Vec<Arc<RevocationList>>,
}

impl TrustStore {
    /// The roots that Mozilla trusts for servers.
    pub fn mozilla() -> Self {
        Self { bare: webpki_roots::TLS_SERVER_ROOTS, ..Self::default() }
    }

    /// Trust a certificate, which OpenSSL's settings of trust may follow. One that is there already is no error.
    pub fn add(&mut self, bytes: &[u8]) -> Result<(), Malformed> {
        let (der, settings) = bytes.split_at(first_element(bytes)?.len());
        let settings = TrustSettings::read(settings)?;
        let certificate = Certificate::parse(der)?;
        let places = self.by_subject.entry(certificate.subject_canonical).or_default();
        if places.iter().all(|place| self.certificates[*place] != der) {
            places.push(self.certificates.len());
            self.certificates.push(der.to_vec());
            self.settings.push(settings);
        }
        Ok(())
    }

    /// Trust nothing of which no valid list of its issuer says that it is not revoked: one list, DER, and all that are added.
    pub fn add_revocation_list(&mut self, der: &[u8]) -> Result<(), Malformed> {
        self.revocation_lists.push(Arc::new(RevocationList::parse(der)?));
        Ok(())
    }

    /// The revocation lists.
    pub(super) fn revocation_lists(&self) -> &[Arc<RevocationList>] {
        &self.revocation_lists
    }

    /// The whole certificates that are trusted, DER.
    pub fn certificates(&self) -> impl Iterator<Item = &[u8]> {
        self.certificates.iter().map(Vec::as_slice)
    }

    /// Whether exactly this certificate is trusted.
    pub fn has(&self, certificate: &Certificate<'_>) -> bool {
        self.named(&certificate.subject_canonical).any(|der| der == certificate.der)
            || self.bare_named(certificate.subject).any(|anchor| {
                anchor.subject_public_key_info.as_ref() == certificate.public_key.contents
                    && certificate.is_self_signed()
            })
    }

    /// Whether a certificate that is trusted is so for a purpose.
    pub fn allows(&self, certificate: &Certificate<'_>, purpose: Purpose) -> bool {
        let place = self.certificates.iter().position(|der| der == certificate.der);
        place.is_none_or(|place| self.settings[place].allow(purpose))
    }

    /// The anchors with the name of a certificate's issuer.
    pub fn issuers<'a>(&'a self, certificate: &Certificate<'_>) -> Vec<TrustAnchor<'a>> {
        let mut anchors: Vec<_> = self.named(&certificate.issuer_canonical).map(TrustAnchor::Certificate).collect();
        for anchor in self.bare_named(certificate.issuer) {
            anchors.push(TrustAnchor::Bare(anchor));
        }
        anchors
    }

    fn named<'a>(&'a self, canonical: &[u8]) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let places = self.by_subject.get(canonical).map_or(&[][..], Vec::as_slice);
        places.iter().map(|place| self.certificates[*place].as_slice())
    }

    fn bare_named<'b>(&self, subject: &'b [u8]) -> impl Iterator<Item = &'static BareAnchor<'static>> + use<'b> {
        self.bare.iter().filter(move |anchor| anchor.subject.as_ref() == subject)
    }
}
