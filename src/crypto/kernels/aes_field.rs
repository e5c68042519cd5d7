//! AES's S-box (FIPS 197, 5.1.1) as sums of small tables, made by the compiler.
//!
//! GF(2^8) is taken as pairs over GF(2^4): `i z + j z'` with `z + z' = 1` and `z z' = NORM`. An inverse needs then only tables of
//! sixteen entries, which a swizzle reads whatever is asked of them: no address depends on a secret. The way is Mike Hamburg's
//! ("Accelerating AES with Vector Permute Instructions", CHES 2009): with `k = i + j`,
//!
//! ```text
//! io = 1 / (1/i + 1/(NORM k)) + j        jo = 1 / (1/j + 1/(NORM k)) + i
//! ```
//!
//! and the inverse is a linear function of `1/io` and `1/jo`, so that any linear function of the inverse is the sum of a table by
//! `io` and a table by `jo`. `INFINITY` stands for 1/0, and for anything added to it: a swizzle gives zero for it.
//!
//! A pair is kept in a byte as `i` above `k`.

/// 1/0.
const INFINITY: u8 = 0x80;

/// A map of nibbles.
pub(crate) type Nibbles = [u8; 16];

/// A linear map of a byte: the maps of its upper and its lower nibble, whose sum it is.
pub(crate) struct Halves {
    pub(crate) high: Nibbles,
    pub(crate) low: Nibbles,
}

/// A linear map of an inverse: the maps of `io` and `jo`, whose sum it is.
pub(crate) struct OfInverse {
    pub(crate) io: Nibbles,
    pub(crate) jo: Nibbles,
}

/// `1/n`
pub(crate) const INVERSE: Nibbles = {
    let mut map = [INFINITY; 16];
    let mut nibble = 1;
    while nibble < 16 {
        map[nibble] = inverse(nibble as u8);
        nibble += 1;
    }
    map
};

/// `1/(NORM n)`
pub(crate) const INVERSE_BY_NORM: Nibbles = {
    let mut map = [INFINITY; 16];
    let mut nibble = 1;
    while nibble < 16 {
        map[nibble] = product(inverse(NORM), inverse(nibble as u8));
        nibble += 1;
    }
    map
};

/// From AES's bytes to pairs.
pub(crate) const TO_PAIRS: Halves = {
    let mut halves = Halves { high: [0; 16], low: [0; 16] };
    let mut nibble = 0;
    while nibble < 16 {
        halves.high[nibble] = PAIRS[nibble << 4].kept();
        halves.low[nibble] = PAIRS[nibble].kept();
        nibble += 1;
    }
    halves
};

/// The S-box without its constant, as a pair.
pub(crate) const SUBSTITUTED: OfInverse = of_inverse(1, true);

/// Twice that.
pub(crate) const SUBSTITUTED_TWICE: OfInverse = of_inverse(2, true);

/// The S-box without its constant, as AES's byte.
pub(crate) const SUBSTITUTED_BYTE: OfInverse = of_inverse(1, false);

/// The constant of the S-box: MixColumns does not change a column of it, so that it can be added with the round keys.
pub(crate) const CONSTANT: u8 = 0x63;

/// `z z'`: one for which `z` is not in GF(2^4).
const NORM: u8 = {
    let mut norm = 1;
    // Its trace is one: x^2 + x + NORM has no root.
    while trace(norm) != 1 {
        norm += 1;
    }
    norm
};

/// In GF(2^4), modulo x^4 + x + 1.
const fn product(one: u8, other: u8) -> u8 {
    let mut sum = 0;
    let mut bit = 4;
    while bit > 0 {
        bit -= 1;
        sum <<= 1;
        sum ^= (sum >> 4) * 0b1_0011;
        sum ^= one * (other >> bit & 1);
    }
    sum
}

const fn trace(nibble: u8) -> u8 {
    let second = product(nibble, nibble);
    let fourth = product(second, second);
    nibble ^ second ^ fourth ^ product(fourth, fourth)
}

/// n^14, as n^15 = 1.
const fn inverse(nibble: u8) -> u8 {
    let second = product(nibble, nibble);
    let fourth = product(second, second);
    product(product(fourth, fourth), product(fourth, second))
}

/// `i z + j z'`
#[derive(Clone, Copy)]
struct Pair {
    i: u8,
    j: u8,
}

impl Pair {
    const ONE: Self = Self { i: 1, j: 1 };

    const fn sum(self, other: Self) -> Self {
        Self { i: self.i ^ other.i, j: self.j ^ other.j }
    }

    /// With z^2 = z + NORM, z'^2 = z' + NORM, z z' = NORM; and NORM = NORM z + NORM z'.
    const fn product(self, other: Self) -> Self {
        let (i, j) = (product(self.i, other.i), product(self.j, other.j));
        let crossed = product(self.i, other.j) ^ product(self.j, other.i);
        let share = product(NORM, i ^ j ^ crossed);
        Self { i: i ^ share, j: j ^ share }
    }

    const fn kept(self) -> u8 {
        self.i << 4 | (self.i ^ self.j)
    }

    /// Whether it is a root of AES's x^8 + x^4 + x^3 + x + 1.
    const fn is_root(self) -> bool {
        let second = self.product(self);
        let third = second.product(self);
        let fourth = second.product(second);
        let sum = fourth.product(fourth).sum(fourth).sum(third).sum(self).sum(Self::ONE);
        sum.i == 0 && sum.j == 0
    }
}

/// What AES calls x.
const ROOT: Pair = {
    let mut byte = 0;
    while !(Pair { i: byte >> 4, j: byte & 15 }).is_root() {
        byte += 1;
    }
    Pair { i: byte >> 4, j: byte & 15 }
};

/// The pairs of AES's bytes.
const PAIRS: [Pair; 256] = {
    let mut pairs = [Pair { i: 0, j: 0 }; 256];
    let mut power = Pair::ONE;
    let mut bit = 0;
    while bit < 8 {
        let mut below = 0;
        while below < 1 << bit {
            pairs[1 << bit | below] = pairs[below].sum(power);
            below += 1;
        }
        power = power.product(ROOT);
        bit += 1;
    }
    pairs
};

/// AES's bytes of pairs, by `i` above `j`.
const BYTES: [u8; 256] = {
    let mut bytes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        bytes[(PAIRS[byte].i << 4 | PAIRS[byte].j) as usize] = byte as u8;
        byte += 1;
    }
    bytes
};

/// The S-box's linear part, times a factor of 1 or 2, of the inverse; as a pair or as AES's byte.
const fn of_inverse(factor: u8, pair: bool) -> OfInverse {
    let mut maps = OfInverse { io: [0; 16], jo: [0; 16] };
    let mut nibble = 1;
    while nibble < 16 {
        // The inverse is (1/io) (NORM z + (1 + NORM) z') + (1/jo) ((1 + NORM) z + NORM z').
        let share = inverse(nibble);
        let by_norm = product(NORM, share);
        maps.io[nibble as usize] = mapped(Pair { i: by_norm, j: share ^ by_norm }, factor, pair);
        maps.jo[nibble as usize] = mapped(Pair { i: share ^ by_norm, j: by_norm }, factor, pair);
        nibble += 1;
    }
    maps
}

const fn mapped(inverse: Pair, factor: u8, pair: bool) -> u8 {
    let byte = BYTES[(inverse.i << 4 | inverse.j) as usize];
    let byte = byte ^ byte.rotate_left(1) ^ byte.rotate_left(2) ^ byte.rotate_left(3) ^ byte.rotate_left(4);
    let byte = if factor == 2 { (byte << 1) ^ ((byte >> 7) * 0x1b) } else { byte };
    if pair { PAIRS[byte as usize].kept() } else { byte }
}
