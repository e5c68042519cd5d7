//! X25519: ours, x25519-dalek's and ring's.

use isomorphic_tls_kernels::x25519;
use num_bigint::BigUint;
use ring::agreement::{EphemeralPrivateKey, UnparsedPublicKey, X25519, agree_ephemeral};
use ring::rand::SystemRandom;
use x25519_dalek::{PublicKey, StaticSecret};

use crate::random::Random;

unsafe fn read(place: *const u8) -> [u8; 32] {
    unsafe { place.cast::<[u8; 32]>().read_unaligned() }
}

unsafe fn give(bytes: &[u8; 32], to: *mut u8) {
    unsafe { to.cast::<[u8; 32]>().write_unaligned(*bytes) }
}

/// The public key of a secret.
///
/// # Safety
/// There are 32 bytes at each place.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn x25519_public_key(secret: *const u8, to: *mut u8) {
    unsafe { give(&x25519::public_key(&read(secret)), to) }
}

/// What a secret and a point agree on.
///
/// # Safety
/// There are 32 bytes at each place.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn x25519_agree(secret: *const u8, point: *const u8, to: *mut u8) {
    unsafe { give(&x25519::x25519(&read(secret), &read(point)), to) }
}

/// The public key of a secret, by x25519-dalek.
///
/// # Safety
/// There are 32 bytes at each place.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dalek_x25519_public_key(secret: *const u8, to: *mut u8) {
    unsafe { give(PublicKey::from(&StaticSecret::from(read(secret))).as_bytes(), to) }
}

/// What a secret and a point agree on, by x25519-dalek.
///
/// # Safety
/// There are 32 bytes at each place.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dalek_x25519_agree(secret: *const u8, point: *const u8, to: *mut u8) {
    unsafe { give(&x25519_dalek::x25519(read(secret), read(point)), to) }
}

/// A new secret of ring's, which wants entropy of its own, and its public key; null if there is none.
///
/// # Safety
/// There is room for 32 bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ring_x25519_key(to: *mut u8) -> *mut EphemeralPrivateKey {
    let Ok(secret) = EphemeralPrivateKey::generate(&X25519, &SystemRandom::new()) else {
        return std::ptr::null_mut();
    };
    if let Some(key) = secret.compute_public_key().ok().and_then(|key| key.as_ref().try_into().ok()) {
        unsafe { give(&key, to) }
    }
    Box::into_raw(Box::new(secret))
}

/// What a secret of ring's and a point agree on; whether they do.
///
/// # Safety
/// The secret is of `ring_x25519_key`, and is not used again; there are 32 bytes at the other places.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ring_x25519_agree(secret: *mut EphemeralPrivateKey, point: *const u8, to: *mut u8) -> bool {
    let (secret, point) = unsafe { (*Box::from_raw(secret), read(point)) };
    let give = |agreed: &[u8]| agreed.try_into().map(|agreed| unsafe { give(agreed, to) }).is_ok();
    agree_ephemeral(secret, &UnparsedPublicKey::new(&X25519, point), give).unwrap_or(false)
}

/// Random bytes, of which often some are all ones or all zeros: most and least to carry.
pub(crate) fn edged(random: &mut Random) -> [u8; 32] {
    let mut bytes = random.bytes::<32>();
    if random.below(4) == 0 {
        let (one, other) = (random.below(33), random.below(33));
        let value = if random.below(2) == 0 { 0 } else { 0xff };
        bytes[one.min(other)..one.max(other)].fill(value);
    }
    bytes
}

/// How many of so many random cases agree with num-bigint: products, squares and inverses modulo 2^255 - 19.
#[unsafe(no_mangle)]
pub extern "C" fn compare_x25519_field(seed: u32, cases: u32) -> u32 {
    let mut random = Random::new(seed);
    let p = (BigUint::from(1_u8) << 255) - 19_u8;
    let number = |bytes: &[u8; 32]| -> BigUint { BigUint::from_bytes_le(bytes) % (BigUint::from(1_u8) << 255) };
    let product = |a: &[u8; 32], b: &[u8; 32]| {
        let product: BigUint = number(a) * number(b) % &p;
        let mut bytes = product.to_bytes_le();
        bytes.resize(32, 0);
        <[u8; 32]>::try_from(bytes).unwrap_or_default()
    };
    let one = BigUint::from(1_u8);
    let agrees = |_: &u32| {
        let [a, b, c] = [(); 3].map(|()| edged(&mut random));
        let inverse = x25519::numbers::invert(&a);
        x25519::numbers::multiply([&a, &b], [&b, &c]) == [product(&a, &b), product(&b, &c)]
            && x25519::numbers::square([&a, &c]) == [product(&a, &a), product(&c, &c)]
            && (number(&product(&inverse, &a)) == one || inverse == [0; 32] && number(&a) % &p == BigUint::ZERO)
    };
    (0..cases).filter(agrees).count() as u32
}
