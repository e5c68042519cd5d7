//! Distinguished names (RFC 5280, 4.1.2.4) as Node's certificate object shows them.

use der::asn1::ObjectIdentifier;

use super::der_reader::{Element, Malformed, Tag};

/// OpenSSL's short names of attribute types, by the contents of their OBJECT IDENTIFIERs.
const SHORT_NAMES: &[(&[u8], &str)] = &[
    (&[0x55, 4, 3], "CN"),
    (&[0x55, 4, 4], "SN"),
    (&[0x55, 4, 5], "serialNumber"),
    (&[0x55, 4, 6], "C"),
    (&[0x55, 4, 7], "L"),
    (&[0x55, 4, 8], "ST"),
    (&[0x55, 4, 9], "street"),
    (&[0x55, 4, 10], "O"),
    (&[0x55, 4, 11], "OU"),
    (&[0x55, 4, 12], "title"),
    (&[0x55, 4, 13], "description"),
    (&[0x55, 4, 15], "businessCategory"),
    (&[0x55, 4, 17], "postalCode"),
    (&[0x55, 4, 42], "GN"),
    (&[0x55, 4, 43], "initials"),
    (&[0x55, 4, 46], "dnQualifier"),
    (&[0x55, 4, 65], "pseudonym"),
    (&[0x55, 4, 97], "organizationIdentifier"),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1], "emailAddress"),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 2], "unstructuredName"),
    (&[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 1], "UID"),
    (&[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 25], "DC"),
    (&[0x2b, 6, 1, 4, 1, 0x82, 0x37, 60, 2, 1, 1], "jurisdictionL"),
    (&[0x2b, 6, 1, 4, 1, 0x82, 0x37, 60, 2, 1, 2], "jurisdictionST"),
    (&[0x2b, 6, 1, 4, 1, 0x82, 0x37, 60, 2, 1, 3], "jurisdictionC"),
];

/// The types of strings that are compared as text.
const STRINGS: [Tag; 7] = [
    Tag::UTF8_STRING,
    Tag::PRINTABLE_STRING,
    Tag::TELETEX_STRING,
    Tag::IA5_STRING,
    Tag::VISIBLE_STRING,
    Tag::UNIVERSAL_STRING,
    Tag::BMP_STRING,
];

/// The attributes of a `Name` (its contents), in its order: OpenSSL's short name of the type, or its dotted number, and
/// the value.
pub fn attributes(name: &[u8]) -> Result<Vec<(String, String)>, Malformed> {
    let sets = relative_names(name)?;
    Ok(sets.iter().flatten().map(|(kind, value)| (type_name(kind), text(value))).collect())
}

/// A `Name` (its contents) in the form in which OpenSSL compares names: strings as UTF-8 in lower case, without blanks around
/// and with single ones inside, whatever their type.
pub fn canonical(name: &[u8]) -> Result<Vec<u8>, Malformed> {
    let mut canonical = Vec::with_capacity(name.len());
    for set in relative_names(name)? {
        let mut set: Vec<_> = set.iter().map(canonical_attribute).collect();
        // The order within a set says nothing.
        set.sort_unstable();
        canonical.extend(set.concat());
        // The boundaries between sets are part of the name.
        canonical.push(0xff);
    }
    Ok(canonical)
}

fn canonical_attribute((kind, value): &Attribute<'_>) -> Vec<u8> {
    let value = match STRINGS.contains(&value.tag) {
        true => text(value).split_ascii_whitespace().collect::<Vec<_>>().join(" ").to_ascii_lowercase().into(),
        false => value.bytes.to_vec(),
    };
    let mut canonical = Vec::with_capacity(kind.len() + value.len() + 8);
    for part in [kind, value.as_slice()] {
        canonical.extend_from_slice(&(part.len() as u32).to_be_bytes());
        canonical.extend_from_slice(part);
    }
    canonical
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
        [kind, value] => Ok((kind.contents(Tag::OBJECT_IDENTIFIER)?, value)),
        _ => Err(Malformed),
    }
}

/// The contents of an OBJECT IDENTIFIER as dotted numbers.
pub fn dotted(id: &[u8]) -> String {
    ObjectIdentifier::from_bytes(id).map_or_else(|_| "UNDEF".to_string(), |id| id.to_string())
}

fn type_name(id: &[u8]) -> String {
    match SHORT_NAMES.iter().find(|(known, _)| *known == id) {
        Some((_, name)) => (*name).to_string(),
        None => dotted(id),
    }
}

/// A directory string as text: what its tag says of the encoding, Latin-1 where it says nothing usable.
pub(crate) fn text(value: &Element<'_>) -> String {
    let latin1 = || value.value.iter().map(|byte| char::from(*byte)).collect();
    match value.tag {
        Tag::UTF8_STRING => String::from_utf8_lossy(value.value).into_owned(),
        Tag::BMP_STRING => {
            let units =
                value.value.chunks(2).map(|pair| pair.iter().fold(0, |unit, byte| unit << 8 | u16::from(*byte)));
            char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        Tag::UNIVERSAL_STRING => {
            let points =
                value.value.chunks(4).map(|four| four.iter().fold(0, |point, byte| point << 8 | u32::from(*byte)));
            points.map(|point| char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        _ => latin1(),
    }
}
