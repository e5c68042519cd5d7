//! What a ClientHello says (RFC 8446, 4.1.2; RFC 5246, 7.4.1.2), of which rustls tells a part.

use std::collections::BTreeSet;

use super::codec::{Length, Reader};

/// A ClientHello. Numbers are those of the wire, unknown ones included.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClientHello {
    /// The session that is to be resumed in TLS 1.2; in TLS 1.3 it means nothing. Empty for none.
    pub session_id: Vec<u8>,
    /// Suites.
    pub cipher_suites: Vec<u16>,
    /// The contents of the extension `session_ticket`: empty asks for a ticket, more is one.
    pub session_ticket: Option<Vec<u8>>,
    /// The pre-shared keys of TLS 1.3, tickets among them.
    pub psk_identities: Vec<Vec<u8>>,
    /// Signature schemes.
    pub signature_schemes: Vec<u16>,
    /// Key exchange groups.
    pub groups: Vec<u16>,
    /// Protocols of ALPN.
    pub alpn: Vec<Vec<u8>>,
    /// The server's name.
    pub server_name: Option<String>,
    /// Whether a stapled OCSP response is asked for.
    pub status_request: bool,
    /// Versions: those of `supported_versions`, or else the one before it had an extension.
    pub versions: Vec<u16>,
}

impl ClientHello {
    /// Out of the records of a connection, from the first on. `None` if the message is malformed, or not whole yet.
    pub fn from_records(records: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(records);
        let mut message = Vec::new();
        loop {
            if reader.u8()? != HANDSHAKE || reader.u8()? != 3 {
                return None;
            }
            reader.u8()?;
            let fragment = reader.bytes(Length::U16)?;
            // "Implementations MUST NOT send zero-length fragments of Handshake types" (RFC 8446, 5.1)
            if fragment.is_empty() || fragment.len() > LONGEST_FRAGMENT {
                return None;
            }
            message.extend_from_slice(fragment);
            let mut message = Reader::new(&message);
            if message.u8() != Some(CLIENT_HELLO) {
                return None;
            }
            if let Some(body) = message.bytes(Length::U24) {
                // The records after it are not ours to judge, but nothing may follow in the same one.
                return message.end(Self::from_body(body)?);
            }
        }
    }

    /// Out of a handshake message, header included.
    pub fn from_message(message: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(message);
        if reader.u8()? != CLIENT_HELLO {
            return None;
        }
        let body = reader.bytes(Length::U24)?;
        reader.end(Self::from_body(body)?)
    }

    fn from_body(body: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(body);
        let legacy_version = reader.u16()?;
        reader.take(RANDOM)?;
        let session_id = reader.bytes(Length::U8)?;
        let cipher_suites = reader.nested(Length::U16)?.list(Reader::u16)?;
        let compression_methods = reader.bytes(Length::U8)?;
        if session_id.len() > LONGEST_SESSION_ID || cipher_suites.is_empty() || compression_methods.is_empty() {
            return None;
        }
        let mut hello = Self { session_id: session_id.to_vec(), cipher_suites, ..Self::default() };
        // Before TLS 1.3 there may be no extensions, not even an empty list of them.
        if !reader.is_empty() {
            let extensions = reader.nested(Length::U16)?;
            hello.read_extensions(extensions)?;
        }
        if hello.versions.is_empty() {
            hello.versions.push(legacy_version);
        }
        reader.end(hello)
    }

    fn read_extensions(&mut self, extensions: Reader<'_>) -> Option<()> {
        let extensions = extensions.list(|reader| Some((reader.u16()?, reader.bytes(Length::U16)?)))?;
        let mut seen = BTreeSet::new();
        for (index, (number, contents)) in extensions.iter().enumerate() {
            // "There MUST NOT be more than one extension of the same type"; "pre_shared_key [...] MUST be the last
            // extension in the ClientHello" (RFC 8446, 4.2)
            if !seen.insert(*number) || (*number == PRE_SHARED_KEY && index + 1 < extensions.len()) {
                return None;
            }
            let mut reader = Reader::new(contents);
            match *number {
                SERVER_NAME => self.server_name = server_name(&mut reader)?,
                STATUS_REQUEST => self.status_request = reader.take(contents.len())?.first() == Some(&OCSP),
                SUPPORTED_GROUPS => self.groups = numbers(reader.nested(Length::U16)?)?,
                SIGNATURE_ALGORITHMS => self.signature_schemes = numbers(reader.nested(Length::U16)?)?,
                ALPN => {
                    let name = |reader: &mut Reader<'_>| some(reader.bytes(Length::U8)?.to_vec());
                    self.alpn = some(reader.nested(Length::U16)?.list(name)?)?;
                }
                SESSION_TICKET => self.session_ticket = Some(reader.take(contents.len())?.to_vec()),
                PRE_SHARED_KEY => {
                    let identity = |reader: &mut Reader<'_>| {
                        let identity = some(reader.bytes(Length::U16)?.to_vec())?;
                        reader.u32()?;
                        Some(identity)
                    };
                    self.psk_identities = some(reader.nested(Length::U16)?.list(identity)?)?;
                    let binders = reader.nested(Length::U16)?.list(|reader| reader.bytes(Length::U8))?;
                    if binders.len() != self.psk_identities.len() {
                        return None;
                    }
                }
                SUPPORTED_VERSIONS => self.versions = numbers(reader.nested(Length::U8)?)?,
                _ => continue,
            }
            reader.end(())?;
        }
        Some(())
    }
}

/// The host name of a list of names (RFC 6066, 3).
fn server_name(reader: &mut Reader<'_>) -> Option<Option<String>> {
    let names = reader.nested(Length::U16)?.list(|reader| Some((reader.u8()?, reader.bytes(Length::U16)?)))?;
    let mut hosts = names.iter().filter(|(kind, _)| *kind == HOST_NAME);
    let host = match hosts.next() {
        Some((_, name)) if !name.is_empty() => Some(String::from_utf8(name.to_vec()).ok()?),
        Some(_) => return None,
        None => None,
    };
    // "The ServerNameList MUST NOT contain more than one name of the same name_type"
    hosts.next().is_none().then_some(host)
}

fn numbers(list: Reader<'_>) -> Option<Vec<u16>> {
    some(list.list(Reader::u16)?)
}

/// A list that may not be empty.
fn some<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}

/// The content type of records (RFC 8446, 5.1).
const HANDSHAKE: u8 = 22;
/// The type of message (RFC 8446, 4).
const CLIENT_HELLO: u8 = 1;
/// RFC 8446, 5.1
const LONGEST_FRAGMENT: usize = 1 << 14;
const RANDOM: usize = 32;
const LONGEST_SESSION_ID: usize = 32;
/// The kind of name that is a host's (RFC 6066, 3).
const HOST_NAME: u8 = 0;
/// The kind of status that is OCSP's (RFC 6066, 8).
const OCSP: u8 = 1;
// Extensions (IANA, TLS ExtensionType Values).
const SERVER_NAME: u16 = 0;
const STATUS_REQUEST: u16 = 5;
const SUPPORTED_GROUPS: u16 = 10;
const SIGNATURE_ALGORITHMS: u16 = 13;
const ALPN: u16 = 16;
const SESSION_TICKET: u16 = 35;
const PRE_SHARED_KEY: u16 = 41;
const SUPPORTED_VERSIONS: u16 = 43;

#[cfg(test)]
mod tests {
    use super::super::codec::put;
    use super::*;

    fn extension(number: u16, contents: &[u8]) -> Vec<u8> {
        let mut out = number.to_be_bytes().to_vec();
        put(&mut out, Length::U16, contents).unwrap();
        out
    }

    fn everything() -> Vec<Vec<u8>> {
        vec![
            extension(0, &[0, 6, 0, 0, 3, b'a', b'.', b'b']),
            extension(5, &[1, 0, 0, 0, 0]),
            extension(10, &[0, 4, 0, 29, 0, 23]),
            extension(13, &[0, 2, 4, 3]),
            extension(16, &[0, 6, 2, b'h', b'2', 2, b'h', b'3']),
            extension(35, &[1, 2, 3]),
            extension(0xfafa, &[9]),
            extension(43, &[4, 3, 4, 3, 3]),
            extension(41, &[0, 8, 0, 2, 7, 7, 0, 0, 0, 0, 0, 3, 2, 1, 1]),
        ]
    }

    fn message(extensions: &[Vec<u8>]) -> Vec<u8> {
        let mut body = vec![3, 3];
        body.extend([5; 32]);
        body.extend([2, 8, 9, 0, 4, 0x13, 1, 0x5a, 0x5a, 1, 0]);
        put(&mut body, Length::U16, &extensions.concat()).unwrap();
        let mut message = vec![1];
        put(&mut message, Length::U24, &body).unwrap();
        message
    }

    fn records(message: &[u8], size: usize) -> Vec<u8> {
        let record = |fragment: &[u8]| {
            let mut record = vec![22, 3, 1];
            put(&mut record, Length::U16, fragment).unwrap();
            record
        };
        message.chunks(size).flat_map(record).collect()
    }

    #[test]
    fn everything_is_read() {
        let hello = ClientHello::from_message(&message(&everything())).unwrap();
        let expected = ClientHello {
            session_id: vec![8, 9],
            cipher_suites: vec![0x1301, 0x5a5a],
            session_ticket: Some(vec![1, 2, 3]),
            psk_identities: vec![vec![7, 7]],
            signature_schemes: vec![0x0403],
            groups: vec![29, 23],
            alpn: vec![b"h2".to_vec(), b"h3".to_vec()],
            server_name: Some("a.b".to_owned()),
            status_request: true,
            versions: vec![0x0304, 0x0303],
        };
        assert_eq!(hello, expected);
    }

    #[test]
    fn fragments_are_put_together() {
        let message = message(&everything());
        let hello = ClientHello::from_message(&message).unwrap();
        for size in 1..=message.len() {
            let records = records(&message, size);
            assert_eq!(ClientHello::from_records(&records), Some(hello.clone()));
            assert_eq!(ClientHello::from_records(&[&records[..], &[20, 3, 3, 0, 1, 1]].concat()), Some(hello.clone()));
        }
        assert_eq!(ClientHello::from_records(&records(&[&message[..], &[0]].concat(), 1 << 14)), None);
    }

    #[test]
    fn without_extensions_the_old_version_counts() {
        let mut message = message(&[]);
        let hello = ClientHello::from_message(&message).unwrap();
        assert_eq!(hello.versions, [0x0303]);
        message.truncate(message.len() - 2);
        message[3] -= 2;
        assert_eq!(ClientHello::from_message(&message), Some(hello));
    }

    #[test]
    fn what_is_cut_or_changed_never_panics() {
        let message = message(&everything());
        let whole = records(&message, 50);
        for length in 0..whole.len() {
            assert_eq!(ClientHello::from_records(&whole[..length]), None);
        }
        for length in 0..message.len() {
            assert_eq!(ClientHello::from_message(&message[..length]), None);
        }
        for index in 0..message.len() {
            for byte in 0..=255 {
                let mut changed = message.clone();
                changed[index] = byte;
                let _ = ClientHello::from_message(&changed);
            }
        }
    }

    #[test]
    fn malformed_extensions_are_refused() {
        for extensions in [
            vec![extension(35, &[]), extension(35, &[])],
            vec![everything().remove(8), extension(35, &[])],
            vec![extension(0, &[0, 10, 0, 0, 2, b'a', b'b', 0, 0, 2, b'c', b'd'])],
            vec![extension(0, &[0, 3, 0, 0, 0])],
            vec![extension(0, &[0, 4, 0, 0, 1, 0xff])],
            vec![extension(10, &[0, 0])],
            vec![extension(10, &[0, 3, 0, 29, 0])],
            vec![extension(13, &[0, 2, 4, 3, 0])],
            vec![extension(16, &[0, 1, 0])],
            vec![extension(41, &[0, 8, 0, 2, 7, 7, 0, 0, 0, 0, 0, 0])],
            vec![extension(43, &[1, 3])],
        ] {
            assert_eq!(ClientHello::from_message(&message(&extensions)), None, "{extensions:?}");
        }
        assert!(ClientHello::from_message(&message(&[extension(35, &[])])).is_some());
    }
}
