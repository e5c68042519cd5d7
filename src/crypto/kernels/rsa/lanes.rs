//! Four limbs beside each other: vectors of WebAssembly, and the same in plain Rust for every other machine.

#[cfg(target_arch = "wasm32")]
mod vectors {
    use core::arch::wasm32::{
        u32x4, u32x4_splat, u64x2, u64x2_add, u64x2_extmul_high_u32x4, u64x2_extmul_low_u32x4, u64x2_extract_lane, v128,
    };

    /// Four limbs.
    #[derive(Clone, Copy)]
    pub(in crate::rsa) struct Limbs(v128);

    impl Limbs {
        #[inline(always)]
        pub(in crate::rsa) fn load(&[a, b, c, d]: &[u32; 4]) -> Self {
            Self(u32x4(a, b, c, d))
        }

        #[inline(always)]
        pub(in crate::rsa) fn splat(limb: u32) -> Self {
            Self(u32x4_splat(limb))
        }
    }

    /// Sums of products in four columns.
    #[derive(Clone, Copy)]
    pub(in crate::rsa) struct Columns(v128, v128);

    impl Columns {
        #[inline(always)]
        pub(in crate::rsa) fn load(&[a, b, c, d]: &[u64; 4]) -> Self {
            Self(u64x2(a, b), u64x2(c, d))
        }

        #[inline(always)]
        pub(in crate::rsa) fn store(self, to: &mut [u64; 4]) {
            to[0] = u64x2_extract_lane::<0>(self.0);
            to[1] = u64x2_extract_lane::<1>(self.0);
            to[2] = u64x2_extract_lane::<0>(self.1);
            to[3] = u64x2_extract_lane::<1>(self.1);
        }

        #[inline(always)]
        pub(in crate::rsa) fn plus_product(self, factor: Limbs, limbs: Limbs) -> Self {
            Self(
                u64x2_add(self.0, u64x2_extmul_low_u32x4(factor.0, limbs.0)),
                u64x2_add(self.1, u64x2_extmul_high_u32x4(factor.0, limbs.0)),
            )
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod vectors {
    /// Four limbs.
    #[derive(Clone, Copy)]
    pub(in crate::rsa) struct Limbs([u32; 4]);

    impl Limbs {
        #[inline(always)]
        pub(in crate::rsa) fn load(limbs: &[u32; 4]) -> Self {
            Self(*limbs)
        }

        #[inline(always)]
        pub(in crate::rsa) fn splat(limb: u32) -> Self {
            Self([limb; 4])
        }
    }

    /// Sums of products in four columns.
    #[derive(Clone, Copy)]
    pub(in crate::rsa) struct Columns([u64; 4]);

    impl Columns {
        #[inline(always)]
        pub(in crate::rsa) fn load(columns: &[u64; 4]) -> Self {
            Self(*columns)
        }

        #[inline(always)]
        pub(in crate::rsa) fn store(self, to: &mut [u64; 4]) {
            *to = self.0;
        }

        #[inline(always)]
        pub(in crate::rsa) fn plus_product(self, factor: Limbs, limbs: Limbs) -> Self {
            let mut columns = self.0;
            for lane in 0..4 {
                columns[lane] += u64::from(factor.0[lane]) * u64::from(limbs.0[lane]);
            }
            Self(columns)
        }
    }
}

pub(super) use vectors::{Columns, Limbs};
