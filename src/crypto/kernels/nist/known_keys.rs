//! Public keys that have made good signatures. Of one that is met again a table is made ([`Comb`]), which takes about as long as a
//! verification, and spares each of those that follow most of itself.
//!
//! A table is of its point alone: it says nothing of whom the key belongs to, or whether that is trusted. Keys that are met once take no
//! table's place, however many they are; and as one whose table went starts anew, at most every second verification makes one.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use super::curve::Curve;
use super::fixed_base::Comb;
use super::point::Affine;
use crate::recently_used::RecentlyUsed;

/// How many keys have a table, of all curves together: of 4.5 (P-256), 7 (P-384) or 9 KiB (P-521).
const TABLES: usize = 16;
/// How many are remembered that were met once.
const MET_ONCE: usize = 64;

/// The limbs of both coordinates, of which each curve has another number.
type Key = Box<[i64]>;

thread_local! {
    static KNOWN: RefCell<KnownKeys> = const { RefCell::new(KnownKeys::new()) };
}

/// The table of a key, if it has been met before.
pub(super) fn comb<C: Curve<N>, const N: usize>(point: &Affine<C, N>) -> Option<Rc<Comb<C, N>>> {
    let key = key(point);
    KNOWN.with_borrow_mut(|known| known.table(&key, || Rc::new(Comb::of(point))))?.downcast().ok()
}

/// Remember a key that has no table yet and made a good signature.
pub(super) fn meet<C: Curve<N>, const N: usize>(point: &Affine<C, N>) {
    let key = key(point);
    KNOWN.with_borrow_mut(|known| known.meet(key));
}

/// Forget all keys: what follows takes as long as in the beginning.
pub fn forget() {
    KNOWN.set(KnownKeys::new());
}

/// Points have as many forms as their coordinates; this is the same of all.
fn key<C: Curve<N>, const N: usize>(point: &Affine<C, N>) -> Key {
    [point.x.number(), point.y.number()].as_flattened().into()
}

struct KnownKeys {
    met_once: RecentlyUsed<Key>,
    tables: RecentlyUsed<(Key, Rc<dyn Any>)>,
}

impl KnownKeys {
    const fn new() -> Self {
        Self { met_once: RecentlyUsed::new(MET_ONCE), tables: RecentlyUsed::new(TABLES) }
    }

    /// The table of a key, which is the most recently used then: it is made if the key was met once.
    fn table(&mut self, key: &Key, make: impl FnOnce() -> Rc<dyn Any>) -> Option<Rc<dyn Any>> {
        if let Some((_, table)) = self.tables.find(|(other, _)| other == key) {
            return Some(table.clone());
        }
        let key = self.met_once.take(|other| other == key)?;
        let table = make();
        self.tables.push((key, table.clone()));
        Some(table)
    }

    fn meet(&mut self, key: Key) {
        self.met_once.push(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::Sha2;
    use crate::nist::{PrivateKey, PublicKey, Signature, p256::P256, p384::P384, p521::P521};

    fn number(number: usize) -> Key {
        [number as i64].into()
    }

    /// Whether there is a table, and whether it had to be made.
    fn ask(known: &mut KnownKeys, key: usize) -> (bool, bool) {
        let mut is_made = false;
        let make = || {
            is_made = true;
            Rc::new(key) as Rc<dyn Any>
        };
        let table = known.table(&number(key), make).map(|table| *table.downcast::<usize>().unwrap());
        assert!(table.is_none_or(|table| table == key));
        (table.is_some(), is_made)
    }

    /// Have a key met, and its table made.
    fn make(known: &mut KnownKeys, key: usize) {
        known.meet(number(key));
        assert_eq!(ask(known, key), (true, true));
    }

    #[test]
    fn a_table_is_made_once_when_a_key_is_met_again() {
        let mut known = KnownKeys::new();
        assert_eq!(ask(&mut known, 1), (false, false));
        assert_eq!(ask(&mut known, 1), (false, false));
        make(&mut known, 1);
        assert_eq!(ask(&mut known, 1), (true, false));
        assert_eq!(ask(&mut known, 2), (false, false));
    }

    #[test]
    fn tables_that_are_used_stay_and_the_rest_goes() {
        let mut known = KnownKeys::new();
        make(&mut known, 1);
        make(&mut known, 2);
        for key in 3..TABLES + 3 {
            assert_eq!(ask(&mut known, 1), (true, false));
            make(&mut known, key);
        }
        assert_eq!(known.tables.len(), TABLES);
        assert_eq!(ask(&mut known, 1), (true, false));
        // It starts anew.
        assert_eq!(ask(&mut known, 2), (false, false));
        make(&mut known, 2);
    }

    #[test]
    fn keys_that_are_met_once_take_no_tables_place() {
        let mut known = KnownKeys::new();
        make(&mut known, 1);
        for key in 2..10 * MET_ONCE {
            known.meet(number(key));
        }
        assert_eq!(known.met_once.len(), MET_ONCE);
        assert_eq!(known.tables.len(), 1);
        assert_eq!(ask(&mut known, 1), (true, false));
        // Only the last are remembered.
        assert_eq!(ask(&mut known, 9 * MET_ONCE - 1), (false, false));
        assert_eq!(ask(&mut known, 9 * MET_ONCE), (true, true));
    }

    /// How many keys were met once, and how many have tables.
    fn counts() -> (usize, usize) {
        KNOWN.with_borrow(|known| (known.met_once.len(), known.tables.len()))
    }

    fn check<C: Curve<N>, const N: usize>() {
        forget();
        let private = PrivateKey::<C, N>::from_bytes(&[&[0][..], &vec![7; C::BYTES - 1]].concat()).unwrap();
        let signature = private.sign_prehash(Sha2::Sha256, &[1; 32], &[]);
        let uncompressed = private.public_key().to_sec1();
        let compressed = [&[2 + (uncompressed[2 * C::BYTES] & 1)], &uncompressed[1..=C::BYTES]].concat();
        let verify = |key: &[u8], signature: &Signature<C, N>| {
            PublicKey::<C, N>::from_sec1(key).unwrap().verify_prehash(&[1; 32], signature)
        };
        // Bad signatures make no key known.
        let bad = private.sign_prehash(Sha2::Sha256, &[2; 32], &[]);
        for _ in 0..3 {
            assert!(!verify(&uncompressed, &bad));
        }
        assert_eq!(counts(), (0, 0));
        assert!(verify(&uncompressed, &signature));
        assert_eq!(counts(), (1, 0));
        // Nor do they undo that one is.
        for expected in [(0, 1), (0, 1)] {
            assert!(!verify(&compressed, &bad));
            assert_eq!(counts(), expected);
            assert!(verify(&compressed, &signature));
            assert!(verify(&uncompressed, &signature));
            assert_eq!(counts(), expected);
        }
    }

    #[test]
    fn keys_are_known_by_good_signatures_in_every_form() {
        check::<P256, 11>();
        check::<P384, 14>();
        check::<P521, 18>();
    }

    #[test]
    fn curves_share_the_tables() {
        fn verify<C: Curve<N>, const N: usize>(key: u8) {
            let private = PrivateKey::<C, N>::from_bytes(&[vec![0; C::BYTES - 1], vec![key]].concat()).unwrap();
            let signature = private.sign_prehash(Sha2::Sha256, &[1; 32], &[]);
            for _ in 0..3 {
                assert!(private.public_key().verify_prehash(&[1; 32], &signature));
            }
        }
        for key in 1..=TABLES as u8 {
            verify::<P256, 11>(key);
            verify::<P384, 14>(key);
            verify::<P521, 18>(key);
        }
        assert_eq!(counts(), (0, TABLES));
    }
}
