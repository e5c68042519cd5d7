//! Points and signatures as octets.

use crate::nist::p256::{PrivateKey, PublicKey, Signature};
use crate::nist::{p384, p521};

#[test]
fn points_are_read_or_refused() {
    let mut number = [0; 32];
    number[31] = 2;
    let point = PrivateKey::from_bytes(&number).unwrap().public_key().to_sec1();
    assert!(PublicKey::from_sec1(&point).is_some());
    let with = |first: u8, rest: &[u8]| PublicKey::from_sec1(&[&[first], rest].concat()).map(|key| key.to_sec1());
    let (x, y) = point[1..].split_at(32);
    assert_eq!(with(2 + (y[31] & 1), x), Some(point.clone()));
    assert_ne!(with(3 - (y[31] & 1), x), Some(point.clone()));
    assert!(with(3 - (y[31] & 1), x).is_some());
    for first in [0, 1, 5, 6, 7, 0xff] {
        assert_eq!(with(first, x), None);
        assert_eq!(with(first, &point[1..]), None);
    }
    for length in 0..point.len() {
        assert!(PublicKey::from_sec1(&point[..length]).is_none());
    }
    assert!(PublicKey::from_sec1(&[&point[..], &[0]].concat()).is_none());
    assert!(PublicKey::from_sec1(&[0]).is_none());
    for index in 1..point.len() {
        let mut changed = point.clone();
        changed[index] ^= 1;
        assert!(PublicKey::from_sec1(&changed).is_none());
    }
    // Numbers that are not below the modulus.
    for length in [1 + 32, 1 + 64] {
        assert!(with(if length == 33 { 2 } else { 4 }, &vec![0xff; length - 1]).is_none());
    }
    assert!(p384::PublicKey::from_sec1(&point).is_none());
    // x + 2^521, x + 2^522 and so on are other numbers.
    let mut number = [0; 66];
    number[65] = 2;
    let point = p521::PrivateKey::from_bytes(&number).unwrap().public_key().to_sec1();
    for bit in 1..8 {
        for index in [1, 67] {
            let mut changed = point.clone();
            changed[index] ^= 1 << bit;
            assert!(p521::PublicKey::from_sec1(&changed).is_none());
        }
    }
}

#[test]
fn signatures_are_der() {
    for bytes in
        [[1; 64], [0x80; 64], [0x7f; 64], [[0; 31], [5; 31]].concat().try_into().map_or([9; 64], |_: [u8; 64]| [3; 64])]
    {
        let signature = Signature::from_bytes(&bytes).unwrap();
        let der = signature.to_der();
        assert_eq!(Signature::from_der(&der).unwrap().to_bytes(), bytes);
        for length in 0..der.len() {
            assert!(Signature::from_der(&der[..length]).is_none());
        }
        assert!(Signature::from_der(&[&der[..], &[0]].concat()).is_none());
    }
    let read =
        |der: &[u8]| Signature::from_der(der).map(|signature| (signature.to_bytes()[31], signature.to_bytes()[63]));
    assert_eq!(read(&[0x30, 6, 2, 1, 5, 2, 1, 6]), Some((5, 6)));
    assert_eq!(read(&[0x30, 7, 2, 2, 0, 0x85, 2, 1, 6]), Some((0x85, 6)));
    for bad in [
        // More octets than need be, in numbers and lengths; numbers below zero; zero; empty numbers
        &[0x30, 7, 2, 2, 0, 5, 2, 1, 6][..],
        &[0x30, 0x81, 6, 2, 1, 5, 2, 1, 6],
        &[0x30, 7, 2, 0x81, 1, 5, 2, 1, 6],
        &[0x30, 0x80, 2, 1, 5, 2, 1, 6, 0, 0],
        &[0x30, 6, 2, 1, 0x85, 2, 1, 6],
        &[0x30, 6, 2, 1, 0, 2, 1, 6],
        &[0x30, 6, 2, 1, 5, 2, 1, 0],
        &[0x30, 5, 2, 0, 2, 1, 6],
        // Other tags, a number too few, a number too many
        &[0x31, 6, 2, 1, 5, 2, 1, 6],
        &[0x30, 6, 3, 1, 5, 2, 1, 6],
        &[0x30, 3, 2, 1, 5],
        &[0x30, 9, 2, 1, 5, 2, 1, 6, 2, 1, 7],
    ] {
        assert!(read(bad).is_none(), "{bad:?}");
    }
    let long = [&[0x30, 38, 2, 33, 1][..], &[0; 32], &[2, 1, 6]].concat();
    assert!(read(&long).is_none());
    // The lengths of the longest signatures have two octets.
    let bytes = [&[1][..], &[0x88; 65], &[1], &[0x77; 65]].concat();
    let der = p521::Signature::from_bytes(&bytes).unwrap().to_der();
    assert_eq!(der[..3], [0x30, 0x81, 136]);
    assert_eq!(p521::Signature::from_der(&der).unwrap().to_bytes(), bytes);
}
