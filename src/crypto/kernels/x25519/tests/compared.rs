//! The same as the plain twin and x25519-dalek.

use super::super::{BASE, clamped, comb, ladder, public_key, x25519};
use super::{Random, edges, plain};

fn compare(secret: &[u8; 32], point: &[u8; 32]) {
    assert_eq!(*x25519(secret, point), x25519_dalek::x25519(*secret, *point), "{secret:02x?} {point:02x?}");
}

#[test]
fn the_plain_twin() {
    let mut random = Random(1);
    for _ in 0..20 {
        let [secret, point] = [random.bytes(), random.bytes()];
        assert_eq!(*x25519(&secret, &point), plain::x25519(&secret, &point), "{secret:02x?} {point:02x?}");
    }
}

#[test]
fn dalek() {
    let mut random = Random(2);
    for _ in 0..3000 {
        compare(&random.bytes(), &random.bytes());
    }
}

#[test]
fn edges_of_points_and_secrets() {
    let mut random = Random(3);
    for edge in edges() {
        for _ in 0..4 {
            compare(&random.bytes(), &edge);
            compare(&edge, &random.bytes());
        }
        for other in edges() {
            compare(&edge, &other);
        }
    }
}

#[test]
fn the_comb() {
    let mut random = Random(7);
    for secret in (0..1000).map(|_| random.bytes()).chain(edges()) {
        let scalar = clamped(&secret);
        assert_eq!(comb::multiple(&scalar), ladder::multiple(&scalar, &BASE), "{secret:02x?}");
    }
}

#[test]
fn public_keys() {
    let mut random = Random(4);
    let secrets = (0..3000).map(|_| random.bytes()).chain(edges());
    for secret in secrets {
        let theirs = x25519_dalek::PublicKey::from(&x25519_dalek::StaticSecret::from(secret));
        assert_eq!(public_key(&secret), theirs.to_bytes(), "{secret:02x?}");
    }
}
