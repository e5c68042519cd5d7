//! Providers for rustls: our suites, in the order and within the limits that a context asks for.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::crypto::{CryptoProvider, TicketProducer, TicketerFactory, WebPkiSupportedAlgorithms};
use rustls::error::Error;

use super::entropy::Entropy;
use super::groups;
use super::suites::{tls12_suites, tls13_suites};
use super::verification;

/// What connections may use, by wire numbers, each list in order of preference. Numbers that are not implemented are
/// passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// Suites of TLS 1.2; none for no TLS 1.2.
    pub tls12: Vec<u16>,
    /// Suites of TLS 1.3; none for no TLS 1.3.
    pub tls13: Vec<u16>,
    /// Key exchange groups.
    pub groups: Vec<u16>,
    /// The schemes that a peer may sign with.
    pub signature_schemes: Vec<u16>,
}

impl Default for Selection {
    /// Everything. ChaCha20-Poly1305 comes first, since AES has no hardware in WebAssembly.
    fn default() -> Self {
        Self {
            tls12: vec![0xcca9, 0xcca8, 0xc02c, 0xc030, 0xc02b, 0xc02f],
            tls13: vec![0x1303, 0x1302, 0x1301],
            groups: groups::ALL.iter().map(|group| group.name().0).collect(),
            signature_schemes: verification::SCHEMES.iter().map(|(scheme, _)| scheme.0).collect(),
        }
    }
}

impl Selection {
    /// Everything of the given protocol versions.
    pub fn of_versions(tls12: bool, tls13: bool) -> Self {
        let mut selection = Self::default();
        if !tls12 {
            selection.tls12.clear();
        }
        if !tls13 {
            selection.tls13.clear();
        }
        selection
    }
}

/// The suites, groups and signatures that are selected. If nothing is left of one of these, rustls refuses to make a
/// configuration of the provider.
pub fn provider(selection: &Selection) -> Arc<CryptoProvider> {
    let signatures = signature_algorithms(&selection.signature_schemes);
    // rustls knows no provider without signatures, but it refuses one without suites.
    let mut provider = CryptoProvider {
        tls12_cipher_suites: chosen(
            &selection.tls12,
            tls12_suites().iter().map(|suite| (suite.common.suite.0, *suite)),
        ),
        tls13_cipher_suites: chosen(
            &selection.tls13,
            tls13_suites().iter().map(|suite| (suite.common.suite.0, *suite)),
        ),
        kx_groups: chosen(&selection.groups, groups::ALL.iter().map(|group| (group.name().0, *group))),
        signature_verification_algorithms: signatures.unwrap_or(ANY_SIGNATURE),
        secure_random: &Entropy,
        key_provider: super::key_provider(),
        ticketer_factory: &NoTickets,
    };
    if signatures.is_none() {
        provider.tls12_cipher_suites = Cow::default();
        provider.tls13_cipher_suites = Cow::default();
    }
    Arc::new(provider)
}

/// Those of `known` whose numbers are wanted, in the order of `wanted`, each once.
fn chosen<T: Copy>(wanted: &[u16], known: impl Iterator<Item = (u16, T)>) -> Cow<'static, [T]> {
    let mut known: Vec<_> = known.collect();
    let take = |number: &u16| {
        let index = known.iter().position(|(known, _)| known == number)?;
        Some(known.swap_remove(index).1)
    };
    Cow::Owned(wanted.iter().filter_map(take).collect())
}

/// The signature algorithms for an order of schemes. rustls wants them to live for ever, so each order is made once.
fn signature_algorithms(schemes: &[u16]) -> Option<WebPkiSupportedAlgorithms> {
    static MADE: Mutex<BTreeMap<Vec<u16>, WebPkiSupportedAlgorithms>> = Mutex::new(BTreeMap::new());
    let all = verification::SCHEMES.iter();
    let mapping = chosen(schemes, all.map(|known| (known.0.0, *known))).into_owned();
    let order: Vec<u16> = mapping.iter().map(|(scheme, _)| scheme.0).collect();
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(algorithms) = made.get(&order) {
        return Some(*algorithms);
    }
    if mapping.is_empty() {
        return None;
    }
    let algorithms = WebPkiSupportedAlgorithms::new(super::verification_algorithms(), mapping.leak()).ok()?;
    made.insert(order, algorithms);
    Some(algorithms)
}

/// What stands where there are no signatures to choose from.
const ANY_SIGNATURE: WebPkiSupportedAlgorithms =
    match WebPkiSupportedAlgorithms::new(verification::ALL, verification::SCHEMES) {
        Ok(algorithms) => algorithms,
        // There are schemes; and this is evaluated when it is compiled.
        Err(_) => panic!(),
    };

/// Tickets are made in `session`, of keys that the program gives: rustls is not asked for any.
#[derive(Debug)]
struct NoTickets;

impl TicketerFactory for NoTickets {
    fn ticketer(&self) -> Result<Arc<dyn TicketProducer>, Error> {
        Err(Error::General("no tickets of its own".into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_everything() {
        let provider = provider(&Selection::default());
        assert_eq!(provider.tls12_cipher_suites.len(), tls12_suites().len());
        assert_eq!(provider.tls13_cipher_suites.len(), tls13_suites().len());
        assert_eq!(provider.kx_groups.len(), groups::ALL.len());
        assert_eq!(provider.signature_verification_algorithms.supported_schemes().len(), verification::SCHEMES.len());
    }

    #[test]
    fn order_and_limits_are_kept() {
        let provider = provider(&Selection {
            tls12: vec![0xc02f, 0xcca8, 0xc02f, 0x002f],
            tls13: vec![0x1301, 0x1303],
            groups: vec![24, 0x11ec, 29, 0x11ed],
            signature_schemes: vec![0x0804, 0x0403, 0x0804, 0x0201],
        });
        let numbers = |suites: Vec<u16>| suites;
        assert_eq!(numbers(provider.tls12_cipher_suites.iter().map(|s| s.common.suite.0).collect()), [0xc02f, 0xcca8]);
        assert_eq!(numbers(provider.tls13_cipher_suites.iter().map(|s| s.common.suite.0).collect()), [0x1301, 0x1303]);
        assert_eq!(numbers(provider.kx_groups.iter().map(|group| group.name().0).collect()), [24, 0x11ec, 29]);
        let schemes = provider.signature_verification_algorithms.supported_schemes();
        assert_eq!(numbers(schemes.iter().map(|scheme| scheme.0).collect()), [0x0804, 0x0403]);
    }

    #[test]
    fn an_order_of_schemes_is_made_once() {
        let made = || signature_algorithms(&[0x0807, 0x0403]).map(|algorithms| algorithms.mapping().as_ptr());
        assert_eq!(made(), made());
    }

    #[test]
    fn without_signatures_there_are_no_suites() {
        let provider = provider(&Selection { signature_schemes: vec![0x0808], ..Selection::default() });
        assert!(provider.tls12_cipher_suites.is_empty() && provider.tls13_cipher_suites.is_empty());
    }
}
