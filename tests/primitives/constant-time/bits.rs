//! Integers of which each bit is either public or secret, and what instructions make of them.
//!
//! A bit is public if it is the same whatever the secrets are. So each function here may look at public bits only to say which bits
//! of its result are secret; it may call more of them secret than are, never fewer (`tests.rs` tries that).

use std::ops::{BitAnd, BitOr, BitXor, Not, Shl, Shr};

/// An unsigned integer of a lane or a number of WebAssembly.
pub trait Integer:
    Copy
    + Ord
    + BitAnd<Output = Self>
    + BitOr<Output = Self>
    + BitXor<Output = Self>
    + Not<Output = Self>
    + Shl<u32, Output = Self>
    + Shr<u32, Output = Self>
{
    /// How many bits it has.
    const BITS: u32;
    /// No bit set.
    const ZERO: Self;
    /// The highest bit set.
    const SIGN: Self;
    /// The low bits of a larger number.
    fn truncate(wide: u128) -> Self;
    /// The same number with more bits.
    fn widen(self) -> u128;
    /// The same number with more bits, as a signed one.
    fn widen_signed(self) -> i128;
    /// Sum, modulo 2^BITS.
    fn plus(self, other: Self) -> Self;
    /// Difference, modulo 2^BITS.
    fn minus(self, other: Self) -> Self;
    /// Product, modulo 2^BITS.
    fn times(self, other: Self) -> Self;
    /// Shifted right, the sign repeated.
    fn shift_signed(self, by: u32) -> Self;
    /// Rotated to the left.
    fn rotate(self, by: u32) -> Self;
    /// How many bits are set.
    fn ones(self) -> u32;
    /// How many bits are zero above the highest that is set.
    fn zeros_above(self) -> u32;
    /// How many bits are zero below the lowest that is set.
    fn zeros_below(self) -> u32;
}

macro_rules! integer {
    ($($unsigned:ident $signed:ident),*) => {$(
        impl Integer for $unsigned {
            const BITS: u32 = $unsigned::BITS;
            const ZERO: Self = 0;
            const SIGN: Self = 1 << ($unsigned::BITS - 1);
            fn truncate(wide: u128) -> Self {
                wide as $unsigned
            }
            fn widen(self) -> u128 {
                self as u128
            }
            fn widen_signed(self) -> i128 {
                self as $signed as i128
            }
            fn plus(self, other: Self) -> Self {
                self.wrapping_add(other)
            }
            fn minus(self, other: Self) -> Self {
                self.wrapping_sub(other)
            }
            fn times(self, other: Self) -> Self {
                self.wrapping_mul(other)
            }
            fn shift_signed(self, by: u32) -> Self {
                (self as $signed >> by) as $unsigned
            }
            fn rotate(self, by: u32) -> Self {
                self.rotate_left(by)
            }
            fn ones(self) -> u32 {
                self.count_ones()
            }
            fn zeros_above(self) -> u32 {
                self.leading_zeros()
            }
            fn zeros_below(self) -> u32 {
                self.trailing_zeros()
            }
        }
    )*};
}

integer!(u8 i8, u16 i16, u32 i32, u64 i64, u128 i128);

/// A number, and which of its bits are secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bits<T> {
    /// The number.
    pub value: T,
    /// A bit is set where that of the number is secret.
    pub secret: T,
}

impl<T: Integer> Bits<T> {
    /// A number that nothing secret went into.
    pub fn public(value: T) -> Self {
        Self { value, secret: T::ZERO }
    }

    /// A number all of whose bits are secret if `secret`.
    pub fn tainted(value: T, secret: bool) -> Self {
        Self { value, secret: if secret { !T::ZERO } else { T::ZERO } }
    }

    /// Whether any bit is secret.
    pub fn is_secret(self) -> bool {
        self.secret != T::ZERO
    }

    /// The least that it can be, whatever the secret bits are.
    fn least(self) -> T {
        self.value & !self.secret
    }

    /// The most that it can be, whatever the secret bits are.
    fn most(self) -> T {
        self.value | self.secret
    }

    /// The low bits of a larger number.
    pub fn truncate<W: Integer>(wide: Bits<W>) -> Self {
        Self { value: T::truncate(wide.value.widen()), secret: T::truncate(wide.secret.widen()) }
    }

    /// The low bits, or with zeros above.
    pub fn extend<W: Integer>(self) -> Bits<W> {
        Bits::truncate(self)
    }

    /// The low bits, or with the sign above, which is secret where it is here.
    pub fn extend_signed<W: Integer>(self) -> Bits<W> {
        Bits {
            value: W::truncate(self.value.widen_signed() as u128),
            secret: W::truncate(self.secret.widen_signed() as u128),
        }
    }
}

/// Bits set in both. A public zero decides.
pub fn and<T: Integer>(a: Bits<T>, b: Bits<T>) -> Bits<T> {
    Bits { value: a.value & b.value, secret: (a.secret & b.most()) | (b.secret & a.most()) }
}

/// Bits set in either. A public one decides.
pub fn or<T: Integer>(a: Bits<T>, b: Bits<T>) -> Bits<T> {
    Bits { value: a.value | b.value, secret: (a.secret & !b.least()) | (b.secret & !a.least()) }
}

/// Bits set in one of them.
pub fn xor<T: Integer>(a: Bits<T>, b: Bits<T>) -> Bits<T> {
    Bits { value: a.value ^ b.value, secret: a.secret | b.secret }
}

/// Every bit the other way.
pub fn not<T: Integer>(a: Bits<T>) -> Bits<T> {
    Bits { value: !a.value, secret: a.secret }
}

/// Bits set in the first and not in the second.
pub fn and_not<T: Integer>(a: Bits<T>, b: Bits<T>) -> Bits<T> {
    and(a, not(b))
}

/// One or the other. Where both have the same public bit, the choice does not show.
pub fn choose<T: Integer>(condition: Bits<u32>, yes: Bits<T>, no: Bits<T>) -> Bits<T> {
    let chosen = if condition.value != 0 { yes } else { no };
    if least_is_true(condition) || !condition.is_secret() {
        return chosen;
    }
    Bits { value: chosen.value, secret: yes.secret | no.secret | (yes.value ^ no.value) }
}

/// Whether the public bits alone say that it is not zero.
pub fn least_is_true<T: Integer>(a: Bits<T>) -> bool {
    a.least() != T::ZERO
}

/// Sum: a carry is public where the least and the most that the operands can be agree.
pub fn add<T: Integer>(a: Bits<T>, b: Bits<T>) -> Bits<T> {
    let spread = a.least().plus(b.least()) ^ a.most().plus(b.most());
    Bits { value: a.value.plus(b.value), secret: a.secret | b.secret | spread }
}

/// Difference: as `add`.
pub fn subtract<T: Integer>(a: Bits<T>, b: Bits<T>) -> Bits<T> {
    let spread = a.least().minus(b.most()) ^ a.most().minus(b.least());
    Bits { value: a.value.minus(b.value), secret: a.secret | b.secret | spread }
}

/// Zero less it.
pub fn negate<T: Integer>(a: Bits<T>) -> Bits<T> {
    subtract(Bits::public(T::ZERO), a)
}

/// Product: bits below the lowest secret one are public.
pub fn multiply<T: Integer>(a: Bits<T>, b: Bits<T>) -> Bits<T> {
    if a.most() == T::ZERO || b.most() == T::ZERO {
        return Bits::public(T::ZERO);
    }
    let secret = a.secret | b.secret;
    Bits { value: a.value.times(b.value), secret: secret | T::ZERO.minus(secret) }
}

/// What a shift is by: its low bits, and whether they are public.
fn shift_by<T: Integer>(amount: Bits<u32>) -> (u32, bool) {
    (amount.value & (T::BITS - 1), amount.secret & (T::BITS - 1) == 0)
}

/// A shift of number and secret bits alike; by a secret amount, all is secret.
fn shift<T: Integer>(a: Bits<T>, amount: Bits<u32>, function: fn(T, u32) -> T) -> Bits<T> {
    let (by, public) = shift_by::<T>(amount);
    if !public {
        return Bits::tainted(function(a.value, by), a.most() != T::ZERO);
    }
    Bits { value: function(a.value, by), secret: function(a.secret, by) }
}

/// Shifted to the left.
pub fn shift_left<T: Integer>(a: Bits<T>, amount: Bits<u32>) -> Bits<T> {
    shift(a, amount, |value, by| value << by)
}

/// Shifted to the right, zeros above.
pub fn shift_right<T: Integer>(a: Bits<T>, amount: Bits<u32>) -> Bits<T> {
    shift(a, amount, |value, by| value >> by)
}

/// Shifted to the right, the sign above.
pub fn shift_right_signed<T: Integer>(a: Bits<T>, amount: Bits<u32>) -> Bits<T> {
    shift(a, amount, |value, by| value.shift_signed(by))
}

/// Rotated to the left.
pub fn rotate_left<T: Integer>(a: Bits<T>, amount: Bits<u32>) -> Bits<T> {
    shift(a, amount, |value, by| value.rotate(by))
}

/// Rotated to the right.
pub fn rotate_right<T: Integer>(a: Bits<T>, amount: Bits<u32>) -> Bits<T> {
    shift(a, amount, |value, by| value.rotate(T::BITS - by))
}

/// A number of bits, from 0 to all: its high bits are zero whatever is counted.
fn counted<T: Integer>(a: Bits<T>, count: u32) -> Bits<T> {
    let all = T::truncate(2 * u128::from(T::BITS) - 1);
    Bits { value: T::truncate(count.into()), secret: if a.is_secret() { all } else { T::ZERO } }
}

/// How many bits are set.
pub fn count_ones<T: Integer>(a: Bits<T>) -> Bits<T> {
    counted(a, a.value.ones())
}

/// How many bits are zero above the highest that is set.
pub fn count_zeros_above<T: Integer>(a: Bits<T>) -> Bits<T> {
    counted(a, a.value.zeros_above())
}

/// How many bits are zero below the lowest that is set.
pub fn count_zeros_below<T: Integer>(a: Bits<T>) -> Bits<T> {
    counted(a, a.value.zeros_below())
}

/// Whether something is so, and whether that is secret.
pub fn verdict(so: bool, secret: bool) -> Bits<u32> {
    Bits { value: so.into(), secret: secret.into() }
}

/// All bits set if something is so: what lanes are compared to.
pub fn mask<T: Integer>(verdict: Bits<u32>) -> Bits<T> {
    negate(Bits::truncate(verdict))
}

/// Whether it is zero. A public one decides.
pub fn is_zero<T: Integer>(a: Bits<T>) -> Bits<u32> {
    verdict(a.value == T::ZERO, a.is_secret() && !least_is_true(a))
}

/// Whether they are equal. Public bits that differ decide.
pub fn equal<T: Integer>(a: Bits<T>, b: Bits<T>) -> Bits<u32> {
    is_zero(xor(a, b))
}

/// Whether they are not equal.
pub fn differ<T: Integer>(a: Bits<T>, b: Bits<T>) -> Bits<u32> {
    xor(equal(a, b), Bits::public(1))
}

/// Whether the first is less. Public if what they can be does not overlap.
pub fn less<T: Integer>(a: Bits<T>, b: Bits<T>) -> Bits<u32> {
    verdict(a.value < b.value, a.most() >= b.least() && a.least() < b.most())
}

/// Whether the first is more.
pub fn more<T: Integer>(a: Bits<T>, b: Bits<T>) -> Bits<u32> {
    less(b, a)
}

/// Whether the first is not more.
pub fn at_most<T: Integer>(a: Bits<T>, b: Bits<T>) -> Bits<u32> {
    xor(more(a, b), Bits::public(1))
}

/// Whether the first is not less.
pub fn at_least<T: Integer>(a: Bits<T>, b: Bits<T>) -> Bits<u32> {
    xor(less(a, b), Bits::public(1))
}

/// Numbers whose unsigned order is the signed order of these.
fn ordered<T: Integer>(a: Bits<T>) -> Bits<T> {
    Bits { value: a.value ^ T::SIGN, secret: a.secret }
}

/// `less`, of signed numbers.
pub fn less_signed<T: Integer>(a: Bits<T>, b: Bits<T>) -> Bits<u32> {
    less(ordered(a), ordered(b))
}

/// `more`, of signed numbers.
pub fn more_signed<T: Integer>(a: Bits<T>, b: Bits<T>) -> Bits<u32> {
    less_signed(b, a)
}

/// `at_most`, of signed numbers.
pub fn at_most_signed<T: Integer>(a: Bits<T>, b: Bits<T>) -> Bits<u32> {
    at_most(ordered(a), ordered(b))
}

/// `at_least`, of signed numbers.
pub fn at_least_signed<T: Integer>(a: Bits<T>, b: Bits<T>) -> Bits<u32> {
    at_least(ordered(a), ordered(b))
}

/// The lesser.
pub fn lesser<T: Integer>(a: Bits<T>, b: Bits<T>) -> Bits<T> {
    choose(less(a, b), a, b)
}

/// The greater.
pub fn greater<T: Integer>(a: Bits<T>, b: Bits<T>) -> Bits<T> {
    choose(more(a, b), a, b)
}

/// The lesser of signed numbers.
pub fn lesser_signed<T: Integer>(a: Bits<T>, b: Bits<T>) -> Bits<T> {
    choose(less_signed(a, b), a, b)
}

/// The greater of signed numbers.
pub fn greater_signed<T: Integer>(a: Bits<T>, b: Bits<T>) -> Bits<T> {
    choose(more_signed(a, b), a, b)
}

/// The number without its sign.
pub fn absolute<T: Integer>(a: Bits<T>) -> Bits<T> {
    choose(less_signed(a, Bits::public(T::ZERO)), negate(a), a)
}

/// The lowest and the highest of signed numbers, or of unsigned ones.
fn range<T: Integer>(signed: bool) -> (i128, i128) {
    if signed {
        return (T::SIGN.widen_signed(), (!T::SIGN).widen_signed());
    }
    (0, (!T::ZERO).widen() as i128)
}

/// A number of more bits, as near as it can be; all secret if any bit was.
fn saturated<T: Integer>(value: i128, signed: bool, secret: bool) -> Bits<T> {
    let (lowest, highest) = range::<T>(signed);
    Bits::tainted(T::truncate(value.clamp(lowest, highest) as u128), secret)
}

/// As near as fewer bits can be to a signed number.
pub fn narrow<W: Integer, T: Integer>(a: Bits<W>, signed: bool) -> Bits<T> {
    saturated(a.value.widen_signed(), signed, a.is_secret())
}

/// Widened, computed with, and made as near as can be; all secret if any bit was.
fn through_wide<T: Integer>(a: Bits<T>, b: Bits<T>, signed: bool, function: fn(i128, i128) -> i128) -> Bits<T> {
    let wide = |number: T| if signed { number.widen_signed() } else { number.widen() as i128 };
    saturated(function(wide(a.value), wide(b.value)), signed, a.is_secret() || b.is_secret())
}

/// Sum, saturating.
pub fn add_saturating<T: Integer>(a: Bits<T>, b: Bits<T>) -> Bits<T> {
    through_wide(a, b, false, |a, b| a + b)
}

/// Sum of signed numbers, saturating.
pub fn add_saturating_signed<T: Integer>(a: Bits<T>, b: Bits<T>) -> Bits<T> {
    through_wide(a, b, true, |a, b| a + b)
}

/// Difference, saturating.
pub fn subtract_saturating<T: Integer>(a: Bits<T>, b: Bits<T>) -> Bits<T> {
    through_wide(a, b, false, |a, b| a - b)
}

/// Difference of signed numbers, saturating.
pub fn subtract_saturating_signed<T: Integer>(a: Bits<T>, b: Bits<T>) -> Bits<T> {
    through_wide(a, b, true, |a, b| a - b)
}

/// Average, rounded up.
pub fn average<T: Integer>(a: Bits<T>, b: Bits<T>) -> Bits<T> {
    through_wide(a, b, false, |a, b| (a + b + 1) >> 1)
}

/// Product of fractions in signed form, rounded, saturating.
pub fn multiply_fractions(a: Bits<u16>, b: Bits<u16>) -> Bits<u16> {
    through_wide(a, b, true, |a, b| (a * b + 0x4000) >> 15)
}

/// A division; all secret if any bit was. Nothing where it traps.
pub fn divide<T: Integer>(a: Bits<T>, b: Bits<T>, signed: bool, remainder: bool) -> Option<Bits<T>> {
    let wide = |number: T| if signed { number.widen_signed() } else { number.widen() as i128 };
    let (dividend, divisor) = (wide(a.value), wide(b.value));
    let result = if remainder { dividend.checked_rem(divisor)? } else { dividend.checked_div(divisor)? };
    if !remainder && result > range::<T>(signed).1 {
        return None;
    }
    Some(Bits::tainted(T::truncate(result as u128), a.is_secret() || b.is_secret()))
}
