//! The curves of NIST as groups of the key exchange (RFC 8446, 4.2.8.2; RFC 8422, 5.4).

use std::fmt;
use std::marker::PhantomData;

use isomorphic_tls_kernels::nist::{Curve, Operations, PrivateKey, p256::P256, p384::P384, p521::P521};
use rustls::crypto::GetRandomFailed;
use rustls::crypto::kx::{ActiveKeyExchange, NamedGroup, SharedSecret, StartedKeyExchange, SupportedKxGroup};
use rustls::error::{Error, PeerMisbehaved};

use super::entropy::fill;

pub(super) static SECP256R1: Group<P256, 11> = Group::new(NamedGroup::secp256r1);
pub(super) static SECP384R1: Group<P384, 14> = Group::new(NamedGroup::secp384r1);
pub(super) static SECP521R1: Group<P521, 18> = Group::new(NamedGroup::secp521r1);

/// The first octet of a point with both its coordinates: no others are for TLS.
const UNCOMPRESSED: u8 = 4;

/// A group of points.
pub(super) struct Group<C, const N: usize> {
    name: NamedGroup,
    curve: PhantomData<C>,
}

impl<C: Curve<N>, const N: usize> Group<C, N> {
    const fn new(name: NamedGroup) -> Self {
        Self { name, curve: PhantomData }
    }
}

impl<C: Operations<N>, const N: usize> SupportedKxGroup for Group<C, N> {
    fn start(&self) -> Result<StartedKeyExchange, Error> {
        let private = C::generate(&mut fill).ok_or(GetRandomFailed)?;
        let public = C::write_public_key(&C::public_key(&private));
        Ok(StartedKeyExchange::Single(Box::new(Exchange { name: self.name, private, public })))
    }

    fn name(&self) -> NamedGroup {
        self.name
    }
}

impl<C, const N: usize> fmt::Debug for Group<C, N> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name.fmt(formatter)
    }
}

struct Exchange<C: Curve<N>, const N: usize> {
    name: NamedGroup,
    private: PrivateKey<C, N>,
    public: Vec<u8>,
}

impl<C: Operations<N>, const N: usize> ActiveKeyExchange for Exchange<C, N> {
    fn complete(self: Box<Self>, peer: &[u8]) -> Result<SharedSecret, Error> {
        // RFC 8446, 4.2.8.2: "Peers MUST validate each other's public value Q by ensuring that the point is a valid point on the
        // elliptic curve."
        let peer = Some(peer).filter(|point| point.first() == Some(&UNCOMPRESSED)).and_then(C::read_public_key);
        let peer = peer.ok_or(PeerMisbehaved::InvalidKeyShare)?;
        Ok(SharedSecret::from(&C::agree(&self.private, &peer)[..]))
    }

    fn pub_key(&self) -> &[u8] {
        &self.public
    }

    fn group(&self) -> NamedGroup {
        self.name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static GROUPS: [(&dyn SupportedKxGroup, usize); 3] = [(&SECP256R1, 32), (&SECP384R1, 48), (&SECP521R1, 66)];

    #[test]
    fn both_sides_have_the_same_secret() {
        for (group, length) in GROUPS {
            let client = group.start().unwrap().into_single();
            let server = group.start_and_complete(client.pub_key()).unwrap();
            assert_eq!((client.pub_key().len(), server.pub_key.len()), (1 + 2 * length, 1 + 2 * length));
            assert_ne!(client.pub_key(), server.pub_key);
            let secret = client.complete(&server.pub_key).unwrap();
            assert_eq!(secret.secret_bytes(), server.secret.secret_bytes());
            assert_eq!(secret.secret_bytes().len(), length);
        }
        assert_eq!(format!("{SECP521R1:?}"), "secp521r1");
    }

    #[test]
    fn points_of_other_forms_or_curves_are_refused() {
        for (group, length) in GROUPS {
            let public = group.start().unwrap().into_single().pub_key().to_vec();
            let compressed = [&[2 + (public[2 * length] & 1)], &public[1..=length]].concat();
            let off_curve = [&public[..2 * length], &[public[2 * length] ^ 1]].concat();
            for point in [&[][..], &[0], &[4], &compressed, &off_curve, &public[1..], &public[..2 * length]] {
                let refused = group.start().unwrap().into_single().complete(point);
                assert!(matches!(refused, Err(Error::PeerMisbehaved(PeerMisbehaved::InvalidKeyShare))));
            }
        }
    }
}
