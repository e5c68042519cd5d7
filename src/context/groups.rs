//! Key exchange groups as Node's `ecdhCurve` has them (SSL_CTX_set1_groups_list): names between colons.
//!
//! The syntax is OpenSSL 3.5's, which has more than 3.0's: `?` before a name that may be unknown, `-` before one to remove,
//! `*` before one to send a key share of, `/` between lists, and `DEFAULT`. Key shares are not chosen here.

/// The engine's groups, the preferred first.
pub const GROUPS: [u16; 5] = [X25519MLKEM768, X25519, P256, P384, P521];

const X25519MLKEM768: u16 = 0x11ec;
const X25519: u16 = 29;
const P256: u16 = 23;
const P384: u16 = 24;
const P521: u16 = 25;

/// The names of the engine's groups.
const NAMES: [(&str, u16); 9] = [
    ("X25519MLKEM768", X25519MLKEM768),
    ("X25519", X25519),
    ("P-256", P256),
    ("prime256v1", P256),
    ("secp256r1", P256),
    ("P-384", P384),
    ("secp384r1", P384),
    ("P-521", P521),
    ("secp521r1", P521),
];

/// What else OpenSSL knows; what TLS 1.3 has no number for is accepted there, too.
static OTHERS: [&str; 52] = [
    "P-224",
    "P-192",
    "secp256k1",
    "secp224r1",
    "secp224k1",
    "secp192r1",
    "secp192k1",
    "secp160r1",
    "secp160r2",
    "secp160k1",
    "prime192v1",
    "X448",
    "ffdhe2048",
    "ffdhe3072",
    "ffdhe4096",
    "ffdhe6144",
    "ffdhe8192",
    "brainpoolP256r1",
    "brainpoolP384r1",
    "brainpoolP512r1",
    "brainpoolP256r1tls13",
    "brainpoolP384r1tls13",
    "brainpoolP512r1tls13",
    "MLKEM512",
    "MLKEM768",
    "MLKEM1024",
    "SecP256r1MLKEM768",
    "SecP384r1MLKEM1024",
    "sect163k1",
    "sect163r1",
    "sect163r2",
    "sect193r1",
    "sect193r2",
    "sect233k1",
    "sect233r1",
    "sect239k1",
    "sect283k1",
    "sect283r1",
    "sect409k1",
    "sect409r1",
    "sect571k1",
    "sect571r1",
    "K-163",
    "K-233",
    "K-283",
    "K-409",
    "K-571",
    "B-163",
    "B-233",
    "B-283",
    "B-409",
    "B-571",
];

/// Why there are no groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GroupsError {
    /// An unknown name, an empty one, or nothing is left: Node's "Failed to set ECDH curve".
    Invalid,
    /// OpenSSL knows these; the engine has none of them.
    Unusable(Vec<String>),
}

/// Read a list into the numbers of the wire, the preferred first. Groups that the engine does not have are left out.
pub fn parse(text: &str) -> Result<Vec<u16>, GroupsError> {
    if text == "auto" {
        return Ok(GROUPS.to_vec());
    }
    let (mut groups, mut unusable) = (Vec::new(), Vec::new());
    for item in text.split(':').flat_map(|list| list.split('/')) {
        match Item::parse(item.trim_ascii())? {
            Item::Add(added) => {
                added.into_iter().for_each(|group| {
                    if !groups.contains(&group) {
                        groups.push(group)
                    }
                });
            }
            Item::Remove(removed) => groups.retain(|group| *group != removed),
            Item::Unusable(name) => unusable.push(name.to_owned()),
            Item::Ignored => {}
        }
    }
    if !groups.is_empty() {
        return Ok(groups);
    }
    Err(if unusable.is_empty() { GroupsError::Invalid } else { GroupsError::Unusable(unusable) })
}

enum Item<'a> {
    Add(Vec<u16>),
    Remove(u16),
    Unusable(&'a str),
    Ignored,
}

impl<'a> Item<'a> {
    fn parse(text: &'a str) -> Result<Self, GroupsError> {
        let (mut name, mut removes, mut is_optional, mut has_share) = (text, false, false, false);
        // Each prefix once, in any order.
        while let Some(prefix) = name.bytes().next() {
            let flag = match prefix {
                b'-' => &mut removes,
                b'?' => &mut is_optional,
                b'*' => &mut has_share,
                _ => break,
            };
            if std::mem::replace(flag, true) {
                return Err(GroupsError::Invalid);
            }
            name = name.get(1..).unwrap_or_default();
        }
        if name.eq_ignore_ascii_case("DEFAULT") {
            return if name == text { Ok(Self::Add(GROUPS.to_vec())) } else { Err(GroupsError::Invalid) };
        }
        if let Some((_, group)) = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
            return Ok(if removes { Self::Remove(*group) } else { Self::Add(vec![*group]) });
        }
        match (is_known(name), is_optional) {
            (true, _) if !removes => Ok(Self::Unusable(name)),
            (true, _) | (false, true) => Ok(Self::Ignored),
            (false, false) => Err(GroupsError::Invalid),
        }
    }
}

/// Whether OpenSSL has a group that the engine does not have.
fn is_known(name: &str) -> bool {
    OTHERS.iter().any(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_lists() {
        for (text, groups) in [
            ("auto", &GROUPS[..]),
            ("DEFAULT", &GROUPS),
            ("X25519", &[29]),
            (" x25519\n", &[29]),
            ("prime256v1", &[23]),
            ("P-384:P-256", &[24, 23]),
            ("secp384r1:secp256r1:X25519", &[24, 23, 29]),
            ("P-521:X448:ffdhe2048:brainpoolP256r1:P-256", &[25, 23]),
            ("X25519MLKEM768:X25519", &[0x11ec, 29]),
            ("P-256:P-256:P-384:P-256", &[23, 24]),
            ("?xyz:X25519", &[29]),
            ("P-256:*X25519", &[23, 29]),
            ("?*X25519:*?P-384", &[29, 24]),
            ("X25519/P-256", &[29, 23]),
            ("*X25519MLKEM768 / *X25519:P-256", &[0x11ec, 29, 23]),
            ("DEFAULT:-X25519", &[0x11ec, 23, 24, 25]),
            ("-P-256:P-384:P-256:-P-521:?-xyz", &[24, 23]),
        ] {
            assert_eq!(parse(text).as_deref(), Ok(groups), "{text}");
        }
    }

    #[test]
    fn fails_where_node_fails() {
        for text in [
            "",
            "xyz",
            "P-256:xyz",
            "P-256:",
            ":P-256",
            "P-256::X25519",
            "P-256 P-384",
            "P-256,P-384",
            "auto:P-256",
            "Auto",
            "P521",
            "K-256",
            "ed25519",
            "curve25519",
            "P-",
            "?xyz",
            "**X25519",
            "X25519/",
            "X25519:-X25519",
            "X25519:-xyz",
            "?DEFAULT:P-256",
            "P-256:é",
        ] {
            assert_eq!(parse(text), Err(GroupsError::Invalid), "{text}");
        }
    }

    #[test]
    fn names_what_can_not_be_had() {
        let unusable = GroupsError::Unusable(vec!["P-224".into(), "x448".into(), "MLKEM768".into()]);
        assert_eq!(parse("P-224:x448:MLKEM768:-ffdhe2048"), Err(unusable));
    }
}
