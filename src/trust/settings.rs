//! What OpenSSL's "TRUSTED CERTIFICATE" says of a certificate besides: for which purposes it is trusted, and for which it is not
//! (`X509_CERT_AUX`; openssl-x509, "Trust Settings").

use super::judgement::Purpose;
use crate::certificate::extension::oid;
use crate::certificate::{Element, Malformed, Tag};

/// Purposes, as the contents of OBJECT IDENTIFIERs.
#[derive(Debug, Default, Clone)]
pub(super) struct TrustSettings {
    trusted: Vec<Vec<u8>>,
    rejected: Vec<Vec<u8>>,
}

impl TrustSettings {
    /// Read what follows a certificate, which may be nothing.
    pub fn read(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut settings = Self::default();
        let [field] = Element::read_all(bytes)?[..] else {
            return if bytes.is_empty() { Ok(settings) } else { Err(Malformed) };
        };
        for part in field.children(Tag::SEQUENCE)? {
            match part.tag {
                Tag::SEQUENCE => settings.trusted = purposes(&part)?,
                tag if tag == Tag::context(0) => settings.rejected = purposes(&part)?,
                // Names and the like.
                _ => {}
            }
        }
        Ok(settings)
    }

    /// Whether chains for a purpose may end at the certificate: they may at one of which nothing is said.
    pub fn allow(&self, purpose: Purpose) -> bool {
        let names =
            |purposes: &[Vec<u8>]| purposes.iter().any(|id| id == purpose.key_usage() || id == oid::ANY_PURPOSE);
        !names(&self.rejected) && (self.trusted.is_empty() || names(&self.trusted))
    }
}

fn purposes(list: &Element<'_>) -> Result<Vec<Vec<u8>>, Malformed> {
    let ids = list.children(list.tag)?;
    ids.iter().map(|id| id.object_identifier().map(<[u8]>::to_vec)).collect()
}
