//! What must not be done with secrets, for the check of constant time to find: one export for each kind of leak, `leaky_KIND` or
//! `leaky_KIND_...`.

use std::hint::black_box;

use crate::secret::{secret, secret_vector};

/// A table whose entries are not to be computed without it.
fn table() -> [u8; 256] {
    let mut table = [0; 256];
    for (index, entry) in table.iter_mut().enumerate() {
        *entry = (index as u8).wrapping_mul(167).rotate_left(3);
    }
    black_box(table)
}

/// Reads a table by a secret byte.
#[unsafe(no_mangle)]
pub extern "C" fn leaky_address() -> u32 {
    let [index] = secret();
    u32::from(table()[usize::from(index)])
}

/// Writes a table by a secret byte.
#[unsafe(no_mangle)]
pub extern "C" fn leaky_address_store() -> u32 {
    let [index] = secret();
    let mut table = table();
    table[usize::from(index)] = 1;
    u32::from(black_box(table)[7])
}

/// Compares until bytes differ.
#[unsafe(no_mangle)]
pub extern "C" fn leaky_branch_comparison() -> u32 {
    let (one, other) = (secret_vector(16), secret_vector(16));
    for (left, right) in one.iter().zip(&other) {
        if black_box(left) != black_box(right) {
            return 0;
        }
    }
    1
}

/// Multiplies where a bit of a key is set.
#[unsafe(no_mangle)]
pub extern "C" fn leaky_branch_exponent() -> u32 {
    let exponent = u32::from_le_bytes(secret());
    let mut result = 1u32;
    for bit in (0..32).rev() {
        result = black_box(result.wrapping_mul(result));
        if exponent >> bit & 1 == 1 {
            result = black_box(result.wrapping_mul(3));
        }
    }
    result
}

/// Looks a case up by a secret.
#[unsafe(no_mangle)]
pub extern "C" fn leaky_branch_cases() -> u32 {
    let [case] = secret();
    match case % 5 {
        0 => black_box(3),
        1 => black_box(case.into()),
        2 => table()[0].into(),
        3 => black_box(1) + black_box(2),
        _ => black_box(5) * black_box(7),
    }
}

/// Calls a function by a secret.
#[unsafe(no_mangle)]
pub extern "C" fn leaky_call() -> u32 {
    let functions: [fn(u32) -> u32; 2] = [|number| number + 1, |number| number * 3];
    let [index] = secret();
    black_box(functions)[usize::from(index & 1)](4)
}

/// Divides by a secret.
#[unsafe(no_mangle)]
pub extern "C" fn leaky_division() -> u32 {
    1_000_003 / (u32::from_le_bytes(secret()) | 1)
}

/// The remainder of a secret.
#[unsafe(no_mangle)]
pub extern "C" fn leaky_division_remainder() -> u32 {
    (u64::from_le_bytes(secret()) % black_box(1_000_003)) as u32
}

/// Fills as many bytes as a secret says.
#[unsafe(no_mangle)]
pub extern "C" fn leaky_length() -> u32 {
    let [length] = secret();
    let mut bytes = [0u8; 256];
    bytes[..usize::from(length)].fill(black_box(1));
    black_box(bytes).iter().copied().map(u32::from).sum()
}

/// A secret that took a way through memory, and through all that keeps some of it.
#[unsafe(no_mangle)]
pub extern "C" fn leaky_branch_far() -> u32 {
    let bytes: [u8; 64] = secret();
    let copies = black_box(&bytes).to_vec();
    let sum = copies.iter().fold(0u64, |sum, byte| sum.rotate_left(9) ^ (sum.wrapping_mul(5) + u64::from(*byte)));
    if black_box(sum) >> 63 == 1 { black_box(1) } else { black_box(2) + black_box(3) }
}

/// Multiplies what a secret makes subnormal.
#[unsafe(no_mangle)]
pub extern "C" fn leaky_double() -> u32 {
    let [low] = secret();
    let number = f64::from_bits(u64::from(black_box(low)) | 1);
    (black_box(number * black_box(0.75)).to_bits() >> 3) as u32
}
