//! Key exchange groups as Node's `ecdhCurve` has them (SSL_CTX_set1_groups_list): names between colons.
//!
//! The syntax is OpenSSL 3.5's, which has more than 3.0's: `?` before a name that may be unknown, `-` before one to remove,
//! `*` before one to send a key share of, `/` between lists, and `DEFAULT`. Key shares are not chosen here.

/// The engine's groups, the preferred first.
pub const GROUPS: [u16; 3] = [X25519, P256, P384];

const X25519: u16 = 29;
const P256: u16 = 23;
const P384: u16 = 24;

/// The names of the engine's groups.
const NAMES: [(&str, u16); 6] = [
    ("X25519", X25519),
    ("P-256", P256),
    ("prime256v1", P256),
    ("secp256r1", P256),
    ("P-384", P384),
    ("secp384r1", P384),
];

/// What else OpenSSL knows, as beginnings and what may follow. Curves that TLS 1.3 has no number for are accepted, never used.
const OTHERS: [(&str, &str); 12] = [
    ("P-", "521 224 192"),
    ("secp", "521r1 256k1 224r1 224k1 192r1 192k1 160r1 160r2 160k1"),
    ("prime", "192v1"),
    ("X", "448 25519MLKEM768"),
    ("ffdhe", "2048 3072 4096 6144 8192"),
    ("brainpoolP", "256r1 384r1 512r1 256r1tls13 384r1tls13 512r1tls13"),
    ("MLKEM", "512 768 1024"),
    ("SecP256r1MLKEM", "768"),
    ("SecP384r1MLKEM", "1024"),
    ("sect", "163k1 163r1 163r2 193r1 193r2 233k1 233r1 239k1 283k1 283r1 409k1 409r1 571k1 571r1"),
    ("K-", "163 233 283 409 571"),
    ("B-", "163 233 283 409 571"),
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
    for item in text.split([':', '/']) {
        match Item::parse(item.trim())? {
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
        let name = text.trim_start_matches(['?', '-', '*']);
        let prefixes = &text[..text.len() - name.len()];
        if ['?', '-', '*'].iter().any(|prefix| prefixes.matches(*prefix).count() > 1) {
            return Err(GroupsError::Invalid);
        }
        let removes = prefixes.contains('-');
        if name.eq_ignore_ascii_case("DEFAULT") {
            return if prefixes.is_empty() { Ok(Self::Add(GROUPS.to_vec())) } else { Err(GroupsError::Invalid) };
        }
        if let Some((_, group)) = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
            return Ok(if removes { Self::Remove(*group) } else { Self::Add(vec![*group]) });
        }
        match (is_known(name), prefixes.contains('?')) {
            (true, _) if !removes => Ok(Self::Unusable(name)),
            (true, _) | (false, true) => Ok(Self::Ignored),
            (false, false) => Err(GroupsError::Invalid),
        }
    }
}

/// Whether OpenSSL has a group that the engine does not have.
fn is_known(name: &str) -> bool {
    OTHERS.iter().any(|(beginning, endings)| {
        let (start, end) = (name.get(..beginning.len()), name.get(beginning.len()..).unwrap_or_default());
        start.is_some_and(|start| start.eq_ignore_ascii_case(beginning))
            && endings.split(' ').any(|ending| ending.eq_ignore_ascii_case(end))
    })
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
            ("P-521:X448:ffdhe2048:brainpoolP256r1:P-256", &[23]),
            ("X25519MLKEM768:X25519", &[29]),
            ("P-256:P-256:P-384:P-256", &[23, 24]),
            ("?xyz:X25519", &[29]),
            ("P-256:*X25519", &[23, 29]),
            ("?*X25519:*?P-384", &[29, 24]),
            ("X25519/P-256", &[29, 23]),
            ("*X25519MLKEM768 / *X25519:P-256", &[29, 23]),
            ("DEFAULT:-X25519", &[23, 24]),
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
        let unusable = GroupsError::Unusable(vec!["P-521".into(), "x448".into(), "X25519MLKEM768".into()]);
        assert_eq!(parse("P-521:x448:X25519MLKEM768:-ffdhe2048"), Err(unusable));
    }
}
