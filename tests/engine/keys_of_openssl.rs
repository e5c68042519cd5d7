//! Private keys and PKCS#12 files that the `openssl` command makes on the spot, in every way that is supported.

use std::io::Write;
use std::process::{Command, Stdio};

use isomorphic_tls::context::pem::{self, PemError};
use isomorphic_tls::context::pfx::{self, PfxError};
use isomorphic_tls::context::{PrivateKey, SecureContext};

use crate::certificates::{authority_parameters, intermediate, leaf, parameters, root};

/// In UTF-8 of one, two, three and four octets.
const PASSPHRASE: &str = "aя€🙂";

/// What `openssl` prints; `PASSPHRASE` in the arguments is made the passphrase.
pub(crate) fn openssl(arguments: &str, input: &[u8]) -> Vec<u8> {
    let passphrase = format!("pass:{PASSPHRASE}");
    let arguments =
        arguments.split_whitespace().map(|word| if word == "PASSPHRASE" { passphrase.as_str() } else { word });
    let mut command = Command::new("openssl");
    let mut process =
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    process.stdin.take().unwrap().write_all(input).unwrap();
    let output = process.wait_with_output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// Keys in PKCS#8.
fn keys() -> [Vec<u8>; 4] {
    [
        "-algorithm RSA -pkeyopt rsa_keygen_bits:2048",
        "-algorithm EC -pkeyopt ec_paramgen_curve:P-256",
        "-algorithm EC -pkeyopt ec_paramgen_curve:P-384",
        "-algorithm ED25519",
    ]
    .map(|algorithm| openssl(&format!("genpkey {algorithm}"), b""))
}

fn der(key: &[u8]) -> Vec<u8> {
    openssl("pkcs8 -topk8 -nocrypt -outform DER", key)
}

fn open(bytes: &[u8]) -> PrivateKey<'static> {
    pem::private_key(bytes, Some(PASSPHRASE.as_bytes())).unwrap()
}

#[test]
fn encrypted_pkcs8() {
    for key in keys() {
        let expected = der(&key);
        assert_eq!(open(&key).secret_der(), expected);
        for scheme in [
            "-v2 aes-128-cbc",
            "-v2 aes-192-cbc",
            "-v2 aes-256-cbc",
            "-v2 des3",
            "-v2 aes-256-cbc -v2prf hmacWithSHA1",
            "-v2 aes-256-cbc -v2prf hmacWithSHA224",
            "-v2 aes-256-cbc -v2prf hmacWithSHA384",
            "-v2 aes-256-cbc -v2prf hmacWithSHA512 -iter 1",
            "-scrypt",
            "-v2 aes-128-cbc -scrypt -scrypt_N 1024 -scrypt_r 4 -scrypt_p 3",
            "-v1 PBE-SHA1-3DES",
            "-v1 PBE-SHA1-2DES",
        ] {
            for form in ["PEM", "DER"] {
                let encrypted = openssl(&format!("pkcs8 -topk8 {scheme} -outform {form} -passout PASSPHRASE"), &key);
                assert_eq!(open(&encrypted).secret_der(), expected, "{scheme} {form}");
            }
        }
    }
}

#[test]
fn traditional_keys() {
    let [rsa, p256, p384, _] = keys();
    for (command, key) in [("rsa -traditional", rsa), ("ec", p256), ("ec", p384)] {
        let expected = match command {
            "ec" => der(&key),
            _ => openssl("rsa -traditional -outform DER", &key),
        };
        assert_eq!(open(&openssl(&format!("{command} -outform DER"), &key)).secret_der(), expected);
        for cipher in ["", "-aes128", "-aes192", "-aes256", "-des3", "-des -provider legacy -provider default"] {
            let encrypted = openssl(&format!("{command} {cipher} -passout PASSPHRASE"), &key);
            assert_eq!(open(&encrypted).secret_der(), expected, "{command} {cipher}");
        }
    }
}

#[test]
fn what_is_not_supported_or_too_much_work_is_refused() {
    let [_, key, _, _] = keys();
    for (scheme, expected) in [
        ("-v1 PBE-MD5-DES", PemError::Unsupported("encryption scheme")),
        ("-v1 PBE-SHA1-RC2-40", PemError::Unsupported("encryption scheme")),
        ("-v1 PBE-SHA1-RC4-128", PemError::Unsupported("encryption scheme")),
        ("-v2 camellia-128-cbc", PemError::Unsupported("cipher")),
        ("-v2 aes-256-cbc -v2prf hmacWithSHA512-256", PemError::Unsupported("pseudorandom function")),
        ("-scrypt -scrypt_N 2048 -scrypt_r 8 -scrypt_p 257", PemError::TooMuchWork),
    ] {
        let command = format!("pkcs8 -topk8 {scheme} -provider legacy -provider default -passout PASSPHRASE");
        let encrypted = openssl(&command, &key);
        assert_eq!(pem::private_key(&encrypted, Some(PASSPHRASE.as_bytes())).unwrap_err(), expected, "{scheme}");
    }
    let encrypted = openssl("pkcs8 -topk8 -v2 aes-256-cbc -iter 10000001 -passout PASSPHRASE", &key);
    assert_eq!(pem::private_key(&encrypted, None).unwrap_err(), PemError::TooMuchWork);

    // The openssl command allows itself no more memory than this: the block size is made 16 afterwards.
    let mut encrypted =
        openssl("pkcs8 -topk8 -scrypt -scrypt_N 16384 -scrypt_r 8 -outform DER -passout PASSPHRASE", &key);
    let cost = [2, 2, 0x40, 0, 2, 1, 8];
    let at = encrypted.windows(cost.len()).position(|window| window == cost).unwrap();
    encrypted[at + 6] = 16;
    assert_eq!(pem::private_key(&encrypted, None).unwrap_err(), PemError::TooMuchWork);
}

#[test]
fn pfx_files() {
    for key in keys() {
        let expected = der(&key);
        let certificate = certificate(&key);
        let chain = pem::chain(&certificate).unwrap();
        for options in [
            "",
            "-macalg sha1",
            "-macalg sha224",
            "-macalg sha384",
            "-macalg sha512",
            "-macalg md5",
            "-nomaciter",
            "-nomac",
            "-keypbe NONE -certpbe NONE",
            "-keypbe NONE",
            "-certpbe NONE",
            "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES",
            "-keypbe PBE-SHA1-2DES -certpbe PBE-SHA1-2DES -macalg sha1",
            "-keypbe aes-128-cbc -certpbe des-ede3-cbc -iter 1",
            "-name friendly -CSP provider -keysig",
        ] {
            let command = format!("pkcs12 -export {options} -passout PASSPHRASE");
            let file = openssl(&command, &[&key[..], &certificate].concat());
            let pfx = pfx::open(&file, Some(PASSPHRASE.as_bytes())).unwrap();
            assert_eq!(pfx.key.secret_der(), expected, "{options}");
            assert_eq!((pfx.chain, pfx.others), (chain.clone(), vec![]), "{options}");
        }
        for options in
            ["", "-nomac", "-macalg sha1 -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES", "-nomac -keypbe PBE-SHA1-3DES"]
        {
            let command = format!("pkcs12 -export {options} -passout pass:");
            let file = openssl(&command, &[&key[..], &certificate].concat());
            assert_eq!(pfx::open(&file, None).unwrap().key.secret_der(), expected, "{options}");
        }
    }
}

#[test]
fn pfx_files_that_are_refused() {
    let [key, other, _, _] = keys();
    let both = [&key[..], &certificate(&key)].concat();
    for (options, input, expected) in [
        ("-legacy", &both, PfxError::Unsupported("encryption scheme")),
        ("-macalg sha3-256", &both, PfxError::Unsupported("MAC")),
        ("-nokeys", &both, PfxError::NoKey),
        ("-nocerts", &both, PfxError::NoCertificate),
        ("-nocerts", &other, PfxError::NoCertificate),
        ("-iter 3333334", &both, PfxError::TooMuchWork),
    ] {
        let file = openssl(&format!("pkcs12 -export {options} -passout PASSPHRASE"), input);
        assert_eq!(pfx::open(&file, Some(PASSPHRASE.as_bytes())).unwrap_err(), expected, "{options}");
    }
}

#[test]
fn chains_in_pfx_files_are_put_in_order() {
    let root = root("root");
    let between = intermediate(authority_parameters("between"), &root);
    let (certificate, key) = leaf(&parameters("leaf"), &between);
    let stranger = self::root("stranger");
    let mut input = key.serialize_pem();
    for certificate in [root.pem(), stranger.pem(), certificate.pem(), between.pem()] {
        input += &certificate;
    }
    let file = openssl("pkcs12 -export -passout PASSPHRASE", input.as_bytes());
    let pfx = pfx::open(&file, Some(PASSPHRASE.as_bytes())).unwrap();
    let chain = [certificate.der().to_vec(), between.der().to_vec(), root.der().to_vec()];
    assert_eq!((&pfx.chain[..], pfx.others), (&chain[..], vec![stranger.der().to_vec()]));
    let mut context = SecureContext::new(true, true);
    assert_eq!(context.add_chain(pfx.chain), Ok(()));
    assert_eq!(context.add_private_key(pfx.key), Ok(()));
}

fn certificate(key: &[u8]) -> Vec<u8> {
    // `req` reads its key from a file only: this one is its standard input.
    openssl("req -x509 -new -key /dev/stdin -subj /CN=keys", key)
}
