//! The vectors of RFC 7748.

use super::super::{is_zero, public_key, x25519};
use super::hex;

/// RFC 7748, 5.2
#[test]
fn vectors() {
    let cases = [
        [
            "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
            "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
            "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
        ],
        [
            "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
            "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
            "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957",
        ],
    ];
    for [secret, point, agreed] in cases.map(|case| case.map(hex)) {
        assert_eq!(*x25519(&secret, &point), agreed);
    }
}

fn iterated(times: u32) -> [u8; 32] {
    let mut base = [0; 32];
    base[0] = 9;
    let (mut secret, mut point) = (base, base);
    for _ in 0..times {
        (secret, point) = (*x25519(&secret, &point), secret);
    }
    secret
}

/// RFC 7748, 5.2
#[test]
fn iterations() {
    assert_eq!(iterated(1), hex("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079"));
    assert_eq!(iterated(1000), hex("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51"));
}

/// RFC 7748, 5.2
#[test]
#[ignore = "minutes"]
fn a_million_iterations() {
    assert_eq!(iterated(1_000_000), hex("7c3911e0ab2586fd864497297e575e6f3bc601c0883c30df5f4dd2d24f665424"));
}

/// RFC 7748, 6.1
#[test]
fn agreement() {
    let alice = hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
    let bob = hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
    let of_alice = public_key(&alice);
    let of_bob = public_key(&bob);
    assert_eq!(of_alice, hex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"));
    assert_eq!(of_bob, hex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"));
    let agreed = hex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    assert_eq!(*x25519(&alice, &of_bob), agreed);
    assert_eq!(*x25519(&bob, &of_alice), agreed);
}

/// RFC 7748, 6.1
#[test]
fn nothing_contributed() {
    assert!(is_zero(&x25519(&[7; 32], &[0; 32])));
    assert!(!is_zero(&public_key(&[7; 32])));
    for bit in 0..256 {
        let mut bytes = [0; 32];
        bytes[bit / 8] = 1 << (bit % 8);
        assert!(!is_zero(&bytes));
    }
}
