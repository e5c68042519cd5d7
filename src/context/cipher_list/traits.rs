//! What suites are made of, and the words of a list that select them by it.

/// Bits an aspect. A suite has one or more in each; a word that does not care for an aspect has none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traits {
    /// Of [`exchange`].
    pub exchange: u16,
    /// Of [`authentication`].
    pub authentication: u16,
    /// Of [`encryption`].
    pub encryption: u16,
    /// Of [`mac`].
    pub mac: u16,
    /// Of [`version`]: the lowest with the suite.
    pub version: u16,
    /// Of [`strength`].
    pub strength: u16,
    /// One for what is in ALL, but not in DEFAULT. Not in every suite.
    pub beyond_default: u16,
}

impl Traits {
    /// What both ask for; none where they exclude each other.
    pub fn and(mut self, other: Self) -> Option<Self> {
        // OpenSSL forgets a COMPLEMENTOFDEFAULT when a later word is the first with a strength.
        if self.strength == 0 && other.strength != 0 {
            self.beyond_default = 0;
        }
        let mut both = [0; 7];
        for (both, (one, other)) in both.iter_mut().zip(self.aspects().into_iter().zip(other.aspects())) {
            *both = match (one, other) {
                (0, only) | (only, 0) => only,
                _ => one & other,
            };
            if *both == 0 && one != 0 {
                return None;
            }
        }
        let [exchange, authentication, encryption, mac, version, strength, beyond_default] = both;
        Some(Self { exchange, authentication, encryption, mac, version, strength, beyond_default })
    }

    /// Whether a suite has what is asked for.
    pub fn select(&self, suite: &Self) -> bool {
        self.aspects().into_iter().zip(suite.aspects()).all(|(asked, has)| asked == 0 || asked & has != 0)
    }

    fn aspects(&self) -> [u16; 7] {
        let Self { exchange, authentication, encryption, mac, version, strength, beyond_default } = *self;
        [exchange, authentication, encryption, mac, version, strength, beyond_default]
    }

    /// What a word of OpenSSL's manual selects (openssl-ciphers, CIPHER STRINGS).
    ///
    /// Words for what OpenSSL 3 has no suites of (3DES, RC4, LOW, ...) are unknown: both come to the same.
    pub fn of_word(word: &str) -> Option<Self> {
        let any = Self::default();
        let exchange = |exchange| Self { exchange, ..any };
        let authentication = |authentication| Self { authentication, ..any };
        let encryption = |encryption| Self { encryption, ..any };
        let mac = |mac| Self { mac, ..any };
        let version = |version| Self { version, ..any };
        let strength = |strength| Self { strength, ..any };
        let both = |exchange, authentication| Self { exchange, authentication, ..any };
        Some(match word {
            "ALL" => encryption(!encryption::NULL),
            "COMPLEMENTOFALL" | "eNULL" | "NULL" => encryption(encryption::NULL),
            "COMPLEMENTOFDEFAULT" => Self { beyond_default: 1, ..any },
            "HIGH" => strength(strength::HIGH),
            "FIPS" => Self { encryption: !encryption::NULL, strength: strength::FIPS, ..any },
            "kRSA" => exchange(exchange::RSA),
            "kDHE" | "kEDH" | "DH" => exchange(exchange::DHE),
            "kECDHE" | "kEECDH" | "ECDH" => exchange(exchange::ECDHE),
            "kPSK" => exchange(exchange::PSK),
            "kRSAPSK" => exchange(exchange::RSA_PSK),
            "kDHEPSK" => exchange(exchange::DHE_PSK),
            "kECDHEPSK" => exchange(exchange::ECDHE_PSK),
            "PSK" => exchange(exchange::ANY_PSK),
            "kSRP" | "SRP" => exchange(exchange::SRP),
            "aRSA" => authentication(authentication::RSA),
            "aDSS" | "DSS" => authentication(authentication::DSS),
            "aECDSA" | "ECDSA" => authentication(authentication::ECDSA),
            "aPSK" => authentication(authentication::PSK),
            "aSRP" => authentication(authentication::SRP),
            "aNULL" => authentication(authentication::NULL),
            "RSA" => both(exchange::RSA, authentication::RSA),
            "DHE" | "EDH" => both(exchange::DHE, !authentication::NULL),
            "ECDHE" | "EECDH" => both(exchange::ECDHE, !authentication::NULL),
            "ADH" => both(exchange::DHE, authentication::NULL),
            "AECDH" => both(exchange::ECDHE, authentication::NULL),
            "AES128" => encryption(encryption::ANY_AES128),
            "AES256" => encryption(encryption::ANY_AES256),
            "AES" => encryption(encryption::ANY_AES),
            "AESGCM" => encryption(encryption::AES128_GCM | encryption::AES256_GCM),
            "AESCCM" => encryption(encryption::ANY_CCM),
            "AESCCM8" => encryption(encryption::AES128_CCM8 | encryption::AES256_CCM8),
            "CAMELLIA128" => encryption(encryption::CAMELLIA128),
            "CAMELLIA256" => encryption(encryption::CAMELLIA256),
            "CAMELLIA" => encryption(encryption::CAMELLIA),
            "ARIA128" => encryption(encryption::ARIA128_GCM),
            "ARIA256" => encryption(encryption::ARIA256_GCM),
            "ARIA" | "ARIAGCM" => encryption(encryption::ARIA),
            "CHACHA20" => encryption(encryption::CHACHA20),
            "CBC" => encryption(encryption::AES128 | encryption::AES256 | encryption::CAMELLIA),
            "MD5" => mac(mac::MD5),
            "SHA1" | "SHA" => mac(mac::SHA1),
            "SHA256" => mac(mac::SHA256),
            "SHA384" => mac(mac::SHA384),
            "SSLv3" => version(version::SSL3),
            "TLSv1" | "TLSv1.0" => version(version::TLS1),
            "TLSv1.2" => version(version::TLS12),
            _ => return None,
        })
    }
}

/// Key exchanges.
pub mod exchange {
    pub const RSA: u16 = 1;
    pub const DHE: u16 = 1 << 1;
    pub const ECDHE: u16 = 1 << 2;
    pub const PSK: u16 = 1 << 3;
    pub const RSA_PSK: u16 = 1 << 4;
    pub const DHE_PSK: u16 = 1 << 5;
    pub const ECDHE_PSK: u16 = 1 << 6;
    pub const SRP: u16 = 1 << 7;
    pub const ANY_PSK: u16 = PSK | RSA_PSK | DHE_PSK | ECDHE_PSK;
}

/// What the server proves itself with.
pub mod authentication {
    pub const RSA: u16 = 1;
    pub const DSS: u16 = 1 << 1;
    pub const ECDSA: u16 = 1 << 2;
    pub const PSK: u16 = 1 << 3;
    pub const SRP: u16 = 1 << 4;
    pub const NULL: u16 = 1 << 5;
}

/// Ciphers with their modes; those without a mode in the name are CBC.
pub mod encryption {
    pub const NULL: u16 = 1;
    pub const AES128: u16 = 1 << 1;
    pub const AES256: u16 = 1 << 2;
    pub const AES128_GCM: u16 = 1 << 3;
    pub const AES256_GCM: u16 = 1 << 4;
    pub const AES128_CCM: u16 = 1 << 5;
    pub const AES256_CCM: u16 = 1 << 6;
    pub const AES128_CCM8: u16 = 1 << 7;
    pub const AES256_CCM8: u16 = 1 << 8;
    pub const CAMELLIA128: u16 = 1 << 9;
    pub const CAMELLIA256: u16 = 1 << 10;
    pub const ARIA128_GCM: u16 = 1 << 11;
    pub const ARIA256_GCM: u16 = 1 << 12;
    pub const CHACHA20: u16 = 1 << 13;

    pub const ANY_AES128: u16 = AES128 | AES128_GCM | AES128_CCM | AES128_CCM8;
    pub const ANY_AES256: u16 = AES256 | AES256_GCM | AES256_CCM | AES256_CCM8;
    pub const ANY_AES: u16 = ANY_AES128 | ANY_AES256;
    pub const ANY_CCM: u16 = AES128_CCM | AES256_CCM | AES128_CCM8 | AES256_CCM8;
    pub const CAMELLIA: u16 = CAMELLIA128 | CAMELLIA256;
    pub const ARIA: u16 = ARIA128_GCM | ARIA256_GCM;
    /// What OpenSSL calls approved.
    pub const FIPS: u16 = AES128 | AES256 | AES128_GCM | AES256_GCM;
    /// What OpenSSL leaves out of DEFAULT.
    pub const RARE: u16 = ANY_CCM | CAMELLIA | ARIA;
}

/// What the records are authenticated with.
pub mod mac {
    pub const AEAD: u16 = 1;
    pub const MD5: u16 = 1 << 1;
    pub const SHA1: u16 = 1 << 2;
    pub const SHA256: u16 = 1 << 3;
    pub const SHA384: u16 = 1 << 4;
}

/// The lowest versions with a suite.
pub mod version {
    pub const SSL3: u16 = 1;
    pub const TLS1: u16 = 1 << 1;
    pub const TLS12: u16 = 1 << 2;
}

/// Classes of strength.
pub mod strength {
    pub const NONE: u16 = 1;
    pub const HIGH: u16 = 1 << 1;
    pub const FIPS: u16 = 1 << 2;
}
