//! Bytes out of which values are read strictly, and into which they are written: lengths before contents, as TLS has it
//! (RFC 8446, 3.4).

use crate::crypto::{Digest, digest};

/// How many bytes a length takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Length {
    U8 = 1,
    U16 = 2,
    U24 = 3,
}

/// What is left to read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.array().map(u8::from_be_bytes)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    pub(super) fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_be_bytes)
    }

    /// A byte that is zero or one.
    pub(super) fn bool(&mut self) -> Option<bool> {
        match self.u8()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    /// A length, and as many bytes.
    pub(super) fn bytes(&mut self, length: Length) -> Option<&'a [u8]> {
        let count = self.take(length as usize)?.iter().fold(0, |count, byte| count << 8 | usize::from(*byte));
        self.take(count)
    }

    /// A length, and what is in as many bytes.
    pub(super) fn nested(&mut self, length: Length) -> Option<Self> {
        self.bytes(length).map(Self)
    }

    /// What is there if a byte says that something is.
    pub(super) fn option<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        match self.bool()? {
            true => read(self).map(Some),
            false => Some(None),
        }
    }

    /// One value after another up to the end.
    pub(super) fn list<T>(mut self, mut read: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut list = Vec::new();
        while !self.is_empty() {
            list.push(read(&mut self)?);
        }
        Some(list)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A value, if nothing is left after it.
    pub(super) fn end<T>(self, value: T) -> Option<T> {
        self.is_empty().then_some(value)
    }
}

/// Write a length and the bytes; nothing, and `None`, if they are too many.
pub(super) fn put(out: &mut Vec<u8>, length: Length, bytes: &[u8]) -> Option<()> {
    let count = u32::try_from(bytes.len()).ok()?.to_be_bytes();
    let (zeros, count) = count.split_at(4 - length as usize);
    if zeros.iter().any(|byte| *byte != 0) {
        return None;
    }
    out.extend_from_slice(count);
    out.extend_from_slice(bytes);
    Some(())
}

/// How long a checksum is.
pub(super) const CHECKSUM: usize = 32;

/// Append a SHA-256 of all bytes: against accidents, not against forgers.
pub(super) fn append_checksum(bytes: &mut Vec<u8>) {
    let checksum = digest(Digest::Sha256, bytes);
    bytes.extend_from_slice(&checksum);
}

/// The bytes before their checksum, if it is theirs.
pub(super) fn without_checksum(bytes: &[u8]) -> Option<&[u8]> {
    let (bytes, checksum) = bytes.split_at_checked(bytes.len().checked_sub(CHECKSUM)?)?;
    (digest(Digest::Sha256, bytes) == checksum).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_is_read() {
        for (length, most) in [(Length::U8, 0xff), (Length::U16, 0xffff), (Length::U24, 0x2_0000)] {
            for count in [0, 1, most] {
                let mut out = Vec::new();
                put(&mut out, length, &vec![7; count]).unwrap();
                assert_eq!(out.len(), length as usize + count);
                let mut reader = Reader::new(&out);
                assert_eq!(reader.bytes(length).unwrap(), vec![7; count]);
                assert_eq!(reader.end(()), Some(()));
                assert!(Reader::new(&out[..out.len() - 1]).bytes(length).is_none());
            }
        }
        let mut out = Vec::new();
        assert_eq!(put(&mut out, Length::U8, &[0; 256]), None);
        assert!(out.is_empty());
    }

    #[test]
    fn a_checksum_tells_what_changed() {
        let mut bytes = b"contents".to_vec();
        append_checksum(&mut bytes);
        assert_eq!(without_checksum(&bytes), Some(&b"contents"[..]));
        assert_eq!(without_checksum(&bytes[1..]), None);
        assert_eq!(without_checksum(&bytes[..31]), None);
    }
}
