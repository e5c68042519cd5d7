//! Whole numbers as limbs of `width` bits, the lowest first; what has no sign here has limbs from 0 to 2^width - 1.

/// A number, or a lazy one whose limbs have signs and more bits than `width` (see `nist::field`).
pub(crate) type Limbs<const N: usize> = [i64; N];

/// The lowest bits of a limb.
pub(crate) const fn mask(width: u32) -> i64 {
    (1 << width) - 1
}

/// Read hexadecimal digits, the highest first; spaces do not count. For constants.
pub(crate) const fn parse<const N: usize>(digits: &str, width: u32) -> Limbs<N> {
    let (digits, mut limbs) = (digits.as_bytes(), [0; N]);
    let (mut index, mut position) = (digits.len(), 0);
    while index > 0 {
        index -= 1;
        let digit = match digits[index] {
            digit @ b'0'..=b'9' => digit - b'0',
            digit @ b'a'..=b'f' => digit - b'a' + 10,
            _ => continue,
        };
        let mut bit = 0;
        while bit < 4 {
            // The number may fill fewer bits than its digits have.
            if digit >> bit & 1 == 1 {
                limbs[(position / width) as usize] |= 1 << (position % width);
            }
            position += 1;
            bit += 1;
        }
    }
    limbs
}

/// `number` * 2^`count` modulo `modulus`. For constants.
pub(crate) const fn shifted<const N: usize>(
    mut number: Limbs<N>,
    modulus: &Limbs<N>,
    width: u32,
    mut count: u32,
) -> Limbs<N> {
    while count > 0 {
        let (mut index, mut carry, mut borrow) = (0, 0, 0);
        let mut reduced = [0; N];
        while index < N {
            let doubled = 2 * number[index] + carry;
            // The highest limb may have a bit more: the modulus has fewer bits than there are in all.
            number[index] = if index + 1 < N { doubled & mask(width) } else { doubled };
            carry = doubled >> width;
            let difference = number[index] - modulus[index] + borrow;
            reduced[index] = if index + 1 < N { difference & mask(width) } else { difference };
            borrow = difference >> width;
            index += 1;
        }
        if reduced[N - 1] >= 0 {
            number = reduced;
        }
        count -= 1;
    }
    number
}

/// The inverse of an odd number modulo 2^`width`. For constants.
pub(crate) const fn inverse_of_limb(number: i64, width: u32) -> i64 {
    // Each of Newton's steps doubles the bits that are right, of which there are three at first.
    let (mut inverse, mut step) = (number, 0);
    while step < 4 {
        inverse = inverse.wrapping_mul(2i64.wrapping_sub(number.wrapping_mul(inverse)));
        step += 1;
    }
    inverse & mask(width)
}

/// Read octets, the highest first. The highest limb takes what is too much for it.
#[inline(never)]
pub(crate) fn from_bytes<const N: usize>(bytes: &[u8], width: u32) -> Limbs<N> {
    let mut limbs = [0; N];
    for (byte, position) in bytes.iter().rev().zip((0..).step_by(8)) {
        let (index, shift) = ((position / width) as usize, position % width);
        let shifted = i64::from(*byte) << shift;
        if index + 1 < N {
            limbs[index] |= shifted & mask(width);
            limbs[index + 1] |= shifted >> width;
        } else {
            limbs[index] |= shifted;
        }
    }
    limbs
}

/// Write octets, the highest first.
#[inline(never)]
pub(crate) fn to_bytes<const N: usize>(limbs: &Limbs<N>, width: u32, bytes: &mut [u8]) {
    for (byte, position) in bytes.iter_mut().rev().zip((0..).step_by(8)) {
        *byte = window(limbs, width, position, 8) as u8;
    }
}

/// At most `width` bits from a position on, which is no secret.
pub(crate) fn window<const N: usize>(limbs: &Limbs<N>, width: u32, position: u32, bits: u32) -> i64 {
    let (index, shift) = ((position / width) as usize, position % width);
    let Some(low) = limbs.get(index) else {
        return 0;
    };
    let high = limbs.get(index + 1).copied().unwrap_or_default();
    ((low >> shift) | (high << (width - shift))) & mask(bits)
}

/// Carry what limbs have too much, or too little, into the highest.
pub(crate) fn carried<const N: usize>(mut limbs: Limbs<N>, width: u32) -> Limbs<N> {
    for index in 1..N {
        limbs[index] += limbs[index - 1] >> width;
        limbs[index - 1] &= mask(width);
    }
    limbs
}

/// All ones if a number whose limbs have been carried is below zero, else 0.
pub(crate) fn is_negative<const N: usize>(limbs: &Limbs<N>) -> i64 {
    limbs[N - 1] >> 63
}

/// All ones if a number without a sign is 0, else 0.
pub(crate) fn is_zero<const N: usize>(limbs: &Limbs<N>) -> i64 {
    let any = limbs.iter().fold(0, |any, limb| any | limb);
    !((any | any.wrapping_neg()) >> 63)
}

/// One number where the mask is all ones, the other where it is 0.
pub(crate) fn select<const N: usize>(mask: i64, one: &Limbs<N>, other: &Limbs<N>) -> Limbs<N> {
    let mask = core::hint::black_box(mask);
    core::array::from_fn(|index| (one[index] & mask) | (other[index] & !mask))
}

/// A sum, not carried.
pub(crate) fn plus<const N: usize>(one: &Limbs<N>, other: &Limbs<N>) -> Limbs<N> {
    core::array::from_fn(|index| one[index] + other[index])
}

/// A difference, not carried.
pub(crate) fn minus<const N: usize>(one: &Limbs<N>, other: &Limbs<N>) -> Limbs<N> {
    core::array::from_fn(|index| one[index] - other[index])
}

/// A number below twice the modulus, whose limbs may need carrying, made one below the modulus; with whether it has been already.
pub(crate) fn reduced_once<const N: usize>(number: &Limbs<N>, modulus: &Limbs<N>, width: u32) -> (Limbs<N>, i64) {
    let number = carried(*number, width);
    let less = carried(minus(&number, modulus), width);
    let was_less = is_negative(&less);
    (select(was_less, &number, &less), was_less)
}
