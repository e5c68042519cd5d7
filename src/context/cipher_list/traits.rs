//! What suites are made of, and the words of a list that select them by it.

/// Bits in seven aspects. A suite has one in each (or none of the last); a word has any number, and none in an aspect that it
/// does not care for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traits(pub u64);

impl Traits {
    /// What every suite has.
    pub const ANY: Self = Self(0);

    /// What both ask for; none where they exclude each other.
    pub fn and(mut self, other: Self) -> Option<Self> {
        // OpenSSL forgets a COMPLEMENTOFDEFAULT when a later word is the first with a strength.
        if self.0 & strength::ALL == 0 && other.0 & strength::ALL != 0 {
            self.0 &= !BEYOND_DEFAULT;
        }
        let mut both = 0;
        for aspect in ASPECTS {
            let (one, other) = (self.0 & aspect, other.0 & aspect);
            let common = if one == 0 || other == 0 { one | other } else { one & other };
            if common == 0 && one != 0 {
                return None;
            }
            both |= common;
        }
        Some(Self(both))
    }

    /// Whether a suite has what is asked for.
    pub fn select(self, suite: Self) -> bool {
        ASPECTS.iter().all(|aspect| self.0 & aspect == 0 || self.0 & suite.0 & aspect != 0)
    }

    /// What a word selects.
    pub fn of_word(word: &str) -> Option<Self> {
        WORDS.iter().find(|(known, _)| *known == word).map(|(_, traits)| Self(*traits))
    }
}

/// The words of OpenSSL's manual (openssl-ciphers, CIPHER STRINGS).
///
/// Words for what OpenSSL 3 has no suites of (3DES, RC4, LOW, ...) are left out: unknown or empty come to the same.
static WORDS: [(&str, u64); 60] = [
    ("ALL", encryption::ALL & !encryption::NULL),
    ("COMPLEMENTOFALL", encryption::NULL),
    ("eNULL", encryption::NULL),
    ("NULL", encryption::NULL),
    ("COMPLEMENTOFDEFAULT", BEYOND_DEFAULT),
    ("HIGH", strength::HIGH),
    ("FIPS", encryption::ALL & !encryption::NULL | strength::FIPS),
    ("kRSA", exchange::RSA),
    ("kDHE", exchange::DHE),
    ("kEDH", exchange::DHE),
    ("DH", exchange::DHE),
    ("kECDHE", exchange::ECDHE),
    ("kEECDH", exchange::ECDHE),
    ("ECDH", exchange::ECDHE),
    ("kPSK", exchange::PSK),
    ("kRSAPSK", exchange::RSA_PSK),
    ("kDHEPSK", exchange::DHE_PSK),
    ("kECDHEPSK", exchange::ECDHE_PSK),
    ("PSK", exchange::ANY_PSK),
    ("kSRP", exchange::SRP),
    ("SRP", exchange::SRP),
    ("aRSA", authentication::RSA),
    ("aDSS", authentication::DSS),
    ("DSS", authentication::DSS),
    ("aECDSA", authentication::ECDSA),
    ("ECDSA", authentication::ECDSA),
    ("aPSK", authentication::PSK),
    ("aSRP", authentication::SRP),
    ("aNULL", authentication::NULL),
    ("RSA", exchange::RSA | authentication::RSA),
    ("DHE", exchange::DHE | authentication::ANY),
    ("EDH", exchange::DHE | authentication::ANY),
    ("ECDHE", exchange::ECDHE | authentication::ANY),
    ("EECDH", exchange::ECDHE | authentication::ANY),
    ("ADH", exchange::DHE | authentication::NULL),
    ("AECDH", exchange::ECDHE | authentication::NULL),
    ("AES128", encryption::ANY_AES128),
    ("AES256", encryption::ANY_AES256),
    ("AES", encryption::ANY_AES),
    ("AESGCM", encryption::AES_GCM),
    ("AESCCM", encryption::ANY_CCM),
    ("AESCCM8", encryption::AES128_CCM8 | encryption::AES256_CCM8),
    ("CAMELLIA128", encryption::CAMELLIA128),
    ("CAMELLIA256", encryption::CAMELLIA256),
    ("CAMELLIA", encryption::CAMELLIA),
    ("ARIA128", encryption::ARIA128_GCM),
    ("ARIA256", encryption::ARIA256_GCM),
    ("ARIA", encryption::ARIA),
    ("ARIAGCM", encryption::ARIA),
    ("CHACHA20", encryption::CHACHA20),
    ("CBC", encryption::AES128 | encryption::AES256 | encryption::CAMELLIA),
    ("MD5", mac::MD5),
    ("SHA1", mac::SHA1),
    ("SHA", mac::SHA1),
    ("SHA256", mac::SHA256),
    ("SHA384", mac::SHA384),
    ("SSLv3", version::SSL3),
    ("TLSv1", version::TLS1),
    ("TLSv1.0", version::TLS1),
    ("TLSv1.2", version::TLS12),
];

const ASPECTS: [u64; 7] =
    [exchange::ALL, authentication::ALL, encryption::ALL, mac::ALL, version::ALL, strength::ALL, BEYOND_DEFAULT];

/// Key exchanges.
pub mod exchange {
    pub const RSA: u64 = 1;
    pub const DHE: u64 = 1 << 1;
    pub const ECDHE: u64 = 1 << 2;
    pub const PSK: u64 = 1 << 3;
    pub const RSA_PSK: u64 = 1 << 4;
    pub const DHE_PSK: u64 = 1 << 5;
    pub const ECDHE_PSK: u64 = 1 << 6;
    pub const SRP: u64 = 1 << 7;
    pub const ANY_PSK: u64 = PSK | RSA_PSK | DHE_PSK | ECDHE_PSK;
    pub const ALL: u64 = RSA | DHE | ECDHE | ANY_PSK | SRP;
}

/// What the server proves itself with.
pub mod authentication {
    pub const RSA: u64 = 1 << 8;
    pub const DSS: u64 = 1 << 9;
    pub const ECDSA: u64 = 1 << 10;
    pub const PSK: u64 = 1 << 11;
    pub const SRP: u64 = 1 << 12;
    pub const NULL: u64 = 1 << 13;
    pub const ANY: u64 = RSA | DSS | ECDSA | PSK | SRP;
    pub const ALL: u64 = ANY | NULL;
}

/// Ciphers with their modes; those without a mode in the name are CBC.
pub mod encryption {
    pub const NULL: u64 = 1 << 14;
    pub const AES128: u64 = 1 << 15;
    pub const AES256: u64 = 1 << 16;
    pub const AES128_GCM: u64 = 1 << 17;
    pub const AES256_GCM: u64 = 1 << 18;
    pub const AES128_CCM: u64 = 1 << 19;
    pub const AES256_CCM: u64 = 1 << 20;
    pub const AES128_CCM8: u64 = 1 << 21;
    pub const AES256_CCM8: u64 = 1 << 22;
    pub const CAMELLIA128: u64 = 1 << 23;
    pub const CAMELLIA256: u64 = 1 << 24;
    pub const ARIA128_GCM: u64 = 1 << 25;
    pub const ARIA256_GCM: u64 = 1 << 26;
    pub const CHACHA20: u64 = 1 << 27;

    pub const AES_GCM: u64 = AES128_GCM | AES256_GCM;
    pub const ANY_AES128: u64 = AES128 | AES128_GCM | AES128_CCM | AES128_CCM8;
    pub const ANY_AES256: u64 = AES256 | AES256_GCM | AES256_CCM | AES256_CCM8;
    pub const ANY_AES: u64 = ANY_AES128 | ANY_AES256;
    pub const ANY_CCM: u64 = AES128_CCM | AES256_CCM | AES128_CCM8 | AES256_CCM8;
    pub const CAMELLIA: u64 = CAMELLIA128 | CAMELLIA256;
    pub const ARIA: u64 = ARIA128_GCM | ARIA256_GCM;
    pub const ALL: u64 = NULL | ANY_AES | CAMELLIA | ARIA | CHACHA20;

    /// By the bits of the key, the strongest first.
    pub const BY_STRENGTH: [u64; 3] =
        [ANY_AES256 | CAMELLIA256 | ARIA256_GCM | CHACHA20, ANY_AES128 | CAMELLIA128 | ARIA128_GCM, NULL];
    /// What OpenSSL calls approved.
    pub const FIPS: u64 = AES128 | AES256 | AES_GCM;
    /// What OpenSSL leaves out of DEFAULT.
    pub const RARE: u64 = ANY_CCM | CAMELLIA | ARIA;
}

/// What the records are authenticated with.
pub mod mac {
    pub const AEAD: u64 = 1 << 28;
    pub const MD5: u64 = 1 << 29;
    pub const SHA1: u64 = 1 << 30;
    pub const SHA256: u64 = 1 << 31;
    pub const SHA384: u64 = 1 << 32;
    pub const ALL: u64 = AEAD | MD5 | SHA1 | SHA256 | SHA384;
}

/// The lowest versions with a suite.
pub mod version {
    pub const SSL3: u64 = 1 << 33;
    pub const TLS1: u64 = 1 << 34;
    pub const TLS12: u64 = 1 << 35;
    pub const ALL: u64 = SSL3 | TLS1 | TLS12;
}

/// Classes of strength.
pub mod strength {
    pub const NONE: u64 = 1 << 36;
    pub const HIGH: u64 = 1 << 37;
    pub const FIPS: u64 = 1 << 38;
    pub const ALL: u64 = NONE | HIGH | FIPS;
}

/// What is in ALL, but not in DEFAULT.
pub const BEYOND_DEFAULT: u64 = 1 << 39;
