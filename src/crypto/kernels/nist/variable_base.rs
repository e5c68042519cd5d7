//! Secret multiples of a point: windows of five signed bits.

use super::curve::Curve;
use super::field::Element;
use super::point::{Addend, Affine, Homogeneous, Jacobian};
use super::scalar::Scalar;
use super::signed_bits::{SignedBits, index_and_sign};
use super::table;

/// The bits of a window.
const WINDOW: u32 = 5;

/// The multiple, or its negative: the x coordinate is the same. The scalar is not 0.
///
/// No sum but the last can be of points that are the same or opposite: before it, the multiple that has been reached is an odd number
/// below order / 32, and adding d means adding it to 32 times that, with |d| < 32. In the last, both can be the same multiple modulo the
/// order.
pub(super) fn multiple_or_negative<C: Curve<N>, const N: usize>(
    scalar: &Scalar<C, N>,
    point: &Affine<C, N>,
) -> Homogeneous<C, N> {
    let multiples = odd_multiples(point);
    let (odd, _) = scalar.odd();
    let length = C::BITS.next_multiple_of(WINDOW);
    let bits = SignedBits::new(&odd, length);
    let addend = |position| {
        let (index, negative) = index_and_sign(bits.window(position, WINDOW), WINDOW);
        let [x, y, z, z_squared, z_cubed] = table::select(&multiples, index).each_ref().map(Element::unpacked);
        Addend { point: Jacobian { x, y, z }, z_squared, z_cubed }.negated_if(negative)
    };
    let shifted = |mut sum: Jacobian<C, N>| {
        for _ in 0..WINDOW {
            sum = sum.double();
        }
        sum
    };
    let mut sum = addend(length - WINDOW).point.tidy();
    for position in (WINDOW..length - WINDOW).step_by(WINDOW as usize).rev() {
        sum = shifted(sum).add(&addend(position));
    }
    shifted(sum).to_homogeneous().add(&addend(0).point.to_homogeneous())
}

/// The multiples 1, 3, 5, ..., 31: x, y, z, z^2, z^3.
fn odd_multiples<C: Curve<N>, const N: usize>(point: &Affine<C, N>) -> [[[i32; N]; 5]; 1 << (WINDOW - 1)] {
    let mut multiple = point.to_jacobian();
    let twice = multiple.double().to_addend();
    std::array::from_fn(|index| {
        if index > 0 {
            multiple = multiple.add(&twice);
        }
        let Addend { point, z_squared, z_cubed } = multiple.to_addend();
        [point.x, point.y, point.z, z_squared, z_cubed].map(|element| element.packed())
    })
}
