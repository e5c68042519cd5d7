//! The groups of the key exchange, and how a server chooses one.

use rustls::crypto::kx::SupportedKxGroup;
use rustls::server::{KeyExchangeSelector, OfferedKxGroup, PreferServerOrder};

use super::ecdh::{SECP256R1, SECP384R1, SECP521R1};
use super::ml_kem::X25519_ML_KEM_768;
use super::x25519::X25519;

/// Every group, the preferred first.
pub(super) static ALL: [&dyn SupportedKxGroup; 5] = [&X25519_ML_KEM_768, &X25519, &SECP256R1, &SECP384R1, &SECP521R1];

/// The server's order, among those for which the client sent a share: a HelloRetryRequest costs a round trip.
#[derive(Debug)]
pub struct PreferOfferedShares;

impl KeyExchangeSelector for PreferOfferedShares {
    fn select_key_exchange(
        &self,
        client: &mut dyn Iterator<Item = OfferedKxGroup>,
        server: &[&'static dyn SupportedKxGroup],
    ) -> Option<&'static dyn SupportedKxGroup> {
        let offered: Vec<_> = client.collect();
        let mut with_share = offered.iter().filter(|group| group.has_key_share).copied();
        let chosen = PreferServerOrder.select_key_exchange(&mut with_share, server);
        chosen.or_else(|| PreferServerOrder.select_key_exchange(&mut offered.into_iter(), server))
    }
}
