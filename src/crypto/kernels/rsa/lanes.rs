//! Four limbs beside each other: vectors of WebAssembly, and the same in plain Rust for every other machine.

#[cfg(target_arch = "wasm32")]
mod vectors {
    use core::arch::wasm32::{
        u64x2, u64x2_add, u64x2_extmul_high_u32x4, u64x2_extmul_low_u32x4, u64x2_extract_lane, v128,
    };

    /// A vector at any address.
    #[derive(Clone, Copy)]
    #[repr(C, packed)]
    struct Unaligned(v128);

    /// Four limbs.
    #[derive(Clone, Copy)]
    pub(in crate::rsa) struct Limbs(v128);

    impl Limbs {
        #[inline(always)]
        #[allow(unsafe_code)]
        pub(in crate::rsa) fn load(limbs: &[u32; 4]) -> Self {
            // Volatile, for the compiler to see nothing but a vector: else it makes 64 bits of each limb as it loads it, and then multiplies
            // those, which takes three times as long.
            // SAFETY: these are 16 octets that may be read, and no alignment is asked for.
            Self(unsafe { core::ptr::from_ref(limbs).cast::<Unaligned>().read_volatile() }.0)
        }
    }

    /// Sums of products in four columns.
    #[derive(Clone, Copy)]
    pub(in crate::rsa) struct Columns(v128, v128);

    impl Default for Columns {
        #[inline(always)]
        fn default() -> Self {
            Self::load(&[0; 4])
        }
    }

    impl Columns {
        #[inline(always)]
        pub(in crate::rsa) fn load(&[a, b, c, d]: &[u64; 4]) -> Self {
            Self(u64x2(a, b), u64x2(c, d))
        }

        #[inline(always)]
        pub(in crate::rsa) fn to_array(self) -> [u64; 4] {
            [
                u64x2_extract_lane::<0>(self.0),
                u64x2_extract_lane::<1>(self.0),
                u64x2_extract_lane::<0>(self.1),
                u64x2_extract_lane::<1>(self.1),
            ]
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
    }

    /// Sums of products in four columns.
    #[derive(Clone, Copy, Default)]
    pub(in crate::rsa) struct Columns([u64; 4]);

    impl Columns {
        #[inline(always)]
        pub(in crate::rsa) fn load(columns: &[u64; 4]) -> Self {
            Self(*columns)
        }

        #[inline(always)]
        pub(in crate::rsa) fn to_array(self) -> [u64; 4] {
            self.0
        }

        #[inline(always)]
        pub(in crate::rsa) fn plus_product(self, factor: Limbs, limbs: Limbs) -> Self {
            let product = |lane: usize| u64::from(factor.0[lane]) * u64::from(limbs.0[lane]);
            let [a, b, c, d] = self.0;
            Self([a + product(0), b + product(1), c + product(2), d + product(3)])
        }
    }
}

pub(super) use vectors::{Columns, Limbs};
