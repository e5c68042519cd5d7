//! What DER can not read and what it can not write: BER in its looser forms made DER, and elements put together.

use zeroize::Zeroizing;

use crate::certificate::{Element, Tag};

/// How deep elements may nest in what is read.
const MAX_DEPTH: u8 = 32;

/// Set in the identifier octet of an element that holds elements.
const CONSTRUCTED: u8 = 0x20;
/// The bits of the identifier octet that say that more octets follow.
const LONG_TAG: u8 = 0x1f;
/// The length octet of an element that ends with two zeros.
const INDEFINITE: u8 = 0x80;
/// The first length octet that says that more than eight octets of length follow.
const TOO_LONG: u8 = 0x89;
/// An OCTET STRING in pieces.
const CONSTRUCTED_OCTET_STRING: u8 = Tag::OCTET_STRING.0 | CONSTRUCTED;

/// Why bytes are no BER.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BerError {
    /// They end too early.
    Truncated,
    /// Something in them is not as it must be.
    Malformed,
}

/// The first element with definite lengths, each in its shortest form, and with its OCTET STRINGs in one piece (X.690, 8.1.3.6,
/// 8.7.3). PKCS#12 files are often written so (RFC 7292, 4).
pub(super) fn to_der(bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, BerError> {
    let (mut rest, mut written) = (bytes, Zeroizing::new(Vec::with_capacity(bytes.len())));
    convert(&mut rest, 0, &mut written)?;
    Ok(written)
}

/// An element of a tag around contents, which are taken together.
pub(super) fn element(tag: Tag, contents: &[&[u8]]) -> Vec<u8> {
    let length: usize = contents.iter().map(|part| part.len()).sum();
    let mut element = header(tag, length);
    // What grows leaves copies behind, and may be secret.
    element.reserve_exact(length);
    contents.iter().for_each(|part| element.extend_from_slice(part));
    element
}

/// Tag and length.
fn header(tag: Tag, length: usize) -> Vec<u8> {
    let octets = length.to_be_bytes();
    let significant = &octets[octets.iter().take_while(|octet| **octet == 0).count()..];
    match length {
        0..0x80 => vec![tag.0, length as u8],
        _ => [&[tag.0, 0x80 | significant.len() as u8], significant].concat(),
    }
}

/// Take one element off the front, and add it to what is written.
fn convert(rest: &mut &[u8], depth: u8, written: &mut Vec<u8>) -> Result<(), BerError> {
    let tag = take(rest, 1)?[0];
    if tag & LONG_TAG == LONG_TAG || depth == MAX_DEPTH {
        return Err(BerError::Malformed);
    }
    let first = take(rest, 1)?[0];
    if first == INDEFINITE {
        return match tag & CONSTRUCTED {
            0 => Err(BerError::Malformed),
            _ => constructed(tag, written, |written| children(rest, true, depth, written)),
        };
    }
    let length = match first {
        0..0x80 => usize::from(first),
        // No number is as long.
        TOO_LONG.. => return Err(BerError::Malformed),
        _ => {
            let octets = take(rest, usize::from(first & 0x7f))?;
            octets
                .iter()
                .try_fold(0u32, |length, octet| length.checked_mul(256)?.checked_add(u32::from(*octet)))
                .and_then(|length| usize::try_from(length).ok())
                .ok_or(BerError::Malformed)?
        }
    };
    let mut value = take(rest, length)?;
    if tag & CONSTRUCTED == 0 {
        written.extend(header(Tag(tag), value.len()));
        written.extend_from_slice(value);
        return Ok(());
    }
    // What does not fit into its parent is not cut off: more bytes would not mend it.
    let inside = |written: &mut Vec<u8>| children(&mut value, false, depth, written).map_err(|_| BerError::Malformed);
    constructed(tag, written, inside)
}

/// Take elements off the front up to the end, which is two zeros where the length is indefinite.
fn children(rest: &mut &[u8], indefinite: bool, depth: u8, written: &mut Vec<u8>) -> Result<(), BerError> {
    loop {
        match (indefinite, &rest[..]) {
            (false, []) => return Ok(()),
            (true, [0, 0, after @ ..]) => {
                *rest = after;
                return Ok(());
            }
            _ => convert(rest, depth + 1, written)?,
        }
    }
}

/// Write an element around what writes its contents; an OCTET STRING in pieces becomes one.
fn constructed(
    tag: u8,
    written: &mut Vec<u8>,
    inside: impl FnOnce(&mut Vec<u8>) -> Result<(), BerError>,
) -> Result<(), BerError> {
    let start = written.len();
    inside(written)?;
    let tag = match tag {
        CONSTRUCTED_OCTET_STRING => {
            let whole = joined(&written[start..]).ok_or(BerError::Malformed)?;
            written.truncate(start);
            written.extend_from_slice(&whole);
            Tag::OCTET_STRING
        }
        tag => Tag(tag),
    };
    let header = header(tag, written.len() - start);
    written.splice(start..start, header);
    Ok(())
}

/// The contents of OCTET STRINGs, one after another.
fn joined(mut pieces: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut whole = Zeroizing::new(Vec::with_capacity(pieces.len()));
    while !pieces.is_empty() {
        let piece = Element::first(pieces).ok()?;
        whole.extend_from_slice(piece.contents(Tag::OCTET_STRING).ok()?);
        pieces = &pieces[piece.bytes.len()..];
    }
    Some(whole)
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Result<&'a [u8], BerError> {
    let (taken, after) = rest.split_at_checked(length).ok_or(BerError::Truncated)?;
    *rest = after;
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loose_forms_become_strict_ones() {
        // SEQUENCE (indefinite) { OCTET STRING (indefinite, in two pieces), INTEGER with a length of needless octets }
        let loose = [0x30, 0x80, 0x24, 0x80, 4, 1, 7, 4, 2, 8, 9, 0, 0, 2, 0x82, 0, 1, 5, 0, 0];
        assert_eq!(to_der(&loose), Ok(Zeroizing::new(vec![0x30, 8, 4, 3, 7, 8, 9, 2, 1, 5])));
        for length in 0..loose.len() {
            assert_eq!(to_der(&loose[..length]), Err(BerError::Truncated), "{length} bytes");
        }
        // Strict forms stay as they are, whatever follows.
        let long = element(Tag::SEQUENCE, &[&element(Tag::OCTET_STRING, &[&[1; 300]])]);
        assert_eq!(long[..8], [0x30, 0x82, 0x01, 0x30, 4, 0x82, 0x01, 0x2c]);
        assert_eq!(to_der(&[&long[..], b"more"].concat()), Ok(Zeroizing::new(long)));
    }

    #[test]
    fn what_is_no_ber_is_refused() {
        let deep = [0x30, 0x80].repeat(1000);
        for malformed in [
            &[0x30, 2, 4, 1][..], // a child that is longer than its parent
            &[4, 0x80, 0, 0],     // indefinite without children
            &[0x24, 3, 2, 1, 5],  // an INTEGER as a piece of an OCTET STRING
            &[0x1f, 0x81, 1, 0],  // a long tag
            &[4, 0x88, 255, 255, 255, 255, 255, 255, 255, 255],
            &deep,
        ] {
            assert_eq!(to_der(malformed), Err(BerError::Malformed), "{malformed:?}");
        }
    }
}
