//! Entropy: the platform's, asked at each use. In WebAssembly it is `getRandomValues`.

use rustls::crypto::{GetRandomFailed, SecureRandom};

/// The platform's random bytes, for rustls.
#[derive(Debug)]
pub(super) struct Entropy;

impl SecureRandom for Entropy {
    fn fill(&self, place: &mut [u8]) -> Result<(), GetRandomFailed> {
        fill(place).ok_or(GetRandomFailed)
    }
}

/// Random bytes; `None` if there is no entropy to be had.
pub fn random<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    fill(&mut bytes)?;
    Some(bytes)
}

/// Fill a place with random bytes; `None` if there is no entropy to be had.
pub(super) fn fill(place: &mut [u8]) -> Option<()> {
    getrandom::fill(place).ok()
}
