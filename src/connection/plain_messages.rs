//! For a trace: the handshake messages that go unencrypted, read out of the records beside rustls.

/// The unencrypted beginning of one direction.
#[derive(Debug, Default)]
pub(super) struct PlainMessages {
    /// Bytes of a record that is not whole yet.
    records: Vec<u8>,
    /// Bytes of a message that is not whole yet.
    messages: Vec<u8>,
    /// Something encrypted came, or what is no handshake: nothing more is read.
    is_over: bool,
}

impl PlainMessages {
    /// The messages, headers included, that are whole with these bytes.
    pub(super) fn read(&mut self, bytes: &[u8]) -> Vec<Vec<u8>> {
        if self.is_over {
            return Vec::new();
        }
        self.records.extend_from_slice(bytes);
        while let Some((kind, fragment)) = self.take_record() {
            if kind != HANDSHAKE {
                self.is_over = true;
                break;
            }
            self.messages.extend_from_slice(&fragment);
        }
        if self.records.len() + self.messages.len() > LONGEST_MESSAGE {
            *self = Self { is_over: true, ..Self::default() };
        }
        std::iter::from_fn(|| self.take_message()).collect()
    }

    fn take_record(&mut self) -> Option<(u8, Vec<u8>)> {
        let [kind, _, _, high, low, ..] = self.records[..] else {
            return None;
        };
        let end = RECORD_HEADER + usize::from(u16::from_be_bytes([high, low]));
        let fragment = self.records.get(RECORD_HEADER..end)?.to_vec();
        self.records.drain(..end);
        Some((kind, fragment))
    }

    fn take_message(&mut self) -> Option<Vec<u8>> {
        let [_, a, b, c, ..] = self.messages[..] else {
            return None;
        };
        let length = MESSAGE_HEADER + u32::from_be_bytes([0, a, b, c]) as usize;
        (self.messages.len() >= length).then(|| self.messages.drain(..length).collect())
    }
}

/// The type of records with handshake messages (RFC 8446, 5.1).
const HANDSHAKE: u8 = 22;
const RECORD_HEADER: usize = 5;
const MESSAGE_HEADER: usize = 4;
/// The most that is kept, in bytes: the largest handshake message that rustls takes, and a record.
const LONGEST_MESSAGE: usize = 96 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_put_together_until_something_else_comes() {
        let bytes =
            [22, 3, 3, 0, 3, 1, 0, 0, 22, 3, 3, 0, 6, 2, 9, 9, 2, 0, 0, 20, 3, 3, 0, 1, 1, 22, 3, 3, 0, 4, 7, 0, 0, 0];
        let expected = [vec![1, 0, 0, 2, 9, 9], vec![2, 0, 0]];
        assert_eq!(PlainMessages::default().read(&bytes), expected[..1]);
        let mut byte_by_byte = PlainMessages::default();
        let read: Vec<_> = bytes.iter().flat_map(|byte| byte_by_byte.read(&[*byte])).collect();
        assert_eq!(read, expected[..1]);
        assert!(byte_by_byte.is_over);
    }

    #[test]
    fn what_is_too_long_is_not_kept() {
        let mut messages = PlainMessages::default();
        let record = [&[22, 3, 3, 0x40, 0][..], &[0xff; 0x4000]].concat();
        for _ in 0..10 {
            messages.read(&record);
        }
        assert!(messages.is_over && messages.messages.is_empty());
    }
}
