//! The plain twin: RFC 7748, 5, word for word.

use num_bigint::BigUint;

/// p = 2^255 - 19
pub(super) fn p() -> BigUint {
    (BigUint::from(1_u8) << 255) - 19_u8
}

/// 32 bytes, the lowest first.
pub(super) fn bytes(number: &BigUint) -> [u8; 32] {
    let mut bytes = number.to_bytes_le();
    bytes.resize(32, 0);
    bytes.try_into().unwrap()
}

/// Modulo p, without the highest bit.
pub(super) fn number(bytes: &[u8; 32]) -> BigUint {
    let mut bytes = *bytes;
    bytes[31] &= 127;
    BigUint::from_bytes_le(&bytes) % p()
}

/// X25519 of a secret and a point.
pub(super) fn x25519(secret: &[u8; 32], point: &[u8; 32]) -> [u8; 32] {
    let mut k = *secret;
    k[0] &= 248;
    k[31] = k[31] & 127 | 64;
    let p = p();
    let plus = |a: &BigUint, b: &BigUint| (a + b) % &p;
    let minus = |a: &BigUint, b: &BigUint| (a + &p - b) % &p;
    let times = |a: &BigUint, b: &BigUint| (a * b) % &p;
    let x_1 = number(point);
    let (mut x_2, mut z_2) = (BigUint::from(1_u8), BigUint::ZERO);
    let (mut x_3, mut z_3) = (x_1.clone(), BigUint::from(1_u8));
    let mut swap = 0;
    for t in (0..255).rev() {
        let k_t = k[t / 8] >> (t % 8) & 1;
        if swap != k_t {
            (x_2, z_2, x_3, z_3) = (x_3, z_3, x_2, z_2);
        }
        swap = k_t;
        let a = plus(&x_2, &z_2);
        let aa = times(&a, &a);
        let b = minus(&x_2, &z_2);
        let bb = times(&b, &b);
        let e = minus(&aa, &bb);
        let c = plus(&x_3, &z_3);
        let d = minus(&x_3, &z_3);
        let da = times(&d, &a);
        let cb = times(&c, &b);
        let sum = plus(&da, &cb);
        x_3 = times(&sum, &sum);
        let difference = minus(&da, &cb);
        z_3 = times(&x_1, &times(&difference, &difference));
        x_2 = times(&aa, &bb);
        z_2 = times(&e, &plus(&aa, &(&e * 121_665_u32)));
    }
    if swap == 1 {
        (x_2, z_2) = (x_3, z_3);
    }
    bytes(&times(&x_2, &z_2.modpow(&(&p - 2_u8), &p)))
}
