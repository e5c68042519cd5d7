//! The suites that OpenSSL 3 knows (IANA: TLS Cipher Suites), without those of TLS 1.3.
//!
//! Names are composed of their parts rather than stored: all of this is a kilobyte of WebAssembly.

use super::traits::{BEYOND_DEFAULT, Traits, authentication, encryption, exchange, mac, strength, version};

/// A suite of TLS 1.2 and below.
pub struct Suite {
    /// The number on the wire.
    pub number: u16,
    family: u8,
    cipher: u8,
    hash: u8,
    version: u8,
}

impl Suite {
    /// OpenSSL's name.
    pub fn name(&self) -> String {
        self.name_parts().concat()
    }

    /// Whether a word is OpenSSL's or IANA's name.
    pub fn is_called(&self, word: &str) -> bool {
        spells(word, &self.name_parts()) || spells(word, &self.standard_name_parts())
    }

    /// What it is made of.
    pub fn traits(&self) -> Traits {
        let (family, cipher) = (self.family(), self.cipher());
        let version = VERSIONS[usize::from(self.version)];
        let traits = family.traits | cipher.bit | HASHES[usize::from(self.hash)].2 | version;
        if cipher.bit == encryption::NULL {
            return Traits(traits | strength::NONE);
        }
        let is_approved = cipher.bit & encryption::FIPS != 0 && family.traits & exchange::SRP == 0;
        let is_rare = traits & (encryption::RARE | authentication::NULL | authentication::DSS) != 0;
        let fips = if is_approved { strength::FIPS } else { 0 };
        let beyond_default = if is_rare { BEYOND_DEFAULT } else { 0 };
        Traits(traits | strength::HIGH | fips | beyond_default)
    }

    fn family(&self) -> &'static Family {
        &FAMILIES[usize::from(self.family)]
    }

    fn cipher(&self) -> &'static Cipher {
        &CIPHERS[usize::from(self.cipher)]
    }

    fn name_parts(&self) -> [&'static str; 4] {
        let (family, cipher) = (self.family(), self.cipher());
        let is_cbc = cipher.bit & (encryption::AES128 | encryption::AES256) != 0;
        let is_pre_shared = family.traits & exchange::ANY_PSK != 0;
        // Three families that are written otherwise.
        let (prefix, name, mode) = match (self.family, self.cipher) {
            (ECDHE_RSA, ARIA128_GCM | ARIA256_GCM) => ("ECDHE-", cipher.name, ""),
            (SRP | SRP_RSA | SRP_DSS, AES128) => (family.name, "AES-128", "-CBC"),
            (SRP | SRP_RSA | SRP_DSS, AES256) => (family.name, "AES-256", "-CBC"),
            _ if is_cbc && is_pre_shared => (family.name, cipher.name, "-CBC"),
            _ => (family.name, cipher.name, ""),
        };
        [prefix, name, mode, HASHES[usize::from(self.hash)].0]
    }

    fn standard_name_parts(&self) -> [&'static str; 5] {
        let (family, cipher) = (self.family(), self.cipher());
        // Registered otherwise than its like (RFC 6655, 4).
        let name = match (self.family, self.cipher) {
            (DHE_PSK, AES128_CCM8 | AES256_CCM8) => "PSK_DHE",
            _ => family.standard_name,
        };
        ["TLS_", name, "_WITH_", cipher.standard_name, HASHES[usize::from(self.hash)].1]
    }
}

/// Whether a word is the parts, one after the other.
fn spells(word: &str, parts: &[&str]) -> bool {
    parts.iter().try_fold(word, |rest, part| rest.strip_prefix(part)).is_some_and(str::is_empty)
}

/// Key exchange and authentication, which share a part of the names.
struct Family {
    name: &'static str,
    standard_name: &'static str,
    traits: u64,
}

const fn family(name: &'static str, standard_name: &'static str, traits: u64) -> Family {
    Family { name, standard_name, traits }
}

const RSA: u8 = 0;
const DHE_RSA: u8 = 1;
const DHE_DSS: u8 = 2;
const DH_ANON: u8 = 3;
const ECDHE_ECDSA: u8 = 4;
const ECDHE_RSA: u8 = 5;
const ECDH_ANON: u8 = 6;
const PSK: u8 = 7;
const RSA_PSK: u8 = 8;
const DHE_PSK: u8 = 9;
const ECDHE_PSK: u8 = 10;
const SRP: u8 = 11;
const SRP_RSA: u8 = 12;
const SRP_DSS: u8 = 13;

static FAMILIES: [Family; 14] = [
    family("", "RSA", exchange::RSA | authentication::RSA),
    family("DHE-RSA-", "DHE_RSA", exchange::DHE | authentication::RSA),
    family("DHE-DSS-", "DHE_DSS", exchange::DHE | authentication::DSS),
    family("ADH-", "DH_anon", exchange::DHE | authentication::NULL),
    family("ECDHE-ECDSA-", "ECDHE_ECDSA", exchange::ECDHE | authentication::ECDSA),
    family("ECDHE-RSA-", "ECDHE_RSA", exchange::ECDHE | authentication::RSA),
    family("AECDH-", "ECDH_anon", exchange::ECDHE | authentication::NULL),
    family("PSK-", "PSK", exchange::PSK | authentication::PSK),
    family("RSA-PSK-", "RSA_PSK", exchange::RSA_PSK | authentication::RSA),
    family("DHE-PSK-", "DHE_PSK", exchange::DHE_PSK | authentication::PSK),
    family("ECDHE-PSK-", "ECDHE_PSK", exchange::ECDHE_PSK | authentication::PSK),
    family("SRP-", "SRP_SHA", exchange::SRP | authentication::SRP),
    family("SRP-RSA-", "SRP_SHA_RSA", exchange::SRP | authentication::RSA),
    family("SRP-DSS-", "SRP_SHA_DSS", exchange::SRP | authentication::DSS),
];

struct Cipher {
    name: &'static str,
    standard_name: &'static str,
    bit: u64,
}

const fn cipher(name: &'static str, standard_name: &'static str, bit: u64) -> Cipher {
    Cipher { name, standard_name, bit }
}

const NULL: u8 = 0;
const AES128: u8 = 1;
const AES256: u8 = 2;
const AES128_GCM: u8 = 3;
const AES256_GCM: u8 = 4;
const AES128_CCM: u8 = 5;
const AES256_CCM: u8 = 6;
const AES128_CCM8: u8 = 7;
const AES256_CCM8: u8 = 8;
const CAMELLIA128: u8 = 9;
const CAMELLIA256: u8 = 10;
const ARIA128_GCM: u8 = 11;
const ARIA256_GCM: u8 = 12;
const CHACHA20: u8 = 13;

static CIPHERS: [Cipher; 14] = [
    cipher("NULL", "NULL", encryption::NULL),
    cipher("AES128", "AES_128_CBC", encryption::AES128),
    cipher("AES256", "AES_256_CBC", encryption::AES256),
    cipher("AES128-GCM-SHA256", "AES_128_GCM_SHA256", encryption::AES128_GCM),
    cipher("AES256-GCM-SHA384", "AES_256_GCM_SHA384", encryption::AES256_GCM),
    cipher("AES128-CCM", "AES_128_CCM", encryption::AES128_CCM),
    cipher("AES256-CCM", "AES_256_CCM", encryption::AES256_CCM),
    cipher("AES128-CCM8", "AES_128_CCM_8", encryption::AES128_CCM8),
    cipher("AES256-CCM8", "AES_256_CCM_8", encryption::AES256_CCM8),
    cipher("CAMELLIA128", "CAMELLIA_128_CBC", encryption::CAMELLIA128),
    cipher("CAMELLIA256", "CAMELLIA_256_CBC", encryption::CAMELLIA256),
    cipher("ARIA128-GCM-SHA256", "ARIA_128_GCM_SHA256", encryption::ARIA128_GCM),
    cipher("ARIA256-GCM-SHA384", "ARIA_256_GCM_SHA384", encryption::ARIA256_GCM),
    cipher("CHACHA20-POLY1305", "CHACHA20_POLY1305_SHA256", encryption::CHACHA20),
];

const AEAD: u8 = 0;
const MD5: u8 = 1;
const SHA1: u8 = 2;
const SHA256: u8 = 3;
const SHA384: u8 = 4;

/// How the two kinds of names end, and the bit.
static HASHES: [(&str, &str, u64); 5] = [
    ("", "", mac::AEAD),
    ("-MD5", "_MD5", mac::MD5),
    ("-SHA", "_SHA", mac::SHA1),
    ("-SHA256", "_SHA256", mac::SHA256),
    ("-SHA384", "_SHA384", mac::SHA384),
];

const SSL3: u8 = 0;
const TLS1: u8 = 1;
const TLS12: u8 = 2;

static VERSIONS: [u64; 3] = [version::SSL3, version::TLS1, version::TLS12];

const fn suite(number: u16, family: u8, cipher: u8, hash: u8, version: u8) -> Suite {
    Suite { number, family, cipher, hash, version }
}

/// All of them, in the order in which OpenSSL prefers them.
pub static SUITES: [Suite; 155] = [
    suite(0xc02c, ECDHE_ECDSA, AES256_GCM, AEAD, TLS12),
    suite(0xc030, ECDHE_RSA, AES256_GCM, AEAD, TLS12),
    suite(0x00a3, DHE_DSS, AES256_GCM, AEAD, TLS12),
    suite(0x009f, DHE_RSA, AES256_GCM, AEAD, TLS12),
    suite(0xcca9, ECDHE_ECDSA, CHACHA20, AEAD, TLS12),
    suite(0xcca8, ECDHE_RSA, CHACHA20, AEAD, TLS12),
    suite(0xccaa, DHE_RSA, CHACHA20, AEAD, TLS12),
    suite(0xc0af, ECDHE_ECDSA, AES256_CCM8, AEAD, TLS12),
    suite(0xc0ad, ECDHE_ECDSA, AES256_CCM, AEAD, TLS12),
    suite(0xc0a3, DHE_RSA, AES256_CCM8, AEAD, TLS12),
    suite(0xc09f, DHE_RSA, AES256_CCM, AEAD, TLS12),
    suite(0xc05d, ECDHE_ECDSA, ARIA256_GCM, AEAD, TLS12),
    suite(0xc061, ECDHE_RSA, ARIA256_GCM, AEAD, TLS12),
    suite(0xc057, DHE_DSS, ARIA256_GCM, AEAD, TLS12),
    suite(0xc053, DHE_RSA, ARIA256_GCM, AEAD, TLS12),
    suite(0x00a7, DH_ANON, AES256_GCM, AEAD, TLS12),
    suite(0xc02b, ECDHE_ECDSA, AES128_GCM, AEAD, TLS12),
    suite(0xc02f, ECDHE_RSA, AES128_GCM, AEAD, TLS12),
    suite(0x00a2, DHE_DSS, AES128_GCM, AEAD, TLS12),
    suite(0x009e, DHE_RSA, AES128_GCM, AEAD, TLS12),
    suite(0xc0ae, ECDHE_ECDSA, AES128_CCM8, AEAD, TLS12),
    suite(0xc0ac, ECDHE_ECDSA, AES128_CCM, AEAD, TLS12),
    suite(0xc0a2, DHE_RSA, AES128_CCM8, AEAD, TLS12),
    suite(0xc09e, DHE_RSA, AES128_CCM, AEAD, TLS12),
    suite(0xc05c, ECDHE_ECDSA, ARIA128_GCM, AEAD, TLS12),
    suite(0xc060, ECDHE_RSA, ARIA128_GCM, AEAD, TLS12),
    suite(0xc056, DHE_DSS, ARIA128_GCM, AEAD, TLS12),
    suite(0xc052, DHE_RSA, ARIA128_GCM, AEAD, TLS12),
    suite(0x00a6, DH_ANON, AES128_GCM, AEAD, TLS12),
    suite(0xc024, ECDHE_ECDSA, AES256, SHA384, TLS12),
    suite(0xc028, ECDHE_RSA, AES256, SHA384, TLS12),
    suite(0x006b, DHE_RSA, AES256, SHA256, TLS12),
    suite(0x006a, DHE_DSS, AES256, SHA256, TLS12),
    suite(0xc073, ECDHE_ECDSA, CAMELLIA256, SHA384, TLS12),
    suite(0xc077, ECDHE_RSA, CAMELLIA256, SHA384, TLS12),
    suite(0x00c4, DHE_RSA, CAMELLIA256, SHA256, TLS12),
    suite(0x00c3, DHE_DSS, CAMELLIA256, SHA256, TLS12),
    suite(0x006d, DH_ANON, AES256, SHA256, TLS12),
    suite(0x00c5, DH_ANON, CAMELLIA256, SHA256, TLS12),
    suite(0xc023, ECDHE_ECDSA, AES128, SHA256, TLS12),
    suite(0xc027, ECDHE_RSA, AES128, SHA256, TLS12),
    suite(0x0067, DHE_RSA, AES128, SHA256, TLS12),
    suite(0x0040, DHE_DSS, AES128, SHA256, TLS12),
    suite(0xc072, ECDHE_ECDSA, CAMELLIA128, SHA256, TLS12),
    suite(0xc076, ECDHE_RSA, CAMELLIA128, SHA256, TLS12),
    suite(0x00be, DHE_RSA, CAMELLIA128, SHA256, TLS12),
    suite(0x00bd, DHE_DSS, CAMELLIA128, SHA256, TLS12),
    suite(0x006c, DH_ANON, AES128, SHA256, TLS12),
    suite(0x00bf, DH_ANON, CAMELLIA128, SHA256, TLS12),
    suite(0xc00a, ECDHE_ECDSA, AES256, SHA1, TLS1),
    suite(0xc014, ECDHE_RSA, AES256, SHA1, TLS1),
    suite(0x0039, DHE_RSA, AES256, SHA1, SSL3),
    suite(0x0038, DHE_DSS, AES256, SHA1, SSL3),
    suite(0x0088, DHE_RSA, CAMELLIA256, SHA1, SSL3),
    suite(0x0087, DHE_DSS, CAMELLIA256, SHA1, SSL3),
    suite(0xc019, ECDH_ANON, AES256, SHA1, TLS1),
    suite(0x003a, DH_ANON, AES256, SHA1, SSL3),
    suite(0x0089, DH_ANON, CAMELLIA256, SHA1, SSL3),
    suite(0xc009, ECDHE_ECDSA, AES128, SHA1, TLS1),
    suite(0xc013, ECDHE_RSA, AES128, SHA1, TLS1),
    suite(0x0033, DHE_RSA, AES128, SHA1, SSL3),
    suite(0x0032, DHE_DSS, AES128, SHA1, SSL3),
    suite(0x0045, DHE_RSA, CAMELLIA128, SHA1, SSL3),
    suite(0x0044, DHE_DSS, CAMELLIA128, SHA1, SSL3),
    suite(0xc018, ECDH_ANON, AES128, SHA1, TLS1),
    suite(0x0034, DH_ANON, AES128, SHA1, SSL3),
    suite(0x0046, DH_ANON, CAMELLIA128, SHA1, SSL3),
    suite(0xc006, ECDHE_ECDSA, NULL, SHA1, TLS1),
    suite(0xc010, ECDHE_RSA, NULL, SHA1, TLS1),
    suite(0xc015, ECDH_ANON, NULL, SHA1, TLS1),
    suite(0x00ad, RSA_PSK, AES256_GCM, AEAD, TLS12),
    suite(0x00ab, DHE_PSK, AES256_GCM, AEAD, TLS12),
    suite(0xccae, RSA_PSK, CHACHA20, AEAD, TLS12),
    suite(0xccad, DHE_PSK, CHACHA20, AEAD, TLS12),
    suite(0xccac, ECDHE_PSK, CHACHA20, AEAD, TLS12),
    suite(0xc0ab, DHE_PSK, AES256_CCM8, AEAD, TLS12),
    suite(0xc0a7, DHE_PSK, AES256_CCM, AEAD, TLS12),
    suite(0xc06f, RSA_PSK, ARIA256_GCM, AEAD, TLS12),
    suite(0xc06d, DHE_PSK, ARIA256_GCM, AEAD, TLS12),
    suite(0x009d, RSA, AES256_GCM, AEAD, TLS12),
    suite(0xc0a1, RSA, AES256_CCM8, AEAD, TLS12),
    suite(0xc09d, RSA, AES256_CCM, AEAD, TLS12),
    suite(0xc051, RSA, ARIA256_GCM, AEAD, TLS12),
    suite(0x00a9, PSK, AES256_GCM, AEAD, TLS12),
    suite(0xccab, PSK, CHACHA20, AEAD, TLS12),
    suite(0xc0a9, PSK, AES256_CCM8, AEAD, TLS12),
    suite(0xc0a5, PSK, AES256_CCM, AEAD, TLS12),
    suite(0xc06b, PSK, ARIA256_GCM, AEAD, TLS12),
    suite(0x00ac, RSA_PSK, AES128_GCM, AEAD, TLS12),
    suite(0x00aa, DHE_PSK, AES128_GCM, AEAD, TLS12),
    suite(0xc0aa, DHE_PSK, AES128_CCM8, AEAD, TLS12),
    suite(0xc0a6, DHE_PSK, AES128_CCM, AEAD, TLS12),
    suite(0xc06e, RSA_PSK, ARIA128_GCM, AEAD, TLS12),
    suite(0xc06c, DHE_PSK, ARIA128_GCM, AEAD, TLS12),
    suite(0x009c, RSA, AES128_GCM, AEAD, TLS12),
    suite(0xc0a0, RSA, AES128_CCM8, AEAD, TLS12),
    suite(0xc09c, RSA, AES128_CCM, AEAD, TLS12),
    suite(0xc050, RSA, ARIA128_GCM, AEAD, TLS12),
    suite(0x00a8, PSK, AES128_GCM, AEAD, TLS12),
    suite(0xc0a8, PSK, AES128_CCM8, AEAD, TLS12),
    suite(0xc0a4, PSK, AES128_CCM, AEAD, TLS12),
    suite(0xc06a, PSK, ARIA128_GCM, AEAD, TLS12),
    suite(0x003d, RSA, AES256, SHA256, TLS12),
    suite(0x00c0, RSA, CAMELLIA256, SHA256, TLS12),
    suite(0x003c, RSA, AES128, SHA256, TLS12),
    suite(0x00ba, RSA, CAMELLIA128, SHA256, TLS12),
    suite(0x003b, RSA, NULL, SHA256, TLS12),
    suite(0xc038, ECDHE_PSK, AES256, SHA384, TLS1),
    suite(0xc036, ECDHE_PSK, AES256, SHA1, TLS1),
    suite(0xc022, SRP_DSS, AES256, SHA1, SSL3),
    suite(0xc021, SRP_RSA, AES256, SHA1, SSL3),
    suite(0xc020, SRP, AES256, SHA1, SSL3),
    suite(0x00b7, RSA_PSK, AES256, SHA384, TLS1),
    suite(0x00b3, DHE_PSK, AES256, SHA384, TLS1),
    suite(0x0095, RSA_PSK, AES256, SHA1, SSL3),
    suite(0x0091, DHE_PSK, AES256, SHA1, SSL3),
    suite(0xc09b, ECDHE_PSK, CAMELLIA256, SHA384, TLS1),
    suite(0xc099, RSA_PSK, CAMELLIA256, SHA384, TLS1),
    suite(0xc097, DHE_PSK, CAMELLIA256, SHA384, TLS1),
    suite(0x0035, RSA, AES256, SHA1, SSL3),
    suite(0x0084, RSA, CAMELLIA256, SHA1, SSL3),
    suite(0x00af, PSK, AES256, SHA384, TLS1),
    suite(0x008d, PSK, AES256, SHA1, SSL3),
    suite(0xc095, PSK, CAMELLIA256, SHA384, TLS1),
    suite(0xc037, ECDHE_PSK, AES128, SHA256, TLS1),
    suite(0xc035, ECDHE_PSK, AES128, SHA1, TLS1),
    suite(0xc01f, SRP_DSS, AES128, SHA1, SSL3),
    suite(0xc01e, SRP_RSA, AES128, SHA1, SSL3),
    suite(0xc01d, SRP, AES128, SHA1, SSL3),
    suite(0x00b6, RSA_PSK, AES128, SHA256, TLS1),
    suite(0x00b2, DHE_PSK, AES128, SHA256, TLS1),
    suite(0x0094, RSA_PSK, AES128, SHA1, SSL3),
    suite(0x0090, DHE_PSK, AES128, SHA1, SSL3),
    suite(0xc09a, ECDHE_PSK, CAMELLIA128, SHA256, TLS1),
    suite(0xc098, RSA_PSK, CAMELLIA128, SHA256, TLS1),
    suite(0xc096, DHE_PSK, CAMELLIA128, SHA256, TLS1),
    suite(0x002f, RSA, AES128, SHA1, SSL3),
    suite(0x0041, RSA, CAMELLIA128, SHA1, SSL3),
    suite(0x00ae, PSK, AES128, SHA256, TLS1),
    suite(0x008c, PSK, AES128, SHA1, SSL3),
    suite(0xc094, PSK, CAMELLIA128, SHA256, TLS1),
    suite(0xc03b, ECDHE_PSK, NULL, SHA384, TLS1),
    suite(0xc03a, ECDHE_PSK, NULL, SHA256, TLS1),
    suite(0xc039, ECDHE_PSK, NULL, SHA1, TLS1),
    suite(0x00b9, RSA_PSK, NULL, SHA384, TLS1),
    suite(0x00b8, RSA_PSK, NULL, SHA256, TLS1),
    suite(0x00b5, DHE_PSK, NULL, SHA384, TLS1),
    suite(0x00b4, DHE_PSK, NULL, SHA256, TLS1),
    suite(0x002e, RSA_PSK, NULL, SHA1, SSL3),
    suite(0x002d, DHE_PSK, NULL, SHA1, SSL3),
    suite(0x0002, RSA, NULL, SHA1, SSL3),
    suite(0x0001, RSA, NULL, MD5, SSL3),
    suite(0x00b1, PSK, NULL, SHA384, TLS1),
    suite(0x00b0, PSK, NULL, SHA256, TLS1),
    suite(0x002c, PSK, NULL, SHA1, SSL3),
];
