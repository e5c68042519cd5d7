//! Sums of two multiples, of the generator and of a point that has a comb, too, for what is public: in variable time. Both share their
//! few doublings.

use super::curve::Curve;
use super::fixed_base::{BLOCKS, Comb};
use super::point::{Affine, Homogeneous};
use super::scalar::Scalar;
use super::shamir::slow_sum_of_multiples;

/// `of_generator` times the generator plus `of_point` times the point, whose comb it is.
pub(super) fn sum_of_multiples<C: Curve<N>, const N: usize>(
    of_generator: &Scalar<C, N>,
    of_point: &Scalar<C, N>,
    point: &Affine<C, N>,
    comb: &Comb<C, N>,
) -> Homogeneous<C, N> {
    let multiples = [(C::comb(), of_generator.odd()), (comb, of_point.odd())];
    let entry = |column, place: u32| {
        let (comb, (odd, is_negative)) = &multiples[(place / BLOCKS) as usize];
        comb.public_entry(odd, column, place % BLOCKS).negated_if(*is_negative)
    };
    let highest = Comb::<C, N>::COLUMNS - 1;
    let mut sum = entry(highest, 0).to_jacobian();
    for column in (0..=highest).rev() {
        let first = if column == highest {
            1
        } else {
            sum = sum.double();
            0
        };
        for place in first..2 * BLOCKS {
            sum = sum.add_affine(&entry(column, place));
        }
    }
    if sum.z.is_zero() {
        // Two points that were added have been the same or opposite, or the sum is the neutral element.
        return slow_sum_of_multiples(of_generator, of_point, point);
    }
    sum.to_homogeneous()
}
