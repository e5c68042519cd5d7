//! Sums of points where formulas have exceptions.

use crate::nist::curve::Curve;
use crate::nist::field::Element;
use crate::nist::limbs;
use crate::nist::point::{Affine, Homogeneous};
use crate::nist::scalar::Scalar;
use crate::nist::{PrivateKey, PublicKey, p256::P256, p384::P384, p521::P521, variable_base};

fn same<C: Curve<N>, const N: usize>(one: &Homogeneous<C, N>, other: &Homogeneous<C, N>) -> bool {
    one.x.multiply(&other.z).equals(&other.x.multiply(&one.z))
        && one.y.multiply(&other.z).equals(&other.y.multiply(&one.z))
        && one.z.is_zero() == other.z.is_zero()
}

fn scalar<C: Curve<N>, const N: usize>(number: i64) -> Scalar<C, N> {
    let mut limbs = if number < 0 { C::ORDER.value } else { [0; N] };
    limbs[0] += number;
    Scalar::reduced(&limbs::carried(limbs, C::WIDTH))
}

/// Multiples from -40 to 40 of the generator, by additions that have no exceptions.
fn multiples<C: Curve<N>, const N: usize>() -> Vec<(i64, Homogeneous<C, N>)> {
    let generator = Affine::<C, N>::GENERATOR;
    let (mut up, mut down) = (Homogeneous::NEUTRAL, Homogeneous::NEUTRAL);
    let mut multiples = vec![(0, up)];
    for number in 1..=40 {
        up = up.add(&generator.to_homogeneous());
        down = generator.negated_if(-1).to_homogeneous().add(&down);
        multiples.extend([(number, up), (-number, down)]);
    }
    multiples
}

fn check<C: Curve<N>, const N: usize>() {
    let multiples = multiples::<C, N>();
    let generator = Affine::<C, N>::GENERATOR;
    assert!(Affine::new(generator.x, generator.y).is_some());
    for (number, expected) in &multiples {
        // Opposite and same points in every way: of the sum of two multiples, of the generator and of one of its multiples.
        for factor in [1, -1, 2, 31, -40] {
            let point = multiples.iter().find(|(multiple, _)| *multiple == factor).unwrap().1.to_affine();
            for of_point in [0, 1, -2, 5, -31] {
                let of_generator = number - factor * of_point;
                let sum = C::odd_multiples().sum_of_multiples(&scalar(of_generator), &scalar(of_point), &point);
                assert!(same(&sum, expected), "{number} = {of_generator} + {factor} * {of_point}");
            }
        }
        if *number == 0 {
            continue;
        }
        assert!(same(&C::comb().multiple(&scalar(*number)), expected), "{number}");
        let product = variable_base::multiple_or_negative(&scalar(*number), &generator);
        assert!(product.x.multiply(&expected.z).equals(&expected.x.multiply(&product.z)), "{number}");
        let jacobian = expected.to_affine().to_jacobian().double();
        assert!(same(&jacobian.to_homogeneous(), &expected.add(expected)));
    }
    let neutral = Homogeneous::<C, N>::NEUTRAL;
    assert!(same(&neutral.add(&neutral), &neutral));
    // What Jacobian coordinates can not add has z = 0.
    let point = generator.to_jacobian().double();
    for sign in [0, -1] {
        assert!(point.add(&point.negated_if(sign).to_addend()).z.is_zero());
        assert!(generator.to_jacobian().add_affine(&generator.negated_if(sign)).z.is_zero());
    }
}

/// The sum of a verification is the neutral element, or its x is not below the order.
fn check_verification<C: Curve<N>, const N: usize>() {
    let mut one = vec![0; C::BYTES];
    one[C::BYTES - 1] = 1;
    let key = PrivateKey::<C, N>::from_bytes(&one).unwrap();
    // With the generator as key, hash + r = 0 modulo the order.
    let mut hash = vec![0; C::BYTES];
    limbs::to_bytes(scalar::<C, N>(-1).number(), C::WIDTH, &mut hash);
    if !C::BITS.is_multiple_of(8) {
        // All bits of the octets count for hashes, so that the number is further up.
        let shifted = (0..C::BYTES).map(|index| hash[index] << 7 | hash.get(index + 1).map_or(0, |next| next >> 1));
        hash = shifted.collect();
    }
    let signature = crate::nist::Signature::from_bytes(&[&one[..], &one].concat()).unwrap();
    assert!(!key.public_key().verify_prehash(&hash, &signature));

    // Of a point whose x is the order + r, r is a right number: with s = r and hash = 0, the sum is the key itself.
    let mut found = 0;
    for r in 1..200 {
        let mut limbs = C::ORDER.value;
        limbs[0] += r;
        let Some(point) = Affine::<C, N>::with_x(Element::new(&limbs::carried(limbs, C::WIDTH))) else {
            continue;
        };
        let mut bytes = vec![0; C::BYTES];
        scalar::<C, N>(r).to_bytes(&mut bytes);
        let signature = crate::nist::Signature::from_bytes(&[&bytes[..], &bytes].concat()).unwrap();
        assert!(PublicKey(point).verify_prehash(&[0], &signature));
        assert!(!PublicKey(point).verify_prehash(&[0xff; 66], &signature));
        found += 1;
    }
    assert!(found > 50);
}

#[test]
fn p256() {
    check::<P256, 11>();
    check_verification::<P256, 11>();
}

#[test]
fn p384() {
    check::<P384, 14>();
    check_verification::<P384, 14>();
}

#[test]
fn p521() {
    check::<P521, 18>();
    check_verification::<P521, 18>();
}
