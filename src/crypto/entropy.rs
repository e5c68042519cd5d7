//! Entropy: the platform's, asked at each use. In WebAssembly it is `getRandomValues`.

use rustls::crypto::{GetRandomFailed, SecureRandom};

/// The platform's random bytes, for rustls.
#[derive(Debug)]
pub(super) struct Entropy;

impl SecureRandom for Entropy {
    fn fill(&self, place: &mut [u8]) -> Result<(), GetRandomFailed> {
        getrandom::fill(place).map_err(|_| GetRandomFailed)
    }
}

/// Random bytes; `None` if there is no entropy to be had.
pub fn random<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).ok()?;
    Some(bytes)
}
