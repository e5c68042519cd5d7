//! Arithmetic of elements and scalars, against one of numbers of any size.

use num_bigint::BigUint;

use super::Random;
use crate::nist::curve::Curve;
use crate::nist::field::Element;
use crate::nist::limbs::{self, Limbs};
use crate::nist::scalar::Scalar;
use crate::nist::{p256::P256, p384::P384, p521::P521};

fn number<C: Curve<N>, const N: usize>(limbs: &Limbs<N>) -> BigUint {
    let mut bytes = vec![0; C::BYTES];
    limbs::to_bytes(limbs, C::WIDTH, &mut bytes);
    BigUint::from_bytes_be(&bytes)
}

fn limbs<C: Curve<N>, const N: usize>(number: &BigUint) -> Limbs<N> {
    limbs::from_bytes(&number.to_bytes_be(), C::WIDTH)
}

fn check_elements<C: Curve<N>, const N: usize>() {
    let modulus = number::<C, N>(&C::FIELD.value);
    let mut random = Random(u64::from(C::BITS));
    let mut element = || {
        let value = BigUint::from_bytes_be(&random.number(C::BITS)) % &modulus;
        (Element::<C, N>::new(&limbs::<C, N>(&value)), value)
    };
    let is = |element: Element<C, N>, value: BigUint| assert_eq!(number::<C, N>(&element.number()), value % &modulus);
    for _ in 0..2000 {
        let ((a, x), (b, y), (c, z)) = (element(), element(), element());
        is(a, x.clone());
        is(a.multiply(&b), &x * &y);
        is(a.square(), &x * &x);
        is(a.plus(&b).multiply(&c), (&x + &y) * &z);
        is(a.minus(&b).multiply(&c), (&x + &modulus - &y) * &z);
        is(c.multiply(&b.minus(&a)), (&y + &modulus - &x) * &z);
        is(
            a.times(8).plus(&b).tidy().multiply(&b.minus(&c.times(12)).tidy()),
            (&x * 8u32 + &y) * (&y + (&modulus - &z) * 12u32),
        );
        is(a.negated_if(-1).square(), &x * &x);
        is(Element::unpacked(&a.packed()), x.clone());
        assert_eq!(a.equals(&b), x == y);
        assert!(a.plus(&b).minus(&b).tidy().equals(&a));
        assert_eq!(a.minus(&b).tidy().is_zero(), x == y);
        let root = a.square().square_root().unwrap();
        assert!(root.equals(&a) || root.equals(&a.negated_if(-1)));
    }
    for _ in 0..200 {
        let (a, x) = element();
        is(a.invert(), x.modpow(&(&modulus - 2u32), &modulus));
    }
    for edge in [0u32, 1, 2, 3] {
        for value in [BigUint::from(edge), &modulus - 1u32 - edge] {
            let a = Element::<C, N>::new(&limbs::<C, N>(&value));
            is(a, value.clone());
            is(a.invert(), value.modpow(&(&modulus - 2u32), &modulus));
            is(a.square(), &value * &value);
        }
    }
}

/// Limbs that are as large as may be, of either sign: an overflow would be a panic here. They are half as large where the curve carries to
/// the nearest: those curves divide by another power of two than that of all limbs.
fn check_largest_limbs<C: Curve<N>, const N: usize>() {
    let modulus = number::<C, N>(&C::FIELD.value);
    let half = if C::RADIX != C::WIDTH * N as u32 { 1 << (C::WIDTH - 1) } else { limbs::mask(C::WIDTH) };
    for highest in [0, 1, half / 64] {
        let mut limbs = [half as i32; N];
        limbs[N - 1] = highest as i32;
        let element = Element::<C, N>::unpacked(&limbs);
        let value = number::<C, N>(&element.number());
        for sign in [0, -1] {
            let one = element.negated_if(sign);
            let three = element.times(3);
            let (is, expected) = (three.multiply(&one), &value * &value * 3u32);
            let expected = if sign == 0 { expected } else { (&modulus - 1u32) * expected };
            assert_eq!(number::<C, N>(&is.number()), expected % &modulus);
            assert_eq!(number::<C, N>(&element.times(-40).tidy().number()), (&modulus - &value) * 40u32 % &modulus);
        }
    }
}

fn check_scalars<C: Curve<N>, const N: usize>() {
    let order = number::<C, N>(&C::ORDER.value);
    let mut random = Random(u64::from(C::BITS) + 1);
    let mut scalar = || {
        let value = BigUint::from_bytes_be(&random.number(C::BITS)) % &order;
        (Scalar::<C, N>::reduced(&limbs::<C, N>(&value)), value)
    };
    let is = |scalar: Scalar<C, N>, value: BigUint| assert_eq!(number::<C, N>(scalar.number()), value % &order);
    for _ in 0..2000 {
        let ((a, x), (b, y)) = (scalar(), scalar());
        is(a.times(&b), &x * &y);
        is(a.plus(&b), &x + &y);
        if !a.is_zero() {
            let (odd, is_negative) = a.odd();
            assert_eq!(odd.number()[0] & 1, 1);
            is(odd, if is_negative == 0 { x.clone() } else { &order - &x });
        }
    }
    for _ in 0..200 {
        let (a, x) = scalar();
        is(a.invert(), x.modpow(&(&order - 2u32), &order));
    }
    for value in [1u32, 2, 3].map(BigUint::from).into_iter().flat_map(|small| [&order - &small, small]) {
        is(Scalar::<C, N>::reduced(&limbs::<C, N>(&value)).invert(), value.modpow(&(&order - 2u32), &order));
    }
    let in_range = |value: &BigUint| {
        let bytes = value.to_bytes_be();
        Scalar::<C, N>::from_bytes(&[vec![0; C::BYTES - bytes.len()], bytes].concat()).is_some()
    };
    assert!(in_range(&BigUint::from(1u32)) && in_range(&(&order - 1u32)));
    for bad in [BigUint::ZERO, order.clone(), &order + 1u32, (BigUint::from(1u32) << (8 * C::BYTES)) - 1u32] {
        assert!(!in_range(&bad));
    }
}

macro_rules! curves {
    ($($name:ident: $curve:ty, $limbs:literal;)*) => {$(
        mod $name {
            use super::*;

            #[test]
            fn elements() {
                check_elements::<$curve, $limbs>();
            }

            #[test]
            fn largest_limbs() {
                check_largest_limbs::<$curve, $limbs>();
            }

            #[test]
            fn scalars() {
                check_scalars::<$curve, $limbs>();
            }
        }
    )*};
}

curves! {
    p256: P256, 11;
    p384: P384, 14;
    p521: P521, 18;
}
