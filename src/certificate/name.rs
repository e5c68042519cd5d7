//! Distinguished names (RFC 5280, 4.1.2.4), as OpenSSL reads and compares them.

use super::der_reader::{Element, Malformed, Tag};

/// The types of strings that are compared as text.
const STRINGS: [Tag; 6] = [
    Tag::UTF8_STRING,
    Tag::PRINTABLE_STRING,
    Tag::TELETEX_STRING,
    Tag::IA5_STRING,
    Tag::UNIVERSAL_STRING,
    Tag::BMP_STRING,
];

/// The other types of values that a name may have.
const OTHERS: [Tag; 3] = [Tag::BIT_STRING, Tag::NUMERIC_STRING, Tag::SEQUENCE];

/// A `Name` (its contents) in the form in which OpenSSL compares names: strings as UTF-8 in lower case, without blanks around
/// and with single ones inside, whatever their type.
pub fn canonical(name: &[u8]) -> Result<Vec<u8>, Malformed> {
    let mut canonical = Vec::with_capacity(name.len());
    // Sets of nothing say nothing.
    for set in relative_names(name)?.into_iter().filter(|set| !set.is_empty()) {
        let mut set = set.iter().map(canonical_attribute).collect::<Result<Vec<_>, _>>()?;
        // The order within a set says nothing.
        set.sort_unstable();
        canonical.extend(set.concat());
        // The boundaries between sets are part of the name.
        canonical.push(0xff);
    }
    Ok(canonical)
}

fn canonical_attribute((kind, value): &Attribute<'_>) -> Result<Vec<u8>, Malformed> {
    let value = match value.tag {
        tag if STRINGS.contains(&tag) => canonical_text(&text(value)?).into_bytes(),
        tag if OTHERS.contains(&tag) => value.bytes.to_vec(),
        _ => return Err(Malformed),
    };
    let mut canonical = Vec::with_capacity(kind.len() + value.len() + 8);
    for part in [kind, value.as_slice()] {
        canonical.extend_from_slice(&(part.len() as u32).to_be_bytes());
        canonical.extend_from_slice(part);
    }
    Ok(canonical)
}

fn canonical_text(text: &str) -> String {
    let is_blank = |letter: char| matches!(letter, ' ' | '\t'..='\r');
    let words: Vec<_> = text.split(is_blank).filter(|word| !word.is_empty()).collect();
    words.join(" ").to_ascii_lowercase()
}

/// The contents of an attribute's OBJECT IDENTIFIER, and its value.
pub(crate) type Attribute<'a> = (&'a [u8], Element<'a>);

/// The sets of attributes of a `Name` (its contents).
pub(crate) fn relative_names(name: &[u8]) -> Result<Vec<Vec<Attribute<'_>>>, Malformed> {
    let sets = Element::read_all(name)?;
    sets.iter().map(|set| set.children(Tag::SET)?.iter().map(attribute).collect()).collect()
}

fn attribute<'a>(attribute: &Element<'a>) -> Result<Attribute<'a>, Malformed> {
    match attribute.children(Tag::SEQUENCE)?[..] {
        [kind, value] => Ok((kind.object_identifier()?, value)),
        _ => Err(Malformed),
    }
}

/// A directory string as text: what its tag says of the encoding, else Latin-1.
pub(crate) fn text(value: &Element<'_>) -> Result<String, Malformed> {
    match value.tag {
        Tag::UTF8_STRING => String::from_utf8(value.value.to_vec()).map_err(|_| Malformed),
        Tag::BMP_STRING => unicode(value.value, 2),
        Tag::UNIVERSAL_STRING => unicode(value.value, 4),
        _ => Ok(value.value.iter().map(|octet| char::from(*octet)).collect()),
    }
}

/// Code points of so many octets each.
fn unicode(octets: &[u8], width: usize) -> Result<String, Malformed> {
    let points = octets.chunks(width).map(|point| match point.len() == width {
        true => char::from_u32(point.iter().fold(0, |number, octet| number << 8 | u32::from(*octet))).ok_or(Malformed),
        false => Err(Malformed),
    });
    points.collect()
}
