//! What is within, for comparisons of very many cases, and for measurements: not for use.

use super::curve::Curve;
use super::field::Element;
pub use super::known_keys::forget as forget_keys;
use super::limbs;
use super::scalar::Scalar;

/// The product of two numbers modulo the field's modulus, which both are below.
pub fn field_product<C: Curve<N>, const N: usize>(one: &[u8], other: &[u8]) -> Option<Vec<u8>> {
    let product = Element::<C, N>::from_bytes(one)?.multiply(&Element::from_bytes(other)?);
    let mut bytes = vec![0; C::BYTES];
    limbs::to_bytes(&product.number(), C::WIDTH, &mut bytes);
    Some(bytes)
}

/// (a - b)^2 and 3 * a * (a - b), added up, modulo the field's modulus: sums that are not carried before they are multiplied.
pub fn field_formula<C: Curve<N>, const N: usize>(one: &[u8], other: &[u8]) -> Option<Vec<u8>> {
    let (one, other) = (Element::<C, N>::from_bytes(one)?, Element::from_bytes(other)?);
    let difference = one.minus(&other);
    let sum = difference.tidy().square().plus(&one.times(3).tidy().multiply(&difference));
    let mut bytes = vec![0; C::BYTES];
    limbs::to_bytes(&sum.tidy().number(), C::WIDTH, &mut bytes);
    Some(bytes)
}

/// The product of two numbers modulo the order, from 1 to which both are, without it.
pub fn scalar_product<C: Curve<N>, const N: usize>(one: &[u8], other: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = vec![0; C::BYTES];
    Scalar::<C, N>::from_bytes(one)?.times(&Scalar::from_bytes(other)?).to_bytes(&mut bytes);
    Some(bytes)
}

/// The inverse of a number modulo the order, from 1 to which it is, without it.
pub fn scalar_inverse<C: Curve<N>, const N: usize>(number: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = vec![0; C::BYTES];
    Scalar::<C, N>::from_bytes(number)?.invert().to_bytes(&mut bytes);
    Some(bytes)
}
