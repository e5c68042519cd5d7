//! Inverses in constant time: Bernstein and Yang, "Fast constant-time gcd computation and modular inversion" (2019), with the
//! half-step variant of their division step and its bound (<https://github.com/sipa/safegcd-bounds>).

use super::limbs::{self, Limbs, mask};

/// What inversion needs to know of an odd modulus.
#[derive(Debug)]
pub struct Modulus<const N: usize> {
    /// The modulus.
    pub(super) value: Limbs<N>,
    /// The bits of a limb.
    pub(super) width: u32,
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
    pub(super) const fn new(digits: &str, bits: u32, width: u32) -> Self {
        let value: Limbs<N> = limbs::parse(digits, width);
        let steps = (45907 * bits + 30179) / 19929;
        Self { value, width, inverse: limbs::inverse_of_limb(value[0], width), batches: steps.div_ceil(width) }
    }

    /// The negative of the modulus's inverse, modulo 2^width.
    pub(super) const fn negative_inverse(&self) -> i64 {
        (1 << self.width) - self.inverse
    }

    /// The inverse of a number below the modulus; 0 has 0.
    pub(super) fn invert(&self, number: &Limbs<N>) -> Limbs<N> {
        let (mut f, mut g) = (self.value, *number);
        // d * number = f and e * number = g, modulo the modulus, but for the powers of two that `divided` divides by.
        let (mut d, mut e) = ([0; N], [0; N]);
        e[0] = 1;
        // -(delta + 1/2)
        let mut zeta = -1;
        for _ in 0..self.batches {
            let transition = self.steps(&mut zeta, f[0], g[0]);
            (d, e) = (self.divided(transition.f, &d, &e), self.divided(transition.g, &d, &e));
            (f, g) = (self.shifted(transition.f, &f, &g), self.shifted(transition.g, &f, &g));
        }
        // f is 1 or -1 now.
        self.normalised(d, limbs::is_negative(&f))
    }

    /// `width` division steps, for which the lowest limbs suffice.
    #[inline(never)]
    fn steps(&self, zeta: &mut i64, mut f: i64, mut g: i64) -> Transition {
        let (mut u, mut v, mut q, mut r) = (1, 0, 0, 1);
        for _ in 0..self.width {
            let negative = core::hint::black_box(*zeta >> 63);
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

    /// (a * f + b * g) / 2^width, which leaves no remainder.
    #[inline(never)]
    fn shifted(&self, (a, b): (i64, i64), f: &Limbs<N>, g: &Limbs<N>) -> Limbs<N> {
        let mut carry = (a * f[0] + b * g[0]) >> self.width;
        let mut result = [0; N];
        for index in 1..N {
            carry += a * f[index] + b * g[index];
            result[index - 1] = carry & mask(self.width);
            carry >>= self.width;
        }
        result[N - 1] = carry;
        result
    }

    /// (a * d + b * e) / 2^width modulo the modulus. All of them stay between twice the modulus and its negative.
    #[inline(never)]
    fn divided(&self, (a, b): (i64, i64), d: &Limbs<N>, e: &Limbs<N>) -> Limbs<N> {
        // The multiple of the modulus to add: so that the sum is not below, and then that there is no remainder.
        let multiple = (a & limbs::is_negative(d)) + (b & limbs::is_negative(e));
        let mut carry = a * d[0] + b * e[0];
        let multiple = multiple - ((self.inverse.wrapping_mul(carry).wrapping_add(multiple)) & mask(self.width));
        carry = (carry + self.value[0] * multiple) >> self.width;
        let mut result = [0; N];
        for index in 1..N {
            carry += a * d[index] + b * e[index] + self.value[index] * multiple;
            result[index - 1] = carry & mask(self.width);
            carry >>= self.width;
        }
        result[N - 1] = carry;
        result
    }

    /// A number between twice the modulus and its negative, negated if the mask says so, made one from 0 to the modulus.
    #[inline(never)]
    fn normalised(&self, number: Limbs<N>, negate: i64) -> Limbs<N> {
        let negate = core::hint::black_box(negate);
        let not_below = |number: Limbs<N>| {
            let add = core::hint::black_box(limbs::is_negative(&number));
            limbs::carried(core::array::from_fn(|index| number[index] + (self.value[index] & add)), self.width)
        };
        let number = not_below(number).map(|limb| (limb ^ negate) - negate);
        let number = not_below(limbs::carried(number, self.width));
        limbs::reduced_once(&number, &self.value, self.width).0
    }
}
