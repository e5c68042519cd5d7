//! Inverses modulo p = 2^255 - 19 in constant time: Bernstein and Yang, "Fast constant-time gcd computation and modular inversion"
//! (2019), with the variant of their division step that starts at one half (<https://github.com/sipa/safegcd-bounds>).

use core::hint::black_box;

use zeroize::{Zeroize, Zeroizing};

use super::encoding::{bits, encode};

/// The bits of a limb, but for those of the highest.
const WIDTH: usize = 30;
const LIMBS: usize = 9;
const MASK: i64 = (1 << WIDTH) - 1;
/// As many division steps as a limb has bits are made at once, this often: 590 suffice for numbers of 256 bits.
const BATCHES: usize = 20;
/// 1 / 19 modulo 2^30, or -1 / p.
const INVERSE_OF_19: i64 = 678_152_731;

type Limbs = [i64; LIMBS];

const P: Limbs = {
    let mut limbs = [MASK; LIMBS];
    limbs[0] -= 18;
    limbs[LIMBS - 1] = (1 << 15) - 1;
    limbs
};

fn position(limb: usize) -> usize {
    (limb * WIDTH).min(255)
}

/// The inverse of a number below p; 0 has 0.
pub(super) fn invert(number: &[u8; 32]) -> Zeroizing<[u8; 32]> {
    let mut f = P;
    let mut g = core::array::from_fn(|limb| bits(number, position(limb), position(limb + 1)).cast_signed());
    // d * number = f and e * number = g modulo p, but for powers of two, by which `divided` divides in time.
    let (mut d, mut e) = ([0; LIMBS], [0; LIMBS]);
    e[0] = 1;
    // -(delta + 1/2)
    let mut zeta = -1;
    for _ in 0..BATCHES {
        let [of_f, of_g] = steps(&mut zeta, f[0], g[0]);
        (d, e) = (divided(of_f, &d, &e), divided(of_g, &d, &e));
        (f, g) = (shifted(of_f, &f, &g), shifted(of_g, &f, &g));
    }
    // f is 1 or -1.
    let sign = black_box(f[LIMBS - 1] >> 63);
    let inverse = encode(d.map(|limb| (limb ^ sign) - sign), position);
    for secret in [&mut f, &mut g, &mut d, &mut e] {
        secret.zeroize();
    }
    inverse
}

/// What `WIDTH` division steps make of f and g, times 2^`WIDTH`: factors of f and g for each. The lowest bits of f and g decide it.
fn steps(zeta: &mut i64, mut f: i64, mut g: i64) -> [(i64, i64); 2] {
    let (mut f_of_f, mut g_of_f, mut f_of_g, mut g_of_g) = (1, 0, 0, 1);
    for _ in 0..WIDTH {
        let negative = *zeta >> 63;
        let odd = black_box(-(g & 1));
        // If g is odd: f is added to it, or taken from it.
        g += ((f ^ negative) - negative) & odd;
        f_of_g += ((f_of_f ^ negative) - negative) & odd;
        g_of_g += ((g_of_f ^ negative) - negative) & odd;
        // If it was taken from it, f becomes what g was.
        let exchange = negative & odd;
        *zeta = (*zeta ^ exchange) - 1;
        f += g & exchange;
        f_of_f += f_of_g & exchange;
        g_of_f += g_of_g & exchange;
        g >>= 1;
        f_of_f <<= 1;
        g_of_f <<= 1;
    }
    [(f_of_f, g_of_f), (f_of_g, g_of_g)]
}

/// (a f + b g) / 2^`WIDTH`, which leaves no remainder.
fn shifted((a, b): (i64, i64), f: &Limbs, g: &Limbs) -> Limbs {
    let mut result = [0; LIMBS];
    let mut carry = (a * f[0] + b * g[0]) >> WIDTH;
    for limb in 1..LIMBS {
        carry += a * f[limb] + b * g[limb];
        result[limb - 1] = carry & MASK;
        carry >>= WIDTH;
    }
    result[LIMBS - 1] = carry;
    result
}

/// (a d + b e) / 2^`WIDTH` modulo p. As |a| + |b| is at most 2^`WIDTH`, a number grows by less than p.
fn divided((a, b): (i64, i64), d: &Limbs, e: &Limbs) -> Limbs {
    let mut result = [0; LIMBS];
    let lowest = a * d[0] + b * e[0];
    // So many p = 2^255 - 19 are added that no remainder is left.
    let multiple = ((lowest & MASK) * INVERSE_OF_19) & MASK;
    let mut carry = (lowest - 19 * multiple) >> WIDTH;
    for limb in 1..LIMBS {
        carry += a * d[limb] + b * e[limb];
        if limb == LIMBS - 1 {
            carry += multiple << 15;
        }
        result[limb - 1] = carry & MASK;
        carry >>= WIDTH;
    }
    result[LIMBS - 1] = carry;
    result
}
