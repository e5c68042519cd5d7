//! Cipher lists as Node's `ciphers` has them (Node docs: "Modifying the default TLS cipher suite"; openssl-ciphers).
//!
//! The language is that of OpenSSL 3 and its whole catalogue is known, so that a list means here what it means there; what
//! comes out are the suites of the engine.

mod catalogue;
mod order;
mod traits;

use order::{InvalidCommand, Order};

/// The engine's suites of TLS 1.2, in OpenSSL's order.
pub const TLS12: [u16; 6] = [0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc02b, 0xc02f];

/// The engine's suites of TLS 1.3, in OpenSSL's order: also what a list means that names none.
pub const TLS13: [u16; 3] = [0x1302, 0x1303, 0x1301];

/// The names of TLS 1.3's suites (RFC 8446, B.4).
const TLS13_NAMES: [(&str, u16); 5] = [
    ("TLS_AES_128_GCM_SHA256", 0x1301),
    ("TLS_AES_256_GCM_SHA384", 0x1302),
    ("TLS_CHACHA20_POLY1305_SHA256", 0x1303),
    ("TLS_AES_128_CCM_SHA256", 0x1304),
    ("TLS_AES_128_CCM_8_SHA256", 0x1305),
];

/// The suites with keys of 128 bits, which OpenSSL leaves out from this security level on (SSL_CTX_set_security_level).
const AES128: [u16; 3] = [0x1301, 0xc02b, 0xc02f];
const LEVEL_WITHOUT_AES128: u8 = 4;

/// What a list means to the engine: numbers of the wire, the preferred first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CipherList {
    /// Suites of TLS 1.2.
    pub tls12: Vec<u16>,
    /// Suites of TLS 1.3. None if the list names none of it: all of them then stay as they are.
    pub tls13: Option<Vec<u16>>,
    /// `@SECLEVEL`. Suites below it are left out already; the peer's chain is judged by it, groups are not looked at.
    pub security_level: Option<u8>,
    /// Chosen suites that the engine does not have, or that the security level excludes.
    pub unusable: Vec<u16>,
}

impl CipherList {
    /// Whether no suite is left for these versions. OpenSSL finds out when it connects: "no ciphers available".
    pub fn is_empty(&self, tls12: bool, tls13: bool) -> bool {
        let has_tls12 = !self.tls12.is_empty();
        let has_tls13 = self.tls13.as_ref().is_none_or(|suites| !suites.is_empty());
        !(tls12 && has_tls12 || tls13 && has_tls13)
    }
}

/// Why a list is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CipherListError {
    /// There is nothing between the colons. (An empty text is Node's way to ask for the default.)
    Empty,
    /// A command that is none, as `@X`, a lone `!`, or a character that no name has: OpenSSL's "invalid command".
    InvalidCommand,
    /// No suite by these names, or none is left: OpenSSL's "no cipher match".
    NoMatch,
    /// OpenSSL would have these suites; the engine has none of them.
    Unusable(Vec<u16>),
}

impl From<InvalidCommand> for CipherListError {
    fn from(_: InvalidCommand) -> Self {
        Self::InvalidCommand
    }
}

/// Read a list.
pub fn parse(text: &str) -> Result<CipherList, CipherListError> {
    // Node gives these to the function of OpenSSL that knows names only, without "!", and the rest to the other.
    let is_standard = |item: &&str| item.starts_with("TLS_") || item.starts_with("!TLS_");
    let (standard, rules): (Vec<_>, Vec<_>) = text.split(':').filter(|item| !item.is_empty()).partition(is_standard);
    if standard.is_empty() && rules.is_empty() {
        return Err(CipherListError::Empty);
    }
    let (tls13, mut tls12) = by_standard_names(&standard);
    if !standard.is_empty() && tls13.is_empty() && tls12.is_empty() {
        return Err(CipherListError::NoMatch);
    }
    let mut order = Order::new();
    if !rules.is_empty() {
        order.apply(&rules.join(":"))?;
        if order.chosen().next().is_none() {
            return Err(CipherListError::NoMatch);
        }
    }
    add_new(&mut tls12, order.chosen().map(|suite| suite.number));

    let security_level = order.security_level;
    let is_usable = |suite: &u16| {
        let is_below_level = security_level >= Some(LEVEL_WITHOUT_AES128) && AES128.contains(suite);
        (TLS12.contains(suite) || TLS13.contains(suite)) && !is_below_level
    };
    let tls13_or_default = if standard.is_empty() { TLS13.to_vec() } else { tls13 };
    let (tls13, unusable13): (Vec<_>, Vec<_>) = tls13_or_default.into_iter().partition(is_usable);
    let (tls12, unusable12): (Vec<_>, Vec<_>) = tls12.into_iter().partition(is_usable);
    let unusable = [unusable13, unusable12].concat();
    if tls12.is_empty() && tls13.is_empty() {
        return Err(CipherListError::Unusable(unusable));
    }
    let tls13 = (!standard.is_empty() || tls13 != TLS13).then_some(tls13);
    Ok(CipherList { tls12, tls13, security_level, unusable })
}

/// OpenSSL's name of a suite.
pub fn name(suite: u16) -> Option<String> {
    if let Some((name, _)) = TLS13_NAMES.iter().find(|(_, number)| *number == suite) {
        return Some((*name).into());
    }
    catalogue::SUITES.iter().find(|known| known.number == suite).map(catalogue::Suite::name)
}

/// The suites of TLS 1.3 and those below it: OpenSSL takes both where it expects the former, and puts the latter first.
fn by_standard_names(names: &[&str]) -> (Vec<u16>, Vec<u16>) {
    let (mut tls13, mut tls12) = (Vec::new(), Vec::new());
    for name in names.iter().map(|name| name.trim_ascii()) {
        match TLS13_NAMES.iter().find(|(known, _)| *known == name) {
            Some((_, number)) => add_new(&mut tls13, Some(*number)),
            None => add_new(
                &mut tls12,
                catalogue::SUITES.iter().find(|suite| suite.is_called(name)).map(|suite| suite.number),
            ),
        }
    }
    (tls13, tls12)
}

fn add_new(list: &mut Vec<u16>, numbers: impl IntoIterator<Item = u16>) {
    for number in numbers {
        if !list.contains(&number) {
            list.push(number);
        }
    }
}

#[cfg(test)]
mod tests;
