//! ML-KEM-768 of libcrux.

use libcrux_ml_kem::mlkem768::portable::unpacked::{self, MlKem768KeyPairUnpacked};
use libcrux_ml_kem::mlkem768::{MlKem768Ciphertext, MlKem768PublicKey, portable};

use crate::secret::{Digest, classified, declassified, public, secret};

/// A pair of keys of a seed, and the public one.
fn keys(seed: [u8; 64]) -> (Box<MlKem768KeyPairUnpacked>, MlKem768PublicKey) {
    let (mut keys, mut public) = (Box::new(unpacked::init_key_pair()), MlKem768PublicKey::default());
    unpacked::generate_key_pair_mut(seed, &mut keys);
    unpacked::key_pair_serialized_public_key_mut(&keys, &mut public);
    (keys, public)
}

#[unsafe(no_mangle)]
pub extern "C" fn ct_ml_kem_generate() -> u32 {
    let mut digest = Digest::default();
    digest.add(keys(secret()).1.as_ref());
    digest.finish()
}

#[unsafe(no_mangle)]
pub extern "C" fn ct_ml_kem_encapsulate() -> u32 {
    let (_, public) = keys(public());
    let (ciphertext, shared) = portable::encapsulate(&public, secret());
    let mut digest = Digest::default();
    digest.add(ciphertext.as_ref());
    digest.add(&shared);
    digest.finish()
}

/// Of what was made for the key, and of what was not: that must not show.
#[unsafe(no_mangle)]
pub extern "C" fn ct_ml_kem_decapsulate() -> u32 {
    let (mut keys, public_key) = keys(public());
    let place = (&raw mut keys.private_key).cast();
    // SAFETY: these are numbers in place, without padding or pointers.
    classified(unsafe { std::slice::from_raw_parts_mut(place, size_of_val(&keys.private_key)) });
    let mut digest = Digest::default();
    let (ciphertext, _) = portable::encapsulate(&public_key, public());
    digest.add(&unpacked::decapsulate(&keys, &ciphertext));
    let mut changed: [u8; 1088] = *ciphertext.as_slice();
    changed[500] ^= 1;
    declassified(&mut changed);
    digest.add(&unpacked::decapsulate(&keys, &MlKem768Ciphertext::from(changed)));
    digest.finish()
}
