//! Points of a curve, and their sums.
//!
//! Jacobian coordinates (x / z^2, y / z^3) are the fastest, but their sums are wrong where both points are the same, opposite, or where
//! one is the neutral element: then z is 0, and stays so. Who uses them knows that this can not be, or looks in the end. Homogeneous
//! coordinates (x / z, y / z) have formulas without exceptions.

use super::curve::Curve;
use super::field::Element;

/// A point that is not the neutral element.
#[derive(Debug, Clone, Copy)]
pub(super) struct Affine<C, const N: usize> {
    pub(super) x: Element<C, N>,
    pub(super) y: Element<C, N>,
}

/// A point in Jacobian coordinates.
#[derive(Debug, Clone, Copy)]
pub(super) struct Jacobian<C, const N: usize> {
    pub(super) x: Element<C, N>,
    pub(super) y: Element<C, N>,
    pub(super) z: Element<C, N>,
}

/// A point in Jacobian coordinates that is added to many: with the powers of z that this takes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Addend<C, const N: usize> {
    pub(super) point: Jacobian<C, N>,
    pub(super) z_squared: Element<C, N>,
    pub(super) z_cubed: Element<C, N>,
}

/// A point in homogeneous coordinates.
#[derive(Debug, Clone, Copy)]
pub(super) struct Homogeneous<C, const N: usize> {
    pub(super) x: Element<C, N>,
    pub(super) y: Element<C, N>,
    pub(super) z: Element<C, N>,
}

impl<C: Curve<N>, const N: usize> Affine<C, N> {
    pub(super) const GENERATOR: Self =
        Self { x: Element::constant(&C::GENERATOR[0], 1), y: Element::constant(&C::GENERATOR[1], 1) };
    const B: Element<C, N> = Element::constant(&C::B, 1);

    /// The point with these coordinates, if it is one of the curve.
    pub(super) fn new(x: Element<C, N>, y: Element<C, N>) -> Option<Self> {
        y.square().equals(&Self::y_squared(&x)).then_some(Self { x, y })
    }

    /// A point with this x, if the curve has one; in variable time.
    pub(super) fn with_x(x: Element<C, N>) -> Option<Self> {
        let y = Self::y_squared(&x).square_root()?;
        Some(Self { x, y })
    }

    /// x^3 - 3x + b
    fn y_squared(x: &Element<C, N>) -> Element<C, N> {
        x.square().multiply(x).minus(&x.times(3)).plus(&Self::B).tidy()
    }

    /// The negative where the mask is all ones.
    pub(super) fn negated_if(&self, mask: i64) -> Self {
        Self { x: self.x, y: self.y.negated_if(mask) }
    }

    pub(super) fn to_jacobian(self) -> Jacobian<C, N> {
        Jacobian { x: self.x, y: self.y.tidy(), z: Element::ONE }
    }

    pub(super) fn to_homogeneous(self) -> Homogeneous<C, N> {
        Homogeneous { x: self.x, y: self.y, z: Element::ONE }
    }

    /// All of the points in affine coordinates. None of them is the neutral element.
    pub(super) fn of_all(points: &[Jacobian<C, N>]) -> Vec<Self> {
        // The inverse of the product of all z gives the inverse of each.
        let mut product = Element::ONE;
        let before: Vec<_> = points
            .iter()
            .map(|point| {
                let before = product;
                product = product.multiply(&point.z);
                before
            })
            .collect();
        let mut inverse = product.invert();
        let mut all: Vec<_> = points
            .iter()
            .zip(before)
            .rev()
            .map(|(point, before)| {
                let z = inverse.multiply(&before);
                inverse = inverse.multiply(&point.z);
                let z_squared = z.square();
                Self { x: point.x.multiply(&z_squared), y: point.y.multiply(&z_squared.multiply(&z)) }
            })
            .collect();
        all.reverse();
        all
    }
}

impl<C: Curve<N>, const N: usize> Jacobian<C, N> {
    /// Twice the point.
    pub(super) fn double(&self) -> Self {
        let z_squared = self.z.square();
        let y_squared = self.y.square();
        let base = self.x.multiply(&y_squared);
        // (3x^2 - 3z^4) / 2: with half the slope and half the z, there are no multiples to be made.
        let slope = self.x.minus(&z_squared).times(3).half().tidy().multiply(&self.x.plus(&z_squared));
        let x = slope.square().minus(&base.times(2)).tidy();
        let y = slope.multiply(&base.minus(&x)).minus(&y_squared.square()).tidy();
        Self { x, y, z: self.y.multiply(&self.z) }
    }

    /// The sum, if the points are neither the same nor opposite.
    pub(super) fn add(&self, other: &Addend<C, N>) -> Self {
        let z_squared = self.z.square();
        let x1 = self.x.multiply(&other.z_squared);
        let y1 = self.y.multiply(&other.z_cubed);
        let x2 = other.point.x.multiply(&z_squared);
        let y2 = other.point.y.multiply(&z_squared.multiply(&self.z));
        Self::sum((&x1, &y1), (&x2, &y2), &self.z.multiply(&other.point.z))
    }

    /// The sum, if the points are neither the same nor opposite.
    pub(super) fn add_affine(&self, other: &Affine<C, N>) -> Self {
        let z_squared = self.z.square();
        let x = other.x.multiply(&z_squared);
        let y = other.y.multiply(&z_squared.multiply(&self.z));
        Self::sum((&self.x, &self.y), (&x, &y), &self.z)
    }

    /// The sum of two points that have the same z.
    #[inline(always)]
    fn sum(
        (x1, y1): (&Element<C, N>, &Element<C, N>),
        (x2, y2): (&Element<C, N>, &Element<C, N>),
        z: &Element<C, N>,
    ) -> Self {
        let width = x2.minus_tidy(x1);
        let height = y2.minus_tidy(y1);
        let squared = width.square();
        let cubed = squared.multiply(&width);
        let base = x1.multiply(&squared);
        let x = height.square().minus(&cubed).minus(&base.times(2)).tidy();
        let y = height.multiply(&base.minus(&x)).minus(&y1.multiply(&cubed)).tidy();
        Self { x, y, z: z.multiply(&width) }
    }

    /// The negative where the mask is all ones.
    pub(super) fn negated_if(&self, mask: i64) -> Self {
        Self { y: self.y.negated_if(mask), ..*self }
    }

    /// The point itself, its sign no longer one of limbs.
    pub(super) fn tidy(&self) -> Self {
        Self { y: self.y.tidy(), ..*self }
    }

    pub(super) fn to_addend(self) -> Addend<C, N> {
        let z_squared = self.z.square();
        Addend { point: self, z_squared, z_cubed: z_squared.multiply(&self.z) }
    }

    pub(super) fn to_homogeneous(self) -> Homogeneous<C, N> {
        Homogeneous { x: self.x.multiply(&self.z), y: self.y, z: self.z.square().multiply(&self.z) }
    }
}

impl<C: Curve<N>, const N: usize> Addend<C, N> {
    /// The negative where the mask is all ones.
    pub(super) fn negated_if(&self, mask: i64) -> Self {
        Self { point: self.point.negated_if(mask), ..*self }
    }
}

impl<C: Curve<N>, const N: usize> Homogeneous<C, N> {
    pub(super) const NEUTRAL: Self = Self { x: Element::ZERO, y: Element::ONE, z: Element::ZERO };

    /// The sum of any two points: Renes, Costello, Batina, "Complete addition formulas for prime order elliptic curves" (2016),
    /// algorithm 4.
    pub(super) fn add(&self, other: &Self) -> Self {
        let tripled = |element: &Element<C, N>| element.times(3).tidy();
        let crossed = |a: &Element<C, N>, b: &Element<C, N>, c: &Element<C, N>, d: &Element<C, N>| {
            a.multiply(d).plus(&b.multiply(c)).tidy()
        };
        let xx = self.x.multiply(&other.x);
        let yy = self.y.multiply(&other.y);
        let zz = self.z.multiply(&other.z);
        let xy = crossed(&self.x, &self.y, &other.x, &other.y);
        let yz = crossed(&self.y, &self.z, &other.y, &other.z);
        let xz = crossed(&self.x, &self.z, &other.x, &other.z);

        let offset = tripled(&xz.minus(&Affine::B.multiply(&zz)));
        let (above, below) = (yy.plus(&offset).tidy(), yy.minus(&offset).tidy());
        let zz = tripled(&zz);
        let linear = tripled(&Affine::B.multiply(&xz).minus(&zz).minus(&xx));
        let slope = tripled(&xx).minus(&zz).tidy();
        Self {
            x: xy.multiply(&above).minus(&yz.multiply(&linear)).tidy(),
            y: above.multiply(&below).plus(&slope.multiply(&linear)).tidy(),
            z: yz.multiply(&below).plus(&xy.multiply(&slope)).tidy(),
        }
    }

    /// In affine coordinates, if it is not the neutral element.
    pub(super) fn to_affine(self) -> Affine<C, N> {
        let inverse = self.z.invert();
        Affine { x: self.x.multiply(&inverse), y: self.y.multiply(&inverse) }
    }
}
