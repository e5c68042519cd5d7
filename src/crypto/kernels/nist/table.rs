//! Tables whose entries are chosen without showing which.

use std::hint::black_box;

/// One of the entries, which are all read.
pub(super) fn select<const K: usize, const N: usize>(entries: &[[[i32; N]; K]], index: usize) -> [[i32; N]; K] {
    let mut selected = [[0; N]; K];
    let index = index as i32;
    for (place, entry) in entries.iter().enumerate() {
        let difference = place as i32 ^ index;
        // All ones where they are the same.
        // What the compiler does not know to be that, it makes no branch of.
        let mask = black_box(!((difference | difference.wrapping_neg()) >> 31));
        for (selected, limb) in selected.as_flattened_mut().iter_mut().zip(entry.as_flattened()) {
            *selected |= limb & mask;
        }
    }
    selected
}
