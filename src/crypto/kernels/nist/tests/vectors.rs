//! Vectors of RFCs.

use super::hex;
use crate::hash::Sha2;
use crate::nist::{Curve, PrivateKey, PublicKey, p256::P256, p384::P384, p521::P521};

/// Both private keys, the responder's public key and the secret.
fn check_agreement<C: Curve<N>, const N: usize>(initiator: &str, responder: &str, public: &str, secret: &str) {
    let [initiator, responder] = [initiator, responder].map(|key| PrivateKey::<C, N>::from_bytes(&hex(key)).unwrap());
    assert_eq!(responder.public_key().to_sec1(), hex(public));
    assert_eq!(*initiator.agree(&PublicKey::from_sec1(&hex(public)).unwrap()), hex(secret));
    assert_eq!(*responder.agree(&initiator.public_key()), hex(secret));
}

#[test]
fn rfc_5903_8_1() {
    check_agreement::<P256, 11>(
        "c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433",
        "c6ef9c5d78ae012a011164acb397ce2088685d8f06bf9be0b283ab46476bee53",
        "04d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf63
         56fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab",
        "d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de",
    );
}

#[test]
fn rfc_5903_8_2() {
    check_agreement::<P384, 14>(
        "099f3c7034d4a2c699884d73a375a67f7624ef7c6b3c0f160647b67414dce655e35b538041e649ee3faef896783ab194",
        "41cb0779b4bdb85d47846725fbec3c9430fab46cc8dc5060855cc9bda0aa2942e0308312916b8ed2960e4bd55a7448fc",
        "04e558dbef53eecde3d3fccfc1aea08a89a987475d12fd950d83cfa41732bc509d0d1ac43a0336def96fda41d0774a3571
         dcfbec7aacf3196472169e838430367f66eebe3c6e70c416dd5f0c68759dd1fff83fa40142209dff5eaad96db9e6386c",
        "11187331c279962d93d604243fd592cb9d0a926f422e47187521287e7156c5c4d603135569b9e9d09cf5d4a270f59746",
    );
}

#[test]
fn rfc_5903_8_3() {
    check_agreement::<P521, 18>(
        "0037ade9319a89f4dabdb3ef411aaccca5123c61acab57b5393dce47608172a095aa85a30fe1c2952c6771d937ba9777f5957b2639bab072
         462f68c27a57382d4a52",
        "0145ba99a847af43793fdd0e872e7cdfa16be30fdc780f97bccc3f078380201e9c677d600b343757a3bdbf2a3163e4c2f869cca7458aa4a4
         effc311f5cb151685eb9",
        "0400d0b3975ac4b799f5bea16d5e13e9af971d5e9b984c9f39728b5e5739735a219b97c356436adc6e95bb0352f6be64a6c2912d4ef2d0433c
         ed2b6171640012d9460f015c68226383956e3bd066e797b623c27ce0eac2f551a10c2c724d9852077b87220b6536c5c408a1d2aebb8e86d678
         ae49cb57091f4732296579ab44fcd17f0fc56a",
        "01144c7d79ae6956bc8edb8e7c787c4521cb086fa64407f97894e5e6b2d79b04d1427e73ca4baa240a34786859810c06b3c715a3a8cc3151
         f2bee417996d19f3ddea",
    );
}

/// A private key, a message, and both numbers of its signature without entropy.
fn check_signature<C: Curve<N>, const N: usize>(sha2: Sha2, key: &str, message: &str, r: &str, s: &str) {
    let padded = |number: &str| [vec![0; C::BYTES - hex(number).len()], hex(number)].concat();
    let key = PrivateKey::<C, N>::from_bytes(&padded(key)).unwrap();
    let hash = sha2.digest(&[message.as_bytes()]);
    let signature = key.sign_prehash(sha2, &hash, &[]);
    assert_eq!(signature.to_bytes(), [padded(r), padded(s)].concat());
    assert!(key.public_key().verify_prehash(&hash, &signature));
    let hedged = key.sign_prehash(sha2, &hash, &[7; 32]);
    assert_ne!(hedged.to_bytes(), signature.to_bytes());
    assert!(key.public_key().verify_prehash(&hash, &hedged));
}

#[test]
fn rfc_6979_a_2_5() {
    let check = |key, message, r, s| check_signature::<P256, 11>(Sha2::Sha256, key, message, r, s);
    let key = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721";
    check(
        key,
        "sample",
        "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
        "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
    );
    check(
        key,
        "test",
        "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367",
        "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083",
    );
}

#[test]
fn rfc_6979_a_2_6() {
    let check = |key, message, r, s| check_signature::<P384, 14>(Sha2::Sha384, key, message, r, s);
    let key = "6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d896d5724e4c70a825f872c9ea60d2edf5";
    check(
        key,
        "sample",
        "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46",
        "99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8",
    );
    check(
        key,
        "test",
        "8203b63d3c853e8d77227fb377bcf7b7b772e97892a80f36ab775d509d7a5feb0542a7f0812998da8f1dd3ca3cf023db",
        "ddd0760448d42d8a43af45af836fce4de8be06b485e9b61b827c2f13173923e06a739f040649a667bf3b828246baa5a5",
    );
}

#[test]
fn rfc_6979_a_2_7() {
    check_signature::<P521, 18>(
        Sha2::Sha512,
        "0fad06daa62ba3b25d2fb40133da757205de67f5bb0018fee8c86e1b68c7e75caa896eb32f1f47c70855836a6d16fcc1466f6d8fbec67db8
         9ec0c08b0e996b83538",
        "sample",
        "0c328fafcbd79dd77850370c46325d987cb525569fb63c5d3bc53950e6d4c5f174e25a1ee9017b5d450606add152b534931d7d4e8455cc91
         f9b15bf05ec36e377fa",
        "0617cce7cf5064806c467f678d3b4080d6f1cc50af26ca209417308281b68af282623eaa63e5b5c0723d8b8c37ff0777b1a20f8ccb1dccc4
         3997f1ee0e44da4a67a",
    );
}
