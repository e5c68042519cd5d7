//! The sections of PEM (RFC 7468), read as OpenSSL reads them: headers (RFC 1421, 4.4) and text around sections are no error.

use zeroize::Zeroizing;

use super::base64;
use super::pem::PemError;

/// One section.
pub(super) struct Section<'a> {
    pub label: &'a str,
    headers: Vec<(&'a str, &'a str)>,
    base64: Zeroizing<String>,
    /// Whether it ends, and under its own label.
    pub ends: bool,
}

impl Section<'_> {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| *other == name).map(|(_, value)| *value)
    }

    /// What the base64 stands for.
    pub fn contents(&self) -> Result<Zeroizing<Vec<u8>>, PemError> {
        if !self.ends {
            return Err(PemError::BadEndLine);
        }
        base64::decode(&self.base64).ok_or(PemError::BadBase64)
    }
}

/// The sections of a text.
pub(super) struct Sections<'a> {
    rest: &'a str,
}

impl<'a> Sections<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { rest: text.trim_start_matches('\u{feff}') }
    }

    /// The next line, which stays.
    fn peek(&self) -> Option<&'a str> {
        self.rest.split(['\n', '\r']).next().filter(|_| !self.rest.is_empty())
    }

    /// Go on to the next line.
    fn advance(&mut self) {
        self.rest = self.rest.split_once(['\n', '\r']).map_or("", |(_, rest)| rest);
    }
}

impl<'a> Iterator for Sections<'a> {
    type Item = Section<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let label = loop {
            let line = self.peek()?;
            self.advance();
            if let Some(label) = begins(line) {
                break label;
            }
        };
        // There is room for all of it: what grows leaves copies behind.
        let length = self.rest.find("-----").unwrap_or(self.rest.len()) + 1;
        let base64 = Zeroizing::new(String::with_capacity(length));
        let mut section = Section { label, headers: Vec::new(), base64, ends: false };
        while let Some(line) = self.peek() {
            if begins(line).is_some() {
                break;
            }
            self.advance();
            if let Some(end) = line.strip_prefix("-----END ") {
                section.ends = end.strip_prefix(label).is_some_and(|rest| rest.starts_with("-----"));
                break;
            }
            match line.split_once(':') {
                Some((name, value)) => section.headers.push((name.trim(), value.trim())),
                None => section.base64.extend([line, "\n"]),
            }
        }
        Some(section)
    }
}

/// The label, if a line begins a section.
fn begins(line: &str) -> Option<&str> {
    line.strip_prefix("-----BEGIN ")?.trim_end().strip_suffix("-----")
}
