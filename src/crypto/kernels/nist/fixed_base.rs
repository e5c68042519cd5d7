//! Secret multiples of the generator: a comb (Lim and Lee, "More flexible exponentiation with precomputation", 1994) of signed bits. Other
//! points have one for what is public (see [`known_keys`](super::known_keys)).

use super::curve::Curve;
use super::field::Element;
use super::point::{Affine, Homogeneous, Jacobian};
use super::scalar::Scalar;
use super::signed_bits::{SignedBits, index_and_sign};
use super::table;

/// The bits that one entry stands for.
const TEETH: u32 = 5;
/// The tables: those of a column of bits are used one after the other, between doublings.
pub(super) const BLOCKS: u32 = 4;

/// Sums of a point's multiples by powers of two, with all signs; the highest is always added.
#[derive(Debug)]
pub struct Comb<C, const N: usize> {
    blocks: [Block<N>; BLOCKS as usize],
    curve: std::marker::PhantomData<C>,
}

type Block<const N: usize> = [[[i32; N]; 2]; 1 << (TEETH - 1)];

impl<C: Curve<N>, const N: usize> Comb<C, N> {
    /// The columns of a block.
    pub(super) const COLUMNS: u32 = C::BITS.div_ceil(TEETH * BLOCKS);
    /// From one tooth to the next.
    const SPACING: u32 = BLOCKS * Self::COLUMNS;

    /// That of the generator. It is made, not kept in the binary: that takes as long as a few multiples.
    pub(super) fn new() -> Self {
        Self::of(&Affine::GENERATOR)
    }

    /// That of any point. What is added here is neither the same nor opposite: multiples by sums of powers of two, with signs, that are below
    /// half the order, and by a power that is in none of them.
    #[inline(never)]
    pub(super) fn of(point: &Affine<C, N>) -> Self {
        let mut power = point.to_jacobian();
        let mut powers = vec![power];
        for _ in 1..TEETH * BLOCKS {
            for _ in 0..Self::COLUMNS {
                power = power.double();
            }
            powers.push(power);
        }
        let powers = Affine::of_all(&powers);
        let tooth = |block: usize, tooth: u32| &powers[(tooth * BLOCKS) as usize + block];
        let mut sums: Vec<Jacobian<C, N>> = Vec::with_capacity((BLOCKS << (TEETH - 1)) as usize);
        for block in 0..BLOCKS as usize {
            let first = sums.len();
            sums.push(tooth(block, TEETH - 1).to_jacobian());
            for place in 0..TEETH - 1 {
                let (point, negative) = (tooth(block, place), tooth(block, place).negated_if(-1));
                for index in first..sums.len() {
                    let sum = sums[index];
                    sums[index] = sum.add_affine(&negative);
                    sums.push(sum.add_affine(point));
                }
            }
        }
        let sums = Affine::of_all(&sums);
        let entry = |block: usize, signs: usize| {
            let Affine { x, y } = &sums[(block << (TEETH - 1)) + signs];
            [x.packed(), y.packed()]
        };
        let block = |block| std::array::from_fn(|signs| entry(block, signs));
        Self { blocks: std::array::from_fn(block), curve: std::marker::PhantomData }
    }

    /// The multiple of the point. The scalar is not 0.
    ///
    /// No sum but those of the last column can be of points that are the same or opposite. What has been reached and what is added are
    /// multiples by sums of powers of two, with signs, and no power is in both: so they differ. Before the last column they are below
    /// order / 2 + 2^(19 * columns + 1) and 2^(19 * columns + 1), so that they differ modulo the order, too.
    pub(super) fn multiple(&self, scalar: &Scalar<C, N>) -> Homogeneous<C, N> {
        let (odd, is_negative) = scalar.odd();
        let bits = Self::bits(&odd);
        let mut sum = self.entry(&bits, Self::COLUMNS - 1, 0).to_jacobian();
        for column in (1..Self::COLUMNS).rev() {
            let first = if column == Self::COLUMNS - 1 {
                1
            } else {
                sum = sum.double();
                0
            };
            for block in first..BLOCKS {
                sum = sum.add_affine(&self.entry(&bits, column, block));
            }
        }
        let last = |sum: Homogeneous<C, N>, block| sum.add(&self.entry(&bits, 0, block).to_homogeneous());
        let sum = (0..BLOCKS).fold(sum.double().to_homogeneous(), last);
        Homogeneous { y: sum.y.negated_if(is_negative), ..sum }
    }

    /// What the bits of a column and a block stand for.
    fn entry(&self, bits: &SignedBits<'_, C, N>, column: u32, block: u32) -> Affine<C, N> {
        let (index, negative) = Self::index_and_sign(bits, column, block);
        let [x, y] = table::select(&self.blocks[block as usize], index).each_ref().map(Element::unpacked);
        Affine { x, y }.negated_if(negative)
    }

    /// As [`Self::entry`], of a number that is public: its place in the table shows.
    pub(super) fn public_entry(&self, odd: &Scalar<C, N>, column: u32, block: u32) -> Affine<C, N> {
        let (index, negative) = Self::index_and_sign(&Self::bits(odd), column, block);
        let [x, y] = self.blocks[block as usize][index].each_ref().map(Element::unpacked);
        Affine { x, y }.negated_if(negative)
    }

    fn bits(odd: &Scalar<C, N>) -> SignedBits<'_, C, N> {
        SignedBits::new(odd, TEETH * Self::SPACING)
    }

    fn index_and_sign(bits: &SignedBits<'_, C, N>, column: u32, block: u32) -> (usize, i64) {
        let position = |tooth| tooth * Self::SPACING + block * Self::COLUMNS + column;
        let window = (0..TEETH).fold(0, |window, tooth| window | (bits.window(position(tooth), 1) << tooth));
        index_and_sign(window, TEETH)
    }
}
