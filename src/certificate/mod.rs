//! X.509 certificates (RFC 5280), read as leniently as OpenSSL reads them: any version, any extension, any name.
//!
//! Parsing borrows from the DER and verifies nothing: [`crate::trust`] judges what is read here.

mod algorithm;
mod authority_key;
mod der_reader;
pub mod distribution_point;
mod end_point;
pub mod extension;
pub mod name;
pub(crate) mod name_constraints;

pub use algorithm::SignatureAlgorithm;
pub(crate) use algorithm::usual_signature;
pub use authority_key::AuthorityKey;
pub(crate) use authority_key::significant;
use der_reader::Fields;
pub use der_reader::Malformed;
pub(crate) use der_reader::{Element, Tag, sequence};
use extension::Extensions;

/// The first element of bytes that may hold more, tag and length included.
pub fn first_element(bytes: &[u8]) -> Result<&[u8], Malformed> {
    Element::first(bytes).map(|element| element.bytes)
}

/// A `SubjectPublicKeyInfo`, as views of its DER.
#[derive(Debug, Clone, Copy)]
pub struct PublicKey<'a> {
    /// The contents of the whole structure.
    pub contents: &'a [u8],
    /// The contents of its algorithm.
    pub algorithm: &'a [u8],
    /// The bits of the key.
    pub bits: &'a [u8],
    /// Whether OpenSSL could make a key of it.
    pub is_readable: bool,
}

impl<'a> PublicKey<'a> {
    /// Read the contents of a `SubjectPublicKeyInfo`.
    pub fn parse(contents: &'a [u8]) -> Result<Self, Malformed> {
        let [algorithm, bits] = Element::read_all(contents)?[..] else {
            return Err(Malformed);
        };
        let (algorithm, bits) = (algorithm_identifier(&algorithm)?, bits.bit_string()?);
        let key = Self { contents, algorithm, bits, is_readable: false };
        Ok(Self { is_readable: key.can_be_read(), ..key })
    }

    /// Read a whole `SubjectPublicKeyInfo`.
    pub fn from_der(der: &'a [u8]) -> Result<Self, Malformed> {
        Self::parse(Element::first(der)?.contents(Tag::SEQUENCE)?)
    }

    /// The whole structure, as DER.
    pub fn to_der(&self) -> Vec<u8> {
        der_reader::sequence(self.contents)
    }

    /// The algorithm's OBJECT IDENTIFIER, and the curve's where the parameters are one: their contents.
    pub fn identifiers(&self) -> Result<(&'a [u8], Option<&'a [u8]>), Malformed> {
        let parts = Element::read_all(self.algorithm)?;
        let [algorithm, parameters @ ..] = &parts[..] else {
            return Err(Malformed);
        };
        let curve = parameters.first().and_then(|parameters| parameters.object_identifier().ok());
        Ok((algorithm.object_identifier()?, curve))
    }

    /// Modulus and exponent, if it is an RSA key: big-endian, possibly with leading zeros.
    pub fn rsa_numbers(&self) -> Option<(&'a [u8], &'a [u8])> {
        let numbers = Element::first(self.bits).ok()?.children(Tag::SEQUENCE).ok()?;
        match numbers[..] {
            [modulus, exponent] => Some((modulus.contents(Tag::INTEGER).ok()?, exponent.contents(Tag::INTEGER).ok()?)),
            _ => None,
        }
    }

    /// Whether it is of the algorithm (and on the curve) of another.
    pub fn is_of_kind(&self, other: &Self) -> bool {
        // The parameters of RSA are NULL, or left out.
        let [one, two] = [self, other].map(|key| key.algorithm.strip_suffix(&[0x05, 0x00]).unwrap_or(key.algorithm));
        one == two
    }

    /// Whether it is the same key as another.
    pub fn is_same_as(&self, other: &Self) -> bool {
        self.is_of_kind(other) && self.bits == other.bits
    }
}

/// One certificate, as views of its DER.
#[derive(Debug, Clone)]
pub struct Certificate<'a> {
    /// The whole DER.
    pub der: &'a [u8],
    /// `TBSCertificate`: the bytes that the issuer signed.
    pub signed: &'a [u8],
    /// The contents of the outer `signatureAlgorithm`.
    pub signature_algorithm: &'a [u8],
    /// The contents of the inner one, which is signed: it must be the same.
    pub signed_algorithm: &'a [u8],
    /// The bits of the signature.
    pub signature: &'a [u8],
    /// 1, 2 or 3, or what no one knows.
    pub version: u8,
    /// The contents of the serial number's INTEGER.
    pub serial_number: &'a [u8],
    /// The contents of the issuer's `Name`.
    pub issuer: &'a [u8],
    /// The contents of the subject's `Name`.
    pub subject: &'a [u8],
    /// The issuer's name in the form in which names are compared.
    pub issuer_canonical: Vec<u8>,
    /// The subject's name in the form in which names are compared.
    pub subject_canonical: Vec<u8>,
    /// Start of validity, in seconds since 1970, if it can be read.
    pub not_before: Result<i64, Malformed>,
    /// End of validity, in seconds since 1970, if it can be read.
    pub not_after: Result<i64, Malformed>,
    /// The subject's public key.
    pub public_key: PublicKey<'a>,
    /// What the extensions say.
    pub extensions: Extensions<'a>,
}

impl<'a> Certificate<'a> {
    /// Read a certificate; bytes after it are malformed.
    pub fn parse(der: &'a [u8]) -> Result<Self, Malformed> {
        let [certificate] = Element::read_all(der)?[..] else {
            return Err(Malformed);
        };
        let [signed, signature_algorithm, signature] = certificate.children(Tag::SEQUENCE)?[..] else {
            return Err(Malformed);
        };

        let fields = signed.children(Tag::SEQUENCE)?;
        let mut fields = fields.as_slice();
        let version = match fields.split_first() {
            Some((first, rest)) if first.tag == Tag::context(0) => {
                fields = rest;
                let [number] = first.children(Tag::context(0))?[..] else {
                    return Err(Malformed);
                };
                match number.integer()? {
                    [number @ 0..=0x7f] => number + 1,
                    _ => return Err(Malformed),
                }
            }
            _ => 1,
        };
        let [serial_number, algorithm, issuer, validity, subject, public_key_info, optional @ ..] = fields else {
            return Err(Malformed);
        };
        let [not_before, not_after] = validity.children(Tag::SEQUENCE)?[..] else {
            return Err(Malformed);
        };
        let issuer_contents = issuer.contents(Tag::SEQUENCE)?;
        let mut optional = Fields::new(optional.to_vec());
        // Before the extensions there may be identifiers of issuer and subject.
        for tag in [Tag::context_primitive(1), Tag::context_primitive(2)] {
            optional.optional(tag).map(|identifier| identifier.leading_bits(tag)).transpose()?;
        }
        let extensions = match optional.optional(Tag::context(3)) {
            Some(field) => Extensions::read(&field, issuer_contents)?,
            None => Extensions::default(),
        };
        optional.end()?;

        Ok(Self {
            der,
            signed: signed.bytes,
            signature_algorithm: algorithm_identifier(&signature_algorithm)?,
            signed_algorithm: algorithm_identifier(algorithm)?,
            signature: signature.bit_string()?,
            version,
            serial_number: serial_number.integer()?,
            issuer: issuer_contents,
            subject: subject.contents(Tag::SEQUENCE)?,
            issuer_canonical: name::canonical(issuer_contents)?,
            subject_canonical: name::canonical(subject.contents(Tag::SEQUENCE)?)?,
            not_before: time(&not_before)?,
            not_after: time(&not_after)?,
            public_key: PublicKey::parse(public_key_info.contents(Tag::SEQUENCE)?)?,
            extensions,
        })
    }

    /// Whether subject and issuer are the same name.
    pub fn is_self_issued(&self) -> bool {
        self.subject_canonical == self.issuer_canonical
    }

    /// Whether it claims to be signed by its own key, as OpenSSL judges it: self-issued, and neither its key identifiers nor its
    /// algorithms say otherwise. (A key that is rolled over is certified by its predecessor under the same name.)
    pub fn is_self_signed(&self) -> bool {
        self.is_issued_by(self)
    }

    /// Whether an issuer's name, key identifier and kind of key are those that this one names. Whether it signed it is another question.
    pub fn is_issued_by(&self, issuer: &Certificate<'_>) -> bool {
        self.issuer_canonical == issuer.subject_canonical
            && !self.extensions.is_malformed
            && !issuer.extensions.is_malformed
            && self.extensions.authority_key.fits(issuer)
            && self.is_signed_with(&issuer.public_key)
    }

    /// Whether a key is of the kind that makes signatures like this one's.
    pub fn is_signed_with(&self, key: &PublicKey<'_>) -> bool {
        SignatureAlgorithm::read(self.signed_algorithm).is_some_and(|algorithm| algorithm.fits(key))
    }
}

/// The contents of an AlgorithmIdentifier: an OBJECT IDENTIFIER, and parameters of any kind.
fn algorithm_identifier<'a>(identifier: &Element<'a>) -> Result<&'a [u8], Malformed> {
    match identifier.children(Tag::SEQUENCE)?[..] {
        [id] => id.object_identifier()?,
        [id, parameters] => parameters.any().and_then(|()| id.object_identifier())?,
        _ => return Err(Malformed),
    };
    Ok(identifier.value)
}

/// The contents of a `Time`, if they can be read.
fn time(element: &Element<'_>) -> Result<Result<i64, Malformed>, Malformed> {
    match element.tag {
        Tag::UTC_TIME | Tag::GENERALIZED_TIME => Ok(element.time()),
        _ => Err(Malformed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_truncation_and_every_flipped_byte_is_an_answer() {
        let key = rcgen::KeyPair::generate().expect("a key");
        let certificate = rcgen::CertificateParams::new(["localhost".to_string()])
            .and_then(|parameters| parameters.self_signed(&key))
            .expect("a certificate");
        let der = certificate.der().as_ref();
        assert_eq!(Certificate::parse(der).map(|c| c.version), Ok(3));
        for length in 0..der.len() {
            assert!(Certificate::parse(&der[..length]).is_err());
        }
        for index in 0..der.len() {
            let mut changed = der.to_vec();
            changed[index] ^= 0xff;
            let _ = Certificate::parse(&changed);
        }
    }
}
