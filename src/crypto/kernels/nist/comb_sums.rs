//! Sums of two multiples, of the generator and of a point that has a comb, too, for what is public: in variable time. Both share their
//! few doublings.

use super::curve::Curve;
use super::fixed_base::{BLOCKS, Comb};
use super::point::{Affine, Homogeneous, Jacobian};
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
    let mut sum: Option<Jacobian<C, N>> = None;
    for column in (0..Comb::<C, N>::COLUMNS).rev() {
        sum = sum.map(|sum| sum.double());
        for (comb, (odd, is_negative)) in &multiples {
            for block in 0..BLOCKS {
                let addend = comb.public_entry(odd, column, block).negated_if(*is_negative);
                sum = Some(sum.map_or(addend.to_jacobian(), |sum| sum.add_affine(&addend)));
            }
        }
    }
    match sum {
        Some(sum) if !sum.z.is_zero() => sum.to_homogeneous(),
        // Two points that were added have been the same or opposite, or the sum is the neutral element.
        _ => slow_sum_of_multiples(of_generator, of_point, point),
    }
}
