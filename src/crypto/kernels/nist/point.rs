//! Points of a curve, and their sums.
//!
//! Jacobian coordinates (x / z^2, y / z^3) are the fastest, but their sums are wrong where both points are the same, opposite, or where
//! one is the neutral element: then z is 0, and stays so. Who uses them knows that this can not be, or looks in the end. Homogeneous
//! coordinates (x / z, y / z) have formulas without exceptions.

use super::curve::Curve;
use super::field::Element;

/// A point that is not the neutral element.
#[derive(Debug, Clone, Copy)]
pub(super) struct Affine<C: Curve<N>, const N: usize> {
    pub(super) x: Element<C, N>,
    pub(super) y: Element<C, N>,
}

/// A point in Jacobian coordinates.
#[derive(Debug, Clone, Copy)]
pub(super) struct Jacobian<C: Curve<N>, const N: usize> {
    pub(super) x: Element<C, N>,
    pub(super) y: Element<C, N>,
    pub(super) z: Element<C, N>,
}

/// A point in Jacobian coordinates that is added to many: with the powers of z that this takes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Addend<C: Curve<N>, const N: usize> {
    pub(super) point: Jacobian<C, N>,
    pub(super) z_squared: Element<C, N>,
    pub(super) z_cubed: Element<C, N>,
}

/// A point in homogeneous coordinates.
#[derive(Debug, Clone, Copy)]
pub(super) struct Homogeneous<C: Curve<N>, const N: usize> {
    pub(super) x: Element<C, N>,
    pub(super) y: Element<C, N>,
    pub(super) z: Element<C, N>,
}

impl<C: Curve<N>, const N: usize> Affine<C, N> {
    pub(super) const GENERATOR: Self = Self { x: Element::GENERATOR[0], y: Element::GENERATOR[1] };

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
        x.square().multiply(x).minus(&x.times(3)).plus(&Element::B).tidy()
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
        let [z_squared, y_squared] = Element::products([&self.z, &self.z], [&self.y, &self.y]);
        let difference = self.x.minus(&z_squared).times(3).tidy();
        let [slope, base] = Element::products([&difference, &self.x.plus(&z_squared)], [&self.x, &y_squared]);
        let [x, height] = Element::products_minus([&slope, &slope], &base.times(8), [&y_squared, &y_squared]);
        let width = base.times(4).minus(&x).tidy();
        let [y, z] = Element::products_minus([&slope, &width], &height.times(8), [&self.y.times(2), &self.z]);
        Self { x, y, z }
    }

    /// The sum, if the points are neither the same nor opposite.
    pub(super) fn add(&self, other: &Addend<C, N>) -> Self {
        let [z_squared, z] = Element::products([&self.z, &self.z], [&self.z, &other.point.z]);
        let [z_cubed, x] = Element::products([&z_squared, &self.z], [&self.x, &other.z_squared]);
        let [width, y] = Element::products_minus([&other.point.x, &z_squared], &x, [&self.y, &other.z_cubed]);
        let [height, squared] = Element::products_minus([&other.point.y, &z_cubed], &y, [&width, &width]);
        Self { x, y, z }.sum(&width, &squared, &height)
    }

    /// The sum, if the points are neither the same nor opposite.
    pub(super) fn add_affine(&self, other: &Affine<C, N>) -> Self {
        let z_squared = self.z.square();
        let [width, z_cubed] = Element::products_minus([&other.x, &z_squared], &self.x, [&z_squared, &self.z]);
        let [height, squared] = Element::products_minus([&other.y, &z_cubed], &self.y, [&width, &width]);
        self.sum(&width, &squared, &height)
    }

    /// The sum of two points that have the same z: of what the x, and y, of the other is more, and the square of the former.
    #[inline(always)]
    fn sum(&self, width: &Element<C, N>, squared: &Element<C, N>, height: &Element<C, N>) -> Self {
        let [base, cubed] = Element::products([&self.x, squared], [width, squared]);
        let [x, part] = Element::products_minus([height, height], &base.times(2).plus(&cubed), [&self.y, &cubed]);
        let [y, z] = Element::products_minus([height, &base.minus(&x)], &part, [&self.z, width]);
        Self { x, y, z }
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
        let crossed = |a: &Element<C, N>, b: &Element<C, N>, c: &Element<C, N>, d: &Element<C, N>| {
            let [one, other] = Element::products([a, d], [b, c]);
            one.plus(&other)
        };
        let [xx, zz] = Element::products([&self.x, &other.x], [&self.z, &other.z]);
        let xy = crossed(&self.x, &self.y, &other.x, &other.y);
        let yz = crossed(&self.y, &self.z, &other.y, &other.z);
        let xz = crossed(&self.x, &self.z, &other.x, &other.z);
        // A third of what is called
        let [offset, yy] = Element::products_minus([&Element::B, &zz], &xz, [&self.y, &other.y]);
        let difference = xx.minus(&zz);
        let [linear, xy_slope] =
            Element::products_minus([&Element::B, &xz], &zz.times(3).plus(&xx), [&xy, &difference.tidy()]);
        let [yz_linear, slope_linear] = Element::products([&yz, &linear], [&difference, &linear]);
        let above = yy.minus(&offset.times(3)).tidy();
        let below = yy.plus(&offset.times(3)).tidy();
        let [x, y] = Element::products([&xy, &above], [&above, &below]);
        Self {
            x: x.minus(&yz_linear.times(3)).tidy(),
            y: y.plus(&slope_linear.times(9)).tidy(),
            z: yz.multiply(&below).plus(&xy_slope.times(3)).tidy(),
        }
    }

    /// In affine coordinates, if it is not the neutral element.
    pub(super) fn to_affine(self) -> Affine<C, N> {
        let inverse = self.z.invert();
        Affine { x: self.x.multiply(&inverse), y: self.y.multiply(&inverse) }
    }
}
