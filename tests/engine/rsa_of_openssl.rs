//! RSA keys that the `openssl` command makes on the spot: what they sign, and what is verified with them.

use std::path::PathBuf;
use std::{env, fs, process};

use isomorphic_tls::context::PrivateKey;
use isomorphic_tls::crypto::{Selection, key_provider, provider, verification_algorithms};
use rustls::crypto::{SignatureScheme, SigningKey};
use rustls_pki_types::{AlgorithmIdentifier, PrivatePkcs1KeyDer, PrivatePkcs8KeyDer, alg_id};

use crate::keys_of_openssl::openssl;

const MESSAGE: &[u8] = b"message";

/// What keys sign with, the preferred first.
const SCHEMES: [SignatureScheme; 6] = [
    SignatureScheme::RSA_PSS_SHA512,
    SignatureScheme::RSA_PSS_SHA384,
    SignatureScheme::RSA_PSS_SHA256,
    SignatureScheme::RSA_PKCS1_SHA512,
    SignatureScheme::RSA_PKCS1_SHA384,
    SignatureScheme::RSA_PKCS1_SHA256,
];

fn generate(bits: u32) -> Vec<u8> {
    openssl(&format!("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:{bits}"), b"")
}

fn load(der: PrivateKey<'static>) -> Option<Box<dyn SigningKey>> {
    key_provider().load_private_key(der).ok()
}

/// The bits of a public key.
fn public_bits(key: &[u8]) -> Vec<u8> {
    openssl("rsa -RSAPublicKey_out -outform DER", key)
}

/// Whether the algorithm of a scheme in handshakes takes a signature.
fn is_taken(scheme: SignatureScheme, key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let provider = provider(&Selection::default());
    let mapping = provider.signature_verification_algorithms.mapping();
    let (_, algorithms) = mapping.iter().find(|(known, _)| *known == scheme).unwrap();
    algorithms.iter().any(|algorithm| algorithm.verify_signature(key, message, signature).is_ok())
}

/// A file that is gone with this.
struct Temporary(PathBuf);

impl Temporary {
    fn new(contents: &[u8]) -> Self {
        let file = env::temp_dir().join(format!("isomorphic-tls-rsa-{}.pem", process::id()));
        fs::write(&file, contents).unwrap();
        Self(file)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        fs::remove_file(&self.0).unwrap();
    }
}

#[test]
fn keys_sign_with_every_scheme() {
    // Of 2560 bits: no size that everybody has.
    for bits in [2048, 2560] {
        let key = generate(bits);
        let pkcs8 = openssl("pkcs8 -topk8 -nocrypt -outform DER", &key);
        let pkcs1 = openssl("rsa -traditional -outform DER", &key);
        let public = public_bits(&key);
        for loaded in [load(PrivatePkcs8KeyDer::from(pkcs8).into()), load(PrivatePkcs1KeyDer::from(pkcs1).into())] {
            let loaded = loaded.unwrap();
            assert!(loaded.public_key().unwrap().ends_with(&public));
            assert_eq!(loaded.choose_scheme(&[&SCHEMES[3..], &SCHEMES[..3]].concat()).unwrap().scheme(), SCHEMES[0]);
            assert!(loaded.choose_scheme(&[SignatureScheme::ED25519, SignatureScheme::RSA_PKCS1_SHA1]).is_none());
            for scheme in SCHEMES {
                let signer = loaded.choose_scheme(&[SignatureScheme::ED25519, scheme]).unwrap();
                assert_eq!(signer.scheme(), scheme);
                let signature = signer.sign(MESSAGE).unwrap();
                for other in SCHEMES {
                    assert_eq!(is_taken(other, &public, MESSAGE, &signature), other == scheme);
                }
                assert!(!is_taken(scheme, &public, b"another", &signature));
            }
        }
    }
}

/// Certificates may be signed by keys of 1024 bits, where the security level says so; handshakes may not.
#[test]
fn small_keys_sign_nothing_but_certificates() {
    let key = generate(1024);
    assert!(load(PrivatePkcs8KeyDer::from(openssl("pkcs8 -topk8 -nocrypt -outform DER", &key)).into()).is_none());
    let public = public_bits(&key);
    let file = Temporary::new(&key);
    let sha1 = AlgorithmIdentifier::from_slice(&[0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 5, 0x05, 0]);
    for (hash, id, scheme, taken) in [
        ("sha1", sha1, None, true),
        ("sha256", alg_id::RSA_PKCS1_SHA256, Some(SignatureScheme::RSA_PKCS1_SHA256), true),
        ("sha384", alg_id::RSA_PKCS1_SHA384, Some(SignatureScheme::RSA_PKCS1_SHA384), false),
        ("sha512", alg_id::RSA_PKCS1_SHA512, Some(SignatureScheme::RSA_PKCS1_SHA512), true),
    ] {
        let signature = openssl(&format!("dgst -{hash} -sign {}", file.0.display()), MESSAGE);
        let mut algorithms = verification_algorithms().iter().filter(|algorithm| algorithm.signature_alg_id() == id);
        assert_eq!(algorithms.any(|one| one.verify_signature(&public, MESSAGE, &signature).is_ok()), taken, "{hash}");
        assert!(!scheme.is_some_and(|scheme| is_taken(scheme, &public, MESSAGE, &signature)));
    }
}
