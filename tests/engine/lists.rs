//! Revocation lists made on the spot, octet by octet, so that any of them can be had.

use isomorphic_tls::certificate::Certificate;
use rcgen::SigningKey;

use crate::certificates::Authority;

/// id-ecdsa-with-SHA256, the algorithm of the keys of the tests.
pub(crate) const ECDSA_WITH_SHA256: &[u8] = &[0x30, 10, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
pub(crate) const ECDSA_WITH_SHA384: &[u8] = &[0x30, 10, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3];

/// An element of DER.
pub(crate) fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let contents = parts.concat();
    let length = contents.len();
    let header = match length {
        0..0x80 => vec![tag, length as u8],
        0x80..0x100 => vec![tag, 0x81, length as u8],
        0x100..0x1_0000 => vec![tag, 0x82, (length >> 8) as u8, length as u8],
        _ => vec![tag, 0x83, (length >> 16) as u8, (length >> 8) as u8, length as u8],
    };
    [header, contents].concat()
}

/// A Time of the years since 2050 or before, in either form.
pub(crate) fn time(text: &str) -> Vec<u8> {
    element(if text.len() > 13 { 0x18 } else { 0x17 }, &[text.as_bytes()])
}

/// An extension under 2.5.29 (id-ce).
pub(crate) fn extension(number: u8, critical: bool, value: &[u8]) -> Vec<u8> {
    let critical: &[u8] = if critical { &[1, 1, 0xff] } else { &[] };
    element(0x30, &[&[6, 3, 0x55, 0x1d, number], critical, &element(4, &[value])])
}

/// `issuingDistributionPoint` with the fields, critical.
pub(crate) fn issuing_point(fields: &[&[u8]]) -> Vec<u8> {
    extension(28, true, &element(0x30, fields))
}

/// `reasonCode`
pub(crate) fn reason(code: u8) -> Vec<u8> {
    extension(21, false, &[10, 1, code])
}

/// A `DistributionPointName` of one URI.
pub(crate) fn point_name(uri: &str) -> Vec<u8> {
    element(0xa0, &[&element(0xa0, &[&element(0x86, &[uri.as_bytes()])])])
}

/// The name of a certificate's subject.
pub(crate) fn name_of(authority: &Authority) -> Vec<u8> {
    element(0x30, &[Certificate::parse(authority.der()).unwrap().subject])
}

/// The contents of a certificate's serial number.
pub(crate) fn serial_of(der: &[u8]) -> Vec<u8> {
    Certificate::parse(der).unwrap().serial_number.to_vec()
}

/// What a list says.
#[derive(Clone)]
pub(crate) struct List {
    /// The signature's algorithm, where it is signed.
    pub algorithm: &'static [u8],
    pub issuer: Vec<u8>,
    pub this_update: Vec<u8>,
    pub next_update: Vec<u8>,
    pub entries: Vec<Vec<u8>>,
    pub extensions: Vec<Vec<u8>>,
}

impl List {
    /// A list of nothing, valid in all years in which the tests run.
    pub fn of(authority: &Authority) -> Self {
        Self {
            algorithm: ECDSA_WITH_SHA256,
            issuer: name_of(authority),
            this_update: time("250101000000Z"),
            next_update: time("20990101000000Z"),
            entries: Vec::new(),
            extensions: Vec::new(),
        }
    }

    pub fn revoking(self, serial: &[u8]) -> Self {
        self.revoking_with(serial, &[])
    }

    pub fn revoking_with(mut self, serial: &[u8], extensions: &[&[u8]]) -> Self {
        let extensions = if extensions.is_empty() { Vec::new() } else { element(0x30, extensions) };
        self.entries.push(element(0x30, &[&element(2, &[serial]), &time("250101000000Z"), &extensions]));
        self
    }

    pub fn with(mut self, extension: Vec<u8>) -> Self {
        self.extensions.push(extension);
        self
    }

    pub fn since(mut self, this_update: &str) -> Self {
        self.this_update = time(this_update);
        self
    }

    pub fn until(mut self, next_update: &str) -> Self {
        self.next_update = if next_update.is_empty() { Vec::new() } else { time(next_update) };
        self
    }

    /// The list, DER, signed with the key of an authority.
    pub fn signed_by(&self, authority: &Authority) -> Vec<u8> {
        let version: &[u8] = if self.extensions.is_empty() { &[] } else { &[2, 1, 1] };
        let entries = if self.entries.is_empty() { Vec::new() } else { element(0x30, &[&self.entries.concat()]) };
        let extensions = match self.extensions.is_empty() {
            true => Vec::new(),
            false => element(0xa0, &[&element(0x30, &[&self.extensions.concat()])]),
        };
        let fields =
            [version, self.algorithm, &self.issuer, &self.this_update, &self.next_update, &entries, &extensions];
        let signed = element(0x30, &fields);
        let signature = authority.key().sign(&signed).unwrap();
        element(0x30, &[&signed, ECDSA_WITH_SHA256, &element(3, &[&[0], &signature])])
    }
}
