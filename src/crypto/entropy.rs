//! Entropy: the platform's. In WebAssembly it is `getRandomValues`, which takes as long for a few octets as for many: some are asked for in
//! advance. Each is given away once, and is nowhere else then.

use std::cell::RefCell;

use rustls::crypto::{GetRandomFailed, SecureRandom};
use zeroize::Zeroize;

/// How many octets are asked for at once: a handshake wants about half of them.
const SUPPLY: usize = 512;

/// The most octets that come out of the supply at once.
const SMALL: usize = 64;

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
    thread_local! {
        static OCTETS: RefCell<Supply> = const { RefCell::new(Supply { octets: [0; SUPPLY], left: 0 }) };
    }
    if place.len() > SMALL {
        return getrandom::fill(place).ok();
    }
    OCTETS.with_borrow_mut(|supply| supply.take(place, |octets| getrandom::fill(octets).ok()))
}

/// Random octets in advance: the first `left` of these.
struct Supply {
    octets: [u8; SUPPLY],
    left: usize,
}

impl Supply {
    /// Move octets to a place that holds `SMALL` of them at the most; `ask` fills the supply where too few are left.
    fn take(&mut self, place: &mut [u8], ask: impl FnOnce(&mut [u8]) -> Option<()>) -> Option<()> {
        if self.left < place.len() {
            self.left = 0;
            ask(&mut self.octets)?;
            self.left = SUPPLY;
        }
        self.left -= place.len();
        let taken = &mut self.octets[self.left..][..place.len()];
        place.copy_from_slice(taken);
        taken.zeroize();
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Octets that tell one from another: their numbers, of two octets each.
    fn numbered(first: u16) -> impl FnOnce(&mut [u8]) -> Option<()> {
        move |octets| {
            for (number, pair) in (first..).zip(octets.chunks_exact_mut(2)) {
                pair.copy_from_slice(&number.to_be_bytes());
            }
            Some(())
        }
    }

    #[test]
    fn each_octet_is_given_once_and_forgotten() {
        let mut supply = Supply { octets: [0; SUPPLY], left: 0 };
        let mut seen = std::collections::BTreeSet::new();
        for round in 0..100_u16 {
            let mut place = [0; 48];
            supply.take(&mut place, numbered(1 + round * 300)).unwrap();
            assert!(place.chunks_exact(2).all(|pair| seen.insert(pair.to_vec())), "an octet was given twice");
            assert!(supply.octets[supply.left..].iter().all(|octet| *octet == 0), "an octet was kept");
        }
    }

    #[test]
    fn without_entropy_there_is_nothing() {
        let mut supply = Supply { octets: [7; SUPPLY], left: 10 };
        let mut place = [0; 32];
        assert_eq!(supply.take(&mut place, |_| None), None);
        assert_eq!(place, [0; 32]);
        // What was left is not handed out after the failure as if it were new.
        assert_eq!(supply.take(&mut place, |_| None), None);
        assert_eq!(supply.take(&mut place, numbered(1)), Some(()));
        assert_ne!(place, [7; 32]);
    }

    #[test]
    fn places_of_all_sizes_are_filled() {
        for size in [1, 2, SMALL, SMALL + 1, 1000] {
            let mut places = [vec![0; size], vec![0; size]];
            for place in &mut places {
                fill(place).unwrap();
            }
            assert!(size < 16 || places[0] != places[1]);
        }
    }
}
