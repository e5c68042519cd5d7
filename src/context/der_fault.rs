//! What OpenSSL's decoder says first of bytes that are not the DER that it expects: users look that up.

use crate::certificate::Tag;

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DerFault {
    /// Tag and length can not be read.
    HeaderTooLong,
    /// An element is longer than what is left: the bytes end too early.
    TooLong,
    /// An element is of another type.
    WrongTag,
    /// There is nothing where something must be.
    FieldMissing,
}

impl DerFault {
    /// As a word, for JavaScript.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::HeaderTooLong => "header_too_long",
            Self::TooLong => "too_long",
            Self::WrongTag => "wrong_tag",
            Self::FieldMissing => "field_missing",
        }
    }

    /// The fault of bytes that should begin with a SEQUENCE. Deeper than its first elements nobody looks: something there has another
    /// type than it should.
    pub(super) fn of(bytes: &[u8]) -> Self {
        match header(bytes) {
            None => Self::HeaderTooLong,
            Some((_, length, available)) if length > available => Self::TooLong,
            Some((SEQUENCE, 0, _)) => Self::FieldMissing,
            Some(_) => Self::WrongTag,
        }
    }
}

/// The identifier octet of a SEQUENCE.
const SEQUENCE: u8 = Tag::SEQUENCE.0;

/// Identifier octet and length of an element, and how many bytes there are after them.
fn header(bytes: &[u8]) -> Option<(u8, usize, usize)> {
    let [tag, first, rest @ ..] = bytes else {
        return None;
    };
    let octets = match first {
        0..0x80 => return Some((*tag, usize::from(*first), rest.len())),
        0x80 => return None,
        _ => rest.get(..usize::from(first & 0x7f))?,
    };
    let length = octets.iter().try_fold(0usize, |sum, octet| sum.checked_mul(256)?.checked_add(usize::from(*octet)))?;
    Some((*tag, length, rest.len() - octets.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_told_apart() {
        assert_eq!(DerFault::of(&[]), DerFault::HeaderTooLong);
        assert_eq!(DerFault::of(&[0x30]), DerFault::HeaderTooLong);
        assert_eq!(DerFault::of(&[0x30, 0x80, 0, 0]), DerFault::HeaderTooLong);
        assert_eq!(DerFault::of(&[0x30, 0x84, 1, 0]), DerFault::HeaderTooLong);
        assert_eq!(DerFault::of(&[0x30, 3, 1, 0]), DerFault::TooLong);
        assert_eq!(DerFault::of(&[0x30, 0x82, 1, 0, 0]), DerFault::TooLong);
        assert_eq!(DerFault::of(&[0x05, 0]), DerFault::WrongTag);
        assert_eq!(DerFault::of(b"-----BEGIN CERTIFICATE-----\n MIIBIjANBgkqhkiG9w0"), DerFault::WrongTag);
        assert_eq!(DerFault::of(&[0x30, 2, 5, 0]), DerFault::WrongTag);
        assert_eq!(DerFault::of(&[0x30, 0]), DerFault::FieldMissing);
    }
}
