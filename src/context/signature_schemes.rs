//! Signature schemes as Node's `sigalgs` and `getSharedSigalgs` have them (SSL_CTX_set1_sigalgs_list).
//!
//! Names are read as OpenSSL 3.5 does: whatever their case, and `?` before one that may be unknown.

/// The engine's schemes, the preferred first.
pub const SCHEMES: [u16; 13] =
    [0x0403, 0x0503, 0x0603, 0x0807, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b, 0x0401, 0x0501, 0x0601];

/// Every scheme that OpenSSL knows: the number, the name of its own, the names of the algorithm and of the hash.
///
/// A pair stands for the first scheme that has it. ML-DSA's algorithm has a name, but no pair names it.
static KNOWN: [(u16, &str, &str, &str); 32] = [
    (0x0403, "ecdsa_secp256r1_sha256", "ECDSA", "SHA256"),
    (0x0503, "ecdsa_secp384r1_sha384", "ECDSA", "SHA384"),
    (0x0603, "ecdsa_secp521r1_sha512", "ECDSA", "SHA512"),
    (0x0807, "ed25519", "Ed25519", UNDEFINED),
    (0x0808, "ed448", "Ed448", UNDEFINED),
    (0x0303, "ecdsa_sha224", "ECDSA", "SHA224"),
    (0x0203, "ecdsa_sha1", "ECDSA", "SHA1"),
    (0x081a, "ecdsa_brainpoolP256r1tls13_sha256", "ECDSA", "SHA256"),
    (0x081a, "ecdsa_brainpoolP256r1_sha256", "ECDSA", "SHA256"),
    (0x081b, "ecdsa_brainpoolP384r1tls13_sha384", "ECDSA", "SHA384"),
    (0x081b, "ecdsa_brainpoolP384r1_sha384", "ECDSA", "SHA384"),
    (0x081c, "ecdsa_brainpoolP512r1tls13_sha512", "ECDSA", "SHA512"),
    (0x081c, "ecdsa_brainpoolP512r1_sha512", "ECDSA", "SHA512"),
    (0x0804, "rsa_pss_rsae_sha256", RSA_PSS, "SHA256"),
    (0x0805, "rsa_pss_rsae_sha384", RSA_PSS, "SHA384"),
    (0x0806, "rsa_pss_rsae_sha512", RSA_PSS, "SHA512"),
    (0x0809, "rsa_pss_pss_sha256", RSA_PSS, "SHA256"),
    (0x080a, "rsa_pss_pss_sha384", RSA_PSS, "SHA384"),
    (0x080b, "rsa_pss_pss_sha512", RSA_PSS, "SHA512"),
    (0x0401, "rsa_pkcs1_sha256", "RSA", "SHA256"),
    (0x0501, "rsa_pkcs1_sha384", "RSA", "SHA384"),
    (0x0601, "rsa_pkcs1_sha512", "RSA", "SHA512"),
    (0x0301, "rsa_pkcs1_sha224", "RSA", "SHA224"),
    (0x0201, "rsa_pkcs1_sha1", "RSA", "SHA1"),
    (0x0402, "dsa_sha256", "DSA", "SHA256"),
    (0x0502, "dsa_sha384", "DSA", "SHA384"),
    (0x0602, "dsa_sha512", "DSA", "SHA512"),
    (0x0302, "dsa_sha224", "DSA", "SHA224"),
    (0x0202, "dsa_sha1", "DSA", "SHA1"),
    (0x0904, "mldsa44", "id-ml-dsa-44", UNDEFINED),
    (0x0905, "mldsa65", "id-ml-dsa-65", UNDEFINED),
    (0x0906, "mldsa87", "id-ml-dsa-87", UNDEFINED),
];

const RSA_PSS: &str = "RSA-PSS";

/// What Node says for a hash that there is none of.
const UNDEFINED: &str = "UNDEF";

/// Why there are no schemes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignatureSchemesError {
    /// An unknown name or an empty one, or none is left.
    Invalid,
    /// OpenSSL knows these; the engine has none of them.
    Unusable(Vec<String>),
}

/// Read a list into the numbers of the wire, the preferred first. Schemes that the engine does not have are left out.
pub fn parse(text: &str) -> Result<Vec<u16>, SignatureSchemesError> {
    let (mut schemes, mut unusable) = (Vec::new(), Vec::new());
    for item in text.split(':').map(str::trim_ascii) {
        let name = item.strip_prefix('?').unwrap_or(item);
        match number(name) {
            Some(scheme) if !SCHEMES.contains(&scheme) => unusable.push(name.to_owned()),
            Some(scheme) if !schemes.contains(&scheme) => schemes.push(scheme),
            None if !item.starts_with('?') => return Err(SignatureSchemesError::Invalid),
            Some(_) | None => {}
        }
    }
    if !schemes.is_empty() {
        return Ok(schemes);
    }
    Err(if unusable.is_empty() { SignatureSchemesError::Invalid } else { SignatureSchemesError::Unusable(unusable) })
}

/// A scheme as `getSharedSigalgs` spells it.
pub fn name(scheme: u16) -> String {
    let known = KNOWN.iter().find(|(number, ..)| *number == scheme);
    let (algorithm, hash) = known.map_or((UNDEFINED, UNDEFINED), |(_, _, algorithm, hash)| (*algorithm, *hash));
    [algorithm, "+", hash].concat()
}

fn number(name: &str) -> Option<u16> {
    let known = KNOWN.iter().find(|(_, own, algorithm, hash)| match name.split_once('+') {
        None => own.eq_ignore_ascii_case(name),
        Some((first, second)) => {
            let is_algorithm =
                algorithm.eq_ignore_ascii_case(first) || *algorithm == RSA_PSS && first.eq_ignore_ascii_case("PSS");
            is_algorithm && *hash != UNDEFINED && hash.eq_ignore_ascii_case(second)
        }
    });
    known.map(|(number, ..)| *number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_lists() {
        for (text, schemes) in [
            ("RSA-PSS+SHA256", &[0x0804][..]),
            ("PSS+SHA384", &[0x0805]),
            ("ECDSA+SHA256", &[0x0403]),
            ("RSA+SHA512", &[0x0601]),
            ("rsa_pss_rsae_sha256:ecdsa_secp384r1_sha384", &[0x0804, 0x0503]),
            ("ed25519", &[0x0807]),
            ("ED25519:RSA_PKCS1_SHA384", &[0x0807, 0x0501]),
            ("rsa-pss+sha256:rsa+SHA256", &[0x0804, 0x0401]),
            (" RSA+SHA256 : RSA+SHA384 ", &[0x0401, 0x0501]),
            ("RSA+SHA256:RSA+SHA256", &[0x0401]),
            ("ECDSA+SHA512:rsa_pss_pss_sha256", &[0x0603, 0x0809]),
            ("RSA+SHA1:DSA+SHA256:mldsa65:ed448:RSA+SHA256", &[0x0401]),
            ("?xyz:?RSA+SHA256", &[0x0401]),
        ] {
            assert_eq!(parse(text).as_deref(), Ok(schemes), "{text}");
        }
    }

    #[test]
    fn fails_where_node_fails() {
        for text in [
            "",
            "xyz",
            "xyz:RSA+SHA256",
            "RSA+SHA256:xyz",
            "RSA+SHA256:",
            ":RSA+SHA256",
            "RSA+SHA256::RSA+SHA384",
            "RSA+SHA256,RSA+SHA384",
            "RSA",
            "SHA256",
            "RSA+MD5",
            "RSA +SHA256",
            "RSA-PSS+SHA1",
            "RSA-PSS+SHA224",
            "RSA+SHA-256",
            "RSA+?SHA256",
            "??RSA+SHA256",
            "ED25519+SHA256",
            "ED25519+UNDEF",
            "id-ml-dsa-65",
            "?xyz",
        ] {
            assert_eq!(parse(text), Err(SignatureSchemesError::Invalid), "{text}");
        }
    }

    #[test]
    fn names_what_can_not_be_had() {
        let unusable = SignatureSchemesError::Unusable(vec!["RSA+SHA1".into(), "ed448".into()]);
        assert_eq!(parse("RSA+SHA1:ed448"), Err(unusable));
    }

    #[test]
    fn spells_as_node_does() {
        let names: Vec<_> = SCHEMES.into_iter().map(name).collect();
        let expected = "ECDSA+SHA256 ECDSA+SHA384 ECDSA+SHA512 Ed25519+UNDEF RSA-PSS+SHA256 RSA-PSS+SHA384 RSA-PSS+SHA512 \
                        RSA-PSS+SHA256 RSA-PSS+SHA384 RSA-PSS+SHA512 RSA+SHA256 RSA+SHA384 RSA+SHA512";
        assert_eq!(names.join(" "), expected);
        assert_eq!(name(0x0809), "RSA-PSS+SHA256");
        assert_eq!(name(0x0905), "id-ml-dsa-65+UNDEF");
        assert_eq!(name(0x081c), "ECDSA+SHA512");
        assert_eq!(name(0x1234), "UNDEF+UNDEF");
    }
}
