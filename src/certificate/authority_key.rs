//! Authority key identifiers: what a certificate, or a revocation list, says of the key that signed it (RFC 5280, 4.2.1.1).

use super::der_reader::Fields;
use super::extension::{AlternativeName, general_names};
use super::{Certificate, Element, Malformed, Tag, name};

/// `authorityKeyIdentifier`. What is not said fits everything.
#[derive(Debug, Clone, Default)]
pub struct AuthorityKey<'a> {
    key_identifier: Option<&'a [u8]>,
    /// The issuer of the issuer's certificate, in the form in which names are compared.
    issuer: Option<Vec<u8>>,
    serial_number: Option<&'a [u8]>,
}

impl<'a> AuthorityKey<'a> {
    /// Read the extension.
    pub(crate) fn read(extension: &'a [u8]) -> Result<Self, Malformed> {
        let mut fields = Fields::new(Element::first(extension)?.children(Tag::SEQUENCE)?);
        let key_identifier = fields.optional(Tag::context_primitive(0)).map(|field| field.value);
        let issuer = fields.optional(Tag::context(1)).map(|field| general_names(&field, field.tag)).transpose()?;
        let serial_number = fields.optional(Tag::context_primitive(2));
        fields.end()?;
        // Of several names the first that is a directory's counts, as in OpenSSL.
        let directory = issuer.iter().flatten().find_map(|name| match name {
            AlternativeName::Directory(directory) => Some(*directory),
            _ => None,
        });
        Ok(Self {
            key_identifier,
            issuer: directory.map(name::canonical).transpose()?,
            serial_number: serial_number.map(|field| field.implicit_integer(field.tag)).transpose()?,
        })
    }

    /// Whether the key may be that of a certificate.
    pub fn fits(&self, issuer: &Certificate<'_>) -> bool {
        let key_fits = match (self.key_identifier, issuer.extensions.subject_key_identifier) {
            (Some(wanted), Some(found)) => wanted == found,
            _ => true,
        };
        let serial_fits =
            self.serial_number.is_none_or(|number| significant(number) == significant(issuer.serial_number));
        let issuer_fits = self.issuer.as_ref().is_none_or(|name| *name == issuer.issuer_canonical);
        key_fits && serial_fits && issuer_fits
    }
}

/// The contents of an INTEGER without octets that say nothing, so that a number has one form.
pub(crate) fn significant(mut contents: &[u8]) -> &[u8] {
    while let [0x00, next, ..] | [0xff, next, ..] = contents
        && (next ^ contents[0]) & 0x80 == 0
    {
        contents = &contents[1..];
    }
    contents
}
