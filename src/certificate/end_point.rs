//! The hash of a server's certificate that binds what is above TLS to it: `tls-server-end-point` (RFC 5929, 4.1).

use super::{Certificate, Element, Tag};
use crate::crypto::{Digest, digest};

/// The hash in a signature algorithm, by the contents of its OBJECT IDENTIFIER. "If the certificate's signatureAlgorithm uses a
/// single hash function, and that hash function is either MD5 or SHA-1, then use SHA-256."
const HASHES: &[(&[u8], Digest)] = &[
    // RSA with MD5, SHA-1, SHA-2: 1.2.840.113549.1.1
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 4], Digest::Sha256),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 5], Digest::Sha256),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11], Digest::Sha256),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 12], Digest::Sha384),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 13], Digest::Sha512),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 14], Digest::Sha224),
    // ECDSA with SHA-1, SHA-2: 1.2.840.10045.4
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1], Digest::Sha256),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 1], Digest::Sha224),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2], Digest::Sha256),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3], Digest::Sha384),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 4], Digest::Sha512),
    // DSA with SHA-1 and SHA-256: 1.2.840.10040.4.3, 2.16.840.1.101.3.4.3.2
    (&[0x2a, 0x86, 0x48, 0xce, 0x38, 4, 3], Digest::Sha256),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 2], Digest::Sha256),
    // Ed25519, 1.3.101.112: the RFC leaves it open; GnuTLS and node-postgres take the hash that is inside of it.
    (&[0x2b, 0x65, 0x70], Digest::Sha512),
];

/// RSASSA-PSS, 1.2.840.113549.1.1.10, whose parameters say the hash.
const PSS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10];

impl Certificate<'_> {
    /// The channel binding `tls-server-end-point` of a server with this certificate; `None` where it is not defined: the signature
    /// has no hash of its own, or one that is not known.
    pub fn end_point(&self) -> Option<Vec<u8>> {
        Some(digest(self.end_point_hash()?, self.der))
    }

    fn end_point_hash(&self) -> Option<Digest> {
        let parts = Element::read_all(self.signature_algorithm).ok()?;
        let (algorithm, parameters) = parts.split_first()?;
        let algorithm = algorithm.object_identifier().ok()?;
        if algorithm != PSS {
            return HASHES.iter().find(|(known, _)| *known == algorithm).map(|(_, hash)| *hash);
        }
        // SHA-1 is the default (RFC 4055, 3.1).
        let parameters = parameters.first()?.children(Tag::SEQUENCE).ok()?;
        let Some(hash) = parameters.iter().find(|field| field.tag == Tag::context(0)) else {
            return Some(Digest::Sha256);
        };
        let hash = hash.children(hash.tag).ok()?.first()?.children(Tag::SEQUENCE).ok()?;
        match Digest::named(hash.first()?.object_identifier().ok()?)? {
            Digest::Sha1 => Some(Digest::Sha256),
            hash => Some(hash),
        }
    }
}
