//! Vectors of sixteen bytes: WebAssembly's own (`simd128`), or plain arrays where there are none.
//!
//! Both have the same operations, and these alone; none of them takes a time that depends on what is in the vectors.

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod portable;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wasm;

use core::ops::{BitAnd, BitXor, BitXorAssign};

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub(crate) use portable::Vector;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub(crate) use wasm::Vector;

impl BitXor for Vector {
    type Output = Self;

    #[inline(always)]
    fn bitxor(self, other: Self) -> Self {
        self.xor(other)
    }
}

impl BitXorAssign for Vector {
    #[inline(always)]
    fn bitxor_assign(&mut self, other: Self) {
        *self = self.xor(other);
    }
}

impl BitAnd for Vector {
    type Output = Self;

    #[inline(always)]
    fn bitand(self, other: Self) -> Self {
        self.and(other)
    }
}

/// Constants that the compiler is not to know. What it knows of a table, it takes for shuffles by constants, which engines make
/// slower than swizzles by a register.
#[inline(always)]
pub(crate) fn unknown<T>(constants: &'static T) -> &'static T {
    core::hint::black_box(constants)
}

/// Byte `row` of vector `column` for byte `column` of vector `row`.
#[inline(always)]
pub(crate) fn transposed(rows: [Vector; 16]) -> [Vector; 16] {
    // Each time one bit of a vector's number moves into the place within the vector.
    interleaved(interleaved(interleaved(interleaved(rows))))
}

/// Each vector of the first half with its like of the second. Written out: what a loop looks up is not kept in registers.
#[inline(always)]
fn interleaved(rows: [Vector; 16]) -> [Vector; 16] {
    [
        rows[0].interleave_low(rows[8]),
        rows[0].interleave_high(rows[8]),
        rows[1].interleave_low(rows[9]),
        rows[1].interleave_high(rows[9]),
        rows[2].interleave_low(rows[10]),
        rows[2].interleave_high(rows[10]),
        rows[3].interleave_low(rows[11]),
        rows[3].interleave_high(rows[11]),
        rows[4].interleave_low(rows[12]),
        rows[4].interleave_high(rows[12]),
        rows[5].interleave_low(rows[13]),
        rows[5].interleave_high(rows[13]),
        rows[6].interleave_low(rows[14]),
        rows[6].interleave_high(rows[14]),
        rows[7].interleave_low(rows[15]),
        rows[7].interleave_high(rows[15]),
    ]
}

/// The same of words of four bytes.
#[inline(always)]
pub(crate) fn transposed_words(rows: [Vector; 4]) -> [Vector; 4] {
    let [a, b, c, d] = rows;
    let (low, high) = (a.interleave_low_words(c), a.interleave_high_words(c));
    let (low_odd, high_odd) = (b.interleave_low_words(d), b.interleave_high_words(d));
    [
        low.interleave_low_words(low_odd),
        low.interleave_high_words(low_odd),
        high.interleave_low_words(high_odd),
        high.interleave_high_words(high_odd),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(vector: Vector) -> [u8; 16] {
        let mut bytes = [0; 16];
        vector.store(&mut bytes);
        bytes
    }

    #[test]
    fn rows_become_columns() {
        let rows = core::array::from_fn(|row| Vector::load(&core::array::from_fn(|column| (16 * row + column) as u8)));
        for (column, vector) in transposed(rows).into_iter().enumerate() {
            assert_eq!(stored(vector), core::array::from_fn(|row| (16 * row + column) as u8));
        }
        let rows = core::array::from_fn(|row| Vector::from_words(core::array::from_fn(|word| (4 * row + word) as u32)));
        for (column, vector) in transposed_words(rows).into_iter().enumerate() {
            let words = Vector::from_words(core::array::from_fn(|row| (4 * row + column) as u32));
            assert_eq!(stored(vector), stored(words));
        }
    }

    #[test]
    fn bytes_are_taken_from_a_table() {
        let table = Vector::load(&core::array::from_fn(|place| 100 + place as u8));
        let places = [0, 15, 7, 0x80, 0x8f, 0xff, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11];
        let taken = [100, 115, 107, 0, 0, 0, 101, 102, 103, 104, 105, 106, 108, 109, 110, 111];
        assert_eq!(stored(table.swizzle(Vector::load(&places))), taken);
    }
}
