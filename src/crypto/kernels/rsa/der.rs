//! As much of DER as keys are written in.

/// What has not been read yet.
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(super) const SEQUENCE: u8 = 0x30;
    pub(super) const INTEGER: u8 = 0x02;
    pub(super) const OCTET_STRING: u8 = 0x04;

    /// The contents of the next element, which is of this tag; its length in the one form that DER has for it.
    pub(super) fn element(&mut self, tag: u8) -> Option<&'a [u8]> {
        let [first, length, rest @ ..] = self.0 else {
            return None;
        };
        let (length, rest) = match (length, rest) {
            (0..=0x7f, _) => (usize::from(*length), rest),
            (0x81, [length @ 0x80..=0xff, rest @ ..]) => (usize::from(*length), rest),
            (0x82, [high @ 1..=0xff, low, rest @ ..]) => (usize::from(*high) << 8 | usize::from(*low), rest),
            _ => return None,
        };
        let (contents, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        (*first == tag).then_some(contents)
    }

    /// The elements of a SEQUENCE that is all there is.
    pub(super) fn of_sequence(der: &'a [u8]) -> Option<Self> {
        let mut whole = Self(der);
        let contents = whole.element(Self::SEQUENCE)?;
        whole.is_end().then_some(Self(contents))
    }

    /// The next, an INTEGER that is not negative, without zeros in front; empty for zero.
    pub(super) fn integer(&mut self) -> Option<&'a [u8]> {
        match self.element(Self::INTEGER)? {
            [0] => Some(&[]),
            [0, number @ ..] if number[0] >= 0x80 => Some(number),
            number @ [1..=0x7f, ..] => Some(number),
            _ => None,
        }
    }

    /// Whether nothing is left.
    pub(super) fn is_end(&self) -> bool {
        self.0.is_empty()
    }
}

/// A SEQUENCE of INTEGERs, each given without zeros in front.
pub(super) fn sequence_of_integers(numbers: &[&[u8]]) -> Vec<u8> {
    let mut contents = Vec::new();
    for number in numbers {
        let sign: &[u8] = if number.first().is_some_and(|first| *first < 0x80) { &[] } else { &[0] };
        contents.extend(element(Reader::INTEGER, &[sign, number].concat()));
    }
    element(Reader::SEQUENCE, &contents)
}

fn element(tag: u8, contents: &[u8]) -> Vec<u8> {
    let length = contents.len();
    let head = match length {
        0..=0x7f => vec![tag, length as u8],
        0x80..=0xff => vec![tag, 0x81, length as u8],
        // Numbers are of 1024 octets, at most.
        _ => vec![tag, 0x82, (length >> 8) as u8, length as u8],
    };
    [&head, contents].concat()
}
