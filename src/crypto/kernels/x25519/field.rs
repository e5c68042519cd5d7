//! Two numbers modulo p = 2^255 - 19 side by side, each the sum of twelve doubles: the form of Bernstein, "Curve25519: new Diffie-Hellman
//! speed records" (2006), 4. Vectors of doubles are multiplied with one instruction, those of integers with three in most engines.
//!
//! A limb is a multiple of 2 to its position (21.25 times its index, rounded up), and at most a little more than half of what the next
//! counts. All sums of products are exact then, as they have no more bits than a double (the test `sums_are_exact`), and there is
//! nothing subnormal.

use zeroize::{Zeroize, Zeroizing, optimization_barrier};

use super::encoding::{bits, encode};
use crate::lanes::Pair;

/// How many limbs a number has.
pub(super) const LIMBS: usize = 12;

type Limbs = [Pair; LIMBS];

/// The lowest bit of a limb.
pub(super) const fn position(limb: usize) -> usize {
    (85 * limb).div_ceil(4)
}

/// 2 to a power.
pub(super) const fn power(exponent: isize) -> f64 {
    f64::from_bits(((exponent + 1023) as u64) << 52)
}

/// 2^255 is 19.
const FOLD: f64 = 19.0 * power(-255);

/// In a double near this one the lowest bits are those of a whole number, which may be negative.
const MIDDLE: f64 = 1.5 * power(52);

/// An array of what an expression is for each limb. (Closures in loops are not always unrolled.)
macro_rules! each {
    ($limb:ident => $value:expr) => {
        each!($limb => $value; 0 1 2 3 4 5 6 7 8 9 10 11)
    };
    ($limb:ident => $value:expr; $($index:literal)*) => {
        [$({
            const $limb: usize = $index;
            $value
        }),*]
    };
}
pub(super) use each;

/// Constants that are read from memory: engines make those of the code with three instructions at each use.
pub(super) struct Constants {
    fold: Pair,
    two: Pair,
    middle: Pair,
    /// Near to it doubles are multiples of what the limb after this one counts.
    rounding: Limbs,
    /// 2 to the positions.
    scale: Limbs,
    /// For the second number alone: the curve's coefficient (RFC 7748, 4.1).
    pub(super) coefficient: Pair,
    pub(super) minus_one_and_two: Pair,
    /// No limb. Leaving a sum at this one, which never happens, keeps compilers from computing all products before they add the first:
    /// there are not so many registers.
    never: usize,
}

static CONSTANTS: Constants = Constants {
    fold: Pair::both(FOLD),
    two: Pair::both(2.0),
    middle: Pair::both(MIDDLE),
    rounding: each!(K => Pair::both(1.5 * power(52 + position(K + 1) as isize))),
    scale: each!(K => Pair::both(power(position(K) as isize))),
    coefficient: Pair::new(0.0, 486_662.0),
    minus_one_and_two: Pair::new(-1.0, 2.0),
    never: LIMBS,
};

impl Constants {
    /// They are not known to the compiler.
    pub(super) fn get() -> &'static Self {
        core::hint::black_box(&CONSTANTS)
    }
}

/// Two numbers. As factors they may be sums or differences of two that `carried` gave, one of three and the other of four.
#[derive(Clone, Copy)]
pub(super) struct Field(pub(super) Limbs);

/// Two numbers' limbs, as what they are multiples of 2 to their positions by.
pub(super) type Packed = [[i32; LIMBS]; 2];

/// Two products: limbs are wider than a factor's may be.
pub(super) struct Product(pub(super) Limbs);

#[allow(clippy::inline_always)]
impl Field {
    /// Of 32 bytes each; what is above bit 255 does not count.
    pub(super) fn new(first: &[u8; 32], second: &[u8; 32], constants: &Constants) -> Self {
        let limb = |bytes, limb| {
            let bits = MIDDLE.to_bits() | bits(bytes, position(limb), position(limb + 1));
            (f64::from_bits(bits) - MIDDLE) * power(position(limb) as isize)
        };
        Product(core::array::from_fn(|index| Pair::new(limb(first, index), limb(second, index)))).carried(constants)
    }

    /// The first or the second number as 32 bytes, below p.
    pub(super) fn encoded(&self, which: usize) -> Zeroizing<[u8; 32]> {
        encode(self.whole(which), position)
    }

    /// The limbs of the first or the second number, as what they are multiples of 2 to their positions by.
    fn whole(&self, which: usize) -> [i64; LIMBS] {
        core::array::from_fn(|limb| {
            let whole = self.0[limb].numbers()[which] * power(-(position(limb) as isize));
            (whole + MIDDLE).to_bits().wrapping_sub(MIDDLE.to_bits()).cast_signed()
        })
    }

    /// Two numbers that `carried` gave, in half the room.
    pub(super) fn packed(&self) -> Packed {
        [0, 1].map(|which| self.whole(which).map(|limb| limb as i32))
    }

    #[inline(always)]
    pub(super) fn unpacked([first, second]: &Packed, constants: &Constants) -> Self {
        let near = |limb: i32| f64::from_bits(MIDDLE.to_bits().wrapping_add_signed(limb.into()));
        Self(each!(K => (Pair::new(near(first[K]), near(second[K])) - constants.middle) * constants.scale[K]))
    }

    /// Sums of two numbers each.
    #[inline(always)]
    pub(super) fn plus(&self, other: &Self) -> Self {
        Self(each!(K => self.0[K] + other.0[K]))
    }

    /// Differences.
    #[inline(always)]
    pub(super) fn minus(&self, other: &Self) -> Self {
        Self(each!(K => self.0[K] - other.0[K]))
    }

    /// The two in the other order.
    #[inline(always)]
    pub(super) fn swapped(&self) -> Self {
        Self(each!(K => self.0[K].swapped()))
    }

    /// The first of these, and the first of the other.
    #[inline(always)]
    pub(super) fn firsts(&self, other: &Self) -> Self {
        Self(each!(K => self.0[K].firsts(other.0[K])))
    }

    /// The second of these, and the second of the other.
    #[inline(always)]
    pub(super) fn seconds(&self, other: &Self) -> Self {
        Self(each!(K => self.0[K].seconds(other.0[K])))
    }

    /// The first of these, the second of the other.
    #[inline(always)]
    pub(super) fn first_and_second(&self, other: &Self) -> Self {
        Self(each!(K => self.0[K].first_and_second(other.0[K])))
    }

    /// Times small numbers.
    #[inline(always)]
    pub(super) fn scaled(&self, factors: Pair) -> Self {
        Self(each!(K => self.0[K] * factors))
    }

    /// These where the mask is all ones, the other where it is zero.
    #[inline(always)]
    pub(super) fn select(&self, other: &Self, mask: u64) -> Self {
        Self(each!(K => self.0[K].select(other.0[K], mask)))
    }

    /// The products, as factors again. Not inlined, which takes less room, and hardly more time, than [`Self::multiplied`].
    #[inline(never)]
    pub(super) fn times(&self, other: &Self, constants: &Constants) -> Self {
        self.multiplied(other, constants).carried(constants)
    }

    /// The squares, as `times` gives products.
    #[inline(never)]
    pub(super) fn square(&self, constants: &Constants) -> Self {
        self.squared(constants).carried(constants)
    }

    #[inline(always)]
    pub(super) fn multiplied(&self, other: &Self, constants: &Constants) -> Product {
        let (a, b) = (&self.0, &other.0);
        let folded = &each!(K => b[K] * constants.fold);
        let [c0, c1, c2, c3, c4, c5] = columns_of_product::<0>(a, b, folded, constants.never);
        let [c6, c7, c8, c9, c10, c11] = columns_of_product::<6>(a, b, folded, constants.never);
        Product([c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11])
    }

    #[inline(always)]
    pub(super) fn squared(&self, constants: &Constants) -> Product {
        let a = &self.0;
        let twice = &each!(K => a[K] * constants.two);
        let folded = &each!(K => twice[K] * constants.fold);
        let [c0, c1, c2, c3, c4, c5] = columns_of_square::<0>(a, twice, folded, constants.never);
        let [c6, c7, c8, c9, c10, c11] = columns_of_square::<3>(a, twice, folded, constants.never);
        // The squares of the upper limbs.
        let [s6, s7, s8, s9, s10, s11] = each!(K => a[K] * (a[K] * constants.fold); 6 7 8 9 10 11);
        Product([c0 + s6, c1, c2 + s7, c3, c4 + s8, c5, c6 + s9, c7, c8 + s10, c9, c10 + s11, c11])
    }
}

#[allow(clippy::inline_always)]
impl Product {
    /// The same numbers, as they can be factors. Four chains of carries run side by side; each ends after the first limb of the next,
    /// which is carried from a second time. (With two chains there are fewer carries, but more waiting.)
    #[inline(always)]
    pub(super) fn carried(self, constants: &Constants) -> Field {
        let mut limbs = self.0;
        each!(STEP => each!(CHAIN => carry::<{ (3 * CHAIN + STEP) % LIMBS }>(&mut limbs, constants); 0 1 2 3); 0 1 2 3);
        Field(limbs)
    }
}

/// Six columns of a product, from that of `FIRST`: a column is the sum of a_i b_j with i + j the column's index, and of those with i + j
/// twelve more, of which `folded` has the b_j.
#[inline(always)]
fn columns_of_product<const FIRST: usize>(a: &Limbs, b: &Limbs, folded: &Limbs, never: usize) -> [Pair; 6] {
    let partner = |i: usize, column: usize| if i <= column { b[column - i] } else { folded[LIMBS + column - i] };
    let mut sums = each!(COLUMN => a[0] * b[FIRST + COLUMN]; 0 1 2 3 4 5);
    'rows: {
        each!(I => {
            if never == I {
                break 'rows;
            }
            each!(COLUMN => sums[COLUMN] = sums[COLUMN] + a[I] * partner(I, FIRST + COLUMN); 0 1 2 3 4 5);
        }; 1 2 3 4 5 6 7 8 9 10 11);
    }
    sums
}

/// Six columns of a square, from that of twice `HALF`, without the squares of the upper limbs. Products of different limbs, i > j, count
/// twice: row by row they are further apart.
#[inline(always)]
fn columns_of_square<const HALF: usize>(a: &Limbs, twice: &Limbs, folded: &Limbs, never: usize) -> [Pair; 6] {
    let partner = |j: usize, row: usize| if row <= j { twice[j - row] } else { folded[LIMBS + j - row] };
    let mut sums = each!(COLUMN => {
        let lower = HALF + COLUMN / 2;
        if COLUMN.is_multiple_of(2) { a[lower] * a[lower] } else { a[lower + 1] * twice[lower] }
    }; 0 1 2 3 4 5);
    'rows: {
        each!(ROW => {
            if never == ROW {
                break 'rows;
            }
            each!(COLUMN => {
                let limb = a[HALF + COLUMN.div_ceil(2) + ROW];
                sums[COLUMN] = sums[COLUMN] + limb * partner(HALF + COLUMN / 2, ROW);
            }; 0 1 2 3 4 5);
        }; 1 2 3 4 5);
    }
    sums
}

/// Carry from a limb to the next what is a multiple of what that counts.
#[inline(always)]
fn carry<const LIMB: usize>(limbs: &mut Limbs, constants: &Constants) {
    let rounding = constants.rounding[LIMB];
    let carry = (limbs[LIMB] + rounding) - rounding;
    limbs[LIMB] = limbs[LIMB] - carry;
    if LIMB == LIMBS - 1 {
        limbs[0] = limbs[0] + carry * constants.fold;
    } else {
        limbs[LIMB + 1] = limbs[LIMB + 1] + carry;
    }
}

impl Zeroize for Field {
    fn zeroize(&mut self) {
        self.0 = [Pair::both(0.0); LIMBS];
        optimization_barrier(self);
    }
}
