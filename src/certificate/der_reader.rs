//! Elements of DER (X.690), on the `der` crate's reader: flat lists of children, so that nesting costs no stack.

use der::asn1::{GeneralizedTime, UtcTime};
use der::{Decode, Header, Reader, SliceReader};

/// The bytes are not the DER that was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

impl From<der::Error> for Malformed {
    fn from(_: der::Error) -> Self {
        Self
    }
}

/// The identifier octet of an element; numbers above 30 do not occur in X.509.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag(pub u8);

impl Tag {
    pub const BOOLEAN: Self = Self(0x01);
    pub const INTEGER: Self = Self(0x02);
    pub const BIT_STRING: Self = Self(0x03);
    pub const ENUMERATED: Self = Self(0x0a);
    pub const OCTET_STRING: Self = Self(0x04);
    pub const OBJECT_IDENTIFIER: Self = Self(0x06);
    pub const UTF8_STRING: Self = Self(0x0c);
    pub const PRINTABLE_STRING: Self = Self(0x13);
    pub const TELETEX_STRING: Self = Self(0x14);
    pub const IA5_STRING: Self = Self(0x16);
    pub const UTC_TIME: Self = Self(0x17);
    pub const GENERALIZED_TIME: Self = Self(0x18);
    pub const VISIBLE_STRING: Self = Self(0x1a);
    pub const UNIVERSAL_STRING: Self = Self(0x1c);
    pub const BMP_STRING: Self = Self(0x1e);
    pub const SEQUENCE: Self = Self(0x30);
    pub const SET: Self = Self(0x31);

    /// `[number]`, constructed.
    pub const fn context(number: u8) -> Self {
        Self(0xa0 | number)
    }

    /// `[number]`, primitive.
    pub const fn context_primitive(number: u8) -> Self {
        Self(0x80 | number)
    }
}

/// One tag, length and value.
#[derive(Debug, Clone, Copy)]
pub struct Element<'a> {
    /// The identifier octet.
    pub tag: Tag,
    /// Tag, length and value.
    pub bytes: &'a [u8],
    /// The value.
    pub value: &'a [u8],
}

impl<'a> Element<'a> {
    /// Read elements until the bytes end.
    pub fn read_all(bytes: &'a [u8]) -> Result<Vec<Self>, Malformed> {
        let mut elements = Vec::new();
        let mut rest = bytes;
        while !rest.is_empty() {
            let element = Self::first(rest)?;
            rest = &rest[element.bytes.len()..];
            elements.push(element);
        }
        Ok(elements)
    }

    /// Read one element; more may follow.
    pub fn first(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let bytes = SliceReader::new(bytes)?.tlv_bytes()?;
        let mut inside = SliceReader::new(bytes)?;
        let header = Header::decode(&mut inside)?;
        let value = inside.read_slice(header.length())?;
        Ok(Self { tag: Tag(*bytes.first().ok_or(Malformed)?), bytes, value })
    }

    /// This element, if it has the tag.
    pub fn expect(&self, tag: Tag) -> Result<&Self, Malformed> {
        if self.tag == tag { Ok(self) } else { Err(Malformed) }
    }

    /// The value, if it has the tag.
    pub fn contents(&self, tag: Tag) -> Result<&'a [u8], Malformed> {
        self.expect(tag).map(|element| element.value)
    }

    /// The elements inside, if it has the tag.
    pub fn children(&self, tag: Tag) -> Result<Vec<Self>, Malformed> {
        Self::read_all(self.contents(tag)?)
    }

    /// The contents of the `Name`, if it is a `GeneralName` that is a `directoryName`.
    pub fn directory_name(&self) -> Option<&'a [u8]> {
        let [name] = self.children(Tag::context(4)).ok()?[..] else {
            return None;
        };
        name.contents(Tag::SEQUENCE).ok()
    }

    /// The bits of a BIT STRING without unused bits.
    pub fn bit_string(&self) -> Result<&'a [u8], Malformed> {
        match self.contents(Tag::BIT_STRING)? {
            [0, bits @ ..] => Ok(bits),
            _ => Err(Malformed),
        }
    }

    /// Seconds since 1970 of a `Time` (RFC 5280, 4.1.2.5).
    pub fn time(&self) -> Result<i64, Malformed> {
        let since = match self.tag {
            Tag::UTC_TIME => UtcTime::from_der(self.bytes)?.to_unix_duration(),
            _ => GeneralizedTime::from_der(self.bytes)?.to_unix_duration(),
        };
        i64::try_from(since.as_secs()).map_err(|_| Malformed)
    }
}

/// A SEQUENCE of contents.
pub fn sequence(contents: &[u8]) -> Vec<u8> {
    let length = (contents.len() as u32).to_be_bytes();
    let skipped = length.iter().take_while(|byte| **byte == 0).count();
    let mut der = vec![Tag::SEQUENCE.0];
    match contents.len() {
        short @ 0..=0x7f => der.push(short as u8),
        _ => {
            der.push(0x80 | (length.len() - skipped) as u8);
            der.extend_from_slice(&length[skipped..]);
        }
    }
    der.extend_from_slice(contents);
    der
}
