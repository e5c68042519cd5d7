//! Inverses in constant time: Bernstein and Yang, "Fast constant-time gcd computation and modular inversion" (2019), with the
//! half-step variant of their division step and its bound (<https://github.com/sipa/safegcd-bounds>).

use core::hint::black_box;

use zeroize::Zeroize;

use super::limbs::{self, Limbs, mask};

/// What inversion needs to know of an odd modulus.
#[derive(Debug)]
pub struct Modulus<const N: usize> {
    /// The modulus.
    pub(crate) value: Limbs<N>,
    /// The bits of a limb.
    pub(crate) width: u32,
    /// The inverse of the modulus, modulo 2^width.
    inverse: i64,
    /// How often `width` division steps are made.
    batches: u32,
}

/// What `width` division steps do to (f, g), times 2^width.
struct Transition {
    f: (i64, i64),
    g: (i64, i64),
}

impl<const N: usize> Modulus<N> {
    /// A modulus of hexadecimal digits and so many bits.
    pub(crate) const fn new(digits: &str, bits: u32, width: u32) -> Self {
        let value: Limbs<N> = limbs::parse(digits, width);
        let steps = (45907 * bits + 30179) / 19929;
        Self { value, width, inverse: limbs::inverse_of_limb(value[0], width), batches: steps.div_ceil(width) }
    }

    /// The negative of the modulus's inverse, modulo 2^width.
    pub(crate) const fn negative_inverse(&self) -> i64 {
        (1 << self.width) - self.inverse
    }

    /// The inverse of a number below the modulus; 0 has 0.
    pub(crate) fn invert(&self, number: &Limbs<N>) -> Limbs<N> {
        let (mut f, mut g) = (self.value, *number);
        // d * number = f and e * number = g, modulo the modulus, but for the powers of two that `divide` divides by.
        let (mut d, mut e) = ([0; N], [0; N]);
        e[0] = 1;
        // -(delta + 1/2)
        let mut zeta = -1;
        for _ in 0..self.batches {
            let transition = steps(self.width, &mut zeta, f[0], g[0]);
            self.divide(&transition, &mut d, &mut e);
            self.shift(&transition, &mut f, &mut g);
        }
        // f is 1 or -1 now.
        let inverse = self.normalised(d, limbs::is_negative(&f));
        for secret in [&mut f, &mut g, &mut d, &mut e] {
            secret.zeroize();
        }
        inverse
    }

    /// Make the steps with whole numbers, and divide by 2^width, which leaves no remainder.
    #[inline(never)]
    fn shift(&self, &Transition { f: (u, v), g: (q, r) }: &Transition, f: &mut Limbs<N>, g: &mut Limbs<N>) {
        let mut carry_f = (u * f[0] + v * g[0]) >> self.width;
        let mut carry_g = (q * f[0] + r * g[0]) >> self.width;
        for index in 1..N {
            carry_f += u * f[index] + v * g[index];
            carry_g += q * f[index] + r * g[index];
            f[index - 1] = carry_f & mask(self.width);
            g[index - 1] = carry_g & mask(self.width);
            carry_f >>= self.width;
            carry_g >>= self.width;
        }
        (f[N - 1], g[N - 1]) = (carry_f, carry_g);
    }

    /// As [`Self::shift`], modulo the modulus. All numbers stay between twice the modulus and its negative.
    #[inline(never)]
    fn divide(&self, &Transition { f: (u, v), g: (q, r) }: &Transition, d: &mut Limbs<N>, e: &mut Limbs<N>) {
        let (d_negative, e_negative) = (limbs::is_negative(d), limbs::is_negative(e));
        // The multiple of the modulus to add: so that the sum is not below, and then that there is no remainder.
        let multiple = |a: i64, b: i64, lowest: i64| {
            let multiple = (a & d_negative) + (b & e_negative);
            multiple - ((self.inverse.wrapping_mul(lowest).wrapping_add(multiple)) & mask(self.width))
        };
        let (lowest_d, lowest_e) = (u * d[0] + v * e[0], q * d[0] + r * e[0]);
        let (of_d, of_e) = (multiple(u, v, lowest_d), multiple(q, r, lowest_e));
        let mut carry_d = (lowest_d + self.value[0] * of_d) >> self.width;
        let mut carry_e = (lowest_e + self.value[0] * of_e) >> self.width;
        for index in 1..N {
            carry_d += u * d[index] + v * e[index] + self.value[index] * of_d;
            carry_e += q * d[index] + r * e[index] + self.value[index] * of_e;
            d[index - 1] = carry_d & mask(self.width);
            e[index - 1] = carry_e & mask(self.width);
            carry_d >>= self.width;
            carry_e >>= self.width;
        }
        (d[N - 1], e[N - 1]) = (carry_d, carry_e);
    }

    /// A number between twice the modulus and its negative, negated if the mask says so, made one from 0 to the modulus.
    #[inline(never)]
    fn normalised(&self, number: Limbs<N>, negate: i64) -> Limbs<N> {
        let negate = black_box(negate);
        let not_below = |number: Limbs<N>| {
            let add = black_box(limbs::is_negative(&number));
            limbs::carried(core::array::from_fn(|index| number[index] + (self.value[index] & add)), self.width)
        };
        let number = not_below(number).map(|limb| (limb ^ negate) - negate);
        let number = not_below(limbs::carried(number, self.width));
        limbs::reduced_once(&number, &self.value, self.width).0
    }
}

/// `width` division steps, for which the lowest limbs suffice.
#[inline(never)]
fn steps(width: u32, zeta: &mut i64, mut f: i64, mut g: i64) -> Transition {
    let (mut u, mut v, mut q, mut r) = (1, 0, 0, 1);
    for _ in 0..width {
        let negative = black_box(*zeta >> 63);
        let odd = -(g & 1);
        // g + f or g - f, if g is odd.
        g += ((f ^ negative) - negative) & odd;
        q += ((u ^ negative) - negative) & odd;
        r += ((v ^ negative) - negative) & odd;
        // f becomes what g was, if the difference was taken.
        let swap = negative & odd;
        *zeta = (*zeta ^ swap) - 1;
        f += g & swap;
        u += q & swap;
        v += r & swap;
        g >>= 1;
        u <<= 1;
        v <<= 1;
    }
    Transition { f: (u, v), g: (q, r) }
}
