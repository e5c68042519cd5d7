//! Elements of DER (X.690): flat lists of children, so that nesting costs no stack. They may be of any type, and
//! times of any year.

/// The bytes are not the DER that was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

/// The identifier octet of an element; numbers above 30 do not occur in X.509.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag(pub u8);

impl Tag {
    pub const BOOLEAN: Self = Self(0x01);
    pub const INTEGER: Self = Self(0x02);
    pub const BIT_STRING: Self = Self(0x03);
    pub const OCTET_STRING: Self = Self(0x04);
    pub const NULL: Self = Self(0x05);
    pub const OBJECT_IDENTIFIER: Self = Self(0x06);
    pub const ENUMERATED: Self = Self(0x0a);
    pub const UTF8_STRING: Self = Self(0x0c);
    pub const NUMERIC_STRING: Self = Self(0x12);
    pub const PRINTABLE_STRING: Self = Self(0x13);
    pub const TELETEX_STRING: Self = Self(0x14);
    pub const IA5_STRING: Self = Self(0x16);
    pub const UTC_TIME: Self = Self(0x17);
    pub const GENERALIZED_TIME: Self = Self(0x18);
    pub const UNIVERSAL_STRING: Self = Self(0x1c);
    pub const BMP_STRING: Self = Self(0x1e);
    pub const SEQUENCE: Self = Self(0x30);
    pub const SET: Self = Self(0x31);

    /// Whether elements of a universal type are made of elements if, and only if, they are of a type that is.
    fn is_der(self) -> bool {
        const CLASS: u8 = 0xc0;
        const CONSTRUCTED: u8 = 0x20;
        let is_constructed = self.0 & CONSTRUCTED != 0;
        // EXTERNAL, EMBEDDED PDV, SEQUENCE, SET
        self.0 & CLASS != 0 || is_constructed == matches!(self.0 & !CONSTRUCTED, 8 | 11 | 16 | 17)
    }

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

/// The fields of a SEQUENCE, of which some may be left out.
pub struct Fields<'a> {
    elements: Vec<Element<'a>>,
    taken: usize,
}

impl<'a> Fields<'a> {
    /// Of a list of elements.
    pub fn new(elements: Vec<Element<'a>>) -> Self {
        Self { elements, taken: 0 }
    }

    /// The next field, if it has the tag.
    pub fn optional(&mut self, tag: Tag) -> Option<Element<'a>> {
        let field = self.elements.get(self.taken).copied().filter(|field| field.tag == tag)?;
        self.taken += 1;
        Some(field)
    }

    /// The next field, of any tag.
    pub fn required(&mut self) -> Result<Element<'a>, Malformed> {
        let field = self.elements.get(self.taken).copied().ok_or(Malformed)?;
        self.taken += 1;
        Ok(field)
    }

    /// There must not be more.
    pub fn end(self) -> Result<(), Malformed> {
        if self.taken == self.elements.len() { Ok(()) } else { Err(Malformed) }
    }
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
        // Numbers above 30 take more octets.
        let (tag, length, rest) = match *bytes {
            [tag, first, ref rest @ ..] if tag & 0x1f != 0x1f => match (first, rest) {
                (0..=0x7f, rest) => (tag, usize::from(first), rest),
                (0x81, [length @ 0x80..=0xff, rest @ ..]) => (tag, usize::from(*length), rest),
                (0x82, [high @ 1..=0xff, low, rest @ ..]) => {
                    (tag, usize::from(u16::from_be_bytes([*high, *low])), rest)
                }
                (0x83, [high @ 1..=0xff, middle, low, rest @ ..]) => {
                    (tag, u32::from_be_bytes([0, *high, *middle, *low]) as usize, rest)
                }
                (0x84, [high @ 1..=0x7f, one, two, low, rest @ ..]) => {
                    (tag, u32::from_be_bytes([*high, *one, *two, *low]) as usize, rest)
                }
                _ => return Err(Malformed),
            },
            _ => return Err(Malformed),
        };
        if !Tag(tag).is_der() {
            return Err(Malformed);
        }
        let value = rest.get(..length).ok_or(Malformed)?;
        let header = bytes.len() - rest.len();
        Ok(Self { tag: Tag(tag), bytes: &bytes[..header + length], value })
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

    /// The contents of an OBJECT IDENTIFIER: numbers in groups of seven bits, of which all but the last octet of each number have the
    /// highest bit set, and none begins with zeros (X.690, 8.19).
    pub fn object_identifier(&self) -> Result<&'a [u8], Malformed> {
        let id = self.contents(Tag::OBJECT_IDENTIFIER)?;
        let is_complete = id.last().is_some_and(|last| last & 0x80 == 0);
        let mut is_begin = true;
        let has_zeros = id.iter().any(|octet| {
            let is_zero = is_begin && *octet == 0x80;
            is_begin = octet & 0x80 == 0;
            is_zero
        });
        if is_complete && !has_zeros { Ok(id) } else { Err(Malformed) }
    }

    /// What a BOOLEAN says: any octet but zero is true to OpenSSL.
    pub fn boolean(&self) -> Result<bool, Malformed> {
        match self.contents(Tag::BOOLEAN)? {
            [octet] => Ok(*octet != 0),
            _ => Err(Malformed),
        }
    }

    /// A value of any type: what is of a type that OpenSSL looks into must be one.
    pub fn any(&self) -> Result<(), Malformed> {
        let is_good = match self.tag {
            Tag::BOOLEAN => self.boolean().is_ok(),
            Tag::INTEGER | Tag::ENUMERATED => self.implicit_integer(self.tag).is_ok(),
            Tag::BIT_STRING => self.leading_bits(self.tag).is_ok(),
            Tag::NULL => self.value.is_empty(),
            Tag::OBJECT_IDENTIFIER => self.object_identifier().is_ok(),
            Tag::UTC_TIME | Tag::GENERALIZED_TIME => self.time().is_ok(),
            Tag::BMP_STRING => self.value.len().is_multiple_of(2),
            Tag::UNIVERSAL_STRING => self.value.len().is_multiple_of(4),
            _ => true,
        };
        if is_good { Ok(()) } else { Err(Malformed) }
    }

    /// The bits of a BIT STRING without unused bits.
    pub fn bit_string(&self) -> Result<&'a [u8], Malformed> {
        match self.contents(Tag::BIT_STRING)? {
            [0, bits @ ..] => Ok(bits),
            _ => Err(Malformed),
        }
    }

    /// The first two octets of a BIT STRING's bits. What is not there or not used is 0, whatever stands there.
    pub fn leading_bits(&self, tag: Tag) -> Result<[u8; 2], Malformed> {
        match *self.contents(tag)? {
            [] | [8..=255, ..] => Err(Malformed),
            [_] => Ok([0, 0]),
            [unused, only] => Ok([only & (0xff << unused), 0]),
            [unused, first, last] => Ok([first, last & (0xff << unused)]),
            [_, first, second, ..] => Ok([first, second]),
        }
    }

    /// The contents of an INTEGER, of which there are some, and none more than it takes.
    pub fn integer(&self) -> Result<&'a [u8], Malformed> {
        self.implicit_integer(Tag::INTEGER)
    }

    /// As [`integer`](Self::integer), of an INTEGER with another tag.
    pub fn implicit_integer(&self, tag: Tag) -> Result<&'a [u8], Malformed> {
        match self.contents(tag)? {
            [] | [0x00, 0x00..=0x7f, ..] | [0xff, 0x80..=0xff, ..] => Err(Malformed),
            contents => Ok(contents),
        }
    }

    /// Seconds since 1970 of a `Time` (RFC 5280, 4.1.2.5).
    pub fn time(&self) -> Result<i64, Malformed> {
        let (year, rest) = match self.tag {
            Tag::UTC_TIME => {
                let (year, rest) = number(self.value)?;
                (if year < 50 { 2000 + year } else { 1900 + year }, rest)
            }
            Tag::GENERALIZED_TIME => {
                let (century, rest) = number(self.value)?;
                let (year, rest) = number(rest)?;
                (100 * century + year, rest)
            }
            _ => return Err(Malformed),
        };
        let (month, rest) = number(rest)?;
        let (day, rest) = number(rest)?;
        let (hour, rest) = number(rest)?;
        let (minute, rest) = number(rest)?;
        let (second, rest) = number(rest)?;
        let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            2 => 28 + i64::from(is_leap),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        let is_time = (1..=12).contains(&month) && (1..=days).contains(&day) && hour < 24 && minute < 60 && second < 60;
        match is_time && rest == b"Z" {
            true => Ok(((days_since_1970(year, month, day) * 24 + hour) * 60 + minute) * 60 + second),
            false => Err(Malformed),
        }
    }
}

/// The number of two digits, and what follows.
fn number(text: &[u8]) -> Result<(i64, &[u8]), Malformed> {
    match text {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9', rest @ ..] => {
            Ok((10 * i64::from(tens - b'0') + i64::from(ones - b'0'), rest))
        }
        _ => Err(Malformed),
    }
}

/// Days of the Gregorian calendar, in years that begin in March, so that the day that leap years have comes last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let (year, months) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    const BEFORE_1970: i64 = 719_468;
    365 * year + leap_days + (153 * months + 2) / 5 + day - 1 - BEFORE_1970
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

#[cfg(test)]
mod tests {
    use super::*;

    fn time(tag: u8, text: &str) -> Result<i64, Malformed> {
        Element::first(&[&[tag, text.len() as u8], text.as_bytes()].concat()).and_then(|element| element.time())
    }

    #[test]
    fn times_are_those_of_the_calendar() {
        for (text, seconds) in [
            ("19700101000000Z", 0),
            ("19691231235959Z", -1),
            ("20000229120000Z", 951_825_600),
            ("20240229000000Z", 1_709_164_800),
            ("00000101000000Z", -62_167_219_200),
            ("99991231235959Z", 253_402_300_799),
        ] {
            assert_eq!(time(0x18, text), Ok(seconds), "{text}");
        }
        assert_eq!(time(0x17, "500101000000Z"), Ok(-631_152_000));
        assert_eq!(time(0x17, "491231235959Z"), Ok(2_524_607_999));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in ["20230229000000Z", "20241301000000Z", "20240100000000Z", "20240101240000Z", "20240101000060Z"] {
            assert_eq!(time(0x18, text), Err(Malformed), "{text}");
        }
        for text in
            ["20240101000000", "20240101000000+0100", "20240101000000.5Z", "2024010100000Z", "", "2024-1-1000000Z"]
        {
            assert_eq!(time(0x18, text), Err(Malformed), "{text}");
        }
    }

    #[test]
    fn lengths_are_short() {
        for header in [
            &[0x30, 0x80][..],
            &[0x30, 0x81, 0x7f],
            &[0x30, 0x82, 0, 0x80],
            &[0x1f, 0x20, 0],
            &[0x30, 0x85, 1, 0, 0, 0, 0],
        ] {
            assert!(Element::first(&[header, &[0; 300]].concat()).is_err());
        }
        for length in [0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x1_0000, 0x100_0000] {
            let whole = sequence(&vec![0; length]);
            let element = Element::first(&whole).map(|element| (element.bytes.len(), element.value.len()));
            assert_eq!(element, Ok((whole.len(), length)));
            assert!(Element::first(&whole[..whole.len() - 1]).is_err());
        }
    }
}
