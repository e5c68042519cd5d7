//! Private keys and PKCS#12 files as users give them, made once by other implementations, in `vectors/`. All of them hold the key of
//! `key.pem`, under the passphrase "secret" where there is one. `-iter 10` keeps the many damaged copies of them cheap.

use std::sync::LazyLock;

use isomorphic_tls::context::pem::{self, PemError};
use isomorphic_tls::context::pfx::{self, Pfx, PfxError};
use isomorphic_tls::context::{DerFault, PrivateKey, SecureContext};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer};

use crate::tests;

macro_rules! vector {
    ($name:literal) => {
        include_bytes!(concat!("vectors/", $name))
    };
}

/// openssl pkcs8 -topk8 -nocrypt -in sec1.pem
const KEY: &[u8] = vector!("key.pem");
/// openssl ecparam -name prime256v1 -genkey
const SEC1: &[u8] = vector!("sec1.pem");
/// openssl ec -in sec1.pem -no_public
const SEC1_NO_PUBLIC: &[u8] = vector!("sec1-no-public.pem");
/// openssl pkcs8 -topk8 -nocrypt -in sec1-no-public.pem
const NO_PUBLIC: &[u8] = vector!("no-public.pem");
/// openssl req -x509 -key key.pem -subj /CN=keys -days 36500
const CERTIFICATE: &[u8] = vector!("certificate.pem");

const ENCRYPTED_KEYS: [&[u8]; 6] = [
    // openssl pkcs8 -topk8 -in key.pem -v2 aes-256-cbc -iter 10
    vector!("pbkdf2.pem"),
    // openssl pkcs8 -topk8 -in key.pem -v2 des3 -v2prf hmacWithSHA512 -iter 10 -outform DER
    vector!("pbkdf2.der"),
    // openssl pkcs8 -topk8 -in key.pem -v2 aes-128-cbc -scrypt -scrypt_N 16 -scrypt_r 8 -scrypt_p 1
    vector!("scrypt.pem"),
    // openssl pkcs8 -topk8 -in key.pem -v1 PBE-SHA1-3DES -iter 10
    vector!("pkcs12-3des.pem"),
    // openssl ec -in key.pem -aes192
    vector!("traditional-aes.pem"),
    // openssl ec -in key.pem -des3
    vector!("traditional-3des.pem"),
];
/// openssl pkcs8 -topk8 -in key.pem -v1 PBE-SHA1-RC2-40 -iter 10 -provider legacy -provider default
const RC2: &[u8] = vector!("rc2.pem");

/// cat key.pem certificate.pem | openssl pkcs12 -export -iter 10, and of each:
const PFX: [&[u8]; 3] = [
    // nothing more
    vector!("modern.p12"),
    // -macalg sha1 -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES
    vector!("3des.p12"),
    // -nomac, and then a PBMAC1 put in, which OpenSSL 3.5 accepts: PBKDF2 by HMAC-SHA256, 10 iterations; HMAC-SHA512
    vector!("pbmac1.p12"),
];
/// The same with -nomac
const NO_MAC: &[u8] = vector!("no-mac.p12");
/// The same with -nomac -keypbe NONE -certpbe NONE
const PLAIN: &[u8] = vector!("plain.p12");
/// The same with -macalg sha1 -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -passout pass:
const EMPTY_PASSPHRASE: &[u8] = vector!("empty.p12");
/// certtool --load-privkey key.pem --load-certificate certificate.pem --to-p12 --null-password --pkcs-cipher=3des-pkcs12
const NO_PASSPHRASE: &[u8] = vector!("null.p12");
/// pk12util -o: BER with indefinite lengths
const NSS: &[u8] = vector!("nss.p12");

static DER: LazyLock<Vec<u8>> =
    LazyLock::new(|| PrivatePkcs8KeyDer::from_pem_slice(KEY).unwrap().secret_pkcs8_der().to_vec());

fn open_key(bytes: &[u8]) -> Result<PrivateKey<'static>, PemError> {
    pem::private_key(bytes, Some(b"secret"))
}

fn open_pfx(bytes: &[u8], passphrase: &str) -> Result<Pfx, PfxError> {
    pfx::open(bytes, Some(passphrase.as_bytes()))
}

fn is_complete(pfx: &Pfx) -> bool {
    let certificate = CertificateDer::from_pem_slice(CERTIFICATE).unwrap();
    pfx.key.secret_der() == *DER && pfx.chain == [certificate.to_vec()] && pfx.others.is_empty()
}

/// Give every truncation and every flip of one bit to a function.
fn damaged(bytes: &[u8], open: impl Fn(&[u8])) {
    for length in 0..bytes.len() {
        open(&bytes[..length]);
    }
    for index in 0..bytes.len() {
        for bit in 0..8 {
            let mut changed = bytes.to_vec();
            changed[index] ^= 1 << bit;
            open(&changed);
        }
    }
}

fn replaced(pem: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = std::str::from_utf8(pem).unwrap();
    assert!(text.contains(from));
    text.replace(from, to).into_bytes()
}

tests! {
    fn keys_of_every_form_become_the_same_key() {
        for bytes in [KEY, SEC1, &DER].into_iter().chain(ENCRYPTED_KEYS) {
            assert_eq!(open_key(bytes).unwrap().secret_der(), *DER);
        }
    }

    fn text_around_a_key_does_not_matter() {
        let text = [&b"\xef\xbb\xbfBag Attributes\n    localKeyID: 01\nKey Attributes: <No Attributes>\n"[..], CERTIFICATE, ENCRYPTED_KEYS[4]];
        let text = text.concat();
        assert_eq!(open_key(&text).unwrap().secret_der(), *DER);
        for line_end in ["\r\n", "\r", " \n"] {
            assert_eq!(open_key(&replaced(&text, "\n", line_end)).unwrap().secret_der(), *DER);
        }
        assert_eq!(pem::private_key(&[KEY, RC2].concat(), None).unwrap().secret_der(), *DER);
    }

    fn wrong_passphrases_are_told_from_none() {
        for bytes in ENCRYPTED_KEYS {
            // Enough of them that some leave a right padding.
            for number in 0..600 {
                let passphrase = format!("wrong {number}");
                assert_eq!(pem::private_key(bytes, Some(passphrase.as_bytes())).unwrap_err(), PemError::BadDecrypt);
            }
            assert_eq!(pem::private_key(bytes, Some(b"")).unwrap_err(), PemError::BadDecrypt);
            assert_eq!(pem::private_key(bytes, None).unwrap_err(), PemError::NeedsPassphrase);
        }
    }

    fn keys_are_refused_by_reason() {
        for (expected, bytes) in [
            (PemError::NoStartLine, CERTIFICATE.to_vec()),
            (PemError::NoStartLine, b"garbage".to_vec()),
            (PemError::NoStartLine, replaced(KEY, " PRIVATE", " PUBLIC")),
            (PemError::BadEndLine, KEY[..KEY.len() - 10].to_vec()),
            (PemError::BadEndLine, replaced(KEY, "END ", "END RSA ")),
            (PemError::BadBase64, replaced(KEY, "\nM", "\n!")),
            (PemError::Bad, replaced(KEY, " PRIVATE", " RSA PRIVATE")),
            (PemError::Bad, replaced(KEY, "\nM", "\nN")),
            (PemError::Bad, DER[..100].to_vec()),
            (PemError::Bad, replaced(ENCRYPTED_KEYS[4], "AES-192-CBC,", "AES-192-CBC,00")),
            (PemError::Bad, replaced(ENCRYPTED_KEYS[4], "AES-192-CBC,", "AES-192-CBC,x")),
            (PemError::Bad, replaced(ENCRYPTED_KEYS[4], "DEK-Info: ", "X: ")),
            (PemError::Unsupported("cipher"), replaced(ENCRYPTED_KEYS[4], "AES-192-CBC,", "CAMELLIA-192-CBC,")),
            (PemError::Unsupported("encryption scheme"), RC2.to_vec()),
            (PemError::Unsupported("kind of key"), replaced(KEY, " PRIVATE", " DSA PRIVATE")),
        ] {
            assert_eq!(open_key(&bytes).unwrap_err(), expected);
        }
    }

    fn a_key_without_its_public_key_has_it_computed() {
        for bytes in [NO_PUBLIC, SEC1_NO_PUBLIC] {
            let key = open_key(bytes).unwrap();
            assert_eq!(key.secret_der(), *DER);
            let mut context = SecureContext::new(true, true);
            assert_eq!(context.add_private_key(key), Ok(()));
        }
    }

    fn certificates_are_all_there_or_refused_by_reason() {
        let two = [KEY, CERTIFICATE, b"junk\n", CERTIFICATE].concat();
        assert_eq!(pem::chain(&two).unwrap().len(), 2);
        assert_eq!(pem::chain(&two), Ok(pem::certificates(&two)));
        assert_eq!(pem::chain(KEY), Err(PemError::NoStartLine));
        assert_eq!(pem::chain(&two[..two.len() - 10]), Err(PemError::BadEndLine));
        assert_eq!(pem::certificates(&two[..two.len() - 10]).len(), 1);
        assert_eq!(pem::chain(&replaced(&two, "\nMII", "\n!II")), Err(PemError::BadBase64));
    }

    fn pfx_files_give_key_and_certificate() {
        for bytes in PFX {
            assert!(is_complete(&open_pfx(bytes, "secret").unwrap()));
            // What follows is ignored.
            assert!(is_complete(&open_pfx(&[bytes, b"x"].concat(), "secret").unwrap()));
            for wrong in ["", "wrong"] {
                assert_eq!(open_pfx(bytes, wrong).unwrap_err(), PfxError::MacVerifyFailure);
            }
            assert_eq!(pfx::open(bytes, None).unwrap_err(), PfxError::MacVerifyFailure);
        }
    }

    fn pfx_files_without_a_mac_are_taken() {
        assert!(is_complete(&open_pfx(NO_MAC, "secret").unwrap()));
        for number in 0..600 {
            assert_eq!(open_pfx(NO_MAC, &format!("wrong {number}")).unwrap_err(), PfxError::BadDecrypt);
        }
        assert_eq!(pfx::open(NO_MAC, None).unwrap_err(), PfxError::BadDecrypt);
        for passphrase in [None, Some(&b""[..]), Some(b"anything")] {
            assert!(is_complete(&pfx::open(PLAIN, passphrase).unwrap()));
        }
    }

    fn an_empty_passphrase_has_two_forms_in_pfx_files() {
        for bytes in [EMPTY_PASSPHRASE, NO_PASSPHRASE] {
            assert!(is_complete(&pfx::open(bytes, None).unwrap()));
            assert!(is_complete(&open_pfx(bytes, "").unwrap()));
            assert_eq!(open_pfx(bytes, "secret").unwrap_err(), PfxError::MacVerifyFailure);
        }
    }

    fn pfx_files_may_have_indefinite_lengths() {
        assert!(is_complete(&open_pfx(NSS, "secret").unwrap()));
    }

    fn pfx_files_are_refused_by_reason() {
        for (expected, bytes) in [
            (PfxError::NotEnoughData, &b""[..]),
            (PfxError::NotEnoughData, b"sample"),
            (PfxError::NotEnoughData, &PFX[0][..500]),
            (PfxError::NotEnoughData, &NSS[..500]),
            (PfxError::NoPfx(DerFault::WrongTag), CERTIFICATE),
            (PfxError::NoPfx(DerFault::FieldMissing), &[0x30, 3, 2, 1, 3]),
            (PfxError::NoPfx(DerFault::WrongTag), &[0x30, 2, 5, 0]),
            (PfxError::NoPfx(DerFault::WrongTag), &[0x05, 0]),
            (PfxError::NoPfx(DerFault::FieldMissing), &[0x30, 0]),
            (PfxError::NoPfx(DerFault::HeaderTooLong), &[0x30, 0x89, 1, 0, 0, 0, 0, 0, 0, 0, 0]),
        ] {
            assert_eq!(open_pfx(bytes, "secret").unwrap_err(), expected);
        }
    }

    fn damaged_keys_and_files_are_an_answer() {
        for bytes in ENCRYPTED_KEYS.into_iter().chain([KEY, SEC1, NO_PUBLIC, &DER]) {
            damaged(bytes, |bytes| {
                let _ = open_key(bytes);
            });
        }
        for bytes in [NO_MAC, PLAIN, EMPTY_PASSPHRASE] {
            damaged(bytes, |bytes| {
                let _ = open_pfx(bytes, "secret");
            });
        }
        // With a MAC, what opens is as it was.
        for bytes in PFX {
            damaged(bytes, |bytes| assert!(open_pfx(bytes, "secret").map_or(true, |pfx| is_complete(&pfx))));
        }
    }
}
