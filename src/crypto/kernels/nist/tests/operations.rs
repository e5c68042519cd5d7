//! Whole operations against the crates of RustCrypto.

macro_rules! curves {
    ($($name:ident, $limbs:literal, $curve:ident, $hash:ident;)*) => {$(
        mod $name {
            use sha2::Digest;
            use $name::ecdsa::signature::hazmat::{PrehashSigner, PrehashVerifier};
            use $name::elliptic_curve::sec1::ToSec1Point;

            use crate::hash::Sha2;
            use crate::nist::tests::Random;
            use crate::nist::{Curve, $name::*};

            const LENGTH: usize = <$curve as Curve<$limbs>>::BYTES;

            /// Numbers of the order's length that are edges: small ones, and some of those with few or many bits.
            fn keys() -> impl Iterator<Item = Vec<u8>> {
                let small = (1..80u8).map(|number| [vec![0; LENGTH - 1], vec![number]].concat());
                let single = (0..<$curve as Curve<$limbs>>::BITS as usize).step_by(7).map(|bit| {
                    let mut bytes = vec![0; LENGTH];
                    bytes[LENGTH - 1 - bit / 8] = 1 << (bit % 8);
                    bytes
                });
                let mut random = Random($limbs);
                let random = (0..300).map(move |_| random.number(<$curve as Curve<$limbs>>::BITS));
                small.chain(single).chain(random)
            }

            /// The order less the number.
            fn negative(number: &[u8]) -> Vec<u8> {
                (-*$name::SecretKey::from_slice(number).unwrap().to_nonzero_scalar()).to_bytes().to_vec()
            }

            #[test]
            fn keys_and_secrets_are_the_same() {
                let peer = $name::SecretKey::from_slice(&[3; LENGTH]).or_else(|_| {
                    $name::SecretKey::from_slice(&[&[0][..], &[3; LENGTH - 1]].concat())
                });
                let peer = peer.unwrap().public_key();
                let our_peer = PublicKey::from_sec1(peer.to_sec1_point(false).as_bytes()).unwrap();
                let mut checked = 0;
                for number in keys() {
                    let Ok(_) = $name::SecretKey::from_slice(&number) else {
                        assert!(PrivateKey::from_bytes(&number).is_none());
                        continue;
                    };
                    for number in [negative(&number), number] {
                        let theirs = $name::SecretKey::from_slice(&number).unwrap();
                        let ours = PrivateKey::from_bytes(&number).unwrap();
                        let public = ours.public_key();
                        assert_eq!(public.to_sec1(), theirs.public_key().to_sec1_point(false).as_bytes());
                        let compressed = theirs.public_key().to_sec1_point(true);
                        assert_eq!(PublicKey::from_sec1(compressed.as_bytes()).unwrap().to_sec1(), public.to_sec1());
                        let secret = $name::ecdh::diffie_hellman(theirs.to_nonzero_scalar(), peer.as_affine());
                        assert_eq!(ours.agree(&our_peer)[..], secret.raw_secret_bytes()[..]);
                        checked += 1;
                    }
                }
                assert!(checked > 500);
            }

            #[test]
            fn signatures_are_the_same() {
                let mut random = Random($limbs + 1);
                for number in keys().step_by(3) {
                    let Ok(key) = $name::ecdsa::SigningKey::from_slice(&number) else { continue };
                    let hash = sha2::$hash::digest(random.bytes(20));
                    let ours = PrivateKey::from_bytes(&number).unwrap();
                    let signature = ours.sign_prehash(Sha2::$hash, &hash, &[]);
                    let theirs: $name::ecdsa::Signature = key.sign_prehash(&hash).unwrap();
                    let theirs = theirs.to_bytes();
                    assert_eq!(signature.to_bytes()[LENGTH..].len(), LENGTH);
                    assert_eq!(signature.to_bytes(), theirs.to_vec());
                    assert!(ours.public_key().verify_prehash(&hash, &signature));
                }
            }

            #[test]
            fn verdicts_are_the_same() {
                let mut random = Random($limbs + 2);
                let number = [&[0][..], &random.bytes(LENGTH - 1)].concat();
                let key = PrivateKey::from_bytes(&number).unwrap();
                let public = key.public_key();
                let theirs = $name::ecdsa::VerifyingKey::from_sec1_bytes(&public.to_sec1()).unwrap();
                let mut good = 0;
                for round in 0..300 {
                    // The crate wants half as many octets as the order has, at least; of P-521 it knows no longer hashes than the order.
                    let mut hash = random.bytes(LENGTH / 2 + 1 + round % 32);
                    let mut signature = key.sign_prehash(Sha2::$hash, &hash, &random.bytes(32)).to_bytes();
                    match round % 4 {
                        0 => hash[round % (LENGTH / 2)] ^= 1,
                        1 => signature[round % (2 * LENGTH)] ^= 1,
                        _ => {}
                    }
                    let ours = Signature::from_bytes(&signature);
                    let ours = ours.is_some_and(|signature| public.verify_prehash(&hash, &signature));
                    let signature = $name::ecdsa::Signature::from_slice(&signature);
                    let verified = signature.is_ok_and(|signature| theirs.verify_prehash(&hash, &signature).is_ok());
                    assert_eq!(ours, verified);
                    good += usize::from(ours);
                }
                assert!((150..200).contains(&good), "{good}");
            }
        }
    )*};
}

curves! {
    p256, 11, P256, Sha256;
    p384, 14, P384, Sha384;
    p521, 18, P521, Sha512;
}
