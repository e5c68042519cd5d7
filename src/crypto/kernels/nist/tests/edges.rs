//! Sums of points where formulas have exceptions.

use super::Random;
use crate::nist::curve::Curve;
use crate::nist::field::Element;
use crate::nist::fixed_base::Comb;
use crate::nist::point::{Affine, Homogeneous};
use crate::nist::scalar::Scalar;
use crate::nist::shamir::slow_sum_of_multiples;
use crate::nist::signed_bits::SignedBits;
use crate::nist::{PrivateKey, PublicKey, comb_sums, known_keys, limbs, variable_base};
use crate::nist::{p256::P256, p384::P384, p521::P521};

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
            let comb = Comb::of(&point);
            for of_point in [0, 1, -2, 5, -31] {
                let of_generator = number - factor * of_point;
                let sum = C::odd_multiples().sum_of_multiples(&scalar(of_generator), &scalar(of_point), &point);
                assert!(same(&sum, expected), "{number} = {of_generator} + {factor} * {of_point}");
                let sum = comb_sums::sum_of_multiples(&scalar(of_generator), &scalar(of_point), &point, &comb);
                assert!(same(&sum, expected), "by combs, {number} = {of_generator} + {factor} * {of_point}");
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

/// Sums by combs are those of Shamir's trick, also where the points that are added last are the same or opposite.
fn check_comb_sums<C: Curve<N>, const N: usize>() {
    let mut random = Random(u64::from(C::BITS));
    let check = |factor: &Scalar<C, N>, of_generator: &Scalar<C, N>, of_point: &Scalar<C, N>| {
        let point = C::comb().multiple(factor).to_affine();
        let comb_sum = comb_sums::sum_of_multiples(of_generator, of_point, &point, &Comb::of(&point));
        let sum = slow_sum_of_multiples(of_generator, of_point, &point);
        assert!(same(&comb_sum, &sum));
        assert!(same(&comb_sum, &C::odd_multiples().sum_of_multiples(of_generator, of_point, &point)));
    };
    let mut number = || {
        let bytes = random.number(C::BITS - 1);
        Scalar::<C, N>::reduced(&limbs::from_bytes(&bytes, C::WIDTH)).plus(&scalar(1))
    };
    for _ in 0..20 {
        let (factor, of_generator, of_point) = (number(), number(), number());
        check(&factor, &of_generator, &of_point);

        // What the point's comb adds last: a multiple of the point that is looked up among its powers of two.
        let (odd, is_negative) = of_point.odd();
        let last = last_multiple::<C, N>(&odd);
        let last = if is_negative == 0 { last } else { last.times(&scalar(-1)) };
        let rest = of_point.plus(&last.times(&scalar(-1)));
        for sign in [1, -1] {
            // The sum is the last addend, or its negative, before that is added.
            let before = last.times(&scalar(sign)).plus(&rest.times(&scalar(-1)));
            check(&factor, &before.times(&factor), &of_point);
        }
    }
    // All powers that stand in a table.
    for power in 0..20 {
        let power = power_of_two(power * Comb::<C, N>::COLUMNS);
        for factor in [power.clone(), power.times(&scalar(-1))] {
            check(&factor, &scalar(1), &scalar(1));
            check(&factor, &power, &scalar(-1));
            check(&factor, &number(), &number());
        }
    }
}

fn power_of_two<C: Curve<N>, const N: usize>(exponent: u32) -> Scalar<C, N> {
    (0..exponent).fold(scalar(1), |power, _| power.plus(&power))
}

/// The multiple of its point that a comb adds last for an odd number: the lowest column of the last block.
fn last_multiple<C: Curve<N>, const N: usize>(odd: &Scalar<C, N>) -> Scalar<C, N> {
    let columns = Comb::<C, N>::COLUMNS;
    let bits = SignedBits::new(odd, 20 * columns);
    (0..5).fold(scalar(0), |sum, tooth| {
        let position = tooth * 4 * columns + 3 * columns;
        let sign = 2 * bits.window(position, 1) - 1;
        sum.plus(&power_of_two(position).times(&scalar(sign)))
    })
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
    known_keys::meet(&key.public_key().0);
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
        // The second time the key is known.
        for _ in 0..2 {
            assert!(PublicKey(point).verify_prehash(&[0], &signature));
            assert!(!PublicKey(point).verify_prehash(&[0xff; 66], &signature));
        }
        found += 1;
    }
    assert!(found > 50);
}

#[test]
fn p256() {
    check::<P256, 11>();
    check_comb_sums::<P256, 11>();
    check_verification::<P256, 11>();
}

#[test]
fn p384() {
    check::<P384, 14>();
    check_comb_sums::<P384, 14>();
    check_verification::<P384, 14>();
}

#[test]
fn p521() {
    check::<P521, 18>();
    check_comb_sums::<P521, 18>();
    check_verification::<P521, 18>();
}
